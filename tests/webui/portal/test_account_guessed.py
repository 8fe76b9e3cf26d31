"""Guessing the password of an account slows the guesser, not its holder."""

import pytest

from tests.webui.portal.own import EMAIL, PASSWORD
from tests.webui.portal.test_account import log_in, with_password
from tests.webui.visitor import Visitor
from workflow import people

pytestmark = pytest.mark.usefixtures("quick", "mailing")


def test_who_has_signed_in_at_the_device_before_does_not_feel_who_guesses_next_door(
    visitor, office, app
):
    with_password(visitor, office)
    visitor.get("/account").send("/account/sign-out")
    guesser = Visitor(app)
    for _ in range(6):
        log_in(guesser, EMAIL, "wrong")
    assert guesser.status == 429
    assert log_in(Visitor(app), EMAIL, PASSWORD).status == 429, "a computer that nobody knows"
    assert log_in(visitor, EMAIL, PASSWORD).path == "/account"


def test_too_many_passwords_at_a_time_are_asked_to_come_again(visitor, office, app, monkeypatch):
    def busy(*given):
        raise people.Busy

    with_password(visitor, office)
    monkeypatch.setattr("workflow.people.password_fits", busy)
    other = log_in(Visitor(app), EMAIL, PASSWORD)
    assert other.status == 503 and "请等几秒钟再试" in other.alert
    monkeypatch.setattr("workflow.people.hash_password", busy)
    visitor.get("/account/settings")
    visitor.send("/account/password", new="Green-Ink-77", again="Green-Ink-77")
    assert visitor.status == 503 and "请等几秒钟再试" in visitor.text
    assert visitor.page.headers["Retry-After"] == "5" and "Green-Ink" not in visitor.html
