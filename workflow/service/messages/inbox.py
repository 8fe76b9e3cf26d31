"""The inbox of a person: what they were told in the system, read, or to be said again."""

from dataclasses import replace
from datetime import date, datetime

from config.channels import IN_APP
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.rules.staffing import READ
from workflow.service.messages.lines import Line, line_of
from workflow.service.messages.to_staff import AGAIN_AT, tell_person
from workflow.service.office import Missing, Office
from workflow.service.own_unit import sight_in
from workflow.store import inbox as inbox_queries
from workflow.store.message_models import MessageRow
from workflow.store.retried import retried
from workflow.store.sight import Sight, seen
from workflow.store.unit import Unit

AGAIN = {"tomorrow": "明天上班时", "three": "3 个工作日后", "due": "到期前一个工作日"}


class Inbox:
    """The use cases of a person around what they were told."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def unread(self, staff: Staff) -> int:
        with self.office.store.read() as unit:
            sight = self._sight(unit, staff)
            return inbox_queries.count_unread(unit, staff.id, cases=self._cases(staff), sight=sight)

    def lines(self, staff: Staff) -> list[Line]:
        """What the person was told, the latest first; of a case that they see no more there is nothing here either."""
        with self.office.store.read() as unit:
            sight = self._sight(unit, staff)
            rows = inbox_queries.inbox(unit, staff.id, cases=self._cases(staff), sight=sight)
            return [line_of(row) for row in rows]

    def _cases(self, staff: Staff) -> bool:
        return bool(permissions.bodies_for(self.office.law, READ, staff))

    def _sees(self, unit: Unit, staff: Staff, case_id: int) -> bool:
        return self._cases(staff) and case_id in seen(unit, self._sight(unit, staff), [case_id])

    def _sight(self, unit: Unit, staff: Staff) -> Sight:
        """Only units take away what somebody was told."""
        return replace(sight_in(self.office, unit, staff, staff.of_units), lent=())

    @retried
    def read(self, staff: Staff, last: int, only: int | None = None) -> None:
        """Mark one message as read, or every one up to the last that was seen."""
        with self.office.store.write() as unit:
            inbox_queries.mark_read(unit, staff.id, last, self.office.now(), only)

    @retried
    def again(self, staff: Staff, message: int, when: str) -> date:
        """Remind the person again; when: of AGAIN. The day on which it will be. Raises Missing, or
        BadInput for a day that cannot be."""
        with self.office.store.write() as unit:
            row = unit.session.get(MessageRow, message)
            mine = row is not None and row.user_id == staff.id and row.channel == IN_APP
            hidden = row is not None and row.case_id and not self._sees(unit, staff, row.case_id)
            if row is None or not mine or hidden:
                raise Missing("没有这条消息")
            if when not in AGAIN:
                raise BadInput([FieldError("when", "请选择什么时候再提醒")])
            day = self._again_on(unit, row, when)
            due = row.case.next_due if row.case else row.due
            tell_person(
                self.office, unit, staff.id, row.agency_id,
                moment=row.moment, text=row.text, why="您要求再次提醒", what=f"again {row.id}",
                at=datetime.combine(day, AGAIN_AT, SHANGHAI), level=row.level, about=row.about,
                case_id=row.case_id, kind="again", due=due,
            )  # fmt: skip
            row.read_at = row.read_at or self.office.now()
            return day

    def _again_on(self, unit: Unit, row: MessageRow, when: str) -> date:
        today = self.office.today()
        assert row.agency is not None
        calendar = self.office.rules(unit, row.agency, today).calendar
        if when == "due":
            due = row.case.next_due if row.case else row.due
            before = calendar.add(due, -1) if due else today
            if before <= today:
                raise BadInput([FieldError("when", "到期前已经没有工作日了")])
            return before
        return calendar.add(today, 1 if when == "tomorrow" else 3)
