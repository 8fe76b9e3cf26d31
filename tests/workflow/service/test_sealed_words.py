"""Names, requests and the words of logs at rest: sealed where the setting says so, and nothing else of them lies in the
store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.stores import on_sqlite
from tests.tampering import some, tampering
from tests.workflow.service.at_rest import (
    PHONE,
    SEALING,
    WORDS,
    as_it_lies,
    found_by,
    in_files,
    left_of,
    lying,
    opened,
    rows,
)
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.test_retention import LATER, NAME, NOTED, PROOF, REQUEST, TERMS, Archive
from workflow.case.destroyed import GONE
from workflow.service import Office
from workflow.service.applicants.held import Asked, HeldAboutPerson
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify
from workflow.service.cases.worklist import Worklist
from workflow.service.installation import complete_search
from workflow.service.keys import InstallationKeys, NotInOrder, WrittenOtherwise
from workflow.store.copying import compare, copy_rows, finish
from workflow.store.keyed import hanging
from workflow.store.migrate import migrate
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store
from workflow.store.words import UNREAD, is_sealed, of_words

# -- what lies in the store ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with a case that was filed, handled, answered and archived: plain, and sealed from the beginning."""
    paths = tuple(tmp_path_factory.mktemp("words") / name for name in ("plain", "sealed"))
    for path, keys in zip(paths, (KEYS, SEALING), strict=True):
        store = migrated_store(path)
        Archive(Office(store, keys), **TERMS)
        store.close()
    return paths[0], paths[1]


@pytest.fixture
def archive(made: tuple[Path, Path], tmp_path: Path) -> Iterator[Archive]:
    """That was sealed from the beginning."""
    found = Archive.over(opened(Path(shutil.copy(made[1], tmp_path / "store.db")), SEALING))
    yield found
    found.office.store.close()


@pytest.fixture
def plain(made: tuple[Path, Path], tmp_path: Path) -> Iterator[Archive]:
    """The same lying plain."""
    found = Archive.over(opened(Path(shutil.copy(made[0], tmp_path / "plain.db")), KEYS))
    yield found
    found.office.store.close()


def sealing(archive: Archive, tmp_path: Path) -> Archive:
    """The same store with the setting on."""
    url = archive.office.store.url
    archive.office.store.close()
    office = Office(Store(url), SEALING)
    return Archive.over(office)


def test_nothing_of_a_case_lies_plain_in_any_table(archive: Archive) -> None:
    assert left_of(WORDS, lying(archive.office.store.engine)) == []
    assert verify(archive.office, full=True) == []
    case = archive.reading.case(archive.drafter, archive.number)
    assert (case.applicants[0].name, case.title) == (NAME, REQUEST)
    assert NOTED in str(case)


def test_a_plain_store_shows_what_this_would_find(plain: Archive) -> None:
    """The phone and the proof are sealed in any case."""
    found = set(left_of(WORDS, lying(plain.office.store.engine)))
    assert found >= {NAME, REQUEST, NOTED, "水库移民"} and not found & {PHONE, PROOF}


@pytest.mark.sqlite(reason="reads the bytes of its file")
def test_nothing_of_a_case_lies_plain_in_the_files(archive: Archive, tmp_path: Path) -> None:
    archive.register("2036-03-01", name="司马小刚", items=["青龙河采砂许可"])
    with archive.office.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, search_index, row)"
        )
        indexed = {term for (term,) in connection.exec_driver_sql("SELECT term FROM temp.said")}
    assert left_of((*WORDS, "司马小刚", "司马", "青龙河"), in_files(tmp_path / "store.db")) == []
    assert all(term.startswith("§") or term.isascii() for term in indexed)


@pytest.mark.sqlite(reason="reads the bytes of its file")
def test_what_was_plain_goes_from_the_files(plain: Archive, tmp_path: Path) -> None:
    assert REQUEST in left_of(WORDS, in_files(tmp_path / "plain.db"))
    archive = sealing(plain, tmp_path)
    InstallationKeys(archive.office).turn_words(seal=True)
    archive.office.store.close()
    assert left_of(WORDS, in_files(tmp_path / "plain.db")) == []


def test_a_store_is_sealed_and_opened_again_without_a_change(
    plain: Archive, tmp_path: Path
) -> None:
    before = rows(plain.office)
    archive = sealing(plain, tmp_path)
    keys = InstallationKeys(archive.office)
    number = keys.words_otherwise()
    assert number == 3 + sum(1 for _ in before["event"])
    told: list[int] = []
    done = keys.turn_words(lambda name, rows: told.append(rows), seal=True)
    assert done.spoilt == {} and done.rows == told[-1] == 2 + len(before["event"])
    assert (
        left_of(WORDS, lying(archive.office.store.engine)) == [] and rows(archive.office) == before
    )
    assert keys.words_otherwise() == 0 and verify(archive.office, full=True) == []
    assert keys.turn_words(seal=True).rows == 0
    with pytest.raises(WrittenOtherwise, match=r"现在的设置是加密保存.*请先改成明文保存"):
        keys.turn_words(seal=False)
    archive.office.store.close()
    office = Office(Store(archive.office.store.url), KEYS)
    keys = InstallationKeys(office)
    assert keys.words_otherwise() == number
    with pytest.raises(WrittenOtherwise, match=r"现在的设置是明文保存.*请先改成加密保存"):
        keys.turn_words(seal=True)
    assert keys.turn_words(seal=False).rows == done.rows
    assert NAME in lying(office.store.engine) and rows(office) == before
    assert not [one for one in as_it_lies(office) if is_sealed(one)]
    assert verify(office, full=True) == []
    office.store.close()


