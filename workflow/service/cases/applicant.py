"""What an applicant sees of a case with number and query code."""

from datetime import date

from workflow.case.case import Case
from workflow.case.public import public_steps
from workflow.case.told import told
from workflow.people import APPLICANT
from workflow.service.cases.finding import by_code, folded
from workflow.service.cases.views import ApplicantView, RedoView
from workflow.service.office import Office
from workflow.service.rules.due_changes import changes_of, with_changes
from workflow.store import beside
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


class ForApplicant:
    """Reading a case, for its applicant."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def view(self, number: str, code: str, received_on: date | None = None) -> ApplicantView:
        """The applicant's view. received_on: the day on which they say that a posted reply came; nothing is
        kept of it. Raises Missing with one message for a wrong number and a wrong code."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            case = folded(self.office, unit, row)
            today = self.office.today()

            def may(event: str) -> bool:
                return case.machine.refusal(case, event, None, APPLICANT, today) is None

            redoes = self._redoes(unit, row, case, today, received_on)
            latest = [one for one in redoes if one.told.answers]
            return ApplicantView(
                number=row.number,
                agency=row.agency.code,
                agency_name=row.body.name,
                title=row.request,
                state=row.state,
                state_label=self.office.law.states[row.state].label,
                submitted_at=row.submitted_at,
                receipt_date=case.received_on,
                reply_due=case.deadlines.reply_due,
                correction_due=case.deadlines.correction_due
                if row.state == "awaiting_correction"
                else None,
                steps=with_changes(public_steps(case, self.office.law), changes_of(unit, row)),
                may_correct=may("correct"),
                may_withdraw=may("withdraw"),
                told=told(case, today, None if latest else received_on),
                due_steps=case.deadlines.steps,
                provisional=case.deadlines.provisional,
                redoes=redoes,
                redo_of=row.redo_of,
                served_on=latest[-1].served_on if latest else _went_out(case),
                closed_on=case.facts.closed_on,
                requests=_requests(unit, row) if row.state == "awaiting_reasons" else None,
            )

    def _redoes(
        self, unit: Unit, row: CaseRow, case: Case, today: date, received_on: date | None
    ) -> tuple[RedoView, ...]:
        """Where the request is answered anew: who has number and code of the first may see it."""
        if not any(line.event.name in ("order_redo", "revise_reply") for line in case.log):
            return ()
        found = []
        for other in beside.redoes_of(unit, row):
            again = folded(self.office, unit, other)
            label = self.office.law.states[other.state].label
            found.append(
                RedoView(
                    other.number,
                    other.state,
                    label,
                    again.deadlines.reply_due,
                    told(again, today, received_on),
                    _went_out(again),
                )
            )
        return tuple(found)


def _went_out(case: Case) -> date | None:
    """The day on which the reply, or the word that the case ended, went out."""
    return case.deadlines.service_effective_date or case.facts.closed_on


def _requests(unit: Unit, row: CaseRow) -> tuple[int, date]:
    """How many requests of the same applicant the body has, and the day of the first one."""
    others = beside.of_applicant(unit, row)
    return others.number + 1, min(others.first or row.opened_on, row.opened_on)
