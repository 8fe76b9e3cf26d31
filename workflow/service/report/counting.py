"""The counts that reports read, made for a store that does not have them yet."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from config.errors import Damaged
from workflow.case.counted import counted
from workflow.report.tables.kept import FORM, word_of_case
from workflow.service.cases.finding import folded
from workflow.service.office import Office
from workflow.store.counts import rebuild_counts
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

COUNTS = "counts"
"""The stamp of a store whose cases are all counted; its value is the form of the words."""
BATCH = 500


def complete_counts(office: Office) -> int:
    """Count the cases of a store that was made before they were counted, or in another form: every log is
    folded once. Returns how many cases were gone through; nothing is done where the store has its counts."""
    with office.store.read() as unit:
        if unit.stamp(COUNTS) == FORM:
            return 0
    return _count(office)


@retried
def _count(office: Office) -> int:
    with office.store.write_rules() as unit:
        number, last = 0, 0
        while batch := _after(unit, last):
            for row in batch:
                try:
                    case = folded(office, unit, row)
                except Damaged:
                    continue  # it is counted as it was; `verify` names it
                row.counted_as = word_of_case(case, counted(case))
            unit.session.flush()
            number, last = number + len(batch), batch[-1].id
            unit.session.expunge_all()
        rebuild_counts(unit.session.connection())
        unit.set_stamp(COUNTS, FORM)
    return number


def _after(unit: Unit, last: int) -> list[CaseRow]:
    query = (
        select(CaseRow)
        .where(CaseRow.id > last)
        .options(
            selectinload(CaseRow.applicants),
            selectinload(CaseRow.log),
            joinedload(CaseRow.agency),
        )
        .order_by(CaseRow.id)
        .limit(BATCH)
    )
    return list(unit.session.scalars(query))
