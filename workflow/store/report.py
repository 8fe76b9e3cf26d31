"""Questions to the store around a year: its register, its report, and what the report tells of cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from workflow.store.dialect import among
from workflow.store.due_change_models import DueChangeRow
from workflow.store.models import CaseRow, EventRow
from workflow.store.report_models import ReportVersionRow, YearEntryRow
from workflow.store.restored import Entry, entries_that_hold
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


def unpublished_documents(unit: Unit) -> dict[int, list[tuple[int, date]]]:
    """Single documents that stand in a register and are not published: id of the body →
    (id of the entry, day)."""
    later = aliased(YearEntryRow)
    gone = exists().where(later.replaces == YearEntryRow.id)
    query = (
        select(YearEntryRow.agency_id, YearEntryRow.id, YearEntryRow.on)
        .where(
            YearEntryRow.kind == "made",
            YearEntryRow.number == 1,
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
        among(ReportVersionRow.agency_id, agency_ids), ReportVersionRow.year == year
    )
    return list(unit.session.scalars(query.order_by(ReportVersionRow.version)))


def report_states_of(unit: Unit, agency_ids: list[int], year: int) -> list[tuple[int, str]]:
    """Id of the body and state of each version of the reports of many bodies, for each the first one first."""
    query = (
        select(ReportVersionRow.agency_id, ReportVersionRow.state)
        .where(among(ReportVersionRow.agency_id, agency_ids), ReportVersionRow.year == year)
        .order_by(ReportVersionRow.version)
    )
    return [(agency, state) for agency, state in unit.session.execute(query)]


def published_report(unit: Unit, agency_id: int, year: int) -> ReportVersionRow | None:
    """The version that is published: the latest of them."""
    found = [row for row in report_versions(unit, agency_id, year) if row.state == "published"]
    return found[-1] if found else None


def behind_cell(
    unit: Unit, version: ReportVersionRow, fmt: str, table: str, place: str
) -> list[Any] | None:
    """What stood behind a cell when the version was signed; None where nothing was kept of it."""
    found: list[Any] | None = unit.session.scalar(
        select(ReportVersionRow.behind[(fmt, table, place)]).where(
            ReportVersionRow.id == version.id
        )
    )
    return found


@dataclass(frozen=True, slots=True)
class Recorded:
    """A case that was closed in a year, and lines of its log: (event, fields), in their order."""

    number: str
    row: str
    outcome: str | None
    closed_on: date
    lines: list[tuple[str, dict[str, Any]]]


def recorded_of(
    unit: Unit, cases: Iterable[ColumnElement[bool]], events: Iterable[str]
) -> list[Recorded]:
    """Applications that were closed in a row of table 三, with some lines of their logs: one query, no case
    is folded."""
    query = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.result_row,
            CaseRow.outcome,
            CaseRow.closed_on,
            EventRow.seq,
            EventRow.event,
            EventRow.on,
            EventRow.fields,
        )
        .join(
            EventRow,
            and_(EventRow.case_id == CaseRow.id, EventRow.event.in_([*events, "correct_entry"])),
        )
        .where(*cases)
        .order_by(CaseRow.number, EventRow.seq)
    )
    found: dict[int, Recorded] = {}
    logs: dict[int, list[Entry]] = {}
    for key, number, row, outcome, closed_on, *line in unit.session.execute(query):
        if key not in found:
            found[key] = Recorded(number, row, outcome, closed_on, [])
        logs.setdefault(key, []).append(Entry(*line))
    for key, log in logs.items():
        found[key].lines.extend((one.event, one.fields) for one in entries_that_hold(log))
    return [one for one in found.values() if one.lines]


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
