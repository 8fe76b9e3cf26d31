"""Photos of phones and scans: taken as they came, looked through, and copied for reading."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from tests import samples
from tests.workflow.files.pictures import drawn, exif, heic, opened, tiff
from workflow.files import BadContent, Checked, checked, leftovers, photo
from workflow.files.check import texts
from workflow.refusal import Refused

MB = 1024 * 1024


def check(name: str, data: bytes) -> Checked:
    return checked(name, data, 10 * MB)


def dark_corner(picture: Image.Image) -> tuple[bool, bool, bool, bool]:
    """Which corners are dark: upper left, upper right, lower left, lower right."""
    gray = picture.convert("L")
    right, low = gray.width - 2, gray.height - 2
    return tuple(gray.getpixel(at) < 100 for at in ((1, 1), (right, 1), (1, low), (right, low)))


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "照片.heif", "没有后缀"])
def test_a_photo_of_a_phone_is_kept_as_it_came(name):
    data = heic()
    found = check(name, data)
    assert found.media_type == photo.HEIC and found.size == len(data)
    assert found.name == (name if "." in name else f"{name}.heic")


@pytest.mark.parametrize("name", ["扫描.tif", "扫描.TIFF"])
@pytest.mark.parametrize(
    ("mode", "more"),
    [("1", {"compression": "group4"}), ("L", {"compression": "tiff_lzw"}), ("RGB", {"compression": "jpeg"}),
     ("CMYK", {}), ("RGBA", {}), ("P", {}), ("I;16", {}), ("F", {})],
)  # fmt: skip
def test_a_scan_in_any_colours_is_taken_and_its_copy_shows_the_same(name, mode, more):
    source = drawn((80, 60), "L")
    if mode == "I;16":
        page = Image.new(mode, source.size)
        page.putdata([dot * 257 for dot in source.tobytes()])
    else:
        page = source.convert("RGB").convert(mode) if mode != "F" else source.convert("F")
    data = tiff(page, **more)
    assert check(name, data).media_type == photo.TIFF
    ending, copy = photo.readable(data)
    assert ending == "jpg" and opened(copy).mode in ("L", "RGB")
    assert dark_corner(opened(copy)) == (True, False, False, False)


@pytest.mark.parametrize("mode", ["I;16", "I;16B"], ids=["little", "big"])
def test_a_scan_of_sixteen_bits_keeps_its_grays(mode):
    page = Image.new(mode, (64, 64), 128 * 257)
    page.paste(40 * 257, (0, 0, 32, 64))
    assert opened(tiff(page)).mode == mode
    (_, copy) = photo.readable(tiff(page))
    gray = opened(copy).convert("L")
    assert abs(gray.getpixel((50, 30)) - 128) < 4 and abs(gray.getpixel((10, 30)) - 40) < 4


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, 0), (3, 3), (6, 1), (8, 2)], ids=["up", "over", "right", "left"]
)
@pytest.mark.parametrize("kind", ["heic", "tiff"])
def test_a_copy_stands_upright(kind, orientation, corner):
    picture = drawn((80, 60))
    if kind == "heic":
        data = heic(picture, exif=exif(orientation))
    else:
        data = tiff(picture, tiffinfo={274: orientation})
    copy = opened(photo.readable(data)[1])
    assert copy.size == ((60, 80) if orientation in (6, 8) else (80, 60))
    assert dark_corner(copy).index(True) == corner
    assert copy.getexif().get(274, 1) == 1


def test_several_pages_are_one_pdf_of_the_size_of_the_paper():
    pages = [drawn((827, 1169), "1") for _ in range(3)]
    data = tiff(*pages, compression="group4", dpi=(100, 100))
    assert check("扫描.tif", data)
    ending, copy = photo.readable(data)
    assert ending == "pdf" and check("副本.pdf", copy)
    with open_pdf(copy) as reader:
        assert len(reader.pages) == 3
        assert abs(float(reader.pages[0].mediabox.width) - 595) < 2
    ending, copy = photo.readable(heic(drawn(), drawn()))
    assert ending == "pdf" and check("副本.pdf", copy)


def open_pdf(data: bytes) -> PdfReader:
    import io

    return PdfReader(io.BytesIO(data))


def test_the_copy_tells_neither_place_nor_camera_and_the_original_is_pointed_out():
    data = heic(drawn(), exif=exif(said="张三的手机", place=True))
    assert any("拍摄的地点" in said for said in leftovers(data, photo.HEIC))
    (_, copy) = photo.readable(data)
    assert not opened(copy).getexif()
    assert not any("地点" in said for said in leftovers(heic(), photo.HEIC))
    assert not leftovers(tiff(), photo.TIFF)


@pytest.mark.parametrize(
    "data",
    [
        heic(drawn(), exif=exif(said="机密★10年")),
        heic(drawn(), xmp="<x:xmpmeta>机密★10年</x:xmpmeta>".encode()),
        tiff(drawn(), tiffinfo={270: "机密★10年".encode()}),
        tiff(drawn(), drawn(), tiffinfo={315: "机密★10年".encode("gb18030")}),
    ],
    ids=["exif", "xmp", "description", "artist"],
)
def test_a_mark_beside_the_picture_is_found(data):
    with pytest.raises(Refused):
        check("a", data)


def test_what_an_honest_scanner_writes_is_no_mark():
    data = tiff(drawn(), tiffinfo={270: "保密审查材料", 305: "Scanner 1.0"})
    assert check("a.tif", data)
    assert "Scanner 1.0" in "".join(one.text for one in texts(data, photo.TIFF))


def test_what_is_broken_or_carries_more_is_refused(monkeypatch):
    for data, why in (
        (heic()[:-20], "损坏"),
        (heic() + b"more behind", "附有其他内容"),
        (tiff()[:60], "损坏"),
        (tiff() + samples.packed({"a": "b"}), "夹带"),
        (heic()[:24] + b"\0" * 400, "损坏"),
    ):
        with pytest.raises(BadContent, match=why):
            check("a", data)
    monkeypatch.setattr(photo, "PIXELS_MOST", 100)
    for data in (heic(), tiff()):
        with pytest.raises(BadContent, match="太大"):
            check("a", data)
    monkeypatch.undo()
    monkeypatch.setattr(photo, "PAGES_MOST", 2)
    with pytest.raises(BadContent, match="超过 2 页"):
        check("a", tiff(drawn(), drawn(), drawn()))
    monkeypatch.setattr(photo, "SECONDS_MOST", -1.0)
    with pytest.raises(BadContent, match="太大"):
        check("a", tiff())


def test_a_picture_that_declares_more_dots_than_it_has_is_not_unpacked():
    data = bytearray(tiff(Image.new("1", (64, 64)), compression="group4"))
    short, long = 3, 4
    at = data.index(struct.pack("<HHII", 256, short, 1, 64))
    data[at : at + 12] = struct.pack("<HHII", 256, long, 1, 2_000_000_000)
    with pytest.raises(BadContent, match="太大"):
        check("a.tif", bytes(data))


# What Pillow says to its users about tags that lead nowhere is nothing to those of the program.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
BASES = (heic(), tiff(drawn(), drawn()), tiff(drawn((40, 20), "1"), compression="group4"))


@settings(max_examples=120, deadline=None)
@given(base=st.sampled_from(BASES), data=st.data())
def test_broken_bytes_are_a_bad_file_and_never_a_fault(base, data):
    spoilt = bytearray(base)
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(12, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    try:
        check("a", bytes(spoilt))
    except (BadContent, Refused):
        return
    photo.readable(bytes(spoilt))
