"""What an applicant sent, seen again and taken back; and forms of the page that come late, twice or for another case."""

from typing import Any

import pytest

from tests.samples import pdf
from tests.webui.conftest import Today
from tests.webui.filing import CITIZEN, file
from tests.webui.portal.answering import LAST_FOUR, Do, Staff, events, look_up, picked
from tests.webui.portal.own import rows
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.file_models import FileContentRow, FileRow
from workflow.store.thread_models import ApplicantFormRow, CaseMessageRow

# -- what was asked and sent ----------------------------------------------------------------------------


def test_what_was_asked_and_sent_stands_behind_the_second_fact(
    visitor: Visitor, filed: tuple[str, str]
) -> None:
    visitor.send("/query/case/files", kind="supplement", file=picked())
    visitor.get("/query/case/application")
    assert CITIZEN["phone"] not in visitor.html and "证件号码的后四位" in visitor.text
    visitor.send("/known", second="0000")
    assert visitor.status == 422 and "核对的内容不正确" in visitor.alert
    visitor.send("/known", second=LAST_FOUR.lower())
    assert visitor.path == "/query/case/application"
    assert (
        all(CITIZEN[one] in visitor.text for one in ("name", "phone", "id_number"))
        and "竣工验收单" in visitor.text
    )
    form = visitor.form("/own")
    number = visitor.html.partition('name="file" value="')[2].partition('"')[0]
    answer = visitor.client.post(form.action, data={**form.fields, "file": number}, headers={"Referer": visitor.page.request.url})  # fmt: skip
    assert answer.data == pdf("说明") and "attachment" in answer.headers["Content-Disposition"]
    visitor.get("/query/case").send("/leave")
    assert CITIZEN["phone"] not in visitor.get("/query/case/application").html


def test_the_fact_of_one_application_opens_no_other(
    visitor: Visitor, filed: tuple[str, str], today: Today
) -> None:
    visitor.get("/query/case/application").send("/known", second=LAST_FOUR)
    other = file(
        Visitor(visitor.app), phone="13900000000", id_number="E12345678", id_type="passport"
    )
    look_up(visitor, other).get("/query/case/application")
    assert "13900000000" not in visitor.html and "/known" in visitor.html


def test_a_wrong_paper_is_taken_back_before_anybody_looked(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff
) -> None:
    """个人信息保护法47: its content goes, that there was one stays."""
    visitor.send("/query/case/files", kind="supplement", file=picked("别人的.pdf", "身份证"))
    visitor.get("/query/case/application").send("/known", second=LAST_FOUR)
    assert "传错了，收回 别人的.pdf" in visitor.html
    form = visitor.form("/back")
    number = str(rows(office, FileRow)[0].id)
    for _ in range(2):
        visitor.post(form.action, {**form.fields, "file": number})
    assert "别人的.pdf" not in visitor.html and "收回的材料" in visitor.text
    assert rows(office, FileContentRow) == [] and len(rows(office, FileRow)) == 1
    page = staff("lifang").get(f"/desk/cases/{filed[0]}")
    assert "申请人上传后又收回" in page.text and "别人的.pdf" not in page.html
    assert page.get(f"/desk/cases/panlong/{filed[0]}/files/{number}").status == 404
    visitor.get("/query/case").send("/query/case/files", kind="supplement", file=picked("别人的.pdf", "身份证"))  # fmt: skip
    assert len(rows(office, FileContentRow)) == 1, "sent again it is a paper of its own"
    assert verify(office) == []


