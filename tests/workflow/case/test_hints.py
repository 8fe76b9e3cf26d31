"""Hints before filing: each has a sentence that it must meet and one that it must let pass."""

import pytest

from config.portal import load_hints
from workflow.case.competent import Duties, duties_of
from workflow.case.hints import PERSONAL, hints_of

RULES = load_hints()


def kinds(text: str, *names: str) -> list[str]:
    return [hint.kind for hint in hints_of(RULES, [text], names)]


@pytest.mark.parametrize("rule", RULES.hint, ids=lambda rule: rule.kind)
def test_each_hint_meets_its_sentence_and_lets_the_other_pass(rule) -> None:
    assert rule.kind in kinds(rule.hits)
    assert kinds(rule.passes) == []


def test_every_kind_of_hint_has_its_row() -> None:
    assert [rule.kind for rule in RULES.hint] == ["personal", "petition", "question", "vague"]


def test_one_line_with_several_things_is_offered_as_lines() -> None:
    (hint,) = hints_of(RULES, ["2023年养护合同", RULES.split.hits])
    assert (hint.kind, hint.place) == ("several", 1)
    assert hint.parts == ("2023年养护合同", "竣工验收单", "付款凭证")
    assert RULES.split.parts(RULES.split.passes) == ()


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("1.养护合同 2.验收单据 3、付款凭证", ("养护合同", "验收单据", "付款凭证")),
        ("一、征地批复文件 二、补偿标准文件", ("征地批复文件", "补偿标准文件")),
        ("（1）征地批复文件 （2）补偿标准文件", ("征地批复文件", "补偿标准文件")),
        ("第一年的预算表。第二年的决算表。", ("第一年的预算表", "第二年的决算表")),
        ("盘政发〔2023〕12号。", ()),
        ("2.5公里农村公路养护合同", ()),
        ("合同；附件", ()),
        ("", ()),
    ],
)
def test_what_parts_a_line(line, parts) -> None:
    assert RULES.split.parts(line) == parts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("１１０１０５１９４９１２３１００２Ｘ 的档案", "personal"),
        ("联系 13800000000", "personal"),
        ("要求赔偿我的损失", "petition"),
        ("举报某某违法占地行为", "petition"),
        ("低保要怎样申请", "question"),
        ("这条路是谁批的？", "question"),
        ("征地文件等", "vague"),
    ],
)
def test_further_sentences_that_are_met(text, kind) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "2023年度农村公路养护合同",
        "竣工验收单",
        "信访工作总结",
        "《关于所有制改革的通知》",
        "2024年信访问题台账",
        "项目编号 2023000000001234567",
        "同等学力人员招聘公告",
        "行政处罚决定书〔2023〕5号",
    ],
)
def test_plain_requests_are_left_alone(text) -> None:
    assert kinds(text) == []


def test_the_name_of_who_asks_need_not_stand_there() -> None:
    assert kinds("张三的低保审批表", "张三") == [PERSONAL]
    assert kinds("李氏宗祠修缮批复", "李") == []
    assert kinds("张三 13800000000", "张三") == [PERSONAL], "said once"


def test_each_text_is_judged_by_itself() -> None:
    found = hints_of(RULES, ["为什么取消", "养护合同", "全部资料"])
    assert [(hint.kind, hint.place) for hint in found] == [("question", 0), ("vague", 2)]


BODIES = (
    ("nongye", "负责农村公路养护、宅基地审批。指导合作社工作"),
    ("minzheng", "低保救助，殡葬管理；管理"),
    ("silent", ""),
)


def test_duties_are_read_one_by_one() -> None:
    assert duties_of(BODIES[0][1]) == ["农村公路养护", "宅基地审批", "合作社"]
    assert duties_of(BODIES[1][1]) == ["低保救助", "殡葬管理"]
    assert duties_of("水、电、供水") == ["供水"], "one character says too little"


def test_who_has_it_is_told_where_the_chosen_body_does_something_else() -> None:
    duties = Duties.gathered(BODIES)
    road = "2023年农村公路养护合同"
    assert duties.elsewhere(road, ["minzheng"]) == ("农村公路养护", ["nongye"])
    assert duties.elsewhere(road, ["nongye"]) is None, "it is theirs"
    assert duties.elsewhere(road, ["minzheng", "nongye"]) is None
    assert duties.elsewhere(road, ["silent"]) is None, "who has said nothing may have it"
    assert duties.elsewhere(road, ["minzheng", "silent"]) is None
    assert duties.elsewhere(road, []) is None
    assert duties.elsewhere("采矿许可证", ["minzheng"]) is None, "nobody knows"
    assert duties.elsewhere("公路", ["minzheng"]) is None, "too little of it"


def test_of_several_bodies_with_one_duty_all_are_told() -> None:
    duties = Duties.gathered((*BODIES, ("town", "宅基地审批")))
    assert duties.elsewhere("宅基地审批表", ["minzheng"]) == ("宅基地审批", ["nongye", "town"])


def test_a_text_is_about_a_duty_from_three_fifths_of_its_pairs_on_the_nearest_first() -> None:
    duties = Duties.gathered((("a", "农村公路养护"), ("b", "公路养护"), ("a", "公路养护")))
    assert duties.about("农村公路") == {"农村公路养护": ["a"]}, (
        "three of five; of the other one of three"
    )
    assert duties.about("村公路") == {}
    assert list(duties.about("农村公路养护")) == ["农村公路养护", "公路养护"], (
        "the longer of two alike"
    )
    assert list(duties.about("村公路养护")) == ["公路养护", "农村公路养护"]
    assert duties.about("公路养护")["公路养护"] == ["b", "a"]
