"""Files whose time is over: the archivist proposes, another decides, what counts stays and is proved."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, LargeBinary, select, text

from tests import samples
from tests.tampering import tampering
from tests.workflow.service.docket.histories import ANSWERED, handed_over, history
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.township import Town
from workflow.case.destroyed import GONE
from workflow.people import Staff
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.bundles import Bundles
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.notes import Notes
from workflow.service.cases.reading import Reading
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify
from workflow.service.files import Files
from workflow.service.parcels import Parcels
from workflow.service.retention import Retention
from workflow.service.rules.settings import freeze_year
from workflow.store import dialect_index
from workflow.store.dialect_index import Sought, from_index
from workflow.store.indexing import make_anew
from workflow.store.key import AES
from workflow.store.ledger_models import TakenOverRow
from workflow.store.models import Base
from workflow.store.parcel_models import ParcelRow
from workflow.store.parcels import said_in
from workflow.store.store import Store

NAME, PROOF, PHONE, REQUEST = "欧阳小燕", "E77001234", "13987654321", "水库移民补偿名册"
NOTED = "当面谈过两次"
PERSONAL = (NAME, PROOF, PHONE, REQUEST, NOTED)
PEOPLE = {
    "danganyuan": ("archivist",),
    "zhuren": ("office_head", "archivist"),
    "lingdao": ("leader",),
}
LATER = date(2036, 3, 1)


class Archive(Town):
    """A township with one case answered and archived in 2024, and time to spare."""

    def __init__(self, office: Office, **settings: Any) -> None:
        super().__init__(office, **settings)
        with office.store.write() as unit:
            body = office.found_agency(unit, "panlong")
            for name, roles in PEOPLE.items():
                Accounts(office).add_user(unit, name=name, agency=body, roles=roles)
        self.retention = Retention(office)
        self.clock(date(2024, 5, 6))
        self.number = self.archived()

    @classmethod
    def over(cls, office: Office) -> "Archive":
        """Over a store in which it stands already."""
        found = cls.__new__(cls)
        found.office = office
        found.intake, found.moving = Intake(office), Moving(office)
        found.reading, found.retention = Reading(office), Retention(office)
        found.drafter, found.reviewer = found.person("lifang"), found.person("wangqiang")
        found.number = "2024-0001"
        found.clock(LATER)
        return found

    def archived(self, **about: Any) -> str:
        self.clock(date(2024, 5, 6))
        said = {"name": NAME, "proof": PROOF, "items": [REQUEST], **about}
        number = self.register("2024-05-06", **said)
        self.clock(date(2024, 5, 8))
        self.answer(number, "2024-05-08", note=NOTED)
        self.do(number, "archive", "2024-05-08")
        return number

    def who(self, name: str) -> Staff:
        found = self.office.staff(name)
        assert found
        return found

    def publish(self, year: int = 2024) -> None:
        with self.office.store.write() as unit:
            freeze_year(self.office, unit, self.office.found_agency(unit, "panlong"), year)

    def propose(self, *numbers: str, by: str = "danganyuan", words: str = "没有保存价值") -> int:
        return self.retention.propose(self.who(by), "panlong", numbers or [self.number], words)

    def destroyed(self) -> int:
        self.publish()
        self.clock(LATER)
        which = self.propose()
        self.retention.approve(self.who("lingdao"), which, "同意")
        return which


TERMS = {"retention_years": 10, "retention_years_disputed": 10}


def opened(path: Path) -> Office:
    return Office(Store(f"sqlite:///{path}"), KEYS)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store = migrated_store(tmp_path / "store.db")
    yield Office(store, KEYS)
    store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The store with the case, and the same with its file destroyed: made once, every test has a copy."""
    first, second = (tmp_path_factory.mktemp("archive") / name for name in ("kept", "destroyed"))
    store = migrated_store(first)
    Archive(Office(store, KEYS), **TERMS)
    store.close()
    shutil.copy(first, second)
    office = opened(second)
    Archive.over(office).destroyed()
    office.store.close()
    return first, second


@pytest.fixture
def archive(made: tuple[Path, Path], tmp_path: Path) -> Iterator[Archive]:
    office = opened(shutil.copy(made[0], tmp_path / "store.db"))
    yield Archive.over(office)
    office.store.close()


@pytest.fixture
def destroyed(made: tuple[Path, Path], tmp_path: Path) -> Iterator[Archive]:
    office = opened(shutil.copy(made[1], tmp_path / "store.db"))
    yield Archive.over(office)
    office.store.close()


