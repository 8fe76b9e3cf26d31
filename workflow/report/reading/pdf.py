"""PDF with its text: tables by the lines that are drawn around their cells, paragraphs by their margins. What is
only a picture is not read, and that is said."""

import io
import itertools
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psexceptions import PSException
from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import StreamObject

from workflow.files.pdf import BROKEN
from workflow.report.annual import Oddity
from workflow.report.reading.letters import RADICALS
from workflow.report.reading.paper import Block, Unreadable
from workflow.report.reading.ruled import (
    Frame,
    Glyph,
    Rule,
    TooManyRules,
    frames_of,
    lines_of,
    shared_columns,
)
from workflow.report.reading.text import blocks_of_text
from workflow.report.reading.turned import Turned, most, quarter

PAGES_MOST = 200
SECONDS_MOST = 4.0
"""Processor time that reading one may take."""
UNPACKED_MOST = 64 * 1024 * 1024
OBJECTS_MOST = 50_000
GLYPHS_MOST = 200_000
RULES_MOST = 20_000
CODES_MOST = 200_000
"""Characters that the table of a font may name."""
_THIN = 3.0
_FOOT = 90.0
"""Points from the edge within which a number is that of the page, and a line may be one that every page has."""
_SPARE = 20
"""Characters; a page with fewer and a picture on it is a scan."""
_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{1,8})\s*>\s*<\s*([0-9A-Fa-f]{1,8})\s*>")
_PAGE_NUMBER = re.compile(
    r"[-—－–·\s]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/共]?\s*\d{1,3}\s*页?)?[-—－–·\s]*"
)
_NUMERAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,2}[)）、]")
"""How a title begins: behind a full sentence it goes on with none, however full its last line is."""
_HANGING = frozenset("、，。；：,.;:）》”")
_UNNAMED = re.compile(r"\(cid:\d+\)")
_BROKEN = (*BROKEN, PSException, PDFException, MemoryError)
_TOO_COMPLEX = "PDF 太复杂，读不出来；请用原来的 DOCX、XLSX 或者网页"
SCANNED = "这是扫描件，里面只有图片，没有文字，数字读不出来；请用原来的 DOCX、XLSX 或者网页"
_LOCKED = "文件设了密码，请取消密码，另存一份再核对"

# What the library warns of quotes the file; nothing of a file may reach a log.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL + 1)


class _TooComplex(Exception):
    """More work than any report needs."""


def blocks_of_pdf(data: bytes) -> Iterator[Block]:
    """Paragraphs and tables, page after page. Raises Unreadable."""
    try:
        pages = _pages(data)
    except PDFPasswordIncorrect as error:
        raise Unreadable(_LOCKED) from error
    except (_TooComplex, TooManyRules, LimitReachedError) as error:
        raise Unreadable(_TOO_COMPLEX) from error
    except _BROKEN as error:
        raise Unreadable("文件已经损坏，打不开") from error
    if not any(page.lines or page.frames for page in pages):
        raise Unreadable(SCANNED if any(page.pictured for page in pages) else "PDF 里没有文字")
    columns = {
        id(frame): edges for frame, edges in shared_columns(f for p in pages for f in p.frames)
    }
    boxes = [box for page in pages for _, box in page.lines]
    margins = (
        min((one.x0 for one in boxes), default=0.0),
        max((one.x1 for one in boxes), default=0.0),
    )
    held = ""
    for page in pages:
        if page.pictured:
            yield Oddity("unread", f"第 {page.number} 页", "是图片，里面的文字和数字没有读到")
        elif page.unnamed:
            yield Oddity(
                "unread",
                f"第 {page.number} 页",
                f"有 {page.unnamed} 个字没有写明是什么字，没有读到",
            )
        for piece in page.pieces(*margins):
            if isinstance(piece, Frame):
                yield from blocks_of_text(held)
                held = ""
                yield piece.grid(columns[id(piece)], page.number)
            else:
                text, goes_on = piece
                held = f"{held}{text}" if goes_on or not held else f"{held}\n{text}"
    yield from blocks_of_text(held)


