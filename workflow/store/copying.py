"""A whole store copied into another one, row by row, and held to it: between any two databases.

What is copied is what the tables say: identifiers, sealed content and hashes stay as they are. Where a copy
was cut off, what arrived is compared and the rest follows.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Integer,
    Row,
    Select,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy import bindparam as bind
from sqlalchemy.exc import DataError
from sqlalchemy.types import TypeEngine

from workflow.store.dialect import as_json, count_on
from workflow.store.dialect_index import is_of_index
from workflow.store.dialect_kept import APPEND_ONLY, released
from workflow.store.models import StampRow
from workflow.store.retried import told_apart
from workflow.store.shaped import Shaped
from workflow.store.words import KINDS, kept_as, text_of

for _module in iter_modules([str(Path(__file__).parent)]):
    # A table is known once its module was loaded, and not every command loads them all.
    if _module.name.endswith("_models"):
        import_module(f"workflow.store.{_module.name}")
TABLES: tuple[Table, ...] = tuple(StampRow.metadata.sorted_tables)
"""Every table, those that others point to first."""
_stamps = next(table for table in TABLES if table.name == StampRow.__tablename__)
MARK = "copying"
"""The stamp of a store into which a copy was begun: the tables that are whole."""
BATCH = 2000
FILES_BATCH = 20
"""Rows of one transaction; of files, whose content is large."""

Told = Callable[[str, int, int], None]
"""Progress: table, rows of it that are there, rows that it has."""


class NotEmpty(Exception):
    """The store into which should be copied holds something of its own."""


class Differs(Exception):
    """A table of the copy is not that of the source. The message names the table in Chinese."""


class DoesNotFit(Exception):
    """The other database does not take a row. The message names its place in Chinese, never its content."""


def begun(connection: Connection) -> list[str] | None:
    """The tables of a begun copy that are whole; None where none was begun."""
    said = connection.scalar(select(_stamps.c.value).where(_stamps.c.name == MARK))
    found: list[str] | None = json.loads(said) if said is not None else None
    return found


def unknown_tables(source: Connection) -> set[str]:
    """Tables that a copy would lack. The index is made anew where the copy lies."""
    there = {name for name in inspect(source).get_table_names() if not is_of_index(name)}
    return there - {table.name for table in TABLES} - {"alembic_version"}


def holds_something(target: Engine) -> bool:
    """Whether a store of this version holds something that is no copy of ours."""
    with told_apart(), target.connect() as connection:
        return _holds_something(connection)


def copy_rows(source: Connection, target: Engine, told: Told) -> None:
    """Copy every table. The source is read in the caller's transaction, so as one state.

    Raises NotEmpty, DoesNotFit; Overtaken and Unavailable where the database went away: then what was
    copied stays, and the same call goes on.
    """
    with told_apart(), target.begin() as connection:
        whole = begun(connection)
        if whole is None:
            if _holds_something(connection):
                raise NotEmpty
            whole = []
            _begin(connection)
    if not _as_far(source, target, whole):
        # The source moved on since the copy was begun: what was copied is of another day.
        _clear(target)
        whole = []
    for table in TABLES:
        if table.name not in whole:
            whole.append(table.name)
            _copy(source, target, table, whole, told)


def finish(target: Engine) -> None:
    """The copy is whole and was compared: from now on it is a store like any other."""
    with told_apart(), target.begin() as connection:
        connection.execute(delete(_stamps).where(_stamps.c.name == MARK))
        # Both databases know the word: they look how full their tables are, before anybody asks.
        connection.execute(text("ANALYZE"))


def compare(source: Connection, target: Connection, told: Told) -> int:
    """Hold every row of every table to its copy; how many there are. Raises Differs."""
    rows = 0
    for table in TABLES:
        total = _number(source, table)
        told(table.name, 0, total)
        both = zip_longest(_rows(source, table), _rows(target, table))
        for number, (one, other) in enumerate(both, 1):
            if one is None or other is None or tuple(one) != tuple(other):
                raise Differs(f"表 {table.name} 的第 {number} 行与原库不同")
            if number % BATCH == 0:
                told(table.name, number, total)
        told(table.name, total, total)
        rows += total
    return rows


def number_of_cases(connection: Connection) -> int:
    return _number(connection, next(table for table in TABLES if table.name == "case"))


# -- one table --------------------------------------------------------------------------------------


def _copy(source: Connection, target: Engine, table: Table, whole: list[str], told: Told) -> None:
    """whole: the tables that are whole when this one is."""
    total = _number(source, table)
    with told_apart(), target.connect() as connection:
        there = _number(connection, table)
        last = connection.execute(_last(table)).first()
    query = _query(table)
    if last is not None:
        query = query.where(tuple_(*table.primary_key) > tuple_(*last))
    told(table.name, there, total)
    later = _later(table)
    for batch in _batches(source, table, query):
        with _placed(table, batch), told_apart(), target.begin() as connection:
            _insert(connection, table, [_without(row, later) for row in batch])
        there += len(batch)
        told(table.name, there, total)
    with told_apart(), target.begin() as connection:
        if later:
            with released(connection, [table.name]):
                for column in later:
                    _point(source, connection, table, column)
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            count_on(connection, table)
        connection.execute(
            update(_stamps).where(_stamps.c.name == MARK).values(value=json.dumps(whole))
        )


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    values = {
        column.name: as_json(connection, bind(column.name, type_=Text), kind)
        if isinstance(kind := _kept_as(column), JSON)
        else bind(column.name, type_=kind)
        for column in table.c
        if isinstance(column.type, (JSON, Shaped, *KINDS))
    }
    connection.execute(insert(table).values(values) if values else insert(table), rows)


def _kept_as(column: Column[Any]) -> TypeEngine[Any]:
    if isinstance(column.type, KINDS):
        return kept_as(column)
    return JSON() if isinstance(column.type, Shaped) else column.type


def _later(table: Table) -> list[Column[Any]]:
    """Columns that point to rows of the same table: to some that come later."""
    return [
        column
        for column in table.c
        for key in column.foreign_keys
        if key.column.table is table and column.nullable
    ]


def _without(row: Row[Any], later: list[Column[Any]]) -> dict[str, Any]:
    return {**row._mapping, **{column.name: None for column in later}}


def _point(source: Connection, target: Connection, table: Table, column: Column[Any]) -> None:
    """Let the rows point to each other, now that all are there."""
    (key,) = table.primary_key
    change = update(table).where(key == bind("row")).values({column.name: bind("points_to")})
    pairs = source.execute(select(key, column).where(column.is_not(None)).order_by(key))
    for batch in pairs.partitions(BATCH):
        target.execute(change, [{"row": row, "points_to": to} for row, to in batch])


def _query(table: Table) -> Select[Any]:
    """Its rows in the order of their keys, those of the marker left out; what is JSON or may be sealed as it lies there."""
    columns = [
        text_of(column).label(column.name)
        if isinstance(column.type, KINDS)
        else cast(column, Text).label(column.name)
        if isinstance(column.type, (JSON, Shaped))
        else column
        for column in table.c
    ]
    query = select(*columns).order_by(*table.primary_key)
    return query.where(table.c.name != MARK) if table is _stamps else query


def _number(connection: Connection, table: Table) -> int:
    query = select(func.count().label("number")).select_from(table)
    query = query.where(table.c.name != MARK) if table is _stamps else query
    return int(connection.execute(query).scalar_one())


def _last(table: Table) -> Select[Any]:
    keys = list(table.primary_key)
    query = select(*keys).order_by(*(key.desc() for key in keys)).limit(1)
    return query.where(table.c.name != MARK) if table is _stamps else query


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    for batch in _batches(connection, table, _query(table)):
        yield from batch


def _batches(connection: Connection, table: Table, query: Select[Any]) -> Iterator[list[Row[Any]]]:
    size = FILES_BATCH if "content" in table.c or table.name == "file_content" else BATCH
    with told_apart():
        found = connection.execute(query.execution_options(yield_per=size))
        for batch in found.partitions():
            yield list(batch)


@contextmanager
def _placed(table: Table, batch: list[Row[Any]]) -> Iterator[None]:
    """Say of which rows one does not go in: a text too long for its column, or with a zero byte."""
    try:
        yield
    except DataError as error:
        first, last = (tuple(row[: len(table.primary_key)]) for row in (batch[0], batch[-1]))
        raise DoesNotFit(
            f"表 {table.name} 中 {first} 到 {last} 之间有一行，目标库不能保存（文字过长或者含有无效字符）"
        ) from error


# -- a copy that was begun --------------------------------------------------------------------------


def _holds_something(connection: Connection) -> bool:
    """Anything but what a new store knows of itself."""
    return any(
        connection.execute(select(1).select_from(table).limit(1)).first()
        for table in TABLES
        if table is not _stamps
    )


def _begin(connection: Connection) -> None:
    connection.execute(delete(_stamps))
    connection.execute(insert(_stamps).values(name=MARK, value="[]"))


def _as_far(source: Connection, target: Engine, whole: list[str]) -> bool:
    """Whether what was copied is still what the source says."""
    with target.connect() as connection:
        for table in TABLES:
            later = [] if table.name in whole else _later(table)
            rows = _rows(source, table)
            for other in _rows(connection, table):
                one = next(rows, None)
                if one is None or _without(one, later) != dict(other._mapping):
                    return False
            if table.name in whole and next(rows, None) is not None:
                return False
    return True


def _clear(target: Engine) -> None:
    with told_apart(), target.begin() as connection:
        with released(connection, APPEND_ONLY):
            for table in reversed(TABLES):
                for column in _later(table):
                    connection.execute(update(table).values({column.name: None}))
                connection.execute(delete(table))
        _begin(connection)
