"""Migration 0048: second factors and links to the directory; both ways with some in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

TABLES = {"staff_totp", "staff_passkey", "recovery_code", "directory_link", "directory_login"}
USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, session_stamp)'
    " VALUES (:id, :name, :name, false, true, '')"
)
TOTP = (
    "INSERT INTO staff_totp (user_id, sealed, last_counter, added_at)"
    " VALUES (:user, :sealed, 57000000, '2026-11-30 01:00:00')"
)
PASSKEY = (
    "INSERT INTO staff_passkey (id, user_id, credential, public_key, uses, label, added_at)"
    " VALUES (:id, :user, :credential, :sealed, 0, 'x', '2026-11-30 01:00:00')"
)
LINK = (
    "INSERT INTO directory_link (user_id, account, linked_at)"
    " VALUES (:user, :account, '2026-11-30 01:00:00')"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0048")
        for number, name in ((1, "lifang"), (2, "chen")):
            connection.execute(text(USER), {"id": number, "name": name})
        yield connection
    store.close()


def refused(connection: Connection, query: str, **given: object) -> None:
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(text(query), given)


def test_a_person_has_one_app_and_a_passkey_or_an_account_is_of_one_person(connection):
    connection.execute(text(TOTP), {"user": 1, "sealed": b"x"})
    refused(connection, TOTP, user=1, sealed=b"y")
    connection.execute(text(PASSKEY), {"id": 1, "user": 1, "credential": "a", "sealed": b"x"})
    refused(connection, PASSKEY, id=2, user=2, credential="a", sealed=b"x")
    connection.execute(text(LINK), {"user": 1, "account": "fang"})
    refused(connection, LINK, user=2, account="fang")
    refused(connection, LINK, user=1, account="li")


def test_going_back_forgets_them_and_leaves_people(connection):
    connection.execute(text(TOTP), {"user": 1, "sealed": b"x"})
    connection.execute(text(LINK), {"user": 1, "account": "fang"})
    command.downgrade(_config(connection), "0048-1")
    assert not TABLES & set(inspect(connection).get_table_names())
    assert connection.execute(text('SELECT count(*) FROM "user"')).scalar_one() == 2
    command.upgrade(_config(connection), "0048")
    for table in TABLES:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
