"""Who held which role on a day, folded from the audit and held to what the store says today."""

from datetime import datetime

import pytest

from workflow.dates import SHANGHAI
from workflow.rules.rights import Held, Place, RoleLine, active_before, held_before

CLERK, LEADER = Place("lifang", 1, "clerk"), Place("chen", 1, "leader")


def at(day: int) -> datetime:
    return datetime(2024, 5, day, 10, tzinfo=SHANGHAI)


def line(day: int, place: Place, *, granted: bool = True, by: str = "anquan") -> RoleLine:
    return RoleLine(at(day), by, place, granted)


def test_a_role_is_held_from_its_granting_to_its_revoking_and_says_by_whom() -> None:
    lines = [line(2, CLERK), line(4, CLERK, granted=False, by="another")]
    assert held_before(lines, set(), at(2)) == ()
    assert held_before(lines, set(), at(3)) == (Held(CLERK, at(2), "anquan"),)
    assert held_before(lines, set(), at(5)) == ()


def test_of_a_role_granted_twice_the_last_granting_counts() -> None:
    lines = [line(2, CLERK), line(3, CLERK, granted=False), line(4, CLERK, by="another")]
    assert held_before(lines, {CLERK}, at(5)) == (Held(CLERK, at(4), "another"),)


def test_what_no_line_is_about_was_always_so_and_says_nobody() -> None:
    assert held_before([], {LEADER}, at(2)) == (Held(LEADER),)


def test_who_had_it_revoked_first_had_held_it_before() -> None:
    lines = [line(3, LEADER, granted=False)]
    assert held_before(lines, set(), at(3)) == (Held(LEADER),)
    assert held_before(lines, set(), at(4)) == ()


def test_what_was_granted_and_is_not_held_differs_on_every_day() -> None:
    lines = [line(2, CLERK)]
    assert held_before(lines, set(), at(3)) == (Held(CLERK, at(2), "anquan", differs=True),)
    assert held_before(lines, set(), at(1)) == (Held(CLERK, differs=True),)


def test_what_was_revoked_and_is_held_differs() -> None:
    lines = [line(2, CLERK), line(3, CLERK, granted=False)]
    assert held_before(lines, {CLERK}, at(5)) == (Held(CLERK, differs=True),)


def test_they_come_in_order_of_person_and_role() -> None:
    first, second = Place("a", 1, "clerk"), Place("a", 1, "leader")
    found = held_before([line(2, second), line(2, first)], {first, second, CLERK}, at(3))
    assert [one.place for one in found] == [first, second, CLERK]


@pytest.mark.parametrize(
    ("lines", "now", "day", "active"),
    [
        ((), True, 1, True),
        ((), False, 1, False),
        (((3, "user_created"),), True, 3, None),
        (((3, "user_created"),), True, 4, True),
        (((3, "user_disabled"),), False, 3, True),
        (((3, "user_disabled"),), False, 4, False),
        (((3, "user_enabled"),), True, 3, False),
        (((3, "user_enabled"),), True, 4, True),
        (((2, "user_created"), (3, "user_disabled"), (4, "user_enabled")), True, 4, False),
        (((2, "user_renamed"), (3, "user_disabled")), False, 3, True),
    ],
)
def test_an_account_is_there_from_its_creation_and_not_while_it_is_disabled(
    lines: tuple[tuple[int, str], ...], now: bool, day: int, active: bool | None
) -> None:
    assert active_before([(at(when), action) for when, action in lines], now, at(day)) is active
