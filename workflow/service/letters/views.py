"""What is said of the letters of a case: a version that is kept, the one that counts now, what is in the file."""

from dataclasses import dataclass
from datetime import datetime

from workflow.case.facts import Logged
from workflow.clock import Step
from workflow.letters import Letter
from workflow.letters.differing import Difference
from workflow.letters.letter import Gap

CODE_GAP = "【机关代字】"
"""Stands in a number while the body has not said its short name."""
DRAFTED, UPLOADED, SCAN = "drafted", "uploaded", "scan"
SOURCES = {DRAFTED: "系统起草", UPLOADED: "修改后传回", SCAN: "盖章扫描件"}
"""Where a version of a paper comes from."""


@dataclass(frozen=True, slots=True)
class By:
    """Who keeps a letter, when, and the line of the log with which it goes out; shown: their name in
    full, where it is at hand. stands_for: user name of who was away and for whom they do it."""

    actor: str
    role: str
    at: datetime
    seq: int | None
    shown: str = ""
    stands_for: str | None = None

    @classmethod
    def line(cls, line: Logged, shown: str = "") -> "By":
        return cls(line.actor, line.role, line.recorded_at, line.seq, shown, line.stands_for)


@dataclass(frozen=True)
class InFile:
    """A version of a paper that is in the file. number: as it stands on paper; empty where it has none. seq: the
    line of the log with which it went out or that signed it; None: it is neither yet."""

    kind: str
    about: str
    version: int
    source: str
    hash: str
    seq: int | None
    number: str
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Last:
    """The last version of a letter, as the page of its case names it. void: its number is void."""

    kind: str
    label: str
    about: str
    number: str
    void: bool
    version: int
    made_at: datetime


@dataclass(frozen=True)
class Kept:
    """A version as a list shows it. void: its number is void. differences: what an uploaded one says otherwise
    than the facts; findings: words in it that no longer hold. stands_for: user name of who was away and for whom the
    actor did it."""

    id: int
    kind: str
    label: str
    about: str
    version: int
    source: str
    hash: str
    number: str
    number_id: int | None
    void: bool
    seq: int | None
    file_id: int | None
    actor: str
    role: str
    made_at: datetime
    differences: tuple[Difference, ...] = ()
    findings: tuple[str, ...] = ()
    stands_for: str | None = None

    @property
    def source_label(self) -> str:
        return SOURCES[self.source]


@dataclass(frozen=True)
class Differences:
    """What came back: the version that it is now, what it says otherwise than the facts, and what in it no longer
    holds. compared: its text could be read; a PDF or a picture is kept as it is."""

    version: int
    hash: str
    differences: tuple[Difference, ...]
    findings: tuple[str, ...]
    compared: bool


@dataclass(frozen=True)
class Composed:
    """A letter together with the event that would make it: what would stand on paper, and the days as they would be
    then, each with its reason. gaps: the places that stay open once it is numbered. Nothing of it is written."""

    letter: Letter
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class BookLine:
    """A number in the book: what it is for, who took it when and in whose place (names in full); void: who made it void, when and why."""

    text: str
    series: str
    year: int
    n: int
    label: str
    agency: str
    case: str
    actor: str
    taken_at: datetime
    void: tuple[str, datetime, str] | None = None
    stands_for: str = ""


@dataclass(frozen=True)
class Book:
    """The numbers of a body and year. years: of which it has numbers; series: those of the year, as (name, how
    many)."""

    agency: str
    name: str
    year: int
    years: tuple[int, ...]
    series: tuple[tuple[str, int], ...]
    lines: tuple[BookLine, ...]

    @property
    def without_code(self) -> list[BookLine]:
        """The numbers that are not void and were given before the body had said its short name (代字)."""
        return [one for one in self.lines if CODE_GAP in one.text and one.void is None]


@dataclass(frozen=True)
class Current:
    """The paper that counts now: the newest one of its kind, or what would be drafted where none is kept.

    letter: what stands in it; of an uploaded one the facts to which it was held. hash: of the paper, to be said
    by who signs it. kept: the version that holds it; None: it is only drafted. file_id: of an uploaded one.
    """

    kind: str
    about: str
    hash: str
    letter: Letter
    kept: InFile | None = None
    file_id: int | None = None

    @property
    def signed(self) -> bool:
        """It is signed, or went out."""
        return self.kept is not None and self.kept.seq is not None
