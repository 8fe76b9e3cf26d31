"""Holidays and make-up days: what the State Council and local governments announced.

The nation's years come from chinesecalendar, read once as a table; files here with a `region` add
local days, files with `nation = true` add a year before the package knows it.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from chinese_calendar import constants
from pydantic import AfterValidator, Field

from config.errors import TableError
from config.rows import (
    ROW,
    Flag,
    Text,
    Whole,
    Word,
    by_name,
    made_from,
    once,
    read,
    required,
)

FOLDER = Path(__file__).parent
FESTIVALS = (
    "new_year", "spring", "qingming", "labour", "dragon_boat", "mid_autumn", "national",
)  # fmt: skip
"""放假办法2: what a year's notice has to name."""


class CalendarError(TableError):
    """A file of config/calendars that cannot be. Names the file and the place in it."""


def _days(written: tuple[str, ...]) -> tuple[date, ...]:
    days = tuple(date.fromisoformat(day) for day in written)
    if len(set(days)) < len(days) or any(not 2000 <= day.year <= 2060 for day in days):
        raise ValueError("each day once, from 2000 to 2060")
    return days


def _every_year(written: tuple[str, ...]) -> tuple[str, ...]:
    _days(tuple(f"2001-{day}" for day in written))
    return written


def _near(days: tuple[int, ...]) -> tuple[int, ...]:
    if 0 not in days or any(abs(n) > 10 for n in once(days)):
        raise ValueError("0, the festival itself, and days near to it, each once")
    return days


@dataclass(frozen=True)
class NoticeFile:
    """The days of one layer: of a region, or of the nation for years that the package lacks."""

    __pydantic_config__ = ROW
    source: Text
    holidays: Annotated[tuple[date, ...], made_from(tuple[str, ...], _days)]
    workdays: Annotated[tuple[date, ...], made_from(tuple[str, ...], _days)]
    region: Annotated[str, made_from(Text)] = ""
    nation: Flag = False


@dataclass(frozen=True)
class Festival:
    """A festival of 放假办法2. every_year: month and day, the festival itself first; on: the festival
    itself, for the years laid out; around: which days rest, counted from the day of `on`."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    every_year: Annotated[tuple[str, ...], AfterValidator(_every_year)] = ()
    on: Annotated[tuple[date, ...], made_from(tuple[str, ...], _days)] = ()
    around: Annotated[tuple[Whole, ...], AfterValidator(_near)] = (0,)

    def in_year(self, year: int) -> tuple[date, tuple[date, ...]] | None:
        """The festival itself and the days that rest for it; None for a year that is not laid out."""
        fixed = tuple(date.fromisoformat(f"{year}-{day}") for day in self.every_year)
        if fixed:
            return fixed[0], fixed
        itself = next((day for day in self.on if day.year == year), None)
        return (itself, tuple(itself + timedelta(n) for n in self.around)) if itself else None


@dataclass(frozen=True)
class NoticeNumber:
    """The number of a year's notice. days: only these, by a later notice that changed them; none: the whole year."""

    __pydantic_config__ = ROW
    year: Annotated[Whole, Field(ge=2000, le=2060)]
    number: Annotated[Text, Field(pattern=r"〔\d{4}〕\d+号$")]
    days: Annotated[tuple[date, ...], made_from(tuple[str, ...], _days)] = ()


@dataclass(frozen=True)
class StatutoryFile:
    """statutory.toml: the festivals in the order of the year, and the numbers of the notices."""

    __pydantic_config__ = ROW
    festival: Annotated[tuple[Festival, ...], Field(min_length=1)]
    notice: tuple[NoticeNumber, ...] = ()


@dataclass(frozen=True)
class DayTable:
    """Announced days of one layer. years: those whose whole-year notice is known (nation only)."""

    name: str
    source: str
    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int] = frozenset()


@cache
def nation() -> DayTable:
    """The yearly notices of the State Council (国务院办公厅关于节假日安排的通知)."""
    holidays = set(constants.holidays)
    workdays = set(constants.workdays)
    years = {day.year for day in holidays}
    for notice in notices():
        if notice.nation:
            years |= {d.year for d in notice.holidays if not missing(d.year, notice.holidays)}
            holidays |= set(notice.holidays)
            workdays |= set(notice.workdays)
    return DayTable(
        "全国",
        "国务院办公厅节假日安排通知",
        frozenset(holidays),
        frozenset(workdays),
        frozenset(years),
    )


