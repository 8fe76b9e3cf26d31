"""Who may come in: login, lock, first password, time-out, logout."""

from datetime import timedelta

from sqlalchemy import select

from tests.webui.conftest import PASSWORD
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import quick_hashes
from workflow.service.accounts import Accounts
from workflow.store.models import EndedSessionRow


def test_the_desk_demands_a_login_and_leads_back(visitor):
    visitor.get("/desk/cases")
    assert visitor.path == "/desk/login"
    visitor.send("/desk/login", user="lifang", password=PASSWORD)
    assert visitor.path == "/desk/cases" and visitor.status == 200


def test_every_failure_gets_the_same_message(visitor):
    visitor.log_in("lifang", "wrong")
    first = (visitor.status, visitor.alert)
    visitor.log_in("nobody", "wrong")
    assert (visitor.status, visitor.alert) == first == (422, "用户名或者密码不正确")


def test_five_failures_lock_the_account_for_a_while(visitor, today):
    for _ in range(5):
        visitor.log_in("lifang", "wrong")
    visitor.log_in("lifang", PASSWORD)
    assert "20 分钟后再试" in visitor.alert
    today.moment += timedelta(minutes=21)
    assert visitor.log_in("lifang", PASSWORD).path == "/desk/"


def test_the_first_password_must_be_changed(visitor, office):
    with office.store.write() as unit:
        unit.user("lifang").must_change_password = True
    visitor.log_in("lifang", PASSWORD)
    assert visitor.path == "/desk/password"
    assert visitor.get("/desk/").path == "/desk/password"
    assert visitor.get("/desk/reports/").path == "/desk/password"
    visitor.send("/desk/password", old=PASSWORD, new="short", again="short")
    assert visitor.status == 422 and "至少 8 个字符" in visitor.alert
    visitor.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-78")
    assert "两次输入的新密码不一样" in visitor.alert
    visitor.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert visitor.path == "/desk/" and "密码已经修改" in visitor.text


def test_a_new_password_ends_other_sessions(app, staff):
    here, there = staff("lifang"), Visitor(app)
    there.log_in("lifang", PASSWORD)
    here.get("/desk/password").send(
        "/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77"
    )
    assert here.get("/desk/").path == "/desk/"
    assert there.get("/desk/").path == "/desk/login"


def test_logout_ends_the_session(staff):
    page = staff("lifang").get("/desk/").send("/desk/logout")
    assert page.path == "/desk/login"
    assert page.get("/desk/").path == "/desk/login"


def test_an_idle_session_ends(staff, today):
    page = staff("lifang").get("/desk/")
    today.moment += timedelta(minutes=29)
    assert page.get("/desk/").path == "/desk/"
    today.moment += timedelta(minutes=31)
    assert page.get("/desk/cases").path == "/desk/login" and "很久没有操作" in page.text


def test_no_redirect_leads_away(visitor):
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        visitor.get("/desk/login")
        fields = {**visitor.form("/desk/login").fields, "user": "lifang", "password": PASSWORD}
        answer = visitor.client.post("/desk/login", data={**fields, "next": target})
        assert answer.status_code == 303 and answer.location == "/desk/"
        answer = visitor.client.get("/display", query_string={"size": "large", "next": target})
        assert answer.location == "/"
        visitor = type(visitor)(visitor.client.application)


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(staff, app):
    """Only the session that was signed out of ends: another one of the person goes on."""
    here = staff("lifang")
    elsewhere = Visitor(app)
    elsewhere.log_in("lifang", PASSWORD)
    copy = here.client.get_cookie("gongkai").value
    here.get("/desk/").send("/desk/logout")
    here.client.set_cookie("gongkai", copy)
    assert here.get("/desk/").path == "/desk/login"
    assert elsewhere.get("/desk/").path == "/desk/"


def test_what_was_signed_out_of_is_forgotten_when_it_would_have_ended(staff, office, today):
    staff("lifang").get("/desk/").send("/desk/logout")
    today.is_("2024-05-08")
    staff("chen").get("/desk/").send("/desk/logout")
    with office.store.read() as unit:
        assert len(list(unit.session.scalars(select(EndedSessionRow)))) == 1


def test_an_office_behind_one_address_logs_in_at_half_past_eight(app, office):
    """Thirty people within a minute, every third of whom mistypes once."""
    app.config["RATELIMIT_ENABLED"] = True
    accounts = Accounts(office)
    with office.store.write() as unit:
        body, hashed = unit.agency("panlong"), unit.user("lifang").password_hash
        for n in range(30):
            accounts.add_user(
                unit, name=f"colleague{n}", agency=body, roles=("handler",), password_hash=hashed
            )
    for n in range(30):
        here = Visitor(app)
        if n % 3 == 0:
            assert here.log_in(f"colleague{n}", "mistyped").status == 422
        assert here.log_in(f"colleague{n}", PASSWORD).path == "/desk/", n


def test_who_guesses_at_many_accounts_is_stopped(app, visitor):
    app.config["RATELIMIT_ENABLED"] = True
    with quick_hashes():
        statuses = [visitor.log_in(f"nobody{n}", "guess").status for n in range(40)]
    assert set(statuses) == {422}
    visitor.get("/desk/login")
    fields = {**visitor.form("/desk/login").fields, "user": "nobody", "password": "guess"}
    assert visitor.post("/desk/login", fields).status == 429