class _Page:
    """What stands on a page. pictured: only a picture does; unnamed: how many characters nobody can read."""

    def __init__(self, number: int, width: float, height: float) -> None:
        self.number = number
        self.width, self.height = width, height
        self.quarters: Counter[int] = Counter()
        self.glyphs: list[Glyph] = []
        self.flat: list[Rule] = []
        self.upright: list[Rule] = []
        self.pictures = 0
        self.pictured = False
        self.unnamed = 0
        self.frames: list[Frame] = []
        self.lines: list[tuple[str, Glyph]] = []
        self._seen: set[tuple[str, int, int]] = set()

    def take(self, item: Any) -> None:
        """A character, line or picture, and what is drawn within a drawing."""
        if isinstance(item, LTChar):
            self._glyph(item)
        elif isinstance(item, LTRect):
            self._box(item)
        elif isinstance(item, LTLine | LTCurve):
            self._path(item)
        elif isinstance(item, LTImage):
            self.pictures += 1
        elif hasattr(item, "__iter__"):
            for inner in item:
                self.take(inner)

    def _glyph(self, item: LTChar) -> None:
        text = item.get_text().translate(RADICALS)
        if _UNNAMED.fullmatch(text):
            self.unnamed += 1
        elif text.strip() and (turned := quarter(item.matrix)) is not None:
            self.quarters[turned] += 1
            # Bold letters are drawn twice by some programs, a hair apart.
            near = (text, round(item.x0 / 2), round(item.y0 / 2))
            if any(
                (text, near[1] + x, near[2] + y) in self._seen
                for x in (-1, 0, 1)
                for y in (-1, 0, 1)
            ) and self._doubled(text, item):
                return
            self._seen.add(near)
            self.glyphs.append(Glyph(text, item.x0, item.y0, item.x1, item.y1))
            if len(self.glyphs) > GLYPHS_MOST:
                raise _TooComplex

    def _doubled(self, text: str, item: LTChar) -> bool:
        size = max(item.y1 - item.y0, 4) / 5
        return any(
            one.text == text and abs(one.x0 - item.x0) < size and abs(one.y0 - item.y0) < size
            for one in self.glyphs[-400:]
        )

    def _box(self, item: LTRect) -> None:
        """A box with a line around it, or one so thin that it is a line."""
        x0, y0, x1, y1 = item.bbox
        if y1 - y0 <= _THIN:
            self._add(self.flat, (y0 + y1) / 2, x0, x1)
        elif x1 - x0 <= _THIN:
            self._add(self.upright, (x0 + x1) / 2, y0, y1)
        elif item.stroke:
            for y in (y0, y1):
                self._add(self.flat, y, x0, x1)
            for x in (x0, x1):
                self._add(self.upright, x, y0, y1)

    def _path(self, item: LTCurve) -> None:
        points = item.pts
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            if abs(y0 - y1) < 1:
                self._add(self.flat, y0, min(x0, x1), max(x0, x1))
            elif abs(x0 - x1) < 1:
                self._add(self.upright, x0, min(y0, y1), max(y0, y1))

    def _add(self, rules: list[Rule], place: float, start: float, end: float) -> None:
        if end - start >= 1:
            rules.append(Rule(place, start, end))
        if len(self.flat) + len(self.upright) > RULES_MOST:
            raise _TooComplex

    def finish(self) -> "_Page":
        """Lay the characters into tables and lines."""
        self._stand()
        self.pictured = self.pictures > 0 and len(self.glyphs) < _SPARE
        self.frames = frames_of(self.flat, self.upright)
        smallest = sorted(
            self.frames,
            key=lambda frame: (frame.xs[-1] - frame.xs[0]) * (frame.ys[0] - frame.ys[-1]),
        )
        outside: list[Glyph] = []
        before: Glyph | None = None
        for one in self.glyphs:
            # A mark at the end of a line may hang over the edge of its cell.
            at = before if before and one.text in _HANGING and _follows(before, one) else one
            if not any(frame.takes(one, at) for frame in smallest):
                outside.append(one)
            before = one
        self.lines = lines_of(outside)
        if self.at_edge(last=True) and _PAGE_NUMBER.fullmatch(self.lines[-1][0]):
            self.lines.pop()
        return self

    def _stand(self) -> None:
        """Turn a page that lies on its side."""
        turned = Turned(most(self.quarters), self.width, self.height)
        if turned.quarters:
            self.glyphs = [turned.glyph(one) for one in self.glyphs]
            self.flat, self.upright = turned.rules(self.flat, self.upright)
            self.height = self.width if turned.quarters % 2 else self.height

    def at_edge(self, *, last: bool) -> bool:
        """Whether the last line, or the first, stands where papers print what belongs to the page."""
        if not self.lines:
            return False
        box = self.lines[-1 if last else 0][1]
        return box.y1 < _FOOT if last else box.y0 > self.height - _FOOT

    def pieces(self, left: float, right: float) -> Iterator[Frame | tuple[str, bool]]:
        """Tables and lines from above; of a line, whether it goes on with the paragraph before it, by the margins."""
        placed: list[tuple[float, Frame | tuple[str, Glyph]]] = [
            *((frame.top, frame) for frame in self.frames),
            *((line[1].y1, line) for line in self.lines),
        ]
        before: Glyph | None = None
        ended = False
        for _, piece in sorted(placed, key=lambda one: -one[0]):
            if isinstance(piece, Frame):
                before = None
                yield piece
                continue
            text, box = piece
            size = box.y1 - box.y0
            full = (
                before is not None and right - before.x1 < 2 * size and before.x0 - left < 4 * size
            )
            begins = ended and _NUMERAL.match(text)
            yield text, full and box.x0 - left < size and not begins
            before, ended = box, text.endswith(("。", "：", ":", "；"))


