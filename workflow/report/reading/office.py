"""Word and Excel files: their XML read directly, so that nothing in them can run, grow or reach out."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from lxml import etree

from workflow.files import BadContent
from workflow.files.elements import S, rich_text, shared, tree_of
from workflow.files.package import members
from workflow.report.reading.paper import CELLS_MOST, Block, Cell, Grid, Unreadable, placed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_WANTED = re.compile(
    r"^(\[Content_Types\]\.xml|word/document\.xml|xl/workbook\.xml|xl/sharedStrings\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml)$"
)
ROWS_MOST, COLUMNS_MOST = 3000, 300
BROKEN = "文件已经损坏，打不开"


def blocks_of_office(data: bytes) -> Iterator[Block]:
    """Paragraphs and tables of a DOCX, sheets of an XLSX. Raises Unreadable."""
    try:
        parts = members(data, _WANTED)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise Unreadable("文件带有宏，请另存为不带宏的 DOCX 或者 XLSX")
    if "word/document.xml" in parts:
        return _document(parts["word/document.xml"])
    if "xl/workbook.xml" in parts:
        return _workbook(parts)
    raise Unreadable("不是年度报告的文件：压缩包里没有 Word 或者 Excel 的内容")


def _xml(content: bytes) -> Any:
    try:
        return tree_of(content, BROKEN)
    except BadContent as error:
        raise Unreadable(str(error)) from error


# -- Word -----------------------------------------------------------------------------------------


def _document(content: bytes) -> Iterator[Block]:
    walk = etree.iterwalk(_xml(content), events=("start",), tag=(f"{_W}p", f"{_W}tbl"))
    for _, element in walk:
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif next((one for one in element.iterdescendants(f"{_W}tbl")), None) is None:
            yield _table(element)
            walk.skip_subtree()


_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def _paragraph(element: Any) -> str:
    """What stands in it now: without the readings above its words (ruby) and what was moved away."""
    found: list[str] = []
    walk = etree.iterwalk(element, events=("start",))
    for _, piece in walk:
        if piece.tag in (f"{_W}rt", f"{_W}moveFrom"):
            walk.skip_subtree()
        elif piece.tag == f"{_W}t":
            found.append(piece.text or "")
        elif piece.tag in _SIGNS and piece.getparent().tag == f"{_W}r":
            found.append(_SIGNS[piece.tag])
    return "".join(found)


def _table(table: Any) -> Grid:
    """Vertical merges are marked cell by cell in Word; a cell that goes on is not there again."""
    placed_rows: list[list[dict[str, Any]]] = []
    open_cells: dict[int, dict[str, Any]] = {}
    count = 0
    for row in table.iter(f"{_W}tr"):
        column = _value(row.find(f"{_W}trPr/{_W}gridBefore"))
        begun: list[dict[str, Any]] = []
        for cell in row.iter(f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            span = max(1, _value(_find(properties, "gridSpan")))
            merge = _find(properties, "vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") != "restart"
            if goes_on and column in open_cells:
                open_cells[column]["rows"] += 1
            else:
                text = "\n".join(_paragraph(one) for one in cell.iter(f"{_W}p")).strip()
                made = {"text": text, "column": column, "columns": span, "rows": 1}
                begun.append(made)
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = made
            column += span
            count += span
            if count > CELLS_MOST:
                raise Unreadable("表格太大，不像年度报告")
        placed_rows.append(begun)
    return Grid(tuple(tuple(Cell(**cell) for cell in row) for row in placed_rows))


def _find(properties: Any, name: str) -> Any:
    return None if properties is None else properties.find(f"{_W}{name}")


def _value(element: Any) -> int:
    text = "" if element is None else element.get(f"{_W}val", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


# -- Excel ----------------------------------------------------------------------------------------


def _workbook(parts: dict[str, bytes]) -> Iterator[Block]:
    strings = _strings(parts.get("xl/sharedStrings.xml"))
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts:
        for relation in _xml(parts["xl/_rels/workbook.xml.rels"]):
            target = str(relation.get("Target", ""))
            targets[relation.get("Id")] = target.lstrip("/").removeprefix("xl/")
    count = 0
    for sheet in _xml(parts["xl/workbook.xml"]).iter(f"{S}sheet"):
        content = parts.get("xl/" + targets.get(sheet.get(f"{_R}id"), ""))
        if content is None or sheet.get("state", "visible") != "visible":
            continue
        grid = _sheet(_xml(content), strings, str(sheet.get("name", "")))
        count += sum(len(row) for row in grid.rows)
        if count > CELLS_MOST:
            raise Unreadable("表格太大，不像年度报告")
        yield grid


def _strings(content: bytes | None) -> list[str]:
    return [] if content is None else shared(_xml(content))


def _sheet(root: Any, strings: list[str], name: str) -> Grid:
    values: dict[tuple[int, int], str] = {}
    for number, row in enumerate(root.iter(f"{S}row")):
        column = -1
        for cell in row.iter(f"{S}c"):
            place = _place(cell.get("r", ""))
            column = place[1] if place else column + 1
            line = place[0] if place else number
            text = _cell_text(cell, strings)
            if text.strip() and line < ROWS_MOST and column < COLUMNS_MOST:
                values[line, column] = text
    if not values:
        return placed([])
    height = 1 + max(line for line, _ in values)
    width = 1 + max(column for _, column in values)
    spans, covered = _merged(root, height, width)
    if height * width > CELLS_MOST:
        raise Unreadable("表格太大，不像年度报告")
    return Grid(
        tuple(
            tuple(
                Cell(values.get((line, column), ""), column, *spans.get((line, column), (1, 1)))
                for column in range(width)
                if (line, column) not in covered
            )
            for line in range(height)
        ),
        name,
    )


def _cell_text(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return rich_text(cell)
    value = cell.find(f"{S}v")
    text = "" if value is None else value.text or ""
    if kind == "s":
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
        return strings[number] if 0 <= number < len(strings) else ""
    if (kind == "n" and "." in text) or "E" in text:
        return _rounded(text)
    return text


def _rounded(text: str) -> str:
    """A number as Excel shows it: 0.1 + 0.2 is kept there with seventeen digits."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):  # more than any number of Excel
        return text
    return f"{number:.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:.12g}"


def _merged(
    root: Any, height: int, width: int
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for merge in root.iter(f"{S}mergeCell"):
        first, _, last = str(merge.get("ref", "")).partition(":")
        start, end = _place(first), _place(last)
        if start is None or end is None or start[0] >= height or start[1] >= width:
            continue
        bottom, right = min(end[0], height - 1), min(end[1], width - 1)
        spans[start] = (right - start[1] + 1, bottom - start[0] + 1)
        covered.update(
            (line, column)
            for line in range(start[0], bottom + 1)
            for column in range(start[1], right + 1)
        )
        covered.discard(start)
        if len(covered) > 4 * CELLS_MOST or len(spans) > CELLS_MOST:
            raise Unreadable("表格太大，不像年度报告")
    return spans, covered


def _place(reference: str) -> tuple[int, int] | None:
    """B3 → row 2, column 1."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
