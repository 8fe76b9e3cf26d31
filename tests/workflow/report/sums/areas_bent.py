"""Made-up areas, and what was done to the sum of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.workflow.report.reports_made import FORMATS, with_cells, zero
from workflow.report.annual import AnnualReport
from workflow.report.sums.aggregate import Aggregate, Place, add_up
from workflow.report.sums.difference import Comparison, compare

RESULTS = FORMATS.result_rows("2021")
Cells = dict[Place, int]
Figures = dict[Place, int]


def report_of(key: str, figures: Mapping[Place, int], fmt: str = "2021") -> AnnualReport:
    """A sound report of what stands in its inner cells."""
    cells: dict[str, dict[tuple[str, str], int]] = {"table2": {}, "table3": {}, "table4": {}}
    for place, value in cells_of(figures).items():
        cells[place[0]][place[1:]] = value
    return with_cells(zero(key, fmt), **cells)


def cells_of(figures: Mapping[Place, int]) -> Cells:
    """Inner cells with the 总计 that belong to them, added one by one."""
    found: Cells = {}
    for (name, row, column), value in figures.items():
        sums = [(row, column)]
        if name != "table2":
            sums.append((row, "total"))
        if name == "table3" and row in (*RESULTS, "other"):
            sums += [("total", column), ("total", "total")]
        for place in sums:
            found[name, *place] = found.get((name, *place), 0) + value
    return {place: value for place, value in found.items() if value}


@dataclass(frozen=True)
class Bend:
    """What was done to an area. children: the bodies afterwards; effect: what it adds to the total, per
    cell; columns: the applicants' columns that it touches."""

    kind: str
    child: str | None
    children: dict[str, AnnualReport]
    effect: Cells
    columns: frozenset[str]


NEW, DONE = ("table3", "new_received", "business"), ("table3", "disclosed", "business")


def bent(area: dict[str, Figures], bends: list[Bend], fmt: str = "2021") -> Comparison:
    """The bodies after what was done to them, and the total with its effects."""
    children = {key: report_of(key, figures) for key, figures in area.items()}
    for bend in bends:
        children |= bend.children
    total = add_up(children.values(), 2022, FORMATS, fmt=fmt)
    return compare(total, _entered(total, [bend.effect for bend in bends]))


def _entered(total: Aggregate, effects: list[Cells]) -> AnnualReport:
    cells: dict[str, dict[tuple[str, str], int]] = {"table2": {}, "table3": {}, "table4": {}}
    for place in {place for effect in effects for place in effect}:
        more = sum(effect.get(place, 0) for effect in effects)
        cells[place[0]][place[1:]] = int(total.number(place) or 0) + more
    return with_cells(total.report("全区"), **cells)


Told = dict[tuple[str, str | None], Cells]


def told(compared: Comparison) -> Told:
    """Kind and body → what it adds, in all. Two 总计 that are off may be told in one."""
    return _by_kind((c.kind, c.child, c.effect) for c in compared.causes)


def done(*bends: Bend) -> Told:
    return _by_kind((bend.kind, bend.child, bend.effect) for bend in bends)


def _by_kind(given: Iterable[tuple[str, str | None, Mapping[Place, object]]]) -> Told:
    found: Told = {}
    for kind, child, effect in given:
        into = found.setdefault((kind, child), {})
        for place, value in effect.items():
            into[place] = into.get(place, 0) + int(str(value))
    return {key: {p: v for p, v in cells.items() if v} for key, cells in found.items()}


def twins(**figures: int) -> dict[str, Figures]:
    """Two bodies with the same requests."""
    begun = {("table3", "new_received", "business"): sum(figures.values())}
    one = {("table3", row, "business"): number for row, number in figures.items()} | begun
    return {"a": dict(one), "b": dict(one)}
