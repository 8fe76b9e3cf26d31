"""Reading a case: the whole matter as its page and the API show it."""

import re
from typing import Any

from config.law import Law
from workflow import clock
from workflow import events as ev
from workflow.case.alarms import alarms
from workflow.case.case import Case
from workflow.case.checklist import Held, checklist
from workflow.case.destroyed import years_of
from workflow.case.dispute_alarms import searches_after_the_copy
from workflow.case.evidence import missing_needs
from workflow.case.facts import Logged
from workflow.case.gaps import known_gaps
from workflow.case.identity import is_minor
from workflow.case.remedies import remedy_of_case
from workflow.case.taken_over import was_handed_over
from workflow.people import Staff
from workflow.rules.remedy import third_party_remedy
from workflow.rules.retention import kept_until
from workflow.service.cases.finding import actor_of, asked_on, body_of, for_staff
from workflow.service.cases.origin import handed_over_from
from workflow.service.cases.signing import reach_of
from workflow.service.cases.unnamed import may_know, without_applicant
from workflow.service.cases.views import AskedBefore, Beside, CaseFile, LoggedLine
from workflow.service.office import Office
from workflow.service.own_unit import sight_in
from workflow.store import beside
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit

BEFORE_SIGNATURE = ("drafted", "secrecy_review", "legal_check", "approval", "ready")
OF_THE_LETTER = ("letter", "annexes")
"""What the page to sign says, which has the letter before it."""


class Reading:
    """Reading cases, for staff."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def case(self, staff: Staff, number: str) -> CaseFile:
        """The whole case with what may happen next for this person. Raises Missing."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            return case_file(self.office, unit, row, case, staff)

    def body_of(self, staff: Staff, number: str) -> str:
        """Code of the one body of the person that has a case of that number. Raises Missing, or Several
        where it is to be chosen."""
        with self.office.store.read() as unit:
            return body_of(self.office, unit, staff, number)


def case_file(office: Office, unit: Unit, row: CaseRow, case: Case, staff: Staff) -> CaseFile:
    """A case that has been folded, with what may happen next for this person."""
    today = office.today()
    contact = first_private(office.keys, row)
    sight = sight_in(office, unit, staff, [row.agency.code])
    deadlines, others = case.all_deadlines(), beside.of_applicant(unit, office.keys, row, sight)
    answer = case.facts.answer
    lines = _lines(office.law, case)
    due, kind = case.next_due()
    archived = [line.event.on for line in case.log if line.event.name == "archive"]
    remedy = remedy_of_case(case, today)
    found = CaseFile(
        id=row.id,
        case=case,
        number=row.number,
        agency=row.agency.code,
        agency_name=row.body.name,
        kind=row.kind,
        title=row.request,
        items=tuple(row.items),
        applicants=case.applicants,
        delivery=tuple(row.delivery),
        medium=tuple(row.medium),
        submitted_at=row.submitted_at,
        asked_on=asked_on(row, case),
        state=case.state,
        state_label=office.law.states[case.state].label,
        channel=row.channel,
        outcome=case.facts.outcome,
        row=case.row,
        column=case.columns()[0],
        closed_on=case.facts.closed_on,
        drafter=case.facts.drafter,
        answer={item.item: item.outcome for item in answer.items} if answer else {},
        next_due=due,
        next_due_kind=kind,
        workdays_left=case.rules.calendar.left(today, due) if due else None,
        deadlines=deadlines,
        days=clock.day_by_day(deadlines, case.rules.calendar),
        used_workdays=clock.used_workdays(deadlines, case.rules.calendar, today),
        log=lines,
        possible=case.machine.possibilities(case, actor_of(staff, row), today),
        missing=missing_needs(case, answer, today) if answer and not case.facts.served else [],
        remedy=remedy.kind if case.facts.outcome else None,
        length=len(case.written),
        remedy_text=remedy,
        third_party_remedy=third_party_remedy(today, case.rules, row.body.name)
        if any(c.opinion == "objects" for c in case.facts.consultations.values())
        else None,
        findings=case.findings(),
        minor=is_minor(contact, today),
        alarms=alarms(case, today),
        checklist=checklist(case, today, Held(reach=reach_of(contact)), without=OF_THE_LETTER)
        if case.state in BEFORE_SIGNATURE
        else [],
        consultations=list(case.facts.consultations.values()),
        proceedings=list(case.facts.proceedings.values()),
        others=[_beside(office.law, row, other) for other in others.latest],
        asked=AskedBefore(others.number, others.items, others.first),
        linked=_linked(row, beside.linked_to(unit, row, sight)),
        fee_yuan=case.facts.fee_yuan,
        excluding=case.waiting_until is not None and today <= case.waiting_until,
        contact=contact,
        gaps=known_gaps(contact.get("gaps", ())),
        not_for_the_reply=frozenset(searches_after_the_copy(case)),
        archived_on=archived[-1] if archived else None,
        kept_until=kept_until(archived[-1], years_of(case)) if archived else None,
        last_step=_last_step(office.law, case, lines),
        handed_over=handed_over_from(office, unit, row.id) if was_handed_over(case) else None,
    )
    held = actor_of(staff, row).roles
    return found if may_know(office.law, held) else without_applicant(found)


def _last_step(law: Law, case: Case, lines: list[LoggedLine]) -> LoggedLine | None:
    """The line that led the case to where it stands."""
    failed = case.facts.failed
    holding = [line for line in lines if not line.taken_back]
    for line, shown in zip(reversed(case.log), reversed(holding), strict=True):
        if line.event.name in law.steps or line.event is failed:
            return shown
    return None


def _linked(row: CaseRow, others: list[beside.Linked]) -> list[str]:
    """The numbers of the case that this one redoes or was merged into, and of those that do so to it."""
    above = [number for number in (row.redo_of, row.merged_into) if number]
    return [*above, *(other.number for other in others)]


def _beside(law: Law, row: CaseRow, other: beside.Around) -> Beside:
    return Beside(
        other.number,
        other.request,
        other.opened_on,
        law.states[other.state].label if other.state in law.states else "",
        law.outcomes[other.outcome].label if other.outcome else "",
        alike=_plain(other.request) == _plain(row.request),
    )


def _lines(law: Law, case: Case) -> list[LoggedLine]:
    """Every line that was written, with the values that hold; what was typed before stands beside."""
    holding = {line.seq: line for line in case.log}
    return [_line(law, line, holding.get(line.seq)) for line in case.written]


def _line(law: Law, line: Logged, holds: Logged | None) -> LoggedLine:
    event = holds.event if holds else line.event
    corrected = holds is not None and holds.typed is not None
    return LoggedLine(
        line.seq,
        event.on,
        event.name,
        law.transitions[event.name].label,
        line.actor,
        law.words.role(line.role),
        line.recorded_at,
        _fields(event),
        line.filled,
        stands_for=line.stands_for,
        typed_on=line.event.on if corrected else None,
        typed=_fields(line.event) if corrected else None,
        taken_back=holds is None,
    )


def _fields(event: ev.Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_none=True, exclude={"on"})


def _plain(text: str) -> str:
    """A request without what does not matter for likeness."""
    return re.sub(r"[\W_]+", "", text)
