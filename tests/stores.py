"""On which database the stores of the tests lie: SQLite, or with TESTS_STORE=postgres a PostgreSQL.

Tests name a store by the path of a file, and copy stores by copying files. On PostgreSQL a file stands for
a database: it says which one it is, and that it belongs to this path. Where a file was copied, the first
opening makes a database as a copy of the one that it names.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

import workflow.store.engine
from tests.postgres import Server, running
from workflow.store.dialect_index import is_of_index
from workflow.store.models import Base

POSTGRES = os.environ.get("TESTS_STORE") == "postgres"


class Databases:
    """The databases of this run, by the files that stand for them."""

    def __init__(self) -> None:
        self.ends = ExitStack()
        self.known: set[str] = set()
        self._server: Server | None = None
        self._engine = workflow.store.engine._engine

    @property
    def server(self) -> Server:
        """Started by the first test that opens a store."""
        if self._server is None:
            self._server = self.ends.enter_context(running())
        return self._server

    def engine(self, url: str, *, writing: bool) -> Engine:
        return self._engine(self.url(url), writing=writing)

    def url(self, url: str) -> str:
        """The address of the database that a file stands for; other addresses as they are."""
        path = self.stands_for(url)
        return self.server.url(self.name(path)) if path else url

    @staticmethod
    def stands_for(url: str) -> Path | None:
        """The file that stands for a database; None for other addresses, also those of `on_sqlite`."""
        found = make_url(url)
        if found.get_backend_name() != "sqlite" or not found.database or found.query:
            return None
        return Path(found.database).resolve()

    def name(self, path: Path) -> str:
        own = _name_of(path)
        said = path.read_text(errors="replace").split() if path.exists() else []
        if own not in said:
            if own in self.known:  # the file was taken away, or another one copied over it
                self.server.drop(own)
            self.server.create(own, said[0] if said else None)
            self.known.add(own)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(own)
        return own

    def drop_below(self, folder: Path) -> None:
        """A test is over: its own stores are not needed any more."""
        for path in folder.rglob("*"):
            own = _name_of(path.resolve())
            if own in self.known:
                self.server.drop(own)
                self.known.remove(own)


def _name_of(path: Path) -> str:
    return "store_" + hashlib.sha256(str(path).encode()).hexdigest()[:24]


DATABASES = Databases()


@pytest.fixture(scope="session", autouse=True)
def stores_of_the_run() -> Iterator[None]:
    if not POSTGRES:
        yield
        return
    with patch.object(workflow.store.engine, "_engine", DATABASES.engine), DATABASES.ends:
        yield


@pytest.fixture(autouse=True)
def databases_go(request: pytest.FixtureRequest) -> Iterator[None]:
    if not POSTGRES or "tmp_path" not in request.fixturenames:
        yield
        return
    folder = request.getfixturevalue("tmp_path")
    yield
    DATABASES.drop_below(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On PostgreSQL the tests about SQLite's own matters are left out."""
    for item in items:
        marker = item.get_closest_marker("sqlite")
        if marker and POSTGRES:
            item.add_marker(pytest.mark.skip(reason=f"SQLite alone: {marker.kwargs['reason']}"))


def for_others(path: Path) -> str:
    """The address of a store for a process that knows nothing of tests."""
    url = f"sqlite:///{path}"
    return DATABASES.url(url) if POSTGRES else url


def on_sqlite(path: Path) -> str:
    """The address of a store that lies in a file of SQLite wherever the others lie."""
    return f"sqlite:///{path}" + ("?timeout=15" if POSTGRES else "")


@contextmanager
def mark_of(path: Path) -> Iterator[Callable[[], object]]:
    """What is asked for a mark that changes with everything that another connection writes to a store."""
    if not POSTGRES:
        with closing(sqlite3.connect(path)) as connection:
            yield lambda: connection.execute("PRAGMA data_version").fetchone()[0]
        return
    name = DATABASES.name(path.resolve())
    tables = DATABASES.server.say("SELECT quote_ident(tablename) FROM pg_tables "
                                  "WHERE schemaname = 'public' ORDER BY 1", name)  # fmt: skip
    rows = (
        f"(SELECT string_agg(t::text, ',' ORDER BY t::text) FROM {table} t)" for (table,) in tables
    )
    query = f"SELECT md5(concat_ws('|', {', '.join(rows)}))"
    yield lambda: DATABASES.server.say(query, name)[0][0]


def differences(connection: Connection) -> list[object]:
    """What of a store is not as the models say; the index of terms is none of them."""

    def among_models(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or not is_of_index(name or "")

    context = MigrationContext.configure(connection, opts={"include_name": among_models})
    return list(compare_metadata(context, Base.metadata))
