"""Questions to the store, named after what is asked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from workflow.report.tally import CountedCase
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.unit import Unit, counted_row

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these states, due before a day, with a text in number, request or name."""

    states: tuple[str, ...] = ()
    due_before: date | None = None
    text: str | None = None

    def clauses(self, agency_ids: list[int]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [CaseRow.agency_id.in_(agency_ids)]
        if self.states:
            found.append(CaseRow.state.in_(self.states))
        if self.due_before:
            found.append(CaseRow.next_due < self.due_before)
        if self.text:
            named = select(ApplicantRow.case_id).where(
                ApplicantRow.name.contains(self.text, autoescape=True)
            )
            found.append(
                or_(
                    CaseRow.number.contains(self.text, autoescape=True),
                    CaseRow.request.contains(self.text, autoescape=True),
                    CaseRow.id.in_(named),
                )
            )
        return found


def cases_by_urgency(
    unit: Unit,
    agency_ids: list[int],
    wanted: Wanted,
    *,
    after: int = 0,
    limit: int = PAGE,
    beyond: tuple[date | None, str, int] | None = None,
) -> list[CaseRow]:
    """The worklist: what is due first comes first, what waits without a date last.

    beyond: only what comes after this due day, number and id of the body.
    """
    query = select(CaseRow).where(*wanted.clauses(agency_ids))
    if beyond is not None:
        query = query.where(_comes_after(*beyond))
    query = query.options(selectinload(CaseRow.applicants))
    query = query.order_by(
        CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number, CaseRow.agency_id
    )
    return list(unit.session.scalars(query.offset(after).limit(limit)))


def _comes_after(due: date | None, number: str, agency_id: int) -> ColumnElement[bool]:
    later = or_(
        CaseRow.number > number, and_(CaseRow.number == number, CaseRow.agency_id > agency_id)
    )
    if due is None:
        return and_(CaseRow.next_due.is_(None), later)
    return or_(
        CaseRow.next_due.is_(None),
        CaseRow.next_due > due,
        and_(CaseRow.next_due == due, later),
    )


def count_cases(unit: Unit, agency_ids: list[int], wanted: Wanted) -> int:
    query = select(func.count(CaseRow.id)).where(*wanted.clauses(agency_ids))
    return unit.session.scalar(query) or 0


def cases_for_tables(
    unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]
) -> list[CountedCase]:
    """Every case that can stand in a table of the year, and redone cases whose redo can."""
    in_table3 = and_(
        CaseRow.received_on <= date(year, 12, 31),
        or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
    )
    query = (
        select(CaseRow)
        .where(CaseRow.agency_id == agency_id, or_(in_table3, CaseRow.has_proceedings))
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [counted_row(row, row.state in void_states) for row in unit.session.scalars(query)]


def years_with_cases(unit: Unit, agency_id: int) -> list[int]:
    """The years from the first receipt to the last receipt or closing."""
    first, last_received, last_closed = unit.session.execute(
        select(
            func.min(CaseRow.received_on),
            func.max(CaseRow.received_on),
            func.max(CaseRow.closed_on),
        ).where(CaseRow.agency_id == agency_id)
    ).one()
    if first is None:
        return []
    return list(range(first.year, max(d.year for d in (last_received, last_closed) if d) + 1))
