"""Archiving asks whether remedies still run: until when the applicant may go to review and to the court."""

from datetime import date, timedelta

import pytest

from tests.workflow.case.walk import ASSIGNED, MONDAY, SERVED, Step, Walk
from tests.workflow.letters.stories import REVIEWED, answered, served, walk
from workflow.case.remedies import LastDays, last_days_from, still_open

DIRECT: Step = ("serve", 14, {"method": "direct", "signed_on": 14})
REPLIED = MONDAY + timedelta(14)


def handed_over(code: str) -> Walk:
    """Answered so, and handed over to the applicant."""
    return walk(*served(answered(code))[:-1], DIRECT)


def test_either_way_is_open_until_its_last_day() -> None:
    case = walk(*SERVED).case
    days = last_days_from(REPLIED, case)
    assert days.review is not None
    assert days.suit is not None
    assert still_open(case, days.review) == days
    assert still_open(case, days.review + timedelta(1)) == LastDays(None, days.suit)
    assert still_open(case, days.suit + timedelta(1)) == LastDays()


def test_where_review_comes_first_no_direct_suit_is_open() -> None:
    case = handed_over("third_party_rights").case
    days = last_days_from(REPLIED, case)
    assert days.review is not None
    assert still_open(case, days.review) == LastDays(days.review)
    assert still_open(case, days.review + timedelta(1)) == LastDays()


def test_of_a_posted_reply_that_nobody_knows_to_have_arrived_nothing_is_over() -> None:
    case = walk(*served(answered("supplied"))).case
    days = still_open(case, date(2026, 1, 1))
    assert days.not_before
    assert (days.review, days.suit) == (date(2024, 5, 17), date(2024, 9, 18))


def test_after_a_review_the_suit_is_open_for_fifteen_days() -> None:
    made = handed_over("third_party_rights")
    made.must(REVIEWED, ("conclude_review", 60, {"result": "upheld", "reached_on": 60}))
    last = made.case.deadlines.suit_last_day
    assert last is not None
    assert still_open(made.case, last) == LastDays(None, last)
    assert still_open(made.case, last + timedelta(1)) == LastDays()


@pytest.mark.parametrize("steps", [[*ASSIGNED, ("withdraw", 3, {})]])
def test_nothing_is_open_against_what_the_applicant_ended(steps: list[Step]) -> None:
    assert still_open(walk(*steps).case, REPLIED) == LastDays()
