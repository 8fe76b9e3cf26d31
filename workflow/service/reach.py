"""Of which bodies somebody sees to the people: the own ones and those below, by the table of permissions."""

from collections.abc import Iterable

from workflow.people import STAFF_ROLES, Staff
from workflow.refusal import Denied
from workflow.rules import permissions
from workflow.rules.staffing import MANAGE, SEE
from workflow.service.office import Missing, Office
from workflow.store.bodies import Body
from workflow.store.unit import Unit


def reach(office: Office, unit: Unit, by: Staff | None, action: str = MANAGE) -> list[Body]:
    """The bodies for whose people somebody may do it, in order; all of them for the operator."""
    if by is None:
        return list(office.tree(unit).bodies)
    return office.reach(unit, action, by)


def within_reach(
    office: Office, unit: Unit, by: Staff | None, agency: str, action: str = MANAGE
) -> Body:
    """The body, if they may do it for its people. Raises Missing, or Denied for a body of their own and one whose
    people they may see."""
    body = office.found_body(unit, agency)
    if by is None or office.reaches(unit, action, by, body):
        return body
    if agency in by.roles or office.reaches(unit, SEE, by, body):
        raise Denied(permissions.refusal_of(office.law, office.law.permissions.actions[action]))
    raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")


def in_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles in their usual order."""
    held = set(roles)
    return tuple(role for role in STAFF_ROLES if role in held) + tuple(
        sorted(held - set(STAFF_ROLES))
    )
