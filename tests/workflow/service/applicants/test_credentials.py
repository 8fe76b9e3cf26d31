"""What opens an account besides a code, without pages: passwords, addresses, what is told of each change, and the end."""

import json
from base64 import urlsafe_b64encode

import pytest

from workflow import people
from workflow.refusal import BadInput
from workflow.service.applicants import credentials
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.credentials import Keeping, wrong_password
from workflow.service.applicants.entry import Proved
from workflow.service.passkeys import LONGEST_ANSWER, NotProved, Site, read
from workflow.store.account_models import (
    AccountAddressRow,
    AccountCodeRow,
    AccountPasskeyRow,
    AccountRow,
    AccountSessionRow,
)

MAIL, PHONE = Address("email", "zhang@applicant.example"), Address("phone", "13800001111")
OLD, NEW = "Blue-Paper-42", "Green-Ink-77"
SITE = Site("localhost", "http://localhost")

LONG = pytest.mark.long(reason="a page holds the same in the short run")


@pytest.fixture
def keeping(house):
    return Keeping(house.office)


@pytest.fixture
def mine(house):
    """Somebody who has just come in by a code."""
    return house.holder(house.entry.open(MAIL))


def wrong(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [(one.field, one.message) for one in caught.value.errors]


def told(house):
    return [(one.address, one.text) for one in house.sent()]


def add_passkey(house, account, credential="AQIDBAUGBwg", label="我的手机"):
    with house.office.store.write() as unit:
        unit.session.add(
            AccountPasskeyRow(account_id=account, credential=credential, public_key=b"key", uses=0,
                              label=label, added_at=house.now)
        )  # fmt: skip


# -- the password -----------------------------------------------------------------------------------------


def test_after_a_fresh_code_no_old_password_is_asked_for_and_later_it_is(house, keeping, mine):
    none = keeping.of(mine)
    assert (none.has_password, none.old_password, none.passkeys) == (False, False, ())
    assert none.addresses == {"email": MAIL}
    house.later(minutes=31)
    keeping.set_password(mine, "", OLD)
    assert keeping.of(mine).has_password and keeping.of(mine).old_password
    for old in ("", "wrong", NEW):
        assert wrong(keeping.set_password, mine, old, NEW) == [("old", "原密码不正确")]
    keeping.set_password(mine, OLD, NEW)
    assert house.entry.sign_in(MAIL.text, NEW, "10.0.0.1") == mine.id
    fresh = house.holder(mine.id, "passkey")
    assert keeping.of(fresh).has_password and not keeping.of(fresh).old_password
    keeping.set_password(fresh, "", OLD)
    assert house.entry.sign_in(MAIL.text, OLD, "10.0.0.1") == mine.id


def test_a_new_password_ends_the_other_sessions_and_is_told_at_each_address(house, keeping, mine):
    keeping.put_address(mine, Proved(PHONE, None))
    told(house)
    others = house.holder(house.entry.open(Address("phone", "13900000000")))
    house.holder(mine.id)
    keeping.set_password(mine, "", OLD)
    assert {row.mark for row in house.rows(AccountSessionRow)} == {mine.mark, others.mark}
    messages = told(house)
    assert {address for address, _ in messages} == {MAIL.text, PHONE.text} and len(messages) == 2
    assert all("设置了新的密码" in text and "不是您本人" in text for _, text in messages)


@LONG
def test_of_two_who_change_the_password_at_once_the_second_knows_the_old_one_no_more(
    house, keeping, mine, monkeypatch
):
    keeping.set_password(mine, "", OLD)
    house.later(minutes=31)
    hashed, quicker = people.hash_password, people.hash_password("Quick-Paper-1")

    def meanwhile(password):
        with house.office.store.write() as unit:
            unit.session.get_one(AccountRow, mine.id).password_hash = quicker
        return hashed(password)

    monkeypatch.setattr(people, "hash_password", meanwhile)
    assert wrong(keeping.set_password, mine, OLD, NEW) == [("old", "原密码不正确")]
    assert house.rows(AccountRow)[0].password_hash == quicker


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Zhang-2024", "不能包含手机号、邮箱"),
        ("A-ZHANG-9x", "不能包含手机号、邮箱"),
        ("Ab-13800001111", "不能包含手机号、邮箱"),
        ("Ab-1380000111", None),
        ("Applicant-9", None),
        ("Short1-", "至少 8 个字符"),
        ("Short1-x", None),
    ],
)
def test_a_password_is_weak_or_has_an_address_in_it(password, said):
    found = wrong_password(password, [MAIL, PHONE])
    assert found is None if said is None else said in found


def test_a_weak_password_is_told_and_changes_nothing(house, keeping, mine):
    assert [field for field, _ in wrong(keeping.set_password, mine, "", "zhang-2024")] == ["new"]
    assert house.rows(AccountRow)[0].password_hash is None and told(house) == []


# -- addresses --------------------------------------------------------------------------------------------


