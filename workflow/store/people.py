"""Who a request comes from, and in whose place besides, in one query that is built once: every page asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from workflow.store.models import RoleRow, UserRow
from workflow.store.session_models import DeskSessionRow
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

_user, _role = UserRow.__table__.c, RoleRow.__table__.c
_session, _lent = DeskSessionRow.__table__.c, StandInRow.__table__.c
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


@dataclass(frozen=True, slots=True)
class Seen:
    """A session of the desk as it is kept, and since when its person's password holds."""

    id: int
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    password_set_at: datetime | None


_SEEN = (
    _session.id, _session.begun_at, _session.seen_at, _session.ended_at, _user.password_set_at,
)  # fmt: skip


def _persons(*where: ColumnElement[bool], seen: bool = False) -> CompoundSelect[*tuple[Any, ...]]:
    """seen: with the session by which the person is found."""
    person = (
        _user.id, _user.name, _user.display_name, _user.active, _user.must_change_password,
        _user.session_stamp,
    )  # fmt: skip
    more = _SEEN if seen else ()
    people = UserRow.__table__
    found = people.join(DeskSessionRow.__table__, _session.user_id == _user.id) if seen else people
    own = (
        select(
            *person, _role.agency_id, _role.role, cast(null(), String(64)).label("stands_for"),
            literal(0, Integer).label("lent"), _role.id.label("place"), *more,
        )
        .outerjoin_from(found, RoleRow.__table__, _role.user_id == _user.id)
        .where(*where)
    )  # fmt: skip
    for_another = (
        select(
            *person, _lent.agency_id, _lent.role, _away.c.name, literal(1, Integer), _lent.id,
            *more,
        )
        .join_from(found, StandInRow.__table__, _lent.deputy_id == _user.id)
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
_IN_SESSION = _persons(_session.mark == bindparam("mark"), seen=True)
_WITH_TOKEN = _persons(_user.id == bindparam("user"))


def person_named(unit: Unit, name: str, today: date) -> Person | None:
    """The person of that user name."""
    rows = unit.ask(_NAMED, user=name, today=today).all()
    return _person(rows) if rows else None


def person_in_session(unit: Unit, mark: str, today: date) -> tuple[Person, Seen] | None:
    """The person of the session of that mark, and the session, also one that is over."""
    rows = unit.ask(_IN_SESSION, mark=mark, today=today).all()
    return (_person(rows), Seen(*rows[0][11:])) if rows else None


def person_of_token(unit: Unit, user_id: int, today: date) -> Person | None:
    """The person whose token it is."""
    rows = unit.ask(_WITH_TOKEN, user=user_id, today=today).all()
    return _person(rows) if rows else None


def _person(rows: Sequence[Row[*tuple[Any, ...]]]) -> Person:
    roles = tuple(RoleHeld(row[6], row[7], row[8]) for row in rows if row[6] is not None)
    id_, name, shown, active, must_change, stamp, *_ = rows[0]
    return Person(id_, name, shown, active, must_change, stamp, roles)
