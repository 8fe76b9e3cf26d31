"""我的令牌 and 程序令牌: made once, told once, ended by whom it belongs to or who manages rights."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.webui.api.program import Program
from tests.webui.conftest import PASSWORD
from tests.workflow.service.sampling import quick_hashes
from workflow.refusal import BadInput
from workflow.service.accounts import Accounts
from workflow.service.staff import StaffRoom
from workflow.service.tokens import Tokens
from workflow.store.audit import AuditWanted, lines_wanted
from workflow.store.message_models import MessageRow

TOLD = re.compile(r'<code class="code">([\w-]{40,})</code>')


def make(page, **typed):
    page.get("/desk/tokens")
    given = {"name": "公文系统", "proof": PASSWORD, **typed}
    if "/desk/factors/prove" in page.html or 'name="proof"' not in page.html:
        given.pop("proof")
    return page.send("/desk/tokens", **given)


def token_in(page) -> str:
    [token] = TOLD.findall(page.html)
    return token


def audited(office, action):
    with office.store.read() as unit:
        found = lines_wanted(unit, AuditWanted(action=action), 10)
        return [(row.actor, row.about, row.details.get("name", "")) for row in found]


@pytest.fixture
def admin(office, staff):
    """Who manages the people and, as there is nobody else, the rights of panlong."""
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="admin", agency=unit.agency("panlong"), roles=("system_admin",)
        )
    return staff("admin")


# -- one's own --------------------------------------------------------------------------------------------


def test_one_is_made_after_the_password_told_once_and_good_for_what_was_ticked(app, office, staff):
    page = make(staff("lifang"))
    token = token_in(page)
    assert page.path == "/desk/tokens" and page.page.headers["Cache-Control"] == "no-store"
    assert "新令牌：公文系统" in page.text and "只显示这一次" in page.text
    assert Program(app, token).get("/cases").status_code == 200
    assert Program(app, token).post("/cases", {}).status_code == 403, "only reading was ticked"
    [kept] = Accounts(office).tokens("lifang")
    assert kept.name == "公文系统" and kept.expires_at - kept.created_at == timedelta(180)
    assert audited(office, "token_created") == [("lifang", "lifang", "公文系统")]
    page.get("/desk/tokens")
    assert not TOLD.search(page.html) and "还有效的 1 个" in page.text


def test_the_same_form_sent_twice_makes_one(office, staff):
    page = staff("lifang").get("/desk/tokens")
    fields = {**page.form("/desk/tokens").fields, "name": "公文系统", "proof": PASSWORD}
    token = token_in(page.post("/desk/tokens", fields))
    page.post("/desk/tokens", fields)
    assert len(Accounts(office).tokens("lifang")) == 1
    assert token not in page.html and "没有再建" in page.text


def test_the_same_form_at_once_makes_one(office):
    def send(_):
        return Tokens(office, Accounts(office)).make(lifang, "公文系统", ["read"], 30, "one form")

    lifang = office.staff("lifang")
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(send, range(4)))
    assert len([one for one in made if one]) == 1 and len(Accounts(office).tokens("lifang")) == 1


def test_who_does_not_say_the_password_makes_none_and_loses_nothing(office, staff):
    page = make(staff("lifang"), name="统计程序", days="30", proof="wrong")
    assert page.status == 422 and "密码不正确" in page.alert
    assert page.form("/desk/tokens").fields["name"] == ["统计程序"]
    assert page.form("/desk/tokens").fields["days"] == ["30"]
    assert 'value="wrong"' not in page.html and not Accounts(office).tokens("lifang")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "请写哪个程序用它"),
        ({"name": "长" * 41}, "最多 40 个字"),
        ({"name": "公文\u202e系统"}, "控制字符"),
        ({"days": "366"}, "须为 1 到 365 天"),
        ({"days": "0"}, "须为 1 到 365 天"),
        ({"days": "半年"}, "须为 1 到 365 天"),
        ({"scope": []}, "请至少选一项"),
        ({"scope": ["admin"]}, "只能是"),
    ],
)
def test_what_will_not_do_is_said_at_its_field(office, staff, typed, said):
    page = staff("lifang").get("/desk/tokens")
    fields = {
        **page.form("/desk/tokens").fields, "name": "公文系统", "proof": PASSWORD, **typed
    }  # fmt: skip
    page.post("/desk/tokens", fields)
    assert page.status == 422 and said in page.alert and not Accounts(office).tokens("lifang")


def test_all_that_will_not_do_is_said_at_once(office, staff):
    page = staff("lifang").get("/desk/tokens")
    fields = {
        **page.form("/desk/tokens").fields,
        "name": "",
        "scope": [],
        "days": "x",
        "proof": "no",
    }
    page.post("/desk/tokens", fields)
    for field in ("name", "scope", "days", "proof"):
        assert f'href="#{field}"' in page.html, field


def test_no_other_door_makes_one_without_a_name(office):
    tokens, lifang = Tokens(office, Accounts(office)), office.staff("lifang")
    for name, scopes, field in ((" ", ["read"], "name"), ("公文系统", [], "scope")):
        with pytest.raises(BadInput) as told:
            tokens.make(lifang, name, scopes, 30, "a form")
        assert [one.field for one in told.value.errors] == [field]
    assert tokens.own(lifang) == []


def test_one_of_ones_own_is_ended_and_nobody_elses(app, office, staff):
    page, other = make(staff("lifang")), staff("zhaoming")
    caller, [kept] = Program(app, token_in(page)), Accounts(office).tokens("lifang")
    fields = {"csrf_token": other.get("/desk/tokens").form("/desk/tokens").fields["csrf_token"]}
    assert other.post(f"/desk/tokens/{kept.id}/end", fields).status == 404
    assert caller.get("/cases").status_code == 200
    page.send(f"/desk/tokens/{kept.id}/end")
    assert caller.get("/cases").status_code == 401
    assert "已停用 本人停用" in page.text and f"/desk/tokens/{kept.id}/end" not in page.html
    assert audited(office, "token_revoked") == [("lifang", "lifang", "公文系统")]


def test_why_a_token_does_not_work_stands_beside_it(office, staff, today):
    accounts = Accounts(office)
    accounts.create_token("lifang", days=7, name="一周")
    today.moment += timedelta(days=8)
    accounts.create_token("lifang", name="换密码以前")
    with quick_hashes():
        accounts.change_password("lifang", PASSWORD, "Green-Ink-77")
    accounts.create_token("lifang", name="从来不用")
    today.moment += timedelta(days=90)
    accounts.create_token("lifang", name="快到期", days=14)
    accounts.create_token("lifang", name="还早", days=15)
    text = staff("lifang").get("/desk/tokens").text
    number = r" 编号 \d+ "
    for said in (
        f"一周{number}已到期",
        f"换密码以前{number}已停用 密码修改或者重设时停用，2024 年 5 月 14 日",
        f"从来不用{number}有效 90 天没有用过",
        f"快到期{number}有效 14 天内到期",
        f"还早{number}有效读取、登记和办理",
    ):
        assert re.search(said, text), said


def test_who_has_a_one_time_password_makes_none(office, staff):
    with office.store.write() as unit:
        unit.user("lifang").must_change_password = True
    assert staff("lifang").get("/desk/tokens").path == "/desk/password"


# -- those of others --------------------------------------------------------------------------------------


def test_who_manages_rights_sees_all_of_the_body_and_never_a_token(app, office, staff, admin):
    token = token_in(make(staff("lifang")))
    Program(app, token).get("/cases")
    Accounts(office).create_token("zhaoming", ("read", "write"), name="统计程序")
    page = admin.get("/desk/staff")
    assert 'href="/desk/staff/tokens?at=panlong"' in page.html
    page.get("/desk/staff/tokens?at=panlong")
    assert "共 2 个" in page.text and "公文系统" in page.text and "来自 127.0.0.0/24" in page.text
    assert "统计程序" in page.text and "读取、登记和办理" in page.text and token not in page.html


def test_who_manages_rights_ends_one_and_the_audit_has_it(app, office, staff, admin):
    page = make(staff("lifang"))
    caller, [kept] = Program(app, token_in(page)), Accounts(office).tokens("lifang")
    admin.get("/desk/staff/tokens").send(f"/desk/staff/tokens/{kept.id}/end")
    assert admin.path == "/desk/staff/tokens" and "lifang 的令牌已经停用" in admin.text
    assert "管理员停用" in admin.text and caller.get("/cases").status_code == 401
    assert audited(office, "token_revoked") == [("admin", "lifang", "公文系统")]


def test_a_person_who_was_disabled_stands_there_with_why(office, admin):
    Accounts(office).create_token("lifang")
    StaffRoom(office, Accounts(office)).disable(None, "lifang")
    assert "已停用 账号停用时停用" in admin.get("/desk/staff/tokens").text


def test_one_that_waits_for_the_first_password_of_ones_own_says_so(app, office, admin):
    with quick_hashes():
        StaffRoom(office, Accounts(office)).reset_password(None, "lifang")
    caller = Program(app, Accounts(office).create_token("lifang"))
    assert caller.get("/cases").status_code == 403
    assert "暂不能用 一次性密码还没有修改" in admin.get("/desk/staff/tokens").text


def test_those_of_another_body_are_neither_seen_nor_ended(office, staff, admin):
    accounts = Accounts(office)
    accounts.create_token("sunli", name="别处的程序")
    [theirs] = accounts.tokens("sunli")
    page = admin.get("/desk/staff/tokens?at=jiangna")
    assert page.status in (403, 404) and "别处的程序" not in page.html
    csrf = page.get("/desk/tokens").form("/desk/tokens").fields["csrf_token"]
    for at in ("panlong", "jiangna", "nobody", ""):
        page.post(f"/desk/staff/tokens/{theirs.id}/end", {"csrf_token": csrf, "at": at})
        assert page.status in (403, 404), at
    assert accounts.tokens("sunli")[0].revoked_at is None


def test_where_somebody_else_manages_rights_it_is_theirs(office, staff, admin):
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit,
            name="guard",
            agency=unit.agency("panlong"),
            roles=("security_admin",),
            password_hash="set",
        )
    assert admin.get("/desk/staff/tokens?at=panlong").status == 403
    assert staff("guard").get("/desk/staff/tokens").status == 200
    assert staff("lifang").get("/desk/staff/tokens").status == 403


# -- telling ----------------------------------------------------------------------------------------------


def test_whose_token_ends_is_told_once_a_fortnight_before(office, today):
    accounts = Accounts(office)
    tokens = Tokens(office, accounts)
    accounts.create_token("lifang", days=30, name="公文系统")
    accounts.create_token("lifang", days=7, name="只用一周")
    accounts.create_token("zhaoming", days=30)
    accounts.revoke_token(accounts.tokens("zhaoming")[0].id)

    def told():
        with office.store.read() as unit:
            return [
                row.text for row in unit.session.query(MessageRow).filter_by(moment="token_ends")
            ]

    today.moment += timedelta(days=15)
    tokens.tell_ending()
    assert told() == []
    for _ in range(3):
        today.moment += timedelta(days=1)
        tokens.tell_ending()
    [text] = told()
    assert "“公文系统”到 2024-06-05" in text
    accounts.create_token("lifang", days=14, name="只用两周")
    today.moment += timedelta(days=1)
    tokens.tell_ending()
    assert told() == [text], "who has just chosen the day knows it"
