"""The secrecy review judges every check of every item (保密法实施条例42)."""

from typing import Any

import pytest

from tests.workflow.case.guards.walked import accepted, item, refused
from tests.workflow.case.proved import judged
from tests.workflow.case.walk import ASSIGNED, IN_REVIEW, Step, Walk
from workflow.refusal import Refusal

TWO: list[Step] = [
    *ASSIGNED,
    ("propose_outcome", 7, {"items": [item(1), item(2, "partial", ground="含有身份证号码", redaction="隐去号码")]}),
    ("send_to_secrecy_review", 8, {}),
]  # fmt: skip


def in_review() -> Walk:
    return Walk(items=("合同", "名册")).must(*TWO)


def test_pass_without_a_judgement_is_no_pass() -> None:
    assert (
        refused(Walk().must(*IN_REVIEW), "pass_secrecy_review", 9, checks={})[0]
        == "missing_evidence"
    )
    only = {"items": judged(1)["items"]}
    done = in_review().do("pass_secrecy_review", 9, **only)
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "items") and "第 2 项" in done.message


def test_check_left_open_is_named() -> None:
    fields: dict[str, Any] = judged(2)
    del fields["items"][1]["checks"]["aggregation"]
    done = in_review().do("pass_secrecy_review", 9, **fields)
    assert isinstance(done, Refusal)
    assert "第 2 项" in done.message and "汇聚风险" in done.message


def test_case_of_one_item_may_give_its_checks_alone() -> None:
    checks = judged(1)["items"][0]["checks"]
    assert accepted(Walk().must(*IN_REVIEW), "pass_secrecy_review", 9, checks=checks)
    assert refused(in_review(), "pass_secrecy_review", 9, checks=checks)[0] == "missing_evidence"


def test_what_was_found_has_words() -> None:
    fields: dict[str, Any] = judged(2)
    fields["items"][1]["checks"]["privacy"] = "handled"
    assert refused(in_review(), "pass_secrecy_review", 9, **fields)[0] == "missing_evidence"
    fields["items"][1]["note"] = "第 3 页身份证号码已经隐去"
    assert accepted(in_review(), "pass_secrecy_review", 9, **fields)


def test_item_that_must_be_withheld_is_not_given_whole() -> None:
    """条例17: the first item is given whole, of the second a part."""
    found = refused(in_review(), "pass_secrecy_review", 9, **judged(2, privacy="withhold"))
    assert found[0] == "bad_field"
    for number, possible in ((1, False), (2, True)):
        fields: dict[str, Any] = judged(2)
        one = fields["items"][number - 1]
        one["checks"]["privacy"], one["note"] = "withhold", "身份证号码不得公开"
        if possible:
            assert accepted(in_review(), "pass_secrecy_review", 9, **fields)
        else:
            assert refused(in_review(), "pass_secrecy_review", 9, **fields)[0] == "bad_field"


@pytest.mark.parametrize("word", ["没有", "yes", ""])
def test_judgement_is_one_of_three(word: str) -> None:
    found = refused(in_review(), "pass_secrecy_review", 9, **judged(2, privacy=word))
    assert found[0] == "bad_field"


def test_item_that_was_not_asked_for_is_not_judged() -> None:
    assert refused(in_review(), "pass_secrecy_review", 9, **judged(3)) == ("bad_field", "items")


def test_finding_is_shown_where_it_was_typed() -> None:
    """Of one item at the checks and the note, of several at the items; one item has no number."""
    checks = judged(1)["items"][0]["checks"]
    one: list[tuple[dict[str, str], str, str]] = [
        ({}, "missing_evidence", "checks"),
        ({**checks, "privacy": "maybe"}, "bad_field", "checks"),
        ({**checks, "privacy": "handled"}, "missing_evidence", "note"),
    ]
    for typed, rule, field in one:
        done = Walk().must(*IN_REVIEW).do("pass_secrecy_review", 9, checks=typed)
        assert isinstance(done, Refusal) and (done.rule, done.field) == (rule, field)
        assert "第 1 项" not in done.message
    told = {"checks": {**checks, "privacy": "withhold"}, "note": "第 3 页的身份证号码"}
    assert refused(Walk().must(*IN_REVIEW), "pass_secrecy_review", 9, **told) == (
        "bad_field",
        "checks",
    )
    for word, rule in (("maybe", "bad_field"), ("withhold", "bad_field")):
        fields = judged(2, privacy=word)
        assert refused(in_review(), "pass_secrecy_review", 9, **fields) == (rule, "items")
    bare: dict[str, Any] = judged(2, privacy="handled")
    for entry in bare["items"]:
        del entry["note"]
    assert refused(in_review(), "pass_secrecy_review", 9, **bare) == ("missing_evidence", "items")
