"""A row of the ledger as a case: what happened on its days, what it says wrong, what goes into the remark."""

from datetime import date
from typing import Any

import pytest

from config.law import load_law
from tests.workflow.docket.ledger.rows import (
    answered,
    case,
    errors,
    open_row,
    read,
    taken,
    warnings,
)
from workflow import events as ev
from workflow.case.facts import LEDGER
from workflow.docket.ledger.ending import articles_in
from workflow.docket.ledger.written import told_in

LAW = load_law()


def test_an_answered_row_is_received_answered_and_served_on_its_days() -> None:
    it = case(answered())
    assert (it.state, it.received_on, it.facts.outcome, it.facts.closed_on) == (
        "served", date(2024, 3, 5), "supplied", date(2024, 3, 21)
    )  # fmt: skip
    assert it.facts.served is not None and it.facts.served.document_date == date(2024, 3, 20)
    assert it.header.number == "2024-0001" and it.header.request == "低保名单"


def test_nobody_who_works_here_is_made_to_have_done_it() -> None:
    it = case(answered(handler="李芳", signer="陈乡长"))
    assert all(line.actor.startswith(LEDGER) for line in it.log)
    assert told_in(it)["承办人"] == "李芳" and told_in(it)["签发人"] == "陈乡长"
    assert {line.event.name for line in it.log if line.filled == ("*",)} >= {"assign", "approve"}
    assert all(line.recorded_at.date() == date(2026, 11, 30) for line in it.log)


def test_the_case_says_from_which_file_and_row_it_comes() -> None:
    note = case(answered()).log[0].event.note
    assert note == "从台账导入：2024年台账.xlsx“2024年”第 7 行"


def test_what_has_no_place_in_a_case_stays_in_its_note() -> None:
    cells = answered(
        letter="盘公开〔2024〕1号",
        tracking="EMS123",
        remark="已电话告知",
        number="盘〔2024〕1号",
        published="是",
    )
    it = case(cells)
    assert told_in(it) == {
        "台账编号": "盘〔2024〕1号", "答复文号": "盘公开〔2024〕1号", "是否转主动公开": "是", "邮件号": "EMS123", "备注": "已电话告知",
    }  # fmt: skip
    done = taken(answered(), {"天气": "晴", "身份证复印件": "110101"})
    assert done.case is not None and told_in(done.case) == {"天气": "晴"}


# -- who asks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "category", "column"),
    [
        ("张三", None, "natural_person"), ("张三", "公民", "natural_person"), ("云南天平律师事务所", None, "legal_service"),
        ("云南某律师事务所", None, "legal_service"), ("砚山县兴隆商贸有限公司", None, "business"), ("某协会", "社会公益组织", "public_welfare"),
        ("甲", "法人或其他组织", "other_organization"), ("甲公司", "法人或者其他组织", "business"), (None, "科研机构", "research_institute"),
        (None, None, "natural_person"),
    ],
)  # fmt: skip
def test_the_column_follows_from_the_category_or_the_name(
    name: str | None, category: str | None, column: str
) -> None:
    assert case(answered(applicant=name, category=category)).columns() == (column,)


def test_an_unknown_category_is_told_and_the_name_decides() -> None:
    cells = answered(category="外星人")
    assert ("category", "没有“外星人”这种申请人类别，按名称判断") in warnings(cells)
    assert case(cells).columns() == ("natural_person",)


@pytest.mark.parametrize("name", ["张某", "李**", "某公司", "王××"])
def test_a_masked_name_stays_empty(name: str) -> None:
    assert case(answered(applicant=name)).header.applicants[0].name == ""
    assert ("applicant", "申请人姓名是隐去的，没有采用，姓名留空") in warnings(
        answered(applicant=name)
    )


def test_several_applicants_are_several() -> None:
    it = case(answered(applicant="张三、李四", category="公民"))
    assert [person.name for person in it.header.applicants] == ["张三", "李四"]
    it = case(answered(applicant="张三、甲公司", category="自然人、商业企业"))
    assert it.columns() == ("natural_person", "business")
    it = case(answered(applicant="砚山县农业、林业协会", category="社会公益组织"))
    assert [person.name for person in it.header.applicants] == ["砚山县农业、林业协会"]


