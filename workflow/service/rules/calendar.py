"""The calendar of a body: the layers in force, a year day by day, and the body's own days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_

from config import calendars
from workflow import dates
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules.calendar import Calendar, calendar_for
from workflow.rules.national import in_force, nation_with
from workflow.service.messages.passed_by import PassedBy
from workflow.service.office import Office
from workflow.service.rules.due_changes import recompute, take_back_of_bodies, touched_from
from workflow.service.rules.settings import check_not_frozen, display_names, must_change
from workflow.store.models import AgencyRow, CalendarDayRow, CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

MAX_RANGE_DAYS = 60
MAX_SOURCE = 200
KINDS = {
    "workday": "工作日",
    "weekend": "周末",
    "holiday": "全国放假",
    "makeup": "全国调休上班",
    "statutory": "法定放假（暂定）",
    "local_holiday": "地方放假",
    "local_workday": "地方调休上班",
}
ACTS = {"rest": "放假", "work": "上班", "remove": "取消"}


@dataclass(frozen=True)
class Layer:
    """A layer of the calendar: whose notice, and what it says of the year."""

    name: str
    source: str
    days: list[tuple[date, bool]]


@dataclass(frozen=True)
class OneDay:
    """A day of the page. kind: a key of KINDS; why: what makes it so, in words."""

    day: date
    kind: str
    why: str


@dataclass(frozen=True)
class Entry:
    """What was entered about days in a row, at one time, by one person. act: rest, work, remove."""

    first: date
    last: date
    act: str
    source: str
    actor: str
    recorded_at: datetime | None


@dataclass(frozen=True)
class YearPage:
    """A year of a body's calendar. known: the nation's years whose notice is known."""

    agency: str
    year: int
    months: list[list[OneDay]]
    layers: list[Layer]
    provisional: bool
    known: tuple[int, int]
    local_counts: bool
    history: list[Entry]
    names: dict[str, str]
    published: bool


class BodyDays:
    """The use cases around a body's calendar."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def year(self, agency: str, year: int) -> YearPage:
        """The calendar of a body and year. Raises Missing for an unknown body."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            loaded = self.office.national_days(unit)
            calendar = calendar_for(body.region, self.office.own_layers(unit, body), loaded)
            settings = self.office.rules(unit, body, self.office.today()).settings
            history = _entries(unit.day_rows(body))
            known = nation_with(calendars.nation(), loaded).years
            return YearPage(
                agency=agency,
                year=year,
                months=[_month(calendar, year, month) for month in range(1, 13)],
                layers=self._layers(unit, body, year),
                provisional=calendar.is_provisional(date(year, 1, 1)),
                known=(min(known), max(known)),
                local_counts=bool(settings["use_local_holidays"]),
                history=history,
                names=display_names(self.office, {entry.actor for entry in history}),
                published=unit.published_year(body, year) is not None,
            )

    def _layers(self, unit: Unit, body: AgencyRow, year: int) -> list[Layer]:
        nation = calendars.nation()
        found = [_layer(nation.name, nation.source, nation.holidays, nation.workdays, year)]
        by_notice: dict[str, list[tuple[date, bool]]] = {}
        for day, entry in in_force(unit.national_entries()).items():
            if day.year == year:
                by_notice.setdefault(entry.notice, []).append((day, bool(entry.works)))
        found += [Layer(nation.name, notice, days) for notice, days in by_notice.items()]
        for table in calendars.region(body.region) if body.region else ():
            found.append(_layer(table.name, table.source, table.holidays, table.workdays, year))
        for above in unit.ancestors(body):
            own = unit.own_days(above)
            for source in sorted({row.source for row in own if row.day.year == year}):
                rest = frozenset(row.day for row in own if row.source == source and not row.works)
                work = frozenset(row.day for row in own if row.source == source and row.works)
                found.append(_layer(above.name, source, rest, work, year))
        return found

    @retried
    def enter(
        self, staff: Staff | None, agency: str, act: str, first: Any, last: Any, source: str
    ) -> tuple[int, int]:
        """Make days of the body rest or work days (act rest, work), or take its entries back (remove),
        and compute again the due days of the body and those below it.

        source: the notice that says so; for remove, why. last empty: the first day alone.
        Returns how many days were entered and how many due days moved.
        Raises Missing, BadInput (act, first, last, source), Denied, Refused (frozen_year).
        """
        with self.office.store.write_rules() as unit:
            body = self.office.found_agency(unit, agency)
            must_change(self.office, staff, body)
            begin, end, why = self._read(act, first, last, source)
            below = self.office.below(unit, {body.code})
            after = end + timedelta(1)
            check_not_frozen(
                unit, below, begin, after, "放假安排", "已公布年度的放假安排不再变动", "first"
            )
            actor, now = staff.name if staff else "system", self.office.now()
            works = {"rest": False, "work": True, "remove": None}[act]
            passed_by = PassedBy(self.office, unit)
            standing = {row.day: row for row in unit.own_days(body)}
            entered = 0
            for day in _range(begin, end):
                row = standing.get(day)
                same = row is None if works is None else row and row.works == works
                if not same or (row and works is not None and row.source != why):
                    unit.add_day(body, day, works, why, actor, now)
                    entered += 1
            if not entered:
                told = "没有本机关自己的安排可以取消" if act == "remove" else "已经是这样安排的"
                raise BadInput([FieldError("first", f"这些日子{told}")])
            concerned = and_(
                CaseRow.agency_id.in_([row.id for row in below]), touched_from(self.office, begin)
            )
            text = f"{why}：{_span(begin, end)}{_ACT_WORDS[act]}"
            moved = recompute(self.office, unit, concerned, "calendar", text, actor, passed_by)
            take_back_of_bodies(self.office, unit, below, "calendar")
        return entered, moved

    def _read(self, act: str, first: Any, last: Any, source: str) -> tuple[date, date, str]:
        errors = []
        begin = end = date.min
        why = (source or "").strip()
        if act not in ACTS:
            errors.append(FieldError("act", "请选择放假、上班或者取消"))
        try:
            begin = end = dates.parse_day(first)
        except ValueError as error:
            errors.append(FieldError("first", str(error)))
        if last not in (None, ""):
            try:
                end = dates.parse_day(last)
            except ValueError as error:
                errors.append(FieldError("last", str(error)))
        if not errors and end < begin:
            errors.append(FieldError("last", "最后一天不能早于第一天"))
        elif not errors and (end - begin).days >= MAX_RANGE_DAYS:
            errors.append(FieldError("last", f"一次最多 {MAX_RANGE_DAYS} 天"))
        if not why:
            errors.append(FieldError("source", "请写明依据，例如“文山州人民政府通知”及文号"))
        elif len(why) > MAX_SOURCE or any(ord(char) < 32 for char in why):
            errors.append(FieldError("source", f"依据为一行文字，最多 {MAX_SOURCE} 个字"))
        if errors:
            raise BadInput(errors)
        return begin, end, why


_ACT_WORDS = {"rest": "放假", "work": "上班", "remove": "不再另作安排"}


def _span(first: date, last: date) -> str:
    """4 月 1 日; 4 月 1 日至 4 月 3 日."""
    if first == last:
        return dates.in_words(first)
    return f"{dates.in_words(first)}至 {dates.month_day(last) if first.year == last.year else dates.in_words(last)}"


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def _layer(
    name: str, source: str, rest: frozenset[date], work: frozenset[date], year: int
) -> Layer:
    days = [(day, False) for day in rest if day.year == year]
    days += [(day, True) for day in work if day.year == year]
    return Layer(name, source, sorted(days))


def _month(calendar: Calendar, year: int, month: int) -> list[OneDay]:
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return [
        OneDay(day, calendar.kind(day), calendar.why(day))
        for day in _range(first, after - timedelta(1))
    ]


def _entries(rows: list[CalendarDayRow]) -> list[Entry]:
    """The history of own days, the latest first; days in a row entered at once are one entry."""
    entries: list[Entry] = []
    for row in rows:
        act = {False: "rest", True: "work", None: "remove"}[row.works]
        last = entries[-1] if entries else None
        said = (act, row.source, row.actor, row.recorded_at)
        if (
            last is not None
            and (last.act, last.source, last.actor, last.recorded_at) == said
            and row.day == last.last + timedelta(1)
        ):
            entries[-1] = Entry(last.first, row.day, *said)
        else:
            entries.append(Entry(row.day, row.day, *said))
    return entries[::-1]
