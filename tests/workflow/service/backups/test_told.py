"""What is said of a backup: why none was made or put back, what is otherwise than it was, what is noted of it. Almost no
installation is needed."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from config.errors import StorageAway
from tests.workflow.service.backups.installed import Installation
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.service import stamps
from workflow.service.backups import making, restoring, state
from workflow.service.backups.archive import Header, Manifest
from workflow.service.backups.key_file import keys_content
from workflow.service.backups.making import Made, _why_of_store, what_it_says
from workflow.service.backups.restoring import Keys, Restored, drill, find_keys
from workflow.service.backups.told import CannotBackUp, CannotRestore
from workflow.service.copying import CannotCopy, NotTheSame
from workflow.store.key import AES, Key
from workflow.store.key_folder import KEY_FILE
from workflow.store.sealed_stream import Spoilt

AT = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)
BEFORE = Key(0, bytes(range(32)))
NOW = BEFORE.next(AES)
HEAD = '{"gongkai": "head", "format": 1, "taken_at": "2026-03-04T09:30:00+08:00", "events": 1, "audit": {"lines": 0, "hash": "0"}, "installation": {"lines": 0, "hash": "0"}, "bodies": []}'  # fmt: skip
LATER = HEAD.replace('"bodies": []', '"bodies": [{"code": "a", "name": "甲", "lines": 0, "hash": "0", "cases": 0, "cases_hash": "0"}]')  # fmt: skip


def header(**given: Any) -> Header:
    known = {
        "made_at": AT,
        "version": "1",
        "revision": "0054",
        "key": 1,
        "check": NOW.check_value(),
        "format": 1,
    }
    return Header(**(known | given))


def manifest(**given: Any) -> Manifest:
    known: dict[str, Any] = {
        "made_at": AT, "version": "0.1.0", "revision": "0054", "rows": {}, "cases": 6, "files": 1, "lacking": 0,
        "indexed": True, "head": HEAD, "tables": {"panlong 2026": "0", "panlong 2025": "1"},
    }  # fmt: skip
    return Manifest(**(known | given))


# -- making ------------------------------------------------------------------------------------------------


def named(name: str | None) -> sqlite3.Error:
    error = sqlite3.OperationalError("said by SQLite")
    if name:
        error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SQLITE_CORRUPT", "已经损坏"), ("SQLITE_CORRUPT_INDEX", "已经损坏"), ("SQLITE_NOTADB", "已经损坏"),
        ("SQLITE_FULL", "磁盘满了"), ("SQLITE_IOERR_WRITE", "磁盘满了"), ("SQLITE_BUSY", "库读不出来（SQLITE_BUSY）"),
    ],
)  # fmt: skip
def test_why_the_store_gives_no_backup_is_said(name: str, said: str) -> None:
    assert said in _why_of_store(named(name))
    assert said in _why_of_store(OperationalError("SELECT", {}, named(name)))
    assert "（OperationalError）" in _why_of_store(named(None))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "x", "/nas/a"), "没有备份：文件 /nas/a 写不进去或者读不出来（磁盘已满）。没有留下不完整的备份"),
        (OSError(28, "x"), "没有备份：文件 写不进去或者读不出来（磁盘已满）"),
        (named("SQLITE_FULL"), "没有备份：数据文件夹所在的磁盘满了"),
        (OperationalError("SELECT", {}, named("SQLITE_NOTADB")), "没有备份：库文件已经损坏"),
        (Spoilt("读回来不一样"), "没有备份：读回来不一样"),
        (StorageAway("s3://kept：没有权限", "稍后再试"), "没有备份：s3://kept：没有权限"),
    ],
)  # fmt: skip
def test_whatever_fails_is_said_and_leaves_nothing(
    house: Installation, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(making, "snapshot", fails)
    with pytest.raises(CannotBackUp) as caught:
        house.backup()
    assert str(caught.value).startswith(said)
    assert [one.name for one in house.folder.iterdir()] == ["data"]


def test_a_place_that_cannot_be_is_said_each_in_its_way(house: Installation) -> None:
    (house.folder / "file").touch()
    for name, said in (("data", "是一个文件夹"), ("none/a", "none 不存在"), ("file", "已经存在")):
        with pytest.raises(CannotBackUp, match=said):
            house.backup(name)


def test_every_step_is_said_and_what_was_cut_off_before(house: Installation) -> None:
    left = house.data / ".gongkai-work-0123456789abcdef"
    left.mkdir()
    (left / "lock").touch()
    made = house.backup(keys=False)
    assert made.keys is None and not (house.folder / "a.backup.keys").exists()
    assert len(house.said) == 5 and "没有做完" in house.said[0] and not left.exists()
    house.backup("b.backup")
    assert house.said[5:] == house.said[1:5]


def test_what_is_noted_of_it_names_its_place_and_its_size() -> None:
    made = Made(Path("/nas/a.backup"), None, 7, manifest())
    assert made.noted() == {"folder": "/nas", "file": "a.backup", "size": 7}
    assert made.lacks() is None
    assert "有 1 份材料" in (Made(made.file, None, 7, manifest(lacking=1)).lacks() or "")


def test_the_tables_of_every_body_and_year_have_a_mark_of_their_own(tmp_path: Path) -> None:
    """By it a restored store is held to the store that was backed up."""
    town = Town(tmp_path, "2025-05-06")
    town.file()
    town.is_("2026-03-02")
    town.file("jiangna")
    _, tables = what_it_says(town.office)
    assert {"panlong 2025", "jiangna 2026"} <= set(tables)
    assert all(len(one) == 64 and int(one, 16) for one in tables.values())
    town.file("jiangna")
    _, later = what_it_says(town.office)
    assert later["jiangna 2026"] != tables["jiangna 2026"]
    assert later["panlong 2025"] == tables["panlong 2025"]
    town.office.store.close()


# -- keys ---------------------------------------------------------------------------------------------------


def test_a_backup_is_opened_by_the_key_of_its_number_and_no_other() -> None:
    keys = Keys((NOW, BEFORE), "密钥文件 k", own=False)
    assert keys.for_(header()) == NOW
    assert keys.for_(header(key=0, check=BEFORE.check_value())) == BEFORE
    for bent in ({"key": 0}, {"check": BEFORE.check_value()}, {"key": 2}):
        with pytest.raises(CannotRestore, match=r"密钥文件 k 里没有打开这个备份的密钥（第 \d 个）"):
            keys.for_(header(**bent))


def test_where_the_keys_were_found_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    file, data = tmp_path / "a.backup", tmp_path / "data"
    with pytest.raises(CannotRestore, match=rf"没有找到密钥文件 {file}\.keys.*--keys"):
        find_keys(file, None, data)
    data.mkdir()
    (data / KEY_FILE).write_bytes(BEFORE.secret)
    found = find_keys(file, None, data)
    assert (found.keys, found.place, found.own) == (
        (BEFORE,),
        f"本机的密钥（{data / KEY_FILE}）",
        True,
    )
    beside = tmp_path / "a.backup.keys"
    beside.write_bytes(keys_content((NOW,)))
    for given in (None, beside):
        found = find_keys(file, given, data)
        assert (found.keys, found.place, found.own) == ((NOW,), f"密钥文件 {beside}", False)
    beside.unlink()
    (data / KEY_FILE).write_bytes(b"short")
    with pytest.raises(CannotRestore, match="不完整，没有恢复"):
        find_keys(file, None, data)


# -- putting back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotCopy("目标库里有数据，原库没有动"), "恢复到的库里有数据，备份没有动"),
        (NotTheSame("目标库与原库不同"), "恢复到的库与备份不同"),
        (Spoilt("第 1 段打不开"), "第 1 段打不开。没有恢复：请换一份备份"),
        (OSError(28, "x", "/d/gongkai.db"), "没有恢复：文件 /d/gongkai.db 写不进去或者读不出来（磁盘已满）"),
        (OSError(28, "x"), "没有恢复：文件 写不进去或者读不出来（磁盘已满）"),
        (named("SQLITE_FULL"), "没有恢复：库写不进去或者读不出来（SQLITE_FULL）"),
        (OperationalError("x", {}, named("SQLITE_FULL")), "没有恢复：库写不进去或者读不出来（SQLITE_FULL）"),
        (OperationalError("x", {}, named(None)), "没有恢复：库写不进去或者读不出来（OperationalError）"),
    ],
)  # fmt: skip
def test_why_nothing_is_put_back_is_said(error: Exception, said: str) -> None:
    with pytest.raises(CannotRestore) as caught, restoring._said():
        raise error
    assert str(caught.value).startswith(said) and "orig" not in str(caught.value)


def test_a_store_is_worked_on_beside_its_place(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert restoring._place_for(f"sqlite:///{tmp_path}/at/gongkai.db", data) == tmp_path / "at"
    assert restoring._place_for("postgresql+psycopg://h/gongkai", data) == data
    with pytest.raises(CannotRestore, match="没有写明数据库文件"):
        restoring._empty("sqlite://")
    (tmp_path / "gongkai.db-shm").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CannotRestore, match=r"gongkai\.db-shm 已经存在"):
        restoring._empty(f"sqlite:///{tmp_path}/gongkai.db")


@pytest.mark.parametrize(
    ("head", "now", "broken", "same_version", "faults", "notices"),
    [
        (HEAD, {}, [], True, [], []),
        (HEAD, {"panlong 2025": "2"}, [], True, ["panlong 2025 年的表三、表四与备份时不同"], []),
        (HEAD, {"panlong 2025": "2"}, [], False, [], ["panlong 2025 年的表三、表四与备份时不同"]),
        (HEAD, {"jiangna 2024": "2"}, [], True, ["jiangna 2024 年的表三、表四与备份时不同"], []),
        (LATER, {}, [], False, ["链头与备份时不同"], []),
        (HEAD, {}, [("panlong", "audit", "断了")], True, ["panlong audit：断了"], []),
        (LATER, {}, [("panlong", "audit", "断了")], True, ["panlong audit：断了"], []),
    ],
)  # fmt: skip
def test_what_is_otherwise_than_the_backup_said_is_a_fault_and_tables_of_another_version_a_notice(
    monkeypatch: pytest.MonkeyPatch, head: str, now: dict[str, str], broken: list[Any], same_version: bool,
    faults: list[str], notices: list[str],
) -> None:  # fmt: skip
    said = manifest(version=restoring._version() if same_version else "0.0.9")
    tables = {**(said.tables or {}), **now}
    monkeypatch.setattr(restoring, "what_it_says", lambda _: (head, tables))
    monkeypatch.setattr(restoring, "broken_since", lambda *_: iter(broken))
    assert restoring._compared(None, said) == (faults, notices)  # type: ignore[arg-type]  # no office is asked
    for lacks in ({"head": None}, {"tables": None}):
        found, told = restoring._compared(None, manifest(**lacks))  # type: ignore[arg-type]  # the same
        assert found == [] and len(told) == 1 and "以前版本" in told[0]


def test_only_one_without_faults_is_good() -> None:
    def restored(*faults: str) -> Restored:
        keys = Keys((NOW,), "k", own=False)
        return Restored(Path("a"), header(), manifest(), keys, faults, ("x",), False, AT, 1.0)

    assert restored().good and not restored("panlong").good


def test_a_store_that_came_there_meanwhile_is_not_written_over(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, to = house.kept(), house.folder / "new"
    plain = restoring.lay_keys

    def lay(*given: Any) -> list[Path]:
        (to / "gongkai.db").write_bytes(b"mine")
        return plain(*given)

    monkeypatch.setattr(restoring, "lay_keys", lay)
    with pytest.raises(CannotRestore, match=r"gongkai\.db 已经存在"):
        house.restore(file, to)
    assert (to / "gongkai.db").read_bytes() == b"mine"


def test_a_restore_says_its_steps_and_what_was_cut_off_before(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, to = house.kept(), house.folder / "new"
    synced: list[int] = []
    monkeypatch.setattr(restoring, "sync_folder", lambda place: synced.append(place.stat().st_ino))
    house.said.clear()
    house.restore(file, to)
    assert synced == [to.stat().st_ino] and len(house.said) == 5
    assert not any("没有做完" in one for one in house.said)
    other = house.folder / "other"
    left = other / ".gongkai-work-0123456789abcdef"
    left.mkdir(parents=True)
    (left / "lock").touch()
    house.said.clear()
    house.restore(file, other)
    assert "上一次恢复没有做完" in house.said[0] and not left.exists() and len(house.said) == 6


@pytest.mark.parametrize(("indexed", "made"), [(True, []), (False, [True])])
def test_terms_are_indexed_anew_where_they_did_not_come_along(
    house: Installation, monkeypatch: pytest.MonkeyPatch, indexed: bool, made: list[bool]
) -> None:
    """Of a backup of PostgreSQL; without it a search after the restore finds nothing."""
    file = house.kept()
    plain, migrated = restoring.read_archive, restoring.migrate_office
    done: list[bool] = []

    def said(*given: Any) -> Manifest:
        found = vars(plain(*given))
        return Manifest(**{**found, "indexed": indexed})

    def migrate(office: Any, *, search: bool) -> Any:
        done.append(search)
        return migrated(office, search=search)

    monkeypatch.setattr(restoring, "read_archive", said)
    monkeypatch.setattr(restoring, "migrate_office", migrate)
    assert house.restore(file, house.folder / "new").good and done == made


def test_one_of_another_form_is_refused(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = house.kept()
    monkeypatch.setattr(restoring, "header_of", lambda _: header(format=2))
    with pytest.raises(CannotRestore, match=r"更新的版本（1）做的"):
        house.restore(file, house.folder / "new")


def test_a_drill_without_a_data_folder_is_held_elsewhere_and_says_what_was_cut_off(
    house: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, elsewhere = house.kept(), tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(restoring, "gettempdir", lambda: str(elsewhere))
    for folder, cut_off in (
        (house.folder / "none", False),
        (house.folder / "none", True),
        (house.data, True),
    ):
        if cut_off:
            place = house.data if folder == house.data else elsewhere
            (place / ".gongkai-work-0123456789abcdef").mkdir()
            (place / ".gongkai-work-0123456789abcdef" / "lock").touch()
        house.said.clear()
        keys = find_keys(file, None, folder)
        assert drill(file, keys, folder, lambda: house.now, house.said.append).good
        assert any("演练没有做完" in one for one in house.said) is cut_off
        assert not folder.exists() or folder == house.data
        assert list(elsewhere.iterdir()) == []
        assert any("核对日志" in one for one in house.said), "every log is held to its hashes"


# -- what is noted ----------------------------------------------------------------------------------------


def test_what_is_noted_is_read_again(house: Installation) -> None:
    office = house.office
    with office.store.read() as unit:
        first = [unit.session.scalar(query) for query in state._FIRST]
    assert state.last_backup(office).since == min(at for at in first if at is not None)
    assert (state.last_backup(office).place, state.last_backup(office).size) == ("", 0)
    state.note(office, stamps.BACKED_UP, folder="/nas", file="a.backup", size=7)
    house.now += timedelta(hours=1)
    state.note(office, stamps.NOT_BACKED_UP, why="磁盘已满")
    house.now += timedelta(hours=1)
    state.note(office, stamps.DRILL, good=True, own=True)
    last = state.last_backup(office)
    assert (last.place, last.size, last.failure) == ("/nas/a.backup", 7, "磁盘已满")
    assert (last.made_at, last.failed_at, last.drill_at) == (
        house.now - timedelta(hours=2), house.now - timedelta(hours=1), house.now,
    )  # fmt: skip
    assert (last.drill_good, last.drill_own) == (True, True)
    for said in ({"file": "a.backup"}, {"folder": "/nas"}):
        state.note(office, stamps.BACKED_UP, **said)
        assert state.last_backup(office).place == ""
    state.note(office, stamps.DRILL, good="yes", own=1)
    last = state.last_backup(office)
    assert (last.drill_good, last.drill_own) == (False, False)


@pytest.mark.parametrize("ours", [True, False])
def test_a_store_of_an_earlier_shape_is_not_asked_for_its_clock(
    monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    done: list[str] = []

    class Store:
        def doing(self, name: str) -> Any:
            class Block:
                def __enter__(self) -> Any:
                    done.append(name)
                    return SimpleNamespace(set_stamp=lambda *given: done.append(given[0]))

                def __exit__(self, *_: object) -> None:
                    done.append("over")

            return Block()

        def unasked(self) -> Any:
            return self.doing("unasked")

        def write(self) -> Any:
            return self.doing("write")

        @property
        def engine(self) -> Any:
            return SimpleNamespace(connect=lambda: self.doing("look"))

    monkeypatch.setattr(state, "suits", lambda _: ours)
    office: Any = SimpleNamespace(store=Store(), now=lambda: AT)
    state.note(office, stamps.DRILL, good=True)
    asked = [one for one in done if one not in ("over", "look")]
    assert asked == [*([] if ours else ["unasked"]), "write", stamps.DRILL]
