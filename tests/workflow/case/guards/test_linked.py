"""What depends on another case: duplicates (条例36(6)), the fees of a month (条例42)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.workflow.case.guards.walked import accepted, refused
from tests.workflow.case.walk import ASSIGNED, RECEIVED, Step, Walk
from workflow.case.others import OtherCase, Others
from workflow.refusal import Refusal

EARLIER = OtherCase("2023-0009", open=True, same_applicant=True, merged=False)
FREE = 10
"""Applications of a month that cost nothing."""


def beside(named: OtherCase | None) -> Walk:
    walk = Walk().must(*RECEIVED)
    walk.case.others = Others(named=named)
    return walk


def charging(policy: str, before: int | None = None, items: int = 2) -> Walk:
    """A body that charges so, with so many earlier applications of the applicant in the month."""
    walk = Walk(fee_policy=policy, items=tuple("甲乙丙丁"[:items])).must(*ASSIGNED)
    walk.case.others = Others(units_in_month=before)
    return walk


# -- duplicates ------------------------------------------------------------------------------------------


def test_request_is_merged_only_once() -> None:
    walk = beside(EARLIER)
    assert accepted(walk, "merge_duplicate", 1, into="2023-0009")
    assert refused(walk, "merge_duplicate", 2, into="2023-0009") == ("already_done", None)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (None, "没有另一件"),
        (replace(EARLIER, same_applicant=False), "申请人不同"),
        (replace(EARLIER, open=False), "已经答复"),
        (replace(EARLIER, merged=True), "自己已经并入"),
        (replace(EARLIER, number="2024-0002"), "晚于本件"),
    ],
)
def test_request_is_merged_into_an_earlier_open_one_of_the_same_applicant(
    other: OtherCase | None, why: str
) -> None:
    """条例36(6): what was answered already is answered as a repeated request."""
    into = other.number if other else "2023-0009"
    done = beside(other).do("merge_duplicate", 1, into=into)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("bad_field", "into")
    assert why in done.message


def test_request_is_not_merged_into_itself() -> None:
    own = replace(EARLIER, number="2024-0001")
    done = beside(own).do("merge_duplicate", 1, into="2024-0001")
    assert isinstance(done, Refusal) and "没有另一件" in done.message


# -- the fee ---------------------------------------------------------------------------------------------


def test_tenth_application_of_a_month_is_free_and_the_eleventh_costs() -> None:
    """国办函〔2020〕109号4."""
    tenth = charging("by_item", FREE - 1).do("charge_fee", 3)
    assert isinstance(tenth, Refusal)
    assert (tenth.rule, tenth.field) == ("bad_field", "mode")
    assert accepted(charging("by_item", FREE), "charge_fee", 3)


def test_application_is_split_into_as_many_as_it_has_items() -> None:
    """国办函〔2020〕109号4: 一事一申请."""
    assert accepted(charging("by_item", FREE - 1), "charge_fee", 3, units=2)
    assert refused(charging("by_item", FREE), "charge_fee", 3, units=3) == ("bad_field", "units")
    assert accepted(charging("by_item", FREE, items=0), "charge_fee", 3, units=1)
    assert refused(charging("by_item", FREE, items=0), "charge_fee", 3, units=2)[1] == "units"


@pytest.mark.parametrize(("amount", "possible"), [("200", True), ("100", False), ("300", False)])
def test_amount_by_item_is_that_of_the_ladder(amount: str, possible: bool) -> None:
    """国办函〔2020〕109号4: the eleventh and the twelfth cost 100 yuan each."""
    walk = charging("by_item", FREE)
    if possible:
        assert accepted(walk, "charge_fee", 3, units=2, amount=amount)
    else:
        found = refused(walk, "charge_fee", 3, units=2, amount=amount)
        assert found == ("bad_field", "amount")


def test_fee_by_item_is_told_where_nobody_knows_the_month() -> None:
    assert accepted(charging("by_item", None), "charge_fee", 3)


def test_thirtieth_page_is_free_and_the_thirty_first_costs() -> None:
    """国办函〔2020〕109号5."""
    free = refused(charging("by_page"), "charge_fee", 3, pages=30)
    assert free == ("bad_field", "pages")
    assert accepted(charging("by_page"), "charge_fee", 3, pages=31)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"pages": 57, "amount": "270"}, None),
        ({"amount": "270"}, None),
        ({"pages": 57, "amount": "280"}, ("bad_field", "amount")),
        ({"amount": "275"}, ("bad_field", "amount")),
        ({}, ("missing_evidence", "pages")),
    ],
)
def test_notice_of_a_fee_by_page_tells_the_amount_of_the_ladder(
    fields: dict[str, Any], refusal: tuple[str, str] | None
) -> None:
    """国办函〔2020〕109号5: 57 pages cost 270 yuan; no number of pages costs 275."""
    walk = charging("by_page")
    if refusal is None:
        assert accepted(walk, "charge_fee", 3, **fields)
    else:
        assert refused(walk, "charge_fee", 3, **fields) == refusal


def test_body_that_may_choose_names_one_way_for_each_application() -> None:
    """国办函〔2020〕109号3: never both."""
    assert refused(charging("choose", FREE), "charge_fee", 3) == ("bad_field", "mode")
    assert accepted(charging("choose", FREE), "charge_fee", 3, mode="by_item")
    assert accepted(charging("choose", 0), "charge_fee", 3, mode="by_page", pages=57)


@pytest.mark.parametrize(("paid", "possible"), [("269.99", False), ("270", True), ("271", False), (None, True)])  # fmt: skip
def test_what_was_charged_is_paid_as_a_whole(paid: str | None, possible: bool) -> None:
    """国办函〔2020〕109号6."""
    charged: Step = ("charge_fee", 3, {"reached_on": 3, "pages": 57, "amount": "270"})
    walk = charging("by_page").must(charged)
    fields = {"amount": paid} if paid else {}
    if possible:
        assert accepted(walk, "pay_fee", 7, **fields)
    else:
        assert refused(walk, "pay_fee", 7, **fields) == ("bad_field", "amount")
