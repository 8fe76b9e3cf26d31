"""After every test, every store that it made is replayed from its log, as `gongkai verify` does it.

A store is looked at when it is closed, or at the end of the test if nobody closed it. Stores without
cases and exact copies of what was looked at before are passed over.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.engine import make_url

from tests.stores import DATABASES, POSTGRES
from workflow.service import Office, Unavailable
from workflow.service.cases.verify import Broken, verify
from workflow.service.records import broken_records
from workflow.store.models import CaseRow
from workflow.store.outside import Contents
from workflow.store.retried import told_apart
from workflow.store.sealed import Secrets
from workflow.store.storages import Storage
from workflow.store.store import Store

EVERY = 3
"""The journal of every third store is looked at: each way of writing is gone by many tests."""


class Replayed:
    """The stores of this run: which are open, and what was found in those looked at."""

    def __init__(self) -> None:
        self.open: list[Store] = []
        self.broken: list[Broken] = []
        self.known: set[str] = set()
        self.passing_over = False
        self.keys: dict[str, list[Secrets]] = {}
        self.places: dict[str, list[Storage]] = {}
        self._init, self._close, self._office = Store.__init__, Store.close, Office.__init__

    def opening(self, store: Store, url: str) -> None:
        self._init(store, url)
        self.open.append(store)

    def working(self, office: Office, store: Store, keys: Secrets, **how: Any) -> None:
        """An office with these keys works over a store: with them its journal is looked at."""
        self._office(office, store, keys, **how)
        known = self.keys.setdefault(store.url, [])
        if keys not in known:
            known.append(keys)

    def closing(self, store: Store) -> None:
        self._close(store)
        if store in self.open:
            self._note_places(store)
            self.open.remove(store)
            self.look_at(store.url)

    def look_at(self, url: str) -> None:
        """Replay every case of the store, unless just this content was replayed before."""
        digest = None if self.passing_over else content(url)
        if digest is None or digest in self.known:
            return
        store = object.__new__(Store)
        self._init(store, url)
        store.contents = Contents(None, self.places.get(url, ()))
        try:
            if has_cases(store):
                self.broken += verify(self._office_over(store, Secrets.throwaway()), codes=False)
                if len(self.known) % EVERY == 0:
                    self.broken += self._not_in_the_journal(store)
        finally:
            self._close(store)
        self.known.add(digest)

    def _not_in_the_journal(self, store: Store) -> list[Broken]:
        """What was written in a way that the journal does not know of. Where a test had several keys, one of them fits."""
        found: list[Broken] = []
        for keys in self.keys.get(store.url, ()):
            told = broken_records(self._office_over(store, keys), codes=True)
            found = [Broken(*one) for one in told]
            if not found:
                break
        return found

    def _office_over(self, store: Store, keys: Secrets) -> Office:
        office = object.__new__(Office)
        self._office(office, store, keys)
        return office

    def _note_places(self, store: Store) -> None:
        """Where contents of its files lie outside."""
        self.places.setdefault(store.url, []).extend(store.contents.places)

    def found(self) -> list[Broken]:
        """What is broken in the stores since this was last asked."""
        for store in self.open:
            self._note_places(store)
        for store in self.open:
            self.look_at(store.url)
        found, self.open, self.broken = self.broken, [], []
        self.places.clear()
        return found


def content(url: str) -> str | None:
    """A digest of everything in the store's files; None for a store that is gone."""
    if POSTGRES and (path := DATABASES.stands_for(url)):
        return content_on_server(path)
    database = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not database:
        return url
    files = [Path(database), Path(f"{database}-wal")]
    if not files[0].exists():
        return None
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def content_on_server(path: Path) -> str | None:
    """The same of a database, by its cases and how far their chains go."""
    if not path.is_file():
        return None
    query = (
        "SELECT md5(string_agg(concat_ws('|', c.id, c.head_hash, to_jsonb(c)), ',' ORDER BY c.id)) "
        "|| (SELECT md5(string_agg(e.hash || e.fields, ',' ORDER BY e.id)) FROM event e) FROM \"case\" c"
    )
    try:
        return str(DATABASES.server.say(query, DATABASES.name(path))[0][0])
    except psycopg.errors.UndefinedTable:
        return None


def has_cases(store: Store) -> bool:
    """Whether there is something to replay; a server that was stopped holds nothing."""
    with suppress(Unavailable), told_apart():
        return _has_cases(store)
    return False


def _has_cases(store: Store) -> bool:
    if not inspect(store.engine).has_table(CaseRow.__tablename__):
        return False
    with store.read() as unit:
        return bool(unit.session.scalar(select(func.count(CaseRow.id))))


@pytest.fixture(scope="session")
def replayed() -> Iterator[Replayed]:
    watch = Replayed()
    with (
        patch.object(Store, "__init__", lambda store, url: watch.opening(store, url)),
        patch.object(Store, "close", lambda store: watch.closing(store)),
        patch.object(Office, "__init__", lambda *given, **how: watch.working(*given, **how)),
    ):
        yield watch


@pytest.fixture(autouse=True)
def every_store_replays(request: pytest.FixtureRequest, replayed: Replayed) -> Iterator[None]:
    """Fails the test whose store does not follow from its log; @pytest.mark.tampering(reason=...) is
    for those that break one on purpose."""
    tampering = request.node.get_closest_marker("tampering")
    assert tampering is None or tampering.kwargs.get("reason"), "tampering needs its reason"
    replayed.passing_over = tampering is not None
    yield
    found = replayed.found()
    if found:
        pytest.fail("\n".join(f"{b.agency} {b.number}: {b.message}" for b in found), pytrace=False)
