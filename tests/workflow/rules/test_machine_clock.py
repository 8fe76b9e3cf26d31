"""When the clock of the machine cannot be right."""

from datetime import datetime, timedelta

import pytest

from workflow.dates import SHANGHAI
from workflow.rules.machine_clock import AHEAD, BEHIND, standing_still, what_is_wrong

NEWEST = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("since", [-BEHIND, timedelta(0), AHEAD - SECOND])
def test_a_clock_near_the_newest_moment_can_be_right(since):
    assert what_is_wrong(NEWEST + since, NEWEST) is None


def test_a_new_store_knows_no_moment():
    assert what_is_wrong(NEWEST, None) is None and standing_still(NEWEST, None) == NEWEST


def test_a_day_before_the_newest_moment_is_told_with_both():
    said = what_is_wrong(NEWEST - timedelta(1), NEWEST)
    assert (
        said
        == "本机时间显示 2026 年 3 月 1 日 10:00，早于库中最新的记录（2026 年 3 月 2 日 10:00）"
    )
    assert what_is_wrong(NEWEST - BEHIND - SECOND, NEWEST)


def test_a_leap_of_a_year_is_told_with_both():
    said = what_is_wrong(NEWEST + AHEAD, NEWEST)
    assert said == (
        "本机时间显示 2027 年 3 月 2 日 10:00，比库中最新的记录（2026 年 3 月 2 日 10:00）晚了一年以上"
    )


def test_put_back_a_little_the_moment_stands_still_until_the_clock_has_caught_up():
    assert standing_still(NEWEST - SECOND, NEWEST) == NEWEST
    assert standing_still(NEWEST - BEHIND, NEWEST) == NEWEST
    assert standing_still(NEWEST + SECOND, NEWEST) == NEWEST + SECOND
    early = NEWEST - BEHIND - SECOND
    assert standing_still(early, NEWEST) == early
