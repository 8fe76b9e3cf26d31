"""What an applicant sees of a case with number and query code."""

from workflow.case.public import public_steps
from workflow.people import APPLICANT
from workflow.service.cases.finding import by_code, folded, holder_of
from workflow.service.cases.views import ApplicantView
from workflow.service.office import Office
from workflow.service.rules.due_changes import changes_of, with_changes


class ForApplicant:
    """Reading a case, for its applicant."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def view(self, number: str, code: str) -> ApplicantView:
        """The applicant's view. Raises Missing with one message for a wrong number and a wrong code."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            case = folded(self.office, unit, row)
            today = self.office.today()

            def may(event: str) -> bool:
                return case.machine.refusal(case, event, None, APPLICANT, today) is None

            return ApplicantView(
                number=row.number,
                agency=row.agency.code,
                agency_name=holder_of(row).name,
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
            )
