"""What waits to be said and is no longer true is taken back, in the transaction of what made it untrue.

A waiting reminder is true as long as the ladder would send it on its day about its due day, as the case,
the calendar and the settings stand now. What is taken back stays in the record with its reason and gives
its key free, so that the next round may say the right thing to the same person on the same day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from config.channels import load_told
from config.reminders import Moment, load_ladder
from workflow.case.case import Case
from workflow.case.machine import START
from workflow.dates import SHANGHAI
from workflow.reminders.moments import due_on, passed_by, text_of
from workflow.reminders.watched import (
    WatchedBody,
    WatchedDay,
    days_of_body,
    own_days,
    watched_days,
    with_those_below,
)
from workflow.rules.rulebook import Rulebook
from workflow.service.messages.texts import digest_text
from workflow.service.messages.to_applicant import add_told, day_told
from workflow.service.messages.to_staff import AGAIN_AT
from workflow.service.messages.watched import watched_bodies
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store import own_accounts
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.unit import Unit

NOT_SAID_ANY_MORE = "本机关已经不发这一项提醒"
TAKEN_BACK = "所说的事项登记有误，已经撤销"
MOVED = "申请已经移交承继机关"
DAY_HAS_MOVED = "所说的期限已经变动，改发新的日期"


def take_back_after(office: Office, unit: Unit, row: CaseRow, case: Case, before: str) -> None:
    """After an event of a case: what waits to be said about it and holds no longer. before: its state
    before the event."""
    if before == START:
        return  # nobody has spoken of it yet
    ended = _over(office, row.state) and not _over(office, before)
    problem = "申请已经办结，不再提醒" if ended else "事项已经办理或者期限已经变动，不再提醒"
    waiting = message_queries.waiting_about_one(unit, row.id)
    if waiting:
        pass_ = TakingBack(office, unit, problem)
        pass_.of_case(row, case, waiting, ended=ended)
        if case.log[-1].event.name == "transfer":
            pass_.moved(waiting)
        if case.log[-1].event.name == "correct_entry":
            pass_.applicant(row, case, waiting)
        pass_.finish()


def take_back_kind(office: Office, unit: Unit, row: CaseRow, kind: str, problem: str) -> None:
    """What waits to be said of a kind of day of a case, where something outside its log has met it."""
    pass_ = TakingBack(office, unit, problem)
    of = {moment.name for moment in load_ladder().by_kind[kind]}
    for message in message_queries.waiting_about_one(unit, row.id):
        if message.kind == "reminder" and message.moment in of:
            pass_.withdraw(message)
    pass_.finish()


def _over(office: Office, state: str) -> bool:
    return office.law.stage(state) in ("done", "void")


class TakingBack:
    """One pass over what waits; `problem` says in the record why it is taken back."""

    def __init__(self, office: Office, unit: Unit, problem: str) -> None:
        self.office, self.unit, self.problem = office, unit, problem
        self.now = office.now()
        self._digests: set[int] = set()
        self._bodies: dict[str, WatchedBody] | None = None

    def of_case(
        self, row: CaseRow, case: Case, waiting: Iterable[MessageRow], *, ended: bool = False
    ) -> None:
        """Look through the reminders that wait about a case, and what its people wanted to hear again.
        ended: it has just come to its end."""
        days, own = _by_kind(watched_days(case)), _by_kind(own_days(case))
        for message in list(waiting):
            if message.kind == "reminder":
                to_applicant = message.moment in load_ladder().own
                self._reminder(message, row.agency, own if to_applicant else days)
            elif message.kind == "again" and ended:
                self._withdraw(message, self.problem)
            elif message.kind == "again":
                self._again(message, row)

    def applicant(self, row: CaseRow, case: Case, waiting: Iterable[MessageRow]) -> None:
        """What waits to be told to the applicant names the day in force: said anew where it moved."""
        steps = self.office.law.transitions
        events = {told.moment: name for name, told in load_told().items() if name in steps}
        for message in list(waiting):
            event = events.get(message.moment)
            if message.kind != "applicant" or event is None:
                continue
            if all(line.event.name != event for line in case.log):
                self._withdraw(message, TAKEN_BACK)
                continue
            if message.due is not None and day_told(case, event) != message.due:
                key, not_before = message.key, message.not_before
                self._withdraw(message, DAY_HAS_MOVED)
                add_told(self.office, self.unit, row, case, event, message.channel, key, not_before)

    def moved(self, waiting: Iterable[MessageRow]) -> None:
        """The case has gone to another body: its staff are told by the next round."""
        for message in list(waiting):
            if message.kind in ("reminder", "again"):
                self._withdraw(message, MOVED)

    def of_bodies(self, bodies: Iterable[AgencyRow]) -> None:
        """Look through what waits about the bodies themselves: reports, holidays, evaluations."""
        known = {body.id: body for body in bodies}
        for message in message_queries.waiting_about_bodies(self.unit, list(known)):
            assert message.agency_id is not None
            body = known[message.agency_id]
            self._reminder(message, body, self._days_of(body, message))

    def finish(self) -> None:
        """Write the digests that lost a line anew; one without a line is taken back as well."""
        self.unit.session.flush()
        for number in sorted(self._digests):
            digest = self.unit.session.get(MessageRow, number)
            assert digest is not None
            rows = message_queries.gathered_into(self.unit, number)
            if rows:
                message_queries.put_back(digest)
                digest.text = digest_text(self.office, self.unit, rows)
            else:
                self._withdraw(digest, self.problem)
        self.unit.session.flush()

    # -- one message --------------------------------------------------------------------------------

    def _reminder(
        self, message: MessageRow, body: AgencyRow, days: Mapping[str, list[date]]
    ) -> None:
        moment = load_ladder().rung(message.moment)
        rules = self.office.rules(self.unit, body, message.day)
        if moment is not None and moment.name in rules["reminders_off"]:
            self._withdraw(message, NOT_SAID_ANY_MORE)
        elif moment is None:
            self._withdraw(message, self.problem)
        elif not self._holds(message, moment, body, days.get(moment.of, [])):
            said = message_queries.fields_of(message)
            account = own_accounts.accounts_of_messages(self.unit, [message.id]).get(message.id)
            self._withdraw(message, self.problem)
            self._say_now(said, message.day, moment, days.get(moment.of, []), rules, account)

    def _holds(
        self, message: MessageRow, moment: Moment, body: AgencyRow, days: list[date]
    ) -> bool:
        rules = self.office.rules(self.unit, body, message.day)
        due = due_on(moment, days, message.day, rules)
        if due is None or due != message.due:
            return False
        text = text_of(moment, message.about, due, message.day, rules.calendar)
        if message.state == "gathered":
            assert message.digest_id is not None
            self._digests.add(message.digest_id)
        elif text != message.text and message.day == self.now.date():
            message_queries.put_back(message)
            message.text = text
        return True

    def _say_now(
        self,
        said: dict[str, Any],
        on: date,
        moment: Moment,
        days: list[date],
        rules: Rulebook,
        account: int | None,
    ) -> None:
        """Where the day came so much nearer that the hour to speak of it has passed, it is said at
        once, on a rest day on the next working day; unless another moment speaks of it then."""
        today, calendar = self.now.date(), rules.calendar
        due = passed_by(moment, days, on, today, rules)
        day = today if calendar.is_workday(today) else calendar.add(today, 1)
        ladder = load_ladder() if account is None else load_ladder().for_applicants()
        others = (m for m in ladder.by_kind[moment.of] if m.name != moment.name)
        if due is None or any(due_on(other, days, day, rules) == due for other in others):
            return
        hour = said["not_before"].astimezone(SHANGHAI).timetz()
        said |= {
            "day": day,
            "due": due,
            "text": text_of(moment, said["about"], due, day, calendar),
            "created_at": self.now,
            "not_before": max(said["not_before"], datetime.combine(day, hour)),
        }
        message_queries.add_message(self.unit, **said)
        if account is not None:
            own_accounts.tie(self.unit, {said["key"]: account})

    def _again(self, message: MessageRow, row: CaseRow) -> None:
        """It speaks of the day in force when it is said; it must not come after that day."""
        old, new = message.due, row.next_due
        if old is None or new is None or old == new:
            return
        planned = message.not_before.astimezone(SHANGHAI).date()
        if planned < old and planned >= new:
            calendar = self.office.rules(self.unit, row.agency, self.now.date()).calendar
            day = max(calendar.add(new, -1), self.now.date())
            message.not_before = datetime.combine(day, AGAIN_AT, SHANGHAI)
        message.due = new

    def withdraw(self, message: MessageRow) -> None:
        """Take a message back for the reason of this pass."""
        self._withdraw(message, self.problem)

    def _withdraw(self, message: MessageRow, problem: str) -> None:
        if message.state == "gathered":
            assert message.digest_id is not None
            self._digests.add(message.digest_id)
        message_queries.withdraw(message, problem, self.now)

    def _days_of(self, body: AgencyRow, message: MessageRow) -> dict[str, list[date]]:
        """The days of a body's own matters of the year that a message is about, by kind. What was
        refused once stays refused."""
        if self._bodies is None:
            self._bodies = watched_bodies(self.unit)
        rows = {row.code: row for row in self.unit.agencies()}
        watched = with_those_below(
            self._bodies[body.code],
            self._bodies,
            lambda code: self.office.rules(self.unit, rows[code], message.day),
            message.day.year - 1,
        )
        rules = self.office.rules(self.unit, body, message.day)
        days = days_of_body(replace(watched, refused=True), rules, message.day)
        return _by_kind(day for day in days if day.number == message.about)


def _by_kind(days: Iterable[WatchedDay]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for one in days:
        found.setdefault(one.kind, []).append(one.day)
    return found


def with_those_above(unit: Unit, bodies: Iterable[AgencyRow]) -> list[AgencyRow]:
    """The bodies and those directly above them, who are told of their reports."""
    found = {body.id: body for body in bodies}
    for body in list(found.values()):
        if body.parent_id is not None and body.parent_id not in found:
            above = unit.session.get(AgencyRow, body.parent_id)
            assert above is not None
            found[above.id] = above
    return list(found.values())
