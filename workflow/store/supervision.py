"""What a supervising body asks of the cases of many bodies at once: one query for all, never one for each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from workflow.report.tables.score import ScoredCase
from workflow.store.chosen import permitted
from workflow.store.dialect import among
from workflow.store.kept import in_words
from workflow.store.models import AgencyRow, CalendarDayRow, CaseRow, SettingRow, WatchedDayRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.supervision_models import HasteningRow
from workflow.store.unit import Unit

REPLY = "reply"
RETURNED = ("returned", "service_failed")
APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Watched:
    """A day of an open application that a supervising body looks at. kind: REPLY, or of RETURNED. day: for
    REPLY the day that pages and reminders follow. agency_id: of the body of its number; held_by: code of
    the one to which it was transferred."""

    agency_id: int
    held_by: str | None
    kind: str
    day: date
    case_id: int
    number: str
    reply_due: date | None
    waiting_until: date | None
    opened_on: date


def watched_of(unit: Unit, agency_ids: Collection[int], until: date) -> list[Watched]:
    """What is watched of the bodies' applications through the day: replies that are due or late, papers that
    came back. A range of an index for each body, then the rows of what was found."""
    watched, case = WatchedDayRow, CaseRow
    query = (
        select(
            watched.agency_id, case.held_by, watched.kind, watched.day, case.id, case.number,
            case.reply_due, case.waiting_until, case.opened_on,
        )
        .join(case, case.id == watched.case_id)
        .where(
            among(watched.agency_id, agency_ids),
            watched.kind.in_((REPLY, *RETURNED)),
            watched.day <= until,
            case.kind == APPLICATION,
        )
    )  # fmt: skip
    return [Watched(*row) for row in unit.session.execute(query)]


def open_of(unit: Unit, agency_ids: Collection[int]) -> list[tuple[int, str | None, int]]:
    """How many applications of each body are open: id of the body, code of the one to which they were transferred,
    number. The index of what waits tells all of it; who has those that were transferred is asked where there are any.
    """
    case = CaseRow
    waiting = case.waits_for.is_not(None), case.kind.concat("") == APPLICATION
    query = (
        select(case.agency_id, func.count() - func.count(case.held_by), func.count(case.held_by))
        .where(among(case.agency_id, agency_ids), *waiting)
        .group_by(case.agency_id)
    )
    found = list[tuple[int, str | None, int]]()
    giving = set[int]()
    for agency, here, elsewhere in unit.session.execute(query):
        found.append((agency, None, here))
        if elsewhere:
            giving.add(agency)
    if giving:
        moved = (
            select(case.agency_id, case.held_by, func.count())
            .where(among(case.agency_id, giving), *waiting, case.held_by.is_not(None))
            .group_by(case.agency_id, case.held_by)
        )
        found += [(agency, held, number) for agency, held, number in unit.session.execute(moved)]
    return found


# -- calendars of many bodies ------------------------------------------------------------------------


def choices_of(unit: Unit, agency_ids: Collection[int], name: str) -> dict[int, list[SettingRow]]:
    """What each body chose for one setting, the later choice after the earlier."""
    query = (
        select(SettingRow)
        .where(SettingRow.name == name, among(SettingRow.agency_id, agency_ids))
        .order_by(SettingRow.holds_from, SettingRow.id)
    )
    found: dict[int, list[SettingRow]] = {}
    rows = unit.session.scalars(query)
    for row in permitted(rows, lambda row: row.name, lambda row: row.value):
        found.setdefault(row.agency_id, []).append(row)
    return found


def regions_of(unit: Unit, agency_ids: Collection[int]) -> dict[int, str | None]:
    query = select(AgencyRow.id, AgencyRow.region).where(among(AgencyRow.id, agency_ids))
    return {id_: region for id_, region in unit.session.execute(query)}


def own_days_of(unit: Unit, agency_ids: Collection[int]) -> dict[int, list[CalendarDayRow]]:
    """The bodies' own days that are in force, in order."""
    query = select(CalendarDayRow).where(among(CalendarDayRow.agency_id, agency_ids))
    last: dict[tuple[int, date], CalendarDayRow] = {}
    for row in unit.session.scalars(query.order_by(CalendarDayRow.id)):
        last[row.agency_id, row.day] = row
    found: dict[int, list[CalendarDayRow]] = {}
    for (agency, _), row in sorted(last.items()):
        if row.works is not None:
            found.setdefault(agency, []).append(row)
    return found


