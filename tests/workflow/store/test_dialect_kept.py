"""Rows of an append-only table are added, and neither changed nor deleted nor replaced."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from tests.stores import POSTGRES
from tests.workflow.service.sampling import migrated_store
from workflow.store.dialect_kept import (
    APPEND_ONLY,
    append_only_missing,
    keep_append_only,
    release_append_only,
    released,
)
from workflow.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = migrated_store(tmp_path / "store.db")
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept_one (id INTEGER PRIMARY KEY, place INTEGER, word TEXT, UNIQUE (place))"))  # fmt: skip
        connection.execute(text("INSERT INTO kept_one VALUES (1, 10, 'a'), (2, NULL, 'b')"))
        keep_append_only(connection, "kept_one")
    yield store
    store.close()


def words(connection: Connection) -> str:
    return "".join(connection.execute(text("SELECT word FROM kept_one ORDER BY id")).scalars())


REFUSED = [
    "UPDATE kept_one SET word = 'x'",
    "UPDATE kept_one SET word = 'x' WHERE id = 2",
    "DELETE FROM kept_one",
    "DELETE FROM kept_one WHERE id = 2",
    "INSERT INTO kept_one VALUES (1, 11, 'x') ON CONFLICT (id) DO UPDATE SET word = 'x'",
    "TRUNCATE kept_one" if POSTGRES else "INSERT OR REPLACE INTO kept_one VALUES (1, 11, 'x')",
    "SELECT 1/0" if POSTGRES else "INSERT OR REPLACE INTO kept_one VALUES (3, 10, 'x')",
]


@pytest.mark.parametrize("statement", REFUSED[: 6 if POSTGRES else 7])
def test_what_would_change_a_row_is_refused(statement: str, store: Store) -> None:
    with pytest.raises(IntegrityError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    with store.engine.begin() as connection:
        assert words(connection) == "ab"


def test_rows_are_added(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("INSERT INTO kept_one VALUES (3, NULL, 'c'), (4, 11, 'd')"))
        assert words(connection) == "abcd"


def test_within_a_transaction_it_may_be_let_go(store: Store) -> None:
    with store.engine.begin() as connection:
        with released(connection, ["kept_one", "stamp"]):
            assert append_only_missing(connection, ["kept_one"]) == ["kept_one"]
            connection.execute(text("DELETE FROM kept_one WHERE id = 2"))
        assert append_only_missing(connection, ["kept_one", "stamp"]) == ["stamp"]
        assert words(connection) == "a"


def test_what_failed_within_leaves_it_as_it_was(store: Store) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        store.engine.begin() as connection,
        released(connection, ["kept_one"]),
    ):
        connection.execute(text("DELETE FROM kept_one"))
        raise ZeroDivisionError
    with store.engine.begin() as connection:
        assert append_only_missing(connection, ["kept_one"]) == []
        assert words(connection) == "ab"


def test_what_is_not_so_is_told_in_order(store: Store) -> None:
    with store.engine.begin() as connection:
        assert append_only_missing(connection, ["stamp", "kept_one", "nothing"]) == ["stamp", "nothing"]  # fmt: skip
        release_append_only(connection, "kept_one")
        release_append_only(connection, "kept_one")
        assert append_only_missing(connection, ["kept_one"]) == ["kept_one"]
        keep_append_only(connection, "kept_one")
        keep_append_only(connection, "kept_one")
        assert append_only_missing(connection, ["kept_one"]) == []


SPOILT = (
    [
        "ALTER TABLE kept_one DISABLE TRIGGER kept_kept_one",
        "ALTER TABLE kept_one ENABLE TRIGGER kept_kept_one",
        "CREATE OR REPLACE FUNCTION refuse_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE TRIGGER kept_kept_one BEFORE UPDATE ON kept_one FOR EACH STATEMENT EXECUTE FUNCTION"
        " refuse_append_only()",
    ]
    if POSTGRES
    else [
        "DROP TRIGGER kept_kept_one_insert",
        "DROP TRIGGER kept_kept_one_update",
        "DROP TRIGGER kept_kept_one_delete",
    ]
)


@pytest.mark.parametrize("statement", SPOILT)
def test_a_trigger_that_is_not_what_it_was_is_told(statement: str, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(statement))
        assert append_only_missing(connection, ["kept_one"]) == ["kept_one"]


@pytest.mark.sqlite(reason="the name of its trigger stays, what it does is another thing")
def test_a_trigger_of_the_same_name_that_does_nothing_is_told(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER kept_kept_one_delete"))
        connection.execute(
            text(
                "CREATE TRIGGER kept_kept_one_delete BEFORE DELETE ON kept_one BEGIN SELECT 1; END"
            )
        )
        assert append_only_missing(connection, ["kept_one"]) == ["kept_one"]


def test_the_tables_of_a_store_are_so(store: Store) -> None:
    with store.engine.begin() as connection:
        assert append_only_missing(connection, APPEND_ONLY) == []
