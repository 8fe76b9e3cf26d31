"""One door to find a case: staff by body and number, an applicant by number and query code."""

from workflow import people
from workflow.case.case import Case
from workflow.people import Staff
from workflow.service.office import Missing, Office
from workflow.store.models import CaseRow
from workflow.store.unit import Unit, case_of


def for_staff(
    office: Office, unit: Unit, staff: Staff, number: str, *, lock: bool = False
) -> tuple[CaseRow, Case]:
    """The case of that number in the person's bodies, folded. Raises Missing."""
    mine = [row for row in unit.agencies() if row.code in staff.roles]
    for agency in sorted(mine, key=lambda row: list(staff.roles).index(row.code)):
        row = unit.case_row([agency.id], number, lock=lock)
        if row is not None:
            return row, folded(office, unit, row)
    raise Missing(f"没有编号为“{number}”的申请，或者不属于您的机关")


def by_code(office: Office, unit: Unit, number: str, code: str) -> CaseRow:
    """The row of the case that opens with number and query code. Raises Missing, with one message for a
    wrong number and a wrong code."""
    for agency in unit.agencies():
        row = unit.case_row([agency.id], number)
        if row is not None and people.codes_match(
            office.keys.query_code(row.code_salt), code.strip().upper()
        ):
            return row
    raise Missing("没有找到：申请编号或者查询码不正确")


def folded(office: Office, unit: Unit, row: CaseRow) -> Case:
    """The case as its log says, under the rules of its body for the day on which it was opened."""
    return case_of(row, office.rules(unit, row.agency, row.opened_on))
