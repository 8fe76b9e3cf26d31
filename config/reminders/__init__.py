"""The ladder of reminders: `load_ladder()` reads and checks ladder.toml once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import Field

from config.errors import TableError
from config.law import load_law
from config.rows import (
    ROW,
    Flag,
    Labels,
    Whole,
    Word,
    Words,
    by_name,
    made_from,
    read,
    required,
)

FOLDER = Path(__file__).parent
FILE = "ladder.toml"
ABOVE = "above."
CHANNELS = ("in_app", "mail", "sms")
LEVELS = ("info", "yellow", "red", "black")
PLACEHOLDERS = frozenset(("number", "days_left", "due"))
TOLD = (
    "nobody_holds_the_role", "channel_failing", "applicant_not_reached", "group_not_reached", "no_backup",
)  # fmt: skip
KINDS = frozenset(
    (
        *("confirm", "assign", "begin", "correction_question", "draft", "extension", "reply"),
        *("correction", "reasons", "fee", "opinion", "secrecy_review", "send", "service_failed"),
        *(
            "arrival",
            "reply_arrival",
            "returned",
            "scan",
            "release",
            "review_answer",
            "suit_answer",
            "appeal",
        ),
        *("opinion_report", "publication", "document", "parcel", "annual_report", "reports_below"),
        *("calendar_missing", "calendar_now", "re_evaluation"),
    )
)
"""The kinds of days that the program watches."""
CANNOT_BE_PUT_OFF = frozenset(
    (
        *("reply_0", "reply_red", "reply_black", "send_today", "send_late"),
        *("service_failed_today", "service_failed_late"),
        *("review_5", "review_2", "review_0", "suit_5", "suit_2", "suit_0", "parcel_late"),
    )
)
"""The moments that no setting puts off, and no removed row."""
OWN_DAYS = frozenset(("correction", "reasons", "fee", "reply"))
"""The kinds of days of which applicants are reminded."""
OWN = ("applicant",)
WHEN = ("left", "after", "same_day", "each_year")
A_LEAP_YEAR = 2024
HANDLER = "handler"
AT_ONCE = frozenset(
    (
        *("new_application", "assigned", "corrected", "reasons_given", "papers_sent", "withdrawn"),
        *("draft_returned", "came_back"),
    )
)
"""What staff are told at once."""
HAPPENS = frozenset(("upload", "returned", "message"))
"""What happens besides events: the applicant sent papers, or wrote to the office; a paper that went out came back."""


class LadderError(TableError):
    """A row of the ladder contradicts itself or the law's tables. Names the file and the row."""


def _left(value: int) -> int:
    if not 0 <= value <= 60:
        raise ValueError("left is a number of working days, 0 to 60")
    return value


def _after(value: int | list[int]) -> tuple[int, int]:
    first, last = value if isinstance(value, list) else (value, value)
    if not 1 <= first <= 400 or not 0 <= last <= 400 or (last and last < first):
        raise ValueError("after is a number of working days from 1, or [first, last]")
    return first, last


def _every(value: int) -> int:
    if not 1 <= value <= 60:
        raise ValueError("every is a number of working days, 1 to 60")
    return value


def _each_year(value: list[str]) -> tuple[tuple[int, int], ...]:
    days = [date.fromisoformat(f"{A_LEAP_YEAR}-{day}") for day in value]
    if not days or days != sorted(set(days)):
        raise ValueError("each_year needs a day, and each day once, in order")
    return tuple((day.month, day.day) for day in days)


Two = Annotated[list[Whole], Field(min_length=2, max_length=2)]


