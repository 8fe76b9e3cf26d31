"""Questions to the store, named after what is asked."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
    union,
    update,
)
from sqlalchemy.orm import selectinload

from workflow.report.tables.tally import CountedCase, alike
from workflow.store.models import (
    TIED,
    AgencyRow,
    ApplicantRow,
    CaseRow,
    NumberRow,
    SettingRow,
    WatchedDayRow,
)
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit, counted_row

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these states and kinds, due before a day, with a text in number, request or name,
    of these numbers."""

    states: tuple[str, ...] = ()
    due_before: date | None = None
    text: str | None = None
    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def clauses(self, agency_ids: list[int]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [CaseRow.agency_id.in_(agency_ids)]
        if self.states:
            found.append(CaseRow.state.in_(self.states))
        if self.kinds:
            found.append(CaseRow.kind.in_(self.kinds))
        if self.numbers:
            found.append(CaseRow.number.in_(self.numbers))
        if self.due_before:
            found.append(CaseRow.next_due < self.due_before)
        if self.text:
            named = select(ApplicantRow.case_id).where(
                ApplicantRow.name.contains(self.text, autoescape=True)
            )
            found.append(
                or_(
                    CaseRow.number.contains(self.text, autoescape=True),
                    CaseRow.request.contains(self.text, autoescape=True),
                    CaseRow.id.in_(named),
                )
            )
        return found


def cases_by_urgency(
    unit: Unit,
    agency_ids: list[int],
    wanted: Wanted,
    *,
    after: int = 0,
    limit: int = PAGE,
    beyond: tuple[date | None, str, int] | None = None,
) -> list[CaseRow]:
    """The worklist: what is due first comes first, what waits without a date last.

    beyond: only what comes after this due day, number and id of the body.
    """
    query = select(CaseRow).where(*wanted.clauses(agency_ids))
    if beyond is not None:
        query = query.where(_comes_after(*beyond))
    query = query.options(selectinload(CaseRow.applicants))
    query = query.order_by(
        CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number, CaseRow.agency_id
    )
    return list(unit.session.scalars(query.offset(after).limit(limit)))


def _comes_after(due: date | None, number: str, agency_id: int) -> ColumnElement[bool]:
    later = or_(
        CaseRow.number > number, and_(CaseRow.number == number, CaseRow.agency_id > agency_id)
    )
    if due is None:
        return and_(CaseRow.next_due.is_(None), later)
    return or_(
        CaseRow.next_due.is_(None),
        CaseRow.next_due > due,
        and_(CaseRow.next_due == due, later),
    )


def count_cases(unit: Unit, agency_ids: list[int], wanted: Wanted) -> int:
    query = select(func.count(CaseRow.id)).where(*wanted.clauses(agency_ids))
    return unit.session.scalar(query) or 0


_COUNTED = (
    CaseRow.agency_id, CaseRow.number, CaseRow.kind, CaseRow.columns, CaseRow.received_on,
    CaseRow.closed_on, CaseRow.result_row, CaseRow.state, CaseRow.item_rows, CaseRow.joint_letter,
    CaseRow.merged_into, CaseRow.withdrawn_unaccepted, CaseRow.redo_of, CaseRow.proceedings,
)  # fmt: skip


def _in_table3(year: int) -> ColumnElement[bool]:
    return and_(
        CaseRow.received_on <= date(year, 12, 31),
        or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
    )


def _tied(agency_ids: list[int]) -> CompoundSelect[tuple[int]]:
    """The cases of any year that only count together with others (a redo, one letter for several) or
    stand in table 四, and those that they name."""
    named = (CaseRow.redo_of, CaseRow.joint_letter, CaseRow.merged_into)
    naming = (
        select(CaseRow.id, CaseRow.agency_id, *named)
        .where(
            CaseRow.agency_id.in_(agency_ids),
            text(f"({TIED})"),
        )
        .cte("naming")
    )
    known = and_(
        naming.c.agency_id == CaseRow.agency_id,
        CaseRow.number.in_([naming.c[column.key] for column in named]),
    )
    return union(select(naming.c.id), select(CaseRow.id).join(naming, known))


def cases_for_tables(
    unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]
) -> list[CountedCase]:
    """Every case that can stand in a table of the year or decides how another one counts, one by one."""
    query = (
        select(*_COUNTED)
        .where(
            CaseRow.agency_id == agency_id,
            or_(_in_table3(year), CaseRow.id.in_(_tied([agency_id]))),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [counted_row(row, row.state in void_states) for row in unit.session.execute(query)]


def groups_for_tables(
    unit: Unit, agency_ids: list[int], year: int, void_states: tuple[str, ...]
) -> dict[int, list[CountedCase]]:
    """The same for many bodies in two queries, by the id of the body: the cases that are tied to others
    one by one, all others in groups of alike ones."""
    found: dict[int, list[CountedCase]] = {}
    groups = _groups(unit, agency_ids, year, void_states)
    tied = (
        select(*_COUNTED)
        .where(CaseRow.id.in_(_tied(agency_ids)))
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    for row in unit.session.execute(tied):
        one = counted_row(row, row.state in void_states)
        found.setdefault(row.agency_id, []).append(one)
        if not one.void and _stands_in_table3(one, year):
            groups[row.agency_id][alike(one, year)] -= 1
    for body, counts in groups.items():
        found.setdefault(body, []).extend(
            replace(group, times=number) for group, number in counts.items() if number
        )
    return found


def _groups(
    unit: Unit, agency_ids: list[int], year: int, void_states: tuple[str, ...]
) -> dict[int, Counter[CountedCase]]:
    """How many cases of each body the tables of the year see alike, as `alike` says."""
    # Sorting is most of the work of grouping: few keys, short ones, and constants written out.
    last_year, this_year, later, unaccepted = (
        literal_column(str(2**bit), Integer) for bit in range(4)
    )
    nothing = literal_column("0", Integer)
    seen = (
        case((CaseRow.received_on < date(year, 1, 1), last_year), else_=nothing)
        + case(
            (CaseRow.closed_on.is_(None), nothing),
            (CaseRow.closed_on <= date(year, 12, 31), this_year),
            else_=later,
        )
        + case((CaseRow.withdrawn_unaccepted, unaccepted), else_=nothing)
    )
    keys: dict[str, ColumnElement[Any]] = {
        "seen": seen,
        "result": type_coerce(CaseRow.result_row, Text),
        "applicants": cast(CaseRow.columns, Text),
        "per_item": cast(CaseRow.item_rows, Text),
        "register": type_coerce(CaseRow.kind, Text),
        "body": type_coerce(CaseRow.agency_id, Integer),
    }
    query: Select[*tuple[Any, ...]] = (
        select(*(key.label(name) for name, key in keys.items()), func.count())
        .where(
            CaseRow.agency_id.in_(agency_ids),
            _in_table3(year),
            CaseRow.state.not_in(void_states),
        )
        .group_by(*keys)
    )
    found: dict[int, Counter[CountedCase]] = {}
    for bits, row, columns, items, kind, body, number in unit.session.execute(query):
        closed = year if bits & 2 else year + 1 if bits & 4 else None
        group = CountedCase(
            number="",
            kind=kind,
            columns=tuple(json.loads(columns)),
            received_on=date(year - 1 if bits & 1 else year, 1, 1),
            closed_on=date(closed, 1, 1) if closed else None,
            row=row,
            item_rows=tuple(json.loads(items)),
            withdrawn_unaccepted=bool(bits & 8),
        )
        found.setdefault(body, Counter())[group] += number
    return found


def _stands_in_table3(one: CountedCase, year: int) -> bool:
    """What `_in_table3` asks the store, of a case at hand."""
    received, closed = one.received_on, one.closed_on
    return (
        received is not None and received.year <= year and (closed is None or closed.year >= year)
    )


def settings_of(unit: Unit, agency_ids: list[int], day: date) -> list[SettingRow]:
    """What the bodies chose until the day, the later choice after the earlier."""
    query = (
        select(SettingRow)
        .where(SettingRow.agency_id.in_(agency_ids), SettingRow.holds_from <= day)
        .order_by(SettingRow.holds_from, SettingRow.id)
    )
    return list(unit.session.scalars(query))


def years_with_cases(unit: Unit, agency_id: int) -> list[int]:
    """The years from the first receipt to the last receipt or closing."""
    first, last_received, last_closed = unit.session.execute(
        select(
            func.min(CaseRow.received_on),
            func.max(CaseRow.received_on),
            func.max(CaseRow.closed_on),
        ).where(CaseRow.agency_id == agency_id)
    ).one()
    if first is None:
        return []
    return list(range(first.year, max(d.year for d in (last_received, last_closed) if d) + 1))


def same_applicant(one: CaseRow, other: CaseRow) -> bool:
    """True if the first-named applicants are the same person: by proof of identity where both gave
    one, else by name and kind."""
    first, second = one.applicants[0], other.applicants[0]
    if first.identity and second.identity:
        return first.identity == second.identity
    return (first.name, first.citizen) == (second.name, second.citizen)


def _same_person(person: ApplicantRow) -> ColumnElement[bool]:
    """What `same_applicant` asks of two rows, asked of the store."""
    if person.identity:
        return ApplicantRow.identity == person.identity
    return and_(ApplicantRow.name == person.name, ApplicantRow.citizen == person.citizen)


def by_same_applicant(unit: Unit, row: CaseRow) -> list[CaseRow]:
    """The other cases of a case's first applicant in the same body, the latest first."""
    query = (
        select(CaseRow)
        .join(ApplicantRow)
        .where(
            CaseRow.agency_id == row.agency_id,
            CaseRow.id != row.id,
            ApplicantRow.position == 0,
            _same_person(row.applicants[0]),
        )
        .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
    )
    return list(unit.session.scalars(query))


def received_earlier(
    unit: Unit, row: CaseRow, *, since: date, before: date, without_withdrawn: bool
) -> int:
    """How many units of the same applicant the body received from a day on and before this one (on the
    same day: those with a smaller number). An application is one, or as many as its fee notice split
    it into. Voided ones do not count, nor the redo of an earlier one: it is no new application."""
    found = 0
    for other in by_same_applicant(unit, row):
        if other.kind != "application" or other.redo_of or other.received_on is None:
            continue
        if other.state == "voided":
            continue
        if without_withdrawn and other.outcome == "withdrawn":
            continue
        earlier = (other.received_on, other.id) < (before, row.id)
        if since <= other.received_on and earlier:
            split = [line.fields.get("units") for line in other.log if line.event == "charge_fee"]
            found += next((number for number in split if number), 1)
    return found


def bodies_with(unit: Unit, codes: Iterable[str], number: str) -> list[tuple[str, str]]:
    """Code and name of those of the bodies that have a case of the number."""
    query = (
        select(AgencyRow.code, AgencyRow.name)
        .join(CaseRow, CaseRow.agency_id == AgencyRow.id)
        .where(AgencyRow.code.in_(list(codes)), CaseRow.number == number)
        .order_by(AgencyRow.id)
    )
    return [(code, name) for code, name in unit.session.execute(query)]


def fill_query_hashes(unit: Unit, keys: Secrets) -> int:
    """Give the cases of an older store the hash by which their applicants find them; how many got one.
    Those that have it stay."""
    lacking = select(CaseRow.id, CaseRow.number, CaseRow.code_salt).where(
        CaseRow.query_hash.is_(None)
    )
    found = [
        {"case": id_, "hash": keys.query_hash(number, keys.query_code(salt))}
        for id_, number, salt in unit.session.execute(lacking)
    ]
    table = CaseRow.__table__
    assert isinstance(table, Table)
    if found:
        unit.session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("case"))
            .values(query_hash=bindparam("hash")),
            found,
        )
    return len(found)


@dataclass(frozen=True, slots=True)
class Around:
    """Another case of the body. same_applicant: of the same first applicant; linked: it redoes the case
    in question or was merged into it."""

    id: int
    number: str
    request: str
    opened_on: date
    state: str
    outcome: str | None
    same_applicant: bool
    linked: bool


def around(unit: Unit, row: CaseRow) -> list[Around]:
    """The other cases of the same body that belong to a case, the latest first, in one query: those of
    its first applicant, and those that redo it or were merged into it."""
    same = select(ApplicantRow.case_id).where(
        ApplicantRow.position == 0, _same_person(row.applicants[0])
    )
    naming = or_(CaseRow.redo_of == row.number, CaseRow.merged_into == row.number)
    linked = select(CaseRow.id).where(CaseRow.agency_id == row.agency_id, text(f"({TIED})"), naming)
    query = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.request,
            CaseRow.opened_on,
            CaseRow.state,
            CaseRow.outcome,
            CaseRow.id.in_(same),
            func.coalesce(naming, false()),
        )
        .where(
            CaseRow.agency_id == row.agency_id,
            CaseRow.id != row.id,
            CaseRow.id.in_(union(same, linked)),
        )
        .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
    )
    return [Around(*found) for found in unit.session.execute(query)]


