"""Questions to the store around a year: its register, its report, and what the report tells of cases."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
    union,
)
from sqlalchemy.orm import aliased

from workflow.case.counted import CountedCase
from workflow.report.tables.tally import alike
from workflow.store.models import TIED, CaseRow, DueChangeRow, EventRow
from workflow.store.report_models import ReportVersionRow, YearEntryRow
from workflow.store.restored import Entry, counted_row, entries_that_hold
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
            EventRow.seq,
            EventRow.event,
            EventRow.on,
            EventRow.fields,
        )
        .join(
            EventRow,
            and_(EventRow.case_id == CaseRow.id, EventRow.event.in_([*events, "correct_entry"])),
        )
        .where(
            CaseRow.agency_id == agency_id,
            CaseRow.kind == "application",
            CaseRow.result_row.in_(list(rows)),
            CaseRow.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
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


def disputed_in_year(unit: Unit, agency_id: int, year: int) -> list[CaseRow]:
    """The applications of a body over which a review or suit was filed, ran or ended in the year."""
    query = select(CaseRow).where(
        CaseRow.agency_id == agency_id,
        CaseRow.kind == "application",
        text(f"({TIED})"),
        CaseRow.has_proceedings,
    )
    first, last = f"{year}-01-01", f"{year}-12-31"
    return [
        row
        for row in unit.session.scalars(query.order_by(CaseRow.number))
        if any(
            one["filed_on"] <= last and (one["concluded_on"] or last) >= first
            for one in row.proceedings
        )
    ]


def served_in_year(unit: Unit, agency_id: int, year: int) -> list[tuple[str, str]]:
    """Number and way of service of each reply that was served in the year."""
    query = (
        select(CaseRow.number, EventRow.seq, EventRow.event, EventRow.on, EventRow.fields)
        .join(
            EventRow,
            and_(EventRow.case_id == CaseRow.id, EventRow.event.in_(("serve", "correct_entry"))),
        )
        .where(
            CaseRow.agency_id == agency_id,
            CaseRow.closed_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CaseRow.number, EventRow.seq)
    )
    logs: dict[str, list[Entry]] = {}
    for number, *line in unit.session.execute(query):
        logs.setdefault(number, []).append(Entry(*line))
    return [
        (number, str(serves[-1].fields["method"]))
        for number, log in logs.items()
        if (serves := entries_that_hold(log))
    ]


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


# -- the cases that stand in the tables of a year ----------------------------------------------------


_COUNTED = (
    CaseRow.agency_id, CaseRow.number, CaseRow.kind, CaseRow.columns, CaseRow.received_on,
    CaseRow.closed_on, CaseRow.result_row, CaseRow.state, CaseRow.item_rows, CaseRow.joint_letter,
    CaseRow.merged_into, CaseRow.withdrawn_unaccepted, CaseRow.redo_of, CaseRow.redo_mode,
    CaseRow.proceedings, CaseRow.moved_on,
)  # fmt: skip


def _in_table3(year: int) -> ColumnElement[bool]:
    return and_(
        CaseRow.received_on <= date(year, 12, 31),
        or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
    )


def _tied(agency_ids: list[int]) -> CompoundSelect[tuple[int]]:
    """The cases of any year that only count together with others (a redo, one letter for several) or
    stand in table 四, those that they name, and those that went to another body."""
    named = (CaseRow.redo_of, CaseRow.joint_letter, CaseRow.merged_into)
    naming = (
        select(CaseRow.id, CaseRow.agency_id, *named)
        .where(
            CaseRow.agency_id.in_(agency_ids),
            text(f"({TIED})"),
        )
        .cte("naming")
    )
    known = and_(
        naming.c.agency_id == CaseRow.agency_id,
        CaseRow.number.in_([naming.c[column.key] for column in named]),
    )
    moved = select(CaseRow.id).where(
        CaseRow.agency_id.in_(agency_ids), CaseRow.held_by.is_not(None)
    )
    return union(select(naming.c.id), select(CaseRow.id).join(naming, known), moved)


def cases_for_tables(
    unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]
) -> list[CountedCase]:
    """Every case that can stand in a table of the year or decides how another one counts, one by one."""
    query = (
        select(*_COUNTED)
        .where(
            CaseRow.agency_id == agency_id,
            or_(_in_table3(year), CaseRow.id.in_(_tied([agency_id]))),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [counted_row(row, row.state in void_states) for row in unit.session.execute(query)]


def groups_for_tables(
    unit: Unit, agency_ids: list[int], year: int, void_states: tuple[str, ...]
) -> dict[int, list[CountedCase]]:
    """The same for many bodies in two queries, by the id of the body: the cases that are tied to others
    one by one, all others in groups of alike ones."""
    found: dict[int, list[CountedCase]] = {}
    groups = _groups(unit, agency_ids, year, void_states)
    tied = (
        select(*_COUNTED)
        .where(CaseRow.id.in_(_tied(agency_ids)))
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    for row in unit.session.execute(tied):
        one = counted_row(row, row.state in void_states)
        found.setdefault(row.agency_id, []).append(one)
        if not one.void and _stands_in_table3(one, year):
            groups[row.agency_id][alike(one, year)] -= 1
    for body, counts in groups.items():
        found.setdefault(body, []).extend(
            replace(group, times=number) for group, number in counts.items() if number
        )
    return found


def _groups(
    unit: Unit, agency_ids: list[int], year: int, void_states: tuple[str, ...]
) -> dict[int, Counter[CountedCase]]:
    """How many cases of each body the tables of the year see alike, as `alike` says."""
    # Sorting is most of the work of grouping: few keys, short ones, and constants written out.
    last_year, this_year, later, unaccepted = (
        literal_column(str(2**bit), Integer) for bit in range(4)
    )
    nothing = literal_column("0", Integer)
    seen = (
        case((CaseRow.received_on < date(year, 1, 1), last_year), else_=nothing)
        + case(
            (CaseRow.closed_on.is_(None), nothing),
            (CaseRow.closed_on <= date(year, 12, 31), this_year),
            else_=later,
        )
        + case((CaseRow.withdrawn_unaccepted, unaccepted), else_=nothing)
    )
    keys: dict[str, ColumnElement[Any]] = {
        "seen": seen,
        "result": type_coerce(CaseRow.result_row, Text),
        "applicants": cast(CaseRow.columns, Text),
        "per_item": cast(CaseRow.item_rows, Text),
        "register": type_coerce(CaseRow.kind, Text),
        "body": type_coerce(CaseRow.agency_id, Integer),
    }
    query: Select[*tuple[Any, ...]] = (
        select(*(key.label(name) for name, key in keys.items()), func.count())
        .where(
            CaseRow.agency_id.in_(agency_ids),
            _in_table3(year),
            CaseRow.state.not_in(void_states),
        )
        .group_by(*keys)
    )
    found: dict[int, Counter[CountedCase]] = {}
    for bits, row, columns, items, kind, body, number in unit.session.execute(query):
        closed = year if bits & 2 else year + 1 if bits & 4 else None
        group = CountedCase(
            number="",
            kind=kind,
            columns=tuple(json.loads(columns)),
            received_on=date(year - 1 if bits & 1 else year, 1, 1),
            closed_on=date(closed, 1, 1) if closed else None,
            row=row,
            item_rows=tuple(json.loads(items)),
            withdrawn_unaccepted=bool(bits & 8),
        )
        found.setdefault(body, Counter())[group] += number
    return found


def _stands_in_table3(one: CountedCase, year: int) -> bool:
    """What `_in_table3` asks the store, of a case at hand."""
    received, closed = one.received_on, one.closed_on
    return (
        received is not None and received.year <= year and (closed is None or closed.year >= year)
    )


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
