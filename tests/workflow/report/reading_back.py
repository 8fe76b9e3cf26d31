"""The numbers of a written report, read from the file by a library that did not write it."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import docx
import lxml.html
import openpyxl
from docx.oxml.ns import qn
from pypdf import PdfReader

from config.law import load_law
from workflow.report.tables.layout import TABLES, grid_of, placed

FORMATS = load_law().formats
Numbers = dict[str, list[Decimal | None]]
"""Table → its numbers, row by row; None for a blank."""


def numbers(ending: str, data: bytes, fmt: str) -> Numbers:
    read = {"xlsx": _xlsx, "docx": _docx, "pdf": _pdf, "html": _html, "json": _json}[ending]
    return dict(zip(TABLES, read(data, fmt), strict=True))


def text(ending: str, data: bytes) -> str:
    """All that is written, without breaks of lines."""
    if ending == "xlsx":
        book = openpyxl.load_workbook(BytesIO(data))
        found = "".join(
            str(cell.value) for sheet in book for row in sheet for cell in row if cell.value
        )
    elif ending == "docx":
        found = "".join(
            node.text or "" for node in docx.Document(BytesIO(data)).element.iter(qn("w:t"))
        )
    elif ending == "pdf":
        found = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
        found = re.sub(r"— \d+ —", "", found)
    elif ending == "html":
        found = lxml.html.document_fromstring(data.decode()).find("body").text_content()
    else:
        found = "".join(_strings(json.loads(data)))
    return re.sub(r"\s", "", found)


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, str):
        yield data


def parts(ending: str, data: bytes) -> dict[str, bytes | str]:
    """What two files are compared by: members of an archive, pages of a PDF, else the whole."""
    if ending in ("xlsx", "docx"):
        with ZipFile(BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    if ending == "pdf":
        pages = PdfReader(BytesIO(data)).pages
        return {f"page {number}": page.extract_text() for number, page in enumerate(pages, 1)}
    return {"whole": data}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _xlsx(data: bytes, fmt: str) -> Iterator[list[Decimal | None]]:
    book = openpyxl.load_workbook(BytesIO(data))
    for table, sheet in zip(TABLES, book.worksheets[1:], strict=True):
        grid = grid_of(table, fmt, FORMATS)
        top = sheet.max_row - len(grid.rows) + 1
        found: list[Decimal | None] = []
        for at in placed(grid):
            cell = sheet.cell(top + at.row, at.column + 1)
            if at.cell.kind == "number":
                assert cell.value is None or isinstance(cell.value, int | float), cell.coordinate
                found.append(None if cell.value is None else Decimal(str(cell.value)))
            else:
                assert cell.value == at.cell.text, cell.coordinate
        yield found


def _docx(data: bytes, fmt: str) -> Iterator[list[Decimal | None]]:
    for name, table in zip(TABLES, docx.Document(BytesIO(data)).tables, strict=True):
        grid = grid_of(name, fmt, FORMATS)
        assert (len(table.rows), len(table.columns)) == (len(grid.rows), len(grid.widths))
        cells, wide = table._cells, len(grid.widths)
        found: list[Decimal | None] = []
        for at in placed(grid):
            below, right = at.row + at.cell.rows - 1, at.column + at.cell.columns - 1
            cell, last = cells[at.row * wide + at.column], cells[below * wide + right]
            assert cell._tc is last._tc, "merged as the law's table is"
            if at.cell.kind == "number":
                found.append(_number(cell.text))
            else:
                assert cell.text == at.cell.text
        yield found


def _html(data: bytes, fmt: str) -> Iterator[list[Decimal | None]]:
    page = lxml.html.document_fromstring(data.decode())
    for name, table in zip(TABLES, page.xpath("//table[not(@hidden)]"), strict=True):
        rows = list(table.iter("tr"))
        found: list[Decimal | None] = []
        for row, cells in zip(rows, grid_of(name, fmt, FORMATS).rows, strict=True):
            for written, cell in zip(row, cells, strict=True):
                assert int(written.get("colspan", 1)) == cell.columns
                assert int(written.get("rowspan", 1)) == cell.rows
                if cell.kind == "number":
                    found.append(_number(written.text_content()))
                else:
                    assert written.text_content() == cell.text
        yield found


def _json(data: bytes, fmt: str) -> Iterator[list[Decimal | None]]:
    report = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    for table in TABLES:
        cells = grid_of(table, fmt, FORMATS).numbers()
        if report[table] is None:
            yield [None] * len(cells)
            continue
        assert [(row, column) for row in report[table] for column in report[table][row]] == [
            cell.key for cell in cells
        ]
        yield [report[table][row][column] for row, column in (cell.key for cell in cells)]


def _pdf(data: bytes, fmt: str) -> Iterator[list[Decimal | None]]:
    """From the text alone, so a table is whole or blank: every line of a table ends in its numbers."""
    pages = PdfReader(BytesIO(data)).pages
    lines = "\n".join(page.extract_text() for page in pages).splitlines()
    heads = list(FORMATS.sections.values())
    starts = {head: lines.index(head) for head in heads}
    for section, table in zip(("proactive", "applications", "disputes"), TABLES, strict=True):
        following = heads[heads.index(FORMATS.sections[section]) + 1]
        within = lines[starts[FORMATS.sections[section]] : starts[following]]
        found: list[Decimal | None] = []
        for line in within:
            # A head over many rows may follow the numbers on the same line.
            ending = re.search(r"(?:(?<=\s)|^)-?\d+(\.\d+)?(\s+-?\d+(\.\d+)?)*(?=$|（)", line)
            if ending:
                found += [Decimal(one) for one in ending[0].split()]
        expected = len(grid_of(table, fmt, FORMATS).numbers())
        assert len(found) in (0, expected), (table, len(found), expected)
        found = found or [None] * expected
        yield found
