"""The nation's days that an operator loaded: a notice of the State Council over the package's data.

What a notice names holds, whatever the package says of the day. A year of which the notices name every
festival (放假办法2) is known whole: nothing is taken from the package for it any more.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config import calendars
from config.calendars import DayTable
from workflow import dates
from workflow.refusal import BadInput, FieldError

MAX_NOTICE = 200
KEYS = ("year", "notice", "holidays", "workdays")
_SEPARATORS = re.compile(r"[\s、，,；;。]+")
_MARK = r"(?:(\d{4})\s*[-年./])?\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?"
_SPAN = re.compile(_MARK + r"(?:\s*(?:至|到|~|～|—+|–|-)\s*(?:" + _MARK + r"|(\d{1,2})\s*日?))?")
_WEEKDAY = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class LoadedDays:
    """The days of the nation that loaded notices name, as they hold now."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


NOTHING = LoadedDays()


@dataclass(frozen=True, slots=True)
class Notice:
    """A holiday notice of the State Council, or a later change of one: whole or in part.

    name: its title and number. A day stands in one of the two lists.
    """

    year: int
    name: str
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]

    @property
    def days(self) -> dict[date, bool]:
        """Whether the days that it names work, in order."""
        both = {**dict.fromkeys(self.holidays, False), **dict.fromkeys(self.workdays, True)}
        return dict(sorted(both.items()))


