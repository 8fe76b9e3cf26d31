"""Questions to the store around a year: its register, its report, and what the report tells of cases."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    and_,
    exists,
    func,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import aliased

from workflow.case.counted import CountedCase
from workflow.report.tables.kept import kept_of, with_marks
from workflow.store.counts import spans_of, words_of_shared_reviews, words_of_year
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
    CaseRow.id, CaseRow.agency_id, CaseRow.opened_on, CaseRow.counted_as, CaseRow.number, CaseRow.kind, CaseRow.columns, CaseRow.received_on,
    CaseRow.closed_on, CaseRow.result_row, CaseRow.state, CaseRow.item_rows, CaseRow.joint_letter,
    CaseRow.merged_into, CaseRow.withdrawn_unaccepted, CaseRow.redo_of, CaseRow.redo_mode,
    CaseRow.proceedings, CaseRow.moved_on,
)  # fmt: skip


def _in_table3(year: int) -> ColumnElement[bool]:
    return and_(
        CaseRow.received_on <= date(year, 12, 31),
        or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
    )


LINKS = {
    "redo_of": (CaseRow.redo_of,),
    "joint_letter": (CaseRow.joint_letter, CaseRow.merged_into),
}
"""By what a case counts together with others (workflow/report/tables/tally.py, `links`): the columns."""


def _tied(agency_ids: Collection[int], links: Collection[str]) -> CompoundSelect[tuple[int]]:
    """The cases of any year that name another by one of the links, and those that they name."""
    columns = [column for link in sorted(links) for column in LINKS[link]]
    naming = (
        select(CaseRow.id, CaseRow.agency_id, *columns)
        .where(
            CaseRow.agency_id.in_(agency_ids),
            text(f"({TIED})"),
            or_(*(column.is_not(None) for column in columns)),
        )
        .cte("naming")
    )
    known = and_(
        naming.c.agency_id == CaseRow.agency_id,
        CaseRow.number.in_([naming.c[column.key] for column in columns]),
    )
    return union(select(naming.c.id), select(CaseRow.id).join(naming, known))


def cases_for_tables(
    unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]
) -> list[CountedCase]:
    """Every case that can stand in a table of the year or decides how another one counts, one by one."""
    of_body = select(CaseRow.id).where(CaseRow.agency_id == agency_id)
    decide = (
        _tied([agency_id], LINKS),
        of_body.where(text(f"({TIED})")),
        of_body.where(CaseRow.held_by.is_not(None)),
    )
    query = (
        select(*_COUNTED)
        .where(
            CaseRow.agency_id == agency_id,
            or_(_in_table3(year), *(CaseRow.id.in_(one) for one in decide)),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [counted_row(row, row.state in void_states) for row in unit.session.execute(query)]


def groups_for_tables(
    unit: Unit, links: Mapping[int, frozenset[str]], year: int, void_states: tuple[str, ...]
) -> dict[int, list[CountedCase]]:
    """The same for many bodies from the kept counts, by the id of the body: alike cases in groups, and one by
    one those that count together with others. links: by what they do, for each body, under its settings.

    They are all that the tables of the year and 结转下年度 of the year before see.
    """
    unit.settle()
    words = words_of_year(unit.session.connection(), links, year)
    apart = _words_apart(unit, words)
    singles = _singles(unit, apart, links, void_states)
    found: dict[int, list[CountedCase]] = {}
    for body, known in words.items():
        left = Counter({word: n for word, n in known.items() if word not in apart.get(body, ())})
        for word, _ in singles.get(body, ()):
            if word is not None and word in left:
                left[word] -= 1
        found[body] = [one for _, one in singles.get(body, ())]
        found[body].extend(
            replace(kept_of(word).case, times=number, word=word)
            for word, number in left.items()
            if number
        )
    return found


def _words_apart(unit: Unit, words: Mapping[int, Mapping[str, int]]) -> dict[int, set[str]]:
    """By id of the body: the words whose cases have to be read one by one."""
    told = [(body, kept_of(word)) for body, known in words.items() for word in known]
    found: dict[int, set[str]] = {}
    bodies = {body for body, kept in told if kept.disputed}
    if bodies:
        found = words_of_shared_reviews(unit.session.connection(), bodies)
    for body, kept in told:
        if kept.alone:
            found.setdefault(body, set()).add(kept.word)
    return found


def _singles(
    unit: Unit,
    apart: Mapping[int, Collection[str]],
    links: Mapping[int, frozenset[str]],
    void_states: tuple[str, ...],
) -> dict[int, list[tuple[str | None, CountedCase]]]:
    """By id of the body: the cases that are read one by one, each with its word, in the order in which they
    were opened."""
    rows: dict[int, Row[Any]] = {}
    if apart:
        asked = select(*_COUNTED).where(
            CaseRow.agency_id.in_(list(apart)),
            CaseRow.counted_as.in_({word for some in apart.values() for word in some}),
        )
        rows = {
            row.id: row
            for row in unit.session.execute(asked)
            if row.counted_as in apart[row.agency_id]
        }
    for linked in {*links.values()} - {frozenset()}:
        bodies = [body for body, by in links.items() if by == linked]
        asked = select(*_COUNTED).where(CaseRow.id.in_(_tied(bodies, linked)))
        rows |= {row.id: row for row in unit.session.execute(asked)}
    found: dict[int, list[tuple[str | None, CountedCase]]] = {}
    for row in sorted(rows.values(), key=lambda row: (row.opened_on, row.number)):
        one = with_marks(counted_row(row, row.state in void_states))
        found.setdefault(row.agency_id, []).append((row.counted_as, one))
    return found


def years_with_cases(unit: Unit, agency_ids: Collection[int]) -> dict[int, list[int]]:
    """By id of the body: the years from the first receipt to the last receipt or closing. Bodies without
    cases are left out."""
    unit.settle()
    found: dict[int, list[int]] = {}
    for body, first, last in spans_of(unit.session.connection(), agency_ids):
        found[body] = list(range(first, last + 1))
    return found
