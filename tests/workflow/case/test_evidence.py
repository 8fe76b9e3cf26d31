"""What must be on file before a reply can be drafted and signed (contracts/outcomes.json, `needs`)."""

from datetime import timedelta
from typing import Any

import pytest

from config.law import Law
from tests.examples import contract
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, Step, Walk
from workflow.case.evidence import DRAFTED, ON_FILE, gaps, missing_needs, needs_secrecy_review
from workflow.case.facts import Logged
from workflow.refusal import Refusal

NEEDS = {need for entry in contract("outcomes")["outcomes"] for need in entry["needs"]}

WORDS: dict[str, dict[str, Any]] = {
    "address": {"address": "县政府网站公告栏，2023 年 5 月 8 日"},
    "ground": {"ground": "公开会危及公共安全，方案尚未形成决定"},
    "citation": {"citation": "不动产登记暂行条例第二十七条"},
    "subtype": {"subtype": "讨论记录"},
    "classification": {"classification": {"level": "秘密", "body": "某局", "on": "2020-01-02"}},
    "reason": {"reason": "由县自然资源局制作，1987 年移交砚山县档案馆"},
    "earlier_reply": {"earlier_reply": "2023-0007"},
    "consultation_or_reason": {
        "no_consultation_reason": "第三方 2023 年 5 月 8 日在另案中已书面反对公开该信息"
    },
    "assessment": {"assessment": "单价没有公开过，公开会损害其竞争地位"},
    "window": {"window": "县不动产登记中心 3 号窗口"},
    "right_body": {"right_body": {"name": "县自然资源局", "contact": "建设路 1 号"}},
    "channel": {"channel": "《砚山年鉴》，县档案馆查阅大厅"},
    "counts": {"counts": {"requests": 32, "items": 170, "from": "2023-09-01", "to": "2024-03-01"}},
    "tries": {"tries": [{"on": "2024-03-05", "how": "到村委会询问"}]},
    "redaction_log": {"redaction": "隐去身份证号，共 6 页"},
}
"""The words of a draft that satisfy a need."""

ACTS: dict[str, list[Step]] = {
    "correction": [
        ("require_correction", 2, {"reached_on": 2}),
        ("correct", 4, {}),
        ("assign", 4, {}),
    ],
    "reasons_asked": [("ask_reasons", 2, {}), ("give_reasons", 4, {"accepted": False})],
    "search_record": [
        ("record_search", 5, {"sources": ["档案室", "财务系统"], "keywords": ["合同"], "hits": 0})
    ],
}
"""What has to be done for a need before the proposal."""


BESIDE: dict[str, dict[str, Any]] = {
    "forbidden_by_law": {"ground": "表中的单户调查数据"},
    "unclear_after_correction": {"note": "补正之后仍没有写明是哪一条道路"},
}
"""What an outcome asks for although no need of the contract names it (law.md §6.5A)."""


def words_for(needs: list[str], code: str = "") -> dict[str, Any]:
    said = {key: value for need in needs for key, value in WORDS.get(need, {}).items()}
    return {**BESIDE.get(code, {}), **said}


def test_every_need_of_the_contract_is_asked_for_once(law: Law) -> None:
    assert set(DRAFTED) | set(ON_FILE) == NEEDS
    assert not set(DRAFTED) & set(ON_FILE)
    assert set(law.words.needs) == NEEDS
    for need in NEEDS:
        assert law.words.needs[need]["label"] and law.words.needs[need]["article"]


PROPOSED = [entry for entry in contract("outcomes")["outcomes"] if "set_by" not in entry]
WORDED = [(e["code"], need) for e in PROPOSED for need in e["needs"] if need in DRAFTED]


def signed(code: str, needs: list[str], without: str | None = None) -> Logged | Refusal:
    """Walk a case to the leader's desk and let the leader sign, one need left out; what stopped it."""
    walk = Walk().must(*RECEIVED)
    for need in needs:
        if need != without:
            walk.must(*ACTS.get(need, []))
    if walk.case.state != "processing":
        walk.must(("assign", 5, {}))
    kept = [need for need in needs if need != without]
    steps: list[Step] = [("propose_outcome", 7, {"outcome": code, **words_for(kept, code)})]
    if "secrecy_review" in kept:
        steps += [("send_to_secrecy_review", 8, {}), ("pass_secrecy_review", 9, {})]
    steps += [("pass_legal_check", 10, {}), ("approve", 11, {})]
    done: Logged | Refusal
    for name, days, fields in steps:
        done = walk.do(name, days, **fields)
        if isinstance(done, Refusal):
            return done
    assert gaps(walk.case, MONDAY + timedelta(11)) == []
    return done


