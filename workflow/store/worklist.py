"""Lists of cases: what is due first on top, page by page, each found by a range of an index; and those
that were found by words (workflow/store/search.py)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from workflow.dates import Days
from workflow.store.dialect import among
from workflow.store.models import ApplicantRow, CaseRow, EventRow
from workflow.store.prepared import Among
from workflow.store.unit import Unit
from workflow.store.wanted import APPLICANT as APPLICANT
from workflow.store.wanted import Own as Own
from workflow.store.wanted import Since as Since
from workflow.store.wanted import Wanted as Wanted
from workflow.store.wanted import one_of

PAGE = 50
FEW_BODIES = 20
"""Of so many bodies at most each is asked for its own first lines; of more all lines are put in order."""
KEPT_QUERIES = 500


@dataclass(frozen=True, slots=True)
class Key:
    """Where a case stands in the order. agency: the id of its body; own: among a person's own ones, where those
    come first."""

    due: date | None
    number: str
    agency: int
    own: bool = False


def count_cases(unit: Unit, bodies: Sequence[int], wanted: Wanted) -> int:
    """How many there are in these bodies."""
    if not bodies:
        return 0
    return unit.ask(_counting(tuple(bodies), wanted)).scalar() or 0


def tallies(unit: Unit, bodies: Sequence[int], wanted: Wanted, *parts: Wanted) -> tuple[int, ...]:
    """How many there are in these bodies, and how many of them are each of the parts besides."""
    if not bodies:
        return (0,) * (1 + len(parts))
    found = unit.ask(_tallying(tuple(bodies), wanted, parts)).one()
    return tuple(found)


@lru_cache(maxsize=KEPT_QUERIES)
def _tallying(
    bodies: tuple[int, ...], wanted: Wanted, parts: tuple[Wanted, ...]
) -> Select[*tuple[Any, ...]]:
    numbers = [func.count().filter(and_(true(), *part.clauses())) for part in parts]
    if wanted.waiting:  # their index holds both
        wanted = replace(wanted, on_the_way=("number", "state"))
    query = select(func.count(), *numbers).select_from(CaseRow)
    return query.where(one_of(CaseRow.agency_id, bodies), *wanted.clauses())


def due_on(unit: Unit, bodies: Sequence[int], wanted: Wanted) -> dict[date, int]:
    """How many of these cases are due on each day."""
    if not bodies:
        return {}
    query = select(CaseRow.next_due, func.count()).group_by(CaseRow.next_due)
    found = unit.ask(
        query.where(
            CaseRow.next_due.is_not(None),
            one_of(CaseRow.agency_id, tuple(bodies)),
            *wanted.clauses(),
        )
    )
    return {day: number for day, number in found}


def first_of_days(
    unit: Unit, bodies: Sequence[int], wanted: Wanted, days: Collection[date], most: int
) -> list[int]:
    """Ids of the first cases of each of these days (no more than a month), at most so many of a day."""
    if not bodies or not days:
        return []
    return list(unit.ask(_of_days(tuple(bodies), wanted, tuple(sorted(days)), most)).scalars())


@lru_cache(maxsize=KEPT_QUERIES)
def _of_days(
    bodies: tuple[int, ...], wanted: Wanted, days: tuple[date, ...], most: int
) -> Select[int]:
    """Each day is a range of an index."""
    columns = (CaseRow.id, CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
    # What is a person's own is found by its words, then put in order.
    number = CaseRow.number.concat("") if wanted.own else CaseRow.number
    each = [
        select(*columns)
        .where(one_of(CaseRow.agency_id, bodies), *_on(wanted, day).clauses())
        .order_by(number, CaseRow.agency_id)
        .limit(most)
        .subquery()
        for day in days
    ]
    found = union_all(*(select(one) for one in each)).subquery()
    return select(found.c.id).order_by(found.c.next_due, found.c.number, found.c.agency_id)


def _on(wanted: Wanted, day: date) -> Wanted:
    """Those of them that are due on the day; no applicant has let a day pass that is still to come."""
    own = wanted.own
    if own is not None and day >= own.today:
        own = replace(own, overdue=())
    return replace(wanted, due=Days(day, day), own=own)


@lru_cache(maxsize=KEPT_QUERIES)
def _counting(bodies: tuple[int, ...], wanted: Wanted) -> Select[int]:
    query = select(func.count()).select_from(CaseRow)
    return query.where(one_of(CaseRow.agency_id, bodies), *wanted.clauses())


def in_order(
    unit: Unit,
    bodies: Sequence[int],
    wanted: Wanted,
    *,
    limit: int,
    after: int = 0,
    beyond: Key | None = None,
    back: bool = False,
    own_first: Own | None = None,
) -> list[int]:
    """Ids of cases, what is due first on top, what waits without a day last; own_first: in this order those that
    wait for the person, then the others.

    after: how many to pass over. beyond: only what comes after this place; with back the last ones
    before it.
    """
    found: list[int] = []
    for part in _parts(tuple(bodies), wanted, beyond, back, own_first):
        if len(found) < limit and bodies:
            some = list(unit.ask(_query_of(part, limit - len(found), after)).scalars())
            if after and not some:
                after -= part.count(unit)
            elif some:
                after = 0
            found += some
    return found[::-1] if back else found


def _parts(
    bodies: tuple[int, ...],
    wanted: Wanted,
    beyond: Key | None,
    back: bool,
    own_first: Own | None,
) -> "list[_Part]":
    """The parts of the list in their order, from the one on in which the place lies."""
    if own_first is None:
        whose = [(False, wanted)]
    else:
        whose = [(True, replace(wanted, own=own_first)), (False, replace(wanted, others=own_first))]
    dated = (True,) if wanted.due_before or wanted.due else (True, False)
    parts = [
        ((own, has_day), _Part(bodies, some, has_day, None, back))
        for own, some in whose
        for has_day in dated
    ]
    if back:
        parts.reverse()
    if beyond is None:
        return [part for _, part in parts]
    here = (beyond.own and own_first is not None, beyond.due is not None)
    places = [place for place, _ in parts]
    if here not in places:  # an address that was not made here
        return [part for _, part in parts]
    at = places.index(here)
    return [replace(parts[at][1], beyond=beyond), *(part for _, part in parts[at + 1 :])]


@dataclass(frozen=True)
class _Part:
    """What has a due day, or what has none: each is a range of an index in its order."""

    bodies: tuple[int, ...]
    wanted: Wanted
    dated: bool
    beyond: Key | None
    back: bool

    def query(self, limit: int, after: int) -> Select[int]:
        order = [column.desc() if self.back else column for column in self._order()]
        if not 1 < len(self.bodies) <= FEW_BODIES:
            return self._of(self.bodies).order_by(*order).offset(after).limit(limit)
        columns = (CaseRow.id, CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
        each = union_all(
            *(
                select(
                    self._of([body])
                    .with_only_columns(*columns)
                    .order_by(*order)
                    .limit(limit + after)
                    .subquery()
                )
                for body in self.bodies
            )
        ).subquery()
        names = ("next_due", "number", "agency_id") if self.dated else ("number", "agency_id")
        merged = [each.c[name].desc() if self.back else each.c[name] for name in names]
        return select(each.c.id).order_by(*merged).offset(after).limit(limit)

    def count(self, unit: Unit) -> int:
        query = self._of(self.bodies).with_only_columns(func.count())
        return unit.ask(query).scalar() or 0

    def _of(self, bodies: Sequence[int]) -> Select[int]:
        # In the order of days a year is looked for on the way: most of a list is of few years.
        wanted = replace(self.wanted, on_the_way=("number",) if self.dated else ())
        query = select(CaseRow.id).where(one_of(CaseRow.agency_id, bodies), *wanted.clauses())
        due = CaseRow.next_due
        query = query.where(due.is_not(None) if self.dated else due.is_(None))
        at = self.beyond
        if at is None:
            return query
        if self.dated:
            here = tuple_(due, CaseRow.number, CaseRow.agency_id)
            there = tuple_(at.due, at.number, at.agency)
            reach = due <= at.due if self.back else due >= at.due
        else:
            here = tuple_(CaseRow.number, CaseRow.agency_id)
            there = tuple_(at.number, at.agency)
            reach = CaseRow.number <= at.number if self.back else CaseRow.number >= at.number
        # The plain comparison is the range of the index, the other one leaves out the place itself.
        return query.where(reach, here < there if self.back else here > there)

    def _order(self) -> list[Any]:
        number: Any = CaseRow.number
        if not self.dated and len(self.wanted.states) > 1:
            # Few wait without a day, many have ended: they are found by their states, then put in order.
            number = CaseRow.number.concat("")
        return [*([CaseRow.next_due] if self.dated else []), number, CaseRow.agency_id]


@lru_cache(maxsize=KEPT_QUERIES)
def _query_of(part: _Part, limit: int, after: int) -> Select[int]:
    """Somebody's list is asked for in the same words again and again."""
    return part.query(limit, after)


