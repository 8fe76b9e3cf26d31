"""CSV as people save it: with quotes or without, with commas in labels and in sentences."""

import pytest

from tests.workflow.report.form_files import NUMBER, odf
from workflow.report.annual import Oddity
from workflow.report.reading import Unreadable
from workflow.report.reading.odf import blocks_of_flat, blocks_of_odf
from workflow.report.reading.paper import Cell, Grid
from workflow.report.reading.separated import blocks_of_separated, mark_of

ROWS = "a,1,2,3\n" * 5


def rows(text: str, mark: str = ",") -> list[object]:
    return [
        [[cell.text for cell in row] for row in block.rows] if isinstance(block, Grid) else block
        for block in blocks_of_separated(text, mark)
    ]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (ROWS, ","), (ROWS.replace(",", ";"), ";"), (ROWS.replace(",", "\t") + '"', "\t"), (ROWS.replace(",", "\t"), None),
        (ROWS[8:], None), ("a,b,c,1\n" * 9, None), ("a,1,2\n" * 9, None), ("|a,1,2,3|\n" * 9, None), ("一,二,三,四\n" * 9, None),
        ("a" * 1000 + ROWS.replace("\n", "\n" + "a" * 1000), None), ('"a","1","2","3"\r\n' * 5, ","), ("", None),
        *((ROWS.replace(",", mark), mark) for mark in "，；^~"), (ROWS.replace(",", ":"), None),
        ('"a"|"1"|"2"|"3"\n' * 5, "|"), ('"a"|1|2\n' * 5, None), ("a|1|2|3\n" * 5, None),
    ],
)  # fmt: skip
def test_the_mark_is_what_stands_between_numbers(text, mark):
    assert mark_of(text) == mark


def test_quotes_hold_a_cell_together_with_its_marks_and_lines():
    assert rows('"a,b",1\n"c\nd",2\n') == [[["a,b", "1"], ["c\nd", "2"]]]


def test_a_quote_that_is_never_closed_does_not_swallow_the_rest():
    assert rows('"a,1\n' + "b,2\n" * 40)[0][:2] == [['"a', "1"], ["b", "2"]]
    assert rows('"' + "a" * 200_000 + ",1\nb,2\n")[0][1] == ["b", "2"]


def test_brackets_hold_a_label_together():
    assert rows("（一,二）三,1\n(a,(b),c),2\n（开,3,4\n") == [
        [["（一,二）三", "1"], ["(a,(b),c)", "2"], ["（开", "3", "4"]]
    ]


def test_sentences_stay_sentences():
    assert rows("收到申请1件,办结1件。,,\n标题,,\n一句话\n,,\n") == [
        "收到申请1件,办结1件。",
        [["标题", "", ""]],
        "一句话",
        "",
    ]
    long = "长" * 61
    assert rows(f"{long},短\n{long},1\n") == [f"{long},短", [[long, "1"]]]


# -- OpenDocument ------------------------------------------------------------------------------------


def sheet(rows: str, columns: str = "") -> list[object]:
    return list(
        blocks_of_odf(
            odf(f'<table:table table:name="年报">{columns}{rows}</table:table>', "spreadsheet")
        )
    )


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{cells}</table:table-row>"


def test_a_number_is_read_as_it_is_kept_and_not_as_it_is_shown():
    (grid,) = sheet(
        row(
            cell("3,119", NUMBER.format("3119")) + cell("￥0.3", NUMBER.format("0.30000000000000004"))
            + cell("1", NUMBER.format("x")) + cell("2", NUMBER.format("9" * 50)) + cell("三", 'office:value-type="string"')
        )
    )  # fmt: skip
    assert isinstance(grid, Grid)
    assert [one.text for one in grid.rows[0]] == ["3119", "0.3", "1", "2", "三"]


def test_repeated_and_covered_cells_have_their_columns():
    (grid,) = sheet(
        row(cell("1", 'table:number-columns-repeated="2"') + '<table:covered-table-cell table:number-columns-repeated="2"/>' + cell("2"))
        + row(cell("3"), 'table:number-rows-repeated="2"')
        + row(cell(""), 'table:number-rows-repeated="1048000"')
    )  # fmt: skip
    assert isinstance(grid, Grid)
    assert grid.rows[0] == (Cell("1", 0), Cell("1", 1), Cell("2", 4))
    assert [[one.text for one in line] for line in grid.rows[1:]] == [["3"], ["3"], [""]]


def test_hidden_rows_and_columns_of_a_sheet_are_not_read_and_that_is_said():
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    told, grid = sheet(
        row(cell("1") + cell("9") + cell("2"))
        + row(cell("8"), 'table:visibility="filter"')
        + row(cell("3")),
        columns,
    )
    assert told == Oddity("unread", "表格“年报”", "第 1 行、第 2 行有隐藏的内容，没有读入")
    assert isinstance(grid, Grid)
    assert [[(one.text, one.column) for one in line] for line in grid.rows] == [
        [("1", 0), ("2", 2)],
        [],
        [("3", 0)],
    ]


def test_a_formula_without_its_result_is_a_cell_that_was_not_read():
    (grid,) = sheet(
        row('<table:table-cell table:formula="of:=1+1"/>' + cell("2", 'table:formula="of:=1+1"'))
    )
    assert isinstance(grid, Grid)
    assert "公式" in grid.rows[0][0].wrong and grid.rows[0][1] == Cell("2", 1)


def test_a_sheet_larger_than_any_report_is_refused():
    wide = cell("1", 'table:number-columns-repeated="300"')
    assert len(sheet(row(wide, 'table:number-rows-repeated="100"'))) == 1
    with pytest.raises(Unreadable, match="太大"):
        sheet(row(wide, 'table:number-rows-repeated="400"'))
    with pytest.raises(Unreadable, match="太大"):
        sheet(row(cell("1"), 'table:number-rows-repeated="400"') * 10)


def test_one_file_of_opendocument_is_read_and_a_broken_one_is_not():
    (said,) = blocks_of_flat(
        b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
        b"xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><text:p>a</text:p></office:document>"
    )
    assert said == "a"
    with pytest.raises(Unreadable, match="损坏"):
        list(blocks_of_flat(b"<office:document"))
