"""The worker in its own process: its jobs are made up for once, and stopping cuts no send in two."""

import threading
import time

import pytest

from notifications.worker import Worker
from workflow.service.accounts import Accounts

WAITING = 20
"""Seconds of patience on a slow machine."""


class Slow:
    """A channel whose receiver takes its time."""

    def __init__(self):
        self.begun, self.may_end, self.taken = threading.Event(), threading.Event(), []

    def send(self, message, handing):
        handing()
        self.begun.set()
        assert self.may_end.wait(WAITING)
        self.taken.append(message.id)
        return "taken"


@pytest.fixture
def town(street):
    town = street("2024-05-06", "webhook")
    town.number = town.file(email=None).number
    return town


@pytest.fixture
def worker(town, monkeypatch):
    monkeypatch.setattr("notifications.worker.SEND_SECONDS", 1)
    monkeypatch.setattr("notifications.worker.open_channel", lambda kind, settings: Slow())
    return Worker(town.office, {})


def test_a_job_that_is_late_is_made_up_for_once_and_runs_once_at_a_time(worker):
    worker.start()
    try:
        jobs = {job.id: job for job in worker._scheduler.get_jobs()}
        assert set(jobs) == {"lease", "recover", "round", "backup", "send webhook"}
        for job in jobs.values():
            assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert {name: job.trigger.interval.total_seconds() for name, job in jobs.items()} == {
            "lease": 10, "recover": 5, "round": 60, "backup": 60, "send webhook": 1
        }  # fmt: skip
    finally:
        worker.stop()


def test_stopping_lets_a_running_send_end_and_begins_no_other(town, worker):
    town.remind(town.number, channels=("sms",), moment="one")
    town.remind(town.number, channels=("sms",), moment="two")
    slow = worker.channels["webhook"]
    worker.start()
    assert worker.leads and slow.begun.wait(WAITING)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    until = time.monotonic() + WAITING
    while worker.leads and time.monotonic() < until:
        time.sleep(0.01)
    stopping.join(0.3)
    assert stopping.is_alive(), "waits for the send"
    assert town.outbox.leader() == worker.name, "the lease is held until the send has ended"
    slow.may_end.set()
    stopping.join(WAITING)
    assert not stopping.is_alive()
    assert len(slow.taken) == 1
    assert town.states(channel="webhook") == ["sent", "waiting"]
    assert town.outbox.leader() == ""


def test_a_worker_that_has_stopped_does_nothing_more(town, worker):
    town.remind(town.number, channels=("sms",))
    assert worker.lead() and worker.leads
    worker.stop()
    assert not worker.leads
    assert worker.send("webhook") == 0
    worker.make_round()
    assert worker.outbox.last_round() is None
    assert town.states(channel="webhook") == ["waiting"]


def test_once_a_day_the_worker_tells_whose_token_ends(town, worker):
    Accounts(town.office).create_token("lifang", days=30, name="公文系统")
    town.at("2024-05-23T09:00")
    assert worker.lead()
    for _ in range(2):
        worker.make_round()
    [told] = town.messages(moment="token_ends")
    assert "公文系统" in told.text and told.user_id == town.office.staff("lifang").id