def test_contact_and_proof_are_taken_whole_or_not_at_all() -> None:
    told = read(
        answered(
            contact=13800001234.0,
            address="盘龙乡一组",
            email="a@b.cn",
            id_number="11010119900307002X",
        )
    )
    assert told.private == {
        "phone": "13800001234", "address": "盘龙乡一组", "email": "a@b.cn", "id_number": "11010119900307002X",
        "id_type": "resident_id",
    }  # fmt: skip
    assert (
        read(
            answered(contact="138****1234", address="盘龙乡**组", id_number="1101**********0020")
        ).private
        == {}
    )
    assert read(answered(contact="zhang@b.cn")).private == {"email": "zhang@b.cn"}
    spoiled = read(answered(id_number=1.101e17))
    assert spoiled.private == {} and not spoiled.errors
    assert [one.column for one in spoiled.warnings] == ["id_number"]
    assert read(answered(applicant="甲公司", id_number="91530000MA6K12345X")).private == {
        "credit_code": "91530000MA6K12345X"
    }


# -- numbers and receipt ----------------------------------------------------------------------------------


def test_a_running_number_takes_the_year_of_receipt() -> None:
    assert read(answered(number="12")).number == "2024-0012"
    assert read(answered(number=None, place=3.0)).number == "2024-0003"
    assert ("number", "没有编号") in errors(answered(number=None))
    assert errors(answered(number="12", received_on=None))[0] == (
        "number",
        "编号“12”里没有年份，看不出是哪一年的",
    )


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("网上", "portal"),
        ("电子邮件", "email"),
        ("传真", "fax"),
        ("信函", "ems"),
        ("平信", "ordinary_mail"),
        ("当面", "in_person"),
        ("口头", "oral"),
        (None, "in_person"),
    ],
)
@pytest.mark.parametrize("confirmation", ["submission", "confirmation_event"])
def test_the_day_of_receipt_is_that_of_the_sheet_whatever_the_setting(
    channel: str | None, code: str, confirmation: str
) -> None:
    cells = answered(channel=channel, submitted_on="2024-03-04")
    it = case(cells, online_confirmation=confirmation)
    assert (it.received_on, it.facts.channel) == (date(2024, 3, 5), code)
    assert ("channel" in it.log[0].filled) == (channel is None)


def test_what_was_submitted_and_not_received_waits_for_its_confirmation() -> None:
    it = case(open_row(received_on=None, submitted_on="2024-03-04", channel="邮箱"))
    assert (it.state, it.received_on) == ("submitted", None) or it.received_on == date(2024, 3, 4)
    it = case(
        open_row(received_on=None, submitted_on="2024-03-04", channel="邮箱"),
        online_confirmation="confirmation_event",
    )
    assert it.state == "submitted"


def test_without_a_day_of_receipt_that_of_submission_holds() -> None:
    cells = answered(received_on=None, submitted_on="2024-03-04")
    assert case(cells).received_on == date(2024, 3, 4)
    assert errors(answered(received_on=None)) == [("received_on", "没有收到日期")]
    assert errors(answered(submitted_on="2024-03-06"))[0][0] == "submitted_on"


def test_an_unknown_channel_is_kept_in_words() -> None:
    cells = answered(channel="飞鸽")
    assert told_in(case(cells))["渠道"] == "飞鸽"
    assert "没有“飞鸽”这种渠道" in warnings(cells)[0][1]


@pytest.mark.parametrize(
    "cells", [answered(received_on="2026-12-01"), answered(served_on="2026-12-01")]
)
def test_what_has_not_happened_yet_is_an_error(cells: dict[str, Any]) -> None:
    (only,) = errors(cells)
    assert "还没有到" in only[1] or "早于" in only[1]


# -- outcomes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [one.code for one in LAW.outcomes.values() if not one.set_by])
def test_every_outcome_comes_back_as_itself(code: str) -> None:
    it = case(answered(outcome=LAW.outcomes[code].label))
    assert (it.facts.outcome, it.state, it.deadlines.on_time) == (code, "served", True)
    assert it.deadlines.counted_from == date(2024, 3, 5)


@pytest.mark.parametrize(
    "row", sorted({one.row for one in LAW.outcomes.values() if not one.set_by})
)
@pytest.mark.parametrize("fmt", ["2019", "2021"])
def test_the_labels_of_table_three_lead_to_an_outcome_of_their_row(row: str, fmt: str) -> None:
    label = LAW.formats.rows[fmt][LAW.formats.row_in(row, fmt)]
    if label == "(六)其他处理":
        return
    assert case(answered(outcome=label)).row == row


def test_what_is_only_called_other_counts_as_other_and_is_told() -> None:
    cells = answered(outcome="其他处理")
    assert case(cells).row == "other_misc"
    assert [column for column, _ in warnings(cells)] == ["outcome"]


