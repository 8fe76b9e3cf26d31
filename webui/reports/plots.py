"""Where the bars of a figure stand: plain numbers for the picture that the page draws.

Bars lie, so that a phone shows the words beside them at full size; every bar ends in its number.
"""

from dataclasses import dataclass

from workflow.report.tables.figures import Figure

WIDTH = 360
BAR, GAP, TOP, BOTTOM = 13, 9, 6, 8
LETTER = 13
"""Width of a Chinese character in the picture; others take a little more than half."""
NUMBER_ROOM = 46


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with the number at its end. series: from 0."""

    x: float
    y: float
    width: float
    series: int
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure laid out. labels: words of a category and the middle of its bars. mark: height and
    words of a line across."""

    figure: Figure
    height: float
    left: float
    bars: tuple[Bar, ...]
    labels: tuple[tuple[str, float], ...]
    mark: tuple[float, str] | None

    @property
    def width(self) -> int:
        return WIDTH


def plot_of(figure: Figure) -> Plot:
    left = 8 + max((_wide(category) for category in figure.categories), default=0)
    room = WIDTH - left - NUMBER_ROOM
    scale = room / max(1, figure.largest())
    step = BAR * len(figure.series) + GAP
    marked = figure.mark[0] if figure.mark else None
    bars, labels, mark = [], [], None
    y = float(TOP)
    for place, category in enumerate(figure.categories):
        if figure.mark and place == marked:
            mark = (y + 5, figure.mark[1])
            y += 20
        labels.append((category, y + (step - GAP) / 2))
        for number, one in enumerate(figure.series):
            value = one.values[place]
            label = f"{category}，{one.label}：{value}"
            bars.append(Bar(left, y + number * BAR, round(value * scale, 1), number, value, label))
        y += step
    if figure.mark and marked == len(figure.categories):
        mark = (y + 5, figure.mark[1])
        y += 20
    return Plot(figure, y - GAP + BOTTOM, left, tuple(bars), tuple(labels), mark)


def _wide(text: str) -> float:
    return sum(LETTER if ord(char) > 0x2E80 else LETTER * 0.6 for char in text)
