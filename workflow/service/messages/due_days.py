"""The due days of a person's cases: for the morning sheet, and for their calendar at a secret address."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow import people
from workflow.people import Staff
from workflow.reminders.morning import SheetLine
from workflow.rules import permissions
from workflow.service.messages.contacts import contact_row
from workflow.service.messages.texts import days_in_words
from workflow.service.office import Missing, Office
from workflow.service.own_unit import sight_in
from workflow.store import channels as channel_queries
from workflow.store import feeds, worklist
from workflow.store.message_models import ContactRow
from workflow.store.models import AgencyRow, UserRow
from workflow.store.retried import retried
from workflow.store.sight import Sight
from workflow.store.unit import Unit

MOST = 500
"""Lines of a morning sheet and of a calendar."""
OPEN = ("before_receipt", "running", "waiting")
RECENT = timedelta(days=120)
"""What was received before it and has ended is not looked at again: its day is over, but for a rare one."""


class DueDays:
    """The use cases of a person around the due days of their cases."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def morning(self, staff: Staff) -> list[SheetLine]:
        """The open cases of the person's bodies that have a due day, what is due first on top."""
        with self.office.store.read() as unit:
            return [line for _, line in self._due(unit, self._seen(unit, staff))]

    @retried
    def new_feed(self, staff: Staff) -> str:
        """A secret address for the person's calendar; one given before ends."""
        with self.office.store.write() as unit:
            row = contact_row(unit, staff.id)
            row.feed_salt = secrets.token_hex(16)
            unit.session.flush()
            return feed_token(self.office, row)

    def feed(self, token: str) -> list[SheetLine]:
        """The due days of the person whose secret address it is, and those to come on which nothing is due any more.
        Raises Missing."""
        head, _, _ = token.partition("-")
        with self.office.store.read() as unit:
            row = (
                channel_queries.contact(unit, int(head, 16))
                if re.fullmatch("[0-7]?[0-9a-f]{1,7}", head)
                else None
            )
            user = unit.session.get(UserRow, row.user_id) if row else None
            known = row is not None and row.feed_salt and user is not None and user.active
            if (
                not known
                or row is None
                or not people.codes_match(feed_token(self.office, row), token)
            ):
                raise Missing("没有这个日历")
            assert user is not None
            staff = self.office.staff_of(unit, user)
            seen = self._seen(unit, staff)
            due = self._due(unit, seen)
            moved = feeds.revisions(unit, [case for case, _ in due])
            return [replace(line, revision=moved[case]) for case, line in due] + self._over(
                unit, seen
            )

    def _seen(self, unit: Unit, staff: Staff) -> "_Seen":
        readable = permissions.bodies_for(self.office.law, "read_cases", staff)
        ids = [body.id for body in self.office.tree(unit).of_codes(readable)]
        agencies = {row.id: row for row in unit.agencies(ids)}
        return _Seen(ids, agencies, sight_in(self.office, unit, staff, readable))

    def _due(self, unit: Unit, seen: "_Seen") -> list[tuple[int, SheetLine]]:
        """By the ids of the cases."""
        states = tuple(n for n, state in self.office.law.states.items() if state.stage in OPEN)
        wanted = worklist.Wanted(states, date.max, sight=seen.sight)
        today, found = self.office.today(), []
        rows = worklist.lines(unit, worklist.in_order(unit, seen.ids, wanted, limit=MOST))
        for row in rows:
            assert row.next_due is not None
            agency = seen.agencies[row.agency_id]
            calendar = self.office.rules(unit, agency, today).calendar
            left = calendar.left(today, row.next_due)
            line = SheetLine(
                row.number, agency.name, self.office.law.states[row.state].label,
                row.next_due, left, days_in_words(self.office, unit, agency, row.next_due),
                agency.code,
            )  # fmt: skip
            found.append((row.id, line))
        return found

    def _over(self, unit: Unit, seen: "_Seen") -> list[SheetLine]:
        """What ended before its reply was due, as long as that day is to come."""
        states, today = self.office.law.states, self.office.today()
        ended_in = tuple(name for name, state in states.items() if state.stage not in OPEN)
        return [
            replace(
                ended(
                    row.number, seen.agencies[row.agency_id].name, states[row.state].label, row.due,
                    seen.agencies[row.agency_id].code,
                ),
                revision=row.revision,
            )
            for row in feeds.over_before(
                unit, seen.ids, ended_in, seen.sight, today - RECENT, today, MOST
            )
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seen:
    """The bodies that a person reads, by id, and what they see of them."""

    ids: list[int]
    agencies: dict[int, AgencyRow]
    sight: Sight


def ended(number: str, agency: str, state: str, due: date, code: str) -> SheetLine:
    """A day on which nothing is due any more."""
    return SheetLine(number, agency, state, due, 0, "", code, ended=True)


def feed_token(office: Office, row: ContactRow) -> str:
    """The secret in the address of a person's calendar; of the salt in force."""
    proof = office.keys.mark("identity", f"feed {row.user_id} {row.feed_salt}")
    return f"{row.user_id:x}-{proof[:40]}"
