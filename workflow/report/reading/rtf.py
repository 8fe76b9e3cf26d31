"""Rich text files (RTF): paragraphs, and tables with their merged cells.

Libraries that turn RTF into text lose which cell a number stands in where cells are merged or hold several
paragraphs; here the edges of the cells say it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflow.report.reading.paper import (
    CELLS_MOST,
    TEXT_MOST,
    Block,
    Cell,
    Grid,
    TooLong,
    Unreadable,
)

_TOKEN = re.compile(
    r"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\([^A-Za-z])|([{}])|([^\\{}]+)|\\",
    re.DOTALL,
)
_SKIPPED = frozenset(
    (
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "fldinst", "header", "headerl", "headerr",
        "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation", "nonshppict", "xe", "tc",
        "themedata", "datastore", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator",
    )
)  # fmt: skip
_SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_MARKS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_ENDS = ("par", "sect", "page")
_CODE_PAGES = {950: "big5", 65001: "utf-8"}
DEEPEST = 200
TOKENS_MOST = 1_500_000
"""Words of control, letters by number and braces; a report has some ten thousand, its pictures have none."""
_NEAR = 40
"""Twips (a twentieth of a point) within which two edges of cells are one."""


@dataclass(frozen=True)
class _Looks:
    """What a group hands on to those inside it."""

    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    fallback: int = 1

    @property
    def seen(self) -> bool:
        return not (self.skipped or self.hidden or self.deleted)


@dataclass
class _Edge:
    """The right edge of a cell in twips, and how it is merged: begins, goes on, or neither."""

    right: int
    down: str = ""
    across: str = ""


@dataclass
class _Row:
    texts: list[str]
    edges: list[_Edge] = field(default_factory=list)


def blocks_of_rtf(data: bytes) -> Iterator[Block]:
    """Paragraphs and tables, in order. Raises Unreadable."""
    return _Reader(data.decode("latin-1")).blocks()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.looks = _Looks()
        self.stack: list[_Looks] = []
        self.said: list[str] = []
        self.length = 0
        self.bytes = bytearray()
        self.units: list[int] = []
        self.encoding = "gb18030"
        self.leave = 0
        self.in_table = False
        self.cells: list[str] = []
        self.inner: list[str] = []
        self.edges: list[_Edge] = []
        self.merging = _Edge(0)
        self.rows: list[_Row] = []
        self.count = 0

    def blocks(self) -> Iterator[Block]:
        """What the source says."""
        place = count = 0
        while found := _TOKEN.match(self.source, place):
            place = found.end()
            count += 1
            if count > TOKENS_MOST:
                raise Unreadable("文件太复杂，不像年度报告，请另存为 DOCX 再核对")
            byte, word, number, mark, brace, text = found.groups()
            if byte:
                self._byte(int(byte, 16))
            elif word == "bin":
                place += max(0, min(int(number or 0), len(self.source)))
            elif word:
                yield from self._word(word, number)
            elif mark:
                yield from self._mark(mark)
            elif brace:
                self._brace(brace)
            elif text:
                self._text(text)
        yield from self._paragraph()
        yield from self._table()

    # -- letters ----------------------------------------------------------------------------------

    def _byte(self, value: int) -> None:
        if self.leave:
            self.leave -= 1
        elif self.looks.seen:
            self._units_said()
            self.bytes.append(value)

    def _text(self, text: str) -> None:
        text = text.replace("\r", "").replace("\n", "")
        if self.leave:
            left = self.leave
            self.leave = max(0, left - len(text))
            text = text[left:]
        if text and self.looks.seen:
            if text.isascii():
                self._say(text)
            else:
                self._units_said()
                self.bytes.extend(text.encode("latin-1"))

    def _say(self, text: str) -> None:
        self._units_said()
        self._bytes_said()
        self.said.append(text)
        self.length += len(text)
        if self.length > TEXT_MOST:
            raise TooLong

    def _bytes_said(self) -> None:
        if self.bytes:
            self.said.append(self.bytes.decode(self.encoding, "replace").replace("\0", ""))
            self.length += len(self.bytes)
            self.bytes.clear()

    def _units_said(self) -> None:
        if self.units:
            self._bytes_said()
            units = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.said.append(units.decode("utf-16-le", "replace").replace("\0", ""))
            self.length += len(self.units)
            self.units.clear()

    def _taken(self) -> str:
        self._units_said()
        self._bytes_said()
        text = "".join(self.said)
        self.said.clear()
        return text

    # -- words of control -------------------------------------------------------------------------

    def _brace(self, brace: str) -> None:
        self.leave = 0
        if brace == "{":
            self.stack.append(self.looks)
            if len(self.stack) > DEEPEST:
                raise Unreadable("文件的结构太深，打不开")
        elif self.stack:
            self.looks = self.stack.pop()

    def _mark(self, mark: str) -> Iterator[Block]:
        if mark == "*":
            self.looks = replace(self.looks, skipped=True)
        elif mark in "\r\n":
            yield from self._word("par", None)
        elif self.leave:
            self.leave -= 1
        elif mark in _MARKS and self.looks.seen:
            self._say(_MARKS[mark])

    def _word(self, word: str, number: str | None) -> Iterator[Block]:
        value = int(number) if number else None
        if word in _SKIPPED:
            self.looks = replace(self.looks, skipped=True)
        elif word == "ansicpg":
            self.encoding = _CODE_PAGES.get(value or 0, "gb18030")
        if self.looks.skipped:
            return
        if word == "u" and value is not None:
            if self.looks.seen:
                self._bytes_said()
                self.units.append(value & 0xFFFF)
            self.leave = self.looks.fallback
        elif word == "uc":
            self.looks = replace(self.looks, fallback=max(0, min(value or 0, 8)))
        elif word in ("v", "deleted"):
            on = value != 0
            self.looks = replace(self.looks, **{"hidden" if word == "v" else word: on})
        elif word == "plain":
            self.looks = replace(self.looks, hidden=False, deleted=False)
        elif word in _SIGNS:
            if self.looks.seen:
                self._say(_SIGNS[word])
        elif word == "pard":
            self.in_table = False
        elif word == "intbl":
            self.in_table = True
        elif word in _ENDS:
            yield from self._paragraph()
        else:
            yield from self._of_table(word, value)

    # -- tables -----------------------------------------------------------------------------------

    def _of_table(self, word: str, value: int | None) -> Iterator[Block]:
        if word == "trowd":
            self.edges, self.merging = [], _Edge(0)
        elif word in ("clvmgf", "clvmrg"):
            self.merging.down = word[3:]
        elif word in ("clmgf", "clmrg"):
            self.merging.across = word[2:]
        elif word == "cellx":
            self.merging.right = value or 0
            self.edges.append(self.merging)
            self.merging = _Edge(0)
            self._counted()
        elif word in ("cell", "nestcell"):
            cells = self.cells if word == "cell" else self.inner
            cells.append(self._taken().strip())
            self._counted()
        elif word == "nestrow":
            self.rows.append(_Row(self.inner))
            self.inner = []
        elif word == "row":
            self.rows.append(_Row(self.cells, self.edges))
            self.cells, self.in_table = [], False
        return
        yield

    def _counted(self) -> None:
        self.count += 1
        if self.count > 2 * CELLS_MOST:
            raise Unreadable("表格太大，不像年度报告")

    def _paragraph(self) -> Iterator[Block]:
        if self.in_table or self.cells:
            if self.looks.seen and (self.said or self.units or self.bytes):
                self._say("\n")
            return
        text = self._taken()
        if text.strip():
            yield from self._table()
            yield text

    def _table(self) -> Iterator[Block]:
        if self.rows:
            rows, self.rows = self.rows, []
            yield _grid(rows)


def _grid(rows: list[_Row]) -> Grid:
    """Cells by the edges at which they end: an edge of any row is one of all."""
    rights = _apart(sorted({edge.right for row in rows for edge in row.edges}))
    made: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}
    for row in rows:
        begun: list[Cell] = []
        column = 0
        for place, text in enumerate(row.texts):
            edge = row.edges[place] if place < len(row.edges) else None
            end = _column(rights, edge.right) if edge else column + 1
            span = max(1, end - column)
            if edge and edge.across == "mrg" and begun:
                last = begun[-1]
                begun[-1] = last._replace(columns=last.columns + span, text=last.text or text)
            elif edge and edge.down == "mrg" and column in above:
                line, which = above[column]
                made[line][which] = made[line][which]._replace(rows=made[line][which].rows + 1)
            else:
                above[column] = (len(made), len(begun))
                begun.append(Cell(text, column, span))
            column += span
        made.append(begun)
    return Grid(tuple(tuple(row) for row in made))


def _apart(edges: list[int]) -> list[int]:
    found: list[int] = []
    for edge in edges:
        if not found or edge - found[-1] > _NEAR:
            found.append(edge)
    return found


def _column(rights: list[int], right: int) -> int:
    """Behind which column of the table a cell ends."""
    return bisect_left(rights, right - _NEAR) + 1
