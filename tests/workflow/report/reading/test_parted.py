"""Tables on several pages of a paper: rows that the end of a page parts, lines that every page has, what hangs over."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter

from tests.samples import written
from tests.workflow.report.reading.test_pdf import TABLE, grid_of, line, paper, text
from tests.workflow.report.reading.test_reading import huaian
from tests.workflow.report.report_files import FORMATS, grid2, grid3, grid4
from workflow.report.reading import read_report
from workflow.report.reading.labels import LabelBook
from workflow.report.reading.paper import Block, Cell, Grid, placed
from workflow.report.reading.parted import with_whole_rows
from workflow.report.reading.pdf import _Page as Page
from workflow.report.reading.pdf import blocks_of_pdf
from workflow.report.reading.ruled import Glyph
from workflow.report.reading.tables import Found, find_tables

BOOK = LabelBook.of(FORMATS)
ITEMS = {
    item: dict.fromkeys(block.fields, place)
    for place, block in enumerate(FORMATS.table2["2021"])
    for item in block.items
}
TABLE2 = placed(grid2(ITEMS, "2021"))
TABLE3 = placed(grid3(huaian().table3 or {}, "2021"))
TABLE4 = placed(grid4(huaian().table4 or {}))


def broken(
    grid: Grid, row: int, *, above: bool, headings: bool, label: float = 0.5
) -> tuple[Grid, Grid]:
    """The table on two pages, parted within a row. above: on which side its numbers stand; headings: whether the words
    of a heading beside several rows are parted too, or all on the first page; label: how much of what stands in the
    row itself does."""
    upper: list[list[Cell]] = [[] for _ in range(row + 1)]
    lower: list[list[Cell]] = [[] for _ in range(len(grid.rows) - row)]
    for number, cells in enumerate(grid.rows):
        for cell in cells:
            end = number + cell.rows
            if number > row:
                lower[number - row].append(cell)
            elif end <= row:
                upper[number].append(cell)
            else:
                whole = len(cell.text) < 2 or cell.text.replace(".", "").isdigit()
                half = int(len(cell.text) * (0.5 if number < row else label))
                if whole:
                    first, rest = (cell.text, "") if above else ("", cell.text)
                elif number < row and not headings:
                    first, rest = cell.text, ""
                else:
                    first, rest = cell.text[:half], cell.text[half:]
                upper[number].append(cell._replace(text=first, rows=row + 1 - number))
                lower[0].append(cell._replace(text=rest, rows=end - row))
    for cells in lower:
        cells.sort(key=lambda cell: cell.column)
    return tuple(
        Grid(tuple(map(tuple, rows)), page=page) for page, rows in ((4, upper), (5, lower))
    )  # type: ignore[return-value]  # of two parts always


def found_in(*blocks: Block) -> Found:
    return find_tables(with_whole_rows(blocks, BOOK), FORMATS)


@pytest.mark.parametrize("headings", [False, True], ids=["heading whole", "heading parted"])
@pytest.mark.parametrize("above", [True, False], ids=["numbers above", "numbers below"])
def test_a_row_that_a_page_parts_is_read_as_one(above, headings):
    for grid, name in ((TABLE2, "table2"), (TABLE3, "table3"), (TABLE4, "table4")):
        last = len(grid.rows) - (name == "table4")
        whole = found_in(grid)
        for row in range(last):
            parts = broken(grid, row, above=above, headings=headings)
            found = found_in(parts[0], "青禾县某局\n2024年报告", parts[1])
            assert getattr(found, name) == getattr(whole, name), (name, row)
            assert found.oddities == whole.oddities, (name, row)


def test_a_label_on_one_page_and_its_numbers_on_the_other_are_one_row():
    for grid, name, first in ((TABLE2, "table2", 2), (TABLE3, "table3", 3)):
        whole = found_in(grid)
        for row in range(first, len(grid.rows)):
            if not any(cell.text.isdigit() for cell in grid.rows[row]):
                continue
            for above in (True, False):
                parts = broken(grid, row, above=above, headings=False, label=0.0 if above else 1.0)
                found = found_in(*parts)
                assert getattr(found, name) == getattr(whole, name), (name, row, above)
                assert found.oddities == whole.oddities, (name, row, above)


def test_heads_that_every_page_prints_again_do_no_harm():
    """Office programs print the heads of a table again where it goes on, above what the page parted."""
    whole, heads = found_in(TABLE3), TABLE3.rows[:3]
    for row in range(3, len(TABLE3.rows)):
        upper, lower = broken(TABLE3, row, above=True, headings=False)
        found = found_in(upper, Grid(heads + lower.rows, page=5))
        assert (found.table3, found.oddities) == (whole.table3, whole.oddities), row
    alone = Grid(heads, page=2)
    assert list(with_whole_rows((Grid(TABLE3.rows[:9], page=1), alone), BOOK))[1] == alone


def test_a_table_that_ends_between_two_rows_is_left_as_it_is():
    for row in range(4, len(TABLE3.rows)):
        parts = Grid(TABLE3.rows[:row], page=1), Grid(TABLE3.rows[row:], page=2)
        assert list(with_whole_rows(parts, BOOK)) == list(parts)


def test_only_what_goes_on_over_the_next_page_is_put_together():
    first, second = broken(TABLE3, 8, above=True, headings=False)
    for blocks in (
        (replace(first, page=0), replace(second, page=0)),
        (first, replace(second, page=6)),
        (first, "这是正文，" * 41, second),
        (Grid((), page=4), second),
        (Grid(((Cell("12", 0), Cell("3", 1)),), page=4), Grid(((Cell("8", 0), Cell("4", 1)),), page=5)),
    ):  # fmt: skip
        assert list(with_whole_rows(blocks, BOOK)) == list(blocks)


def test_a_row_with_numbers_on_both_sides_is_two():
    """Of a label that was cut alone, the words are put together; no number is lost."""
    one = Grid(((Cell("2.重复", 0), Cell("3", 1)),), page=1)
    other = Grid(((Cell("申请", 0), Cell("4", 1)),), page=2)
    assert [[cell.text for row in grid.rows for cell in row] for grid in with_whole_rows((one, other), BOOK)] == [
        ["2.重复申请", "3"], ["", "4"],
    ]  # fmt: skip


# -- what is drawn -------------------------------------------------------------------------------------


def test_a_table_may_be_open_where_a_page_ends():
    """A browser draws no line where a page ends within a row."""
    below = TABLE.replace(line(100, 600, 400, 600), "")
    above = TABLE.replace(line(100, 640, 400, 640), "")
    assert grid_of(paper(below)) == grid_of(paper(above)) == grid_of(paper(TABLE))
    # Walls that stick out by their own thickness, or one of them alone, make no row.
    two = line(200, 560, 200, 600) + line(300, 560, 300, 600)
    assert grid_of(paper(TABLE + two)) == grid_of(paper(TABLE))
    stubs = TABLE + line(100, 595, 100, 640) + line(200, 560, 200, 600)
    assert grid_of(paper(stubs)) == grid_of(paper(TABLE))


def test_two_cells_make_a_table():
    """The last row of a table may stand alone on its page."""
    row = "".join(line(100, y, 300, y) for y in (600, 620)) + "".join(
        line(x, 600, x, 620) for x in (100, 200, 300)
    )
    assert grid_of(paper(row + text(110, 605, "a") + text(210, 605, "1"))) == [
        [("a", 0, 1, 1), ("1", 1, 1, 1)]
    ]


def test_a_mark_that_hangs_over_the_edge_stays_in_its_cell():
    drawn = TABLE + text(189, 605, "xy") + text(199.5, 605, ",")
    assert grid_of(paper(drawn))[1][:2] == [("b  xy,", 0, 1, 1), ("3", 1, 1, 1)]
    assert grid_of(paper(TABLE + text(202, 605, ",")))[1][1][0] == ", 3"
    close = TABLE.replace(text(210, 605, "3"), text(190, 605, "xy") + text(200.5, 605, "3"))
    assert grid_of(paper(close))[1][1][0] == "3"


def test_letters_across_the_page_are_no_text():
    slanted = "BT /F 10 Tf 0.7 0.7 -0.7 0.7 210 603 Tm (9) Tj ET\n"
    assert grid_of(paper(TABLE + slanted)) == grid_of(paper(TABLE))
    upright = "BT /F 10 Tf 0 1 -1 0 225 603 Tm (9) Tj ET\n"
    assert "9" in grid_of(paper(TABLE + upright))[1][1][0]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_on_its_side_is_turned(quarters):
    reader = PdfReader(
        io.BytesIO(paper(TABLE + text(60, 700, "above it") + text(60, 500, "below it")))
    )
    writer = PdfWriter(clone_from=reader)
    writer.pages[0].rotate(90 * quarters)
    data = written(writer)
    assert grid_of(data) == grid_of(paper(TABLE))
    said = [one for one in blocks_of_pdf(data) if isinstance(one, str)]
    assert said == ["aboveit", "belowit"]


def test_what_every_page_has_at_its_edge_is_left_out():
    pages = [
        text(60, 770, f"name {number}") + text(60, 500, word * 20) + text(60, 30, f"http://x/ {number}/3")
        for number, word in enumerate(("one", "two", "three"), 1)
    ]  # fmt: skip
    said = "\n".join(one for one in blocks_of_pdf(paper(*pages)) if isinstance(one, str))
    assert said.splitlines() == ["name1", "one" * 20, "two" * 20, "three" * 20]
    # What stands on one page alone, or in its middle, is text.
    for kept in (pages[:1], [page.replace(" 30 ", " 300 ").replace(" 770 ", " 600 ") for page in pages]):  # fmt: skip
        said = "\n".join(one for one in blocks_of_pdf(paper(*kept)) if isinstance(one, str))
        assert said.count("http") == said.count("name") == len(kept)


def test_a_line_that_only_some_pages_have_is_text():
    pages = [text(60, 500, "x" * 9) + text(60, 40, "note" if n < 2 else "y" * n) for n in range(5)]
    said = "\n".join(one for one in blocks_of_pdf(paper(*pages)) if isinstance(one, str))
    assert said.count("note") == 2


def test_a_title_goes_on_with_no_sentence():
    """However full the line before it is."""
    box = Glyph("", 50, 700, 550, 710)
    page = Page(1, 600, 800)
    for first, second, goes_on in (
        ("止。", "一、总体情况", False), ("止", "一、总体情况", True), ("止。", "全年收到申请", True),
    ):  # fmt: skip
        page.lines = [(first, box), (second, replace(box, y0=680, y1=690))]
        assert [told[1] for told in page.pieces(50, 550) if isinstance(told, tuple)] == [
            False,
            goes_on,
        ]


def test_letters_that_stand_for_their_parts_are_read_as_meant():
    report = read_report(
        "a.txt",
        "⻘⽲县⺠政局2024年政府信息公开⼯作年度报告\n统计期限为2024年1⽉1⽇⾄12⽉31⽇。\n"
        "⼀、总体情况\n收到公⺠的申请。\n"
        f"三、收到和处理政府信息公开申请情况\n{'|'.join(cell.text for cell in TABLE3.rows[3])}".encode(),
        FORMATS,
    )  # fmt: skip
    assert (report.agency, report.year) == ("青禾县民政局", 2024)
    assert report.period and report.sections["overview"] == "收到公民的申请。"
