"""Migration 0013: sessions that were signed out of are noted; both ways with people in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from workflow.store.migrate import _config
from workflow.store.store import Store

USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, failed_logins,'
    " session_stamp) VALUES (1, 'lifang', '李芳', FALSE, TRUE, 0, 'stamp')"
)
ENDED = "INSERT INTO ended_session (mark, ended_at) VALUES (:mark, '2026-11-24 01:00:00')"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store before the sessions, with a member of staff who has one."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0012")
        connection.execute(text(USER))
        yield connection
    store.close()


def people(connection: Connection) -> list[tuple]:
    return [
        tuple(row) for row in connection.execute(text('SELECT name, session_stamp FROM "user"'))
    ]


def test_who_is_signed_in_stays_so_and_no_session_has_ended(connection):
    command.upgrade(_config(connection), "0013")
    assert people(connection) == [("lifang", "stamp")]
    assert connection.execute(text("SELECT count(*) FROM ended_session")).scalar_one() == 0


def test_a_session_ends_once(connection):
    command.upgrade(_config(connection), "0013")
    connection.execute(text(ENDED), {"mark": "a" * 64})
    connection.execute(text(ENDED), {"mark": "b" * 64})
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(text(ENDED), {"mark": "a" * 64})


def test_going_back_takes_the_ended_sessions_and_leaves_the_people(connection):
    command.upgrade(_config(connection), "0013")
    connection.execute(text(ENDED), {"mark": "a" * 64})
    command.downgrade(_config(connection), "0012")
    assert "ended_session" not in inspect(connection).get_table_names()
    assert people(connection) == [("lifang", "stamp")]
    command.upgrade(_config(connection), "0013")
    assert connection.execute(text("SELECT count(*) FROM ended_session")).scalar_one() == 0


def test_they_are_found_by_when_they_ended(connection):
    command.upgrade(_config(connection), "0013")
    (index,) = inspect(connection).get_indexes("ended_session")
    assert index["column_names"] == ["ended_at"]
