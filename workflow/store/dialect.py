"""The one place that knows how SQLite and PostgreSQL differ (docs/decisions/0020); dialect_index.py has the index of
terms."""

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    ExceptionContext,
    Insert,
    PoolProxiedConnection,
    String,
    Table,
    Text,
    bindparam,
    cast,
    event,
    func,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from workflow.store.standing_file import HELD, PATIENCE
from workflow.store.trouble import STALE, of_sqlite

EXAMPLES = "sqlite:////srv/gongkai.db、postgresql://用户@主机/库名"
NO_DRIVER = (
    "没有安装 PostgreSQL 的驱动程序：请运行 make setup POSTGRES=1，或者安装 gongkai[postgres]"
)
_RULES, _SHAPE = 0x676F6E67, 0x6B616900
"""Numbers of two locks of PostgreSQL: of the rules of the house, and of the shape of the store."""
_OVERTAKEN = ("40001", "40P01", "23505")
"""serialization_failure, deadlock_detected, unique_violation: somebody was quicker, so look again."""


LEAST_SQLITE = (3, 35)
"""The first SQLite that answers an insert with what it made (RETURNING)."""


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def too_old(url: str) -> bool:
    """Whether the SQLite that this Python brings cannot keep the store of that address. Python has none of its own:
    built on an older system it takes the one that is there."""
    return is_sqlite(url) and sqlite3.sqlite_version_info < LEAST_SQLITE


SECONDS_OF_A_CONNECTION = 3600
"""A connection of SQLite knows the statistics of when it was opened."""


def engine_options(url: str, *, writing: bool) -> dict[str, Any]:
    """What `create_engine` is told. On PostgreSQL a transaction sees one state of the store (REPEATABLE
    READ): one that writes fails where it would overwrite what it has not seen, and one that reads
    cannot write."""
    if is_sqlite(url):
        return {"pool_recycle": SECONDS_OF_A_CONNECTION}
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "isolation_level": "REPEATABLE READ",
        "connect_args": {"connect_timeout": 10},
    }
    return options if writing else {**options, "execution_options": {"postgresql_readonly": True}}


