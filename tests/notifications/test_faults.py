"""The worker is killed at every step, servers hang and refuse, two workers run: nothing is lost, and
nothing doubled beyond what docs/decisions/0009 says. Counted at the real servers."""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from config.settings import load
from notifications.channels.http import Timing
from notifications.worker import RENEW_SECONDS, SEND_SECONDS, Worker
from tests.notifications.receivers import closed_port, gateway, mail_server, silent_server
from tests.notifications.victim import POINTS, started
from workflow.dates import now
from workflow.service import Unavailable
from workflow.service.messages.outbox import LEASE
from workflow.store.message_models import MessageRow


@pytest.fixture
def town(street):
    """A town whose keys other processes can read."""
    town = street("2024-05-06", "mail", "sms", "webhook")
    (Path(town.folder) / "secret.key").write_bytes(town.office.keys.now.secret)
    town.number = town.file(email=None).number
    return town


def run(town, point, channel, **settings):
    """Run the worker in a process of its own, to its end or to the kill; its exit code and what it said."""
    said = Path(town.folder) / "said.txt"
    process = started(said, Path(town.folder), town.now, point, channel, **settings)
    process.join(120)
    return process.exitcode, said.read_text(encoding="utf-8")


def killed_and_run_again(town, point, channel, **settings):
    """Killed at the point; then another takes over after the lease and the claim, until nothing waits."""
    code, said = run(town, point, channel, **settings)
    assert code == -signal.SIGKILL, said
    town.later(seconds=LEASE.total_seconds() + 1)
    other = working(town, **settings)
    for _ in range(3):
        assert other.lead()
        other.recover()
        other.send(channel)
        town.later(minutes=2)


def mail_settings(port, **more):
    return {
        "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none",
        "mail_from": "gongkai@town.example", **more,
    }  # fmt: skip


def state(town, channel):
    return town.states(kind="reminder", channel=channel)


# What a person gets, by the point of the kill, where the receiver cannot drop doubles: one mail, or,
# killed between the mark and the sending, none and a word about it in the system. Never two.
ONCE = {
    "before claim": (1, "sent"),
    "after claim": (1, "sent"),
    "before handing": (1, "sent"),
    "after handing": (0, "unclear"),
    "before mark": (1, "unclear"),
    "after mark": (1, "sent"),
}


@pytest.mark.parametrize("point", POINTS)
def test_mail_of_a_killed_worker_comes_once_or_its_absence_is_told(town, point):
    town.remind(town.number)
    with mail_server() as box:
        killed_and_run_again(town, point, "mail", **mail_settings(box.port))
        arrived = len(box.mails)
    assert (arrived, *state(town, "mail")) == ONCE[point]
    told = len(town.messages(moment="not_delivered"))
    assert told == (1 if ONCE[point][1] == "unclear" else 0)
    assert state(town, "in_app") == ["sent"]


@pytest.mark.parametrize("point", POINTS)
def test_sms_of_a_killed_worker_comes_once_or_its_absence_is_told(town, point):
    withdraw_applicants(town)
    town.remind(town.number)
    with gateway() as seen:
        killed_and_run_again(town, point, "sms", sms_url=seen.url)
        arrived = len(seen.calls)
    assert (arrived, *state(town, "sms")) == ONCE[point]


@pytest.mark.parametrize("point", POINTS)
def test_webhook_of_a_killed_worker_comes_with_one_key_however_often(town, point):
    """The only doubling: a second copy under the same key, which the receiver drops."""
    town.remind(town.number)
    with gateway() as seen:
        killed_and_run_again(
            town, point, "webhook", webhook_url=seen.url, webhook_secret="between us"
        )
        keys = Counter(seen.keys())
    assert len(keys) == 1
    assert sum(keys.values()) == (2 if point == "before mark" else 1)
    assert state(town, "webhook") == ["sent"]


def withdraw_applicants(town):
    """The applicant's own message is not what is counted here."""
    with town.office.store.write() as unit:
        unit.session.execute(delete(MessageRow).where(MessageRow.kind == "applicant"))


def test_worker_killed_while_the_mail_server_is_taking_the_mail(town):
    """Killed by the server itself, in the middle of the conversation, before the mail is confirmed."""
    town.remind(town.number)
    victims = []

    with mail_server() as box:
        box.taken = lambda: os.kill(victims[0].pid, signal.SIGKILL)
        folder = Path(town.folder)
        victims.append(
            started(
                folder / "said.txt", folder, town.now, "none", "mail", **mail_settings(box.port)
            )
        )
        victims[0].join(60)
        assert victims[0].exitcode == -signal.SIGKILL
        box.taken = None
        for _ in range(3):
            town.later(minutes=3)
            other = working(town, **mail_settings(box.port))
            assert other.lead()
            other.recover()
            other.send("mail")
        assert len(box.mails) == 1
    assert state(town, "mail") == ["unclear"]


