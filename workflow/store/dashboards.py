"""What a body asks of its own cases to look them over: a few queries, whatever the number of its people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.store.kept import in_words
from workflow.store.models import CaseRow
from workflow.store.report import Recorded, recorded_of
from workflow.store.unit import Unit


def open_lines(
    unit: Unit, agency_ids: Collection[int], states: Collection[str], events: Collection[str]
) -> list[Recorded]:
    """The open applications of the bodies with these lines of their logs; those that have none are left out."""
    cases = (
        CaseRow.agency_id.in_(list(agency_ids)),
        CaseRow.state.in_(list(states)),
        CaseRow.kind == "application",
    )
    return recorded_of(unit, cases, events)


def lines_in_words(
    unit: Unit, agency_id: int, words: Collection[str], events: Collection[str]
) -> list[Recorded]:
    """The cases of a body that are counted under these words, with these lines of their logs; those that have
    none are left out."""
    return recorded_of(unit, in_words(agency_id, words), events) if words else []


@dataclass(frozen=True, slots=True)
class Took:
    """A closed application with its days."""

    number: str
    request: str
    outcome: str | None
    received_on: date
    closed_on: date
    reply_due: date | None
    opened_on: date


def took(
    unit: Unit, agency_id: int, words: Collection[str], days: Iterable[tuple[date, date]]
) -> list[Took]:
    """The applications of a body, counted under these words, that were received and closed on these days."""
    wanted = set(days)
    if not wanted or not words:
        return []
    query = select(
        CaseRow.number, CaseRow.request, CaseRow.outcome, CaseRow.received_on, CaseRow.closed_on,
        CaseRow.reply_due, CaseRow.opened_on,
    ).where(
        *in_words(agency_id, words),
        CaseRow.received_on.in_({came for came, _ in wanted}),
        CaseRow.closed_on.in_({ended for _, ended in wanted}),
    )  # fmt: skip
    return [
        Took(number, request, outcome, came, ended, due, opened)
        for number, request, outcome, came, ended, due, opened in unit.session.execute(query)
        if came is not None and ended is not None and (came, ended) in wanted
    ]
