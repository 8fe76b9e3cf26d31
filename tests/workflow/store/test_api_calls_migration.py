"""Migration 0002: tokens get scopes and revocation; both ways with tokens in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, failed_logins,'
    " session_stamp) VALUES (1, 'lifang', '李芳', FALSE, TRUE, 0, '')"
)
TOKEN = (
    "INSERT INTO token (id, user_id, hash, created_at, expires_at)"
    " VALUES (:id, 1, :hash, '2024-05-06 02:00:00', '2025-05-06 02:00:00')"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store in the first shape, with a user and a token."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(text(USER))
        connection.execute(text(TOKEN), {"id": 1, "hash": "first"})
        yield connection
    store.close()


def _tokens(connection: Connection, columns: str) -> list[tuple]:
    return [
        tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM token ORDER BY id"))
    ]


def test_a_token_of_before_stays_good_for_everything(connection):
    command.upgrade(_config(connection), "0002")
    assert _tokens(connection, "hash, scopes, revoked_at") == [("first", "read write", None)]


def test_going_back_leaves_no_token_that_may_do_more_than_before(connection):
    command.upgrade(_config(connection), "0002")
    for number, change in ((2, "revoked_at = '2024-05-07'"), (3, "scopes = 'read'"), (4, "id = 4")):
        connection.execute(text(TOKEN), {"id": number, "hash": str(number)})
        connection.execute(text(f"UPDATE token SET {change} WHERE id = {number}"))
    command.downgrade(_config(connection), "0001")
    assert _tokens(connection, "*")[0][2] == "first"
    assert _tokens(connection, "hash") == [("first",), ("4",)]


def test_names_of_constraints_survive_both_ways(connection):
    def names() -> set[str]:
        table = inspect(connection)
        return {
            str(table.get_pk_constraint("token")["name"]),
            *(str(key["name"]) for key in table.get_foreign_keys("token")),
            *(str(key["name"]) for key in table.get_unique_constraints("token")),
        }

    before = names()
    assert len(before) == 3
    command.upgrade(_config(connection), "0002")
    assert names() == before
    command.downgrade(_config(connection), "0001")
    assert names() == before


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
