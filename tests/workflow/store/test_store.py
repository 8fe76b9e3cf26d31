"""The store: one transaction or nothing, the case row is the fold of its log, secrets stay sealed."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from cryptography.exceptions import InvalidTag
from sqlalchemy import create_engine, func, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.stores import differences
from tests.workflow.service.sampling import sample_office
from workflow import events as ev
from workflow.case.application import ApplicationForm, read_form
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header, Logged
from workflow.case.row import projection
from workflow.dates import SHANGHAI
from workflow.people import SYSTEM, Staff
from workflow.refusal import BadInput, Refused
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.reading import Reading
from workflow.store.chain import chained_hash, hash_before
from workflow.store.count_models import NumberRow
from workflow.store.migrate import migrate
from workflow.store.models import AgencyRow, ApplicantRow, Base, CaseRow, EventRow
from workflow.store.restored import case_of, header_of
from workflow.store.sealed import Secrets, token_hash
from workflow.store.standing_file import FOLDER

CITIZEN: dict[str, Any] = {
    "agency": "panlong",
    "applicant": {
        "kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": "11010519491231002X",
        "phone": "13800138000", "email": "zhangsan@example.org", "address": "盘龙彝族乡某村 12 号",
    },
    "items": ["2023年度农村公路养护合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip
ROLES = ("clerk", "handler", "office_head", "system_admin")


def form(**changed: Any) -> ApplicationForm:
    return read_form({**CITIZEN, **changed}, today=date(2024, 5, 6))


@pytest.fixture
def township(office_on: Callable[[date], Office]) -> Office:
    office = office_on(date(2024, 5, 6))
    with office.store.write() as unit:
        agency = office.add_agency(
            unit, code="panlong", name="盘龙彝族乡人民政府", level="township"
        )
        Accounts(office).add_user(unit, name="lifang", agency=agency, roles=ROLES)
    return office


@pytest.fixture
def clerk(township: Office) -> Staff:
    found = township.staff("lifang")
    assert found
    return found


def rows(office: Office, model: type[Base]) -> int:
    with office.store.read() as unit:
        return unit.session.scalar(select(func.count()).select_from(model)) or 0


def everything(office: Office) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with office.store.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).all()))
            for table in Base.metadata.sorted_tables
        }


# -- numbers --------------------------------------------------------------------------------------


def test_eight_threads_get_distinct_numbers_without_gaps(township: Office) -> None:
    wanted, failures, numbers = 12, [], []

    def file_some() -> None:
        try:
            for _ in range(wanted):
                numbers.append(Intake(township).file(form()).number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=file_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(numbers) == [f"2024-{n:04d}" for n in range(1, 8 * wanted + 1)]


def test_each_year_begins_with_one(township: Office) -> None:
    assert Intake(township).file(form()).number == "2024-0001"
    township.now = lambda: datetime(2025, 1, 2, 10, tzinfo=SHANGHAI)
    assert Intake(township).file(form()).number == "2025-0001"


def test_number_of_a_filing_that_failed_is_given_again(township: Office) -> None:
    with pytest.raises(RuntimeError), township.store.write() as unit:
        agency = unit.agency("panlong")
        assert agency
        assert unit.next_number(agency, 2024, township.keys) == "2024-0001"
        raise RuntimeError
    assert Intake(township).file(form()).number == "2024-0001"


def test_second_case_of_a_number_is_impossible(township: Office) -> None:
    Intake(township).file(form())
    with pytest.raises(IntegrityError), township.store.write() as unit:
        agency = unit.agency("panlong")
        assert agency
        header = Header("2024-0001", "panlong", applicants=(Applicant("李四"),))
        unit.add_case(agency, header, date(2024, 5, 6), township.now(), township.keys)
    assert rows(township, CaseRow) == 1


# -- once -----------------------------------------------------------------------------------------


def test_event_repeated_with_the_same_key_is_applied_once(township: Office, clerk: Staff) -> None:
    number = Intake(township).file(form()).number
    begun = [line.event for line in Reading(township).case(clerk, number).log].count("assign")
    for _ in range(3):
        found = Moving(township).apply_and_read(
            clerk, number, "assign", {"on": "2024-05-06"}, once="k1"
        )
    assert [line.event for line in found.log].count("assign") == begun + 1
    again = Moving(township).apply_and_read(
        clerk, number, "assign", {"on": "2024-05-06"}, once="k2"
    )
    assert [line.event for line in again.log].count("assign") == begun + 2


def test_application_sent_twice_with_the_same_key_is_filed_once(township: Office) -> None:
    first, second = (Intake(township).file(form(), submit_key="k") for _ in range(2))
    assert second == replace(first, repeated=True)
    assert rows(township, CaseRow) == 1


def test_two_threads_with_the_same_key_apply_an_event_once(township: Office, clerk: Staff) -> None:
    number = Intake(township).file(form()).number
    failures: list[Exception] = []

    def assign() -> None:
        try:
            Moving(township).apply(clerk, number, "assign", {"on": "2024-05-06"}, once="k")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=assign) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    log = Reading(township).case(clerk, number).log
    # Whoever works alone was given the case at its receipt.
    assert [line.event for line in log if not line.filled].count("assign") == 1


# -- all or nothing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "fields", "error"),
    [
        ("serve", {"on": "2024-05-06", "method": "direct"}, Refused),
        ("extend", {"on": "2024-05-06", "days": 0}, BadInput),
        ("recieve", {"on": "2024-05-06"}, (BadInput, Refused)),
        ("assign", {"on": "2024-05-06", "to": "机密★10年"}, Refused),
        ("void", {"on": "2024-05-06", "reason": "测试", "second_person": "nobody"}, BadInput),
    ],
)
def test_event_that_is_not_allowed_writes_nothing(
    event: str, fields: dict[str, Any], error: Any, township: Office, clerk: Staff
) -> None:
    number = Intake(township).file(form()).number
    known = everything(township)
    with pytest.raises(error):
        Moving(township).apply(clerk, number, event, fields)
    assert everything(township) == known


def test_failure_inside_a_transaction_leaves_nothing_behind(township: Office) -> None:
    Intake(township).file(form())
    known = everything(township)
    with pytest.raises(ZeroDivisionError), township.store.write() as unit:
        agency = township.found_agency(unit, "panlong")
        number = unit.next_number(agency, 2024, township.keys)
        header = Header(number, "panlong", applicants=(Applicant("李四"),))
        row = unit.add_case(agency, header, date(2024, 5, 6), township.now(), township.keys)
        unit.session.flush()
        case = Case(header, township.rules(unit, agency, date(2024, 5, 6)))
        event = ev.Receive(on=date(2024, 5, 6), channel="ems")
        done = case.apply(event, SYSTEM, today=date(2024, 5, 6), recorded_at=township.now())
        assert isinstance(done, Logged)
        unit.append(row, case, done, township.keys)
        unit.session.flush()
        assert unit.case_row([agency.id], number) is row
        _ = 1 / 0
    assert everything(township) == known


def test_case_of_another_body_is_not_found(township: Office) -> None:
    with township.store.write() as unit:
        other = township.add_agency(unit, code="jiangna", name="江那镇", level="township")
        Accounts(township).add_user(unit, name="sunli", agency=other, roles=("clerk",))
    number = Intake(township).file(form()).number
    stranger = township.staff("sunli")
    assert stranger
    with pytest.raises(LookupError):
        Moving(township).apply(stranger, number, "assign", {"on": "2024-05-06"})


# -- the case row is the fold of its log ----------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("sample") / "store.db"
    office = sample_office(path, datetime(2026, 11, 23, 10, tzinfo=SHANGHAI))
    yield office
    office.store.close()


def test_every_case_row_of_the_sample_is_the_fold_of_its_log(sample: Office) -> None:
    with sample.store.read() as unit:
        found = unit.session.scalars(select(CaseRow)).all()
        assert len(found) > 100
        for row in found:
            case = case_of(row, sample.rules(unit, row.agency, row.opened_on))
            told = {name: getattr(row, name) for name in projection(case)}
            assert told == projection(case), row.number
            assert row.length == len(row.log) == len(case.log)


def test_every_state_stands_in_the_sample(sample: Office) -> None:
    with sample.store.read() as unit:
        states = set(unit.session.scalars(select(CaseRow.state)))
    assert states == set(sample.law.states)


def test_log_of_the_sample_is_chained(sample: Office) -> None:
    with sample.store.read() as unit:
        for row in unit.session.scalars(select(CaseRow)):
            case = case_of(row, sample.rules(unit, row.agency, row.opened_on))
            before = hash_before(header_of(row), row.opened_on)
            for kept, line in zip(row.log, case.log, strict=True):
                before = chained_hash(before, line, kept.fields)
                assert kept.hash == before
                changed = replace(line, actor="somebody else")
                assert chained_hash("", changed, kept.fields) != kept.hash
            assert row.head_hash == before


def test_replayed_log_has_seconds_days_and_people_as_written(sample: Office) -> None:
    with sample.store.read() as unit:
        row = unit.session.scalars(select(CaseRow)).first()
        assert row
        case = case_of(row, sample.rules(unit, row.agency, row.opened_on))
        for kept, line in zip(row.log, case.log, strict=True):
            assert (kept.on, kept.event) == (line.event.on, line.event.name)
            assert line.recorded_at.tzinfo is SHANGHAI
            assert line.actor


# -- migration --------------------------------------------------------------------------------------


def alembic(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def test_migrated_store_has_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    before, after = migrate(engine)
    assert before is None and after
    with engine.connect() as connection:
        assert differences(connection) == []
    assert migrate(engine) == (after, after)
    engine.dispose()


def test_migration_can_be_taken_back_and_applied_again(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(engine)
    with engine.begin() as connection:
        command.downgrade(alembic(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_migration_keeps_the_data(sample: Office) -> None:
    counts = [rows(sample, model) for model in (CaseRow, EventRow, ApplicantRow, NumberRow)]
    migrate(sample.store.engine)
    assert counts == [rows(sample, model) for model in (CaseRow, EventRow, ApplicantRow, NumberRow)]
    assert all(counts)


# -- sealed data --------------------------------------------------------------------------------------


@pytest.mark.sqlite(reason="reads the bytes of its file")
def test_personal_data_cannot_be_read_in_the_file(township: Office, clerk: Staff) -> None:
    filed = Intake(township).file(form())
    contact = Reading(township).case(clerk, filed.number).contact
    person = CITIZEN["applicant"]
    private = [person[key] for key in ("id_number", "phone", "email", "address")]
    assert [contact[key] for key in ("id_number", "phone", "email", "address")] == private
    path = Path(township.store.url.removeprefix("sqlite:///"))
    kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert "张三".encode() in kept
    for secret in (*private, filed.query_code):
        assert secret.encode() not in kept


def test_sealed_data_opens_only_for_its_own_case_and_key() -> None:
    keys = Secrets.throwaway()
    sealed = keys.seal({"phone": "13800138000"}, "case 1")
    assert keys.open(sealed, "case 1") == {"phone": "13800138000"}
    with pytest.raises(InvalidTag):
        keys.open(sealed, "case 2")
    with pytest.raises(InvalidTag):
        Secrets.throwaway().open(sealed, "case 1")
    with pytest.raises(InvalidTag):
        keys.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "case 1")
    assert keys.seal({"phone": "1"}, "case 1") != keys.seal({"phone": "1"}, "case 1")


def test_what_is_private_opens_with_the_salt_of_its_case_or_as_an_older_version_sealed_it() -> None:
    keys, data = Secrets.throwaway(), {"phone": "13800138000"}
    sealed = keys.seal_private(data, "ab12")
    assert keys.open_private(sealed, "ab12", 1) == data
    assert keys.open_private(keys.seal(data, "case 1"), "ab12", 1) == data
    assert keys.open_private(None, "ab12", 1) == {}
    with pytest.raises(InvalidTag):
        keys.open_private(sealed, "cd34", 1)
    with pytest.raises(InvalidTag):
        keys.open_private(keys.seal(data, "case 1"), "ab12", 2)


def test_an_application_is_sealed_before_its_transaction_begins(
    township: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who seals, or hashes a proof, keeps nobody waiting who wants to write."""
    looked = []

    def looking(work: Any) -> Any:
        def done(*given: Any) -> Any:
            looked.append(township.store.engine.pool.checkedout())
            return work(*given)

        return done

    for name in ("seal", "identity"):
        monkeypatch.setattr(township.keys, name, looking(getattr(township.keys, name)))
    Intake(township).file(form())
    assert looked == [0, 0]


