"""What it costs to take a case over, and that its log gives it back."""

from sqlalchemy import select

from tests.counting import work
from tests.workflow.service.docket.histories import OPEN, handed_over, history
from tests.workflow.service.docket.test_handed_over import clerk, town
from workflow.people import Staff
from workflow.service import Office
from workflow.store.models import CaseRow
from workflow.store.restored import case_of

__all__ = ["clerk", "town"]


def test_a_long_history_costs_no_more_statements_than_a_short_one(
    town: Office, clerk: Staff
) -> None:
    handed_over(town, history("first"), clerk)
    with work() as short:
        handed_over(town, history("short", OPEN[:1]), clerk)
    with work() as long:
        handed_over(town, history("long"), clerk)
    assert long.statements <= short.statements + 4, "\n".join(long.said)


def test_the_log_of_a_case_gives_the_case_back(town: Office, clerk: Staff) -> None:
    found = handed_over(town, history(), clerk)
    with town.store.read() as unit:
        row = unit.session.scalars(select(CaseRow)).one()
        again = case_of(row, town.rules(unit, row.agency, row.opened_on))
    assert again.written == found.case.written
    assert again.all_deadlines().as_dict() == found.deadlines.as_dict()
