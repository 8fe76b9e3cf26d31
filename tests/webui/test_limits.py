"""What the library for limits counts is kept in the store; and which answers count as a guess."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response, g

from tests.workflow.service.sampling import migrated_store
from webui import limits
from workflow.service import Office
from workflow.service.limits import Limits
from workflow.store.sealed import Secrets

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[limits.InTheStore]:
    """The counts of a store, at a moment that stands still."""
    store = migrated_store(tmp_path / "store.db")
    house = SimpleNamespace(limits=Limits(Office(store, Secrets.throwaway())))
    monkeypatch.setattr(limits, "gongkai", lambda: house)
    monkeypatch.setattr(limits, "now", lambda: NOW)
    yield limits.InTheStore("gongkai://")
    store.close()


def test_the_library_counts_in_the_store(counting: limits.InTheStore) -> None:
    assert [counting.incr("a", 60), counting.incr("a", 60), counting.incr("b", 60, 5)] == [1, 2, 5]
    assert (counting.get("a"), counting.get("b"), counting.get("c")) == (2, 5, 0)
    assert counting.get_expiry("a") == NOW.timestamp() + 60
    counting.clear("a")
    assert (counting.get("a"), counting.get("b")) == (0, 5)
    assert counting.reset() == 1 and counting.get("b") == 0
    assert counting.check() is True and counting.base_exceptions is OSError


def test_guesses_are_counted_for_where_they_come_from_while_limits_are_on(
    counting: limits.InTheStore,
) -> None:
    app = Flask("limits")

    def guess(place: str, number: str) -> int:
        with app.test_request_context(environ_base={"REMOTE_ADDR": place}):
            limits.guessed_wrong(number)
            return limits.seconds_to_wait("2024-0001")

    app.config["RATELIMIT_ENABLED"] = False
    assert [guess("10.0.0.1", "2024-0001") for _ in range(7)] == [0] * 7
    app.config.pop("RATELIMIT_ENABLED")
    written = ("2024-0001", "编号：2024-0001", "2024 0001", "2O24-OOO1", "２０２４－０００１")
    assert [guess("10.0.0.1", one) for one in written] == [0] * 5
    assert guess("10.0.0.2", "2024-0001") == 2
    app.config["RATELIMIT_ENABLED"] = False
    with app.test_request_context(environ_base={"REMOTE_ADDR": "10.0.0.2"}):
        assert limits.not_limited() and limits.seconds_to_wait("2024-0001") == 0


def test_which_answers_are_those_to_a_guess() -> None:
    with Flask("limits").test_request_context():
        for status in (200, 303, 401, 404, 409, 422, 429):
            answer = Response(status=status)
            assert limits.was_not_found(answer) is (status == 404)
            assert limits.was_wrong(answer) is (status == 422)
            assert limits.was_refused(answer) is (status == 401)
        g.was_wrong = True
        assert limits.was_wrong(Response(status=303)) is True
