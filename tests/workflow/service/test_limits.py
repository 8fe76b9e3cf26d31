"""Limits that hold for all processes together: two offices over one store stand for two of them."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.workflow.service.sampling import migrated_store
from workflow.service import Office
from workflow.service.limits import Limits
from workflow.store.sealed import Secrets
from workflow.store.store import Store

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADDRESS = "192.0.2.7/portal.apply"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Limits, Limits]]:
    keys = Secrets.throwaway()
    stores = [migrated_store(tmp_path / "store.db"), Store(f"sqlite:///{tmp_path / 'store.db'}")]
    one, other = (Limits(Office(store, keys)) for store in stores)
    yield one, other
    for store in stores:
        store.close()


def rows(limits: Limits) -> list[tuple]:
    with limits.office.store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT who, times FROM rate"))]


def test_what_one_process_counted_the_other_knows(two):
    one, other = two
    assert [one.count(ADDRESS, MINUTE, NOW), other.count(ADDRESS, MINUTE, NOW)] == [1, 2]
    assert other.counted(ADDRESS, NOW) == (2, NOW + MINUTE)
    assert other.counted("192.0.2.8/portal.apply", NOW) == (0, NOW)


def test_a_window_begins_with_the_first_and_ends_after_its_time(two):
    one, other = two
    one.count(ADDRESS, MINUTE, NOW)
    late = NOW + timedelta(seconds=59)
    assert other.count(ADDRESS, MINUTE, late) == 2
    assert one.counted(ADDRESS, late) == (2, NOW + MINUTE)
    assert one.counted(ADDRESS, NOW + MINUTE) == (0, NOW + MINUTE)
    assert one.count(ADDRESS, MINUTE, NOW + MINUTE) == 1


def test_of_an_address_only_a_keyed_hash_is_kept_and_that_as_long_as_its_window(two):
    one, other = two
    one.count(ADDRESS, MINUTE, NOW)
    ((who, times),) = rows(one)
    assert "192.0.2.7" not in who and len(who) == 64 and times == 1
    assert Limits(Office(one.office.store, Secrets.throwaway())).counted(ADDRESS, NOW)[0] == 0
    assert other.forget_ended(NOW) == 0 and len(rows(one)) == 1
    assert other.forget_ended(NOW + MINUTE) == 1 and rows(one) == []


def test_who_comes_later_takes_away_who_came_before(two):
    one, other = two
    one.count(ADDRESS, MINUTE, NOW)
    other.count("192.0.2.8/portal.apply", MINUTE, NOW + MINUTE)
    assert len(rows(one)) == 1


def test_of_many_at_once_none_is_lost(two):
    counts: list[int] = []

    def come(limits: Limits) -> None:
        for _ in range(20):
            counts.append(limits.count(ADDRESS, MINUTE, NOW))

    threads = [threading.Thread(target=come, args=(limits,)) for limits in two * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 81))
