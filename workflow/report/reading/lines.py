"""Cells that stand one on a line, as they are copied from a page or lie in a PDF without rulings: put together
to rows again, by the labels that the tables have."""

import re
from collections.abc import Iterable, Iterator

from workflow.report.reading.labels import (
    CONTENT,
    GROUP,
    HEADING,
    LabelBook,
    item_of_article20,
    wording,
)
from workflow.report.reading.numbers import looks_like_value
from workflow.report.reading.paper import CELLS_MOST, Block, Cell, Grid, Unreadable

VALUES_LEAST = 8
"""Lines with a number alone; page numbers and days here and there make no table."""
_LABEL_LONGEST = 60
_HEADS_MOST = 5
_ALONE = re.compile(
    r"\s*[-+]?(?:[\d０-９][\d０-９,.，]*\s*[\u4e00-\u9fff]{0,2}|[-/—－–―无無]{1,3})\s*"
)


def with_rows(blocks: Iterable[Block], book: LabelBook) -> Iterator[Block]:
    """The same blocks, in which lines that are the cells of a table have become its rows."""
    held = list(blocks)
    alone = sum(
        bool(_ALONE.fullmatch(line))
        for block in held
        if isinstance(block, str)
        for line in block.splitlines()
    )
    if alone > CELLS_MOST:
        raise Unreadable("表格太大，不像年度报告")
    if alone < VALUES_LEAST:
        yield from held
        return
    lines: list[str] = []
    for block in held:
        if isinstance(block, str):
            lines.extend(block.splitlines() or [""])
            continue
        yield from _Lines(lines, book).blocks()
        lines = []
        yield block
    yield from _Lines(lines, book).blocks()


class _Lines:
    def __init__(self, lines: list[str], book: LabelBook) -> None:
        self.lines = [line.strip() for line in lines]
        self.book = book
        self.heads: list[str] = []
        self.width: int | None = None

    def blocks(self) -> Iterator[Block]:
        """Rows and lines, in order."""
        place = 0
        while place < len(self.lines):
            line = self.lines[place]
            if not line:
                place += 1
                continue
            if wording(line) == CONTENT:
                yield from self._flushed()
                row, place = self._heads2(place)
                yield row
                continue
            label, after = self._label(place)
            values, end = self._values(after) if label else ([], after)
            if values:
                yield from self._flushed_before(label, values)
                yield self._row(label, values)
                place = end
                continue
            if self._is_head(line):
                self.heads.append(line)
            else:
                yield from self._flushed()
                if item_of_article20(line):
                    self.width = None
                exact = self.book.side.match(line)
                yield _grid([line]) if exact and exact.exact else line
            place += 1
        yield from self._flushed()

    # -- a row ------------------------------------------------------------------------------------

    def _label(self, place: int) -> tuple[str, int]:
        """The label of a row that stands here, perhaps broken over two lines, and the place after it."""
        line = self.lines[place]
        if len(line) > _LABEL_LONGEST or looks_like_value(line):
            return "", place + 1
        following = self.lines[place + 1] if place + 1 < len(self.lines) else ""
        if following and not looks_like_value(following):
            whole = self.book.side.match(line + following)
            if whole and whole.exact:
                return line + following, place + 2
        return (line if self._names_row(line) else ""), place + 1

    def _names_row(self, line: str) -> bool:
        match = self.book.side.match(line)
        if match and not match.key.startswith((GROUP, HEADING)):
            return True
        return self.book.items.match(line) is not None or self.book.cells.match(line) is not None

    def _values(self, place: int) -> tuple[list[str], int]:
        """The numbers that follow, with the blank lines between them, and the place after them."""
        found: list[str] = []
        end = place
        while place < len(self.lines) and (
            not self.lines[place] or looks_like_value(self.lines[place])
        ):
            found.append(self.lines[place])
            place += 1
            if found[-1]:
                end = place
        return (found, end) if any(found) else ([], end)

    def _row(self, label: str, values: list[str]) -> Grid:
        if self._is_data4(label, values):
            return _grid(_fitted(values, 3 * len(self.book.cells.keys)))
        of_table3 = self.book.side.match(label) is not None and self.width is None
        size = len(self.book.columns) if of_table3 else self.width
        return _grid([label, *_fitted(values, size)])

    def _is_data4(self, label: str, values: list[str]) -> bool:
        """The numbers of table 四 stand below all of its heads, the last of which looks like a row."""
        return self.book.cells.match(label) is not None and sum(map(bool, values)) > len(
            self.book.columns
        )

    # -- heads ------------------------------------------------------------------------------------

    def _is_head(self, line: str) -> bool:
        for labels in (self.book.above, self.book.blocks, self.book.cells):
            match = labels.match(line)
            if match and (match.exact or self.heads):
                return True
        return False

    def _flushed_before(self, label: str, values: list[str]) -> Iterator[Block]:
        if self._is_data4(label, values):
            self.heads.append(label)
        yield from self._flushed()

    def _flushed(self) -> Iterator[Block]:
        """The heads until here, all in one column: which number stands below which is told by their order."""
        if self.heads:
            yield Grid((tuple(Cell(text, 0) for text in self.heads),))
            self.heads, self.width = [], None

    def _heads2(self, place: int) -> tuple[Grid, int]:
        """The heads of a block of table 二, down to its first item."""
        found = [self.lines[place]]
        place += 1
        while place < len(self.lines) and len(found) <= _HEADS_MOST:
            line = self.lines[place]
            if line and (self.book.items.match(line) or looks_like_value(line)):
                break
            if line:
                found.append(line)
            place += 1
        self.width = len(found) - 1
        return _grid(found), place


def _grid(cells: list[str]) -> Grid:
    return Grid((tuple(Cell(text, column) for column, text in enumerate(cells)),))


def _fitted(values: list[str], size: int | None) -> list[str]:
    """As many cells as there are columns, where it is certain which of them are blank."""
    filled = [value for value in values if value]
    if size is not None and len(filled) < size <= len(values) and not any(values[size:]):
        return values[:size]
    return filled
