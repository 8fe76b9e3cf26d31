"""Holidays and make-up days: what the State Council and local governments announced.

The nation's years come from chinesecalendar, read once as a table; files here with a `region` add
local days, files with `nation = true` add a year before the package knows it.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from chinese_calendar import constants

FOLDER = Path(__file__).parent


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
    for data in _files():
        if data.get("nation"):
            added = {date.fromisoformat(day) for day in data["holidays"]}
            years |= {day.year for day in added}
            holidays |= added
            workdays |= {date.fromisoformat(day) for day in data["workdays"]}
    return DayTable(
        "全国",
        "国务院办公厅节假日安排通知",
        frozenset(holidays),
        frozenset(workdays),
        frozenset(years),
    )


@cache
def statutory(first_year: int, last_year: int) -> frozenset[date]:
    """The days that 放假办法 itself makes holidays, for years without a notice."""
    data = tomllib.loads((FOLDER / "statutory.toml").read_text(encoding="utf-8"))
    days = {date.fromisoformat(day) for day in data["lunar"]}
    for year in range(first_year, last_year + 1):
        days |= {date.fromisoformat(f"{year}-{day}") for day in data["every_year"]}
    return frozenset(days)


@cache
def region(name: str) -> tuple[DayTable, ...]:
    """The local layers of a region, outermost first: the files whose region its name begins with."""
    layers = [
        DayTable(
            data["region"],
            data["source"],
            frozenset(date.fromisoformat(day) for day in data["holidays"]),
            frozenset(date.fromisoformat(day) for day in data["workdays"]),
        )
        for data in _files()
        if data.get("region") and name.startswith(data["region"])
    ]
    return tuple(sorted(layers, key=lambda layer: len(layer.name)))


def fingerprints() -> dict[str, str]:
    """A short hash of every layer and year of the tables here, by `layer/year`: what of two versions
    differs stands under different hashes."""
    nation_ = nation()
    found: dict[str, list[str]] = {}
    tables = [nation_, *(region(data["region"])[-1] for data in _files() if data.get("region"))]
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


def _files() -> list[dict]:  # type: ignore[type-arg]
    return [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.toml"))
        if path.name != "statutory.toml"
    ]
