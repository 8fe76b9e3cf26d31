"""How long a file is kept, and what forbids to destroy it."""

from dataclasses import replace
from datetime import date

import pytest

from workflow.rules.retention import Standing, kept_until, rule_of, why_not, years_kept

SETTINGS = {"retention_years": 30, "retention_years_unprocessed": 10, "retention_years_disputed": 0}
OVER = Standing("archived", date(2024, 5, 8), date(2054, 12, 31), frozenset((2023, 2024)), 0)
PUBLISHED = (2023, 2024)


@pytest.mark.parametrize(
    ("row", "disputed", "years"),
    [
        ("disclosed", False, 30),
        (None, False, 30),
        ("not_processed_repeat", False, 10),
        ("other_misc", False, 10),
        ("other_misc", True, 0),
        ("disclosed", True, 0),
    ],
)
def test_years_follow_the_result_and_a_dispute(row: str | None, disputed: bool, years: int) -> None:
    assert years_kept(SETTINGS, row, disputed) == years
    assert SETTINGS[rule_of(row, disputed)] == years


def test_keeping_ends_with_a_year_or_never() -> None:
    assert kept_until(date(2024, 1, 1), 10) == date(2034, 12, 31)
    assert kept_until(date(2024, 12, 31), 10) == date(2034, 12, 31)
    assert kept_until(date(2024, 5, 8), 0) is None


def test_what_is_over_may_be_destroyed_on_the_day_after() -> None:
    assert why_not(OVER, date(2055, 1, 1), PUBLISHED) == ""
    assert why_not(OVER, date(2054, 12, 31), PUBLISHED) == "保管到 2054-12-31"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"state": "served"}, "还没有归档"),
        ({"archived_on": None}, "还没有归档"),
        ({"until": None}, "永久保管"),
        ({"open_disputes": 1}, "还有没有结束的复议、诉讼或者重新答复"),
        ({"years": frozenset((2022, 2024))}, "2022 年的年度报告还没有公布"),
        ({"destroyed": True}, "已经销毁"),
    ],
)
def test_what_forbids_it(changed: dict[str, object], why: str) -> None:
    assert why_not(replace(OVER, **changed), date(2060, 1, 1), PUBLISHED) == why  # type: ignore[arg-type]
