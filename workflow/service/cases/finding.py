"""One door to find a case: staff by body and number, an applicant by number and query code."""

from workflow import people
from workflow.case.case import Case
from workflow.case.facts import Actor
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.views import CaseAddress
from workflow.service.office import Missing, Office
from workflow.store import cases as case_queries
from workflow.store.folds import Fold
from workflow.store.models import CaseRow
from workflow.store.restored import case_of
from workflow.store.unit import Unit


class Several(LookupError):
    """A number without its body, and the person works in several bodies that have such a case."""

    def __init__(self, choice: tuple[CaseAddress, ...]) -> None:
        self.choice = choice
        names = "、".join(one.agency_name for one in choice)
        super().__init__(f"{names}都有编号为“{choice[0].number}”的申请，请选择是哪个机关的")


def for_staff(
    office: Office, unit: Unit, staff: Staff, number: str, *, lock: bool = False
) -> tuple[CaseRow, Case]:
    """The case of that number in the person's bodies, folded. A number names a case only together with
    its body: give the person in that body (`Staff.within`).

    Raises Missing; Several if the person is given in more than one body that has the number.
    """
    readable = permissions.bodies_for(office.law, "read_cases", staff)
    rows = [
        row
        for row in unit.cases_numbered(readable, number, lock=lock)
        if row.held_by or row.agency.code not in staff.lent
    ]
    if len(rows) > 1:
        raise Several(tuple(_address(row.agency.code, row.agency.name, number) for row in rows))
    if not rows:
        raise none_of(number)
    return rows[0], folded(office, unit, rows[0])


def at_hand(office: Office, unit: Unit, staff: Staff, number: str) -> tuple[CaseRow, Fold]:
    """The same for moving the case: its row locked, its fold taken from those that are kept. Who moved it
    gives the fold back (`Folds.keep`) once the transaction has ended well."""
    readable = permissions.bodies_for(office.law, "read_cases", staff)
    heads = [
        head
        for head in unit.heads_of(readable, number)
        if head.held_by or head.code not in staff.lent
    ]
    if len(heads) > 1:
        raise Several(tuple(_address(head.code, head.name, number) for head in heads))
    if not heads:
        raise none_of(number)
    return office.folds.take(
        unit, heads[0], lambda row: office.rules(unit, row.agency, row.opened_on)
    )


def body_of(unit: Unit, staff: Staff, number: str) -> str:
    """Code of the one body of the person that has a case of that number. Raises Missing or Several."""
    found = case_queries.bodies_with(unit, staff.roles, number)
    if len(found) > 1:
        raise Several(tuple(_address(code, name, number) for code, name in found))
    if not found:
        raise none_of(number)
    return found[0][0]


def _address(code: str, name: str, number: str) -> CaseAddress:
    return CaseAddress(code, number, name)


def none_of(number: str) -> Missing:
    return Missing(f"没有编号为“{number}”的申请，或者不属于您的机关")


def by_code(office: Office, unit: Unit, number: str, code: str, *, lock: bool = False) -> CaseRow:
    """The row of the case that opens with number and query code. One look by the keyed hash of both, for
    any number of bodies, whether it fits or not.

    Rule: an applicant's case is found by number and query code, by a keyed hash of both.

    Raises Missing, with one message for a wrong number and a wrong code.
    """
    number, code = number.strip(), code.strip().upper()
    row = unit.by_query_hash(office.keys.query_hash(number, code), lock=lock)
    expected = office.keys.query_code(row.code_salt if row else "")
    if not people.codes_match(expected, code) or row is None:
        raise Missing("没有找到：申请编号或者查询码不正确")
    return row


def actor_of(staff: Staff, row: CaseRow, role: str | None = None) -> Actor:
    """The person as the machine sees them in a case. What was transferred is for the staff of the body
    to which it went."""
    if row.held_by is None:
        return staff.actor(row.agency.code, role)
    held = staff.inherited.get(row.agency.code, frozenset())
    held = held & {role} if role else held
    return Actor(staff.name, held, staff.standing_in.get(row.agency.code, {}))


def folded(office: Office, unit: Unit, row: CaseRow) -> Case:
    """The case as its log says, under the rules of its body for the day on which it was opened."""
    rules = office.rules(unit, row.agency, row.opened_on)
    case: Case = unit.kept(("case", row.id), lambda: case_of(row, rules))
    return case
