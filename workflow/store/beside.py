"""The cases beside a case, in the same body: of the same applicant, and those that redo it or were merged
into it. Each is found by an index; of the former, which may be thousands, only the latest are read."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from workflow.case.others import FirstNamed, OtherRequest
from workflow.store.dialect_read import LengthOfList
from workflow.store.models import ApplicantRow, CaseRow, EventRow
from workflow.store.persons import one_person, with_successors
from workflow.store.restored import Entry, entries_that_hold
from workflow.store.sealed import Secrets
from workflow.store.sight import ALL, Sight, seen
from workflow.store.unit import Unit

LATEST = 50
"""So many other cases of an applicant are read; all of them are counted."""


@dataclass(frozen=True, slots=True)
class Around:
    """Another case of the same first applicant. items: how many are named one by one."""

    number: str
    request: str
    opened_on: date
    state: str
    outcome: str | None
    items: int


@dataclass(frozen=True, slots=True)
class OfApplicant:
    """The other cases of a case's first applicant. latest: at most LATEST, the latest first; number: how
    many in all; items: how many items they ask for together; first: the day on which the first was opened."""

    latest: list[Around]
    number: int = 0
    items: int = 0
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that redoes another one (redoes) or was merged into it."""

    number: str
    state: str
    redoes: bool


_case, _applicant = CaseRow.__table__.c, ApplicantRow.__table__.c


def _others(cases: Select[int], sight: Sight) -> Select[*tuple[Any, ...]]:
    """The latest of these cases in the body, without the case itself, beside what all have together."""
    asked = LengthOfList(_case["items"])
    return (
        select(
            _case.number, _case.request, _case.opened_on, _case.state, _case.outcome, asked,
            func.count().over(), func.sum(asked).over(), func.min(_case.opened_on).over(),
        )
        .where(
            # Led by the applicant: the sum keeps the index of the body out of it.
            _case.agency_id + 0 == bindparam("agency"),
            _case.id != bindparam("case"),
            _case.id.in_(cases),
            *sight.clauses(),
        )
        .order_by(_case.opened_on.desc(), _case.id.desc())
        .limit(LATEST)
    )  # fmt: skip


@lru_cache(maxsize=100)
def _of_one(proved: bool, sight: Sight) -> Select[*tuple[Any, ...]]:
    """For one person, with or without a proof of identity (workflow/store/persons.py)."""
    named = _applicant.name_hash.in_(bindparam("names", expanding=True))
    by_name = and_(named, _applicant.citizen == bindparam("citizen"))
    same = by_name
    if proved:
        unknown = and_(by_name, _applicant.identity.is_(None))
        same = or_(_applicant.identity == bindparam("identity"), unknown)
    return _others(select(_applicant.case_id).where(_applicant.position == 0, same), sight)


def _linked() -> CompoundSelect[*tuple[Any, ...]]:
    columns = _case.id, _case.number, _case.state
    here = _case.agency_id == bindparam("agency"), _case.id != bindparam("case")
    number: BindParameter[str] = bindparam("number")
    redoing = select(*columns, true().label("redoes")).where(*here, _case.redo_of == number)
    return union_all(redoing, select(*columns, false()).where(*here, _case.merged_into == number))


_LINKED = _linked()


def of_applicant(unit: Unit, keys: Secrets, row: CaseRow, sight: Sight = ALL) -> OfApplicant:
    """The other cases of the case's first applicant in its body, as far as they are seen."""
    first = with_successors(unit, row)
    proved = bool(first.identity)
    query = _others(cases_of(unit, keys, row), sight) if first.also else _of_one(proved, sight)
    who = {"names": keys.name_hashes(first.name), "citizen": first.citizen}
    found = unit.ask(
        query, agency=row.agency_id, case=row.id, **({} if first.also else who),
        **({"identity": first.identity} if first.identity and not first.also else {}),
    ).all()  # fmt: skip
    if not found:
        return OfApplicant([])
    *_, number, items, opened = found[0]
    return OfApplicant([Around(*one[:6]) for one in found], number, items or 0, opened)


def cases_of(unit: Unit, keys: Secrets, row: CaseRow) -> Select[int]:
    """The ids of the cases, in whatever body, whose first applicant is that of a case or one with them."""
    same = one_person(unit, keys, row)
    return select(ApplicantRow.case_id).where(ApplicantRow.position == 0, same)


def linked_to(unit: Unit, row: CaseRow, sight: Sight = ALL) -> list[Linked]:
    """The cases of the body that redo a case or were merged into it, as far as they are seen, the first one first."""
    found: dict[int, Linked] = {}
    asked = unit.ask(_LINKED, agency=row.agency_id, case=row.id, number=row.number)
    for id_, number, state, redoes in asked:
        found.setdefault(id_, Linked(number, state, bool(redoes)))
    return [found[id_] for id_ in sorted(seen(unit, sight, found))]


def requests_of_month(unit: Unit, keys: Secrets, row: CaseRow, until: date) -> list[OtherRequest]:
    """The other cases of a case's first applicant that the same body received in the month of the day
    until it, the latest first, with the units that their fee notices split them into."""
    rows = unit.session.execute(
        select(
            CaseRow.id, ApplicantRow.name, ApplicantRow.citizen, ApplicantRow.identity,
            CaseRow.kind, CaseRow.state, CaseRow.received_on, CaseRow.outcome, CaseRow.redo_of,
        )
        .join(ApplicantRow)
        .where(
            CaseRow.agency_id == row.agency_id,
            CaseRow.id != row.id,
            CaseRow.received_on.between(until.replace(day=1), until),
            ApplicantRow.position == 0,
            one_person(unit, keys, row),
        )
        .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
    ).all()  # fmt: skip
    logs: dict[int, list[Entry]] = {}
    for case, *line in unit.session.execute(
        select(EventRow.case_id, EventRow.seq, EventRow.event, EventRow.on, EventRow.fields)
        .where(
            EventRow.case_id.in_([id_ for id_, *_ in rows]),
            EventRow.event.in_(("charge_fee", "correct_entry")),
        )
        .order_by(EventRow.seq)
    ):
        logs.setdefault(case, []).append(Entry(*line))
    notices = [(case, one.fields) for case, log in logs.items() for one in entries_that_hold(log)]
    units = {case: fields["units"] for case, fields in reversed(notices) if fields.get("units")}
    return [
        OtherRequest(
            id_, FirstNamed(name, citizen, identity), kind, state, received, outcome, redo_of,
            units.get(id_),
        )
        for id_, name, citizen, identity, kind, state, received, outcome, redo_of in rows
    ]  # fmt: skip


def redone(unit: Unit, row: CaseRow) -> bool:
    """True if another case of the body answers this one anew; a supplement or a slip put right leaves the
    first answer standing."""
    query = select(CaseRow.id).where(
        CaseRow.agency_id == row.agency_id,
        CaseRow.redo_of == row.number,
        or_(CaseRow.redo_mode.is_(None), CaseRow.redo_mode == "replace"),
    )
    return unit.session.scalar(query.limit(1)) is not None


def redoes_of(unit: Unit, row: CaseRow) -> list[CaseRow]:
    """The cases that answer a case anew, the first one first."""
    query = select(CaseRow).where(CaseRow.agency_id == row.agency_id, CaseRow.redo_of == row.number)
    return list(unit.session.scalars(query.order_by(CaseRow.id)))
