"""The requests that an account sees, its reminders, its calendar, what is taken away, and what fills in the form."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.samples import pdf
from tests.webui.filing import CITIZEN, file, review
from tests.webui.portal.own import (
    EMAIL,
    PHONE,
    come_in,
    rows,
)
from tests.webui.visitor import Visitor
from workflow.store.account_models import (
    AccountCaseRow,
    AccountRow,
)
from workflow.store.message_models import MessageRow
from workflow.store.models import CaseRow

pytestmark = pytest.mark.usefixtures("quick", "mailing")
LONG = pytest.mark.long(reason="walks through many pages; the others stand for it in the short run")


# -- the requests ---------------------------------------------------------------------------------------


def test_what_is_filed_while_signed_in_is_seen_at_once(visitor, office):
    number, _ = file(come_in(visitor, office))
    visitor.get("/account")
    assert (
        number in visitor.text
        and "共 1 件" in visitor.text
        and "盘龙彝族乡人民政府" in visitor.text
    )
    visitor.send("/account/requests")
    assert visitor.path == "/query/case" and number in visitor.text


@LONG
def test_the_link_is_kept_with_the_request_or_neither(visitor, office, monkeypatch, counted):
    come_in(visitor, office)
    review(visitor)

    def broken(*args, **kwargs):
        raise OSError("no room on the disk")

    monkeypatch.setattr("workflow.service.cases.intake.link_case", broken)
    assert visitor.send("/apply", step="submit").status == 500
    assert counted() == 0 and rows(office, AccountCaseRow) == []


def test_an_earlier_request_is_linked_once_by_number_and_code(visitor, office, app):
    number, code = file(visitor)
    come_in(visitor, office)
    visitor.send("/account/link", number=number, code="WRONGCODE2")
    assert visitor.status == 404 and "查询码不正确" in visitor.alert and number in visitor.html
    visitor.send("/account/link", number=f" {number} ", code=code.lower())
    assert visitor.path == "/account" and "已经加到您的账户" in visitor.text
    visitor.send("/account/link", number=number, code=code)
    assert "共 1 件" in visitor.text
    kept = rows(office, AccountCaseRow)[0]
    assert code.encode() not in kept.sealed and code not in repr(vars(kept))


@LONG
def test_guessing_of_codes_of_requests_is_slowed(visitor, office):
    number, code = file(visitor)
    come_in(visitor, office)
    for _ in range(5):
        assert visitor.send("/account/link", number=number, code="WRONGCODE2").status == 404
    assert visitor.send("/account/link", number=number, code=code).status == 429
    assert rows(office, AccountCaseRow) == []


def test_nobody_opens_the_request_of_another_account(visitor, office, app):
    file(come_in(visitor, office))
    other = come_in(Visitor(app), office, "other@applicant.example")
    (case,) = [row.case_id for row in rows(office, AccountCaseRow)]
    token = other.form("/account/link").fields["csrf_token"]
    for do in ("", "unlink"):
        other.post("/account/requests", {"csrf_token": token, "case": case, "do": do})
        assert other.status == 404 or do
    assert len(rows(office, AccountCaseRow)) == 1
    assert other.get("/query/case").path == "/query"


def renew(office):
    """As a code is renewed: the case has another salt, and another hash by which it is found."""
    with office.store.write() as unit:
        row = unit.session.scalar(select(CaseRow))
        row.code_salt = "f" * 32
        row.query_hash = office.keys.query_hash(row.number, office.keys.query_code(row.code_salt))


def test_once_the_code_was_renewed_the_account_sees_nothing_of_the_request(visitor, office):
    number, _ = file(come_in(visitor, office))
    visitor.get("/account/settings").send("/account/feed")
    feed = visitor.html.partition("<code>")[2].partition("</code>")[0]
    shown = visitor.get("/account")
    form = shown.form("/account/requests").fields
    renew(office)
    visitor.post("/account/requests", form)
    assert (
        visitor.path == "/account"
        and "查询码已经更换" in visitor.text
        and number not in visitor.text
    )
    assert rows(office, AccountCaseRow) == []
    assert number not in visitor.client.get(feed).text


@LONG
def test_renewed_codes_are_named_in_the_list_and_cleared(visitor, office):
    number, _ = file(come_in(visitor, office))
    renew(office)
    visitor.get("/account")
    assert "有 1 件申请的查询码已经更换" in visitor.text and number not in visitor.text
    assert (
        "1 件"
        not in visitor.send("/account/stale").text.partition("把以前")[0].partition("清掉")[2]
    )
    assert rows(office, AccountCaseRow) == []


@LONG
def test_a_request_taken_from_the_list_goes_on(visitor, office):
    number, code = file(come_in(visitor, office))
    visitor.get("/account").send("/account/requests", do="unlink")
    assert "已经从列表中去掉" in visitor.text and rows(office, AccountCaseRow) == []
    assert visitor.get("/query").send("/query", number=number, code=code).path == "/query/case"


@LONG
def test_what_waits_for_the_applicant_stands_first_with_its_day(visitor, office, staff):
    come_in(visitor, office)
    numbers = [file(visitor, {**CITIZEN, "items": f"第{n}份合同"})[0] for n in "一二三"]
    staff("lifang").act(
        numbers[0], "require_correction", defects="请写明年度", method="direct",
        reached_on="2024-05-06", deadline_on="2024-05-20",
    )  # fmt: skip
    visitor.get("/account")
    assert "等您办理 1 件" in visitor.text and "2024 年 5 月 20 日前请补正" in visitor.text
    places = [visitor.html.index(f">{number} ·") for number in numbers]
    assert places[0] < places[1] and places[0] < places[2]
    assert "最晚" in visitor.text and "个工作日" in visitor.text


@LONG
def test_many_requests_come_in_pages(visitor, office):
    come_in(visitor, office)
    numbers = [file(visitor, {**CITIZEN, "items": f"第 {n} 份合同"})[0] for n in range(21)]
    first, second = (visitor.get(f"/account?page={n}").text for n in (1, 2))
    assert "共 21 件" in first and "第 1 页，共 2 页" in first
    assert all((number in first) != (number in second) for number in numbers)


# -- reminders, calendar, export --------------------------------------------------------------------------


@LONG
def test_the_choice_of_reminders_holds_for_all_requests(visitor, office):
    number, _ = file(come_in(visitor, office), email="zhang@mail.example")
    visitor.get("/account/settings").send("/account/reminders", channels=[])
    assert "提醒方式已经保存" in visitor.text
    assert rows(office, AccountRow)[0].channels == []
    states = {row.state for row in rows(office, MessageRow) if row.kind == "applicant"}
    assert states == {"withdrawn"}
    file(visitor, email="zhang@mail.example")
    told = [row for row in rows(office, MessageRow) if row.kind == "applicant"]
    assert {row.about for row in told} == {number}
    visitor.get("/account/settings").send("/account/reminders", channels=["mail", "pigeon"])
    assert rows(office, AccountRow)[0].channels == ["mail"]


@LONG
def test_a_calendar_at_a_secret_address_has_the_due_days_alone(visitor, office, staff):
    come_in(visitor, office)
    first, second = file(visitor)[0], file(visitor, {**CITIZEN, "agency": "jiangna"})[0]
    visitor.get("/account/settings").send("/account/feed")
    feed = visitor.html.partition("<code>")[2].partition("</code>")[0]
    text = visitor.client.get(feed).text
    assert text.count("BEGIN:VEVENT") == 2 and first == second, "numbers repeat between bodies"
    assert len({line for line in text.splitlines() if line.startswith("UID")}) == 2
    assert "养护合同" not in text and "张三" not in text
    visitor.send("/account/feed")
    assert visitor.client.get(feed).status_code == 404
    assert visitor.client.get("/account/feed/1-0.ics").status_code == 404


@LONG
def test_everything_of_ones_own_is_taken_away_and_nothing_of_others(visitor, office, app, staff):
    file(Visitor(app), {**CITIZEN, "name": "李四别人", "items": "别人的合同"})
    number, _ = file(come_in(visitor, office), email="zhang@mail.example")
    visitor.get("/query/case").post(
        "/query/case/files",
        {**visitor.form("/query/case/files").fields, "kind": "id_proof",
         "file": (BytesIO(pdf("身份证")), "我的身份证.pdf")},
    )  # fmt: skip
    staff("lifang").act(number, "require_correction", defects="请写明年度", method="direct")
    visitor.get("/query/case").send("/query/case/correct", text="要 2023 年的")
    whole = visitor.client.get("/account/export/json")
    told = json.loads(whole.data)
    (one,) = told["requests"]
    assert one["number"] == number and one["items"][0] == "2023年度农村公路养护合同"
    assert (
        one["applicant"]["name"] == "张三" and one["applicant"]["id_number"] == "11010519491231002X"
    )
    assert [line["text"] for line in one["written"]] == ["要 2023 年的"]
    assert [line["name"] for line in one["files"]] == ["我的身份证.pdf"]
    assert any("补正" in line["text"] for line in one["steps"])
    assert told["account"]["addresses"] == {"email": EMAIL}
    visitor.get("/query").send("/query", number=number, code=one["query_code"])
    assert visitor.path == "/query/case", "what is taken away opens the request without the account"
    assert "别人" not in whole.text
    book = load_workbook(BytesIO(visitor.client.get("/account/export/xlsx").data))
    cells = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert {"经过", "答复", "补正和说明", "本人提交的材料"} < set(book.sheetnames)
    assert number in cells and "我的身份证.pdf" in cells and "要 2023 年的" in cells
    assert not any("别人" in cell for cell in cells)
    table = visitor.client.get("/account/export/csv").data.decode("utf-8-sig")
    assert number in table and "张三" in table and "别人" not in table
    assert visitor.client.get("/account/export/doc").status_code == 404


# -- the form -------------------------------------------------------------------------------------------

PERSON = {
    "kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": "11010519491231002X",
    "phone": PHONE, "email": EMAIL, "address": "砚山县盘龙乡 1 号",
}  # fmt: skip


def test_the_form_begins_with_what_the_holder_keeps(visitor, office):
    come_in(visitor, office)
    assert visitor.get("/apply").form("/apply").fields["email"] == [EMAIL]
    visitor.get("/account/people/0").send("/account/people/0", **PERSON)
    assert visitor.path == "/account/people" and "张三" in visitor.text
    fields = visitor.get("/b/panlong/apply").form("/b/panlong/apply").fields
    assert (fields["name"], fields["phone"], fields["address"]) == (
        ["张三"], [PHONE], ["砚山县盘龙乡 1 号"],
    )  # fmt: skip
    assert fields["id_number"] == [""], "numbers are kept only where the holder wants it"
    visitor.get("/account/people/1").send("/account/people/1", numbers="yes", **PERSON)
    assert visitor.get("/apply").form("/apply").fields["id_number"] == ["11010519491231002X"]
    kept = rows(office, AccountRow)[0].sealed
    assert "张三".encode() not in kept


@LONG
def test_nobody_else_is_shown_what_a_holder_keeps(visitor, office, app):
    come_in(visitor, office).get("/account/people/0").send("/account/people/0", **PERSON)
    stranger = Visitor(app).get("/apply?applicant=1")
    assert stranger.form("/apply").fields["name"] == [""] and "我的账户”：提交" not in stranger.text
    other = come_in(Visitor(app), office, "other@applicant.example")
    assert other.get("/apply?applicant=1").form("/apply").fields["name"] == [""]
    assert other.get("/account/people/1").status == 404


@LONG
def test_a_lawyer_chooses_for_whom(visitor, office):
    come_in(visitor, office)
    agent = {"agent_name": "王律师", "agent_id_type": "lawyer_licence", "agent_phone": PHONE}
    agent["agent_id_type"] = "resident_id"
    for name in ("甲当事人", "乙当事人"):
        form = visitor.get("/account/people/0").form("/account/people/0").fields
        visitor.post("/account/people/0", {**form, **PERSON, "name": name, **agent})
    visitor.get("/apply?applicant=2")
    assert visitor.form("/apply").fields["applicant"] == ["2"] and "王律师" in visitor.html
    assert 'value="乙当事人"' in visitor.html
    visitor.get("/apply?applicant=2&agency=jiangna")
    assert visitor.form("/apply").fields["agency"] == ["jiangna"], "the body stays with the choice"
    visitor.get("/account/people/2").send("/account/people/2", do="drop")
    assert "乙当事人" not in visitor.text and "甲当事人" in visitor.text


@LONG
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "请填写"),
        ({"id_number": "110105194912310021", "numbers": "yes"}, "证件号码"),
        ({"phone": "12"}, "11 位手机号"),
        ({"email": "x"}, "有效的电子邮箱"),
        ({"kind": "ghost"}, "请选择"),
        ({"address": "长" * 201}, "最多 200 个字"),
    ],
)
def test_what_is_wrong_with_an_applicant_is_told_at_the_field(visitor, office, changed, said):
    come_in(visitor, office).get("/account/people/0")
    visitor.send("/account/people/0", **{**PERSON, **changed})
    assert visitor.status == 422 and said in visitor.text
    assert rows(office, AccountRow)[0].sealed is None
    assert PERSON["address"] in visitor.html or "address" in changed
