"""What a case must know of the others before an event is applied: fees of a month, duplicates, earlier
replies."""

import re

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.correcting import right_event
from workflow.case.guards import Question
from workflow.case.guards.linked import fee_of
from workflow.case.number import numbers_in
from workflow.case.others import (
    OtherCase,
    Others,
    Receiver,
    by_proof,
    same_applicant,
    units_before,
)
from workflow.refusal import BadInput
from workflow.service.cases.finding import folded
from workflow.service.office import Office
from workflow.store import beside
from workflow.store import cases as case_queries
from workflow.store.models import CaseRow
from workflow.store.persons import first_named, with_successors
from workflow.store.unit import Unit


def asks_others(event: ev.Event) -> bool:
    """Whether the guards of the event ask about other cases or bodies, which the store knows."""
    if isinstance(event, ev.ProposeOutcome):
        return bool(words_for_others(event))
    return isinstance(event, _ASKING)


_ASKING = (ev.ChargeFee, ev.MergeDuplicate, ev.ReviseReply, ev.Transfer)


def worked_out(case: Case, event: ev.Event) -> ev.Event:
    """The event with what follows for it from the case itself."""
    if isinstance(event, ev.PayFee) and event.amount is None and case.facts.fee_yuan is not None:
        return event.model_copy(update={"amount": case.facts.fee_yuan})
    if isinstance(event, ev.CorrectEntry):
        return _in_plain_values(case, event)
    return event


def prepared(office: Office, unit: Unit, row: CaseRow, case: Case, event: ev.Event) -> ev.Event:
    """The event with what the system works out for it (the amount of a fee). The case learns what its
    guards will ask about other cases."""
    if not asks_others(event):
        return worked_out(case, event)
    if isinstance(event, ev.ChargeFee):
        case.others = Others(units_in_month=units_in_month(office, unit, row, case))
        fee = fee_of(Question(case, event.name, event, None, event.on))
        if event.amount is None and fee is not None:
            return event.model_copy(update={"amount": fee.yuan})
    elif isinstance(event, ev.MergeDuplicate):
        other = unit.case_row([row.agency_id], event.into)
        case.others = Others(named=_known(office, unit, row, other) if other else None)
    elif isinstance(event, ev.ProposeOutcome):
        case.others = Others(
            earlier={
                text: found
                for text in words_for_others(event)
                if (found := _earlier(office, unit, row, text))
            },
            first_year=case_queries.first_year(unit, row),
        )
    elif isinstance(event, ev.ReviseReply):
        case.others = Others(open_redo=_open_redo(unit, row, case))
    elif isinstance(event, ev.Transfer):
        case.others = Others(receiver=_receiver(unit, row, event.to))
    return event


def words_for_others(event: ev.Event) -> set[str]:
    """The words by which an event names other cases."""
    if isinstance(event, ev.MergeDuplicate):
        return {event.into}
    if isinstance(event, ev.ProposeOutcome):
        parts = (event, *(event.items or ()))
        return {part.earlier_reply for part in parts if part.earlier_reply}
    return set()


def _in_plain_values(case: Case, event: ev.CorrectEntry) -> ev.CorrectEntry:
    """The right values as the log writes values of the entry (a number typed as text is a number). What
    cannot be read stays as it is: the guards say what is wrong with it."""
    line = next((one for one in case.log if one.seq == event.seq), None)
    if line is None or ev.TAKEN_BACK in event.fields:
        return event
    try:
        right = right_event(line.event, event.fields).model_dump(mode="json")
    except (BadInput, ev.UnknownEvent):
        return event
    return event.model_copy(update={"fields": {key: right.get(key) for key in event.fields}})


def _receiver(unit: Unit, row: CaseRow, code: str) -> Receiver | None:
    """The body of that code as the receiver of a case; None where there is none."""
    to, here = unit.agency(code), row.body
    if to is None:
        return None
    succeeds = to.code in {body.code for body in unit.successors_of(here)}
    return Receiver(to.code, to.name, succeeds, here.until)


def _open_redo(unit: Unit, row: CaseRow, case: Case) -> str | None:
    """The number of the linked case in which this one's reply is being made anew."""
    unit.attach()
    for other in beside.linked_to(unit, row)[::-1]:
        begun = other.redoes and other.state != "start"
        if begun and case.rules.law.stage(other.state) not in ("done", "void"):
            return other.number
    return None


def _earlier(office: Office, unit: Unit, row: CaseRow, text: str) -> OtherCase | None:
    """The case of the body that the words for an earlier reply name; None for words that name none."""
    for number in (text.strip(), *numbers_in(text)):
        other = unit.case_row([row.agency_id], number)
        if other is not None:
            return _known(office, unit, row, other)
    return None


def units_in_month(office: Office, unit: Unit, row: CaseRow, case: Case) -> int:
    """Units of the same applicant that the body received earlier in the calendar month."""
    if case.received_on is None:
        return 0
    unit.attach()
    return units_before(
        beside.requests_of_month(unit, office.keys, row, case.received_on),
        with_successors(unit, row),
        case.received_on,
        row.id,
        str(case.rules["fee_month_counts"]),
    )


def _known(office: Office, unit: Unit, row: CaseRow, other: CaseRow) -> OtherCase:
    """What guards ask about another case."""
    case, law = folded(office, unit, other), office.law
    mine, theirs = with_successors(unit, row), first_named(other)
    done = law.stage(case.state) == "done" and case.facts.served is not None
    corrected = any(
        p.result and law.results[(p.kind, p.result)].cell == "corrected"
        for p in case.facts.proceedings.values()
    )
    return OtherCase(
        other.number,
        open=law.stage(other.state) in ("running", "waiting", "before_receipt"),
        same_applicant=same_applicant(mine, theirs),
        merged=other.merged_into is not None,
        by_name=not by_proof(mine, theirs),
        answered_on=case.deadlines.service_effective_date if done else None,
        outcome=case.facts.outcome,
        overturned=corrected or beside.redone(unit, other),
        alike=_plain(other.request) == _plain(row.request),
        request=other.request,
    )


def _plain(text: str) -> str:
    """A request without what does not matter for likeness."""
    return re.sub(r"[\W_]+", "", text)
