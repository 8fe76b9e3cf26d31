"""Nothing before what is logged (law.md §7A): typing in late stays possible, a contradiction does not."""

from typing import Any

import pytest

from tests.workflow.case.walk import (
    ASSIGNED,
    CHECKED,
    DRAFTED,
    IN_REVIEW,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    SIGNING,
    Step,
    Walk,
)
from workflow.case.facts import Logged
from workflow.dates import in_words
from workflow.refusal import Refusal

SEARCH = {"sources": ["档案室"], "keywords": ["合同"], "hits": 0}
SUPPLIED = {"outcome": "supplied", "by": "handler"}
DIRECT = {"method": "direct", "signed_on": 12}
OBJECTED: list[Step] = [
    *ASSIGNED, ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
    ("consult_third_party", 2, {"consultation": 2, "reached_on": 2}),
    ("record_opinion", 9, {"consultation": 1, "opinion": "objects"}),
    ("record_opinion", 12, {"consultation": 2, "opinion": "objects"}),
]  # fmt: skip
CONSULTED: list[Step] = [
    *ASSIGNED, ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
    ("record_opinion", 9, {"consultation": 1, "opinion": "agrees"}),
]  # fmt: skip
AGAINST: dict[str, tuple[list[Step], Step, str, int]] = {
    "assignment before the receipt": (RECEIVED, ("assign", -1, {}), "收到并登记", 0),
    "search before the receipt": (ASSIGNED, ("record_search", -1, SEARCH), "收到并登记", 0),
    "draft before the end of the consultation": (CONSULTED, ("propose_outcome", 8, SUPPLIED), "收到意见", 9),
    "draft before the search": ([*ASSIGNED, ("record_search", 9, SEARCH)], ("propose_outcome", 8, SUPPLIED), "检索记录", 9),
    "secrecy pass before it was sent there": (IN_REVIEW, ("pass_secrecy_review", 7, {}), "送保密审查", 8),
    "signature before the passes": (SIGNING, ("approve", 9, {}), "合法性审核通过", 10),
    "signature before the draft": ([*DRAFTED, ("take_back_draft", 8, {}), ("propose_outcome", 9, {"outcome": "petition", "by": "handler", "reason": "请求处理纠纷"}), ("pass_legal_check", 9, {})], ("approve", 8, {}), "合法性审核通过", 9),
    "service before the signature": (READY, ("serve", 10, {"method": "direct", "signed_on": 12}), "签发", 11),
    "reply beside a later extension": ([*READY, ("extend", 20, {"days": 5})], ("serve", 12, DIRECT), "延长答复期限", 20),
    "reply beside a later consultation": ([*ASSIGNED, ("consult_third_party", 2, {}), ("record_opinion", 20, {"consultation": 1}), ("propose_outcome", 20, SUPPLIED)], ("send_to_secrecy_review", 12, {}), "拟办意见", 20),
    "opinion before its consultation": ([*CONSULTED, ("consult_third_party", 15, {"consultation": 2})], ("record_opinion", 12, {"consultation": 2}), "征求第三方意见", 15),
    "notice against a third party before its opinion": (OBJECTED, ("override_third_party", 8, {"consultation": 1}), "收到意见", 9),
    "ruling before it was asked for": ([*ASSIGNED, ("ask_ruling", 5, {})], ("record_ruling", 4, {"ruling": "否"}), "报请保密部门确定", 5),
    "archiving before the service": (SERVED, ("archive", 13, {}), "送达答复", 14),
    "withdrawal before the correction of the same person": ([*RECEIVED, ("require_correction", 2, {"reached_on": 2}), ("correct", 9, {})], ("withdraw", 5, {"by": "applicant"}), "收到补正", 9),
}  # fmt: skip


