"""Questions to the store around a year: its register, its report, and what the report tells of cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from workflow.store.models import (
    CaseRow,
    DueChangeRow,
    EventRow,
    ReportVersionRow,
    YearEntryRow,
)
from workflow.store.unit import Unit


def entries_of_year(unit: Unit, agency_id: int, year: int) -> list[YearEntryRow]:
    """All entries of a register, also those that later ones took the place of, oldest first."""
    query = select(YearEntryRow).where(
        YearEntryRow.agency_id == agency_id, YearEntryRow.year == year
    )
    return list(unit.session.scalars(query.order_by(YearEntryRow.id)))


def has_register_until(unit: Unit, agency_id: int, year: int) -> bool:
    """True when the body's register has an entry of the year or an earlier one."""
    query = select(YearEntryRow.id).where(
        YearEntryRow.agency_id == agency_id, YearEntryRow.year <= year
    )
    return unit.session.scalar(query.limit(1)) is not None


def unpublished_documents(unit: Unit, since: date) -> dict[int, list[tuple[int, date]]]:
    """Single documents made since a day that stand in a register and are not published: id of the body →
    (id of the entry, day)."""
    later = aliased(YearEntryRow)
    gone = exists().where(later.replaces == YearEntryRow.id)
    query = (
        select(YearEntryRow.agency_id, YearEntryRow.id, YearEntryRow.on)
        .where(
            YearEntryRow.kind == "made",
            YearEntryRow.number == 1,
            YearEntryRow.on >= since,
            YearEntryRow.published_on.is_(None),
            YearEntryRow.taken_back.is_(False),
            ~gone,
        )
        .order_by(YearEntryRow.id)
    )
    found: dict[int, list[tuple[int, date]]] = {}
    for agency, entry, on in unit.session.execute(query):
        found.setdefault(agency, []).append((entry, on))
    return found


def report_versions(unit: Unit, agency_id: int, year: int) -> list[ReportVersionRow]:
    """The versions of a report, the first one first."""
    query = select(ReportVersionRow).where(
        ReportVersionRow.agency_id == agency_id, ReportVersionRow.year == year
    )
    return list(unit.session.scalars(query.order_by(ReportVersionRow.version)))


def report_versions_of(unit: Unit, agency_ids: list[int], year: int) -> list[ReportVersionRow]:
    """The versions of the reports of many bodies, for each the first one first."""
    query = select(ReportVersionRow).where(
        ReportVersionRow.agency_id.in_(agency_ids), ReportVersionRow.year == year
    )
    return list(unit.session.scalars(query.order_by(ReportVersionRow.version)))


def published_report(unit: Unit, agency_id: int, year: int) -> ReportVersionRow | None:
    """The version that is published: the latest of them."""
    found = [row for row in report_versions(unit, agency_id, year) if row.state == "published"]
    return found[-1] if found else None


