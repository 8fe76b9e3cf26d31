"""Photos and scans as phones and scanners write them, and tables as offices keep them."""

import io
from typing import Any

import pillow_heif
import xlsxwriter
from PIL import Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def drawn(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Image.Image:
    """White, with a dark square in the upper left corner."""
    found = Image.new("RGB", size, "white")
    found.paste("black", (0, 0, size[0] // 4, size[1] // 4))
    return found.convert(mode)


def exif(orientation: int = 1, said: str = "", place: bool = False) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    if said:
        found[0x010E] = said.encode()  # the library would write ? for what is not ASCII
    if place:
        found.get_ifd(0x8825)[1] = "N"
    return found.tobytes()


def heic(*pictures: Image.Image, **more: Any) -> bytes:
    """A photo of a phone; several pictures are a burst."""
    first, *others = pictures or (drawn(),)
    held = pillow_heif.from_pillow(first)
    for one in others:
        held.add_from_pillow(one)
    out = io.BytesIO()
    held.save(out, quality=95, **more)
    return out.getvalue()


def tiff(*pages: Image.Image, **more: Any) -> bytes:
    """A scan of so many pages."""
    first, *others = pages or (drawn(),)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=bool(others), append_images=others, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def xlsx(*rows: tuple[Any, ...], hidden: bool = False, formula: str = "") -> bytes:
    """A workbook of one sheet, or one more that is hidden."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if formula:
        sheet.write_formula(len(rows), 0, formula)
    if hidden:
        book.add_worksheet("底稿").hide()
    book.close()
    return out.getvalue()


def relations(*kinds_and_targets: tuple[str, str], mode: str = "External") -> str:
    """Relations of an office document to what lies elsewhere."""
    each = "".join(
        f'<Relationship Id="r{n}" Type="{TYPES}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for n, (kind, target) in enumerate(kinds_and_targets)
    )
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'


def field(*pieces: str) -> str:
    """A paragraph with a field whose instruction is written in so many pieces."""
    inner = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{inner}{end}</w:p>"
