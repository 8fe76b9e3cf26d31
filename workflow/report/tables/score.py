"""What costs a body points in a year (practice.md §3.5): each point with its case, its day and why.

How many there are follows from the kept words alone (docs/decisions/0017); which cases they are, from rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import Law
from workflow.case.facts import Proceeding
from workflow.case.row import proceeding_of
from workflow.dates import in_words
from workflow.report.tables.kept import RECORD, Kept, kept_of
from workflow.rules.calendar import Calendar

OWN_MENDING = ("supplement", "correct", "replace")
"""Ways in which a body mends a reply by itself."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One point: its name in supervision.toml, the case, the day on which it arose, and why, in words."""

    point: str
    number: str
    day: date
    why: str


def points_of(kept: Kept, year: int, law: Law) -> Counter[str]:
    """The points that one case of the word costs its body in the year, by name."""
    case, found = kept.case, Counter[str]()
    closed = case.closed_on is not None and case.closed_on.year == year
    if closed and kept.marks.late is not None:
        found["late"] += 1
    if closed and RECORD in kept.marks.look:
        found["no_record"] += 1
    received = case.received_on
    if case.redo_of and case.redo_mode in OWN_MENDING and received and received.year == year:
        found["mended"] += 1
    found["overturned"] += len(overturned(case.proceedings, year, law))
    return +found


def overturned(proceedings: Iterable[Proceeding], year: int, law: Law) -> list[Proceeding]:
    """The reviews and suits that ended in the year with the reply corrected."""
    return [
        one
        for one in proceedings
        if one.concluded_on is not None
        and one.concluded_on.year == year
        and (result := law.results.get((one.kind, one.result or ""))) is not None
        and result.cell == "corrected"
    ]


def points_of_words(words: Mapping[str, int], year: int, law: Law) -> Counter[str]:
    """How often a body lost each point by its cases; words: how many cases have each."""
    found: Counter[str] = Counter()
    for word, times in words.items():
        for name, often in points_of(kept_of(word), year, law).items():
            found[name] += often * times
    return found


def words_with_points(words: Iterable[str], year: int, law: Law) -> list[str]:
    """Those that cost a point."""
    return [word for word in words if points_of(kept_of(word), year, law)]


def total(found: Mapping[str, int], law: Law) -> float:
    """The sum of points, below zero."""
    return sum(law.supervision.points[name].points * often for name, often in found.items())


def in_points(number: float) -> str:
    """−3, −0.5, 0: with the sign of a minus."""
    said = f"{abs(number):g}"
    return f"−{said}" if number < 0 else said


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """A row of a case, as far as its points go."""

    number: str
    word: str
    opened_on: date
    received_on: date | None
    reply_due: date | None
    closed_on: date | None
    redo_of: str | None
    proceedings: list[dict[str, Any]]


def grounds_of(row: ScoredCase, year: int, law: Law, calendar: Calendar) -> Iterator[Ground]:
    """The grounds of the points that a case costs its body in the year: as many as `points_of` counts."""
    found = points_of(kept_of(row.word), year, law)
    if found["late"] and row.reply_due and row.closed_on:
        late = calendar.late(row.reply_due, row.closed_on)
        why = f"答复期限是{in_words(row.reply_due)}，{in_words(row.closed_on)}才答复，逾期 {late} 个工作日"
        yield Ground("late", row.number, row.closed_on, why)
    if found["no_record"] and row.closed_on:
        yield Ground(
            "no_record", row.number, row.closed_on, law.supervision.points["no_record"].why
        )
    if found["mended"] and row.received_on:
        yield Ground("mended", row.number, row.received_on, f"自行更正 {row.redo_of} 的答复")
    for one in overturned_of(row, year, law):
        assert one.concluded_on is not None
        kind = "行政复议" if one.kind == "review" else "行政诉讼"
        about = f"（{one.case_number}）" if one.case_number else ""
        why = f"{kind}{about}：{law.results[one.kind, one.result or ''].label}"
        yield Ground("overturned", row.number, one.concluded_on, why)


def overturned_of(row: ScoredCase, year: int, law: Law) -> list[Proceeding]:
    """The reviews and suits over a case that ended in the year with the reply corrected."""
    return overturned((proceeding_of(entry) for entry in row.proceedings), year, law)
