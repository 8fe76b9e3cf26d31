"""People and roles on pages: who administers makes, changes and disables accounts, and sees no case."""

import re
from datetime import timedelta

import pytest

from tests.webui.conftest import PASSWORD
from tests.webui.filing import file
from tests.webui.visitor import Visitor
from workflow.service.accounts import Accounts


def told_password(page: Visitor) -> str:
    found = re.search(r'<code class="code">([^<]+)</code>', page.html)
    assert found
    return found[1]


def create(page: Visitor, **typed: object) -> Visitor:
    page.get("/desk/staff")
    form = page.form("/desk/staff")
    return page.post("/desk/staff", {**form.fields, **typed})


def test_who_administers_begins_at_people_and_sees_no_case(visitor, staff):
    number, _ = file(visitor)
    visitor.log_in("guanli", PASSWORD)
    assert visitor.path == "/desk/staff" and "人员和机关" in visitor.text
    assert visitor.get("/desk/").path == "/desk/staff"
    for path in ("/desk/cases", f"/desk/cases/panlong/{number}"):
        assert visitor.get(path).status in (403, 404)
    visitor.get("/desk/reports/panlong/2024/cells/new_received/total")
    assert visitor.status == 403 and number not in visitor.html
    assert "/desk/cases" not in visitor.get("/desk/staff").html


def test_only_who_administers_sees_to_people(staff):
    for name in ("lifang", "chen", "sunli"):
        assert staff(name).get("/desk/staff").status == 403
    assert staff("guanli").get("/desk/staff/sunli").status == 404
    assert staff("guanli").get("/desk/staff?at=jiangna").status == 404


def test_a_new_colleague_gets_a_password_once_and_chooses_their_own(app, staff):
    page = create(staff("guanli"), display_name="林小雨", name="linxy", roles=["clerk", "leader"])
    assert page.path == "/desk/staff/linxy"
    once = told_password(page)
    assert once not in page.get("/desk/staff/linxy").html
    assert "须由另一个人签发" in page.text
    new = Visitor(app)
    assert new.log_in("linxy", once).path == "/desk/password"
    new.send("/desk/password", old=once, new="Green-Ink-77", again="Green-Ink-77")
    assert new.path == "/desk/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "linxy", "roles": ["clerk"]}, "姓名：请填写姓名"),
        ({"display_name": "林", "name": "", "roles": ["clerk"]}, "用户名"),
        ({"display_name": "林", "name": "li fang", "roles": ["clerk"]}, "用户名"),
        ({"display_name": "林", "name": "a/b", "roles": ["clerk"]}, "用户名"),
        ({"display_name": "林", "name": "lifang", "roles": ["clerk"]}, "已有人使用"),
        ({"display_name": "林", "name": "ｌｉｎ", "roles": ["clerk"]}, "请用半角"),
        ({"display_name": "林", "name": "linxy"}, "请至少选一项"),
        ({"display_name": "林", "name": "linxy", "roles": ["king"]}, "做什么"),
        (
            {"display_name": "林", "name": "linxy", "roles": ["clerk", "system_admin"]},
            "另用一个账号",
        ),
    ],
)
def test_what_is_wrong_with_a_new_colleague_is_said_and_nothing_typed_is_lost(
    staff, office, typed, said
):
    page = create(staff("guanli"), **{"display_name": "", **typed})
    assert page.status == 422 and said in page.alert, page.alert
    kept = page.form("/desk/staff").fields
    assert kept["name"] == [typed["name"]] and kept.get("roles", []) == [
        role for role in typed.get("roles", []) if role != "king"
    ]
    assert office.staff("linxy") is None


def test_roles_are_given_and_taken_on_one_form(staff, office):
    page = staff("guanli").get("/desk/staff/zhaoming")
    page.send("/staff/zhaoming/roles", roles=["handler", "archivist"])
    assert "角色已经保存" in page.text
    assert office.staff("zhaoming").roles == {"panlong": frozenset(("handler", "archivist"))}
    page.send("/staff/zhaoming/roles", roles=["handler", "system_admin"])
    assert page.status == 422 and "另用一个账号" in page.alert
    page.get("/desk/staff/zhaoming").send("/staff/zhaoming/roles", roles=[])
    assert page.path == "/desk/staff" and office.staff("zhaoming").roles == {}


