"""Contents of files outside of the database: in a folder, and in a bucket of an S3-compatible server."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from config.errors import Damaged, StorageAway
from tests import samples
from tests.workflow.service.files.outside import PNG, Wrapped, broken, four, names, read, rows
from tests.workflow.service.files.papers import PDF, WORD, counts
from workflow.service import storing
from workflow.service.files import Files
from workflow.service.installation import complete_search
from workflow.service.keys import InstallationKeys
from workflow.service.office import Office
from workflow.store import contents as kept
from workflow.store import files as kept_files
from workflow.store.file_models import FileContentRow, FileTextRow
from workflow.store.key import SM
from workflow.store.keyed import hanging
from workflow.store.outside import Contents
from workflow.store.sealed import Secrets
from workflow.store.storages import MARK, Folder
from workflow.store.store import Store

# -- sent, read, taken back ---------------------------------------------------------------------------


def test_a_content_lies_outside_sealed_and_for_its_owner_alone(
    outside, place, files, filed, person
):
    number, code = filed
    files.upload_as_applicant(number, code, "id_proof", "张三11010519491231002X.png", PNG)
    files.upload(person("clerk"), number, "reply", "答复.docx", WORD)
    first, second = rows(outside)
    assert len(first.sealed) < 200 and names(place) == {first.key, second.key}
    for path in [place.folder, *place.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        if path.is_file():
            data = path.read_bytes()
            assert "独一无二的内容".encode() not in data and WORD[:60] not in data
            assert b"11010519491231002X" not in path.name.encode()
    listed, _ = files.for_staff(person("clerk"), number).files
    assert files.open(person("clerk"), number, listed.id).content == PNG
    assert broken(outside) == []


def test_the_setting_is_the_database_and_nothing_lies_outside(office, files, filed, person, folder):
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    (row,) = rows(office)
    assert (row.storage, row.key) == (None, None) and len(row.sealed) > len(PDF)
    assert [one.name for one in folder.iterdir() if one.is_dir()] == []
    assert list(storing.looked_at(office)) == []


@pytest.mark.parametrize("cipher", ["aes", SM])
def test_what_was_sealed_in_either_way_is_read_under_the_other(
    office, place, files, filed, person, cipher
):
    office.store.contents = Contents(place, cipher=cipher)
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    office.store.contents = Contents(place, cipher="aes" if cipher == SM else SM)
    assert files.open(person("clerk"), filed[0], one.id).content == PDF


def test_of_a_transaction_that_comes_to_nothing_nothing_stays(
    outside, place, files, filed, person, monkeypatch
):
    files.upload(person("clerk"), filed[0], "other", "b.docx", WORD)
    before, add_file = names(place), kept_files.add_file

    def kept_and_then_broken(*args: object, **named: object) -> None:
        add_file(*args, **named)
        assert len(names(place)) == len(before) + 1
        raise OSError("disk full")

    monkeypatch.setattr(kept_files, "add_file", kept_and_then_broken)
    with pytest.raises(OSError, match="disk full"):
        files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    assert names(place) == before and counts(outside)[:2] == (1, 1)


def test_a_file_that_is_there_already_is_laid_once(outside, place, files, filed, person):
    first = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    assert files.upload(person("clerk"), filed[0], "other", "b.pdf", PDF).id == first.id
    assert len(names(place)) == 1


def test_where_the_answer_to_the_confirmation_is_lost_the_content_stays(
    outside, place, files, filed, person, monkeypatch
):
    """It may have been confirmed."""

    def lost(*_: object) -> None:
        raise RuntimeError("connection lost")

    monkeypatch.setattr("sqlalchemy.engine.base.RootTransaction._connection_commit_impl", lost)
    with pytest.raises(RuntimeError, match="connection lost"):
        files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    monkeypatch.undo()
    assert len(names(place)) == 1 and rows(outside) == []
    assert storing.sweep(outside, delete=True).found == 0
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert storing.sweep(outside, delete=True, now=later).found == 1 and names(place) == set()


def test_what_is_taken_back_goes_after_the_row(outside, place, files, filed, person, monkeypatch):
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    moment = outside.now()

    def take_back(*, then: Callable[[], None] = lambda: None) -> None:
        with outside.store.write() as unit:
            row = kept_files.file_of(unit, kept.one(unit, one.id).case_id, one.id)
            kept_files.take_back(unit, row, outside.keys, moment)
            then()

    def broken_off() -> None:
        raise OSError("killed")

    with pytest.raises(OSError, match="killed"):
        take_back(then=broken_off)
    assert len(names(place)) == 1 and files.open(person("clerk"), filed[0], one.id).content == PDF
    take_back()
    assert names(place) == set() and rows(outside) == [] and broken(outside) == []
    assert storing.delete_noted(outside) == 1, "it stays noted until it is known to be deleted"
    assert storing.delete_noted(outside) == 0


def test_what_could_not_be_deleted_is_deleted_later(office, place, files, filed, person):
    wrapped = Wrapped(place)
    office.store.contents = Contents(wrapped)
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    wrapped.away.add("delete")
    with office.store.write() as unit:
        row = kept_files.file_of(unit, kept.one(unit, one.id).case_id, one.id)
        kept_files.take_back(unit, row, office.keys, office.now())
    assert len(names(place)) == 1 and storing.delete_noted(office) == 0
    assert any("还没有删" in told for good, told in storing.looked_at(office) if not good)
    wrapped.away.clear()
    assert storing.sweep(office, delete=False).noted == 1 and names(place) == set()


# -- when the place fails -----------------------------------------------------------------------------


def test_where_the_place_is_away_nothing_is_kept_and_what_is_there_waits(
    outside, place, files, filed, person
):
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    away = place.folder.rename(place.folder.with_name("elsewhere"))
    place.folder.mkdir(mode=0o700)
    with pytest.raises(StorageAway, match="什么也没有保存") as caught:
        files.upload(person("clerk"), filed[0], "other", "b.docx", WORD)
    assert "没有挂载" in caught.value.why and counts(outside)[:2] == (1, 1)
    assert list(place.folder.rglob("*")) == [], "nothing is written where the place should be"
    with pytest.raises(Damaged, match="缺失或者已经损坏"):
        files.open(person("clerk"), filed[0], one.id)
    place.folder.rmdir()
    away.rename(place.folder)
    assert files.open(person("clerk"), filed[0], one.id).content == PDF


@pytest.mark.tampering(reason="its place is gone in the end")
def test_an_empty_place_is_not_begun_a_second_time(outside, place, files, filed, person):
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    shutil.rmtree(place.folder)
    outside.store.contents = Contents(place)
    with pytest.raises(StorageAway) as caught:
        files.upload(person("clerk"), filed[0], "other", "b.docx", WORD)
    assert "没有挂载" in caught.value.why and not place.folder.exists()
    assert [good for good, _ in storing.looked_at(outside)].count(False) >= 1


def test_the_place_of_another_installation_takes_nothing_and_loses_nothing(
    outside, place, files, filed, person
):
    with outside.store.write() as unit:
        unit.set_stamp("key", "first")
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    assert place.get(MARK).decode().endswith(" first")
    with outside.store.write() as unit:
        unit.set_stamp("key", "second")
    outside.store.contents = Contents(place)
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    for work in (
        lambda: files.upload(person("clerk"), filed[0], "other", "b.docx", WORD),
        lambda: storing.sweep(outside, delete=True, now=later),
        lambda: storing.move(outside),
    ):
        with pytest.raises(StorageAway) as caught:
            work()
        assert "另一个系统的文件" in caught.value.why
    assert len(names(place)) == 1 and counts(outside)[:2] == (1, 1)


def test_a_folder_that_others_can_read_takes_nothing(outside, place, files, filed, person):
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    place.folder.chmod(0o750)
    with pytest.raises(StorageAway) as caught:
        files.upload(person("clerk"), filed[0], "other", "b.docx", WORD)
    assert "chmod 700" in caught.value.why


def test_a_disk_that_is_full_leaves_no_half_content(
    outside, place, files, filed, person, monkeypatch
):
    resource = pytest.importorskip("resource")
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    large = samples.png(os.urandom(400_000))
    before, put = names(place), Folder.put

    def full(self: Folder, name: str, content: bytes) -> None:
        """The system refuses what goes beyond 100,000 bytes of a file, as a full disk does."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            put(self, name, content)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(Folder, "put", full)
    with pytest.raises(StorageAway):
        files.upload(person("clerk"), filed[0], "other", "b.png", large)
    assert names(place) == before and counts(outside)[:2] == (1, 1)


