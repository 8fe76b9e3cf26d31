"""PDF: cells by their lines, paragraphs by their margins; what is not drawn is not read, what is a picture is said."""

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from tests.examples import ROOT
from tests.samples import written
from tests.workflow.report.reading.test_reading import huaian, reading
from workflow.report.annual import Oddity
from workflow.report.reading import Unreadable, pdf, ruled
from workflow.report.reading.paper import Grid
from workflow.report.reading.pdf import blocks_of_pdf
from workflow.report.reading.ruled import Glyph, Rule, frames_of, lines_of, shared_columns
from workflow.report.writing import WRITERS

LIBRE = ROOT / "tests/golden/libreoffice/huaian_2024.pdf"
FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


def paper(*pages: str, picture: bool = False) -> bytes:
    """A PDF whose pages have these drawings; Helvetica is /F, a picture /I."""
    writer = PdfWriter()
    for drawing in pages:
        page = writer.add_blank_page(600, 800)
        content = StreamObject()
        content.set_data(drawing.encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
        things: dict[NameObject, object] = {
            NameObject("/Font"): DictionaryObject({NameObject("/F"): writer._add_object(FONT)})
        }
        if picture:
            image = StreamObject()
            image.set_data(b"\0")
            for name, value in (("/Width", 1), ("/Height", 1), ("/BitsPerComponent", 8)):
                image[NameObject(name)] = NumberObject(value)
            image[NameObject("/Subtype")] = NameObject("/Image")
            image[NameObject("/ColorSpace")] = NameObject("/DeviceGray")
            things[NameObject("/XObject")] = DictionaryObject(
                {NameObject("/I"): writer._add_object(image)}
            )
        page[NameObject("/Resources")] = DictionaryObject(things)  # type: ignore[arg-type]
    return written(writer)


def text(x: float, y: float, said: str, mode: int = 0) -> str:
    return f"BT /F 10 Tf {mode} Tr 1 0 0 1 {x} {y} Tm ({said}) Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


TABLE = (
    "".join(line(100, y, 400, y) for y in (600, 620, 640))
    + "".join(line(x, 600, x, 640) for x in (100, 200, 300, 400))
    + text(110, 625, "a") + text(210, 625, "1") + text(310, 625, "2")
    + text(110, 605, "b") + text(210, 605, "3")
)  # fmt: skip


def grid_of(data: bytes) -> list[list[tuple[str, int, int, int]]]:
    (grid,) = [block for block in blocks_of_pdf(data) if isinstance(block, Grid)]
    return [[(one.text, one.column, one.columns, one.rows) for one in row] for row in grid.rows]


PLAIN = [
    [("a", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)],
    [("b", 0, 1, 1), ("3", 1, 1, 1), ("", 2, 1, 1)],
]


def test_cells_follow_from_the_lines_around_them():
    assert grid_of(paper(TABLE)) == PLAIN


def test_boxes_around_each_cell_make_the_same_table():
    boxes = "".join(
        f"{x} {y} 100 20 re S\n" for x in (100, 200, 300) for y in (600, 620)
    ) + TABLE[TABLE.index("BT") :]  # fmt: skip
    assert grid_of(paper(boxes)) == PLAIN


def test_filled_slivers_are_lines_and_filled_boxes_are_none():
    slivers = (
        "".join(f"100 {y} 300 0.8 re f\n" for y in (600, 620, 640))
        + "".join(f"{x} 600 0.8 40 re f\n" for x in (100, 200, 300, 400))
        + "150 610 120 15 re f\n" + TABLE[TABLE.index("BT") :]
    )  # fmt: skip
    assert grid_of(paper(slivers)) == PLAIN


def test_a_table_may_be_open_at_its_sides():
    bare = TABLE.replace(line(100, 600, 100, 640), "").replace(line(400, 600, 400, 640), "")
    assert grid_of(paper(bare)) == PLAIN


def test_where_no_line_parts_two_places_they_are_one_cell():
    merged = TABLE.replace(line(300, 600, 300, 640), line(300, 600, 300, 620)).replace(
        line(100, 620, 400, 620), line(200, 620, 400, 620)
    )
    assert grid_of(paper(merged)) == [
        [("a\nb", 0, 1, 2), ("1  2", 1, 2, 1)],
        [("3", 1, 1, 1), ("", 2, 1, 1)],
    ]


def test_letters_drawn_twice_for_bold_are_read_once():
    twice = TABLE + text(210.3, 625, "1") + text(110, 645, "11")
    assert grid_of(paper(twice))[0][1] == ("1", 1, 1, 1)
    assert "11" in list(blocks_of_pdf(paper(twice)))


def test_text_that_is_not_drawn_is_not_read():
    assert grid_of(paper(TABLE + text(320, 605, "9", mode=3))) == PLAIN


def test_a_box_around_the_page_is_no_table():
    framed = TABLE + "50 50 500 700 re S\n" + text(100, 700, "title")
    assert grid_of(paper(framed)) == PLAIN
    assert next(iter(blocks_of_pdf(paper(framed)))) == "title"


def test_a_table_that_goes_on_counts_its_columns_alike():
    """The second page has only the last two rows of it, with the first two columns in one."""
    second = (
        "".join(line(100, y, 400, y) for y in (600, 620, 640))
        + "".join(line(x, 600, x, 640) for x in (100, 300, 400))
        + text(110, 625, "c") + text(310, 625, "4")
    )  # fmt: skip
    grids = [block for block in blocks_of_pdf(paper(TABLE, second)) if isinstance(block, Grid)]
    assert [(one.text, one.column, one.columns) for one in grids[1].rows[0]] == [
        ("c", 0, 2),
        ("4", 2, 1),
    ]


def test_lines_of_a_paragraph_are_put_together_and_numbers_of_pages_left_out():
    full, end = "x" * 80, "y" * 10
    first = text(72, 700, full[:78]) + text(52, 688, full) + text(290, 30, "- 1 -")
    second = text(52, 700, end) + text(72, 688, end) + text(52, 676, end) + text(290, 30, "3")
    said = "\n".join(one for one in blocks_of_pdf(paper(first, second)) if isinstance(one, str))
    assert said.splitlines() == [full[:78] + full, end, end, end]


def test_wide_gaps_part_cells_where_no_lines_are_drawn():
    row = "".join(text(60 + 60 * n, 700, str(n)) for n in range(7))
    (grid,) = blocks_of_pdf(paper(row))
    assert isinstance(grid, Grid) and [one.text for one in grid.rows[0]] == list("0123456")


def test_a_scan_is_refused_and_a_page_that_is_a_picture_is_named():
    picture = "q 600 0 0 800 0 0 cm /I Do Q\n"
    with pytest.raises(Unreadable, match=r"这是扫描件.*DOCX"):
        list(blocks_of_pdf(paper(picture, picture, picture=True)))
    with pytest.raises(Unreadable, match="没有文字"):
        list(blocks_of_pdf(paper("", "")))
    said = list(blocks_of_pdf(paper(TABLE, picture, picture=True)))
    assert said[1] == Oddity("unread", "第 2 页", "是图片，里面的文字和数字没有读到")
    with pytest.raises(Unreadable, match=r"没有找到.*；第 2 页：是图片"):
        reading("a.pdf", paper(TABLE, picture, picture=True))
    assert (
        len(list(blocks_of_pdf(paper(picture + TABLE + text(60, 700, "x" * 20), picture=True))))
        == 2
    )


def test_letters_without_names_are_counted():
    bent = LIBRE.read_bytes().replace(b"/ToUnicode", b"/ToNowhere")
    told = [one for one in blocks_of_pdf(bent) if isinstance(one, Oddity)]
    assert told and all("没有写明是什么字" in one.message for one in told)


def test_a_file_that_opens_without_a_password_is_read_and_another_is_not():
    for password, readable in (("", True), ("secret", False)):
        writer = PdfWriter(clone_from=PdfReader(LIBRE))
        writer.encrypt(password, "owner", algorithm="AES-256")
        if readable:
            assert (
                reading("a.pdf", written(writer)).table3
                == reading("a.pdf", LIBRE.read_bytes()).table3
            )
        else:
            with pytest.raises(Unreadable, match="密码"):
                reading("a.pdf", written(writer))


def test_more_work_than_a_report_needs_is_given_up(monkeypatch):
    whole = LIBRE.read_bytes()
    for name, most in (
        ("PAGES_MOST", 1), ("SECONDS_MOST", 0.0), ("UNPACKED_MOST", 1000), ("OBJECTS_MOST", 5), ("GLYPHS_MOST", 20),
        ("RULES_MOST", 10),
    ):  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(pdf, name, most)
            with pytest.raises(Unreadable, match="太复杂"):
                list(blocks_of_pdf(whole))
    monkeypatch.setattr(ruled, "_CROSSINGS_MOST", 10)
    with pytest.raises(Unreadable, match="太复杂"):
        list(blocks_of_pdf(whole))


def with_fonts(**entries: PdfObject) -> bytes:
    """The file of LibreOffice with other entries in each of its fonts."""
    writer = PdfWriter(clone_from=PdfReader(LIBRE))
    known = len(writer._objects)
    kept = {NameObject(f"/{name}"): writer._add_object(value) for name, value in entries.items()}
    for number in range(1, known + 1):
        found = writer.get_object(number)
        if isinstance(found, DictionaryObject) and found.get("/Type") == "/Font":
            found.update(kept)
    return written(writer)


def test_fonts_that_name_letters_without_end_are_refused():
    widths = ArrayObject([NumberObject(1), NumberObject(10**10), NumberObject(500)])
    table = StreamObject()
    table.set_data(b"begincmap 1 beginbfrange <0000> <7fffffff> <0041> endbfrange endcmap")
    for entries in ({"W": widths}, {"ToUnicode": table}):
        with pytest.raises(Unreadable, match="太复杂"):
            list(blocks_of_pdf(with_fonts(**entries)))
    few = StreamObject()
    few.set_data(b"begincmap 1 beginbfchar <0000> <7fffffff> endbfchar endcmap")
    assert list(blocks_of_pdf(with_fonts(ToUnicode=few)))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", LIBRE.read_bytes()[:20_000]], ids=["head", "half"])
def test_a_broken_file_gets_one_line(data):
    with pytest.raises(Unreadable) as caught:
        list(blocks_of_pdf(data))
    assert "\n" not in str(caught.value)


def test_our_own_pdf_is_read_back():
    found = reading("a.pdf", WRITERS["pdf"].write(huaian()))
    assert found.table3 == huaian().table3 and found.table4 == huaian().table4


# -- rules and letters ---------------------------------------------------------------------------------


def test_lines_of_letters_are_told_apart_by_height_and_by_gaps():
    def glyph(said: str, x: float, y: float) -> Glyph:
        return Glyph(said, x, y, x + 10, y + 10)

    letters = [
        glyph("b", 11, 100),
        glyph("a", 0, 101),
        glyph("c", 30, 100),
        glyph("d", 70, 99),
        glyph("e", 0, 80),
    ]
    assert [said for said, _ in lines_of(letters)] == ["ab c  d", "e"]
    ((_, box),) = lines_of(letters[:2])
    assert (box.x0, box.y0, box.x1, box.y1) == (0, 100, 21, 111)
    assert lines_of([]) == []


def test_tables_apart_are_two_and_a_cross_is_none():
    def lattice(left: float) -> tuple[list[Rule], list[Rule]]:
        return (
            [Rule(y, left, left + 40) for y in (0, 20, 40)],
            [Rule(x, 0, 40) for x in (left, left + 20, left + 40)],
        )

    first, second = lattice(0), lattice(100)
    frames = frames_of(first[0] + second[0], first[1] + second[1])
    assert [(frame.xs, frame.ys) for frame in frames] == [
        ([0, 20, 40], [40, 20, 0]),
        ([100, 120, 140], [40, 20, 0]),
    ]
    assert [columns for _, columns in shared_columns(frames)] == [[0, 20, 40], [100, 120, 140]]
    assert frames_of([Rule(20, 0, 40)], [Rule(20, 0, 40)]) == []
    assert frames_of(first[0], []) == []
    assert frames_of([Rule(0, 0, 40), Rule(40, 0, 40)], [Rule(0, 0, 40), Rule(40, 0, 40)]) == []


def test_pieces_of_one_line_are_one():
    across = [Rule(y, start, start + 22) for y in (0, 20.5, 40) for start in (0, 20)]
    down = [Rule(x + shift, y, y + 20) for x in (0, 20, 40) for shift, y in ((0, 0), (0.4, 20))]
    (frame,) = frames_of(across, down)
    assert len(frame.boxes) == 4 and frame.areas == [[0, 1], [2, 3]]


def test_the_file_is_a_pdf_behind_other_bytes():
    assert grid_of(b"\r\n" + paper(TABLE)) == PLAIN
    with pytest.raises(Unreadable, match="没有找到"):
        reading("a", b"\r\n" + paper(TABLE))
