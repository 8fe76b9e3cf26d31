"""Working days (工作日) by prefix sums over layers: nation, province, prefecture, body.

A working day is one that the State Council's yearly notice, and the local notices above it, do not
make a holiday: weekends and holidays out, make-up days (调休) in. Years whose notice is not known
yet are provisional: Monday to Friday work, the statutory days do not, and the answer says so.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import accumulate, compress

from config import calendars
from config.calendars import DayTable
from workflow.rules.national import NOTHING, LoadedDays, nation_with

FIRST = date(2000, 1, 1)
LAST = date(2053, 12, 31)
_FIRST_ORDINAL = FIRST.toordinal()
_LAST_ORDINAL = LAST.toordinal()

Interval = tuple[date, date]
"""Days after the first through the second: (after, through]."""


class CalendarGap(ValueError):
    """The calendar does not reach this day (2000 to 2053)."""


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Holidays and make-up days of one local layer, over the nation's. own: entered by the body, which names the paper
    that says so; that name is for its staff."""

    name: str
    holidays: frozenset[date]
    workdays: frozenset[date]
    own: bool = False

    def called(self, *, outside: bool) -> str:
        """Whose days they are; `outside`: for who is no staff of the body."""
        return "本机关" if self.own and outside else self.name


class Calendar:
    """Which days work, for one body. Immutable; `add` and `count` take constant time."""

    def __init__(self, nation: DayTable, locals_: Sequence[LocalDays] = ()) -> None:
        self._nation = nation
        self.locals = tuple(locals_)
        self._statutory = calendars.statutory(FIRST.year, LAST.year)
        working = self._working()
        ordinals = range(_FIRST_ORDINAL, _LAST_ORDINAL + 1)
        self._workdays = array("l", compress(ordinals, working))
        self._before = array("l", accumulate(working, initial=0))

    @property
    def national(self) -> "Calendar":
        """The same without local layers: what the State Council's notices alone say."""
        return _calendar(self._nation, ()) if self.locals else self

    def _working(self) -> bytearray:
        """For each day whether it works: the week, and layer by layer what is said of single days. In one
        layer a holiday holds over a make-up day."""
        length = _LAST_ORDINAL - _FIRST_ORDINAL + 1
        week = bytes((FIRST.weekday() + n) % 7 < 5 for n in range(7))
        working = bytearray(week * (length // 7 + 1))[:length]

        def say(days: Iterable[date], works: bool) -> None:
            for day in days:
                index = day.toordinal() - _FIRST_ORDINAL
                if 0 <= index < length:
                    working[index] = works

        say((day for day in self._statutory if day.year not in self._nation.years), False)
        layers: tuple[DayTable | LocalDays, ...] = (self._nation, *self.locals)
        for layer in layers:
            say(layer.workdays, True)
            say(layer.holidays, False)
        return working

    def _through(self, day: date) -> int:
        """Working days from the calendar's first day through the day."""
        ordinal = day.toordinal()
        if not _FIRST_ORDINAL <= ordinal <= _LAST_ORDINAL:
            raise CalendarGap(f"日历只到 {LAST.year} 年，无法计算 {day}")
        return self._before[ordinal - _FIRST_ORDINAL + 1]

    def is_workday(self, day: date) -> bool:
        return self._through(day) > self._through(day - timedelta(1))

    def count(self, after: date, through: date) -> int:
        """Working days after the first day through the second; 0 when the second is not later."""
        return max(0, self._through(through) - self._through(after))

    def left(self, today: date, due: date) -> int:
        """Working days from today until a due day; −1 or less once it has passed, also where only days
        off have passed since."""
        return self.count(today, due) if today <= due else -self.late(due, today)

    def late(self, due: date, on: date) -> int:
        """Working days by which a day lies past a last day: 0 while it does not, else 1 at least, also where
        only days off lie between. List, page of the case, supervision and report all ask this one."""
        return max(1, self.count(due, on)) if on > due else 0

    def add(self, day: date, workdays: int) -> date:
        """The n-th working day strictly after the day (the day itself for n = 0).

        Raises CalendarGap when the calendar ends before.
        """
        if workdays == 0:
            return day
        index = self._through(day) + workdays - 1
        if not 0 <= index < len(self._workdays):
            raise CalendarGap(f"日历只到 {LAST.year} 年，无法计算 {day} 之后第 {workdays} 个工作日")
        return date.fromordinal(self._workdays[index])

    def add_excluding(self, day: date, workdays: int, excluded: Iterable[Interval]) -> date:
        """The n-th working day after the day that lies in none of the excluded intervals."""
        blocks = merge(excluded)
        due = self.add(day, workdays)
        while True:
            skipped = sum(self.count(max(a, day), min(b, due)) for a, b in blocks)
            later = self.add(day, workdays + skipped)
            if later == due:
                return due
            due = later

    def on_or_after(self, day: date) -> date:
        """The day itself if it works, else the first working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    def on_or_before(self, day: date) -> date:
        """The day itself if it works, else the last working day before it."""
        return date.fromordinal(self._workdays[self._through(day) - 1])

    def is_provisional(self, day: date) -> bool:
        """True for a year whose notice is not known yet: dates in it may still move."""
        return day.year not in self._nation.years

    def kind(self, day: date) -> str:
        """local_holiday, local_workday, makeup, holiday, statutory (of a year whose notice is not
        known), weekend or workday: which layer decides, and how."""
        for layer in reversed(self.locals):
            if day in layer.holidays:
                return "local_holiday"
            if day in layer.workdays:
                return "local_workday"
        if day in self._nation.workdays:
            return "makeup"
        if day in self._nation.holidays:
            return "holiday"
        if day.weekday() >= 5:
            return "weekend"
        return "workday" if self.is_workday(day) else "statutory"

    def fingerprint(self, year: int) -> str:
        """The same for two calendars exactly when the same days of the year work in both."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        works = bytes(self.is_workday(date.fromordinal(o)) for o in range(first, last + 1))
        return sha256(works).hexdigest()

    @cached_property
    def all_days(self) -> str:
        """A hash of every day that works, and of the years whose notice is known."""
        known = repr(sorted(self._nation.years))
        return sha256(self._workdays.tobytes() + known.encode()).hexdigest()

    def why(self, day: date, *, outside: bool = False) -> str:
        """What makes the day work or rest, in words: 调休上班, 放假, 周末, 地方放假, 工作日. outside: for who is no staff of
        the body."""
        for layer in reversed(self.locals):
            if day in layer.holidays:
                return f"{layer.called(outside=outside)}放假"
            if day in layer.workdays:
                return f"{layer.called(outside=outside)}调休上班"
        if day in self._nation.workdays:
            return "调休上班"
        if day in self._nation.holidays:
            return "放假" if day.weekday() < 5 else "周末、放假"
        if day.weekday() >= 5:
            return "周末"
        return "工作日" if self.is_workday(day) else "法定放假（暂定）"


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals as disjoint ones, in order: a day excluded twice is excluded once."""
    merged: list[Interval] = []
    for after, through in sorted(i for i in intervals if i[0] < i[1]):
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], through))
        else:
            merged.append((after, through))
    return merged


@lru_cache(maxsize=8)
def national(loaded: LoadedDays = NOTHING) -> Calendar:
    """The calendar of the State Council's notices alone. loaded: those that an operator loaded."""
    return calendar_for(None, (), loaded)


@lru_cache(maxsize=64)
def calendar_for(
    region: str | None, own: tuple[LocalDays, ...] = (), loaded: LoadedDays = NOTHING
) -> Calendar:
    """The calendar of a body: the nation with the loaded notices over it, the layers of its region,
    then its own days."""
    layers = [
        LocalDays(table.name, table.holidays, table.workdays)
        for table in (calendars.region(region) if region else ())
    ]
    layers.extend(own)
    return _calendar(nation_with(calendars.nation(), loaded), tuple(layers))


@lru_cache(maxsize=64)
def _calendar(nation: DayTable, layers: tuple[LocalDays, ...]) -> Calendar:
    return Calendar(nation, layers)
