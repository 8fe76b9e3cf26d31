"""The nation's days that an operator loads: notices of the State Council, over the package's data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config import calendars
from config.calendars import DayTable
from workflow.dates import month_day
from workflow.people import Staff
from workflow.refusal import Denied
from workflow.rules import permissions
from workflow.rules.calendar import national
from workflow.rules.national import (
    Difference,
    Entry,
    LoadedDays,
    Notice,
    differences,
    forgotten,
    in_force,
    loaded_days,
    missing_of,
    nation_with,
    read_notice,
    steps_of,
)
from workflow.service.messages.passed_by import PassedBy
from workflow.service.office import Office
from workflow.service.rules.due_changes import recompute, take_back_of_bodies, touched_from
from workflow.service.rules.settings import check_not_frozen, display_names
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "load_national_days"


@dataclass(frozen=True)
class Loaded:
    """What loading a notice did. entered, taken_back: days; moved: due days of cases.

    missing: the festivals that keep the year provisional; forgotten: days off of 放假办法2 in a whole
    year that no notice names (they rest all the same); differs: what the package says otherwise.
    """

    notice: Notice
    entered: int
    taken_back: int
    moved: int
    missing: tuple[str, ...]
    forgotten: tuple[date, ...]
    differs: tuple[Difference, ...]


@dataclass(frozen=True)
class LoadedNotice:
    """A notice as it was loaded: the days that hold by it, who loaded it and when last."""

    name: str
    year: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]
    actor: str
    recorded_at: datetime


@dataclass(frozen=True)
class NationalYear:
    """A year of the nation's calendar. holidays, workdays: as they hold; packaged: the package knows
    the year; missing, forgotten, differs: as in Loaded."""

    year: int
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]
    notices: tuple[LoadedNotice, ...]
    packaged: bool
    missing: tuple[str, ...]
    forgotten: tuple[date, ...]
    differs: tuple[Difference, ...]

    @property
    def provisional(self) -> bool:
        return bool(self.missing)


class NationalDays:
    """The use cases around the nation's calendar."""

    def __init__(self, office: Office) -> None:
        self.office = office

    # -- reading ------------------------------------------------------------------------------------

    def year(self, year: int) -> NationalYear:
        """One year as it holds."""
        with self.office.store.read() as unit:
            return _year(calendars.nation(), unit.national_entries(), year)

    def years(self) -> list[NationalYear]:
        """The years of which something was loaded, this year and the next one."""
        this = self.office.today().year
        with self.office.store.read() as unit:
            entries = unit.national_entries()
        found = {this, this + 1} | {day.year for day in in_force(entries)}
        return [_year(calendars.nation(), entries, year) for year in sorted(found)]

    def names(self, years: list[NationalYear]) -> dict[str, str]:
        """The names of those who loaded the notices, by user name."""
        return display_names(self.office, {one.actor for year in years for one in year.notices})

    def may_load(self, staff: Staff) -> bool:
        """True for the administrator of a body that has none above it: the days hold for all."""
        with self.office.store.read() as unit:
            return self._may(unit, staff)

    # -- loading ------------------------------------------------------------------------------------

    @retried
    def load(self, staff: Staff | None, data: Any) -> Loaded:
        """Let a notice hold (read_notice says how it is written), also one of part of a year or a late
        change, and compute again the due days that it moves. The same notice again replaces what it
        said before; loaded twice it changes nothing. staff None: the operator.

        Raises BadInput with every place that cannot be, Denied, Refused (frozen_year) where a working
        day of a published year would change.
        """
        with self.office.store.write_rules() as unit:
            if staff is not None and not self._may(unit, staff):
                action = self.office.law.permissions.actions[ACTION]
                raise Denied(permissions.refusal_of(self.office.law, action))
            notice = read_notice(data)
            before = unit.national_entries()
            steps = steps_of(notice, before)
            actor, now = staff.name if staff else "system", self.office.now()
            added = [
                Entry(notice.name, notice.year, day, works, actor, now)
                for day, works in steps.items()
            ]
            moved = self._hold(unit, notice, before, added, actor) if added else 0
            year = _year(calendars.nation(), unit.national_entries(), notice.year)
        taken_back = sum(works is None for works in steps.values())
        return Loaded(
            notice, len(steps) - taken_back, taken_back, moved,
            year.missing, year.forgotten, year.differs,
        )  # fmt: skip

    def _hold(
        self, unit: Unit, notice: Notice, before: list[Entry], added: list[Entry], actor: str
    ) -> int:
        old, new = (national(loaded_days(entries)) for entries in (before, [*before, *added]))
        years = sorted({day.year for entry in added for day in (entry.day,)} | {notice.year})
        changed = [
            day
            for year in years
            for day in _days_of(year)
            if old.is_workday(day) != new.is_workday(day)
        ]
        for year in sorted({day.year for day in changed}):
            check_not_frozen(
                unit, unit.agencies(), date(year, 1, 1), date(year + 1, 1, 1), "全国放假安排",
                "已公布年度的放假安排不再变动；只装入没有公布年报的年度", "holidays",
            )  # fmt: skip
        passed_by = PassedBy(self.office, unit)
        unit.add_national(added)
        moved = 0
        if changed:
            reason = f"{notice.name}（{notice.year} 年全国放假安排）"
            moved = recompute(
                self.office, unit, touched_from(self.office, changed[0]), "calendar", reason, actor,
                passed_by,
            )  # fmt: skip
        take_back_of_bodies(self.office, unit, unit.agencies(), "calendar")
        return moved

    def _may(self, unit: Unit, staff: Staff) -> bool:
        codes = permissions.bodies_for(self.office.law, ACTION, staff)
        return any(body.parent_id is None for body in self.office.tree(unit).of_codes(codes))


