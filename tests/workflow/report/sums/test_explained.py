"""Made-up areas, their sum bent in each known way: what is told is what was done, or nothing is.

Every figure of a body is another power of two: no two sums are equal, so that what was done is the only
thing that can have been done.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workflow.report.reports_made import FORMATS, families, sound, with_cells, zero
from tests.workflow.report.sums.areas_bent import (
    DONE,
    NEW,
    RESULTS,
    Bend,
    Figures,
    bent,
    cells_of,
    done,
    report_of,
    told,
    twins,
)
from workflow.report.sums.aggregate import Place, add_up, failing_sums
from workflow.report.sums.apart import apart, balances, less, together, within
from workflow.report.sums.difference import compare

SIX = FORMATS.applicant_columns()
CELLS = tuple(cell for cell in FORMATS.cells if cell != "total")


@st.composite
def areas(draw: st.DrawFn) -> dict[str, Figures]:
    """Three to five bodies with requests of some columns and disputes, each figure a power of two."""
    powers = iter(range(60))
    found: dict[str, Figures] = {}
    for key in "abcde"[: draw(st.integers(3, 5))]:
        figures: Figures = {}
        for column in draw(st.lists(st.sampled_from(SIX[:4]), min_size=1, max_size=2, unique=True)):
            rows = draw(st.lists(st.sampled_from(RESULTS), min_size=1, max_size=2, unique=True))
            if draw(st.booleans()):
                rows.append("carried_out")
            for row in rows:
                figures["table3", row, column] = 2 ** next(powers)
            begun = sum(figures["table3", row, column] for row in rows)
            figures["table3", draw(st.sampled_from(["new_received", "carried_in"])), column] = begun
        figures["table4", "review", draw(st.sampled_from(CELLS))] = 2 ** next(powers)
        found[key] = figures
    return found


def _column(draw: st.DrawFn, figures: Figures) -> str:
    return draw(st.sampled_from(sorted({place[2] for place in figures if place[0] == "table3"})))


def _result(draw: st.DrawFn, figures: Figures, column: str) -> Place:
    return draw(st.sampled_from([p for p in figures if p[2] == column and p[1] in RESULTS]))


def left_out(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    effect = {place: -value for place, value in cells_of(area[key]).items()}
    columns = {place[2] for place in area[key] if place[0] == "table3"}
    return Bend("left_out", key, {}, effect, frozenset({*columns, "review"}))


def moved(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    column = _column(draw, area[key])
    place = _result(draw, area[key], column)
    others = [row for row in (*RESULTS, "carried_out") if row != place[1]]
    value = area[key][place]
    effect = cells_of({place: -value, ("table3", draw(st.sampled_from(others)), column): value})
    return Bend("moved", key, {}, effect, frozenset({column}))


def moved_dispute(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    (place,) = (place for place in area[key] if place[0] == "table4")
    other = draw(st.sampled_from([cell for cell in CELLS if cell != place[2]]))
    value = area[key][place]
    effect = cells_of({place: -value, ("table4", "review", other): value})
    return Bend("moved", key, {}, effect, frozenset({"review"}))


def twice(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    area[key]["table2", "permits", "decisions"] = 70  # more figures than chance brings
    area[key]["table4", "suit_direct", "upheld"] = 2**50
    columns = {place[2] for place in area[key] if place[0] == "table3"}
    return Bend("twice", key, {}, cells_of(area[key]), frozenset({*columns, "review"}))


def stray_total(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    column = _column(draw, area[key])
    by = draw(st.integers(-9, 9).filter(bool))
    row, there = draw(
        st.sampled_from([("total", column), (_result(draw, area[key], column)[1], "total")])
    )
    return Bend("entered_total", None, {}, {("table3", row, there): by}, frozenset({column, row}))


def own_total(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    column = _column(draw, area[key])
    by = draw(st.integers(1, 9))
    report = report_of(key, area[key])
    assert report.table3 is not None
    wrong = {("total", column): report.cell3("total", column) + by}
    effect = {("table3", "total", column): -by}
    children = {key: with_cells(report, table3=wrong)}
    return Bend("own_total", key, children, effect, frozenset({column}))


def finished_and_carried(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    """The body carries on what it has ended; the total has it once, one way or the other."""
    column = _column(draw, area[key])
    place = _result(draw, area[key], column)
    value, carried = area[key][place], ("table3", "carried_out", column)
    both = {**area[key], carried: area[key].get(carried, 0) + value}
    once = draw(st.sampled_from([place, carried]))
    children = {key: report_of(key, both)}
    return Bend(
        "finished_and_carried", key, children, cells_of({once: -value}), frozenset({column})
    )


def left_over(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    """Results in a column in which the body received nothing; its 总计 has them or not."""
    column = SIX[5]
    figures = {("table3", draw(st.sampled_from(RESULTS)), column): draw(st.integers(1, 9))}
    report = report_of(key, {**area[key], **figures})
    effect = {place: -value for place, value in cells_of(figures).items()}
    if draw(st.booleans()):
        assert report.table3 is not None
        number = next(iter(figures.values()))
        wrong = {
            ("total", place): report.cell3("total", place) - number for place in (column, "total")
        }
        report = with_cells(report, table3=wrong)
        effect = {place: v for place, v in effect.items() if place[1] != "total"}
    return Bend("left_over", key, {key: report}, effect, frozenset({column}))


def unreported(draw: st.DrawFn, area: dict[str, Figures], key: str) -> Bend:
    column, number = SIX[4], draw(st.sampled_from((3, 5, 6, 7, 9)))
    figures = {("table3", "new_received", column): number,
               ("table3", draw(st.sampled_from((*RESULTS, "carried_out"))), column): number}  # fmt: skip
    return Bend("unreported", None, {}, cells_of(figures), frozenset({column}))


BENDS: tuple[Callable[[st.DrawFn, dict[str, Figures], str], Bend], ...] = (
    left_out, twice, moved, moved_dispute, stray_total, own_total, finished_and_carried, left_over,
    unreported,
)  # fmt: skip


# -- what was done is told ----------------------------------------------------------------------------


@pytest.mark.parametrize("bend", BENDS)
@settings(max_examples=15)
@given(data=st.data())
def test_what_was_done_is_told_and_nothing_else(bend, data) -> None:
    area = data.draw(areas())
    what = bend(data.draw, area, data.draw(st.sampled_from(sorted(area))))
    compared = bent(area, [what])
    assert told(compared) == done(what)
    assert compared.notes == () and all(one.open == 0 for one in compared.differences)


@settings(max_examples=60)
@given(areas(), st.data())
def test_two_things_in_different_columns_are_told_each_for_itself(area, data) -> None:
    keys = data.draw(st.permutations(sorted(area)))
    first, second = (data.draw(st.sampled_from(BENDS))(data.draw, area, key) for key in keys[:2])
    assume(not first.columns & second.columns)
    compared = bent(area, [first, second])
    assert told(compared) == done(first, second)
    assert compared.notes == () and all(one.open == 0 for one in compared.differences)


# -- what fits twice is not ---------------------------------------------------------------------------


def test_a_move_that_either_of_two_bodies_can_have_had_stays_open() -> None:
    effect = cells_of(
        {("table3", "disclosed", "business"): -3, ("table3", "unable_not_held", "business"): 3}
    )
    compared = bent(twins(disclosed=3), [Bend("moved", "a", {}, effect, frozenset())])
    assert compared.causes == ()
    assert all(one.open == one.difference and not one.because for one in compared.differences)
    (note,) = compared.notes
    assert note.startswith("表三“商业企业”列的差异有不止一种说得通的原因")
    assert "机关a的表三" in note and "；或者机关b的表三" in note


def test_what_is_sure_is_told_beside_what_is_not() -> None:
    """A body's dispute in the wrong cell, while the same requests of two others would do."""
    area = twins(disclosed=3) | {"c": {("table4", "review", "pending"): 1}}
    moved_one = cells_of({("table4", "review", "pending"): -1, ("table4", "review", "other"): 1})
    effect = {place: -value for place, value in cells_of(area["a"]).items()} | moved_one
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert [(cause.kind, cause.child) for cause in compared.causes] == [("moved", "c")]
    open_ = {one.place for one in compared.differences if one.open}
    assert open_ == {place for place in effect if place[0] == "table3"}


