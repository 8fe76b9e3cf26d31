"""What an applicant sees of a case with number and query code."""

from datetime import date

from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.public import public_steps
from workflow.case.remedies import reply_reached_on
from workflow.case.told import told
from workflow.people import APPLICANT
from workflow.rules.fees import fee_by_page
from workflow.service.cases.finding import asked_on, by_code, folded
from workflow.service.cases.opinions import Opinions
from workflow.service.cases.thread import Thread, items_left
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
        self.thread, self.opinions = Thread(office), Opinions(office)

    def view(self, number: str, code: str, received_on: date | None = None) -> ApplicantView:
        """The applicant's view. received_on: the day on which they say that a posted reply came; nothing is
        kept of it. Raises Missing with one message for a wrong number and a wrong code."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            case = folded(self.office, unit, row)
            today, due = self.office.today(), case.deadlines.reply_due

            def may(event: str) -> bool:
                return case.machine.refusal(case, event, None, APPLICANT, today) is None

            redoes = self._redoes(unit, row, case, today, received_on)
            latest = [one for one in redoes if one.told.answers]
            talk, here = (
                self.thread.of(unit, row),
                told(case, today, None if latest else received_on),
            )
            return ApplicantView(
                number=row.number,
                agency=row.agency.code,
                agency_name=row.body.name,
                title=row.request,
                state=row.state,
                state_label=self.office.law.states[row.state].label,
                submitted_at=row.submitted_at,
                asked_on=asked_on(row, case),
                receipt_date=case.received_on,
                reply_due=due,
                correction_due=case.deadlines.correction_due
                if row.state == "awaiting_correction"
                else None,
                steps=with_changes(public_steps(case, self.office.law), changes_of(unit, row)),
                may_correct=may("correct"),
                may_withdraw=may("withdraw"),
                told=here,
                due_steps=case.deadlines.steps,
                provisional=bool(due and case.rules.calendar.is_provisional(due)),
                redoes=redoes,
                redo_of=row.redo_of,
                served_on=latest[-1].served_on if latest else _went_out(case),
                closed_on=case.facts.closed_on,
                requests=_requests(self.office, unit, row)
                if row.state == "awaiting_reasons"
                else None,
                days=tuple(clock.day_by_day(case.deadlines, case.rules.calendar, outside=True)),
                counted_from=case.deadlines.counted_from,
                clock=case.deadlines.clock,
                length=len(case.written),
                items=tuple(row.items),
                items_left=items_left(self.office, case, talk),
                talk=talk,
                fee=_fee_in_words(case),
                may_reason=may("give_reasons"),
                may_confirm=latest[-1].number
                if latest and latest[-1].unconfirmed
                else row.number
                if not latest and _unconfirmed(case)
                else None,
                opinion=self.opinions.of(unit, row),
                answered=bool(here.answers or latest),
                defects=tuple(
                    one
                    for event in case.events
                    if isinstance(event, ev.RequireCorrection)
                    for one in event.defects or ()
                ),
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
                    _unconfirmed(again),
                )
            )
        return tuple(found)


def _went_out(case: Case) -> date | None:
    """The day on which the reply, or the word that the case ended, went out."""
    return case.deadlines.service_effective_date or case.facts.closed_on


def _unconfirmed(case: Case) -> bool:
    """The reply went out, and nobody has told yet when it arrived."""
    return case.state in ("served", "archived") and reply_reached_on(case) is None


def _fee_in_words(case: Case) -> str:
    """How the fee by page adds up, where the notice tells the pages; by item it rests on the month's requests."""
    charged = [event for event in case.events if isinstance(event, ev.ChargeFee)]
    if case.state != "awaiting_payment" or not charged or not charged[-1].pages:
        return ""
    fee = fee_by_page(charged[-1].pages, case.rules.law, charged[-1].on)
    return fee.in_words() if fee.yuan == charged[-1].amount else ""


def _requests(office: Office, unit: Unit, row: CaseRow) -> tuple[int, date]:
    """How many requests of the same applicant the body has, and the day of the first one."""
    others = beside.of_applicant(unit, office.keys, row)
    return others.number + 1, min(others.first or row.opened_on, row.opened_on)
