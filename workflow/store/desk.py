"""What a person's own list asks of the store: who works in a body and for whom it waits there, up to when somebody
has looked, the views that they keep."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, String, bindparam, cast, delete, func, null, select, union_all

from workflow.store.desk_models import KeptViewRow, LookedRow
from workflow.store.models import CaseRow, RoleRow, UserRow
from workflow.store.staff_models import StandInRow, UnitMemberRow, UnitRow
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Working:
    """Somebody who works in a body: the roles held there, and the units they work in or head."""

    name: str
    display_name: str
    roles: frozenset[str]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """A body's people and units. heads: by unit the name in full of who heads it."""

    people: tuple[Working, ...]
    units: tuple[str, ...]
    heads: dict[str, str]


_role, _user = RoleRow.__table__.c, UserRow.__table__.c
_unit, _member = UnitRow.__table__.c, UnitMemberRow.__table__.c
_lent = StandInRow.__table__.c
_BODIES: BindParameter[Any] = bindparam("bodies", expanding=True)
_NOTHING = cast(null(), String)


def _crews() -> Any:
    """Roles held (own ones and those held for somebody), units with who heads and who works in them."""
    own = (
        select(_role.agency_id, _user.name, _user.display_name, _role.role, _NOTHING.label("unit"))
        .join_from(RoleRow.__table__, UserRow.__table__, _user.id == _role.user_id)
        .where(_role.agency_id.in_(_BODIES), _user.active)
    )
    for_another = (
        select(_lent.agency_id, _user.name, _user.display_name, _lent.role, _NOTHING)
        .join_from(StandInRow.__table__, UserRow.__table__, _user.id == _lent.deputy_id)
        .where(
            _lent.agency_id.in_(_BODIES),
            _user.active,
            _lent.first <= bindparam("today"),
            _lent.last >= bindparam("today"),
            _lent.ended_at.is_(None),
        )
    )
    units = (
        select(_unit.agency_id, _user.name, _user.display_name, cast(null(), String), _unit.name)
        .outerjoin_from(UnitRow.__table__, UserRow.__table__, _user.id == _unit.head_id)
        .where(_unit.agency_id.in_(_BODIES), _unit.ended_at.is_(None))
    )
    members = (
        select(_unit.agency_id, _user.name, cast(null(), String), cast(null(), String), _unit.name)
        .join_from(UnitRow.__table__, UnitMemberRow.__table__, _member.unit_id == _unit.id)
        .join(UserRow.__table__, _user.id == _member.user_id)
        .where(_unit.agency_id.in_(_BODIES), _unit.ended_at.is_(None))
    )
    return union_all(own, for_another, units, members)


_CREWS = _crews()


def crews(unit: Unit, bodies: Collection[int], today: date) -> dict[int, Crew]:
    """By id of the body who works there, by user name, and its units in the order of their names."""
    people: dict[int, dict[str, tuple[str, set[str]]]] = {body: {} for body in bodies}
    units: dict[int, dict[str, str]] = {body: {} for body in bodies}
    works_in: dict[tuple[int, str], list[str]] = {}
    for body, name, shown, role, in_unit in unit.ask(_CREWS, bodies=list(bodies), today=today):
        if in_unit is None:
            people[body].setdefault(name, (shown, set()))[1].add(role)
            continue
        if shown is not None or name is None:
            units[body].setdefault(in_unit, "")
        if shown is not None:
            units[body][in_unit] = shown
        if name is not None:
            works_in.setdefault((body, name), []).append(in_unit)
    return {
        body: Crew(
            tuple(
                Working(
                    name,
                    shown,
                    frozenset(roles),
                    tuple(sorted(set(works_in.get((body, name), ())))),
                )
                for name, (shown, roles) in sorted(people[body].items())
            ),
            tuple(sorted(units[body])),
            {one: head for one, head in units[body].items() if head},
        )
        for body in bodies
    }


_case = CaseRow.__table__.c
_PILES = (
    select(_case.agency_id, _case.waits_for, func.count())
    .where(_case.agency_id.in_(_BODIES), _case.waits_for.is_not(None))
    .group_by(_case.agency_id, _case.waits_for)
)


def piles(unit: Unit, bodies: Collection[int]) -> dict[int, dict[str, int]]:
    """By id of the body the words for whom its open cases wait, and how many for each."""
    found: dict[int, dict[str, int]] = {}
    for body, word, number in unit.ask(_PILES, bodies=list(bodies)):
        found.setdefault(body, {})[word] = number
    return found


# -- up to when somebody has looked -------------------------------------------------------------------

_LOOKED = select(LookedRow.__table__.c.until).where(
    LookedRow.__table__.c.user_id == bindparam("of")
)


def looked_until(unit: Unit, user_id: int) -> datetime | None:
    return unit.ask(_LOOKED, of=user_id).scalar()


def note_looked(unit: Unit, user_id: int, until: datetime) -> None:
    """Never back: of two windows the later one counts."""
    row = unit.session.get(LookedRow, user_id)
    if row is None:
        unit.session.add(LookedRow(user_id=user_id, until=until))
    else:
        row.until = max(row.until, until)


# -- views that somebody keeps ------------------------------------------------------------------------

_VIEWS = (
    select(KeptViewRow.__table__.c.id, KeptViewRow.__table__.c.name, KeptViewRow.__table__.c.chosen)
    .where(KeptViewRow.__table__.c.user_id == bindparam("of"))
    .order_by(KeptViewRow.__table__.c.id)
)


def kept_views(unit: Unit, user_id: int) -> Sequence[tuple[int, str, dict[str, Any]]]:
    return [(id_, name, chosen) for id_, name, chosen in unit.ask(_VIEWS, of=user_id)]


def keep_view(unit: Unit, user_id: int, name: str, chosen: dict[str, Any]) -> None:
    """Under a name that is there already it takes the place of that one."""
    row = unit.session.scalar(
        select(KeptViewRow).where(KeptViewRow.user_id == user_id, KeptViewRow.name == name)
    )
    if row is None:
        unit.session.add(KeptViewRow(user_id=user_id, name=name, chosen=chosen))
    else:
        row.chosen = chosen


def drop_view(unit: Unit, user_id: int, number: int) -> None:
    """Nothing where it is not the person's."""
    unit.session.execute(
        delete(KeptViewRow).where(KeptViewRow.id == number, KeptViewRow.user_id == user_id)
    )
