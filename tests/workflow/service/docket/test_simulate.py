"""`gongkai simulate`: a store that is sound, the same from the same seed, written in bulk as if singly."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from gongkai import main
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.case.identity import proof_of
from workflow.docket.province import cases_of, played, shares, years_until
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.cases.others import prepared
from workflow.service.cases.verify import verify
from workflow.service.docket import side_by_side
from workflow.service.docket.simulate import Simulated, peopled, simulate
from workflow.service.report.tables import Reports
from workflow.store.bulk import table
from workflow.store.models import CaseRow

TABLES = ("agency", "user", "role", "agency_setting", "case", "applicant", "event", "watched_day", "number")  # fmt: skip
OWN = ("code_salt", "query_hash", "sealed", "identity", "seal", "head_seal", "name_hash")
"""What follows from the keys and from chance: never the same in two stores."""


def rows(office: Office, name: str) -> list[dict[str, Any]]:
    """Every row of a table but what is each store's own, what is sealed opened."""
    found = []
    with office.store.read() as unit:
        of = table(name)
        order = (of.c.agency_id, of.c.year) if name == "number" else of.primary_key.columns
        salts = dict(unit.session.execute(select(CaseRow.id, CaseRow.code_salt)).all())
        for row in unit.session.execute(select(of).order_by(*order)).mappings():
            plain = {key: value for key, value in row.items() if key not in OWN}
            if name == "number":
                del plain["id"]  # counting on takes places of its own on PostgreSQL
            if name == "applicant":
                plain["private"] = office.keys.open(row["sealed"], f"salt {salts[row['case_id']]}")
                plain["known"] = row["identity"] is not None
            found.append(plain)
    return found


def singly(office: Office, cases: int, bodies: int, years: int, seed: int) -> None:
    """The same cases, each event written on its own."""
    span = years_until(office.today(), years)
    with office.store.write_rules() as unit:
        plans = peopled(office, unit, bodies, span, seed)
        for plan, number in zip(plans, shares([p.body for p in plans], cases, seed), strict=True):
            plan.cases = number
            agency = office.found_agency(unit, plan.body.code)
            calendar = office.rules(unit, agency, span.first).calendar
            known: dict[Any, Case] = {}
            for planned in cases_of(plan, seed, span, calendar, office.law):
                first = known.get(planned.redo_of)
                header = planned.header(plan.body, first.facts.redo_due if first else None)
                steps = list(played(planned, plan, span, calendar, office.law))
                salt, private = office.keys.new_salt(), []
                for told in planned.applicants:
                    proof = proof_of(told.private, citizen=told.applicant.citizen)
                    identity = office.keys.identity(proof) if proof else None
                    private.append((office.keys.seal_private(told.private, salt), identity))
                row = unit.add_case(
                    agency, header, planned.opened_on, steps[0].recorded_at, office.keys,
                    salt=salt, private=private, medium=planned.medium,
                )  # fmt: skip
                assert (
                    unit.next_number(agency, planned.opened_on.year, office.keys) == header.number
                )
                unit.session.flush()
                case = Case(header, office.rules(unit, agency, planned.opened_on))
                known[planned] = case
                for step in steps:
                    event = prepared(office, unit, row, case, step.event)
                    today = max(span.last, event.on)
                    done = case.apply(event, step.actor, today=today, recorded_at=step.recorded_at)
                    assert isinstance(done, Logged), (planned.number, done)
                    unit.append(row, case, done, office.keys)


DAY = date(2026, 11, 23)


@pytest.mark.parametrize("name", TABLES)
def test_bulk_and_single_writing_leave_the_same_rows(
    both: tuple[Office, Office], name: str
) -> None:
    bulk, single = (rows(office, name) for office in both)
    assert len(bulk) == len(single)
    assert [pair for pair in zip(bulk, single, strict=True) if pair[0] != pair[1]][:1] == []


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Office, Office]:
    """A province with every sort of case in it, written in bulk and singly."""
    from tests.workflow.service.docket.offices import office_at

    found = tuple(office_at(migrated, tmp_path_factory.mktemp("both"), DAY) for _ in range(2))
    made = simulate(found[0], 300, 24, 3, 5)
    assert made.refused == 0
    singly(found[1], 300, 24, 3, 5)
    return found[0], found[1]


@given(seed=st.integers(0, 10_000), cases=st.integers(1, 25), bodies=st.integers(1, 6))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bulk_and_single_writing_never_differ(
    office_on: Callable[[date], Office], seed: int, cases: int, bodies: int
) -> None:
    bulk, single = office_on(DAY), office_on(DAY)
    assert simulate(bulk, cases, bodies, 2, seed).refused == 0
    singly(single, cases, bodies, 2, seed)
    for name in TABLES:
        assert rows(bulk, name) == rows(single, name)