def everything(office: Office) -> str:
    """All that lies in the store, as one text; what is sealed is opened where it can be."""
    found: list[str] = []
    with office.store.read() as unit:
        for table in Base.metadata.sorted_tables:
            plain = [one for one in table.c if not isinstance(one.type, LargeBinary)]
            found += [str(tuple(row)) for row in unit.session.execute(select(*plain))]
    return "\n".join(found)


def test_a_file_is_kept_until_its_years_are_over(archive: Archive) -> None:
    archive.publish()
    archive.clock(date(2034, 12, 31))
    assert archive.retention.expired(archive.who("danganyuan"), "panlong") == []
    archive.clock(date(2035, 1, 1))
    (one,) = archive.retention.expired(archive.who("danganyuan"), "panlong")
    assert (one.number, one.until, one.years, one.why_not) == (
        archive.number, date(2034, 12, 31), 10, "",
    )  # fmt: skip


def test_what_is_kept_for_ever_is_never_offered(office: Office) -> None:
    archive = Archive(office, retention_years=0)
    archive.publish()
    archive.clock(date(2050, 1, 1))
    assert archive.retention.expired(archive.who("danganyuan"), "panlong") == []


def test_a_request_that_was_not_processed_has_years_of_its_own(office: Office) -> None:
    archive = Archive(office, retention_years=20, retention_years_unprocessed=10)
    with office.store.write() as unit:
        unit.connection.execute(text("UPDATE \"case\" SET result_row = 'other_misc'"))
    archive.publish()
    archive.clock(date(2035, 1, 1))
    (one,) = archive.retention.expired(archive.who("danganyuan"), "panlong")
    assert (one.years, one.rule) == (10, "不予处理、其他处理的申请")
    with office.store.write() as unit:
        unit.connection.execute(text("UPDATE \"case\" SET result_row = 'unable_not_held'"))
    assert archive.retention.expired(archive.who("danganyuan"), "panlong") == []


def test_a_year_that_is_not_published_forbids_it(archive: Archive) -> None:
    archive.clock(LATER)
    (one,) = archive.retention.expired(archive.who("danganyuan"), "panlong")
    assert one.why_not == "2024 年的年度报告还没有公布"
    with pytest.raises(BadInput, match="年度报告还没有公布"):
        archive.propose()


def test_an_open_dispute_forbids_it(archive: Archive) -> None:
    archive.do(archive.number, "file_review", "2024-05-08")
    archive.publish()
    archive.clock(LATER)
    (one,) = archive.retention.expired(archive.who("danganyuan"), "panlong")
    assert one.rule == "发生过复议、诉讼的申请" and "复议、诉讼" in one.why_not
    with pytest.raises(BadInput, match="还有没有结束的复议"):
        archive.propose()


def test_who_proposed_does_not_decide(archive: Archive) -> None:
    archive.publish()
    archive.clock(LATER)
    which = archive.propose(by="zhuren")
    assert not archive.retention.one(archive.who("zhuren"), which).may_decide
    with pytest.raises(Refused, match="提出的人以外的人"):
        archive.retention.approve(archive.who("zhuren"), which, "")
    with pytest.raises(Denied):
        archive.retention.approve(archive.who("danganyuan"), which, "")
    assert archive.retention.one(archive.who("lingdao"), which).may_decide


def test_a_list_wants_files_words_and_each_file_once(archive: Archive) -> None:
    archive.publish()
    archive.clock(LATER)
    for numbers, words in (((), "有"), ((archive.number,), "  "), ((archive.number,), "字" * 301)):
        with pytest.raises(BadInput):
            archive.retention.propose(archive.who("danganyuan"), "panlong", numbers, words)
    with pytest.raises(BadInput, match="保管期限没有届满"):
        archive.propose("2024-9999")
    archive.propose()
    with pytest.raises(BadInput, match="另一份清册"):
        archive.propose()
    assert archive.retention.expired(archive.who("danganyuan"), "panlong") == []


def test_a_list_that_was_refused_leaves_the_files_and_may_be_proposed_again(
    archive: Archive,
) -> None:
    archive.publish()
    archive.clock(LATER)
    which = archive.propose()
    with pytest.raises(BadInput):
        archive.retention.refuse(archive.who("lingdao"), which, " ")
    archive.retention.refuse(archive.who("lingdao"), which, "再保存十年")
    with pytest.raises(Refused, match="已经有了决定"):
        archive.retention.approve(archive.who("lingdao"), which, "")
    with pytest.raises(Missing):
        archive.retention.certificate(archive.who("lingdao"), which)
    assert archive.case(archive.number).title == REQUEST
    assert archive.propose() > which


