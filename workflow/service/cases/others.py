"""What a case must know of the others before an event is applied: fees of a month, duplicates."""

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.guards import Question
from workflow.case.guards.linked import fee_of
from workflow.case.others import OtherCase, Others, same_applicant, units_before
from workflow.store import cases as case_queries
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


def prepared(unit: Unit, row: CaseRow, case: Case, event: ev.Event) -> ev.Event:
    """The event with what the system works out for it (the amount of a fee). The case learns what its
    guards will ask about other cases."""
    if isinstance(event, ev.ChargeFee):
        case.others = Others(units_in_month=_units_in_month(unit, row, case))
        fee = fee_of(Question(case, event.name, event, None, event.on))
        if event.amount is None and fee is not None:
            return event.model_copy(update={"amount": fee.yuan})
    elif isinstance(event, ev.PayFee) and event.amount is None and case.facts.fee_yuan is not None:
        return event.model_copy(update={"amount": case.facts.fee_yuan})
    elif isinstance(event, ev.MergeDuplicate):
        case.others = Others(named=_named(unit, row, case, event.into))
    return event


def _units_in_month(unit: Unit, row: CaseRow, case: Case) -> int:
    """Units of the same applicant that the body received earlier in the calendar month."""
    if case.received_on is None:
        return 0
    return units_before(
        case_queries.requests_beside(unit, row),
        case_queries.first_named(row),
        case.received_on,
        row.id,
        str(case.rules["fee_month_counts"]),
    )


def _named(unit: Unit, row: CaseRow, case: Case, number: str) -> OtherCase | None:
    other = unit.case_row([row.agency_id], number)
    if other is None:
        return None
    return OtherCase(
        other.number,
        open=case.rules.law.stage(other.state) in ("running", "waiting", "before_receipt"),
        same_applicant=same_applicant(
            case_queries.first_named(row), case_queries.first_named(other)
        ),
        merged=other.merged_into is not None,
    )