@pytest.mark.parametrize("how", ["opened", "went on"])
def test_what_the_office_worked_with_is_not_taken_back(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff, today: Today, how: str
) -> None:
    visitor.send("/query/case/files", kind="supplement", file=picked())
    visitor.get("/query/case/application").send("/known", second=LAST_FOUR)
    form, number = visitor.form("/back"), str(rows(office, FileRow)[0].id)
    if how == "opened":
        clerk = staff("lifang").get(f"/desk/cases/panlong/{filed[0]}/files/{number}")
        assert clerk.status == 200
    else:
        today.is_("2026-08-04")
        staff("lifang").act(filed[0], "assign", to="zhaoming")
    visitor.post(form.action, {**form.fields, "file": number})
    assert visitor.status == 409 and "工作人员已经看过这份材料" in visitor.alert
    assert (
        len(rows(office, FileContentRow)) == 1 and 'action="/query/case/back"' not in visitor.html
    )


def test_the_address_of_a_form_leads_to_its_page(visitor: Visitor, filed: tuple[str, str]) -> None:
    """Back, reload and the links of the foot never meet an error."""
    visitor.send("/message", message="")
    assert visitor.status == 422 and visitor.path == "/query/case"
    assert visitor.page.request.method == "GET", "going back asks for nothing"
    fresh = Visitor(visitor.app)
    for name in ("message", "withdraw", "correct", "files", "reply", "known", "opinion"):
        assert visitor.get(f"/query/case/{name}").path == "/query/case"
        assert fresh.get(f"/query/case/{name}").path == "/query"


# -- forms that come late ---------------------------------------------------------------------------------


def test_what_was_typed_outlives_the_session(
    visitor: Visitor, filed: tuple[str, str], office: Office, app: Any
) -> None:
    form = visitor.form("/message")
    visitor.client.delete_cookie("gongkai")
    visitor.post(form.action, {**form.fields, "message": "写了很久的话"})
    assert visitor.status == 401 and "请再填写一次编号和查询码" in visitor.alert
    assert "写了很久的话" not in visitor.html and rows(office, CaseMessageRow) == []
    visitor.send("/query", number=filed[0], code="AAAAAAAAAA")
    assert visitor.status == 404
    visitor.send("/query", number=filed[0], code=filed[1])
    assert visitor.path == "/query/case" and "已经放回表单，还没有提交" in visitor.text
    assert visitor.form("/message").fields["message"][0].strip() == "写了很久的话"
    assert "写了很久".encode() not in rows(office, ApplicantFormRow)[0].sealed
    visitor.send("/message")
    assert "留言已经发送" in visitor.text and rows(office, ApplicantFormRow) == []
    assert "已经放回表单" not in visitor.get("/query/case").text


def test_a_form_of_one_application_is_not_sent_to_another(
    visitor: Visitor, filed: tuple[str, str], office: Office
) -> None:
    """Two windows of one browser."""
    form = visitor.form("/withdraw")
    other = file(Visitor(visitor.app))
    look_up(visitor, other)
    token = visitor.form("/withdraw").fields["csrf_token"]
    before = events(office)
    visitor.post(form.action, {**form.fields, "csrf_token": token, "confirm": "yes"})
    assert visitor.status == 401 and events(office) == before
    visitor.send("/query", number=other[0], code=other[1])
    assert visitor.status == 422 and "属于另一件申请" in visitor.alert
    visitor.send("/query", number=filed[0], code=filed[1])
    assert "已经放回表单" in visitor.text
    visitor.send("/withdraw", confirm="yes")
    assert "申请已经撤回" in visitor.text


def test_a_form_that_is_older_than_the_case_is_not_applied(
    visitor: Visitor,
    filed: tuple[str, str],
    do: Do,
    office: Office,
) -> None:
    form = visitor.form("/withdraw")
    do(filed[0], "assign", "2026-08-04")
    before = events(office)
    visitor.post(form.action, {**form.fields, "confirm": "yes"})
    assert visitor.status == 412 and "又有了新的办理记录" in visitor.alert
    assert events(office) == before
    visitor.send("/withdraw", confirm="yes")
    assert "申请已经撤回" in visitor.text and events(office) == before + 1
    visitor.post(form.action, {**form.fields, "confirm": "yes", "length": ""})
    assert visitor.status == 409 and events(office) == before + 1
