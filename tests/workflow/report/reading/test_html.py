"""Web pages as editors leave them: behind comments, with comments and hidden parts inside."""

import pytest

from config.law import load_law
from tests.examples import ACCEPTANCE, read
from tests.workflow.report.report_files import as_html
from workflow.report.annual import AnnualReport, Oddity
from workflow.report.reading import Unreadable, read_report
from workflow.report.reading.html import DEEPEST, blocks_of_page, tree_of_page
from workflow.report.reading.paper import Cell, Grid
from workflow.report.reading.text import text_of_page

FORMATS = load_law().formats
HUAIAN = read(ACCEPTANCE / "tables" / "huaian_2024.json")
REPORT = AnnualReport(
    agency=HUAIAN["agency"],
    year=HUAIAN["year"],
    format=HUAIAN["format"],
    table3=HUAIAN["table3"],
    table4=HUAIAN["table4"],
)


def blocks_of(data: bytes) -> list[str | Grid | Oddity]:
    source = text_of_page(data)
    return list(blocks_of_page(tree_of_page(source)))


def blocks(body: str) -> list[str | Grid | Oddity]:
    return blocks_of(f"<html><body>{body}</body></html>".encode())


def texts(body: str) -> list[list[str]]:
    """The texts of the one table of a page, row by row."""
    (grid,) = [one for one in blocks(body) if isinstance(one, Grid)]
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize("length", [0, 400, 19_000])
@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n"])
def test_a_page_behind_a_comment_is_a_page(length, before):
    page = f"{before}<!-- {'另存' * (length // 6)} -->".encode() + as_html(REPORT)
    found = read_report("huaian_2024.html", page, FORMATS)
    assert found.table3 == REPORT.table3 and found.table4 == REPORT.table4


def test_comments_and_instructions_are_left_out_and_what_follows_them_is_not():
    assert blocks("<p>本年<!-- 草稿：99 -->新收<?php echo 1 ?>五件</p><p>二</p>") == [
        "本年新收五件",
        "二",
    ]
    assert blocks("<!-- 一 -->前<!-- <table><tr><td>9</td></tr></table> -->后") == ["前后"]


def test_a_form_around_the_cells_of_a_row_takes_none_away():
    assert texts(
        "<table><tr><form><td>一</td><td>2</td></form></tr><tr><td>3</td></tr></table>"
    ) == [
        ["一", "2"],
        ["3"],
    ]
    assert texts("<table><tr><td>1</td><tr><form><td>2</td></form></tr></table>") == [["1"], ["2"]]


@pytest.mark.parametrize("sign", ["&#8203;", "&#65279;", "\u200b"])
def test_signs_without_width_hide_no_number_and_no_word(sign):
    page = as_html(REPORT).decode().replace("<span>", f"<span>{sign}")
    page = page.replace("<body>", f"<body><p>{sign}一、总体{sign}情况</p><p>收到{sign}申请</p>")
    found = read_report("huaian_2024.html", page.encode(), FORMATS)
    assert found.table3 == REPORT.table3 and found.table4 == REPORT.table4
    assert found.sections["overview"].split("\n")[0] == "收到申请"


def test_a_comment_in_a_cell_hides_nothing_behind_it():
    assert texts("<table><tr><td>31<!-- 88 -->19</td><td><!-- 7 --></td></tr></table>") == [
        ["3119", ""]
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "8<sup>12</sup>",
        "8<SUP><a href='#n'>12</a></SUP>",
        "8<span style='Vertical-Align: super'>12</span>",
        "8<sup>1<b>2</b></sup>",
    ],
)
def test_what_stands_above_the_line_of_a_cell_is_the_mark_of_a_note(cell):
    assert texts(f"<table><tr><td>{cell}</td><td>81</td></tr></table>") == [["8¹²", "81"]]


def test_a_hidden_mark_above_the_line_is_not_read():
    cell = "8<sup style='display:none'>1</sup>件"
    assert texts(f"<table><tr><td>{cell}</td></tr></table>") == [["8件"]]


@pytest.mark.parametrize("style", ["display:none", "DISPLAY : None; color:red"])
def test_what_is_hidden_is_not_read(style):
    body = f"<p>一</p><div style='{style}'><p>二</p><table><tr><td>9</td></tr></table></div>三"
    assert blocks(body) == ["一", "三"]
    assert blocks("<p style='color:red'>一</p>") == ["一"]


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "select"])
def test_what_no_reader_sees_is_not_read(tag):
    assert blocks(f"<p>一</p><{tag}>二</{tag}><p>三</p>") == ["一", "三"]
    assert texts(f"<table><tr><td>3<{tag}>8</{tag}>1</td></tr></table>") == [["31"]]


def test_looks_do_not_end_a_line_and_breaks_do():
    assert blocks("<p>政府<b>信息</b><span>公开</span></p>") == ["政府信息公开"]
    assert blocks("<div>一<br>二<div>三</div>四</div>") == ["一", "二", "三", "四"]
    assert texts("<table><tr><td><p>一</p><p>二</p></td><td>三<br>四 五</td></tr></table>") == [
        ["一\n二", "三\n四 五"]
    ]


def test_tables_that_pages_are_laid_out_with_are_no_tables():
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    assert texts(f"<table><tr><td>导航</td><td>{inner}</td></tr></table>") == [["1", "2"]]


@pytest.mark.parametrize(
    ("span", "columns"), [("3", 3), (" 2 ", 2), ("0", 1), ("x", 1), ("-2", 1), ("12345", 1)]
)
def test_a_cell_covers_as_many_columns_as_it_says(span, columns):
    (grid,) = blocks(f"<table><tr><td colspan='{span}'>甲</td><th>乙</th></tr></table>")
    assert isinstance(grid, Grid)
    assert grid.rows == ((Cell("甲", 0, columns), Cell("乙", columns)),)


def test_a_page_is_read_down_to_a_depth_and_no_deeper():
    def nested(depth: int) -> str:
        return "<div>" * depth + "甲" + "</div>" * depth

    assert blocks(nested(DEEPEST - 2)) == ["甲"]  # within html and body
    with pytest.raises(Unreadable, match="太深"):
        blocks(nested(DEEPEST - 1))


@pytest.mark.parametrize("real", ["utf-8", "gb18030"])
def test_western_letters_are_not_believed(real):
    page = "<meta charset='ISO-8859-1'><p>总计</p>"
    assert blocks_of(page.encode(real)) == ["总计"]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "utf-8", "nonsense"])
def test_a_page_is_read_in_the_letters_that_it_declares(declared):
    real = declared if declared in ("gb18030", "utf-8") else "gb18030"
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>总计</p>'
    assert blocks_of(page.encode(real)) == ["总计"]


@pytest.mark.parametrize("style", ["display:none", "dis&#112;lay:none"])
def test_a_style_spelt_letter_by_letter_hides_as_well(style):
    assert texts(f'<table><tr><td>9</td><td style="{style}">8</td></tr></table>') == [["9"]]