# -- those that were found ------------------------------------------------------------------------------------------


def of_these(
    unit: Unit, bodies: Sequence[int], wanted: Wanted, ids: Collection[int]
) -> list[tuple[int, Key]]:
    """Those of these cases that are wanted, in order, with their places."""
    if not bodies or not ids:
        return []
    query = (
        select(CaseRow.id, CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
        .where(among(CaseRow.id, ids), one_of(CaseRow.agency_id, bodies), *wanted.clauses())
        .order_by(CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
    )
    return [
        (row.id, Key(row.next_due, row.number, row.agency_id))
        for row in unit.session.execute(query)
    ]


# -- what a line says --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A case as far as a list says something of it. applicant: the first one, or who took their place."""

    id: int
    agency_id: int
    number: str
    kind: str
    request: str
    applicant: str
    applicants: int
    reply_due: date | None
    state: str
    next_due: date | None
    next_due_kind: str
    waiting_until: date | None
    opened_on: date
    assigned_to: str | None
    waits_for: str | None
    received_on: date | None
    closed_on: date | None
    outcome: str | None
    news: str | None
    news_at: datetime | None
    news_by: str | None
    uploaded_at: datetime | None


_case, _applicant, _event = CaseRow.__table__.c, ApplicantRow.__table__.c, EventRow.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NAMES = (
    select(_applicant.case_id, _applicant.name)
    .where(_applicant.case_id.in_(_IDS))
    .order_by(_applicant.position)
)
_LINES = select(
    _case.id, _case.agency_id, _case.number, _case.kind, _case.request, _case.applicant_now, _case.reply_due,
    _case.state, _case.next_due, _case.next_due_kind, _case.waiting_until, _case.opened_on,
    _case.assigned_to, _case.waits_for, _case.received_on, _case.closed_on, _case.outcome,
    _case.news, _case.news_at, _case.news_by, _case.uploaded_at,
).where(_case.id.in_(_IDS))  # fmt: skip


@lru_cache(maxsize=KEPT_QUERIES)
def _last(names: frozenset[str]) -> Among:
    """The names are those of a table of the law, the same again and again. Each log is read from its end."""
    last = (
        select(_event.event)
        .where(
            _event.case_id == _case.id, _event.event.in_([literal(name) for name in sorted(names)])
        )
        .order_by(_event.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return Among(lambda ids: select(_case.id, last).where(_case.id.in_(ids)))


def lines(unit: Unit, ids: Sequence[int]) -> list[Line]:
    """The lines of these cases, in this order."""
    if not ids:
        return []
    names: dict[int, list[str]] = {}
    for case_id, name in unit.ask(_NAMES, ids=ids):
        names.setdefault(case_id, []).append(name)
    rows = unit.ask(_LINES, ids=ids)
    found = {}
    for id_, agency, number, kind, request, now, *rest in rows:
        asking = names.get(id_, [""])
        found[id_] = Line(id_, agency, number, kind, request, now or asking[0], len(asking), *rest)
    return [found[id_] for id_ in ids]


def last_of(unit: Unit, case_ids: Collection[int], names: frozenset[str]) -> dict[int, str]:
    """The last of these events in the log of each case that has one."""
    found = _last(names).rows(unit.connection, case_ids)
    return {case_id: event for case_id, event in found if event is not None}


def lines_of(
    unit: Unit, case_ids: Collection[int], names: Collection[str]
) -> list[tuple[int, str, dict[str, Any]]]:
    """The lines of these events in the logs of these cases, in their order: id of the case, event, fields."""
    if not case_ids:
        return []
    query = (
        select(EventRow.case_id, EventRow.event, EventRow.fields)
        .where(EventRow.case_id.in_(case_ids), EventRow.event.in_(names))
        .order_by(EventRow.case_id, EventRow.seq)
    )
    return [(case_id, event, fields) for case_id, event, fields in unit.session.execute(query)]
