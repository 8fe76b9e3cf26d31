"""One state of a whole store as a file of SQLite, while others write: on either database (decision 53)."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.engine import make_url

from workflow.store import copying
from workflow.store.dialect_index import is_of_index
from workflow.store.migrate import migrate
from workflow.store.retried import told_apart
from workflow.store.standing_file import PATIENCE
from workflow.store.store import Store


def file_url(place: Path) -> str:
    """The address of a store of SQLite in that file."""
    return f"sqlite:///{place}?timeout={PATIENCE}"


def copies_itself(store: Store) -> bool:
    """Whether the database of a store writes a copy of itself, whatever its shape; else its rows are copied, which have to
    be of the shape of this version."""
    return store.engine.dialect.name == "sqlite"


def snapshot(store: Store, place: Path, told: copying.Told) -> bool:
    """Write the state of this moment into a new file that is its owner's alone; True where the index of terms came along,
    False where it is to be made anew.

    SQLite writes it itself, in one transaction that holds up nobody who writes, without what was deleted (VACUUM INTO).
    From PostgreSQL every row is copied, read in one transaction. Raises sqlite3.Error, OSError, Unavailable.
    """
    place.touch(0o600)
    if copies_itself(store):
        path = make_url(store.url).database or ""
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            connection.execute("VACUUM INTO ?", (str(place),))
        return True
    made = Store(file_url(place))
    try:
        migrate(made.engine)
        with store.read() as unit:
            copying.copy_rows(unit.session.connection(), made.engine, told)
        copying.finish(made.engine)
    finally:
        made.close()
    return False


def rows_of(connection: Connection) -> dict[str, int]:
    """How many rows every table has, whatever the shape of the store; the index is left out, which follows from them."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one()
        for name in sorted(inspect(connection).get_table_names())
        if not is_of_index(name)
    }


def whole_in_one_file(place: Path) -> Mapping[str, int]:
    """Let a store of SQLite that nobody has open lie in its one file, with nothing beside it; its rows."""
    engine = create_engine(file_url(place))
    try:
        with engine.connect() as connection, told_apart():
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
            return rows_of(connection)
    finally:
        engine.dispose()
