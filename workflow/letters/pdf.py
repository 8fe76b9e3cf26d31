"""The letter as a PDF that a screen reader can read (PDF/UA-1)."""

from pathlib import Path
from typing import Any

from workflow.letters.letter import Element, Letter, Table, day_words
from workflow.letters.looks import cell_size, centred, signature_indents
from workflow.paper.pdf import ask_for_glyphs, set_in_type

TEMPLATE = Path(__file__).with_name("letter.typ")


def write(letter: Letter) -> bytes:
    """The bytes of the PDF; the same letter gives the same bytes.

    Raises BadInput for a character that no shipped font can print, with the line in which it stands.
    """
    ask_for_glyphs((f"{letter.label}第{n}行", text) for n, text in enumerate(letter.texts(), 1))
    return set_in_type(TEMPLATE, "letter", _data(letter), letter.day)


def _data(letter: Letter) -> dict[str, Any]:
    """What the template reads."""
    of_name, of_day = signature_indents(letter)
    return {
        "title": letter.title,
        "author": letter.title[0],
        "dated": [letter.day.year, letter.day.month, letter.day.day],
        "number": letter.number,
        "addressee": letter.addressee,
        "elements": [_element(letter, one) for one in letter.elements],
        "enclosed": [_element(letter, one) for one in letter.enclosed],
        "annexes": letter.annexes,
        "signature": [letter.signature, day_words(letter.day)] if letter.signed else [],
        "indents": [of_name, of_day],
        "contact": letter.contact.line() if letter.signed else "",
        "shape": letter.shape,
    }


def _element(letter: Letter, one: Element) -> dict[str, Any]:
    if isinstance(one, Table):
        return {
            "kind": "table", "heads": one.heads, "widths": one.widths, "size": cell_size(letter, one),
            "rows": [[[text, centred(one, place)] for place, text in enumerate(row)] for row in one.rows],
        }  # fmt: skip
    return {"kind": one.kind, "text": one.text}