def test_somebody_disabled_is_out_at_once_with_session_and_token(staff, program, visitor, today):
    number, _ = file(visitor)
    clerk, caller = staff("lifang"), program("zhaoming")
    clerk.act(number, "assign", to="zhaoming")
    handler = staff("zhaoming")
    assert handler.get("/desk/cases").status == 200 and caller.get("/cases").status_code == 200
    page = staff("guanli").get("/desk/staff/zhaoming")
    assert "还有 1 件在办的申请" in page.text and number not in page.html
    page.send("/account/disable")
    assert "已停用" in page.text and "还没有办结的有 1 件" in page.text
    assert handler.get("/desk/cases").path == "/desk/login"
    assert caller.get("/cases").status_code == 401
    page.send("/account/enable")
    assert "已启用" in page.text
    assert handler.get("/desk/cases").path == "/desk/login"  # the old session does not come back
    assert caller.get("/cases").status_code == 401


def test_the_last_administrator_stays(staff, office):
    page = staff("guanli").get("/desk/staff/guanli")
    assert "/account/disable" not in page.html
    for path, fields in (
        ("/desk/staff/guanli/account/disable", {}),
        ("/desk/staff/guanli/roles", {"at": "panlong"}),
    ):
        token = page.get("/desk/staff/guanli").form("/account/name").fields["csrf_token"]
        assert page.post(path, {"csrf_token": token, **fields}).status == 409
    create(page, display_name="二号", name="second", roles=["system_admin"])
    page.send("/account/disable")
    assert "已停用" in page.text
    assert office.staff("guanli") is not None


def test_unlock_and_another_password(app, staff, today):
    locked = Visitor(app)
    for _ in range(5):
        locked.log_in("lifang", "wrong")
    page = staff("guanli").get("/desk/staff")
    assert "有人连续输错密码" in page.text
    assert "有 1 处连续输错这个账号的密码" in page.get("/desk/staff/lifang").text
    page.get("/desk/staff/lifang").send("/account/unlock")
    assert locked.log_in("lifang", PASSWORD).path == "/desk/"
    page.get("/desk/staff/lifang").send("/account/password")
    assert locked.get("/desk/").path == "/desk/login"
    assert Visitor(app).log_in("lifang", told_password(page)).path == "/desk/password"


def test_who_administers_logs_a_colleague_out_everywhere(app, staff):
    page = staff("guanli").get("/desk/staff/lifang")
    assert "现在没有登录" in page.text
    here, there = staff("lifang").get("/desk/"), Visitor(app).log_in("lifang", PASSWORD)
    assert "现在在 2 处登录着" in page.get("/desk/staff/lifang").text
    page.send("/account/sessions")
    assert "在 2 处退出登录" in page.text and "现在没有登录" in page.text
    assert {here.get("/desk/").path, there.get("/desk/").path} == {"/desk/login"}
    page.send("/account/sessions")
    assert "他现在没有登录" in page.text
    assert page.get("/desk/staff").text.count("退出全部登录") == 1


def test_a_person_of_two_bodies_is_not_for_one_of_them_to_disable(staff, office):
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        Accounts(office).add_user(unit, name="county", agency=body, roles=("archivist",))
    page = staff("guanli").get("/desk/staff/county")
    assert "/account/disable" not in page.html and "还在别的机关任职" in page.text
    token = page.form("/roles").fields["csrf_token"]
    for do in ("disable", "password", "unlock", "sessions", "name"):
        answer = page.post(
            f"/desk/staff/county/account/{do}", {"csrf_token": token, "display_name": "x"}
        )
        assert answer.status == 409, do


def test_every_change_stands_in_the_record_of_the_body(staff):
    page = create(staff("guanli"), display_name="林小雨", name="linxy", roles=["clerk"])
    page.send("/account/disable")
    page.get("/desk/staff")
    for said in ("新建人员：", "增加角色：", "经办人", "停用："):
        assert said in page.text


def test_the_first_steps_are_computed(staff):
    page = staff("guanli").get("/desk/staff")
    assert "安装以后的几步" in page.text and "还缺：还没有写：政府信息公开工作机构名称" in page.text
    assert "已做好：保密审查员：" in page.text
    page.get("/desk/staff/wangqiang").send("/account/disable")
    assert "还缺：保密审查员：还没有" in page.get("/desk/staff").text