@pytest.mark.parametrize(
    ("basis", "code"),
    [
        ("《条例》第三十六条第（七）项", "administrative_query"), ("条例第十六条第一款", "internal_affairs"), ("第15条", "third_party_rights"),
        ("36(4)", None), ("第十六条第二款", None), (None, None), ("第十四条", None),
    ],
)  # fmt: skip
def test_a_class_alone_needs_the_article_that_tells_which(
    basis: str | None, code: str | None
) -> None:
    cells = answered(outcome="不予公开", basis=basis)
    if code is not None:
        assert case(cells).facts.outcome == code
        return
    (only,) = errors(cells)
    assert only[0] == "outcome" and "没有写明是哪一种：属于国家秘密、" in only[1]


def test_articles_are_read_in_figures_and_in_words() -> None:
    assert articles_in("《条例》第三十六条第（四）项、第十六条第二款") == {
        "36",
        "36(4)",
        "16",
        "16(2)",
    }
    assert articles_in("条例36(1)；条例15") == {"36(1)", "15"}
    assert articles_in("") == set()


def test_outcomes_item_by_item() -> None:
    it = case(answered(request="合同；验收单", outcome="部分公开（1.予以公开；2.信息不存在）"))
    assert it.header.items == ("合同", "验收单")
    assert it.facts.answer is not None
    assert [(one.item, one.outcome) for one in it.facts.answer.items] == [
        (1, "supplied"),
        (2, "not_existing"),
    ]
    it = case(answered(outcome="部分公开（1.予以公开；2.信息不存在）"))
    assert it.header.items == ("第 1 项信息", "第 2 项信息")
    assert ("outcome", "第 2 项“什么”不是一种答复类型") in errors(
        answered(outcome="部分公开（1.予以公开；2.什么）")
    )


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        (answered(outcome="莫名其妙"), "outcome", "没有“莫名其妙”这种答复类型"),
        (answered(outcome="予以公开；信息不存在"), "outcome", "写了几种答复类型（予以公开、信息不存在）"),
        (answered(outcome="1、予以公开 2、信息不存在"), "outcome", "写了几种答复类型"),
        (answered(outcome="申请人撤回\n予以公开"), "outcome", "有的公开、有的没有公开的填“部分公开”"),
        (answered(outcome=None), "outcome", "有答复日期 2024-03-20，没有答复类型"),
        (answered(outcome="在办"), "outcome", "写的是“在办”"),
        (answered(answered_on=None, served_on=None), "answered_on", "没有答复日期或者送达日期"),
        (answered(answered_on="2024-03-01"), "answered_on", "早于收到日期"),
        (answered(served_on="2024-03-19"), "served_on", "早于答复日期"),
        (answered(outcome="逾期不补正"), "correction_sent", "没有补正发出日期"),
        (answered(outcome="逾期不缴费"), "fee_on", "没有收费通知日期"),
        (answered(received_on="2024-02-30"), "received_on", "没有“2024-02-30”这一天"),
        (answered(request="绝密★10年 某事"), "request", "密级标志"),
        (answered(correction_sent="2024-03-07", correction_due="2024-03-07"), "correction_due", "不晚于补正发出"),
        (answered(correction_sent="2024-03-07", correction_got="2024-03-06"), "correction_got", "早于补正发出"),
        (answered(party_sent="2024-03-07", party_got="2024-03-06"), "party_got", "早于发出"),
        (answered(bodies_asked="2024-03-07 至 2024-03-06"), "bodies_asked", "收到意见早于发出"),
        (answered(fee_on="2024-03-07", fee_paid="2024-03-06"), "fee_paid", "早于收费通知"),
        (answered(extension_days="若干"), "extension_days", "不是整数"),
        (answered(fee_amount="若干"), "fee_amount", "不是金额"),
    ],
)  # fmt: skip
def test_errors_name_the_column(cells: dict[str, Any], column: str, said: str) -> None:
    found = errors(cells)
    assert any(where == column and said in message for where, message in found), found


@pytest.mark.parametrize(
    ("outcome", "code", "doubted"),
    [
        ("部分公开，其余信息不存在", "partial", False),
        ("信息不存在；部分公开", "partial", False),
        ("1.予以公开；2.信息不存在", "partial", False),
        ("1、予以公开；2、信息不存在", "partial", False),
        ("信访、投诉、举报", "petition", False),
        ("信息不存在，已告知", "not_existing", False),
        ("予以公开，部分信息不存在", "supplied", True),
    ],
)
def test_of_several_words_the_one_that_is_meant_counts_and_never_the_longest(
    outcome: str, code: str, doubted: bool
) -> None:
    cells = answered(outcome=outcome)
    assert case(cells).facts.outcome == code
    assert any("不止一种意思" in said for _, said in warnings(cells)) is doubted


