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


def test_one_is_counted_as_often_as_it_is_told_and_forgotten_alone_or_with_all(two):
    one, other = two
    assert one.count(ADDRESS, MINUTE, NOW, 3) == 3 and one.count("b", MINUTE, NOW) == 1
    assert other.forget(ADDRESS) == 1
    assert one.counted(ADDRESS, NOW) == (0, NOW) and one.counted("b", NOW)[0] == 1
    one.count(ADDRESS, MINUTE, NOW)
    assert other.forget() == 2 and rows(one) == []


# -- guessing -----------------------------------------------------------------------------------------

NUMBER = "2024-0001"


def test_after_five_wrong_codes_to_a_number_each_one_more_doubles_the_wait(two):
    one, other = two
    for n in range(5):
        one.guessed_wrong("192.0.2.7", NUMBER, NOW)
        assert other.seconds_to_wait("192.0.2.7", NUMBER, NOW) == 0, n
    waits = []
    for _ in range(12):
        one.guessed_wrong("192.0.2.7", NUMBER, NOW)
        waits.append(other.seconds_to_wait("192.0.2.7", NUMBER, NOW))
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert other.seconds_to_wait("192.0.2.7", "2024-0002", NOW) == 0
    assert other.seconds_to_wait("192.0.2.8", NUMBER, NOW) == 0, "who has not failed is heard"
    one.guessed_wrong("192.0.2.8", "2024-0002", NOW)
    assert other.seconds_to_wait("192.0.2.8", NUMBER, NOW) == 900


def test_the_wait_is_told_in_whole_seconds_until_it_is_over(two):
    one, _ = two
    for _ in range(7):
        one.guessed_wrong("192.0.2.7", NUMBER, NOW)
    for passed, left in ((0, 4), (2.5, 2), (3, 1), (3.9, 1), (4, 0)):
        moment = NOW + timedelta(seconds=passed)
        assert one.seconds_to_wait("192.0.2.7", NUMBER, moment) == left


def test_a_day_after_the_first_wrong_code_all_is_forgotten(two):
    one, _ = two
    for _ in range(5):
        one.guessed_wrong("192.0.2.7", NUMBER, NOW)
    late = NOW + timedelta(days=1)
    one.guessed_wrong("192.0.2.7", NUMBER, late - timedelta(seconds=1))
    assert one.seconds_to_wait("192.0.2.7", NUMBER, late - timedelta(seconds=1)) == 2
    assert one.seconds_to_wait("192.0.2.7", NUMBER, late) == 0, "nobody has failed"
    for _ in range(5):
        one.guessed_wrong("192.0.2.7", NUMBER, late)
    assert one.seconds_to_wait("192.0.2.7", NUMBER, late + MINUTE) == 0
    one.guessed_wrong("192.0.2.7", NUMBER, late + MINUTE)
    assert one.seconds_to_wait("192.0.2.7", NUMBER, late + MINUTE) == 2
