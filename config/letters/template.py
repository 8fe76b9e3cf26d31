"""A template of a letter: a head in TOML that says what it is, then its words as they stand on paper.

A line is a paragraph. Lines that begin with | are ways of saying one paragraph: the first whose values are
all known is taken, else the last. What a line may begin with:

    # ## and =    a heading, a heading below it, a line without indent
    @ list        the line is said for every row of the list
    * insert      what the program puts together stands here: the answers, the remedy
    + list        a table over the rows of the list: `head: words: width` with | between the columns
    :             a row of a form: `label = words`; what is not known is left blank to write in by hand
    ;             nothing: a remark of the template
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from config.letters.phrases import Phrase, phrase
from config.rows import ROW, Flag, LawDay, Text, Whole, Word, Words

INSERTS = ("answers", "remedy", "page")
SIGN = {"#": "heading", "##": "subheading", "=": "flat", "@": "each", "*": "insert", "+": "table", ":": "form"}  # fmt: skip

To = Literal[
    "applicant", "third_party", "agency", "unit", "reviewer", "successor", "organ", "court", "post", "file"
]  # fmt: skip
BLIND: tuple[To, ...] = ("third_party", "agency", "reviewer")
"""Who never learns who applies: other parties, and who reviews secrecy (law.md §3.5, §8.2)."""

HIDDEN = frozenset(
    [
        "applicant",
        "applicant_id",
        "applicant_contact",
        "applicant_agent",
        "applicant_reach",
        "applicant_address",
        "assistance",
        "only_item",
        "several_items",
        "asked",
        "items",
        "earlier_requests",
        "paper_to",
        "paper_address",
        "dispute_by",
        "consulted",
        "supplied_items",
        "papers",
        "posted",
        "course",
    ]
)
"""What tells who applies, or may: their names, and their own words. Never in a paper to another party."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a letter is.

    place: in the list of letters (practice.md §2.2). addressee: who gets it, with places of values.
    made_by: events of which it is the paper. follows: events after which it is to be written and has no event of
    its own (if_needed: not always). stages: of a paper of the file, the stages in which it can be printed. needs: a paper was posted;
    awaited: one of which it is not known whether it arrived. cases: kinds of cases that have it. answers: how
    the case answers (first; ordered, replace, supplement, correct: anew). chosen: it is about one of several: a
    consultation, a dispute, a paper.
    number: the word of its kind in the number of the letter; empty for papers without one. called: what its
    remedy calls it. annexes: what goes with it besides what is supplied. signed: with name, day and whom to
    ask. wide: its table needs the long side of the sheet.
    """

    __pydantic_config__ = ROW
    kind: Word
    label: Text
    place: Annotated[Whole, Field(ge=1, le=99)]
    title: Text
    to: To
    basis: Text
    holds_from: LawDay
    remedy: Literal["none", "reply", "third_party"] = "none"
    addressee: Text | None = None
    number: str = ""
    called: Text = "本答复"
    annexes: tuple[Text, ...] = ()
    made_by: Words = ()
    follows: Words = ()
    stages: Words = ()
    cases: Words = ("application",)
    answers: Words = ()
    chosen: Literal["none", "consultation", "review", "suit", "dispute", "paper"] = "none"
    needs: Literal["none", "posted", "awaited"] = "none"
    if_needed: Flag = False
    signed: Flag = True
    wide: Flag = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its words, its share of the width."""

    head: str
    words: Phrase
    width: int


@dataclass(frozen=True, slots=True)
class Block:
    """What stands together on paper. kind: text, heading, subheading, flat, each, insert, table, form.
    ways: ways of saying it. list: of each and table. columns: of a table. label: of a row of a form."""

    kind: str
    line: int
    ways: tuple[Phrase, ...] = ()
    list: str = ""
    columns: tuple[Column, ...] = ()
    label: str = ""

    def names(self) -> Iterator[str]:
        for one in (*self.ways, *(column.words for column in self.columns)):
            yield from one.names

    def placed(self) -> Iterator[tuple[int, str]]:
        """Every name with its line in the file; the last of several ways stands on the block's own."""
        first = self.line - max(len(self.ways) - 1, 0)
        for line, way in enumerate(self.ways, first):
            yield from ((line, name) for name in way.names)
        for column in self.columns:
            yield from ((self.line, name) for name in column.words.names)


@dataclass(frozen=True)
class Template:
    """A letter of one kind as it is written from a day on. file: its name; first_line: of its words."""

    head: Head
    blocks: tuple[Block, ...]
    file: str

    @cached_property
    def asks(self) -> frozenset[str]:
        """The names of all values and lists that its words name, and those of who signs."""
        found = set(phrase(self.head.addressee).names) if self.head.addressee else set()
        for block in self.blocks:
            found |= {block.list, *block.names()}
        return frozenset(found)

    @property
    def holds_from(self) -> date:
        return self.head.holds_from


class LineSlip(ValueError):
    """A line of a template that cannot be read."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")


def blocks_of(text: str, first_line: int) -> tuple[Block, ...]:
    """The blocks of the words of a template. Raises LineSlip with the line of the file."""
    found: list[Block] = []
    for number, line in enumerate(text.splitlines(), first_line):
        said = line.strip()
        if not said or said.startswith(";"):
            continue
        try:
            block = _block(said, number)
        except ValueError as slip:
            raise LineSlip(number, str(slip)) from slip
        last = found[-1] if found else None
        if block.kind == "way":
            if last is None or last.kind != "ways" or last.line != number - 1:
                found.append(Block("ways", number, block.ways))
            else:
                found[-1] = Block("ways", number, (*last.ways, *block.ways))
            continue
        found.append(block)
    return tuple(Block("text", b.line, b.ways) if b.kind == "ways" else b for b in found)


def _block(said: str, number: int) -> Block:
    sign, _, rest = said.partition(" ")
    if sign == "|":
        return Block("way", number, (phrase(rest.strip()),))
    kind = SIGN.get(sign)
    rest = rest.strip()
    if kind is None:
        return Block("text", number, (phrase(said),))
    if not rest:
        raise ValueError(f"nothing stands after {sign}")
    if kind == "insert":
        if rest not in INSERTS:
            raise ValueError(f"nothing named {rest} can be put in: {', '.join(INSERTS)}")
        return Block(kind, number, list=rest)
    if kind in ("each", "table"):
        name, _, words = rest.partition(" ")
        if not words.strip():
            raise ValueError(f"{name}: no words for its rows")
        if kind == "each":
            return Block(kind, number, (phrase(words.strip()),), name)
        return Block(kind, number, (), name, tuple(_column(one) for one in words.split("|")))
    if kind == "form":
        label, equals, words = rest.partition("=")
        if not equals or not label.strip():
            raise ValueError("a row of a form is: label = words")
        return Block(kind, number, (phrase(words.strip()),), label=label.strip())
    return Block(kind, number, (phrase(rest),))


def _column(said: str) -> Column:
    parts = [part.strip() for part in said.split(":")]
    if len(parts) != 3 or not parts[0] or not parts[2].isdigit() or not 0 < int(parts[2]) < 100:
        raise ValueError(f"a column is head: words: width, not {said.strip()}")
    return Column(parts[0], phrase(parts[1]), int(parts[2]))
