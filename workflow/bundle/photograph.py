"""A JPEG on a page of A4 as it is: its bytes are taken over, turned as the camera says (EXIF)."""

import io
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
)

from workflow.bundle.binding import A4

EDGE = 30.0
"""Points left free on every side."""
SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}
_ORIENTATION = 0x0112


def page_of(data: bytes) -> bytes | None:
    """The page as a PDF; None for a picture that has to be set in another way: of other colours, mirrored, or none
    that can be read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as found:
            given, mode, turned = found.size, found.mode, found.getexif().get(_ORIENTATION, 1)
            whole = found.format == "JPEG" and data.rstrip(b"\0\r\n").endswith(b"\xff\xd9")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    if not whole or mode not in SPACES or turned not in (1, 3, 6, 8):
        return None
    width, height = given if turned in (1, 3) else given[::-1]
    sheet = A4 if width <= height else A4[::-1]
    scale = min((sheet[0] - 2 * EDGE) / width, (sheet[1] - 2 * EDGE) / height)
    across, up = width * scale, height * scale
    left, low = (sheet[0] - across) / 2, (sheet[1] - up) / 2
    matrix = {
        1: (across, 0, 0, up, left, low),
        3: (-across, 0, 0, -up, left + across, low + up),
        6: (0, -up, across, 0, left, low + up),
        8: (0, up, -across, 0, left + across, low),
    }[turned]
    return _page(data, given, SPACES[mode], sheet, " ".join(f"{value:.4f}" for value in matrix))


def _page(
    data: bytes, given: tuple[int, int], space: str, sheet: tuple[float, float], matrix: str
) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(*sheet)
    picture = EncodedStreamObject()
    picture._data = data
    said: dict[str, Any] = {
        "/Type": NameObject("/XObject"), "/Subtype": NameObject("/Image"), "/Filter": NameObject("/DCTDecode"),
        "/Width": NumberObject(given[0]), "/Height": NumberObject(given[1]), "/BitsPerComponent": NumberObject(8),
        "/ColorSpace": NameObject(space),
    }  # fmt: skip
    picture.update({NameObject(key): value for key, value in said.items()})
    content = DecodedStreamObject()
    content.set_data(f"q {matrix} cm /Picture Do Q".encode())
    drawn = DictionaryObject({NameObject("/Picture"): writer._add_object(picture)})
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawn})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
