"""The rows of the law's tables, as values: each class is at once the model that its row is checked by.

A new column is a field here, with its type and bounds; what one table says of another is asked in
`config/law/checking.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from config.rows import (
    ROW,
    Flag,
    Labels,
    LawDay,
    Pattern,
    SomeWords,
    Text,
    Texts,
    Whole,
    Word,
    made_from,
)
from config.rows import Words as Names


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case. stage: before_receipt, running, waiting, done or void. draft: a draft of the reply
    is in hand; what leads from here to an open state without one takes it back."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    stage: Literal["before_receipt", "running", "waiting", "done", "void"]
    draft: Flag = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the machine: an event, where it is possible, who may do it, where it leads; its words.

    sources: states; while the file is read a group stands as `@group`. keeps: states that the event
    leaves as they are although it leads the others to `to`.
    follows: events that it presupposes; free: it may be older than the step before it
    (workflow/case/guards/order.py). mark: what the worklist says of a case after it, until the next step;
    then: what usually comes next after it, whatever is usual for the state. news: what the worklist says is new
    after it, to those who have not looked since; nothing where it is no news.
    public: what the applicant reads of it, nothing for what is not told (workflow/case/public.py).
    confirm: what a person is told, and says yes to, before an event that cannot be taken back.
    fields, hints: titles of its own fields and words beside them; `Law.title` knows the common titles.
    """

    __pydantic_config__ = ROW
    event: Word
    label: Text
    button: Text
    doing: Text
    sources: Annotated[
        tuple[str, ...],
        Field(validation_alias="from"),
        made_from(
            Word | SomeWords, lambda given: (f"@{given}",) if isinstance(given, str) else given
        ),
    ]
    to: Word
    by: SomeWords
    guards: Names
    clock: Literal[
        "none", "start", "stop", "restart", "lengthen", "exclude", "override", "recount", "end"
    ]
    basis: Text
    holds_from: LawDay
    routine: Flag = False
    letter: Word | None = None
    purpose: Text | None = None
    confirm: Text | None = None
    awaited: Text | None = None
    public: Texts = ()
    fields: Labels = field(default_factory=dict)
    hints: Labels = field(default_factory=dict)
    seldom: Flag = False
    keeps: Names = ()
    follows: Names = ()
    free: Flag = False
    mark: Text | None = None
    then: Names = ()
    news: Text | None = None

    def steps_from(self, state: str) -> bool:
        """The event is a step of the case in this state, not something beside it."""
        return self.to != "same" and state not in self.keeps

    def leads(self, state: str) -> str:
        """The state in which a case is after the event, from this one."""
        return self.to if self.steps_from(state) else state


@dataclass(frozen=True, slots=True)
class Versioned:
    """A value that the law changed from a day on; pairs of (first day, value), oldest first."""

    versions: tuple[tuple[date, Any], ...]

    def at(self, day: date) -> Any:
        """The value that holds on the day; the oldest one for days before every version."""
        value = self.versions[0][1]
        for first_day, candidate in self.versions:
            if first_day <= day:
                value = candidate
        return value


@dataclass(frozen=True, slots=True)
class NumberFrom:
    """A number that holds from a day on."""

    __pydantic_config__ = ROW
    first_day: Annotated[LawDay, Field(validation_alias="from")]
    value: Annotated[Whole, Field(ge=1, le=400)]


@dataclass(frozen=True, slots=True)
class RemedyFrom:
    """The remedy that a reply names from a day on."""

    __pydantic_config__ = ROW
    first_day: Annotated[LawDay, Field(validation_alias="from")]
    value: Literal["either", "review_first", "partial_remedy", "silence_remedy", "none"]


def _versioned(entries: tuple[NumberFrom | RemedyFrom, ...]) -> Versioned:
    days = [entry.first_day for entry in entries]
    if days != sorted(set(days)):
        raise ValueError("the days must rise, each once")
    return Versioned(tuple((entry.first_day, entry.value) for entry in entries))


