"""Many PDFs become one: sizes, marks, numbers, bookmarks, and every page as it looked."""

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.samples import pdf
from tests.workflow.bundle.made import a_pdf, sealed_pdf
from tests.workflow.files.pictures import drawn
from workflow.bundle.binding import A4, Section, Unbindable, bind, page_count
from workflow.bundle.sheets import picture

DAY = date(2024, 5, 6)
seen = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not on this computer")


def bound(*sections: Section) -> bytes:
    front, back = ("证据目录", pdf("目录")), ("校验清单", pdf("清单"))
    return bind(front, sections, back, title="证据材料", author="盘龙乡", dated=DAY)


def of(*documents: bytes) -> Section:
    return Section("证据1　答复书", "证据1", documents)


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_pages_are_numbered_through_between_the_list_and_the_sheet_to_check() -> None:
    whole = read(bound(of(a_pdf(2)), of(a_pdf(), a_pdf(2)), of()))
    texts = [bare(page.extract_text()) for page in whole.pages]
    assert [text for text in texts if "共5页" in text] == [
        f"证据1第{n}页共5页" for n in range(1, 6)
    ]
    assert texts[0].endswith("证据目录第1页共1页")
    assert texts[-1].endswith("校验清单第1页共1页")
    assert whole.page_labels == ["证据目录-1", "1", "2", "3", "4", "5", "校验清单-1"]


def test_every_paper_has_its_bookmark_on_its_first_page() -> None:
    first, second = (
        Section("证据1　甲", "证据1", (a_pdf(2),)),
        Section("证据2　乙", "证据2", (a_pdf(),)),
    )
    whole = read(bound(first, Section("证据3　无", "证据3", ()), second))
    marks = {str(one["/Title"]): whole.get_destination_page_number(one) for one in whole.outline}
    assert marks == {"证据目录": 0, "证据1　甲": 1, "证据2　乙": 3, "校验清单": 4}


@pytest.mark.parametrize(
    ("given", "across"),
    [((595, 842), False), ((842, 595), True), ((1200, 800), True), ((300, 300), False), ((595, 5000), False)],
)  # fmt: skip
def test_every_page_is_a4_upright_or_across(given: tuple[float, float], across: bool) -> None:
    page = read(bound(of(a_pdf(1, *given)))).pages[1]
    size = (float(page.mediabox.width), float(page.mediabox.height))
    assert size == pytest.approx(A4[::-1] if across else A4, abs=0.1)


def test_turned_page_is_bound_as_it_is_looked_at() -> None:
    page = read(bound(of(a_pdf(1, 595, 842, turned=90)))).pages[1]
    assert page.mediabox.width > page.mediabox.height
    assert not page.rotation


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = (of(a_pdf(3)), of(sealed_pdf()))
    assert bound(*parts) == bound(*parts)


def test_what_a_page_says_is_still_said() -> None:
    text = read(bound(of(pdf("延期答复告知书", "第二页")))).pages[1].extract_text()
    assert "延期答复告知书" in text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", pdf("半")[:200]])
def test_what_cannot_be_read_is_unbindable(data: bytes) -> None:
    with pytest.raises(Unbindable):
        page_count(data)


def test_whole_knows_its_title_language_and_day() -> None:
    whole = read(bound(of(a_pdf())))
    assert whole.metadata is not None
    assert (whole.metadata.title, whole.metadata.author) == ("证据材料", "盘龙乡")
    assert whole.metadata["/CreationDate"] == "D:20240506000000+08'00'"
    assert whole.trailer["/Root"]["/Lang"] == "zh-CN"


# -- as it looks --------------------------------------------------------------------------------------


def dark(data: bytes, page: int, folder: Path) -> set[tuple[int, int]]:
    """Which of 10 × 10 fields of a page are dark in their middle: column and row from above on the left."""
    (folder / "whole.pdf").write_bytes(data)
    command = ["pdftoppm", "-r", "30", "-f", str(page), "-l", str(page), "-gray", "whole.pdf", "p"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    picture = next(folder.glob("p-*.pgm")).read_bytes()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", picture)
    assert head is not None
    width, height, pixels = int(head[1]), int(head[2]), picture[head.end() :]
    return {
        (column, row)
        for column in range(10)
        for row in range(10)
        if pixels[int((row + 0.5) * height / 10) * width + int((column + 0.5) * width / 10)] < 128
    }


@seen
@pytest.mark.parametrize(
    ("turned", "corner"), [(0, (0, 1)), (90, (0, 0)), (180, (1, 0)), (270, (1, 1))]
)
def test_turned_pages_stand_upright(turned: int, corner: tuple[int, int], tmp_path: Path) -> None:
    """The square lies low on the left; turned clockwise it comes to the corner where a viewer shows it."""
    found = dark(bound(of(a_pdf(1, turned=turned))), 2, tmp_path)
    assert {(column // 5, row // 5) for column, row in found} == {corner}


@seen
def test_seal_over_a_page_is_bound_with_it_and_what_is_hidden_is_not(tmp_path: Path) -> None:
    found = dark(bound(of(sealed_pdf())), 2, tmp_path)
    assert (4, 5) in found or (4, 4) in found
    assert (0, 9) not in found


CORNERS = {1: (0, 0), 3: (1, 1), 6: (1, 0), 8: (0, 1)}
"""Where the upper left corner of a picture is looked at, by what the camera says of how it was held (EXIF)."""


@seen
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("turned", [*CORNERS, 2])
def test_photo_is_looked_at_as_the_camera_was_held(turned: int, mode: str, tmp_path: Path) -> None:
    """Of every colour, also mirrored."""
    taken = drawn((400, 400), mode)
    said = Image.Exif()
    said[0x0112] = turned
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=said)
    (tmp_path / "photo").mkdir()
    found = dark(bound(of(picture(out.getvalue(), "image/jpeg", DAY))), 2, tmp_path / "photo")
    assert {(column // 5, row // 5) for column, row in found} == {CORNERS.get(turned, (1, 0))}


def test_photo_is_taken_over_byte_for_byte() -> None:
    out = io.BytesIO()
    drawn((64, 32)).save(out, "JPEG")
    page = read(bound(of(picture(out.getvalue(), "image/jpeg", DAY)))).pages[1]
    form = page["/Resources"]["/XObject"]["/Page"].get_object()
    kept = form["/Resources"]["/XObject"]["/Picture"].get_object()
    assert kept._data == out.getvalue()


def test_broken_photo_is_unbindable() -> None:
    out = io.BytesIO()
    drawn((64, 32)).save(out, "JPEG")
    with pytest.raises(Unbindable):
        picture(out.getvalue()[:300], "image/jpeg", DAY)
