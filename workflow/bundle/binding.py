"""Binding: many PDFs become one, each page set on A4 with the mark of its paper and its number in the whole.

A page is taken over as one drawing (a form), its streams untouched: nothing of it is read or written anew, so that
a hundred pages are bound in a fraction of a second and look as they did. What was laid over a page (a seal, a
signature) goes with it; links, forms to fill in and tags do not.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.constants import PageLabelStyle
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from workflow.files.pdf import BROKEN, notes, resolved
from workflow.paper.pdf import set_in_type

STAMPS = Path(__file__).with_name("stamps.typ")
A4 = (595.28, 841.89)
"""Points: width and height upright."""
EDGE, FOOT, HEAD = 17.0, 34.0, 26.0
"""What stays free for the marks: at the sides, below, above."""
HIDDEN = 2 | 32
"""Flags of what lies over a page and is not shown: hidden, not viewed."""


class Unbindable(ValueError):
    """A PDF that can be kept, but not bound."""


@dataclass(frozen=True, slots=True)
class Section:
    """A paper of the whole. title: its bookmark; mark: what stands in the corner of its pages; documents: its PDFs."""

    title: str
    mark: str
    documents: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page that is to be bound. width, height in points, as it is looked at."""

    page: PageObject
    width: float
    height: float


def leaves(document: bytes) -> tuple[Leaf, ...]:
    """The pages of a PDF. Raises Unbindable for one that cannot be read."""
    try:
        found = tuple(_leaf(page) for page in PdfReader(io.BytesIO(document)).pages)
    except BROKEN as error:
        raise Unbindable(type(error).__name__) from error
    if not found:
        raise Unbindable("no page")
    return found


def page_count(document: bytes) -> int:
    """Raises Unbindable."""
    return len(leaves(document))


def bind(
    front: tuple[str, bytes],
    sections: Sequence[Section],
    back: tuple[str, bytes] | None = None,
    *,
    title: str,
    author: str,
    dated: date,
) -> bytes:
    """One PDF: the list in front and the sheets at the back, each named and numbered by themselves, and between them
    the sections, numbered through. The same parts give the same bytes. Raises Unbindable."""
    inner = [
        (one, [leaf for document in one.documents for leaf in leaves(document)]) for one in sections
    ]
    total = sum(len(found) for _, found in inner)
    parts = [_own(*front), *inner, *([_own(*back)] if back else [])]
    writer, place = PdfWriter(), 0
    stamps = _stamps(parts, total, dated)
    for section, found in parts:
        if found:
            for leaf in found:
                _add(writer, leaf, stamps[place])
                place += 1
            writer.add_outline_item(title=section.title, page_number=place - len(found))
    _label(writer, front[0], len(parts[0][1]), total, back[0] if back else "")
    _describe(writer, title, author, dated)
    return _written(writer)


def joined(documents: Sequence[bytes], *, title: str, dated: date) -> bytes:
    """PDFs one after the other as they are, without marks: for printing. Raises Unbindable."""
    writer = PdfWriter()
    try:
        for document in documents:
            writer.append(io.BytesIO(document), import_outline=False)
    except BROKEN as error:
        raise Unbindable(type(error).__name__) from error
    _describe(writer, title, "", dated)
    return _written(writer)


def _own(name: str, document: bytes) -> "Part":
    """What is numbered by itself: its mark stands before its numbers."""
    return Section(name, "", (document,)), list(leaves(document))


Part = tuple[Section, list[Leaf]]


# -- one page -----------------------------------------------------------------------------------------


def _leaf(page: PageObject) -> Leaf:
    box = page.cropbox
    width, height = float(box.width), float(box.height)
    if width <= 1 or height <= 1:
        raise ValueError("a page without a size")
    turned = (page.rotation or 0) % 180 == 90
    return Leaf(page, height, width) if turned else Leaf(page, width, height)


def sheet_of(leaf: Leaf) -> tuple[float, float]:
    """A4, across where the page lies across."""
    return A4 if leaf.width <= leaf.height else (A4[1], A4[0])


def _add(writer: PdfWriter, leaf: Leaf, stamp: PageObject) -> None:
    width, height = sheet_of(leaf)
    sheet = writer.add_blank_page(width, height)
    forms = DictionaryObject()
    drawn = []
    for name, form, matrix in _drawings(writer, leaf, width, height):
        forms[NameObject(name)] = form
        drawn.append(f"q {_numbers(matrix)} cm {name} Do Q")
    forms[NameObject("/Stamp")] = writer._add_object(_form(writer, stamp, stamp.mediabox))
    drawn.append("q /Stamp Do Q")
    content = DecodedStreamObject()
    content.set_data("\n".join(drawn).encode())
    sheet[NameObject("/Contents")] = writer._add_object(content)
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): forms})


Matrix = tuple[float, float, float, float, float, float]


