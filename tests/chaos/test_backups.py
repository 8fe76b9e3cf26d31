"""A backup, a restore and a drill that are killed, or whose disk is full, at every step: the old state stands, the next run
works."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.steps import DONE, REFUSED, Work, dead, ended, full
from tests.stores import POSTGRES
from tests.workflow.service.backups.conftest import house
from tests.workflow.service.backups.installed import Installation, left_in, rows
from workflow.service.backups.archive import header_of, read_archive
from workflow.service.backups.key_file import read_keys
from workflow.service.backups.making import make_backup
from workflow.service.backups.restoring import drill, find_keys, restore
from workflow.store.store import Store

__all__ = ["house"]

pytestmark = pytest.mark.skipif(
    POSTGRES, reason="kills what works on files; onto PostgreSQL: test_restoring.py"
)
EVERY_STEP = pytest.mark.long(reason="a process for every step, a minute")


class Tried:
    """The three works over an installation, and what has to stand after each of them, however it ended."""

    def __init__(self, house: Installation) -> None:
        self.house, self.to = house, house.folder / "new"
        self.was = rows(house.office.store)
        self.file = house.kept()
        self.made = house.folder / "b.backup"
        house.office.store.close()

    def backup(self, say: Callable[[str], None]) -> None:
        office = self.house.opened(self.house.settings)
        try:
            make_backup(office, self.house.data, self.made, say=say, replace=True)
        finally:
            office.store.close()

    def restore(self, say: Callable[[str], None]) -> None:
        url = f"sqlite:///{self.to / 'gongkai.db'}"
        keys = find_keys(self.file, None, self.to)
        restore(self.file, keys, url, self.to, lambda: self.house.now, say, lambda *_: None)

    def drill(self, say: Callable[[str], None]) -> None:
        keys = find_keys(self.file, None, self.house.data)
        assert drill(self.file, keys, self.house.data, lambda: self.house.now, say).good

    def work(self, name: str) -> Work:
        return {"backup": self.backup, "restore": self.restore, "drill": self.drill}[name]

    def stands(self, *, clean: bool) -> None:
        """clean: nothing of a work is left either."""
        store = Store(f"sqlite:///{self.house.data / 'gongkai.db'}")
        assert rows(store) == self.was
        store.close()
        self.is_whole_or_not_there()
        if clean:
            assert left_in(self.house.folder, self.house.data, self.to) == []

    def is_whole_or_not_there(self) -> None:
        if self.made.exists():
            assert header_of(self.made).revision
            (key,) = read_keys(self.made.with_name("b.backup.keys"))
            assert read_archive(self.made, key).cases == 6
        store = self.to / "gongkai.db"
        if store.exists():
            assert sorted(one.name for one in self.to.iterdir() if one.name[0] != ".") == ["gongkai.db", "secret.key"]  # fmt: skip
            opened = Store(f"sqlite:///{store}")
            assert rows(opened) == self.was
            opened.close()

    def next_works(self, name: str) -> None:
        """The next run ends well and leaves nothing behind; a store that got its place is left alone."""
        there = name == "restore" and (self.to / "gongkai.db").exists()
        code, _, said = ended(self.work(name), 0, dead)
        assert (code, "已经存在" in said) == ((REFUSED, True) if there else (DONE, False)), said
        self.stands(clean=True)

    def again(self) -> None:
        """As before the work."""
        for place in (self.made, self.made.with_name("b.backup.keys")):
            place.unlink(missing_ok=True)
        shutil.rmtree(self.to, ignore_errors=True)


@pytest.fixture
def tried(house: Installation) -> Tried:
    return Tried(house)


def steps_of(tried: Tried, name: str) -> int:
    code, steps, said = ended(tried.work(name), 0, dead)
    assert code == DONE, said
    tried.again()
    return steps


def killed(tried: Tried, name: str, at: int) -> None:
    code, _, said = ended(tried.work(name), at, dead)
    assert code == -signal.SIGKILL, said
    tried.stands(clean=False)
    tried.next_works(name)
    tried.again()


def filled(tried: Tried, name: str, at: int) -> None:
    code, _, said = ended(tried.work(name), at, full)
    if code == DONE:  # the step was one that may fail, such as the note of a folder
        return tried.again()
    assert code == REFUSED and said.count("。") <= 3, said
    tried.stands(clean=True)
    if name != "backup":
        assert not (tried.to / "gongkai.db").exists()
    else:
        assert not tried.made.exists() and not tried.made.with_name("b.backup.keys").exists()
    tried.next_works(name)
    tried.again()


def test_killed_in_the_middle_the_next_run_works(tried: Tried) -> None:
    killed(tried, "backup", 2 * steps_of(tried, "backup") // 3)


def test_a_full_disk_is_said_and_leaves_nothing(tried: Tried) -> None:
    filled(tried, "backup", 2 * steps_of(tried, "backup") // 3)


@EVERY_STEP
@pytest.mark.parametrize("how", (killed, filled))
@pytest.mark.parametrize("name", ("backup", "restore", "drill"))
def test_at_every_step(tried: Tried, name: str, how: Callable[[Tried, str, int], None]) -> None:
    steps = steps_of(tried, name)
    assert steps >= 6
    for at in range(1, steps + 1):
        how(tried, name, at)
    print(f"{name} {how.__name__}: {steps} steps", flush=True)


@pytest.mark.parametrize("name", ("backup", "restore"))
def test_a_file_that_cannot_grow_is_said_and_leaves_nothing(tried: Tried, name: str) -> None:
    """Not what Python writes alone: the database itself is refused by the system."""
    code, _, said = ended(tried.work(name), 0, dead, largest=150_000)
    assert code == REFUSED and ("磁盘" in said or "写不进去" in said), said
    tried.stands(clean=True)
    assert not tried.made.exists() and not (tried.to / "gongkai.db").exists()


def test_what_does_not_stand_is_noticed(tried: Tried, tmp_path: Path) -> None:
    """Of the looking itself: half a file in the place of a whole one."""
    tried.made.write_bytes(tried.file.read_bytes()[:-100])
    tried.made.with_name("b.backup.keys").write_bytes(tried.file.with_name("a.backup.keys").read_bytes())  # fmt: skip
    with pytest.raises(Exception, match=r"损坏|不完整"):
        tried.is_whole_or_not_there()
