"""Staff at work: worklist, registering, who may do what, refusals, double clicks."""

import pytest

from tests.webui.conftest import PASSWORD
from tests.webui.filing import CITIZEN, COMPANY, file
from workflow.service.accounts import Accounts
from workflow.service.cases.reading import Reading


def test_the_worklist_says_what_is_due_and_who_is_next(visitor, staff, today):
    file(visitor)
    today.is_("2024-05-31")
    page = staff("lifang").get("/desk/")
    assert "今天到期" in page.text and "1 件今天到期或者已经逾期" in page.text
    assert "您：交办" in page.text
    today.is_("2024-06-04")
    assert "逾期 2 个工作日" in page.log_in("lifang", PASSWORD).text


def test_search_finds_by_number_words_and_state(visitor, staff):
    file(visitor)
    file(visitor, COMPANY)
    page = staff("lifang")
    assert "2024-0002" in page.get("/desk/cases?q=采矿").text and "2024-0001" not in page.text
    assert "2024-0001" in page.get("/desk/cases?q=2024-0001").text
    assert "没有找到" in page.get("/desk/cases?state=served").text
    assert page.get("/desk/cases?state=nonsense&page=-3&q=%25").status == 200


def test_an_offline_application_is_registered_with_its_day(staff):
    page = staff("lifang").get("/desk/register")
    form = {**CITIZEN, "channel": "ems", "on": "2024-04-30"}
    page.send("/desk/register", **{**form, "channel": "", "on": "2024-02-30"})
    assert page.status == 422 and "请选择提交方式" in page.alert and "没有这一天" in page.alert
    assert page.form("/desk/register").fields["name"] == ["张三"]
    page.send("/desk/register", **form)
    assert page.path == "/desk/register/done" and "2024-0001" in page.text
    assert "2024 年 4 月 30 日" in page.text and "2024 年 5 月 30 日" in page.text
    assert "挂号信" in page.get("/desk/cases/2024-0001").text


def test_a_letter_waits_for_confirmation(staff):
    page = staff("lifang").get("/desk/register")
    page.send("/desk/register", **{**CITIZEN, "channel": "ordinary_mail", "on": "2024-05-06"})
    assert "等待与申请人确认" in page.text
    page.act("2024-0001", "receive", confirmed_on="2024-05-06")
    assert "已登记“收到并登记”" in page.text


def test_only_clerks_register(staff, counted):
    page = staff("zhaoming").get("/desk/register")
    assert page.status == 403 and "请经办人办理" in page.text
    assert "登记线下申请" not in page.get("/desk/").text
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    page.post(
        "/desk/register", {**CITIZEN, "channel": "ems", "on": "2024-05-06", "csrf_token": token}
    )
    assert page.status == 403 and counted() == 0


def test_a_case_of_another_body_does_not_exist(visitor, staff):
    number, _ = file(visitor)
    page = staff("sunli").get(f"/desk/cases/{number}")
    assert page.status == 404 and "张三" not in page.text
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    page.post(f"/desk/cases/{number}/events/withdraw", {"on": "2024-05-06", "csrf_token": token})
    assert page.status == 404
    assert number not in page.get("/desk/").text and number not in page.get("/desk/cases").text
    assert staff("county").get(f"/desk/cases/{number}").status == 404


