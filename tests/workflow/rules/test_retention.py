"""How long the file of a case is kept."""

from datetime import date

from workflow.rules.retention import kept_until


def test_years_run_from_the_first_of_january_after_archiving() -> None:
    assert kept_until(date(2024, 3, 5), 30) == date(2054, 12, 31)
    assert kept_until(date(2024, 12, 31), 10) == date(2034, 12, 31)


def test_no_years_are_for_ever() -> None:
    assert kept_until(date(2024, 3, 5), 0) is None
