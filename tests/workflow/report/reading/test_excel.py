"""What stands in a sheet is what Excel shows: numbers, texts, places, merged cells, hidden sheets."""

import pytest

from tests.samples import packed
from workflow.files import package as packages
from workflow.report.reading import Unreadable
from workflow.report.reading.office import COLUMNS_MOST, ROWS_MOST, blocks_of_office
from workflow.report.reading.paper import CELLS_MOST, Grid

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = '<sheet name="年报" r:id="r1"/>'
TIE = '<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'


def workbook(
    rows: str,
    *,
    picture: bytes = b"",
    merged: str = "",
    strings: str = "",
    sheets: str = SHEET,
    ties: str = TIE,
    second: str = "",
) -> bytes:
    """A workbook as its XML: rows of sheet1, merged cells, shared strings, perhaps a sheet2 and a
    picture."""
    content = f"<worksheet {MAIN}><sheetData>{{}}</sheetData>{merged}</worksheet>"
    return packed(
        {
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{TIES}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{ties}</Relationships>",
            "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
            "xl/worksheets/sheet1.xml": content.format(rows),
            "xl/worksheets/sheet2.xml": content.format(second),
            "xl/media/picture.png": picture,
        }
    )


def grids(data: bytes) -> list[Grid]:
    found = list(blocks_of_office(data))
    assert all(isinstance(one, Grid) for one in found)
    return [one for one in found if isinstance(one, Grid)]


def places(data: bytes) -> dict[tuple[int, int], str]:
    """(row, column) from 0 → text, of every cell of the first sheet with something in it."""
    return {
        (line, cell.column): cell.text
        for line, row in enumerate(grids(data)[0].rows)
        for cell in row
        if cell.text
    }


def shown(cell: str, **more: str) -> str:
    """The text of a single cell A1."""
    return places(workbook(f"<row>{cell}</row>", **more)).get((0, 0), "")


@pytest.mark.parametrize(
    ("kept", "as_shown"),
    [
        ("3119", "3119"),
        ("3119.0", "3119"),
        ("-4.0", "-4"),
        ("0.30000000000000004", "0.3"),  # 0.1 + 0.2
        ("2.9999999999999996", "3"),
        ("12.345", "12.345"),
        ("1234567.25", "1234567.25"),
        ("3.119E3", "3119"),
        ("1E2", "100"),
        ("1E-1", "0.1"),
        ("1E15", "1e+15"),  # no number of a report; told as a text
        ("1E999", "1E999"),
        ("-1E999", "-1E999"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_number_is_read_as_excel_shows_it(kept, as_shown):
    assert shown(f'<c r="A1"><v>{kept}</v></c>') == as_shown


@pytest.mark.parametrize(
    ("kind", "text"),
    [("str", "3.10"), ("str", "12.0"), ("str", "见附件E"), ("e", "#DIV/0!"), ("d", "2024.01.20")],
)
def test_the_text_of_a_formula_is_no_number_to_be_rounded(kind, text):
    assert shown(f'<c r="A1" t="{kind}"><v>{text}</v></c>') == text


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "总计"), ("1", "自然人"), ("2", ""), ("-1", ""), ("x", ""), ("", ""), ("00000001", "")],
)
def test_a_shared_string_is_found_by_its_number_and_a_wrong_number_is_a_blank(number, text):
    strings = (
        "<si><t>总计</t></si><si><r><t>自然</t></r><rPh><t>ziran</t></rPh><r><t>人</t></r></si>"
    )
    assert shown(f'<c r="A1" t="s"><v>{number}</v></c>', strings=strings) == text


def test_a_text_in_its_cell_is_read_with_all_its_runs_and_without_readings():
    inside = "<is><r><t>商业</t></r><r><t>企业</t></r><rPh><t>shangye</t></rPh></is>"
    assert shown(f'<c r="A1" t="inlineStr">{inside}</c>') == "商业企业"
    assert shown('<c r="A1"/>') == ""


