"""An office whose clock is moved by hand, with channels for mail and short messages."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.channels import load_channels
from tests.workflow.service.sampling import quick_hashes
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.applicants.entry import Entry, Holder
from workflow.service.messages.outbox import Outbox, Outgoing
from workflow.store.sealed import Secrets
from workflow.store.store import Store


class House:
    """The office, its moment and what leaves it."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
        self.office = Office(store, Secrets.throwaway(), now=lambda: self.now)
        self.office.channels = tuple(load_channels()[name] for name in ("in_app", "mail", "sms"))
        self.entry = Entry(self.office)

    def later(self, **step: float) -> None:
        self.now += timedelta(**step)

    def rows(self, table: Any) -> list[Any]:
        with self.office.store.read() as unit:
            return list(unit.session.scalars(select(table)))

    def sent(self, *channels: str) -> list[Outgoing]:
        """What waits for the channels, as these get it; it is gone then."""
        outbox, found = Outbox(self.office), []
        for name in channels or ("mail", "sms"):
            while (message := outbox.claim(name)) is not None:
                outbox.handing(message)
                outbox.sent(message)
                found.append(message)
        return found

    def holder(self, account: int, way: str = "code") -> Holder:
        """A new session of the account."""
        found = self.entry.in_session(self.entry.begin(account, way, "Firefox"))
        assert found is not None
        return found


@pytest.fixture
def house(migrated: Path, tmp_path: Path) -> Iterator[House]:
    shutil.copy(migrated, tmp_path / "store.db")
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with quick_hashes():
        yield House(store)
    store.close()
