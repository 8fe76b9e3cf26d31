"""Due days that no case is needed for: publication, classification, leaks, the annual report."""

from datetime import date, datetime, timedelta

from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook

GOVERNMENTS = ("county", "city", "province")
"""Levels whose report speaks for their whole area and is due on 31 March (条例49)."""


def publication_due(formed_on: date, rules: Rulebook) -> date:
    """The last day to publish what must be open of itself: 20 working days (条例26)."""
    return rules.calendar.add(formed_on, rules.period("publication", formed_on))


def classification_dues(on: date, reported_on: date | None, rules: Rulebook) -> dict[str, date]:
    """report_due and ruling_due of a provisional classification, 10 working days each (实施条例25)."""
    found = {"report_due": rules.calendar.add(on, rules.period("classification_report", on))}
    if reported_on:
        number = rules.period("classification_ruling", reported_on)
        found["ruling_due"] = rules.calendar.add(reported_on, number)
    return found


def leak_report_due(found_at: datetime, rules: Rulebook) -> datetime:
    """24 clock hours after a leak was found (实施条例61)."""
    return found_at + timedelta(hours=rules.period("leak_report", found_at.date()))


def annual_report_dues(year: int, calendar: Calendar) -> dict[str, date]:
    """Fixed days of 条例49 (31 January, 31 March, not moved) and the working days to aim at."""
    department, government = date(year + 1, 1, 31), date(year + 1, 3, 31)
    return {
        "statutory_department": department,
        "last_working_day_on_or_before": calendar.on_or_before(department),
        "statutory_government": government,
        "last_working_day_government": calendar.on_or_before(government),
    }


def report_last_day(level: str, year: int, local: str | None) -> date:
    """The last day for a body of that level to publish its report on the year (条例49), or the earlier
    one of the place: local is MM-DD (setting report_dates). Neither moves for holidays."""
    last = date(year + 1, 3, 31) if level in GOVERNMENTS else date(year + 1, 1, 31)
    return min(last, date.fromisoformat(f"{year + 1}-{local}")) if local else last
