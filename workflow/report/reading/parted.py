"""Rows and headings that the end of a page parts: the label begun below, the rest of it on top of the next page. Put
together again where their words make a label of the tables."""

from collections.abc import Iterable, Iterator, Sequence

from workflow.report.reading.labels import GROUP, HEADING, LabelBook, wording
from workflow.report.reading.numbers import looks_like_value
from workflow.report.reading.paper import Block, Cell, Grid

RUNNING_MOST = 200
"""Characters that papers print at the foot of a page and the head of the next."""

Place = tuple[int, int]
"""The row of a grid in which a cell begins, and its place in it."""


def with_whole_rows(blocks: Iterable[Block], book: LabelBook) -> Iterator[Block]:
    """The same blocks, in which no table of a paper is parted within a row. Other files have no pages."""
    held: Grid | None = None
    between: list[Block] = []
    for block in blocks:
        if isinstance(block, Grid):
            if held is not None and block.page == held.page + 1 and _running(between):
                held, block = _joined(held, block, book)
            if held is not None:
                yield held
            yield from between
            held, between = (block, []) if block.page else (None, [])
            if held is None:
                yield block
        elif held is None:
            yield block
        else:
            between.append(block)
    if held is not None:
        yield held
    yield from between


def _running(between: Sequence[Block]) -> bool:
    return sum(len(one) for one in between if isinstance(one, str)) <= RUNNING_MOST


def _joined(above: Grid, below: Grid, book: LabelBook) -> tuple[Grid, Grid]:
    """Both parts, with what was parted whole in the upper one."""
    first = _heads(below, book)
    if not above.rows or first >= len(below.rows):
        return above, below
    last, rest = len(above.rows) - 1, below.rows[first]
    ending = {
        (cell.column, cell.columns): (row, place)
        for row, cells in enumerate(above.rows)
        for place, cell in enumerate(cells)
        if row + cell.rows - 1 == last
    }
    pairs = {
        place: ending[cell.column, cell.columns]
        for place, cell in enumerate(rest)
        if (cell.column, cell.columns) in ending
    }
    upper = {place: above.rows[row][at].text.strip() for place, (row, at) in pairs.items()}
    lower = {place: rest[place].text.strip() for place in pairs}
    parted = {place for place in pairs if _is_parted(upper[place], lower[place], book)}
    # The heading of a group goes on over whole rows; the label of a row, or a head, ends with it.
    own = [place for place in pairs if pairs[place][0] == last]
    if any(place in parted for place in own) or _halves(
        [upper[place] for place in own], [lower[place] for place in own], book
    ):
        whole = len(pairs) == len(rest) and not any(
            upper[place] and lower[place] for place in pairs if place not in parted
        )
        if whole:
            texts = {pairs[place]: upper[place] + lower[place] for place in pairs}
            rows = below.rows[:first] + below.rows[first + 1 :]
            return _with(above, texts), Grid(rows, below.name, below.page)
    above = _with(above, {pairs[place]: upper[place] + lower[place] for place in parted})
    return above, _with(below, {(first, place): "" for place in parted})


def _heads(grid: Grid, book: LabelBook) -> int:
    """How many rows on top of it are heads that a program prints again on every page."""
    for number, row in enumerate(grid.rows):
        found = [book.above.match(cell.text.strip()) for cell in row if cell.text.strip()]
        # The rest of a label alone may be that of a head: 3.其他.
        if len(found) < 2 or not all(one is not None and one.exact for one in found):
            return number
    return len(grid.rows)


def _halves(upper: Sequence[str], lower: Sequence[str], book: LabelBook) -> bool:
    """The label of a row stands on one page, all of its numbers on the other."""
    for label, numbers in ((upper, lower), (lower, upper)):
        filled = [text for text in label if text]
        if (
            any(map(looks_like_value, numbers))
            and filled
            and not any(map(looks_like_value, filled))
            and _names_row(filled[-1], book)
            and not any(_names_row(text, book) for text in numbers)
        ):
            return True
    return False


def _names_row(text: str, book: LabelBook) -> bool:
    side = book.side.match(text)
    if side is not None and not side.key.startswith((GROUP, HEADING)):
        return True
    return book.items.match(text) is not None


def _is_parted(upper: str, lower: str, book: LabelBook) -> bool:
    """Neither is a number or a label, and both together are one."""
    if not upper or not lower or looks_like_value(upper) or looks_like_value(lower):
        return False
    official = book.side.official
    if wording(upper + lower) in official:
        return True
    every = (book.side, book.items, book.above, book.cells, book.blocks)
    return any(labels.match(upper + lower) for labels in every) and not any(
        labels.match(lower) for labels in every
    )


def _with(grid: Grid, texts: dict[Place, str]) -> Grid:
    if not texts:
        return grid
    rows = [list(row) for row in grid.rows]
    for (row, place), text in texts.items():
        rows[row][place] = _saying(rows[row][place], text)
    return Grid(tuple(map(tuple, rows)), grid.name, grid.page)


def _saying(cell: Cell, text: str) -> Cell:
    return cell._replace(text=text)
