"""A real office over a real SQLite store: migrated once, copied for every test."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from config.law import Law, load_law
from tests.workflow.service.sampling import migrated_store
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.store.sealed import Secrets
from workflow.store.store import Store

# A shared machine may be slow for a moment; an example is wrong by its values, not by its time.
settings.register_profile("core", deadline=None)
settings.load_profile("core")


@pytest.fixture(scope="session")
def law() -> Law:
    return load_law()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    migrated_store(path).close()
    return path


@pytest.fixture
def office_on(migrated: Path, tmp_path: Path) -> Iterator[Callable[[date], Office]]:
    """A new office whose clock stands at ten in the morning of the given day."""
    opened: list[Office] = []

    def open_on(day: date) -> Office:
        path = tmp_path / f"store{len(opened)}.db"
        shutil.copy(migrated, path)
        moment = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
        opened.append(Office(Store(f"sqlite:///{path}"), Secrets.throwaway(), now=lambda: moment))
        return opened[-1]

    yield open_on
    for office in opened:
        office.store.close()


@pytest.fixture
def office(office_on: Callable[[date], Office]) -> Office:
    return office_on(date(2026, 11, 23))