def test_cells_without_a_reference_are_counted_on_from_the_one_before():
    data = workbook(
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row><c r="C2"><v>3</v></c><c><v>4</v></c></row>'
        "<row><c><v>5</v></c></row>"
    )
    assert places(data) == {(0, 0): "1", (0, 1): "2", (1, 2): "3", (1, 3): "4", (2, 0): "5"}


def test_a_reference_says_row_and_column():
    row = "".join(f'<c r="{place}"><v>1</v></c>' for place in ("A2", "Z1", "AA3", "$C$4"))
    assert set(places(workbook(f"<row>{row}</row>"))) == {(1, 0), (0, 25), (2, 26), (3, 2)}


def test_what_stands_far_outside_is_left_out():
    last, beyond = f"A{ROWS_MOST}", f"A{ROWS_MOST + 1}"
    column = {"KN1": COLUMNS_MOST - 1, "KO1": COLUMNS_MOST}
    assert list(column.values()) == [299, 300]
    row = "".join(
        f'<c r="{place}"><v>1</v></c>' for place in (last, beyond)
    )  # a narrow sheet, down to its last row
    assert set(places(workbook(f"<row>{row}</row>"))) == {(ROWS_MOST - 1, 0)}
    wide = "".join(f'<c r="{place}"><v>1</v></c>' for place in column)
    assert set(places(workbook(f"<row>{wide}</row>"))) == {(0, COLUMNS_MOST - 1)}


def test_merged_cells_cover_others_and_end_with_the_sheet():
    data = workbook(
        '<row><c r="A1"><v>1</v></c><c r="B1"><v>9</v></c><c r="D2"><v>2</v></c></row>',
        merged='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1:XFD1"/>'
        '<mergeCell ref="Z90:AA91"/><mergeCell ref="nonsense"/></mergeCells>',
    )
    first, second = grids(data)[0].rows
    assert [(one.text, one.column, one.columns, one.rows) for one in first] == [
        ("1", 0, 2, 2), ("", 2, 2, 1)
    ]  # fmt: skip
    assert [(one.text, one.column, one.columns, one.rows) for one in second] == [
        ("", 2, 1, 1), ("2", 3, 1, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"])
def test_sheets_are_found_where_the_workbook_says_and_hidden_ones_are_left_out(target):
    sheets = (
        '<sheet name="底稿" r:id="r2" state="hidden"/><sheet name="年报" r:id="r1" state="visible"/>'
        '<sheet name="没有" r:id="r3"/>'
    )
    ties = (
        f'<Relationship Id="r1" Target="{target}"/>'
        '<Relationship Id="r2" Target="worksheets/sheet2.xml"/>'
    )
    data = workbook(
        "<row><c><v>1</v></c></row>",
        sheets=sheets,
        ties=ties,
        second="<row><c><v>2</v></c></row>",
    )
    assert [grid.name for grid in grids(data)] == ["年报"]
    assert places(data) == {(0, 0): "1"}


def test_a_sheet_with_more_places_than_any_report_is_refused():
    height = CELLS_MOST // 200
    fits = f'<row><c r="GR{height}"><v>1</v></c></row>'  # the 200th column
    assert len(grids(workbook(fits))[0].rows) == height
    with pytest.raises(Unreadable, match="太大"):
        grids(workbook(f'<row><c r="GR{height + 1}"><v>1</v></c></row>'))


def test_unpacked_a_workbook_is_no_larger_than_the_limit_with_what_is_not_read(monkeypatch):
    data = workbook("<row><c><v>1</v></c></row>", picture=b"\0" * 10_000)
    whole = sum(len(content) for _, content in packages.parts(data))
    monkeypatch.setattr(packages, "UNPACKED_MOST", whole)
    assert places(data) == {(0, 0): "1"}
    monkeypatch.setattr(packages, "UNPACKED_MOST", whole - 1)
    with pytest.raises(Unreadable, match="解开后太大"):
        grids(data)
