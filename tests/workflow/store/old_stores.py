"""Stores that earlier versions of the program filled themselves, as they lie in tests/golden/stores.

`REVISION.sql.xz` is what a version whose newest migration was that one had written (its schema as SQLite had it, and every
row; of the index of terms the table alone, without its entries), `REVISION.json` what the same version said of it then: the query code of
an application, and tables 三 and 四 without their zeros. The versions were run for it, with the key of `sampling.KEYS` in
`secret.key`: `gongkai demo --fill` (fewer cases than it makes by itself), then an application filed at the portal. 0011 is 0.1.0. What
came before it was never released, and chained its logs in other ways: nobody has such a store.
"""

import json
import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Integer, MetaData, create_engine, inspect, select

from tests.stores import POSTGRES
from workflow.service import Office
from workflow.service.report.tables import Reports
from workflow.store.dialect import count_on
from workflow.store.dialect_index import is_of_index
from workflow.store.migrate import _config
from workflow.store.store import Store

FOLDER = Path(__file__).parents[2] / "golden" / "stores"
REVISIONS = sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.json"))
Tables = dict[str, dict[str, dict[str, dict[str, int]]]]
"""By body and year: table 三 and 四, without their zeros."""


def old_store(revision: str, path: Path) -> Store:
    """The store there, as that version left it. On PostgreSQL its rows lie in the shape that the migrations give."""
    file = path.with_name(f"{path.name}-old") if POSTGRES else path
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            lzma.decompress((FOLDER / f"{revision}.sql.xz").read_bytes()).decode()
        )
    store = Store(f"sqlite:///{path}")
    if POSTGRES:
        source = create_engine(f"sqlite:///{file}")
        with source.connect() as old, store.engine.begin() as connection:
            command.upgrade(_config(connection), revision)
            copy_rows(old, connection)
        source.dispose()
    return store


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of one store into another of the same shape, instead of what a migration has written there."""
    shape = reflected(target)
    old = reflected(source)
    for table in shape.sorted_tables:
        found = [dict(row._mapping) for row in source.execute(select(old.tables[table.name]))]
        target.execute(table.delete())
        if found:
            target.execute(table.insert(), found)
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            count_on(target, table)


def reflected(connection: Connection) -> MetaData:
    """The tables that a store has, but for the index of terms."""
    shape = MetaData()
    names = [name for name in inspect(connection).get_table_names() if not is_of_index(name)]
    shape.reflect(connection, only=[one for one in names if not one.startswith("sqlite_")])
    return shape


def told(revision: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    return found


def tables_of(office: Office, places: list[str]) -> Tables:
    """Tables 三 and 四 of bodies and years (`panlong-2024`)."""
    found = {}
    for place in places:
        code, _, year = place.rpartition("-")
        made = Reports(office).tables(code, int(year)).as_dict()
        found[place] = {
            name: {
                row: {column: n for column, n in cells.items() if n}
                for row, cells in made[name].items()
                if any(cells.values())
            }
            for name in ("table3", "table4")
        }
    return found
