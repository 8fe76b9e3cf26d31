"""The count shown day by day, over local calendars too, and the printed form."""

from dataclasses import replace
from datetime import date

from tests.workflow.clock.march import DAY, DUE, MONDAY, RECEIVED, RULES, consulted, found, on, said
from workflow.clock import (
    CountedDays,
    Deadlines,
    Terms,
    compute,
    day_by_day,
    used_workdays,
)
from workflow.rules.calendar import LocalDays, calendar_for

# -- local calendars ---------------------------------------------------------------------------------------

LOCAL = LocalDays("文山州", frozenset((date(2024, 3, 29),)), frozenset())


def test_stricter_national_day_is_told_only_where_it_differs() -> None:
    local = replace(RULES, calendar=calendar_for(None, (LOCAL,)))
    both = compute([RECEIVED], local, with_national=True)
    assert (both.reply_due, both.reply_due_national) == (date(2024, 4, 2), DUE)
    assert "只按全国" in said(both, DUE)
    elsewhere = replace(LOCAL, holidays=frozenset((date(2024, 6, 3),)))
    same = compute(
        [RECEIVED], replace(RULES, calendar=calendar_for(None, (elsewhere,))), with_national=True
    )
    assert same.reply_due_national == same.reply_due == DUE
    assert not any("只按全国" in step.text for step in same.steps)
    assert compute([RECEIVED], local).reply_due_national is None


# -- the count, day by day ---------------------------------------------------------------------------------


def test_count_shows_rest_days_and_the_days_of_waiting_in_their_place() -> None:
    events = (
        consulted("third_party"),
        on("record_opinion", "03-07", consultation=1, opinion="agrees"),
    )
    rows = day_by_day(found(*events), RULES.calendar)
    assert rows[:5] == [
        CountedDays(date(2024, 3, 5), date(2024, 3, 5), "counted", "", 1, 1),
        CountedDays(date(2024, 3, 6), date(2024, 3, 7), "excluded", "等待意见，不计入"),
        CountedDays(date(2024, 3, 8), date(2024, 3, 8), "counted", "", 2, 2),
        CountedDays(date(2024, 3, 9), date(2024, 3, 10), "rest", "周末"),
        CountedDays(date(2024, 3, 11), date(2024, 3, 15), "counted", "", 3, 7),
    ]
    assert rows[-1].last == date(2024, 4, 3)
    assert rows[-1].last_number == 20


def test_made_up_working_day_is_counted_and_named() -> None:
    """2024-04-07, a Sunday, was worked for the Qingming holiday."""
    rows = day_by_day(found(on("extend", "03-11", days=10)), RULES.calendar)
    (made_up,) = [row for row in rows if row.first == date(2024, 4, 7)]
    assert (made_up.kind, made_up.text, made_up.last) == ("counted", "调休上班", date(2024, 4, 7))


def test_there_is_nothing_to_count_before_receipt_and_without_a_period() -> None:
    nothing = compute([], RULES)
    no_period = found(terms=Terms(reply_workdays=0))
    assert no_period.reply_due is None
    half = (replace(found(), counted_from=None), replace(found(), reply_due=None))
    for deadlines in (nothing, no_period, *half):
        assert day_by_day(deadlines, RULES.calendar) == []
        assert used_workdays(deadlines, RULES.calendar, DUE) == 0


def test_used_days_stop_with_the_period_and_leave_out_the_waiting() -> None:
    events = (
        consulted("third_party"),
        on("record_opinion", "03-07", consultation=1, opinion="agrees"),
    )
    used = {
        day: used_workdays(found(*events), RULES.calendar, MONDAY + day * DAY)
        for day in (-3, 0, 1, 2, 3, 4, 60)
    }
    assert used == {-3: 0, 0: 0, 1: 1, 2: 1, 3: 1, 4: 2, 60: 20}


# -- the printed form --------------------------------------------------------------------------------------


def test_nothing_is_claimed_before_anything_happened() -> None:
    nothing = Deadlines()
    assert (nothing.base_workdays, nothing.extra_workdays, nothing.excluded_workdays) == (0, 0, 0)
    assert nothing.as_dict() == {"clock": "not_started", "provisional": False, "steps": []}


def test_printed_form_names_the_clock_and_whether_its_days_may_move() -> None:
    printed = found().as_dict()
    assert (printed["clock"], printed["provisional"]) == ("running", False)
    assert printed["excluded_workdays"] == 0
    assert printed["reply_due"] == "2024-04-01"