def test_a_word_is_not_found_by_its_pairs_alone(archive: Archive) -> None:
    """Of which the index does not know the order."""
    other = archive.register("2036-03-01", items=["名册补偿移民，水库民补"], proof="E2")
    done = Search(archive.office).find(archive.drafter, REQUEST)
    assert [one.number for one in done.cases] == [archive.number]
    assert [one.number for one in Search(archive.office).find(archive.drafter, "民补").cases] == [
        other, archive.number,
    ]  # fmt: skip


def test_who_asks_is_known_by_name_and_number(archive: Archive) -> None:
    second = archive.register("2036-03-01", name=NAME, proof=PROOF, items=["别的事"])
    case = archive.reading.case(archive.drafter, second)
    assert [one.number for one in case.others] == [archive.number]
    held = HeldAboutPerson(archive.office)
    for asked in (Asked(PROOF), Asked(name=NAME, contact=PHONE)):
        told = held.find(archive.who("zhuren"), "panlong", asked, "own", "")
        assert [number for number, _ in told.cases] == [archive.number, second]
    assert (
        held.find(
            archive.who("zhuren"), "panlong", Asked(name="欧阳", contact=PHONE), "own", ""
        ).cases
        == ()
    )


# -- keys, mixtures, what is over ----------------------------------------------------------------------


def test_a_new_key_takes_the_words_with_it(archive: Archive) -> None:
    office = archive.office
    first = office.keys.now
    ring = Secrets([first.next("sm"), first], seals_words=True)
    office = Office(office.store, ring, now=office.now)
    with office.store.read() as unit:
        before = hanging(unit, 0)
    words = {name for name, _ in of_words()} - {
        "case.applicant_now",
        "applicant.description",
        "applicant.filed_as",
    }
    assert words < set(before) and "applicant.name_hash" in before
    later = Archive.over(office).register("2036-03-01", name=NAME, proof=PROOF, items=["别的事"])
    done = InstallationKeys(office).reseal()
    assert done.spoilt == {}
    with office.store.read() as unit:
        left, now = hanging(unit, 0), hanging(unit, 1)
    assert not words & set(left) and words < set(now) and "applicant.name_hash" not in left
    alone = Office(office.store, Secrets([ring.now], seals_words=True), now=office.now)
    assert [one.number for one in found_by(alone, "移民补偿")] == [archive.number]
    assert {one.number for one in found_by(alone, NAME)} == {archive.number, later}
    assert verify(office, full=True) == []


def test_plain_and_sealed_cases_stand_beside_each_other(plain: Archive, tmp_path: Path) -> None:
    archive = sealing(plain, tmp_path)
    second = archive.register("2036-03-01", name=NAME, proof=PROOF, items=[REQUEST])
    for words in (REQUEST, "水库", NAME, "欧阳"):
        assert {one.number for one in found_by(archive.office, words)} == {archive.number, second}
    assert verify(archive.office, full=True) == []
    held = HeldAboutPerson(archive.office)
    for number in (archive.number, second):
        held.put_right(
            archive.who("zhuren"),
            "panlong",
            Asked(PROOF),
            number,
            {"phone": "13900000000"},
            "本人更正",
        )
    assert {one.number for one in found_by(archive.office, "13900000000")} == {
        archive.number,
        second,
    }
    assert found_by(archive.office, PHONE) == []


@pytest.mark.parametrize(
    "turned", [False, True], ids=["as it was indexed", "after its row was sealed"]
)
def test_a_file_is_destroyed_however_it_lay(plain: Archive, tmp_path: Path, turned: bool) -> None:
    archive = sealing(plain, tmp_path)
    if turned:
        InstallationKeys(archive.office).turn_words(seal=True, finish=False)
    archive.destroyed()
    for words in (REQUEST, NAME, NOTED):
        assert found_by(archive.office, words) == []
    assert left_of(WORDS, lying(archive.office.store.engine)) == []
    case = rows(archive.office)
    assert case["applicant"][0][3:5] == (GONE, None)
    assert verify(archive.office, full=True) == []


