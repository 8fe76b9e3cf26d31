"""Every kind of refusal: rule, article and way out, and the case stays as it was."""

import re
from datetime import date
from typing import Any

import pytest

from tests.workflow.case.walk import (
    ASSIGNED,
    CORRECTING,
    DRAFTED,
    EVERYBODY,
    IN_REVIEW,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    SIGNING,
    TODAY,
    Step,
    Walk,
)
from workflow import events as ev
from workflow.case.facts import Actor, Logged
from workflow.refusal import RULES, Refusal

WAITING: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 2, {"consultation": 1, "reached_on": 3}),
]

Wrong = tuple[str, list[Step], Step, dict[str, Any]]

REFUSED: dict[str, Wrong] = {
    "outcome nobody knows": ("bad_field", ASSIGNED, ("propose_outcome", 7, {"outcome": "granted"}), {}),
    "outcome that another event brings about": ("bad_field", ASSIGNED, ("propose_outcome", 7, {"outcome": "withdrawn"}), {}),
    "no outcome at all": ("bad_field", ASSIGNED, ("propose_outcome", 7, {}), {}),
    "letter by a courier that is not the post": ("bad_field", READY, ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "顺丰速运"}), {}),
    "step before the one it follows": ("bad_field", DRAFTED, ("send_to_secrecy_review", 3, {}), {}),
    "notice that arrives before it is sent": ("bad_field", RECEIVED, ("require_correction", 3, {"reached_on": 1}), {}),
    "extension of 21 days": ("bad_field", ASSIGNED, ("extend", 5, {"days": 21}), {}),
    "service of what nobody signed": ("not_in_this_state", ASSIGNED, ("serve", 5, {"method": "direct"}), {}),
    "signature before the legal check": ("not_in_this_state", DRAFTED, ("approve", 8, {}), {}),
    "opinion that nobody asked for": ("bad_field", ASSIGNED, ("record_opinion", 5, {"consultation": 1}), {}),
    "ruling that nobody asked for": ("not_in_this_state", IN_REVIEW, ("record_ruling", 9, {"ruling": "不属于国家秘密"}), {}),
    "override without an objection": ("not_in_this_state", ASSIGNED, ("override_third_party", 5, {"consultation": 1}), {}),
    "end of a review that was not filed": ("not_in_this_state", SERVED, ("conclude_review", 60, {"result": "upheld"}), {}),
    "extension by a clerk": ("not_your_role", ASSIGNED, ("extend", 5, {"days": 10, "by": "clerk"}), {}),
    "secrecy review by a clerk": ("not_your_role", IN_REVIEW, ("pass_secrecy_review", 9, {"by": "clerk"}), {}),
    "signature by the applicant": ("not_your_role", SIGNING, ("approve", 11, {"by": "applicant"}), {}),
    "void with oneself as second person": ("same_person", RECEIVED, ("void", 1, {"reason": "测试", "second_person": "office_head"}), {}),
    "extension after the period": ("too_late", ASSIGNED, ("extend", 40, {"days": 10}), {}),
    "extension told after the period": ("too_late", ASSIGNED, ("extend", 25, {"days": 10, "sent_on": 30}), {}),
    "correction without what is to be corrected": ("missing_evidence", RECEIVED, ("require_correction", 3, {"reached_on": 3, "defects": None}), {}),
    "arrival where nothing went out": ("not_in_this_state", RECEIVED, ("record_delivery", 3, {"of": "extend", "reached_on": 3}), {}),
    "arrival of what was never sent": ("bad_field", CORRECTING, ("record_delivery", 3, {"of": "extend", "reached_on": 3}), {}),
    "delivery that is neither arrival nor return": ("bad_field", CORRECTING, ("record_delivery", 5, {"of": "require_correction"}), {}),
    "return before the day of sending": ("bad_field", CORRECTING, ("record_delivery", 5, {"of": "require_correction", "returned_on": 1}), {}),
    "arrival that was told before": ("already_done", CORRECTING, ("record_delivery", 5, {"of": "require_correction", "reached_on": 3}), {}),
    "lapse of a correction that nobody knows to have arrived": ("missing_evidence", [*RECEIVED, ("require_correction", 2, {})], ("lapse_correction", 90, {}), {}),
    "silence of an addressee that nobody knows to have been reached": ("missing_evidence", [*ASSIGNED, ("consult_third_party", 2, {"consultation": 1})], ("record_opinion", 60, {"consultation": 1, "opinion": "none"}), {}),
    "rerouting what was received": ("too_late", [("submit", 0, {"channel": "portal", "by": "applicant"})], ("reroute", 1, {"to": "县自然资源局"}), {"online_confirmation": "submission"}),
    "late correction where a body takes none": ("too_late", CORRECTING, ("correct", 60, {}), {"late_correction": "reject"}),
    "payment after its period": ("too_late", [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})], ("pay_fee", 60, {}), {"fee_policy": "by_page"}),
    "lapse before the correction is due": ("too_early", CORRECTING, ("lapse_correction", 10, {}), {}),
    "lapse before the fee is due": ("too_early", [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})], ("lapse_fee", 10, {}), {"fee_policy": "by_page"}),
    "day that is still to come": ("too_early", RECEIVED, ("assign", (TODAY - MONDAY).days + 1, {}), {}),
    "silence before the addressee's deadline": ("too_early", WAITING, ("record_opinion", 8, {"consultation": 1, "opinion": "none"}), {}),
    "service before the signature": ("too_early", READY, ("serve", 11, {"method": "direct", "signed_on": 5}), {}),
    "answer while reasons are awaited": ("too_early", [*RECEIVED, ("ask_reasons", 2, {})], ("propose_outcome", 5, {"outcome": "excessive"}), {}),
    "archive while a suit is open": ("too_early", [*SERVED, ("file_suit", 40, {"via": "direct"})], ("archive", 60, {}), {}),
    "second extension": ("already_done", [*ASSIGNED, ("extend", 5, {"days": 10})], ("extend", 9, {"days": 5}), {}),
    "second receipt": ("already_done", RECEIVED, ("receive", 1, {"channel": "in_person"}), {}),
    "consultation number used twice": ("already_done", WAITING, ("consult_third_party", 4, {"consultation": 1}), {}),
    "reasons asked for twice": ("already_done", [*RECEIVED, ("ask_reasons", 2, {}), ("give_reasons", 4, {"accepted": True})], ("ask_reasons", 6, {}), {}),
    "proceeding number used twice": ("already_done", [*SERVED, ("file_review", 30, {"proceeding": 1})], ("file_review", 31, {"proceeding": 1}), {}),
    "refusal without its ground": ("missing_evidence", ASSIGNED, ("propose_outcome", 7, {"outcome": "security_stability"}), {}),
    "release without secrecy review": ("missing_evidence", DRAFTED, ("pass_legal_check", 8, {}), {}),
    "signature while the court is not named": ("missing_evidence", SIGNING, ("approve", 11, {}), {"court": ""}),
    "not found without a search": ("missing_evidence", ASSIGNED, ("propose_outcome", 7, {"outcome": "not_existing"}), {}),
    "delay without accepted reasons": ("missing_evidence", ASSIGNED, ("delay_reply", 5, {"until": 90}), {}),
    "appeal without a judgment": ("missing_evidence", SERVED, ("file_suit", 60, {"via": "direct", "instance": "appeal"}), {}),
    "redo that nobody ordered": ("missing_evidence", SERVED, ("order_redo", 60, {}), {}),
    "draft while an opinion is awaited": ("open_consultation", WAITING, ("propose_outcome", 7, {"outcome": "supplied"}), {}),
    "fee where none is taken": ("setting_forbids", ASSIGNED, ("charge_fee", 3, {"reached_on": 3}), {}),
    "fee in another way than the body's": ("setting_forbids", ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "mode": "by_item"}), {"fee_policy": "by_page"}),
    "second correction round": ("setting_forbids", [*CORRECTING, ("correct", 8, {})], ("require_correction", 10, {"reached_on": 10}), {}),
    "text with a secret mark": ("state_secret_content", RECEIVED, ("assign", 1, {"to": "机密★10年 规划股"}), {}),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_step_is_refused_with_rule_article_and_way_out(case: str) -> None:
    rule, before, (name, days, fields), chosen = REFUSED[case]
    walk = Walk(**chosen).must(*before)
    known = walk.snapshot()
    refusal = walk.do(name, days, **fields)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == rule
    assert refusal.article
    for sentence in (refusal.message, refusal.allowed_when):
        assert re.search("[\u4e00-\u9fff]", sentence)
    assert set(refusal.as_dict()) - {"field"} == {"rule", "article", "message", "allowed_when"}
    assert walk.snapshot() == known


