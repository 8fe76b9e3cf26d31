"""What a row of a ledger is while it is read: its cells, what was found in them, what happened on which day.

Findings name our column; errors stop the import, warnings say what was left to the remark.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from config.law import Law
from config.ledger import Ledger
from workflow.case.facts import Applicant
from workflow.docket.ledger import values
from workflow.docket.ledger.book import Value
from workflow.docket.ledger.heads import Line
from workflow.docket.ledger.values import BadCell

Got = TypeVar("Got")
WAITING = "submitted"
"""Of a row that nobody has confirmed yet: submitted, not received."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with, or to be known of, a row. column: name of ours, None for the row."""

    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the row. column: which of ours tells it; optional: if the rules refuse it, it goes into the
    remark and the row goes on; filled: fields that nobody told."""

    event: str
    on: date
    column: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False
    filled: tuple[str, ...] = ()


@dataclass(slots=True)
class Read:
    """A row that was read. number: None where the row has none of its own. told: what stands beside the case
    in words, by our heads. private: contact and proof, to be sealed. said: what the sheet says came out
    (用时, 是否超期), to be compared. days_only: of a case with no answer yet."""

    line: Line
    number: str | None = None
    applicants: tuple[Applicant, ...] = ()
    request: str = ""
    items: tuple[str, ...] = ()
    received_on: date | None = None
    submitted_on: date | None = None
    channel: str | None = None
    steps: list[Step] = field(default_factory=list)
    private: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    redo_of: str | None = None
    redo_mode: str | None = None
    redo_due: date | None = None
    joint_letter: str | None = None
    delivery: tuple[str, ...] = ("pickup",)
    outcome: str | None = None
    unaccepted: bool = False
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """What a row is read by: the law, the table of ledgers, the settings of the body; outcomes: their words in
    cells, the labels of the law among them."""

    law: Law
    table: Ledger
    settings: Mapping[str, Any]
    outcomes: Mapping[str, Sequence[str]]


class Cells:
    """A row while it is read: one part of the reading after another adds to `made`."""

    def __init__(self, words: Words, made: Read) -> None:
        self.words, self.made, self.line = words, made, made.line
        self.law, self.table = words.law, words.table

    def error(self, column: str | None, message: str) -> None:
        found = Finding(column, message)
        if found not in self.made.errors:  # a cell may be looked at twice
            self.made.errors.append(found)

    def warn(self, column: str | None, message: str) -> None:
        self.made.warnings.append(Finding(column, message))

    def tried(self, column: str, read: Callable[[Value], Got], value: Value, empty: Got) -> Got:
        """What the reader of a cell gives; what is wrong with the cell is an error of the row."""
        try:
            return read(value)
        except BadCell as problem:
            self.error(column, str(problem))
            return empty

    def cell(self, column: str) -> Value:
        return self.line.values.get(column)

    def text(self, column: str) -> str | None:
        return self.tried(column, values.text_of, self.cell(column), None)

    def day(self, column: str) -> date | None:
        return self.tried(column, self._one_day, self.cell(column), None)

    def _one_day(self, value: Value) -> date | None:
        line = self.line
        return values.day_of(value, line.year, line.days_from, self.made.received_on)

    def _some_days(self, value: Value) -> list[date]:
        line = self.line
        return values.days_of(value, line.year, line.days_from, self.made.received_on)

    def days(self, column: str) -> list[list[date]]:
        """Days of each entry of the cell."""
        empty: list[date] = []
        parts = values.parts_of(self.cell(column))
        found = [self.tried(column, self._some_days, one, empty) for one in parts]
        return found if any(found) else []

    def word(self, column: str, kind: str | None = None) -> str | None:
        text = self.text(column)
        return values.word_in(text, self.table.words[kind or column]) if text else None

    def step(self, event: str, on: date, column: str, **more: Any) -> None:
        filled = more.pop("filled", ())
        optional = more.pop("optional", False)
        told = {name: value for name, value in more.items() if value is not None}
        self.made.steps.append(Step(event, on, column, told, optional, filled))
