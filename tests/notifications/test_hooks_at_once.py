"""Several systems at once, over real HTTP: one that does not answer holds up itself alone, each case stays in order, and a
worker that stops waits for nobody who is slow."""

import http.client
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from config.settings import load
from notifications.channels.http import Timing
from notifications.hooks import HookSender
from notifications.worker import SYSTEMS_AT_ONCE, Worker
from tests.notifications.receivers import (
    WAITING,
    Gateway,
    Held,
    gateway,
    mail_server,
    silent_server,
)
from tests.workflow.service.hooks.hooked import Hooked

NEVER = Timing(connect=10 * WAITING, whole=10 * WAITING)
"""A silence that is not given up while a test lasts."""


@contextmanager
def systems(
    town: Any, held: int = 0, quick: int = 0
) -> Iterator[tuple[Hooked, Held, list[Gateway]]]:
    """So many systems that do not answer until they may, and then so many that do, each told of what is received."""
    hold = Held()
    with ExitStack() as stack:
        seen = [stack.enter_context(gateway()) for _ in range(held + quick)]
        for one in seen[:held]:
            one.taken = hold
        hooked = Hooked(town, ", ".join(f"http://127.0.0.1:{one.port}" for one in seen))
        for one in seen:
            hooked.add(url=one.url, events=("receive",))
        try:
            yield hooked, hold, seen
        finally:
            hold.may_end.set()


def keys(seen: Gateway) -> list[str]:
    return [json.loads(call.body)["id"] for call in seen.calls]


def working(hooked: Hooked, **settings: Any) -> Worker:
    given = {"hook_hosts": hooked.settings["hook_hosts"], **settings}
    environ = {f"GONGKAI_{name.upper()}": str(value) for name, value in given.items()}
    worker = Worker(hooked.town.office, load(environ))
    worker.hooks.timing = NEVER
    return worker


# -- one that does not answer -------------------------------------------------------------------------


def test_an_address_that_does_not_answer_holds_up_itself_alone(street) -> None:
    with systems(street(), held=1, quick=1) as (hooked, hold, (slow, quick)):
        for _ in range(3):
            hooked.town.file()
        sender = HookSender(hooked.town.office, hooked.settings)
        sender.timing = NEVER
        calling = threading.Thread(target=sender.send_one)
        calling.start()
        assert hold.begun.acquire(timeout=WAITING)
        while sender.send_one():
            pass
        assert (len(slow.calls), len(set(keys(quick)))) == (1, 3)
        assert Counter(hooked.states()) == {"sent": 3, "claimed": 1, "waiting": 2}
        hold.may_end.set()
        calling.join(WAITING)
        while sender.send_one():
            pass
        assert len(set(keys(slow))) == len(slow.calls) == 3 and len(quick.calls) == 3
    assert set(hooked.states()) == {"sent"}


def test_a_worker_for_cron_sends_to_the_others_meanwhile(street) -> None:
    with systems(street(), held=1, quick=2) as (hooked, hold, (slow, *quick)):
        for _ in range(2):
            hooked.town.file()
        taken = threading.Semaphore(0)
        for one in quick:
            one.taken = taken.release
        once, tried = working(hooked), []
        assert once.lead()
        running = threading.Thread(target=lambda: tried.append(once.send_all()))
        running.start()
        assert hold.begun.acquire(timeout=WAITING)
        for _ in range(4):
            assert taken.acquire(timeout=WAITING)
        assert len(slow.calls) == 1
        hold.may_end.set()
        running.join(WAITING)
        assert tried == [6]
    assert set(hooked.states()) == {"sent"}


def test_the_worker_goes_on_with_the_others_and_with_the_mail(street, monkeypatch) -> None:
    monkeypatch.setattr("notifications.worker.SEND_SECONDS", 0.2)
    town = street("2024-05-06", "mail")
    few = SYSTEMS_AT_ONCE - 1
    with systems(town, held=few, quick=1) as (hooked, hold, seen), mail_server() as box:
        taken, mailed = threading.Semaphore(0), threading.Event()
        seen[-1].taken, box.taken = taken.release, mailed.set
        worker = working(
            hooked, smtp_host="127.0.0.1", smtp_port=box.port, smtp_security="none",
            mail_from="gongkai@town.example",
        )  # fmt: skip
        town.file(email=None)
        worker.start()
        try:
            for _ in range(few):
                assert hold.begun.acquire(timeout=WAITING)
            number = town.file(email=None).number
            assert taken.acquire(timeout=WAITING) and taken.acquire(timeout=WAITING)
            assert [len(one.calls) for one in seen] == [1] * few + [2]
            seen[-1].taken = hold
            town.file(email=None)
            assert hold.begun.acquire(timeout=WAITING), "now no thread for other systems is free"
            assert not mailed.is_set()
            town.remind(number, channels=("mail",))
            assert mailed.wait(WAITING)
            jobs = {job.id: job.max_instances for job in worker._scheduler.get_jobs()}
            assert jobs.pop("send to systems") == SYSTEMS_AT_ONCE and set(jobs.values()) == {1}
        finally:
            hold.may_end.set()
            worker.stop()


