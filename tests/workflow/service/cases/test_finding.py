"""One door to a case: by body and number for staff, by number and query code for applicants."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, select, text

from tests.counting import work
from tests.workflow.service.town import Town
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.cases.finding import Several, by_code
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.service.messages.applicant import ApplicantMessages
from workflow.store.migrate import _config, migrate
from workflow.store.models import CaseRow


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-05-06")


def grown(town: Town, bodies: int) -> None:
    """So many further bodies, each with an application of the number 2024-0001."""
    with town.office.store.write() as unit:
        for n in range(bodies):
            town.office.add_agency(unit, code=f"body{n}", name=f"机关{n}", level="township")
    for n in range(min(bodies, 3)):
        town.file(f"body{n}")


# -- applicants -----------------------------------------------------------------------------------------


def statements(done: Callable[[], Any]) -> int:
    with work() as counted, suppress(Missing):
        done()
    return counted.statements


@pytest.mark.parametrize("bodies", [3, 600])
def test_right_pair_wrong_code_and_wrong_number_are_one_look(town: Town, bodies: int) -> None:
    filed = town.file()
    grown(town, bodies - 3)
    pairs = (
        (filed.number, filed.query_code),
        (filed.number, "AAAAAAAAAA"),
        ("2024-9999", filed.query_code),
    )
    with town.office.store.read() as unit:
        for number, code in pairs:
            assert statements(lambda: by_code(town.office, unit, number, code)) == 1  # noqa: B023
            unit.session.expunge_all()


@pytest.mark.sqlite(reason="asks how it would search; PostgreSQL reads a small table through")
def test_the_look_is_one_of_an_index(town: Town) -> None:
    filed = town.file()
    with town.office.store.read() as unit:
        with work() as done:
            by_code(town.office, unit, filed.number, filed.query_code)
        plan = unit.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {done.said[0]}", ("x",)
        )
        steps = [row.detail for row in plan]
    assert any("ix_case_query_hash" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps


def test_wrong_pairs_cost_the_same_through_every_door_of_an_applicant(town: Town) -> None:
    filed = town.file()
    for door in (town.for_applicant.view, ApplicantMessages(town.office).choice):
        wrong = (filed.number, "AAAAAAAAAA"), ("2024-9999", filed.query_code), ("", "")
        assert [statements(lambda: door(*pair)) for pair in wrong] == [1, 1, 1]  # noqa: B023


def test_an_applicant_finds_the_own_case_among_those_of_the_same_number(town: Town) -> None:
    first, second = town.file("panlong"), town.file("jiangna")
    assert first.number == second.number
    assert town.for_applicant.view(first.number, first.query_code).agency_name.startswith("盘龙")
    assert town.for_applicant.view(second.number, second.query_code).agency_name.startswith("江那")


@pytest.mark.parametrize("write", [str.lower, str.upper, lambda code: f"  {code}\t"])
def test_number_and_code_are_known_in_any_writing(town: Town, write: Callable[[str], str]) -> None:
    filed = town.file()
    assert town.for_applicant.view(f" {filed.number} ", write(filed.query_code)).number


def test_the_code_of_one_case_does_not_open_another(town: Town) -> None:
    first, second = town.file(), town.file()
    for number, code in ((first.number, second.query_code), (second.number, first.query_code)):
        with pytest.raises(Missing) as wrong:
            town.for_applicant.view(number, code)
        with pytest.raises(Missing) as unknown:
            town.for_applicant.view("2024-9999", code)
        assert str(wrong.value) == str(unknown.value)


# -- staff ----------------------------------------------------------------------------------------------


def in_two_bodies(town: Town) -> None:
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "jiangna")
        Accounts(town.office).add_user(unit, name="lifang", agency=body, roles=("clerk",))


def test_a_number_in_two_bodies_of_a_person_asks_which(town: Town) -> None:
    number = town.file("panlong").number
    assert town.file("jiangna").number == number
    assert town.reading.case(town.staff("lifang"), number).agency == "panlong"
    in_two_bodies(town)
    for ask in (
        lambda: town.reading.case(town.staff("lifang"), number),
        lambda: town.reading.body_of(town.staff("lifang"), number),
        lambda: town.moving.apply(town.staff("lifang"), number, "assign", {"on": "2024-05-06"}),
    ):
        with pytest.raises(Several, match="盘龙彝族乡人民政府、江那镇人民政府") as several:
            ask()
        assert [one.agency for one in several.value.choice] == ["panlong", "jiangna"]
    for code in ("panlong", "jiangna"):
        assert town.reading.case(town.staff("lifang").within(code), number).agency == code
    log = town.reading.case(town.staff("lifang").within("panlong"), number).log
    assert [line.event for line in log] == ["submit", "receive", "assign"], (
        "given to who works alone"
    )


def test_a_number_of_one_body_needs_no_body(town: Town) -> None:
    town.file("panlong")
    number = town.file("panlong").number
    in_two_bodies(town)
    assert town.reading.body_of(town.staff("lifang"), number) == "panlong"
    with pytest.raises(Missing):
        town.reading.body_of(town.staff("sunli"), number)


# -- stores of before -----------------------------------------------------------------------------------


def hashes(office: Office) -> list[str | None]:
    with office.store.read() as unit:
        return list(unit.session.scalars(select(CaseRow.query_hash).order_by(CaseRow.id)))


def test_cases_of_an_older_store_are_found_after_the_migration(town: Town) -> None:
    filed = [town.file("panlong"), town.file("jiangna"), town.file("panlong")]
    known = hashes(town.office)
    assert len(set(known)) == 3 and None not in known
    with town.office.store.engine.begin() as connection:
        command.downgrade(_config(connection), "0011")
        columns = inspect(connection).get_columns("case")
        assert "query_hash" not in {column["name"] for column in columns}
    migrate(town.office.store.engine)
    assert hashes(town.office) == [None] * 3
    assert {one.number for one in filed} <= {broken.number for broken in verify(town.office)}
    migrate_office(town.office)
    assert hashes(town.office) == known
    for one in filed:
        assert town.for_applicant.view(one.number, one.query_code).number == one.number
    assert verify(town.office) == []


def test_filling_in_is_one_statement_and_changes_nothing_twice(town: Town) -> None:
    for _ in range(5):
        town.file()
    known = hashes(town.office)
    with town.office.store.write() as unit:
        unit.session.execute(text('UPDATE "case" SET query_hash = NULL WHERE id > 2'))
    with work() as first:
        migrate_office(town.office)
    with work() as second:
        migrate_office(town.office)
    assert hashes(town.office) == known
    assert sum("SET query_hash" in said for said in first.said) == 1
    assert not any("SET query_hash" in said for said in second.said)


def test_the_hash_alone_opens_nothing(town: Town) -> None:
    """The code is compared as well: a hash that was moved to another row finds nobody's case."""
    filed, other = town.file(), town.file()
    with town.office.store.write() as unit:
        row = by_code(town.office, unit, filed.number, filed.query_code)
        hash_, row.query_hash = row.query_hash, None
        unit.session.flush()
        by_code(town.office, unit, other.number, other.query_code).query_hash = hash_
    with pytest.raises(Missing):
        town.for_applicant.view(filed.number, filed.query_code)