def test_a_part_of_a_figure_may_have_been_moved_where_only_one_body_has_it() -> None:
    area = twins(unable_not_held=4)
    area["c"] = {("table3", "disclosed", "business"): 5, ("table3", "new_received", "business"): 5}
    effect = cells_of(
        {("table3", "disclosed", "business"): -2, ("table3", "unable_not_held", "business"): 2}
    )
    compared = bent(area, [Bend("moved", "c", {}, effect, frozenset())])
    assert told(compared) == {("moved", "c"): effect}
    assert "5 件中的 2 件" in compared.causes[0].message


def test_requests_carried_on_that_the_total_has_as_ended_too() -> None:
    area = {"a": {("table3", "new_received", "business"): 4, ("table3", "disclosed", "business"): 1,
                  ("table3", "carried_out", "business"): 3}}  # fmt: skip
    effect = cells_of({("table3", "unable_not_held", "business"): 3})
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("finished_and_carried", "a"): effect}
    assert compared.causes[0].message == (
        "机关a的“商业企业” 3 件结转下年度，汇总数又计入了“(四)无法提供·1.本机关不掌握相关政府信息”"
    )


def test_requests_ended_that_the_total_carries_on_too() -> None:
    area = {
        "a": {("table3", "new_received", "business"): 4, ("table3", "disclosed", "business"): 4}
    }
    effect = cells_of({("table3", "carried_out", "business"): 4})
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("finished_and_carried", "a"): effect}


