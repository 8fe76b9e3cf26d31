"""Which causes a difference has: the simplest explanation of each independent part, where it is the only one.

A part holds the figures that some fitting cause, or the balance of a column, ties together. Of all sets of
causes the one counts that leaves the fewest figures open and then is the simplest; what every such set says
is told, nothing else. Figures in which no request is missing may be requests that no body reports.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from workflow.report.annual import Number
from workflow.report.sums.aggregate import Place
from workflow.report.sums.apart import Effect, balances, group_of, is_total, less, within
from workflow.report.sums.causes import FIGURE, Cause

MOST_WORK = 150_000
"""How often it is asked whether a cause fits, in all parts of a table together."""
MOST_FOUND = 40
OF_A_REPORT = frozenset(("left_out", "twice"))
BIT_BY_BIT = frozenset(("moved", "finished_and_carried", "left_over"))
SMALL = 10
"""Two numbers below it add up to a third one by chance."""
Indices = frozenset[int]


@dataclass(frozen=True)
class Explained:
    """A part of the difference. causes: what is sure. unreported: figures of requests, or of disputes, that no
    body reports. open: what nothing explains. instead: where several explanations are as simple, what each
    says beyond the causes; searched: False where there were too many to look at.
    """

    figures: Mapping[Place, Number]
    causes: tuple[Cause, ...]
    unreported: Mapping[Place, Number]
    open: Mapping[Place, Number]
    instead: tuple[tuple[Cause, ...], ...] = ()
    searched: bool = True


def explained(
    gap: Effect, causes: list[Cause], suspects: Iterable[tuple[str, Effect]] = ()
) -> list[Explained]:
    """Every independent part of a difference, in the order of its cells. gap: in figures; causes: those that
    fit; suspects: bodies with cells that their report explains as well."""
    budgets: dict[str, _Budget] = {}
    found = []
    for places, touching in _parts(gap, causes):
        part = {place: gap[place] for place in gap if place in places}
        budget = budgets.setdefault(next(iter(part))[0], _Budget(MOST_WORK))
        found.append(_explained(part, touching, budget))
    open_ = {place: value for part in found for place, value in part.open.items()}
    short = {place for place, value in open_.items() if (value or 0) < 0}
    found = [_without(part, _unsure(part, open_, short)) for part in found]
    found = [_nobodys(part, gap, short) for part in found]
    whole = [one for part in found for one in part.causes if one.kind in OF_A_REPORT]
    doubtful = {
        place
        for child, cells in suspects
        for place in cells
        if not any(one.child == child and place in one.figures for one in whole)
    }
    return [_beside_suspects(part, doubtful) for part in found]


def _beside_suspects(part: Explained, doubtful: set[Place]) -> Explained:
    """The part without what explains cells figure by figure that the report of a body explains as well."""
    unsure = tuple(
        cause for cause in part.causes if cause.kind in BIT_BY_BIT and doubtful & set(cause.figures)
    )
    groups = {group_of(place) for place in doubtful & set(part.unreported)}
    if not unsure and not groups:
        return part
    told = tuple(cause for cause in part.causes if cause not in unsure)
    unreported = {p: v for p, v in part.unreported.items() if group_of(p) not in groups}
    open_ = less(part.figures, *(cause.figures for cause in told), unreported)
    return replace(part, causes=told, unreported=unreported, open=open_)


def _explained(part: Effect, causes: list[Cause], budget: "_Budget") -> Explained:
    search = _Search(part, causes, budget)
    try:
        search.look(part, list(range(len(causes))), frozenset(), 0)
    except _TooLong:
        return Explained(part, (), {}, part, searched=False)
    return _sure(part, causes, search)


def _unsure(part: Explained, open_: Effect, short: set[Place]) -> tuple[Cause, ...]:
    """Causes that rest on figures which the total lacks for no known reason, and rows of table 二 said to be
    left out where another row of it stays open."""
    doubtful = any(place[0] == "table2" for place in open_)
    return tuple(
        cause
        for cause in part.causes
        if cause.rests_on & short or (doubtful and "table2" in _one_row(cause))
    )


def _without(part: Explained, unsure: tuple[Cause, ...]) -> Explained:
    """The part with these causes no longer sure, and their figures open."""
    if not unsure:
        return part
    told = tuple(cause for cause in part.causes if cause not in unsure)
    open_ = less(part.figures, *(cause.figures for cause in told), part.unreported)
    return replace(part, causes=told, open=open_)


def _nobodys(part: Explained, gap: Effect, short: set[Place]) -> Explained:
    """The part, its figures said to be nobody's only where they cannot be somebody's: not if requests or
    disputes are lacking elsewhere for no known reason, or the rows come out even over all columns."""
    lacking = any(group_of(place) for place in short)
    sums: dict[Place, Number] = {}
    for place, value in gap.items():
        sums[_across(place)] = (sums.get(_across(place)) or 0) + (value or 0)
    doubtful = {
        group
        for group, figures in _groups(part.unreported).items()
        if lacking or not any(sums[_across(place)] for place in figures)
    }
    if not doubtful:
        return part
    unreported = {p: v for p, v in part.unreported.items() if group_of(p) not in doubtful}
    open_ = less(part.figures, *(cause.figures for cause in part.causes), unreported)
    return replace(part, unreported=unreported, open=open_)


def _across(place: Place) -> Place:
    """What a figure shares with those of the other columns of table 三, or of the other blocks of table 四."""
    name, row, column = place
    return (
        (name, "", column) if name == "table4" else (name, row, "total" if is_total(place) else "")
    )


def _one_row(cause: Cause) -> tuple[str, ...]:
    """Table and row of a cause that says no more than that one row of table 二 or 四 was left out, else
    nothing."""
    rows = {place[:2] for place in cause.figures}
    if cause.kind != "left_out" or len(rows) != 1:
        return ()
    (row,) = rows
    return () if row[0] == "table3" else row


def _adds(cause: Cause) -> bool:
    return all((value or 0) > 0 for value in cause.figures.values())


def _by_chance(told: list[Cause], causes: list[Cause]) -> list[Cause]:
    """Of the causes told those that add up between the same cells, or in the same row, while others could have
    added up there as well, or one of them is small: such figures do so by chance."""

    def between(cause: Cause) -> object:
        if cause.kind == "moved" or (cause.kind == "finished_and_carried" and _adds(cause)):
            return frozenset(cause.figures)
        return _one_row(cause)

    def small(cause: Cause) -> bool:
        return any(-SMALL < (value or 0) < SMALL for value in cause.figures.values())

    same: dict[object, list[Cause]] = {}
    for cause in told:
        if between(cause):
            same.setdefault(between(cause), []).append(cause)
    return [
        cause
        for where, some in same.items()
        if len(some) > 1
        and (
            len(some) < sum(between(one) == where for one in causes)
            or (some[0].kind != "moved" and any(map(small, some)))
        )
        for cause in some
    ]


def _sure(part: Effect, causes: list[Cause], search: "_Search") -> Explained:
    """What all explanations have in common. Where a column or block stays open, no cause that touches it is
    sure."""
    found = search.found
    common = reduce(frozenset.intersection, found)
    told = [causes[index] for index in sorted(common)]
    chance = _by_chance(told, causes)
    told = [cause for cause in told if cause not in chance]
    rest = less(part, *(cause.figures for cause in told))
    each = [_unreported(part, less(part, *(causes[i].figures for i in one))) for one in found]
    unreported = {
        place: value
        for place, value in each[0].items()
        if all(one.get(place) == value for one in each) and rest.get(place) == value
    }
    while True:
        doubtful = {_alone_or_group(place) for place in less(rest, unreported)}
        unreported = {p: v for p, v in unreported.items() if group_of(p) not in doubtful}
        open_ = less(rest, unreported)
        unsure = [cause for cause in told if doubtful & set(map(_alone_or_group, cause.figures))]
        if not unsure:
            break
        told = [cause for cause in told if cause not in unsure]
        rest = less(part, *(cause.figures for cause in told))
    several = len(found) > 1 and not search.open
    instead = tuple(
        tuple(causes[index] for index in sorted(one - common)) for one in found if several
    )
    if chance:
        instead = (tuple(chance), ())
    told = [_with_others(cause, causes) for cause in told]
    return Explained(part, tuple(told), unreported, open_, instead)


def _with_others(cause: Cause, causes: list[Cause]) -> Cause:
    """The cause, with a word where a part of another body's figure could have been moved just so."""
    others = (
        one for one in causes if one.kind == cause.kind == "moved" and one.child != cause.child
    )
    if any(one.figures == cause.figures for one in others):
        return replace(cause, message=f"{cause.message}（其他机关这一格的数里也可能有，请核对）")
    return cause


