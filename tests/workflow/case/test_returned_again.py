"""Returned papers come back to who returned them; reviews again only where what they judged has changed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.proved import GROUND
from tests.workflow.case.walk import ASSIGNED, MOMENT, MONDAY, Step, Walk
from tests.workflow.case.warned import looked
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.returned import still_standing

ITEMS: list[dict[str, Any]] = [
    {"item": 1, "outcome": "supplied"},
    {"item": 2, "outcome": "partial", "redaction": "隐去第四章", "ground": GROUND},
]
PASSED: list[Step] = [
    ("send_to_secrecy_review", 8, {}),
    ("pass_secrecy_review", 9, {}),
    ("pass_legal_check", 10, {}),
    ("return_draft", 11, {"reason": "第 2 项的理由请再写明", "by": "leader"}),
]
LATER = MOMENT + timedelta(minutes=1)


def returned() -> Walk:
    walk = Walk(items=("许可证", "方案")).must(*ASSIGNED)
    return walk.must(("propose_outcome", 7, {"items": ITEMS}), *PASSED)


def again(
    walk: Walk, *files: Any, note: str | None = "按原意见", **changed: Any
) -> tuple[str, ...]:
    items = [ITEMS[0], {**ITEMS[1], **changed}]
    event = ev.parse(
        "propose_outcome", {"on": MONDAY + timedelta(12), "items": items, "note": note}
    )
    assert isinstance(event, ev.ProposeOutcome)
    return still_standing(walk.case, event, *(files or (None, None)))


def test_what_is_unchanged_stands() -> None:
    assert again(returned()) == ("secrecy", "legal")


def test_other_words_for_the_reason_go_to_the_legal_check_alone() -> None:
    assert again(returned(), ground=GROUND + "，对手得知后可以压价") == ("secrecy",)


@pytest.mark.parametrize(
    "changed",
    [{"redaction": "隐去第四章和附表"}, {"outcome": "supplied", "redaction": None, "ground": None}],
)
def test_another_outcome_or_redaction_goes_the_whole_way(changed: dict[str, Any]) -> None:
    assert again(returned(), **changed) == ()


def test_a_document_that_came_later_was_never_reviewed() -> None:
    assert again(returned(), LATER, None) == ()


def test_a_letter_that_came_back_later_was_never_checked() -> None:
    assert again(returned(), None, LATER) == ("secrecy",)


def test_only_a_returned_draft_comes_back() -> None:
    walk = Walk(items=("许可证", "方案")).must(*ASSIGNED, ("propose_outcome", 7, {"items": ITEMS}))
    assert again(walk) == ()


def test_who_returned_it_for_secrecy_judges_it_anew() -> None:
    walk = Walk(items=("许可证", "方案")).must(
        *ASSIGNED, ("propose_outcome", 7, {"items": ITEMS}), PASSED[0],
        ("return_from_secrecy_review", 9, {"reason": "附表有身份证号码"}),
    )  # fmt: skip
    assert again(walk) == ()


@pytest.mark.parametrize(
    ("stands", "state", "secrecy", "legal"),
    [
        (None, "drafted", "missing", "missing"),
        (["secrecy"], "legal_check", "there", "missing"),
        (["secrecy", "legal"], "approval", "there", "there"),
    ],
)
def test_it_goes_back_to_who_still_decides(
    stands: list[str] | None, state: str, secrecy: str, legal: str
) -> None:
    walk = returned().must(
        ("propose_outcome", 12, {"items": ITEMS, "note": "已核对", "stands": stands})
    )
    assert walk.case.state == state
    assert looked(walk, 12, "secrecy") == {1: secrecy, 2: secrecy}
    assert looked(walk, 12, "legal") == {None: legal}
    assert Case.replayed(walk.case.header, walk.case.rules, walk.case.written).state == state


def test_a_pass_that_stood_stands_a_second_time() -> None:
    walk = returned().must(
        ("propose_outcome", 12, {"items": ITEMS, "note": "已核对", "stands": ["secrecy", "legal"]}),
        ("return_draft", 12, {"reason": "再核对一次", "by": "leader"}),
    )
    assert again(walk) == ("secrecy", "legal")


def test_reasons_of_items_are_the_reason_where_none_is_told() -> None:
    said = {"on": "2024-03-12", "items": [{"item": 2, "reason": "请写明页码"}]}
    event = ev.parse("return_draft", said)
    assert isinstance(event, ev.ReturnDraft) and event.reason == "第 2 项：请写明页码"


def test_an_item_that_was_not_asked_cannot_be_returned() -> None:
    walk = returned().must(
        ("propose_outcome", 12, {"items": ITEMS, "note": "已核对", "stands": ["secrecy", "legal"]})
    )
    said = {"reason": "页码", "items": [{"item": 3, "reason": "请写明页码"}]}
    refusal = walk.do("return_draft", 12, by="leader", **said)
    assert getattr(refusal, "rule", "") == "bad_field"