def test_fifty_messages_and_a_kill_at_every_third_send_are_all_accounted_for(town):
    """Counts: what arrived, what is told as unclear, and nothing twice."""
    for n in range(50):
        town.remind(town.number, moment=f"moment_{n}", channels=("mail",))
    with mail_server() as box:
        worker = working(town, **mail_settings(box.port))
        sent = worker.outbox.sent
        calls = 0

        class Killed(BaseException):
            """Stands for the end of the process: nothing after it runs."""

        def dying(message, detail=""):
            nonlocal calls
            calls += 1
            if calls % 3 == 0:
                raise Killed
            sent(message, detail)

        worker.outbox.sent = dying
        worker.lead()
        for _ in range(60):
            try:
                worker.send("mail")
                break
            except Killed:
                continue
        worker.outbox.sent = sent
        town.later(minutes=3)
        worker.lead()
        worker.recover()
        worker.send("mail")
        ids = Counter(box.ids())
    states = Counter(state(town, "mail"))
    assert states == {"sent": 34, "unclear": 16}
    assert len(ids) == 50 and set(ids.values()) == {1}
    assert len(town.messages(moment="not_delivered")) == 16


def working(town, **settings):
    environ = {f"GONGKAI_{name.upper()}": str(value) for name, value in settings.items()}
    defaults = {
        "GONGKAI_WEBHOOK_SECRET": "x",
        "GONGKAI_WEBHOOK_URL": "http://127.0.0.1:9/",
        "GONGKAI_SMS_URL": "http://127.0.0.1:9/",
    }
    return Worker(town.office, load({**defaults, **environ}))


# -- servers that do not behave -------------------------------------------------------------------------


def test_mail_waits_for_a_server_that_is_down_and_comes_once_when_it_is_up(town):
    town.remind(town.number)
    with mail_server() as box:
        down = working(town, **mail_settings(closed_port()))
        down.lead()
        assert down.send("mail") == 1
        assert state(town, "mail") == ["waiting"]
        up = working(town, **mail_settings(box.port))
        assert up.lead() is False
        down.outbox.resign(down.name)
        up.lead()
        assert up.send("mail") == 0
        town.later(minutes=1)
        up.lead()
        assert up.send("mail") == 1
        assert up.send("mail") == 0
        assert len(box.mails) == 1
    assert town.attempts() == ["later", "sent"]


def test_hanging_mail_server_is_given_up_after_the_last_pause_and_told(town):
    town.remind(town.number)
    with silent_server() as port:
        worker = working(town, **mail_settings(port))
        channel = worker.channels["mail"]
        channel.connect_seconds = channel.whole_seconds = 0.2
        for _ in range(8):
            worker._leads_until = time.monotonic() + 60
            worker.send("mail")
            town.later(hours=13)
    assert state(town, "mail") == ["failed"]
    assert town.attempts() == ["later"] * 5 + ["never"]
    assert len(town.messages(moment="not_delivered")) == 1
    assert len(town.messages(moment="channel_failing")) >= 1


def test_sms_gateway_that_answers_too_late_got_one_call_and_it_is_told(town):
    withdraw_applicants(town)
    town.remind(town.number)
    with gateway() as seen:
        seen.wait_seconds = 1.5
        worker = working(town, sms_url=seen.url)
        worker.channels["sms"].timing = Timing(0.4, 0.4)
        for _ in range(3):
            worker._leads_until = time.monotonic() + 60
            worker.send("sms")
            town.later(hours=1)
        assert len(seen.calls) == 1
    assert state(town, "sms") == ["unclear"]


def test_store_that_is_busy_when_the_mail_has_gone_is_asked_again(town, monkeypatch):
    town.remind(town.number)
    monkeypatch.setattr("notifications.worker.time.sleep", lambda _: None)
    with mail_server() as box:
        worker = working(town, **mail_settings(box.port))
        worker.lead()
        sent, tries = worker.outbox.sent, []

        def busy(message, detail):
            tries.append(1)
            if len(tries) < 3:
                raise Unavailable
            sent(message, detail)

        worker.outbox.sent = busy
        worker.send("mail")
        assert (len(tries), len(box.mails)) == (3, 1)
    assert state(town, "mail") == ["sent"]


def test_one_bad_channel_does_not_hold_up_another(town):
    town.remind(town.number)
    with silent_server() as port, gateway() as seen:
        worker = working(town, webhook_url=seen.url, **mail_settings(port))
        mail = worker.channels["mail"]
        mail.connect_seconds = mail.whole_seconds = 3
        worker.start()
        started = time.monotonic()
        while not seen.calls and time.monotonic() - started < 20:
            time.sleep(0.05)
        assert state(town, "webhook") != ["waiting"]
        assert state(town, "mail") in (["claimed"], ["waiting"])
        worker.stop()


# -- more than one worker -------------------------------------------------------------------------------


