"""An account of one's own: who comes in and how, what it sees, and that it sees nothing of others."""

from datetime import timedelta

import pytest

from tests.webui.filing import file
from tests.webui.portal.own import (
    EMAIL,
    PASSWORD,
    PHONE,
    come_in,
    handed_over,
    last_code,
    rows,
    with_channels,
)
from tests.webui.visitor import Visitor
from workflow import people
from workflow.refusal import BadInput
from workflow.service.applicants.entry import Entry, forget_ended
from workflow.store.account_models import (
    AccountAddressRow,
    AccountCaseRow,
    AccountCodeRow,
    AccountMessageRow,
    AccountRow,
    AccountSessionRow,
)
from workflow.store.message_models import MessageRow

pytestmark = pytest.mark.usefixtures("quick", "mailing")
LONG = pytest.mark.long(reason="walks through many pages; the others stand for it in the short run")


# -- coming in ----------------------------------------------------------------------------------------


def test_an_account_is_opened_by_a_code_and_only_where_its_holder_agrees(visitor, office):
    visitor.get("/account")
    assert visitor.path == "/account/sign-in" and "请先登录账户" in visitor.text
    visitor.send("/account/code/send", address=" Zhang@applicant.EXAMPLE ")
    assert visitor.path == "/account/code" and "Z***@applicant.example" in visitor.text
    visitor.send("/account/code", code=last_code(office))
    assert visitor.path == "/account/open" and rows(office, AccountRow) == []
    assert visitor.send("/account/open").status == 422 and rows(office, AccountRow) == []
    visitor.send("/account/open", agree="yes")
    assert visitor.path == "/account" and "账户已经开立" in visitor.text
    assert len(rows(office, AccountRow)) == 1 and rows(office, AccountCodeRow) == []


@LONG
def test_the_answer_to_an_address_is_the_same_whether_there_is_an_account(visitor, office, app):
    come_in(visitor, office)
    answers = []
    for address in (EMAIL, "other@applicant.example"):
        other = Visitor(app)
        other.get("/account/sign-in").send("/account/code/send", address=address)
        masked = address[0] + "***"
        answers.append((other.path, other.status, other.text.replace(masked, "*")))
        other.send("/account/code", code="000000")
        answers[-1] += (other.status, other.alert)
    assert answers[0] == answers[1] and answers[0][3] == 422


@LONG
def test_one_address_opens_one_account_however_it_is_written(visitor, office, app):
    come_in(visitor, office, PHONE, "sms")
    come_in(Visitor(app), office, "+86 138-0000-1111", "sms")
    assert len(rows(office, AccountRow)) == 1


@LONG
def test_a_code_lasts_ten_minutes_and_is_used_once(visitor, office, today, app):
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    code = last_code(office)
    today.moment += timedelta(minutes=10)
    assert visitor.send("/account/code", code=code).status == 422
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    code = last_code(office)
    today.moment += timedelta(minutes=9)
    kept = visitor.client.get_cookie("gongkai").value
    assert visitor.send("/account/code", code=f" {code[:3]} {code[3:]} ").path == "/account/open"
    visitor.client.set_cookie("gongkai", kept)
    assert visitor.get("/account/code").send("/account/code", code=code).status == 422


@LONG
def test_a_code_takes_five_tries_and_only_from_the_browser_that_asked(visitor, office, app):
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    code = last_code(office)
    wrong = "000000" if code != "000000" else "000001"
    other = Visitor(app)
    other.client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
    assert other.get("/account/code").path == "/account/sign-in"
    for _ in range(4):
        assert visitor.send("/account/code", code=wrong).status == 422
    assert visitor.send("/account/code", code=code).path == "/account/open"
    visitor.get("/account/sign-in")
    other.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    code = last_code(office)
    for _ in range(5):
        other.send("/account/code", code=wrong)
    other.client.environ_base["REMOTE_ADDR"] = "10.9.9.10"
    assert other.send("/account/code", code=code).status == 422


@LONG
def test_codes_are_sent_at_most_so_often_to_an_address(visitor, office, today, app):
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    assert visitor.status == 429 and "过一分钟" in visitor.alert
    assert visitor.form("/account/code").fields["code"] == [""], (
        "the one that was sent can be typed"
    )
    for _ in range(4):
        today.moment += timedelta(minutes=1)
        assert visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL).path == (
            "/account/code"
        )
    today.moment += timedelta(minutes=1)
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    assert visitor.status == 429 and len(handed_over(office)) == 5
    clean = Visitor(app)
    clean.client.environ_base["REMOTE_ADDR"] = "10.1.1.1"
    assert clean.get("/account/sign-in").send("/account/code/send", address=EMAIL).status == 200
    today.moment += timedelta(minutes=60)
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    assert visitor.path == "/account/code"