@dataclass(frozen=True, slots=True)
class Moment:
    """One rung: of which day, when, to whom, how and in which words.

    left: working days before the day. after: first and last working day after it (last 0: no end).
    every: working days from one time to the next within `after`, 1: daily, 5: weekly.
    same_day: hour on the day itself. each_year: (month, day) pairs. Exactly one of them is given.
    period: working days allowed after the day. to: roles, those of the body above with `above.`; of the handlers those
    to whom the case is assigned. unit_head: the heads of their units too.
    """

    __pydantic_config__ = ROW
    name: Word
    label: str
    of: Word
    to: tuple[str, ...]
    channels: Words
    level: str
    words: str
    basis: str
    left: Annotated[int | None, made_from(Whole, _left)] = None
    after: Annotated[tuple[int, int] | None, made_from(Whole | Two, _after)] = None
    same_day: Annotated[time | None, made_from(str, time.fromisoformat)] = None
    each_year: Annotated[tuple[tuple[int, int], ...], made_from(list[str], _each_year)] = ()
    period: Whole | Word = 0
    every: Annotated[int, made_from(Whole, _every)] = 1
    unit_head: Flag = False

    @property
    def repeats(self) -> bool:
        """Daily or weekly until cured, or to its last day."""
        return self.after is not None and self.after[0] != self.after[1]


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What is said when something happens to a case, and not on a day.

    events: of the log, or one of HAPPENS. by_applicant: only where the applicant did it. to: roles; who did it is not
    told. words: with {number} and {due} (the last day to reply); words_no_due: where there is none, empty for `words`.
    """

    __pydantic_config__ = ROW
    name: Word
    label: str
    events: Words
    to: tuple[str, ...]
    channels: Words
    level: str
    words: str
    basis: str
    words_no_due: str = ""
    by_applicant: Flag = False

    @property
    def moment(self) -> Moment:
        """As a rung that falls on no day."""
        return Moment(self.name, self.label, "", self.to, self.channels, self.level, self.words, self.basis)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LadderFile:
    """ladder.toml as it is written."""

    __pydantic_config__ = ROW
    told: dict[str, Words]
    days: Labels
    moment: Annotated[tuple[Moment, ...], Field(min_length=1)]
    at_once: Annotated[tuple[AtOnce, ...], Field(min_length=1)]
    own: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderLadder:
    """All rungs by name, the kinds of days with their conditions in words, the roles that are told of what is no rung
    (TOLD), and what is said at once, by name and by what happened. own: the rungs of applicants who have an account."""

    days: Mapping[str, str]
    told: Mapping[str, tuple[str, ...]]
    moments: Mapping[str, Moment]
    by_kind: Mapping[str, tuple[Moment, ...]]
    at_once: Mapping[str, AtOnce]
    by_event: Mapping[str, tuple[AtOnce, ...]]
    own: Mapping[str, Moment]

    def for_applicants(self) -> "ReminderLadder":
        """The ladder of those who have an account."""
        by_kind = {
            kind: tuple(moment for moment in self.own.values() if moment.of == kind)
            for kind in self.days
        }
        return replace(self, moments=self.own, by_kind=by_kind)

    def rung(self, name: str) -> Moment | None:
        """A rung by its name, of staff or of applicants."""
        return self.moments.get(name) or self.own.get(name)

    def labels(self) -> dict[str, str]:
        """Whatever is said to staff, by name, with its plain name."""
        at_once = {name: row.label for name, row in self.at_once.items()}
        return at_once | {name: moment.label for name, moment in self.moments.items()}


@cache
def load_ladder(folder: Path = FOLDER) -> ReminderLadder:
    """Read and check the ladder. Raises LadderError with the file and the row that is wrong."""
    file = read(folder / FILE, LadderFile, LadderError)
    days = file.days
    moments = by_name(file.moment, lambda moment: moment.name, FILE, LadderError)
    for name, moment in moments.items():
        slip = _slip(moment, days)
        if slip:
            raise LadderError(f"{FILE}: {name}: {slip}")
    without = set(days) - {moment.of for moment in moments.values()}
    if without:
        raise LadderError(f"{FILE}: days: no moment for {', '.join(sorted(without))}")
    for name, label in load_law().settings["reminders_off"].values.items():
        if name not in moments or moments[name].label != label:
            raise LadderError(f"settings.toml: reminders_off: {name} is not a moment of {FILE}")
    required(FILE, "kind of day", KINDS, days, LadderError)
    required(FILE, "moment", CANNOT_BE_PUT_OFF, moments, LadderError)
    by_kind = {kind: tuple(m for m in moments.values() if m.of == kind) for kind in days}
    own = by_name(file.own, lambda moment: moment.name, FILE, LadderError)
    for name, moment in own.items():
        slip = _slip(moment, days)
        if moment.to != OWN or moment.of not in OWN_DAYS or name in moments:
            slip = slip or "what is said to applicants is of their own days, to them alone"
        if slip:
            raise LadderError(f"{FILE}: {name}: {slip}")
    at_once = by_name(file.at_once, lambda row: row.name, FILE, LadderError)
    for name, row in at_once.items():
        slip = _slip_at_once(row) or ("a moment of that name is there" if name in moments else "")
        if slip:
            raise LadderError(f"{FILE}: {name}: {slip}")
    said = {event for row in at_once.values() for event in row.events}
    required(FILE, "event to tell of", HAPPENS, said, LadderError)
    required(FILE, "message", AT_ONCE, at_once, LadderError)
    by_event = {
        event: tuple(row for row in at_once.values() if event in row.events) for event in said
    }
    return ReminderLadder(days, _told(file.told), moments, by_kind, at_once, by_event, own)


def _slip_at_once(row: AtOnce) -> str:
    """What is wrong with what is said at once; empty if nothing is."""
    unknown = set(row.events) - HAPPENS - set(load_law().transitions)
    if unknown or not row.events:
        return f"no event named {', '.join(sorted(unknown))}"
    if any(_placeholders(text) - {"number", "due"} for text in (row.words, row.words_no_due)):
        return "words hold more than the number and the day"
    if "due" in _placeholders(row.words_no_due) or row.words_no_due != row.words_no_due.strip():
        return "words_no_due name a day, or are not plain"
    return next((message for holds, message in _said_well(row) if not holds), "")


def _told(rows: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    roles = load_law().words.roles
    if set(rows) != set(TOLD) or not all(rows.values()):
        raise LadderError(f"{FILE}: told: roles are needed for {', '.join(TOLD)} and nothing else")
    for name, named in rows.items():
        for role in named:
            if role not in roles:
                raise LadderError(f"{FILE}: told: {name}: no label for the role {role}")
    return rows


def _slip(moment: Moment, days: Mapping[str, str]) -> str:
    """What is wrong with a moment; empty if nothing is."""
    given = (
        moment.left is not None,
        bool(moment.after),
        bool(moment.same_day),
        bool(moment.each_year),
    )
    checks = (
        (sum(given) == 1, f"exactly one of {', '.join(WHEN)} is needed"),
        (moment.every == 1 or moment.repeats, "every needs a span of days in after"),
        (moment.of in days, f"no kind of day named {moment.of}"),
        (
            moment.unit_head == (moment.unit_head and HANDLER in moment.to),
            "unit_head needs the handler",
        ),
        *_said_well(moment),
        (_placeholders(moment.words) <= PLACEHOLDERS, "words hold more than number and days"),
        (
            0 <= moment.period <= 400
            if isinstance(moment.period, int)
            else moment.period in load_law().periods,
            f"no period named {moment.period}",
        ),
    )
    return next((message for holds, message in checks if not holds), "")


def _said_well(row: Moment | AtOnce) -> Iterator[tuple[bool, str]]:
    """What holds of whatever is said, on a day or at once, each with the words where it does not."""
    roles = load_law().words.roles
    yield bool(row.to), "nobody to tell"
    yield (
        all(role.removeprefix(ABOVE) in roles for role in row.to)
        and len(set(row.to)) == len(row.to),
        f"no label for a role of {', '.join(row.to)}",
    )
    yield (
        "in_app" in row.channels and set(row.channels) <= set(CHANNELS),
        f"channels are in_app and of {', '.join(CHANNELS)}",
    )
    yield row.level in LEVELS, f"no level named {row.level}"
    yield (
        all(text == text.strip() != "" for text in (row.label, row.words, row.basis)),
        "label, words and basis are missing",
    )


def _placeholders(words: str) -> set[str]:
    """The names between braces; text that is no template counts as one name that nobody knows."""
    try:
        return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    except ValueError:
        return {words}
