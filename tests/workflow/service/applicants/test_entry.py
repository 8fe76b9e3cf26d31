"""Coming in without pages: how long codes, proofs and sessions last, to the second, and whose they are."""

import re
from datetime import timedelta

import pytest

from workflow.people import LONGEST_SESSION
from workflow.refusal import BadInput
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.entry import (
    WRONG_CODE,
    WRONG_PASSWORD,
    Holder,
    Proved,
    forget_ended,
)
from workflow.service.limits import TooOften
from workflow.store.account_models import (
    AccountCodeRow,
    AccountMessageRow,
    AccountRow,
    AccountSessionRow,
)

MAIL = Address("email", "zhang@applicant.example")
HERE, THERE = "10.0.0.1", "10.0.0.2"


def asked(house, account=None, place=HERE):
    """The token of a code that was sent, and the code."""
    token, address = house.entry.send_code(MAIL.text, place, account)
    assert address == MAIL
    (message,) = house.sent("mail")
    assert message.address == MAIL.text and "10 分钟内有效" in message.text
    return token, re.search(r"验证码 (\d{6})，", message.text)[1]


def wrong(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [(one.field, one.message) for one in caught.value.errors]


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_proves_its_address_until_ten_minutes_are_over_and_once(house):
    token, code = asked(house)
    house.later(minutes=10, seconds=-1)
    assert house.entry.prove(token, code, HERE) == Proved(MAIL, None)
    assert wrong(house.entry.prove, token, code, HERE) == [("code", WRONG_CODE)]
    account = house.entry.open(MAIL)
    token, code = asked(house)
    wide = " ".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert house.entry.prove(token, wide, HERE) == Proved(MAIL, account)
    house.later(minutes=1)
    token, code = asked(house)
    house.later(minutes=10)
    assert wrong(house.entry.prove, token, code, HERE) == [("code", WRONG_CODE)]


def test_the_fifth_try_is_the_last_wherever_it_comes_from(house):
    token, code = asked(house)
    for n in range(4):
        wrong(house.entry.prove, token, other_than(code), f"10.1.0.{n}")
    kept = house.rows(AccountCodeRow)[0]
    assert kept.tries == 4
    wrong(house.entry.prove, token, other_than(code), HERE)
    assert wrong(house.entry.prove, token, code, THERE) == [("code", WRONG_CODE)]
    house.later(minutes=1)
    token, code = asked(house)
    for n in range(4):
        wrong(house.entry.prove, token, other_than(code), f"10.1.0.{n}")
    assert house.entry.prove(token, code, THERE).address == MAIL


def test_wrong_codes_count_for_who_guesses(house):
    token, code = asked(house)
    for _ in range(5):
        wrong(house.entry.prove, token, other_than(code), HERE)
    with pytest.raises(TooOften):
        house.entry.prove(token, code, HERE)
    for _ in range(5):
        wrong(house.entry.prove, "no such token", code, THERE)
    with pytest.raises(TooOften):
        house.entry.prove("no such token", code, THERE)


def test_a_new_code_to_the_same_address_begins_no_new_count(house):
    for tries in (3, 2):
        token, code = asked(house)
        for _ in range(tries):
            wrong(house.entry.prove, token, other_than(code), HERE)
        house.later(minutes=1)
    with pytest.raises(TooOften):
        house.entry.prove(token, code, HERE)
    assert house.entry.prove(token, code, THERE).address == MAIL


def test_a_code_to_add_an_address_opens_no_other_account_and_none_at_all(house):
    account = house.entry.open(Address("phone", "13800001111"))
    token, code = asked(house, account)
    for given in (None, account + 1):
        assert wrong(house.entry.prove, token, code, HERE, given) == [("code", WRONG_CODE)]
    assert house.entry.prove(token, code, HERE, account) == Proved(MAIL, None)
    house.later(minutes=1)
    token, code = asked(house)
    assert wrong(house.entry.prove, token, code, THERE, account) == [("code", WRONG_CODE)]


def test_who_is_second_to_open_comes_into_the_same_account(house):
    first = house.entry.open(MAIL)
    assert house.entry.open(Address("email", MAIL.text.upper())) == first
    assert house.entry.open(Address("phone", "13800001111")) != first
    (one, other) = house.rows(AccountRow)
    assert one.opened_at == house.now and len(bytes.fromhex(one.handle)) == 32 != other.handle


def test_every_failed_password_is_told_and_counted_alike(house):
    account = house.entry.open(MAIL)
    for typed in (MAIL.text, "13800001111", "garbage"):
        told = wrong(house.entry.sign_in, typed, "Blue-Paper-42", f"10.1.0.{len(typed)}")
        assert told == [("password", WRONG_PASSWORD)]
    for typed in ("  GARBAGE ", "garbage", "garbage ", "Garbage"):
        wrong(house.entry.sign_in, typed, "x", "10.1.0.7")
    with pytest.raises(TooOften):
        house.entry.sign_in("garbage", "x", "10.1.0.7")
    with house.office.store.write() as unit:
        from workflow import people

        row = unit.session.get_one(AccountRow, account)
        row.password_hash = people.hash_password("Blue-Paper-42")
    assert house.entry.sign_in(MAIL.text.upper(), "Blue-Paper-42", THERE) == account


def test_a_session_lasts_as_long_as_the_longest_and_tells_who_holds_it(house):
    account = house.entry.open(MAIL)
    token = house.entry.begin(account, "password", "F" * 70)
    holder = house.entry.in_session(token)
    assert (holder.id, holder.way, holder.begun_at) == (account, "password", house.now)
    assert token not in repr(vars(house.rows(AccountSessionRow)[0]))
    assert house.entry.sessions(holder)[0].browser == "F" * 60
    house.now += LONGEST_SESSION - timedelta(seconds=1)
    assert house.entry.in_session(token) == holder
    house.later(seconds=1)
    assert house.entry.in_session(token) is None and house.entry.sessions(holder) == []
    assert house.entry.in_session("made up") is None


def test_sessions_are_told_latest_first_and_ended_one_by_one_or_all_others(house):
    mine, others = house.entry.open(MAIL), house.entry.open(Address("phone", "13800001111"))
    old = house.holder(mine, "password")
    house.later(minutes=1)
    here, other = house.holder(mine), house.holder(others)
    told = house.entry.sessions(here)
    assert [(one.mark, one.way, one.here) for one in told] == [
        (here.mark, "验证码", True), (old.mark, "密码", False),
    ]  # fmt: skip
    house.entry.end(here, other.mark)
    assert len(house.rows(AccountSessionRow)) == 3, "nobody ends the session of another"
    house.entry.end(here, old.mark)
    assert {row.mark for row in house.rows(AccountSessionRow)} == {here.mark, other.mark}
    third = house.holder(mine)
    house.entry.end(third)
    assert {row.mark for row in house.rows(AccountSessionRow)} == {third.mark, other.mark}


def test_only_a_proof_of_half_an_hour_does_without_the_old_password(house):
    for way in ("code", "passkey"):
        holder = Holder(1, "mark", way, house.now)
        assert holder.is_fresh(house.now + timedelta(minutes=30, seconds=-1))
        assert not holder.is_fresh(house.now + timedelta(minutes=30))
    assert not Holder(1, "mark", "password", house.now).is_fresh(house.now)


def test_what_has_ended_is_forgotten_on_the_second_and_nothing_else(house):
    asked(house)
    house.holder(house.entry.open(Address("phone", "13800001111")))
    house.later(minutes=10, seconds=-1)
    assert forget_ended(house.office) == 0 and len(house.rows(AccountCodeRow)) == 1
    house.later(seconds=1)
    assert forget_ended(house.office) == 2, "the code and the message with it"
    assert house.rows(AccountCodeRow) == [] == house.rows(AccountMessageRow)
    assert len(house.rows(AccountSessionRow)) == 1
    house.now += LONGEST_SESSION
    assert forget_ended(house.office) == 1 and house.rows(AccountSessionRow) == []
