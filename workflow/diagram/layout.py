"""Where everything stands in the picture: boxes in three columns, arrows on tracks between them.

The main line goes down the middle. An arrow to the next box below is drawn straight; every other
arrow leaves its box sideways, takes a track of its own in the channel between two columns, and enters
its target sideways. Events with one name and one target share a track. Lengths are in pixels.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from workflow.case.machine import START
from workflow.diagram.graph import Arrow, Graph

MAIN_WIDTH, SIDE_WIDTH = 252, 136
PORT, GAP, TRACK, MARGIN = 26, 48, 13, 20
LABEL_SIZE, SMALL_SIZE, NAME_SIZE = 13, 12.5, 17
SMALL_LINE = 18


@dataclass
class Box:
    """A state: left upper corner, size, and the small lines under its name."""

    state: str
    column: str
    w: float
    h: float
    small: list[str]
    x: float = 0
    y: float = 0

    @property
    def middle(self) -> float:
        return self.y + self.h / 2


@dataclass(frozen=True)
class Line:
    """An arrow as drawn: its points, and its label with the place where it is anchored."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: str
    label_at: tuple[float, float]
    anchor: str


@dataclass
class Picture:
    width: float
    height: float
    boxes: dict[str, Box]
    lines: list[Line]


@dataclass
class _Bundle:
    """Arrows with one label, one target and one channel."""

    channel: str
    target: str
    label: str
    sources: list[str] = field(default_factory=list)

    @property
    def ends(self) -> list[str]:
        return [*self.sources, self.target]


# Per channel: the column whose boxes look into it from the left, and from the right.
CHANNELS = {
    "outer left": (None, "left"),
    "left": ("left", "main"),
    "right": ("main", "right"),
    "outer right": ("right", None),
}


def text_width(text: str, size: float) -> float:
    """Chinese characters are as wide as they are high; others about half."""
    return sum(size if ord(char) > 0x2000 else size * 0.56 for char in text)


def wrapped(parts: Sequence[str], width: float, size: float, joint: str = "、") -> list[str]:
    """The parts in lines that are not wider than the width, broken between parts."""
    lines: list[str] = []
    for index, part in enumerate(parts):
        piece = part + (joint if index < len(parts) - 1 else "")
        if lines and text_width(lines[-1] + piece, size) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def lay_out(graph: Graph) -> Picture:
    """Place the boxes and lead the arrows."""
    return _Layout(graph).picture()


