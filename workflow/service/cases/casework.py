"""Casework: filing, registering, moving and reading cases. The only caller of Case.apply."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from workflow import clock, people
from workflow import events as ev
from workflow.case.alarms import alarms, checklist
from workflow.case.application import ApplicationForm, OfflineForm
from workflow.case.case import Case
from workflow.case.evidence import missing_needs
from workflow.case.facts import Actor, Applicant, Header, Logged
from workflow.case.public import public_steps
from workflow.people import APPLICANT, SYSTEM, Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.calendar import national
from workflow.rules.remedy import remedy_text, third_party_remedy
from workflow.rules.retention import kept_until
from workflow.rules.rulebook import Rulebook
from workflow.service.cases.others import prepared
from workflow.service.cases.views import (
    ApplicantView,
    Beside,
    CaseFile,
    Filed,
    LoggedLine,
    Place,
    WorkItem,
)
from workflow.service.messages.taking_back import take_back_after
from workflow.service.messages.to_applicant import tell_applicant
from workflow.service.office import Missing, Office, Stale
from workflow.service.rules.due_changes import changes_of, with_changes
from workflow.store import cases as case_queries
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import case_of, header_of
from workflow.store.unit import Unit

BEFORE_SIGNATURE = ("drafted", "secrecy_review", "legal_check", "approval", "ready")
CONFIRMED_CHANNELS = ("portal", "email", "fax", "ordinary_mail")


class Casework:
    """The use cases around one case."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    # -- coming in ----------------------------------------------------------------------------------

    def file(self, form: ApplicationForm, submit_key: str | None = None) -> Filed:
        """An applicant's own application on the net. The same submit_key files it once.

        Raises BadInput when the body takes no requests.
        """
        today, now = self.office.today(), self.office.now()
        with self.office.store.write() as unit:
            known = unit.by_submit_key(submit_key) if submit_key else None
            if known is not None:
                return self._filed(known)
            agency = self._taking(unit, form.agency)
            rules = self.office.rules(unit, agency, today)
            row, case = self._open(unit, agency, form, rules, today, now, submit_key)
            self._do(unit, row, case, ev.Submit(on=today, channel="portal"), APPLICANT)
            self.confirm_if_automatic(unit, row, case)
            return self._filed(row)

    def register(self, form: OfflineForm, staff: Staff, submit_key: str | None = None) -> Filed:
        """An application on paper, by mail, fax or e-mail, typed in by staff (条例29, 31).

        Handed in or signed for: received at once. Otherwise received on the day of confirmation, or
        waiting for it (`submitted`) while that day is not given.
        """
        now = self.office.now()
        with self.office.store.write() as unit:
            known = unit.by_submit_key(submit_key) if submit_key else None
            if known is not None:
                return self._filed(known)
            agency = self._taking(unit, form.agency)
            actor = staff.actor(agency.code)
            if form.on > self.office.today():
                raise BadInput([FieldError("on", "这一天还没有到")])
            rules = self.office.rules(unit, agency, form.on)
            row, case = self._open(unit, agency, form, rules, form.on, now, submit_key)
            waits = form.channel in CONFIRMED_CHANNELS and form.confirmed_on is None
            automatic = (
                form.channel != "ordinary_mail" and rules["online_confirmation"] == "submission"
            )
            if waits and not automatic:
                self._do(unit, row, case, ev.Submit(on=form.on, channel=form.channel), actor)
            else:
                event = ev.Receive(on=form.on, channel=form.channel, confirmed_on=form.confirmed_on)
                self._do(unit, row, case, event, actor)
            return self._filed(row)

    def confirm_if_automatic(self, unit: Unit, row: CaseRow, case: Case) -> None:
        """Where a submission on the net counts as received, the system registers it at once."""
        if case.state == "submitted" and case.received_on is not None:
            channel = case.facts.channel
            assert channel is not None
            event = ev.Receive.model_validate({"on": case.received_on, "channel": channel})
            self._do(unit, row, case, event, SYSTEM)

    def _taking(self, unit: Unit, code: str) -> AgencyRow:
        agency = unit.agency(code)
        if agency is None or not agency.takes_requests:
            raise BadInput([FieldError("agency", "没有这个受理机关，请重新选择")])
        return agency

    def _open(
        self,
        unit: Unit,
        agency: AgencyRow,
        form: ApplicationForm,
        rules: Rulebook,
        opened_on: date,
        now: datetime,
        submit_key: str | None,
    ) -> tuple[CaseRow, Case]:
        number = unit.next_number(agency, opened_on.year)
        person = form.applicant
        citizen = person.kind == "citizen"
        category = person.category if not citizen else "natural_person"
        applicant = Applicant(person.name, category, None if citizen else person.name, citizen)
        header = Header(
            number=number,
            agency=agency.code,
            kind=form.kind if isinstance(form, OfflineForm) else "application",
            applicants=(applicant,),
            request=form.title(),
            items=form.wanted(),
            delivery=form.delivery,
        )
        row = unit.add_case(
            agency, header, opened_on, now, medium=list(form.medium), submit_key=submit_key
        )
        unit.session.flush()
        private = person.model_dump(exclude={"kind", "name", "category"}, exclude_none=True)
        private["accept_other_form"] = form.accept_other_form
        if form.assistance:
            private["assistance"] = form.assistance
        if form.items and any(form.description.model_dump().values()):
            # Without items the description is the item itself (ApplicationForm.wanted).
            private["description"] = form.description.model_dump(exclude_none=True)
        if form.agent:
            private["agent"] = form.agent.model_dump()
        row.applicants[0].sealed = self.office.keys.seal(private, f"case {row.id}")
        proof = f"{person.id_type} {person.id_number}" if citizen else f"{person.credit_code}"
        row.applicants[0].identity = self.office.keys.identity(proof)
        return row, Case(header_of(row), rules)

    def _filed(self, row: CaseRow) -> Filed:
        due = row.reply_due
        return Filed(
            number=row.number,
            agency=row.agency.code,
            query_code=self.office.keys.query_code(row.code_salt),
            state=row.state,
            submitted_at=row.submitted_at,
            receipt_date=row.received_on,
            reply_due=due,
            provisional=bool(due and national().is_provisional(due)),
        )

    # -- moving on ----------------------------------------------------------------------------------

    def apply(
        self,
        staff: Staff,
        number: str,
        name: Any,
        fields: dict[str, Any],
        once: str | None = None,
        seen: Collection[int] | None = None,
    ) -> CaseFile:
        """Apply an event to a case of the person's bodies, in one transaction.

        once: a key under which a repeated call does nothing but show the case.
        seen: lengths of the log that the person has seen; None if that does not matter.
        Raises Missing, Stale, Refused (with the rule) or BadInput; then nothing is written.
        """
        with self.office.store.write() as unit:
            row, case = self._load(unit, staff, number, lock=True)
            if not (once and unit.applied_once(row, once)):
                if seen is not None and len(case.log) not in seen:
                    raise Stale("这件申请在您查看之后又有了新的办理记录，请重新读取后再办理")
                event = parsed(name, fields)
                self._check_people(unit, event, row)
                actor = staff.actor(row.agency.code)
                self._do(unit, row, case, event, actor, once)
        return self.case(staff, number)

    def apply_as_applicant(
        self, number: str, code: str, name: str, fields: dict[str, Any], once: str | None = None
    ) -> None:
        """What an applicant may do with number and query code: correct, withdraw, give reasons."""
        with self.office.store.write() as unit:
            row = self._by_code(unit, number, code)
            if once and unit.applied_once(row, once):
                return
            rules = self.office.rules(unit, row.agency, row.opened_on)
            case = case_of(row, rules)
            self._do(unit, row, case, parsed(name, fields), APPLICANT, once)

    def _do(
        self,
        unit: Unit,
        row: CaseRow,
        case: Case,
        event: ev.Event,
        actor: Actor,
        once: str | None = None,
    ) -> Logged:
        event, before = prepared(unit, row, case, event), row.state
        done = case.apply(event, actor, today=self.office.today(), recorded_at=self.office.now())
        if isinstance(done, Refusal):
            raise Refused(done)
        unit.session.flush()
        unit.append(row, case, done, once)
        take_back_after(self.office, unit, row, case, before)
        tell_applicant(self.office, unit, row, case, event)
        if isinstance(event, ev.OrderRedo):
            self._open_redo(unit, row, event, actor)
        return done

    def _open_redo(self, unit: Unit, row: CaseRow, event: ev.OrderRedo, actor: Actor) -> None:
        """The linked case in which an ordered new reply is made (行政复议法64，行政诉讼法70). It is not
        a new application; its due day is the ordered one."""
        redo, case = open_redo(self.office, unit, row, event, self.office.now())
        channel = row.channel or "in_person"
        self._do(unit, redo, case, ev.Receive(on=event.on, channel=channel), actor)

    def _check_people(self, unit: Unit, event: ev.Event, row: CaseRow) -> None:
        """A second person must be a member of staff of the same body."""
        if isinstance(event, ev.Void):
            other = unit.user(event.second_person)
            if (
                other is None
                or not other.active
                or row.agency_id not in {role.agency_id for role in other.roles}
            ):
                raise BadInput([FieldError("second_person", "没有这位工作人员")])

    # -- reading ------------------------------------------------------------------------------------

    def _load(
        self, unit: Unit, staff: Staff, number: str, *, lock: bool = False
    ) -> tuple[CaseRow, Case]:
        mine = [row for row in unit.agencies() if row.code in staff.roles]
        for agency in sorted(mine, key=lambda row: list(staff.roles).index(row.code)):
            row = unit.case_row([agency.id], number, lock=lock)
            if row is not None:
                return row, case_of(row, self.office.rules(unit, agency, row.opened_on))
        raise Missing(f"没有编号为“{number}”的申请，或者不属于您的机关")

    def case(self, staff: Staff, number: str) -> CaseFile:
        """The whole case with what may happen next for this person. Raises Missing."""
        with self.office.store.read() as unit:
            row, case = self._load(unit, staff, number)
            return self._case_file(unit, row, case, staff)

    def _case_file(self, unit: Unit, row: CaseRow, case: Case, staff: Staff) -> CaseFile:
        today = self.office.today()
        deadlines = case.all_deadlines()
        answer = case.facts.answer
        due, kind = case.next_due()
        archived = [line.event.on for line in case.log if line.event.name == "archive"]
        remedy = None
        if case.facts.outcome:
            remedy = remedy_text(
                case.facts.outcome,
                deadlines.service_effective_date or today,
                case.rules,
                answer=answer,
                electronic=_on_the_net(case),
            )
        return CaseFile(
            number=row.number,
            agency=row.agency.code,
            agency_name=row.agency.name,
            kind=row.kind,
            title=row.request,
            items=tuple(row.items),
            applicants=case.header.applicants,
            delivery=tuple(row.delivery),
            medium=tuple(row.medium),
            submitted_at=row.submitted_at,
            state=case.state,
            state_label=self.law.states[case.state].label,
            channel=row.channel,
            outcome=case.facts.outcome,
            row=case.row,
            column=case.columns()[0],
            closed_on=case.facts.closed_on,
            drafter=case.facts.drafter,
            answer={item.item: item.outcome for item in answer.items} if answer else {},
            next_due=due,
            next_due_kind=kind,
            deadlines=deadlines,
            days=clock.day_by_day(deadlines, case.rules.calendar),
            used_workdays=clock.used_workdays(deadlines, case.rules.calendar, today),
            log=[self._line(line) for line in case.log],
            possible=case.machine.possibilities(case, staff.actor(row.agency.code), today),
            next_actors=case.machine.next_actors(case, today),
            missing=missing_needs(case, answer, today) if answer and not case.facts.served else [],
            remedy=remedy.kind if remedy else None,
            length=len(case.log),
            remedy_text=remedy,
            third_party_remedy=third_party_remedy(today, case.rules)
            if any(c.opinion == "objects" for c in case.facts.consultations.values())
            else None,
            alarms=alarms(case, today),
            checklist=checklist(case, today) if case.state in BEFORE_SIGNATURE else [],
            consultations=list(case.facts.consultations.values()),
            proceedings=list(case.facts.proceedings.values()),
            others=[
                self._beside(row, other) for other in case_queries.by_same_applicant(unit, row)
            ],
            linked=case_queries.linked_to(unit, row),
            fee_yuan=case.facts.fee_yuan,
            excluding=case.waiting_until is not None and today <= case.waiting_until,
            contact=self.office.keys.open(row.applicants[0].sealed, f"case {row.id}")
            if row.applicants
            else {},
            archived_on=archived[-1] if archived else None,
            kept_until=kept_until(archived[-1], int(case.rules["retention_years"]))
            if archived
            else None,
        )

    def _beside(self, row: CaseRow, other: CaseRow) -> Beside:
        return Beside(
            other.number,
            other.request,
            other.opened_on,
            self.law.states[other.state].label if other.state in self.law.states else "",
            self.law.outcomes[other.outcome].label if other.outcome else "",
            alike=_plain(other.request) == _plain(row.request),
        )

    def _line(self, line: Logged) -> LoggedLine:
        event = line.event
        return LoggedLine(
            line.seq,
            event.on,
            event.name,
            self.law.transitions[event.name].label,
            line.actor,
            self.law.words.roles[line.role],
            line.recorded_at,
            event.model_dump(mode="json", exclude_none=True, exclude={"on"}),
            line.filled,
        )

    def worklist(
        self,
        staff: Staff,
        *,
        states: tuple[str, ...] = (),
        due_before: date | None = None,
        text: str | None = None,
        kinds: tuple[str, ...] = (),
        after: int = 0,
        limit: int = case_queries.PAGE,
        beyond: Place | None = None,
    ) -> tuple[list[WorkItem], int]:
        """Cases of the person's bodies, what is due first on top, and how many there are in all.

        after: how many to pass over; or beyond: the place of the last one that was seen.
        """
        today = self.office.today()
        with self.office.store.read() as unit:
            agencies = {row.id: row for row in unit.agencies() if row.code in staff.roles}
            wanted = case_queries.Wanted(states, due_before, text, kinds)
            place = None
            if beyond is not None:
                ids = {row.code: row.id for row in agencies.values()}
                place = (beyond.due, beyond.number, ids.get(beyond.agency, 0))
            rows = case_queries.cases_by_urgency(
                unit, list(agencies), wanted, after=after, limit=limit, beyond=place
            )
            total = case_queries.count_cases(unit, list(agencies), wanted)
            items = [self._work_item(unit, row, agencies[row.agency_id], today) for row in rows]
        return items, total

    def _work_item(self, unit: Unit, row: CaseRow, agency: AgencyRow, today: date) -> WorkItem:
        calendar = self.office.rules(unit, agency, row.opened_on).calendar
        left = None
        if row.next_due is not None:
            late = row.next_due < today
            left = (
                -calendar.count(row.next_due, today)
                if late
                else calendar.count(today, row.next_due)
            )
            left = left if not late else min(left, -1)
        first = row.applicants[0].name if row.applicants else ""
        more = f"等 {len(row.applicants)} 人" if len(row.applicants) > 1 else ""
        return WorkItem(
            number=row.number,
            agency=agency.code,
            kind=row.kind,
            title=row.request,
            applicant=first + more,
            state=row.state,
            due=row.next_due,
            due_kind=row.next_due_kind,
            workdays_left=left,
            next_actors=self._usual_actors(row.state),
            provisional=bool(row.next_due and calendar.is_provisional(row.next_due)),
            excluding=row.waiting_until is not None and today <= row.waiting_until,
        )

    def _usual_actors(self, state: str) -> tuple[str, ...]:
        """Who usually takes a case on from a state: the actors of its routine step."""
        event = next(iter(self.law.usual.get(state, ())), None)
        return self.law.transitions[event].by[:1] if event else ()

    def open_states(self) -> tuple[str, ...]:
        """States that still need somebody: everything before the answer, and the answer to be filed."""
        return tuple(
            name
            for name, s in self.law.states.items()
            if s.stage in ("before_receipt", "running", "waiting")
        )

    # -- the applicant -------------------------------------------------------------------------------

    def _by_code(self, unit: Unit, number: str, code: str) -> CaseRow:
        for agency in unit.agencies():
            row = unit.case_row([agency.id], number)
            if row is not None and people.codes_match(
                self.office.keys.query_code(row.code_salt), code.strip().upper()
            ):
                return row
        raise Missing("没有找到：申请编号或者查询码不正确")

    def for_applicant(self, number: str, code: str) -> ApplicantView:
        """The applicant's view. Raises Missing with one message for a wrong number and a wrong code."""
        with self.office.store.read() as unit:
            row = self._by_code(unit, number, code)
            case = case_of(row, self.office.rules(unit, row.agency, row.opened_on))
            today = self.office.today()

            def may(event: str) -> bool:
                return case.machine.refusal(case, event, None, APPLICANT, today) is None

            return ApplicantView(
                number=row.number,
                agency=row.agency.code,
                agency_name=row.agency.name,
                title=row.request,
                state=row.state,
                state_label=self.law.states[row.state].label,
                submitted_at=row.submitted_at,
                receipt_date=case.received_on,
                reply_due=case.deadlines.reply_due,
                correction_due=case.deadlines.correction_due
                if row.state == "awaiting_correction"
                else None,
                steps=with_changes(public_steps(case, self.law), changes_of(unit, row)),
                may_correct=may("correct"),
                may_withdraw=may("withdraw"),
            )


