"""One door to find a case: staff by body and number, an applicant by number and query code."""

from datetime import date

from workflow import people
from workflow.case.case import Case
from workflow.case.facts import Actor
from workflow.case.number import code_given
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.views import CaseAddress
from workflow.service.office import Missing, Office
from workflow.service.own_unit import seen_by
from workflow.store import beside
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
    rows = unit.cases_numbered(readable, number, lock=lock)
    visible = seen_by(office, unit, staff, {row.id: row.agency.code for row in rows})
    rows = [row for row in rows if row.id in visible]
    if len(rows) > 1:
        raise Several(tuple(_address(row.agency.code, row.agency.name, number) for row in rows))
    if not rows:
        raise none_of(number)
    ask_for_its_file(rows[0])
    return rows[0], folded(office, unit, rows[0])


def at_hand(office: Office, unit: Unit, staff: Staff, number: str) -> tuple[CaseRow, Fold]:
    """The same for moving the case: its row locked, its fold taken from those that are kept. Who moved it
    gives the fold back (`Folds.keep`) once the transaction has ended well."""
    readable = permissions.bodies_for(office.law, "read_cases", staff)
    heads = unit.heads_of(readable, number)
    visible = seen_by(office, unit, staff, {head.id: head.code for head in heads})
    heads = [head for head in heads if head.id in visible]
    if len(heads) > 1:
        raise Several(tuple(_address(head.code, head.name, number) for head in heads))
    if not heads:
        raise none_of(number)
    row, fold = office.folds.take(
        unit, heads[0], lambda row: office.rules(unit, row.agency, row.opened_on)
    )
    ask_for_its_file(row)
    return row, fold


def ask_for_its_file(row: CaseRow) -> None:
    """Raises Missing where the file of the case was destroyed after its time."""
    if not row.code_salt:
        raise Missing(
            f"编号“{row.number}”的申请保管期限已满，案卷已经依法销毁；编号、日期和结果见销毁清册"
        )


def body_of(office: Office, unit: Unit, staff: Staff, number: str) -> str:
    """Code of the one body of the person that has a case of that number. Raises Missing or Several."""
    with_it = case_queries.bodies_with(unit, staff.roles, number)
    visible = seen_by(office, unit, staff, {case: code for case, code, _ in with_it})
    found = [(code, name) for case, code, name in with_it if case in visible]
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
    row = unit.by_query_hash(office.keys.query_hashes(number, code), lock=lock)
    expected = (
        office.keys.query_code(row.code_salt, row.code_turn) if row else office.keys.query_code("")
    )
    if not people.codes_match(expected, code_given(code)) or row is None:
        raise Missing("没有找到：申请编号或者查询码不正确")
    return row


def redo_of(unit: Unit, row: CaseRow, number: str) -> CaseRow:
    """The case of that number that answers this one anew. Raises Missing."""
    found = next((one for one in beside.redoes_of(unit, row) if one.number == number), None)
    if found is None:
        raise Missing("没有找到：申请编号或者查询码不正确")
    return found


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


def asked_on(row: CaseRow, case: Case) -> date:
    """The day on which it was handed in, sent or came with the post, as the first line of its log says, however late
    that line was typed."""
    return case.log[0].event.on if case.log else row.opened_on