def test_what_lies_sealed_is_copied_as_it_lies(archive: Archive, tmp_path: Path) -> None:
    """Nothing is opened and sealed on the way, and whoever copies needs no key."""
    target = Store(on_sqlite(tmp_path / "copy.db"))
    migrate(target.engine)
    with archive.office.store.engine.connect() as connection:
        copy_rows(connection, target.engine, lambda *_: None)
        with target.engine.connect() as other:
            assert compare(connection, other, lambda *_: None) > 20
    finish(target.engine)
    office = Office(target, SEALING, now=archive.office.now)
    lies = sorted(as_it_lies(office))
    assert lies == sorted(as_it_lies(archive.office)) and any(map(is_sealed, lies))
    complete_search(office, anew=True)
    assert [one.number for one in found_by(office, REQUEST)] == [archive.number]
    assert verify(office, full=True) == []
    target.close()


def test_what_looks_as_if_it_were_sealed_is_read_as_it_was_typed(
    plain: Archive, tmp_path: Path
) -> None:
    typed = "sealed-0:这是申请人写的"
    plain.clock(LATER)
    number = plain.register("2036-03-01", items=[typed], proof="E3")
    assert plain.reading.case(plain.drafter, number).title == typed
    archive = sealing(plain, tmp_path)
    InstallationKeys(archive.office).turn_words(seal=True)
    archive.office.store.close()
    office = Office(Store(archive.office.store.url), KEYS)
    InstallationKeys(office).turn_words(seal=False)
    again = Archive.over(office)
    assert again.reading.case(again.drafter, number).title == typed
    assert verify(office, full=True) == []
    office.store.close()


def test_a_name_is_never_compared_as_it_lies() -> None:
    with pytest.raises(TypeError, match=r"applicant\.name may be sealed"):
        select(ApplicantRow.id).where(ApplicantRow.name == NAME)
    assert str(CaseRow.applicant_now.is_not(None))


# -- what somebody bends -------------------------------------------------------------------------------

OTHER = "(SELECT {0} FROM {1} o WHERE o.id = 2) WHERE id = 1"
BENT = {
    "a request cut": "UPDATE \"case\" SET request = substr(request, 1, length(request) - 4)",
    "a request of another case": f"UPDATE \"case\" SET request = {OTHER.format('request', chr(34) + 'case' + chr(34))}",
    "a request plain": "UPDATE \"case\" SET request = '别的事'",
    "a request by no key": "UPDATE \"case\" SET request = 'sealed-7:' || substr(request, 10)",
    "a request that is none": "UPDATE \"case\" SET request = 'sealed-0:???'",
    "an item cut": "UPDATE \"case\" SET items = '[\"sealed-0:AAAA\"]'",
    "a name cut": "UPDATE applicant SET name = substr(name, 1, length(name) - 4)",
    "a name of another": f"UPDATE applicant SET name = {OTHER.format('name', 'applicant')}",
    "a name as a request": "UPDATE applicant SET name = (SELECT request FROM \"case\" LIMIT 1)",
    "a name plain": "UPDATE applicant SET name = '李四'",
    "the hash of another name": f"UPDATE applicant SET name_hash = {OTHER.format('name_hash', 'applicant')}",
    "no hash of a name": "UPDATE applicant SET name_hash = NULL",
    "a line cut": "UPDATE event SET fields = '\"sealed-0:AAAA\"'",
    "a line plain": "UPDATE event SET fields = '{\"note\": \"别的话\"}'",
    "a line of another": "UPDATE event SET fields = (SELECT o.fields FROM event o WHERE o.id = 2) WHERE id = 1",
}  # fmt: skip


@pytest.fixture(scope="module")
def two(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(made[1], tmp_path_factory.mktemp("two") / "store.db"))
    archive = Archive.over(opened(path, SEALING))
    archive.register("2036-03-01", name="司马小刚", proof="E2", items=["青龙河采砂许可"])
    archive.office.store.close()
    return path


@pytest.mark.tampering(reason="what lies sealed is bent on purpose")
@pytest.mark.parametrize("way", some(BENT))
def test_what_is_bent_is_found_and_takes_no_page_away(two: Path, tmp_path: Path, way: str) -> None:
    archive = Archive.over(opened(Path(shutil.copy(two, tmp_path / "store.db")), SEALING))
    assert verify(archive.office) == []
    with tampering(archive.office.store) as connection:
        connection.execute(text(BENT[way]))
    found = verify(archive.office)
    both = {archive.number, "2036-0001"}
    assert {one.number for one in found} == ({archive.number} if "another" in way else both)
    assert not left_of((*WORDS, "司马小刚"), str(found))
    items, total = Worklist(archive.office).cases(archive.drafter)
    assert (len(items), total) == (2, 2)
    with pytest.raises(NotInOrder):
        InstallationKeys(archive.office).turn_words(seal=True)
    archive.office.store.close()


@pytest.mark.tampering(reason="what lies sealed is bent on purpose")
def test_what_opens_with_no_key_is_said_to_be_unreadable(archive: Archive) -> None:
    with tampering(archive.office.store) as connection:
        connection.execute(text("UPDATE \"case\" SET request = 'sealed-0:' || substr(request, 14)"))
    items, _ = Worklist(archive.office).cases(archive.drafter)
    assert [one.title for one in items] == [str(UNREAD)]
    (first, *_) = verify(archive.office)
    assert first.message == "案卷的内容无法读取"