def test_identity_and_phone_are_masked(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "11010519491231002X" not in page.html and "13800000000" not in page.html
    assert "110*************2X" in page.text and "138****0000" in page.text


@pytest.mark.parametrize(
    ("who", "event", "fields"),
    [
        ("zhaoming", "receive", {"channel": "portal"}),
        ("zhaoming", "assign", {}),
        ("lifang", "pass_legal_check", {}),
        ("lifang", "extend", {"days": "5"}),
        ("chen", "record_search", {"sources": "档案室", "keywords": "合同", "hits": "0"}),
        ("lifang", "void", {"reason": "测试", "second_person": "chen"}),
        ("wangqiang", "serve", {"method": "direct"}),
    ],
)
def test_each_role_does_only_its_own_events(visitor, staff, who, event, fields):
    number, _ = file(visitor)
    page = staff(who).get(f"/desk/cases/{number}")
    assert not page.offers(event)
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    before = staff("lifang").get(f"/desk/cases/{number}").html.count("<li><b>")
    posted = {"on": "2024-05-06", "csrf_token": token, "length": "2", **fields}
    page.post(f"/desk/cases/{number}/events/{event}", posted)
    assert page.status == 409 and "没有办成" in page.alert
    assert staff("lifang").get(f"/desk/cases/{number}").html.count("<li><b>") == before


def test_nobody_but_a_leader_signs(visitor, staff):
    """Signing has a page of its own; what it refuses is the role, before anything is looked at."""
    number, _ = file(visitor)
    page = staff("lifang").get("/desk/password")
    token = page.form("/desk/password").fields["csrf_token"]
    told = {"csrf_token": token, "decision": "approve", "length": "2", "paper": "0" * 64}
    page.post(f"/desk/cases/panlong/{number}/sign", {**told, "on": "2024-05-06"})
    assert page.status == 409 and "分管领导" in page.text


def test_a_refusal_names_article_and_help_and_keeps_what_was_typed(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    page = staff("chen").act(number, "extend", days="25", reason="需要查阅多年档案")
    assert page.status == 409
    assert "延长不得超过 20 个工作日" in page.alert and "请填写 1 到 20" in page.alert
    assert "条例33(2)" in page.alert
    assert 'id="extend-days"' in page.html and 'href="#extend-days"' in page.html
    kept = page.form("/events/extend").fields
    assert kept["days"] == ["25"] and kept["reason"] == ["需要查阅多年档案"]


def test_wrong_fields_are_told_at_the_field(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    page = staff("chen").act(number, "extend", days="十天", reason="档案多")
    assert page.status == 422 and "延长天数：请填写整数" in page.alert
    assert page.form("/events/extend").fields["reason"] == ["档案多"]
    page = staff("lifang").act(number, "record_search", sources="", keywords="合同", hits="")
    assert page.status == 422
    assert "检索的系统和场所：请填写这一项" in page.alert and "查到几件：请填写这一项" in page.alert


def test_what_is_not_possible_says_what_would_help(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").act(number, "assign")
    assert "现在还不能办的事" in page.text and "须先办理：“拟办意见”" in page.text
    assert "请公开工作机构负责人办理" in page.text


def test_a_double_click_applies_an_event_once(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang")
    page.act(number, "assign")
    page.get(f"/desk/cases/{number}")
    form = page.form("/events/record_search")
    fields = {**form.fields, "sources": "档案室", "keywords": "养护", "hits": "0"}
    page.post(form.action, fields)
    page.post(form.action, fields)
    assert page.status == 200
    assert page.text.count("检索的系统和场所") == 2  # one line of the log, one empty form


def test_an_unknown_event_does_not_exist(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").get("/desk/password")
    token = page.form("/desk/password").fields["csrf_token"]
    for name in ("explode", "submit"):
        assert page.post(f"/desk/cases/{number}/events/{name}", {"csrf_token": token}).status == 404


def test_what_a_third_party_must_be_told_stands_ready_once_it_objects(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang")
    page.act(number, "assign")
    page.act(number, "consult_third_party", to="某养护公司")
    assert "告知第三方的救济途径" not in page.text
    page.act(number, "record_opinion", opinion="objects")
    assert "告知第三方的救济途径" in page.text and "自收到本告知书之日起 60 日内" in page.text


def test_the_period_does_not_stand_still_for_nobody(visitor, staff):
    """law.md §3.5: whose opinion is asked for is asked."""
    number, _ = file(visitor)
    page = staff("lifang").act(number, "assign")
    page.get(f"/desk/cases/{number}").send("/events/consult_third_party", subject="养护合同的单价")
    assert page.status == 422 and "请写明征求谁的意见" in page.alert
    assert "养护合同的单价" in page.html and "征求意见中" not in page.text


def test_consultation_numbers_are_proposed_and_chosen(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang")
    page.act(number, "assign")
    page.get(f"/desk/cases/{number}")
    assert page.form("/events/consult_third_party").fields["consultation"] == ["1"]
    page.act(number, "consult_third_party", to="某养护公司")
    assert "征求意见中，不计时" in page.get("/desk/?view=office").text
    page.get(f"/desk/cases/{number}")
    assert page.form("/events/consult_third_party").fields["consultation"] == ["2"]
    page.act(number, "record_opinion", opinion="agrees")
    assert "对方意见同意公开" in page.text.replace(" ", "")


def test_a_secrecy_mark_is_not_kept(visitor, staff, office):
    number, _ = file(visitor)
    page = staff("lifang").act(number, "assign", to="机密★10年")
    assert page.status == 409 and "密级标志" in page.alert
    case = Reading(office).case(office.staff("lifang"), number)
    assert case.state == "registered"


def test_the_number_alone_is_not_enough_for_staff_of_two_bodies(visitor, staff, office):
    file(visitor)
    file(visitor, COMPANY, agency="jiangna")
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="lifang", agency=unit.agency("jiangna"), roles=("clerk",)
        )
    page = staff("lifang").get("/desk/cases/2024-0001?at=jiangna")
    assert "采矿许可证" in page.text
    page.send("/events/assign")
    assert "采矿许可证" in page.text and "办理中" in page.text
    assert "养护合同" in page.get("/desk/cases/2024-0001?at=panlong").text and "已登记" in page.text


def test_whom_a_case_was_assigned_to_stands_with_name_and_user_name(visitor, staff, office):
    number, _ = file(visitor)
    with office.store.write() as unit:
        row = unit.user("zhaoming")
        assert row is not None
        row.display_name = "赵明"
    page = staff("lifang").act(number, "assign", to="赵明")
    assert page.status == 200 and "赵明（zhaoming）" in page.text


def test_what_a_page_does_not_show_is_not_signed(visitor, staff, office):
    """An event from an old page is not applied: what came since is shown, what was typed stays."""
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    old = staff("chen").get(f"/desk/cases/{number}").form("/events/extend")
    staff("lifang").act(number, "require_correction", reached_on="2024-05-06", defects="请写明年度")
    leader = staff("chen")
    leader.post(old.action, {**old.fields, "days": "10", "reason": "需要查阅多年档案"})
    assert leader.status == 412
    assert "又有了新的办理记录" in leader.alert and "通知补正" in leader.alert
    assert leader.form("/events/extend").fields["reason"] == ["需要查阅多年档案"]
    assert "延长答复期限" not in [line.label for line in log_of(office, number)]


def test_an_event_without_the_length_of_the_log_is_not_applied(visitor, staff, office):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/{number}")
    form = page.form("/events/assign")
    before = len(log_of(office, number))
    del form.fields["length"]
    assert page.post(form.action, form.fields).status == 428
    assert len(log_of(office, number)) == before


def log_of(office, number):
    staff = office.staff("lifang")
    return Reading(office).case(staff, number).log
