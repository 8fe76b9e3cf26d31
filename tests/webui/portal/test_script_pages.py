"""Every page of the portal in traditional script: nothing of the house's stays behind, nothing that people wrote is
changed."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tests.samples import pdf
from tests.webui.conftest import Today
from tests.webui.filing import CITIZEN, COMPANY, file, review
from tests.webui.portal.answering import BY_HAND, BY_POST, GIVEN, NOT_HELD, answered, look_up
from tests.webui.portal.own import last_code, with_channels
from tests.webui.portal.reading import Reader
from tests.webui.portal.test_public_pages import set_text
from tests.webui.published import publish
from tests.webui.visitor import Visitor
from tests.workflow.case.proved import WHOLE
from tests.workflow.service.sampling import quick_hashes
from workflow.service import Office
from workflow.service.messages.outbox import Outbox

Staff = Callable[[str], Visitor]
HANDED_IN = {**CITIZEN, "name": "云发里", "address": "云南后营", "email": "fa@applicant.example", "items": "头发里面的复制件干了\n征地范围",
             "other": "几只后来的", "delivery": ["pickup", "mail"], "medium": ["paper", "electronic"]}  # fmt: skip
GROUND = "内部讨论里的几处发言还没有制成结论"
DEFECTS = ("写清是哪里的头发范围", "补交云发里的复印件")
REASON = "档案复制还没有干完"
NOTE = "后面几页发干了看不清"
KEPT = {"outcome": "deliberative", "subtype": "draft", "ground": GROUND, "redaction": WHOLE}
ANSWER = "经在综合档案室、财务系统以“养护合同”检索，未查到您申请的上述信息"
LETTER = "答复书盘政公开答〔2026〕1号"
"""What a letter says stands as it is there, and so does the name of its file."""
BY_STAFF = (
    ANSWER,
    LETTER,
    GROUND,
    *DEFECTS,
    REASON,
    "综合档案室",
    "财务系统",
    "养护合同",
    "云南某路桥公司",
    WHOLE,
)


@pytest.fixture
def reader(app: Flask, office: Office, today: Today) -> Iterator[Reader]:
    """A reader on Monday 2026-08-03; at the end every page that was seen is held to what it said."""
    today.is_("2026-08-03")
    found = Reader(app, office, *BY_STAFF)
    yield found
    assert found.left == {}, "words of the house that stayed simplified, with their pages"
    assert found.changed == {}, "words of people that were changed"


def handed_in(reader: Reader, **changed: Any) -> tuple[str, str]:
    return file(reader, HANDED_IN, **changed)


def seen(reader: Reader, filed: tuple[str, str]) -> Reader:
    """The page of the application, and the two beside it."""
    look_up(reader, filed)
    assert reader.path == "/zh-hant/query/case", reader.text
    for page in ("complaint", "fee"):
        reader.get(f"/query/case/{page}")
    return reader.get("/query/case")


@pytest.mark.long(reason="walks many pages; a case that runs stands for them in the short run")
def test_filing_from_the_form_to_the_receipt(reader, office):
    with_channels(office, "mail", "sms")
    reader.written.add("“发”")
    reader.get("/apply/bodies").get("/apply/bodies?q=云发")
    reader.get("/apply").send(
        "/apply", step="review", agency=[], kind="", items="", delivery=[], medium=[]
    )
    assert reader.status == 422
    wrong = {**HANDED_IN, "id_number": "11010519491231发02X", "phone": "12", "postcode": "一", "email": "后", "agent_name": "干里",
             "items": "字" * 2001, "agent_until": "明天"}  # fmt: skip
    reader.get("/apply").send("/apply", step="review", **wrong)
    assert reader.status == 422 and "发" in reader.alert
    review(reader, COMPANY, credit_code="9111", org_name="云发公司", contact="")
    bad = [(BytesIO(b"GIF89a"), "头发.gif")]
    review(reader, HANDED_IN, file_id_proof=bad)
    assert reader.status == 422 and "头发.gif" in reader.alert
    parts = ("为什么征收范围里的头发不给，请处理干部", "2023年合同，2024年合同", "张三13800000000")
    asking = "；".join(parts)
    reader.written |= {*parts, "2023年合同", "2024年合同"}
    review(reader, HANDED_IN, items=asking, agent_name="复后", agent_id_type="resident_id", agent_relation="agent", agent_id_number="11010519491231002X",
           agent_phone="13800000001", file_id_proof=[(BytesIO(pdf("里")), "后面.pdf")])  # fmt: skip
    assert "提醒" in reader.text and asking in reader.text
    reader.send("/apply", step="submit")
    assert reader.path == "/zh-hant/apply/done" and "還要補交" in reader.text
    reader.send("/apply/done", channels=["mail"])
    assert "已經保存" in reader.text
    reader.send("/leave")


@pytest.mark.long(reason="walks many pages; a case that runs stands for them in the short run")
def test_drafts_and_lost_codes(reader, office):
    reader.get("/drafts").send("/drafts/open", code="头发")
    assert reader.status == 404
    reader.get("/apply").post("/zh-hant/drafts", {**reader.form("/apply").fields, **HANDED_IN})
    assert "草稿碼" in reader.text
    reader.get("/drafts").send("/drafts/drop")
    number, _ = handed_in(reader)
    reader.get("/query").send("/query", number="头发", code="发O0")
    assert "查詢碼裡沒有" in reader.text
    for _ in range(8):
        reader.send("/query", number=number, code="AAAA")
    reader.get("/query/new-code")
    with_channels(office, "mail", "sms")
    reader.get("/query/new-code").send("/query/new-code", name="云发")
    assert reader.status == 422
    reader.send("/query/new-code", number=number, name="云发", identity="1")
    assert reader.path == "/zh-hant/query"


@pytest.mark.long(reason="walks many pages; a case that runs stands for them in the short run")
def test_where_a_form_came_in_vain(reader, app, today):
    filed = handed_in(reader)
    seen(reader, filed)
    form = reader.form("/message")
    reader.send("/leave").get("/query")
    reader.post(form.action, {**form.fields, "message": NOTE})
    assert reader.status == 401
    reader.send("/query", number=filed[0], code=filed[1])
    assert NOTE in reader.text and "放回表單" in reader.text
    reader.post("/zh-hant/apply", {"csrf_token": "x", "items": NOTE})
    assert reader.status == 400
    for address in ("/nowhere", "/annual-reports/1999", "/b/nowhere", "/refuse/x", "/answers/999"):
        reader.get(address)
        assert reader.status == 404


@pytest.mark.long(reason="walks many pages; a case that runs stands for them in the short run")
def test_what_is_looked_for(reader, office, today):
    publish(office, 2025)
    for address in ("/answers?q=年度报告期限复议头发", "/answers?q=机关", "/directory?q=头发", "/directory?page=9", "/annual-reports",
                    "/annual-reports/2025", "/calculator?received=2026-08-03", "/calculator?received=x"):  # fmt: skip
        reader.get(f"/b/panlong{address}")
        reader.get(address)


def test_a_case_while_it_runs(reader, office, do, staff, today):
    with_channels(office, "mail", "sms")
    set_text(office, "fee_policy", "by_page")
    number, _ = filed = handed_in(reader)
    seen(reader, filed).send("/query/case/message", message=NOTE)
    reader.send("/query/case/message", message=" ")
    staff("lifang").get(f"/desk/cases/{number}").send("/answer", message=NOTE)
    do(number, "require_correction", "2026-08-05", reached_on="2026-08-05", defects=list(DEFECTS), grounds=["content", "identity"])  # fmt: skip
    seen(reader, filed).send("/query/case/correct")
    assert reader.status == 422
    reader.send(
        "/query/case/correct", answer__1=NOTE, answer__2=NOTE, answer__3=NOTE, answer__4=NOTE
    )
    assert "補正已經提交" in reader.text and DEFECTS[0] in reader.text
    reader.send("/query/case/item", item="1")
    reader.send("/query/case/item", item="1", confirm_item="yes", reason=NOTE)
    reader.send("/query/case/withdraw")
    do(number, "assign", "2026-08-06")
    do(number, "consult_third_party", "2026-08-07", consultation=1, reached_on="2026-08-07", note="云南某路桥公司")  # fmt: skip
    seen(reader, filed)
    do(number, "record_opinion", "2026-08-12", consultation=1, opinion="agrees")
    do(number, "extend", "2026-08-17", days=10, reached_on="2026-08-17", reason=REASON)
    seen(reader, filed)
    reader.send("/query/case/files", kind="", file=(BytesIO(pdf("里")), "后面.pdf"))
    reader.send("/query/case/files", kind="supplement", file=(BytesIO(pdf("里")), "后面.pdf"))
    reader.send(
        "/query/case/files",
        kind="supplement",
        file=[(BytesIO(b"GIF8"), "头发.gif"), (BytesIO(pdf("发")), "发.pdf")],
    )
    reader.get("/query/case/application").send("/known", second="发")
    reader.send("/known", second="002x")
    assert HANDED_IN["address"] in reader.text
    reader.send("/back", file=reader.html.partition('name="file" value="')[2].partition('"')[0])
    do(number, "charge_fee", "2026-08-19", pages=57, mode="by_page", reached_on="2026-08-19")
    seen(reader, filed)
    assert "繳費單" in reader.get("/query/case/fee").text
    message = Outbox(office).claim("mail")
    reader.get(f"/refuse/{message.refusal}").send(f"/refuse/{message.refusal}")
    do(number, "lapse_fee", "2026-10-19")
    seen(reader, filed)


@pytest.mark.long(reason="walks many pages; a case that runs stands for them in the short run")
def test_a_case_that_is_answered_and_disputed(reader, office, do, staff, today):
    number, _ = filed = handed_in(reader)
    today.is_("2026-09-02")
    assert "屆滿" in seen(reader, filed).text
    today.is_("2026-08-04")
    answered(do, number, BY_HAND, GIVEN, KEPT)
    text = seen(reader, filed).text
    assert "行政復議決定書" in text and "駁回申請" in text and GROUND in text
    reader.get("/query/case?received=2026-08-01").get("/query/case?received=x")
    reader.send("/query/case/reply", last_four="发发发发", reply="0")
    reader.send("/query/case/opinion").send("/query/case/opinion", degree="1", words=NOTE)
    do(number, "file_review", "2026-09-01")
    do(number, "conclude_review", "2026-10-20", result="quashed", reached_on="2026-10-20")
    do(number, "order_redo", "2026-10-21", due="2026-11-20")
    seen(reader, filed)
    do(number, "archive", "2026-12-21")
    seen(reader, filed)


@pytest.mark.long(reason="walks six more cases to their ends; one stands for them in the short run")
@pytest.mark.parametrize("end", ["bounced", "lapsed", "withdrawn", "reasons", "late", "void"])
def test_a_case_that_ends_otherwise(reader, do, today, end):
    number, _ = filed = handed_in(reader)
    if end == "bounced":
        answered(do, number, BY_POST, NOT_HELD, NOT_HELD)
        seen(reader, filed).get("/query/case?received=2026-08-01")
        do(number, "service_failed", "2026-08-24", reason=REASON)
    elif end == "lapsed":
        do(
            number,
            "require_correction",
            "2026-08-05",
            reached_on="2026-08-05",
            defects=[DEFECTS[0]],
        )
        do(number, "lapse_correction", "2026-08-27")
    elif end == "withdrawn":
        seen(reader, filed).send("/query/case/withdraw", confirm="yes")
    elif end == "reasons":
        do(number, "ask_reasons", "2026-08-05", deadline_on="2026-08-19")
        seen(reader, filed).send("/query/case/reasons").send("/query/case/reasons", reasons=NOTE)
    elif end == "late":
        answered(do, number, BY_HAND, GIVEN, GIVEN)
        do(number, "revise_reply", "2026-08-20", mode="replace", reason=REASON)
    else:
        do(number, "void", "2026-08-05", reason=REASON, second_person="lifang")
    seen(reader, filed)


@pytest.mark.long(reason="walks through every page of an account")
def test_an_account(reader, office):
    with_channels(office, "mail", "sms")
    number, code = handed_in(reader)
    with quick_hashes():
        reader.get("/account/sign-in").send("/account/code/send", address="头发")
        assert reader.status == 422
        reader.send("/account/sign-in", user="云发里", password="x")
        reader.get("/account/sign-in").send("/account/code/send", address="fa@applicant.example")
        assert reader.path == "/zh-hant/account/code", reader.text
        reader.send("/account/code", code="1")
        assert reader.status == 422
        reader.send("/account/code", code=last_code(office))
        reader.send("/account/open")
        assert reader.status == 422
        reader.send("/account/open", agree="yes")
        assert reader.path == "/zh-hant/account" and "帳戶已經開立" in reader.text
        reader.send("/account/link", number="头发", code="发").send(
            "/account/link", number=number, code=code
        )
        assert number in reader.text
        handed_in(reader, items="后来的复制件")
        reader.get("/account/people").get("/account/people/0").send("/account/people/0", kind="")
        assert reader.status == 422
        person = {"kind": "citizen", "name": "云发里", "phone": "13800000000", "agent_name": "后里"}
        reader.get("/account/people/0").send("/account/people/0", **person)
        reader.get("/account/people/0").send("/account/people/0", **{**person, "agent_name": ""})
        reader.get("/apply").get("/account/settings").send("/account/reminders", channels=["mail"])
        reader.send("/account/password", new="x", again="y").send(
            "/account/password", new="x", again="x"
        )
        reader.get("/account/settings").send("/account/feed").send(
            "/account/address", address="头发"
        )
        reader.get("/account/settings").send("/account/address", address="13800001111")
        assert reader.path == "/zh-hant/account/address/code", reader.text
        reader.send("/account/address/code", code="1")
        reader.get("/account").send("/account/requests", do="unlink")
        reader.get("/account/delete").send("/account/delete")
        assert reader.status == 422
        reader.send("/account/delete", confirm="yes")
        assert "注銷" not in reader.text


@pytest.mark.long(reason="files ten times before it is asked")
def test_the_question_before_the_eleventh(reader, app):
    app.config["RATELIMIT_ENABLED"] = True
    review(reader, HANDED_IN)
    fields = {**reader.form("/apply").fields, "step": "submit"}
    for n in range(12):
        reader.post("/zh-hant/apply", {**fields, "items": f"第 {n} 号合同"})
    assert "請先回答這個問題" in reader.alert
    reader.send("/apply", step="submit", answer="一百")
    assert "答案不對" in reader.alert
