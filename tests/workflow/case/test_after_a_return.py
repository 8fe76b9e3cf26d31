"""After a return the work is next, and an unchanged draft does not go round again without a word
(条例17, 45; law.md §11A)."""

import pytest

from tests.workflow.case.walk import IN_REVIEW, RECEIVED, SIGNING, Step, Walk
from workflow.case.facts import Logged
from workflow.refusal import Refusal

PETITION: list[Step] = [
    *RECEIVED, ("assign", 1, {}),
    ("propose_outcome", 7, {"outcome": "petition", "by": "handler", "reason": "来信请求处理纠纷"}),
    ("pass_legal_check", 8, {}),
]  # fmt: skip
RETURNED: dict[str, tuple[list[Step], str, str]] = {
    "by the secrecy reviewer": (IN_REVIEW, "return_from_secrecy_review", "send_to_secrecy_review"),
    "by the leader": (SIGNING, "return_draft", "send_to_secrecy_review"),
    "one that needs no review": (PETITION, "return_draft", "pass_legal_check"),
}


def returned(what: str) -> tuple[Walk, str]:
    before, name, onward = RETURNED[what]
    return Walk().must(*before, (name, 12, {"reason": "请先征求第三方意见"})), onward


@pytest.mark.parametrize("what", RETURNED)
def test_unchanged_draft_does_not_go_round_again_without_a_word(what: str) -> None:
    walk, onward = returned(what)
    refusal = walk.do(onward, 13)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("missing_evidence", "note")
    assert isinstance(walk.do(onward, 13, note="第三方已经书面同意公开，附卷"), Logged)


@pytest.mark.parametrize("what", RETURNED)
def test_draft_that_says_the_same_again_is_no_other_draft(what: str) -> None:
    walk, onward = returned(what)
    same = next(e for e in walk.case.events if e.name == "propose_outcome").model_dump(
        exclude={"on"}, exclude_none=True
    )
    refusal = walk.do("propose_outcome", 13, by="handler", **same)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing_evidence"
    changed = {**same, "reason": "已按退回的理由补充"}
    assert isinstance(walk.do("propose_outcome", 13, by="handler", **changed), Logged)
    if onward != "pass_legal_check" or what == "one that needs no review":
        assert isinstance(walk.do(onward, 14), Logged)


@pytest.mark.parametrize("what", RETURNED)
def test_after_a_return_the_work_is_the_usual_next_step(what: str) -> None:
    walk, _ = returned(what)
    law, last = walk.case.rules.law, walk.case.log[-1].event.name
    assert walk.case.state == "drafted"
    assert law.usual_after("drafted", last)[0] == "propose_outcome"
    assert law.usual_after("drafted", "propose_outcome")[0] == "send_to_secrecy_review"
    assert law.transitions[last].mark == "退回"


def test_a_word_answers_one_return_and_not_the_next() -> None:
    walk, onward = returned("by the secrecy reviewer")
    walk.must(
        (onward, 13, {"note": "第三方已经同意"}),
        ("return_from_secrecy_review", 14, {"reason": "请附同意书"}),
    )
    assert isinstance(walk.do(onward, 15), Refusal)
    walk.must(
        ("take_back_draft", 15, {}),
        ("propose_outcome", 16, {"outcome": "supplied", "by": "handler"}),
    )
    assert isinstance(walk.do(onward, 16), Logged), "what was taken back is drafted anew"
