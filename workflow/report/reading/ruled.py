"""Tables drawn with lines: cells by the rules around them, merged ones where rules are missing between them."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workflow.report.reading.paper import CELLS_MOST, Cell, Grid

NEAR = 3.0
"""Points within which two rules are one, and within which they touch."""
_OPEN = 6.0
"""Points that walls go beyond the last floor where a row stands there; less is their own thickness."""
_CELLS_LEAST = 2
_CROSSINGS_MOST = 400_000


class TooManyRules(ValueError):
    """A page with more lines on it than any table has."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and the box around it, in points from the lower left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis: where it stands on the other, where it begins and ends."""

    place: float
    start: float
    end: float


@dataclass
class Frame:
    """A table as drawn. xs: the edges of its columns from the left; ys: of its rows from the top. areas: for
    every place of the lattice the number of its cell; boxes: first and last row and column of each cell."""

    xs: list[float]
    ys: list[float]
    areas: list[list[int]]
    boxes: list[tuple[int, int, int, int]]
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)

    @property
    def top(self) -> float:
        return self.ys[0]

    def takes(self, glyph: Glyph, at: Glyph | None = None) -> bool:
        """Put a character into its cell, or into that of another (at), if it stands in the table."""
        x, y = (at or glyph).middle
        column = _between(self.xs, x)
        row = _between([-edge for edge in self.ys], -y)
        if column is None or row is None:
            return False
        self.glyphs.setdefault(self.areas[row][column], []).append(glyph)
        return True

    def grid(self, columns: Sequence[float], page: int) -> Grid:
        """The table with its columns counted among the edges of all tables that are as wide."""
        rows: list[list[Cell]] = [[] for _ in self.ys[1:]]
        for number, (top, bottom, left, right) in enumerate(self.boxes):
            first, last = _nearest(columns, self.xs[left]), _nearest(columns, self.xs[right + 1])
            text = "\n".join(text for text, _ in lines_of(self.glyphs.get(number, ())))
            rows[top].append(Cell(text, first, max(1, last - first), bottom - top + 1))
        ordered = (tuple(sorted(row, key=lambda cell: cell.column)) for row in rows)
        return Grid(tuple(ordered), page=page)


def frames_of(flat: Iterable[Rule], upright: Iterable[Rule]) -> list[Frame]:
    """The tables of a page, from its top. Raises TooManyRules."""
    across, down = _joined(flat), _joined(upright)
    if len(across) * len(down) > _CROSSINGS_MOST:
        raise TooManyRules
    frames = [frame for group in _touching(across, down) if (frame := _frame(*group)) is not None]
    return sorted(frames, key=lambda frame: -frame.top)


def shared_columns(frames: Iterable[Frame]) -> list[tuple[Frame, list[float]]]:
    """Each table with the edges of all tables between the same two borders: one that goes on over pages counts
    its columns everywhere alike."""
    groups: list[list[Frame]] = []
    for frame in frames:
        for group in groups:
            first = group[0].xs
            if abs(first[0] - frame.xs[0]) < 2 * NEAR and abs(first[-1] - frame.xs[-1]) < 2 * NEAR:
                group.append(frame)
                break
        else:
            groups.append([frame])
    return [
        (frame, columns)
        for group in groups
        for columns in [_apart([x for frame in group for x in frame.xs])]
        for frame in group
    ]


