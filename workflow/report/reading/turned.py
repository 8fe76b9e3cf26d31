"""Pages that lie on their side, or upside down: turned until their letters stand."""

from collections import Counter
from collections.abc import Iterable

from workflow.report.reading.ruled import Glyph, Rule

Matrix = tuple[float, float, float, float, float, float]


def quarter(matrix: Matrix) -> int | None:
    """How far a letter is turned, in quarters against the clock; None for one that runs along no edge of the page."""
    along, up = matrix[0], matrix[1]
    if min(abs(along), abs(up)) > max(abs(along), abs(up)) / 10:
        return None
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 2
    return 1 if up > 0 else 3


def most(quarters: Counter[int]) -> int:
    """How far the page is turned: as most of its letters are."""
    return max(quarters, key=lambda one: (quarters[one], -one), default=0)


class Turned:
    """A page turned back by so many quarters. width and height: of the page as it lies."""

    def __init__(self, quarters: int, width: float, height: float) -> None:
        self.quarters = quarters
        self.width, self.height = width, height

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the page is when it stands."""
        return (
            (x, y),
            (y, self.width - x),
            (self.width - x, self.height - y),
            (self.height - y, x),
        )[self.quarters]

    def glyph(self, one: Glyph) -> Glyph:
        xs, ys = zip(self.point(one.x0, one.y0), self.point(one.x1, one.y1), strict=True)
        return Glyph(one.text, min(xs), min(ys), max(xs), max(ys))

    def rules(self, flat: Iterable[Rule], upright: Iterable[Rule]) -> tuple[list[Rule], list[Rule]]:
        """Lines across and lines down, each of which may have become the other."""
        ends = [((one.start, one.place), (one.end, one.place)) for one in flat]
        ends += [((one.place, one.start), (one.place, one.end)) for one in upright]
        found: tuple[list[Rule], list[Rule]] = ([], [])
        for first, last in ends:
            (x0, y0), (x1, y1) = self.point(*first), self.point(*last)
            if y0 == y1:
                found[0].append(Rule(y0, min(x0, x1), max(x0, x1)))
            else:
                found[1].append(Rule(x0, min(y0, y1), max(y0, y1)))
        return found
