"""Working days: properties for any calendar, and the law's sentences for the real ones."""

from datetime import date, timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.calendars import DayTable, nation
from tests.examples import ROOT
from workflow.rules.calendar import (
    LAST,
    Calendar,
    CalendarGap,
    LocalDays,
    calendar_for,
    merge,
    national,
)

DAY = timedelta(1)
FIRST, END = date(2023, 6, 1), date(2025, 6, 1)

days = st.dates(FIRST, END)
day_sets = st.frozensets(days, max_size=60)
layers = st.builds(LocalDays, st.just("本地"), day_sets, day_sets)
intervals = st.lists(st.tuples(days, days), max_size=6)


@cache
def built(rest: frozenset[date], work: frozenset[date], locals_: tuple[LocalDays, ...]) -> Calendar:
    return Calendar(DayTable("全国", "", rest, work, frozenset(range(2000, 2054))), locals_)


@cache
def made(seed: int) -> Calendar:
    """A calendar with up to three local layers; the same for the same seed."""
    random = Random(seed)

    def some_days() -> frozenset[date]:
        return frozenset(FIRST + random.randrange(730) * DAY for _ in range(random.randrange(150)))

    locals_ = (LocalDays("本地", some_days(), some_days()) for _ in range(seed % 4))
    return built(some_days(), some_days(), tuple(locals_))


calendars = st.one_of(st.just(national()), st.integers(1, 40).map(made))


def walk(after: date, through: date) -> list[date]:
    """Every day after the first through the second."""
    return [after + n * DAY for n in range(1, (through - after).days + 1)]


@given(calendars, days, st.integers(0, 120))
def test_adding_working_days_and_counting_them_back_agree(
    calendar: Calendar, day: date, workdays: int
) -> None:
    assert calendar.count(day, calendar.add(day, workdays)) == workdays


@given(calendars, days, st.integers(1, 120))
def test_the_nth_working_day_is_itself_a_working_day(
    calendar: Calendar, day: date, workdays: int
) -> None:
    found = calendar.add(day, workdays)
    assert found > day
    assert calendar.is_workday(found)
    assert calendar.count(day, found - DAY) == workdays - 1


@given(calendars, days, days)
def test_prefix_sums_count_what_a_person_counts_day_by_day(
    calendar: Calendar, after: date, through: date
) -> None:
    counted = sum(calendar.is_workday(day) for day in walk(after, through))
    assert calendar.count(after, through) == counted


@given(calendars, days, days)
def test_counting_and_adding_back_ends_on_the_last_working_day(
    calendar: Calendar, after: date, through: date
) -> None:
    number = calendar.count(after, through)
    if number:
        assert calendar.add(after, number) == calendar.on_or_before(through)


@given(calendars, days, days, st.integers(0, 60), st.integers(0, 60))
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    calendar: Calendar, one: date, other: date, few: int, more: int
) -> None:
    early, late = sorted((one, other))
    short, long = sorted((few, more))
    assert calendar.add(early, short) <= calendar.add(late, short)
    assert calendar.add(early, short) <= calendar.add(early, long)


@given(calendars, days, days, days)
def test_counts_of_neighbouring_stretches_add_up(
    calendar: Calendar, a: date, b: date, c: date
) -> None:
    first, second, third = sorted((a, b, c))
    whole = calendar.count(first, third)
    assert whole == calendar.count(first, second) + calendar.count(second, third)


@given(calendars, days)
def test_a_working_day_on_or_around_a_day(calendar: Calendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_workday(before) and calendar.is_workday(after)
    assert (before == day) == (after == day) == calendar.is_workday(day)
    assert calendar.count(before, after) == (0 if before == after else 1)


@given(intervals)
def test_merged_intervals_hold_the_same_days_once(found: list[tuple[date, date]]) -> None:
    merged = merge(found)
    together = {day for after, through in found for day in walk(after, through)}
    listed = [day for after, through in merged for day in walk(after, through)]
    assert listed == sorted(together)


@given(calendars, days, st.integers(1, 60), intervals)
@settings(max_examples=60)
def test_excluded_days_are_skipped_as_a_person_skips_them(
    calendar: Calendar, day: date, workdays: int, excluded: list[tuple[date, date]]
) -> None:
    skipped = {d for after, through in excluded for d in walk(after, through)}
    number, here = 0, day
    while number < workdays:
        here += DAY
        number += calendar.is_workday(here) and here not in skipped
    assert calendar.add_excluding(day, workdays, excluded) == here


@given(st.lists(layers, min_size=1, max_size=3), day_sets, day_sets, days)
@settings(max_examples=60)
def test_the_nearest_layer_that_speaks_of_a_day_decides(
    locals_: list[LocalDays], rest: frozenset[date], work: frozenset[date], day: date
) -> None:
    calendar = built(rest, work, tuple(locals_))
    for layer in reversed(locals_):
        if day in layer.holidays or day in layer.workdays:
            assert calendar.is_workday(day) == (day not in layer.holidays)
            return
    assert calendar.is_workday(day) == built(rest, work, ()).is_workday(day)


# -- the real calendars ---------------------------------------------------------------------------


def test_make_up_sunday_counts() -> None:
    assert date(2024, 4, 7).weekday() == 6
    assert national().is_workday(date(2024, 4, 7))
    assert national().why(date(2024, 4, 7)) == "调休上班"


def test_weekday_of_a_holiday_does_not_count() -> None:
    assert date(2024, 4, 4).weekday() == 3
    assert not national().is_workday(date(2024, 4, 4))
    assert national().why(date(2024, 4, 4)) == "放假"


def test_emergency_prolongation_of_2020_is_known() -> None:
    assert not any(
        national().is_workday(day)
        for day in (date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2))
    )


