"""A letter as a frozen value: what stands on paper, the facts that it rests on, and the places still open."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several a letter is about: a consultation by its number, a dispute by kind and number, a paper
    by the kind of its letter. None: the last one."""

    consultation: int | None = None
    dispute: tuple[str, int] | None = None
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that is still open. name: of the value; label: what is to be filled in; text: what stands on
    paper in its place."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """kind: text (first line indented), heading, subheading, flat, remedy."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """rows: what is written in the cells; widths: shares. heads: titles of the columns, none for a form, whose
    first column names what stands beside it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Element = Paragraph | Table
NUMBERING = ("letter_code", "letter_number")
"""The open places of a number: the body's short name (代字), and the number in the book."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask. Empty where nothing is known."""

    unit: str = ""
    person: str = ""
    phone: str = ""
    address: str = ""

    def line(self) -> str:
        """（联系人：李芳　电话：0876-3120000　地址：……）"""
        parts = (
            ("", self.unit),
            ("联系人：", self.person),
            ("电话：", self.phone),
            ("地址：", self.address),
        )
        said = "　".join(label + text for label, text in parts if text)
        return f"（{said}）" if said else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A drafted letter.

    kind, label: which letter. title: its lines, the body's name first. number: of the letter, a gap until it
    is numbered. day: on which it is dated. elements: what it says, in order; enclosed: what stands on a page of
    its own behind it. remedy: the paragraphs among them
    that tell the ways to review and court. annexes: what goes with it. facts: the values on which it rests by
    name: days YYYY-MM-DD, numbers, texts, and lists of rows. words: the same as they stand on paper. open:
    the places that are still open, each once.
    """

    kind: str
    label: str
    to: str
    title: tuple[str, ...]
    number: str
    addressee: str
    day: date
    elements: tuple[Element, ...]
    enclosed: tuple[Element, ...]
    remedy: tuple[str, ...]
    annexes: tuple[str, ...]
    signature: str
    contact: Contact
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    open: tuple[Gap, ...] = ()
    signed: bool = True
    wide: bool = False

    @property
    def paper_hash(self) -> str:
        """The hash of the paper: 64 hexadecimal digits over everything that it says and rests on, but for its
        own number and its day, which come with the signature. Two drafts with the same words have the same."""
        return paper_hash_of(written(self))

    def numbered(self, number: str, *, code: bool = True) -> "Letter":
        """The letter with its number. code: the body's short name (代字) stands in it; else that place stays
        open."""
        filled = NUMBERING if code else NUMBERING[1:]
        left = tuple(gap for gap in self.open if gap.name not in filled)
        return replace(self, number=number, open=left)

    @property
    def shape(self) -> str:
        """letter, form (a sheet of the file) or wide (its long side across)."""
        return "wide" if self.wide else "letter" if self.signed else "form"

    def texts(self) -> list[str]:
        """Everything that stands on paper, in order."""
        found = [*self.title, self.number, f"{self.addressee}：" if self.addressee else ""]
        found += _texts(self.elements)
        if self.annexes:
            found += [f"附件：{self.annexes[0]}", *self.annexes[1:]]
        if self.signed:
            found += [self.signature, day_words(self.day), self.contact.line()]
        return [text for text in (*found, *_texts(self.enclosed)) if text]

    def as_dict(self) -> dict[str, Any]:
        """The letter as JSON has it."""
        return {
            "kind": self.kind,
            "label": self.label,
            "to": self.to,
            "title": "".join(self.title),
            "number": self.number,
            "addressee": self.addressee,
            "day": self.day.isoformat(),
            "facts": dict(self.facts),
            "text": self.texts(),
            "remedy": list(self.remedy),
            "annexes": list(self.annexes),
            "open": [{"name": gap.name, "label": gap.label} for gap in self.open],
        }


def written(letter: Letter) -> dict[str, Any]:
    """All of a letter, so that `read_again` makes the same one of it: plain values that JSON keeps as they are."""
    return {
        "kind": letter.kind, "label": letter.label, "to": letter.to, "title": list(letter.title),
        "number": letter.number, "addressee": letter.addressee, "day": letter.day.isoformat(),
        "elements": [_element(one) for one in letter.elements],
        "enclosed": [_element(one) for one in letter.enclosed],
        "remedy": list(letter.remedy), "annexes": list(letter.annexes), "signature": letter.signature,
        "contact": [letter.contact.unit, letter.contact.person, letter.contact.phone, letter.contact.address],
        "facts": dict(letter.facts), "words": dict(letter.words),
        "open": [[gap.name, gap.label, gap.text] for gap in letter.open],
        "signed": letter.signed, "wide": letter.wide,
    }  # fmt: skip


def paper_hash_of(said: Mapping[str, Any]) -> str:
    """The `paper_hash` of a letter of which all is written."""
    hashed = {name: value for name, value in said.items() if name not in ("number", "day")}
    hashed["facts"] = {name: fact for name, fact in said["facts"].items() if name != "day"}
    hashed["open"] = [gap for gap in said["open"] if gap[0] not in NUMBERING]
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _element(one: Element) -> list[Any]:
    if isinstance(one, Table):
        return [list(one.heads), [list(row) for row in one.rows], list(one.widths)]
    return [one.kind, one.text]


def read_again(said: Mapping[str, Any]) -> Letter:
    """The letter of which `written` made this."""
    return Letter(
        **{name: said[name] for name in _PLAIN},
        title=tuple(said["title"]),
        day=date.fromisoformat(said["day"]),
        elements=tuple(map(_read_element, said["elements"])),
        enclosed=tuple(map(_read_element, said["enclosed"])),
        remedy=tuple(said["remedy"]),
        annexes=tuple(said["annexes"]),
        contact=Contact(*said["contact"]),
        open=tuple(Gap(*gap) for gap in said["open"]),
    )


_PLAIN = (
    "kind", "label", "to", "number", "addressee", "signature", "facts", "words", "signed", "wide",
)  # fmt: skip


def _read_element(said: list[Any]) -> Element:
    if len(said) == 2:
        return Paragraph(*said)
    heads, rows, widths = said
    return Table(tuple(heads), tuple(tuple(row) for row in rows), tuple(widths))


def _texts(elements: tuple[Element, ...]) -> list[str]:
    found: list[str] = []
    for element in elements:
        if isinstance(element, Table):
            found += [*element.heads, *(cell for row in element.rows for cell in row)]
        else:
            found.append(element.text)
    return found


def day_words(day: date) -> str:
    """2024年4月1日, as official papers write it: without leading zeros and blanks (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def tight(text: str) -> str:
    """Without the blanks between characters and figures, as official papers are set."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[0-9])|(?<=[0-9]) (?=[\u4e00-\u9fff])", "", text)
