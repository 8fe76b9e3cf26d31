"""Two things that befell the sum of an area of small figures: what is told is what was done, or it is not told."""

from collections.abc import Callable
from itertools import combinations_with_replacement
from random import Random

import pytest

from tests.workflow.report.reports_made import FORMATS
from tests.workflow.report.sums.areas_bent import (
    DONE,
    NEW,
    RESULTS,
    Bend,
    Cells,
    Figures,
    bent,
    cells_of,
    done,
    told,
    twins,
)
from workflow.report.sums.difference import Comparison

SIX = FORMATS.applicant_columns()
CELLS = tuple(cell for cell in FORMATS.cells if cell != "total")
HELD, CARRIED = ("table3", "unable_not_held", "business"), ("table3", "carried_out", "business")
SHARED = "其他机关这一格的数里也可能有"


def area(random: Random) -> dict[str, Figures]:
    """Three to nine bodies as they are: few requests of few kinds, some disputes, some decisions."""
    found: dict[str, Figures] = {}
    for key in "abcdefghi"[: random.randint(3, 9)]:
        figures: Figures = {}
        for column in random.sample(SIX[:3], random.choice((1, 1, 2))):
            rows = random.sample(RESULTS, random.randint(1, 5))
            if random.random() < 0.4:
                rows.append("carried_out")
            for row in rows:
                figures["table3", row, column] = 1 + int(random.expovariate(0.25))
            figures["table3", "new_received", column] = sum(
                figures["table3", row, column] for row in rows
            )
        if random.random() < 0.6:
            for cell in random.sample(CELLS, random.randint(1, 2)):
                figures["table4", random.choice(("review", "suit_direct")), cell] = random.randint(
                    1, 4
                )
        for item in ("permits", "penalties"):
            if random.random() < 0.6:
                figures["table2", item, "decisions"] = random.randint(1, 200)
        found[key] = figures
    return found


def turned(figures: Cells) -> Cells:
    return {place: -value for place, value in figures.items()}


def left_out(random: Random, figures: Figures) -> tuple[str, Cells]:
    return "left_out", turned(cells_of(figures))


def twice(random: Random, figures: Figures) -> tuple[str, Cells]:
    return "twice", cells_of(figures)


def moved(random: Random, figures: Figures) -> tuple[str, Cells]:
    place = random.choice([p for p in figures if p[0] == "table3" and p[1] in RESULTS])
    other = random.choice([row for row in RESULTS if row != place[1]])
    number = random.choice((figures[place], random.randint(1, figures[place])))
    return "moved", cells_of({place: -number, ("table3", other, place[2]): number})


def table_left_out(random: Random, figures: Figures) -> tuple[str, Cells]:
    name = random.choice(sorted({place[0] for place in figures}))
    return "left_out", turned(cells_of({p: v for p, v in figures.items() if p[0] == name}))


def unreported(random: Random, figures: Figures) -> tuple[str, Cells]:
    column, number = random.choice(SIX[:3]), random.randint(1, 6)
    rows = ("new_received", random.choice(RESULTS))
    return "unreported", cells_of({("table3", row, column): number for row in rows})


def slip(random: Random, figures: Figures) -> tuple[str, Cells]:
    """One cell of the total, nothing else with it."""
    return "slip", {random.choice(sorted(figures)): random.choice((-1, 1)) * random.randint(1, 9)}


WAYS: tuple[Callable[[Random, Figures], tuple[str, Cells]], ...] = (
    left_out, twice, moved, table_left_out, unreported, slip,
)  # fmt: skip


def wrong(compared: Comparison, *bends: Bend) -> list[str]:
    """The causes that are not what was done, unless it says itself that it may be another body's. That the total
    contradicts itself anybody can see."""
    did = done(*bends)
    shared = {(one.kind, one.child) for one in compared.causes if SHARED in one.message}
    return [
        f"{kind} {child}"
        for (kind, child), cells in told(compared).items()
        if kind != "entered_total"
        and (kind, child) not in shared
        and not all(0 < v / did.get((kind, child), {}).get(p, -v) <= 1 for p, v in cells.items())
    ]


def of_areas(count: int) -> tuple[int, int, int]:
    """Areas, those with a wrong cause, and right causes told."""
    areas = false = right = 0
    random = Random(20190515)
    for pair in combinations_with_replacement(WAYS, 2):
        for _ in range(count):
            given = area(random)
            bends = []
            for way, key in zip(pair, random.sample(sorted(given), 2), strict=True):
                kind, effect = way(random, given[key])
                child = None if kind == "unreported" else key
                bends.append(Bend(kind, child, {}, effect, frozenset()))
            compared = bent(given, bends)
            found = wrong(compared, *bends)
            areas, false = areas + 1, false + bool(found)
            right += sum(one.kind != "entered_total" for one in compared.causes) - len(found)
    return areas, false, right