def test_event_nobody_knows_is_refused() -> None:
    walk = Walk().must(*RECEIVED)
    refusal = walk.case.machine.refusal(walk.case, "recieve", None, None, TODAY)
    assert refusal and refusal.rule == "unknown_event"
    with pytest.raises(ev.UnknownEvent):
        ev.parse("recieve", {"on": MONDAY})


def test_every_kind_of_refusal_is_shown_above() -> None:
    shown = {wrong[0] for wrong in REFUSED.values()} | {"unknown_event"}
    # Nothing publishes a year yet, so that none can be frozen.
    assert shown == RULES - {"frozen_year"}


def test_event_before_its_law_is_refused() -> None:
    """Fees exist since 2021, reasons since May 2019."""
    walk = Walk(fee_policy="by_page")
    walk.do("receive", (date(2020, 6, 1) - MONDAY).days, channel="in_person")
    walk.do("assign", (date(2020, 6, 2) - MONDAY).days)
    days = (date(2020, 6, 3) - MONDAY).days
    refusal = walk.do("charge_fee", days, reached_on=date(2020, 6, 3))
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "too_early"


@pytest.mark.parametrize(
    ("before", "name"), [(IN_REVIEW, "pass_secrecy_review"), (SIGNING, "approve")]
)
def test_who_drafted_neither_reviews_nor_signs(before: list[Step], name: str) -> None:
    """保密审查人和签发人不能是拟稿人, even where one person holds every role."""
    walk = Walk()
    for step, days, fields in before:
        done = walk.do(
            step, days, **{**fields, "by": EVERYBODY} if step == "propose_outcome" else fields
        )
        assert isinstance(done, Logged)
    refusal = walk.do(name, 12, by=EVERYBODY)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "same_person"
    another = Actor("another", EVERYBODY.roles)
    assert isinstance(walk.do(name, 12, by=another), Logged)
