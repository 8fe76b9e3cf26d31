"""What a person's own list asks of the store: who works in a body and for whom it waits there, up to when somebody
has looked, the views that they keep."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from workflow.store.desk_models import KeptViewRow, LookedRow
from workflow.store.models import CaseRow, RoleRow, UserRow
from workflow.store.sight import ALL, Sight
from workflow.store.staff_models import StandInRow, UnitMemberRow, UnitRow
from workflow.store.unit import Unit
from workflow.store.wanted import APPLICANT, Own, Since


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


def names_of(crews: Iterable[Crew], mine: Collection[str]) -> frozenset[str]:
    """The names to which a case must have been given to be that of these people: they themselves, the units in which
    they work or which they head, and whoever works there with them."""
    found = set(mine)
    for crew in crews:
        units = {name for one in crew.people if one.name in mine for name in one.units}
        found |= units | {one.name for one in crew.people if units.intersection(one.units)}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Pile:
    """Open cases: how many, how many of them are urgent, and how many new; the lines of their logs, and when an
    applicant last sent something."""

    number: int = 0
    urgent: int = 0
    new: int = 0
    lines: int = 0
    sent: datetime | None = None

    def __add__(self, other: "Pile") -> "Pile":
        sent = max((one for one in (self.sent, other.sent) if one), default=None)
        return Pile(
            self.number + other.number, self.urgent + other.urgent, self.new + other.new,
            self.lines + other.lines, sent,
        )  # fmt: skip


@dataclass(frozen=True)
class Piles:
    """Open cases by the id of their body and the word for whom they wait; overdue: those of them that wait for
    their applicant, who has let a day pass."""

    by_word: dict[int, dict[str, Pile]]
    overdue: dict[int, Pile]

    @property
    def all(self) -> Pile:
        return sum((pile for words in self.by_word.values() for pile in words.values()), Pile())

    def of(self, own: Own) -> Pile:
        """What waits for a person."""
        found = Pile()
        for body, words in own.words:
            here = self.by_word.get(body, {})
            found = sum((here[word] for word in words if word in here), found)
            if body in own.overdue and APPLICANT not in words:
                found += self.overdue.get(body, Pile())
        return found


@lru_cache(maxsize=100)
def _piles(sight: Sight, running: tuple[str, ...], told: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """One index answers all of it (models.WAITING)."""
    case = CaseRow
    since: BindParameter[Any] = bindparam("since")
    today: BindParameter[Any] = bindparam("today")
    fresh = or_(
        and_(case.news_at > since, case.news_by != bindparam("name")), case.uploaded_at > since
    )
    urgent = and_(case.next_due <= today, case.state.in_(running))
    counted: tuple[Any, ...] = (
        func.count(),
        func.count().filter(urgent) if told else literal(0),
        func.count().filter(fresh) if told else literal(0),
        func.sum(case.length),
        func.max(case.uploaded_at),
    )
    every = (
        select(case.agency_id, case.waits_for, *counted)
        .where(case.agency_id.in_(_BODIES), case.waits_for.is_not(None), *sight.clauses())
        .group_by(case.agency_id, case.waits_for)
    )
    overdue = (
        select(case.agency_id, _NOTHING, *counted)
        .where(
            case.agency_id.in_(bindparam("overdue", expanding=True)),
            case.waits_for == APPLICANT,
            case.next_due < today,
            *sight.clauses(),
        )
        .group_by(case.agency_id)
    )
    return union_all(every, overdue)


def piles(
    unit: Unit,
    bodies: Collection[int],
    overdue: Collection[int],
    today: date,
    since: Since | None,
    running: Sequence[str],
    sight: Sight = ALL,
) -> Piles:
    """What waits in these bodies, and of some what their applicants let pass. Urgent is what runs and is due today
    or was due before; new what came since. since None: neither is asked. sight: what the person sees of them."""
    found, late = dict[int, dict[str, Pile]](), dict[int, Pile]()
    asked: dict[str, Any] = {"bodies": list(bodies), "overdue": list(overdue), "today": today}
    if since is not None:
        asked |= {"since": since.moment, "name": since.name}
    rows = unit.ask(_piles(sight, tuple(running), since is not None), **asked)
    for body, word, number, urgent, new, lines, sent in rows:
        pile = Pile(number, urgent, new, lines or 0, sent)
        if word is None:
            late[body] = pile
        else:
            found.setdefault(body, {})[word] = pile
    return Piles(found, late)


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
