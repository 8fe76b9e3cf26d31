"""An office at whose door people stand: who logs in, with a clock that a test moves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from tests.workflow.service.sampling import migrated_store, quick_hashes
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.staff import StaffRoom
from workflow.store.sealed import Secrets


class SignIn:
    """A township with these clerks, by user name with their passwords."""

    CLERKS: Mapping[str, str | None]
    HOUR = 10

    def __init__(self, path: Path) -> None:
        self.moment = datetime(2024, 5, 6, self.HOUR, tzinfo=SHANGHAI)
        self.office = Office(migrated_store(path), Secrets.throwaway(), now=lambda: self.moment)
        self.accounts = Accounts(self.office)
        self.accounts.initialise(code="panlong", name="盘龙乡", level="township")
        for name, password in self.CLERKS.items():
            self.accounts.create(name, "panlong", ("clerk",), password=password)
        self.room = StaffRoom(self.office, self.accounts)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        with quick_hashes():
            found = cls(folder / "store.db")
            yield found
        found.office.store.close()

    def later(self, **much: int) -> None:
        self.moment += timedelta(**much)
