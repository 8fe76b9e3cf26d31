"""What every kind of file is turned into before its tables are looked for: lines and grids in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workflow.report.annual import Oddity

CELLS_MOST = 40_000
SPAN_MOST = 500
TEXT_MOST = 4_000_000
"""Characters; a report has some ten thousand."""


class Unreadable(ValueError):
    """A file that cannot be read as an annual report; the message is one line for people."""


class TooLong(Unreadable):
    """Far more text than any report has."""

    def __init__(self) -> None:
        super().__init__("文字太多，不像年度报告")


class Cell(NamedTuple):
    """A cell where it begins: its first column, how many columns and rows it covers. wrong: why what stands
    there cannot be read, for one whose text says nothing of it."""

    text: str
    column: int
    columns: int = 1
    rows: int = 1
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: for each row the cells that begin in it. Cells under a merged one are not there. page: on which page
    of a paper it stands, 0 in a file without pages."""

    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    page: int = 0


Block = str | Grid | Oddity
"""A paragraph, a table, or what could not be read at its place."""


def placed(rows: Iterable[Sequence[tuple[str, int, int]]]) -> Grid:
    """A grid of (text, columns, rows) in the order of HTML: each stands in the first free column.

    Raises Unreadable for a table with far more cells than any report has.
    """
    taken: dict[int, int] = {}
    found: list[tuple[Cell, ...]] = []
    count = reach = 0  # below the row `reach` no cell goes down
    for number, cells in enumerate(rows):
        column, begun = 0, []
        for text, columns, down in cells:
            if reach > number:
                while taken.get(column, 0) > number:
                    column += 1
            if columns != 1 or down != 1:
                columns, down = min(max(columns, 1), SPAN_MOST), min(max(down, 1), SPAN_MOST)
            begun.append(Cell(text, column, columns, down))
            if down > 1:
                reach = max(reach, number + down)
                for covered in range(column, column + columns):
                    taken[covered] = number + down
            column += columns
            count += columns
            if count > CELLS_MOST:
                raise Unreadable("表格太大，不像年度报告")
        found.append(tuple(begun))
    return Grid(tuple(found))