def _groups(figures: Mapping[Place, Number]) -> dict[Place, Effect]:
    found: dict[Place, Effect] = {}
    for place, value in figures.items():
        group = group_of(place)
        if group is not None:
            found.setdefault(group, {})[place] = value
    return found


def _alone_or_group(place: Place) -> Place:
    return group_of(place) or place


def _unreported(part: Effect, rest: Effect) -> Effect:
    """The figures of the rest that can be whole requests of somebody who reports nothing here. Disputes
    have nothing to balance with: there none of the block may be missing in the total."""
    found: Effect = {}
    whole = _groups(part)
    for group, figures in _groups(rest).items():
        if balances(figures) and (group[0] == "table3" or balances(whole[group])):
            found |= figures
    return found


def _parts(gap: Effect, causes: list[Cause]) -> Iterator[tuple[set[Place], list[Cause]]]:
    """Figures that hang together, with the causes that touch them."""
    first: dict[Place, Place] = {place: place for place in gap}
    order = {place: number for number, place in enumerate(gap)}

    def root(place: Place) -> Place:
        while first[place] != place:
            place = first[place]
        return place

    def tie(places: Iterable[Place]) -> None:
        roots = sorted({root(place) for place in places}, key=order.__getitem__)
        for other in roots[1:]:
            first[other] = roots[0]

    for group in _groups(gap).values():
        tie(group)
    for cause in causes:
        tie(cause.figures)
    found: dict[Place, tuple[set[Place], list[Cause]]] = {}
    for place in gap:
        found.setdefault(root(place), (set(), []))[0].add(place)
    for cause in causes:
        found[root(next(iter(cause.figures)))][1].append(cause)
    yield from found.values()


