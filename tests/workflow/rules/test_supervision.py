"""How a case below looks to a supervising body: by which day it is late, which card it gets."""

from datetime import date

import pytest

from workflow.rules.calendar import national
from workflow.rules.supervision import (
    Standing,
    answered_late,
    card_of,
    soon_workdays,
    standing_of_reply,
    standing_of_return,
)

CALENDAR = national()
FRIDAY = date(2024, 4, 26)
"""The Sunday after it is a make-up day (28 April); 1 to 5 May are a holiday."""


def standing(today: str, due: date = FRIDAY, act_by: date | None = None, waits: date | None = None):
    return standing_of_reply(act_by or due, due, waits, date.fromisoformat(today), CALENDAR)


@pytest.mark.parametrize(
    ("today", "days"),
    [("2024-04-19", 5), ("2024-04-25", 1), ("2024-04-26", 0)],
)
def test_five_working_days_before_its_day_a_reply_is_soon_due(today: str, days: int) -> None:
    assert standing(today) == Standing("due", FRIDAY, days)


@pytest.mark.parametrize(
    ("today", "days"),
    [("2024-04-27", 1), ("2024-04-28", 1), ("2024-04-29", 2), ("2024-05-05", 3), ("2024-05-06", 4)],
)
def test_the_day_after_its_last_day_a_reply_is_late(today: str, days: int) -> None:
    """On a Saturday too, by one working day; a make-up day counts, the holidays of May do not."""
    assert standing(today) == Standing("late", FRIDAY, days)


def test_six_working_days_before_nobody_is_told() -> None:
    assert standing("2024-04-18") is None


def test_while_an_opinion_is_awaited_nothing_is_soon_due_but_what_is_past_is_late() -> None:
    assert standing("2024-04-25", waits=date(2024, 4, 25)) is None
    assert standing("2024-04-26", waits=date(2024, 4, 25)) == Standing("due", FRIDAY, 0)
    assert standing("2024-04-29", waits=date(2024, 5, 9)) == Standing("late", FRIDAY, 2)


def test_late_is_what_has_passed_the_last_day_to_reply_not_the_earlier_one_that_is_safe() -> None:
    """law.md §3.1(8): pages and reminders follow the earlier day, file and report the last one."""
    safe = date(2024, 4, 23)
    assert standing("2024-04-22", act_by=safe) == Standing("due", safe, 1)
    assert standing("2024-04-23", act_by=safe) == Standing("due", safe, 0)
    assert standing("2024-04-24", act_by=safe) == Standing("due", FRIDAY, 2)
    assert standing("2024-04-29", act_by=safe) == Standing("late", FRIDAY, 2)


def test_a_paper_that_came_back_counts_the_days_since() -> None:
    assert standing_of_return(FRIDAY, date(2024, 4, 29), CALENDAR) == Standing(
        "returned", FRIDAY, 2
    )
    assert standing_of_return(FRIDAY, FRIDAY, CALENDAR).days == 0


def test_answered_after_its_day() -> None:
    assert answered_late(FRIDAY, date(2024, 4, 30), CALENDAR) == Standing("done_late", FRIDAY, 3)


@pytest.mark.parametrize(
    ("matter", "days", "card"),
    [("due", 5, "yellow"), ("due", 0, "yellow"), ("late", 1, "red"), ("late", 20, "red"),
     ("late", 21, "black"), ("done_late", 3, "red"), ("returned", 30, "")],
)  # fmt: skip
def test_cards_are_those_of_the_ladder_of_reminders(matter: str, days: int, card: str) -> None:
    assert card_of(matter, days) == card
    assert Standing(matter, FRIDAY, days).card == card


def test_soon_is_the_first_yellow_rung() -> None:
    assert soon_workdays() == 5


@pytest.mark.parametrize(
    ("on", "late"), [("2024-04-25", 0), ("2024-04-26", 0), ("2024-04-27", 1), ("2024-05-06", 4)]
)
def test_one_function_counts_the_days_late(on: str, late: int) -> None:
    day = date.fromisoformat(on)
    assert CALENDAR.late(FRIDAY, day) == late
    assert not late or CALENDAR.left(day, FRIDAY) == -late
