"""How often accounts are guessed at and codes are sent: each number on its last and on its first that is too many."""

import pytest

from workflow.service.applicants.guessing import Guesser, Guessing
from workflow.service.limits import TooOften

HERE = Guesser("email zhang@applicant.example", "10.0.0.1")
"""One account, one place."""


@pytest.fixture
def guessing(house):
    return Guessing(house.office)


def stopped(guessing, one):
    try:
        guessing.ask(one)
    except TooOften as told:
        assert str(told) == "输错的次数过多，请 20 分钟后再试"
        return True
    return False


def sends(guessing, one):
    try:
        guessing.ask_to_send(one)
    except TooOften as told:
        return str(told)
    return ""


def test_the_fifth_wrong_guess_at_an_account_from_one_place_is_the_last(house, guessing):
    for _ in range(4):
        guessing.failed(HERE)
    assert not stopped(guessing, HERE)
    guessing.failed(HERE)
    assert stopped(guessing, HERE)
    assert not stopped(guessing, Guesser(HERE.who, "10.0.0.2"))
    assert not stopped(guessing, Guesser("phone 13800001111", HERE.place))
    house.later(minutes=20, seconds=-1)
    assert stopped(guessing, HERE)
    house.later(seconds=1)
    assert not stopped(guessing, HERE)


def test_forty_wrong_guesses_from_one_place_close_it_for_every_account(guessing):
    fresh = Guesser("phone 13800001111", HERE.place)
    for n in range(39):
        guessing.failed(Guesser(f"email {n}@applicant.example", HERE.place))
    assert not stopped(guessing, fresh)
    guessing.failed(HERE)
    assert stopped(guessing, fresh) and not stopped(guessing, Guesser(fresh.who, "10.0.0.2"))


def test_thirty_wrong_guesses_from_everywhere_leave_the_account_to_who_has_not_failed(guessing):
    for n in range(29):
        guessing.failed(Guesser(HERE.who, f"10.1.0.{n}"))
    once = Guesser(HERE.who, "10.1.0.3")
    assert not stopped(guessing, once)
    guessing.failed(Guesser(HERE.who, "10.1.0.99"))
    assert stopped(guessing, once) and not stopped(guessing, HERE)
    assert not stopped(guessing, Guesser("phone 13800001111", once.place))


def test_who_is_known_at_a_device_is_slowed_by_nobody_else(guessing):
    known = Guesser(HERE.who, HERE.place, "device")
    for _ in range(40):
        guessing.failed(HERE)
    assert stopped(guessing, HERE) and not stopped(guessing, known)
    for n in range(4):
        guessing.failed(known)
        assert not stopped(guessing, known), n
    guessing.failed(known)
    assert stopped(guessing, known) and not stopped(guessing, Guesser(HERE.who, "", "another"))


def test_codes_go_a_minute_apart_and_five_in_an_hour(house, guessing):
    for n in range(5):
        assert sends(guessing, HERE) == "", n
        assert sends(guessing, HERE) == "刚刚发过验证码，请过一分钟再发"
        house.later(seconds=59)
        assert "过一分钟" in sends(guessing, HERE)
        house.later(seconds=1)
    assert sends(guessing, HERE) == "验证码发得太多了，请过一小时再试"
    assert sends(guessing, Guesser(HERE.who, "10.0.0.2")) == ""
    assert sends(guessing, Guesser("phone 13800001111", HERE.place)) == ""
    house.later(minutes=55, seconds=-1)
    assert "过一小时" in sends(guessing, HERE)
    house.later(seconds=1)
    assert sends(guessing, HERE) == ""


def test_twenty_codes_in_an_hour_go_to_whomever_from_one_place(guessing):
    for n in range(20):
        assert sends(guessing, Guesser(f"phone 138000011{n:02}", HERE.place)) == ""
    assert "过一小时" in sends(guessing, HERE)
    assert sends(guessing, Guesser(HERE.who, "10.0.0.2")) == ""


def test_beyond_ten_codes_to_one_address_each_place_sends_one_more(house, guessing):
    for n in range(9):
        assert sends(guessing, Guesser(HERE.who, f"10.1.0.{n}")) == ""
    house.later(minutes=1)
    again = Guesser(HERE.who, "10.1.0.0")
    assert sends(guessing, again) == "", "the tenth"
    house.later(minutes=1)
    assert "过一小时" in sends(guessing, again)
    assert sends(guessing, HERE) == "", "who has not asked gets one"
    house.later(minutes=1)
    assert "过一小时" in sends(guessing, HERE)