@pytest.mark.parametrize(
    ("count", "most"),
    [
        (3, 1),
        pytest.param(60, 25, marks=pytest.mark.long(reason="compares 1,260 areas; half a minute")),
    ],
)
def test_of_fifty_areas_to_which_two_things_were_done_one_at_most_is_told_wrongly(count, most):
    areas, false, right = of_areas(count)
    assert false <= most and most <= max(1, areas // 50)
    assert right > areas  # more than one of the two is found


# -- one by one ------------------------------------------------------------------------------------------

BODY: Figures = {
    NEW: 18, DONE: 4, HELD: 2, CARRIED: 1, ("table3", "other_misc", "business"): 6,
    ("table3", "refused_deliberative", "business"): 5,
    ("table4", "review", "upheld"): 2,
}  # fmt: skip


def of(area: dict[str, Figures], *effects: Cells) -> Comparison:
    return bent(area, [Bend("", None, {}, effect, frozenset()) for effect in effects])


def test_a_body_counted_twice_is_told_where_somebody_elses_requests_stand_in_one_of_its_cells():
    more = cells_of({NEW: 3, DONE: 3})
    compared = of(twins(unable_not_held=9) | {"c": BODY}, cells_of(BODY), more)
    assert told(compared) == {("twice", "c"): cells_of(BODY), ("unreported", None): more}


@pytest.mark.parametrize("decisions", [-7, 5])
def test_requests_and_disputes_are_counted_twice_together_whatever_befell_table_2(decisions):
    area = twins(unable_not_held=9) | {"c": BODY}
    for key in "abc":
        area[key]["table2", "permits", "decisions"] = 40
    both = {place: value for place, value in area["c"].items() if place[0] != "table2"}
    compared = of(area, cells_of(both), {("table2", "permits", "decisions"): decisions})
    assert told(compared) == {("twice", "c"): cells_of(both)}
    assert "表三、表四" in compared.causes[0].message


def test_where_one_body_is_left_out_and_another_counted_twice_in_one_column_nothing_is_told_bit_by_bit():
    rows = ("partially_disclosed", "refused_internal_affairs")
    other: Figures = {NEW: 6} | {("table3", row, "business"): 3 for row in rows}
    three = {place: value for place, value in BODY.items() if place[0] == "table3"}
    compared = of({"c": three, "d": other}, cells_of(three), turned(cells_of(other)))
    assert not {cause.kind for cause in compared.causes} & {
        "moved",
        "unreported",
        "finished_and_carried",
    }
    assert any(one.open for one in compared.differences)


@pytest.mark.parametrize(
    ("place", "by", "said"),
    [
        (HELD, 3, "“商业企业”多 3 件，它的总计却没有变"),
        (NEW, -2, "“商业企业”少 2 件，它的总计却没有变"),
        (("table4", "review", "upheld"), 7, "多 7 件，它的总计却没有变"),
    ],
)
def test_a_cell_that_alone_is_off_was_typed_wrongly(place, by, said):
    """Another body has as many carried on: they are not said to stand there too."""
    compared = of({"c": BODY, "d": {NEW: 6, DONE: 3, CARRIED: 3}}, {place: by})
    (cause,) = compared.causes
    assert (cause.kind, dict(cause.effect)) == ("entered_total", {place: by})
    assert said in cause.message and all(one.open == 0 for one in compared.differences)


@pytest.mark.parametrize(("small", "large", "sure"), [(1, 2, False), (29, 47, True)])
def test_small_rows_of_two_bodies_add_up_by_chance_and_large_ones_do_not(small, large, sure):
    rows = (("a", small), ("b", large), ("c", small + large + 1))
    area: dict[str, Figures] = {
        key: {("table2", "normative_documents", "made"): n, ("table2", "permits", "decisions"): 900}
        for key, n in rows
    }
    compared = of(area, {("table2", "normative_documents", "made"): -small - large})
    assert {cause.child for cause in compared.causes} == ({"a", "b"} if sure else set())


def test_requests_of_several_bodies_that_are_carried_on_add_up_by_chance():
    area = twins(unable_not_held=9)
    for key in "ab":
        area[key] |= {CARRIED: 3, NEW: 12}
    compared = of(area, cells_of({DONE: 6}))
    assert "finished_and_carried" not in {cause.kind for cause in compared.causes}
