"""Pictures: only what stands beside the picture itself, comments, EXIF and XMP. What the picture
shows is not read."""

import struct
import zlib
from collections.abc import Iterator

from workflow.files.texts import BadContent, Passage

METADATA_MOST = 4 * 1024 * 1024
_PNG_TEXTS = (b"tEXt", b"iTXt", b"zTXt", b"eXIf")


def texts_of_png(data: bytes) -> Iterator[Passage]:
    """The text chunks of a PNG. Raises BadContent for a broken one or one with something behind it."""
    place, ended = 8, False
    while place + 12 <= len(data) and not ended:
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if place == 8 and kind != b"IHDR":
            break
        if len(body) != length:
            break
        if kind in _PNG_TEXTS:
            yield from texts_beside(body)
            yield from _packed(body)
        place += 12 + length
        ended = kind == b"IEND"
    if not ended or data[place:].strip(b"\0\r\n"):
        raise BadContent("图片已经损坏，或者后面附有其他内容")


def _packed(body: bytes) -> Iterator[Passage]:
    """The compressed text of a chunk: it begins behind one of the first few zero bytes."""
    for place in [at for at, byte in enumerate(body[:400]) if byte == 0][:6]:
        for begin in (place + 1, place + 2):
            try:
                found = zlib.decompressobj().decompress(body[begin:], METADATA_MOST)
            except zlib.error:
                continue
            yield from texts_beside(found)


def texts_of_jpeg(data: bytes) -> Iterator[Passage]:
    """Comments and application segments of a JPEG. Raises BadContent for a broken one."""
    place, total = 2, 0
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        body = data[place + 4 : place + 2 + length]
        if length < 2 or len(body) != length - 2:
            break
        if marker == 0xDA:
            if b"\xff\xd9" in data[place:]:
                return
            break
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            total += len(body)
            if total > METADATA_MOST:
                raise BadContent("图片附带的信息太多，无法检查，请另存一份再上传")
            yield from texts_beside(body)
        place += 2 + length
    raise BadContent("图片已经损坏，打不开")


def texts_beside(body: bytes) -> Iterator[Passage]:
    """The bytes as text in every encoding in which cameras and programs write Chinese."""
    yield Passage(body.decode("utf-8", "replace"))
    yield Passage(body.decode("gb18030", "replace"))
    for begin in (0, 1):
        yield Passage(body[begin:].decode("utf-16-le", "replace"))
        yield Passage(body[begin:].decode("utf-16-be", "replace"))
