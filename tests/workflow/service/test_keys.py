"""A new key while cases are handled: nothing is lost, everything is found, and afterwards the old one opens nothing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.workflow.service.sampling import KEYS, sample_office
from tests.workflow.service.town import Town
from workflow.dates import SHANGHAI
from workflow.service import Missing, Office
from workflow.service.applicants.held import Asked, HeldAboutPerson
from workflow.service.cases.alike import Alike
from workflow.service.cases.reading import Reading
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify
from workflow.service.keys import CannotRotate, InstallationKeys, NotInOrder
from workflow.store import keyed
from workflow.store.key import AES, SM, Key
from workflow.store.key_folder import KeyFolder
from workflow.store.keyed import hanging
from workflow.store.models import ApplicantRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

LONG = pytest.mark.long(
    reason="keys change under a whole installation; every run has one change of keys"
)


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)


class Keyed:
    """A town whose keys lie in a folder, as two processes know them."""

    def __init__(self, tmp_path: Path, *, weak: bool = False) -> None:
        self.folder = tmp_path / "keys"
        place = KeyFolder(self.folder, weak=weak)
        self.town = Town(tmp_path, "2024-05-06", keys=Secrets.of(place))
        self.office = self.town.office
        self.keys = InstallationKeys(self.office)
        store = Store(self.office.store.url)
        self.other = Office(
            store, Secrets.of(KeyFolder(self.folder, weak=weak)), now=self.office.now
        )
        with self.office.store.write() as unit:
            unit.set_stamp("key", self.office.keys.check_value())

    def hanging(self, number: int) -> dict[str, int]:
        """What sealing anew takes from a key."""
        with self.office.store.read() as unit:
            found = hanging(unit, number)
        return {name: count for name, count in found.items() if not keyed.stays(name)}

    def rows(self, *columns: Any) -> list[Any]:
        with self.office.store.read() as unit:
            return list(unit.session.execute(select(*columns).order_by(columns[0])).all())

    def viewed(self, number: str, code: str) -> str:
        return self.town.for_applicant.view(number, code).number


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Keyed]:
    made = Keyed(tmp_path)
    yield made
    made.other.store.close()
    made.office.store.close()


# -- all of the demonstration ------------------------------------------------------------------------


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Office]:
    office = sample_office(tmp_path / "store.db", datetime(2026, 11, 23, 10, tzinfo=SHANGHAI))
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "secret.key").write_bytes(KEYS.now.secret)
    office.store.close()
    office = Office(Store(office.store.url), Secrets.of(KeyFolder(folder, SM)), now=office.now)
    yield office
    office.store.close()


def test_after_sealing_anew_nothing_hangs_on_the_first_key_but_what_stays(
    demonstration: Office,
) -> None:
    """Its cases come from dockets, which tell no proof of identity: these hashes can be made anew from nothing."""
    keys = InstallationKeys(demonstration)
    (before,) = keys.status()
    assert before.in_force and before.needed and before.to_seal["parcel.sealed"] > 5
    assert before.to_seal["case.query_hash"] > 100 and "search" not in before.to_seal
    cases = before.to_seal["case.query_hash"]
    assert before.to_prove[keyed.WITHOUT_PROOF] == before.to_prove["case.seal"] == cases
    done = keys.rotate()
    assert (done.number, done.from_environment) == (1, False)
    first, second = keys.status()
    assert first.to_seal == before.to_seal | {"search": 1} and first.here and not first.in_force
    assert second.in_force and not second.to_seal and second.cipher == SM and second.needed
    told: dict[str, int] = {}
    result = keys.reseal(lambda name, rows: told.__setitem__(name, rows))
    assert result.spoilt == {} and result.rows == sum(told.values()) > 100
    first, second = keys.status()
    assert first.to_seal == {} and first.needed
    for name in (keyed.WITHOUT_PROOF, "event.seal", "journal.hash"):
        assert first.to_prove[name] == before.to_prove[name] > 0
    assert "case.seal" not in first.to_prove and second.to_prove["case.seal"] == cases
    assert second.to_seal == before.to_seal
    assert verify(demonstration, full=True) == []
    assert keys.reseal(search=False).rows == 0


# -- while cases are handled --------------------------------------------------------------------------


@LONG
def test_cases_of_before_and_after_are_found_by_number_and_code(house: Keyed) -> None:
    first = house.town.file()
    house.keys.rotate()
    second = house.town.file()
    assert second.number != first.number
    for step in (
        lambda: None,
        lambda: house.keys.reseal(search=False),
        lambda: house.keys.rotate(),
    ):
        step()
        for one in (first, second):
            assert house.viewed(one.number, one.query_code) == one.number
        with pytest.raises(Missing):
            house.viewed(first.number, second.query_code)
    assert house.hanging(1)["case.query_hash"] == 2


@LONG
def test_another_process_that_knew_nothing_opens_and_finds_at_once(house: Keyed) -> None:
    first = house.town.file()
    house.keys.rotate()
    filed = house.town.file()
    from workflow.service.cases.applicant import ForApplicant

    for one in (first, filed):
        assert ForApplicant(house.other).view(one.number, one.query_code).number == one.number
    case = Reading(house.other).case(house.town.staff("lifang"), filed.number)
    assert case.contact["id_number"] == "11010519491231002X"


def identities(house: Keyed) -> set[str]:
    return {row.identity for row in house.rows(ApplicantRow.identity)}


def test_one_person_is_one_person_at_every_moment(house: Keyed) -> None:
    house.town.file()
    house.town.file()
    house.keys.rotate()
    (old,) = identities(house)
    assert ":" not in old
    house.town.file()
    (new,) = identities(house)
    assert new.startswith("1:") and len(new) == 64
    house.keys.rotate()
    house.keys.reseal(search=False)
    (newest,) = identities(house)
    assert newest.startswith("2:")


@LONG
def test_who_filed_before_is_recognised_before_and_after_sealing_anew(house: Keyed) -> None:
    number = house.town.file().number
    form = {"applicant": {"kind": "citizen", "name": "别人", "id_type": "resident_id", "id_number": "11010519491231002x"}}  # fmt: skip

    def near() -> list[str]:
        found = Alike(house.office).hints(house.town.staff("lifang"), "panlong", form)
        return [one.number for one in found]

    assert near() == [number]
    house.keys.rotate()
    assert near() == [number]
    house.keys.reseal()
    assert near() == [number]


def found(house: Keyed, words: str) -> list[str]:
    done = Search(house.office).find(house.town.staff("lifang"), words)
    return [one.number for one in done.cases]


def test_what_is_held_about_who_filed_before_is_found_and_put_right(house: Keyed) -> None:
    """Also in the index, in which their telephone stands as the earlier key made it."""
    number = house.town.file().number
    house.keys.rotate()
    held, chen, asked = (
        HeldAboutPerson(house.office),
        house.town.staff("chen"),
        Asked("110105 19491231 002x"),
    )
    assert [one for one, _ in held.find(chen, "panlong", asked, "own", "").cases] == [number]
    held.put_right(chen, "panlong", asked, number, {"phone": "13900000000"}, "本人到窗口更正")
    assert found(house, "13900000000") == [number] and found(house, "13800000000") == []
    assert verify(house.office) == []


@LONG
def test_what_lies_sealed_is_found_before_and_after_the_index_is_made_anew(house: Keyed) -> None:
    number = house.town.file().number
    house.keys.rotate()
    later = house.town.file().number
    assert set(found(house, "13800000000")) == {number, later}
    house.keys.reseal()
    assert set(found(house, "13800000000")) == {number, later}
    house.office.keys = Secrets([house.office.keys.now])
    assert set(found(house, "13800000000")) == {number, later}


@LONG
def test_sealing_anew_may_be_cut_off_and_goes_on(
    house: Keyed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.store.sealed_anew.CASES_TOGETHER", 1)
    numbers = [house.town.file() for _ in range(3)]
    house.keys.rotate()

    def stop(name: str, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.keys.reseal(stop)
    assert house.hanging(0)["case.query_hash"] == 2 and "applicant.identity" not in house.hanging(0)
    for one in numbers:
        assert house.viewed(one.number, one.query_code) == one.number
    house.keys.reseal(search=False)
    assert house.hanging(0) == {}


@pytest.mark.tampering(reason="an applicant is bent")
def test_what_was_bent_is_not_made_good_by_sealing_it_anew(house: Keyed) -> None:
    house.town.file()
    other = house.town.file()
    with house.office.store.write() as unit:
        row = unit.session.scalars(select(ApplicantRow)).first()
        assert row is not None and row.sealed is not None
        row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    house.keys.rotate()
    before = house.hanging(0)
    with pytest.raises(
        NotInOrder, match=r"核对不符（共 \d+ 处，第一处：panlong .*请先运行 gongkai verify 查明"
    ):
        house.keys.reseal()
    assert house.hanging(0) == before
    assert house.viewed(other.number, other.query_code) == other.number


@LONG
@pytest.mark.tampering(reason="a case is bent while all is sealed anew")
def test_what_is_bent_meanwhile_keeps_the_seal_that_does_not_fit(house: Keyed) -> None:
    from workflow.store.models import CaseRow
    from workflow.store.sealed_anew import cases_anew

    house.town.file()
    house.town.file()
    with house.office.store.write() as unit:
        bent = unit.session.scalars(select(CaseRow).order_by(CaseRow.id)).first()
        assert bent is not None
        bent.submit_key = "bent"
    house.keys.rotate()
    with house.office.store.write() as unit:
        assert cases_anew(unit, house.office.keys, ()).rows == 2
    found = {one.number for one in verify(house.office, full=True)}
    assert found == {"2024-0001"}
    assert len(identities(house)) == 1


# -- rotating ---------------------------------------------------------------------------------------


@LONG
def test_a_prepared_key_is_the_next_one(house: Keyed) -> None:
    path = house.keys.prepare()
    assert path == house.folder / "secret.key.1" == house.keys.prepare()
    laid = path.read_bytes()
    assert [(one.number, one.coming, one.in_force, one.needed) for one in house.keys.status()] == [
        (0, False, True, True), (1, True, False, True),
    ]  # fmt: skip
    assert house.office.keys.now.number == 0
    done = house.keys.rotate()
    assert done.path.read_bytes() == laid and done.earlier == house.folder / "secret.key.0"


def test_a_foreign_key_that_lies_there_is_not_taken(house: Keyed) -> None:
    stranger = Key(0, b"another secret of 32 bytes......").next(AES)
    KeyFolder(house.folder).prepare(stranger)
    with pytest.raises(CannotRotate, match=r"secret\.key\.1 不是接着现在的密钥生成的"):
        house.keys.rotate()
    assert [one.name for one in KeyFolder(house.folder).files()] == ["secret.key", "secret.key.1"]


@LONG
def test_a_key_of_the_environment_is_replaced_by_one_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SECRET", "weak")
    house = Keyed(tmp_path, weak=True)
    filed = house.town.file()
    done = InstallationKeys(house.office).rotate()
    assert done.from_environment and done.number == 1
    assert house.viewed(filed.number, filed.query_code) == filed.number
    monkeypatch.delenv("GONGKAI_SECRET")
    house.office.keys = Secrets.of(KeyFolder(house.folder))
    assert house.office.keys.numbers == [1, 0]
    assert house.viewed(filed.number, filed.query_code) == filed.number


@LONG
def test_no_key_of_a_folder_is_lost_to_one_of_the_environment(
    house: Keyed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = (house.folder / "secret.key").read_bytes()
    monkeypatch.setenv("GONGKAI_SECRET", "kq7WdRz0vXn3TfYbLs8c")
    house.office.keys = Secrets.of(KeyFolder(house.folder))
    with pytest.raises(CannotRotate, match=r"两个不同的密钥.*再更换密钥"):
        InstallationKeys(house.office).rotate()
    assert (house.folder / "secret.key").read_bytes() == kept


@LONG
def test_a_temporary_store_has_no_keys_to_change(house: Keyed) -> None:
    house.office.keys = Secrets.throwaway()
    with pytest.raises(CannotRotate, match="临时库"):
        InstallationKeys(house.office).rotate()


@LONG
def test_the_store_that_was_not_told_of_a_key_learns_of_it(house: Keyed) -> None:
    """The files were changed, and the power went before the store was told."""
    place = KeyFolder(house.folder)
    now = place.read()[0]
    new = now.next(AES)
    place.prepare(new)
    place.take(now, new)
    assert house.keys.rotate().number == 2
    with house.office.store.read() as unit:
        assert sorted(keyed.checks(unit)) == [0, 1, 2]


@LONG
def test_of_two_that_rotate_at_once_each_makes_a_key(house: Keyed) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: InstallationKeys(house.office).rotate().number, range(4)))
    assert sorted(done) == [1, 2, 3, 4]
    assert sorted(house.office.keys.numbers) == [0, 1, 2, 3, 4]


@LONG
def test_forms_and_links_of_before_hold(house: Keyed) -> None:
    from workflow.service.messages.outbox import refusal_token

    link = refusal_token(house.office, 1, "salt")
    begun = house.office.keys.mark("begun", "x")
    house.keys.rotate()
    assert refusal_token(house.other, 1, "salt") == link
    assert house.other.keys.mark("begun", "x") == begun


@LONG
def test_who_files_and_looks_meanwhile_notices_nothing(house: Keyed) -> None:
    """Two processes at work, with keys of their own, while keys change and all is sealed anew."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    from workflow.service.cases.applicant import ForApplicant
    from workflow.service.cases.intake import Intake

    over, form = Event(), house.town.form()
    filed: list[tuple[str, str]] = []

    def works(office: Office) -> int:
        intake, looks, done = Intake(office), ForApplicant(office), 0
        while not over.is_set() or done < 3:
            made = intake.file(form)
            filed.append((made.number, made.query_code))
            for number, code in filed[-3:]:
                assert looks.view(number, code).number == number
            done += 1
        return done

    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(works, office) for office in (house.office, house.other)]
        try:
            for _ in range(2):
                house.keys.rotate()
                house.keys.reseal(search=False)
        finally:
            over.set()
        assert all(one.result() >= 3 for one in working)
    house.keys.reseal()
    assert house.hanging(0) == house.hanging(1) == {}
    for number, code in filed:
        assert house.viewed(number, code) == number
    assert len(identities(house)) == 1 and next(iter(identities(house))).startswith("2:")
    assert verify(house.office, full=True) == []
