"""The facts that an answer names (law.md §6.5A): what the drafter can type is asked for with the draft."""

from dataclasses import replace
from typing import Any

import pytest

from config.law import load_law
from tests.workflow.case.guards.walked import accepted, item, refused
from tests.workflow.case.proved import EVIDENCE, SEARCH
from tests.workflow.case.walk import ASSIGNED, RECEIVED, Step, Walk
from workflow.refusal import Refusal
from workflow.rules.grounds import is_bare

LAW = load_law()
CORRECTED: list[Step] = [
    *RECEIVED, ("require_correction", 2, {"reached_on": 2}), ("correct", 4, {}), ("assign", 4, {}),
]  # fmt: skip
REJECTED: list[Step] = [
    *RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, {"accepted": False}), ("assign", 4, {}),
]  # fmt: skip
SEARCHED: list[Step] = [*ASSIGNED, ("record_search", 5, SEARCH)]
BEFORE: dict[str, list[Step]] = {
    "unclear_after_correction": CORRECTED, "excessive": REJECTED, "not_existing": SEARCHED,
}  # fmt: skip
MISSING: list[tuple[str, dict[str, Any], str]] = [
    ("already_public", {"address": None}, "address"),
    ("already_public", {"address": "网站"}, "address"),
    ("forbidden_by_law", {"ground": None}, "ground"),
    ("security_stability", {"ground": "标有桥梁受力点的图纸不宜外传"}, "subtype"),
    ("third_party_rights", {"assessment": None}, "assessment"),
    ("third_party_rights", {"no_consultation_reason": "不想征求"}, "no_consultation_reason"),
    ("third_party_rights", {"no_consultation_reason": "第三方不同意"}, "no_consultation_reason"),
    ("third_party_rights", {"no_consultation_reason": "第三方联系不上"}, "no_consultation_reason"),
    ("administrative_query", {"window": None}, "window"),
    ("not_responsible", {"right_body": None}, "right_body"),
    ("not_responsible", {"right_body": {"name": "县交通运输局"}}, "right_body"),
    ("not_responsible", {"reason": "不归我局管"}, "reason"),
    ("needs_creation", {"reason": "需要汇总"}, "reason"),
    ("unclear_after_correction", {"reason": "仍不明确"}, "reason"),
    ("petition", {"reason": None}, "reason"),
    ("petition", {"reason": "属于信访"}, "reason"),
    ("publication", {"channel": None}, "channel"),
    ("publication", {"channel": "请到县城购买"}, "channel"),
    ("repeat", {"earlier_reply": None}, "earlier_reply"),
    ("excessive", {"counts": None}, "counts"),
    ("excessive", {"reason": None}, "reason"),
    ("excessive", {"reason": "理由不成立"}, "reason"),
    ("consultation", {"reason": "属于咨询"}, "reason"),
    ("in_state_archive", {"archive": None, "channel": "县城建档案室"}, "archive"),
    ("in_state_archive", {"archive": {"name": "县档案馆"}, "reason": "形成多年"}, "archive"),
    ("applicant_gone", {"tries": None}, "tries"),
]  # fmt: skip


def stated(code: str, **other: Any) -> dict[str, Any]:
    fields = {"outcome": code, **EVIDENCE.get(code, {}), **other}
    return {key: value for key, value in fields.items() if value is not None}


@pytest.mark.parametrize("code", [c for c, row in LAW.outcomes.items() if not row.set_by])
def test_answer_with_its_facts_is_drafted(code: str) -> None:
    walk = Walk().must(*BEFORE.get(code, ASSIGNED))
    assert accepted(walk, "propose_outcome", 7, **stated(code))


@pytest.mark.parametrize(("code", "without", "field"), MISSING)
def test_answer_that_lacks_a_fact_is_not(code: str, without: dict[str, Any], field: str) -> None:
    walk = Walk().must(*BEFORE.get(code, ASSIGNED))
    assert refused(walk, "propose_outcome", 7, **stated(code, **without)) == (
        "missing_evidence",
        field,
    )


@pytest.mark.parametrize(
    "reason",
    [
        "多次拨打登记的电话，2024 年 3 月 5 日、6 日均联系不上",
        "第三方在 2023-0004 号申请中已于 2023 年 5 月 8 日书面反对公开",
        "名册中的身份证号码、银行账号，与其余内容分开后不提供",
        "涉及未成年人的健康状况",
    ],
)
def test_third_party_need_not_be_asked_for_a_lawful_reason(reason: str) -> None:
    """条例15、32; law.md §6.5A."""
    fields = stated("third_party_rights", no_consultation_reason=reason)
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)


def test_third_party_that_cannot_be_found_is_shown_by_attempts_with_their_days() -> None:
    tries = [{"on": "2024-03-05", "how": "按登记地址寄信，被退回"}]
    fields = stated("third_party_rights", no_consultation_reason="下落不明", tries=tries)
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)


