"""Small figures add up by chance, and requests stand in another column: nothing is told as sure then."""

import pytest

from tests.workflow.report.sums.areas_bent import (
    DONE,
    NEW,
    Bend,
    Figures,
    bent,
    cells_of,
    told,
    twins,
)


def test_a_small_body_counted_twice_may_also_be_requests_that_nobody_reports() -> None:
    area = twins(disclosed=3) | {"c": {NEW: 1, DONE: 1}}
    compared = bent(area, [Bend("", None, {}, cells_of(area["c"]), frozenset())])
    assert compared.causes == ()
    (note,) = compared.notes
    assert "可能是：汇总数可能重复计入了机关c的报告；或者这些数字没有一个机关报告过。" in note


def test_requests_in_another_column_are_not_said_to_be_nobodys() -> None:
    there = {(name, row, "natural_person"): 2 for name, row, _ in (NEW, DONE)}
    effect = cells_of({NEW: -2, DONE: -2} | there)
    compared = bent(twins(disclosed=3), [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("moved", None): {p: v for p, v in effect.items() if v}}
    assert compared.causes[0].message == (
        "表三“商业企业”列少的 2 件申请，与“自然人”列多的逐行相同，汇总数应是填在了另一列"
    )


def test_what_another_column_lacks_in_part_stays_open() -> None:
    """Four more of a natural person, while companies lack three of the same and one of another ending."""
    held = ("table3", "unable_not_held", "business")
    there = {(name, row, "natural_person"): 4 for name, row, _ in (NEW, DONE)}
    effect = cells_of({NEW: -4, DONE: -3, held: -1} | there)
    area = twins(disclosed=20, unable_not_held=20)
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert compared.causes == ()
    assert all(one.open == one.difference for one in compared.differences)


def test_what_two_columns_lack_and_a_third_has_is_not_said_to_be_nobodys() -> None:
    area: dict[str, Figures] = {
        key: {(name, row, column): number for name, row, _ in (NEW, DONE)}
        for key, column, number in (("a", "business", 1), ("b", "legal_service", 2))
    }
    there = {(name, row, "natural_person"): 3 for name, row, _ in (NEW, DONE)}
    gone = {place: -value for figures in area.values() for place, value in figures.items()}
    compared = bent(area, [Bend("", None, {}, cells_of(gone | there), frozenset())])
    assert "unreported" not in {cause.kind for cause in compared.causes}
    assert {one.open for one in compared.differences if one.place[2] == "natural_person"} == {3}


def test_figures_moved_by_two_bodies_of_several_are_not_told() -> None:
    area = {
        key: {NEW: number, DONE: number} for key, number in (("a", 1), ("b", 1), ("c", 4), ("d", 5))
    }
    effect = cells_of({DONE: -2, ("table3", "unable_not_held", "business"): 2})
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert compared.causes == ()
    assert all(one.open == one.difference for one in compared.differences)
    assert "不止一种说得通的原因" in compared.notes[0]


@pytest.mark.parametrize(("other", "said"), [(1, False), (5, True)])
def test_a_figure_moved_as_a_whole_may_be_a_part_of_another_bodys(other, said) -> None:
    area: dict[str, Figures] = {"a": {NEW: 2, DONE: 2}, "b": {NEW: other, DONE: other}}
    effect = cells_of({DONE: -2, ("table3", "unable_not_held", "business"): 2})
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("moved", "a"): effect}
    message = compared.causes[0].message
    assert message.endswith("（其他机关这一格的数里也可能有，请核对）") is said


@pytest.mark.parametrize("penalties", [0, 11])
def test_rows_of_several_bodies_that_add_up_by_chance_are_not_told(penalties) -> None:
    """29 + 3 = 47 − 15: one body left out, another counted twice."""
    area: dict[str, Figures] = {
        key: {("table2", "permits", "decisions"): number, ("table2", "penalties", "decisions"): 50}
        for key, number in (("a", 29), ("b", 3), ("c", 47), ("d", 15))
    }
    effect = {("table2", "permits", "decisions"): -32}
    if penalties:
        effect["table2", "penalties", "decisions"] = penalties
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert compared.causes == ()
    assert all(one.open == one.difference for one in compared.differences)


def test_a_row_of_table_2_is_not_told_while_another_row_stays_open() -> None:
    area: dict[str, Figures] = {"a": {("table2", "permits", "decisions"): 29}}
    effect = {("table2", "permits", "decisions"): -29, ("table2", "penalties", "decisions"): 11}
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert compared.causes == ()


def test_a_table_3_counted_twice_is_told_as_such() -> None:
    held = ("table3", "unable_not_held", "business")
    three: Figures = {NEW: 7, DONE: 4, held: 2, ("table3", "carried_out", "business"): 1}
    area = twins(disclosed=3) | {"c": three | {("table4", "review", "upheld"): 1}}
    compared = bent(area, [Bend("", None, {}, cells_of(three), frozenset())])
    assert told(compared) == {("twice", "c"): cells_of(three)}
    assert compared.causes[0].message == "汇总数可能重复计入了机关c的报告的表三"


def test_two_bodies_counted_twice_are_both_told() -> None:
    held, carried = ("table3", "unable_not_held", "business"), ("table3", "carried_out", "business")
    area: dict[str, Figures] = twins(disclosed=3) | {
        "c": {NEW: 7, DONE: 4, held: 2, carried: 1},
        "d": {NEW: 15, DONE: 8, held: 5, carried: 2},
    }
    effect = {place: area["c"][place] + area["d"][place] for place in area["c"]}
    compared = bent(area, [Bend("", None, {}, cells_of(effect), frozenset())])
    assert told(compared) == {("twice", key): cells_of(area[key]) for key in "cd"}


def test_a_body_that_is_only_a_part_of_what_is_too_many_is_not_said_to_be_counted_twice() -> None:
    held, carried = ("table3", "unable_not_held", "business"), ("table3", "carried_out", "business")
    area: dict[str, Figures] = {"c": {NEW: 7, DONE: 4, held: 2, carried: 1}}
    effect = cells_of({NEW: 20, DONE: 14, held: 3, carried: 3})
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("unreported", None): effect}


def test_a_report_without_requests_is_not_said_to_be_counted_twice() -> None:
    area: dict[str, Figures] = {"a": {("table2", "permits", "decisions"): 29}}
    effect = {("table2", "permits", "decisions"): 29}
    assert bent(area, [Bend("", None, {}, effect, frozenset())]).causes == ()


def test_an_empty_table_2_does_not_keep_table_3_from_being_explained() -> None:
    area: dict[str, Figures] = {
        str(n): {
            ("table2", "permits", "decisions"): 3 + n,
            ("table2", "penalties", "decisions"): 4 + n,
        }
        for n in range(12)
    }
    area["0"] |= {NEW: 4, DONE: 4}
    empty = {("table2", "permits", "decisions"): -sum(range(3, 15)),
             ("table2", "penalties", "decisions"): -sum(range(4, 16))}  # fmt: skip
    effect = cells_of({DONE: -4, ("table3", "unable_not_held", "business"): 4})
    compared = bent(area, [Bend("", None, {}, empty | effect, frozenset())])
    assert ("moved", "0") in told(compared)