def test_a_dispute_in_the_other_kind_of_suit_is_told() -> None:
    area: dict[str, Figures] = {"a": {("table4", "suit_direct", "upheld"): 2}}
    effect = cells_of(
        {("table4", "suit_direct", "upheld"): -2, ("table4", "suit_after_review", "upheld"): 2}
    )
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("moved", "a"): effect}
    assert compared.causes[0].message.endswith("汇总数计入了“行政诉讼·复议后起诉”")


def test_a_row_of_table_2_that_was_left_out_is_told() -> None:
    area: dict[str, Figures] = {
        "a": {("table2", "normative_documents", "made"): 3, ("table2", "permits", "decisions"): 70},
        "b": {("table2", "permits", "decisions"): 8},
    }
    effect = {("table2", "permits", "decisions"): -70}
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert told(compared) == {("left_out", "a"): effect}
    assert compared.causes[0].message == "汇总数没有计入机关a的报告的表二“行政许可”"


def test_a_table_that_was_left_out_is_told_as_such() -> None:
    area = twins(disclosed=3)
    area["a"]["table4", "review", "upheld"] = 2
    effect = {("table4", "review", "upheld"): -2, ("table4", "review", "total"): -2}
    compared = bent(area, [Bend("", None, {}, effect, frozenset())])
    assert compared.causes[0].message == "汇总数没有计入机关a的报告的表四"


def test_disputes_that_no_body_reports_are_told() -> None:
    effect = cells_of({("table4", "suit_direct", "upheld"): 2, ("table4", "review", "other"): 1})
    compared = bent(twins(disclosed=1), [Bend("", None, {}, effect, frozenset())])
    assert [cause.message for cause in compared.causes] == [
        "汇总数里有行政复议 1 件、行政诉讼·未经复议直接起诉 2 件，没有一个机关报告过"
    ]