def _versions(entry: Any) -> Any:
    """A list of entries, each from its day, kept as `Versioned`."""
    return made_from(Annotated[tuple[entry, ...], Field(min_length=1)], _versioned)


@dataclass(frozen=True, slots=True)
class Way:
    """The remedy against what is no outcome: silence, a release against a third party's will, 条例41."""

    __pydantic_config__ = ROW
    of: Word
    label: Text
    basis: Text
    values: Annotated[Versioned, _versions(RemedyFrom)]


@dataclass(frozen=True, slots=True)
class ReviewOrgan:
    """Bodies on whose acts another than the government above decides in review (行政复议法24 to 28).

    name: what their names look like; levels: of which level they are. organ: the body itself, the
    department above it, or the choice between the government and that department.
    """

    __pydantic_config__ = ROW
    kind: Word
    label: Text
    basis: Text
    organ: Literal["itself", "superior", "government_or_superior"]
    name: Pattern | None = None
    levels: Names = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A number of the law. unit: workdays, days, months or hours."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    unit: Literal["workdays", "days", "months", "hours"]
    basis: Text
    values: Annotated[Versioned, _versions(NumberFrom)]

    @property
    def first_day(self) -> date:
        """The day from which the table knows the number."""
        return self.values.versions[0][0]

    def at(self, day: date) -> int:
        return int(self.values.at(day))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which an application can end, and the row of table 3 that it counts in.

    needs: what must be on file before the reply can be signed. also: what the draft tells besides, where
    the case asks for it (law.md §6.5A).
    """

    __pydantic_config__ = ROW
    code: Word
    cls: Annotated[
        Literal["disclose", "partial", "refuse", "unable", "not_processed", "other"],
        Field(validation_alias="class"),
    ]
    label: Text
    basis: Text
    row: Word
    needs: Names
    remedy: Annotated[Versioned, _versions(RemedyFrom)]
    setting: Word | None = None
    set_by: Word | None = None
    holds_from: LawDay = date(2008, 5, 1)
    also: Names = ()


@dataclass(frozen=True, slots=True)
class ProceedingResult:
    """A result of a review or a suit, and its column of table 4 (`not_counted` for none).

    appeal: the period in which it can be appealed against; None for what is final. agreed: parties may have
    agreed on a new reply in it, so that it can be followed by one (行政复议法73, 77; 行政诉讼法62).
    """

    __pydantic_config__ = ROW
    proceeding: Literal["review", "suit"]
    code: Word
    label: Text
    cell: Literal["upheld", "corrected", "other", "not_counted"]
    setting: Word | None = None
    appeal: Word | None = None
    agreed: Flag = False


@dataclass(frozen=True, slots=True)
class Step:
    """The units from the first one on cost so many yuan each."""

    __pydantic_config__ = ROW
    first: Annotated[Whole, Field(validation_alias="from", ge=1, le=100_000)]
    each: Annotated[Whole, Field(ge=0, le=100_000)]


@dataclass(frozen=True, slots=True)
class Then:
    """After the last step each further `every` units cost `more` yuan each more."""

    __pydantic_config__ = ROW
    every: Annotated[Whole, Field(ge=1, le=100_000)]
    more: Annotated[Whole, Field(ge=1, le=100_000)]


def _rising(steps: tuple[Step, ...]) -> tuple[tuple[int, int], ...]:
    if steps[0].first != 1 or any(
        a.first >= b.first or a.each > b.each for a, b in pairwise(steps)
    ):
        raise ValueError("the steps must begin at 1 and rise")
    return tuple((step.first, step.each) for step in steps)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A progressive tariff of 信息处理费. steps: (first unit, yuan for each unit from there on)."""

    __pydantic_config__ = ROW
    mode: Literal["by_item", "by_page"]
    label: Text
    unit: Text
    basis: Text
    holds_from: LawDay
    steps: Annotated[
        tuple[tuple[int, int], ...],
        made_from(Annotated[tuple[Step, ...], Field(min_length=1)], _rising),
    ]
    then: Then | None = None

    @property
    def every(self) -> int:
        """After the last step the price rises each `every` units; 0 if it does not."""
        return self.then.every if self.then else 0

    @property
    def more(self) -> int:
        """By how many yuan it rises."""
        return self.then.more if self.then else 0


