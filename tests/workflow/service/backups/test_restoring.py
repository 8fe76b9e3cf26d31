"""A backup put back is what was backed up, row by row, or nothing is put back and it is said why."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.stores import POSTGRES, on_sqlite
from tests.tampering import tampering
from tests.workflow.service.backups.installed import (
    KEY,
    PAPER,
    Installation,
    left_in,
    on_this_database,
    rows,
)
from workflow.service import Office
from workflow.service.backups import restoring
from workflow.service.backups.archive import Manifest
from workflow.service.backups.key_file import keys_content, read_keys
from workflow.service.backups.making import every_key
from workflow.service.backups.restoring import drill, find_keys
from workflow.service.backups.told import CannotBackUp, CannotRestore
from workflow.service.cases.verify import verify
from workflow.service.installation import keys_of
from workflow.service.storing import move
from workflow.store import copying, files
from workflow.store.file_models import FileRow
from workflow.store.key import SM
from workflow.store.key_folder import KEY_FILE, KeyFolder, WrongKey
from workflow.store.migrate import newest
from workflow.store.models import CaseRow
from workflow.store.sealed import Secrets
from workflow.store.standing_file import NotReady
from workflow.store.store import Store


def office_of(house: Installation, to: Path, url: str | None = None) -> Office:
    store = Store(url or on_sqlite(to / "gongkai.db"))
    return Office(store, keys_of(store, to), now=lambda: house.now)


@pytest.mark.parametrize("onto", ("file", "this database") if POSTGRES else ("file",))
def test_what_is_put_back_is_what_was_backed_up(house: Installation, onto: str) -> None:
    """From SQLite and from PostgreSQL, into a file of SQLite and into either."""
    file = house.backup().file
    was = rows(house.office.store)
    to = house.folder / "new"
    url = on_this_database(house.folder / "place" / "new.db") if onto == "this database" else None
    done = house.restore(file, to, url=url)
    assert done.good and done.faults == () and not done.older and not done.keys.own
    assert stat.S_IMODE((to / KEY_FILE).stat().st_mode) == 0o600
    office = office_of(house, to, url)
    try:
        assert rows(office.store) == was
        assert verify(office, full=True) == []
        with office.store.read() as unit:
            row = unit.session.query(FileRow).one()
            assert files.content_of(unit, row, office.keys) == PAPER
            assert unit.stamp(copying.MARK) is None
    finally:
        office.store.close()
    assert left_in(house.folder, house.data, to) == []
    if url is None:
        assert sorted(one.name for one in to.iterdir()) == ["gongkai.db", KEY_FILE]
        assert stat.S_IMODE((to / "gongkai.db").stat().st_mode) == 0o600


def test_a_place_with_a_store_in_it_stays_as_it_is(house: Installation) -> None:
    file, to = house.kept(), house.folder / "new"
    to.mkdir()
    for name in ("gongkai.db", "gongkai.db-wal", "gongkai.db-journal"):
        (to / name).write_bytes(b"mine")
        with pytest.raises(CannotRestore, match=f"{name} 已经存在"):
            house.restore(file, to)
        assert [one.name for one in to.iterdir()] == [name]
        assert (to / name).read_bytes() == b"mine"
        (to / name).unlink()


@pytest.mark.skipif(not POSTGRES, reason="about a database that is not empty (make test-postgres)")
def test_a_database_with_something_in_it_stays_as_it_is(house: Installation) -> None:
    file, to = house.kept(), house.folder / "new"
    url = on_this_database(house.folder / "place" / "new.db")
    store = Store(url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (n INTEGER)"))
    store.close()
    with pytest.raises(NotReady, match="别的程序的，没有改动"):
        house.restore(file, to, url=url)
    ours = on_this_database(house.folder / "place" / "ours.db")
    assert house.restore(file, house.folder / "first", url=ours).good
    with pytest.raises(CannotRestore, match="恢复到的库里已有数据"):
        house.restore(file, to, url=ours)
    assert not (to / KEY_FILE).exists()


@pytest.mark.skipif(
    not POSTGRES, reason="rows are copied into PostgreSQL alone (make test-postgres)"
)
def test_one_that_was_cut_off_goes_on_and_is_opened_by_nobody_until_then(
    house: Installation,
) -> None:
    file, to = house.backup().file, house.folder / "new"
    url = on_this_database(house.folder / "place" / "new.db")
    keys = find_keys(file, None, to)

    class Cut(Exception):
        pass

    def cut(table: str, number: int, total: int) -> None:
        if table == "event":
            raise Cut

    with pytest.raises(Cut):
        restoring.restore(file, keys, url, to, lambda: house.now, house.said.append, cut)
    half = Store(url)
    with pytest.raises(WrongKey, match="没有复制完"):
        keys_of(half, to)
    half.close()
    assert house.restore(file, to, url=url).good
    assert any("接着" in line for line in house.said)
    office = office_of(house, to, url)
    assert rows(office.store) == rows(house.office.store)
    office.store.close()


# -- keys -------------------------------------------------------------------------------------------


def test_keys_are_those_named_those_beside_or_those_here(house: Installation) -> None:
    file = house.kept()
    elsewhere = house.folder / "safe" / "k"
    elsewhere.parent.mkdir()
    named = file.with_name("a.backup.keys").rename(elsewhere)
    with pytest.raises(CannotRestore, match="没有找到密钥文件"):
        house.restore(file, house.folder / "new")
    assert house.restore(file, house.folder / "one", keys=named).good
    for place in (
        house.data / KEY_FILE,
        house.data,
    ):  # a secret.key, and the folder in which it lies
        assert find_keys(file, place, house.folder / "new").keys == read_keys(named)
    (house.folder / "four").mkdir()
    (house.folder / "four" / KEY_FILE).write_bytes(KEY)
    done = house.restore(file, house.folder / "four")
    assert done.good and done.keys.own
    assert (house.folder / "four" / KEY_FILE).read_bytes() == KEY


def test_another_key_opens_nothing_and_nothing_is_put_there(house: Installation) -> None:
    file, to = house.kept(), house.folder / "new"
    other = house.folder / "other.key"
    other.write_bytes(os.urandom(32))
    with pytest.raises(CannotRestore, match="没有打开这个备份的密钥"):
        house.restore(file, to, keys=other)
    to.mkdir(exist_ok=True)
    (to / KEY_FILE).write_bytes(other.read_bytes())
    with pytest.raises(CannotRestore, match="另一个密钥"):
        house.restore(file, to)
    assert [one.name for one in to.iterdir()] == [KEY_FILE]
    assert (to / KEY_FILE).read_bytes() == other.read_bytes()


def test_another_key_in_the_environment_is_said_before_anything_is_put_there(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, to = house.kept(), house.folder / "new"
    monkeypatch.setenv("GONGKAI_SECRET", "pQ7vX2mK9rT4wZ8sL3nB6yH1")
    with pytest.raises(CannotRestore, match="GONGKAI_SECRET"):
        house.restore(file, to)
    assert list(to.iterdir()) == []


def test_a_key_from_the_environment_comes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation whose key lies in no file: its backup carries it, and it need not be set any more."""
    monkeypatch.setenv("GONGKAI_SECRET", KEY.decode("latin-1").replace("\0", "z"))
    keys = Secrets.of(KeyFolder(tmp_path, weak=True))
    (tmp_path / "k").write_bytes(keys_content(every_key(keys)))
    assert read_keys(tmp_path / "k") == every_key(keys)
    assert not (tmp_path / KEY_FILE).exists()


