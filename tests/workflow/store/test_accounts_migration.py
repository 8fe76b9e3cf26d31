"""Migration 0042: applicants' own accounts; both ways with one in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

ACCOUNT = "INSERT INTO applicant_account (id, opened_at, handle) VALUES (:id, '2026-11-30 01:00:00', :handle)"
ADDRESS = (
    "INSERT INTO account_address (account_id, kind, hash, sealed, proved_at)"
    " VALUES (:account, :kind, :hash, :sealed, '2026-11-30 01:00:00')"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0042")
        yield connection
    store.close()


def test_an_address_is_of_one_account_and_an_account_has_one_of_a_kind(connection):
    for number in (1, 2):
        connection.execute(text(ACCOUNT), {"id": number, "handle": str(number)})
    connection.execute(text(ADDRESS), {"account": 1, "kind": "email", "hash": "a", "sealed": b""})
    connection.execute(text(ADDRESS), {"account": 1, "kind": "phone", "hash": "b", "sealed": b""})
    for account, kind, hashed in ((2, "email", "a"), (1, "email", "c")):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(
                text(ADDRESS), {"account": account, "kind": kind, "hash": hashed, "sealed": b""}
            )


def test_going_back_forgets_accounts_and_leaves_the_rest(connection):
    connection.execute(text(ACCOUNT), {"id": 1, "handle": "1"})
    command.downgrade(_config(connection), "0041")
    tables = inspect(connection).get_table_names()
    assert not [name for name in tables if "account" in name] and "case" in tables
    command.upgrade(_config(connection), "0042")
    assert connection.execute(text("SELECT count(*) FROM applicant_account")).scalar_one() == 0


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    assert differences(connection) == []
