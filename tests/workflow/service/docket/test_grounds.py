"""Dockets and the grounds of answers: what strict replay refuses, and what replay never fills in."""

from typing import Any

import pytest

from tests.examples import ACCEPTANCE, read
from workflow.service import Office
from workflow.service.docket.player import Player

MINE = ("lc33", "lc35", "lc37", "lc39", "lc45")
CASES = {
    case["name"]: case
    for case in read(ACCEPTANCE / "hard_cases.json")["cases"]
    if case["name"].split("_")[0] in MINE
}
RECEIVED = {"event": "receive", "on": "2024-05-06", "channel": "in_person"}
SERVED = {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"}


@pytest.mark.parametrize("name", CASES)
def test_hard_case_of_a_ground_is_refused(name: str, office: Office) -> None:
    case = CASES[name]
    strict = case["kind"] == "docket_strict"
    told = Player(office, strict=strict).play(case["input"])
    found = [(r["event"], r["rule"]) for one in told["cases"] for r in one["refused"]]
    for event, rules in case["want"]["refused"]:
        assert any(e == event and r in rules.split("|") for e, r in found), found


def played(office: Office, *events: dict[str, Any], level: str = "township", **about: Any) -> Any:
    docket = {
        "agency": {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": level},
        "settings": {"fee_policy": "by_page"},
        "cases": [{"ref": "A", "events": [RECEIVED, *events, SERVED], **about}],
    }
    return Player(office).play(docket)["cases"][0]


def proposed(outcome: str, **fields: Any) -> dict[str, Any]:
    return {"event": "propose_outcome", "on": "2024-05-16", "outcome": outcome, **fields}


HITS = {"event": "record_search", "on": "2024-05-13", "sources": ["档案室", "办公系统"],
        "keywords": ["合同"], "hits": 2}  # fmt: skip
OWN = {"level": "秘密", "body": "盘龙彝族乡人民政府", "on": "2020-01-02"}
QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "hits without why not these": [HITS, proposed("not_existing")],
    "fee paid and nothing supplied": [
        {"event": "charge_fee", "on": "2024-05-08", "reached_on": "2024-05-08", "pages": 57},
        {"event": "pay_fee", "on": "2024-05-10"},
        proposed("not_existing"),
    ],
    "own number as the earlier reply": [proposed("repeat", earlier_reply="A")],
    "no power to classify": [proposed("state_secret", classification=OWN)],
    "third party's letter came back": [
        {"event": "consult_third_party", "on": "2024-05-07", "consultation": 1},
        {"event": "record_delivery", "on": "2024-05-10", "of": "consult_third_party",
         "consultation": 1, "returned_on": "2024-05-10"},
        proposed("third_party_rights"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("what", QUESTIONS)
def test_replay_never_answers_what_the_case_itself_raises(what: str, office: Office) -> None:
    """law.md §6.5A: filled in is what an outcome always needs."""
    found = played(office, *QUESTIONS[what])["refused"]
    assert [r["event"] for r in found if r["event"] == "propose_outcome"] == ["propose_outcome"]


def test_replay_fills_in_the_search_of_each_item_before_the_draft(office: Office) -> None:
    items = [{"item": n, "outcome": code} for n, code in ((1, "supplied"), (2, "not_existing"))]
    draft = {"event": "propose_outcome", "on": "2024-05-16", "items": items}
    told = played(office, draft, items=["合同", "验收单"])
    assert told["refused"] == [] and told["state"] == "served"


def test_strict_replay_judges_the_review_item_by_item(office: Office) -> None:
    events = [
        RECEIVED,
        {"event": "assign", "on": "2024-05-07"},
        proposed("supplied"),
        {"event": "send_to_secrecy_review", "on": "2024-05-16"},
        {"event": "pass_secrecy_review", "on": "2024-05-16"},
    ]
    docket = {"agency": {"code": "panlong"}, "cases": [{"ref": "A", "events": events}]}
    (case,) = Player(office, strict=True).play(docket)["cases"]
    assert [(r["event"], r["rule"]) for r in case["refused"]] == [
        ("pass_secrecy_review", "missing_evidence")
    ]
