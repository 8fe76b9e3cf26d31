"""Migration 0008: the outbox comes and goes, with cases and people in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

TABLES = {"message", "attempt", "lease", "contact", "applicant_choice", "channel"}
USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, failed_logins,'
    " session_stamp) VALUES (1, 'lifang', '李芳', FALSE, TRUE, 0, '')"
)
MESSAGE = (
    "INSERT INTO message (key, kind, channel, user_id, about, moment, level, text, why, day,"
    " created_at, not_before, bundled, state, attempts, problem) VALUES (:key, 'reminder', 'mail', 1,"
    " '2026-0001', 'reply_5', 'yellow', '申请 2026-0001 还有 5 个工作日', '', '2026-11-24',"
    " '2026-11-24 01:00:00', '2026-11-24 01:00:00', FALSE, 'waiting', 0, '')"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store before the outbox, with a member of staff."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0008")
        command.downgrade(_config(connection), "0007")
        connection.execute(text(USER))
        yield connection
    store.close()


def test_outbox_takes_each_message_once(connection):
    command.upgrade(_config(connection), "0008")
    connection.execute(text(MESSAGE), {"key": "a"})
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(text(MESSAGE), {"key": "a"})


def test_going_back_takes_the_messages_and_leaves_the_people(connection):
    assert not TABLES & set(inspect(connection).get_table_names())
    command.upgrade(_config(connection), "0008")
    connection.execute(text(MESSAGE), {"key": "a"})
    command.downgrade(_config(connection), "0007")
    assert not TABLES & set(inspect(connection).get_table_names())
    assert connection.execute(text('SELECT name FROM "user"')).scalars().all() == ["lifang"]
    command.upgrade(_config(connection), "0008")
    assert connection.execute(text("SELECT count(*) FROM message")).scalar_one() == 0


@pytest.mark.sqlite(reason="reads how it wrote its tables down")
def test_every_constraint_has_a_name(connection):
    command.upgrade(_config(connection), "0008")
    for table in TABLES:
        (sql,) = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
        ).scalars()
        for kind in ("PRIMARY KEY", "FOREIGN KEY", "UNIQUE"):
            assert sql.count(f"{kind} (") == sum(
                line.strip().startswith("CONSTRAINT") and f"{kind} (" in line
                for line in sql.splitlines()
            ), (table, kind)


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
