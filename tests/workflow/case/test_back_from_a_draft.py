"""Back from a draft to the work (条例17, 32, 37; law.md §11A): what falls, what stays, what leads there."""

from typing import Any

import pytest

from tests.workflow.case.guards.walked import DUE, refused
from tests.workflow.case.walk import (
    ASSIGNED,
    CHECKED,
    DRAFTED,
    IN_REVIEW,
    READY,
    RECEIVED,
    SERVED,
    SIGNING,
    Step,
    Walk,
)
from workflow.case.facts import Logged
from workflow.case.machine import machine_of

FROM_DRAFT: dict[str, list[Step]] = {
    "drafted": DRAFTED,
    "secrecy_review": IN_REVIEW,
    "legal_check": CHECKED,
    "approval": SIGNING,
    "ready": READY,
}
BY_THEMSELVES: dict[str, tuple[dict[str, Any], str]] = {
    "take_back_draft": ({"reason": "须先征求第三方意见"}, "processing"),
    "consult_third_party": ({"to": "某养护公司"}, "processing"),
    "consult_joint_agency": ({"to": "县交通运输局"}, "processing"),
    "consult_other_agency": ({"to": "县财政局"}, "processing"),
    "assign": ({"to": "财务股"}, "processing"),
    "require_correction": ({"reached_on": 15, "defects": ["请写明年度"]}, "awaiting_correction"),
    "charge_fee": ({"reached_on": 15, "pages": 57}, "awaiting_payment"),
}


@pytest.mark.parametrize("state", FROM_DRAFT)
@pytest.mark.parametrize("name", BY_THEMSELVES)
def test_from_every_draft_the_work_opens_again_and_passes_and_approval_fall(
    state: str, name: str
) -> None:
    """条例17, 32, 37: the secrecy reviewer's “ask the third party first” can be obeyed."""
    fields, after = BY_THEMSELVES[name]
    walk = Walk(fee_policy="by_page").must(*FROM_DRAFT[state])
    assert walk.case.state == state
    done = walk.do(name, 15, **fields)
    assert isinstance(done, Logged), done
    facts = walk.case.facts
    assert walk.case.state == after
    assert (facts.answer, facts.outcome, facts.approved_on) == (None, None, None)
    assert not facts.secrecy_passed
    drafts = [line.event for line in walk.case.log if line.event.name == "propose_outcome"]
    assert len(drafts) == 1, "the draft stays readable"


def test_what_was_taken_back_is_drafted_reviewed_and_signed_anew() -> None:
    """保密法实施条例42: the review of the draft that fell is no review of the next."""
    walk = Walk().must(*READY, ("take_back_draft", 15, {}))
    assert refused(walk, "serve", 16, method="direct", signed_on=16)[0] == "not_in_this_state"
    walk.must(("propose_outcome", 16, {"outcome": "supplied", "by": "handler"}))
    assert refused(walk, "pass_legal_check", 17)[0] == "missing_evidence"
    walk.must(
        ("send_to_secrecy_review", 17, {}), ("pass_secrecy_review", 17, {}),
        ("pass_legal_check", 18, {}), ("approve", 18, {}),
        ("serve", 18, {"method": "direct", "signed_on": 18}),
    )  # fmt: skip
    assert walk.case.state == "served"


@pytest.mark.parametrize("before", [RECEIVED, SERVED], ids=["no draft yet", "served"])
def test_nothing_is_taken_back_where_no_draft_is_in_hand(before: list[Step]) -> None:
    assert refused(Walk().must(*before), "take_back_draft", 20)[0] == "not_in_this_state"


def test_third_party_is_asked_from_registration_on_and_after_the_due_day_too() -> None:
    """条例32 binds the late body as well (law.md §3.5)."""
    walk = Walk().must(*RECEIVED, ("consult_third_party", 1, {}))
    assert walk.case.state == "processing"
    late = Walk().must(*ASSIGNED, ("consult_third_party", DUE + 5, {"to": "某公司"}))
    assert late.case.facts.consultations[1].sent_on


def test_while_reasons_are_awaited_the_period_may_be_extended_and_opinions_asked() -> None:
    """条例33, 32: the state stays, the period runs on."""
    walk = Walk().must(
        *ASSIGNED, ("ask_reasons", 2, {"deadline_on": 14}),
        ("consult_third_party", 3, {}), ("record_opinion", 5, {"consultation": 1, "opinion": "agrees"}),
        ("extend", 6, {"days": 10, "reached_on": 6}),
    )  # fmt: skip
    assert walk.case.state == "awaiting_reasons"
    assert walk.case.deadlines.extra_workdays == 10
    assert isinstance(walk.do("withdraw", 7, by="applicant"), Logged)


def test_consultations_are_numbered_by_the_engine_where_no_number_is_given() -> None:
    walk = Walk().must(
        *ASSIGNED, ("consult_third_party", 2, {}), ("consult_joint_agency", 3, {"consultation": 5}),
        ("consult_other_agency", 4, {}),
    )  # fmt: skip
    assert list(walk.case.facts.consultations) == [1, 5, 6]
    assert refused(walk, "consult_third_party", 5, consultation=5)[0] == "already_done"


def test_no_routine_step_takes_a_draft_back() -> None:
    """A filled-in step leads on, never back: `assign` is no way from a draft to the question for reasons."""
    walk = Walk().must(*DRAFTED)
    assert machine_of(walk.case.rules.law).route("drafted", "ask_reasons") is None