def test_stand_in_by_pages(visitor, staff, office, today):
    """The deputy signs for the leader, the log says for whom, and on the day after it is over."""
    page = staff("guanli").get("/desk/staff")
    form = page.form("/desk/staff/stand-ins")
    said = {
        **form.fields, "away": "chen", "deputy": "falv", "stand_in_roles": ["leader"],
        "first": "2024-05-06", "last": "2024-05-07",
    }  # fmt: skip
    page.post("/desk/staff/stand-ins", said)
    assert "代理已经保存" in page.text and "正在代理" in page.text
    deputy = office.staff("falv")
    assert "leader" in deputy.roles["panlong"]
    assert deputy.standing_in == {"panlong": {"leader": "chen"}}
    assert "分管领导（代理）" in staff("falv").get("/desk/").text
    page.post("/desk/staff/stand-ins", said)
    assert page.status == 422 and "已经有人代理" in page.alert
    today.moment += timedelta(days=2)
    assert "leader" not in office.staff("falv").roles["panlong"]
    page = Visitor(staff("guanli").app).log_in("guanli", PASSWORD).get("/desk/staff")
    assert "已经到期" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"away": ""}, "谁不在"),
        ({"deputy": "chen"}, "不能由本人代理"),
        ({"deputy": "sunli"}, "由谁代理"),
        ({"stand_in_roles": []}, "请至少选一项"),
        ({"stand_in_roles": ["cashier"]}, "不是收费人员"),
        ({"first": "2024-05-09", "last": "2024-05-08"}, "早于"),
        ({"first": "2024-05-01", "last": "2024-05-02"}, "已经过去"),
        ({"last": "2026-05-08"}, "最长一年"),
        ({"last": "明天"}, "到哪一天"),
        ({"deputy": "guanli"}, "另用一个账号"),
    ],
)
def test_what_is_no_stand_in(staff, typed, said):
    page = staff("guanli").get("/desk/staff")
    form = page.form("/desk/staff/stand-ins")
    base = {
        "away": "chen", "deputy": "falv", "stand_in_roles": ["leader"],
        "first": "2024-05-06", "last": "2024-05-07",
    }  # fmt: skip
    page.post("/desk/staff/stand-ins", {**form.fields, **base, **typed})
    assert page.status == 422 and said in page.alert, page.alert


def test_a_stand_in_ends_early_with_the_role_and_with_the_account(staff, office):
    def made() -> None:
        page = staff("guanli").get("/desk/staff")
        form = page.form("/desk/staff/stand-ins")
        page.post(
            "/desk/staff/stand-ins",
            {**form.fields, "away": "chen", "deputy": "falv", "stand_in_roles": ["leader"],
             "first": "2024-05-06", "last": "2024-05-07"},
        )  # fmt: skip
        assert "leader" in office.staff("falv").roles["panlong"]

    made()
    page = staff("guanli").get("/desk/staff")
    page.send("/stand-ins/1/end")
    assert "提前结束" in page.text and "leader" not in office.staff("falv").roles["panlong"]
    made()
    page.get("/desk/staff/chen").send("/staff/chen/roles", roles=["office_head"])
    assert "leader" not in office.staff("falv").roles["panlong"]
    page.get("/desk/staff/chen").send("/staff/chen/roles", roles=["office_head", "leader"])
    made()
    page.get("/desk/staff/falv").send("/account/disable")
    page.send("/account/enable")
    assert "leader" not in office.staff("falv").roles["panlong"]


def test_what_is_left_to_do_comes_before_what_is_done_and_the_account_before_the_roles(staff):
    page = staff("guanli").get("/desk/staff")
    assert 'href="#new"' in page.html and 'id="new"' in page.html
    open_, _, done = page.html.partition("<summary>做好的")
    assert 'class="miss"' in open_ and 'class="good"' not in open_
    assert 'class="good"' in done and 'class="miss"' not in done
    page.get("/desk/staff/lifang")
    assert page.html.index("重设密码") < page.html.index("保存姓名") < page.html.index("保存角色")