# -- what verify says ---------------------------------------------------------------------------------


@pytest.mark.tampering(reason="contents outside are bent, exchanged and taken away")
def test_what_is_bent_outside_is_named(outside, place, files, filed, person):
    for name, content in (("a.pdf", PDF), ("b.docx", WORD), ("c.png", PNG), ("d.pdf", samples.pdf("另一份"))):  # fmt: skip
        files.upload(person("clerk"), filed[0], "other", name, content)
    paths = [place._path(row.key) for row in rows(outside)]
    assert broken(outside) == []
    one = bytearray(paths[0].read_bytes())
    one[40] ^= 1
    paths[0].write_bytes(bytes(one))
    second, third = paths[1].read_bytes(), paths[2].read_bytes()
    paths[1].write_bytes(third)
    paths[2].write_bytes(second)
    paths[3].unlink()
    told = broken(outside)
    assert len(told) == 4
    for number, said in enumerate(sorted(told), 1):
        assert f"{number} 号存放在数据库以外的内容缺失，或者不是原来的" in said
    outside.store.contents = Contents(before=[])
    assert all("现在读不到" in one for one in broken(outside)), (
        "a place that is not set is no content that is missing"
    )


@pytest.mark.tampering(reason="the rows of two files are exchanged")
def test_a_content_opens_only_for_its_own_file(outside, files, filed, person):
    for name, content in (("a.pdf", PDF), ("b.docx", WORD)):
        files.upload(person("clerk"), filed[0], "other", name, content)
    first, second = rows(outside)
    with outside.store.write() as unit:
        for row, other in ((first, second), (second, first)):
            change = update(FileContentRow).where(FileContentRow.file_id == row.file_id)
            unit.session.execute(change.values(sealed=other.sealed, key=other.key))
    assert len(broken(outside)) == 2


