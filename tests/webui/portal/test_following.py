"""Following an application: messages, what was sent, one item withdrawn, the day of arrival, and forms that are late."""

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.webui.conftest import Today
from tests.webui.filing import file
from tests.webui.portal.answering import (
    BY_HAND,
    BY_POST,
    GIVEN,
    KEPT,
    LAST_FOUR,
    NOT_HELD,
    Do,
    Staff,
    answered,
    events,
    picked,
)
from tests.webui.portal.own import rows
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.models import EventRow
from workflow.store.thread_models import CaseMessageRow, OpinionRow

# -- messages -------------------------------------------------------------------------------------------


def test_a_message_is_answered_and_moves_nothing(
    visitor: Visitor, filed: tuple[str, str], staff: Staff, office: Office
) -> None:
    """No step of the law: neither state nor day moves, and nothing stands in the log."""
    before, told = events(office), visitor.text
    assert "留言不是补正、不是撤回，也不是复议" in told
    visitor.send("/message", message="附件 2 第 31 页看不清")
    assert "留言已经发送" in visitor.text and "附件 2 第 31 页看不清" in visitor.text
    clerk = staff("lifang").get(f"/desk/cases/{filed[0]}")
    assert "1 条等回复" in clerk.text and "附件 2 第 31 页看不清" in clerk.text
    assert f"申请 {filed[0]} 的申请人写了留言" in staff("lifang").get("/desk/inbox").text
    clerk.get(f"/desk/cases/{filed[0]}").send("/answer", message="今天补寄")
    assert "回复已经发送" in clerk.text and "等回复" not in clerk.text
    visitor.get("/query/case")
    assert "今天补寄" in visitor.text and "机关 lifang" in visitor.text
    assert events(office) == before and "2026 年 8 月 31 日" in visitor.text
    kept = rows(office, CaseMessageRow)
    assert [one.from_applicant for one in kept] == [True, False]
    assert not any("补寄".encode() in one.sealed for one in kept)


def test_a_message_sent_twice_is_kept_once_and_told_once(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff
) -> None:
    form = visitor.form("/message")
    for _ in range(2):
        visitor.post(form.action, {**form.fields, "message": "什么时候答复"})
    assert len(rows(office, CaseMessageRow)) == 1
    assert staff("lifang").get("/desk/inbox").text.count("写了留言") == 1
    clerk = staff("lifang").get(f"/desk/cases/{filed[0]}")
    form = clerk.form("/answer")
    for _ in range(2):
        clerk.post(form.action, {**form.fields, "message": "月底之前"})
    assert len(rows(office, CaseMessageRow)) == 2


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("  ", 422, "请写明内容"),
        ("字" * 2001, 422, "最多 2000 个字"),
        ("机密★10年", 409, "密级标志"),
    ],
)
def test_a_wrong_message_comes_back_as_it_was(
    visitor: Visitor, filed: tuple[str, str], office: Office, text: str, status: int, told: str
) -> None:
    visitor.send("/message", message=text)
    assert visitor.status == status and told in visitor.alert
    assert visitor.form("/message").fields["message"][0].strip() == text.strip()
    assert rows(office, CaseMessageRow) == []


@pytest.mark.long(reason="walks a whole case; shorter ones stand for it in every run")
def test_so_many_may_wait_and_an_answer_makes_room(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff
) -> None:
    form = visitor.form("/message")
    for n in range(11):
        visitor.post(form.action, {**form.fields, "once": f"m{n}", "message": f"第 {n} 条"})
    assert visitor.status == 409 and "还有 10 条留言没有回复" in visitor.alert
    assert (
        len(rows(office, CaseMessageRow)) == 10
        and 'action="/query/case/message"' not in visitor.html
    )
    staff("lifang").get(f"/desk/cases/{filed[0]}").send("/answer", message="收到")
    assert "/query/case/message" in visitor.get("/query/case").html