def prepare(engine: Engine, *, writing: bool) -> None:
    """Set up the connections of an engine. On SQLite a transaction that writes takes the lock at once
    (BEGIN IMMEDIATE), readers do not wait for writers (WAL), and what was committed is on the disk (FULL)."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _patient)
        event.listen(engine, "handle_error", _names_nobody)
        return
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    path = engine.url.database or ""
    whole = os.path.abspath(path)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        record.info["begin"] = begin
        make_private(path)
        try:
            for said in (
                f"busy_timeout = {int(PATIENCE * 1000)}",
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
            ):
                connection.execute(f"PRAGMA {said}").close()
        except sqlite3.Error:
            connection.close()  # nobody else would, and what it laid beside the file would stay
            raise
        HELD[whole] += 1

    @event.listens_for(engine, "close")
    def _close(connection: Any, record: Any) -> None:
        HELD[whole] -= 1

    # Told to the dialect, not listened for: an engine with listeners asks them at every statement.
    vars(engine.dialect).update(do_begin=_begin, is_disconnect=partial(_is_stale, engine.dialect))


def make_private(path: str) -> None:
    """Let the file of a SQLite store in which nothing stands yet be its owner's alone; what SQLite lays beside it gets the
    same mode."""
    if path and os.path.isfile(path) and not os.path.getsize(path):
        with suppress(PermissionError):  # somebody else's, who laid it there for us
            os.chmod(path, 0o600)


def files_of_store(url: str) -> list[Path]:
    """The files of a SQLite store that are there; none for another one."""
    path = make_url(url).database
    if not is_sqlite(url) or not path:
        return []
    return [one for end in ("", "-wal", "-shm") if (one := Path(f"{path}{end}")).exists()]


def size_of(connection: Connection) -> int:
    """Bytes of the store."""
    asked = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if connection.dialect.name == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    return int(connection.exec_driver_sql(asked).scalar_one())


def copy_file(engine: Engine, to: Path) -> None:
    """A copy of a SQLite store as it is at this moment, for its owner alone; others go on writing."""
    to.touch(mode=0o600)
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(to),))
    finally:
        connection.close()


def clear_away(engine: Engine) -> None:
    """Take a store away that nobody works with: its files, or every table of its schema."""
    if engine.dialect.name == "sqlite":
        path = engine.url.database or ""
        engine.dispose()
        # The file itself first: without it SQLite takes the others for nothing.
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        return
    quoted = engine.dialect.identifier_preparer.quote
    listed = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    with engine.begin() as connection:
        names = [quoted(name) for name in connection.scalars(listed)]
        connection.execute(text(f"DROP TABLE {', '.join(names)} CASCADE"))


def not_on_disk(connection: Connection) -> list[str]:
    """Why what is committed may not outlive a power cut; empty where it does."""
    if connection.dialect.name == "sqlite":
        wanted = {"synchronous": (2, 3), "journal_mode": ("wal", "delete", "truncate", "persist")}
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        return [f"{name} = {found[name]}" for name in wanted if found[name] not in wanted[name]]
    off = {
        name: connection.exec_driver_sql(f"SHOW {name}").scalar()
        for name in ("fsync", "synchronous_commit", "full_page_writes")
    }
    return [f"{name} = {said}" for name, said in off.items() if said == "off"]


def _begin(connection: PoolProxiedConnection) -> None:
    """Begin a transaction in the way of the engine that the connection belongs to."""
    begin = connection.info.get("begin")
    if begin is not None:
        connection.cursor().execute(begin)


def _is_stale(dialect: Dialect, error: Any, connection: Any, cursor: Any) -> bool:
    """Whether the connections are to be opened anew before the next work: one that was opened on a disk that could not be
    written goes on so."""
    closed = type(dialect).is_disconnect(dialect, error, connection, cursor)
    return closed or of_sqlite(error) in STALE


def _patient(connection: Any, record: object) -> None:
    """Wait for a lock as long as on SQLite, and hold none for ever where a process hangs."""
    before, connection.autocommit = connection.autocommit, True
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.execute("SET idle_in_transaction_session_timeout = '10min'")
    connection.autocommit = before


def _names_nobody(context: ExceptionContext) -> None:
    """What PostgreSQL adds to a fault in detail may be what somebody wrote: it stands in no message."""
    error, told = context.original_exception, context.sqlalchemy_exception
    about = getattr(error, "diag", None)
    if about is not None and about.message_detail:
        error.args = (about.message_primary,)
        if told is not None:
            told.args = (f"({type(error).__name__}) {about.message_primary}",)


# -- transactions that wait in line -----------------------------------------------------------------


def hold_rules(connection: Connection, *, alone: bool) -> None:
    """Until the end of the transaction the rules of the house stay as they are; alone: nobody else
    works by them meanwhile. On SQLite one alone writes anyhow."""
    if connection.dialect.name != "sqlite":
        connection.execute(_ALONE if alone else _TOGETHER, {"lock": _RULES})


_ALONE = select(func.pg_advisory_xact_lock(bindparam("lock")))
_TOGETHER = select(func.pg_advisory_xact_lock_shared(bindparam("lock")))


def hold_shape(connection: Connection) -> None:
    """Of two processes that bring the store to another shape one waits for the other."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(_ALONE, {"lock": _SHAPE})


def in_line(engine: Engine) -> Engine:
    """The engine for a transaction that waits in line: it waits for the rows that it locks, and sees them
    as they stand then. On SQLite it has waited already."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="READ COMMITTED")


def overtaken(error: DBAPIError) -> bool:
    """Somebody else was quicker: done again from the beginning it may go. On SQLite who writes is alone,
    and a number that is there twice is a fault of ours."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _OVERTAKEN


def code_of(error: BaseException) -> str:
    """By which word the database itself names a fault; empty where it has none."""
    return str(getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or "")


# -- statements -------------------------------------------------------------------------------------


def _insert_of(dialect: str) -> Any:
    """Each dialect's own, which is loaded already: a server over SQLite never loads PostgreSQL's."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def insert_new(connection: Connection, table: Table, keys: tuple[str, ...]) -> Insert:
    """An insert that leaves a row with these keys as it is, where one is there; both in one step."""
    statement: Insert = _insert_of(connection.dialect.name)(table).on_conflict_do_nothing(
        index_elements=keys
    )
    return statement


def insert_or(
    connection: Connection, table: Table, keys: tuple[str, ...], change: Mapping[str, Any]
) -> Insert:
    """An insert which, where a row with these keys is there, changes that one; both in one step."""
    statement: Insert = _insert_of(connection.dialect.name)(table).on_conflict_do_update(
        index_elements=keys, set_=change
    )
    return statement


def as_json(
    connection: Connection, written: BindParameter[Any], kind: TypeEngine[Any]
) -> ColumnElement[Any]:
    """What is JSON already, for a column of JSON, as it is written: nothing and a JSON null stay apart."""
    return written if connection.dialect.name == "sqlite" else cast(written, kind)


def text_kind(dialect: Dialect, typed: int | None) -> Text | String:
    """The kind of a column of texts of which so many characters are typed at most, and more may lie there: only PostgreSQL
    minds how long one is, and only SQLite has to make a table anew to change a kind."""
    return String(typed) if typed and dialect.name == "sqlite" else Text()


def let_go(engine: Engine, tables: Collection[str]) -> None:
    """Write these tables anew (SQLite: all of the store), so that nothing of what was changed or deleted is left in their
    files. PostgreSQL keeps its own log (WAL) for as long as it is set to."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            for said in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(said).fetchall()
        finally:
            connection.close()
        return
    quote = engine.dialect.identifier_preparer.quote
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as outside:
        outside.exec_driver_sql(f"VACUUM FULL {', '.join(map(quote, tables))}")


