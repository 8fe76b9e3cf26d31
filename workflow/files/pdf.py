"""PDF: the text layer, the metadata, notes and forms; nothing that runs or is packed inside."""

import io
import logging
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from workflow.files.pdf_fonts import tell_fonts
from workflow.files.texts import BadContent, Passage

PAGES_MOST = 2000
SECONDS_MOST = 10.0
"""How long reading a PDF may take before it is given up as one that cannot be checked."""

# The library's warnings quote the file; nothing of a file may reach a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)

BROKEN = (
    PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError,
    ArithmeticError, AssertionError, NotImplementedError, OSError, zlib.error, struct.error,
)  # fmt: skip
"""What the library raises on bytes that only look like a PDF."""


_TOO_COMPLEX = "文件太复杂，无法检查，请换一种方式另存为 PDF，或者分成几份再上传"


@contextmanager
def read(data: bytes) -> Iterator[PdfReader]:
    """The PDF, opened. Raises BadContent if it is broken, encrypted, active or has files inside, also
    when that shows only while it is read."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise BadContent("文件设了密码或者权限限制，请取消之后再上传")
        if len(reader.pages) > PAGES_MOST:
            raise BadContent(f"文件超过 {PAGES_MOST} 页，无法检查，请分开上传")
        _refuse_active(reader)
        yield reader
    except BadContent:
        raise
    except LimitReachedError as error:
        raise BadContent(_TOO_COMPLEX) from error
    except BROKEN as error:
        raise BadContent("文件已经损坏，打不开") from error


def texts(data: bytes) -> Iterator[Passage]:
    """The texts of a PDF. What a scanned page shows is not read."""
    latest = time.monotonic() + SECONDS_MOST

    def in_time(*_: object) -> None:
        if time.monotonic() > latest:
            raise BadContent(_TOO_COMPLEX)

    found: list[Passage] = []
    with read(data) as reader:
        found.extend(Passage(str(value), about=True) for value in (reader.metadata or {}).values())
        described = resolved(reader.root_object.get("/Metadata"))
        if described is not None:
            found.append(Passage(described.get_data().decode("utf-8", "replace"), about=True))
        for name, field in (reader.get_fields() or {}).items():
            found.append(Passage(f"{name}\n{field.get('/V', '')}"))
        for number, page in enumerate(reader.pages, 1):
            in_time()
            tell_fonts(page)
            text = page.extract_text(visitor_operand_before=in_time)
            found.append(Passage(text, number == 1, number))
            for note in notes(page):
                found.append(Passage(str(note.get("/Contents", ""))))
    return iter(found)


def notes(page: DictionaryObject) -> list[DictionaryObject]:
    """The annotations of a page."""
    listed = resolved(page.get("/Annots")) or ArrayObject()
    return [note for note in map(resolved, listed) if isinstance(note, DictionaryObject)]


def resolved(value: Any) -> Any:
    """The object that a reference points to."""
    return value.get_object() if isinstance(value, IndirectObject) else value


def _refuse_active(reader: PdfReader) -> None:
    root = reader.root_object
    names = resolved(root.get("/Names")) or {}
    if "/EmbeddedFiles" in names or "/AF" in root:
        raise BadContent("文件里附有其他文件，请把它们单独上传")
    opening = resolved(root.get("/OpenAction"))
    runs = isinstance(opening, DictionaryObject) and opening.get("/S") in (
        "/JavaScript",
        "/Launch",
    )
    form = resolved(root.get("/AcroForm")) or {}
    if "/JavaScript" in names or "/AA" in root or runs or "/XFA" in form:
        raise BadContent("文件里有程序或者动态表单，请打印成 PDF 之后再上传")
    for page in reader.pages:
        if any(note.get("/Subtype") == "/FileAttachment" for note in notes(page)):
            raise BadContent("文件里附有其他文件，请把它们单独上传")
