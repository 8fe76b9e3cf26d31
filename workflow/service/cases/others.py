"""What a case must know of the others before an event is applied: fees of a month, duplicates."""

from datetime import date

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Around, OtherCase
from workflow.case.guards import Question
from workflow.case.guards.linked import fee_of
from workflow.store import cases as case_queries
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


def prepared(unit: Unit, row: CaseRow, case: Case, event: ev.Event) -> ev.Event:
    """The event with what the system works out for it (the amount of a fee). The case learns what its
    guards will ask about other cases."""
    if isinstance(event, ev.ChargeFee):
        case.around = Around(units_in_month=_units_in_month(unit, row, case))
        fee = fee_of(Question(case, event.name, event, None, event.on))
        if event.amount is None and fee is not None:
            return event.model_copy(update={"amount": fee.yuan})
    elif isinstance(event, ev.PayFee) and event.amount is None and case.facts.fee_yuan is not None:
        return event.model_copy(update={"amount": case.facts.fee_yuan})
    elif isinstance(event, ev.MergeDuplicate):
        case.around = Around(named=_named(unit, row, case, event.into))
    return event


def _units_in_month(unit: Unit, row: CaseRow, case: Case) -> int:
    """Applications of the same applicant that the body registered earlier in the calendar month
    (国办函〔2020〕109号4; setting fee_month_counts)."""
    received = case.received_on
    if received is None:
        return 0
    month = date(received.year, received.month, 1)
    return case_queries.received_earlier(
        unit,
        row,
        since=month,
        before=received,
        without_withdrawn=case.rules["fee_month_counts"] == "registered_not_withdrawn",
    )


def _named(unit: Unit, row: CaseRow, case: Case, number: str) -> OtherCase | None:
    other = unit.case_row([row.agency_id], number)
    if other is None:
        return None
    return OtherCase(
        other.number,
        open=case.rules.law.stage(other.state) in ("running", "waiting", "before_receipt"),
        same_applicant=case_queries.same_applicant(row, other),
        merged=other.merged_into is not None,
    )
