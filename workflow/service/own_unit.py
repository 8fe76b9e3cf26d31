"""Whose cases a handler sees where a body keeps each to their own unit (本科室, the setting handlers_see)."""

from collections.abc import Iterable, Mapping

from workflow.people import Staff
from workflow.service.office import Office
from workflow.store.people import person_named
from workflow.store.sight import Sight, seen, sight_of
from workflow.store.unit import Unit


def sight_in(office: Office, unit: Unit, staff: Staff, codes: Iterable[str]) -> Sight:
    """What the person sees of the cases of these bodies."""
    bodies = {body.id: body.code for body in office.tree(unit).of_codes(set(codes))}
    return sight_of(bodies, staff.name, staff.lent, staff.of_units)


def seen_by(office: Office, unit: Unit, staff: Staff, cases: Mapping[int, str]) -> frozenset[int]:
    """Those of these cases (code of the body by id) that the person sees."""
    return seen(unit, sight_in(office, unit, staff, cases.values()), cases)


def sees(office: Office, unit: Unit, case_id: int, code: str, user: str) -> bool:
    """Whether somebody of that user name, who may read the cases of the body that handles it, sees the case of the body
    of that code. Nobody is looked up where no body of the installation keeps anybody to their unit."""
    if not office.somebody_keeps_to_units(unit):
        return True
    person = person_named(unit, user, office.today())
    staff = office.staff_of(unit, person) if person else None
    return staff is not None and case_id in seen_by(office, unit, staff, {case_id: code})
