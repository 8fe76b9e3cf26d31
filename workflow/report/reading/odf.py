"""OpenDocument files (ODT, ODS, and the same in one XML file): their XML read directly, as that of Word and Excel is."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflow.files import BadContent
from workflow.files.elements import tree_of
from workflow.files.package import members
from workflow.report.annual import Oddity
from workflow.report.reading.numbers import shown
from workflow.report.reading.office import (
    BROKEN,
    COLUMNS_MOST,
    ROWS_MOST,
    UNSAVED,
)
from workflow.report.reading.paper import CELLS_MOST, SPAN_MOST, Block, Cell, Grid, Unreadable

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _TEXT, _OFFICE = (_NAMES % name for name in ("table", "text", "office"))
_STYLE = _NAMES % "style"
_WANTED = re.compile(r"^(content\.xml|META-INF/manifest\.xml)$")
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_AWAY = frozenset(
    (
        f"{_TEXT}tracked-changes", f"{_TEXT}ruby-text", f"{_TEXT}hidden-text", f"{_TEXT}note",
        f"{_OFFICE}annotation", f"{_OFFICE}scripts", f"{_OFFICE}font-face-decls", f"{_OFFICE}styles",
        f"{_OFFICE}automatic-styles", f"{_OFFICE}master-styles", f"{_OFFICE}meta", f"{_OFFICE}settings",
    )
)  # fmt: skip
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n", f"{_TEXT}s": " "}
_UNSEEN = ("collapse", "filter")
_NUMBERS = ("float", "currency", "percentage")


def blocks_of_odf(data: bytes) -> Iterator[Block]:
    """Paragraphs and tables of a packed text or workbook. Raises Unreadable."""
    try:
        parts = members(data, _WANTED)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Unreadable("文件设了密码，请取消密码，另存一份再核对")
    return blocks_of_flat(parts["content.xml"])


def blocks_of_flat(content: bytes) -> Iterator[Block]:
    """The same, of the one XML file that stands for all. Raises Unreadable."""
    try:
        root = tree_of(content, BROKEN)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    return _walk(root, _hiding_styles(root))


def _hiding_styles(root: Any) -> frozenset[str]:
    """The styles of hidden text, rows and columns."""
    return frozenset(
        str(style.get(f"{_STYLE}name", ""))
        for style in root.iter(f"{_STYLE}style")
        if any(
            one.get(f"{_TEXT}display") == "none" for one in style.iter(f"{_STYLE}text-properties")
        )
    )  # fmt: skip


def _walk(root: Any, hiding: frozenset[str]) -> Iterator[Block]:
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        tag = element.tag
        if tag in _AWAY or element.get(f"{_TEXT}display") == "none":
            walk.skip_subtree()
        elif tag in _PARAGRAPHS:
            text = _line(element, hiding)
            if text:
                yield text
        elif tag == f"{_TABLE}table":
            if element.get(f"{_TABLE}display") == "false":
                walk.skip_subtree()
            elif next(element.iterdescendants(f"{_TABLE}table"), None) is None:
                yield from _table(element, hiding)
                walk.skip_subtree()


def _line(element: Any, hiding: frozenset[str]) -> str:
    found: list[str] = []
    _pieces(element, hiding, found)
    return "".join(found)


def _pieces(element: Any, hiding: frozenset[str], found: list[str]) -> None:
    if element.get(f"{_TEXT}style-name", "") not in hiding:
        found.append(" ".join((element.text or "").split("\n")))
        for piece in element:
            if piece.tag in _SIGNS:
                found.append(_SIGNS[piece.tag])
            elif (
                isinstance(piece.tag, str)
                and piece.tag not in _AWAY
                and piece.tag not in _PARAGRAPHS
            ):
                # A box within a line has paragraphs of its own, which are read by themselves.
                _pieces(piece, hiding, found)
            if piece.tail:
                found.append(" ".join(piece.tail.split("\n")))


# -- tables -------------------------------------------------------------------------------------------


def _table(table: Any, hiding: frozenset[str]) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    name = str(table.get(f"{_TABLE}name", ""))
    columns = _unseen_columns(table)
    unseen: list[str] = []
    count = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _number(row, "number-rows-repeated")
        cells, hidden = _row(row, columns, hiding)
        if row.get(f"{_TABLE}visibility") in _UNSEEN:
            hidden = hidden or any(cell.text for cell in cells)
            cells = ()
        if hidden:
            unseen.append(f"第 {len(rows) + 1} 行")
        if not any(cell.text or cell.wrong for cell in cells):
            times = min(times, 1)  # the rest of a sheet is one blank row, repeated
        for _ in range(min(times, SPAN_MOST)):
            rows.append(cells)
            count += len(cells)
            if count > CELLS_MOST or len(rows) > ROWS_MOST:
                raise Unreadable("表格太大，不像年度报告")
    if unseen:
        told = "、".join(unseen[:5])
        yield Oddity("unread", f"表格“{shown(name)}”", f"{told}有隐藏的内容，没有读入")
    yield Grid(tuple(rows), name)


def _unseen_columns(table: Any) -> set[int]:
    found: set[int] = set()
    column = 0
    for one in table.iter(f"{_TABLE}table-column"):
        end = min(column + _number(one, "number-columns-repeated"), COLUMNS_MOST)
        if one.get(f"{_TABLE}visibility") in _UNSEEN:
            found.update(range(column, end))
        column = end
    return found


def _row(row: Any, unseen: set[int], hiding: frozenset[str]) -> tuple[tuple[Cell, ...], bool]:
    """The cells that begin in a row, and whether something stands in its hidden columns."""
    begun: list[Cell] = []
    hidden = False
    column = 0
    blanks: list[Cell] = []
    for cell in row:
        times = _number(cell, "number-columns-repeated")
        if cell.tag == f"{_TABLE}covered-table-cell":
            column += times
        elif cell.tag == f"{_TABLE}table-cell":
            spans = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            text, wrong = _said(cell, hiding)
            for _ in range(times):
                if column >= COLUMNS_MOST:
                    break
                if column in unseen:
                    hidden = hidden or bool(text)
                else:
                    blanks.append(Cell(text, column, *spans, wrong))
                if text or wrong:
                    begun.extend(blanks)
                    blanks = []
                column += 1
    # Blank cells to the right edge of the sheet are none of the table's.
    begun.extend(blanks[:_BLANKS_KEPT])
    return tuple(begun), hidden


_BLANKS_KEPT = 20


def _said(cell: Any, hiding: frozenset[str]) -> tuple[str, str]:
    """The text of a cell as it is shown, and why it cannot be read where it is a formula without its result."""
    lines = [_line(one, hiding) for one in cell.iter(*_PARAGRAPHS) if not _within_away(one, cell)]
    text = "\n".join(lines).strip()
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in _NUMBERS:
        # What is shown may be rounded or have marks of money in it.
        text = _plain(str(cell.get(f"{_OFFICE}value", "")), text)
    if not text and cell.get(f"{_TABLE}formula"):
        return "", UNSAVED
    return text, ""


def _within_away(element: Any, cell: Any) -> bool:
    """Whether a paragraph of a cell is a remark or a note on it."""
    parent = element.getparent()
    while parent is not cell:
        if parent.tag in _AWAY:
            return True
        parent = parent.getparent()
    return False


def _plain(value: str, text: str) -> str:
    if re.fullmatch(r"-?\d{1,15}", value):
        return value
    try:
        return f"{float(value):.12g}" if len(value) < 40 else text
    except ValueError:
        return text


def _number(element: Any, name: str) -> int:
    said = str(element.get(f"{_TABLE}{name}", ""))
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) <= 7 else 1
