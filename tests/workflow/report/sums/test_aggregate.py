"""Adding up: the sum, the bodies behind it, and what explains a difference (law.md §7, V24)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ACCEPTANCE
from tests.workflow.report.reports_made import (
    FORMATS,
    families,
    published,
    sound,
    units_of_pingtan,
    with_cells,
    zero,
)
from workflow.refusal import BadInput
from workflow.report.annual import AnnualReport
from workflow.report.reading import read_report
from workflow.report.sums.aggregate import Aggregate, Share, add_up, failing_sums, key_of
from workflow.report.sums.difference import compare
from workflow.report.sums.words import as_data, sum_text


def added(reports: list[AnnualReport], year: int = 2022) -> Aggregate:
    return add_up(reports, year, FORMATS)


def tables(total: Aggregate) -> list[dict[str, dict[str, object]]]:
    return [dict(total.table(name)) for name in ("table2", "table3", "table4")]


# -- the sum ------------------------------------------------------------------------------------------


@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_the_bodies_does_not_matter(reports, random) -> None:
    other = list(reports)
    random.shuffle(other)
    assert added(reports) == added(other)


@given(families(least=2), st.data())
def test_a_sum_of_sums_is_the_sum_of_all(reports, data) -> None:
    cut = data.draw(st.integers(1, len(reports) - 1))
    part = added(reports[:cut]).report("一片", "part")
    assert tables(added([part, *reports[cut:]])) == tables(added(reports))


@given(families(), st.sampled_from(["2019", "2021"]))
def test_a_report_of_zeros_changes_no_number(reports, fmt) -> None:
    assert added([*reports, zero("nobody", fmt)]).behind == added(reports).behind


@given(families(least=1))
def test_every_number_is_the_sum_of_those_behind_it(reports) -> None:
    total = added(reports)
    for name in ("table3", "table4"):
        for row, cells in total.table(name).items():
            for column, value in cells.items():
                behind = total.behind.get((name, row, column), ())
                assert value == sum(share.value or 0 for share in behind)
                assert all(share.value for share in behind)


@given(families(least=1))
def test_the_sum_of_sound_reports_is_sound(reports) -> None:
    assert failing_sums(added(reports).report("全区"), FORMATS) == ()


def test_other_disposals_of_the_old_format_go_to_other_misc_with_a_warning() -> None:
    old = with_cells(zero("old", "2019"), table3={("other", "business"): 3, ("other", "total"): 3})
    total = added([old])
    assert total.behind["table3", "other_misc", "business"] == (Share("old", 3),)
    assert [w.rule for w in total.warnings if "其他处理计入" in w.message] == ["V10"]


def test_other_disposals_of_the_new_format_are_one_row_in_an_old_sum() -> None:
    new = with_cells(
        zero("new", "2021", 2020),
        table3={
            ("other_correction_lapsed", "business"): 1,
            ("other_fee_unpaid", "business"): 2,
            ("other_misc", "business"): 4,
        },
    )
    total = added([new], 2020)
    assert total.format == "2019"
    assert total.number(("table3", "other", "business")) == 7
    assert "V10" in {warning.rule for warning in total.warnings}


def test_table_2_of_another_format_is_left_out_and_said() -> None:
    old = with_cells(zero("old", "2019"), table2={("normative_documents", "made"): 9})
    new = with_cells(zero("new"), table2={("normative_documents", "made"): 2})
    total = added([old, new])
    assert total.table("table2")["normative_documents"]["made"] == 2
    assert any(w.where == "机关old" and "表二" in w.message for w in total.warnings)


@pytest.mark.parametrize("fmt", ["2019", "2021"])
def test_a_report_with_table_2_of_the_old_format_beside_table_3_of_the_new(fmt: str) -> None:
    """Its table 二 is added where the sum has its columns; elsewhere it is left out, aloud."""
    file = ACCEPTANCE / "report_inputs" / "old_table2_new_table3.html"
    mixed = read_report(file.name, file.read_bytes(), FORMATS)
    other = with_cells(zero("other", fmt, 2021), table2={("permits", "decisions"): 2})
    total = add_up([mixed, other], 2021, FORMATS, fmt=fmt)
    assert total.number(("table2", "permits", "decisions")) == (1890 if fmt == "2019" else 2)
    left_out = [one for one in total.warnings if "没有计入表二的合计" in one.message]
    assert [one.where for one in left_out] == ([] if fmt == "2019" else ["青禾县丁局"])
    whole = compare(total, total.report("全区"))
    assert (whole.differences, whole.not_compared) == ((), ())
    own = compare(total, mixed)
    assert own.not_compared == (() if fmt == "2019" else ("表二",))


def test_amounts_keep_every_digit() -> None:
    one, other = zero("one"), zero("other")
    one.table2["charges"]["amount_10k"] = Decimal("0.1")
    other.table2["charges"]["amount_10k"] = Decimal("0.2")
    assert added([one, other]).number(("table2", "charges", "amount_10k")) == Decimal("0.3")


def test_a_body_that_had_to_report_and_did_not_is_missing() -> None:
    total = add_up([zero("here")], 2022, FORMATS, expected={"here": "甲镇", "gone": "乙镇"})
    assert total.missing == {"gone": "乙镇"}
    assert [w.where for w in total.warnings if w.rule == "V24"] == ["乙镇"]


def test_bodies_whose_own_sums_fail_are_named() -> None:
    broken = with_cells(zero("broken"), table4={("review", "upheld"): 2})
    total = added([zero("fine"), broken])
    assert list(total.failing) == ["broken"]
    assert [finding.rule for finding in total.failing["broken"]] == ["V04"]


@pytest.mark.parametrize("reports", [[zero("a"), zero("a")], [zero("a", year=2021)]])
def test_two_reports_of_a_body_and_another_year_are_refused(reports) -> None:
    with pytest.raises(BadInput):
        added(reports)


# -- differences --------------------------------------------------------------------------------------


@given(families())
def test_there_is_no_difference_exactly_when_every_cell_is_equal(reports) -> None:
    total = added(reports)
    assert compare(total, total.report("全区")).differences == ()


@given(families(least=1), st.data())
def test_every_changed_cell_is_a_difference(reports, data) -> None:
    total = added(reports)
    rows = data.draw(st.lists(st.sampled_from(list(FORMATS.rows["2021"])), unique=True, min_size=1))
    change = {(row, "business"): int(total.number(("table3", row, "business"))) + 1 for row in rows}
    entered = with_cells(total.report("全区"), table3=change)
    found = compare(total, entered).differences
    assert {one.place for one in found} == {("table3", row, "business") for row in rows}
    assert all(one.difference == 1 for one in found)


@settings(max_examples=200)
@given(families(least=2), sound("parent"))
def test_what_is_told_closes_the_gap_exactly(reports, other) -> None:
    """Whatever was entered: the causes of a cell and what stays open come to its difference."""
    total = added(reports)
    for entered in (
        other,
        added(reports[1:]).report("全区"),
        added([*reports, other]).report("全区"),
    ):
        for one in compare(total, entered).differences:
            told = sum(cause.effect[one.place] for cause in one.because)
            assert told + one.open == one.difference


@given(families(least=2), st.data())
def test_a_report_left_out_is_found_unless_another_would_do_as_well(reports, data) -> None:
    out = data.draw(st.sampled_from(reports))
    total = added(reports)
    compared = compare(total, added([r for r in reports if r is not out]).report("全区"))
    if compared.causes and not compared.notes:
        behind = {p: s.value for p, shares in total.behind.items() for s in shares
                  if s.child == key_of(out)}  # fmt: skip
        told = {one.place: -one.difference for one in compared.differences}
        assert {p: v for p, v in behind.items() if p[0] != "table2" or p in told} == told


def _area(
    *children: AnnualReport, **changed: dict[tuple[str, str], int]
) -> tuple[Aggregate, AnnualReport]:
    total = added(list(children))
    return total, with_cells(total.report("全区"), **changed)


def _body(
    key: str, new: int, row: str = "disclosed", column: str = "natural_person"
) -> AnnualReport:
    places = {(r, c): new for r in ("new_received", row, "total") for c in (column, "total")}
    return with_cells(zero(key), table3=places)


def test_the_one_body_left_out_is_named() -> None:
    children = [_body("a", 3), _body("b", 5), _body("c", 7, "unable_not_held")]
    compared = compare(added(children), added(children[:2]).report("全区"))
    assert [(c.kind, c.child) for c in compared.causes] == [("left_out", "c")]
    assert compared.notes == ()


def test_nothing_is_told_when_two_bodies_would_explain_it() -> None:
    children = [_body("a", 3), _body("b", 3)]
    compared = compare(added(children), added(children[:1]).report("全区"))
    assert compared.causes == () and all(one.because == () for one in compared.differences)
    assert compared.notes == (
        "表三“自然人”列的差异有不止一种说得通的原因，不作推断，请逐格核对。"
        "可能是：汇总数没有计入机关a的报告（新收 3 件）；或者汇总数没有计入机关b的报告（新收 3 件）。",
    )


def test_a_total_column_of_zeros_is_put_right_in_the_entered_total() -> None:
    """A unit left its 总计 column at 0; whoever added up filled it in."""
    right = _body("a", 4)
    lazy = with_cells(right, table3={(row, "total"): 0 for row in FORMATS.rows["2021"]})
    other = _body("b", 2)
    compared = compare(added([lazy, other]), added([right, other]).report("全区"))
    assert [(c.kind, c.child) for c in compared.causes] == [("own_total", "a")]
    assert "“总计”列" in compared.causes[0].message


def test_a_total_row_of_zeros_is_put_right_in_the_entered_total() -> None:
    right = _body("a", 4)
    lazy = with_cells(right, table3={("total", c): 0 for c in FORMATS.columns})
    compared = compare(added([lazy, _body("b", 2)]), added([right, _body("b", 2)]).report("全区"))
    assert [(c.kind, c.child) for c in compared.causes] == [("own_total", "a")]
    assert "“(七)总计”行" in compared.causes[0].message


def test_an_entered_total_that_contradicts_itself_is_its_own_cause() -> None:
    total, entered = _area(
        _body("a", 4), _body("b", 1, "unable_not_held"), table3={("disclosed", "total"): 9}
    )
    compared = compare(total, entered)
    assert [(c.kind, c.child) for c in compared.causes] == [("entered_total", None)]


def test_a_figure_in_the_wrong_cell_is_told() -> None:
    total, entered = _area(
        with_cells(zero("a"), table4={("review", "pending"): 1, ("review", "total"): 1}),
        _body("b", 2),
        table4={("review", "pending"): 0, ("review", "upheld"): 1},
    )
    compared = compare(total, entered)
    assert [(c.kind, c.child) for c in compared.causes] == [("moved", "a")]
    assert "计入了“结果维持”" in compared.causes[0].message


def test_a_difference_of_money_has_its_unit_and_the_data_have_every_table() -> None:
    body = with_cells(_body("a", 2), table2={("charges", "amount_10k"): 3})
    total, entered = _area(body, table2={("charges", "amount_10k"): 5})
    compared = compare(total, entered)
    (one,) = compared.differences
    assert (one.unit, one.difference) == ("万元", 2)
    assert "| 5万元 | 3万元 | +2 |" in "\n".join(sum_text(total, compared).splitlines())
    data = as_data(total, compared)
    for table in ("table2", "table3", "table4"):
        assert data[table] == getattr(body, table)
    assert [(one["cell"], one["difference"]) for one in data["differences"]] == [
        ("table2/charges/amount_10k", 2)
    ]


def test_requests_that_no_body_reports_are_told() -> None:
    children = [_body("a", 3), _body("b", 5)]
    compared = compare(added(children[:1]), added(children).report("全区"))
    assert [(c.kind, c.child, c.message) for c in compared.causes] == [
        ("unreported", None, "汇总数里有 5 件申请（(一)予以公开 5 件），没有一个机关报告过")
    ]
    assert compared.notes == ()


def test_a_surplus_that_is_no_whole_request_is_left_open() -> None:
    total, entered = _area(
        _body("a", 3), table3={("disclosed", "business"): 2, ("disclosed", "total"): 5,
                               ("total", "business"): 2, ("total", "total"): 5},
    )  # fmt: skip
    compared = compare(total, entered)
    assert compared.causes == () and all(one.open for one in compared.differences)
    assert compared.notes == (
        "表三“商业企业”列的差异没有找到能够全部对上的原因，请逐格核对。",
        "汇总数在一些格里多于各机关之和：可能计入了不在所列机关之中的机关，请核对机关名单。",
    )


def test_figures_of_a_body_outside_the_sum_are_found_in_the_entered_total() -> None:
    """A report that was sent back is not added; the entered total holds it."""
    first, back = _body("a", 3), _body("b", 5)
    compared = compare(added([first]), added([first, back]).report("全区"), [back])
    assert [(c.kind, c.child) for c in compared.causes] == [("counted", "b")]


@pytest.mark.parametrize(
    ("gone", "child"), [({"b": "乙镇"}, "b"), ({"b": "乙镇", "c": "丙镇"}, None)]
)
def test_the_missing_bodies_are_named_when_the_total_holds_more(gone, child) -> None:
    children = [_body("a", 3), _body("b", 5)]
    total = add_up(children[:1], 2022, FORMATS, expected={"a": "甲镇", **gone})
    compared = compare(total, added(children).report("全区"))
    names = "、".join(gone.values())
    assert [(c.kind, c.child, c.message) for c in compared.causes] == [
        (
            "missing",
            child,
            f"汇总数里有 5 件申请（(一)予以公开 5 件），{names}没有报告，可能出自其中",
        )
    ]


def test_a_missing_body_is_named_when_nothing_fits() -> None:
    total = add_up([_body("a", 3)], 2022, FORMATS, expected={"b": "乙镇"})
    entered = with_cells(total.report("全区"), table2={("permits", "decisions"): 4})
    assert compare(total, entered).notes == (
        "表二“行政许可”的差异没有找到能够全部对上的原因，请逐格核对。",
        "汇总数在一些格里多于各机关之和；乙镇没有报告，其数字如已计入汇总数，差额在此。",
    )


def test_tables_that_one_side_does_not_have_are_not_compared() -> None:
    total = added([_body("a", 3)])
    entered = AnnualReport("全区", 2022, "2021", table3=total.table("table3"), code="all")
    assert compare(total, entered).not_compared == ("表二", "表四")


# -- the worked example -------------------------------------------------------------------------------


def test_every_difference_of_the_pingtan_area_is_explained() -> None:
    """2022: one unit was left out, another's left-over row was not counted, and a review that a third
    still had pending was entered as concluded otherwise."""
    units = units_of_pingtan()
    assert len(units) == 17
    total = added(units)
    compared = compare(total, published("pingtan_qu_2022"))
    assert len(compared.differences) == 9
    for one in compared.differences:
        assert one.because
        assert one.open == 0
        assert sum(cause.effect[one.place] for cause in one.because) == one.difference
    assert {(cause.kind, cause.child) for cause in compared.causes} == {
        ("left_out", "pingtan_htp_2022"),
        ("left_over", "pingtan_jsp_2022"),
        ("moved", "pingtan_zrz_2022"),
    }
    assert compared.notes == ()
    assert set(total.failing) == {"pingtan_htp_2022", "pingtan_jsp_2022"}


def test_every_difference_of_the_pingtan_area_of_2019_is_explained() -> None:
    """A unit's two requests disposed of otherwise stand as unclear, and five that no unit here reports."""
    total = add_up(units_of_pingtan(2019), 2019, FORMATS)
    compared = compare(total, published("pingtan_qu_2019"))
    assert len(compared.differences) == 12 and compared.notes == ()
    assert all(one.because and one.open == 0 for one in compared.differences)
    moved, unreported = compared.causes
    assert (moved.kind, moved.child) == ("moved", "pingtan_gwh_2019")
    assert moved.effect == {
        ("table3", row, column): number
        for row, number in (("other", -2), ("unable_unclear_after_correction", 2))
        for column in ("natural_person", "total")
    }
    assert (unreported.kind, unreported.child) == ("unreported", None)
    assert unreported.effect == {
        ("table3", row, column): number
        for row, number in (("new_received", 5), ("disclosed", 1), ("unable_not_held", 4), ("total", 5))
        for column in ("natural_person", "total")
    }  # fmt: skip


