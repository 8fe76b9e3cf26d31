"""The report as an Excel workbook: one sheet for the text, one for each table; numbers are numbers."""

from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from config.law import load_law
from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import TABLES, Grid, placed, subject
from workflow.report.writing.manuscript import Manuscript, Section, manuscript

A4 = 9
CHARACTERS = {"table2": 84, "table3": 116, "table4": 135}
"""The width of each table in characters of Excel (half the width of a Chinese one)."""
TEXT_WIDTH = 80
LONGEST = 900
"""Characters in a cell of text: Excel shows no row higher than 409 points."""
_LINE, _TEXT_LINE = 15, 21


def write(report: AnnualReport) -> bytes:
    """A workbook that Excel and WPS open: print set-up A4, heads repeated, text never taken for a formula."""
    written = manuscript(report)
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": written.title,
            "author": report.agency,
            "created": datetime.combine(written.dated, time()),
        }
    )
    formats = _Formats(book)
    _text_sheet(book.add_worksheet("年度报告"), written, formats)
    for section in written.sections:
        if section.grid:
            sheet = book.add_worksheet(TABLES[section.grid.table])
            _table_sheet(sheet, written, section, section.grid, formats)
    book.close()
    return out.getvalue()


class _Formats:
    """The few looks of a cell."""

    def __init__(self, book: Workbook) -> None:
        song = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
        box = {**song, "border": 1, "align": "center"}
        hei = {**song, "font_name": "黑体"}
        self.title = book.add_format({**hei, "font_size": 16, "align": "center"})
        self.caption = book.add_format({**hei, "font_size": 12, "align": "center"})
        self.heading = book.add_format({**hei, "font_size": 13})
        self.text = book.add_format({**song, "font_size": 12, "valign": "top", "indent": 0})
        self.note = book.add_format({**song, "border": 1, "bold": True})
        self.signature = book.add_format({**song, "font_size": 12, "align": "right"})
        self.head = book.add_format({**box, "bg_color": "#F2F2F2"})
        self.label = book.add_format({**box, "align": "left"})
        self.middle = book.add_format(box)
        self.number = book.add_format({**box, "text_wrap": False})
        self.sum = book.add_format({**box, "text_wrap": False, "bold": True})
        self._book, self._money = book, {**box, "text_wrap": False}
        self._exact: dict[int, Format] = {}

    def money(self, places: int) -> Format:
        """A sum as every other form of the report shows it: Excel drops noughts that end it."""
        if places not in self._exact:
            shown = f"0.{'0' * places}" if places else "0"
            self._exact[places] = self._book.add_format({**self._money, "num_format": shown})
        return self._exact[places]


def _text_sheet(sheet: Worksheet, written: Manuscript, formats: _Formats) -> None:
    sheet.set_column(0, 0, TEXT_WIDTH)
    row = _line(sheet, 0, written.title, formats.title, 28)
    for note in written.notes:
        row = _line(sheet, row, note, formats.note)
    for section in written.sections:
        row = _line(sheet, row, section.heading, formats.heading, 26)
        for paragraph in section.paragraphs:
            for part in _parts(paragraph.whole):
                row = _line(sheet, row, part, formats.text)
        if section.grid:
            sheet_name = TABLES[section.grid.table]
            row = _line(sheet, row, f"（数据见工作表“{sheet_name}”）", formats.text)
    for line in written.signature:
        row = _line(sheet, row, line, formats.signature)
    sheet.freeze_panes(1, 0)
    _print_set_up(sheet, written, row - 1, 0)


def _line(sheet: Worksheet, row: int, text: str, form: Format, height: int | None = None) -> int:
    sheet.write_string(row, 0, text, form)
    needed = ceil(_wide(text) / (TEXT_WIDTH - 6)) * _TEXT_LINE + 3
    sheet.set_row(row, min(409, max(height or 0, needed)))
    return row + 1


def _parts(text: str) -> list[str]:
    """A paragraph in cells that are not too high, cut where a sentence ends if one does."""
    parts = []
    while len(text) > LONGEST:
        end = text.rfind("。", 0, LONGEST) + 1 or LONGEST
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


def _table_sheet(
    sheet: Worksheet, written: Manuscript, section: Section, grid: Grid, formats: _Formats
) -> None:
    last = len(grid.widths) - 1
    widths = [share * CHARACTERS[grid.table] / sum(grid.widths) for share in grid.widths]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    # The title of the section itself stands on the first sheet, above its words.
    caption = f"{TABLES[grid.table]}　{subject(grid.table, load_law().formats)}"
    above = [(written.title, formats.title, 28), (caption, formats.caption, 22)]
    above += [(note, formats.note, 0) for note in written.notes]
    for row, (text, form, least) in enumerate(above):
        sheet.merge_range(row, 0, row, last, "", form)
        sheet.write_string(row, 0, text, form)
        sheet.set_row(row, max(least, _height(text, sum(widths))))
    top = len(above)
    heights = [18.0] * len(grid.rows)
    for at in placed(grid):
        cell, row, column = at.cell, top + at.row, at.column
        form = _form(grid, at.row, cell.kind, at.cell.rows, formats)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "", form)
        if cell.kind == "number":
            value = written.value(grid, cell)
            if value is None:
                sheet.write_blank(row, column, None, form)
            else:
                if isinstance(value, Decimal):
                    form = formats.money(_places(value))
                exact = float(value) if isinstance(value, Decimal) else value
                sheet.write_number(row, column, exact, form)
        else:
            sheet.write_string(row, column, cell.text, form)
            if cell.rows == 1:
                needed = _height(cell.text, sum(widths[column : column + cell.columns]))
                heights[at.row] = max(heights[at.row], needed)
    for at_row, height in enumerate(heights):
        sheet.set_row(top + at_row, height)
    if grid.heads:
        sheet.freeze_panes(top + grid.heads, 0)
        sheet.repeat_rows(top, top + grid.heads - 1)
    else:
        sheet.freeze_panes(2, 0)
    _print_set_up(sheet, written, top + len(grid.rows) - 1, last)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _form(grid: Grid, row: int, kind: str, rows: int, formats: _Formats) -> Format:
    if kind == "number":
        return formats.sum if row in grid.sums else formats.number
    if kind in ("head", "title"):
        return formats.head
    return formats.middle if rows > 1 and kind == "label" else formats.label


def _wide(text: str) -> float:
    """The width of a text in characters of Excel."""
    return sum(1.1 if ord(char) < 0x2E80 and char not in "“”‘’—…" else 2.1 for char in text)


def _height(text: str, width: float) -> float:
    return ceil(_wide(text) / max(2.1, width - 1)) * _LINE + 3.0


def _print_set_up(sheet: Worksheet, written: Manuscript, last_row: int, last_column: int) -> None:
    sheet.set_paper(A4)
    if last_column > 10:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer('&C&"宋体"&10— &P —')