@pytest.mark.parametrize("entry", PROPOSED, ids=lambda entry: entry["code"])
def test_reply_with_everything_on_file_is_signed(entry: dict[str, Any]) -> None:
    assert isinstance(signed(entry["code"], entry["needs"]), Logged)


@pytest.mark.parametrize(
    ("code", "need"),
    [
        (entry["code"], need)
        for entry in PROPOSED
        for need in entry["needs"]
        if need != "supply"  # how it is supplied is known from the application itself
    ],
)
def test_reply_that_lacks_one_thing_is_not_signed(code: str, need: str, law: Law) -> None:
    stopped = signed(code, list(law.outcomes[code].needs), without=need)
    assert isinstance(stopped, Refusal)
    assert stopped.rule == "missing_evidence"
    assert stopped.article
    if need != "secrecy_review":
        assert law.words.needs[need]["label"] in stopped.message


@pytest.mark.parametrize(("code", "need"), WORDED)
def test_what_is_a_matter_of_words_is_asked_for_at_the_draft(
    code: str, need: str, law: Law
) -> None:
    walk = Walk().must(*ASSIGNED)
    needs = [other for other in law.outcomes[code].needs if other != need]
    refusal = walk.do("propose_outcome", 7, outcome=code, **words_for(needs, code))
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing_evidence"
    assert walk.case.state == "processing"


def test_each_item_is_proved_by_itself() -> None:
    items = [{"item": 1, "outcome": "supplied"}, {"item": 2, "outcome": "deliberative"}]
    walk = Walk(items=("合同", "会议记录")).must(*ASSIGNED)
    refusal = walk.do("propose_outcome", 7, items=items)
    assert isinstance(refusal, Refusal)
    assert "第 2 项" in refusal.message
    items[1] |= {"ground": "尚未形成决定", "subtype": "讨论记录"}
    assert isinstance(walk.do("propose_outcome", 7, items=items), Logged)
    answer = walk.case.facts.answer
    assert answer and answer.outcome == "partial"
    assert missing_needs(walk.case, answer, MONDAY) == [
        (1, "secrecy_review"),
        (2, "secrecy_review"),
    ]


def test_every_item_needs_an_answer() -> None:
    walk = Walk(items=("合同", "会议记录")).must(*ASSIGNED)
    refusal = walk.do("propose_outcome", 7, items=[{"item": 1, "outcome": "supplied"}])
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "bad_field"
    assert "第 2 项" in refusal.message


def test_finished_consultation_is_enough_for_third_party_rights() -> None:
    walk = Walk().must(
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("record_opinion", 6, {"consultation": 1, "opinion": "objects"}),
    )
    own = {"ground": "单价没有公开过", "assessment": "公开会损害其竞争地位"}
    done = walk.do("propose_outcome", 7, outcome="third_party_rights", **own)
    assert isinstance(done, Logged)


def test_release_against_a_third_party_needs_the_decision_and_the_notice() -> None:
    walk = Walk().must(
        *ASSIGNED,
        ("consult_third_party", 2, {"consultation": 1, "reached_on": 2}),
        ("record_opinion", 6, {"consultation": 1, "opinion": "objects"}),
        ("propose_outcome", 7, {"outcome": "supplied"}),
        ("send_to_secrecy_review", 8, {}),
        ("pass_secrecy_review", 9, {}),
        ("pass_legal_check", 10, {}),
        ("approve", 11, {}),
    )
    refusal = walk.do("serve", 14, method="direct")
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing_evidence"
    walk.must(("override_third_party", 12, {"consultation": 1, "reached_on": 12}))
    assert isinstance(walk.do("serve", 14, method="direct"), Logged)


@pytest.mark.parametrize("entry", PROPOSED, ids=lambda entry: entry["code"])
def test_released_or_refused_by_articles_14_to_16_is_reviewed_first(
    entry: dict[str, Any], law: Law
) -> None:
    walk = Walk().must(*RECEIVED)
    for need in entry["needs"]:
        walk.must(*ACTS.get(need, []))
    if walk.case.state != "processing":
        walk.must(("assign", 5, {}))
    fields = {"outcome": entry["code"], **words_for(entry["needs"], entry["code"])}
    walk.must(("propose_outcome", 7, fields))
    answer = walk.case.facts.answer
    assert answer
    by_articles = entry["class"] in ("partial", "refuse") or entry["code"] == "supplied"
    reviewed = by_articles and entry["code"] != "administrative_query"
    assert needs_secrecy_review(answer, law) == reviewed
