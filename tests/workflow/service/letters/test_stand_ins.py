"""What somebody does in place of a colleague who is away says so: versions and numbers of letters, steps of a report."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.workflow.service.town import Town
from workflow.people import Staff
from workflow.service.accounts import Accounts
from workflow.service.letters.door import CaseLetters
from workflow.service.report.annual import AnnualReports
from workflow.service.report.overrides import Overrides
from workflow.service.standing_in import StandIns
from workflow.store.migrate import _config
from workflow.store.store import Store

DAY = "2024-05-06"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """wang, who reviews secrecy, is the clerk for lifang and the head of the office for chen for some days."""
    town = Town(tmp_path, DAY)
    with town.office.store.write() as unit:
        unit.user("wang").password_hash = "set"
        body = town.office.found_agency(unit, "panlong")
        Accounts(town.office).add_user(unit, name="zhao", agency=body, roles=("cashier",))
        unit.user("zhao").password_hash = "set"
    for away, deputy, role in (("lifang", "zhao", "clerk"), ("chen", "wang", "office_head")):
        StandIns(town.office).make(
            town.staff("guanli"), "panlong", away, deputy, [role], DAY, "2025-05-01"
        )
    return town


def test_a_letter_that_a_stand_in_issues_says_for_whom(town: Town) -> None:
    letters, number = CaseLetters(town.office), town.file().number
    made = letters.kept(town.staff("lifang"), "panlong", number)
    letters.issue(town.staff("zhao"), "panlong", number, "receipt")
    (issued,) = letters.kept(town.staff("lifang"), "panlong", number)[len(made) :]
    assert (issued.actor, issued.role, issued.stands_for) == ("zhao", "clerk", "lifang")
    line = letters.book(town.staff("chen"), "panlong").lines[-1]
    assert (line.actor, line.stands_for) == ("zhao", "lifang")


def test_in_a_role_of_ones_own_nobody_is_named(town: Town) -> None:
    """lifang is the clerk, also while zhao acts for her; chen is head of the office and stands in for nobody."""
    letters, number = CaseLetters(town.office), town.file().number
    letters.issue(town.staff("lifang"), "panlong", number, "receipt")
    town.act("lifang", number, "assign", DAY, to="lifang")
    letters.issue(town.staff("chen"), "panlong", number, "assistance_request")
    kept = letters.kept(town.staff("chen"), "panlong", number)
    assert {one.actor for one in kept} == {"lifang", "chen"}
    assert {one.stands_for for one in kept} == {None}


def test_the_letter_of_an_event_says_what_its_line_says(town: Town) -> None:
    letters, number = CaseLetters(town.office), town.file().number
    town.act("zhao", number, "require_correction", DAY, defects=["写明年度"])
    notice = letters.kept(town.staff("lifang"), "panlong", number)[-1]
    assert (notice.actor, notice.stands_for) == ("zhao", "lifang")


def test_steps_of_a_report_say_in_whose_place_they_were_taken(town: Town) -> None:
    town.is_("2025-01-06")
    reports, overrides = AnnualReports(town.office), Overrides(AnnualReports(town.office))
    place = {"table": "table3", "row": "new_received", "column": "natural_person"}
    reports.draft(town.staff("zhao"), "panlong", 2024)
    overrides.put(town.staff("wang"), "panlong", 2024, {**place, "value": "1", "reason": "漏登"})
    overrides.confirm(
        town.staff("zhao"), "panlong", 2024, "table3.new_received.natural_person", "1"
    )
    overrides.put_back(town.staff("lifang"), "panlong", 2024, "table3.new_received.natural_person")
    steps = reports.file(town.staff("chen"), "panlong", 2024).steps
    assert [(one["step"], one["by"], one.get("stands_for")) for one in steps] == [
        ("draft", "zhao", "lifang"),
        ("put_in", "wang", "chen"),
        ("confirm", "zhao", "lifang"),
        ("put_back", "lifang", None),
    ]
    assert "stands_for" not in steps[-1]


@pytest.mark.parametrize(
    ("roles", "away"),
    [
        (["clerk"], "lifang"),
        (["clerk", "cashier"], None),
        (["cashier"], None),
        (["leader"], None),
        (["leader", "clerk"], "lifang"),
        (["clerk", "office_head"], "lifang"),
    ],
)
def test_whoever_holds_a_role_of_their_own_does_it_for_themselves(
    roles: list[str], away: str | None
) -> None:
    held = {"panlong": frozenset(("clerk", "cashier", "office_head"))}
    lent = {"panlong": {"clerk": "lifang", "office_head": "chen"}}
    assert Staff(1, "zhao", "赵", held, standing_in=lent).stands_for("panlong", roles) == away
    assert Staff(1, "zhao", "赵", held, standing_in=lent).stands_for("jiangna", roles) is None


def test_migration_adds_the_place_and_takes_it_away_again(tmp_path: Path) -> None:
    """0053: of letters that are there nobody is named."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0053")
        for table in ("letter", "letter_number"):
            assert connection.execute(text(f"SELECT stands_for FROM {table}")).all() == []
        command.downgrade(_config(connection), "0052")
        for table in ("letter", "letter_number"):
            columns = [one["name"] for one in inspect(connection).get_columns(table)]
            assert "actor" in columns and "stands_for" not in columns
    store.close()