@dataclass(frozen=True, slots=True)
class Entry:
    """What was recorded of a day from a notice. works None: the notice does not name it any more."""

    notice: str
    year: int
    day: date
    works: bool | None
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the package says otherwise than the loaded notice, which holds."""

    day: date
    loaded: str
    package: str


# -- reading a notice ---------------------------------------------------------------------------------


def read_notice(data: Any) -> Notice:
    """A notice as it is written in a file: year, notice, holidays, workdays (lists of days).

    Raises BadInput with every place that cannot be: a day that is none or of another year, one that
    stands twice, or both rests and works (law.md §3.1(4)).
    """
    if not isinstance(data, dict):
        raise BadInput([FieldError("文件", f"须为一个对象，含 {'、'.join(KEYS)}")])
    errors = [FieldError(str(key), "没有这一项") for key in data if key not in KEYS]
    year, name = data.get("year"), data.get("notice")
    first, last = dates.FIRST_DAY.year, dates.LAST_DAY.year
    if isinstance(year, bool) or not isinstance(year, int) or not first <= year <= last:
        errors.append(FieldError("year", f"请填写年份，{first} 至 {last}"))
        year = None
    if not isinstance(name, str) or not name.strip():
        errors.append(FieldError("notice", "请写明通知的名称和文号"))
    elif len(name) > MAX_NOTICE or not name.strip().isprintable():
        errors.append(FieldError("notice", f"通知的名称和文号为一行文字，最多 {MAX_NOTICE} 个字"))
    found: dict[str, list[date]] = {"holidays": [], "workdays": []}
    seen: dict[date, str] = {}
    for key, days in found.items():
        listed = data.get(key, [])
        if not isinstance(listed, list):
            errors.append(FieldError(key, "须为日期的列表"))
            continue
        for index, value in enumerate(listed):
            field = f"{key}.{index}"
            try:
                day = _day_of(value, year)
            except ValueError as error:
                errors.append(FieldError(field, str(error)))
                continue
            if day in seen:
                both = "写了两次" if seen[day] == key else "既列为放假，又列为上班"
                errors.append(FieldError(field, f"{dates.in_words(day)}{both}"))
            seen.setdefault(day, key)
            days.append(day)
    if not errors and not seen:
        errors.append(FieldError("holidays", "请列出放假或者调休上班的日子"))
    if errors:
        raise BadInput(errors)
    assert year is not None and isinstance(name, str)
    rest, work = (tuple(sorted(found[key])) for key in ("holidays", "workdays"))
    return Notice(year, name.strip(), rest, work)


def _day_of(value: Any, year: int | None) -> date:
    day = dates.parse_day(value)
    before = year is not None and (day.year, day.month) == (year - 1, 12)
    if year is not None and day.year != year and not before:
        raise ValueError(f"{dates.in_words(day)}不在 {year} 年（可含上一年 12 月与元旦相连的日子）")
    return day


def days_in_text(text: str, year: int) -> list[str]:
    """Days as people write them, one after another: 1 月 1 日至 3 日, 2027-02-05, 9月20日（周日）.

    A day without its year is one of the given year. Raises ValueError for what is no day.
    """
    pieces = (piece for piece in _SEPARATORS.split(_WEEKDAY.sub("", _joined(text))) if piece)
    return [day.isoformat() for piece in pieces for day in _span(piece, year)]


def _joined(text: str) -> str:
    """Without the blanks inside a day or a span: 1 月 1 日 至 3 日."""
    text = re.sub(r"(?<=[年月日至到~～—–])[ \t　]+(?=[\d至到~～—–])", "", text)
    return re.sub(r"(?<=\d)[ \t　]+(?=[年月日至到~～—–])", "", text)


def _span(piece: str, year: int) -> Iterator[date]:
    found = _SPAN.fullmatch(piece)
    if found is None:
        raise ValueError(f"看不懂“{piece}”，请照通知写，例如“1月1日至3日”")
    y, m, d, y2, m2, d2, alone = found.groups()
    try:
        first = date(int(y or year), int(m), int(d))
        last = first
        if alone:
            last = first.replace(day=int(alone))
        elif m2:
            last = date(int(y2 or first.year), int(m2), int(d2))
            if not y2 and last < first:
                last = last.replace(year=first.year + 1)
    except ValueError as error:
        raise ValueError(f"没有这一天：{piece}") from error
    if not 0 <= (last - first).days <= 31:
        raise ValueError(f"“{piece}”的最后一天早于第一天，或者相隔太远")
    return (first + timedelta(n) for n in range((last - first).days + 1))


# -- what holds ---------------------------------------------------------------------------------------


def in_force(entries: Iterable[Entry]) -> dict[date, Entry]:
    """What holds for each day: the last that was recorded, of notices that still name the day. The
    entries in the order of recording."""
    standing: dict[tuple[date, str], tuple[int, Entry]] = {}
    for number, entry in enumerate(entries):
        standing[entry.day, entry.notice] = number, entry
    found: dict[date, tuple[int, Entry]] = {}
    for (day, _), (number, entry) in standing.items():
        if entry.works is not None and (day not in found or found[day][0] < number):
            found[day] = number, entry
    return {day: found[day][1] for day in sorted(found)}


def steps_of(notice: Notice, entries: Iterable[Entry]) -> dict[date, bool | None]:
    """What has to be recorded so that the notice holds as it is now: its days, and None for those that
    it named before and does not name any more. Empty where it holds already."""
    known = list(entries)
    own = {entry.day: entry.works for entry in known if entry.notice == notice.name}
    holding, named = in_force(known), notice.days
    steps: dict[date, bool | None] = {
        day: works
        for day, works in named.items()
        if own.get(day) is not works or holding[day].works is not works
    }
    former = {
        entry.day
        for entry in known
        if (entry.notice, entry.year) == (notice.name, notice.year) and own[entry.day] is not None
    }
    return dict(sorted({**steps, **dict.fromkeys(former - set(named))}.items()))


def loaded_days(entries: Iterable[Entry]) -> LoadedDays:
    """The days that hold, as a layer; NOTHING where nothing was loaded."""
    holding = in_force(entries)
    if not holding:
        return NOTHING
    return LoadedDays(
        frozenset(day for day, entry in holding.items() if not entry.works),
        frozenset(day for day, entry in holding.items() if entry.works),
    )


def whole_years(loaded: LoadedDays) -> set[int]:
    """The years of which loaded notices name every festival."""
    years = {day.year for day in loaded.holidays}
    return {year for year in years if not calendars.missing(year, loaded.holidays)}


def missing_of(package: DayTable, loaded: LoadedDays, year: int) -> tuple[str, ...]:
    """The festivals that keep a year provisional; none for a year that the package knows."""
    return () if year in package.years else calendars.missing(year, loaded.holidays)


def nation_with(package: DayTable, loaded: LoadedDays) -> DayTable:
    """The nation's days with the loaded ones over the package's (law.md §3.1(4)).

    In a year that was loaded whole the days that 放假办法2 itself makes holidays rest, also where a
    notice forgets one and does not say that it works.
    """
    if loaded == NOTHING:
        return package
    named, whole = loaded.holidays | loaded.workdays, whole_years(loaded)
    rest = {day for day in package.holidays - named if day.year not in whole}
    work = {day for day in package.workdays - named if day.year not in whole}
    rest |= loaded.holidays | forgotten(loaded, whole)
    return DayTable(
        package.name, package.source, frozenset(rest), frozenset(work | loaded.workdays),
        package.years | whole,
    )  # fmt: skip


def forgotten(loaded: LoadedDays, years: Iterable[int]) -> set[date]:
    """The days off of 放假办法2 in the years that no loaded notice names at all."""
    by_law = {day for year in years for day in calendars.statutory(year, year)}
    return by_law - loaded.holidays - loaded.workdays


def differences(package: DayTable, loaded: LoadedDays, year: int) -> list[Difference]:
    """The days of a year that work by the loaded notices and rest by the package, or the other way;
    none for a year that the package does not know."""
    if year not in package.years:
        return []
    nation, first = nation_with(package, loaded), date(year, 1, 1)
    days = (first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1))
    return [
        Difference(day, said_of(nation, day), said_of(package, day))
        for day in days
        if works(nation, day) != works(package, day)
    ]


def works(nation: DayTable, day: date) -> bool:
    """Whether a day of a known year works by the nation's table alone."""
    return day in nation.workdays or (day not in nation.holidays and day.weekday() < 5)


def said_of(nation: DayTable, day: date) -> str:
    """放假, 调休上班, 周末, 工作日."""
    if day in nation.holidays:
        return "放假"
    if day in nation.workdays:
        return "调休上班" if day.weekday() >= 5 else "上班"
    return "工作日" if day.weekday() < 5 else "周末"
