"""Which reminders are due: a pure function of what is watched, the calendar, the settings and the day.

On which day a moment falls stands in workflow/reminders/moments.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.reminders import Moment, ReminderLadder, load_ladder
from workflow.case.case import Case
from workflow.dates import SHANGHAI
from workflow.reminders.moments import days_left, due_of, fires, text_of
from workflow.reminders.watched import WatchedBody, WatchedDay, days_of_body, watched_days
from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook


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
    """What a body must be reminded of on the day, each matter with its year."""
    return [
        Watched(body.code, str(about), (seen,), body.code)
        for about, seen in days_of_body(body, rules, day)
    ]


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
                due = due_of(moment, seen.day, rules)
                known = found.get(moment.name)
                if known is None or due < known[1]:
                    found[moment.name] = moment, due
    return [_reminder(one, moment, due, day, rules) for moment, due in found.values()]


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


def _reminder(one: Watched, moment: Moment, due: date, on: date, rules: Rulebook) -> Reminder:
    at = moment.same_day or time.fromisoformat(rules["reminder_hour"])
    return Reminder(
        on, at, one.ref or one.number, one.agency, one.number, moment.name, moment.to,
        moment.channels, moment.level, days_left(due, on, rules.calendar), due,
        text_of(moment, one.number, due, on, rules.calendar),
        within_office_hours(datetime.combine(on, at, SHANGHAI), rules),
    )  # fmt: skip
