"""Answers to requests that are alike."""

from collections.abc import Collection, Iterable
from datetime import date
from math import log
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, or_, select

from workflow import events as ev
from workflow.case.terms import terms
from workflow.store.dialect_index import from_index_each
from workflow.store.indexed import KIND_AT, OPENING, Place, texts_of_body
from workflow.store.models import Base
from workflow.store.restored import Entry, entries_that_hold
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

_tables = Base.metadata.tables
_case, _event = _tables["case"].c, _tables["event"].c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
TERMS_COMPARED, LATEST = 60, 300
"""So many terms of a request are compared; one that stands in so many of the latest ones tells nothing."""


def alike(
    unit: Unit, keys: Secrets, agency_id: int, case_id: int, texts: Iterable[str]
) -> dict[int, float]:
    """Other cases of the body whose requests have terms of these texts, by id, the most alike first, of these the latest; each
    with the share of what the terms tell that it has: what is rare tells more."""
    telling = (term for term in terms(*texts) if len(term) > 1 and not term.isdigit())
    wanted = list(dict.fromkeys(telling))[:TERMS_COMPARED]
    each: list[set[int]] = [set() for _ in wanted]
    for ways in (wanted, *([key.term(one) for one in wanted] for key in keys.each())):
        some = from_index_each(
            unit.connection, ways, *texts_of_body(agency_id), (KIND_AT, OPENING), LATEST
        )
        for there, here in zip(each, some, strict=True):
            there.update(here)
    found: dict[int, float] = {}
    whole = 0.0
    for of_term in each:
        others = {Place.of(text).case_id for text in of_term} - {case_id}
        if len(of_term) >= LATEST:
            continue
        weight = log((LATEST + 1) / (len(others) + 1))
        whole += weight
        for case in others:
            found[case] = found.get(case, 0.0) + weight
    shares = {case: round(told / whole, 2) for case, told in found.items()}
    return dict(sorted(shares.items(), key=lambda one: (-one[1], -one[0])))


class Answered(NamedTuple):
    """An answered case: how, when, and what became of it. proposal: the fields of the last proposal; redone_by: the
    number of the case that answers it anew."""

    proposal: dict[str, Any]
    redone_by: str | None
    id: int
    number: str
    request: str
    items: list[str]
    outcome: str | None
    closed_on: date
    proceedings: list[dict[str, Any]]


_ANSWERED = select(
    _case.id, _case.number, _case.request, _case["items"], _case.outcome, _case.closed_on, _case.proceedings,
).where(_case.id.in_(_IDS), _case.closed_on.is_not(None), _case.kind == "application")  # fmt: skip
_REDOING = select(_case.redo_of, _case.number).where(
    _case.agency_id == bindparam("agency"),
    _case.redo_of.in_(bindparam("numbers", expanding=True)),
    or_(_case.redo_mode.is_(None), _case.redo_mode == "replace"),
)
_PROPOSED = (
    select(_event.case_id, _event.seq, _event.event, _event.on, _event.fields)
    .where(
        _event.case_id.in_(_IDS),
        _event.event.in_((ev.ProposeOutcome.name, ev.CorrectEntry.name)),
    )
    .order_by(_event.case_id, _event.seq)
)


def answered(unit: Unit, agency_id: int, ids: Collection[int]) -> dict[int, Answered]:
    """Those of these cases of the body that have an answer, by id."""
    rows = unit.ask(_ANSWERED, ids=list(ids)).all() if ids else []
    if not rows:
        return {}
    logs: dict[int, list[Entry]] = {}
    for case, *line in unit.ask(_PROPOSED, ids=[row.id for row in rows]):
        logs.setdefault(case, []).append(Entry(*line))
    proposals = {case: entries_that_hold(log) for case, log in logs.items()}
    asked = unit.ask(_REDOING, agency=agency_id, numbers=[row.number for row in rows])
    redone: dict[str, str] = {first: number for first, number in asked}
    return {
        row.id: Answered(
            proposals[row.id][-1].fields if proposals.get(row.id) else {},
            redone.get(row.number),
            *row,
        )
        for row in rows
    }