def test_other_bodies_learn_nothing_of_a_list(archive: Archive) -> None:
    archive.publish()
    archive.clock(LATER)
    which = archive.propose()
    archive.add("jiangna", "江那镇人民政府")
    with archive.office.store.write() as unit:
        body = archive.office.found_agency(unit, "jiangna")
        Accounts(archive.office).add_user(unit, name="linju", agency=body, roles=("leader",))
    with pytest.raises(Missing):
        archive.retention.one(archive.who("linju"), which)
    with pytest.raises(Denied):
        archive.retention.expired(archive.who("linju"), "panlong")


def test_what_was_said_goes_and_what_counts_stays(archive: Archive) -> None:
    office, number = archive.office, archive.number
    files = Files(office, most_megabytes=20, most_files=30)
    archive.clock(date(2024, 5, 9))
    files.upload(archive.drafter, number, "other", "欧阳小燕的证明.png", samples.png())
    Notes(office).write(archive.drafter, number, NOTED, (), "once")
    before, table = archive.case(number), archive.table3(2024)
    assert NAME in everything(office) and REQUEST in everything(office)
    archive.destroyed()
    said = everything(office)
    assert [one for one in PERSONAL if one in said] == []
    assert archive.table3(2024) == table
    assert verify(office) == [] and verify(office, full=True) == []
    with office.store.read() as unit:
        (row,) = unit.cases_numbered(["panlong"], number)
        assert (row.state, row.received_on, row.request) == ("archived", date(2024, 5, 6), GONE)
        assert [one.name for one in row.applicants] == [GONE]
        assert [(one.event, one.on, one.actor) for one in row.log] == [
            (one.event, one.on, one.actor) for one in before.log
        ]
        assert unit.connection.execute(text("SELECT count(*) FROM file_content")).scalar_one() == 0
    with pytest.raises(Missing, match="已经依法销毁"):
        archive.case(number)
    with pytest.raises(Missing, match="已经依法销毁"):
        archive.do(number, "file_review", "2036-03-01")
    with pytest.raises(Missing):
        Bundles(office).contents(archive.drafter, number)


def test_it_is_not_found_any_more_by_what_it_said(archive: Archive) -> None:
    search = Search(archive.office)
    kept = archive.archived(name="别的人", proof="E10000002", items=["水库移民补偿标准"])
    assert len(search.find(archive.drafter, "水库移民").cases) == 2
    archive.destroyed()
    assert [one.number for one in search.find(archive.drafter, "水库移民").cases] == [kept]
    assert not search.find(archive.drafter, NAME).cases and not search.find(archive.drafter, PROOF).cases  # fmt: skip
    with archive.office.store.write() as unit:
        make_anew(unit, archive.office.keys)
    assert [one.number for one in search.find(archive.drafter, "水库移民").cases] == [kept]


def test_the_list_is_a_paper_with_numbers_and_no_names(destroyed: Archive) -> None:
    archive, which = destroyed, 1
    letter = archive.retention.certificate(archive.who("danganyuan"), which)
    said = "\n".join(letter.texts())
    assert archive.number in said and "共 1 卷" in said and "保管 10 年" in said
    assert "danganyuan" in said and "lingdao" in said and "没有保存价值" in said
    assert not [one for one in PERSONAL if one in said]
    shown = archive.retention.one(archive.who("lingdao"), which)
    assert (shown.state, [one.number for one in shown.cases]) == ("done", [archive.number])


def test_the_audit_says_who_when_and_how_many_and_no_names(destroyed: Archive) -> None:
    with destroyed.office.store.read() as unit:
        lines = unit.session.execute(text("SELECT actor, action, details FROM audit")).all()
    found = [(actor, action) for actor, action, _ in lines if action.startswith(("dest", "files"))]
    assert found == [("danganyuan", "destruction_proposed"), ("lingdao", "files_destroyed")]
    assert not [one for one in PERSONAL if one in str(lines)]


def test_who_sent_the_parcel_goes_with_its_file(archive: Archive) -> None:
    archive.clock(date(2024, 5, 6))
    came = {
        "way": "ems",
        "tracking": "EX900000001CN",
        "arrived_on": "2024-05-06",
        "signed_by": "门卫老李",
    }
    entry = Parcels(archive.office).add(
        archive.drafter, "panlong", {**came, "sender": f"{NAME}，上坝村"}
    )
    arrival = {"parcel": entry.id, "way": "ems", "tracking": "EX900000001CN"}
    posted = archive.archived(channel="ems", arrival=arrival, proof="E10000003")
    archive.publish()
    archive.clock(LATER)
    which = archive.propose(posted)
    archive.retention.approve(archive.who("lingdao"), which, "")
    with archive.office.store.read() as unit:
        (row,) = unit.session.scalars(select(ParcelRow))
        said = said_in(archive.office.keys, row)
    assert (said["寄件人"], said["签收人"], said["邮件号"]) == (GONE, GONE, "EX900000001CN")
    assert verify(archive.office) == []


