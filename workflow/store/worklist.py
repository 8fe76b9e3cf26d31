"""Lists of cases: what is due first on top, page by page, each found by a range of an index; and the
search for a text among them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)

from workflow.store.dialect import contains
from workflow.store.models import OTHER_REGISTERS, ApplicantRow, CaseRow, EventRow
from workflow.store.unit import Unit

PAGE = 50
FEW_BODIES = 20
"""Of so many bodies at most each is asked for its own first lines; of more all lines are put in order."""
KEPT_QUERIES = 500
MOST_SEARCHED = 20_000
"""In so many cases at most a text is looked for, the latest numbers first."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a case stands in the order. agency: the id of its body."""

    due: date | None
    number: str
    agency: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these states and kinds, due before a day, of these numbers, among those of a query for
    ids. lent: bodies of which only those count that were transferred."""

    states: tuple[str, ...] = ()
    due_before: date | None = None
    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    lent: tuple[int, ...] = ()
    among: Select[int] | None = None

    def clauses(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.lent:
            found.append(or_(CaseRow.agency_id.not_in(self.lent), CaseRow.held_by.is_not(None)))
        if self.states:
            found.append(_one_of(CaseRow.state, self.states))
        if self.kinds:
            found.append(_one_of(CaseRow.kind, self.kinds))
            if "application" not in self.kinds:
                found.append(literal_column(f"({OTHER_REGISTERS})", Boolean))
        if self.numbers:
            found.append(_one_of(CaseRow.number, self.numbers))
        if self.among is not None:
            found.append(CaseRow.id.in_(self.among))
        if self.due_before:
            found.append(CaseRow.next_due < self.due_before)
        return found


def _one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def count_cases(unit: Unit, bodies: Sequence[int], wanted: Wanted) -> int:
    """How many there are in these bodies."""
    if not bodies:
        return 0
    return unit.ask(_counting(tuple(bodies), wanted)).scalar() or 0


@lru_cache(maxsize=KEPT_QUERIES)
def _counting(bodies: tuple[int, ...], wanted: Wanted) -> Select[int]:
    query = select(func.count()).select_from(CaseRow)
    return query.where(_one_of(CaseRow.agency_id, bodies), *wanted.clauses())


def in_order(
    unit: Unit,
    bodies: Sequence[int],
    wanted: Wanted,
    *,
    limit: int,
    after: int = 0,
    beyond: Key | None = None,
    back: bool = False,
) -> list[int]:
    """Ids of cases, what is due first on top, what waits without a day last.

    after: how many to pass over. beyond: only what comes after this place; with back the last ones
    before it.
    """
    found: list[int] = []
    for dated in (False, True) if back else (True, False):
        if len(found) < limit and bodies and _reaches(dated, wanted, beyond, back):
            part = _Part(tuple(bodies), wanted, dated, beyond, back)
            some = list(unit.ask(_query_of(part, limit - len(found), after)).scalars())
            if after and not some:
                after -= part.count(unit)
            elif some:
                after = 0
            found += some
    return found[::-1] if back else found


def _reaches(dated: bool, wanted: Wanted, beyond: Key | None, back: bool) -> bool:
    """Whether there can be something in that part of the list."""
    if not dated and wanted.due_before is not None:
        return False
    if beyond is None:
        return True
    return dated is (beyond.due is not None) or dated is back


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
        query = select(CaseRow.id).where(_one_of(CaseRow.agency_id, bodies), *self.wanted.clauses())
        due = CaseRow.next_due
        query = query.where(due.is_not(None) if self.dated else due.is_(None))
        at = self.beyond
        if at is None or (at.due is not None) is not self.dated:
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


# -- a text ------------------------------------------------------------------------------------------


def matching(
    unit: Unit, bodies: Sequence[int], wanted: Wanted, words: str, unnamed: Sequence[int] = ()
) -> tuple[list[tuple[int, Key]], bool]:
    """The cases in which a text stands (number, request, names), in order, with their places; and True if
    there were too many to look at all: then it was looked for in the latest, and as a whole name in all.
    unnamed: bodies whose cases are not looked for by names."""
    if not bodies:
        return [], False
    here = _one_of(CaseRow.agency_id, bodies)
    many = count_cases(unit, bodies, wanted) > MOST_SEARCHED
    named: ColumnElement[bool] = or_(
        contains(CaseRow.applicant_now, words),
        exists().where(ApplicantRow.case_id == CaseRow.id, contains(ApplicantRow.name, words)),
    )
    if unnamed:
        named = and_(CaseRow.agency_id.not_in(unnamed), named)
    stands = or_(contains(CaseRow.number, words), contains(CaseRow.request, words), named)
    if many:
        latest = select(CaseRow.id).where(here, *wanted.clauses())
        latest = latest.order_by(CaseRow.number.desc()).limit(MOST_SEARCHED)
        by_name = select(ApplicantRow.case_id).where(ApplicantRow.name == words)
        in_names: ColumnElement[bool] = CaseRow.id.in_(by_name)
        if unnamed:
            in_names = and_(CaseRow.agency_id.not_in(unnamed), in_names)
        stands = or_(and_(CaseRow.id.in_(latest), stands), in_names)
    query = (
        select(CaseRow.id, CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
        .where(here, *wanted.clauses(), stands)
        .order_by(CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number, CaseRow.agency_id)
    )
    found = [
        (row.id, Key(row.next_due, row.number, row.agency_id))
        for row in unit.session.execute(query)
    ]
    return found, many


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
).where(_case.id.in_(_IDS))  # fmt: skip


def _last() -> Select[*tuple[Any, ...]]:
    last = (
        select(_event.case_id, func.max(_event.seq).label("seq"))
        .where(_event.case_id.in_(_IDS), _event.event.in_(bindparam("names", expanding=True)))
        .group_by(_event.case_id)
        .subquery()
    )
    here = and_(_event.case_id == last.c.case_id, _event.seq == last.c.seq)
    return select(_event.case_id, _event.event).join_from(EventRow.__table__, last, here)


_LAST = _last()


def lines(unit: Unit, ids: Sequence[int]) -> list[Line]:
    """The lines of these cases, in this order."""
    if not ids:
        return []
    names: dict[int, list[str]] = {}
    for case, name in unit.ask(_NAMES, ids=ids):
        names.setdefault(case, []).append(name)
    rows = unit.ask(_LINES, ids=ids)
    found = {}
    for id_, agency, number, kind, request, now, *rest in rows:
        asking = names.get(id_, [""])
        found[id_] = Line(id_, agency, number, kind, request, now or asking[0], len(asking), *rest)
    return [found[id_] for id_ in ids]


def last_of(unit: Unit, case_ids: Collection[int], names: Collection[str]) -> dict[int, str]:
    """The last of these events in the log of each case that has one."""
    if not case_ids:
        return {}
    found = unit.ask(_LAST, ids=list(case_ids), names=list(names))
    return {case: event for case, event in found}


def lines_of(
    unit: Unit, case_ids: Collection[int], names: Collection[str]
) -> list[tuple[int, str, dict[str, Any]]]:
    """The lines of these events in the logs of these cases, in their order: id of the case, event, fields."""
    query = (
        select(EventRow.case_id, EventRow.event, EventRow.fields)
        .where(EventRow.case_id.in_(case_ids), EventRow.event.in_(names))
        .order_by(EventRow.case_id, EventRow.seq)
    )
    if not case_ids:
        return []
    return [(case, event, fields) for case, event, fields in unit.session.execute(query)]
