"""Word (word.py) and Excel files: their XML read directly, so that nothing in them can run, grow or reach out."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from workflow.files import BadContent
from workflow.files.elements import S, rich_text, shared, tree_of
from workflow.files.package import members
from workflow.report.annual import Oddity
from workflow.report.reading.numbers import shown
from workflow.report.reading.paper import CELLS_MOST, Block, Cell, Grid, Unreadable, placed
from workflow.report.reading.word import W, blocks_of_document, hiding_styles

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_WANTED = re.compile(
    r"^(\[Content_Types\]\.xml|word/document\d*\.xml|word/styles\.xml|xl/workbook\.xml|xl/sharedStrings\.xml"
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
    body = next((name for name in parts if name.startswith("word/document")), None)
    if body is not None:
        styles = parts.get("word/styles.xml", b"")
        hiding = hiding_styles(_xml(styles)) if b":vanish" in styles else frozenset[str]()
        return blocks_of_document(_xml(parts[body]), hiding)
    if "xl/workbook.xml" in parts:
        return _workbook(parts)
    raise Unreadable("不是年度报告的文件：压缩包里没有 Word 或者 Excel 的内容")


_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": S[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _R[1:-1].encode(),
}
"""The names of the strict variant, which says the same in the same way."""


def _xml(content: bytes) -> Any:
    if b"http://purl.oclc.org/ooxml/" in content[:4096]:
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
    try:
        return tree_of(content, BROKEN)
    except BadContent as error:
        raise Unreadable(str(error)) from error


def _workbook(parts: dict[str, bytes]) -> Iterator[Block]:
    strings = _strings(parts.get("xl/sharedStrings.xml"))
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts:
        for relation in _xml(parts["xl/_rels/workbook.xml.rels"]):
            target = str(relation.get("Target", ""))
            targets[relation.get("Id")] = target.lstrip("/").removeprefix("xl/")
    count = 0
    book = _xml(parts["xl/workbook.xml"])
    reckoned = not any(one.get("fullCalcOnLoad") in _TRUE for one in book.iter(f"{S}calcPr"))
    for sheet in book.iter(f"{S}sheet"):
        content = parts.get("xl/" + targets.get(sheet.get(f"{_R}id"), ""))
        if content is None or sheet.get("state", "visible") != "visible":
            continue
        for block in _sheet(_xml(content), strings, str(sheet.get("name", "")), reckoned=reckoned):
            count += sum(len(row) for row in block.rows) if isinstance(block, Grid) else 0
            if count > CELLS_MOST:
                raise Unreadable("表格太大，不像年度报告")
            yield block


def _strings(content: bytes | None) -> list[str]:
    return [] if content is None else shared(_xml(content))


def _sheet(root: Any, strings: list[str], name: str, *, reckoned: bool) -> Iterator[Block]:
    """What is seen of a sheet. reckoned: its formulas have their results; programs that only write leave 0."""
    values: dict[tuple[int, int], str] = {}
    unsaved: set[tuple[int, int]] = set()
    unseen: list[str] = []
    columns = _unseen_columns(root)
    for number, row in enumerate(root.iter(f"{S}row")):
        column = -1
        row_hidden = row.get("hidden") in _TRUE
        for cell in row.iter(f"{S}c"):
            place = _place(cell.get("r", ""))
            column = place[1] if place else column + 1
            line = place[0] if place else number
            if line >= ROWS_MOST or column >= COLUMNS_MOST:
                continue
            text = _cell_text(cell, strings)
            formula = (not text.strip() or (text == "0" and not reckoned)) and cell.find(
                f"{S}f"
            ) is not None
            if row_hidden or column in columns:
                if text.strip() or formula:
                    unseen.append(f"第 {line + 1} 行" if row_hidden else f"{_letters(column)} 列")
            elif formula:
                values[line, column] = ""
                unsaved.add((line, column))
            elif text.strip():
                values[line, column] = text
    if unseen:
        told = "、".join(list(dict.fromkeys(unseen))[:_PLACES_SHOWN])
        yield Oddity("unread", f"工作表“{shown(name)}”", f"{told}是隐藏的，里面的内容没有读入")
    yield _grid(root, values, unsaved, name) if values else placed([])


_TRUE = ("1", "true")
_PLACES_SHOWN = 5
UNSAVED = (
    "这一格是公式，文件里没有保存它的结果，没有读到数字；请用 Excel 或者 WPS 打开，保存一次再核对"
)


def _unseen_columns(root: Any) -> set[int]:
    found: set[int] = set()
    for one in root.iter(f"{S}col"):
        first, last = one.get("min", ""), one.get("max", "")
        if one.get("hidden") in _TRUE and all(_is_number(said) for said in (first, last)):
            found.update(range(int(first) - 1, min(int(last), COLUMNS_MOST)))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def _letters(column: int) -> str:
    """0 → A, 26 → AA."""
    found = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def _grid(
    root: Any, values: dict[tuple[int, int], str], unsaved: set[tuple[int, int]], name: str
) -> Grid:
    height = 1 + max(line for line, _ in values)
    width = 1 + max(column for _, column in values)
    spans, covered = _merged(root, height, width)
    if height * width > CELLS_MOST:
        raise Unreadable("表格太大，不像年度报告")
    return Grid(
        tuple(
            tuple(
                Cell(
                    values.get((line, column), ""),
                    column,
                    *spans.get((line, column), (1, 1)),
                    UNSAVED if (line, column) in unsaved else "",
                )
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
        number = int(text) if _is_number(text) else -1
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
