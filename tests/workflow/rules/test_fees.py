"""信息处理费: the ladder of 国办函〔2020〕109号, the notice, the month, the payment."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import Law, load_law
from tests.examples import examples
from tests.workflow.case.walk import ASSIGNED, MONDAY, Walk
from tests.workflow.service.township import Town
from workflow.case.facts import Logged
from workflow.refusal import Refusal, Refused
from workflow.rules.fees import Fee, fee_by_item, fee_by_page, pages_of
from workflow.service import Office

LAW = load_law()
DAY = date(2024, 3, 4)
ON = Callable[[date], Office]


# -- the ladder ---------------------------------------------------------------------------------------


def named(example: dict[str, Any]) -> str:
    if example["mode"] == "by_page":
        return f"{example['pages']} pages"
    return f"item {example['nth_in_month_from']} to {example['nth_in_month_to']}"


@pytest.mark.parametrize("example", examples("fees"), ids=named)
def test_example_costs_what_it_should(example: dict[str, Any], law: Law) -> None:
    if example["mode"] == "by_page":
        fee = fee_by_page(example["pages"], law, DAY)
    else:
        first, last = example["nth_in_month_from"], example["nth_in_month_to"]
        fee = fee_by_item(first - 1, last - first + 1, law, DAY)
    assert fee.yuan == example["total"]


UNITS = st.integers(1, 400)


@given(st.integers(0, 400), UNITS)
def test_fee_of_many_units_is_the_sum_of_the_fees_of_each(before: int, units: int) -> None:
    each = sum(fee_by_item(before + n, 1, LAW, DAY).yuan for n in range(units))
    assert fee_by_item(before, units, LAW, DAY).yuan == each >= 0


@given(st.integers(0, 2000))
def test_each_further_page_costs_no_less_than_the_one_before(pages: int) -> None:
    this, following = (fee_by_page(n + 1, LAW, DAY).yuan - fee_by_page(n, LAW, DAY).yuan for n in (pages, pages + 1))  # fmt: skip
    assert 0 <= this <= following


@given(st.integers(0, 400))
def test_later_request_of_the_month_costs_no_less(before: int) -> None:
    assert 0 <= fee_by_item(before, 1, LAW, DAY).yuan <= fee_by_item(before + 1, 1, LAW, DAY).yuan


def assert_steps_add_up(fee: Fee, first: int, last: int) -> None:
    covered = [n for step in fee.steps for n in range(step.first, step.last + 1)]
    assert covered == list(range(first, last + 1))
    words = fee.in_words()
    if not fee.yuan:
        assert words == "没有超过免费的数量，不收费"
        return
    told = words.split("；")
    assert told.pop() == f"合计 {fee.yuan} 元"
    amounts = [Decimal(part.removesuffix(" 元").replace("，", " ").split()[-1]) for part in told]
    assert sum(amounts) == fee.yuan


@given(st.integers(0, 200), st.integers(1, 80))
def test_words_of_a_fee_by_item_add_up(before: int, units: int) -> None:
    assert_steps_add_up(fee_by_item(before, units, LAW, DAY), before + 1, before + units)


@given(st.integers(0, 1000))
def test_words_of_a_fee_by_page_add_up(pages: int) -> None:
    assert_steps_add_up(fee_by_page(pages, LAW, DAY), 1, pages)


@given(st.integers(0, 1000))
def test_amount_above_nothing_tells_its_pages(pages: int) -> None:
    yuan = fee_by_page(pages, LAW, DAY).yuan
    assert pages_of(yuan, LAW, DAY) == (pages if yuan else None)


@pytest.mark.parametrize("yuan", [0, 1, 271, 705, 2745])
def test_amount_that_no_ladder_gives_has_no_pages(yuan: int) -> None:
    assert pages_of(Decimal(yuan), LAW, DAY) is None


# -- the notice ---------------------------------------------------------------------------------------


def charged(policy: str, **fields: Any) -> Logged | Refusal:
    return (
        Walk(fee_policy=policy, items=("甲", "乙"))
        .must(*ASSIGNED)
        .do("charge_fee", 3, reached_on=3, **fields)
    )


def test_township_that_takes_no_fees_cannot_charge() -> None:
    refusal = charged("off", mode="by_page", pages=57)
    assert isinstance(refusal, Refusal) and refusal.rule == "setting_forbids"


@pytest.mark.parametrize(("policy", "mode"), [("by_page", "by_item"), ("by_item", "by_page")])
def test_body_that_charges_one_way_does_not_charge_the_other(policy: str, mode: str) -> None:
    refusal = charged(policy, mode=mode, pages=57)
    assert isinstance(refusal, Refusal) and refusal.rule == "setting_forbids"


def test_body_that_may_choose_must_name_one_way() -> None:
    refusal = charged("choose", pages=57)
    assert isinstance(refusal, Refusal) and refusal.field == "mode"
    assert isinstance(charged("choose", mode="by_page", pages=57), Logged)


def test_second_notice_for_the_same_application_is_refused_in_either_way() -> None:
    walk = Walk(fee_policy="choose").must(
        *ASSIGNED,
        ("charge_fee", 3, {"reached_on": 3, "mode": "by_page", "pages": 57}),
        ("pay_fee", 4, {}),
    )
    for mode in ("by_item", "by_page"):
        refusal = walk.do("charge_fee", 7, reached_on=7, mode=mode, pages=57)
        assert isinstance(refusal, Refusal) and refusal.rule == "already_done"


@pytest.mark.parametrize("amount", ["269", "280", "0"])
def test_wrong_amount_is_refused_with_the_breakdown(amount: str) -> None:
    refusal = charged("by_page", pages=57, amount=amount)
    assert isinstance(refusal, Refusal) and refusal.field == "amount"
    assert "第 31 至 57 页，每页 10 元，计 270 元；合计 270 元" in refusal.message


def test_amount_that_follows_from_no_number_of_pages_is_refused() -> None:
    refusal = charged("by_page", amount="9999")
    assert isinstance(refusal, Refusal) and refusal.field == "amount"
    assert isinstance(charged("by_page", amount="270"), Logged)


def test_notice_without_pages_states_no_amount_and_is_refused() -> None:
    refusal = charged("by_page")
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("missing_evidence", "pages")


def test_nothing_is_charged_within_the_free_number() -> None:
    refusal = charged("by_page", pages=30)
    assert isinstance(refusal, Refusal) and "不收费" in refusal.message


def test_application_is_not_split_into_more_than_its_items() -> None:
    refusal = charged("by_item", units=3)
    assert isinstance(refusal, Refusal) and refusal.field == "units"


def test_notice_does_not_reach_before_it_is_sent() -> None:
    walk = Walk(fee_policy="by_page").must(*ASSIGNED)
    refusal = walk.do("charge_fee", 3, reached_on=2, pages=57)
    assert isinstance(refusal, Refusal) and refusal.field == "reached_on"


def test_notice_after_the_period_is_refused() -> None:
    walk = Walk(fee_policy="by_page").must(*ASSIGNED)
    refusal = walk.do("charge_fee", 40, reached_on=40, pages=57)
    assert isinstance(refusal, Refusal) and refusal.rule == "too_late"


# -- the month ----------------------------------------------------------------------------------------


def test_eleventh_request_of_the_month_costs_100(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    numbers = [town.register(f"2024-05-{6 + n // 3:02}") for n in range(12)]
    for number in numbers:
        town.do(number, "assign", "2024-05-20")
    tenth = town.refused(numbers[9], "charge_fee", "2024-05-20", reached_on="2024-05-20")
    assert "不收费" in tenth.message
    town.do(numbers[10], "charge_fee", "2024-05-20", reached_on="2024-05-20")
    kept = next(line for line in town.case(numbers[10]).log if line.event == "charge_fee")
    assert Decimal(kept.fields["amount"]) == 100
    refusal = town.refused(
        numbers[11], "charge_fee", "2024-05-20", reached_on="2024-05-20", amount="200"
    )
    assert "第 12 件，100 元" in refusal.message


def twelve_in_may(town: Town, on: str = "2024-05-06") -> list[str]:
    return [town.register(on) for _ in range(12)]


def fee(town: Town, number: str, on: str) -> Decimal:
    """What the application costs by item; 0 where it is free."""
    town.do(number, "assign", on)
    try:
        town.do(number, "charge_fee", on, reached_on=on)
    except Refused as error:
        assert "不收费" in str(error)
        return Decimal(0)
    return next(
        Decimal(line.fields["amount"])
        for line in town.case(number).log
        if line.event == "charge_fee"
    )


def test_next_month_starts_anew(office_on: ON) -> None:
    town = Town(office_on(date(2024, 6, 20)), fee_policy="by_item")
    last_of_may = twelve_in_may(town)[-1]
    first_of_june = town.register("2024-06-03")
    assert fee(town, last_of_may, "2024-05-07") == 100
    assert fee(town, first_of_june, "2024-06-04") == 0


def test_month_is_that_of_receipt_not_of_the_notice(office_on: ON) -> None:
    town = Town(office_on(date(2024, 6, 20)), fee_policy="by_item")
    assert fee(town, twelve_in_may(town, "2024-05-30")[-1], "2024-06-03") == 100


def test_requests_of_somebody_else_do_not_count_even_of_the_same_name(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    twelve_in_may(town)
    assert fee(town, town.register("2024-05-07", proof="E20000002"), "2024-05-08") == 0


def test_one_person_under_two_names_is_one_applicant(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    twelve_in_may(town)
    assert fee(town, town.register("2024-05-07", name="张叁"), "2024-05-08") == 100


def test_requests_to_another_body_do_not_count(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    town.add("jiangna", "江那镇人民政府", fee_policy="by_item")
    for _ in range(12):
        town.register("2024-05-06", agency="jiangna")
    # Both bodies number from 1: the walk is the town's own.
    number = town.register("2024-05-07")
    assert fee(town, number, "2024-05-08") == 0


def test_voided_requests_do_not_count(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    numbers = twelve_in_may(town)
    for number in numbers[:2]:
        town.do(number, "void", "2024-05-06", reason="重复录入", second_person="lifang")
    assert fee(town, numbers[-1], "2024-05-07") == 0


@pytest.mark.parametrize(("counts", "yuan"), [("registered", 100), ("registered_not_withdrawn", 0)])
def test_whether_withdrawn_requests_count_is_a_setting(
    counts: str, yuan: int, office_on: ON
) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item", fee_month_counts=counts)
    numbers = twelve_in_may(town)
    for number in numbers[:2]:
        town.do(number, "withdraw", "2024-05-06")
    assert fee(town, numbers[-1], "2024-05-07") == yuan


def test_application_that_was_split_counts_as_often_in_the_month(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_item")
    for _ in range(20):
        town.register("2024-05-06")
    split = town.register("2024-05-06", items=[f"第 {n} 年的合同" for n in range(1, 11)])
    town.do(split, "assign", "2024-05-07")
    town.do(split, "charge_fee", "2024-05-07", reached_on="2024-05-07", units=10)
    assert fee(town, town.register("2024-05-07"), "2024-05-08") == 200  # the 31st unit


# -- the payment --------------------------------------------------------------------------------------

WAITING = [*ASSIGNED, ("charge_fee", 3, {"reached_on": 4, "pages": 57, "amount": "270"})]


@pytest.mark.parametrize("amount", ["100", "269.99", "271"])
def test_payment_must_be_the_whole(amount: str) -> None:
    refusal = Walk(fee_policy="by_page").must(*WAITING).do("pay_fee", 7, amount=amount)
    assert isinstance(refusal, Refusal) and refusal.field == "amount"
    assert isinstance(Walk(fee_policy="by_page").must(*WAITING).do("pay_fee", 7, amount="270"), Logged)  # fmt: skip


def test_amount_of_a_payment_is_that_of_the_notice(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)), fee_policy="by_page")
    number = town.register("2024-05-06")
    town.do(number, "assign", "2024-05-07")
    town.do(number, "charge_fee", "2024-05-08", reached_on="2024-05-08", pages=57)
    paid = town.do(number, "pay_fee", "2024-05-09").log[-1]
    assert Decimal(paid.fields["amount"]) == 270


def test_applicant_has_20_working_days_from_the_day_after_the_notice() -> None:
    walk = Walk(fee_policy="by_page").must(*WAITING)
    due = walk.case.deadlines.fee_due
    assert due
    assert walk.case.rules.calendar.count(MONDAY + timedelta(4), due) == 20
    assert walk.case.next_due() == (due, "fee")
    days = (due - MONDAY).days
    late = walk.do("pay_fee", days + 1)
    assert isinstance(late, Refusal) and late.rule == "too_late"
    early = walk.do("lapse_fee", days)
    assert isinstance(early, Refusal) and early.rule == "too_early"
    assert isinstance(walk.do("pay_fee", days), Logged)


def test_payment_starts_the_whole_period_anew() -> None:
    walk = Walk(fee_policy="by_page").must(*WAITING, ("pay_fee", 10, {}))
    due, paid = walk.case.deadlines.reply_due, MONDAY + timedelta(10)
    assert due and walk.case.rules.calendar.count(paid, due) == 20


def test_payment_lets_the_rest_of_the_period_run_where_the_setting_says_so() -> None:
    walk = Walk(fee_policy="by_page", fee_restart_full=False).must(*ASSIGNED)
    before = walk.case.deadlines.reply_due
    walk.must(*WAITING[2:], ("pay_fee", 10, {}))
    due, calendar = walk.case.deadlines.reply_due, walk.case.rules.calendar
    waited = calendar.count(MONDAY + timedelta(3), MONDAY + timedelta(10))
    assert before and due and calendar.count(before, due) == waited > 0


def test_unpaid_application_ends_on_the_day_after_and_counts_as_unpaid() -> None:
    walk = Walk(fee_policy="by_page").must(*WAITING)
    due = walk.case.deadlines.fee_due
    assert due
    walk.must(("lapse_fee", (due - MONDAY).days + 9, {}))
    assert walk.case.facts.closed_on == due + timedelta(1)
    assert (walk.case.state, walk.case.row) == ("closed", "other_fee_unpaid")
