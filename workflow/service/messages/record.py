"""The record (送达记录): what was sent to whom in a body, whether it arrived, and once more on demand."""

from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.messages.lines import STATES, Line, line_of
from workflow.service.office import Missing, Office
from workflow.service.own_unit import sight_in
from workflow.store import messages as message_queries
from workflow.store.message_models import MessageRow
from workflow.store.retried import retried


class Record:
    """The use cases of who answers for what a body sends."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def lines(
        self, staff: Staff, *, about: str = "", channel: str = "", state: str = "", page: int = 1,
        per_page: int = 50,
    ) -> tuple[list[Line], int]:  # fmt: skip
        """What was sent to whom in the person's bodies, when, whether it arrived and why (送达记录)."""
        states = tuple(s for s, label in STATES.items() if label == STATES.get(state))
        with self.office.store.read() as unit:
            readable = permissions.bodies_for(self.office.law, "read_record", staff)
            ids = [body.id for body in self.office.tree(unit).of_codes(readable)]
            sight = sight_in(self.office, unit, staff, readable)
            rows, total = message_queries.record(
                unit, ids, about=about, channel=channel, states=states,
                after=(page - 1) * per_page, limit=per_page, sight=sight,
            )  # fmt: skip
            return [
                line_of(row, may_send_again=self._may_send_again(staff, row)) for row in rows
            ], total

    @retried
    def send_again(self, staff: Staff, message: int) -> None:
        """Send once more what failed or perhaps arrived, because somebody says so. Raises Missing, and
        Denied for other roles of the body."""
        with self.office.store.write() as unit:
            row = unit.session.get(MessageRow, message, with_for_update=True)
            if row is not None and row.agency is not None and row.agency.code in staff.roles:
                held = staff.roles[row.agency.code]
                permissions.ask(self.office.law, "send_again", held)
            if row is None or not self._may_send_again(staff, row):
                raise Missing("没有这条消息，或者不能再发")
            row.state, row.attempts, row.problem, row.done_at = "waiting", 0, "", None
            row.not_before = self.office.now()

    def _may_send_again(self, staff: Staff, row: MessageRow) -> bool:
        allowed = permissions.bodies_for(self.office.law, "send_again", staff)
        mine = row.agency is not None and row.agency.code in allowed
        return mine and row.state in ("failed", "unclear")