def _on_the_net(case: Case) -> bool:
    """The reply goes, or is asked to go, through the internet (行政复议法22(2))."""
    if case.facts.served is not None:
        return case.facts.served.method == "electronic"
    return case.header.delivery[:1] in (("email",), ("portal",))


def _plain(text: str) -> str:
    """A request without what does not matter for likeness."""
    return re.sub(r"[\W_]+", "", text)


def open_redo(
    office: Office, unit: Unit, row: CaseRow, event: ev.OrderRedo, now: datetime
) -> tuple[CaseRow, Case]:
    """A linked case without events: the same applicants and items, due on the ordered day."""
    first = header_of(row)
    number = unit.next_number(row.agency, event.on.year)
    header = replace(first, number=number, redo_of=first.number, redo_due=event.due)
    redo = unit.add_case(row.agency, header, event.on, now, medium=list(row.medium))
    unit.session.flush()
    for copy, person in zip(redo.applicants, row.applicants, strict=True):
        copy.identity = person.identity
        if person.sealed is not None:
            private = office.keys.open(person.sealed, f"case {row.id}")
            copy.sealed = office.keys.seal(private, f"case {redo.id}")
    return redo, Case(header, office.rules(unit, row.agency, event.on))


def parsed(name: Any, fields: dict[str, Any]) -> ev.Event:
    """The event, or its refusal as unknown. Raises BadInput for wrong fields."""
    try:
        return ev.parse(name, fields)
    except ev.UnknownEvent as error:
        raise Refused(Refusal("unknown_event", "-", str(error), "请使用规定的事项名称")) from error
