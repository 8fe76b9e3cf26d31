"""Passkeys: what a browser answers is believed only if it signed this challenge, for this site, by an unlocked device."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.webui.device import UP, UV, Device, options
from tests.webui.portal.own import come_in, handed_over, rows, with_channels
from tests.webui.visitor import Visitor
from workflow.store.account_models import AccountPasskeyRow

LONG = pytest.mark.long(reason="signs with many devices; the others stand for it in the short run")


@pytest.fixture
def office(office):
    with_channels(office, "mail")
    return office


def add(visitor: Visitor, device: Device) -> Visitor:
    visitor.get("/account/settings")
    answer = device.make(options(visitor)["challenge"])
    return visitor.send("/account/passkeys", credential=answer, label="我的手机")


def sign_in(visitor: Visitor, device: Device) -> Visitor:
    visitor.get("/account/sign-in")
    return visitor.send("/account/passkey", credential=device.sign(options(visitor)["challenge"]))


@pytest.fixture
def device(visitor, office):
    """A device whose passkey opens the visitor's account."""
    made = Device()
    assert "通行密钥已经添加" in add(come_in(visitor, office), made).text
    return made


def test_a_passkey_opens_its_account_and_the_counter_goes_on(visitor, office, device, app):
    other = Visitor(app)
    device.uses = 1
    assert sign_in(other, device).path == "/account"
    (row,) = rows(office, AccountPasskeyRow)
    assert (row.uses, row.label) == (1, "我的手机") and row.used_at is not None
    assert sign_in(Visitor(app), device).status == 422, "a copy of the key does not count on"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"flags": UP},
        {"flags": UV},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"credential": b"another credential"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_is_not_of_this_device_and_site_opens_nothing(device, app, wrong):
    for name, value in wrong.items():
        setattr(device, name, value)
    other = sign_in(Visitor(app), device)
    assert other.status == 422 and "通行密钥没有通过" in other.alert
    assert other.get("/account").path == "/account/sign-in"


def test_an_answer_is_good_for_its_own_challenge_once_and_for_ten_minutes(device, app, today):
    other = Visitor(app).get("/account/sign-in")
    answer = device.sign(options(other)["challenge"])
    form = other.form("/account/passkey").fields
    other.get("/account/sign-in")
    assert other.post("/account/passkey", {**form, "credential": answer}).status == 422
    other.get("/account/sign-in")
    answer = device.sign(options(other)["challenge"])

    today.moment += timedelta(seconds=601)
    assert other.send("/account/passkey", credential=answer).status == 422
    other.get("/account/sign-in")
    answer = device.sign(options(other)["challenge"])
    today.moment += timedelta(seconds=599)
    assert other.send("/account/passkey", credential=answer).path == "/account"


@LONG
@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "中", "[" * 15_000, "x" * 30_000, '{"id": 1, "rawId": 2}']
)
def test_what_is_no_answer_is_told_at_the_button(visitor, office, app, answer):
    other = Visitor(app).get("/account/sign-in").send("/account/passkey", credential=answer)
    assert other.status == 422 and "通行密钥没有通过" in other.alert
    come_in(visitor, office).get("/account/settings").send("/account/passkeys", credential=answer)
    assert visitor.status == 422 and "没有添加成功" in visitor.alert


@LONG
def test_a_device_that_is_not_unlocked_adds_none_and_none_is_added_twice(visitor, office, device):
    locked = Device(flags=UP)
    assert add(visitor, locked).status == 422
    assert add(visitor, device).status == 422 and len(rows(office, AccountPasskeyRow)) == 1
    for _ in range(9):
        add(visitor, Device())
    assert add(visitor, Device()).status == 422 and "最多 10 个" in visitor.alert


@LONG
def test_a_passkey_that_was_dropped_opens_nothing(visitor, office, device, app):
    visitor.get("/account/settings").send("/account/passkeys", do="drop")
    assert rows(office, AccountPasskeyRow) == [] and "已经去掉" in visitor.text
    assert "去掉了一个通行密钥" in handed_over(office)[-1].text
    assert sign_in(Visitor(app), device).status == 422


@LONG
def test_nobody_drops_the_passkey_of_another(visitor, office, device, app):
    (row,) = rows(office, AccountPasskeyRow)
    other = come_in(Visitor(app), office, "other@applicant.example")
    other.get("/account/settings")
    token = other.form("/account/passkeys").fields["csrf_token"]
    other.post("/account/passkeys", {"csrf_token": token, "do": "drop", "which": row.id})
    assert len(rows(office, AccountPasskeyRow)) == 1
