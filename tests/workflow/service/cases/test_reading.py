"""What a case page says of the days left and of the cases around it, and what that costs."""

from datetime import date
from pathlib import Path

import pytest

from tests.counting import work
from tests.workflow.service.town import Town
from workflow.rules.calendar import national
from workflow.service.cases.worklist import Worklist


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-05-06")


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        ("2024-04-30", "2024-04-30", 0),
        ("2024-04-30", "2024-05-06", 1),  # 劳动节 1 to 5 May
        ("2024-05-06", "2024-05-31", 20),  # 11 May works
        ("2024-05-06", "2024-04-30", -1),
        ("2024-05-05", "2024-04-30", -1),  # only days off have passed
        ("2024-05-08", "2024-04-30", -3),
    ],
)
def test_days_left_are_working_days_and_never_none_once_late(
    today: str, due: str, left: int
) -> None:
    assert national().left(date.fromisoformat(today), date.fromisoformat(due)) == left


@pytest.mark.parametrize(
    "day", ["2024-05-06", "2024-05-30", "2024-05-31", "2024-06-01", "2024-07-01"]
)
def test_the_page_counts_the_same_days_as_the_worklist(town: Town, day: str) -> None:
    number = town.file().number
    town.is_(day)
    file = town.reading.case(town.staff("lifang"), number)
    (line,), total = Worklist(town.office).cases(town.staff("lifang"))
    assert total == 1 and file.next_due == line.due == date(2024, 5, 31)
    assert file.workdays_left == line.workdays_left is not None


def test_cases_around_are_named_once_and_come_in_one_look(town: Town) -> None:
    mine = town.file().number
    town.reading.case(town.staff("lifang"), mine)  # what is kept from one reading to the next
    with work() as alone:
        assert town.reading.case(town.staff("lifang"), mine).others == []
    for _ in range(4):
        last = town.file().number
    town.file("jiangna")
    town.act("lifang", last, "merge_duplicate", "2024-05-06", into=mine)
    with work() as among:
        file = town.reading.case(town.staff("lifang"), mine)
    assert [other.number for other in file.others] == [f"2024-000{n}" for n in (5, 4, 3, 2)]
    assert all(other.alike for other in file.others)
    assert file.linked == [last] and town.reading.case(town.staff("lifang"), last).linked == [mine]
    assert (among.statements, among.folds) == (alone.statements, 1)


def test_an_event_answers_with_the_case_as_a_reader_sees_it(town: Town) -> None:
    number = town.file().number
    said = {"on": "2024-05-06", "to": "农业中心"}
    with work() as done:
        found = town.moving.apply_and_read(town.staff("lifang"), number, "assign", said)
    assert done.folds == 0  # the fold of its filing was kept
    read = town.reading.case(town.staff("lifang"), number)
    for name in ("state", "length", "next_due", "workdays_left", "log", "possible", "missing"):
        assert getattr(found, name) == getattr(read, name), name


def test_what_a_form_says_is_read_once_the_case_is_known(town: Town) -> None:
    number = town.file().number
    seen: list[tuple[str, ...]] = []

    def read(header) -> dict[str, str]:
        seen.append(header.items)
        return {"on": "2024-05-06", "to": header.kind}

    found = town.moving.apply_and_read(town.staff("lifang"), number, "assign", read, once="k")
    town.moving.apply(town.staff("lifang"), number, "assign", read, once="k")
    assert seen == [("2023年度农村公路养护合同",)]
    assert found.log[-1].fields["to"] == "application"
