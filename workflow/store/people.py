"""Who a request comes from, and in whose place besides, in one query that is built once: every page asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from workflow.store.models import RoleRow, UserRow
from workflow.store.prepared import Prepared
from workflow.store.rules_mark import MARK, MARK_IN_FORCE
from workflow.store.session_models import DeskSessionRow, TokenRow
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

_user, _role = UserRow.__table__.c, RoleRow.__table__.c
_session, _token = DeskSessionRow.__table__.c, TokenRow.__table__.c
_lent = StandInRow.__table__.c
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


class KeptToken(NamedTuple):
    """A token as TokenRow has one, but for its hash."""

    id: int
    scopes: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None
    name: str | None
    ended_by: str | None


_SEEN = (
    MARK_IN_FORCE.label("mark"),
    _session.id, _session.begun_at, _session.seen_at, _session.ended_at, _user.password_set_at,
)  # fmt: skip
_KEPT = (MARK_IN_FORCE.label("mark"), *(_token[name] for name in KeptToken._fields))


def _persons(
    *where: ColumnElement[bool],
    by: type[DeskSessionRow | TokenRow] | None = None,
    more: Sequence[ColumnElement[Any]] = (),
) -> CompoundSelect[*tuple[Any, ...]]:
    """by: what the person is found by, if not by themselves; more: what is said of it, after the mark of the rules."""
    person = (
        _user.id, _user.name, _user.display_name, _user.active, _user.must_change_password,
        _user.session_stamp,
    )  # fmt: skip
    people = UserRow.__table__
    found = people if by is None else people.join(by.__table__, by.__table__.c.user_id == _user.id)
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
_IN_SESSION = Prepared(_persons(_session.mark == bindparam("mark"), by=DeskSessionRow, more=_SEEN))
_WITH_TOKEN = Prepared(_persons(_token.hash == bindparam("hash"), by=TokenRow, more=_KEPT))


def person_named(unit: Unit, name: str, today: date) -> Person | None:
    """The person of that user name."""
    rows = unit.ask(_NAMED, user=name, today=today).all()
    return _person(rows) if rows else None


def person_in_session(unit: Unit, mark: str, today: date) -> tuple[Person, Seen] | None:
    """The person of the session of that mark, and the session, also one that is over."""
    rows = _IN_SESSION.rows(unit.connection, {"mark": mark, "today": today})
    return (_person(rows), Seen(*_beside(unit, rows))) if rows else None


def person_with_token(unit: Unit, hashed: str, today: date) -> tuple[Person, KeptToken] | None:
    """The person whose token has that hash, and the token, also one that opens nothing any more."""
    rows = _WITH_TOKEN.rows(unit.connection, {"hash": hashed, "today": today})
    return (_person(rows), KeptToken(*_beside(unit, rows))) if rows else None


def _beside(unit: Unit, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """What is said of that by which the person was found. The mark of the rules, which comes along, is known from then on."""
    mark, *more = rows[0][11:]
    unit.info.setdefault(MARK, mark or "")
    return more


def _person(rows: Sequence[Sequence[Any]]) -> Person:
    roles = tuple(RoleHeld(row[6], row[7], row[8]) for row in rows if row[6] is not None)
    id_, name, shown, active, must_change, stamp, *_ = rows[0]
    return Person(id_, name, shown, active, must_change, stamp, roles)
