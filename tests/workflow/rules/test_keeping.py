"""Which backups are kept, and when the next one is made."""

from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflow.dates import SHANGHAI
from workflow.rules.keeping import due, kept


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=SHANGHAI)


MOMENTS = st.sets(
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(
        lambda one: one.replace(microsecond=0, tzinfo=SHANGHAI)
    ),
    max_size=60,
)
RULES = st.fixed_dictionaries(
    {"daily": st.integers(1, 9), "weekly": st.integers(0, 6), "monthly": st.integers(0, 6)}
)


def test_a_year_of_days_is_thinned_out_by_days_weeks_and_months() -> None:
    there = {at("2026-06-30T02:30") - timedelta(n) for n in range(365)}
    found = sorted(one.date().isoformat() for one in kept(there, daily=3, weekly=2, monthly=4))
    # Tuesday, 30 June: the days 28 to 30, the last of the weeks 26 and 27, the last of four months.
    assert found == [
        "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-28", "2026-06-29", "2026-06-30",
    ]  # fmt: skip


def test_of_a_day_the_last_one_stays() -> None:
    there = {at("2026-06-30T02:30"), at("2026-06-30T09:00"), at("2026-06-29T23:59")}
    assert kept(there, daily=2, weekly=0, monthly=0) == {
        at("2026-06-30T09:00"), at("2026-06-29T23:59"),
    }  # fmt: skip


def test_days_without_one_do_not_count() -> None:
    there = {at("2026-01-05T02:30"), at("2026-06-30T02:30")}
    assert kept(there, daily=2, weekly=0, monthly=0) == there


@given(MOMENTS, RULES)
def test_the_last_one_stays_and_no_more_than_the_rules_say(there, rules) -> None:
    found = kept(there, **rules)
    assert found <= there
    assert len(found) <= max(1, sum(rules.values()))
    assert not there or max(there) in found
    days = {one.date() for one in there}
    assert len({one.date() for one in found}) >= min(len(days), rules["daily"])
    assert kept(found, **rules) == found


@given(MOMENTS, RULES)
def test_nothing_comes_back_that_was_let_go(there, rules) -> None:
    """Day after day: what is kept later was kept before."""
    before: set[datetime] = set()
    for one in sorted(there):
        before = set(kept(before | {one}, **rules))
    assert before >= kept(there, daily=rules["daily"], weekly=0, monthly=0)


def test_it_is_due_once_a_day_from_its_time_on() -> None:
    when = time(2, 30)
    assert due(at("2026-06-30T02:30"), when, at("2026-06-29T02:31"), at("2026-06-29T02:30"))
    assert not due(at("2026-06-30T02:29"), when, at("2026-06-29T02:31"), at("2026-06-29T02:30"))
    assert not due(at("2026-06-30T23:00"), when, at("2026-06-30T02:31"), at("2026-06-30T02:30"))
    assert not due(at("2026-07-01T02:29"), when, at("2026-06-30T02:30"), at("2026-06-30T02:30"))


def test_one_of_this_moment_is_made_and_a_try_of_this_moment_is_one() -> None:
    when, now = time(2, 30), at("2026-06-30T02:30")
    assert not due(now, when, now, at("2026-06-29T02:30"))
    assert not due(now, when, at("2026-06-29T02:30"), now)


def test_before_its_time_that_of_yesterday_is_asked_for() -> None:
    assert due(at("2026-06-30T02:29"), time(2, 30), at("2026-06-28T02:31"), at("2026-06-28T02:30"))


def test_of_a_week_one_is_kept_whatever_its_days() -> None:
    days = {at(f"2026-06-{day:02}T02:30") for day in range(15, 29)}  # two weeks, from Monday on
    found = kept(days, daily=1, weekly=2, monthly=0)
    assert found == {at("2026-06-28T02:30"), at("2026-06-21T02:30")}


def test_the_first_one_and_one_that_was_missed_are_made_at_once() -> None:
    assert due(at("2026-06-30T01:00"), time(2, 30), None, None)
    assert due(at("2026-06-30T01:00"), time(2, 30), at("2026-06-27T02:31"), at("2026-06-27T02:30"))


def test_after_one_that_failed_it_is_tried_again_after_an_hour() -> None:
    made = at("2026-06-29T02:31")
    tried = at("2026-06-30T02:30")
    assert not due(at("2026-06-30T03:29"), time(2, 30), made, tried)
    assert due(at("2026-06-30T03:30"), time(2, 30), made, tried)
    # A try of before the time of today is none of today's.
    assert due(at("2026-06-30T02:30"), time(2, 30), made, at("2026-06-30T02:00"))


def test_what_was_noted_in_the_future_holds_nothing_up() -> None:
    assert due(at("2026-06-30T03:00"), time(2, 30), at("2026-07-09T02:31"), at("2026-07-09T02:30"))
