"""A text that knows which of its numbers stands in which cell of the tables: each opens from there.

The place lies between characters that nobody types; `unmarked` takes them away again. What a report says and
what is checked of it is always the text without them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.report.sums.aggregate import Place

_BEGIN, _WORDS, _END = "\ue000\ue001\ue002"
"""Of the range for private use: no font has them and no keyboard."""
_MARK = re.compile(
    f"{_BEGIN}([^{_BEGIN}{_WORDS}{_END}]*){_WORDS}([^{_BEGIN}{_WORDS}{_END}]*){_END}"
)
_STRAY = re.compile(f"[{_BEGIN}{_WORDS}{_END}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. place: the cell in which its number stands; None for words."""

    text: str
    place: Place | None = None


def marked(place: Place, number: object) -> str:
    """A number for a text, with its place."""
    return f"{_BEGIN}{'/'.join(place)}{_WORDS}{number}{_END}"


def unmarked(text: str) -> str:
    """The text alone."""
    return _STRAY.sub("", _MARK.sub(lambda found: found[2], text))


def pieces(text: str) -> list[Piece]:
    """The text in its order: words, and numbers with their place."""
    found, at = [], 0
    for one in _MARK.finditer(text):
        found.append(Piece(_STRAY.sub("", text[at : one.start()])))
        table, _, rest = one[1].partition("/")
        row, _, column = rest.partition("/")
        found.append(Piece(one[2], (table, row, column)))
        at = one.end()
    found.append(Piece(_STRAY.sub("", text[at:])))
    return [one for one in found if one.text]


def told(sections: Mapping[str, str], marks: Mapping[str, str]) -> dict[str, list[Piece]]:
    """The texts of a report with the places of their numbers, where they are known and the text is the same."""
    return {
        name: pieces(mark) if unmarked(mark := marks.get(name, "")) == text else [Piece(text)]
        for name, text in sections.items()
    }
