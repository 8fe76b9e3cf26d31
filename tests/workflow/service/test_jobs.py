"""Jobs of the worker that fail stay noted until they work again."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from notifications.worker import Worker
from tests.workflow.service.town import Town
from workflow.service import Unavailable
from workflow.service.jobs import JobFailures
from workflow.service.messages.channels import put_test
from workflow.service.upkeep import stored


@pytest.fixture
def town(tmp_path):
    one = Town(tmp_path, "2024-05-06")
    yield one
    one.office.store.close()


def jobs(town: Town) -> list[tuple[str, str, int]]:
    with town.office.store.read() as unit:
        found = stored.worker(town.office, unit, town.now)
    return [(one.name, one.fault, one.times) for one in found.jobs]


def fail() -> None:
    raise KeyError("欧阳小燕")


def test_a_job_that_fails_is_noted_without_what_it_handled_until_it_works(town):
    worker = Worker(town.office, {})
    for times in (1, 2):
        with pytest.raises(KeyError):
            worker._job("round", fail)
        assert jobs(town) == [("round", "builtins.KeyError", times)]
    worker._job("lease", lambda: None)
    assert jobs(town) == [("round", "builtins.KeyError", 2)]
    worker._job("round", lambda: None)
    assert jobs(town) == []
    with pytest.raises(KeyError):
        worker._job("round", fail)
    assert jobs(town) == [("round", "builtins.KeyError", 1)]


def test_another_process_learns_of_it_and_clears_it(town):
    JobFailures(town.office).failed("round", "builtins.KeyError")
    other = JobFailures(town.office)
    other.worked("lease")
    assert len(jobs(town)) == 1
    other.worked("round")
    assert jobs(town) == []


def test_a_job_that_works_writes_nothing(town, monkeypatch):
    worker = Worker(town.office, {})
    monkeypatch.setattr(town.office.store, "write", fail)
    worker._job("round", lambda: None)


def test_a_store_that_is_busy_is_no_fault_of_the_job(town):
    def busy() -> None:
        raise Unavailable

    Worker(town.office, {})._job("round", busy)
    assert jobs(town) == []


def test_what_waits_and_was_given_up_is_counted(town):
    put_test(town.office, town.staff("lifang"), "mail", "为了看一看")

    def counted() -> tuple[int, int, int]:
        with town.office.store.read() as unit:
            found = stored.worker(town.office, unit, town.now)
        return found.waiting, found.overdue, found.failed

    waiting, overdue, failed = counted()
    assert (waiting, overdue, failed) == (1, 0, 0)
    town.now += timedelta(minutes=16)
    assert counted() == (1, 1, 0)
    with town.office.store.write() as unit:
        unit.session.execute(text("UPDATE message SET state = 'failed', done_at = created_at "))
    assert counted() == (0, 0, 1)
    town.now += timedelta(days=8)
    assert counted()[2] == 0
