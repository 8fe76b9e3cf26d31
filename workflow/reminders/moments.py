"""When a moment of the ladder falls, to which day it counts, and what is said.

Nothing goes out on a rest day. What would come first thing after three or more days of rest in a row
goes out on the last working day before them; a last day that is moved so is told on the day as well.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from config.reminders import Moment
from workflow.dates import in_words
from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook

LONG_REST_DAYS = 3


def fires(moment: Moment, watched_day: date, on: date, calendar: Calendar) -> bool:
    """True if the moment of a watched day falls on a working day.

    Rule: when a reminder goes out, yellow (黄牌) or red, stands in ladder.toml; before a long rest it goes out earlier.
    """
    if moment.left is not None:
        nominal = calendar.add(calendar.on_or_before(watched_day), -moment.left)
        return on == before_long_rest(nominal, calendar) or (moment.left == 0 and on == nominal)
    if moment.after is not None:
        first, last = moment.after
        if on <= watched_day:
            return False
        if not moment.repeats:
            nominal = calendar.add(watched_day, first)
            moved = before_long_rest(nominal, calendar)
            return on == (moved if moved > watched_day else nominal)
        passed = calendar.count(watched_day, on)
        in_span = first <= passed and (not last or passed <= last)
        return in_span and (passed - first) % moment.every == 0
    if moment.same_day is not None:
        return on == watched_day
    return any(
        on == before_long_rest(calendar.on_or_before(date(on.year, month, day)), calendar)
        for month, day in moment.each_year
    )


def before_long_rest(day: date, calendar: Calendar) -> date:
    """The last working day before a long rest, for a working day that comes first after it; else the
    day itself."""
    before = calendar.on_or_before(day - timedelta(1))
    return before if (day - before).days > LONG_REST_DAYS else day


def due_of(moment: Moment, watched_day: date, rules: Rulebook) -> date:
    """The last day that a reminder of a watched day names: the end of the period allowed after it."""
    period = moment.period
    if isinstance(period, str):
        period = rules.period(period, watched_day)
    return rules.calendar.add(watched_day, period)


def due_on(moment: Moment, days: Iterable[date], on: date, rules: Rulebook) -> date | None:
    """The nearest last day of which the moment is due on a working day; None if it is not due. days:
    the watched days of its kind."""
    if moment.name in rules["reminders_off"] or not rules.calendar.is_workday(on):
        return None
    dues = [due_of(moment, day, rules) for day in days if fires(moment, day, on, rules.calendar)]
    return min(dues, default=None)


def passed_by(
    moment: Moment, days: Iterable[date], on: date, today: date, rules: Rulebook
) -> date | None:
    """The nearest last day, today or later, of which the moment should have been said before a day: a
    day that moved passed it by. None if there is none, and for moments that count from a day."""
    if moment.left is None:
        return None
    calendar = rules.calendar
    dues = []
    for day in days:
        coming = (on + timedelta(n) for n in range((day - on).days + 1))
        due = due_of(moment, day, rules)
        said = any(calendar.is_workday(d) and fires(moment, day, d, calendar) for d in coming)
        if due >= today and not said:
            dues.append(due)
    return min(dues, default=None)


def days_left(due: date, on: date, calendar: Calendar) -> int:
    """Working days to a last day, its own day not counted; negative once it is over."""
    return calendar.left(on, due)


def text_of(moment: Moment, number: str, due: date, on: date, calendar: Calendar) -> str:
    """What a reminder says on a day: number and days only."""
    left = abs(days_left(due, on, calendar))
    return moment.words.format(number=number, days_left=left, due=in_words(due))
