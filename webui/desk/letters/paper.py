"""A letter as a page shows it: its lines as on paper, open places marked."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from workflow.letters import Letter
from workflow.letters.letter import Element, Table, day_words

EMPTY = Markup()


@dataclass(frozen=True)
class Block:
    """kind: of a paragraph, or table. rows: of a table, the head first where it has one."""

    kind: str
    text: Markup = EMPTY
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Markup, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A letter for a page."""

    letter: Letter
    blocks: tuple[Block, ...]
    enclosed: tuple[Block, ...]
    number: Markup
    contact: Markup
    day: str


def sheet_of(letter: Letter) -> Sheet:
    """The letter, every open place within it marked."""
    gaps = sorted({re.escape(gap.text) for gap in letter.open}, key=len, reverse=True)
    places = re.compile(f"({'|'.join(gaps)})") if gaps else None

    def marked(text: str) -> Markup:
        if places is None:
            return _unbroken(text)
        pieces = places.split(text)
        return Markup().join(
            Markup("<mark>{}</mark>").format(piece) if n % 2 else _unbroken(piece)
            for n, piece in enumerate(pieces)
        )

    def block(one: Element) -> Block:
        if isinstance(one, Table):
            rows = tuple(tuple(marked(cell) for cell in row) for row in one.rows)
            return Block("table", heads=one.heads, rows=rows)
        return Block(one.kind, marked(one.text))

    return Sheet(
        letter,
        tuple(map(block, letter.elements)),
        tuple(map(block, letter.enclosed)),
        marked(letter.number),
        marked(letter.contact.line()),
        day_words(letter.day),
    )


def _unbroken(text: str) -> Markup:
    """The text, with the number of a request or a telephone on one line."""
    return Markup().join(
        Markup('<span class="whole">{}</span>').format(piece) if n % 2 else escape(piece)
        for n, piece in enumerate(_NUMBER.split(text))
    )


_NUMBER = re.compile(r"(\d{3,4}-\d{4,8})")
