"""The count, day by day, as a person would do it on a calendar."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.clock.deadlines import Deadlines
from workflow.rules.calendar import Calendar


@dataclass(frozen=True, slots=True)
class CountedDays:
    """Consecutive days of one kind in the count: counted (with their numbers), excluded or rest."""

    first: date
    last: date
    kind: str
    text: str
    first_number: int = 0
    last_number: int = 0


def day_by_day(
    deadlines: Deadlines, calendar: Calendar, *, outside: bool = False
) -> list[CountedDays]:
    """The reply period from day 0 to its last day, as a person would count it on a calendar. outside: for the
    applicant, whom the papers of the body do not concern."""
    if deadlines.counted_from is None or deadlines.reply_due is None:
        return []
    rows: list[CountedDays] = []
    number, day = 0, deadlines.counted_from + timedelta(1)
    while day <= deadlines.reply_due:
        why = calendar.why(day, outside=outside)
        if not calendar.is_workday(day):
            row = CountedDays(day, day, "rest", why)
        elif any(after < day <= through for after, through in deadlines.excluded):
            row = CountedDays(day, day, "excluded", "等待意见，不计入")
        else:
            number += 1
            text = "" if why == "工作日" else why
            row = CountedDays(day, day, "counted", text, number, number)
        last = rows[-1] if rows else None
        if last and (last.kind, last.text) == (row.kind, row.text):
            rows[-1] = replace(last, last=day, last_number=row.last_number)
        else:
            rows.append(row)
        day += timedelta(1)
    return rows


def used_workdays(deadlines: Deadlines, calendar: Calendar, today: date) -> int:
    """Counted working days of the reply period that have passed through today."""
    if deadlines.counted_from is None or deadlines.reply_due is None:
        return 0
    end = min(today, deadlines.reply_due)
    skipped = sum(calendar.count(a, min(b, end)) for a, b in deadlines.excluded if a < end)
    return max(0, calendar.count(deadlines.counted_from, end) - skipped)
