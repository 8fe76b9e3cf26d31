"""A difference in figures that do not hang on each other.

A cell of table 三 stands in up to four sums. Taken apart, every figure of an applicant's column and of a
kind of ending stands for itself, and every 总计 for what it is off from the figures that it adds up: one
request more is then two figures, whatever the totals beside it.
"""

from collections.abc import Mapping

from workflow.report.annual import Number
from workflow.report.sums.aggregate import Place

Effect = dict[Place, Number]
BEGINNINGS = ("new_received", "carried_in")
NO_RESULT = (*BEGINNINGS, "carried_out")
TOTAL = "total"


def is_total(place: Place) -> bool:
    """Whether the cell is a sum of others."""
    name, row, column = place
    return name != "table2" and (column == TOTAL or (name == "table3" and row == TOTAL))


def apart(cells: Mapping[Place, Number]) -> Effect:
    """Cells → figures: a 总计 as what it is off. 0 and blank are left out."""
    return _with_totals(cells, -1)


def together(figures: Mapping[Place, Number]) -> Effect:
    """Figures → the cells that they are printed in. 0 is left out."""
    return _with_totals(figures, +1)


def _with_totals(given: Mapping[Place, Number], sign: int) -> Effect:
    found: Effect = {}

    def add(place: Place, value: Number) -> None:
        found[place] = (found.get(place) or 0) + (value or 0)

    for place, value in given.items():
        add(place, value)
        name, row, column = place
        if name == "table2" or is_total(place):
            continue
        add((name, row, TOTAL), sign * (value or 0))
        if name == "table3" and row not in NO_RESULT:
            add((name, TOTAL, column), sign * (value or 0))
            add((name, TOTAL, TOTAL), sign * (value or 0))
    return {place: value for place, value in found.items() if value}


def less(figures: Mapping[Place, Number], *taken: Mapping[Place, Number]) -> Effect:
    """What remains of figures, 0 left out."""
    rest = dict(figures)
    for effect in taken:
        for place, value in effect.items():
            rest[place] = (rest.get(place) or 0) - (value or 0)
    return {place: value for place, value in rest.items() if value}


def within(effect: Mapping[Place, Number], open_: Mapping[Place, Number]) -> bool:
    """Whether every figure of the effect is a part of what is open, or all of it."""
    for place, value in effect.items():
        there, part = open_.get(place) or 0, value or 0
        if not (0 < part <= there or there <= part < 0):
            return False
    return True


def group_of(place: Place) -> Place | None:
    """What a figure has to balance with: its applicant's column in table 三, its block in table 四; None
    for a 总计 and for table 二, where every figure stands alone."""
    name, row, column = place
    if name == "table2" or is_total(place):
        return None
    return (name, "", column) if name == "table3" else (name, row, "")


def balances(figures: Mapping[Place, Number]) -> bool:
    """Whether figures of one group can be whole requests, or disputes, of somebody: none below 0, and
    as many begun as ended or carried on."""
    if any((value or 0) < 0 for value in figures.values()):
        return False
    off = sum(
        (value or 0) * (1 if place[1] in BEGINNINGS else -1)
        for place, value in figures.items()
        if place[0] == "table3"
    )
    return off == 0
