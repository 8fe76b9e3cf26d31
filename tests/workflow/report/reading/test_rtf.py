"""RTF: letters in their codes, what is hidden, and cells by the edges at which they end."""

import pytest

from workflow.report.reading import Unreadable, rtf
from workflow.report.reading.paper import Cell, Grid
from workflow.report.reading.rtf import DEEPEST, blocks_of_rtf


def said(body: str) -> list[object]:
    return list(blocks_of_rtf(rf"{{\rtf1\ansi\ansicpg936 {body}}}".encode("latin-1")))


def cells(body: str) -> list[list[Cell]]:
    (grid,) = said(body)
    assert isinstance(grid, Grid)
    return [list(row) for row in grid.rows]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\'d7\'dc\'bc\'c6", "总计"),
        (r"\u24635?\u-30855?", "总螹"[0] + chr(-30855 & 0xFFFF)),
        (r"\uc0\u24635\u35745", "总计"),
        (r"\uc2\u24635 ??\u35745\'3f\'3f", "总计"),
        (r"\uc1\u24635 {?}1", "总1"[0] + "?1"),
        (r"\u-10179 ?\u-9146 ?", "\U0001f446"),
        ("a\r\nb", "ab"),
        (r"a\tab b\emdash c\line d", "a\tb—c\nd"),
        (r"\{1\}\\2\~3\_4", "{1}\\2 3-4"),
        (r"1{\v 2}3{\v 4\v0 5}6", "1356"),
        (r"1{\deleted 2}3\v 4\plain 5", "135"),
        (r"1{\*\ignored 2}3{\info 4}{\pict 5}{\fonttbl{\f0 x;}}6", "136"),
        (r"{\field{\*\fldinst PAGE}{\fldrslt 7}}", "7"),
        (r"1\bin3 }}}2", "12"),
        (r"{\listtext 1.\tab}\'d7\'dc", "1.\t总"),
    ],
)
def test_a_line_reads_as_it_is_seen(source, text):
    assert said(source + r"\par") == [text]


def test_letters_of_other_code_pages_are_read_by_them():
    assert list(blocks_of_rtf(rb"{\rtf1\ansicpg65001 \'e6\'80\'bb}")) == ["总"]
    assert list(blocks_of_rtf(rb"{\rtf1\ansicpg950 \'c1\'60}")) == ["總"]
    assert list(blocks_of_rtf("{\\rtf1\\ansicpg936 总计}".encode("gbk"))) == ["总计"]


def test_paragraphs_end_where_they_say():
    assert said("a\\par b\\sect c\\page d\\\ne") == ["a", "b", "c", "d", "e"]


def test_cells_stand_in_the_columns_at_whose_edges_they_end():
    body = (
        r"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl a\cell b\par c\cell\cell\row"
        r"\trowd\cellx2010\cellx2995\pard\intbl d\cell e\cell\row\pard f\par"
    )
    grid, after = said(body)
    assert isinstance(grid, Grid) and after == "f"
    assert grid.rows == (
        (Cell("a", 0), Cell("b\nc", 1), Cell("", 2)),
        (Cell("d", 0, 2), Cell("e", 2)),
    )


def test_merged_cells_are_one():
    body = (
        r"\trowd\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\pard\intbl a\cell b\cell\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell c\cell d\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\pard\intbl\cell e\cell g\cell\row"
    )
    assert cells(body) == [
        [Cell("a", 0, 1, 3), Cell("b", 1, 2)],
        [Cell("c", 1), Cell("d", 2)],
        [Cell("e", 1), Cell("g", 2)],
    ]


def test_rows_without_edges_count_their_cells():
    assert cells(r"\pard\intbl a\cell b\cell\row") == [[Cell("a", 0), Cell("b", 1)]]


def test_a_table_within_a_cell_is_read_for_itself():
    body = r"\trowd\cellx9000\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx100\nestrow}\nestrow\intbl c\cell\row"
    assert cells(body) == [[Cell("a", 0), Cell("b", 1)], [Cell("c", 0)]]


def test_limits_are_kept(monkeypatch):
    assert said("{" * (DEEPEST - 2) + "a") == ["a"]
    with pytest.raises(Unreadable, match="太深"):
        said("{" * (DEEPEST + 1) + "a")
    monkeypatch.setattr(rtf, "TEXT_MOST", 10)
    with pytest.raises(Unreadable, match="太多"):
        said("a" * 11)
    monkeypatch.setattr(rtf, "CELLS_MOST", 2)
    with pytest.raises(Unreadable, match="太大"):
        said(r"\cellx1\cellx2\cellx3\cellx4\cellx5")
    assert said("}}}a") == ["a"] and list(blocks_of_rtf(b"{\\rtf1 a\\")) == ["a"]


def test_more_words_than_any_report_has_are_given_up(monkeypatch):
    monkeypatch.setattr(rtf, "TOKENS_MOST", 20)
    assert said(r"\par a" * 5) == [*["a"] * 5]
    with pytest.raises(Unreadable, match="太复杂"):
        said(r"\par a" * 10)
