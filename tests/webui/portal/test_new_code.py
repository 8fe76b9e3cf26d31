"""A query code that was lost: a new one by proof on the net, or at the counter; the old one opens nothing any more."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from config.channels import load_channels
from tests.webui.filing import CITIZEN, COMPANY, file
from workflow.service.cases.verify import verify
from workflow.service.messages.outbox import Outbox
from workflow.store.message_models import MessageRow
from workflow.store.models import CaseRow
from workflow.store.staff_models import AuditRow


@pytest.fixture
def mailed(office):
    """An office that sends mail and short messages to applicants."""
    office.channels = tuple(kind for kind in load_channels().values() if kind.applicants)
    assert {kind.address for kind in office.channels} == {"email", "phone"}


def renews(visitor, **typed):
    visitor.get("/query/new-code").send("/query/new-code", **typed)
    return visitor.status, re.sub(r"\s+", " ", visitor.text)


def messages(office, moment="told_new_code"):
    with office.store.read() as unit:
        query = select(MessageRow).where(MessageRow.moment == moment).order_by(MessageRow.id)
        return list(unit.session.scalars(query))


def turns(office):
    with office.store.read() as unit:
        return list(unit.session.scalars(select(CaseRow.code_turn).order_by(CaseRow.id)))


def opens(visitor, number, code):
    other = type(visitor)(visitor.app)
    other.get("/query").send("/query", number=number, code=code)
    return other.path == "/query/case"


def sent(office):
    """What leaves the house."""
    outbox, found = Outbox(office), []
    for kind in office.channels:
        while (message := outbox.claim(kind.name)) is not None:
            found.append(message)
    return [one for one in found if "换了查询码" in one.text]


LONG = pytest.mark.long(
    reason="tests/workflow/service/cases/test_renewing.py says it without pages"
)
RIGHT = {"name": "张三", "identity": CITIZEN["id_number"]}


def test_who_proves_to_be_the_applicant_gets_a_new_code_where_they_can_be_reached(
    visitor, office, mailed
):
    number, code = file(visitor, email="a@example.com")
    renews(visitor, number=f"编号 {number}", name=" 张三 ", identity=CITIZEN["id_number"].lower())
    assert turns(office) == [1] and not opens(visitor, number, code)
    mails = sent(office)
    assert {one.address for one in mails} == {"a@example.com", CITIZEN["phone"]}
    (new,) = {re.search(r"新的查询码：(\w{10})", one.text)[1] for one in mails}
    assert new != code and opens(visitor, number, new) and new not in visitor.html
    assert all(new not in row.text and "只写在发出的消息里" in row.text for row in messages(office))
    assert list(verify(office)) == []


def test_of_two_bodies_with_one_number_each_gets_its_new_code(visitor, office, mailed):
    """Whoever files with two bodies at once may get the same number from both."""
    number, _ = file(visitor, email="a@example.com")
    assert file(visitor, agency="jiangna", email="a@example.com")[0] == number
    renews(visitor, number=number, **RIGHT)
    assert turns(office) == [1, 1]
    new = {}
    for one in sent(office):
        body, code = re.search(r"您向(\w+)提出的申请.*新的查询码：(\w{10})", one.text).groups()
        new[body] = code
    assert set(new) == {"盘龙彝族乡人民政府", "江那镇人民政府"} and len(set(new.values())) == 2
    assert all(opens(visitor, number, code) for code in new.values())


@pytest.mark.parametrize(
    "typed",
    [
        {**RIGHT, "number": "2024-9999"},
        {**RIGHT, "number": "2024-0001", "name": "张三丰"},
        {**RIGHT, "number": "2024-0001", "identity": "110105194912310021"},
        {**RIGHT, "number": "2024-0001", "identity": "不记得"},
    ],
    ids=["number", "name", "identity", "nothing"],
)
def test_the_answer_tells_nothing(visitor, office, mailed, typed):
    number, code = file(visitor, email="a@example.com")
    wrong = renews(visitor, **typed)
    assert turns(office) == [0] and messages(office) == [] and opens(visitor, number, code)
    assert renews(visitor, number=number, **RIGHT) == wrong
    assert turns(office) == [1]


def test_a_company_proves_itself_by_its_credit_code(visitor, office, mailed):
    number, _ = file(visitor, COMPANY)
    renews(visitor, number=number, name=COMPANY["org_name"], identity=COMPANY["credit_code"])
    assert turns(office) == [1]


def test_without_a_way_to_tell_it_the_code_stays(visitor, office, mailed):
    number, code = file(visitor, phone="0876-3030303")
    renews(visitor, number=number, **RIGHT)
    assert turns(office) == [0] and opens(visitor, number, code)


def test_once_an_hour_so_that_nobody_is_kept_out(visitor, office, mailed, today):
    number, _ = file(visitor)
    first = renews(visitor, number=number, **RIGHT)
    assert renews(visitor, number=number, **RIGHT) == first and turns(office) == [1]
    today.moment += timedelta(hours=1)
    renews(visitor, number=number, **RIGHT)
    assert turns(office) == [2]


def test_what_was_left_out_stands_at_its_field(visitor, office, mailed):
    status, _ = renews(visitor, number="2024-0001", name="", identity="")
    assert status == 422 and "请填写姓名" in visitor.alert and "请填写证件号码" in visitor.alert
    assert visitor.form("/query/new-code").fields["number"] == ["2024-0001"]


def test_where_nothing_is_sent_the_page_leads_to_the_counter(visitor, office):
    office.channels = ()
    text = visitor.get("/query/new-code").text
    assert "不能在网上更换" in text and 'name="identity"' not in visitor.html
    text = visitor.get("/query").text
    assert "请带身份证明到受理机关更换" in text and "发到您登记的手机" not in text


# -- at the counter -----------------------------------------------------------------------------------


def counter(clerk, number, **typed):
    given = {"reason": "lost", "proved": "yes", **typed}
    return clerk.get(f"/desk/cases/panlong/{number}/code").send("/code", **given)


def test_at_the_counter_the_new_code_is_printed_and_said_in_the_audit(visitor, staff, office):
    number, code = file(visitor)
    clerk = counter(staff("lifang"), number)
    assert clerk.path == f"/desk/cases/panlong/{number}/code/slip"
    new = re.findall(r'<dd class="code">([^<]+)</dd>', clerk.html)[1]
    assert opens(visitor, number, new) and not opens(visitor, number, code)
    with office.store.read() as unit:
        lines = list(
            unit.session.scalars(select(AuditRow).where(AuditRow.action == "code_renewed"))
        )
    assert [(one.actor, one.about, one.details) for one in lines] == [("lifang", number, {"reason": "lost"})]  # fmt: skip
    assert new not in repr([vars(one) for one in lines])
    assert "以前更换过" in clerk.get(f"/desk/cases/panlong/{number}/code").text
    assert "申请人遗失或者忘记了查询码" in clerk.text
    assert "更换查询码" in staff("guanli").get("/desk/audit").text
    assert list(verify(office)) == []


def test_the_same_form_twice_renews_once(visitor, staff, office):
    number, _ = file(visitor)
    clerk = staff("lifang").get(f"/desk/cases/panlong/{number}/code")
    fields = {**clerk.form("/code").fields, "reason": "lost", "proved": "yes"}
    first = clerk.post(f"/desk/cases/panlong/{number}/code", fields).html
    assert clerk.post(f"/desk/cases/panlong/{number}/code", fields).html == first
    assert turns(office) == [1]
    counter(clerk, number)
    assert turns(office) == [2]


@LONG
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "为什么要更换"),
        ({"reason": "other"}, "写明为什么"),
        ({"reason": "other", "words": "长" * 101}, "最多 100 个字"),
        ({"proved": ""}, "先核对身份证明"),
    ],
)
def test_without_reason_or_proof_nothing_is_renewed(visitor, staff, office, typed, words):
    number, code = file(visitor)
    clerk = counter(staff("lifang"), number, **typed)
    assert clerk.status == 422 and words in clerk.alert and turns(office) == [0]
    assert opens(visitor, number, code)


@LONG
@pytest.mark.parametrize("who", ["zhaoming", "wangqiang", "falv", "guanli", "sunli"])
def test_others_may_not(visitor, staff, office, who):
    number, _ = file(visitor)
    other = staff(who)
    assert other.get(f"/desk/cases/panlong/{number}/code").status in (403, 404)
    token = re.search(r'name="csrf_token" value="([^"]+)"', other.get("/desk/password").html)
    fields = {"reason": "lost", "proved": "yes", "csrf_token": token[1]}
    assert other.post(f"/desk/cases/panlong/{number}/code", fields).status in (403, 404)
    assert turns(office) == [0]


def test_the_page_of_the_case_leads_there_for_who_may(visitor, staff):
    number, _ = file(visitor)
    link = f"/desk/cases/panlong/{number}/code"
    assert link in staff("lifang").get(f"/desk/cases/panlong/{number}").html
    assert link not in staff("falv").get(f"/desk/cases/panlong/{number}").html


def test_the_slip_is_shown_in_its_session_alone(visitor, staff):
    number, _ = file(visitor)
    counter(staff("lifang"), number)
    assert staff("chen").get(f"/desk/cases/panlong/{number}/code/slip").path.endswith("/code")
