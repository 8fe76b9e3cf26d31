"""Word and Excel files: their XML read directly, so that nothing in them can run, grow or reach out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from lxml import etree

from workflow.files import BadContent
from workflow.files.elements import S, rich_text, shared, tree_of
from workflow.files.package import members
from workflow.report.annual import Oddity
from workflow.report.reading.numbers import raised, shown
from workflow.report.reading.paper import CELLS_MOST, Block, Cell, Grid, Unreadable, placed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
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
        hiding = _hiding_styles(parts.get("word/styles.xml", b""))
        return _document(parts[body], hiding)
    if "xl/workbook.xml" in parts:
        return _workbook(parts)
    raise Unreadable("不是年度报告的文件：压缩包里没有 Word 或者 Excel 的内容")


_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _W[1:-1].encode(),
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


# -- Word -----------------------------------------------------------------------------------------


def _document(content: bytes, hiding: frozenset[str]) -> Iterator[Block]:
    tags = (f"{_W}p", f"{_W}tbl", *_AWAY)
    root = _xml(content)
    plain = not hiding and not (
        _may_hide(content) and next(root.iter(*_PARTLY_SEEN), None) is not None
    )
    walk = etree.iterwalk(root, events=("start",), tag=tags)
    for _, element in walk:
        if element.tag in _AWAY:
            walk.skip_subtree()
        elif element.tag == f"{_W}p":
            yield _paragraph(element, hiding)
        elif next((one for one in element.iterdescendants(f"{_W}tbl")), None) is None:
            yield _table(element, hiding, plain=plain)
            walk.skip_subtree()


_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_AWAY = (
    f"{_W}moveFrom", f"{_W}del", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)  # fmt: skip
"""What was moved away or deleted, and the second writing of a drawing for older programs."""
_APART = frozenset((f"{_W}rt", f"{_W}txbxContent", f"{_W}pPr", f"{_W}rPr", *_AWAY))
"""What stands within a paragraph and not in its line: readings above its words (ruby), boxes."""
_PARTLY_SEEN = (
    f"{_W}vanish",
    f"{_W}vertAlign",
    f"{_W}noBreakHyphen",
    f"{_W}rt",
    f"{_W}txbxContent",
    *_AWAY,
)
"""Elements of a file that has letters which are not seen, or not in their line."""


_NAMED_SO = (
    b"vanish", b"vertAlign", b"noBreakHyphen", b"txbxContent", b"moveFrom", b"Fallback", b":del", b"<del",
    b":rt>", b":rt ", b":rt/", b"<rt",
)  # fmt: skip


def _may_hide(content: bytes) -> bool:
    """Whether a file may have one of those elements: its bytes are looked through sooner than its tree."""
    return b"\0" in content[:64] or any(name in content for name in _NAMED_SO)


def _hiding_styles(content: bytes) -> frozenset[str]:
    """The styles whose text is hidden, by themselves or by the one on which they are based."""
    if b":vanish" not in content:
        return frozenset()
    styles = list(_xml(content).iter(f"{_W}style"))
    hiding = {
        _said(one, "styleId") for one in styles if _vanishes(one.find(f"{_W}rPr"), frozenset())
    }
    for _ in range(_STYLES_DEEP):
        hiding |= {
            _said(one, "styleId") for one in styles if _said(one.find(f"{_W}basedOn"), "val") in hiding
        }  # fmt: skip
    return frozenset(hiding - {""})


_STYLES_DEEP = 4


def _said(element: Any, name: str) -> str:
    return "" if element is None else str(element.get(f"{_W}{name}", ""))


def _vanishes(properties: Any, hiding: frozenset[str]) -> bool:
    """Whether a run with these properties is hidden; its own word is above its style's."""
    if properties is None:
        return False
    own = properties.find(f"{_W}vanish")
    if own is not None:
        return own.get(f"{_W}val", "true") not in ("0", "false", "off")
    return bool(hiding) and _said(properties.find(f"{_W}rStyle"), "val") in hiding


def _paragraph(element: Any, hiding: frozenset[str]) -> str:
    """What is seen of it now: without the readings above its words and what was moved away or hidden."""
    properties = element.find(f"{_W}pPr") if hiding else None
    if properties is not None and _said(properties.find(f"{_W}pStyle"), "val") in hiding:
        return ""
    found: list[str] = []
    _runs(element, hiding, found)
    return "".join(found)


def _runs(element: Any, hiding: frozenset[str], found: list[str]) -> None:
    for piece in element:
        tag = piece.tag
        if tag == f"{_W}t":
            found.append(piece.text or "")
        elif tag == f"{_W}r":
            if not _vanishes(piece.find(f"{_W}rPr"), hiding):
                run: list[str] = []
                _runs(piece, hiding, run)
                found.extend(raised(one) for one in run) if _above(piece) else found.extend(run)
        elif tag in _SIGNS and element.tag == f"{_W}r":
            found.append(_SIGNS[tag])
        elif tag not in _APART and len(piece):
            _runs(piece, hiding, found)


def _above(run: Any) -> bool:
    """Whether a run stands above the line, as marks of notes do."""
    return _said(run.find(f"{_W}rPr/{_W}vertAlign"), "val") == "superscript"


_P, _T, _TC, _TR, _TCPR, _TRPR = (f"{_W}{name}" for name in ("p", "t", "tc", "tr", "tcPr", "trPr"))
_SPAN, _MERGE, _VAL = f"{_W}gridSpan", f"{_W}vMerge", f"{_W}val"
_ROWS_AWAY = (f"{_W}del", f"{_W}hidden")


def _table(table: Any, hiding: frozenset[str], *, plain: bool) -> Grid:
    """Vertical merges are marked cell by cell in Word; a cell that goes on is not there again. plain: every letter of
    the file is seen."""
    placed_rows: list[list[_Placed]] = []
    open_cells: dict[int, _Placed] = {}
    count = 0
    for row in table.iter(_TR):
        of_row = row.find(_TRPR)
        if of_row is not None and any(of_row.find(name) is not None for name in _ROWS_AWAY):
            continue
        column = 0 if of_row is None else _value(of_row.find(f"{_W}gridBefore"))
        begun: list[_Placed] = []
        for cell in row.iter(_TC):
            span, merge = _spans(cell)
            if merge == "continue" and column in open_cells:
                open_cells[column].rows += 1
            else:
                paragraphs = cell.iter(_P)
                lines = (
                    ["".join(one.itertext(_T)) for one in paragraphs]
                    if plain
                    else [_paragraph(one, hiding) for one in paragraphs]
                )
                made = _Placed("\n".join(lines).strip(), column, span)
                begun.append(made)
                open_cells.pop(column, None)
                if merge:
                    open_cells[column] = made
            column += span
            count += span
            if count > CELLS_MOST:
                raise Unreadable("表格太大，不像年度报告")
        placed_rows.append(begun)
    return Grid(
        tuple(
            tuple(Cell(one.text, one.column, one.columns, one.rows) for one in row)
            for row in placed_rows
        )
    )


@dataclass(slots=True)
class _Placed:
    text: str
    column: int
    columns: int
    rows: int = 1


def _spans(cell: Any) -> tuple[int, str]:
    """Over how many columns a cell goes, and its word for merging: restart, continue or none."""
    span, merge = 1, ""
    properties = cell.find(_TCPR)
    if properties is not None:
        for one in properties:
            if one.tag == _SPAN:
                span = max(1, _value(one))
            elif one.tag == _MERGE:
                merge = "restart" if one.get(_VAL) == "restart" else "continue"
    return span, merge


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
