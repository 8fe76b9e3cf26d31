"""Files of ledgers as rows of values: what a cell holds, whatever it shows; what cannot be read, in words."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workflow.docket.ledger.books import changed, csv, saved, xlsx
from workflow.docket.ledger import book
from workflow.docket.ledger.book import Unreadable, column_of, letters_of, sheets_of, shows_a_day

HEADS = ["编号", "收到日期"]


def only(data: bytes, name: str = "") -> book.Sheet:
    (sheet,) = sheets_of(data, name)
    return sheet


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "aaaa",
        "[$-804]aaaa;@",
        "dddd",
        'm"月"d"日"',
        "yyyy/m/d h:mm",
        "[$-F800]dddd, mmmm dd, yyyy",
        "mm/dd",
        "e年m月d日",
        "[DBNum1]m月d日",
        "mmmm",
    ],
)
def test_formats_that_show_a_day(code: str) -> None:
    assert shows_a_day(code)


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        "#,##0",
        "h:mm:ss",
        '"编号"0',
        "@",
        "[h]:mm",
        "0000",
        '¥#,##0.00;[Red]"y"0',
        "上午/下午h:mm",
    ],
)
def test_formats_that_show_none(code: str) -> None:
    assert not shows_a_day(code)


@pytest.mark.parametrize("code", ["aaaa", "yyyy-mm-dd", 'm"月"d"日"'])
def test_a_day_is_a_day_however_it_is_shown(code: str) -> None:
    made = openpyxl.load_workbook(io.BytesIO(xlsx([HEADS, ["2024-1", date(2024, 3, 6)]])))
    made.active["B2"].number_format = code
    assert only(saved(made)).rows[1] == ["2024-1", date(2024, 3, 6)]


def test_a_moment_is_its_day_and_a_bare_number_stays_one() -> None:
    sheet = only(xlsx([HEADS, ["a", datetime(2024, 3, 6, 15, 30)], ["b", 45357], ["c", 2.5]]))
    assert [row[1] for row in sheet.rows[1:]] == [date(2024, 3, 6), 45357.0, 2.5]


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(["收到日期", date(2024, 3, 6)])
    sheet = only(saved(made))
    assert sheet.rows[0][1] == date(2024, 3, 6)
    assert sheet.days_from == book.SINCE_1904


def test_rows_keep_their_numbers_and_empty_ones_are_left_out() -> None:
    sheet = only(xlsx([["台账"], [], HEADS, [None, None], ["2024-1", "x"]]))
    assert list(sheet.numbers) == [1, 3, 5]
    assert sheet.rows[2] == ["2024-1", "x"]


def test_merged_areas_are_told_by_the_places_of_rows() -> None:
    data = xlsx(
        [["补正", None], ["发出", "收到"], ["a", "b"], [None, "c"]], merged=["A1:B1", "A3:A4"]
    )
    assert set(only(data).merged) == {(0, 0, 0, 1), (2, 0, 3, 0)}


def test_yes_and_no_errors_and_runs_are_texts() -> None:
    made = openpyxl.Workbook()
    made.active.append([True, False, "#REF!", "a"])
    assert only(saved(made)).rows[0] == ["是", "否", "#REF!", "a"]


def test_hidden_sheets_are_told_apart_and_empty_ones_are_none() -> None:
    made = openpyxl.load_workbook(io.BytesIO(xlsx([HEADS, ["1", "2"]], "2024")))
    made.create_sheet("空")
    hidden = made.create_sheet("存档")
    hidden.append(HEADS)
    hidden.sheet_state = "hidden"
    found = [(sheet.name, sheet.hidden) for sheet in sheets_of(saved(made))]
    assert found == [("2024", False), ("存档", True)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_csv_in_every_encoding(encoding: str) -> None:
    sheet = only(
        csv("编号,收到日期", "2024-1,2024.3.5", "", '2024-2,"一，\n二"', encoding=encoding)
    )
    assert sheet.rows == [HEADS, ["2024-1", "2024.3.5"], ["2024-2", "一，\n二"]]


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_csv_with_other_separators(separator: str) -> None:
    data = csv("盘龙乡台账", separator.join(HEADS), separator.join(("2024-1", "3")))
    assert only(data).rows[1] == HEADS


def test_rows_of_csv_are_of_one_length() -> None:
    assert only(csv("a,b,c", "d")).rows == [["a", "b", "c"], ["d", None, None]]


STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
PLAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.xlsx", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "旧版 Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.et", "WPS 表格"),
        (changed(xlsx([HEADS]), "xl/workbook.xml", PLAIN, STRICT), "a.xlsx", "Strict Open XML"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "内容却是网页"),
        (b"PK\x03\x04 cut off", "a.xlsx", "损坏"),
        (b"\x00\x01\x02\xff\xfe\xfa", "a.csv", "认不出"),
        (xlsx([[]]), "a.xlsx", "没有内容"),
        (b"a,\"b\nc", "a.csv", None),
        (changed(xlsx([HEADS]), "xl/worksheets/sheet1.xml", b"</sheetData>", b"<broken"), "a.xlsx", "损坏"),
        (changed(xlsx([HEADS]), "xl/workbook.xml", b"<workbook ", b"<!DOCTYPE x><workbook "), "a.xlsx", "不规范"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(data: bytes, name: str, said: str | None) -> None:
    if said is None:
        assert sheets_of(data, name)
        return
    with pytest.raises(Unreadable, match=said):
        sheets_of(data, name)


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "ODS"),
        ({"xl__workbook_bin": b"x"}, "XLSB"),
        ({"word__document_xml": b"<x/>"}, "只读 XLSX 和 CSV"),
    ],
)
def test_other_packages_say_what_they_are(parts: dict[str, bytes], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        sheets_of(package(**parts))


def test_a_table_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "ROWS_MOST", 3)
    for data in (xlsx([HEADS] * 4), csv(*["a,b"] * 4)):
        with pytest.raises(Unreadable, match="表格太大"):
            sheets_of(data)
    assert sheets_of(xlsx([HEADS] * 3))


def test_letters_of_columns() -> None:
    assert [letters_of(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
    assert all(column_of(letters_of(n)) == n for n in range(1000))


def test_a_cell_without_a_place_stands_behind_the_one_before() -> None:
    data = changed(xlsx([["编号", "收到日期"]]), "xl/worksheets/sheet1.xml", b' r="B1"', b"")
    assert only(data).rows == [HEADS]


def test_numbers_beyond_all_numbers_are_texts() -> None:
    data = changed(xlsx([["a", 7]]), "xl/worksheets/sheet1.xml", b"<v>7</v>", b"<v>1e999</v>")
    assert only(data).rows == [["a", "1e999"]]


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (b"A2:A1048576", []), (b"D1:E1", []), (b"A9:A10", []), (b"B1:Z1", [(0, 1, 0, 2)]), (b"A2:A9", [(1, 0, 2, 0)]),
        (b"A2", []), (b"x:y", []),
    ],
)  # fmt: skip
def test_merged_areas_end_where_the_sheet_ends(area: bytes, found: list[Any]) -> None:
    data = xlsx([["编号", "收到日期", "x"], ["a", "b"], ["c", "d"]], merged=["B1:C1"])
    data = changed(data, "xl/worksheets/sheet1.xml", b'ref="B1:C1"', b'ref="' + area + b'"')
    assert [one[:3] for one in only(data).merged] == [one[:3] for one in found]


def test_a_formula_is_its_last_result() -> None:
    data = changed(
        xlsx([["编号", 7]]), "xl/worksheets/sheet1.xml", b"<v>7</v>", b"<f>3+4</f><v>7</v>"
    )
    assert only(data).rows == [["编号", 7.0]]
