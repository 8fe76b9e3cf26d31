"""Photos of phones (HEIC) and scans (TIFF): what stands beside the picture, and a copy to read.

The file is kept as it came; the copy, which every browser and office program shows, is made anew each
time: upright, in plain colours, without place and camera. What decodes pictures is loaded with the
first of them.
"""

import io
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from workflow.files.picture import METADATA_MOST, texts_beside
from workflow.files.texts import BadContent, Passage

if TYPE_CHECKING:
    from PIL import Image

HEIC = "image/heic"
TIFF = "image/tiff"
PHOTOS = (HEIC, TIFF)
PIXELS_MOST = 120_000_000
"""Of one picture: more than any phone takes and than A3 at 600 dpi."""
PAGES_MOST = 300
SECONDS_MOST = 10.0
"""How long decoding a file may take before it is given up as one that cannot be checked."""
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_STILL = (b"heic", b"heix", b"heim", b"heis")
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_GPS = 0x8825
_BROKEN = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, SyntaxError,
    ArithmeticError, EOFError, NotImplementedError, AssertionError, MemoryError, struct.error,
)  # fmt: skip
"""What the libraries raise on bytes that only look like a picture."""
_DAMAGED = "图片已经损坏，打不开"
_TOO_LARGE = "图片太大，无法检查，请缩小或者分成几份再上传"


def type_of(data: bytes) -> str | None:
    """The media type of a photo or scan that the first bytes show; None for anything else."""
    if data.startswith(_TIFF_STARTS):
        return TIFF
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        (length,) = struct.unpack(">I", data[:4])
        brands = data[8 : min(length, 200)]
        if any(brands[at : at + 4] in _STILL for at in range(0, len(brands), 4)):
            return HEIC
    return None


def texts_of_photo(data: bytes) -> Iterator[Passage]:
    """What stands beside the pictures: EXIF, XMP, descriptions. Every page is decoded once.

    Raises BadContent for a broken file, one with more behind it, and one too large to be checked.
    """
    if type_of(data) == HEIC:
        _no_more_behind(data)
    found: list[Passage] = []
    with _pages(data) as pages:
        for page in pages:
            for body in _beside(page):
                found.extend(texts_beside(body))
            if sum(len(one.text) for one in found) > 16 * METADATA_MOST:
                raise BadContent("图片附带的信息太多，无法检查，请另存一份再上传")
    return iter(found)


def has_place(data: bytes) -> bool:
    """True if the photo tells where it was taken; nothing is decoded for it."""
    from PIL import Image

    try:
        if type_of(data) == HEIC:
            from pillow_heif import open_heif

            held = open_heif(io.BytesIO(data))
            told: list[Any] = [one.info.get("exif") for one in held]
        else:
            with Image.open(io.BytesIO(data), formats=("TIFF",)) as first:
                told = [first.getexif().tobytes()]
    except _BROKEN as error:
        raise BadContent(_DAMAGED) from error
    return any(_exif(block).get_ifd(_GPS) for block in told if block)


def _exif(block: bytes) -> "Image.Exif":
    from PIL import Image

    found = Image.Exif()
    found.load(block)
    return found


def readable(data: bytes) -> tuple[str, bytes]:
    """The ending (jpg, or pdf for several pages) and the bytes of a copy that can be read anywhere.

    Page after page, so that a long scan is never in memory as a whole. Raises BadContent.
    """
    from pypdf import PdfWriter

    first, whole = b"", PdfWriter()
    with _pages(data) as pages:
        for number, page in enumerate(pages):
            upright = _plain(page)
            if number == 0:
                first = _jpeg(upright)
            whole.append(io.BytesIO(_pdf(upright, page)))
    out = io.BytesIO()
    if len(whole.pages) == 1:
        return "jpg", first
    whole.write(out)
    return "pdf", out.getvalue()


def _jpeg(picture: "Image.Image") -> bytes:
    out = io.BytesIO()
    (picture if picture.mode != "1" else picture.convert("L")).save(out, "JPEG", quality=88)
    return out.getvalue()