ROWS_LOOKED_AT = 1000


def gather_statistics(engine: Engine) -> None:
    """Let SQLite look how full its tables are, at so many rows of each index: without that it takes an
    index that finds half a table for as good as one that finds a row. Readers are not held up, who writes
    waits for some milliseconds. PostgreSQL does this by itself (autovacuum)."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")


def only_where(condition: str) -> dict[str, Any]:
    """The arguments of an `Index` that holds the rows of a condition alone.

    Both databases know it, each under its own name; PostgreSQL's stands in the migration only: to name it
    here loads all of its dialect, also where the store is a file.
    """
    return {"sqlite_where": text(condition)}


# -- order and numbers ------------------------------------------------------------------------------


def order_by_code_points(connection: Connection) -> None:
    """Let every text be ordered by its code points, as SQLite and Python do: otherwise lists, numbers and
    published tables stand in another order on each server. What is so already stays untouched."""
    if connection.dialect.name == "sqlite":
        return
    quoted = connection.dialect.identifier_preparer.quote
    by_table: dict[str, list[str]] = {}
    for table, column, kind in connection.execute(_OTHER_ORDER):
        change = f'ALTER COLUMN {quoted(column)} TYPE {kind} COLLATE "C"'
        by_table.setdefault(table, []).append(change)
    for table, changes in by_table.items():
        connection.execute(text(f"ALTER TABLE {quoted(table)} {', '.join(changes)}"))


_OTHER_ORDER = text("""
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped AND o.collname <> 'C'
    ORDER BY c.relname, a.attnum
""")


def count_on(connection: Connection, table: Table) -> None:
    """After rows came with their own numbers: let the next one get a number beyond them."""
    if connection.dialect.name == "sqlite":
        return
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    connection.execute(
        text(
            f"SELECT setval(s, greatest((SELECT max(id) FROM {quoted}), 1), "
            f"EXISTS (SELECT 1 FROM {quoted})) FROM pg_get_serial_sequence(:table, 'id') s "
            "WHERE s IS NOT NULL"
        ),
        {"table": quoted},
    )


@cache
def insert_or_add(dialect: str, table: Table, column: str, keys: tuple[str, ...] = ()) -> Insert:
    """The statement that writes rows, given with it as parameters; where one with the same keys (without
    them: the primary key) is there, its number in the column grows by the new row's. In one step: of two
    transactions the second one waits for the first, and neither loses a count."""
    made: Any = _insert_of(dialect)(table).inline()
    grown: Insert = made.on_conflict_do_update(
        index_elements=list(keys or table.primary_key.columns),
        set_={column: table.c[column] + made.excluded[column]},
    )
    return grown


# -- many numbers at once ---------------------------------------------------------------------------

FEW = 20
"""So many numbers are parameters of their own; a database plans by how many they are."""


class _Among(FunctionElement[bool]):
    """`among` as an element of a statement: a column, and numbers as one text."""

    name = "among"
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> "_Among":
        """As it stands: SQLite has no truth values of its own, and with `= 1` behind it no index is used."""
        return self


@compiles(_Among)
def _among(element: _Among, compiler: Any, **how: Any) -> str:
    column, numbers = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: Any, **how: Any) -> str:
    column, numbers = (compiler.process(one, **how) for one in element.clauses)
    values = f"json_array_elements_text(CAST({numbers} AS JSON))"
    return f"{column} IN (SELECT CAST(value AS INTEGER) FROM {values} AS numbers(value))"


def among(column: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """Whether a number is one of these: where they are many, all of them go over as one parameter."""
    if len(numbers) <= FEW:
        few: ColumnElement[bool] = column.in_(list(numbers))
        return few
    return _Among(column, bindparam(None, json.dumps(list(numbers)), type_=Text()))


@contextmanager
def in_bulk(connection: Connection) -> Iterator[None]:
    """While very many rows are written: SQLite keeps the pages of its indexes in memory (up to 400 MB), of
    which new rows touch any; otherwise it writes each page again and again."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql("PRAGMA cache_size = -400000")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")
