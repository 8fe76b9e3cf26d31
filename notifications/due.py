"""Which reminders are due: a pure function of what is watched, the calendar, the settings and the day.

Nothing goes out on a rest day. What would come first thing after three or more days of rest in a row
goes out on the last working day before them; a last day that is moved so is told on the day as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.reminders import Moment, ReminderLadder, load_ladder
from workflow import clock
from workflow.calendar import Calendar
from workflow.case import Case
from workflow.dates import SHANGHAI, in_words
from workflow.rulebook import Rulebook
from workflow.watched import WatchedDay, watched_days

LONG_REST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Watched:
    """A case, or a matter of a body, with the days that somebody must be reminded of.

    agency: code of the body. number: of the case, or the year concerned. ref: by which a docket calls
    it; a case's number, a body's code.
    """

    agency: str
    number: str
    days: tuple[WatchedDay, ...]
    ref: str = ""


@dataclass(frozen=True, slots=True)
class WatchedBody:
    """A body, as far as it must be reminded of what concerns no single case.

    since_year: the first year of which it keeps its cases here, None for none. published: years whose
    report it has published. missing_below: the last day of each body that reports to it and has not
    published the past year's. refused: it has refused information at some time.
    """

    code: str
    level: str
    since_year: int | None
    published: frozenset[int] = frozenset()
    missing_below: tuple[date, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder. on, at: when it shows in the system; others_at: when mail and SMS may go out.

    to: roles, those of the supervising body with `above.`. days_left: working days to the due day, its
    own day not counted; negative once it is over. text: number and days only, no name, no content.
    """

    on: date
    at: time
    ref: str
    agency: str
    number: str
    moment: str
    to: tuple[str, ...]
    channels: tuple[str, ...]
    level: str
    days_left: int
    due: date
    text: str
    others_at: datetime

    @property
    def key(self) -> str:
        """The same for the same reminder, however often it is asked for: it goes out once."""
        return f"{self.agency}/{self.number}/{self.moment}/{self.on.isoformat()}"


def watched(case: Case, ref: str = "") -> Watched:
    """What is watched of a case as it stands."""
    return Watched(case.header.agency, case.header.number, watched_days(case), ref)


def watched_of_body(body: WatchedBody, rules: Rulebook, day: date) -> list[Watched]:
    """What a body must be reminded of on the day: last year's reports, next year's holidays, what it
    refused (条例18, 49)."""
    found: list[tuple[int, str, date]] = []
    year = day.year - 1
    if body.since_year is not None and body.since_year <= year not in body.published:
        found.append((year, "annual_report", report_due(body.level, year, rules)))
    found += [(year, "reports_below", last) for last in body.missing_below]
    new_year = date(day.year + 1, 1, 1)
    if rules.calendar.is_provisional(new_year):
        found.append((new_year.year, "calendar_missing", new_year))
    if body.refused:
        found.append((day.year, "re_evaluation", date(day.year, 12, 31)))
    return [
        Watched(body.code, str(about), (WatchedDay(kind, last),), body.code)
        for about, kind, last in sorted(set(found))
    ]


def report_due(level: str, year: int, rules: Rulebook) -> date:
    """The last day to publish the report on the year, by the body's level (条例49), or the earlier one
    of the place (setting report_dates)."""
    return clock.report_last_day(level, year, rules["report_dates"])


def reminders_due(
    one: Watched, rules: Rulebook, day: date, ladder: ReminderLadder | None = None
) -> list[Reminder]:
    """The reminders that go out on the day, each moment once, those of the nearest due day."""
    if not rules.calendar.is_workday(day):
        return []
    by_kind, off = (ladder or load_ladder()).by_kind, rules["reminders_off"]
    found: dict[str, tuple[Moment, date]] = {}
    for seen in one.days:
        for moment in by_kind[seen.kind]:
            if moment.name not in off and fires(moment, seen.day, day, rules.calendar):
                due = _due(moment, seen.day, rules)
                known = found.get(moment.name)
                if known is None or due < known[1]:
                    found[moment.name] = moment, due
    return [_reminder(one, moment, due, day, rules) for moment, due in found.values()]


def reminders_between(
    one: Watched, rules: Rulebook, first: date, last: date, ladder: ReminderLadder | None = None
) -> list[Reminder]:
    """The reminders from the first through the last day, if nothing happens in between."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [reminder for day in days for reminder in reminders_due(one, rules, day, ladder)]


def fires(moment: Moment, watched_day: date, on: date, calendar: Calendar) -> bool:
    """True if the moment of a watched day falls on a working day."""
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
        return first <= passed and (not last or passed <= last)
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


def within_office_hours(moment: datetime, rules: Rulebook) -> datetime:
    """The moment itself if the office is open, else the next working morning: mail and SMS wait."""
    opens, closes = (time.fromisoformat(rules[name]) for name in ("office_opens", "office_closes"))
    day = moment.date()
    if rules.calendar.is_workday(day):
        if moment.time() < opens:
            return datetime.combine(day, opens, SHANGHAI)
        if moment.time() <= closes:
            return moment
    return datetime.combine(rules.calendar.add(day, 1), opens, SHANGHAI)


def windows(
    rules: Rulebook, day: date, ladder: ReminderLadder | None = None
) -> dict[str, list[tuple[date, date]]]:
    """Which watched days can give a reminder on the day: for each kind spans of days, first through
    last, disjoint and in order. Empty on a rest day."""
    if not rules.calendar.is_workday(day):
        return {}
    found: dict[str, set[tuple[date, date]]] = {}
    for moment in (ladder or load_ladder()).moments.values():
        if moment.name in rules["reminders_off"]:
            continue
        spans = set(_window(moment, day, rules.calendar))
        if spans:
            found.setdefault(moment.of, set()).update(spans)
    return {kind: _joined(spans) for kind, spans in found.items()}


def _window(moment: Moment, day: date, calendar: Calendar) -> Iterator[tuple[date, date]]:
    if moment.repeats and moment.after is not None:
        first, last = moment.after
        begin = calendar.add(day, -last) if last else date.min
        yield begin, calendar.add(calendar.add(day, -first), 1) - timedelta(1)
        return
    if moment.left is not None:
        candidate, step, most = day, timedelta(1), moment.left + 1
    elif not moment.each_year:
        candidate, step, most = day, timedelta(-1), moment.after[0] if moment.after else 0
    else:
        return
    while calendar.count(min(day, candidate), max(day, candidate)) <= most:
        if fires(moment, candidate, day, calendar):
            yield candidate, candidate
        candidate += step


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    joined: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + timedelta(1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _due(moment: Moment, watched_day: date, rules: Rulebook) -> date:
    period = moment.period
    if isinstance(period, str):
        period = rules.period(period, watched_day)
    return rules.calendar.add(watched_day, period)


def _reminder(one: Watched, moment: Moment, due: date, on: date, rules: Rulebook) -> Reminder:
    calendar = rules.calendar
    at = moment.same_day or time.fromisoformat(rules["reminder_hour"])
    left = calendar.count(on, due) if on <= due else -calendar.count(due, on)
    text = moment.words.format(number=one.number, days_left=abs(left), due=in_words(due))
    return Reminder(
        on, at, one.ref or one.number, one.agency, one.number, moment.name, moment.to,
        moment.channels, moment.level, left, due, text,
        within_office_hours(datetime.combine(on, at, SHANGHAI), rules),
    )  # fmt: skip
