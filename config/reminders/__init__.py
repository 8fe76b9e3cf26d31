"""The ladder of reminders: `load_ladder()` reads and checks ladder.toml once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from config.law import load_law

FOLDER = Path(__file__).parent
FILE = "ladder.toml"
ABOVE = "above."
CHANNELS = ("in_app", "mail", "sms")
LEVELS = ("info", "yellow", "red", "black")
PLACEHOLDERS = frozenset(("number", "days_left", "due"))
TOLD = ("nobody_holds_the_role", "channel_failing", "applicant_not_reached", "group_not_reached")
WHEN = ("left", "after", "same_day", "each_year")
A_LEAP_YEAR = 2024


class LadderError(Exception):
    """A row of the ladder contradicts itself or the law's tables. Names the file and the row."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One rung: of which day, when, to whom, how and in which words.

    left: working days before the day. after: first and last working day after it (last 0: no end).
    same_day: hour on the day itself. each_year: (month, day) pairs. Exactly one of them is given.
    period: working days allowed after the day. to: roles, those of the body above with `above.`.
    """

    name: str
    label: str
    of: str
    to: tuple[str, ...]
    channels: tuple[str, ...]
    level: str
    words: str
    basis: str
    left: int | None = None
    after: tuple[int, int] | None = None
    same_day: time | None = None
    each_year: tuple[tuple[int, int], ...] = ()
    period: int | str = 0

    @property
    def repeats(self) -> bool:
        """Daily until cured, or to its last day."""
        return self.after is not None and self.after[0] != self.after[1]


@dataclass(frozen=True, slots=True)
class ReminderLadder:
    """All rungs by name, the kinds of days with their conditions in words, and the roles that are told
    of what is no rung (TOLD)."""

    days: Mapping[str, str]
    told: Mapping[str, tuple[str, ...]]
    moments: Mapping[str, Moment]
    by_kind: Mapping[str, tuple[Moment, ...]]


@cache
def load_ladder(folder: Path = FOLDER) -> ReminderLadder:
    """Read and check the ladder. Raises LadderError with the file and the row that is wrong."""
    try:
        data = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LadderError(f"{FILE}: {error}") from error
    days: dict[str, str] = data.get("days", {})
    moments: dict[str, Moment] = {}
    for row in data.get("moment", []):
        name = row.get("name")
        if not isinstance(name, str) or not name:
            raise LadderError(f"{FILE}: a moment without a name: {row}")
        if name in moments:
            raise LadderError(f"{FILE}: {name} stands twice")
        try:
            moments[name] = _moment(row, days)
        except (TypeError, ValueError) as error:
            raise LadderError(f"{FILE}: {name}: {error}") from error
    without = set(days) - {moment.of for moment in moments.values()}
    if without:
        raise LadderError(f"{FILE}: days: no moment for {', '.join(sorted(without))}")
    for name, label in load_law().settings["reminders_off"].values.items():
        if name not in moments or moments[name].label != label:
            raise LadderError(f"settings.toml: reminders_off: {name} is not a moment of {FILE}")
    by_kind = {kind: tuple(m for m in moments.values() if m.of == kind) for kind in days}
    return ReminderLadder(days, _told(data.get("told", {})), moments, by_kind)


def _told(rows: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    roles = load_law().words.roles
    if set(rows) != set(TOLD) or not all(rows.values()):
        raise LadderError(f"{FILE}: told: roles are needed for {', '.join(TOLD)} and nothing else")
    for name, named in rows.items():
        for role in named:
            if role not in roles:
                raise LadderError(f"{FILE}: told: {name}: no label for the role {role}")
    return {name: tuple(named) for name, named in rows.items()}


def _moment(row: dict[str, Any], days: Mapping[str, str]) -> Moment:
    given = [key for key in WHEN if key in row]
    if len(given) != 1:
        raise ValueError(f"exactly one of {', '.join(WHEN)} is needed")
    moment = Moment(
        **{
            **row,
            "to": tuple(row.get("to", ())),
            "channels": tuple(row.get("channels", ())),
            **{given[0]: _WHEN[given[0]](row[given[0]])},
        }
    )
    roles = load_law().words.roles
    checks = (
        (moment.of in days, f"no kind of day named {moment.of}"),
        (bool(moment.to), "nobody to tell"),
        (
            all(role.removeprefix(ABOVE) in roles for role in moment.to),
            f"no label for a role of {', '.join(moment.to)}",
        ),
        (
            "in_app" in moment.channels and set(moment.channels) <= set(CHANNELS),
            f"channels are in_app and of {', '.join(CHANNELS)}",
        ),
        (moment.level in LEVELS, f"no level named {moment.level}"),
        (
            bool(moment.label and moment.words and moment.basis),
            "label, words and basis are missing",
        ),
        (_placeholders(moment.words) <= PLACEHOLDERS, "words hold more than number and days"),
        (
            moment.period in load_law().periods
            or (type(moment.period) is int and moment.period >= 0),
            f"no period named {moment.period}",
        ),
    )
    for holds, message in checks:
        if not holds:
            raise ValueError(message)
    return moment


def _placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def _left(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 60:
        raise ValueError("left is a number of working days, 0 to 60")
    return value


def _after(value: Any) -> tuple[int, int]:
    first, last = value if isinstance(value, list) and len(value) == 2 else (value, value)
    if type(first) is not int or type(last) is not int or first < 1 or (last and last < first):
        raise ValueError("after is a number of working days from 1, or [first, last]")
    return first, last


def _same_day(value: Any) -> time:
    return time.fromisoformat(value)


def _each_year(value: Any) -> tuple[tuple[int, int], ...]:
    days = [date.fromisoformat(f"{A_LEAP_YEAR}-{day}") for day in value]
    if not days:
        raise ValueError("each_year needs a day")
    return tuple((day.month, day.day) for day in days)


_WHEN = {"left": _left, "after": _after, "same_day": _same_day, "each_year": _each_year}
