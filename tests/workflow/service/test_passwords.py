"""A password is dear to look at on purpose: nobody waits for it who wants to write meanwhile."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
        with pytest.MonkeyPatch.context() as patch:
            # Somebody else changes it in another process, which has a lane of its own.
            patch.setattr(people, "_lane", people.Lane())
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


def test_one_is_looked_at_one_waits_and_others_are_asked_to_come_again() -> None:
    lane, go_on, most = people.Lane(), threading.Event(), []

    def work() -> None:
        most.append(threading.current_thread().name)
        assert go_on.wait(5)

    with ThreadPoolExecutor(2) as threads:
        taken = [threads.submit(lane.run, work) for _ in range(2)]
        while lane._places._value or not most:
            time.sleep(0.001)
        for _ in range(8):
            with pytest.raises(people.Busy, match="请等几秒钟再试"):
                lane.run(work)
        assert len(most) == 1, "and the second has not begun"
        go_on.set()
        for one in taken:
            one.result(5)
    assert len(set(most)) == 1 and len(most) == 2 and lane._places._value == 2


def test_who_waits_too_long_is_refused_and_the_place_is_free_again() -> None:
    lane, go_on = people.Lane(wait_seconds=0.01), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(lane.run, lambda: go_on.wait(5))
        while not lane._turn.locked():
            time.sleep(0.001)
        for _ in range(3):
            with pytest.raises(people.Busy):
                lane.run(lambda: True)
        go_on.set()
        assert first.result(5) is True
    assert lane.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        lane.run(lambda: 1 // 0)
    assert lane.run(lambda: 8) == 8


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system has no nice")
def test_who_computes_a_hash_stands_back_behind_everybody_else() -> None:
    def nice() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = nice()
    assert people.Lane().run(nice) == min(people.STANDS_BACK, 19) and nice() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no process from another")
def test_a_process_that_was_made_from_this_one_has_a_lane_of_its_own() -> None:
    lane, go_on = people.Lane(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(lane.run, lambda: go_on.wait(5))
        while not lane._turn.locked():
            time.sleep(0.001)
        child = os.fork()
        if child == 0:
            os._exit(0 if lane.run(lambda: 7) == 7 else 1)
        _, status = os.waitpid(child, 0)
        go_on.set()
        assert first.result(5) is True
    assert os.waitstatus_to_exitcode(status) == 0
