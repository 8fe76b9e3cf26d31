"""A backup is whole and its owner's alone, holds one state, and lets nobody but who has the keys see anything."""

import gzip
import json
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from tests.stores import POSTGRES
from tests.tampering import tampering
from tests.workflow.service.backups.installed import PAPER, Installation, left_in
from workflow.case.application import ApplicationForm
from workflow.service.backups import archive, making
from workflow.service.backups.archive import header_of, read_archive
from workflow.service.backups.key_file import read_keys
from workflow.service.backups.told import CannotBackUp
from workflow.service.cases.intake import Intake
from workflow.store import dialect_snapshot
from workflow.store.file_models import FileContentRow
from workflow.store.key import SM

FORM = {
    "agency": "panlong",
    "applicant": {"kind": "citizen", "name": "张三", "id_type": "resident_id",
                  "id_number": "11010519491231002X", "phone": "13800000000"},
    "items": ["2023年度农村公路养护合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip


def opened(house: Installation, name: str = "a.backup") -> tuple[archive.Manifest, Path]:
    """What a backup says, and its store, as who has both files reads them."""
    file = house.folder / name
    header = header_of(file)
    key = next(k for k in read_keys(file.with_name(f"{name}.keys")) if k.number == header.key)
    store = house.folder / f"{name}.db"
    return read_archive(file, key, store), store


def test_both_files_are_whole_and_their_owners_alone(house: Installation) -> None:
    made = house.backup()
    assert sorted(one.name for one in house.folder.iterdir()) == [
        "a.backup",
        "a.backup.keys",
        "data",
    ]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (made.file, made.file.with_name("a.backup.keys"))} == {0o600}  # fmt: skip
    assert left_in(house.folder, house.data) == []
    assert made.size == made.file.stat().st_size > 20_000
    manifest, store = opened(house)
    assert manifest == made.manifest
    assert (manifest.cases, manifest.files, manifest.lacking) == (6, 1, 0)
    assert manifest.revision == making.newest() and manifest.indexed is (not POSTGRES)
    assert manifest.tables is not None and set(manifest.tables) == {"panlong 2025", "panlong 2026", "jiangna 2026"} & set(manifest.tables)  # fmt: skip
    assert {"panlong 2025", "jiangna 2026"} <= set(manifest.tables)
    with closing(sqlite3.connect(store)) as connection:
        for table in ("case", "event", "file_content", "stamp"):
            counted = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            assert counted == manifest.rows[table] > 0


def test_nothing_of_what_it_holds_can_be_read_without_the_keys(house: Installation) -> None:
    file = house.backup().file
    content = file.read_bytes()
    for word in ("张三", "养护合同", "panlong", "SQLite format", "sha256"):
        assert word.encode() not in content
    assert PAPER not in content
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(content)
    said = json.loads(content.split(b"\n")[1])
    assert set(said) == {"gongkai backup", "made_at", "version", "revision", "key", "cipher", "check", "salt"}  # fmt: skip


def test_one_that_is_there_is_overwritten_only_where_that_is_asked(house: Installation) -> None:
    house.backup()
    before = (house.folder / "a.backup").read_bytes()
    with pytest.raises(CannotBackUp, match="已经存在"):
        house.backup()
    assert (house.folder / "a.backup").read_bytes() == before
    house.backup(replace=True)
    assert (house.folder / "a.backup").read_bytes() != before
    opened(house)


@pytest.mark.parametrize("name", ("none/a.backup", "data"))
def test_a_place_where_none_can_lie_is_said(house: Installation, name: str) -> None:
    with pytest.raises(CannotBackUp, match="文件夹"):
        house.backup(name)
    assert sorted(one.name for one in house.folder.iterdir()) == ["data"]


def test_the_kind_of_the_key_seals_it(house: Installation, tmp_path: Path) -> None:
    from workflow.store.key_folder import KeyFolder

    place = KeyFolder(house.data)
    key = place.read()[0].next(SM)
    place.prepare(key)
    place.take(place.read()[0], key)
    made = house.backup()
    assert (header_of(made.file).key, json.loads(made.file.read_bytes().split(b"\n")[1])["cipher"]) == (1, SM)  # fmt: skip
    assert [one.number for one in read_keys(made.file.with_name("a.backup.keys"))] == [1, 0]
    assert opened(house)[0].cases == 6


def test_what_was_answered_before_is_in_it_and_nothing_by_half(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is made somebody files: a case is in it with its log or not at all."""
    intake, over, filed = Intake(house.office), threading.Event(), list[str]()
    form = ApplicationForm.model_validate(FORM)

    def file() -> None:
        while not over.is_set():
            filed.append(intake.file(form).number)

    thread = threading.Thread(target=file)
    before = [intake.file(form).number for _ in range(2)]
    seen: list[int] = []
    plain = dialect_snapshot.snapshot

    def slow(*given: object) -> bool:
        started = len(filed)
        while len(filed) < started + 2:
            over.wait(0.01)
        done = plain(*given)  # type: ignore[arg-type]
        seen.append(len(filed))
        while len(filed) < seen[0] + 2:
            over.wait(0.01)
        return done

    monkeypatch.setattr(making, "snapshot", slow)
    thread.start()
    try:
        house.backup()
    finally:
        over.set()
        thread.join(60)
    manifest, store = opened(house)
    with closing(sqlite3.connect(store)) as connection:
        there = {row[0] for row in connection.execute('SELECT number FROM "case"')}
        without = connection.execute(
            'SELECT count(*) FROM "case" c WHERE NOT EXISTS (SELECT 1 FROM event WHERE case_id = c.id)'
        ).fetchone()[0]
    assert set(before) <= there and without == 0
    assert manifest.cases < 8 + len(filed)


def test_a_store_of_an_earlier_version_is_backed_up_as_it_is(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before an upgrade: no table of this version is asked for. Rows of PostgreSQL have to be copied, which needs it."""
    with house.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0052'"))
    if POSTGRES:
        with pytest.raises(CannotBackUp, match="pg_dump"):
            house.backup()
        return
    manifest = house.backup().manifest
    assert (manifest.revision, manifest.head, manifest.tables) == ("0052", None, None)
    assert manifest.rows["case"] == 6


def test_an_empty_place_has_nothing_to_back_up(tmp_path: Path) -> None:
    from tests.stores import on_sqlite
    from workflow.service import Office
    from workflow.store.sealed import Secrets
    from workflow.store.store import Store

    store = Store(on_sqlite(tmp_path / "empty.db"))
    try:
        with pytest.raises(CannotBackUp, match="还没有数据"):
            making.make_backup(Office(store, Secrets(bytes(32))), tmp_path, tmp_path / "a.backup")
    finally:
        store.close()


@pytest.mark.tampering(reason="the content of a file is taken away")
def test_a_content_that_is_missing_is_told(house: Installation) -> None:
    with tampering(house.office.store) as connection:
        connection.execute(delete(FileContentRow))
    made = house.backup()
    assert made.manifest.lacking == 1 and "1 份材料" in (made.lacks() or "")


@pytest.mark.sqlite(reason="a file of SQLite that was written over")
@pytest.mark.tampering(reason="the file of the store is spoilt")
def test_a_spoilt_store_is_no_backup(house: Installation) -> None:
    house.office.store.close()
    path = house.data / "gongkai.db"
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 40))
    with pytest.raises(CannotBackUp, match="损坏"):
        house.backup()
    assert sorted(one.name for one in house.folder.iterdir()) == ["data"]
    assert left_in(house.data) == []


def test_what_cannot_be_read_again_gets_no_name(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = archive.read_archive

    def bent(place: Path, *given: object) -> archive.Manifest:
        with place.open("r+b") as file:
            file.seek(-40, os.SEEK_END)
            file.write(b"x")
        return plain(place, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(archive, "read_archive", bent)
    with pytest.raises(CannotBackUp, match="损坏"):
        house.backup()
    assert sorted(one.name for one in house.folder.iterdir()) == ["data"]
