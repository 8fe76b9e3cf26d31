"""Fee notices and payments of a year, as the logs of the cases hold them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflow.report.tables.kept import kept_of
from workflow.store.counts import words_marked
from workflow.store.dialect import among
from workflow.store.models import CaseRow, EventRow
from workflow.store.restored import Entry, entries_that_hold
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class FeeEvent:
    """A fee notice (charge_fee) or a payment (pay_fee) of a case; amount in yuan."""

    number: str
    event: str
    on: date
    amount: Decimal


def fee_events_of_year(unit: Unit, agency_ids: list[int], year: int) -> list[FeeEvent]:
    """Fee notices and payments of the year, in the order of days."""
    unit.settle()
    told = words_marked(unit.session.connection(), agency_ids, year, "fees")
    words = [word for word, _ in told if year in kept_of(word).marks.fees]
    if not words:
        return []
    query = (
        select(
            CaseRow.id, CaseRow.number, EventRow.seq, EventRow.event, EventRow.on, EventRow.fields
        )
        .join(CaseRow, CaseRow.id == EventRow.case_id)
        .where(
            among(CaseRow.agency_id, agency_ids),
            CaseRow.counted_as.in_(words),
            CaseRow.state != "voided",
            EventRow.event.in_(("charge_fee", "pay_fee", "correct_entry")),
        )
        .order_by(CaseRow.number, CaseRow.id, EventRow.seq)
    )
    logs: dict[int, tuple[str, list[Entry]]] = {}
    for key, number, *line in unit.session.execute(query):
        logs.setdefault(key, (number, []))[1].append(Entry(*line))
    found = [
        FeeEvent(number, one.event, one.on, Decimal(str(one.fields.get("amount") or 0)))
        for number, log in logs.values()
        for one in entries_that_hold(log)
        if one.on.year == year
    ]
    return sorted(found, key=lambda fee: (fee.on, fee.number))
