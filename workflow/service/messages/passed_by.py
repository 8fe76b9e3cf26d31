"""Reminders whose hour a day passed by when the calendar moved it: nobody would be told by a round.

A round says what falls on its own day. Where a change of working days lets a rung that was still to come
fall before the coming round, it is said at once; on a rest day, on the next working day.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from config.reminders import Moment, load_ladder
from workflow.reminders.due import Reminder, reminder_of
from workflow.reminders.moments import due_of, due_on, fires
from workflow.reminders.watched import WatchedDay
from workflow.rules.calendar import Calendar
from workflow.rules.rulebook import Rulebook
from workflow.service.messages.outbox import LAST_ROUND, ROUND
from workflow.service.messages.to_staff import enqueue
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store.models import CaseRow
from workflow.store.unit import Unit
from workflow.store.writing import Watched


class PassedBy:
    """What a change of working days passes by, gathered and then said, in the transaction of the change.
    Made before the change: it keeps the calendars as they stand."""

    def __init__(self, office: Office, unit: Unit) -> None:
        self.office, self.unit = office, unit
        self.today = office.today()
        over = office.now().time() > LAST_ROUND
        self._coming = self.today + timedelta(1) if over else self.today
        last = unit.stamp(ROUND)
        self._rounds = last is not None
        self._from = self._coming
        if last is not None:
            self._from = min(self._coming, datetime.fromisoformat(last).date() + timedelta(1))
        self._calendars = {
            body.id: office.rules(unit, body, self.today).calendar
            for body in (unit.agencies() if self._rounds else ())
        }
        self._found: list[Reminder] = []

    def of_case(self, row: CaseRow, before: Collection[Watched], now: Collection[Watched]) -> None:
        """Look at the days of a case that have just moved: as they stood, and as they stand."""
        if not self._rounds:
            return
        former: dict[str, set[date]] = {}
        for kind, day in before:
            former.setdefault(kind, set()).add(day)
        rules = self.office.rules(self.unit, row.agency, self.today)
        for kind, day in sorted(now):
            old = former.get(kind, set())
            if old and day not in old:
                watched = WatchedDay(row.agency.code, row.number, kind, day)
                days = [moved for of, moved in sorted(now) if of == kind]
                self._of_day(row, watched, old, days, rules)

    def _of_day(
        self, row: CaseRow, one: WatchedDay, old: set[date], days: list[date], rules: Rulebook
    ) -> None:
        """The rung nearest to the day that was passed by; an earlier one says less than it."""
        calendar = self._calendars[row.agency_id]
        lost = [
            moment
            for moment in load_ladder().by_kind[one.kind]
            if moment.left is not None
            and moment.name not in rules["reminders_off"]
            and any(self._to_come(moment, day, calendar) for day in old)
            and not self._to_come(moment, one.day, rules.calendar)
        ]
        moment = min(lost, key=lambda moment: moment.left or 0, default=None)
        if moment is None:
            return
        dues = {due_of(moment, day, rules) for day in (*old, one.day)}
        if not message_queries.was_said(self.unit, row.id, moment.name, dues):
            self._say(one, moment, days, rules)

    def _to_come(self, moment: Moment, watched_day: date, calendar: Calendar) -> bool:
        """It falls on a day that the coming round asks for, or later."""
        days = (self._from + timedelta(n) for n in range((watched_day - self._from).days + 1))
        return any(calendar.is_workday(d) and fires(moment, watched_day, d, calendar) for d in days)

    def _say(self, one: WatchedDay, moment: Moment, days: list[date], rules: Rulebook) -> None:
        """On the coming working day; unless the day is over by then, or another rung speaks of it."""
        on, due = rules.calendar.on_or_after(self._coming), due_of(moment, one.day, rules)
        others = (m for m in load_ladder().by_kind[moment.of] if m.name != moment.name)
        if due >= on and not any(due_on(other, days, on, rules) == due for other in others):
            self._found.append(reminder_of(one, moment, due, on, rules))

    def finish(self) -> None:
        """Put what was found into the outbox; what is there already stays."""
        if self._found:
            enqueue(self.office, self.unit, self._found)
