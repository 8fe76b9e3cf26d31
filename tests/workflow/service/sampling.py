"""Stores to begin with: a migrated one, and the demonstration; each is made once and copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.kept import copied
from workflow import people
from workflow.service import Office
from workflow.service.docket.sample import fill_sample
from workflow.service.installation import WHOLE
from workflow.store.migrate import migrate, newest
from workflow.store.sealed import Secrets
from workflow.store.store import Store

PASSWORD = "Blue-Paper-42"
KEYS = Secrets(bytes(range(32)))
"""Of every demonstration: what is sealed in the kept one has to open in its copies."""


QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Password hashes are slow on purpose; twenty of them say nothing about the cases."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", QUICK)
        yield


def migrated_store(path: Path) -> Store:
    """An empty store of today's shape."""
    copied("migrated", path, _migrated)
    return Store(f"sqlite:///{path}")


def _migrated(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    bring_up(store)
    store.close()


def bring_up(store: Store) -> None:
    """A new store in its shape, as `migrate_office` leaves it, with which more than the shape comes."""
    migrate(store.engine)
    with store.write() as unit:
        unit.set_stamp(WHOLE, newest())


def filled(office: Office) -> Office:
    """Fill an empty store, here and now."""
    with quick_hashes():
        fill_sample(office, PASSWORD)
    return office


def sample_office(path: Path, moment: datetime) -> Office:
    """The demonstration as it is at that moment, by which the office's clock stands still."""

    def make(place: Path) -> None:
        store = migrated_store(place)
        filled(Office(store, KEYS, now=lambda: moment))
        store.close()

    copied(f"sample-{moment:%Y-%m-%dT%H%M}", path, make)
    return Office(Store(f"sqlite:///{path}"), KEYS, now=lambda: moment)