def test_an_open_row_is_open_and_told_where_its_day_is_long_past() -> None:
    it = case(open_row(unit="民政办", assigned_on="2024-03-06", inner_due="2024-03-12"))
    assert (it.state, it.facts.assigned_to) == ("processing", "民政办")
    assert it.log[-1].event == ev.Assign(on=date(2024, 3, 6), to="民政办", due=date(2024, 3, 12))
    assert case(open_row()).state == "registered"
    assert (
        warnings(open_row())[0][0] == "outcome"
        and "期限 2024-04-02 已经过了" in warnings(open_row())[0][1]
    )
    assert warnings(open_row(received_on="2026-11-20", number="2026-1")) == []


def test_a_withdrawn_row_ends_on_its_day() -> None:
    it = case(answered(outcome="申请人撤回", served_on=None))
    assert (it.facts.outcome, it.facts.closed_on, it.accepted_by_staff) == (
        "withdrawn",
        date(2024, 3, 20),
        True,
    )
    it = case(answered(outcome="申请人撤回", served_on=None, channel="网上", remark="受理之前撤回"))
    assert not it.accepted_by_staff


def test_void_and_rerouted_rows_keep_their_number_and_count_nowhere() -> None:
    assert case(answered(outcome="已作废")).state == "voided"
    it = case(answered(outcome="已转办"), online_confirmation="confirmation_event")
    assert (it.state, it.received_on) == ("rerouted", None)


def test_a_column_of_receipt_that_is_empty_is_told() -> None:
    told = read(answered(received_on="/", submitted_on="2024-03-04"))
    assert [(one.column, one.message) for one in told.warnings] == [
        ("received_on", "没有收到日期，按提交日期 2024-03-04 登记")
    ]
    assert read(answered(received_on=None, submitted_on="2024-03-04")).warnings == []


@pytest.mark.parametrize("column", ["answered_on", "served_on", "assigned_on", "due"])
def test_what_was_worked_on_was_received(column: str) -> None:
    cells = open_row(received_on=None, submitted_on="2024-03-04", channel="邮箱")
    assert read(cells).outcome == "submitted"
    assert read({**cells, column: "2024-03-20"}).outcome != "submitted"


def test_texts_are_kept_as_long_as_their_place_is() -> None:
    made = read(answered(
        number="依申请公开" * 20 + "〔2024〕1号", channel="飞" * 70, letter="文" * 300, remark="注" * 2000, request="问" * 5000,
        applicant="某" * 0 + "名" * 300, address="路" * 400, tracking="1" * 300,
    ), {"很长的栏目" * 10: "字" * 300})  # fmt: skip
    assert {head: len(text) for head, text in made.told.items()} == {
        "台账编号": 60, "渠道": 60, "答复文号": 200, "邮件号": 200, "备注": 1200, ("很长的栏目" * 10)[:30]: 200,
    }  # fmt: skip
    assert (len(made.request), len(made.applicants[0].name), len(made.private["address"])) == (
        4000,
        200,
        300,
    )
    assert ("request", "申请内容超过 4000 字，后面的没有采用") in [
        (one.column, one.message) for one in made.warnings
    ]
    assert read(answered(request="问" * 4000)).warnings == []


def test_a_row_without_a_request_says_so() -> None:
    assert warnings(answered(request=None)) == [("request", "没有申请内容")]
    assert case(answered(request="无")).header.request == "（台账没有写申请内容）"


def test_a_joint_letter_by_its_own_number() -> None:
    assert (
        read(answered(remark="与 盘公开〔2024〕9号 一并答复")).joint_letter == "盘公开〔2024〕9号"
    )
    assert read(answered(remark="系 2023-0007 的更正答复（自行）")).redo_mode == "correct"
    assert read(answered(remark="系 2023-0007 的重新答复（自行）")).redo_mode == "replace"
    assert read(answered(remark="系重复申请")).redo_of is None


@pytest.mark.parametrize("number", ["E12345678", "护照E12345678"])
def test_other_proof_of_identity(number: str) -> None:
    assert read(answered(id_number=number)).private["id_type"] == "other"
    assert read(answered(id_number="1" * 41)).private == {}
    assert read(answered(applicant="甲公司", id_number="530000123")).private == {
        "id_number": "530000123"
    }
