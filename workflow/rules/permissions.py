"""Who may do what: the table config/law/permissions.toml, asked by machine, service, pages, API and
commands. What no row allows is denied.

A right hangs on the roles that a person holds in a body, and for a case of one's own on the user name,
which is one person's for ever; never on the name that pages show.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from config.law import Law
from config.law.permissions import Action
from workflow.refusal import Denied, Refusal

OWN_CASE, OWN_UNIT, BODIES_BELOW, TOP_BODY = "own_case", "own_unit", "bodies_below", "top_body"
READ = "read_cases"
ANYONE: frozenset[str] = frozenset(("anyone",))
OPERATOR: frozenset[str] = frozenset(("operator",))
"""Who works at the command line of the machine: held instead of roles in a body."""
UNTOLD = OPERATOR | {"system"}
"""Who is no help to somebody at a page: the command line and the system itself."""
NOBODY: frozenset[str] = frozenset()


class Person(Protocol):
    """Who asks, as far as rights go. roles: code of a body → the roles held there. filled: code of a body → the
    roles of other administrators that somebody holds for it, so that nobody does their work in their place."""

    @property
    def roles(self) -> Mapping[str, Collection[str]]: ...

    @property
    def filled(self) -> Mapping[str, Collection[str]]: ...


def role_for(
    law: Law,
    action: str,
    held: Collection[str],
    *,
    own_case: bool = False,
    filled: Collection[str] = NOBODY,
) -> str | None:
    """The role in which somebody who holds these roles where it is done may do it, the first of the
    row; None: denied. own_case: it is about a case that was assigned to them or in which they have
    acted. filled: the roles that somebody holds for the body (`until`). Raises KeyError for an action
    without a row."""
    row = law.permissions.actions[action]
    for role, where in row.may.items():
        if role in held and (own_case or where != OWN_CASE) and row.until.get(role) not in filled:
            return role
    return None


def bodies_for(law: Law, action: str, person: Person) -> tuple[str, ...]:
    """Codes of the person's bodies in which they may do it, in the order of the person's bodies."""
    return tuple(
        code
        for code, held in person.roles.items()
        if role_for(law, action, held, filled=person.filled.get(code, NOBODY))
    )


def heads_for(law: Law, action: str, person: Person) -> tuple[str, ...]:
    """Codes of the person's bodies in which a role lets them do it for the bodies below as well."""
    row = law.permissions.actions[action]
    return tuple(
        code
        for code, held in person.roles.items()
        if any(
            row.may.get(role) == BODIES_BELOW
            and row.until.get(role) not in person.filled.get(code, NOBODY)
            for role in held
        )
    )


def only_of_units(law: Law, held: Collection[str]) -> bool:
    """Whether somebody who holds these roles in a body reads cases there only in such as a body may keep to their
    unit (本科室). False for who reads none."""
    may = law.permissions.actions[READ].may
    scopes = {may[role] for role in held if role in may}
    return scopes == {OWN_UNIT}


def ask(law: Law, action: str, held: Collection[str], *, own_case: bool = False) -> str:
    """The role in which it is done. Raises Denied with who may do it."""
    role = role_for(law, action, held, own_case=own_case)
    if role is None:
        raise Denied(refusal_of(law, law.permissions.actions[action]))
    return role


def refusal_of(law: Law, action: Action) -> Refusal:
    """What is said to somebody who may not: the rule, and who may."""
    who = who_may(law, action)
    return Refusal(
        "not_your_role",
        action.basis,
        f"您没有“{action.label}”的权限，须由{who}办理",
        f"请{who}办理",
    )


def refusal_by_roles(
    labels: Mapping[str, str],
    label: str,
    basis: str,
    by: Collection[str],
    held: Collection[str],
    of: str = "",
) -> Refusal | None:
    """The same for a row of another table (an event, a step of a report), which has its roles in `by`.
    of: whose they are, where they are not the body's own (主管部门的)."""
    if any(role in held for role in by):
        return None
    who = of + "、".join(labels[role] for role in by if role != "system")
    return Refusal("not_your_role", basis, f"“{label}”由{who}办理", f"请{who}办理")


def who_may(law: Law, action: Action) -> str:
    """Those whom somebody can turn to, in words: the roles of a row without UNTOLD."""
    words = words_of(law)
    found = [
        words[role]
        + (f"（限{law.permissions.scopes[where]}）" if where in (OWN_CASE, TOP_BODY) else "")
        + (f"（未设{words[action.until[role]]}的机关）" if role in action.until else "")
        for role, where in action.may.items()
        if role not in UNTOLD
    ]
    return "、".join(found)


def words_of(law: Law) -> dict[str, str]:
    """Labels of every role, and of who is no member of staff."""
    return {**law.words.roles, **law.permissions.others}


def refusal_without_row(law: Law, route: str, method: str) -> Refusal | None:
    """Why a route is closed to everybody: no row carries it. None where one does."""
    if law.permissions.carried_by(route, method):
        return None
    return Refusal("not_your_role", "-", "权限表里没有这一操作", "登记到权限表之后")


def refusal_by_route(law: Law, route: str, method: str, person: Person) -> Refusal | None:
    """Why a route is closed to a member of staff whatever it is asked about; None where it may be
    open: the service then asks for the very body and case."""
    actions = law.permissions.carried_by(route, method)
    if any(_opens(action, person) for action in actions):
        return None
    return refusal_of(law, actions[0]) if actions else refusal_without_row(law, route, method)


def _opens(action: Action, person: Person) -> bool:
    """An open row, one whose roles stand in another table, or one that names a role of the person."""
    if action.by_row is not None or ANYONE & set(action.may):
        return True
    return any(
        role in action.may and action.until.get(role) not in person.filled.get(code, NOBODY)
        for code, held in person.roles.items()
        for role in held
    )