def test_key_file_is_made_once_and_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    first, second = (Secrets.of_folder(tmp_path / "data") for _ in range(2))
    assert first.key("x") == second.key("x")
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0


def test_query_code_follows_from_the_secret_and_is_told_again(township: Office) -> None:
    keys = Secrets.throwaway()
    assert keys.query_code("salt") == keys.query_code("salt")
    assert keys.query_code("salt") != keys.query_code("other")
    assert keys.query_code("salt") != Secrets.throwaway().query_code("salt")
    assert len(keys.query_code("salt")) == 10


def test_only_the_hash_of_a_token_is_kept(township: Office) -> None:
    token = Accounts(township).create_token("lifang")
    found = Accounts(township).bearer(token)
    assert found and found.staff.name == "lifang"
    assert Accounts(township).bearer(token + "x") is None
    told = repr(everything(township))
    assert token not in told
    assert token_hash(token) in told


# -- SQLite ---------------------------------------------------------------------------------------------


def test_readers_do_not_wait_for_a_writer(township: Office) -> None:
    Intake(township).file(form())
    with township.store.write() as writing:
        writing.session.execute(update(AgencyRow).values(name="x"))
        with township.store.read() as reading:
            agency = reading.agency("panlong")
            assert agency and agency.name == "盘龙彝族乡人民政府"


def test_foreign_keys_are_kept(township: Office) -> None:
    with pytest.raises(IntegrityError), township.store.write() as unit:
        unit.session.execute(
            text("INSERT INTO number (agency_id, year, last) VALUES (99, 2024, 1)")
        )


def test_moments_come_back_in_the_time_of_china(township: Office, clerk: Staff) -> None:
    filed = Intake(township).file(form())
    found = Reading(township).case(clerk, filed.number)
    assert found.submitted_at == datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    assert found.submitted_at.utcoffset() == township.now().utcoffset()
    with closing(township.store.engine.raw_connection()) as raw:
        (kept,) = raw.cursor().execute('SELECT submitted_at FROM "case"').fetchone()
    assert str(kept).startswith("2024-05-06 02:00")
