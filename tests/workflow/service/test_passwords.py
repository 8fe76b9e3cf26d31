"""A password is dear to look at on purpose: nobody waits for it who wants to write meanwhile."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.workflow.service.sampling import QUICK, migrated_store
from workflow import people
from workflow.dates import SHANGHAI
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.store.sealed import Secrets

OLD, NEW, OTHER, THIRD = "Blue-Paper-42", "Green-Paper-43", "Red-Paper-44", "Grey-Paper-45"


class Watched:
    """A hasher that looks whether a transaction that writes is open, and does what it is told first."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.works = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def hash(self, password: str) -> str:
        self._looked()
        return QUICK.hash(password)

    def verify(self, stored: str, given: str) -> bool:
        self._looked()
        found = QUICK.verify(stored, given)
        first, self.meanwhile = self.meanwhile, lambda: None
        first()
        return found

    def _looked(self) -> None:
        self.works += 1
        assert self.office.store.engine.pool.checkedout() == 0

    time_cost, memory_cost, parallelism = QUICK.time_cost, QUICK.memory_cost, QUICK.parallelism
    salt_len, hash_len = QUICK.salt_len, QUICK.hash_len


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    store = migrated_store(tmp_path / "store.db")
    yield Accounts(Office(store, Secrets.throwaway(), now=lambda: moment))
    store.close()


@pytest.fixture
def hasher(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched(accounts.office)
    monkeypatch.setattr(people, "_hasher", found)
    accounts.initialise(code="panlong", name="盘龙乡", level="township")
    accounts.create("lifang", "panlong", ("clerk",), password=OLD)
    return found


def test_no_transaction_that_writes_is_open_while_a_password_is_looked_at(
    accounts: Accounts, hasher: Watched
) -> None:
    assert accounts.log_in("lifang", OLD).name == "lifang"
    for name, password in (("lifang", OTHER), ("nobody", OLD)):
        with pytest.raises(BadInput, match="用户名或者密码不正确"):
            accounts.log_in(name, password)
    accounts.change_password("lifang", OLD, NEW)
    with pytest.raises(BadInput, match="原密码不正确"):
        accounts.change_password("lifang", OLD, OTHER)
    assert accounts.log_in("lifang", NEW).name == "lifang"
    assert hasher.works == 9


def test_a_password_that_changed_while_it_was_looked_at_opens_nothing(
    accounts: Accounts, hasher: Watched
) -> None:
    hasher.meanwhile = lambda: accounts.change_password("lifang", OLD, NEW)
    with pytest.raises(BadInput, match="用户名或者密码不正确"):
        accounts.log_in("lifang", OLD)
    hasher.meanwhile = lambda: accounts.change_password("lifang", NEW, OTHER)
    with pytest.raises(BadInput, match="原密码不正确"):
        accounts.change_password("lifang", NEW, THIRD)
    assert accounts.log_in("lifang", OTHER).name == "lifang"


def test_none_of_the_last_five_passwords_comes_back(accounts: Accounts, hasher: Watched) -> None:
    said = [OLD, NEW, OTHER, THIRD, "Pink-Paper-46", "Pale-Paper-47"]
    for before, after in itertools.pairwise(said):
        accounts.change_password("lifang", before, after)
        for known in said[max(0, said.index(after) - 4) : said.index(after)]:
            with pytest.raises(BadInput, match="最近 5 次用过的密码不能再用"):
                accounts.change_password("lifang", after, known)
    accounts.change_password("lifang", said[-1], OLD)
    assert accounts.log_in("lifang", OLD).name == "lifang"