class _TooLong(Exception):
    """More sets of causes than can be looked at."""


@dataclass
class _Budget:
    left: int

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _TooLong


class _Search:
    """Depth first, one open figure at a time: one of the causes that touch it, or none of them."""

    def __init__(self, part: Effect, causes: list[Cause], budget: _Budget) -> None:
        self.part, self.causes, self.budget = part, causes, budget
        self.best: tuple[int, int] | None = None
        self.found: list[Indices] = []

    @property
    def open(self) -> int:
        """How many figures even the best explanation leaves open."""
        return self.best[0] if self.best else 0

    def look(self, rest: Effect, usable: list[int], taken: Indices, cost: int) -> None:
        """Keep the best sets of causes that begin with those taken. Raises _TooLong."""
        self.budget.spend(1 + len(usable))
        usable = [index for index in usable if within(self.causes[index].figures, rest)]
        touching: dict[Place, list[int]] = {}
        for index in usable:
            for place in self.causes[index].figures:
                touching.setdefault(place, []).append(index)
        if self.best is not None and (_least_open(rest, touching), cost) > self.best:
            return
        if not touching:
            self._keep(rest, taken, cost)
            return
        place = min(touching, key=lambda one: (len(touching[one]), one))
        for index in sorted(touching[place], key=lambda one: -len(self.causes[one].figures)):
            left = less(rest, self.causes[index].figures)
            usable = [one for one in usable if one != index]
            self.look(left, usable, taken | {index}, cost + self.causes[index].cost)
        self.look(rest, usable, taken, cost)

    def _keep(self, rest: Effect, taken: Indices, cost: int) -> None:
        unreported = _unreported(self.part, rest)
        rank = (len(rest) - len(unreported), cost + FIGURE * len(unreported))
        if self.best is None or rank < self.best:
            self.best, self.found = rank, [taken]
        elif rank == self.best:
            self.found.append(taken)
            if len(self.found) > MOST_FOUND:
                raise _TooLong


def _least_open(rest: Effect, touching: Mapping[Place, list[int]]) -> int:
    """So many figures stay open whatever is taken: no cause touches them and they cannot be unreported."""
    return sum(
        1
        for place, value in rest.items()
        if place not in touching and (group_of(place) is None or (value or 0) < 0)
    )
