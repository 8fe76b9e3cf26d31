"""What a body asks of its own cases to look them over: a few queries, whatever the number of its people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from workflow.events import Assign
from workflow.store.kept import in_words
from workflow.store.models import CaseRow, EventRow
from workflow.store.report import Recorded, recorded_of
from workflow.store.unit import Unit


def open_assigned(
    unit: Unit, agency_id: int, states: Collection[str]
) -> list[tuple[str, str | None]]:
    """Number of each open application of the body, and to whom it was assigned last."""
    query = select(CaseRow.number, CaseRow.assigned_to).where(
        CaseRow.agency_id == agency_id,
        CaseRow.state.in_(list(states)),
        CaseRow.kind == "application",
    )
    return [(number, to) for number, to in unit.session.execute(query)]


def lines_in_words(
    unit: Unit, agency_id: int, words: Collection[str], events: Collection[str]
) -> list[Recorded]:
    """The cases of a body that are counted under these words, with these lines of their logs; those that have
    none are left out."""
    return recorded_of(unit, in_words(agency_id, words), events) if words else []


def closed_by_whom(
    unit: Unit, agency_id: int, words: Collection[str]
) -> list[tuple[date, date, str]]:
    """Days of receipt and closing of the cases of a body that are counted under these words, and to whom each was
    assigned last; those that were never assigned to anybody are left out."""
    query = (
        select(CaseRow.id, CaseRow.received_on, CaseRow.closed_on, EventRow.fields)
        .join(EventRow, EventRow.case_id == CaseRow.id)
        .where(*in_words(agency_id, words), EventRow.event == Assign.name)
        .order_by(CaseRow.id, EventRow.seq)
    )
    last: dict[int, tuple[date, date, str]] = {}
    for case_id, came, ended, fields in unit.session.execute(query) if words else ():
        if came is not None and ended is not None and fields.get("to"):
            last[case_id] = came, ended, str(fields["to"])
    return list(last.values())


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