def _year(package: DayTable, entries: list[Entry], year: int) -> NationalYear:
    loaded = loaded_days(entries)
    nation = nation_with(package, loaded)
    return NationalYear(
        year=year,
        holidays=_in_year(nation.holidays, year),
        workdays=_in_year(nation.workdays, year),
        notices=_notices(entries, year),
        packaged=year in package.years,
        missing=missing_of(package, loaded, year),
        forgotten=tuple(sorted(_forgotten(loaded, nation, package, year))),
        differs=tuple(differences(package, loaded, year)),
    )


def _forgotten(loaded: LoadedDays, nation: DayTable, package: DayTable, year: int) -> set[date]:
    whole = year in nation.years and year not in package.years
    return forgotten(loaded, (year,)) if whole else set()


def _notices(entries: list[Entry], year: int) -> tuple[LoadedNotice, ...]:
    """The notices by which days of the year hold, the first loaded first."""
    by_name: dict[str, list[Entry]] = {}
    for entry in in_force(entries).values():
        if year in (entry.year, entry.day.year):
            by_name.setdefault(entry.notice, []).append(entry)
    order = [entry.notice for entry in entries]
    return tuple(
        LoadedNotice(
            name,
            max(entry.year for entry in own),
            tuple(entry.day for entry in own if not entry.works),
            tuple(entry.day for entry in own if entry.works),
            max(own, key=lambda entry: entry.recorded_at).actor,
            max(entry.recorded_at for entry in own),
        )
        for name, own in sorted(by_name.items(), key=lambda item: order.index(item[0]))
    )


def _in_year(days: frozenset[date], year: int) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if day.year == year))


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1)]


def in_words(done: Loaded) -> list[str]:
    """What loading did, line by line, for pages and the command line."""
    year = done.notice.year
    if not done.entered and not done.taken_back:
        lines = [f"{done.notice.name}已经装入过，没有变动"]
    else:
        taken = f"，取消原来列出的 {done.taken_back} 天" if done.taken_back else ""
        moved = f"{done.moved} 件申请的期限随之变动" if done.moved else "没有申请的期限变动"
        lines = [f"已装入 {done.notice.name}：登记 {done.entered} 天{taken}；{moved}"]
    return lines + state_in_words(year, done.missing, done.forgotten, done.differs)


def state_in_words(
    year: int,
    missing: tuple[str, ...],
    forgotten: tuple[date, ...],
    differs: tuple[Difference, ...],
) -> list[str]:
    """What is missing of a year, what a notice forgot and where the package says otherwise."""
    lines = [
        f"{year} 年的放假安排没有装齐，还缺{'、'.join(missing)}，这一年的日期仍是暂定的"
        if missing
        else f"{year} 年的放假安排齐全，不再暂定"
    ]
    if forgotten:
        days = "、".join(month_day(day) for day in forgotten)
        lines.append(f"通知没有列出、但依《全国年节及纪念日放假办法》放假的：{days}，仍按放假计算")
    lines += [
        f"{month_day(one.day)}：装入的安排为{one.loaded}，程序自带的数据为{one.package}，以装入的为准"
        for one in differs
    ]
    return lines
