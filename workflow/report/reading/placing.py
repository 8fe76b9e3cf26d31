"""Which cell of a row stands in which column, and which column a head means."""

from collections.abc import Mapping, Sequence

from config.law import Table2Block, TableFormats
from workflow.report.reading.labels import alike, official_item, official_wording
from workflow.report.reading.numbers import is_plain, number
from workflow.report.reading.paper import Cell

Row = Sequence[Cell]


def filled_cells(row: Row) -> list[Cell]:
    return [cell for cell in row if cell.text and not cell.text.isspace()]


def plain_number(cell: Cell | None) -> int | None:
    """The number of a cell of few digits alone; None for any other, and for no cell."""
    if cell is None or cell.wrong or not is_plain(cell.text):
        return None
    return int(cell.text)


def likeness(one: str, other: str) -> float:
    """How much the wording of a printed head is that of the official one; a beginning of it (本年新) is nearly
    that."""
    if len(one) >= 3 and other.startswith(one):
        return max(0.8, alike(one, other))
    return alike(one, other)


def block_headed(
    heads: Sequence[str], formats: TableFormats, article: str
) -> tuple[float, str, Table2Block] | None:
    """The block of table 二 whose heads are most like these wordings: how much (0 to 1), its format, itself.
    article: of its title, where one stood above; None where no block has so many heads."""
    possible = [
        (fmt, block, [official_wording(label) for label in block.fields.values()])
        for fmt, blocks in formats.table2.items()
        for block in blocks
        if len(block.fields) == len(heads)
        and (not article or official_item(block.title) == article)
    ]
    for fmt, block, labels in possible:
        if labels == heads:
            return 1.0, fmt, block
    scored = [
        (sum(map(likeness, heads, labels)) / len(heads), fmt, block)
        for fmt, block, labels in possible
    ]
    return max(scored, key=lambda one: one[0], default=None)


def places_of(
    values: Row, columns: Mapping[int, str], keys: tuple[str, ...]
) -> dict[str, Cell] | None:
    """Which cell stands in which column; None where blanks were pressed out or cells are too many."""
    filled = filled_cells(values)
    if set(columns.values()) == set(keys) and all(cell.column in columns for cell in filled):
        return {columns[cell.column]: cell for cell in values if cell.column in columns}
    if len(values) == len(keys):
        return dict(zip(keys, values, strict=True))
    if len(filled) == len(keys):
        return dict(zip(keys, filled, strict=True))
    first = values[: len(keys)]
    if len(values) > len(keys) and len(filled_cells(first)) == len(filled):
        holes = len(filled) and values.index(filled[-1]) >= len(filled)
        if holes or not filled:
            return dict(zip(keys, first, strict=True))
    return None


def columns_of4(heads: Sequence[tuple[Cell, str]], formats: TableFormats) -> dict[int, str]:
    """Column → block/cell of table 四, where its heads stand in columns of their own."""
    size = len(formats.cells)
    heads = sorted(heads, key=lambda one: one[0].column)
    if len({cell.column for cell, _ in heads}) != size * len(formats.blocks):
        return {}
    found: dict[int, str] = {}
    for place, block in enumerate(formats.blocks):
        part = heads[place * size : (place + 1) * size]
        if {key for _, key in part} != set(formats.cells):
            return {}
        found.update({cell.column: f"{block}/{key}" for cell, key in part})
    return found


def pressed4(values: Row, names: tuple[str, ...]) -> dict[str, Cell] | None:
    """Which cell of table 四 stands in which column where blanks were pressed out and all numbers are 0."""
    filled = filled_cells(values)
    if len(filled) > len(names) or any(number(cell.text).value for cell in filled):
        return None
    totals = [name for name in names if name.endswith("/total")]
    return dict(zip(totals if len(filled) == len(totals) else names, filled, strict=False))
