"""A list as a table file: one Excel workbook (XLSX) or CSV, as practice.md §5.3 wants it. Titled, with a head that stays
in sight and a filter; numbers of cases, identity cards and telephones stay texts, days are days."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from unicodedata import east_asian_width

Cell = str | int | float | Decimal | date | None
"""A text, a number, a sum of money (Decimal: 元 and 分), a day or a moment (of the place's clock); None is an empty cell.
True and False are 是 and 否."""
MOST_ROWS = 100_000
"""Rows of a sheet; more is no list that people read, and takes a minute to write."""
_LONGEST = 32_767
"""What Excel holds in a cell, in units of UTF-16."""
_CUT = "……（太长，以下从略）"
_FIRST_DAY = date.fromisoformat("1900-03-01")
"""Before it Excel counts days wrong."""
_NARROWEST, _WIDEST = 6, 46
"""Widths of columns, in characters of Excel (half the width of a Chinese one)."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANKS = ("\t", "\r", "\n")


class Struck(str):
    """A text that is crossed out in the workbook, as a void number is."""


@dataclass(frozen=True)
class Sheet:
    """A list to be written down. heads: of the columns; note: a line below the title, as what was chosen and when;
    name: on the tab, where the title is too long for it. Raises ValueError for a row of other length than the heads, and
    for more than MOST_ROWS."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.rows) > MOST_ROWS:
            raise ValueError(f"{len(self.rows)} rows, at most {MOST_ROWS}")
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"{len(row)} cells below {len(self.heads)} heads")


def as_csv(sheet: Sheet) -> bytes:
    """The heads and rows, UTF-8 with a mark so that Excel and WPS read Chinese; no title, so that programs read it
    too. What a program of tables would take for a formula has an apostrophe before it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerows([_in_csv(cell) for cell in row] for row in (sheet.heads, *sheet.rows))
    return out.getvalue().encode("utf-8-sig", "replace")


def _in_csv(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_BLANKS) or _calls(cell) else cell
    return _written(cell)


def _calls(text: str) -> bool:
    return text.lstrip().startswith(_FORMULA)


def _written(cell: Cell) -> str:
    """As words: days as 2026-11-30, moments with the minute, money with 分."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return f"{cell:.2f}" if isinstance(cell, Decimal) else str(cell)


def as_xlsx(*sheets: Sheet, dated: date) -> bytes:
    """A workbook of one or more sheets, of the day. The same rows and day give the same bytes. No cell is a formula or
    a link, whatever it says."""
    # What writes Excel is loaded with the first file.
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties(
            {"title": _sound(sheets[0].title), "created": datetime.combine(dated, time())}
        )
        looks = _looks(book)
        taken: set[str] = set()
        for sheet in sheets:
            _write(book.add_worksheet(_tab(sheet, taken)), sheet, looks)
    return out.getvalue()


def _looks(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True}
    text = {**cell, "num_format": "@"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "note": book.add_format({"font_color": "#555555"}),
        "head": book.add_format({**text, "bold": True, "bg_color": "#F2F2F2", "align": "center"}),
        "text": book.add_format(text),
        "struck": book.add_format({**text, "font_strikeout": True}),
        "number": book.add_format(cell),
        "money": book.add_format({**cell, "num_format": "0.00"}),
        "day": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
    }


def _tab(sheet: Sheet, taken: set[str]) -> str:
    """A name that Excel takes for a tab: short, without its signs, once in the book."""
    wanted = "".join(
        "　" if char in "[]:*?/\\" else char for char in _sound(sheet.name or sheet.title)
    )
    wanted = wanted.strip("' 　")[:31].strip("' 　") or "表"
    found, n = wanted, 1
    while found.lower() in taken or found.lower() == "history":
        n += 1
        found = f"{wanted[:27]}（{n}）"
    taken.add(found.lower())
    return found


def _write(page: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    page.write_string(0, 0, _fitting(sheet.title), looks["title"])
    page.set_row(0, 26)
    top = 1
    if sheet.note:
        page.write_string(1, 0, _fitting(sheet.note), looks["note"])
        top = 2
    for column, head in enumerate(sheet.heads):
        page.write_string(top, column, head, looks["head"])
    for place, row in enumerate(sheet.rows, top + 1):
        for column, cell in enumerate(row):
            _put(page, place, column, cell, looks)
    last = len(sheet.heads) - 1
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, top + max(1, len(sheet.rows)), last)
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _put(page: Any, row: int, column: int, cell: Cell, looks: dict[str, Any]) -> None:
    if isinstance(cell, datetime) and cell.date() >= _FIRST_DAY:
        page.write_datetime(row, column, cell.replace(tzinfo=None), looks["moment"])
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
        page.write_datetime(row, column, cell, looks["day"])
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        page.write_number(
            row, column, cell, looks["money" if isinstance(cell, Decimal) else "number"]
        )
    elif isinstance(cell, str):
        page.write_string(
            row, column, _fitting(cell), looks["struck" if isinstance(cell, Struck) else "text"]
        )
    else:
        page.write_string(row, column, _written(cell), looks["text"])


def _sound(text: str) -> str:
    """Without halves of characters, which no file holds."""
    return text.encode("utf-8", "replace").decode()


def _fitting(text: str) -> str:
    """What Excel holds in one cell: XlsxWriter leaves a longer one out without a word."""
    text = _sound(text)
    if _units(text) <= _LONGEST:
        return text
    held = text.encode("utf-16-le")[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore")
    return held + _CUT


def _units(text: str) -> int:
    return len(text) if len(text) * 2 <= _LONGEST else len(text.encode("utf-16-le")) // 2


def _widths(sheet: Sheet) -> list[float]:
    """So wide that heads and most cells stand on one line; autofit of XlsxWriter reckons Chinese at half."""
    widths = [_wide(head) + 3 for head in sheet.heads]
    for row in sheet.rows[:500]:
        for column, cell in enumerate(row):
            if widths[column] < _WIDEST:
                widths[column] = max(widths[column], _wide(_written(cell)[:_WIDEST]) + 2)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
