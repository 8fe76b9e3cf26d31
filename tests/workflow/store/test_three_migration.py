"""Migration 0049: the administrator of before is the system administrator; both ways with people in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

BEFORE, NOW = "0043", "0049"
PEOPLE = (
    "INSERT INTO agency (id, code, name, level, takes_requests)"
    " VALUES (1, 'panlong', '盘龙乡', 'township', TRUE)",
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, failed_logins,'
    " session_stamp) VALUES (1, 'guanli', '管理员', FALSE, TRUE, 0, 'a'),"
    " (2, 'lifang', '李芳', FALSE, TRUE, 0, 'b')",
    "INSERT INTO role (user_id, agency_id, role) VALUES (1, 1, 'admin'), (2, 1, 'clerk')",
    "INSERT INTO stand_in (agency_id, user_id, deputy_id, role, first, last, recorded_at) VALUES"
    " (1, 1, 2, 'admin', '2024-01-01', '2024-01-02', '2024-01-01 00:00:00'),"
    " (1, 2, 1, 'clerk', '2024-01-01', '2024-01-02', '2024-01-01 00:00:00')",
    "INSERT INTO audit (id, recorded_at, actor, agency_id, action, about, details, hash) VALUES"
    " (1, '2024-01-01 00:00:00', 'system', 1, 'role_granted', 'guanli', '{\"role\": \"admin\"}', 'h')",
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), BEFORE)
        for statement in PEOPLE:
            connection.execute(text(statement))
        yield connection
    store.close()


def roles(connection: Connection, table: str = "role") -> list[tuple[int, str]]:
    query = text(f"SELECT user_id, role FROM {table} ORDER BY id")
    return [tuple(row) for row in connection.execute(query)]


def test_the_administrator_is_a_system_administrator_and_nobody_else_is(connection):
    command.upgrade(_config(connection), NOW)
    assert roles(connection) == [(1, "system_admin"), (2, "clerk")]
    assert roles(connection, "stand_in") == [(1, "system_admin"), (2, "clerk")]


def test_the_audit_keeps_the_word_of_its_day(connection):
    command.upgrade(_config(connection), NOW)
    assert "system_admin" not in connection.execute(text("SELECT details FROM audit")).scalar_one()


def test_going_back_leaves_nobody_a_right_that_was_not_theirs(connection):
    command.upgrade(_config(connection), NOW)
    connection.execute(
        text(
            "INSERT INTO role (user_id, agency_id, role) VALUES (2, 1, 'security_admin'),"
            " (2, 1, 'audit_admin')"
        )
    )
    command.downgrade(_config(connection), BEFORE)
    assert roles(connection) == [(1, "admin"), (2, "clerk")]
    assert roles(connection, "stand_in") == [(1, "admin"), (2, "clerk")]
    assert "made_in" not in {one["name"] for one in inspect(connection).get_columns("user")}
    command.upgrade(_config(connection), NOW)
    assert roles(connection) == [(1, "system_admin"), (2, "clerk")]


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
