"""A ledger's file as rows of values: XLSX read as XML within limits, CSV in UTF-8 or GB18030.

What a cell shows is not what it holds: a day may be shown as 星期三, a number kept as text. Values come as
they are kept: text, number, day.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

from workflow.files import BadContent
from workflow.files.elements import S, rich_text, shared, tree_of
from workflow.files.package import members
from workflow.files.sheet import text_of_csv

Value = str | float | date | None
ROWS_MOST, COLUMNS_MOST, CELLS_MOST = 20_000, 120, 1_000_000
CELL_MOST = 32_767
"""Characters that Excel allows in a cell."""

SINCE_1900, SINCE_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""What a day is counted from that is kept as a number."""

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_WANTED = re.compile(
    r"^(\[Content_Types\]\.xml|mimetype|xl/workbook\.(xml|bin)|xl/sharedStrings\.xml|xl/styles\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml)$"
)
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEPARATORS = ",\t;|"
_OF_DAYS = frozenset(map(str, (*range(14, 18), 22, *range(27, 37), *range(50, 59))))
"""Built-in formats that show a day, those of East Asia among them (ECMA-376 18.8.30)."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_BROKEN = "文件已经损坏，打不开。请用表格软件打开后另存为 XLSX 再上传"
TOO_LARGE = f"表格太大：一次最多 {ROWS_MOST} 行、{COLUMNS_MOST} 列，请按年份分成几份"


class Unreadable(ValueError):
    """A file that is no ledger; the message says in Chinese what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows of values, each with its number in the file; merged: areas as (first row, first
    column, last row, last column), rows as places in `rows`. days_from: what a day kept as a bare number is
    counted from. hidden: whoever opens the file does not see it."""

    name: str
    rows: Sequence[Sequence[Value]]
    numbers: Sequence[int]
    merged: Sequence[tuple[int, int, int, int]] = ()
    days_from: date = SINCE_1900
    hidden: bool = False


def sheets_of(data: bytes, name: str = "") -> list[Sheet]:
    """The sheets of a file that have something in them. Raises Unreadable."""
    ending = name.lower().rpartition(".")[2]
    if not data:
        raise Unreadable("文件是空的，请重新选择")
    if data.startswith(_OLE):
        kind = "WPS 表格（.et）" if ending == "et" else "旧版 Excel（.xls）或者加了密码的文件"
        raise Unreadable(
            f"这是{kind}，请用表格软件打开，去掉密码，另存为 XLSX（Excel 工作簿）再上传"
        )
    found = _of_package(data) if data.startswith(b"PK") else [_of_text(data)]
    found = [sheet for sheet in found if sheet.rows]
    if not found:
        raise Unreadable("文件里没有内容，请核对是不是选错了文件")
    return found


# -- CSV ----------------------------------------------------------------------------------------------


def _of_text(data: bytes) -> Sheet:
    try:
        text, _ = text_of_csv(data)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    start = text.lstrip()[:200].lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
        raise Unreadable(
            "文件名像表格，内容却是网页（有的系统导出的“.xls”是这样），请用表格软件打开，另存为 XLSX 再上传"
        )
    head = text[:4000].split("\n", 1)[0]
    separator = max(_SEPARATORS, key=text[:4000].count)
    if separator not in head and "," in text[:4000]:
        separator = ","
    rows: list[list[Value]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, 1):
            if len(rows) >= ROWS_MOST or len(cells) > COLUMNS_MOST:
                raise Unreadable(TOO_LARGE)
            if any(cell.strip() for cell in cells):
                rows.append([cell if cell.strip() else None for cell in cells])
                numbers.append(number)
    except csv.Error as error:
        raise Unreadable("CSV 的引号或者分隔符不规范，读不出表格，请另存为 XLSX 再上传") from error
    return Sheet("", _even(rows), numbers)


def _even(rows: list[list[Value]]) -> list[list[Value]]:
    width = max(map(len, rows), default=0)
    return [[*row, *[None] * (width - len(row))] for row in rows]


# -- XLSX ---------------------------------------------------------------------------------------------


def _of_package(data: bytes) -> list[Sheet]:
    try:
        parts = members(data, _WANTED)
    except BadContent as error:
        raise Unreadable(str(error)) from error
    if "xl/workbook.xml" not in parts:
        if b"opendocument.spreadsheet" in parts.get("mimetype", b""):
            raise Unreadable("这是 ODS 表格，请用表格软件打开，另存为 XLSX（Excel 工作簿）再上传")
        if "xl/workbook.bin" in parts:
            raise Unreadable("这是二进制的表格（XLSB），请另存为 XLSX（Excel 工作簿）再上传")
        raise Unreadable("不是表格文件：只读 XLSX 和 CSV")
    book = parts["xl/workbook.xml"]
    if _STRICT in book:
        raise Unreadable(
            "这是“Strict Open XML”格式的表格，读不出内容。请用表格软件打开，另存为“Excel 工作簿（*.xlsx）”再上传，"
            "不要选“Strict Open XML 电子表格”"
        )
    root = _xml(book)
    counted_1904 = any(
        one.get("date1904", "0").lower() in ("1", "true") for one in root.iter(f"{S}workbookPr")
    )
    since = SINCE_1904 if counted_1904 else SINCE_1900
    known = _Known(_strings(parts.get("xl/sharedStrings.xml")), _styles_of_days(parts), since)
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts:
        for relation in _xml(parts["xl/_rels/workbook.xml.rels"]):
            target = str(relation.get("Target", ""))
            targets[relation.get("Id")] = "xl/" + target.lstrip("/").removeprefix("xl/")
    found = []
    for sheet in root.iter(f"{S}sheet"):
        content = parts.get(targets.get(sheet.get(f"{_R}id"), ""))
        if content is not None:
            read = _sheet(content, str(sheet.get("name", "")), known)
            found.append(replace(read, hidden=sheet.get("state", "visible") != "visible"))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What the cells of a workbook point to: its texts, the styles that show a day, what days count from."""

    strings: list[str]
    styles_of_days: frozenset[int]
    days_from: date


