"""Whose cases a handler sees where the body keeps each to their unit (本科室)."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.workflow.service.town import Town
from workflow.service import Missing
from workflow.service.accounts import Accounts
from workflow.service.cases.worklist import Worklist
from workflow.service.standing_in import StandIns
from workflow.service.units import Units
from workflow.store import messages
from workflow.store.message_models import MessageRow
from workflow.store.models import UserRow

DAY = "2024-05-06"


@pytest.fixture
def town(tmp_path):
    """Two units with two handlers each, one with none, and a township that keeps them apart."""
    town = Town(tmp_path, DAY)
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        for name in ("an", "bai", "cao", "ding", "fu"):
            Accounts(town.office).add_user(
                unit, name=name, agency=body, roles=("handler",), password_hash="set"
            )
        unit.set_setting(body, "handlers_see", "unit", date(2024, 1, 1), "各管各的")
    units = Units(town.office)
    for name, head, members in (("农业中心", "an", ["bai"]), ("城建中心", "", ["cao", "ding"])):
        number = units.add(town.staff("guanli"), "panlong", name)
        units.change(town.staff("guanli"), number, name, head, members)
    return town


def who_sees(town, number):
    """Those of the handlers who find the case, by its page and by their list alike."""
    found = set()
    for name in ("an", "bai", "cao", "ding", "fu", "lifang"):
        try:
            town.reading.case(town.staff(name), number)
            found.add(name)
        except Missing:
            pass
        items, total = Worklist(town.office).cases(town.staff(name))
        assert (name in found) == (number in {item.number for item in items}) == bool(total)
    return found


def give(town, number, to):
    town.act("lifang", number, "assign", DAY, to=to)


def choose(town, value, day="2024-05-06"):
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        unit.set_setting(body, "handlers_see", value, date.fromisoformat(day), "换一种")


def test_what_nobody_was_given_is_the_clerks(town):
    assert who_sees(town, town.file().number) == {"lifang"}


@pytest.mark.parametrize(
    ("to", "theirs"),
    [
        ("农业中心", {"an", "bai"}),
        ("an", {"an", "bai"}),
        ("bai", {"an", "bai"}),
        ("城建中心", {"cao", "ding"}),
        ("fu", {"fu"}),
        ("环保站", set()),
    ],
)
def test_a_case_is_that_of_the_unit_to_which_or_in_which_it_was_given(town, to, theirs):
    number = town.file().number
    give(town, number, to)
    assert who_sees(town, number) == {"lifang", *theirs}


def test_who_has_done_something_in_a_case_sees_it_wherever_it_goes(town):
    number = town.file().number
    give(town, number, "cao")
    town.act("cao", number, "record_search", DAY, sources=["档案室"], keywords=["合同"], hits=0)
    give(town, number, "农业中心")
    assert who_sees(town, number) == {"lifang", "an", "bai", "cao"}


def test_the_setting_holds_from_its_day_and_as_long_as_it_is_chosen(town):
    number = town.file().number
    give(town, number, "农业中心")
    choose(town, "body", "2024-05-07")
    assert who_sees(town, number) == {"lifang", "an", "bai"}
    town.is_("2024-05-07")
    assert who_sees(town, number) == {"lifang", "an", "bai", "cao", "ding", "fu"}


def test_another_role_of_the_body_shows_all_of_it(town):
    number = town.file().number
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        Accounts(town.office).add_user(unit, name="ding", agency=body, roles=("archivist",))
    assert who_sees(town, number) == {"lifang", "ding"}


def test_who_is_left_with_a_stand_in_alone_sees_what_the_one_who_is_away_does(town):
    number = town.file().number
    give(town, number, "农业中心")
    with town.office.store.write() as unit:
        wang = unit.session.scalar(select(UserRow).where(UserRow.name == "wang"))
        wang.password_hash = "set"
    StandIns(town.office).make(
        town.staff("guanli"), "panlong", "bai", "wang", ["handler"], DAY, "2024-05-10"
    )
    assert town.reading.case(town.staff("wang"), number)
    with town.office.store.write() as unit:
        unit.session.scalar(select(UserRow).where(UserRow.name == "wang")).roles = []
    assert town.reading.case(town.staff("wang"), number)
    give(town, number, "城建中心")
    with pytest.raises(Missing):
        town.reading.case(town.staff("wang"), number)


def test_nobody_of_the_units_is_told_of_what_is_nobodys_yet(town):
    number = town.file().number
    with town.office.store.read() as unit:
        told, _ = messages.record(unit, [2], limit=100)
        names = {row.user.name for row in told if row.user}
    assert not names & {"an", "bai", "cao", "ding", "fu"}, names
    give(town, number, "农业中心")
    with town.office.store.read() as unit:
        rows = unit.session.query(MessageRow).all()
        names = {row.user.name for row in rows if row.user}
    assert names & {"an", "bai"} and not names & {"cao", "ding", "fu"}
