"""The second step of a login at its pages: with keyboard alone, with passkeys, what was typed before, who must set one up."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest

from config.settings import load
from tests.webui.conftest import PASSWORD
from tests.webui.device import Device, options
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import quick_hashes
from webui.app import open_doors
from workflow.service import one_time_codes as codes
from workflow.service.second_factor import NO_PASSKEY, NOT_PROVED, WRONG
from workflow.store.audit import AuditWanted, lines_wanted
from workflow.store.factor_models import RecoveryCodeRow, StaffPasskeyRow, StaffTotpRow

LONG = pytest.mark.long(reason="the service says the same without pages in every run")


def rows(office, table):
    with office.store.read() as unit:
        return list(unit.session.query(table).order_by(*table.__table__.primary_key))


def audited(office, action="logged_in"):
    with office.store.read() as unit:
        found = lines_wanted(unit, AuditWanted(action=action), 100)
        return [(row.actor, row.details.get("way", "")) for row in found]


def secret_of(page: Visitor) -> bytes:
    """The secret as the page shows it for typing into an app."""
    shown = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page.html)
    assert shown is not None
    return b32decode(shown[1].replace(" ", ""))


def set_up(page: Visitor, today) -> tuple[bytes, list[str]]:
    """An app by the real forms; its secret and the recovery codes. Its next code is good."""
    page.get("/desk/factors").send("/desk/factors/prove", proof=PASSWORD)
    page.get("/desk/factors/app")
    secret = secret_of(page)
    page.send("/desk/factors/app", code=codes.code_at(secret, today()))
    told = re.findall(r'<li><code class="code">([a-z0-9-]+)</code></li>', page.html)
    today.moment += timedelta(seconds=30)
    return secret, told


def add_key(page: Visitor, device: Device, label: str = "办公室的电脑") -> Visitor:
    page.get("/desk/factors")
    if "/desk/factors/prove" in page.html:
        page.send("/desk/factors/prove", proof=PASSWORD)
    answer = device.make(options(page)["challenge"])
    return page.send("/desk/factors/add-passkey", credential=answer, label=label)


@pytest.fixture
def with_app(staff, today):
    """Lifang has an app: its secret, and the recovery codes."""
    return set_up(staff("lifang"), today)


def first_step(app, name="lifang") -> Visitor:
    page = Visitor(app)
    page.get("/desk/cases").send("/desk/login", user=name, password=PASSWORD)
    return page


# -- with an app ------------------------------------------------------------------------------------------


def test_after_the_password_the_code_is_asked_for_and_then_the_page(app, office, with_app, today):
    secret, told = with_app
    assert len(told) == 10
    page = first_step(app)
    assert page.path == "/desk/login/second" and "退出" not in page.text
    assert page.get("/desk/cases").path == "/desk/login", "the password alone opens nothing"
    page = first_step(app)
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert (page.path, page.status) == ("/desk/cases", 200)
    assert audited(office) == [("lifang", "password+totp")]
    again = first_step(app)
    again.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert (again.status, again.alert) == (422, WRONG), "it was used"
    again.send("/desk/login/second", code=told[0])
    assert again.path == "/desk/cases" and audited(office)[0] == ("lifang", "password+recovery")


def test_who_has_none_comes_in_by_the_password(visitor, office):
    visitor.log_in("lifang", PASSWORD)
    assert visitor.path == "/desk/" and audited(office) == [("lifang", "password")]


def test_wrong_codes_are_told_alike_and_the_sixth_waits(app, with_app, today):
    secret, _ = with_app
    page = first_step(app)
    for typed in ("000000", "", "中", "aaaaa-aaaaa", "x" * 100):
        page.send("/desk/login/second", code=typed)
        assert (page.status, page.alert) == (422, WRONG)
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.status == 429 and "15 分钟后再试" in page.alert
    page = first_step(app)
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.status == 429, "the password begins nothing anew"


def test_the_step_between_lasts_five_minutes_and_ends_with_the_password(app, office, with_app, today):  # fmt: skip
    secret, _ = with_app
    page = first_step(app)
    today.moment += timedelta(minutes=5)
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.path == "/desk/cases"
    page = first_step(app)
    today.moment += timedelta(minutes=5, seconds=1)
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert (page.path, page.status) == ("/desk/login/second", 422)
    assert page.alert == "登录停留太久，请重新登录"
    page.send("/desk/login", user="lifang", password=PASSWORD)
    assert page.path == "/desk/login/second"
    with office.store.write() as unit:
        unit.user("lifang").session_stamp = "another"
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.alert == "登录停留太久，请重新登录"


@LONG
def test_who_was_disabled_meanwhile_stays_out(app, office, with_app, today):
    secret, _ = with_app
    page = first_step(app)
    with office.store.write() as unit:
        unit.user("lifang").active = False
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.status == 422 and page.get("/desk/").path == "/desk/login"


def test_without_a_first_step_the_page_of_the_second_is_the_login(visitor):
    visitor.get("/desk/login/second")
    assert visitor.status == 200 and "工作人员登录" in visitor.text and visitor.alert == ""


def test_what_was_typed_before_goes_through_both_steps(app, staff, with_app, today):
    secret, _ = with_app
    page = staff("lifang").get("/desk/register")
    today.moment += timedelta(minutes=31)
    page.send("/desk/register", item__0="近三年的征地公告")
    assert page.status == 401
    page.send("/desk/login", user="lifang", password=PASSWORD)
    assert page.status == 200 and "刚才填写的内容还在" in page.text
    page.send("/desk/login/second", code="000000")
    assert page.status == 422 and "刚才填写的内容还在" in page.text
    page.send("/desk/login/second", code=codes.code_at(secret, today()))
    assert page.path == "/desk/register" and "近三年的征地公告" in page.html


def test_no_second_step_leads_away(app, with_app, today):
    page = Visitor(app).get("/desk/login")
    fields = {**page.form("/desk/login").fields, "user": "lifang", "password": PASSWORD}
    page.post("/desk/login", {**fields, "next": "//evil.example/"})
    page.send("/desk/login/second", code=codes.code_at(with_app[0], today()))
    assert page.path == "/desk/"


# -- with a passkey ---------------------------------------------------------------------------------------


def test_a_passkey_opens_and_says_what_it_needs(app, office, staff):
    device = Device()
    assert "通行密钥已经添加" in add_key(staff("lifang"), device).text
    page = first_step(app)
    assert page.path == "/desk/login/second"
    assert "通行密钥需要浏览器启用脚本" in page.text and "备用码" in page.text
    answer = device.sign(options(page)["challenge"])
    page.send("/desk/login/second", credential=answer)
    assert page.path == "/desk/cases" and audited(office) == [("lifang", "password+passkey")]
    other = first_step(app)
    other.send("/desk/login/second", credential=answer)
    assert (other.status, other.alert) == (422, NO_PASSKEY), "of another challenge"


@LONG
def test_the_passkey_of_another_opens_nothing(app, staff):
    mine, theirs = Device(), Device()
    add_key(staff("lifang"), mine)
    add_key(staff("chen"), theirs)
    page = first_step(app)
    page.send("/desk/login/second", credential=theirs.sign(options(page)["challenge"]))
    assert (page.status, page.alert) == (422, NO_PASSKEY)


# -- the page of one's own --------------------------------------------------------------------------------


def test_before_anything_is_changed_it_is_asked_who_changes_it(staff, office, today):
    page = staff("lifang").get("/desk/factors")
    assert page.get("/desk/factors/app").path == "/desk/factors"
    assert "请先输入密码" in page.text
    page.send("/desk/factors/prove", proof="wrong")
    assert (page.status, page.alert) == (422, NOT_PROVED)
    page.send("/desk/factors/prove", proof=PASSWORD)
    assert page.get("/desk/factors/app").path == "/desk/factors/app"
    today.moment += timedelta(minutes=10, seconds=1)
    assert page.get("/desk/factors/app").path == "/desk/factors"
    token = page.form("/desk/logout").fields["csrf_token"][0]
    for do in ("add-passkey", "rename-passkey", "drop-passkey", "drop-app", "codes", "nothing"):
        page.post(f"/desk/factors/{do}", {"csrf_token": token})
        assert page.path == "/desk/factors" and "请先输入密码" in page.text, do
    for _ in range(6):
        page.send("/desk/factors/prove", proof="wrong")
    assert page.status == 429 and "15 分钟后再试" in page.alert


def test_a_wrong_first_code_adds_nothing_and_the_secret_stays(staff, office, today):
    page = staff("lifang").get("/desk/factors").send("/desk/factors/prove", proof=PASSWORD)
    page.get("/desk/factors/app")
    secret = secret_of(page)
    assert "<svg" in page.html and "script" not in re.findall(r"<svg.*?</svg>", page.html, re.S)[0]
    page.send("/desk/factors/app", code="000000")
    assert page.status == 422 and "现在显示的六位数字" in page.alert
    assert secret_of(page) == secret and rows(office, StaffTotpRow) == []
    page.send("/desk/factors/app", code=codes.code_at(secret, today()))
    assert "验证器已经添加" in page.text and len(rows(office, RecoveryCodeRow)) == 10


def test_recovery_codes_are_shown_once(staff, today):
    page = staff("lifang")
    _, told = set_up(page, today)
    assert told[0] not in page.get("/desk/factors").text
    page.send("/desk/factors/codes")
    after = re.findall(r'<li><code class="code">([a-z0-9-]+)</code></li>', page.html)
    assert len(after) == 10 and not set(after) & set(told)
    assert "备用码已经换新" in page.text
    assert after[0] not in page.get("/desk/factors").text


@LONG
def test_passkeys_have_names_and_go(staff, office):
    page = add_key(staff("lifang"), Device())
    add_key(page, Device(), "")
    assert [row.label for row in rows(office, StaffPasskeyRow)] == ["办公室的电脑", "通行密钥"]
    page.send("/desk/factors/rename-passkey", label="家里的")
    assert "名字已经保存" in page.text and rows(office, StaffPasskeyRow)[0].label == "家里的"
    page.send("/desk/factors/drop-passkey")
    assert "通行密钥已经去掉" in page.text
    assert [row.label for row in rows(office, StaffPasskeyRow)] == ["通行密钥"]
    page.send("/desk/factors/add-passkey", credential="[]")
    assert page.status == 422 and "没有添加成功" in page.alert


def test_an_app_that_goes_is_asked_for_no_more(staff, app, with_app):
    page = staff("lifang").get("/desk/factors").send("/desk/factors/drop-app")
    assert "验证器已经去掉" in page.text
    assert first_step(app).path == "/desk/cases"


# -- who must have one ------------------------------------------------------------------------------------


@pytest.fixture
def strict(app, office):
    open_doors(app, office, load({"GONGKAI_SECOND_FACTOR_ROLES": "clerk"}))
    return app


def test_who_must_have_one_sets_it_up_before_anything_else(strict, office, today):
    page = first_step(strict)
    assert page.path == "/desk/factors" and "您的角色要求两步验证" in page.text
    for path in ("/desk/", "/desk/cases", "/desk/inbox"):
        assert page.get(path).path == "/desk/factors"
    set_up(page, today)
    assert "记好了，继续工作" in page.text
    assert page.get("/desk/cases").path == "/desk/cases"
    assert page.get("/desk/factors").status == 200 and "您的角色要求" not in page.text


def test_a_one_time_password_is_changed_first(strict, office):
    with office.store.write() as unit:
        unit.user("lifang").must_change_password = True
    page = first_step(strict)
    assert page.path == "/desk/password"
    with quick_hashes():
        page.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert page.path == "/desk/factors"


def test_others_are_not_asked_and_tokens_go_on(strict, office, program):
    assert first_step(strict, "zhaoming").path == "/desk/cases"
    assert program("lifang").get("/cases").status_code == 200


def test_who_signs_out_may(strict):
    assert first_step(strict).send("/desk/logout").path == "/desk/login"


# -- as who administers sees to it ------------------------------------------------------------------------


def test_an_administrator_resets_what_was_lost(staff, app, office, with_app):
    here = staff("lifang")
    page = staff("guanli").get("/desk/staff/lifang")
    assert "两步验证已经设置" in page.text.replace(" ", "")
    page.send("/desk/staff/lifang/account/factors")
    assert "两步验证已经重设" in page.text and rows(office, StaffTotpRow) == []
    assert here.get("/desk/").path == "/desk/login", "sessions end"
    assert first_step(app).path == "/desk/cases"
    assert audited(office, "factors_reset") == [("guanli", "")]
    listed = page.get("/desk/audit").text
    assert "重设两步验证" in listed and "方式 验证器" in listed and "方式 密码" in listed
    page.get("/desk/staff?at=panlong")
    assert "添加两步验证方式：lifang · 验证器" in page.text
    assert "登录：lifang" not in page.text, "who came in is not among the last changes"


# -- the account of the directory --------------------------------------------------------------------------

DIRECTORY = {
    "GONGKAI_OIDC_ISSUER": "https://id.example.gov.cn",
    "GONGKAI_OIDC_CLIENT_ID": "gongkai",
}


def test_who_administers_links_an_account_of_the_directory(staff, app, office):
    page = staff("guanli")
    assert "统一身份认证" not in page.get("/desk/staff/lifang").text
    open_doors(app, office, load(DIRECTORY))
    page.get("/desk/staff/lifang").send("/desk/staff/lifang/account/directory", account=" fang ")
    assert "账号已经保存" in page.text
    assert page.form("/account/directory").fields["account"] == ["fang"]
    page.get("/desk/staff/chen").send("/desk/staff/chen/account/directory", account="fang")
    assert page.status == 422 and "统一身份认证的账号：已经关联了lifang（lifang）" in page.alert
    assert page.form("/account/directory").fields["account"] == ["fang"], "what was typed stays"
    assert "账号 fang" in page.get("/desk/audit").text