def _xml(content: bytes) -> Any:
    try:
        return tree_of(content, _BROKEN)
    except BadContent as error:
        raise Unreadable(str(error)) from error


def _strings(content: bytes | None) -> list[str]:
    return [] if content is None else shared(_xml(content))


def _styles_of_days(parts: dict[str, bytes]) -> frozenset[int]:
    """The styles whose number format shows a day, weekdays among them."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    root = _xml(parts["xl/styles.xml"])
    own = {
        one.get("numFmtId"): shows_a_day(str(one.get("formatCode", "")))
        for one in root.iter(f"{S}numFmt")
    }
    styles = root.find(f"{S}cellXfs")
    found = set()
    for place, style in enumerate(() if styles is None else styles.iter(f"{S}xf")):
        number = style.get("numFmtId", "0")
        built_in = number in _OF_DAYS
        if own.get(number, built_in):
            found.add(place)
    return frozenset(found)


def shows_a_day(code: str) -> bool:
    """Whether a number format shows a day: it names year, day or weekday (y, d, a; e of East Asia); hours and
    minutes alone are none."""
    plain = _NOT_SHOWN.sub("", code.split(";")[0]).lower()
    if "general" in plain or any(char in plain for char in "0#?"):
        return False
    plain = plain.replace("am/pm", "").replace("a/p", "").replace("上午/下午", "")
    return bool(re.search(r"[yd]|aaa|e|m.*[月日]", plain)) or plain.strip() in (
        "m",
        "mm",
        "mmm",
        "mmmm",
    )


def _sheet(content: bytes, name: str, known: _Known) -> Sheet:
    rows: list[dict[int, Value]] = []
    numbers: list[int] = []
    places: dict[int, int] = {}
    merged: list[tuple[int, int, int, int]] = []
    count = 0
    for element in _elements(content):
        if element.tag == f"{S}mergeCell":
            area = _area(str(element.get("ref", "")))
            if area is not None and len(merged) < CELLS_MOST:
                merged.append(area)
            continue
        number = _number(element.get("r"), (numbers[-1] if numbers else 0) + 1)
        cells = _cells(element, known)
        if not cells:
            continue
        count += len(cells)
        if len(rows) >= ROWS_MOST or count > CELLS_MOST:
            raise Unreadable(TOO_LARGE)
        places[number] = len(rows)
        rows.append(cells)
        numbers.append(number)
    width = 1 + max((max(cells) for cells in rows), default=-1)
    return Sheet(
        name,
        [[cells.get(column) for column in range(width)] for cells in rows],
        numbers,
        [one for area in merged if (one := _placed(area, places, width)) is not None],
        known.days_from,
    )


def _elements(content: bytes) -> Iterator[Any]:
    """The rows and merged areas, one after another: what was read is let go."""
    from lxml import etree

    walk = etree.iterparse(
        io.BytesIO(content), events=("end",), tag=(f"{S}row", f"{S}mergeCell"),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    try:
        for _, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except (etree.LxmlError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_BROKEN) from error


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else default


def _cells(row: Any, known: _Known) -> dict[int, Value]:
    found: dict[int, Value] = {}
    column = -1
    for cell in row.iter(f"{S}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        column = column_of(place[1]) if place else column + 1
        if column >= COLUMNS_MOST:
            break
        value = _value(cell, known)
        if value is not None:
            found[column] = value
    return found


def _value(cell: Any, known: _Known) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(rich_text(cell))
    element = cell.find(f"{S}v")
    text = "" if element is None else element.text or ""
    if kind == "s":
        number = _number(text, -1)
        return _text(known.strings[number] if 0 <= number < len(known.strings) else "")
    if kind == "b":
        return "是" if text == "1" else "否"
    if kind == "d":
        return _iso_day(text) or _text(text)
    if kind != "n" or not text:
        return _text(text)
    try:
        number_ = float(text)
    except ValueError:
        return _text(text)
    if not isfinite(number_):
        return _text(text)
    if _number(cell.get("s"), -1) in known.styles_of_days:
        return day_of_number(number_, known.days_from) or number_
    return number_


def _text(text: str) -> str | None:
    return text[:CELL_MOST] if text.strip() else None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def day_of_number(number: float, since: date) -> date | None:
    """The day that a spreadsheet keeps as a number; None for what is no day from 1990 to 2100. Before March
    1900 the count of Excel is a day off, and nothing here is so old."""
    if not 0 < number < 100_000:
        return None
    day = since + timedelta(int(number))
    return day if 1990 <= day.year <= 2100 else None


def column_of(letters: str) -> int:
    """A → 0, AA → 26."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def letters_of(column: int) -> str:
    """0 → A, 26 → AA."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
    if not start or not end:
        return None
    return int(start[2]), column_of(start[1]), int(end[2]), column_of(end[1])


def _placed(
    area: tuple[int, int, int, int], places: dict[int, int], width: int
) -> tuple[int, int, int, int] | None:
    """A merged area by the places of its rows; None where none of them has anything."""
    top, left, bottom, right = area
    if top not in places or left >= width or bottom - top > ROWS_MOST:
        return None
    inside = [places[number] for number in range(top, bottom + 1) if number in places]
    return min(inside), left, max(inside), min(right, width - 1)
