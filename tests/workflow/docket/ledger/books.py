"""Tables of ledgers for tests: as XLSX written cell by cell, as CSV, as one sheet of values."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

from workflow.docket.ledger.book import Sheet, Value


def xlsx(rows: Sequence[Sequence[Any]], title: str = "台账", merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    return saved(book)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def sheet(*rows: Sequence[Value], name: str = "", merged: Any = ()) -> Sheet:
    """A sheet as it is read, its rows numbered from 1."""
    width = max(map(len, rows))
    even = [[*row, *[None] * (width - len(row))] for row in rows]
    return Sheet(name, even, range(1, len(rows) + 1), merged)


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same package with other words in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
    return out.getvalue()
