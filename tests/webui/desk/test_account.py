"""Who may come in: login, who guesses, first and old passwords, time-out, logout."""

from datetime import timedelta

import pytest
from flask import Response

from config.settings import load
from tests.webui.conftest import PASSWORD
from tests.webui.visitor import Visitor
from tests.workflow.service.sampling import quick_hashes
from webui import devices
from workflow import people
from workflow.service.accounts import Accounts
from workflow.service.doors import doors_of


@pytest.fixture
def quick():
    """Hashes of nobody are as quick as those of the people here."""
    with quick_hashes():
        yield


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


@pytest.mark.usefixtures("quick")
def test_five_failures_close_the_account_for_who_failed(visitor, today):
    """Whoever there is: an account that is not there answers as one that is."""
    for name in ("lifang", "nobody"):
        told = []
        for _ in range(6):
            visitor.log_in(name, "wrong")
            told.append((visitor.status, visitor.alert))
        assert told[:5] == [(422, "用户名或者密码不正确")] * 5
        assert told[5][0] == 429 and "20 分钟后再试" in told[5][1]
    assert visitor.log_in("lifang", PASSWORD).status == 429
    today.moment += timedelta(minutes=21)
    assert visitor.log_in("lifang", PASSWORD).path == "/desk/"


def test_somebody_who_guesses_next_door_keeps_nobody_out(visitor, app):
    """Two computers behind one address: who has logged in at hers before comes in, whatever is tried at the other."""
    hers = visitor.log_in("lifang", PASSWORD)
    hers.send("/desk/logout")
    guesser, elsewhere = Visitor(app), Visitor(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.1.1.1"
    for _ in range(6):
        guesser.log_in("lifang", "wrong")
    assert guesser.status == 429
    assert hers.log_in("lifang", PASSWORD).path == "/desk/"
    assert elsewhere.log_in("lifang", PASSWORD).path == "/desk/"
    guesser.client.set_cookie("gongkai_device", "made up")
    assert guesser.log_in("lifang", PASSWORD).status == 429


def test_a_device_is_known_for_who_logged_in_at_it_and_for_half_a_year(visitor, app, today):
    visitor.log_in("chen", PASSWORD).send("/desk/logout")
    cookie = visitor.client.get_cookie("gongkai_device")
    assert cookie.http_only and "chen" not in cookie.value and not cookie.secure
    guesser = Visitor(app)
    for name in ("lifang", "chen"):
        for _ in range(5):
            guesser.log_in(name, "wrong")
    assert visitor.log_in("lifang", PASSWORD).status == 429, "it knows chen alone"
    assert visitor.log_in("chen", PASSWORD).path == "/desk/"
    today.moment += timedelta(days=180)
    for _ in range(5):
        guesser.log_in("chen", "wrong")
    assert visitor.log_in("chen", PASSWORD).status == 429, "its time is over"


def test_a_computer_of_a_whole_office_knows_the_last_eight(app, office):
    seen = ""
    for n in range(9):
        with app.test_request_context(headers={"Cookie": seen}):
            devices.remember(f"colleague{n}")
            answer = app.process_response(Response())
            seen = answer.headers["Set-Cookie"].partition(";")[0]
    with app.test_request_context(headers={"Cookie": seen}):
        ids = {devices.known(f"colleague{n}") for n in range(1, 9)}
        assert len(ids) == 1 and None not in ids and devices.known("colleague0") is None


def test_too_many_passwords_at_a_time_are_asked_to_come_again(visitor, monkeypatch):
    def busy(stored, given):
        raise people.Busy

    monkeypatch.setattr("workflow.people.password_fits", busy)
    visitor.log_in("lifang", PASSWORD)
    assert (visitor.status, visitor.alert) == (503, "同时登录的人太多，请等几秒钟再试")
    monkeypatch.undo()
    page = visitor.log_in("lifang", PASSWORD).get("/desk/password")
    monkeypatch.setattr("workflow.people.password_fits", busy)
    page.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert page.status == 503 and "请等几秒钟再试" in page.alert


def test_an_old_password_is_changed_before_anything_else(visitor, office, today, app):
    app.extensions["gongkai"] = doors_of(office, {**load({}), "password_days": 90})
    with office.store.write() as unit:
        unit.user("lifang").password_set_at = today() - timedelta(days=90)
    page = visitor.log_in("lifang", PASSWORD)
    assert page.path == "/desk/password" and "已经用满 90 天" in page.text
    assert page.get("/desk/cases").path == "/desk/password"
    page.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert page.path == "/desk/" and "90 天" not in page.get("/desk/password").text


def test_a_password_that_is_easy_to_guess_is_told(staff):
    page = staff("lifang")
    for new in ("Gongkai2024", "Panlong@2024", "Password1"):
        page.get("/desk/password").send("/desk/password", old=PASSWORD, new=new, again=new)
        assert page.status == 422 and "太容易猜到" in page.alert, new


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


def test_a_session_ends_after_twelve_hours_and_what_was_typed_is_for_its_person(staff, today):
    page = staff("lifang").get("/desk/register")
    for _ in range(36):
        today.moment += timedelta(minutes=20)
        page.client.post(
            "/desk/stay", data={"csrf_token": page.form("/desk/logout").fields["csrf_token"]}
        )
    page.send("/desk/register", name="张小禾")
    assert page.status == 401 and "超过 12 小时" in page.text and "填写的内容还在" in page.text
    page.send("/desk/login", user="sunli", password=PASSWORD)
    assert "张小禾" not in page.get("/desk/register").html


def test_a_cookie_says_nothing_but_a_random_id(staff, app):
    page = staff("lifang").get("/desk/")
    with page.client.session_transaction() as session:
        held = dict(session)
    assert "lifang" not in str(held) and len(held["_user_id"]) >= 40


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
