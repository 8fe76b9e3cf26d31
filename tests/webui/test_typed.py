"""Nothing typed is lost: not by the end of a session, not by a page from before it, not by a fault."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from tests.proofs import upload
from tests.webui.conftest import PASSWORD
from tests.webui.filing import file, review
from tests.webui.visitor import Visitor
from workflow.store.staff_models import KeptFormRow

TYPED = "请写明年度和\n所在的村组"


@pytest.fixture
def kept(office):
    def count() -> int:
        with office.store.read() as unit:
            return unit.session.scalar(select(func.count(KeptFormRow.id))) or 0

    return count


@pytest.fixture
def case(visitor, staff) -> tuple[Visitor, str]:
    """A clerk in front of a case of their body."""
    number, _ = file(visitor)
    return staff("lifang").get(f"/desk/cases/panlong/{number}"), number


def type_too_long(clerk: Visitor, today, **changed: str) -> Visitor:
    """Fill in the form, and send it when the session has ended."""
    today.moment += timedelta(minutes=31)
    return clerk.send("/events/require_correction", **{"defects": TYPED, **changed})


def _token(page: Visitor) -> str:
    return page.form("/desk/logout").fields["csrf_token"][0]


def log_in(page: Visitor, name: str = "lifang", password: str = PASSWORD) -> Visitor:
    return page.send("/desk/login", user=name, password=password)


def test_after_the_end_of_a_session_the_form_stands_as_it_was_at_its_page(case, today, kept):
    clerk, number = case
    type_too_long(clerk, today)
    assert clerk.status == 401 and "刚才填写的内容还在" in clerk.text
    assert "村组" not in clerk.html, "it goes along sealed"
    assert kept() == 0, "nothing is kept of who has not logged in"
    log_in(clerk)
    assert (clerk.path, clerk.status) == (f"/desk/cases/panlong/{number}", 200)
    assert "已经放回表单，还没有提交" in clerk.text and kept() == 1
    form = clerk.form("/events/require_correction")
    assert form.fields["defects"] == ["\n" + TYPED]
    assert "还没有登记收到" not in clerk.text, "nothing was applied"
    assert clerk.get(f"/desk/cases/panlong/{number}").text.count("已经放回表单") == 1, "reloading"
    clerk.send("/events/require_correction", defects=TYPED)
    assert clerk.status == 200 and kept() == 0 and "已经放回表单" not in clerk.text


def test_what_was_refused_is_there_again_after_the_page_was_left(case, kept):
    """A proposal that needs a record of the search first: the clerk goes there and comes back."""
    clerk, number = case
    clerk.act(number, "assign").get(f"/desk/cases/panlong/{number}")
    typed = {
        "items-1-outcome": "not_existing",
        "items-2-outcome": "supplied",
        "note": "请杨法看一看",
    }
    clerk.send("/events/propose_outcome", **typed)
    assert clerk.status == 409 and "检索记录" in clerk.alert and kept() == 1, clerk.alert
    clerk.send("/events/propose_outcome", **typed)
    assert clerk.status == 409 and kept() == 1, "the last one alone"
    clerk.get(f"/desk/cases/panlong/{number}/searches")
    clerk.get(f"/desk/cases/panlong/{number}")
    assert "上次没有办成时填写的内容已经放回表单" in clerk.text
    assert clerk.form("/events/propose_outcome").fields["note"] == ["\n请杨法看一看"]


def test_a_refusal_of_what_nobody_wrote_keeps_nothing(case, kept):
    clerk, _ = case
    clerk.send("/events/require_correction")
    assert clerk.status in (409, 422) and kept() == 0


def test_what_was_typed_for_one_line_is_put_into_no_other(case, kept):
    clerk, number = case
    page = f"/desk/cases/panlong/{number}"
    clerk.act(number, "assign").get(f"{page}?correct=3").send(
        "/events/correct_entry", **{"note": TYPED, "reason": ""}
    )
    assert clerk.status == 422 and kept() == 1
    other = clerk.get(f"{page}?correct=2").form("/events/correct_entry").fields
    assert other["note"] == [""] and "所在的村组" in clerk.text, "it can be copied"
    assert clerk.get(f"{page}?correct=3").form("/events/correct_entry").fields["note"] == [
        "\n" + TYPED
    ]


def test_what_went_through_with_its_letter_is_kept_no_longer(case, kept):
    clerk, number = case
    clerk.act(number, "assign").get(f"/desk/cases/panlong/{number}")
    clerk.send("/events/require_correction", defects=TYPED, on="2030-01-01")
    assert clerk.status == 409 and kept() == 1
    letter = f"/desk/cases/panlong/{number}/letters/correction_notice"
    clerk.get(f"{letter}?event=require_correction")
    clerk.send("/letters/correction_notice", do="show", defects=TYPED, grounds__content="1")
    assert clerk.status == 200, clerk.text
    clerk.send("/letters/correction_notice", do="apply")
    assert clerk.status == 200 and clerk.path.endswith("/letters") and kept() == 0
    assert "没有办成" not in clerk.get(f"/desk/cases/panlong/{number}").text


def test_what_was_carried_to_its_letter_after_the_end_stands_in_the_form_of_its_event(
    case, kept, today
):
    clerk, number = case
    clerk.act(number, "assign").get(f"/desk/cases/panlong/{number}")
    fields = clerk.form("/events/require_correction").fields
    today.moment += timedelta(minutes=31)
    letter = f"/desk/cases/panlong/{number}/letters/correction_notice"
    clerk.post(letter, {**fields, "defects": TYPED, "event": "require_correction"})
    assert clerk.status == 401
    log_in(clerk)
    assert clerk.form("/events/require_correction").fields["defects"] == ["\n" + TYPED]
    clerk.send("/events/require_correction")
    assert clerk.status == 200 and kept() == 0


def test_a_mistyped_password_loses_nothing(case, today):
    clerk, _ = case
    log_in(type_too_long(clerk, today), password="wrong")
    assert clerk.status == 422 and "刚才填写的内容还在" in clerk.text
    log_in(clerk)
    assert "所在的村组" in clerk.form("/events/require_correction").fields["defects"][0]


def test_who_logs_in_instead_is_shown_nothing_of_it(case, today, kept):
    clerk, number = case
    log_in(type_too_long(clerk, today), "chen")
    assert (clerk.path, clerk.status) == (f"/desk/cases/panlong/{number}", 200)
    assert "村组" not in clerk.html and kept() == 0


def test_a_key_opens_only_what_is_ones_own(case, today, office, staff):
    clerk, _ = case
    log_in(type_too_long(clerk, today))
    with office.store.read() as unit:
        key = unit.session.scalar(select(KeptFormRow.id))
    doors = clerk.app.extensions["gongkai"].kept_forms
    assert doors.find(office.staff("lifang"), key)["sent"]
    assert doors.find(office.staff("chen"), key) is None


def test_what_is_not_wanted_goes(case, today, kept):
    clerk, number = case
    log_in(type_too_long(clerk, today)).send("/desk/kept-form")
    assert clerk.path == f"/desk/cases/panlong/{number}" and "已经清除" in clerk.text
    assert kept() == 0 and "村组" not in clerk.html


def test_what_somebody_else_did_meanwhile_leaves_the_words(case, staff, today):
    """The form is gone: the words are there to be copied, and nothing leads to an address that is no page."""
    clerk, number = case
    type_too_long(clerk, today)
    other = staff("chen").get(f"/desk/cases/panlong/{number}")
    other.post(
        f"/desk/cases/panlong/{number}/events/void",
        {**other.form("/events/void").fields, "reason": "误登记", "second_person": "lifang"},
    )
    other.confirm()
    log_in(clerk)
    assert clerk.status == 200 and "这一页现在没有原来的表单" in clerk.text
    assert "所在的村组" in clerk.text


def test_a_page_from_before_another_login_keeps_what_it_holds(case, app):
    """Two windows, one login: the mark of the older page is no longer right."""
    clerk, number = case
    clerk.get(f"/desk/cases/panlong/{number}")
    older = clerk.page
    clerk.client.delete_cookie("gongkai")
    log_in(clerk.get("/desk/login"))
    clerk.page = older
    clerk.send("/events/require_correction", defects=TYPED)
    assert (clerk.path, clerk.status) == (f"/desk/cases/panlong/{number}", 200)
    assert "村组" in clerk.form("/events/require_correction").fields["defects"][0]


def test_without_a_cookie_what_was_typed_goes_along_as_well(case, app):
    """The browser was closed and opened again."""
    clerk, number = case
    clerk.get(f"/desk/cases/panlong/{number}")
    clerk.client.delete_cookie("gongkai")
    clerk.send("/events/require_correction", defects=TYPED)
    assert clerk.status == 401
    log_in(clerk)
    assert "村组" in clerk.form("/events/require_correction").fields["defects"][0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/desk/"},
        {"Origin": "https://elsewhere.example"},
        {"Referer": "https://elsewhere.example/desk/cases"},
        {},
    ],
)
def test_what_another_site_sends_is_kept_for_nobody(case, today, headers):
    clerk, number = case
    today.moment += timedelta(minutes=31)
    answer = clerk.client.post(
        f"/desk/cases/panlong/{number}/events/require_correction",
        data={"defects": TYPED, "csrf_token": _token(clerk)}, headers=headers,
    )  # fmt: skip
    assert answer.status_code == 303 and "/desk/login" in answer.location
    assert clerk.get(answer.location).form("/desk/login").fields["kept"] == [""]


def test_files_are_named_to_be_chosen_again(case, today):
    clerk, _ = case
    today.moment += timedelta(minutes=31)
    clerk.send("/events/require_correction", defects=TYPED, proof_file=upload())
    assert "要重新选择" in clerk.text
    log_in(clerk)
    assert "选好的文件要重新选择" in clerk.text


def test_a_seal_of_others_is_not_opened(case, today):
    clerk, _ = case
    type_too_long(clerk, today)
    clerk.send("/desk/login", user="lifang", password=PASSWORD, kept="AAAA" * 20)
    assert clerk.path == "/desk/cases/panlong/2024-0001" and "村组" not in clerk.html


def test_the_first_password_does_not_lose_it(case, today, office):
    clerk, number = case
    with office.store.write() as unit:
        unit.user("lifang").must_change_password = True
    log_in(type_too_long(clerk, today))
    assert clerk.path == "/desk/password"
    clerk.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert clerk.path == f"/desk/cases/panlong/{number}" and "已经放回表单" in clerk.text


def test_somebody_has_at_most_five_and_none_for_long(case, today, office, kept):
    clerk, _ = case
    forms, lifang = clerk.app.extensions["gongkai"].kept_forms, office.staff("lifang")
    keys = []
    for _ in range(6):
        today.moment += timedelta(minutes=1)
        keys.append(forms.keep(lifang, {"sent": []}))
    assert [forms.find(lifang, key) is not None for key in keys] == [False] + 5 * [True]
    today.moment += timedelta(days=7)
    forms.keep(office.staff("chen"), {"sent": []})
    assert kept() == 1


def test_to_stay_keeps_the_session_and_what_a_page_asks_by_itself_does_not(staff, today):
    clerk = staff("lifang").get("/desk/")
    stays = {"X-CSRFToken": _token(clerk)}
    for _ in range(3):
        today.moment += timedelta(minutes=20)
        assert clerk.client.post("/desk/stay", headers=stays).status_code == 204
    today.moment += timedelta(minutes=20)
    clerk.client.get("/desk/", headers={"X-Gongkai-Quiet": "1"})
    today.moment += timedelta(minutes=11)
    assert clerk.get("/desk/").path == "/desk/login"


def test_an_address_that_is_no_page_leads_to_the_one_above(case, today):
    clerk, number = case
    today.moment += timedelta(minutes=31)
    answer = clerk.client.post(
        f"/desk/cases/panlong/{number}/events/require_correction",
        data={"csrf_token": _token(clerk)},
    )
    assert answer.location == f"/desk/login?next=/desk/cases/panlong/{number}"


def test_a_list_keeps_its_choices_over_the_login(staff, today):
    clerk = staff("lifang").get("/desk/")
    today.moment += timedelta(minutes=31)
    log_in(clerk.get("/desk/cases?year=2024"))
    assert clerk.page.request.full_path == "/desk/cases?year=2024"


def test_passwords_do_not_go_along(staff, today):
    clerk = staff("lifang").get("/desk/password")
    today.moment += timedelta(minutes=31)
    clerk.send("/desk/password", old=PASSWORD, new="Green-Ink-77", again="Green-Ink-77")
    assert (clerk.path, clerk.status) == ("/desk/login", 200)
    assert clerk.form("/desk/login").fields["kept"] == [""]


def test_a_page_of_another_site_is_not_gone_back_to(case, today):
    clerk, number = case
    today.moment += timedelta(minutes=31)
    clerk.page = clerk.client.post(
        f"/desk/cases/panlong/{number}/events/require_correction",
        data={"defects": TYPED, "csrf_token": _token(clerk)},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": "http://elsewhere.example/desk/inbox"},
    )
    assert clerk.status == 401
    assert clerk.form("/desk/login").fields["next"] == [f"/desk/cases/panlong/{number}"]


def test_what_was_kept_too_long_is_not_spoken_of(case, today, office, kept):
    clerk, number = case
    log_in(type_too_long(clerk, today))
    with office.store.write() as unit:
        unit.session.execute(delete(KeptFormRow))
    assert clerk.get(f"/desk/cases/panlong/{number}").status == 200
    assert "还没有提交" not in clerk.text
    with clerk.client.session_transaction() as session:
        assert "kept_form" not in session


def test_marks_of_the_page_are_not_taken_along(case, today, office):
    clerk, _ = case
    log_in(type_too_long(clerk, today))
    with office.store.read() as unit:
        key = unit.session.scalar(select(KeptFormRow.id))
    forms = clerk.app.extensions["gongkai"].kept_forms
    names = {name for name, _ in forms.find(office.staff("lifang"), key)["sent"]}
    assert "defects" in names and not names & {"csrf_token", "kept"}


def test_what_is_too_long_to_go_along_is_not_promised(case, today):
    clerk, _ = case
    type_too_long(clerk, today, defects="长" * 100_001)
    assert (clerk.path, clerk.status) == ("/desk/login", 200)
    assert "填写的内容还在" not in clerk.text.partition("用户名")[0]


# -- what cannot be answered now --------------------------------------------------------------------


def test_an_applicant_sends_an_old_page_once_more(visitor, app, counted):
    review(visitor)
    visitor.client.delete_cookie("gongkai")
    visitor.send("/apply", step="submit")
    assert visitor.status == 400 and counted() == 0
    assert "刚才填写的内容还在这一页" in visitor.text and "竣工验收单" in visitor.text
    visitor.send("/apply")
    assert counted() == 1, visitor.text


def test_a_fault_hands_back_what_was_sent(case, app, monkeypatch, today, kept):
    clerk, number = case
    app.config["PROPAGATE_EXCEPTIONS"] = False
    doors = app.extensions["gongkai"]
    was = doors.moving.apply
    monkeypatch.setattr(type(doors.moving), "apply", lambda *_, **__: 1 / 0)
    clerk.send("/events/require_correction", defects=TYPED)
    assert clerk.status == 500 and "所在的村组" in clerk.text
    log_in(type_too_long(clerk.get(f"/desk/cases/panlong/{number}"), today))
    clerk.send("/events/require_correction")
    assert clerk.status == 500 and kept() == 1, "not applied, so it is still kept"
    monkeypatch.setattr(type(doors.moving), "apply", lambda _, *a, **k: was(*a, **k))
    clerk.send("/events/require_correction")
    assert clerk.status == 200 and "通知补正" in clerk.text, clerk.alert


def test_a_password_is_never_handed_back(visitor, app):
    visitor.get("/desk/login")
    visitor.client.delete_cookie("gongkai")
    visitor.send("/desk/login", user="lifang", password=PASSWORD)
    assert (
        visitor.status == 400 and PASSWORD not in visitor.html and "再提交一次" not in visitor.text
    )


def test_what_bears_a_classification_mark_is_kept_nowhere(case, today, kept):
    clerk, _ = case
    type_too_long(clerk, today, defects="机密★10年 请写明年度", reason_note="请写明村组")
    log_in(clerk)
    assert "机密" not in clerk.html and clerk.status == 200
