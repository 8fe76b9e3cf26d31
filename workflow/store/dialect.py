"""The one place that knows how SQLite and PostgreSQL differ."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def engine_options(url: str, *, writing: bool) -> dict[str, Any]:
    """What `create_engine` is told. On PostgreSQL a transaction that writes is REPEATABLE READ: it sees
    no lost update, and fails where it would overwrite one."""
    if is_sqlite(url):
        return {}
    options: dict[str, Any] = {"pool_pre_ping": True}
    return {**options, "isolation_level": "REPEATABLE READ"} if writing else options


def prepare(engine: Engine, *, writing: bool) -> None:
    """Set up the connections of an engine. On SQLite a transaction that writes takes the lock at once
    (BEGIN IMMEDIATE), and readers do not wait for writers (WAL). PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @event.listens_for(engine, "connect")
    def _connect(connection, record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 15000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql(begin)


def insert_or(
    connection: Connection, table: Table, keys: tuple[str, ...], change: Mapping[str, Any]
) -> Insert:
    """An insert which, where a row with these keys is there, changes that one; both in one step."""
    makes = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = makes(table)
    return statement.on_conflict_do_update(index_elements=keys, set_=change)


def only_where(condition: str) -> dict[str, Any]:
    """The arguments of an `Index` that holds the rows of a condition alone: both databases know it,
    each under its own name."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
