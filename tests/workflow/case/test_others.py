"""Who is the same applicant, and how many of their requests the body received before in the month."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from workflow.case.number import number_of, order_of
from workflow.case.others import FirstNamed, OtherRequest, same_applicant, units_before

ZHANG = FirstNamed("张三", True, "hash of an identity card")
BEFORE = OtherRequest(1, ZHANG, "application", "processing", date(2024, 5, 6))


def units(*others: OtherRequest, on: date = date(2024, 5, 20), counts: str = "registered") -> int:
    """Units before the 50th case of the store, received on the day."""
    return units_before(others, ZHANG, on, 50, counts)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (ZHANG, True),
        (FirstNamed("张叁", True, ZHANG.identity), True),
        (FirstNamed("张三", True, "another hash"), False),
        (FirstNamed("张三", True), True),
        (FirstNamed("张三", False), False),
        (FirstNamed("李四", True), False),
    ],
)
def test_proof_of_identity_decides_where_both_gave_one_else_name_and_kind(
    other: FirstNamed, same: bool
) -> None:
    assert same_applicant(ZHANG, other) is same is same_applicant(other, ZHANG)


def test_the_month_is_that_of_the_calendar() -> None:
    first, last = date(2024, 5, 1), date(2024, 4, 30)
    assert units(replace(BEFORE, received_on=first)) == 1
    assert units(replace(BEFORE, received_on=last)) == 0
    assert units(BEFORE, on=date(2024, 6, 1)) == 0


def test_on_the_same_day_the_one_opened_first_comes_first() -> None:
    same_day = replace(BEFORE, received_on=date(2024, 5, 20))
    assert units(same_day) == 1
    assert units(replace(same_day, place=51)) == 0
    assert units(replace(BEFORE, received_on=date(2024, 5, 21))) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "record_correction"},
        {"state": "voided"},
        {"redo_of": "2024-0001"},
        {"received_on": None},
        {"applicant": FirstNamed("李四", True, "another hash")},
    ],
)
def test_what_is_no_request_of_the_applicant_does_not_count(fields: dict[str, Any]) -> None:
    assert units(BEFORE) == 1
    assert units(replace(BEFORE, **fields)) == 0


def test_withdrawn_ones_count_as_the_setting_says() -> None:
    withdrawn = replace(BEFORE, outcome="withdrawn")
    assert units(withdrawn) == 1
    assert units(withdrawn, counts="registered_not_withdrawn") == 0
    assert units(BEFORE, counts="registered_not_withdrawn") == 1


def test_a_request_that_was_split_counts_as_often() -> None:
    assert units(replace(BEFORE, units=10), replace(BEFORE, place=2)) == 11


def test_numbers_of_a_year_sort_by_their_count() -> None:
    assert number_of(2026, 12) == "2026-0012"
    assert sorted(["2026-10000", "2026-9999", "2025-0003"], key=order_of) == [
        "2025-0003", "2026-9999", "2026-10000",
    ]  # fmt: skip
