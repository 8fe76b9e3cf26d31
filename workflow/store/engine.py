"""The one place that knows how SQLite and PostgreSQL differ."""

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url


def writing_engine(url: str) -> Engine:
    """An engine whose transactions see no lost update: BEGIN IMMEDIATE on SQLite, REPEATABLE READ
    elsewhere."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    engine = create_engine(url)
    _sqlite(engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(url: str) -> Engine:
    """An engine for reading only: readers do not wait for writers."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)
    _sqlite(engine, "BEGIN")
    return engine


def _sqlite(engine: Engine, begin: str) -> None:
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