def _pdf(picture: "Image.Image", page: "Image.Image") -> bytes:
    """A page as large as the paper was."""
    said = page.info.get("dpi", (0, 0))[0]
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=float(said) if 50 <= said <= 2400 else 150.0)
    return out.getvalue()


@contextmanager
def _pages(data: bytes) -> Iterator[Iterator["Image.Image"]]:
    """The pictures of the file, each decoded when it is asked for. Raises BadContent."""
    try:
        yield _decoded(data)
    except BadContent:
        raise
    except _BROKEN as error:
        raise BadContent(_DAMAGED) from error


def _decoded(data: bytes) -> Iterator["Image.Image"]:
    latest = time.monotonic() + SECONDS_MOST
    number = 0
    for number, page in enumerate(_heic(data) if type_of(data) == HEIC else _tiff(data), 1):
        if number > PAGES_MOST:
            raise BadContent(f"文件超过 {PAGES_MOST} 页，无法检查，请分开上传")
        if time.monotonic() > latest:
            raise BadContent(_TOO_LARGE)
        if page.width * page.height > PIXELS_MOST:
            raise BadContent(_TOO_LARGE)
        page.load()
        yield page
    if not number:
        raise BadContent(_DAMAGED)


def _heic(data: bytes) -> Iterator["Image.Image"]:
    from pillow_heif import open_heif

    # The library turns pictures upright as it opens them and says so in their EXIF.
    held = open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    for one in held:
        width, height = one.size
        if width * height > PIXELS_MOST:
            raise BadContent(_TOO_LARGE)
        yield one.to_pillow()


def _tiff(data: bytes) -> Iterator["Image.Image"]:
    from PIL.TiffImagePlugin import TiffImageFile

    with TiffImageFile(io.BytesIO(data)) as held:
        number = 0
        while True:
            try:
                held.seek(number)
            except EOFError:
                return
            yield held
            number += 1


def _beside(page: "Image.Image") -> Iterator[bytes]:
    """What the file says besides the dots: the raw blocks of a HEIC, every text tag of a TIFF."""
    told: Mapping[Any, Any] = getattr(page, "tag_v2", None) or {}
    for value in (*page.info.values(), *told.values()):
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, str):
                yield one.encode("utf-8", "surrogateescape" if one.isascii() else "replace")
                # A tag of ASCII is read as Latin-1, whatever the scanner wrote.
                yield one.encode("latin-1", "ignore")
            elif isinstance(one, bytes) and len(one) <= METADATA_MOST:
                yield one
            elif isinstance(one, dict):
                yield repr(one).encode()


def _no_more_behind(data: bytes) -> None:
    """A HEIC is a row of boxes from its first to its last byte."""
    place = 0
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if length == 1 and place + 16 <= len(data):
            (length,) = struct.unpack(">Q", data[place + 8 : place + 16])
        elif length == 0:
            return
        if length < 8 or not kind.isalnum():
            break
        place += length
    if place != len(data):
        raise BadContent("图片已经损坏，或者后面附有其他内容")


def _plain(page: "Image.Image") -> "Image.Image":
    """Upright, in gray or RGB (or black and white), on white where it was transparent."""
    from PIL import Image, ImageOps

    turned = ImageOps.exif_transpose(page)
    if turned.mode.startswith("I") or turned.mode == "F":
        # The library would cut off what is brighter than 255: a scan of 16 bits would be all white.
        grays = turned.convert("F")
        most: Any = grays.getextrema()[1]
        top = 65535.0 if turned.mode.startswith("I;16") or most > 255 else 255.0
        if turned.mode == "F" and most <= 1.0:
            top = 1.0
        return grays.point(lambda dot: dot * (255.0 / top)).convert("L")
    if turned.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        under = Image.new("RGBA", turned.size, "white")
        return Image.alpha_composite(under, turned).convert("RGB")
    if turned.mode in ("1", "L", "RGB"):
        return turned.copy()
    return turned.convert("RGB")
