"""The answer that is proposed: what does not fit the request is refused at its field."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.guards.walked import accepted, item, refused, two_items
from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import ASSIGNED, MONDAY, SIGNING, Walk
from workflow.refusal import Refusal

WRONG_ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "kind of answer that there is not": ({"outcome": "granted"}, "outcome"),
    "kind of answer that there is not, for the first item": ({"items": [item(1, "granted"), item(2)]}, "items.0.outcome"),
    "kind of answer that there is not, for the second item": ({"items": [item(1), item(2, "granted")]}, "items.1.outcome"),
    "nothing chosen": ({}, "outcome"),
    "item answered twice": ({"items": [item(1), item(1)]}, "items"),
    "item that was not asked for": ({"items": [item(1), item(3)]}, "items"),
    "item left without an answer": ({"items": [item(1)]}, "items"),
    "outcome of the whole against its items": ({"outcome": "not_existing", "items": [item(1), item(2)]}, "outcome"),
    "outcome that only the applicant brings about": ({"outcome": "withdrawn"}, "outcome"),
    "item that only a lapse could end": ({"items": [item(1), item(2, "correction_lapsed")]}, "outcome"),
    "result of a register in an application": ({"result": "corrected"}, "result"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_answer_that_does_not_fit_the_request_is_refused_at_its_field(what: str) -> None:
    fields, field = WRONG_ANSWERS[what]
    assert refused(two_items(), "propose_outcome", 7, **fields) == ("bad_field", field)


def test_more_answers_than_items_are_refused_before_gaps_are_told() -> None:
    done = two_items().do("propose_outcome", 7, items=[item(1), item(2), item(9)])
    assert isinstance(done, Refusal)
    assert "只有 2 项" in done.message


def test_whole_may_differ_from_its_items_with_a_reason() -> None:
    both = [item(1), item(2)]
    assert accepted(
        two_items(), "propose_outcome", 7, outcome="already_public", items=both, reason="均已公开"
    )
    assert accepted(two_items(), "propose_outcome", 7, outcome="supplied", items=both)


def test_officer_chooses_where_the_setting_leaves_it_to_them() -> None:
    walk = Walk(items=("甲", "乙"), result_priority=["officer_choice"]).must(*ASSIGNED)
    mixed = [item(n, code, **EVIDENCE[code]) for n, code in ((1, "petition"), (2, "publication"))]
    assert refused(walk, "propose_outcome", 7, items=mixed) == ("bad_field", "outcome")
    assert accepted(walk, "propose_outcome", 7, items=mixed, outcome="petition")


def test_missing_ground_of_the_second_item_is_told() -> None:
    items = [item(1), item(2, "deliberative", subtype="讨论记录")]
    done = two_items().do("propose_outcome", 7, items=items)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "ground")
    assert "第 2 项" in done.message


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"outcome": "supplied"}, "outcome"),
     ({"outcome": "petition", "items": [item(1, "petition"), item(2)], "reason": "请求处理邻里纠纷"}, "items.1.outcome")],
)  # fmt: skip
def test_answer_that_a_later_law_brings_is_given_from_its_first_day(
    fields: dict[str, Any], field: str
) -> None:
    """条例36; the first day stands in the row of the answer."""
    walk = two_items()
    rules = walk.case.rules
    later = replace(rules.law.outcomes["supplied"], holds_from=MONDAY + timedelta(7))
    law = replace(rules.law, outcomes={**rules.law.outcomes, "supplied": later})
    walk.case.rules = replace(rules, law=law)
    assert refused(walk, "propose_outcome", 6, **fields) == ("too_early", field)
    assert accepted(walk, "propose_outcome", 7, **fields)


def test_reply_is_signed_when_organ_court_and_address_of_its_remedies_are_set() -> None:
    """行政复议法22(2), 23(2): what is missing is named, one and all."""
    done = Walk(court="", review_organ="").must(*SIGNING).do("approve", 11)
    assert isinstance(done, Refusal)
    assert (done.rule, done.article) == ("missing_evidence", "行政复议法22(2)、23(2)")
    for name in ("复议机关", "管辖法院"):
        assert f"“{name}”" in done.message and f"“{name}”" in done.allowed_when
    assert accepted(Walk().must(*SIGNING), "approve", 11)