def test_letter_that_came_back_is_no_consultation() -> None:
    """law.md §3.5: no period runs for a returned letter; silence is not yet an opinion."""
    sent: Step = ("consult_third_party", 2, {"consultation": 1})
    back: Step = (
        "record_delivery",
        5,
        {"of": "consult_third_party", "consultation": 1, "returned_on": 5},
    )
    walk = Walk().must(*ASSIGNED, sent, back)
    fields = stated("third_party_rights", no_consultation_reason=None)
    assert refused(walk, "propose_outcome", 7, **fields)[0] == "missing_evidence"


def test_body_that_cannot_be_told_is_explained() -> None:
    """条例36(5): that it cannot be told, and why."""
    why = "申请中的道路没有名称，经查三个部门的名录，无法确定由哪个机关制作"
    fields = stated("not_responsible", right_body=None, reason=why)
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)


def test_accepted_reasons_are_not_called_excessive() -> None:
    """条例35."""
    accepted_reasons: list[Step] = [
        *REJECTED[:2],
        ("give_reasons", 3, {"accepted": True}),
        REJECTED[3],
    ]
    walk = Walk().must(*accepted_reasons)
    assert refused(walk, "propose_outcome", 7, **stated("excessive")) == ("bad_field", "outcome")


def test_figures_run_forward_and_the_right_body_is_another() -> None:
    """条例35、36(5)."""
    counts = {"requests": 3, "items": 9, "from": "2024-03-02", "to": "2024-03-01"}
    walk = Walk().must(*REJECTED)
    found = refused(walk, "propose_outcome", 7, **stated("excessive", counts=counts))
    assert found == ("bad_field", "counts")
    same = {**counts, "to": "2024-03-02"}
    assert accepted(walk, "propose_outcome", 7, **stated("excessive", counts=same))
    walk = Walk().must(*ASSIGNED)
    walk.case.header = replace(walk.case.header, body_name="砚山县交通运输局")
    own = {"name": "砚山县交通运输局", "contact": "建设路 1 号"}
    found = refused(walk, "propose_outcome", 7, **stated("not_responsible", right_body=own))
    assert found == ("bad_field", "right_body")


@pytest.mark.parametrize(
    ("code", "field", "label", "way_out"),
    [
        ("petition", "reason", "属于信访", "要求处理事情"),
        ("consultation", "reason", "属于咨询", "怎样的询问"),
        ("already_public", "address", "网上", "栏目、标题或者网址"),
        ("needs_creation", "reason", "需要加工", "汇总成什么"),
        ("excessive", "reason", "理由不成立", "为什么不成立"),
        ("not_responsible", "reason", "不归我局管", "由谁制作、保存"),
        ("public_enterprise", "reason", "无", "具体的事实"),
    ],
)
def test_label_is_answered_with_what_would_be_a_word(
    code: str, field: str, label: str, way_out: str
) -> None:
    walk = Walk().must(*BEFORE.get(code, ASSIGNED))
    done = walk.do("propose_outcome", 7, **stated(code, **{field: label}))
    assert isinstance(done, Refusal)
    assert label in done.message and way_out in done.allowed_when


@pytest.mark.parametrize("own", ["第三方不同意公开", "因第三方书面表示反对。"])
def test_objection_passed_on_is_no_judgement_of_ones_own(own: str) -> None:
    """条例15、32; practice.md §7, 13."""
    done = (
        Walk()
        .must(*ASSIGNED)
        .do("propose_outcome", 7, **stated("third_party_rights", assessment=own))
    )
    assert isinstance(done, Refusal)
    assert (done.rule, done.field) == ("missing_evidence", "assessment")


@pytest.mark.parametrize(
    ("citation", "why"),
    [
        ("有关法律", "没有写法律、行政法规的名称"),
        ("《某某法》第三条", "不在已知的法律、行政法规名录里"),
        ("《统计法》", "没有写《统计法》的条款"),
        ("《政府信息公开条例》第十四条", "不能引用条例自己"),
        ("《税务登记管理办法》第三条", "规章"),
        ("《云南省信访条例》第三条", "地方性法规"),
        ("《税务登记管理办法》（国务院令第1号）第三条", "与所注的层级不符"),
        ("《税务登记管理办法》第三条、《统计法》", "没有写《统计法》的条款"),
    ],
)
def test_citation_that_does_not_count_is_told_why(citation: str, why: str) -> None:
    """条例14、36(7); law.md §6.5B."""
    for code, article in (("forbidden_by_law", "条例14"), ("administrative_query", "条例36(7)")):
        done = Walk().must(*ASSIGNED).do("propose_outcome", 7, **stated(code, citation=citation))
        assert isinstance(done, Refusal)
        assert (done.rule, done.field, done.article) == ("missing_evidence", "citation", article)
        assert why in done.message


