"""Contents are brought from one place to another while files are sent and read."""

import pytest
from sqlalchemy import update

from config.errors import Damaged, StorageAway
from tests.workflow.service.files.outside import Wrapped, broken, four, names, read, rows
from workflow.service import storing
from workflow.service.office import Office
from workflow.store import contents as kept
from workflow.store import files as kept_files
from workflow.store.file_models import FileContentRow
from workflow.store.outside import Contents
from workflow.store.storages import MARK, Folder


def test_contents_are_brought_over_and_back(office, place, files, filed, person, tmp_path):
    sent, second = four(files, person, filed[0]), Folder(tmp_path / "second")
    size, told = sum(map(len, sent.values())), list[tuple[int, int]]()
    for contents, there, empty in (
        (Contents(place), place, second),
        (Contents(second, [place]), second, place),
        (Contents(None, [second]), None, second),
    ):
        office.store.contents = contents
        told.clear()
        assert storing.move(office, lambda *said: told.append(said)) == storing.Moved(4, size, ())
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert read(files, person, filed[0], sent) and broken(office) == []
        assert {row.key for row in rows(office)} == (names(there) if there else {None})
        assert names(empty) == set()
        assert storing.move(office) == storing.Moved(0, 0, ())
    where = storing.where(office)
    assert [(one.address, one.files, one.in_force) for one in where] == [
        ("database", 4, True),
        (second.address, 0, False),
    ]


def test_it_is_cut_off_read_meanwhile_and_goes_on(office, place, files, filed, person):
    sent = four(files, person, filed[0])
    wrapped = Wrapped(place)
    office.store.contents = Contents(wrapped)

    def cut_off(number: int, _: int) -> None:
        if number == 2:
            wrapped.away.add("put")

    with pytest.raises(StorageAway):
        storing.move(office, cut_off)
    assert [row.key is None for row in rows(office)] == [False, False, True, True]
    assert read(files, person, filed[0], sent) and broken(office) == []
    wrapped.away.clear()
    assert any("还有 2 份文件存放在 database" in told for _, told in storing.looked_at(office))
    assert storing.move(office).files == 2
    assert read(files, person, filed[0], sent) and len(names(place)) == 4


@pytest.mark.tampering(reason="a content in the database is bent")
def test_what_is_damaged_stays_where_it_is_and_the_rest_is_brought_over(
    office, place, files, filed, person
):
    first, *_ = four(files, person, filed[0])
    with office.store.write() as unit:
        change = update(FileContentRow).where(FileContentRow.file_id == first)
        unit.session.execute(change.values(sealed=b"x" * 500))
    office.store.contents = Contents(place)
    done = storing.move(office)
    assert (done.files, done.spoilt) == (3, (first,))
    assert [row.key is None for row in rows(office)] == [True, False, False, False]


def test_a_place_that_keeps_something_else_than_it_was_given_gets_nothing_deleted(
    office, place, files, filed, person, monkeypatch
):
    sent = four(files, person, filed[0])
    office.store.contents = Contents(place)
    put = Folder.put
    monkeypatch.setattr(Folder, "put", lambda self, name, content: put(self, name, content if name == MARK else content[:-1] + b"x"))  # fmt: skip
    with pytest.raises(Damaged):
        storing.move(office)
    monkeypatch.undo()
    assert read(files, person, filed[0], sent) and names(place) == set()


def test_a_file_that_goes_while_it_is_brought_over_stays_gone(
    office, place, files, filed, person, monkeypatch
):
    first, *_ = four(files, person, filed[0])
    office.store.contents = Contents(place)
    sound = storing._sound

    def gone_meanwhile(office: Office, held: kept.Held) -> bytes | None:
        content = sound(office, held)
        if held.id == first:
            with office.store.write() as unit:
                row = kept_files.file_of(unit, held.case_id, first)
                kept_files.take_back(unit, row, office.keys, office.now())
        return content

    monkeypatch.setattr(storing, "_sound", gone_meanwhile)
    assert storing.move(office).files == 3
    assert len(names(place)) == 3 == len(rows(office))


def test_what_is_looked_at_is_right_or_told(office, place, files, filed, person, tmp_path):
    four(files, person, filed[0])
    assert list(storing.looked_at(office)) == []
    office.store.contents = Contents(place)
    (one, good), (other, told) = storing.looked_at(office)
    assert one and good == f"文件内容存放在 {place.address}，能写、能读、能删"
    assert not other and told == "还有 4 份文件存放在 database：请运行 gongkai files move"
    storing.move(office)
    assert [good for good, _ in storing.looked_at(office)] == [True]
    for away in ("put", "get", "delete"):
        wrapped = Wrapped(place)
        office.store.contents = Contents(wrapped)
        wrapped.away.add(away)
        told = list(storing.looked_at(office))
        assert not told[0][0] and "文件内容存放的地方不能用：away" in told[0][1], away
    wrapped = Wrapped(place)
    wrapped.away.add("get")
    office.store.contents = Contents(Folder(tmp_path / "second"), [wrapped])
    assert [good for good, _ in storing.looked_at(office)] == [True, False]
    assert list(storing.looked_at(office))[1][1] == "以前存放文件的地方不能用：away"
    office.store.contents = Contents()
    (bad, told), *_ = storing.looked_at(office)
    assert not bad and "有 4 份文件存放在标记为" in told
    office.store.contents = Contents(place)


def test_what_is_there_already_or_gone_is_left_alone(office, place, files, filed, person):
    first, *_ = four(files, person, filed[0])
    office.store.contents = Contents(place)
    storing.move(office)
    mark = rows(office)[0].storage
    before = names(place)
    assert storing._moved(office, first, mark, False) == -1
    assert storing._moved(office, 999, mark, False) == -1
    assert names(place) == before