@dataclass(frozen=True, slots=True)
class Table2Block:
    """One block of table 二: an item of 条例20 with its columns (fields) and rows (items), key → label."""

    title: str
    fields: Mapping[str, str]
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableFormats:
    """Tables 2, 3 and 4 in both formats: row and column keys with their official labels, in order.

    meanings: what rows, columns, blocks, cells, items and fields mean, by their keys.
    """

    columns: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, str]
    blocks: Mapping[str, str]
    cells: Mapping[str, str]
    years: Mapping[str, tuple[int, int]]
    sources: Mapping[str, str]
    table2: Mapping[str, tuple[Table2Block, ...]]
    sections: Mapping[str, str]
    meanings: Mapping[str, Mapping[str, str]]

    def format_of(self, year: int) -> str:
        """The format in which a body reports on the year: "2019" or "2021"."""
        for name, (first, last) in self.years.items():
            if first <= year <= last:
                return name
        raise ValueError(f"{year} 年没有年报格式")

    def format_of_table2(self, given: Mapping[str, Mapping[str, Any]] | None, fmt: str) -> str:
        """The format whose columns a table 二 has; fmt, that of its report, where it might be either."""
        there = {(item, name) for item, cells in (given or {}).items() for name in cells}

        def known(name: str) -> tuple[int, bool]:
            own = {
                (i, key) for block in self.table2[name] for i in block.items for key in block.fields
            }
            return len(there & own), name == fmt

        return max(self.table2, key=known)

    def result_rows(self, fmt: str) -> tuple[str, ...]:
        """The rows whose sum is (七)总计."""
        outside = ("new_received", "carried_in", "total", "carried_out")
        return tuple(row for row in self.rows[fmt] if row not in outside)

    def applicant_columns(self) -> tuple[str, ...]:
        """The six columns whose sum is 总计."""
        return tuple(column for column in self.columns if column != "total")

    def row_in(self, row: str, fmt: str) -> str:
        """The row of a format that a result row of format 2021 belongs to (the three 其他处理 are
        one row in format 2019)."""
        if row in self.rows[fmt]:
            return row
        return "other" if row.startswith("other") else row

    def group_of(self, row: str) -> str | None:
        """The heading above a row: refused, unable, not_processed, other; None for rows without."""
        for group in self.groups:
            if row.startswith(group + "_"):
                return group
        return None


@dataclass(frozen=True, slots=True)
class OutdatedPhrase:
    """What old templates say that no longer holds, from the day on which it stopped holding.

    only: what the sentence must say besides. within: what must stand somewhere in the text. right: a
    sentence that says this is right.
    """

    __pydantic_config__ = ROW
    name: Word
    pattern: Pattern
    message: Text
    article: Text
    holds_from: LawDay
    only: Pattern | None = None
    within: Pattern | None = None
    right: Pattern | None = None


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document that reports cite by its number or its title, and the day on which it was made."""

    __pydantic_config__ = ROW
    number: Annotated[str, Field(pattern=r"^\S{1,20}(〔20\d\d〕|令第)\d{1,5}号$")]
    made_on: LawDay
    title: Annotated[str, Field(pattern=r"^《\S{4,60}》$")] | None = None


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """A check of an annual report (law.md §10): level error, warn or note (what was not checked), what it says in a sentence, what
    it needs beside the report itself (report = nothing)."""

    __pydantic_config__ = ROW
    id: Annotated[str, Field(pattern=r"^V[0-9]{2}$")]
    level: Literal["error", "warn", "note"]
    says: Text
    basis: Text
    needs: Literal["report", "before", "cases", "children", "day"]