TAMPERED = {
    "an outcome": "UPDATE \"case\" SET outcome = 'disclosed'",
    "a day of the log": "UPDATE event SET \"on\" = '2024-05-07' WHERE seq = 2",
    "who did it": "UPDATE event SET actor = 'niemand' WHERE seq = 2",
    "the number": "UPDATE \"case\" SET number = '2024-0009'",
    "a name put in": "UPDATE applicant SET name = '李四'",
    "words put in": "UPDATE \"case\" SET request = '别的事'",
    "the proof": "UPDATE destroyed_case SET proof = '0'",
    "the mark of destruction": "DELETE FROM destroyed_case",
    "who decided": "UPDATE destruction SET decided_by = 'danganyuan'",
    "the years": "UPDATE destroyed_case SET years = 5",
    "the list's proof": "UPDATE destruction SET proof = '0'",
}


@pytest.mark.tampering(reason="what is left of a destroyed case is changed on purpose")
@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_what_is_left_is_proved(destroyed: Archive, statement: str) -> None:
    with tampering(destroyed.office.store) as connection:
        connection.execute(text(statement))
    assert verify(destroyed.office) != []


@pytest.mark.tampering(reason="a case is changed before it is destroyed")
def test_a_case_that_was_tampered_with_is_not_destroyed(archive: Archive) -> None:
    archive.publish()
    archive.clock(LATER)
    which = archive.propose()
    other = "UPDATE event SET actor = 'niemand' WHERE seq = 2"
    with tampering(archive.office.store) as connection:
        connection.execute(text(other))
    with pytest.raises(Refused, match="案卷与日志不符"):
        archive.retention.approve(archive.who("lingdao"), which, "")
    assert NAME in everything(archive.office)
    assert archive.retention.one(archive.who("lingdao"), which).state == "proposed"


def test_a_list_is_destroyed_whole_or_not_at_all(archive: Archive) -> None:
    second = archive.archived(name="别的人", proof="E10000002", items=["水库移民补偿标准"])
    archive.publish()
    archive.clock(LATER)
    which = archive.propose(archive.number, second)
    archive.do(second, "file_review", "2036-03-01")
    with pytest.raises(Refused, match="一卷也没有销毁"):
        archive.retention.approve(archive.who("lingdao"), which, "")
    assert NAME in everything(archive.office) and not _destroyed(archive.office)


def _destroyed(office: Office) -> int:
    with office.store.read() as unit:
        return _count(unit.connection)


def _count(connection: Connection) -> int:
    found: int = connection.execute(text("SELECT count(*) FROM destroyed_case")).scalar_one()
    return found


@pytest.mark.tampering(reason="is destroyed under a key that only this test knows")
def test_nothing_of_it_stays_in_the_index_that_an_earlier_key_made(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor numbers that were hashed by that key, before the index is made anew."""
    keys = archive.office.keys
    sought = [Sought((keys.number_term(PROOF),), loose=True)]

    def there() -> list[int]:
        with archive.office.store.read() as unit:
            return from_index(unit.session.connection(), sought, 0, 2**62)

    monkeypatch.setattr(dialect_index, "_AT_ONCE", 0)  # as in a store of many texts
    with archive.office.store.write() as unit:
        make_anew(unit, keys)
    assert there()
    monkeypatch.setattr(keys, "_keys", (keys.now.next(AES), *keys._keys))
    archive.destroyed()
    assert there() == []


def test_what_another_platform_told_goes_with_the_file(archive: Archive) -> None:
    office, clerk = archive.office, archive.who("lifang")
    archive.clock(date(2024, 5, 8))
    sent = history(events=[*ANSWERED, {"event": "archive", "on": "2024-05-08"}])
    archive.number = str(handed_over(office, sent, clerk).number)
    archive.destroyed()
    with office.store.read() as unit:
        kept = unit.session.scalars(select(TakenOverRow)).one()
    assert (kept.number, kept.told) == ("YN-000123", b"")
    assert handed_over(office, sent, clerk).repeated
    assert verify(office) == []
