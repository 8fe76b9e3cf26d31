"""Questions to the store, named after what is asked."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from workflow.report.tally import CountedCase
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.unit import Unit, counted_row

PAGE = 50


def cases_by_urgency(
    unit: Unit,
    agency_ids: list[int],
    *,
    states: tuple[str, ...] = (),
    due_before: date | None = None,
    text: str | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> list[CaseRow]:
    """The worklist: what is due first comes first, what waits for somebody else without a date last."""
    query = select(CaseRow).where(CaseRow.agency_id.in_(agency_ids), *_wanted(states, due_before, text))
    query = query.options(selectinload(CaseRow.applicants))
    query = query.order_by(CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number)
    return list(unit.session.scalars(query.offset(after).limit(limit)))


def count_cases(
    unit: Unit,
    agency_ids: list[int],
    *,
    states: tuple[str, ...] = (),
    due_before: date | None = None,
    text: str | None = None,
) -> int:
    query = select(func.count(CaseRow.id)).where(
        CaseRow.agency_id.in_(agency_ids), *_wanted(states, due_before, text)
    )
    return unit.session.scalar(query) or 0


def _wanted(
    states: tuple[str, ...], due_before: date | None, text: str | None
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if states:
        wanted.append(CaseRow.state.in_(states))
    if due_before:
        wanted.append(CaseRow.next_due < due_before)
    if text:
        named = select(ApplicantRow.case_id).where(ApplicantRow.name.contains(text, autoescape=True))
        wanted.append(
            or_(
                CaseRow.number.contains(text, autoescape=True),
                CaseRow.request.contains(text, autoescape=True),
                CaseRow.id.in_(named),
            )
        )
    return wanted


def cases_for_tables(unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]) -> list[CountedCase]:
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
            func.min(CaseRow.received_on), func.max(CaseRow.received_on), func.max(CaseRow.closed_on)
        ).where(CaseRow.agency_id == agency_id)
    ).one()
    if first is None:
        return []
    return list(range(first.year, max(d.year for d in (last_received, last_closed) if d) + 1))