@cache
def statutory_days(folder: Path = FOLDER) -> StatutoryFile:
    """statutory.toml. Raises CalendarError for a day that is none, and for a festival without days or
    laid out twice for a year."""
    file = read(folder / "statutory.toml", StatutoryFile, CalendarError)
    rows = by_name(file.festival, lambda one: one.name, "statutory.toml", CalendarError)
    required("statutory.toml", "festival", FESTIVALS, rows, CalendarError)
    for name, row in rows.items():
        years = [day.year for day in row.on]
        if bool(row.every_year) == bool(years) or len(set(years)) < len(years):
            raise CalendarError(
                f"statutory.toml: {name}: either every_year or on is needed, each year once"
            )
    whole = [one.year for one in file.notice if not one.days]
    for notice in file.notice:
        if whole.count(notice.year) != 1:
            raise CalendarError(f"statutory.toml: notice: {notice.year}: one for the whole year")
    return file


@cache
def notice_of(day: date) -> str | None:
    """The number of the State Council's notice that says whether a day rests or works; None where no number is known.
    What a notice says of the last days of December stands in that of the next year."""
    rows = statutory_days().notice
    changed = next((row.number for row in rows if day in row.days), None)
    year = day.year + (day.month == 12 and day.day >= 29)
    return changed or next((row.number for row in rows if row.year == year and not row.days), None)


@cache
def festivals(year: int) -> dict[str, tuple[date, tuple[date, ...]] | None]:
    """Every festival by its name: itself and the days that rest for it (放假办法2); None where the
    table does not know the lunar day of the year."""
    return {row.label: row.in_year(year) for row in statutory_days().festival}


def missing(year: int, holidays: Collection[date]) -> tuple[str, ...]:
    """The festivals of a year that the days off of its notices do not name: until there is none, the
    year's arrangement is not known whole."""
    found = festivals(year).items()
    return tuple(label for label, days in found if days is None or days[0] not in holidays)


@cache
def statutory(first_year: int, last_year: int) -> frozenset[date]:
    """The days that 放假办法 itself makes holidays, for years without a notice."""
    years = range(first_year, last_year + 1)
    return frozenset(
        day for year in years for found in festivals(year).values() if found for day in found[1]
    )


@cache
def region(name: str) -> tuple[DayTable, ...]:
    """The local layers of a region, outermost first: the files whose region its name begins with."""
    layers = [
        DayTable(
            notice.region, notice.source, frozenset(notice.holidays), frozenset(notice.workdays)
        )
        for notice in notices()
        if notice.region and name.startswith(notice.region)
    ]
    return tuple(sorted(layers, key=lambda layer: len(layer.name)))


def fingerprints() -> dict[str, str]:
    """A short hash of every layer and year of the tables here, by `layer/year`: what of two versions
    differs stands under different hashes."""
    nation_ = nation()
    found: dict[str, list[str]] = {}
    tables = [nation_, *(region(one.region)[-1] for one in notices() if one.region)]
    for table in tables:
        for word, days in (("rest", table.holidays), ("work", table.workdays)):
            for day in sorted(days):
                found.setdefault(f"{table.name}/{day.year}", []).append(f"{word} {day}")
    for day in sorted(statutory(2000, 2053)):
        if day.year not in nation_.years:
            found.setdefault(f"{nation_.name}/{day.year}", []).append(f"statutory {day}")
    return {
        key: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        for key, lines in found.items()
    }


@cache
def notices(folder: Path = FOLDER) -> tuple[NoticeFile, ...]:
    """The notices in the folder. Raises CalendarError for one that is nobody's or contradicts itself."""
    found: dict[str, NoticeFile] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == "statutory.toml":
            continue
        notice = read(path, NoticeFile, CalendarError)
        if notice.nation == bool(notice.region):
            raise CalendarError(f"{path.name}: either nation = true or a region is needed")
        both = set(notice.holidays) & set(notice.workdays)
        if both:
            raise CalendarError(f"{path.name}: {min(both)} is a holiday and a workday")
        if not notice.holidays:
            raise CalendarError(f"{path.name}: holidays: no day stands there")
        if notice.region in {one.region for one in found.values() if one.region}:
            raise CalendarError(f"{path.name}: region: {notice.region} stands twice")
        found[path.name] = notice
    return tuple(found.values())