def test_local_holidays_of_wenshan_rest_there_and_nowhere_else() -> None:
    for day in (date(2024, 4, 1), date(2024, 4, 2), date(2024, 4, 3)):
        assert not calendar_for("云南省文山州砚山县").is_workday(day)
        assert calendar_for("云南省昆明市").is_workday(day)
        assert national().is_workday(day)


def test_days_of_a_body_win_over_its_region() -> None:
    own = LocalDays("本机关", frozenset(), frozenset([date(2024, 4, 1)]))
    calendar = calendar_for("云南省文山州砚山县", (own,))
    assert calendar.is_workday(date(2024, 4, 1))
    assert not calendar.is_workday(date(2024, 4, 2))


def test_year_without_a_notice_is_provisional_and_knows_the_statutory_days() -> None:
    year = max(nation().years) + 1
    calendar = national()
    assert calendar.is_provisional(date(year, 3, 1))
    assert not calendar.is_provisional(date(year - 1, 3, 1))
    assert not calendar.is_workday(date(year, 1, 1))
    assert not calendar.is_workday(date(year, 10, 1))
    assert calendar.add(date(year - 1, 12, 20), 20).year == year


def test_spring_festival_of_2027_rests_although_no_notice_is_known() -> None:
    calendar = national()
    eve = date(2027, 2, 5)
    if not calendar.is_provisional(eve):
        pytest.skip("the notice for 2027 is known by now")
    assert not calendar.is_workday(eve)
    assert calendar.why(eve) == "法定放假（暂定）"


def test_no_year_that_can_be_registered_makes_the_calendar_fail() -> None:
    for year in range(2000, 2051):
        for day in (date(year, 1, 1), date(year, 12, 31)):
            assert national().add(day, 60) > day


def test_end_of_the_calendar_is_told() -> None:
    with pytest.raises(CalendarGap, match="2053"):
        national().add(LAST, 1)
    with pytest.raises(CalendarGap):
        national().count(date(1999, 12, 30), date(2000, 2, 1))


def test_calendar_reaches_from_2000_through_2053() -> None:
    calendar = built(frozenset(), frozenset(), ())
    assert calendar.count(date(2000, 1, 1), date(2000, 1, 3)) == 1
    assert calendar.is_workday(date(2000, 1, 3))
    assert calendar.add(date(2000, 1, 1), 1) == date(2000, 1, 3)
    assert calendar.is_workday(date(2053, 12, 31))
    assert calendar.add(date(2053, 12, 30), 1) == date(2053, 12, 31)
    assert calendar.on_or_before(date(2053, 12, 31)) == date(2053, 12, 31)
    for beyond in (date(1999, 12, 31), date(2054, 1, 1)):
        with pytest.raises(CalendarGap):
            calendar.is_workday(beyond)


def test_no_working_days_after_a_day_is_the_day_itself() -> None:
    for day in (date(2024, 4, 5), date(2024, 4, 6), date(2024, 4, 7)):
        assert national().add(day, 0) == day


def test_last_working_day_before_a_holiday_is_found_backwards() -> None:
    assert national().on_or_before(date(2024, 4, 6)) == date(2024, 4, 3)
    assert national().on_or_after(date(2024, 4, 4)) == date(2024, 4, 7)


def test_there_is_no_working_day_before_the_first() -> None:
    with pytest.raises(CalendarGap):
        national().add(date(2024, 4, 5), -20000)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2024, 4, 3), "工作日"),
        (date(2024, 4, 4), "放假"),
        (date(2024, 4, 6), "周末、放假"),
        (date(2024, 4, 7), "调休上班"),
        (date(2024, 4, 13), "周末"),
        (date(2024, 4, 14), "周末"),
        (date(2024, 4, 12), "工作日"),
        (date(2024, 4, 8), "本县放假"),
        (date(2024, 4, 20), "本县调休上班"),
    ],
)
def test_day_tells_what_makes_it_work_or_rest(day: date, why: str) -> None:
    own = LocalDays("本县", frozenset((date(2024, 4, 8),)), frozenset((date(2024, 4, 20),)))
    assert calendar_for(None, (own,)).why(day) == why


def test_day_excluded_by_two_touching_stretches_is_excluded_once() -> None:
    one, two = (date(2024, 3, 4), date(2024, 3, 6)), (date(2024, 3, 6), date(2024, 3, 8))
    assert merge([two, one]) == [(date(2024, 3, 4), date(2024, 3, 8))]
    assert merge([one, (date(2024, 3, 7), date(2024, 3, 8))]) == [
        one,
        (date(2024, 3, 7), date(2024, 3, 8)),
    ]
    assert merge([(date(2024, 3, 4), date(2024, 3, 4))]) == []


def test_body_without_days_of_its_own_has_the_nations_calendar() -> None:
    assert calendar_for(None) is national()
    assert calendar_for("云南省昆明市") is national()


def test_no_deadline_rests_on_the_package_that_guesses() -> None:
    """`holidays` guesses a year without make-up days: it stands nowhere."""
    root = ROOT
    for room in ("config", "workflow", "webui", "notifications"):
        for file in (root / room).rglob("*.py"):
            lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
            assert not any(
                line.startswith(("import holidays", "from holidays")) for line in lines
            ), file
