"""Migration 0047: sessions and wrong passwords have tables, a password knows since when it holds; both ways with people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.models import UserRow
from workflow.store.store import Store

BEFORE = "0043"
USERS = (
    'INSERT INTO "user" (id, name, display_name, password_hash, must_change_password, active, failed_logins,'
    " locked_until, session_stamp) VALUES"
    " (1, 'lifang', '李芳', 'hash', FALSE, TRUE, 3, '2026-11-24 01:00:00', 'stamp'),"
    " (2, 'replayed', '张三', NULL, FALSE, TRUE, 0, NULL, '')"
)
SESSION = (
    "INSERT INTO desk_session (id, mark, user_id, device, begun_at, seen_at)"
    " VALUES (:id, :mark, :user, 'Firefox', '2026-11-24 01:00:00', '2026-11-24 01:00:00')"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store before, with somebody who logs in and somebody who cannot."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), BEFORE)
        connection.execute(text(USERS))
        yield connection
    store.close()


def test_the_age_of_a_password_is_counted_from_the_upgrade(connection):
    began = datetime.now(UTC) - timedelta(seconds=1)
    command.upgrade(_config(connection), "0047")
    table = UserRow.__table__.c
    query = UserRow.__table__.select().with_only_columns(table.name, table.password_set_at)
    found = {row.name: row.password_set_at for row in connection.execute(query)}
    assert found["replayed"] is None
    assert began <= found["lifang"] <= datetime.now(UTC)


def test_a_session_is_one_persons_and_its_mark_is_there_once(connection):
    command.upgrade(_config(connection), "0047")
    connection.execute(text(SESSION), {"id": 1, "mark": "a", "user": 1})
    for wrong in ({"id": 2, "mark": "a", "user": 1}, {"id": 2, "mark": "b", "user": 9}):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(SESSION), wrong)


def test_going_back_leaves_the_people_unlocked(connection):
    command.upgrade(_config(connection), "0047")
    connection.execute(text(SESSION), {"id": 1, "mark": "a", "user": 1})
    command.downgrade(_config(connection), BEFORE)
    query = 'SELECT name, password_hash, failed_logins, locked_until, session_stamp FROM "user" ORDER BY id'
    assert [tuple(row) for row in connection.execute(text(query))] == [
        ("lifang", "hash", 0, None, "stamp"),
        ("replayed", None, 0, None, ""),
    ]
    names = set(inspect(connection).get_table_names())
    assert "ended_session" in names and not {"desk_session", "wrong_password"} & names
    command.upgrade(_config(connection), "0047")
    assert connection.execute(text("SELECT count(*) FROM desk_session")).scalar_one() == 0


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