def test_archive_of_the_body_itself_and_a_transfer_to_come_are_no_transfer() -> None:
    """档案法15(2)."""
    later = {"name": "县档案馆", "on": "2030-01-01"}
    found = refused(
        Walk().must(*ASSIGNED), "propose_outcome", 7, **stated("in_state_archive", archive=later)
    )
    assert found == ("bad_field", "archive")
    today = {"name": "县档案馆", "on": "2024-03-11"}
    fields = stated("in_state_archive", archive=today)
    assert accepted(Walk().must(*ASSIGNED), "propose_outcome", 7, **fields)


# -- the search ------------------------------------------------------------------------------------------


def test_search_proves_its_own_item_only() -> None:
    """条例36(4): the search record for that item."""
    walk = Walk(items=("合同", "验收单")).must(
        *ASSIGNED, ("record_search", 5, {**SEARCH, "item": 1})
    )
    both = [item(1, "not_existing"), item(2, "not_existing")]
    done = walk.do("propose_outcome", 7, items=both)
    assert isinstance(done, Refusal) and "第 2 项" in done.message
    assert done.rule == "missing_evidence"
    walk.must(("record_search", 6, {**SEARCH, "item": 2}))
    assert accepted(walk, "propose_outcome", 7, items=both)


def test_search_made_after_the_draft_does_not_prove_it() -> None:
    """law.md §6.5A: before the draft; typed in late, its day counts."""
    walk = Walk().must(*ASSIGNED, ("record_search", 9, SEARCH))
    assert isinstance(walk.do("propose_outcome", 7, outcome="not_existing"), Refusal)
    assert accepted(walk, "propose_outcome", 9, outcome="not_existing")


@pytest.mark.parametrize("why", [None, "不是", "无关"])
def test_what_was_found_and_is_not_it_is_explained(why: str | None) -> None:
    """条例36(4): hits, and "does not exist" all the same."""
    told = {"why_not_these": why} if why else {}
    walk = Walk().must(*ASSIGNED, ("record_search", 5, {**SEARCH, "hits": 3, **told}))
    done = walk.do("propose_outcome", 7, outcome="not_existing")
    assert isinstance(done, Refusal)
    assert (done.rule, done.article) == ("missing_evidence", "条例36(4)") and "3 件" in done.message
    reason = {"why_not_these": "三件均为 2019 年的合同，不是申请的年度"}
    walk.must(("record_search", 6, {**SEARCH, "hits": 3, **reason}))
    assert accepted(walk, "propose_outcome", 7, outcome="not_existing")


def test_hits_of_another_item_raise_no_question() -> None:
    walk = Walk(items=("合同", "验收单")).must(
        *ASSIGNED,
        ("record_search", 5, {**SEARCH, "item": 1, "hits": 4}),
        ("record_search", 5, {**SEARCH, "item": 2}),
    )
    items = [item(1), item(2, "not_existing")]
    assert accepted(walk, "propose_outcome", 7, items=items)


# -- the money -------------------------------------------------------------------------------------------

PAID: list[Step] = [
    *SEARCHED, ("charge_fee", 6, {"reached_on": 6, "pages": 57}), ("pay_fee", 7, {}),
]  # fmt: skip


def test_page_fee_paid_for_nothing_is_settled_in_words() -> None:
    """国办函〔2020〕109号; law.md §2: by pages what is supplied is charged."""
    walk = Walk(fee_policy="by_page").must(*PAID)
    assert refused(walk, "propose_outcome", 8, outcome="not_existing") == (
        "missing_evidence",
        "reason",
    )
    assert accepted(walk, "propose_outcome", 8, outcome="not_existing", note="已收 270 元全额退还")


def test_page_fee_paid_for_what_is_supplied_raises_no_question() -> None:
    walk = Walk(fee_policy="by_page").must(*PAID)
    assert accepted(walk, "propose_outcome", 8, outcome="supplied")


# -- words that only name the kind of an answer ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "无", "属于信访", "申请内容属于信访、投诉、举报事项。", "不归我局管", "不属于本机关职责范围",
     "不想征求", "没必要征求", "个人隐私", "该信息属于内部文件，不予公开", "咨询", "由其他机关负责", "网站"],
)  # fmt: skip
def test_label_is_no_word(text: str) -> None:
    assert is_bare(text, LAW)


@pytest.mark.parametrize(
    "text",
    ["要求查处占道堆放", "由县交通运输局制作", "三件均为 2019 年的合同", "名册中的身份证号码",
     "尚未形成决定", "须从三年的凭证中逐笔汇总", "县信访局接待窗口"],
)  # fmt: skip
def test_fact_is_one(text: str) -> None:
    assert not is_bare(text, LAW)
