"""Tables saved as text with a mark between their cells (CSV): commas, semicolons, tabs, with quotes or without."""

import csv
import re
from collections.abc import Iterable, Iterator

from workflow.report.reading.numbers import looks_like_value
from workflow.report.reading.paper import Block, Grid, placed

_MARKS = ",;，；^~"
"""Tabs and strokes part the cells of any text; here only where quotes stand around them."""
_ROWS_LEAST = 5
_SAMPLE = 2000
"""Lines that are looked at."""
_PROSE = 60
"""Characters; a cell of a table has fewer where no number stands beside it."""
_LINES_IN_CELL = 30
_OPEN, _CLOSED = re.compile("[(（]"), re.compile("[)）]")


def mark_of(text: str) -> str | None:
    """The mark that parts the cells of a text in which tables stand, None where none does."""
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    marks = _MARKS + "\t|" * ('"' in text)
    count = {mark: sum(_is_row(line, mark) for line in lines) for mark in marks}
    best = max(count, key=lambda mark: count[mark])
    return best if count[best] >= _ROWS_LEAST else None


def _is_row(line: str, mark: str) -> bool:
    if line.count(mark) < 3 or (mark != "|" and "|" in line) or len(line) > 1000:
        return False
    cells = [cell for cell in (part.strip(' "\r') for part in line.split(mark)) if cell]
    return sum(map(looks_like_value, cells)) * 2 > len(cells)


def blocks_of_separated(text: str, mark: str) -> Iterator[Block]:
    """Paragraphs and tables, in order."""
    rows: list[list[str]] = []
    for cells in _rows(text, mark):
        said = _prose(cells, mark)
        if said is None:
            rows.append(cells)
            continue
        if rows:
            yield _grid(rows)
            rows = []
        yield said
    if rows:
        yield _grid(rows)


def _grid(rows: list[list[str]]) -> Grid:
    return placed([[(cell, 1, 1) for cell in cells] for cells in rows])


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    """Quotes hold a cell with lines of its own together; one that is never closed does not swallow the rest."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    try:
        found = list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        found = []
    if not found or any(cell.count("\n") > _LINES_IN_CELL for row in found for cell in row):
        found = [line.rstrip("\r\n").split(mark) for line in lines]
    for row in found:
        yield [cell.strip() for cell in _whole(row, mark)]


def _whole(cells: Iterable[str], mark: str) -> Iterator[str]:
    """Cells of which a bracket was cut open by a mark within it, whole again."""
    held: list[str] = []
    open_ones = 0
    for cell in cells:
        held.append(cell)
        open_ones += len(_OPEN.findall(cell)) - len(_CLOSED.findall(cell))
        if open_ones <= 0:
            yield mark.join(held)
            held, open_ones = [], 0
    yield from held


def _prose(cells: list[str], mark: str) -> str | None:
    """What a line says that is no row of a table; None for a row."""
    filled = [cell for cell in cells if cell]
    if len(cells) > 1 and any(map(looks_like_value, filled)):
        return None
    long = any("。" in cell or len(cell) > _PROSE for cell in filled)
    return mark.join(cells).rstrip(mark) if long or len(cells) == 1 or not filled else None