def test_neither_code_nor_address_lies_in_the_open_in_the_store(visitor, office):
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    kept = repr([vars(row) for row in (*rows(office, MessageRow), *rows(office, AccountCodeRow))])
    kept += repr([vars(row) for row in rows(office, AccountMessageRow)])
    code = last_code(office)
    assert EMAIL not in kept and code not in kept
    visitor.send("/account/code", code=code).send("/account/open", agree="yes")
    assert EMAIL not in repr([vars(row) for row in rows(office, AccountAddressRow)])


def test_a_code_that_waited_too_long_is_not_sent(visitor, office, today):
    visitor.get("/account/sign-in").send("/account/code/send", address=EMAIL)
    today.moment += timedelta(minutes=10)
    assert handed_over(office) == []
    assert [row.state for row in rows(office, MessageRow)] == ["withdrawn"]


@LONG
def test_what_has_ended_is_deleted_by_the_worker(visitor, office, today):
    come_in(visitor, office)
    visitor.get("/account/settings").send("/account/address", address=PHONE)
    assert forget_ended(office) == 0
    today.moment += timedelta(minutes=10)
    assert forget_ended(office) >= 2 and rows(office, AccountCodeRow) == []
    today.moment += timedelta(days=3)
    forget_ended(office)
    assert rows(office, AccountSessionRow) == [] and rows(office, AccountMessageRow) == []


@LONG
def test_an_office_without_channels_says_so_and_opens_none(visitor, office):
    with_channels(office)
    visitor.get("/account/sign-in")
    assert "没有开通短信和电子邮件" in visitor.text and "/account/code/send" not in visitor.html
    with_channels(office, "mail")
    visitor.get("/account/sign-in").send("/account/code/send", address=PHONE)
    assert visitor.status == 422 and "没有开通发送验证码的短信" in visitor.alert
    visitor.get("/account/sign-in").send("/account/code/send", address="zhang")
    assert "请填写电子邮箱" in visitor.alert and "手机号" not in visitor.alert
    assert rows(office, AccountCodeRow) == []


@LONG
@LONG
@pytest.mark.parametrize("typed", ["", "zhang", "0876-3123456", "a@b", "1" * 300])
def test_what_is_no_address_is_told_at_the_field(visitor, office, typed):
    visitor.get("/account/sign-in").send("/account/code/send", address=typed)
    assert visitor.status == 422 and "请填写 11 位手机号或者电子邮箱" in visitor.alert


# -- passwords and guessing -----------------------------------------------------------------------------


def with_password(visitor, office):
    come_in(visitor, office).get("/account/settings")
    visitor.send("/account/password", new=PASSWORD, again=PASSWORD)
    assert "密码已经保存" in visitor.text
    return visitor


def log_in(visitor, user, password):
    return visitor.get("/account/sign-in").send("/account/sign-in", user=user, password=password)


def test_a_password_opens_the_account_from_then_on(visitor, office, app):
    with_password(visitor, office)
    assert log_in(Visitor(app), EMAIL.upper(), PASSWORD).path == "/account"


@LONG
@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short1A", "short1A", "至少 8 个字符"),
        ("onlyletters", "onlyletters", "至少 8 个字符"),
        ("Zhang-2024", "Zhang-2024", "不能包含手机号、邮箱"),
        (PASSWORD, PASSWORD + "x", "两次输入的密码不一样"),
    ],
)
def test_a_weak_password_is_not_taken(visitor, office, new, again, said):
    come_in(visitor, office).get("/account/settings")
    visitor.send("/account/password", new=new, again=again)
    assert visitor.status == 422 and said in visitor.alert
    assert rows(office, AccountRow)[0].password_hash is None


