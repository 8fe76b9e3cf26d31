"""The days by which a case is late are the same in the worklist, on its page, in what a supervising body sees, in
what is said to people, and in the report."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.service.supervision.county import DUE, LATE, County
from webui.wording import due_mark
from workflow.case.alarms import alarms
from workflow.report.tables import score
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.worklist import Worklist
from workflow.service.dashboards import Dashboards
from workflow.service.docket.player import Player
from workflow.service.messages.texts import days_in_words
from workflow.service.report.annual import AnnualReports


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


@pytest.mark.parametrize(
    "day", ["2024-06-01", "2024-06-03", "2024-06-10", "2024-06-12", "2024-06-20"]
)
def test_days_late_agree_on_every_page(county: County, day: str) -> None:
    """1 June was a Saturday, 10 June a holiday."""
    county.is_(day)
    staff, today = county.staff("lifang"), date.fromisoformat(day)
    late = {number: days for _, number, days in county.numbers("late")}
    assert late[LATE] >= 1
    items, _ = Worklist(county.office).cases(staff)
    for item in items:
        file = county.reading.case(staff, item.number)
        mark = due_mark(
            item.state, item.due, item.workdays_left, kind=item.due_kind, reply_left=item.reply_left
        )
        days = late.get(item.number)
        assert item.workdays_left == file.workdays_left
        assert (mark.text == f"逾期 {days} 个工作日") is (days is not None)
        said = [one.text for one in alarms(file.case, today) if one.name == "overdue"]
        assert said == ([f"已逾期 {days} 个工作日；仍须尽快答复"] if days else [])
    with county.office.store.read() as unit:
        body = county.office.found_agency(unit, "panlong")
        told = days_in_words(county.office, unit, body, date(2024, 5, 31))
    assert told.endswith(f"已经逾期 {late[LATE]} 个工作日")
    for number, days in late.items():
        ((ground),) = [
            one
            for one in county.below.score(county.staff("county"), None, "panlong", 2024).grounds
            if one.number == number
        ]
        assert ground.why.endswith(f"已经逾期 {days} 个工作日")
    text = AnnualReports(county.office).report("panlong", 2024).sections["overview"]
    assert f"没有办结的申请中，已经超过法定期限的 {len(late)} 件" in text


def test_an_answer_that_came_late_is_one_everywhere(county: County) -> None:
    county.act("lifang", LATE, "withdraw", "2024-06-12")
    ((_, number, days),) = county.numbers("done_late")
    (ground,) = county.below.score(county.staff("county"), None, "panlong", 2024).grounds
    assert number == LATE and ground.why.endswith(f"逾期 {days} 个工作日")
    board = county.dashboards.page(county.staff("chen"), None, 2024)
    assert board.answered_late == 1 and [one.late for one in board.slow] == [days]
    text = AnnualReports(county.office).report("panlong", 2024).sections["overview"]
    assert "办结的申请中，超过法定期限的 1 件" in text


@pytest.mark.parametrize("day", ["2024-06-12", "2024-06-20"])
def test_counts_and_grounds_of_points_agree(county: County, day: str) -> None:
    county.act("lifang", DUE, "withdraw", day)
    for one in county.overview().bodies:
        found = county.below.score(county.staff("county"), None, one.code, 2024)
        assert found.total == one.points == score.total(found.counts, county.office.law)


def test_past_the_safe_day_alone_nobody_counts_a_case_as_late(
    office_on: Callable[[date], Office],
) -> None:
    """Confirmed late: pages follow the earlier day, but late is what has passed the last day itself."""
    office = office_on(date(2024, 6, 4))
    received = {
        "event": "receive",
        "on": "2024-05-06",
        "channel": "ordinary_mail",
        "confirmed_on": "2024-05-10",
    }
    said = [received]
    person = {"name": "张三", "category": "natural_person"}
    case = {"ref": "c1", "applicants": [person], "request": "合同", "events": said}
    agency = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
    result = Player(office).play({"agency": agency, "cases": [case]})
    assert not result["cases"][0]["refused"]
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        Accounts(office).add_user(unit, name="head", agency=body, roles=("clerk", "office_head"))
    staff = office.staff("head")
    assert staff is not None
    ((item,), _) = Worklist(office).cases(staff)
    assert item.workdays_left == -2 and item.reply_left is not None and item.reply_left >= 0
    mark = due_mark(
        item.state, item.due, item.workdays_left, kind=item.due_kind, reply_left=item.reply_left
    )
    assert "逾期" not in mark.text
    board = Dashboards(office).page(staff, None, 2024)
    assert board.numbers["late"] == 0 and board.numbers["due"] == 1
    assert board.lists["due"][0].days == item.reply_left
