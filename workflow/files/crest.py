"""The crest of a body's site: a small picture for everybody, drawn anew so that nothing else comes along."""

import hashlib
import io
from dataclasses import dataclass

from workflow.files.check import checked
from workflow.files.texts import BadContent

MOST_BYTES = 1024 * 1024
SIDE = 256
"""Pixels of its longer side, at most; the header shows it at about forty."""
MOST_PIXELS = 4_000_000
TAKEN = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True, slots=True)
class Crest:
    """A PNG, and the SHA-256 by which a setting names it."""

    digest: str
    png: bytes


def crest_of(name: str, data: bytes) -> Crest:
    """The crest that is made of an uploaded picture.

    Raises BadContent for what is no PNG or JPEG, over 1 MB or 4 million pixels, or broken; Refused for a
    classification mark in name or metadata.
    """
    from PIL import Image, ImageOps  # loads with the first picture

    if len(data) > MOST_BYTES:
        raise BadContent("图片超过 1 MB，请缩小之后再上传")
    found = checked(name, data, MOST_BYTES)
    if found.media_type not in TAKEN:
        raise BadContent("标志须为 PNG 或者 JPG 图片")
    try:
        with Image.open(io.BytesIO(data), formats=(TAKEN[found.media_type],)) as picture:
            small = picture.width * picture.height <= MOST_PIXELS
            drawn = ImageOps.exif_transpose(picture).convert("RGBA") if small else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadContent("图片已经损坏，打不开") from error
    if drawn is None:
        raise BadContent("图片超过 400 万像素，请缩小之后再上传")
    drawn.thumbnail((SIDE, SIDE))
    plain = Image.new("RGBA", drawn.size)
    plain.paste(drawn)
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return Crest(hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue())