def test_a_simulated_store_is_sound_and_its_tables_add_up(
    office_on: Callable[[date], Office],
) -> None:
    office = office_on(DAY)
    made = simulate(office, 400, 30, 3, 2)
    assert made == Simulated(30, 400, made.events, 0, date(2024, 1, 1), date(2026, 11, 22))
    assert verify(office) == []
    received = 0
    for agency in office.agencies():
        for year in (2024, 2025, 2026):
            found = Reports(office).tables(agency.code, year)
            assert [f for f in found.findings if f.level == "error"] == [], (agency.code, year)
            received += found.tables.table3["new_received"]["total"]
    assert 350 <= received <= 400


def test_the_same_seed_gives_the_same_store_with_any_number_of_processes(
    office_on: Callable[[date], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, beside = office_on(DAY), office_on(DAY)
    first = simulate(alone, 60, 8, 3, 9)
    monkeypatch.setattr(side_by_side, "ALONE", 0)
    assert simulate(beside, 60, 8, 3, 9) == first

    def by_case(office: Office) -> list[list[dict[str, Any]]]:
        """Places of rows depend on the number of processes; nothing of what they say does."""
        return [
            sorted(
                ({k: v for k, v in row.items() if k != "id"} for row in rows(office, name)),
                key=lambda row: json.dumps(row, default=str, sort_keys=True),
            )
            for name in TABLES
        ]

    assert by_case(alone) == by_case(beside)


def test_bodies_that_are_there_take_part(office: Office) -> None:
    with office.store.write() as unit:
        for code, name in (("panlong", "盘龙乡人民政府"), ("baita", "白塔镇人民政府")):
            office.add_agency(unit, code=code, name=name, level="township")
        closed = office.add_agency(
            unit, code="fenguan", name="分管委员会", level="county_department"
        )
        closed.takes_requests = False
    made = simulate(office, 50, 5, 3, 1)
    assert (made.bodies, made.cases, made.refused) == (5, 50, 0)
    with office.store.read() as unit:
        case, agency = table("case"), table("agency")
        query = select(agency.c.code).join(case, case.c.agency_id == agency.c.id).distinct()
        with_cases = set(unit.session.scalars(query))
    assert {"panlong", "baita"} <= with_cases
    assert len(with_cases) == 4 and "fenguan" not in with_cases


def test_a_setting_that_forbids_a_step_leaves_the_case_where_it_was(office: Office) -> None:
    with office.store.write() as unit:
        agency = office.add_agency(unit, code="panlong", name="盘龙乡人民政府", level="township")
        unit.set_setting(agency, "max_correction_rounds", 0, date(2000, 1, 1), "")
    made = simulate(office, 80, 1, 3, 1)
    assert made.cases == 80 and made.refused > 0
    assert verify(office) == []


def test_the_last_number_of_a_body_and_year_is_that_of_its_last_case(office: Office) -> None:
    simulate(office, 60, 3, 2, 1)
    with office.store.read() as unit:
        case, number = table("case"), table("number")
        counted = select(case.c.agency_id, func.substr(case.c.number, 1, 4), func.count()).group_by(
            case.c.agency_id, func.substr(case.c.number, 1, 4)
        )
        found = {(body, int(year)): n for body, year, n in unit.session.execute(counted)}
        last = {
            (body, year): n
            for body, year, n in unit.session.execute(
                select(number.c.agency_id, number.c.year, number.c.last)
            )
        }
    assert last == found


def test_a_store_with_cases_stays_as_it_is(office: Office) -> None:
    simulate(office, 5, 2, 1, 1)
    before = [rows(office, name) for name in TABLES]
    with pytest.raises(BadInput, match="库中已有申请"):
        simulate(office, 5, 9, 1, 1)
    assert [rows(office, name) for name in TABLES] == before


def test_years_before_the_law_of_today_are_refused(office_on: Callable[[date], Office]) -> None:
    with pytest.raises(BadInput, match="2020"):
        simulate(office_on(date(2022, 5, 9)), 5, 2, 6, 1)


# -- the command ------------------------------------------------------------------------------------


def test_the_command_tells_what_it_wrote_and_refuses_a_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    asked = ["simulate", "--cases", "12", "--bodies", "3", "--seed", "4", "--json"]
    first = CliRunner().invoke(main, asked)
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert (told["cases"], told["bodies"], told["seed"], told["years"]) == (12, 3, 4, 3)
    again = CliRunner().invoke(main, asked)
    assert again.exit_code == 2
    assert again.stderr.strip() == "库中已有申请，只能在没有申请的库中生成"
    assert again.stdout == ""


@pytest.mark.parametrize("wrong", [["--cases", "0"], ["--cases", "x"], [], ["--cases", "9", "--years", "99"]])  # fmt: skip
def test_a_wrong_number_ends_with_exit_code_2(wrong: list[str]) -> None:
    assert CliRunner().invoke(main, ["simulate", *wrong]).exit_code == 2
