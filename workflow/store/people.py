"""Who a request comes from, in one query that is built once: every page asks it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Result, Select, bindparam, exists, select

from workflow.store.models import EndedSessionRow, RoleRow, TokenRow, UserRow
from workflow.store.unit import Unit

_user, _role = UserRow.__table__.c, RoleRow.__table__.c
_ended, _token = EndedSessionRow.__table__.c, TokenRow.__table__.c


@dataclass(frozen=True, slots=True)
class RoleHeld:
    agency_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as UserRow has one, with the roles held."""

    id: int
    name: str
    display_name: str
    active: bool
    must_change_password: bool
    session_stamp: str
    roles: tuple[RoleHeld, ...]


def _persons(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _user.id, _user.name, _user.display_name, _user.active, _user.must_change_password,
            _user.session_stamp, _role.agency_id, _role.role,
        )
        .outerjoin_from(UserRow.__table__, RoleRow.__table__, _role.user_id == _user.id)
        .where(*where)
        .order_by(_role.id)
    )  # fmt: skip


_NAMED = _persons(_user.name == bindparam("user"))
_IN_SESSION = _persons(
    _user.name == bindparam("user"), ~exists().where(_ended.mark == bindparam("mark"))
)
_WITH_TOKEN = _persons(_user.id == bindparam("user"))


def person_named(unit: Unit, name: str) -> Person | None:
    """The person of that user name."""
    return _person(unit.ask(_NAMED, user=name))


def person_in_session(unit: Unit, name: str, mark: str) -> Person | None:
    """The person of that user name, unless the session of that mark was signed out of."""
    return _person(unit.ask(_IN_SESSION, user=name, mark=mark))


def person_of_token(unit: Unit, user_id: int) -> Person | None:
    """The person whose token it is."""
    return _person(unit.ask(_WITH_TOKEN, user=user_id))


def _person(found: Result[*tuple[Any, ...]]) -> Person | None:
    rows = found.all()
    if not rows:
        return None
    roles = tuple(RoleHeld(row[6], row[7]) for row in rows if row[6] is not None)
    id_, name, shown, active, must_change, stamp, *_ = rows[0]
    return Person(id_, name, shown, active, must_change, stamp, roles)