@LONG
def test_an_address_gives_way_to_one_of_its_kind_and_the_one_before_is_told(house, keeping, mine):
    keeping.put_address(mine, Proved(MAIL, mine.id))
    assert told(house) == [], "it was there"
    other = Address("email", "new@applicant.example")
    keeping.put_address(mine, Proved(other, None))
    ((address, text),) = told(house)
    assert address == MAIL.text and "更换或者增加了登录用的手机号、邮箱" in text
    assert keeping.of(mine).addresses == {"email": other}
    keeping.put_address(mine, Proved(PHONE, None))
    assert [address for address, _ in told(house)] == [other.text]
    assert keeping.of(mine).addresses == {"email": other, "phone": PHONE}


@pytest.mark.parametrize(("address", "what"), [(PHONE, "手机号"), (Address("email", "a@b.example"), "邮箱")])  # fmt: skip
def test_an_address_of_another_account_stays_there(house, keeping, mine, address, what):
    house.entry.open(address)
    ((field, said),) = wrong(keeping.put_address, mine, Proved(address, None))
    assert field == "code" and said.startswith(f"这个{what}已经属于另一个账户")
    assert keeping.of(mine).addresses == {"email": MAIL} and told(house) == []


@LONG
def test_the_last_address_stays_and_one_of_two_goes(house, keeping, mine):
    ((field, said),) = wrong(keeping.drop_address, mine, "email")
    assert field == "address" and "至少要留一个" in said
    keeping.put_address(mine, Proved(PHONE, None))
    told(house)
    keeping.drop_address(mine, "fax")
    assert told(house) == [] and len(house.rows(AccountAddressRow)) == 2
    keeping.drop_address(mine, "email")
    assert keeping.of(mine).addresses == {"phone": PHONE}
    messages = told(house)
    assert {address for address, _ in messages} == {MAIL.text, PHONE.text}
    assert all("去掉了一个登录用的" in text for _, text in messages)


# -- passkeys ---------------------------------------------------------------------------------------------


@LONG
def test_the_browser_is_told_whose_passkey_to_make_and_which_are_there(house, keeping, mine):
    add_passkey(house, mine.id)
    add_passkey(house, house.entry.open(PHONE), "AAAA")
    said = json.loads(keeping.offer(mine, SITE, b"challenge"))
    assert said["rp"]["id"] == "localhost"
    assert said["user"]["name"] == said["user"]["displayName"] == MAIL.masked
    assert [one["id"] for one in said["excludeCredentials"]] == ["AQIDBAUGBwg"]
    handle = bytes.fromhex(house.rows(AccountRow)[0].handle)
    assert said["user"]["id"] == urlsafe_b64encode(handle).decode().rstrip("=")
    chosen = said["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")


@LONG
def test_a_passkey_is_dropped_by_its_holder_alone_and_told(house, keeping, mine):
    add_passkey(house, mine.id)
    add_passkey(house, mine.id, "BBBB", "第二个")
    other = house.holder(house.entry.open(PHONE))
    first, second = keeping.of(mine).passkeys
    assert (first.label, second.label, first.added_at, first.used_at) == (
        "我的手机", "第二个", house.now, None,
    )  # fmt: skip
    keeping.drop_passkey(other, first.id)
    assert len(keeping.of(mine).passkeys) == 2 and told(house) == []
    keeping.drop_passkey(mine, first.id)
    assert keeping.of(mine).passkeys == (second,)
    ((address, text),) = told(house)
    assert address == MAIL.text and "去掉了一个通行密钥" in text


@pytest.mark.parametrize(
    "answer",
    ["", "{", "[]", "null", "1", json.dumps({"id": "x" * 20_000}), "[" * 10_000, '{"id": "none"}'],
    ids=lambda text: text[:12] or "nothing",
)
def test_what_is_no_answer_of_a_passkey_opens_nothing_and_adds_none(house, keeping, mine, answer):
    assert wrong(keeping.by_passkey, SITE, b"challenge", answer) == [
        ("passkey", credentials.NO_PASSKEY)
    ]
    assert wrong(keeping.add_passkey, mine, SITE, b"challenge", answer, "x") == [
        ("passkey", credentials.NOT_ADDED)
    ]
    assert house.rows(AccountPasskeyRow) == [] and told(house) == []


def test_an_answer_is_read_up_to_its_longest():
    fits = json.dumps({"id": ""}).replace('""', '"' + "x" * (LONGEST_ANSWER - 10) + '"')
    assert len(fits) == LONGEST_ANSWER == 20_000
    assert set(read(fits)) == {"id"}
    with pytest.raises(NotProved):
        read(fits + " ")


# -- the end ----------------------------------------------------------------------------------------------


@LONG
def test_a_deleted_account_leaves_nothing_and_others_as_they_are(house, keeping, mine):
    keeping.put_address(mine, Proved(PHONE, None))
    add_passkey(house, mine.id)
    house.entry.send_code("new@applicant.example", "10.0.0.1", mine.id)
    told(house)
    other = house.holder(house.entry.open(Address("email", "other@applicant.example")))
    keeping.delete(mine)
    for table in (AccountRow, AccountAddressRow, AccountSessionRow):
        assert len(house.rows(table)) == 1, table
    for table in (AccountPasskeyRow, AccountCodeRow):
        assert house.rows(table) == []
    assert keeping.of(other).addresses
    messages = told(house)
    assert {address for address, _ in messages} == {MAIL.text, PHONE.text} and len(messages) == 2
    assert all("已经注销" in text and "编号和查询码" in text for _, text in messages)
    assert not any("不是您本人" in text for _, text in messages)
