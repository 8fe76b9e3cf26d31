"""Service, reviews, suits and new replies: the days on which they are possible, and the field to blame."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.guards.walked import accepted, refused, told
from tests.workflow.case.walk import ASSIGNED, MONDAY, READY, RECEIVED, SERVED, Step, Walk
from workflow.case.facts import Actor
from workflow.refusal import Refusal

# -- service ---------------------------------------------------------------------------------------------


def test_letter_goes_by_the_post_alone() -> None:
    by_courier = {"method": "mail", "posted_on": 14, "carrier": "顺丰速运"}
    assert refused(Walk().must(*READY), "serve", 14, **by_courier) == ("bad_field", "carrier")
    for carrier in ({}, {"carrier": "中国邮政"}, {"carrier": "EMS"}):
        assert accepted(Walk().must(*READY), "serve", 14, method="mail", posted_on=14, **carrier)


WAYS_OF_THE_POST = (
    "ems", "registered", "parcel", "EMS", "ｅｍｓ", "邮政特快专递", "挂号信", "中国邮政", "邮政快递包裹",
)  # fmt: skip


@pytest.mark.parametrize("carrier", WAYS_OF_THE_POST)
def test_the_postal_enterprise_is_known_by_its_ways_and_their_names_alone(carrier: str) -> None:
    """邮政法55: a word of the list, compared whole; the same whatever the way of service."""
    posted = {"method": "mail", "posted_on": 14, "carrier": carrier}
    assert accepted(Walk().must(*READY), "serve", 14, **posted)
    spoilt = {"method": "entrusted", "signed_on": 14, "carrier": f"{carrier}代收"}
    assert refused(Walk().must(*READY), "serve", 14, **spoilt) == ("bad_field", "carrier")


def test_reply_is_not_served_before_it_was_signed() -> None:
    signed = {"method": "direct", "signed_on": 10}
    assert refused(Walk().must(*READY), "serve", 14, **signed) == ("too_early", "signed_on")
    assert accepted(Walk().must(*READY), "serve", 14, method="direct", signed_on=11)


def test_reply_is_not_dated_before_the_request_came_in() -> None:
    early = {"method": "direct", "signed_on": 14, "document_date": MONDAY - timedelta(1)}
    found = refused(Walk().must(*READY), "serve", 14, **early)
    assert found == ("bad_field", "document_date")
    same = {**early, "document_date": MONDAY}
    assert accepted(Walk().must(*READY), "serve", 14, **same)


def test_void_is_confirmed_by_somebody_else() -> None:
    alone = {"reason": "测试", "second_person": "office_head"}
    assert refused(Walk().must(*RECEIVED), "void", 1, **alone) == ("same_person", "second_person")
    assert accepted(Walk().must(*RECEIVED), "void", 1, reason="测试", second_person="lifang")


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"method": "mail", "posted_on": 14}, "signed_on"), ({"method": "mail", "posted_on": 14}, "reached_on"),
     ({"method": "electronic", "sent_on": 14}, "reached_on")],
)  # fmt: skip
def test_reply_reaches_the_applicant_on_the_day_of_sending_or_later(
    sent: dict[str, Any], field: str
) -> None:
    """国办公开办函〔2016〕235号."""
    early = refused(Walk().must(*READY), "serve", 15, **sent, **{field: 13})
    assert early == ("bad_field", field)
    assert accepted(Walk().must(*READY), "serve", 15, **sent, **{field: 14})


ZHAO = Actor("zhaomin", frozenset(("clerk",)))
OBJECTED: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
    ("record_opinion", 4, {"consultation": 1, "opinion": "objects"}),
    *READY[len(ASSIGNED) :],
]


@pytest.mark.parametrize(("wait", "first"), [(0, 11), (1, 14), (2, 15)])
def test_what_a_third_party_objects_to_is_released_some_days_after_it_was_told(
    wait: int, first: int
) -> None:
    """条例32; 法释〔2025〕8号: told on Friday, day 11; a court can still be asked to stop it."""
    walk = Walk(third_party_wait_days=wait).must(*OBJECTED)

    def served_on(day: int) -> dict[str, Any]:
        return {"method": "direct", "signed_on": day}

    assert refused(walk, "serve", 14, **served_on(14)) == ("missing_evidence", None)
    walk.must(("override_third_party", 11, {"consultation": 1}))
    assert refused(walk, "serve", 14, **served_on(14)) == ("missing_evidence", None)
    arrived = {"of": "override_third_party", "consultation": 1, "reached_on": 11}
    walk.must(("record_delivery", 11, arrived))
    if wait:
        assert refused(walk, "serve", first, **served_on(first - 1)) == ("too_early", "on")
    assert accepted(walk, "serve", first, **served_on(first))


def test_what_a_third_party_agrees_to_is_released_at_once() -> None:
    """条例32."""
    agreed = ("record_opinion", 4, {"consultation": 1, "opinion": "agrees"})
    walk = Walk().must(*OBJECTED[:3], agreed, *OBJECTED[4:])
    assert accepted(walk, "serve", 11, method="direct", signed_on=11)


def test_entry_is_put_right_before_somebody_who_has_not_typed_it() -> None:
    """条例45: two persons, and neither is the one whose entry it was."""
    walk = Walk().must(*ASSIGNED)
    typed = walk.case.written[1].actor
    right = {"seq": 2, "fields": {"note": "核对过"}, "reason": "漏记"}
    for second in (typed, "zhaomin"):
        found = refused(walk, "correct_entry", 3, by=ZHAO, second_person=second, **right)
        assert found == ("same_person", "second_person")
    assert accepted(walk, "correct_entry", 3, by=ZHAO, second_person="wangqiang", **right)


# -- reviews and suits -----------------------------------------------------------------------------------


def test_number_of_a_review_is_not_that_of_a_suit() -> None:
    walk = Walk().must(*SERVED, ("file_review", 20, {"proceeding": 1}))
    assert accepted(walk, "file_suit", 21, via="direct", proceeding=1)
    assert refused(walk, "file_suit", 22, via="direct", proceeding=1) == (
        "already_done",
        "proceeding",
    )
    assert refused(walk, "file_review", 22, proceeding=1) == ("already_done", "proceeding")


def test_appeal_follows_the_judgment_of_a_suit_not_of_a_review() -> None:
    appeal = {"via": "direct", "instance": "appeal"}
    reviewed = Walk().must(
        *SERVED, ("file_review", 20, {}), ("conclude_review", 30, {"result": "upheld"})
    )
    assert refused(reviewed, "file_suit", 40, **appeal) == ("missing_evidence", "instance")
    pending = Walk().must(*SERVED, ("file_suit", 20, {"via": "direct"}))
    assert refused(pending, "file_suit", 40, **appeal) == ("missing_evidence", "instance")
    pending.must(("conclude_suit", 50, {"result": "claim_dismissed"}))
    assert accepted(pending, "file_suit", 60, **appeal)


BOTH: list[Step] = [*SERVED, ("file_review", 20, {}), ("file_suit", 22, {"via": "direct"})]


@pytest.mark.parametrize(
    ("name", "wrong"), [("conclude_review", "claim_dismissed"), ("conclude_suit", "upheld")]
)
def test_result_is_one_of_its_own_kind_of_proceeding(name: str, wrong: str) -> None:
    assert refused(Walk().must(*BOTH), name, 40, result=wrong) == ("bad_field", "result")


@pytest.mark.parametrize(
    ("name", "result", "filed"),
    [("conclude_review", "upheld", 20), ("conclude_suit", "claim_dismissed", 22)],
)
def test_proceeding_is_concluded_on_the_day_of_its_filing_or_later(
    name: str, result: str, filed: int
) -> None:
    assert refused(Walk().must(*BOTH), name, filed - 1, result=result) == ("bad_field", "on")
    assert accepted(Walk().must(*BOTH), name, filed, result=result)


def test_one_of_two_open_reviews_is_named_by_its_number() -> None:
    walk = Walk().must(*SERVED, ("file_review", 20, {}), ("file_review", 21, {}))
    for number in ({}, {"proceeding": 7}):
        found = refused(walk, "conclude_review", 30, result="upheld", **number)
        assert found == ("not_in_this_state", "proceeding")
    assert accepted(walk, "conclude_review", 30, result="upheld", proceeding=2)
    assert accepted(walk, "conclude_review", 31, result="upheld")


def test_only_an_open_proceeding_of_the_kind_can_be_concluded() -> None:
    assert told(Walk().must(*SERVED), "conclude_review", 30) == "not_in_this_state"
    review = Walk().must(*SERVED, ("file_review", 20, {}))
    assert told(review, "conclude_review", 30) is None
    assert told(review, "conclude_suit", 30) == "not_in_this_state"
    review.must(
        ("file_review", 21, {}), ("conclude_review", 25, {"result": "upheld", "proceeding": 1})
    )
    assert told(review, "conclude_review", 30) is None
    review.must(("conclude_review", 26, {"result": "upheld"}))
    assert told(review, "conclude_review", 30) == "not_in_this_state"


@pytest.mark.parametrize(
    ("step", "word"), [(("file_review", 20, {}), "复议"), (("file_suit", 20, {"via": "direct"}), "诉讼")]
)  # fmt: skip
def test_file_is_closed_after_its_proceedings(step: Step, word: str) -> None:
    done = Walk().must(*SERVED, step).do("archive", 40)
    assert isinstance(done, Refusal)
    assert (done.rule, done.message) == ("too_early", f"第 1 个{word}尚未审结")


# -- new replies -----------------------------------------------------------------------------------------

CORRECTED: list[Step] = [
    *SERVED,
    ("file_review", 20, {}),
    ("conclude_review", 40, {"result": "quashed"}),
]


def test_new_reply_is_ordered_from_the_day_of_the_result_and_for_a_later_day() -> None:
    assert refused(Walk().must(*CORRECTED), "order_redo", 39, due=60) == ("bad_field", "on")
    assert refused(Walk().must(*CORRECTED), "order_redo", 40, due=40) == ("bad_field", "due")
    assert accepted(Walk().must(*CORRECTED), "order_redo", 40, due=41)
    assert accepted(Walk().must(*CORRECTED), "order_redo", 40)


def test_each_correcting_result_orders_one_new_reply() -> None:
    walk = Walk().must(*CORRECTED, ("order_redo", 41, {"due": 60}))
    assert refused(walk, "order_redo", 42, due=60)[0] == "already_done"
    walk.must(("file_suit", 43, {"via": "after_review"}))
    assert refused(walk, "order_redo", 44, due=60)[0] == "already_done"
    walk.must(("conclude_suit", 50, {"result": "ordered_to_redo"}))
    assert accepted(walk, "order_redo", 51, due=70)


@pytest.mark.parametrize("result", ["upheld", "withdrawn", "mediated", "settled"])
def test_any_result_may_be_followed_by_an_order(result: str) -> None:
    """行政复议法73, 77: mediation binds; what a paper orders is a fact, whatever the result is called."""
    walk = Walk().must(
        *SERVED, ("file_review", 20, {}), ("conclude_review", 40, {"result": result})
    )
    assert accepted(walk, "order_redo", 41)


def test_order_follows_a_result() -> None:
    """The step it depends on is named."""
    done = Walk().must(*SERVED, ("file_review", 20, {})).do("order_redo", 41)
    assert isinstance(done, Refusal)
    assert (done.rule, done.allowed_when) == ("missing_evidence", "登记复议或者诉讼的结果之后")