def _follows(before: Glyph, glyph: Glyph) -> bool:
    """It stands right behind the other."""
    size = glyph.y1 - glyph.y0
    return (
        abs(glyph.x0 - before.x1) < size / 4 and abs(glyph.middle[1] - before.middle[1]) < size / 4
    )


# -- the file -----------------------------------------------------------------------------------------


def _pages(data: bytes) -> list[_Page]:
    latest = time.thread_time() + SECONDS_MOST
    _within_limits(data, latest)
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    fonts = _Fonts()
    device = _Device(fonts, latest)
    interpreter = _Interpreter(fonts, device)
    found: list[_Page] = []
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        if number > PAGES_MOST:
            raise _TooComplex
        interpreter.process_page(page)
        seen = device.get_result()
        made = _Page(number, seen.width, seen.height)
        made.take(seen)
        found.append(made.finish())
        device.in_time()
    _without_running(found)
    return found


def _without_running(pages: list[_Page]) -> None:
    """Leave out what stands at the foot of most pages, numbers aside (the address that a browser prints, the name of
    the paper), and at their head but for the first."""
    for last in (True, False):
        held: dict[str, list[_Page]] = {}
        for page in pages:
            if page.lines and page.at_edge(last=last):
                text = re.sub(r"\d+", "", page.lines[-1 if last else 0][0])
                held.setdefault(text, []).append(page)
        for alike in held.values():
            if len(alike) >= 2 and 2 * len(alike) > len(pages):
                for page in alike[0 if last else 1 :]:
                    page.lines.pop(-1 if last else 0)


def _within_limits(data: bytes, latest: float) -> None:
    """Unpack everything but pictures once, by the library that has limits of its own.

    Raises LimitReachedError, _TooComplex, and PDFPasswordIncorrect for a file that opens only with a password.
    """
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise PDFPasswordIncorrect
    numbers = [*reader.xref_objStm, *(one for table in reader.xref.values() for one in table)]
    if len(numbers) > OBJECTS_MOST:
        raise _TooComplex
    unpacked = 0
    for number in dict.fromkeys(numbers):
        try:
            found = reader.get_object(number)
            if isinstance(found, StreamObject) and found.get("/Subtype") != "/Image":
                unpacked += len(found.get_data())
        except LimitReachedError:
            raise
        except BROKEN:
            continue
        if unpacked > UNPACKED_MOST or time.thread_time() > latest:
            raise _TooComplex


class _Fonts(PDFResourceManager):
    """Fonts whose tables name no more characters than there are."""

    def get_font(self, objid: object, spec: Any) -> Any:
        for key in ("W", "W2"):
            widths = resolve1(spec.get(key))
            numbers = [resolve1(one) for one in widths] if isinstance(widths, list) else []
            if any(isinstance(one, int | float) and abs(one) > 0xFFFFF for one in numbers):
                raise _TooComplex
        named = resolve1(spec.get("ToUnicode"))
        if isinstance(named, PDFStream):
            ranges = _RANGE.findall(named.get_data())
            if sum(max(0, int(last, 16) - int(first, 16)) for first, last in ranges) > CODES_MOST:
                # Pairs of a code and its letter look like ranges too, and are few in any font.
                _refuse_ranges(named.get_data())
        return super().get_font(objid, spec)


_BLOCK = re.compile(rb"begin(?:bf|cid)range(.*?)end(?:bf|cid)range", re.DOTALL)


def _refuse_ranges(table: bytes) -> None:
    for block in _BLOCK.findall(table):
        if (
            sum(max(0, int(last, 16) - int(first, 16)) for first, last in _RANGE.findall(block))
            > CODES_MOST
        ):
            raise _TooComplex


class _Device(PDFPageAggregator):
    """Keeps what is seen on a page, until the time is over."""

    def __init__(self, fonts: PDFResourceManager, latest: float) -> None:
        super().__init__(fonts, laparams=None)
        self.latest = latest

    def in_time(self) -> None:
        if time.thread_time() > self.latest:
            raise _TooComplex

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        # Text that is not drawn lies below a scanned page, guessed by a machine.
        if textstate.render != 3:
            super().render_string(textstate, seq, ncs, graphicstate)


class _Interpreter(PDFPageInterpreter):
    """Looks at the time with every word that is read."""

    device: _Device

    def push(self, obj: Any) -> None:
        self.device.in_time()
        super().push(obj)

    def do_q(self) -> None:
        self.device.in_time()
        super().do_q()
