"""Applications that come in: filed on the net, or on paper and typed in by staff."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from workflow import events as ev
from workflow.case.application import ApplicationForm, OfflineForm
from workflow.case.gaps import gaps_of
from workflow.people import APPLICANT, SYSTEM, Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.service.cases.moving import move
from workflow.service.cases.new_case import open_case, taken
from workflow.service.cases.signing import keep_attached
from workflow.service.cases.views import Attached, Filed
from workflow.service.drafts import take_draft
from workflow.service.office import Office
from workflow.service.parcels import arrived
from workflow.store.folds import Fold
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

CONFIRMED_CHANNELS = ("portal", "email", "fax", "ordinary_mail")


class Intake:
    """Taking applications."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def file(self, form: ApplicationForm, submit_key: str | None = None) -> Filed:
        """An applicant's own application on the net. The same submit_key files it once.

        Raises BadInput when the body takes no requests.
        """
        today, now = self.office.today(), self.office.now()
        taken_down = taken(self.office.keys, form, today)
        with self.office.store.write_cases() as unit:
            known = unit.by_submit_key(submit_key) if submit_key else None
            if known is not None:
                return replace(_filed(self.office, unit, known), repeated=True)
            agency = _taking(unit, form.agency, today)
            rules = self.office.rules(unit, agency, today)
            row, case = open_case(
                self.office, unit, agency, taken_down, rules, today, now, submit_key
            )
            fold = Fold(case)
            move(self.office, unit, row, fold, ev.Submit(on=today, channel="portal"), APPLICANT)
            _confirm_if_automatic(self.office, unit, row, fold)
            filed = _filed(self.office, unit, row)
        self.office.folds.keep(unit, row, fold)
        return filed

    @retried
    def register(
        self,
        form: OfflineForm,
        staff: Staff,
        submit_key: str | None = None,
        *,
        attached: Sequence[Attached] = (),
        draft: int | None = None,
        to_register: bool = False,
    ) -> Filed:
        """An application on paper, by mail, fax or e-mail, typed in by staff (条例29, 31).

        Handed in or signed for: received at once. Otherwise received on the day of confirmation, or
        waiting for it (`submitted`) while that day is not given.

        attached: scans, kept in the same transaction; draft: the registration that was begun, whose files go into the
        case. to_register: what came by post stands in the register of parcels from then on.
        Raises BadInput, also where the register of parcels says another day than the form (`on`).
        """
        now = self.office.now()
        taken_down = taken(self.office.keys, form, self.office.today())
        with self.office.store.write_cases() as unit:
            known = unit.by_submit_key(submit_key) if submit_key else None
            if known is not None:
                return replace(_filed(self.office, unit, known), repeated=True)
            agency = _taking(unit, form.agency, form.on)
            actor = staff.actor(agency.code)
            permissions.ask(self.office.law, "register_case", actor.roles)
            if form.on > self.office.today():
                raise BadInput([FieldError("on", "这一天还没有到")])
            rules = self.office.rules(unit, agency, form.on)
            row, case = open_case(
                self.office, unit, agency, taken_down, rules, form.on, now, submit_key
            )
            fold = Fold(case)
            waits = form.channel in CONFIRMED_CHANNELS and form.confirmed_on is None
            automatic = (
                form.channel != "ordinary_mail" and rules["online_confirmation"] == "submission"
            )
            if waits and not automatic:
                move(
                    self.office, unit, row, fold, ev.Submit(on=form.on, channel=form.channel), actor
                )
            else:
                event = ev.Receive(on=form.on, channel=form.channel, confirmed_on=form.confirmed_on)
                move(self.office, unit, row, fold, event, actor)
            filed = _filed(self.office, unit, row)
            arrived(self.office, unit, row, form, staff, to_register=to_register)
            files = (*attached, *take_draft(self.office, unit, staff, draft))
            keep_attached(self.office, unit, row, fold.case.log[-1], files)
        self.office.folds.keep(unit, row, fold)
        return replace(filed, gaps=gaps_of(form, self.office.today()))


def _confirm_if_automatic(office: Office, unit: Unit, row: CaseRow, fold: Fold) -> None:
    """Where a submission on the net counts as received, the system registers it at once."""
    case = fold.case
    if case.state == "submitted" and case.received_on is not None:
        channel = case.facts.channel
        assert channel is not None
        event = ev.Receive.model_validate({"on": case.received_on, "channel": channel})
        move(office, unit, row, fold, event, SYSTEM)


def _taking(unit: Unit, code: str, on: date) -> AgencyRow:
    agency = unit.agency_at_hand(code)
    if agency is not None and agency.ended_by(on):
        # New requests for a body that ended go to whoever goes on with its duties (law.md §7A).
        agency = next((one for one in unit.successors_of(agency) if not one.ended_by(on)), None)
    if agency is None or not agency.takes_requests:
        raise BadInput([FieldError("agency", "没有这个受理机关，请重新选择")])
    return agency


def _filed(office: Office, unit: Unit, row: CaseRow) -> Filed:
    due, calendar = row.reply_due, office.rules(unit, row.agency, row.opened_on).calendar
    return Filed(
        number=row.number,
        agency=row.agency.code,
        query_code=office.keys.query_code(row.code_salt),
        state=row.state,
        submitted_at=row.submitted_at,
        receipt_date=row.received_on,
        reply_due=due,
        provisional=bool(due and calendar.is_provisional(due)),
    )
