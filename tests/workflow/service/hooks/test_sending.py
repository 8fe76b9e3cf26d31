"""Deliveries: claimed once, tried again after growing pauses, in order of each case, given up where people see it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.workflow.service.hooks.hooked import Hooked, wanted
from tests.workflow.service.town import Town
from workflow.service.hooks.sending import NOT_REACHED, PROBE
from workflow.service.keys import InstallationKeys
from workflow.service.messages.outbox import CLAIM, PAUSES
from workflow.store.hook_models import HookRow
from workflow.store.key_folder import KeyFolder
from workflow.store.sealed import Secrets


def filed(hooked: Hooked) -> str:
    return str(hooked.town.file().number)


def hook_row(hooked: Hooked) -> HookRow:
    with hooked.town.office.store.read() as unit:
        return unit.session.scalars(select(HookRow)).one()


def test_a_delivery_is_claimed_once_with_address_and_secret(hooked: Hooked) -> None:
    _, secret = hooked.add(events=("receive",))
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None and hooked.outbox.claim() is None
    assert (one.url, one.secrets) == ("https://oa.example/in?key=hush", (secret,))
    assert one.payload == hooked.rows()[0].payload and one.key == hooked.rows()[0].key
    hooked.outbox.sent(one, 202)
    (row,) = hooked.rows()
    assert (row.state, row.status, row.attempts, row.problem) == ("sent", 202, 1, "")
    assert hook_row(hooked).last_ok_at == hooked.town.now


def test_of_a_case_the_first_goes_first_and_other_cases_do_not_wait(hooked: Hooked) -> None:
    hooked.add()
    first, second = filed(hooked), filed(hooked)
    submitted = hooked.outbox.claim()
    other = hooked.outbox.claim()
    assert submitted is not None and other is not None
    assert hooked.outbox.claim() is None, "both cases have one on its way"
    assert {row.about: row.event for row in hooked.rows() if row.state == "claimed"} == {
        first: "submit",
        second: "submit",
    }
    hooked.outbox.not_sent(submitted, "对方没有收下（500）", 500)
    hooked.outbox.sent(other, 200)
    received = hooked.outbox.claim()
    assert received is not None
    assert [(r.about, r.event) for r in hooked.rows() if r.state == "claimed"] == [
        (second, "receive")
    ]
    hooked.outbox.sent(received, 200)
    again = hooked.outbox.claim()
    assert again is not None and again.id != submitted.id, "what was refused keeps its pause"


def test_in_order_too_once_the_database_knows_how_full_its_tables_are(hooked: Hooked) -> None:
    """SQLite before 3.42 then left out which of two deliveries is the earlier one."""
    hooked.add()
    for _ in range(6):
        filed(hooked)
    hooked.town.office.store.gather_statistics()
    hooked.town.office.store.close()
    sent = []
    while (one := hooked.outbox.claim()) is not None:
        hooked.outbox.sent(one, 200)
        sent.append(one.id)
    assert len(sent) == 18 and hooked.states() == ["sent"] * 18


def test_pauses_grow_and_the_last_failure_is_given_up_and_told(hooked: Hooked) -> None:
    hooked.add(events=("receive",))
    filed(hooked)
    tried, one = [], hooked.outbox.claim()
    while one is not None:
        hooked.outbox.not_sent(one, "对方没有收下（503）", 503)
        (row,) = hooked.rows()
        if row.state == "waiting":
            tried.append(row.not_before - hooked.town.now)
            hooked.town.now = row.not_before - timedelta(seconds=1)
            assert hooked.outbox.claim() is None
            hooked.town.now = row.not_before
        one = hooked.outbox.claim()
    assert tuple(tried) == PAUSES
    assert (row.state, row.status, row.attempts) == ("failed", 503, 6)
    told = hooked.town.messages(moment="channel_failing")
    assert [hooked.town.names()[one.user_id] for one in told] == ["guanli"]
    assert told[0].text.startswith("推送地址“县 OA”连续 3 次没有收下：对方没有收下（503）")
    assert told[0].case_id is None and told[0].about == ""


def test_an_address_that_answers_nothing_is_tried_with_one_delivery_at_a_time(
    hooked: Hooked,
) -> None:
    hooked.add(events=("receive",))
    for _ in range(3):
        filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None
    away = "对方连接不上，或者证书不可信"
    hooked.outbox.not_sent(one, away, NOT_REACHED)
    assert hooked.outbox.claim() is None, "the others wait as well"
    hooked.town.now += PAUSES[0]
    again = hooked.outbox.claim()
    assert again is not None and again.id == one.id
    hooked.outbox.not_sent(again, away, NOT_REACHED)
    hooked.town.now += PROBE
    tried = [hooked.outbox.claim()]
    while tried[-1] is not None and len(tried) < 4:
        hooked.outbox.not_sent(tried[-1], away, NOT_REACHED)
        tried.append(hooked.outbox.claim())
    assert len(tried) == 2 and tried[-1] is None
    hooked.town.now += PROBE
    other = hooked.outbox.claim()
    assert other is not None and other.id != one.id
    hooked.outbox.sent(other, 200)
    back = hooked.outbox.claim()
    assert back is not None and back.id == one.id, "half an hour is not waited out"


def test_what_a_dead_process_had_goes_again_under_its_key(hooked: Hooked) -> None:
    hooked.add(events=("receive",))
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None and hooked.outbox.recover() == 0
    hooked.town.now += CLAIM + timedelta(seconds=1)
    assert hooked.outbox.recover() == 1
    again = hooked.outbox.claim()
    assert again is not None and (again.key, again.payload) == (one.key, one.payload)
    hooked.outbox.sent(one, 200)
    assert hooked.states() == ["claimed"], "whoever lost the claim says nothing"
    hooked.outbox.sent(again, 200)
    assert hooked.states() == ["sent"]


def test_what_a_clock_that_was_put_back_planned_goes_now(hooked: Hooked) -> None:
    hooked.add(events=("receive",))
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None
    hooked.town.now -= timedelta(days=400)
    assert hooked.outbox.recover() == 1
    assert hooked.outbox.claim() is not None


def test_a_receiver_that_wants_no_more_is_not_asked_again(hooked: Hooked) -> None:
    hooked.add(events=("receive",))
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None
    hooked.outbox.not_sent(one, "对方说不再接收（410）", 410, final=True)
    assert hooked.states() == ["failed"]
    assert len(hooked.town.messages(moment="channel_failing")) == 1


def test_both_secrets_sign_for_a_day(hooked: Hooked) -> None:
    which, old = hooked.add(events=("receive",))
    new = hooked.receivers.renew_secret(hooked.town.staff("guanli"), which)
    assert new != old and new.startswith("whsec_")
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None and one.secrets == (new, old)
    hooked.outbox.not_sent(one, "", 500)
    hooked.town.now += timedelta(days=1)
    again = hooked.outbox.claim()
    assert again is not None and again.secrets == (new,)


def test_a_secret_that_is_renewed_twice_in_a_day_leaves_the_one_that_the_receiver_has(
    hooked: Hooked,
) -> None:
    which, old = hooked.add(events=("receive",))
    renew = hooked.receivers.renew_secret
    first = renew(hooked.town.staff("guanli"), which)
    hooked.town.now += timedelta(hours=1)
    second = renew(hooked.town.staff("guanli"), which)
    filed(hooked)
    for hours, secrets in ((0, (second, first, old)), (23, (second, first)), (1, (second,))):
        hooked.town.now += timedelta(hours=hours)
        one = hooked.outbox.claim()
        assert one is not None and one.secrets == secrets
        hooked.outbox.not_sent(one, "", 500)
        hooked.town.now += timedelta(minutes=30) if not hours else timedelta()


def test_what_is_switched_off_waits_and_what_is_removed_is_gone(hooked: Hooked) -> None:
    which, _ = hooked.add(events=("receive",))
    staff = hooked.town.staff("guanli")
    filed(hooked)
    hooked.receivers.change(staff, which, wanted(events=("receive",), active=False))
    assert hooked.outbox.claim() is None
    hooked.receivers.change(staff, which, wanted(events=("receive",)))
    one = hooked.outbox.claim()
    assert one is not None
    hooked.receivers.remove(staff, which)
    hooked.outbox.sent(one, 200)
    hooked.outbox.not_sent(one, "", 500)
    assert hooked.rows() == []


def test_address_and_secret_are_sealed_and_follow_a_change_of_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    town = Town(tmp_path, "2024-05-06", keys=Secrets.of(KeyFolder(tmp_path / "keys")))
    with town.office.store.write() as unit:
        unit.set_stamp("key", town.office.keys.check_value())
    hooked = Hooked(town)
    _, secret = hooked.add(events=("receive",))
    before = hook_row(hooked).sealed
    assert b"oa.example" not in before and secret.encode() not in before
    keys = InstallationKeys(town.office)
    keys.rotate()
    assert keys.reseal(search=False).rows
    assert hook_row(hooked).sealed != before
    filed(hooked)
    one = hooked.outbox.claim()
    assert one is not None and one.secrets == (secret,)
    town.office.store.close()
