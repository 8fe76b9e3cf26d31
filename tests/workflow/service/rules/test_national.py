"""Loading a holiday notice over a store: open deadlines move and say so (law.md §3.1(4)–(6))."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config import calendars
from tests.workflow.service.town import Town, freeze
from workflow.refusal import BadInput, Denied, Refused
from workflow.service.cases.verify import verify
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.due_changes import DueChanges
from workflow.service.rules.national import NationalDays, in_words
from workflow.service.rules.settings import BodySettings
from workflow.store.due_change_models import DueChangeRow
from workflow.store.models import EventRow, NationalDayRow

CHANGE = {
    "year": 2024, "notice": "国办发明电〔2024〕1号", "holidays": ["2024-03-28", "2024-03-29"],
    "workdays": ["2024-04-13"],
}  # fmt: skip


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path, "2024-03-04")


@pytest.fixture
def nation(town):
    return NationalDays(town.office)


def whole(year=2027, **more):
    days = [str(day) for day in sorted(calendars.statutory(year, year))]
    return {"year": year, "notice": f"{year} 年通知", "holidays": days, "workdays": [], **more}


def test_a_late_change_moves_open_deadlines_of_every_body_and_the_old_day_is_kept(town, nation):
    """The change of 26 January 2020 for a period that was running."""
    ours, theirs = town.file("panlong").number, town.file("jiangna").number
    with town.office.store.read() as unit:
        before = [row.hash for row in unit.session.scalars(select(EventRow))]
    town.is_("2024-03-20")
    done = nation.load(None, CHANGE)
    assert (done.entered, done.moved) == (3, 2)
    assert town.due(ours) == town.due(theirs, "jiangna") == date(2024, 4, 3)
    (change,) = town.moved(ours)
    assert change.text == (
        "答复期限由 4 月 1 日改为 4 月 3 日：国办发明电〔2024〕1号（2024 年全国放假安排）"
    )
    assert change.public_text == "答复期限由 4 月 1 日改为 4 月 3 日（放假安排变动）"
    with town.office.store.read() as unit:
        assert [row.hash for row in unit.session.scalars(select(EventRow))] == before
    assert verify(town.office) == []
    assert [c.number for c in DueChanges(town.office).unseen(town.staff("lifang"))] == [ours]


def test_loading_twice_changes_nothing(town, nation):
    number = town.file().number
    nation.load(None, CHANGE)
    again = nation.load(None, CHANGE)
    assert (again.entered, again.taken_back, again.moved) == (0, 0, 0)
    assert in_words(again)[0] == "国办发明电〔2024〕1号已经装入过，没有变动"
    with town.office.store.read() as unit:
        assert len(unit.session.scalars(select(DueChangeRow)).all()) == 1
        assert len(unit.session.scalars(select(NationalDayRow)).all()) == 3
    assert len(town.moved(number)) == 1


def test_it_counts_where_local_holidays_are_not_deducted(town, nation):
    """放假办法4: the setting leaves out local days, never those of the nation."""
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "use_local_holidays", "false", "2024-01-01", "从严"
    )
    number = town.file().number
    nation.load(None, CHANGE)
    assert town.due(number) == date(2024, 4, 3)


def test_it_counts_in_the_stricter_national_day_too(town, nation):
    number = town.file().number
    BodyDays(town.office).enter(town.staff("chen"), "panlong", "rest", "2024-03-27", "", "州庆")
    nation.load(None, CHANGE)
    due = town.reading.case(town.staff("lifang"), number).deadlines
    assert (due.reply_due, due.reply_due_national) == (date(2024, 4, 7), date(2024, 4, 3))


def test_the_2027_arrangement_ends_provisional_and_says_which_way_the_day_went(tmp_path):
    town = Town(tmp_path, "2026-12-21")
    nation, filed = NationalDays(town.office), town.file()
    assert filed.provisional and filed.reply_due == date(2027, 1, 19)
    note = town.reading.case(town.staff("lifang"), filed.number).deadlines.steps[-1].text
    assert "可能提前也可能推后" in note and "2027 年" in note
    part = {"year": 2027, "notice": "2027 年通知", "holidays": ["2027-01-01", "2027-01-04"]}
    done = nation.load(None, part)
    assert done.missing == ("春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
    assert town.due(filed.number) == date(2027, 1, 20)
    assert town.reading.case(town.staff("lifang"), filed.number).deadlines.provisional
    done = nation.load(None, whole(workdays=["2027-01-09"]))
    assert (done.missing, done.forgotten, done.taken_back) == ((), (), 1)
    assert town.due(filed.number) == date(2027, 1, 18), "it may move either way"
    due = town.reading.case(town.staff("lifang"), filed.number).deadlines
    assert not due.provisional and "暂定" not in "".join(step.text for step in due.steps)
    assert [change.moved for change in town.moved(filed.number)] == [
        "答复期限由 1 月 19 日改为 1 月 20 日",
        "答复期限由 1 月 20 日改为 1 月 18 日",
    ]
    assert not BodyDays(town.office).year("panlong", 2027).provisional


def test_a_published_year_stays_frozen(town, nation):
    freeze(town.office, "panlong", 2023)
    late = {"year": 2023, "notice": "通知", "holidays": ["2023-12-29"]}
    with pytest.raises(Refused) as error:
        nation.load(None, late)
    assert error.value.refusal.rule == "frozen_year"
    assert "盘龙彝族乡人民政府 2023 年" in error.value.refusal.message
    assert nation.year(2023).notices == ()
    known = sorted(day for day in calendars.nation().holidays if day.year == 2023)[0]
    same = {"year": 2023, "notice": "通知", "holidays": [str(known)]}
    assert nation.load(None, same).entered == 1, "what the package says already moves nothing"


def test_what_is_wrong_leaves_everything_as_it_was(town, nation):
    number = town.file().number
    with pytest.raises(BadInput):
        nation.load(None, {**CHANGE, "workdays": ["2024-03-28"]})
    assert town.due(number) == date(2024, 4, 1) and nation.year(2024).notices == ()


def test_the_administrator_of_the_uppermost_body_loads_it_for_all(town, nation):
    for name in ("lifang", "chen", "guanli", "sunli"):
        with pytest.raises(Denied):
            nation.load(town.staff(name), CHANGE)
        assert not nation.may_load(town.staff(name))
    assert nation.may_load(town.staff("county"))
    nation.load(town.staff("county"), CHANGE)
    (notice,) = nation.year(2024).notices
    assert (notice.name, notice.actor) == (CHANGE["notice"], "county")


def test_where_the_package_says_otherwise_both_values_are_shown(town, nation):
    done = nation.load(None, CHANGE)
    shown = [(str(one.day), one.loaded, one.package) for one in done.differs]
    assert shown == [
        ("2024-03-28", "放假", "工作日"),
        ("2024-03-29", "放假", "工作日"),
        ("2024-04-13", "调休上班", "周末"),
    ]
    assert "3 月 28 日：装入的安排为放假，程序自带的数据为工作日，以装入的为准" in in_words(done)


def test_the_page_of_a_body_names_the_notice_among_its_layers(town, nation):
    nation.load(None, CHANGE)
    layers = BodyDays(town.office).year("panlong", 2024).layers
    assert [layer.source for layer in layers][1] == CHANGE["notice"]
    assert (date(2024, 4, 13), True) in layers[1].days


def test_every_due_day_in_the_store_is_the_one_that_the_new_calendar_gives(tmp_path):
    """Row and log never disagree: cases in every state, several notices one after another."""
    town = Town(tmp_path, "2024-03-04")
    nation, act = NationalDays(town.office), town.act
    numbers = [town.file().number for _ in range(4)]
    act(
        "lifang", numbers[0], "require_correction", "2024-03-06", reached_on="2024-03-06",
        defects=["请写明年度"],
    )  # fmt: skip
    act("lifang", numbers[1], "assign", "2024-03-07")
    act("lifang", numbers[1], "consult_third_party", "2024-03-08", consultation=1)
    act("lifang", numbers[2], "withdraw", "2024-03-26")
    for n, first in enumerate((date(2024, 3, 11), date(2024, 3, 25), date(2024, 4, 15))):
        days = [str(first + timedelta(k)) for k in range(2)]
        nation.load(None, {"year": 2024, "notice": f"第 {n} 号", "holidays": days})
        assert verify(town.office) == []
