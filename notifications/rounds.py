"""The round over all bodies: what is due goes into the outbox, also what a stop held up.

A round is made every half hour of the working day, because cases are typed in at any hour and some
reminders have an hour of their own; it is cheap to repeat, as the outbox takes each reminder once. It
is noted with the last that it puts there, so that a round that dies is made again.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from workflow.service import Office
from workflow.service.messages.due_today import find_reminders
from workflow.service.messages.outbox import LAST_ROUND, Outbox

FROM, TO = time(8, 30), LAST_ROUND
EVERY = timedelta(minutes=30)
MOST_MISSED = timedelta(days=14)
"""Further back nothing is caught up: what is overdue is said daily anyway."""


class Rounds:
    """When a round is made, and for which days."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.outbox = Outbox(office)

    def run(self) -> int:
        """Make a round if it is time; how many messages it put into the outbox.

        After a stop of more than a day everything held up comes with today's, to be gathered into one
        digest for each person and channel.
        """
        now = self.office.now()
        last = self.outbox.last_round()
        if not self._is_time(now, last):
            return 0
        today, missed = now.date(), self._missed(last, now.date())
        reminders = [
            reminder for day in (*missed, today) for reminder in find_reminders(self.office, day)
        ]
        if missed:
            reminders = [replace(reminder, held_up=True) for reminder in reminders]
        return self.outbox.round_made(reminders, now)

    def _is_time(self, now: datetime, last: datetime | None) -> bool:
        if not FROM <= now.time() <= TO or not self.office.somebody_works()(now.date()):
            return False
        # A round in the future was made by a clock that has been put back since.
        return last is None or last > now or now - last >= EVERY or last.date() < now.date()

    def _missed(self, last: datetime | None, today: date) -> list[date]:
        """The days between the last round and today on which a round should have been made."""
        if last is None:
            return []
        works = self.office.somebody_works()
        first = max(last.date() + timedelta(1), today - MOST_MISSED)
        days = (first + timedelta(n) for n in range((today - first).days))
        return [day for day in days if works(day)]
