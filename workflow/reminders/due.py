"""Which reminders a day has: a pure function of the watched days, the calendar and the settings.

On which day a moment falls stands in workflow/reminders/moments.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.reminders import Moment, ReminderLadder, load_ladder
from workflow.dates import SHANGHAI
from workflow.reminders.moments import days_left, due_of, fires, text_of
from workflow.reminders.watched import WatchedDay
from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reminder:
    """That a moment falls on a day, of one watched day: from the ladder to who puts it into the outbox.

    agency: code. number: of the case, or the year concerned. at: when it shows in the system;
    others_at: when mail and SMS may go out. due: the last day that it names. days_left: working days to
    it, its own day not counted; negative once it is over. text: number and days only, no name, no
    content. held_up: it comes after a stop and is gathered with what else was held up.
    """

    agency: str
    number: str
    moment: Moment
    at: datetime
    others_at: datetime
    due: date
    days_left: int
    text: str
    held_up: bool = False

    @property
    def on(self) -> date:
        """The working day on which it is said."""
        return self.at.date()

    @property
    def what(self) -> str:
        """What is said of which case or body, whatever the day."""
        return f"{self.agency}/{self.number}/{self.moment.name}"

    @property
    def key(self) -> str:
        """The same for the same reminder, however often it is asked for: it goes out once."""
        return f"{self.what}/{self.on.isoformat()}"


def reminders_on(
    day: date, days: Iterable[WatchedDay], rules: Rulebook, ladder: ReminderLadder | None = None
) -> list[Reminder]:
    """The reminders of a day, from the watched days of one body or of its cases: of each case (or
    matter of the body) each moment once, with the nearest due day. rules: of the body."""
    if not rules.calendar.is_workday(day):
        return []
    by_kind, off = (ladder or load_ladder()).by_kind, rules["reminders_off"]
    fallen: dict[tuple[str, date], list[_Said]] = {}
    found: dict[tuple[str, str, str], _Said] = {}
    for agency, number, kind, watched in days:
        said = fallen.get((kind, watched))
        if said is None:
            # Many cases have the same days: what is said of one of them is worked out once.
            said = fallen[kind, watched] = [
                _said(moment, due_of(moment, watched, rules), day, rules)
                for moment in by_kind[kind]
                if moment.name not in off and fires(moment, watched, day, rules.calendar)
            ]
        for one in said:
            about = agency, number, one.name
            known = found.get(about)
            if known is None or one.due < known.due:
                found[about] = one
    return [said.of(agency, number) for (agency, number, _), said in found.items()]


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
    last, disjoint and in order; what is said weekly has one span for all its weeks. Empty on a rest
    day."""
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


def reminder_of(one: WatchedDay, moment: Moment, due: date, on: date, rules: Rulebook) -> Reminder:
    """A moment of a watched day as it is said on a working day."""
    return _said(moment, due, on, rules).of(one.agency, one.number)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a moment says on a working day of a last day, whatever the case; words: with a place for the
    number."""

    name: str
    moment: Moment
    at: datetime
    others_at: datetime
    due: date
    days_left: int
    words: str

    def of(self, agency: str, number: str) -> Reminder:
        text = self.words.replace(_NUMBER, number)
        return Reminder(
            agency, number, self.moment, self.at, self.others_at, self.due, self.days_left, text
        )


_NUMBER = "\0"


def _said(moment: Moment, due: date, on: date, rules: Rulebook) -> _Said:
    hour = moment.same_day or time.fromisoformat(rules["reminder_hour"])
    at = datetime.combine(on, hour, SHANGHAI)
    return _Said(
        moment.name, moment, at, within_office_hours(at, rules), due,
        days_left(due, on, rules.calendar),
        text_of(moment, _NUMBER, due, on, rules.calendar),
    )  # fmt: skip
