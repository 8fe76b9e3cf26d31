"""Which cell of a row stands in which column, and which column a head means."""

from collections.abc import Mapping, Sequence

from workflow.report.reading.labels import alike, wording
from workflow.report.reading.paper import Cell

Row = Sequence[Cell]


def filled_cells(row: Row) -> list[Cell]:
    return [cell for cell in row if cell.text.strip()]


def likeness(text: str, label: str) -> float:
    """How much a printed head is the official one; a beginning of it (本年新) is nearly that."""
    one, other = wording(text), wording(label)
    if len(one) >= 3 and other.startswith(one):
        return max(0.8, alike(one, other))
    return alike(one, other)


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