def test_a_backup_of_before_a_change_of_keys_opens_with_the_keys_of_today(
    house: Installation,
) -> None:
    file = house.backup().file
    file.with_name("a.backup.keys").unlink()
    place = KeyFolder(house.data)
    key = place.read()[0].next(SM)
    place.prepare(key)
    place.take(place.read()[0], key)
    assert sorted(one.name for one in place.files()) == [KEY_FILE, f"{KEY_FILE}.0"]
    done = house.restore(file, house.folder / "new", keys=house.data)
    assert done.good
    office = office_of(house, house.folder / "new")
    assert office.keys.numbers == [1, 0] and verify(office, full=True) == []
    office.store.close()


@pytest.mark.parametrize(
    "content", (b"", b"{", b'{"gongkai keys": 1}', b'{"gongkai keys": 1, "keys": [{}]}', b"x" * 40,
                b'{"gongkai keys": 1, "passphrase": {"scrypt": [1, 2]}}',
                b'{"gongkai keys": 1, "keys": []}'),
)  # fmt: skip
def test_a_spoilt_file_of_keys_is_said(house: Installation, content: bytes) -> None:
    file = house.kept()
    file.with_name("a.backup.keys").write_bytes(content)
    with pytest.raises(CannotRestore, match="密钥"):
        house.restore(file, house.folder / "new")


# -- what is not whole, newer, older ---------------------------------------------------------------


@pytest.mark.parametrize(
    "bend",
    (
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"x",
        lambda content: content[:30_000] + bytes([content[30_000] ^ 1]) + content[30_001:],
        lambda content: b"",
        lambda content: b"PK" + content,
    ),
)
def test_what_is_not_whole_leaves_nothing(
    house: Installation, bend: Callable[[bytes], bytes]
) -> None:
    file, to = house.kept(), house.folder / "new"
    file.write_bytes(bend(file.read_bytes()))
    with pytest.raises(CannotRestore):
        house.restore(file, to)
    with pytest.raises(CannotRestore):
        drill(file, find_keys(file, None, to), house.data, lambda: house.now, house.said.append)
    assert not to.exists() or list(to.iterdir()) == []
    assert left_in(house.data) == []