def lines_of(glyphs: Iterable[Glyph]) -> list[tuple[str, Glyph]]:
    """Characters as lines from above, each with the box around it."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (-one.middle[1], one.x0)):
        height = glyph.y1 - glyph.y0
        if lines and abs(lines[-1][0].middle[1] - glyph.middle[1]) < max(height, 4) / 2:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return [_line(sorted(line, key=lambda one: one.x0)) for line in lines]


def _line(glyphs: list[Glyph]) -> tuple[str, Glyph]:
    said = [glyphs[0].text]
    for before, glyph in itertools.pairwise(glyphs):
        size = max(before.y1 - before.y0, 4)
        gap = glyph.x0 - before.x1
        said.append(("  " if gap > 2 * size else " " if gap > size / 2 else "") + glyph.text)
    bottom, top = min(one.y0 for one in glyphs), max(one.y1 for one in glyphs)
    text = "".join(said)
    return text, Glyph(text, glyphs[0].x0, bottom, max(one.x1 for one in glyphs), top)


# -- rules --------------------------------------------------------------------------------------------


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules in one line that touch are one: cells often bring their own pieces of it."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda one: one.place):
        if lines and rule.place - lines[-1][0].place < NEAR:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    found: list[Rule] = []
    for line in lines:
        place = sum(one.place for one in line) / len(line)
        held: Rule | None = None
        for rule in sorted(line, key=lambda one: one.start):
            if held is not None and rule.start <= held.end + NEAR:
                held = Rule(place, held.start, max(held.end, rule.end))
                continue
            if held is not None:
                found.append(held)
            held = Rule(place, rule.start, rule.end)
        if held is not None:
            found.append(held)
    return found


def _touching(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross or touch each other, each group by itself."""
    parent = list(range(len(across) + len(down)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for number, flat in enumerate(across):
        for other, upright in enumerate(down, len(across)):
            if (
                flat.start - NEAR <= upright.place <= flat.end + NEAR
                and upright.start - NEAR <= flat.place <= upright.end + NEAR
            ):
                parent[root(other)] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate((*across, *down)):
        group = groups.setdefault(root(number), ([], []))
        group[number >= len(across)].append(rule)
    return [group for group in groups.values() if len(group[0]) >= 2 and group[1]]


def _frame(across: list[Rule], down: list[Rule]) -> Frame | None:
    """The lattice of a group of rules; None for what is a box or a cross and no table."""
    # A table may be open at its sides, and where a page ends within a row.
    sides = [min(one.start for one in across), max(one.end for one in across)]
    xs = _apart([*(one.place for one in down), *sides])
    ys = _apart([*(one.place for one in across), *_open_ends(across, down)])[::-1]
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width > CELLS_MOST:
        return None
    walls = [[rule for rule in down if abs(rule.place - x) < NEAR] for x in xs]
    floors = [[rule for rule in across if abs(rule.place - y) < NEAR] for y in ys]
    areas = [[-1] * width for _ in range(height)]
    boxes: list[tuple[int, int, int, int]] = []
    for row in range(height):
        for column in range(width):
            if areas[row][column] < 0:
                boxes.append(_fill(areas, row, column, len(boxes), xs, ys, walls, floors))
    return Frame(xs, ys, areas, boxes) if len(boxes) >= _CELLS_LEAST else None


def _open_ends(across: list[Rule], down: list[Rule]) -> list[float]:
    """How far the walls go beyond the last floor, above and below, where most of them do and by as much."""
    lowest, highest = across[0].place, across[-1].place
    found: list[float] = []
    for ends in (
        [one.start for one in down if one.start < lowest - _OPEN],
        [one.end for one in down if one.end > highest + _OPEN],
    ):
        if len(ends) >= 2 and max(ends) - min(ends) < NEAR and 2 * len(ends) > len(down):
            found.append(sum(ends) / len(ends))
    return found


def _fill(
    areas: list[list[int]],
    row: int,
    column: int,
    number: int,
    xs: list[float],
    ys: list[float],
    walls: list[list[Rule]],
    floors: list[list[Rule]],
) -> tuple[int, int, int, int]:
    """Mark every place that no rule parts from this one."""
    top = bottom = row
    left = right = column
    areas[row][column] = number
    waiting = [(row, column)]
    while waiting:
        line, place = waiting.pop()
        top, bottom, left, right = (
            min(top, line),
            max(bottom, line),
            min(left, place),
            max(right, place),
        )
        x, y = (xs[place] + xs[place + 1]) / 2, (ys[line] + ys[line + 1]) / 2
        for down, along, wall, at in (
            (0, 1, walls[place + 1], y),
            (0, -1, walls[place], y),
            (1, 0, floors[line + 1], x),
            (-1, 0, floors[line], x),
        ):
            beside = line + down, place + along
            if not (0 <= beside[0] < len(areas) and 0 <= beside[1] < len(areas[0])):
                continue
            if areas[beside[0]][beside[1]] < 0 and not any(r.start <= at <= r.end for r in wall):
                areas[beside[0]][beside[1]] = number
                waiting.append(beside)
    return top, bottom, left, right


def _apart(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return found


def _between(edges: Sequence[float], place: float) -> int | None:
    """Between which two edges a place lies."""
    if not edges[0] <= place <= edges[-1]:
        return None
    return next(number for number, edge in enumerate(edges[1:]) if place <= edge)


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - place))