@LONG
def test_the_old_password_is_asked_for_unless_one_has_just_come_in_by_a_code(
    visitor, office, app, today
):
    with_password(visitor, office)
    other = log_in(Visitor(app), EMAIL, PASSWORD).get("/account/settings")
    other.send("/account/password", old="wrong", new="Green-Ink-77", again="Green-Ink-77")
    assert other.status == 422 and "原密码不正确" in other.alert
    today.moment += timedelta(minutes=31)
    visitor.get("/account/settings").send(
        "/account/password", old="", new="Green-Ink-77", again="Green-Ink-77"
    )
    assert visitor.status == 422
    other.send("/account/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert log_in(Visitor(app), EMAIL, "Green-Ink-77").path == "/account"
    assert visitor.get("/account").path == "/account/sign-in", "sessions elsewhere have ended"


def test_every_wrong_password_gets_the_same_answer_and_costs_the_same(
    visitor, office, app, monkeypatch
):
    with_password(visitor, office)
    asked = []
    fits = people.password_fits
    monkeypatch.setattr(
        "workflow.people.password_fits",
        lambda stored, given: asked.append(1) or fits(stored, given),
    )
    answers = {
        (one.status, one.alert)
        for user in (EMAIL, "nobody@applicant.example", "gar bage", PHONE)
        for one in [log_in(Visitor(app), user, "wrong")]
    }
    assert len(answers) == 1 and len(asked) == 4


def test_guessing_slows_the_guesser_and_never_the_right_person_elsewhere(
    visitor, office, app, today
):
    with_password(visitor, office)
    guesser, clean = Visitor(app), Visitor(app)
    clean.client.environ_base["REMOTE_ADDR"] = "10.1.1.1"
    for _ in range(5):
        assert log_in(guesser, EMAIL, "wrong").status == 422
    assert log_in(guesser, EMAIL, PASSWORD).status == 429 and "20 分钟后再试" in guesser.alert
    assert log_in(clean, EMAIL, PASSWORD).path == "/account"
    today.moment += timedelta(minutes=21)
    assert log_in(guesser, EMAIL, PASSWORD).path == "/account"


@LONG
def test_a_guesser_from_many_places_gets_one_try_from_each(visitor, office, app):
    with_password(visitor, office)
    for n in range(30):
        one = Visitor(app)
        one.client.environ_base["REMOTE_ADDR"] = f"10.2.0.{n}"
        assert log_in(one, EMAIL, "wrong").status == 422
    assert log_in(one, EMAIL, PASSWORD).status == 429
    clean = Visitor(app)
    clean.client.environ_base["REMOTE_ADDR"] = "10.3.0.1"
    assert log_in(clean, EMAIL, PASSWORD).path == "/account"


@LONG
def test_who_is_right_is_not_counted(visitor, office, app):
    with_password(visitor, office)
    for _ in range(12):
        assert log_in(Visitor(app), EMAIL, PASSWORD).path == "/account"


# -- sessions -------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server(visitor, office):
    come_in(visitor, office)
    copy = visitor.client.get_cookie("gongkai").value
    visitor.send("/account/sign-out")
    assert visitor.path == "/" and rows(office, AccountSessionRow) == []
    visitor.client.set_cookie("gongkai", copy)
    assert visitor.get("/account").path == "/account/sign-in"


@LONG
def test_other_sessions_are_listed_and_ended(visitor, office, app, today):
    come_in(visitor, office)
    today.moment += timedelta(minutes=2)
    other = come_in(Visitor(app), office)
    visitor.get("/account/settings")
    assert visitor.html.count("用验证码登录") == 2 and "这里" in visitor.text
    (mark,) = [row.mark for row in rows(office, AccountSessionRow) if row.begun_at == today.moment]
    visitor.post("/account/sessions", {**visitor.form("/account/sessions").fields, "mark": mark})
    assert other.get("/account").path == "/account/sign-in"
    assert visitor.get("/account").path == "/account"
    today.moment += timedelta(minutes=2)
    other = come_in(other, office)
    visitor.get("/account/settings").post(
        "/account/sessions", {"csrf_token": visitor.form("/account/sessions").fields["csrf_token"]}
    )
    assert other.get("/account").path == "/account/sign-in"
    assert visitor.get("/account").path == "/account"


@LONG
def test_nobody_ends_the_session_of_another_account(visitor, office, app):
    come_in(visitor, office)
    other = come_in(Visitor(app), office, "other@applicant.example").get("/account/settings")
    for row in rows(office, AccountSessionRow):
        token = other.form("/account/reminders").fields["csrf_token"]
        other.post("/account/sessions", {"csrf_token": token, "mark": row.mark})
    assert visitor.get("/account").path == "/account"


@LONG
def test_an_idle_session_ends_and_so_does_the_longest(visitor, office, today):
    come_in(visitor, office)
    for _ in range(5):
        today.moment += timedelta(minutes=115)
        assert visitor.get("/account").path == "/account"
    today.moment += timedelta(minutes=121)
    assert visitor.get("/account").path == "/account/sign-in"
    come_in(visitor, office)
    for _ in range(7):
        today.moment += timedelta(minutes=105)
        visitor.get("/account")
    assert visitor.path == "/account/sign-in", "twelve hours are the longest"


def test_staff_and_applicants_never_mix(visitor, office, staff, app):
    come_in(visitor, office)
    assert visitor.get("/desk/").path == "/desk/login"
    clerk = staff("lifang")
    assert clerk.get("/account").path == "/account/sign-in"
    come_in(clerk, office, "clerk@applicant.example")
    assert clerk.get("/desk/").path == "/desk/login", (
        "who signs in as an applicant is no clerk here"
    )
    from tests.webui.conftest import PASSWORD as OF_STAFF

    clerk.log_in("lifang", OF_STAFF)
    assert clerk.path == "/desk/" and clerk.get("/account").path == "/account/sign-in"
    with clerk.client.session_transaction() as session:
        assert "account" not in session


@LONG
def test_a_session_of_an_account_that_is_made_up_opens_nothing(visitor, office):
    with visitor.client.session_transaction() as session:
        session["account"], session["account_seen"] = "1", 9_999_999_999
    assert visitor.get("/account").path == "/account/sign-in"


@LONG
def test_clearing_this_computer_signs_out_as_well(visitor, office):
    file(come_in(visitor, office))
    visitor.send("/leave")
    assert visitor.get("/account").path == "/account/sign-in"


# -- addresses and the end ------------------------------------------------------------------------------


@LONG
def test_a_further_address_is_proved_and_the_known_one_is_told(visitor, office):
    come_in(visitor, office).get("/account/settings").send("/account/address", address=PHONE)
    assert visitor.path == "/account/address/code"
    assert visitor.send("/account/address/code", code="12").status == 422
    visitor.send("/account/address/code", code=last_code(office, "sms"))
    assert visitor.path == "/account/settings" and "138****1111" in visitor.text
    (told,) = handed_over(office)
    assert told.address == EMAIL and "不是您本人操作的" in told.text and told.about == ""
    for new in (f"Ab-{PHONE}", "Ab-1-Zhang"):
        visitor.send("/account/password", new=new, again=new)
        assert visitor.status == 422 and "不能包含手机号、邮箱" in visitor.alert
    visitor.send("/account/address", do="drop", kind="email")
    assert "z***" not in visitor.text
    assert [one.address for one in handed_over(office)] == [EMAIL]
    visitor.post(
        "/account/address",
        {**visitor.form("/account/address").fields, "do": "drop", "kind": "phone"},
    )
    assert visitor.status == 422 and "至少要留一个" in visitor.alert


@LONG
def test_an_address_of_another_account_does_not_move(visitor, office, app):
    other = come_in(Visitor(app), office, PHONE, "sms")
    other.client.environ_base["REMOTE_ADDR"] = "10.4.0.1"
    visitor.client.environ_base["REMOTE_ADDR"] = "10.4.0.2"
    come_in(visitor, office).get("/account/settings").send("/account/address", address=PHONE)
    visitor.send("/account/address/code", code=last_code(office, "sms"))
    assert visitor.status == 422 and "已经属于另一个账户" in visitor.alert
    assert len(rows(office, AccountAddressRow)) == 2


def test_a_code_to_add_an_address_signs_nobody_in(visitor, office):
    come_in(visitor, office)
    (account,), entry = rows(office, AccountRow), Entry(office)
    token, _ = entry.send_code(PHONE, "10.0.0.1", account.id)
    code = last_code(office, "sms")
    for other in (None, account.id + 1):
        with pytest.raises(BadInput):
            entry.prove(token, code, "10.0.0.1", other)
    assert entry.prove(token, code, "10.0.0.1", account.id).address.text == PHONE


@LONG
def test_an_account_is_deleted_with_everything_of_it_and_its_requests_stay(visitor, office, staff):
    number, code = file(come_in(visitor, office))
    visitor.get("/account/settings").send("/account/reminders", channels=["mail"])
    assert visitor.get("/account/delete").send("/account/delete").status == 422
    assert "个人信息保护法第四十七条" in visitor.text and len(rows(office, AccountRow)) == 1
    visitor.send("/account/delete", confirm="yes")
    assert visitor.path == "/" and "账户已经注销" in visitor.text
    for table in (AccountRow, AccountAddressRow, AccountSessionRow, AccountCaseRow):
        assert rows(office, table) == [], table
    assert visitor.get("/account").path == "/account/sign-in"
    visitor.get("/query").send("/query", number=number, code=code)
    assert visitor.path == "/query/case"
    told = [one for one in handed_over(office) if "已经注销" in one.text]
    assert [one.address for one in told] == [EMAIL]