# -- in order, and once --------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2])
def test_whoever_sends_at_once_each_case_stays_in_order_and_each_event_comes_once(
    street, processes: int
) -> None:
    """Two processes: the one that was paused still believes to lead."""
    with systems(street(), quick=2) as (hooked, _, seen):
        town, staff = hooked.town, hooked.town.staff("guanli")
        for row in hooked.receivers.listed(staff):
            hooked.receivers.remove(staff, row.id)
        for one in seen:
            hooked.add(url=one.url)
        for number in [town.file().number for _ in range(4)]:
            for _ in range(3):
                town.act("lifang", number, "assign", "2024-05-07", to="lifang")
        workers = [working(hooked) for _ in range(processes)]
        for worker in workers:
            worker._leads_until = time.monotonic() + WAITING
        threads = [threading.Thread(target=worker.send_all) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAITING)
        expected = len(hooked.rows()) // 2
        assert set(hooked.states()) == {"sent"} and expected == 4 * 6
        for one in seen:
            by_case = defaultdict(list)
            for call in one.calls:
                said = json.loads(call.body)["data"]
                by_case[said["number"]].append(said["seq"])
            assert by_case == {number: [1, 2, 3, 4, 5, 6] for number in by_case}
            assert len(by_case) == 4 and len(set(keys(one))) == expected


def test_an_address_is_called_by_one_thread_at_a_time(street) -> None:
    with systems(street(), quick=1) as (hooked, _, (quick,)):
        for _ in range(12):
            hooked.town.file()
        calling, most = [], []

        def taken() -> None:
            calling.append(1)
            most.append(len(calling))
            time.sleep(0.01)
            calling.pop()

        quick.taken = taken
        worker = working(hooked)
        assert worker.lead() and worker.send_all() == 12
        assert most == [1] * 12


# -- stopping --------------------------------------------------------------------------------------------


def stopping(worker: Worker) -> threading.Thread:
    thread = threading.Thread(target=worker.stop)
    thread.start()
    return thread


def test_a_worker_that_stops_waits_a_little_for_an_answer(street, monkeypatch) -> None:
    monkeypatch.setattr("notifications.worker.SEND_SECONDS", 0.2)
    monkeypatch.setattr("notifications.worker.PATIENCE_SECONDS", WAITING)
    with systems(street(), held=1) as (hooked, hold, (slow,)):
        for _ in range(2):
            hooked.town.file()
        worker = working(hooked)
        worker.start()
        assert hold.begun.acquire(timeout=WAITING)
        ending = stopping(worker)
        ending.join(0.3)
        assert ending.is_alive() and hooked.town.outbox.leader() == worker.name
        hold.may_end.set()
        ending.join(WAITING)
        assert not ending.is_alive() and hooked.town.outbox.leader() == ""
        assert hooked.states() == ["sent", "waiting"] and len(slow.calls) == 1


def test_a_worker_that_stops_hangs_up_on_who_does_not_answer_and_another_sends_it(
    street, monkeypatch
) -> None:
    monkeypatch.setattr("notifications.worker.SEND_SECONDS", 0.2)
    monkeypatch.setattr("notifications.worker.PATIENCE_SECONDS", 0)
    with systems(street(), held=1) as (hooked, hold, (slow,)):
        hooked.town.file()
        worker = working(hooked)
        worker.start()
        assert hold.begun.acquire(timeout=WAITING)
        worker.stop()
        assert not hold.may_end.is_set() and hooked.town.outbox.leader() == ""
        (row,) = hooked.rows()
        assert (row.state, row.attempts, row.claim, row.problem) == ("waiting", 0, None, "")
        (one,) = hooked.receivers.listed(hooked.town.staff("guanli"))
        assert (one.failures, one.problem, one.last_failed_at) == (0, "", None)
        hold.may_end.set()
        another = working(hooked)
        assert another.lead() and another.send_all() == 1
        assert len(slow.calls) == 2 and len(set(keys(slow))) == 1
    assert hooked.states() == ["sent"]


def test_who_says_nothing_before_the_call_is_hung_up_on_as_well(street, monkeypatch) -> None:
    """While the certificate is awaited, while it is connected, and before it is called at all."""
    sender: HookSender
    connect = http.client.HTTPConnection.connect

    def hung_up(connection: http.client.HTTPConnection) -> None:
        if connection.port == quiet:
            connect(connection)
            threading.Timer(0.1, sender.hang_up).start()
        else:
            sender.hang_up()
            connect(connection)

    with systems(street(), quick=1) as (hooked, _, (quick,)), silent_server() as quiet:
        hosts = f"{hooked.settings['hook_hosts']}, 127.0.0.1:{quiet}"
        staff, town = hooked.town.staff("guanli"), hooked.town
        monkeypatch.setattr(http.client.HTTPConnection, "connect", hung_up)
        hooked = Hooked(town, hosts)
        town.file()
        sender = HookSender(town.office, hooked.settings)
        assert sender.send_one() and quick.calls == [], "connected"
        monkeypatch.undo()
        assert sender.send_one() and quick.calls == [], "not called"
        monkeypatch.setattr(http.client.HTTPConnection, "connect", hung_up)
        hooked.receivers.remove(staff, hooked.receivers.listed(staff)[0].id)
        hooked.add(url=f"https://127.0.0.1:{quiet}/", events=("receive",))
        town.file()
        sender = HookSender(town.office, hooked.settings)
        sender.timing = NEVER
        calling = threading.Thread(target=sender.send_one)
        calling.start()
        calling.join(WAITING / 2)
        assert not calling.is_alive()
        assert [(row.state, row.attempts) for row in hooked.rows()] == [("waiting", 0)]
