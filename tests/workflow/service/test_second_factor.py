"""Second factors without pages: a code is good once, guesses are counted, what is kept tells nobody anything."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from tests.webui.device import Device
from tests.workflow.service.sampling import QUICK, migrated_store, quick_hashes
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.refusal import BadInput, Refused
from workflow.service import Missing, Office
from workflow.service import one_time_codes as codes
from workflow.service.accounts import Accounts
from workflow.service.desk_sessions import DeskSessions
from workflow.service.limits import TooOften
from workflow.service.passkeys import Site
from workflow.service.second_factor import NO_PASSKEY, NOT_ADDED, NOT_PROVED, WRONG, SecondFactor
from workflow.service.staff import StaffRoom
from workflow.service.staff_entry import StaffEntry, WaysIn
from workflow.store.audit import AuditWanted, lines_wanted
from workflow.store.factor_models import (
    DirectoryLinkRow,
    RecoveryCodeRow,
    StaffPasskeyRow,
    StaffTotpRow,
)
from workflow.store.sealed import Secrets

PASSWORD = "Blue-Paper-42"
SITE = Site("localhost", "http://localhost")
CHALLENGE = b"challenge of thirty-two bytes ..."
HERE, THERE = "10.0.0.1", "10.0.0.2"


class House:
    """An office with two clerks and who administers; its clock, and what was written of them."""

    def __init__(self, path: Path) -> None:
        self.moment = datetime(2024, 5, 6, 10, 0, 10, tzinfo=SHANGHAI)
        self.office = Office(
            migrated_store(path / "store.db"), Secrets.throwaway(), now=lambda: self.moment
        )
        self.second = SecondFactor(self.office)
        self.room = StaffRoom(self.office, Accounts(self.office))
        self.entry = StaffEntry(self.office, self.room)
        with self.office.store.write() as unit:
            body = self.office.add_agency(unit, code="panlong", name="盘龙乡", level="township")
            for name, role in (("lifang", "clerk"), ("chen", "leader"), ("guanli", "system_admin")):
                row = Accounts(self.office).add_user(unit, name=name, agency=body, roles=(role,))
                row.password_hash = QUICK.hash(PASSWORD)

    def staff(self, name: str) -> Staff:
        found = self.office.staff(name)
        assert found is not None
        return found

    def ways_in(self, name: str) -> WaysIn:
        return self.entry.ways_in(self.room.one(self.staff("guanli"), name))

    def later(self, **time: int) -> None:
        self.moment += timedelta(**time)

    def rows(self, table):
        with self.office.store.read() as unit:
            return list(unit.session.query(table).order_by(table.user_id))

    def audit(self):
        with self.office.store.read() as unit:
            found = lines_wanted(unit, AuditWanted(), 100)
            return [(row.actor, row.action, row.about, row.details) for row in reversed(found)]

    def with_app(self, name: str = "lifang") -> tuple[bytes, list[str]]:
        secret = codes.new_secret()
        told = self.second.put_app(self.staff(name), secret, self.code(secret))
        self.later(seconds=30)
        return secret, told

    def code(self, secret: bytes, **aside: int) -> str:
        return codes.code_at(secret, self.moment + timedelta(**aside))

    def with_passkey(
        self, name: str = "lifang", label: str = "办公室的电脑"
    ) -> tuple[Device, list[str]]:
        device = Device()
        challenge = json.loads(self.second.offer(self.staff(name), SITE, CHALLENGE))["challenge"]
        answer = device.make(challenge)
        return device, self.second.add_passkey(self.staff(name), SITE, CHALLENGE, answer, label)

    def signed(self, device: Device, name: str = "lifang") -> str:
        asked = self.second.to_answer(self.staff(name), SITE, CHALLENGE)
        assert asked is not None
        return device.sign(json.loads(asked)["challenge"])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.office.store.close()


@pytest.fixture
def lifang(house) -> Staff:
    return house.staff("lifang")


def wrong(call, *given) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        call(*given)
    ((field, said),) = [(one.field, one.message) for one in caught.value.errors]
    return field, said


# -- the app ----------------------------------------------------------------------------------------------


def test_an_app_is_there_once_its_first_code_was_typed(house, lifang):
    secret, second = codes.new_secret(), house.second
    assert not second.has(lifang) and not second.of(lifang).some
    for typed in ("", "000000", house.code(codes.new_secret()), "abcdefghjk"):
        assert wrong(second.put_app, lifang, secret, typed)[0] == "code"
    assert house.rows(StaffTotpRow) == [] and house.audit() == []
    told = second.put_app(lifang, secret, house.code(secret))
    assert len(set(told)) == 10 and second.has(lifang)
    found = second.of(lifang)
    assert found.some and (found.app_since, found.app_used_at, found.codes_left) == (
        house.moment,
        None,
        10,
    )
    assert house.audit() == [("lifang", "factor_added", "lifang", {"way": "totp"})]
    assert wrong(second.by_code, lifang, house.code(secret), HERE) == ("code", WRONG), "it is used"


def test_a_code_is_good_once_and_none_before_it_any_more(house, lifang):
    secret, _ = house.with_app()
    assert house.second.by_code(lifang, house.code(secret), HERE) == "totp"
    assert house.second.of(lifang).app_used_at == house.moment
    for typed in (house.code(secret), house.code(secret, seconds=-30)):
        assert wrong(house.second.by_code, lifang, typed, HERE) == ("code", WRONG)
    assert house.second.by_code(lifang, house.code(secret, seconds=30), HERE) == "totp"
    assert wrong(house.second.by_code, lifang, house.code(secret), HERE) == ("code", WRONG)
    house.later(seconds=60)
    assert house.second.by_code(lifang, house.code(secret), HERE) == "totp"


def test_the_app_of_one_opens_nothing_of_another(house):
    secret, _ = house.with_app("lifang")
    house.with_app("chen")
    chen = house.staff("chen")
    assert wrong(house.second.by_code, chen, house.code(secret), HERE) == ("code", WRONG)
    rows = house.rows(StaffTotpRow)
    with house.office.store.write() as unit:
        mine, other = (unit.session.get_one(StaffTotpRow, row.user_id) for row in rows)
        other.sealed = mine.sealed
    with pytest.raises(InvalidTag):  # what is sealed belongs to its person
        house.second.by_code(chen, house.code(secret), HERE)


def test_nothing_in_the_store_tells_the_secret_or_a_code(house, lifang):
    secret, told = house.with_app()
    (row,) = house.rows(StaffTotpRow)
    assert secret not in row.sealed and secret.hex().encode() not in row.sealed
    kept = {row.hash for row in house.rows(RecoveryCodeRow)}
    assert len(kept) == 10 and not kept & {code.replace("-", "") for code in told}


def test_another_app_takes_the_place_of_the_one_before(house, lifang):
    before, _ = house.with_app()
    after, told = house.with_app()
    assert told == [] and house.second.of(lifang).codes_left == 10
    assert wrong(house.second.by_code, lifang, house.code(before), HERE) == ("code", WRONG)
    assert house.second.by_code(lifang, house.code(after), HERE) == "totp"


def test_without_a_factor_no_recovery_codes_stay(house, lifang):
    house.with_app()
    _, none = house.with_passkey()
    assert none == []
    house.second.drop_app(lifang)
    assert house.second.of(lifang).codes_left == 10 and house.second.has(lifang)
    (key,) = house.second.of(lifang).passkeys
    house.second.drop_passkey(lifang, key.id)
    assert house.rows(RecoveryCodeRow) == [] and not house.second.has(lifang)
    house.second.drop_app(lifang)
    house.second.drop_passkey(lifang, key.id)
    assert [line[1:] for line in house.audit()[2:]] == [
        ("factor_removed", "lifang", {"way": "totp"}),
        ("factor_removed", "lifang", {"way": "passkey", "name": "办公室的电脑"}),
    ]


# -- recovery codes ---------------------------------------------------------------------------------------


def test_a_recovery_code_is_good_once_for_its_person(house, lifang):
    _, told = house.with_app()
    _, others = house.with_app("chen")
    assert house.second.by_code(lifang, told[3].upper(), HERE) == "recovery"
    assert house.audit()[-1] == ("lifang", "recovery_code_used", "lifang", {"remaining": 9})
    for typed in (told[3], others[0]):
        assert wrong(house.second.by_code, lifang, typed, HERE) == ("code", WRONG)
    assert (house.second.of(lifang).codes_left, house.second.of(house.staff("chen")).codes_left) == (9, 10)  # fmt: skip


def test_new_recovery_codes_end_those_of_before(house, lifang):
    assert house.second.new_codes(lifang) == [] and house.audit() == []
    _, before = house.with_app()
    after = house.second.new_codes(lifang)
    assert len(after) == 10 and not set(after) & set(before)
    assert wrong(house.second.by_code, lifang, before[0], HERE) == ("code", WRONG)
    assert house.second.by_code(lifang, after[0], HERE) == "recovery"
    assert "recovery_codes_made" in [line[1] for line in house.audit()]


# -- passkeys ---------------------------------------------------------------------------------------------


def test_a_passkey_opens_for_its_person_and_counts_on(house, lifang):
    device, told = house.with_passkey()
    assert len(told) == 10
    device.uses = 5
    house.second.by_passkey(lifang, SITE, CHALLENGE, house.signed(device))
    (row,) = house.rows(StaffPasskeyRow)
    assert (row.uses, row.used_at, row.label) == (5, house.moment, "办公室的电脑")
    same = house.signed(device)
    assert wrong(house.second.by_passkey, lifang, SITE, CHALLENGE, same) == ("passkey", NO_PASSKEY)
    house.with_passkey("chen")
    device.uses = 6
    answer = house.signed(device)
    chen = house.staff("chen")
    assert wrong(house.second.by_passkey, chen, SITE, CHALLENGE, answer) == ("passkey", NO_PASSKEY)
    assert wrong(house.second.by_passkey, lifang, SITE, b"another", answer) == ("passkey", NO_PASSKEY)  # fmt: skip
    assert wrong(house.second.by_passkey, lifang, SITE, CHALLENGE, "[]") == ("passkey", NO_PASSKEY)


def test_the_browser_is_told_which_passkeys_are_there(house, lifang):
    assert house.second.to_answer(lifang, SITE, CHALLENGE) is None
    house.with_passkey()
    house.with_passkey("chen")
    (mine,) = (row for row in house.rows(StaffPasskeyRow) if row.user_id == lifang.id)
    asked = json.loads(house.second.to_answer(lifang, SITE, CHALLENGE))
    assert asked["allowCredentials"] == [{"type": "public-key", "id": mine.credential}]
    assert (asked["rpId"], asked["userVerification"]) == ("localhost", "required")
    offered = json.loads(house.second.offer(lifang, SITE, CHALLENGE))
    assert [one["id"] for one in offered["excludeCredentials"]] == [mine.credential]
    assert offered["user"]["name"] == "lifang"
    assert offered["authenticatorSelection"]["residentKey"] == "discouraged"
    other = json.loads(house.second.offer(house.staff("chen"), SITE, CHALLENGE))
    assert offered["user"]["id"] != other["user"]["id"]


def test_a_passkey_is_added_once_and_ten_at_most(house, lifang):
    device, _ = house.with_passkey()
    answer = device.make(json.loads(house.second.offer(lifang, SITE, CHALLENGE))["challenge"])
    add = house.second.add_passkey
    assert wrong(add, lifang, SITE, CHALLENGE, answer, "") == ("passkey", NOT_ADDED)
    assert wrong(add, house.staff("chen"), SITE, CHALLENGE, answer, "") == ("passkey", NOT_ADDED)
    assert wrong(add, lifang, SITE, CHALLENGE, "{}", "") == ("passkey", NOT_ADDED)
    for _ in range(9):
        house.with_passkey(label="  又 一个  ")
    answer = Device().make(json.loads(house.second.offer(lifang, SITE, CHALLENGE))["challenge"])
    assert "最多 10 个" in wrong(add, lifang, SITE, CHALLENGE, answer, "")[1]
    assert {one.label for one in house.second.of(lifang).passkeys} == {"办公室的电脑", "又 一个"}


def test_nobody_renames_or_drops_the_passkey_of_another(house, lifang):
    house.with_passkey()
    (key,) = house.second.of(lifang).passkeys
    chen = house.staff("chen")
    house.second.rename_passkey(chen, key.id, "我的")
    house.second.drop_passkey(chen, key.id)
    assert house.second.of(lifang).passkeys == (key,)
    house.second.rename_passkey(lifang, key.id, "")
    assert house.second.of(lifang).passkeys[0].label == "通行密钥"


# -- guessing ---------------------------------------------------------------------------------------------


def test_after_five_wrong_codes_who_guesses_waits_and_elsewhere_nobody(house, lifang):
    secret, _ = house.with_app()
    for _ in range(5):
        assert wrong(house.second.by_code, lifang, "000000", HERE) == ("code", WRONG)
    for _ in range(2):
        with pytest.raises(TooOften, match="15 分钟"):
            house.second.by_code(lifang, house.code(secret), HERE)
    stopped = [line for line in house.audit() if line[1] == "second_step_stopped"]
    assert stopped == [("system", "second_step_stopped", "lifang", {})], "said once"
    assert house.second.by_code(lifang, house.code(secret), THERE) == "totp"
    house.later(minutes=15)
    assert house.second.by_code(lifang, house.code(secret), HERE) == "totp"


def test_who_is_right_begins_anew(house, lifang):
    secret, _ = house.with_app()
    for _ in range(2):
        for _ in range(4):
            wrong(house.second.by_code, lifang, "000000", HERE)
        assert house.second.by_code(lifang, house.code(secret), HERE) == "totp"
        house.later(seconds=30)


def test_from_everywhere_thirty_guesses_are_heard_and_a_passkey_still_opens(house, lifang):
    secret, _ = house.with_app()
    device, _ = house.with_passkey()
    for n in range(30):
        wrong(house.second.by_code, lifang, "not a code", f"10.0.1.{n}")
    with pytest.raises(TooOften):
        house.second.by_code(lifang, house.code(secret), THERE)
    assert [line[1] for line in house.audit()].count("second_step_stopped") == 1
    house.second.by_passkey(lifang, SITE, CHALLENGE, house.signed(device))
    chen, other = house.staff("chen"), house.with_app("chen")[0]
    assert house.second.by_code(chen, house.code(other), THERE) == "totp"


# -- that it is the person --------------------------------------------------------------------------------


def test_the_password_or_a_code_says_that_it_is_the_person(house, lifang):
    second = house.second
    assert wrong(second.prove, lifang, "wrong", HERE) == ("proof", NOT_PROVED)
    assert wrong(second.prove, lifang, "000000", HERE) == ("proof", NOT_PROVED)
    second.prove(lifang, PASSWORD, HERE)
    secret, told = house.with_app()
    second.prove(lifang, house.code(secret), HERE)
    assert wrong(second.prove, lifang, house.code(secret), HERE) == ("proof", NOT_PROVED)
    second.prove(lifang, told[0], HERE)
    assert house.second.of(lifang).codes_left == 9


def test_passwords_that_are_guessed_there_are_counted_too(house, lifang):
    for n in range(5):
        wrong(house.second.prove, lifang, "wrong" if n % 2 else "000000", HERE)
    with pytest.raises(TooOften):
        house.second.prove(lifang, PASSWORD, HERE)
    house.second.prove(lifang, PASSWORD, THERE)


@pytest.mark.parametrize("password", ["Green-Ink77", "Abcdefgh-2k"])
def test_a_password_that_looks_like_a_recovery_code_is_one_as_well(house, lifang, password):
    with house.office.store.write() as unit:
        unit.user("lifang").password_hash = QUICK.hash(password)
    house.second.prove(lifang, password, HERE)


def test_who_has_no_password_cannot_say_so_by_one(house, lifang):
    with house.office.store.write() as unit:
        unit.user("lifang").password_hash = None
    with quick_hashes():
        assert wrong(house.second.prove, lifang, "", HERE) == ("proof", NOT_PROVED)


# -- who must have one ------------------------------------------------------------------------------------


def test_a_role_demands_one_until_there_is_one(house, lifang):
    strict = SecondFactor(house.office, ("clerk", "system_admin"))
    chen, guanli = house.staff("chen"), house.staff("guanli")
    assert [strict.owes(one) for one in (lifang, chen, guanli)] == [True, False, True]
    house.with_app()
    assert (strict.must(lifang), strict.owes(lifang)) == (True, False)
    house.with_passkey("guanli")
    assert not strict.owes(guanli)
    assert not any(house.second.must(one) for one in (lifang, chen, guanli))


def test_who_came_in_stands_in_the_audit_with_the_way(house, lifang):
    house.later(minutes=1)
    house.second.entered(lifang, ("password", "totp"))
    assert house.audit() == [("lifang", "logged_in", "lifang", {"way": "password+totp"})]
    with house.office.store.read() as unit:
        assert unit.user("lifang").last_login_at == house.moment


# -- as who administers sees to it ------------------------------------------------------------------------


def test_an_administrator_takes_what_was_lost_and_sessions_end(house, lifang):
    guanli = house.staff("guanli")
    assert house.entry.reset_factors(guanli, "lifang") is False
    sessions = DeskSessions(house.office, timedelta(minutes=30))
    begun = sessions.begin(house.staff("lifang"), "Firefox")
    house.with_passkey("chen")
    assert house.ways_in("lifang") == WaysIn(False, "")
    house.with_passkey()
    assert house.ways_in("lifang") == WaysIn(True, "") and house.second.of(lifang).some
    house.with_app()
    assert house.entry.reset_factors(guanli, "lifang") is True
    assert house.ways_in("lifang") == WaysIn(False, "")
    for table in (StaffTotpRow, StaffPasskeyRow, RecoveryCodeRow):
        assert [row for row in house.rows(table) if row.user_id == lifang.id] == []
    assert house.ways_in("chen") == WaysIn(True, "")
    assert house.audit()[-1] == ("guanli", "factors_reset", "lifang", {})
    found = sessions.found(begun)
    assert found is not None and found.over
    house.with_app("chen")
    assert house.entry.reset_factors(None, "chen") is True
    assert house.audit()[-1][:2] == ("system", "factors_reset")


def test_nobody_resets_their_own_and_nobody_that_of_nobody(house):
    house.with_app("guanli")
    with pytest.raises(Refused):
        house.entry.reset_factors(house.staff("guanli"), "guanli")
    with pytest.raises(Missing):
        house.entry.reset_factors(None, "nobody")
    assert len(house.rows(StaffTotpRow)) == 1


def test_an_account_of_the_directory_is_of_one_person(house, lifang):
    guanli, link = house.staff("guanli"), house.entry.link
    link(guanli, "lifang", " fang ")
    assert house.ways_in("lifang") == WaysIn(False, "fang")
    assert wrong(link, guanli, "chen", "fang") == ("account", "已经关联了lifang（lifang）")
    for account in ("x" * 256, "a\nb"):
        assert wrong(link, guanli, "chen", account)[0] == "account"
    link(guanli, "lifang", "fang")
    link(None, "lifang", "x" * 255)
    link(None, "lifang", "")
    link(None, "lifang", "")
    assert house.rows(DirectoryLinkRow) == []
    assert [(*line[:2], line[3].get("account", "")[:5]) for line in house.audit()] == [
        ("guanli", "directory_linked", "fang"),
        ("system", "directory_linked", "xxxxx"),
        ("system", "directory_unlinked", ""),
    ]
    link(None, "lifang", "")
    with pytest.raises(Missing):
        link(None, "nobody", "fang")
