"""Web pages saved whole in one file (MHT): the page among its pictures and style sheets."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from workflow.report.reading.paper import Unreadable
from workflow.report.reading.text import text_of_page

_HEADER = re.compile(rb"(?:[!-9;-~]{1,76}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.MULTILINE)
_MIME = re.compile(rb"^(?:mime-version|content-type)\s*:", re.IGNORECASE | re.MULTILINE)
_SNIFFED = 4096
PARTS_MOST, DEEPEST = 500, 8
LINES_MOST = 10_000
"""Lines that may begin a part."""
COMPLEX = "文件的结构太复杂，不像年度报告"


def looks_like_mht(data: bytes) -> bool:
    """Whether a file begins with the lines of a header that say what its parts are."""
    head = data[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip().replace(b"\r\n", b"\n")
    found = _HEADER.match(head)
    return found is not None and _MIME.search(found[0]) is not None


def page_of_mht(data: bytes) -> str:
    """The source of the page: of several the largest, frames and remarks being small. Raises Unreadable."""
    if data.count(b"\n--") > LINES_MOST:
        raise Unreadable(COMPLEX)
    message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    pages = []
    for part in _parts(message, 0, [0]):
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                pages.append((content, _charset(part)))
    if not pages:
        raise Unreadable("文件里没有网页，请在浏览器里打开年度报告，另存为 HTML 再核对")
    content, charset = max(pages, key=lambda page: len(page[0]))
    return text_of_page(content, charset)


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):
        return ""


def _parts(part: Message, depth: int, counted: list[int]) -> Iterator[Message]:
    counted[0] += 1
    if depth > DEEPEST or counted[0] > PARTS_MOST:
        raise Unreadable(COMPLEX)
    inner = part.get_payload() if part.is_multipart() else None
    if not isinstance(inner, list):
        yield part
        return
    for one in inner:
        if isinstance(one, Message):
            yield from _parts(one, depth + 1, counted)