# -- what was answered late, and what else costs points ------------------------------------------------


def scored_of(unit: Unit, agency_id: int, words: Collection[str]) -> list[ScoredCase]:
    """The cases of a body that are counted under these words, by number."""
    query = (
        select(
            CaseRow.number, CaseRow.counted_as, CaseRow.opened_on, CaseRow.received_on,
            CaseRow.reply_due, CaseRow.closed_on, CaseRow.redo_of, CaseRow.proceedings,
        )
        .where(*in_words(agency_id, words))
        .order_by(CaseRow.number)
    )  # fmt: skip
    return [ScoredCase(*row) for row in unit.session.execute(query)] if words else []


@dataclass(frozen=True, slots=True)
class AnsweredLate:
    """An application that was answered after its last day."""

    agency_id: int
    number: str
    reply_due: date
    closed_on: date
    opened_on: date


def answered_late(unit: Unit, words: Mapping[int, Collection[str]]) -> list[AnsweredLate]:
    """The applications of these bodies that are counted under these words, the last answered first."""
    every = {word for some in words.values() for word in some}
    query = (
        select(CaseRow.agency_id, CaseRow.number, CaseRow.reply_due, CaseRow.closed_on,
               CaseRow.opened_on, CaseRow.counted_as)
        .where(among(CaseRow.agency_id, words), CaseRow.counted_as.in_(every))
        .order_by(CaseRow.closed_on.desc(), CaseRow.agency_id, CaseRow.number)
    )  # fmt: skip
    if not every:
        return []
    return [
        AnsweredLate(agency, number, due, closed, opened)
        for agency, number, due, closed, opened, word in unit.session.execute(query)
        if due and closed and word in words[agency]
    ]


# -- reports -------------------------------------------------------------------------------------------


def handed_in(
    unit: Unit, agency_ids: Collection[int], year: int, states: Collection[str]
) -> set[int]:
    """The bodies whose report on the year is in one of these states, by id."""
    query = select(ReportVersionRow.agency_id).where(
        among(ReportVersionRow.agency_id, agency_ids),
        ReportVersionRow.year == year,
        ReportVersionRow.state.in_(list(states)),
    )
    return set(unit.session.scalars(query))


# -- hastenings ----------------------------------------------------------------------------------------

_WITH = (
    joinedload(HasteningRow.case),
    joinedload(HasteningRow.agency),
    joinedload(HasteningRow.by),
)


def last_hastenings(unit: Unit, case_ids: Collection[int]) -> dict[int, HasteningRow]:
    """The last hastening of each case that has one, by the id of the case."""
    query = select(HasteningRow).where(among(HasteningRow.case_id, case_ids))
    return {row.case_id: row for row in unit.session.scalars(query.order_by(HasteningRow.id))}


def hastened_on(unit: Unit, case_ids: Collection[int], by_id: int, day: date) -> list[HasteningRow]:
    """What a supervising body hastened of these cases on the day."""
    query = select(HasteningRow).where(
        among(HasteningRow.case_id, case_ids),
        HasteningRow.by_id == by_id,
        HasteningRow.made_on == day,
    )
    return list(unit.session.scalars(query))


def hastenings_of_case(unit: Unit, agency_id: int, number: str) -> list[HasteningRow]:
    """Those of one case, by its number and the body of it, the last one first."""
    query = (
        select(HasteningRow)
        .join(CaseRow, CaseRow.id == HasteningRow.case_id)
        .where(CaseRow.agency_id == agency_id, CaseRow.number == number)
    )
    return list(unit.session.scalars(query.options(*_WITH).order_by(HasteningRow.id.desc())))


def hastenings_of(
    unit: Unit, agency_ids: Iterable[int], limit: int, by: Iterable[int] | None = None
) -> list[HasteningRow]:
    """The last ones that these bodies were sent, of all or of these supervising bodies, the last one first."""
    query = select(HasteningRow).where(among(HasteningRow.agency_id, list(agency_ids)))
    if by is not None:
        query = query.where(HasteningRow.by_id.in_(list(by)))
    return list(
        unit.session.scalars(query.options(*_WITH).order_by(HasteningRow.id.desc()).limit(limit))
    )