@pytest.mark.parametrize("what", AGAINST)
def test_entry_is_not_dated_before_one_that_it_presupposes_and_that_one_is_named(what: str) -> None:
    before, (name, day, fields), label, named = AGAINST[what]
    walk = Walk().must(*before)
    known = walk.snapshot()
    refusal = walk.do(name, day, **fields)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.rule in ("bad_field", "too_early")
    assert label in refusal.message
    assert in_words(MONDAY.replace(day=MONDAY.day + named)) in refusal.message
    assert walk.snapshot() == known


@pytest.mark.parametrize("what", AGAINST)
def test_the_same_entry_on_the_named_day_is_in_order(what: str) -> None:
    before, (name, _, fields), _, named = AGAINST[what]
    if "signed_on" in fields:
        fields = {**fields, "signed_on": named}
    assert isinstance(Walk().must(*before).do(name, named, **fields), Logged)


LATE: dict[str, tuple[list[Step], Step]] = {
    "a search, after the assignment was typed": (ASSIGNED, ("record_search", 0, SEARCH)),
    "a consultation that went out before the draft": (DRAFTED, ("consult_third_party", 3, {})),
    "an extension of a week ago": (READY, ("extend", 3, {"days": 5})),
    "an opinion that came before the next consultation went out": ([*ASSIGNED, ("consult_third_party", 2, {"consultation": 1}), ("consult_third_party", 9, {"consultation": 2})], ("record_opinion", 5, {"consultation": 1})),
    "a notice against one third party before the opinion of another": (OBJECTED, ("override_third_party", 9, {"consultation": 1})),
    "a withdrawal, although the office went on": (READY, ("withdraw", 3, {"by": "applicant"})),
    "an opinion after its deadline keeps no signature waiting": ([*ASSIGNED, ("consult_third_party", 1, {"consultation": 1, "reached_on": 1}), ("propose_outcome", 25, SUPPLIED), ("send_to_secrecy_review", 25, {}), ("pass_secrecy_review", 25, {}), ("pass_legal_check", 25, {}), ("record_opinion", 28, {"consultation": 1, "opinion": "agrees"})], ("approve", 26, {})),
    "a service of a day ago": (READY, ("serve", 11, {"method": "direct", "signed_on": 11})),
}  # fmt: skip


@pytest.mark.parametrize("what", LATE)
def test_typing_in_late_stays_possible(what: str) -> None:
    before, (name, day, fields) = LATE[what]
    done = Walk().must(*before).do(name, day, **fields)
    assert isinstance(done, Logged), done


@pytest.mark.parametrize(
    ("before", "fields"),
    [
        (READY, {"method": "mail", "posted_on": 10}),
        (READY, {"method": "electronic", "sent_on": 10}),
        ([*CHECKED, ("pass_legal_check", 13, {}), ("approve", 13, {})], {"method": "direct", "signed_on": 12}),
    ],
)  # fmt: skip
def test_service_does_not_take_effect_before_the_signature(
    before: list[Step], fields: dict[str, Any]
) -> None:
    """国办公开办函〔2016〕235号: the day of posting, sending or signature is the day that counts."""
    refusal = Walk().must(*before).do("serve", 14, **fields)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, "签发" in refusal.message) == ("too_early", True)


def test_nothing_is_dated_before_the_first_entry() -> None:
    """条例29: before receipt too."""
    for name, fields in (
        ("withdraw", {"by": "applicant"}),
        ("reroute", {"to": "县局"}),
        ("void", {"reason": "测试", "second_person": "甲"}),
    ):
        walk = Walk(online_confirmation="confirmation_event")
        walk.must(("submit", 5, {"channel": "portal", "by": "applicant"}))
        refusal = walk.do(name, 4, **fields)
        assert isinstance(refusal, Refusal), name
        assert (refusal.rule, refusal.field) == ("bad_field", "on")
        assert isinstance(walk.do(name, 5, **fields), Logged)


def test_slip_of_the_post_is_not_older_than_the_signature() -> None:
    posted = {"method": "mail", "posted_on": 12, "signed_on": 10}
    refusal = Walk().must(*READY).do("serve", 14, **posted)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("too_early", "signed_on")
