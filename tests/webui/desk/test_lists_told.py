"""Lists in other hands: beside every CSV lies what its columns are, and its cells are what that says."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.webui.conftest import Today
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import sample_office
from workflow.service import Office

LISTS = {
    "/desk/ledger/file/csv?year=2026": "lifang",
    "/desk/worklist/list.csv?view=all": "zhoumin",
    "/desk/letters/book/csv": "zhoumin",
    "/desk/parcels/book/csv": "zhoumin",
    "/desk/supervision/lists/late/csv": "hegang",
    "/desk/dashboard/csv": "liujie",
    "/desk/audit/csv": "shenji",
    "/desk/audit/rights/csv": "shenji",
}
FORMATS = {"yyyy-MM-dd": "%Y-%m-%d", "yyyy-MM-dd HH:mm": "%Y-%m-%d %H:%M"}
MONEY = re.compile(r"\d+\.\d\d")
EMPTY = {"/desk/letters/book/csv"}
"""No letter of the demonstration has a number."""


@pytest.fixture
def today(today: Today) -> Today:
    today.is_("2026-05-12")
    return today


@pytest.fixture
def office(tmp_path: Path, today: Today) -> Iterator[Office]:
    office = sample_office(tmp_path / "store.db", today().replace(hour=12))
    yield office
    office.store.close()


def is_as_told(cell: str, kind: Any) -> bool:
    """Whether a cell of the CSV is what the file of columns says: a word of CSV on the Web, or one with a format."""
    if not cell:
        return True
    if kind == "number":
        return cell.lstrip("-").replace(".", "", 1).isdigit()
    if kind == "string":
        return True
    if kind["base"] == "decimal":
        return MONEY.fullmatch(cell) is not None
    return bool(datetime.strptime(cell, FORMATS[kind["format"]]))


def test_every_list_says_what_its_columns_are(staff: Callable[[str], Visitor]) -> None:
    for address, name in LISTS.items():
        visitor = staff(name)
        got = visitor.get(address).page
        assert got.headers["Content-Type"] == "text/csv; charset=utf-8"
        heads, *rows = csv.reader(StringIO(got.data.decode("utf-8-sig")))
        assert rows or address in EMPTY, address
        beside = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', got.headers["Link"])  # fmt: skip
        assert beside, address
        told = visitor.get(beside[1]).page
        assert told.status_code == 200 and told.mimetype == "application/csvm+json", address
        name_of_csv, name_of_told = (
            one.headers["Content-Disposition"].partition("filename*=")[2] for one in (got, told)
        )
        assert name_of_told == f"{name_of_csv}-metadata.json" and name_of_csv, address
        columns = json.loads(told.data)["tableSchema"]["columns"]
        assert [one["titles"] for one in columns] == heads, address
        assert all(one["dc:description"] for one in columns), address
        for row in rows:
            for cell, column in zip(row, columns, strict=True):
                assert is_as_told(cell, column["datatype"]), (address, column["titles"], cell)


def test_the_workbook_has_the_same_as_a_sheet(staff: Callable[[str], Visitor]) -> None:
    for address, name in LISTS.items():
        visitor = staff(name)
        heads = next(csv.reader(StringIO(visitor.get(address).page.data.decode("utf-8-sig"))))
        as_excel = re.sub(r"csv(?=\?|$)", "xlsx", address)
        sheet = load_workbook(BytesIO(visitor.get(as_excel).page.data))["各栏说明"]
        assert [row[1] for row in sheet.iter_rows(min_row=4, values_only=True)] == heads, address


def test_what_the_columns_are_is_no_line_of_the_audit(staff: Callable[[str], Visitor]) -> None:
    audit = "/desk/audit/csv?action=exported"
    before = staff("shenji").get(audit).page.data
    staff("lifang").get("/desk/ledger/file/csv-metadata.json?year=2026")
    staff("zhoumin").get("/desk/worklist/list.csv-metadata.json?view=all")
    after = staff("shenji").get(audit).page.data
    assert after.count(b"\r\n") == before.count(b"\r\n") + 1, "only that the audit itself was taken"
