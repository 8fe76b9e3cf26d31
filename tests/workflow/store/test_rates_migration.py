"""Migration 0019: counts of what is limited; both ways with a count in the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from workflow.store.migrate import _config
from workflow.store.store import Store

COUNT = "INSERT INTO rate (who, times, ends_at) VALUES (:who, 1, '2026-11-24 01:00:00')"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0019")
        yield connection
    store.close()


def test_an_address_is_counted_in_one_row(connection):
    connection.execute(text(COUNT), {"who": "a" * 64})
    connection.execute(text(COUNT), {"who": "b" * 64})
    with pytest.raises(IntegrityError):
        connection.execute(text(COUNT), {"who": "a" * 64})


def test_going_back_forgets_the_counts(connection):
    connection.execute(text(COUNT), {"who": "a" * 64})
    command.downgrade(_config(connection), "0018")
    assert "rate" not in inspect(connection).get_table_names()
    command.upgrade(_config(connection), "0019")
    assert connection.execute(text("SELECT count(*) FROM rate")).scalar_one() == 0


def test_the_migrated_store_has_the_shape_of_the_models(connection):
    command.upgrade(_config(connection), "head")
    found = differences(connection)
    assert found == []
    (index,) = inspect(connection).get_indexes("rate")
    assert index["column_names"] == ["ends_at"]