def test_who_may_answer_and_what_a_reviewer_sees(
    visitor: Visitor, filed: tuple[str, str], staff: Staff
) -> None:
    """保密审查员 judges without knowing who asks: names fall out of messages too."""
    visitor.send("/message", message="我是张三，请尽快")
    reviewer = staff("wangqiang").get(f"/desk/cases/{filed[0]}")
    assert "请尽快" in reviewer.text and "张三" not in reviewer.html
    assert "/answer" not in reviewer.html
    token = reviewer.form("/notes").fields["csrf_token"]
    reviewer.post(f"/desk/cases/panlong/{filed[0]}/answer", {"csrf_token": token, "once": "x", "message": "好"})  # fmt: skip
    assert reviewer.status == 403
    assert "/answer" in staff("zhaoming").get(f"/desk/cases/{filed[0]}").html
    clerk = staff("lifang").get(f"/desk/cases/{filed[0]}").send("/answer", message=" ")
    assert clerk.status == 422 and "请写明内容" in clerk.text


def test_messages_that_were_tampered_with_are_found(
    visitor: Visitor, filed: tuple[str, str], office: Office
) -> None:
    visitor.send("/message", message="第一条")
    assert verify(office) == []
    with office.store.write() as unit:
        kept = unit.session.scalars(select(CaseMessageRow)).one()
        kept.sealed = kept.sealed[:-1] + bytes([kept.sealed[-1] ^ 1])
    (broken,) = verify(office)
    assert broken.number == filed[0] and "留言" in broken.message


@pytest.mark.long(reason="walks a whole case; shorter ones stand for it in every run")
def test_messages_go_into_the_closed_part_of_the_archive(
    visitor: Visitor, filed: tuple[str, str], staff: Staff, office: Office
) -> None:
    from zipfile import ZipFile

    from workflow.service.bundles import Bundles
    from workflow.service.packages import broken_in

    visitor.send("/message", message="盼复")
    staff("lifang").get(f"/desk/cases/{filed[0]}").send("/answer", message="已经在办")
    visitor.get("/query/case").send("/withdraw", confirm="yes")
    staff("lifang").act(filed[0], "archive")
    package = Bundles(office).archive(None, "panlong", filed[0]).content
    said = ZipFile(BytesIO(package)).read("不公开/留言.txt").decode()
    assert said == "2026-08-03 10:00　申请人\n盼复\n\n2026-08-03 10:00　机关（lifang）\n已经在办"
    assert broken_in(package) == []


def test_an_error_on_the_page_is_told_as_a_message(
    visitor: Visitor, filed: tuple[str, str], staff: Staff
) -> None:
    visitor.get("/query/case?about=page")
    visitor.send("/message", message="标题少了一个字", about="page")
    assert "网页内容有错" in staff("lifang").get(f"/desk/cases/{filed[0]}").text
    visitor.send("/message", message="随便", about="withdraw_item")
    assert visitor.status == 422 and "请选择写的是哪方面的事" in visitor.alert


# -- one item is withdrawn ------------------------------------------------------------------------------


def test_one_item_is_withdrawn_in_writing_and_the_others_go_on(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff
) -> None:
    before = events(office)
    visitor.send("/item", item="2")
    assert visitor.status == 422 and "我确认撤回这一项" in visitor.alert
    visitor.send("/item", item="2", confirm_item="yes", reason="已经找到了")
    assert "已经记下您撤回第 2 项" in visitor.text and events(office) == before
    assert "/query/case/item" not in visitor.html, "the last one is withdrawn with the whole"
    page = staff("lifang").get(f"/desk/cases/{filed[0]}")
    assert "申请人 2026 年 8 月 3 日撤回这一项" in page.text and "已经找到了" in page.text
    visitor.post("/query/case/item", {**visitor.form("/message").fields, "once": "z", "item": "1", "confirm_item": "yes"})  # fmt: skip
    assert visitor.status == 409 and "现在没有可以单独撤回的项" in visitor.alert
    assert len(rows(office, CaseMessageRow)) == 1


