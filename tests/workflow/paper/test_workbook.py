"""Lists as Excel and CSV: what a person finds who opens the file."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from workflow.paper.workbook import MOST_ROWS, Cell, Sheet, Struck, as_csv, as_xlsx

ON = date(2026, 11, 30)


def sheet_of(*cells: Cell, note: str = "") -> Sheet:
    return Sheet("待办", tuple(f"列{n}" for n in range(len(cells))), [cells], note)


def opened(*sheets: Sheet) -> Worksheet:
    found = load_workbook(BytesIO(as_xlsx(*sheets, dated=ON))).worksheets[0]
    assert isinstance(found, Worksheet)
    return found


def in_excel(cell: Cell) -> Any:
    return opened(sheet_of(cell))["A3"]


def in_csv(*cells: Cell) -> list[str]:
    return list(csv.reader(StringIO(as_csv(sheet_of(*cells)).decode("utf-8-sig"))))[1]


def test_title_stands_above_a_head_that_stays_in_sight_and_filters() -> None:
    page = opened(Sheet("待办", ("编号", "期限"), [("2026-0001", ON), ("2026-0002", None)]))
    assert page["A1"].value == "待办" and page.title == "待办"
    assert [cell.value for cell in page[2]] == ["编号", "期限"]
    assert page.freeze_panes == "A3" and page.auto_filter.ref == "A2:B4"
    assert page.print_title_rows == "$2:$2" and page.page_setup.orientation == "landscape"


def test_note_below_the_title_moves_the_head_down() -> None:
    page = opened(sheet_of("一", note="未办结，按期限"))
    assert [page[f"A{n}"].value for n in (1, 2, 3, 4)] == ["待办", "未办结，按期限", "列0", "一"]
    assert page.freeze_panes == "A4" and page.auto_filter.ref == "A3:A4"


def test_list_without_rows_keeps_head_and_filter() -> None:
    page = opened(Sheet("待办", ("编号",), []))
    assert page["A2"].value == "编号" and page.auto_filter.ref == "A2:A3"


@pytest.mark.parametrize("text", ["530102199003071234", "013912345678", "2026-0001", "1E5"])
def test_numbers_of_cards_phones_and_cases_stay_texts(text: str) -> None:
    cell = in_excel(text)
    assert cell.value == text and cell.data_type == "s" and cell.number_format == "@"
    assert in_csv(text) == [text]


def test_day_is_a_day_and_moment_a_moment() -> None:
    cell = in_excel(ON)
    assert cell.is_date and cell.value == datetime(2026, 11, 30)
    assert cell.number_format == "yyyy-mm-dd"
    at = datetime(2026, 11, 30, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    cell = in_excel(at)
    assert cell.value == datetime(2026, 11, 30, 8, 5)
    assert cell.number_format == "yyyy-mm-dd hh:mm"
    assert in_csv(ON, at) == ["2026-11-30", "2026-11-30 08:05"]


def test_day_before_excel_counts_right_is_a_text() -> None:
    assert in_excel(date(1900, 2, 28)).value == "1900-02-28"
    assert in_excel(date(1900, 3, 1)).value == datetime(1900, 3, 1)
    assert in_excel(datetime(1899, 12, 31, 9, 0)).value == "1899-12-31 09:00"


def test_numbers_are_numbers_and_nothing_is_empty() -> None:
    assert in_excel(3).value == 3 and in_excel(3).data_type == "n"
    assert in_excel(Decimal("10.50")).value == 10.5
    assert in_excel(Decimal("10.50")).number_format == "0.00"
    assert in_excel(10.5).number_format == "General"
    assert in_excel(2.5).value == 2.5
    assert in_excel(None).value in (None, "")
    assert in_excel(True).value == "是" and in_excel(False).value == "否"
    assert in_csv(3, Decimal("10.50"), None, True) == ["3", "10.50", "", "是"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+861390",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n1",
        " =1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
    ],
)
def test_no_text_is_a_formula(text: str) -> None:
    assert in_csv(text) == ["'" + text]
    cell = in_excel(text)
    assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", ["甲=乙", "1-2", "a@b.cn", "", "http://example.cn"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert in_csv(text) == [text]
    assert (in_excel(text).value or "") == text and in_excel(text).hyperlink is None


def test_csv_is_utf8_with_its_mark() -> None:
    assert as_csv(sheet_of("测试")) == "\ufeff列0\r\n测试\r\n".encode()


def test_void_number_is_crossed_out() -> None:
    assert in_excel(Struck("1号")).font.strike and not in_excel("1号").font.strike
    assert in_csv(Struck("=1")) == ["'=1"]


@pytest.mark.parametrize("sign", ["长", "𠮷"])
def test_text_too_long_for_a_cell_is_cut_and_says_so(sign: str) -> None:
    most = 32_767 // (len(sign.encode("utf-16-le")) // 2)
    fits = sign * most
    assert in_excel(fits).value == fits
    cut = in_excel(fits + sign).value
    assert cut.startswith(sign * 1000) and cut.endswith("（太长，以下从略）")
    assert len(cut.encode("utf-16-le")) <= 2 * 32_767
    assert cut.strip(sign) == "……（太长，以下从略）"
    assert in_csv(fits + sign) == [fits + sign]


def test_half_a_character_writes_a_file_all_the_same() -> None:
    assert in_excel("甲\ud840乙").value == "甲?乙"
    assert in_csv("甲\ud840乙") == ["甲?乙"]
    assert opened(Sheet("\ud840", ("列",), []))["A1"].value == "?"


def test_tabs_have_names_that_excel_takes() -> None:
    titles = ("甲/乙：[a]*?", "长" * 40, "'", "History", "待办", "待办", "长" * 50)
    book = as_xlsx(*(Sheet(title, ("列",), []) for title in titles), dated=ON)
    names = load_workbook(BytesIO(book)).sheetnames
    assert names[0] == "甲　乙：　a" and names[1] == "长" * 31 and names[2] == "表"
    assert names[3:6] == ["History（2）", "待办", "待办（2）"]
    assert names[6] == "长" * 27 + "（2）"
    assert opened(Sheet("很长的题目", ("列",), [], name="短")).title == "短"


def widths(heads: Sequence[str], *rows: Sequence[Cell]) -> list[float]:
    page = opened(Sheet("待办", tuple(heads), rows))
    return [round(page.column_dimensions[chr(65 + n)].width) for n in range(len(heads))]


def test_chinese_takes_two_characters_of_width() -> None:
    short, chinese, latin, long = widths(
        ("a", "b", "c", "d"), ("1", "一二三四五六七八", "abcdefghijklmn", "长" * 100)
    )
    assert short == 7 and chinese == 19 and latin == 17 and long == 47


def test_same_rows_and_day_give_the_same_bytes() -> None:
    assert as_xlsx(sheet_of("一"), dated=ON) == as_xlsx(sheet_of("一"), dated=ON)
    made = load_workbook(BytesIO(as_xlsx(sheet_of("一"), dated=ON))).properties
    assert made.title == "待办" and made.created == datetime(2026, 11, 30)


def test_row_of_another_length_and_too_many_rows_are_faults() -> None:
    with pytest.raises(ValueError, match="1 cells below 2 heads"):
        Sheet("待办", ("a", "b"), [("1",)])
    row = ("1",)
    Sheet("待办", ("a",), [row] * MOST_ROWS)
    with pytest.raises(ValueError, match="at most"):
        Sheet("待办", ("a",), [row] * (MOST_ROWS + 1))


def test_sheet_prints_on_a4_as_wide_as_the_page_with_a_plain_look() -> None:
    page = opened(sheet_of("一", ON))
    assert page.page_setup.paperSize == 9
    assert page.page_setup.fitToHeight == 0 and page.sheet_properties.pageSetUpPr.fitToPage
    assert page["A1"].font.bold and page["A1"].font.size == 16
    head, text, day = page["A2"], page["A3"], page["B3"]
    assert head.font.bold and head.alignment.horizontal == "center"
    assert head.fill.fgColor.rgb == "FFF2F2F2" and head.border.left.style == "thin"
    assert text.alignment.wrap_text and text.alignment.vertical == "center"
    assert text.border.top.style == "thin" and not text.font.bold
    assert day.alignment.horizontal == "left" and day.border.bottom.style == "thin"


def test_narrow_columns_keep_the_sign_of_the_filter_in_sight() -> None:
    assert widths(("编",), ("",)) == [7]
    assert widths(("编号编号",), ("",)) == [12]
    assert widths(("abc",), ("ａｂｃｄ",)) == [11]
