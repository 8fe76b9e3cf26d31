"""Adding working days, beside the least that it can cost: a bisect in the list of working days."""

from bisect import bisect_right
from datetime import date, timedelta

from tests.bench.conftest import seconds
from workflow.rules.calendar import calendar_for


def test_adding_working_days_costs_few_bisects(full, tell):
    """Aim: at most 5 times a bare bisect on the same list."""
    calendar = calendar_for("云南省文山州砚山县")
    start, last = date(2015, 1, 1), date(2030, 1, 1)
    days = [start + timedelta(n) for n in range((last - start).days)]
    worked = [day for day in days if calendar.is_workday(day)]
    asked = [day for day in days if day.year < 2029][:: 1 if full else 100]

    def bare() -> list[date]:
        return [worked[bisect_right(worked, day) + 19] for day in asked]

    def ours() -> list[date]:
        return [calendar.add(day, 20) for day in asked]

    assert ours() == bare()
    rounds = 31 if full else 1
    least, taken = seconds(bare, rounds), seconds(ours, rounds)
    tell(
        f"add 20 working days: {taken / least:.2f} × a bare bisect (aim ≤ 5)"
        f"   [{1e9 * taken / len(asked):.0f} ns, bisect {1e9 * least / len(asked):.0f} ns]"
    )