def _drawings(
    writer: PdfWriter, leaf: Leaf, width: float, height: float
) -> Iterator[tuple[str, Any, Matrix]]:
    """The page and what lies over it, each as a form with the matrix that sets it on the sheet."""
    page, box = leaf.page, leaf.page.cropbox
    room = (width - 2 * EDGE, height - FOOT - HEAD)
    scale = min(room[0] / leaf.width, room[1] / leaf.height, 1.0)
    turned = (page.rotation or 0) % 360
    placed = (
        Transformation()
        .translate(-float(box.left), -float(box.bottom))
        .translate(-float(box.width) / 2, -float(box.height) / 2)
        .rotate(-turned)
        .scale(scale)
        .translate(width / 2, FOOT + room[1] / 2)
    )
    yield "/Page", writer._add_object(_form(writer, page, box)), placed.ctm
    for number, note in enumerate(_shown(page)):
        over, matrix = note
        shape = Transformation(matrix).transform(placed)
        yield f"/Over{number}", over.clone(writer).indirect_reference or over, shape.ctm


def _form(writer: PdfWriter, page: PageObject, box: Any) -> StreamObject:
    """The page as a drawing, with what it draws with."""
    contents = resolved(page.get("/Contents"))
    form: StreamObject
    if isinstance(contents, EncodedStreamObject):
        form = EncodedStreamObject()
        form._data = contents._data
        for key in ("/Filter", "/DecodeParms"):
            if key in contents:
                form[NameObject(key)] = contents[key].clone(writer)
    else:
        form = DecodedStreamObject()
        streams = (
            [contents] if isinstance(contents, StreamObject) else map(resolved, contents or ())
        )
        form.set_data(b"\n".join(one.get_data() for one in streams))
        form = form.flate_encode()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(
        FloatObject(value) for value in (box.left, box.bottom, box.right, box.top)
    )
    used = page.get("/Resources")
    if used is not None:
        form[NameObject("/Resources")] = used.get_object().clone(writer)
    group = page.get("/Group")
    if group is not None:
        form[NameObject("/Group")] = group.get_object().clone(writer)
    return form


def _shown(page: PageObject) -> Iterator[tuple[StreamObject, Matrix]]:
    """What lies over a page and is seen, each with the matrix that brings it to its place there (ISO 32000-1,
    12.5.5)."""
    for note in notes(page):
        looks = resolved((resolved(note.get("/AP")) or {}).get("/N"))
        if isinstance(looks, DictionaryObject) and not isinstance(looks, StreamObject):
            looks = resolved(looks.get(note.get("/AS", "/Off")))
        hidden = int(note.get("/F", 0)) & HIDDEN or note.get("/Subtype") == "/Popup"
        if not isinstance(looks, StreamObject) or hidden or "/Rect" not in note:
            continue
        rect = [float(value) for value in note["/Rect"]]  # type: ignore[attr-defined]
        bbox = [float(value) for value in looks.get("/BBox", rect)]
        own = [float(value) for value in looks.get("/Matrix", (1, 0, 0, 1, 0, 0))]
        corners = [
            (own[0] * x + own[2] * y + own[4], own[1] * x + own[3] * y + own[5])
            for x in (bbox[0], bbox[2])
            for y in (bbox[1], bbox[3])
        ]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        low, high = min(y for _, y in corners), max(y for _, y in corners)
        if right - left <= 0 or high - low <= 0:
            continue
        across = (max(rect[0], rect[2]) - min(rect[0], rect[2])) / (right - left)
        up = (max(rect[1], rect[3]) - min(rect[1], rect[3])) / (high - low)
        yield (
            looks,
            (
                across,
                0,
                0,
                up,
                min(rect[0], rect[2]) - left * across,
                min(rect[1], rect[3]) - low * up,
            ),
        )


def _numbers(matrix: Matrix) -> str:
    return " ".join(f"{value:.5f}" for value in matrix)


# -- the whole ----------------------------------------------------------------------------------------


def _stamps(parts: Sequence[Part], total: int, dated: date) -> list[PageObject]:
    """What stands in the corner and at the foot of every page, on sheets of their sizes."""
    said: list[tuple[float, float, str, str]] = []
    n = 0
    for section, found in parts:
        for own, leaf in enumerate(found, 1):
            n += bool(section.mark)
            foot = f"第 {n} 页　共 {total} 页"
            if not section.mark:
                foot = f"{section.title}　第 {own} 页　共 {len(found)} 页"
            said.append((*sheet_of(leaf), section.mark, foot))
    return list(
        PdfReader(io.BytesIO(set_in_type(STAMPS, "sheets", said, dated, tagged=False))).pages
    )


def _label(writer: PdfWriter, front: str, head: int, total: int, back: str) -> None:
    """The numbers that a viewer shows are those on the sheets."""
    decimal = PageLabelStyle.DECIMAL
    writer.set_page_label(0, head - 1, decimal, prefix=f"{front}-")
    if total:
        writer.set_page_label(head, head + total - 1, decimal)
    if back:
        writer.set_page_label(head + total, len(writer.pages) - 1, decimal, prefix=f"{back}-")


def _describe(writer: PdfWriter, title: str, author: str, dated: date) -> None:
    day = f"D:{dated:%Y%m%d}000000+08'00'"
    writer.add_metadata(
        {
            "/Title": title,
            "/Author": author,
            "/Producer": "Gongkai",
            "/CreationDate": day,
            "/ModDate": day,
        }
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject()
    writer.page_mode = "/UseOutlines"


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
