"""How each page's statements find their rows, asked of the database itself: nothing large is read from end to
end. Every plan beside a wide store; PostgreSQL with TESTS_STORE=postgres, SQLite else."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.engine import CursorResult

from tests.bench.readers import COPIES, Readers
from tests.bench.test_desk_lists import LISTS, named
from tests.bench.test_page_work import PAGES
from tests.stores import POSTGRES
from workflow.store.models import Base

LARGE = 20_000
"""A table of so many rows is not to be read whole for a page."""
WHOLE = frozenset[str]()
"""Pages that may, each with its reason here."""
_SCAN = re.compile(r"^SCAN (\w+)(?! USING)")


@contextmanager
def asked() -> Iterator[dict[str, Any]]:
    """The statements within, each with what it was once asked with."""
    found: dict[str, Any] = {}

    def said(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if statement.lstrip("( ").startswith(("SELECT", "WITH")):
            found.setdefault(statement, values)

    event.listen(Engine, "before_cursor_execute", said)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", said)


def read_whole(connection: Connection, statement: str, values: Any) -> set[str]:
    """The tables that the database would read from end to end for it."""
    if not POSTGRES:
        steps = _run(connection, f"EXPLAIN QUERY PLAN {statement}", values)
        return {re.sub(r"_\d+$", "", found[1]) for step in steps if (found := _SCAN.match(step[3]))}
    _run(connection, "SET LOCAL random_page_cost = 1.1", None)  # as on any disk of today
    plan = _run(connection, f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    return set(_scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _run(connection: Connection, statement: str, values: Any) -> CursorResult[Any]:
    return connection.exec_driver_sql(statement, values or None)


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scanned(below)


def tables_of(connection: Connection, least: int) -> set[str]:
    return {
        name
        for name, table in Base.metadata.tables.items()
        if (connection.scalar(select(func.count()).select_from(table)) or 0) >= least
    }


@pytest.mark.long(reason="asks every page; the store is wide in `make bench` only")
@pytest.mark.tampering(reason=COPIES)
def test_no_page_reads_a_large_table_from_end_to_end(
    readers: Readers, full: bool, tell: Callable[[str], None]
) -> None:
    bodies, cases, in_large = (2_000, 100_000, 330) if full else (5, 40, 10)
    named(readers).widen(bodies, cases, in_large)
    store, plans = readers.wide.office.store, 0
    if POSTGRES:
        with store.write() as unit:
            unit.connection.exec_driver_sql("ANALYZE")  # what autovacuum does in its own time
    found: dict[str, dict[str, str]] = {}
    for name, page in (PAGES | LISTS).items():
        readers.open(page)
        with asked() as statements:
            readers.open(page)
        with store.read() as unit:
            much = tables_of(unit.connection, LARGE)
            for statement, values in statements.items():
                plans += 1
                for table in read_whole(unit.connection, statement, values) & much:
                    found.setdefault(name, {})[table] = statement
    tell(f"{plans} plans; tables of {LARGE} rows or more: {', '.join(sorted(much))}")
    for name, tables in found.items():
        for table, statement in tables.items():
            tell(f"{name} reads {table}: {statement}")
    assert plans > len(PAGES)
    assert set(found) <= WHOLE


COUNTED = (
    "worklist, mine", "worklist, office", "worklist, office, new=1", "worklist, office, state=processing",
    "worklist, office, to=zhaoming", "worklist, office, kind=record_correction",
    "worklist, office, page 100", "worklist, calendar", "supervision, page 2",
)  # fmt: skip
"""Lists of what is open: an index alone says how much there is."""


@pytest.mark.long(reason="opens the lists over a store with some cases")
@pytest.mark.tampering(reason=COPIES)
@pytest.mark.skipif(
    POSTGRES, reason="whether rows are looked at as well, PostgreSQL says of large tables only"
)
def test_what_is_open_is_counted_without_reading_cases(readers: Readers) -> None:
    named(readers).widen(30, 600, 400)
    store, found, counts = readers.wide.office.store, dict[str, list[str]](), 0
    for name in COUNTED:
        with asked() as statements:
            readers.open(LISTS[name])
        with store.read() as unit:
            for statement, values in statements.items():
                if 'FROM "case"' in statement and "count(" in statement:
                    counts += 1
                    steps = _run(unit.connection, f"EXPLAIN QUERY PLAN {statement}", values)
                    read = [step[3] for step in steps if re.match(r"(SEARCH|SCAN) case ", step[3])]
                    found.setdefault(name, []).extend(x for x in read if "COVERING INDEX" not in x)
    assert {name: read for name, read in found.items() if read} == {}
    assert counts >= len(COUNTED)