def every_case(unit: Unit) -> Iterator[CaseRow]:
    """All cases of the store with their logs, in batches."""
    query = (
        select(CaseRow)
        .options(
            selectinload(CaseRow.log),
            selectinload(CaseRow.applicants),
            selectinload(CaseRow.agency),
            selectinload(CaseRow.watched),
        )
        .order_by(CaseRow.id)
        .execution_options(yield_per=500)
    )
    yield from unit.session.scalars(query)


def watched_in_window(
    unit: Unit, agency_ids: list[int], kind: str, first: date, last: date
) -> list[tuple[int, str, date]]:
    """Body, number and day of the cases with a watched day of the kind from the first through the
    last. A range of the index: nothing else is read."""
    query = (
        select(WatchedDayRow.agency_id, CaseRow.number, WatchedDayRow.day)
        .join(CaseRow, CaseRow.id == WatchedDayRow.case_id)
        .where(
            WatchedDayRow.agency_id.in_(agency_ids),
            WatchedDayRow.kind == kind,
            WatchedDayRow.day.between(first, last),
        )
    )
    return [(body, number, day) for body, number, day in unit.session.execute(query)]


def missing_numbers(unit: Unit) -> list[tuple[str, str]]:
    """Numbers that were given and stand on no case: (code of the body, number)."""
    known = {
        (agency_id, number)
        for agency_id, number in unit.session.execute(select(CaseRow.agency_id, CaseRow.number))
    }
    given = unit.session.execute(
        select(NumberRow.agency_id, NumberRow.year, NumberRow.last, AgencyRow.code).join(
            AgencyRow, AgencyRow.id == NumberRow.agency_id
        )
    )
    return [
        (code, number)
        for agency_id, year, last, code in given
        for number in (f"{year}-{n:04d}" for n in range(1, last + 1))
        if (agency_id, number) not in known
    ]
