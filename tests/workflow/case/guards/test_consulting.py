"""Consultations, extensions and fees at their edges."""

import pytest

from tests.workflow.case.guards.walked import DUE, accepted, refused, told
from tests.workflow.case.walk import ASSIGNED, MONDAY, Step, Walk
from workflow.refusal import Refusal

# -- extensions ------------------------------------------------------------------------------------------


def test_extension_told_on_the_last_day_counts_and_a_day_later_does_not() -> None:
    """33(2): told is sent, or by the setting extension_notice_counts arrived (law.md §3.4)."""
    strict = {"extension_notice_counts": "reached"}
    assert accepted(Walk().must(*ASSIGNED), "extend", DUE - 3, days=1, sent_on=DUE)
    assert accepted(Walk().must(*ASSIGNED), "extend", DUE - 3, days=1, reached_on=DUE + 1)
    assert refused(Walk().must(*ASSIGNED), "extend", DUE - 3, days=1, sent_on=DUE + 1) == (
        "too_late",
        "sent_on",
    )
    assert accepted(Walk(**strict).must(*ASSIGNED), "extend", DUE - 3, days=1, reached_on=DUE)
    late = refused(Walk(**strict).must(*ASSIGNED), "extend", DUE - 3, days=1, reached_on=DUE + 1)
    assert late == ("too_late", "reached_on")
    untold = refused(Walk(**strict).must(*ASSIGNED), "extend", DUE - 3, days=1)
    assert untold == ("missing_evidence", "reached_on")


def test_extension_that_is_granted_and_told_late_names_the_day_of_granting() -> None:
    walk = Walk().must(*ASSIGNED)
    assert refused(walk, "extend", DUE + 2, days=5, reached_on=DUE + 2) == ("too_late", "on")


@pytest.mark.parametrize(("days", "possible"), [(20, True), (21, False)])
def test_extension_has_at_most_20_working_days(days: int, possible: bool) -> None:
    walk = Walk().must(*ASSIGNED)
    if possible:
        assert accepted(walk, "extend", 5, days=days)
    else:
        assert refused(walk, "extend", 5, days=days) == ("bad_field", "days")


def test_applicant_is_not_told_of_an_extension_before_it_is_granted() -> None:
    found = refused(Walk().must(*ASSIGNED), "extend", 5, days=5, reached_on=4)
    assert found == ("bad_field", "reached_on")


def test_extension_of_a_single_day_uses_up_the_only_one() -> None:
    walk = Walk().must(*ASSIGNED, ("extend", 5, {"days": 1}))
    assert refused(walk, "extend", 6, days=1)[0] == "already_done"


@pytest.mark.parametrize(("again", "possible"), [(True, True), (False, False)])
def test_restarted_period_may_be_extended_again_where_the_setting_says_so(
    again: bool, possible: bool
) -> None:
    walk = Walk(extension_again_after_restart=again).must(
        *ASSIGNED,
        ("extend", 2, {"days": 5}),
        ("require_correction", 3, {"reached_on": 3}),
        ("correct", 8, {}),
        ("assign", 9, {}),
    )
    if possible:
        assert accepted(walk, "extend", 10, days=5)
    else:
        assert refused(walk, "extend", 10, days=5)[0] == "already_done"


def test_first_extension_is_possible_where_no_second_one_would_be() -> None:
    walk = Walk(extension_again_after_restart=False).must(*ASSIGNED)
    assert accepted(walk, "extend", 5, days=5)


# -- consultations ---------------------------------------------------------------------------------------


def test_notice_against_a_third_party_follows_an_objection_or_silence_of_that_party() -> None:
    before: list[Step] = [
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("consult_third_party", 2, {"consultation": 2, "reached_on": 2}),
        ("record_opinion", 4, {"consultation": 1, "opinion": "objects"}),
        ("record_opinion", 4, {"consultation": 2, "opinion": "agrees"}),
    ]
    walk = Walk().must(*before)
    assert told(walk, "override_third_party", 5) is None
    assert refused(walk, "override_third_party", 5, consultation=2)[0] == "not_in_this_state"
    assert accepted(walk, "override_third_party", 5, consultation=1)


def test_silent_third_party_is_told_as_well() -> None:
    walk = Walk().must(
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("record_opinion", 60, {"consultation": 1, "opinion": "none"}),
    )
    assert accepted(walk, "override_third_party", 61, consultation=1)


CONSULTED: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 3, {"consultation": 1, "reached_on": 3}),
]


def test_letter_of_a_consultation_does_not_arrive_before_it_is_sent() -> None:
    early = refused(Walk().must(*ASSIGNED), "consult_third_party", 3, consultation=1, reached_on=2)
    assert early == ("bad_field", "reached_on")


