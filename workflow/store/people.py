"""Who a request comes from, and in whose place besides, in one query that is built once: every page asks it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Result,
    String,
    bindparam,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)

from workflow.store.models import EndedSessionRow, RoleRow, UserRow
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

_user, _role = UserRow.__table__.c, RoleRow.__table__.c
_ended, _lent = EndedSessionRow.__table__.c, StandInRow.__table__.c
_away = UserRow.__table__.alias("away")


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """stands_for: user name of who is away, where the role is held in their place."""

    agency_id: int
    role: str
    stands_for: str | None = None


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


def _persons(*where: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    person = (
        _user.id, _user.name, _user.display_name, _user.active, _user.must_change_password,
        _user.session_stamp,
    )  # fmt: skip
    own = (
        select(
            *person, _role.agency_id, _role.role, cast(null(), String(64)).label("stands_for"),
            literal(0, Integer).label("lent"), _role.id.label("place"),
        )
        .outerjoin_from(UserRow.__table__, RoleRow.__table__, _role.user_id == _user.id)
        .where(*where)
    )  # fmt: skip
    for_another = (
        select(
            *person, _lent.agency_id, _lent.role, _away.c.name, literal(1, Integer), _lent.id,
        )
        .join_from(UserRow.__table__, StandInRow.__table__, _lent.deputy_id == _user.id)
        .join(_away, _away.c.id == _lent.user_id)
        .where(
            *where,
            _lent.first <= bindparam("today"),
            _lent.last >= bindparam("today"),
            _lent.ended_at.is_(None),
        )
    )  # fmt: skip
    return union_all(own, for_another).order_by("lent", "place")


_NAMED = _persons(_user.name == bindparam("user"))
_IN_SESSION = _persons(
    _user.name == bindparam("user"), ~exists().where(_ended.mark == bindparam("mark"))
)
_WITH_TOKEN = _persons(_user.id == bindparam("user"))


def person_named(unit: Unit, name: str, today: date) -> Person | None:
    """The person of that user name."""
    return _person(unit.ask(_NAMED, user=name, today=today))


def person_in_session(unit: Unit, name: str, mark: str, today: date) -> Person | None:
    """The person of that user name, unless the session of that mark was signed out of."""
    return _person(unit.ask(_IN_SESSION, user=name, mark=mark, today=today))


def person_of_token(unit: Unit, user_id: int, today: date) -> Person | None:
    """The person whose token it is."""
    return _person(unit.ask(_WITH_TOKEN, user=user_id, today=today))


def _person(found: Result[*tuple[Any, ...]]) -> Person | None:
    rows = found.all()
    if not rows:
        return None
    roles = tuple(RoleHeld(row[6], row[7], row[8]) for row in rows if row[6] is not None)
    id_, name, shown, active, must_change, stamp, *_ = rows[0]
    return Person(id_, name, shown, active, must_change, stamp, roles)
