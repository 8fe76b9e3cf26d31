"""Three administrators at their pages: what each is offered, and what the auditor sees of the rights of a day."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.webui.filing import file
from tests.webui.visitor import Visitor
from workflow.service.accounts import Accounts
from workflow.service.standing_in import StandIns


@pytest.fixture
def watched(office, password_hash):
    """The township has a security administrator and an auditor."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        for name, role in (("anquan", "security_admin"), ("shenji", "audit_admin")):
            Accounts(office).add_user(
                unit, name=name, agency=body, roles=(role,), password_hash=password_hash
            )


def test_without_the_others_the_system_administrator_does_their_work_and_is_told_so(staff):
    page = staff("guanli").get("/desk/staff")
    for said in (
        "未设安全管理员，暂由系统管理员办理",
        "未设审计管理员，暂由系统管理员办理",
        "变动记录",
    ):
        assert said in page.text
    assert 'name="roles"' in page.html and 'action="/desk/staff/stand-ins"' in page.html
    assert "增加角色" in page.get("/desk/audit").html


def test_the_system_administrator_sees_to_accounts_and_no_more_to_rights(watched, staff, office):
    page = staff("guanli").get("/desk/staff")
    assert "暂由系统管理员办理" not in page.text and "变动记录" not in page.text
    assert 'name="roles"' not in page.html and 'action="/desk/staff/stand-ins"' not in page.html
    assert "角色由安全管理员给" in page.text
    page.send("/desk/staff", display_name="林小雨", name="linxy")
    assert page.path == "/desk/staff/linxy" and "还没有角色" in page.text
    assert "保存角色" not in page.html and "重设密码" in page.html
    assert "还没有角色" in page.get("/desk/staff").text
    assert page.get("/desk/audit").status == 403
    assert page.get("/desk/staff/anquan").status == 200 and "重设密码" not in page.html


def test_the_security_administrator_gives_the_roles(watched, staff, office):
    staff("guanli").get("/desk/staff").send("/desk/staff", display_name="林小雨", name="linxy")
    page = staff("anquan").get("/desk/")
    assert page.path == "/desk/staff" and "新建一个人" not in page.html
    assert "/desk/bodies" not in page.html and "增加科室" not in page.html
    page.get("/desk/staff/linxy").send("/staff/linxy/roles", roles=["clerk"])
    assert "角色已经保存" in page.text and "重设密码" not in page.html
    assert office.staff("linxy").roles == {"panlong": frozenset({"clerk"})}
    page.get("/desk/staff/anquan")
    assert "自己的角色不能自己改" in page.text and "保存角色" not in page.html
    assert page.get("/desk/audit").status == 403


def test_a_unit_is_seen_and_not_changed_by_who_sees_to_rights(watched, staff):
    made = staff("guanli").get("/desk/staff").send("/desk/staff/units", unit_name="农业中心")
    made.send("/units/1", head="zhaoming", members=["lifang"])
    page = staff("anquan").get("/desk/staff/units/1")
    assert "负责人：zhaoming" in page.text and "lifang" in page.text
    assert "保存科室" not in page.html


def test_an_account_that_locked_itself_is_opened_by_who_sees_to_rights(watched, app, staff, office):
    for _ in range(5):
        Visitor(app).log_in("lifang", "Red-Paper-43")
    page = staff("guanli").get("/desk/staff/lifang")
    assert "有 1 处连续输错" in page.text and "现在解除" not in page.html
    page = staff("anquan").get("/desk/staff/lifang")
    page.send("/account/unlock")
    assert "已解除，可以再试" in page.text and "连续输错" not in page.text


def test_the_auditor_begins_at_the_audit_and_finds_the_rights_of_a_day(watched, staff, today):
    staff("anquan").get("/desk/staff/zhaoming").send(
        "/staff/zhaoming/roles", roles=["handler", "archivist"]
    )
    page = staff("shenji").get("/desk/")
    assert page.path == "/desk/audit" and "人员和机关" not in page.text
    assert "增加角色" in page.text and "角色 档案员" in page.text
    page.get("/desk/audit?group=accounts")
    assert "没有这样的记录" in page.text
    page.get("/desk/audit/rights?person=zhaoming")
    for said in ("档案员", "anquan", "承办科室", "审计里没有给予的记录"):
        assert said in page.text
    page.get("/desk/audit/rights?day=2024-05-05")
    assert "档案员" not in page.text and "2024 年 5 月 5 日" in page.text
    page.get("/desk/audit/rights?day=2030-01-01")
    assert "（现在）" in page.text
    assert page.get("/desk/audit/rights?at=jiangna").status == 404
    assert page.get("/desk/audit/rights?person=nobody").status == 200
    assert "这一天没有人有权限" in page.text


def test_the_rights_go_out_as_a_file(watched, staff):
    page = staff("shenji")
    found = page.get("/desk/audit/rights/xlsx?person=lifang").page.get_data()
    rows = list(load_workbook(BytesIO(found)).active.iter_rows(values_only=True))
    (row,) = [row for row in rows if row[0] == "lifang"]
    assert row[2] == "经办人" and row[5] == "在用"
    told = page.get("/desk/audit/rights/csv").page.get_data().decode("utf-8-sig")
    assert "shenji" in told and "审计里没有给予的记录" in told
    assert page.get("/desk/audit/rights/pdf").status == 404
    assert page.get("/desk/audit/rights/csv?at=jiangna").status == 404


def test_either_ends_a_stand_in_on_their_own_page(staff, office):
    StandIns(office).make(
        office.staff("guanli"), "panlong", "chen", "falv", ["leader"], "2024-05-06", "2024-05-07"
    )
    for name in ("chen", "falv"):
        page = staff(name).get("/desk/preferences")
        assert "代行角色" in page.text and "分管领导" in page.text
    assert "代行角色" not in staff("lifang").get("/desk/preferences").text
    page.send("/stand-ins/1/end")
    assert "代理已经结束" in page.text and "leader" not in office.staff("falv").roles["panlong"]
    token = page.get("/desk/preferences").form("/feed").fields["csrf_token"]
    missing = page.post("/desk/preferences/stand-ins/99/end", {"csrf_token": token})
    assert missing.status == 404


def test_who_administers_takes_no_messages_of_cases_for_somebody(staff):
    page = staff("lifang").get("/desk/preferences")
    days = {"stand_in_from": "2024-05-06", "stand_in_to": "2024-05-07"}
    page.send("/preferences/stand-in", stand_in="guanli", **days)
    assert page.status == 422 and "管理员看不到申请" in page.alert


def test_who_came_to_administer_sees_no_messages_of_cases_of_before(visitor, staff, office):
    number, _ = file(visitor)
    page = staff("lifang").get("/desk/inbox")
    assert number in page.text
    with office.store.write() as unit:
        row = unit.user("lifang")
        row.roles[0].role = "audit_admin"
    page = staff("lifang").get("/desk/inbox")
    assert page.status == 200 and number not in page.html and "0 条未读" in page.text