@pytest.mark.tampering(reason="a content outside is taken away")
def test_the_index_is_made_anew_without_fetching_pictures_and_where_a_content_is_lost(
    office, place, files, filed, person
):
    wrapped = Wrapped(place)
    office.store.contents = Contents(wrapped)
    files.upload(person("clerk"), filed[0], "other", "a.png", PNG)
    two = files.upload(person("clerk"), filed[0], "other", "b.pdf", PDF)
    complete_search(office, anew=True)
    wrapped.away.add("get")
    complete_search(office, anew=True)
    with office.store.write() as unit:
        unit.session.execute(delete(FileTextRow))
    with pytest.raises(StorageAway):
        complete_search(office, anew=True)
    wrapped.away.clear()
    complete_search(office, anew=True)
    with office.store.read() as unit:
        assert set(unit.session.scalars(select(FileTextRow.file_id))) == {two.id}
    with office.store.write() as unit:
        unit.session.execute(delete(FileTextRow))
    place.delete(rows(office)[1].key)
    complete_search(office, anew=True)


# -- keys ---------------------------------------------------------------------------------------------


def test_a_new_key_seals_what_opens_a_content_and_leaves_it_as_it_lies(
    outside, place, files, filed, person
):
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    (before,) = rows(outside)
    lies, first = place.get(before.key), outside.keys.now
    office = Office(Store(outside.store.url), Secrets((first.next("sm"), first)), now=outside.now)
    office.store.contents = Contents(place)
    InstallationKeys(office).reseal(search=False)
    (after,) = rows(office)
    assert after.sealed != before.sealed and after.key == before.key
    assert place.get(after.key) == lies
    with office.store.read() as unit:
        assert "file_content.sealed" not in hanging(unit, 0)
        assert hanging(unit, 1)["file_content.sealed"] == 1
    found = Files(office, most_megabytes=10, most_files=5)
    assert found.open(person("clerk"), filed[0], one.id).content == PDF
    office.store.close()


# -- what is left over --------------------------------------------------------------------------------


def test_what_belongs_to_nothing_is_found_after_a_day_and_nothing_else_goes(
    outside, place, files, filed, person
):
    sent = four(files, person, filed[0])
    place.put("e" * 32, b"left")
    place.put("somebody-elses", b"kept")
    place._path("f" * 32).parent.mkdir(mode=0o700, exist_ok=True)
    place._path(f"{'f' * 32}.12345678.part").write_bytes(b"half")
    later = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert storing.sweep(outside, delete=True) == storing.Swept(0, 0, 0)
    assert storing.sweep(outside, delete=False, now=later) == storing.Swept(2, 8, 0)
    assert len(names(place)) == 7
    assert storing.sweep(outside, delete=True, now=later) == storing.Swept(2, 8, 0)
    assert (
        len(names(place)) == 5
        and place.get("somebody-elses")
        and read(files, person, filed[0], sent)
    )
    assert place.get(MARK)


# -- for a backup -------------------------------------------------------------------------------------


def test_a_copy_holds_all_contents_itself_and_takes_none_away(
    outside, place, files, filed, person, folder
):
    sent = four(files, person, filed[0])
    outside.store.close()
    shutil.copy(folder / "store.db", folder / "copy.db")
    copy = Office(Store(f"sqlite:///{folder / 'copy.db'}"), outside.keys, now=outside.now)
    assert storing.hold_all(copy, outside.store.contents).files == 4
    assert len(names(place)) == 4 and read(files, person, filed[0], sent)
    assert [row.key for row in rows(copy)] == [None] * 4
    there = Files(copy, most_megabytes=10, most_files=5)
    copy.store.contents = Contents()
    assert read(there, person, filed[0], sent) and broken(copy) == []
    assert list(storing.looked_at(copy)) == []
    shutil.rmtree(place.folder)
    copy.store.contents = Contents(place)
    assert storing.move(copy).files == 4, "restored where the place is lost, it begins it anew"
    assert read(there, person, filed[0], sent) and len(names(place)) == 4
    copy.store.close()