def test_too_many_small_bodies_are_not_gone_through() -> None:
    area = {f"b{n}": twins(disclosed=1)["a"] for n in range(60)}
    gone = {place: -20 * value for place, value in cells_of(area["b0"]).items()}
    compared = bent(area, [Bend("", None, {}, gone, frozenset())])
    assert compared.causes == ()
    assert compared.notes == (
        "表三“商业企业”列的差异牵涉的机关和数字太多，没有逐一排查，请逐格核对。",
    )


# -- whatever was entered -----------------------------------------------------------------------------


@settings(max_examples=100)
@given(families(least=1), sound("parent"), st.data())
def test_what_is_told_and_what_is_open_are_the_difference_cell_by_cell(
    reports, other, data
) -> None:
    total = add_up(reports, 2022, FORMATS)
    places = st.tuples(
        st.sampled_from(list(FORMATS.rows["2021"])), st.sampled_from([*FORMATS.columns])
    )
    changes = data.draw(st.dictionaries(places, st.integers(0, 9), max_size=6))
    base = data.draw(st.sampled_from([other, total.report("全区")]))
    compared = compare(total, with_cells(base, table3=changes))
    for one in compared.differences:
        explained = sum(cause.effect[one.place] or 0 for cause in one.because)
        assert explained + (one.open or 0) == one.difference == one.entered - one.summed
        assert one.because == tuple(c for c in compared.causes if one.place in c.effect)
    assert bool(compared.notes) >= any(one.open for one in compared.differences)
    equal = {
        place: value
        for cause in compared.causes
        for place, value in cause.effect.items()
        if place not in {one.place for one in compared.differences}
    }
    for place in equal:
        assert place[1] == "total" or place[2] == "total"


@given(sound("a"))
def test_the_figures_of_a_sound_report_have_no_total(report) -> None:
    cells = {
        (name, row, column): value
        for name in ("table2", "table3", "table4")
        for row, row_cells in getattr(report, name).items()
        for column, value in row_cells.items()
        if value
    }
    figures = apart(cells)
    assert all(place[1] != "total" and place[2] != "total" for place in figures)
    assert together(figures) == cells
    assert failing_sums(report, FORMATS) == ()


@given(st.dictionaries(
    st.tuples(st.sampled_from(["table3"]), st.sampled_from([*FORMATS.rows["2021"]]),
              st.sampled_from([*FORMATS.columns])), st.integers(-5, 5)))  # fmt: skip
def test_cells_taken_apart_and_put_together_are_the_same_cells(cells) -> None:
    assert together(apart(cells)) == {place: value for place, value in cells.items() if value}


def test_an_effect_is_within_what_is_open_only_on_the_same_side_of_zero() -> None:
    assert within({NEW: 2}, {NEW: 2}) and within({NEW: -1, DONE: 1}, {NEW: -3, DONE: 1})
    for effect in ({NEW: 3}, {NEW: -1}, {DONE: 1}, {NEW: 1, DONE: 1}, {NEW: 0}):
        assert not within(effect, {NEW: 2})
    assert less({NEW: 2, DONE: 1}, {NEW: 2}, {DONE: 3}) == {DONE: -2}


def test_requests_balance_when_none_is_missing() -> None:
    assert balances({NEW: 2, DONE: 2}) and balances({("table4", "review", "upheld"): 1})
    assert not balances({NEW: 2}) and not balances({NEW: 1, DONE: 2})
    assert not balances({NEW: -1, DONE: -1})


def test_an_area_of_the_old_format_has_one_row_of_other_disposals() -> None:
    old = with_cells(zero("old", "2019", 2019), table3={
        (row, column): 6 for row in ("new_received", "other", "total") for column in ("business", "total")
    })  # fmt: skip
    total = add_up([old], 2019, FORMATS)
    entered = with_cells(total.report("全区"), table3={
        (row, column): number for row, number in (("other", 0), ("disclosed", 6))
        for column in ("business", "total")
    })  # fmt: skip
    (cause,) = compare(total, replace(entered, year=2019)).causes
    assert cause.message == "机关old的表三“(六)其他处理”“商业企业” 6 件，汇总数计入了“(一)予以公开”"