def test_pingtan_2021_beside_the_five_units_that_are_known() -> None:
    """One unit has a request as ended and as carried on, another a 总计 in the wrong column."""
    total = add_up(units_of_pingtan(2021), 2021, FORMATS)
    compared = compare(total, published("pingtan_qu_2021"))
    assert [(cause.kind, cause.child) for cause in compared.causes] == [
        ("finished_and_carried", "pingtan_gaj_2021"),
        ("own_total", "pingtan_zrz_2021"),
        ("unreported", None),
    ]
    assert "15 件申请" in compared.causes[2].message
    assert all(one.open == 0 for one in compared.differences)


@pytest.mark.parametrize("year", [2020, 2023])
def test_what_does_not_fit_in_pingtan_stays_open_and_is_said(year: int) -> None:
    """The units known of these years are too few; a 总计 that contradicts itself is told all the same."""
    total = add_up(units_of_pingtan(year), year, FORMATS)
    compared = compare(total, published(f"pingtan_qu_{year}"))
    assert any("“自然人”列" in note and "没有找到" in note for note in compared.notes)
    assert any(one.open for one in compared.differences)
    kinds = {cause.kind for cause in compared.causes}
    assert ({"entered_total"} if year == 2020 else {"own_total"}) <= kinds


def test_the_pingtan_sum_opens_into_its_units() -> None:
    total = added(units_of_pingtan())
    shares = total.behind["table3", "carried_in", "total"]
    assert sum(share.value or 0 for share in shares) == total.number(
        ("table3", "carried_in", "total")
    )
    assert all(share.child in total.names for share in shares)
