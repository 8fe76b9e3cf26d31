"""On PostgreSQL: a database beside that of a store, with the same rows in the same shape, which goes away again. It is made by
the migrations up to that shape and filled by COPY from one state of the store, while others go on writing."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Integer, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from config.errors import BadSetting
from workflow.store.dialect import code_of, count_on
from workflow.store.dialect_kept import released
from workflow.store.migrate import _config
from workflow.store.store import Store

_NAME = "gongkai_rehearsal_"
_LEFT = text(
    "SELECT datname FROM pg_database WHERE datname ~ :pattern AND pg_get_userbyid(datdba) = current_user "
    "AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = pg_database.datname)"
)
_NOT_ALLOWED = "42501"
_VERSION = "alembic_version"


class MayNotMake(BadSetting):
    """Who works with the store may make no database on its server."""

    def __init__(self, user: str) -> None:
        super().__init__(
            f'数据库用户 {user} 不能新建数据库，没有试升级：请数据库管理员运行 ALTER ROLE "{user}" CREATEDB，试完再收回；'
            "或者把一份备份恢复到另一个库，在那里升级"
        )


@contextmanager
def database_beside(engine: Engine, shape: str) -> Iterator[Store]:
    """A store in a new database on the same server, whose rows are those of this moment. shape: that of the store. What one
    that was cut off left is taken away first. Raises MayNotMake, Unavailable."""
    server = engine.execution_options(isolation_level="AUTOCOMMIT")
    name = f"{_NAME}{secrets.token_hex(8)}"
    with server.connect() as connection:
        for left in connection.scalars(_LEFT, {"pattern": f"^{_NAME}[0-9a-f]{{16}}$"}).all():
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {left}")
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
        except DBAPIError as error:
            if code_of(error.orig or error) == _NOT_ALLOWED:
                raise MayNotMake(engine.url.username or "") from error
            raise
    store = Store(engine.url.set(database=name).render_as_string(hide_password=False))
    try:
        _fill(engine, store.engine, shape)
        yield store
    finally:
        store.close()
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _fill(source: Engine, target: Engine, shape: str) -> None:
    from alembic import command

    with source.execution_options(isolation_level="REPEATABLE READ").connect() as old:
        with target.begin() as new:
            schema = new.dialect.identifier_preparer.quote(str(old.scalar(text("SELECT current_schema()"))))  # fmt: skip
            new.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            command.upgrade(_config(new), shape)
            tables = _tables(new)
            quoted = [new.dialect.identifier_preparer.quote(one.name) for one in tables]
            with released(new, [one.name for one in tables]):
                new.exec_driver_sql(f"TRUNCATE {', '.join(quoted)}")
                for table in tables:
                    _copy(old, new, table)
        with target.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _tables(connection: Connection) -> list[Table]:
    """Every table, those that others point to first."""
    shape = MetaData()
    shape.reflect(connection, only=[one for one in inspect(connection).get_table_names() if one != _VERSION])  # fmt: skip
    return shape.sorted_tables


def _copy(source: Connection, target: Connection, table: Table) -> None:
    quote = target.dialect.identifier_preparer.quote
    columns = ", ".join(quote(one.name) for one in table.columns if one.computed is None)
    rows = f"COPY {quote(table.name)} ({columns})"
    reading, writing = source.connection.cursor(), target.connection.cursor()
    with (
        reading.copy(f"{rows} TO STDOUT (FORMAT binary)") as out,
        writing.copy(f"{rows} FROM STDIN (FORMAT binary)") as into,
    ):
        for piece in out:
            into.write(piece)
    if "id" in table.c and isinstance(table.c.id.type, Integer):
        count_on(target, table)
