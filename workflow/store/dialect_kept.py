"""Tables to which rows are only ever added: the database itself refuses to change or delete one (decision 37).

Who may change the shape of the database can take the triggers away; `append_only_missing` tells that they are gone or
are not what they were, and the keyed hashes of the rows tell what was done meanwhile.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

APPEND_ONLY = (
    "event", "due_change", "journal", "audit", "agency_setting", "calendar_day", "national_day", "picture",
    "published_year", "year_entry", "file_view",
)  # fmt: skip
"""The tables that are so: a migration makes each of them so."""
_FUNCTION = "refuse_append_only"
_BODY = """
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = 'append-only: ' || TG_TABLE_NAME;
END
"""
_BEFORE, _DELETE, _UPDATE, _TRUNCATE = 2, 8, 16, 32
"""Bits of `pg_trigger.tgtype`."""
_ALWAYS = "A"
"""Of `pg_trigger.tgenabled`: also where a session says that it only plays in what another server did."""
_MADE = text("""
    SELECT t.tgenabled, t.tgtype, t.tgqual IS NULL, p.prosrc
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass(:table) AND t.tgname = :name
""")


def keep_append_only(connection: Connection, table: str) -> None:
    """Let rows of the table be added, but neither changed nor deleted nor replaced, by nobody. Made anew where it was
    so already. Who tries gets IntegrityError, and the whole statement does nothing."""
    release_append_only(connection, table)
    if connection.dialect.name == "sqlite":
        for statement in _triggers(connection, table).values():
            connection.exec_driver_sql(statement)
        return
    quoted = connection.dialect.identifier_preparer.quote
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_named(table)} BEFORE UPDATE OR DELETE OR TRUNCATE ON {quoted(table)}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
    )
    connection.exec_driver_sql(f"ALTER TABLE {quoted(table)} ENABLE ALWAYS TRIGGER {_named(table)}")


def release_append_only(connection: Connection, table: str) -> None:
    """Take that away again, where it is so."""
    if connection.dialect.name == "sqlite":
        for ending in _ENDINGS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_named(table, ending)}")
        return
    quoted = connection.dialect.identifier_preparer.quote(table)
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_named(table)} ON {quoted}")


def append_only_missing(connection: Connection, tables: Collection[str]) -> list[str]:
    """Those of the tables of which a row can be changed or deleted, in the order given."""
    return [one for one in tables if not _is_kept(connection, one)]


@contextmanager
def released(connection: Connection, tables: Collection[str]) -> Iterator[None]:
    """Within it, and in this transaction alone, rows of these tables may be changed and deleted; those that were
    append-only are so again behind it."""
    kept = [one for one in tables if _is_kept(connection, one)]
    for table in kept:
        release_append_only(connection, table)
    yield
    for table in kept:
        keep_append_only(connection, table)


def _is_kept(connection: Connection, table: str) -> bool:
    if connection.dialect.name != "sqlite":
        asked = {
            "table": connection.dialect.identifier_preparer.quote(table),
            "name": _named(table),
        }
        told = _ALWAYS, _BEFORE | _DELETE | _UPDATE | _TRUNCATE, True, _BODY
        return [tuple(row) for row in connection.execute(_MADE, asked)] == [told]
    query = text(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table ORDER BY type, name"
    )
    there = [tuple(row) for row in connection.execute(query, {"table": table})]
    shape = tuple(one for one in there if one[0] != "trigger")
    if not any(kind == "table" for kind, _, _ in shape):
        return False
    if (table, shape) not in _WANTED:
        _WANTED[table, shape] = _triggers(connection, table)
    made = {name: sql for kind, name, sql in there if kind == "trigger"}
    return all(made.get(name) == sql for name, sql in _WANTED[table, shape].items())


# -- SQLite -------------------------------------------------------------------------------------------

_ENDINGS = ("insert", "update", "delete")
_WANTED = dict[tuple[str, tuple[tuple[str, ...], ...]], dict[str, str]]()
"""What makes the triggers of a table of this shape (its own statement and those of its indexes): to find the keys
anew for each look costs more than all the rest of it."""


def _named(table: str, ending: str = "") -> str:
    return f"kept_{table}_{ending}" if ending else f"kept_{table}"


def _triggers(connection: Connection, table: str) -> dict[str, str]:
    """By name, what makes each. A new row that takes the place of one (INSERT OR REPLACE) deletes it without asking the
    trigger of deletions, so that it is refused where it comes in."""
    quoted = connection.dialect.identifier_preparer.quote
    refuse = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
    same = " OR ".join(
        f"EXISTS (SELECT 1 FROM {quoted(table)} WHERE "
        + " AND ".join(f"{quoted(column)} = NEW.{quoted(column)}" for column in key)
        + ")"
        for key in _keys(connection, table)
    )
    of = f"ON {quoted(table)}"
    before = {
        "insert": f"INSERT {of} WHEN {same}",
        "update": f"UPDATE {of}",
        "delete": f"DELETE {of}",
    }
    return {
        _named(table, ending): f"CREATE TRIGGER {_named(table, ending)} BEFORE {before[ending]} {refuse}"
        for ending in _ENDINGS
    }  # fmt: skip


def _keys(connection: Connection, table: str) -> list[tuple[str, ...]]:
    """The columns of which no two rows have the same values: its key, and what is unique besides."""
    found = inspect(connection)
    keys = {tuple(found.get_pk_constraint(table)["constrained_columns"])}
    keys |= {tuple(one["column_names"]) for one in found.get_unique_constraints(table)}
    keys |= {
        tuple(str(name) for name in one["column_names"])
        for one in found.get_indexes(table)
        if one["unique"] and not one.get("dialect_options") and None not in one["column_names"]
    }
    return sorted(keys)