class _Layout:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns = {
            "main": list(graph.main),
            "left": self._by_neighbours(graph.left),
            "right": self._by_neighbours(graph.right),
        }
        self.column = {state: name for name, states in self.columns.items() for state in states}
        self.straight: list[Arrow] = []
        self.told: dict[str, list[str]] = defaultdict(list)
        self.bundles: list[_Bundle] = []
        for arrow in graph.arrows:
            self._sort(arrow)
        self.boxes = {state: self._box(state) for state in self.column}
        self._stack()
        self.ports = self._ports()
        for name in ("left", "right"):
            self._level_out(name)
        self.tracks = {name: self._tracks(name) for name in CHANNELS}
        self._columns_across()

    # -- which way an arrow takes -----------------------------------------------------------------

    def _by_neighbours(self, states: Sequence[str]) -> list[str]:
        """Beside the main states that they are joined to; what is joined to none comes last."""
        return sorted(states, key=self._rank)

    def _rank(self, state: str) -> float:
        ends = [(arrow.source, arrow.target) for arrow in self.graph.arrows]
        joined = [a if b == state else b for a, b in ends if state in (a, b)]
        ranks = [self.graph.main.index(other) for other in joined if other in self.graph.main]
        return sum(ranks) / len(ranks) if ranks else len(self.graph.main) - 1

    def _sort(self, arrow: Arrow) -> None:
        here, there = self.column[arrow.source], self.column[arrow.target]
        if here == there:
            order = self.columns[here]
            ahead = order.index(arrow.target) - order.index(arrow.source)
            if ahead == 1:
                self.straight.append(arrow)
                return
            channel = f"outer {here}" if here != "main" else ("left" if ahead > 0 else "right")
        elif "main" in (here, there):
            channel = here if there == "main" else there
        else:
            target = self.graph.label(arrow.target)
            self.told[arrow.source].append(f"{arrow.label} → {target}")
            return
        for bundle in self.bundles:
            if (bundle.channel, bundle.target, bundle.label) == (
                channel,
                arrow.target,
                arrow.label,
            ):
                bundle.sources.append(arrow.source)
                return
        self.bundles.append(_Bundle(channel, arrow.target, arrow.label, [arrow.source]))

    # -- boxes ------------------------------------------------------------------------------------

    def _box(self, state: str) -> Box:
        column = self.column[state]
        width: float = MAIN_WIDTH if column == "main" else SIDE_WIDTH
        small = wrapped(self.graph.within.get(state, ()), width - 28, SMALL_SIZE)
        small += self.told[state]
        for row in self.graph.everywhere:
            if row.to == state:
                small.append(f"也可由“{row.label}”到此")
        width = max([width, *(text_width(line, SMALL_SIZE) + 28 for line in small)])
        if state == START:
            return Box(state, column, 76, 32, small)
        ends = max(
            sum(
                (state in bundle.sources) + (state == bundle.target)
                for bundle in self.bundles
                if bundle.channel in channels
            )
            for channels in _sides(column)
        )
        text = 46 + len(small) * SMALL_LINE + (6 if small else 0)
        return Box(state, column, width, max(text, ends * PORT + 10), small)

    def _stack(self) -> None:
        y: float = MARGIN
        for state in self.columns["main"]:
            box = self.boxes[state]
            box.y, y = y, y + box.h + GAP
        for name in ("left", "right"):
            floor: float = MARGIN
            for state in self.columns[name]:
                box = self.boxes[state]
                wanted = self._height_of_rank(self._rank(state)) - box.h / 2
                box.y = max(wanted, floor)
                floor = box.y + box.h + GAP

    def _height_of_rank(self, rank: float) -> float:
        middles = [self.boxes[state].middle for state in self.columns["main"]]
        low = int(rank)
        high = min(low + 1, len(middles) - 1)
        return middles[low] + (middles[high] - middles[low]) * (rank - low)

    # -- ports ------------------------------------------------------------------------------------

    def _ports(self) -> dict[tuple[int, str], float]:
        """Height at which each end of a bundle touches its box."""
        found: dict[tuple[int, str], float] = {}
        for state, box in self.boxes.items():
            for channels in _sides(box.column):
                ends = [
                    (self._port_order(bundle, state), index)
                    for index, bundle in enumerate(self.bundles)
                    if bundle.channel in channels and state in bundle.ends
                ]
                top = box.middle - (len(ends) - 1) * PORT / 2
                for place, (_, index) in enumerate(sorted(ends)):
                    found[(index, state)] = top + place * PORT
        return found

    def _port_order(self, bundle: _Bundle, state: str) -> tuple[int, float, float]:
        """From top to bottom: loops to boxes above, near ones first; arrows to the other column by
        height; loops to boxes below, far ones first. So loops lie within each other. Where two are
        equal, the one whose other ends lie higher comes first."""
        others = [bundle.target] if state in bundle.sources else bundle.sources
        here = self.boxes[state]
        middle = sum(self.boxes[other].middle for other in others) / len(others)
        whole = sum(self.boxes[end].middle for end in bundle.ends) / len(bundle.ends)
        if self.column[others[0]] != here.column:
            return 1, middle, whole
        if middle < here.middle:
            return 0, here.middle - middle, whole
        return 2, here.middle - middle, whole

    def _level_out(self, column: str) -> None:
        """Move the boxes of a side column a little, so that more of their arrows need no turn."""
        order = self.columns[column]
        for place, state in enumerate(order):
            box = self.boxes[state]
            above = self.boxes[order[place - 1]] if place else None
            below = self.boxes[order[place + 1]] if place + 1 < len(order) else None
            low = above.y + above.h + GAP / 2 if above else MARGIN
            high = (below.y - GAP / 2 if below else float("inf")) - box.h
            shifts = [
                self.ports[(index, other)] - self.ports[(index, state)]
                for index, bundle in enumerate(self.bundles)
                if state in bundle.ends and len(bundle.sources) == 1
                for other in bundle.ends
                if self.column[other] != column
            ]
            near = [one for one in shifts if abs(one) < 2 * PORT and low <= box.y + one <= high]
            if not near:
                continue
            best = max(near, key=lambda one: (sum(abs(one - x) < 1 for x in near), -abs(one)))
            box.y += best
            for key in self.ports:
                if key[1] == state:
                    self.ports[key] += best

    # -- tracks -----------------------------------------------------------------------------------

    def _tracks(self, channel: str) -> list[int]:
        """The bundles that need a track, from the left one to the right one, with few crossings."""
        order = [
            index
            for index, bundle in enumerate(self.bundles)
            if bundle.channel == channel and not self._level(index)
        ]
        order.sort(key=lambda index: self._reach(index)[1] - self._reach(index)[0])
        best, better = self._crossings(channel, order), True
        while better:
            better = False
            for i in range(len(order)):
                for j in range(i + 1, len(order)):
                    order[i], order[j] = order[j], order[i]
                    cost = self._crossings(channel, order)
                    if cost < best:
                        best, better = cost, True
                    else:
                        order[i], order[j] = order[j], order[i]
        return order

    def _level(self, index: int) -> bool:
        """True for an arrow that needs no turn."""
        bundle = self.bundles[index]
        columns = {self.column[state] for state in bundle.ends}
        low, high = self._reach(index)
        return len(columns) == 2 and high - low < 1

    def _reach(self, index: int) -> tuple[float, float]:
        heights = [self.ports[(index, state)] for state in self.bundles[index].ends]
        return min(heights), max(heights)

    def _crossings(self, channel: str, order: list[int]) -> int:
        """How often the arrows of a channel cross if the tracks stand in this order."""
        before = CHANNELS[channel][0]
        flat: list[tuple[int, float, int, int]] = []
        for index, bundle in enumerate(self.bundles):
            if bundle.channel != channel:
                continue
            if index not in order:
                flat.append((index, self._reach(index)[0], -1, len(order)))
                continue
            track = order.index(index)
            for state in bundle.ends:
                span = (-1, track) if self.column[state] == before else (track, len(order))
                flat.append((index, self.ports[(index, state)], *span))
        count = 0
        for place, index in enumerate(order):
            low, high = self._reach(index)
            for other, height, start, end in flat:
                if other != index and start < place < end and low - 6 < height < high + 6:
                    count += 1
        for a, (one, height, start, end) in enumerate(flat):
            for other, beside, begin, stop in flat[a + 1 :]:
                if one != other and abs(height - beside) < 8 and start < stop and begin < end:
                    count += 4
        return count

    # -- across -----------------------------------------------------------------------------------

    def _columns_across(self) -> None:
        """The x of columns and tracks, from left to right."""
        self.track_at: dict[int, float] = {}
        x: float = MARGIN
        for channel, (before, after) in CHANNELS.items():
            used = any(bundle.channel == channel for bundle in self.bundles)
            if used:
                start = x
                x += self._label_zone(channel, before)
                for index in self.tracks[channel]:
                    self.track_at[index] = x
                    x += TRACK
                x += self._label_zone(channel, after) - (TRACK if self.tracks[channel] else 0)
                x = max(x, start + self._level_room(channel))
            elif before and after and self.columns[before] and self.columns[after]:
                x += GAP
            if after:
                width = max((self.boxes[state].w for state in self.columns[after]), default=0)
                for state in self.columns[after]:
                    box = self.boxes[state]
                    box.x = x + (width - box.w) / 2
                x += width
        self.width = x + MARGIN

    def _label_zone(self, channel: str, column: str | None) -> float:
        """Room beside the boxes of a column for the labels of the arrows that leave them."""
        if column is None:
            return TRACK / 2
        widths = [
            text_width(bundle.label, LABEL_SIZE)
            for index, bundle in enumerate(self.bundles)
            if bundle.channel == channel
            and any(self.column[state] == column for state in bundle.sources)
            and (index in self.tracks[channel] or self._is_crossed(index))
        ]
        return max(widths, default=6) + 18

    def _is_crossed(self, level: int) -> bool:
        """True if a track of the channel runs across this level arrow or its label."""
        height = self._reach(level)[0]
        return any(
            low - LABEL_SIZE < height < high + 2 * LABEL_SIZE
            for low, high in map(self._reach, self.tracks[self.bundles[level].channel])
        )

    def _level_room(self, channel: str) -> float:
        """Room for the label of an arrow that goes straight across the channel."""
        widths = [
            text_width(bundle.label, LABEL_SIZE)
            for index, bundle in enumerate(self.bundles)
            if bundle.channel == channel and index not in self.tracks[channel]
        ]
        return max(widths, default=0) + 36

    # -- lines ------------------------------------------------------------------------------------

    def picture(self) -> Picture:
        lines = [self._straight_line(arrow) for arrow in self.straight]
        for index, bundle in enumerate(self.bundles):
            lines += [self._track_line(index, bundle, source) for source in bundle.sources]
        height = max(box.y + box.h for box in self.boxes.values()) + MARGIN
        return Picture(self.width, height, self.boxes, lines)

    def _straight_line(self, arrow: Arrow) -> Line:
        above, below = self.boxes[arrow.source], self.boxes[arrow.target]
        x = above.x + above.w / 2
        start, end = above.y + above.h, below.y
        place = (x + 9, start + GAP / 2 + 3)
        return Line(arrow.source, arrow.target, ((x, start), (x, end)), arrow.label, place, "start")

    def _track_line(self, index: int, bundle: _Bundle, source: str) -> Line:
        start, way = self._touch(index, source)
        end, _ = self._touch(index, bundle.target)
        points = [start, end]
        if index in self.track_at:
            x = self.track_at[index]
            points = [start, (x, start[1]), (x, end[1]), end]
        place = (start[0] + way * 9, start[1] - 5)
        anchor = "start" if way > 0 else "end"
        return Line(source, bundle.target, tuple(points), bundle.label, place, anchor)

    def _touch(self, index: int, state: str) -> tuple[tuple[float, float], int]:
        """Where the arrow touches the box, and 1 if it leaves to the right, -1 to the left."""
        box = self.boxes[state]
        way = 1 if CHANNELS[self.bundles[index].channel][0] == box.column else -1
        return (box.x + (box.w if way > 0 else 0), self.ports[(index, state)]), way


def _sides(column: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The channels on the left and on the right of a column."""
    return (
        tuple(name for name, (_, after) in CHANNELS.items() if after == column),
        tuple(name for name, (before, _) in CHANNELS.items() if before == column),
    )