def test_of_two_workers_one_sends_and_each_message_goes_once(town):
    for n in range(10):
        town.remind(town.number, moment=f"moment_{n}", channels=("mail",))
    with mail_server() as box:
        two = [working(town, **mail_settings(box.port)) for _ in range(2)]
        assert [worker.lead() for worker in two] == [True, False]
        assert [worker.send("mail") for worker in two] == [10, 0]
        assert len(box.mails) == 10


def test_two_that_both_believe_to_lead_still_send_each_message_once(town):
    """A paused process wakes up after its lease: the claims keep it from sending again."""
    for n in range(20):
        town.remind(town.number, moment=f"moment_{n}", channels=("mail",))
    with mail_server() as box:
        two = [working(town, **mail_settings(box.port)) for _ in range(2)]
        for worker in two:
            worker._leads_until = time.monotonic() + 60
        threads = [threading.Thread(target=worker.send, args=("mail",)) for worker in two]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        ids = Counter(box.ids())
    assert len(ids) == 20 and set(ids.values()) == {1}
    assert set(state(town, "mail")) == {"sent"}


@pytest.mark.parametrize(
    "seconds",
    [
        1,
        pytest.param(
            None, marks=pytest.mark.long(reason="waits until the lease of half a minute is over")
        ),
    ],
    ids=["short lease", "real lease"],
)
def test_another_worker_takes_over_from_a_killed_one(town, monkeypatch, seconds):
    """By the real clock, with the real scheduler; the short lease is like the real one in every step."""
    if seconds:
        for name in ("RENEW_SECONDS", "RECOVER_SECONDS", "SEND_SECONDS"):
            monkeypatch.setattr(f"notifications.worker.{name}", seconds)
        for module in ("notifications.worker", "workflow.service.messages.outbox"):
            monkeypatch.setattr(f"{module}.LEASE", timedelta(seconds=3 * seconds))
    town.office.now = now
    town.now = now()
    town.remind(town.number, day=now().date(), at=now(), others_at=now())
    with mail_server() as box:
        first = working(town, **mail_settings(box.port))
        assert first.lead()
        standing_by = working(town, **mail_settings(box.port))
        standing_by.start()
        led = []
        box.taken = lambda: led.append(first.leads)
        try:
            started_at = time.monotonic()
            while not led and time.monotonic() - started_at < 60:
                time.sleep(0.05)
        finally:
            box.taken = None
            standing_by.stop()
        assert (len(box.mails), led) == (1, [False])


def test_the_takeover_is_within_a_minute():
    """The lease ends, it is asked for, what waits is sent."""
    assert LEASE + timedelta(seconds=RENEW_SECONDS + SEND_SECONDS) < timedelta(minutes=1)


# -- the clock ------------------------------------------------------------------------------------------


@contextmanager
def clock_moved(town, **by):
    town.later(**by)
    yield
    town.later(**{unit: -amount for unit, amount in by.items()})


def test_clock_moved_a_day_forth_and_back_loses_and_doubles_nothing(town):
    town.remind(town.number)
    with mail_server() as box:
        down = working(town, **mail_settings(closed_port()))
        with clock_moved(town, days=1):
            down.lead()
            down.send("mail")
        up = working(town, **mail_settings(box.port))
        assert up.lead()
        for _ in range(3):
            up.send("mail")
            town.remind(town.number)
            town.later(minutes=1)
        assert len(box.mails) == 1
    assert state(town, "mail") == ["sent"]


def test_clock_put_back_an_hour_during_a_send_is_no_reason_to_send_again(town):
    town.remind(town.number)
    with mail_server() as box:
        worker = working(town, **mail_settings(box.port))
        worker.lead()
        box.taken = lambda: town.later(hours=-1)
        worker.send("mail")
        box.taken = None
        for _ in range(3):
            town.later(minutes=50)
            worker._leads_until = time.monotonic() + 60
            worker.recover()
            worker.send("mail")
        assert len(box.mails) == 1
    assert state(town, "mail") == ["sent"]


# -- what is said along the way -------------------------------------------------------------------------


def test_logs_and_records_of_all_this_hold_no_personal_data(town, caplog):
    town.file()
    town.remind(town.number)
    with mail_server() as box, gateway() as seen:
        box.answer_rcpt = "450 no room for zhang.san@applicant.example, lifang@office.example"
        seen.status, seen.answer = 500, "13800000000 张三丰"
        run(town, "none", "mail", **mail_settings(box.port))
        for channel, given in (
            ("sms", {"sms_url": seen.url}),
            ("webhook", {"webhook_url": seen.url, "webhook_secret": "hush"}),
        ):
            town.later(seconds=40)
            _, said = run(town, "none", channel, **given)
    with town.office.store.read() as unit:
        rows = [
            str(row)
            for table in ("message", "attempt", "channel", "lease")
            for row in unit.session.connection().exec_driver_sql(f"SELECT * FROM {table}")
        ]
    found = " ".join((said, caplog.text, *rows))
    assert "450" in found and "500" in found
    for secret in ("@", "13800000000", "张三", "hush", "127.0.0.1", "2023年度农村公路养护合同"):
        assert secret not in found