def test_opinion_is_recorded_once_for_a_consultation_that_was_sent_and_on_a_later_day() -> None:
    assert told(Walk().must(*ASSIGNED), "record_opinion", 5) == "not_in_this_state"
    assert told(Walk().must(*CONSULTED), "record_opinion", 5) is None
    walk = Walk().must(*CONSULTED)
    agreed = {"consultation": 1, "opinion": "agrees"}
    assert refused(walk, "record_opinion", 2, **agreed) == ("bad_field", "on")
    assert refused(walk, "record_opinion", 5, consultation=2) == ("bad_field", "consultation")
    assert accepted(walk, "record_opinion", 3, **agreed)
    done = walk.do("record_opinion", 5, **agreed)
    assert isinstance(done, Refusal)
    assert done.rule == "already_done"
    assert done.message == "第 1 次征求意见已经登记过意见"


def test_opinion_comes_after_the_letter_was_sent_not_only_decided() -> None:
    """条例32."""
    sent: Step = ("consult_third_party", 3, {"consultation": 1, "sent_on": 5})
    walk = Walk().must(*ASSIGNED, sent)
    assert refused(walk, "record_opinion", 4, consultation=1) == ("bad_field", "on")
    assert accepted(walk, "record_opinion", 5, consultation=1)


def test_silence_is_told_from_the_day_after_the_addressees_deadline() -> None:
    """条例32: 15 working days from the arrival, and none while that is not known."""
    silent = {"consultation": 1, "opinion": "none"}
    walk = Walk().must(*CONSULTED)
    deadline = walk.case.facts.consultations[1].deadline
    assert deadline is not None
    last = (deadline - MONDAY).days
    assert refused(walk, "record_opinion", last, **silent) == ("too_early", "on")
    assert accepted(walk, "record_opinion", last + 1, **silent)
    unknown = Walk().must(*ASSIGNED, ("consult_third_party", 3, {"consultation": 1}))
    assert refused(unknown, "record_opinion", 90, **silent) == ("missing_evidence", "opinion")


def test_draft_waits_for_an_opinion_and_is_told_until_when() -> None:
    """条例32, 34."""
    waiting = Walk().must(*CONSULTED).do("propose_outcome", 5, outcome="supplied")
    assert isinstance(waiting, Refusal)
    assert waiting.rule == "open_consultation"
    assert "期限 2024 年 3 月 28 日届满之后" in waiting.allowed_when
    unknown = Walk().must(*ASSIGNED, ("consult_third_party", 3, {"consultation": 1}))
    done = unknown.do("propose_outcome", 90, outcome="supplied")
    assert isinstance(done, Refusal)
    assert done.rule == "open_consultation" and "送达情况" in done.allowed_when


# -- rulings ---------------------------------------------------------------------------------------------


def test_ruling_on_secrecy_is_asked_for_then_given_and_may_be_asked_for_again() -> None:
    """条例17."""
    walk = Walk().must(*ASSIGNED)
    assert refused(walk, "record_ruling", 3, ruling="否") == ("not_in_this_state", None)
    walk.must(("ask_ruling", 3, {}))
    assert refused(walk, "ask_ruling", 4) == ("not_in_this_state", None)
    assert accepted(walk, "record_ruling", 5, ruling="否")
    assert accepted(walk, "ask_ruling", 6)


# -- fees ------------------------------------------------------------------------------------------------


def test_fee_is_paid_on_its_last_day_and_lapses_only_on_the_next() -> None:
    def charged() -> Walk:
        return Walk(fee_policy="by_page").must(
            *ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})
        )

    due = charged().case.deadlines.fee_due
    assert due is not None
    last = (due - MONDAY).days
    assert accepted(charged(), "pay_fee", last)
    assert refused(charged(), "pay_fee", last + 1) == ("too_late", "on")
    assert refused(charged(), "lapse_fee", last) == ("too_early", "on")
    assert accepted(charged(), "lapse_fee", last + 1)


def test_fee_lapses_only_where_the_arrival_of_its_notice_is_known() -> None:
    """国办函〔2020〕109号6: the period runs from the arrival."""
    walk = Walk(fee_policy="by_page").must(*ASSIGNED, ("charge_fee", 3, {"pages": 57}))
    assert refused(walk, "lapse_fee", 90) == ("missing_evidence", None)
    walk.must(("record_delivery", 90, {"of": "charge_fee", "reached_on": 4}))
    assert accepted(walk, "lapse_fee", 91)


def test_fee_is_told_once_for_an_application() -> None:
    """国办函〔2020〕109号3."""
    charged: Step = ("charge_fee", 3, {"reached_on": 3, "pages": 57})
    walk = Walk(fee_policy="by_page").must(*ASSIGNED, charged, ("pay_fee", 4, {}))
    assert refused(walk, "charge_fee", 7, pages=57) == ("already_done", None)


@pytest.mark.parametrize(
    ("policy", "mode"), [("choose", "by_page"), ("by_page", "by_page"), ("by_page", None)]
)
def test_body_charges_in_the_way_it_has_chosen(policy: str, mode: str | None) -> None:
    fields = {"mode": mode} if mode else {}
    walk = Walk(fee_policy=policy).must(*ASSIGNED)
    assert accepted(walk, "charge_fee", 3, reached_on=3, pages=57, **fields)


def test_body_that_takes_no_fees_says_so() -> None:
    done = Walk().must(*ASSIGNED).do("charge_fee", 3, reached_on=3)
    assert isinstance(done, Refusal)
    assert done.message == "本机关没有设置收取信息处理费"