def test_no_item_is_withdrawn_after_the_reply(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    form = visitor.form("/item")
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    visitor.post(form.action, {**form.fields, "item": "1", "confirm_item": "yes"})
    assert visitor.status == 409 and rows(office, CaseMessageRow) == []


# -- what is mended, why, and what it costs -------------------------------------------------------------


def test_each_thing_that_is_asked_has_its_field_and_one_text_comes_of_it(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    """条例30: all at once, item by item as the letter has it; the grounds say how, and are no items besides."""
    defects = ["请写明是哪一条公路的合同", "请写明年度"]
    do(filed[0], "require_correction", "2026-08-05", reached_on="2026-08-05", defects=defects, grounds=["identity"])  # fmt: skip
    visitor.get("/query/case")
    assert "请补正这 2 项" in visitor.text and "怎样补正：交身份证件" in visitor.text
    visitor.send("/correct", **{"answer-1": "盘龙至平远", "answer-2": ""})
    assert visitor.status == 422 and "请写明第 2 项" in visitor.alert
    assert "请写明第 1 项" not in visitor.alert
    assert visitor.form("/correct").fields["answer-1"][0].strip() == "盘龙至平远"
    visitor.send("/correct", **{"answer-2": "字" * 1990})
    assert visitor.status == 422 and "合起来最多 2000 个字" in visitor.alert
    visitor.send("/correct", **{"answer-2": "2023 年", "text": "谢谢"})
    assert "补正已经提交" in visitor.text
    fields = rows(office, EventRow)[-1].fields
    assert fields["text"].splitlines() == [
        "（1）请写明是哪一条公路的合同：盘龙至平远", "（2）请写明年度：2023 年", "其他说明：谢谢",
    ]  # fmt: skip


def test_grounds_without_items_are_what_is_asked(
    visitor: Visitor, filed: tuple[str, str], do: Do
) -> None:
    do(filed[0], "require_correction", "2026-08-05", reached_on="2026-08-05", defects=["请写明年度"], grounds=["identity"])  # fmt: skip
    text = visitor.get("/query/case").text
    assert "请写明年度" in text and "怎样补正：交身份证件" in text and "身份证明不明确" not in text


def test_reasons_are_given_only_where_they_were_asked_for(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    """条例35: whether they are good is not the applicant's to say."""
    assert "/reasons" not in visitor.html
    form = visitor.form("/message")
    do(filed[0], "ask_reasons", "2026-08-05", deadline_on="2026-08-19")
    visitor.get("/query/case").send("/reasons", reasons=" ")
    assert visitor.status == 422 and "请写明为什么需要这些信息" in visitor.alert
    visitor.send("/reasons", reasons="每件是不同的公路", accepted="true")
    assert "由机关判断是否合理" in visitor.text and "办理中" in visitor.text
    line = rows(office, EventRow)[-1]
    assert (line.event, line.actor) == ("give_reasons", "applicant")
    assert line.fields == {"note": "每件是不同的公路"}
    visitor.post("/query/case/reasons", {**form.fields, "length": "", "once": "r", "reasons": "再说一次"})  # fmt: skip
    assert visitor.status == 409


@pytest.mark.long(reason="walks a whole case; shorter ones stand for it in every run")
def test_the_fee_has_a_slip_and_takes_its_proof(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    """国办函〔2020〕109号: 31 pages to 57 cost ten yuan each."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "fee_policy", "by_page", office.today().replace(month=1), "收费")
        unit.set_setting(body, "fee_account", "农商行 1234", office.today().replace(month=1), "户")
    with_fee = Visitor(visitor.app)
    number, _ = file(with_fee)
    form = with_fee.get("/query/case").form("/query/case/files")
    with_fee.post(form.action, {**form.fields, "kind": "payment", "file": picked()})
    assert with_fee.status == 422 and "现在不需要缴费凭证" in with_fee.text
    assert with_fee.get("/query/case/fee").path == "/query/case"
    do(number, "assign", "2026-08-04")
    do(number, "charge_fee", "2026-08-05", mode="by_page", pages=57, reached_on="2026-08-05")
    text = with_fee.get("/query/case").text
    assert "第 31 至 57 页，每页 10 元，计 270 元" in text and "农商行 1234" in text
    slip = with_fee.get("/query/case/fee").text
    assert "270 元" in slip and "2026 年 9 月 2 日（周三）" in slip and "第 31 页起" in slip
    with_fee.get("/query/case")
    with_fee.send("/query/case/files", kind="payment", file=picked("凭证.pdf"))
    assert "已收到缴费凭证" in with_fee.text


# -- the answer -----------------------------------------------------------------------------------------


def test_the_day_of_arrival_is_confirmed_once_and_the_remedy_counts_from_it(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
    today: Today,
) -> None:
    """行政复议法20: from the receipt."""
    answered(do, filed[0], BY_POST, NOT_HELD, NOT_HELD)
    today.is_("2026-08-24")
    visitor.get("/query/case").send("/received", received_on="2026-08-14")
    assert visitor.status == 409 and "早于发出文书的 2026 年 8 月 17 日" in visitor.alert
    visitor.send("/received", received_on="")
    assert visitor.status == 422 and "请填写日期" in visitor.alert
    visitor.send("/received", received_on="2026-08-25")
    assert visitor.status == 409 and "还没有到" in visitor.alert
    form = visitor.form("/received")
    visitor.send("/received", received_on="2026-08-20")
    assert "最晚 2026 年 10 月 19 日（周一）" in visitor.text and "/received" not in visitor.html
    line = rows(office, EventRow)[-1]
    assert (line.event, line.actor, line.fields["reached_on"]) == ("record_delivery", "applicant", "2026-08-20")  # fmt: skip
    late = {**form.fields, "once": "again", "length": "", "received_on": "2026-08-21"}
    visitor.post(form.action, late)
    assert visitor.status == 409 and "已经登记对方在 2026 年 8 月 20 日收到" in visitor.alert


@pytest.mark.long(reason="walks a whole case; shorter ones stand for it in every run")
def test_a_new_reply_is_fetched_and_confirmed_beside_the_first(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
    today: Today,
) -> None:
    """行政复议法64: which letter holds, both readable."""
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    do(filed[0], "file_review", "2026-09-01")
    do(filed[0], "conclude_review", "2026-10-20", result="quashed", reached_on="2026-10-20")
    do(filed[0], "order_redo", "2026-10-21", due="2026-11-20")
    answers = [{"item": 1, **NOT_HELD}, {"item": 2, **NOT_HELD}]
    do("2026-0002", "assign", "2026-10-22")
    for n in (1, 2):
        do("2026-0002", "record_search", "2026-10-22", item=n, sources=["档案室", "库房"], keywords=["合同"], hits=0)  # fmt: skip
    do("2026-0002", "propose_outcome", "2026-10-23", items=answers)
    do("2026-0002", "pass_legal_check", "2026-10-23")
    do("2026-0002", "approve", "2026-10-23")
    do("2026-0002", "serve", "2026-10-26", **{**BY_POST, "posted_on": "2026-10-26"})
    today.is_("2026-10-29")
    visitor.get("/query/case")
    assert "以这一份为准" in visitor.text and 'value="2026-0002/0"' in visitor.html
    visitor.send("/received", received_on="2026-10-28")
    assert "已经登记您收到答复的日期" in visitor.text
    form = visitor.form("/query/case/reply")
    sent = {**form.fields, "last_four": LAST_FOUR, "reply": "2026-0002/0"}
    answer = visitor.client.post(form.action, data=sent)
    assert answer.data.startswith(b"%PDF")
    assert "已经核对过，可以直接下载" in visitor.get("/query/case").text, "asked for once a visit"
    form = visitor.form("/query/case/reply")
    assert visitor.client.post(form.action, data={**form.fields, "reply": "0"}).data.startswith(b"%PDF")  # fmt: skip
    sent = {**form.fields, "last_four": LAST_FOUR, "reply": "2026-0009/0"}
    assert visitor.post(form.action, sent).status == 404, "it is no new reply to this one"


def test_satisfaction_is_said_after_the_answer_and_said_anew(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
    staff: Staff,
) -> None:
    assert "/opinion" not in visitor.html
    form = visitor.form("/message")
    visitor.post("/query/case/opinion", {**form.fields, "degree": "5"})
    assert visitor.status == 409 and "还没有答复" in visitor.alert
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    visitor.get("/query/case").send("/opinion", words="慢")
    assert visitor.status == 422 and "请选择满意的程度" in visitor.alert
    for degree in ("2", "4"):
        visitor.send("/opinion", degree=degree, words="还行")
    (kept,) = rows(office, OpinionRow)
    assert kept.degree == 4 and "还行".encode() not in kept.sealed
    assert 'value="4" checked' in visitor.html
    page = staff("lifang").get(f"/desk/cases/{filed[0]}")
    assert "申请人评价：满意" in page.text and "还行" in page.text
    dashboard = staff("chen").get("/desk/dashboard").text
    assert "申请人的评价" in dashboard and "满意 1" in dashboard and "不满意 0" in dashboard


def test_a_complaint_is_written_as_far_as_it_is_known(
    visitor: Visitor, filed: tuple[str, str], office: Office, today: Today
) -> None:
    """条例47, 51."""
    with office.store.write() as unit:
        above = office.found_agency(unit, "yanshan")
        for name, value in (("contact_phone", "0876-3000000"), ("contact_address", "嘉禾路 1 号")):
            unit.set_setting(above, name, value, office.today(), "公布")
    today.is_("2026-09-01")
    text = visitor.get("/query/case/complaint").text
    assert "砚山县人民政府办公室" in text and "0876-3000000" in text and "嘉禾路 1 号" in text
    assert "答复期限届满，到 2026 年 9 月 1 日为止，该机关没有答复" in text and filed[0] in text
    assert "张三" not in text


def test_a_program_of_an_applicant_tells_nothing_but_its_own_receipt(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    """The table lets applicants record one arrival alone: that of the reply."""
    from workflow.people import APPLICANT
    from workflow.service.cases.moving import parsed

    do(filed[0], "require_correction", "2026-08-03", defects=["请写明年度"])
    do(filed[0], "correct", "2026-08-04", text="2023 年")
    answered(do, filed[0], BY_POST, GIVEN, KEPT)
    with office.store.read() as unit:
        from workflow.service.cases.finding import by_code, folded

        case = folded(office, unit, by_code(office, unit, *filed))
        for fields in (
            {"of": "require_correction", "reached_on": "2026-08-17"},
            {"of": "serve", "returned_on": "2026-08-17"},
        ):
            event = parsed("record_delivery", {"on": "2026-08-17", **fields})
            refusal = case.machine.refusal(case, "record_delivery", event, APPLICANT, office.today())  # fmt: skip
            assert refusal is not None and refusal.rule == "not_your_role"


@pytest.mark.long(reason="walks a whole case; shorter ones stand for it in every run")
def test_an_item_that_was_withdrawn_is_answered_as_withdrawn_and_says_nothing_of_the_rest(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    """Decision 33: the reply names it with the applicant's writing; the result is that of the others."""
    from workflow.refusal import Refused

    gone = {"outcome": "withdrawn", "reason": "您于 2026 年 8 月 4 日在网上书面撤回"}
    do(filed[0], "assign", "2026-08-04")
    for second in ({"outcome": "withdrawn"}, gone):
        first = GIVEN if "reason" not in second else second
        with pytest.raises(Refused) as refused:
            do(filed[0], "propose_outcome", "2026-08-05", items=[{"item": 1, **first}, {"item": 2, **second}])  # fmt: skip
        wanted = "bad_field" if "reason" in second else "missing_evidence"
        assert refused.value.refusal.rule == wanted
    answered(do, filed[0], BY_HAND, GIVEN, gone)
    text = visitor.get("/query/case").text
    assert "申请人撤回" in text and "2026 年 8 月 4 日在网上书面撤回" in text
    with office.store.read() as unit:
        from workflow.service.cases.finding import by_code

        row = by_code(office, unit, *filed)
        assert (row.outcome, row.result_row) == ("supplied", "disclosed")