def channels_of_year(unit: Unit, agency_ids: list[int], year: int) -> dict[str, int]:
    """How many applications of the year came in to the bodies by each channel."""
    query = (
        select(CaseRow.channel, func.count(CaseRow.id))
        .where(
            CaseRow.agency_id.in_(agency_ids),
            CaseRow.kind == "application",
            CaseRow.redo_of.is_(None),
            CaseRow.state.not_in(("voided", "rerouted")),
            CaseRow.received_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(CaseRow.channel)
    )
    return {channel: number for channel, number in unit.session.execute(query) if channel}


def overdue_of_year(unit: Unit, agency_ids: list[int], year: int, running: tuple[str, ...]) -> int:
    """Applications answered after their due day in the year, or past it and not closed at its end."""
    late = and_(
        CaseRow.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        CaseRow.closed_on > CaseRow.reply_due,
    )
    query = select(func.count(CaseRow.id)).where(
        CaseRow.agency_id.in_(agency_ids),
        *_can_be_late(),
        or_(late, _late_at_the_end(year, running)),
    )
    return unit.session.scalar(query) or 0


def overdue_at_the_end(
    unit: Unit, agency_id: int, year: int, running: tuple[str, ...]
) -> list[str]:
    """The numbers of applications that were past their due day on 31 December and not closed."""
    query = (
        select(CaseRow.number)
        .where(CaseRow.agency_id == agency_id, *_can_be_late(), _late_at_the_end(year, running))
        .order_by(CaseRow.reply_due, CaseRow.number)
    )
    return list(unit.session.scalars(query))


def _can_be_late() -> tuple[ColumnElement[bool], ...]:
    """An application that a reply is owed for; one that lapsed was waiting for the applicant."""
    answered = CaseRow.outcome.is_(None) | CaseRow.outcome.not_in(
        ("correction_lapsed", "fee_unpaid")
    )
    return CaseRow.kind == "application", answered


def _late_at_the_end(year: int, running: tuple[str, ...]) -> ColumnElement[bool]:
    """What was closed in the new year was late on 31 December too."""
    last = date(year, 12, 31)
    still = and_(CaseRow.closed_on.is_(None), CaseRow.state.in_(running))
    return and_(CaseRow.reply_due <= last, or_(CaseRow.closed_on > last, still))


@dataclass(frozen=True, slots=True)
class Recorded:
    """A case that was closed in a year, and lines of its log: (event, fields), in their order."""

    number: str
    row: str
    outcome: str | None
    closed_on: date
    sued_directly: bool
    lines: list[tuple[str, dict[str, Any]]]


def recorded_of_year(
    unit: Unit, agency_id: int, year: int, rows: Iterable[str], events: Iterable[str]
) -> list[Recorded]:
    """The applications closed in the year in some rows of table 三, with some lines of their logs: one
    query, no case is folded."""
    query = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.result_row,
            CaseRow.outcome,
            CaseRow.closed_on,
            CaseRow.proceedings,
            EventRow.event,
            EventRow.fields,
        )
        .join(EventRow, and_(EventRow.case_id == CaseRow.id, EventRow.event.in_(list(events))))
        .where(
            CaseRow.agency_id == agency_id,
            CaseRow.kind == "application",
            CaseRow.result_row.in_(list(rows)),
            CaseRow.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CaseRow.number, EventRow.seq)
    )
    found: dict[int, Recorded] = {}
    for key, number, row, outcome, closed_on, proceedings, event, fields in unit.session.execute(
        query
    ):
        if key not in found:
            direct = any(one.get("via") == "direct" for one in proceedings)
            found[key] = Recorded(number, row, outcome, closed_on, direct, [])
        found[key].lines.append((event, fields))
    return list(found.values())


def moved_by_calendar(unit: Unit, agency_id: int, year: int) -> int:
    """How many applications of the year had a due day that moved with the calendar."""
    query = (
        select(func.count(func.distinct(DueChangeRow.case_id)))
        .join(CaseRow, CaseRow.id == DueChangeRow.case_id)
        .where(
            CaseRow.agency_id == agency_id,
            DueChangeRow.cause == "calendar",
            CaseRow.received_on <= date(year, 12, 31),
            or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
        )
    )
    return unit.session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class FeeEvent:
    """A fee notice (charge_fee) or a payment (pay_fee) of a case; amount in yuan."""

    number: str
    event: str
    on: date
    amount: Decimal


def fee_events_of_year(unit: Unit, agency_ids: list[int], year: int) -> list[FeeEvent]:
    """Fee notices and payments of the year, in the order of days."""
    query = (
        select(CaseRow.number, EventRow.event, EventRow.on, EventRow.fields)
        .join(CaseRow, CaseRow.id == EventRow.case_id)
        .where(
            CaseRow.agency_id.in_(agency_ids),
            CaseRow.state != "voided",
            EventRow.event.in_(("charge_fee", "pay_fee")),
            EventRow.on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(EventRow.on, CaseRow.number, EventRow.seq)
    )
    return [
        FeeEvent(number, event, on, Decimal(str(fields.get("amount") or 0)))
        for number, event, on, fields in unit.session.execute(query)
    ]
