"""A case as a row: what was told stands in its column again, what was filled in stands nowhere."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.workflow.docket.ledger.rows import answered, case, open_row
from workflow.docket.ledger.written import Row, is_late, workdays_used
from workflow.paper.workbook import Cell

D = date
BASE: dict[str, Cell] = {
    "number": "2024-0001", "received_on": D(2024, 3, 5), "applicant": "张三", "category": "自然人", "request": "低保名单",
    "due": D(2024, 4, 2), "channel": "当面提交", "answered_on": D(2024, 3, 20), "outcome": "予以公开", "served_on": D(2024, 3, 21),
    "basis": "条例36(2)", "withholds": "否", "used_days": 12, "late": "否",
}  # fmt: skip


def cells(
    told: dict[str, Any],
    private: Any = None,
    names: Any = None,
    letter: str | None = None,
    **settings: Any,
) -> dict[str, Cell]:
    return Row(case(told, **settings), private or {}, names or {}, letter).cells()


def test_a_plain_row_comes_back_as_it_was() -> None:
    assert cells(answered()) == BASE


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"channel": "网上", "submitted_on": "2024-03-04"}, {"channel": "网上提交"}),
        ({"channel": "平信", "submitted_on": "2024-03-04"}, {"channel": "平常信函", "submitted_on": D(2024, 3, 4)}),
        ({"unit": "民政办", "assigned_on": "2024-03-06", "inner_due": "2024-03-09"}, {"unit": "民政办", "assigned_on": D(2024, 3, 6), "inner_due": D(2024, 3, 9)}),
        ({"unit": "民政办"}, {"unit": "民政办"}),
        ({"handler": "李芳", "signer": "陈乡长"}, {"handler": "李芳", "signer": "陈乡长"}),
        ({"letter": "盘〔2024〕1号", "tracking": "EMS1", "method": "邮寄（EMS）"}, {"letter": "盘〔2024〕1号", "tracking": "EMS1", "method": "邮寄（EMS）"}),
        ({"basis": "条例36(1)", "published": "是", "remark": "已电话告知", "archive": "2024-1"}, {"basis": "条例36(1)", "published": "是", "remark": "已电话告知", "archive": "2024-1"}),
        ({"archive": "已归档（2024-06-01）"}, {"archive": "已归档（2024-06-01）"}),
        (
            {"correction_sent": "2024-03-07", "correction_due": "2024-03-21", "correction_got": "2024-03-08"},
            {"correction_sent": D(2024, 3, 7), "correction_due": D(2024, 3, 21), "correction_got": D(2024, 3, 8), "due": D(2024, 4, 8), "used_days": 9},
        ),
        (
            {"correction_sent": "2024-03-06；2024-03-08（送达 2024-03-09）", "correction_due": "/；2024-03-21", "correction_got": "2024-03-07；2024-03-11"},
            {
                "correction_sent": "2024-03-06；2024-03-08（送达 2024-03-09）", "correction_due": "/；2024-03-21", "correction_got": "2024-03-07；2024-03-11",
                "due": D(2024, 4, 9), "used_days": 8,
            },
        ),
        (
            {"party_sent": "2024-03-07（送达 2024-03-08）", "party_got": "2024-03-12", "party_opinion": "同意公开"},
            {"party_sent": "2024-03-07（送达 2024-03-08）", "party_got": D(2024, 3, 12), "party_opinion": "同意公开", "due": D(2024, 4, 8), "used_days": 9},
        ),
        ({"party_sent": "2024-03-18"}, {"party_sent": D(2024, 3, 18), "due": D(2024, 4, 7), "used_days": 10}),
        (
            {"bodies_asked": "2024-03-07 发出，2024-03-08 送达，2024-03-12 收到（共同制作）"},
            {"bodies_asked": "2024-03-07 发出，2024-03-08 送达，2024-03-12 收到（共同制作）", "due": D(2024, 4, 8), "used_days": 9},
        ),
        ({"bodies_asked": "2024-03-07 发出，2024-03-12 收到"}, {"bodies_asked": "2024-03-07 发出，2024-03-12 收到", "due": D(2024, 4, 8), "used_days": 9}),
        (
            {"extension_on": "2024-03-12", "extension_days": 10.0, "extension_told": "2024-03-13"},
            {"extension_on": D(2024, 3, 12), "extension_days": 10, "extension_told": D(2024, 3, 13), "due": D(2024, 4, 17)},
        ),
        (
            {"fee_on": "2024-03-08", "fee_amount": "150", "fee_paid": "2024-03-12"},
            {"fee_on": D(2024, 3, 8), "fee_amount": Decimal(150), "fee_paid": D(2024, 3, 12), "due": D(2024, 4, 10), "used_days": 7},
        ),
        (
            {"review": "〔2024〕5号（2024-04-01 申请，第三方）", "review_result": "维持原行政行为（2024-05-20）", "suit": "云26行初3号（2024-06-01 起诉，经复议，共同被告）；有（2025-01-02 起诉，经复议，二审）", "suit_result": "撤销（2024-12-11）；/"},
            {"review": "〔2024〕5号（2024-04-01 申请，第三方）", "review_result": "维持原行政行为（2024-05-20）", "suit": "云26行初3号（2024-06-01 起诉，经复议，共同被告）；有（2025-01-02 起诉，经复议，二审）", "suit_result": "撤销（2024-12-11）；/"},
        ),
        ({"review": "有", "suit_result": "胜诉"}, {"review": "有", "suit": "胜诉"}),
        ({"outcome": "部分公开（1.予以公开；2.信息不存在）"}, {"outcome": "部分公开（1.予以公开；2.信息不存在）", "withholds": "否", "basis": "条例36(2)；条例36(4)", "request": "第 1 项信息；第 2 项信息"}),
        ({"outcome": "国家秘密"}, {"outcome": "属于国家秘密", "withholds": "是", "basis": "条例14"}),
        ({"outcome": "已移交国家档案馆"}, {"outcome": "已移交国家档案馆", "basis": "档案法15(2)"}),
        ({"remark": "系 2023-0007 的重新答复（责令）", "due": "2024-04-30"}, {"remark": "系 2023-0007 的重新答复（责令）", "due": D(2024, 4, 30)}),
        ({"remark": "系 2023-0007 的补充答复（自行）；与 2024-0003 一并答复"}, {"remark": "系 2023-0007 的补充答复（自行）；与 2024-0003 一并答复"}),
        ({"answered_on": "2024-04-20", "served_on": "2024-04-22"}, {"answered_on": D(2024, 4, 20), "served_on": D(2024, 4, 22), "used_days": 33, "late": "是"}),
    ],
)  # fmt: skip
def test_what_was_told_stands_in_its_column_again(
    told: dict[str, Any], wanted: dict[str, Cell]
) -> None:
    found = cells(answered(**told))
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) - set(wanted) <= set(BASE) | {"submitted_on", "suit_result", "remark"}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (open_row(), {"outcome": "办理中"}),
        (answered(outcome="申请人撤回", served_on=None), {"outcome": "申请人撤回", "answered_on": D(2024, 3, 20)}),
        (answered(outcome="申请人撤回", served_on=None, channel="网上", remark="受理之前撤回"), {"outcome": "申请人撤回", "remark": "受理之前撤回"}),
        (answered(outcome="已作废"), {"outcome": "已作废", "answered_on": D(2024, 3, 20)}),
        (answered(outcome="已转办"), {"outcome": "已转办", "answered_on": D(2024, 3, 20)}),
        (
            answered(outcome="逾期不补正", correction_sent="2024-03-07", correction_due="2024-03-21", answered_on="2024-03-22", served_on=None),
            {"outcome": "逾期不补正", "answered_on": D(2024, 3, 22), "correction_due": D(2024, 3, 21)},
        ),
    ],
)  # fmt: skip
def test_other_ends(told: dict[str, Any], wanted: dict[str, Cell]) -> None:
    found = cells(told, online_confirmation="confirmation_event")
    assert {name: found.get(name) for name in wanted} == wanted
    assert not {"served_on", "used_days", "late", "withholds"} & set(found)


def test_contact_is_masked() -> None:
    assert cells(answered(), {"phone": "13800001234"})["contact"] == "138****1234"
    assert cells(answered(), {"email": "zhang@b.cn"})["contact"] == "z***@b.cn"
    assert "contact" not in cells(answered(), {"address": "盘龙乡一组"})


def test_people_and_the_letter_come_from_beside_the_case() -> None:
    found = cells(answered(unit="lifang"), names={"lifang": "李芳"}, letter="盘公开〔2024〕9号")
    assert (found["unit"], found["letter"]) == ("李芳", "盘公开〔2024〕9号")


def test_a_masked_applicant_is_left_out() -> None:
    assert "applicant" not in cells(answered(applicant="李某"))
    assert cells(answered(applicant="张三、李四"))["applicant"] == "张三、李四"


def test_days_are_counted_beyond_the_last_one() -> None:
    it = case(answered(answered_on="2024-04-20", served_on="2024-04-22"))
    assert (workdays_used(it), is_late(it)) == (33, True)
    it = case(answered(served_on="2024-04-02", answered_on="2024-04-02"))
    assert (workdays_used(it), is_late(it)) == (20, False)
    it = case(open_row())
    assert (workdays_used(it), is_late(it)) == (None, None)