def test_a_backup_of_a_newer_version_is_refused_before_it_is_opened(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = house.kept()
    monkeypatch.setattr(restoring, "knows", lambda shape: shape != newest())
    with pytest.raises(CannotRestore, match=r"更新的版本（0\.1\.0）"):
        house.restore(file, house.folder / "new")
    assert list((house.folder / "new").iterdir()) == []


@pytest.mark.sqlite(reason="a store of an earlier version is backed up on SQLite alone")
@pytest.mark.tampering(reason="the store stays of the shape of an earlier version")
def test_a_backup_of_an_earlier_version_is_brought_to_this_one(house: Installation) -> None:
    from alembic import command

    from workflow.store.migrate import _config

    with house.office.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0052")
    file = house.backup().file
    done = house.restore(file, house.folder / "new")
    assert done.older and done.good and done.header.revision == "0052"
    assert "以前版本" in done.notices[0]
    office = office_of(house, house.folder / "new")
    assert verify(office, full=True) == []
    with office.store.engine.connect() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()
        )
    office.store.close()


@pytest.mark.tampering(reason="a log is changed before the backup")
def test_what_did_not_hold_when_it_was_backed_up_is_put_back_and_told(house: Installation) -> None:
    with tampering(house.office.store) as connection:
        connection.execute(update(CaseRow).values(state="archived"))
    file = house.backup().file
    done = house.restore(file, house.folder / "new")
    assert not done.good and any("panlong" in fault for fault in done.faults)
    assert (house.folder / "new" / "gongkai.db").exists()


@pytest.mark.parametrize("of", ("rows", "head", "tables"))
def test_what_the_backup_said_is_held_to(
    house: Installation, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    """Its own chunks prove a backup; the record is asked all the same, which tells of faults of our own."""
    file = house.kept()
    plain = restoring.read_archive

    def other(*given: Path) -> Manifest:
        manifest = plain(*given)  # type: ignore[arg-type]
        said = vars(manifest).copy()
        if of == "rows":
            said["rows"] = {**manifest.rows, "case": 7}
        elif of == "tables":
            said["tables"] = {**(manifest.tables or {}), "panlong 2025": "0" * 64}
        else:
            head = json.loads(manifest.head or "")
            head["bodies"][1]["cases_hash"] = "0" * 64
            said["head"] = json.dumps(head)
        return Manifest(**said)

    monkeypatch.setattr(restoring, "read_archive", other)
    if of == "rows":
        with pytest.raises(CannotRestore, match="（case）"):
            house.restore(file, house.folder / "new")
        assert list((house.folder / "new").iterdir()) == []
    else:
        done = house.restore(file, house.folder / "new")
        assert len(done.faults) == 1 and "panlong" in done.faults[0]


# -- trying it --------------------------------------------------------------------------------------


def test_a_drill_says_what_a_restore_would_and_leaves_nothing(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = house.kept()
    monkeypatch.setattr(restoring, "monotonic", iter((100.0, 103.5)).__next__)
    before = {one: one.stat().st_mtime_ns for one in house.data.iterdir() if one.is_file()}
    done = drill(file, find_keys(file, None, house.data), house.data, lambda: house.now, house.said.append)  # fmt: skip
    assert done.good and done.manifest.cases == 6 and done.seconds == 3.5
    assert done.begun_at == house.now and not done.keys.own
    assert {one: one.stat().st_mtime_ns for one in house.data.iterdir() if one.is_file()} == before
    assert left_in(house.data) == []


# -- contents that lie outside of the store ----------------------------------------------------------


@pytest.mark.tampering(
    reason="what lies outside is not reached by who looks at the store afterwards"
)
def test_contents_come_along_from_wherever_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is restored holds them itself; the place from which they came is not needed and stays as it was."""
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    place = tmp_path / "papers"
    house = Installation(tmp_path, file_storage=str(place))
    assert move(house.office).files == 1
    lying = sorted(one.name for one in place.rglob("*"))
    made = house.backup()
    assert made.manifest.lacking == 0
    assert sorted(one.name for one in place.rglob("*")) == lying
    place.rename(tmp_path / "elsewhere")
    done = house.restore(made.file, tmp_path / "new")
    assert done.good, done.faults
    office = office_of(house, tmp_path / "new")
    with office.store.read() as unit:
        row = unit.session.query(FileRow).one()
        assert files.content_of(unit, row, office.keys) == PAPER
    office.store.close()
    house.office.store.close()


@pytest.mark.tampering(
    reason="what lies outside is not reached by who looks at the store afterwards"
)
def test_contents_that_cannot_be_reached_are_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    place = tmp_path / "papers"
    house = Installation(tmp_path, file_storage=str(place))
    assert move(house.office).files == 1
    place.rename(tmp_path / "unmounted")
    with pytest.raises(CannotBackUp):
        house.backup()
    assert not (tmp_path / "a.backup").exists() and left_in(house.data) == []
    (tmp_path / "unmounted").rename(place)
    house.office.store.close()
