"""One person is one identity for the month's fee and repeated requests, also in a store of before
(law.md §9, §6.5C; migration 0014)."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, select

from tests.counting import work
from tests.workflow.service.town import Town
from workflow import events as ev
from workflow.case.application import OfflineForm, read_form
from workflow.service.cases.finding import for_staff
from workflow.service.cases.others import prepared
from workflow.service.cases.verify import verify
from workflow.service.installation import IDENTITIES, migrate_office
from workflow.store.migrate import _config, migrate
from workflow.store.models import CaseRow
from workflow.store.restored import private_of

RESIDENT, CODE = "11010519491231002X", "91110000600037341L"
ZHANG: dict[str, Any] = {
    "kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": RESIDENT,
    "phone": "13800000000",
}  # fmt: skip
COMPANY: dict[str, Any] = {
    "kind": "organisation", "name": "某某建材有限公司", "credit_code": CODE, "contact": "李四",
    "phone": "13800000000",
}  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-05-06")


def register(town: Town, person: dict[str, Any], **more: Any) -> str:
    data = {
        "agency": "panlong", "applicant": person, "items": ["养护合同"], "channel": "in_person",
        "delivery": ["pickup"], "medium": ["paper"], "on": "2024-05-06", **more,
    }  # fmt: skip
    form = read_form(data, OfflineForm, today=town.office.today())
    return town.intake.register(form, town.staff("lifang")).number


def beside(town: Town, number: str) -> set[str]:
    """Numbers of the other cases of the same applicant, as the page of the case shows them."""
    file = town.reading.case(town.staff("lifang"), number)
    return {other.number for other in file.others}


def write_as_before(town: Town, number: str, field: str, written: Any, proof: str) -> None:
    """What version 0.1 kept: the number as it was typed, and the hash of that."""
    keys = town.office.keys
    with town.office.store.write() as unit:
        row = unit.session.scalars(select(CaseRow).where(CaseRow.number == number)).one()
        person, place = row.applicants[0], f"case {row.id}"
        private = {**private_of(keys, row, person), field: written, "phone": "138-0000 0000"}
        person.sealed, person.identity = keys.seal(private, place), keys.identity(proof)


def kept(town: Town) -> list[tuple[Any, str | None]]:
    keys = town.office.keys
    with town.office.store.read() as unit:
        rows = unit.session.scalars(select(CaseRow).order_by(CaseRow.id)).all()
        return [
            (private_of(keys, row, one), one.identity) for row in rows for one in row.applicants
        ]


@pytest.mark.parametrize(
    "written", [RESIDENT.lower(), "110105 19491231 002X", "110105-19491231-002x"]
)
def test_the_same_number_in_another_habit_is_the_same_applicant(town: Town, written: str) -> None:
    first = register(town, ZHANG)
    second = register(town, {**ZHANG, "name": "张  三", "id_number": written})
    assert beside(town, second) == {first} and beside(town, first) == {second}


def test_numbers_of_an_older_store_come_into_their_normal_form(town: Town) -> None:
    """Sealed values and hashes follow; the log and what verify looks at stay."""
    people = [
        ZHANG,
        ZHANG,
        COMPANY,
        COMPANY,
        {**ZHANG, "id_type": "passport", "id_number": "E1234"},
    ]
    numbers = [register(town, person) for person in people]
    with_agent = register(
        town, ZHANG, agent={"name": "王五", "id_type": "passport", "id_number": "E9", "phone": "13800000001"}
    )  # fmt: skip
    sound = kept(town)
    write_as_before(
        town, numbers[1], "id_number", RESIDENT.lower(), f"resident_id {RESIDENT.lower()}"
    )
    wide = "".join(chr(ord(char) + 0xFEE0) for char in CODE)
    write_as_before(town, numbers[3], "credit_code", wide, wide)
    write_as_before(town, numbers[4], "id_number", "e 12-34", "passport e 12-34")
    agent = {"name": "王五", "id_type": "passport", "id_number": " e9", "phone": "13800000001"}
    write_as_before(town, with_agent, "agent", agent, f"resident_id {RESIDENT}")
    assert beside(town, numbers[1]) == set()
    engine = town.office.store.engine
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0013")
        names = {index["name"] for index in inspect(connection).get_indexes("applicant")}
        assert "ix_applicant_name" not in names
    migrate(engine)
    assert kept(town) != sound
    migrate_office(town.office)
    assert kept(town) == sound
    assert beside(town, numbers[1]) == {numbers[0], with_agent}
    assert beside(town, numbers[3]) == {numbers[2]}
    assert verify(town.office) == []
    with work() as again:
        migrate_office(town.office)
    assert not any("UPDATE applicant" in said for said in again.said)


def test_going_back_forgets_that_it_was_done(town: Town) -> None:
    """What an older version writes in between is brought to its form the next time."""
    migrate_office(town.office)
    with town.office.store.read() as unit:
        assert unit.stamp(IDENTITIES)
    with town.office.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0013")
    migrate(town.office.store.engine)
    with town.office.store.read() as unit:
        assert unit.stamp(IDENTITIES) is None


def test_columns_of_an_older_store_follow_the_table(town: Town) -> None:
    """law.md §6.7: read anew by the ending."""
    body = register(town, {**COMPANY, "name": "某某民办非企业单位"})
    with town.office.store.write() as unit:
        row = unit.session.scalars(select(CaseRow).where(CaseRow.number == body)).one()
        row.columns = ["business"]
        unit.set_stamp("law", "the table of before")
    assert [broken.number for broken in verify(town.office)] == [body]
    migrate_office(town.office)
    assert verify(town.office) == []


def test_by_name_where_one_identity_is_unknown_as_the_law_compares_people(town: Town) -> None:
    """law.md §6.5C; what the store finds is what `same_applicant` says, both ways."""
    known = register(town, ZHANG)
    unknown = register(town, ZHANG)
    with town.office.store.write() as unit:
        row = unit.session.scalars(select(CaseRow).where(CaseRow.number == unknown)).one()
        row.applicants[0].identity = None
    assert beside(town, known) == {unknown} and beside(town, unknown) == {known}


def test_the_month_of_a_fee_counts_a_person_once_whatever_the_habit(town: Town) -> None:
    """国办函〔2020〕109号4: the same applicant's requests of the calendar month."""
    register(town, ZHANG)
    second = register(town, {**ZHANG, "id_number": RESIDENT.lower()})
    with town.office.store.read() as unit:
        row, case = for_staff(town.office, unit, town.staff("lifang"), second)
        charge = ev.ChargeFee.model_validate(
            {"on": "2024-05-07", "mode": "by_item", "reached_on": "2024-05-07"}
        )
        prepared(town.office, unit, row, case, charge)
        assert case.others.units_in_month == 1
