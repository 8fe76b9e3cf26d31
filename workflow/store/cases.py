"""Questions to the store, named after what is asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.orm import selectinload

from workflow.case.identity import in_normal_form, proof_of
from workflow.case.number import number_of
from workflow.case.others import FirstNamed, OtherRequest
from workflow.store.models import (
    TIED,
    AgencyRow,
    ApplicantRow,
    CaseRow,
    EventRow,
    NumberRow,
    SettingRow,
)
from workflow.store.persons import one_person
from workflow.store.restored import Entry, entries_that_hold
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit
from workflow.store.writing import CASE, WATCHED

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these states and kinds, due before a day, with a text in number, request or name,
    of these numbers. lent: bodies of which only those count that were transferred."""

    states: tuple[str, ...] = ()
    due_before: date | None = None
    text: str | None = None
    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    lent: tuple[int, ...] = ()

    def clauses(self, agency_ids: list[int]) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [CaseRow.agency_id.in_(agency_ids)]
        if self.lent:
            found.append(or_(CaseRow.agency_id.not_in(self.lent), CaseRow.held_by.is_not(None)))
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
                    CaseRow.applicant_now.contains(self.text, autoescape=True),
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


def lines_of(
    unit: Unit, case_ids: list[int], names: Collection[str]
) -> list[tuple[int, str, dict[str, Any]]]:
    """The lines of these events in the logs of these cases, in their order: id of the case, event, fields."""
    query = (
        select(EventRow.case_id, EventRow.event, EventRow.fields)
        .where(EventRow.case_id.in_(case_ids), EventRow.event.in_(names))
        .order_by(EventRow.case_id, EventRow.seq)
    )
    return [(case_id, event, fields) for case_id, event, fields in unit.session.execute(query)]


def count_cases(unit: Unit, agency_ids: list[int], wanted: Wanted) -> int:
    query = select(func.count(CaseRow.id)).where(*wanted.clauses(agency_ids))
    return unit.session.scalar(query) or 0


def settings_of(unit: Unit, agency_ids: list[int], day: date) -> list[SettingRow]:
    """What the bodies chose until the day, the later choice after the earlier."""
    query = (
        select(SettingRow)
        .where(SettingRow.agency_id.in_(agency_ids), SettingRow.holds_from <= day)
        .order_by(SettingRow.holds_from, SettingRow.id)
    )
    return list(unit.session.scalars(query))


def requests_beside(unit: Unit, row: CaseRow) -> list[OtherRequest]:
    """The other cases of a case's first applicant in the same body, the latest first, with the units
    that their fee notices split them into."""
    rows = unit.session.execute(
        select(
            CaseRow.id, ApplicantRow.name, ApplicantRow.citizen, ApplicantRow.identity,
            CaseRow.kind, CaseRow.state, CaseRow.received_on, CaseRow.outcome, CaseRow.redo_of,
        )
        .join(ApplicantRow)
        .where(
            CaseRow.agency_id == row.agency_id,
            CaseRow.id != row.id,
            ApplicantRow.position == 0,
            one_person(unit, row),
        )
        .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
    ).all()  # fmt: skip
    logs: dict[int, list[Entry]] = {}
    for case, *line in unit.session.execute(
        select(EventRow.case_id, EventRow.seq, EventRow.event, EventRow.on, EventRow.fields)
        .where(
            EventRow.case_id.in_([id_ for id_, *_ in rows]),
            EventRow.event.in_(("charge_fee", "correct_entry")),
        )
        .order_by(EventRow.seq)
    ):
        logs.setdefault(case, []).append(Entry(*line))
    notices = [(case, one.fields) for case, log in logs.items() for one in entries_that_hold(log)]
    units = {case: fields["units"] for case, fields in reversed(notices) if fields.get("units")}
    return [
        OtherRequest(
            id_, FirstNamed(name, citizen, identity), kind, state, received, outcome, redo_of,
            units.get(id_),
        )
        for id_, name, citizen, identity, kind, state, received, outcome, redo_of in rows
    ]  # fmt: skip


def redone(unit: Unit, row: CaseRow) -> bool:
    """True if another case of the body answers this one anew; a supplement or a slip put right leaves the
    first answer standing."""
    query = select(CaseRow.id).where(
        CaseRow.agency_id == row.agency_id,
        text(f"({TIED})"),
        CaseRow.redo_of == row.number,
        or_(CaseRow.redo_mode.is_(None), CaseRow.redo_mode == "replace"),
    )
    return unit.session.scalar(query.limit(1)) is not None


def first_year(unit: Unit, row: CaseRow) -> int | None:
    """The first year in which a case's body gave numbers."""
    query = select(func.min(NumberRow.year)).where(NumberRow.agency_id == row.agency_id)
    return unit.session.scalar(query)


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


BATCH = 1000


def normalise_identities(unit: Unit, keys: Secrets) -> int:
    """Bring what is sealed of the applicants of an older store to the normal form of its numbers, and the
    keyed hash of each proof of identity with it; how many applicants changed. No log names either."""
    table, changed, last = ApplicantRow.__table__, 0, 0
    assert isinstance(table, Table)
    writing = (
        update(table)
        .where(table.c.id == bindparam("applicant"))
        .values(sealed=bindparam("now_sealed"), identity=bindparam("now_identity"))
    )
    while True:
        query = (
            select(table.c.id, table.c.case_id, table.c.citizen, table.c.sealed, table.c.identity)
            .where(table.c.id > last, table.c.sealed.is_not(None))
            .order_by(table.c.id)
            .limit(BATCH)
        )
        rows = unit.session.execute(query).all()
        if not rows:
            return changed
        last, new = rows[-1].id, []
        for row in rows:
            place = f"case {row.case_id}"
            before = keys.open(row.sealed, place)
            after = in_normal_form(before)
            proof = proof_of(after, citizen=row.citizen)
            hashed = keys.identity(proof) if proof else row.identity
            if (after, hashed) != (before, row.identity):
                sealed = keys.seal(after, place) if after != before else row.sealed
                new.append({"applicant": row.id, "now_sealed": sealed, "now_identity": hashed})
        if new:
            unit.session.connection().execute(writing, new)
        changed += len(new)


@dataclass(frozen=True, slots=True)
class Around:
    """Another case of the body. same_applicant: of the same first applicant; linked: it redoes the case
    in question or was merged into it; redoes: the former."""

    id: int
    number: str
    request: str
    opened_on: date
    state: str
    outcome: str | None
    same_applicant: bool
    linked: bool
    items: list[str]
    redoes: bool


def around(unit: Unit, row: CaseRow) -> list[Around]:
    """The other cases of the same body that belong to a case, the latest first, in one query: those of
    its first applicant, and those that redo it or were merged into it."""
    same = select(ApplicantRow.case_id).where(ApplicantRow.position == 0, one_person(unit, row))
    naming = or_(CaseRow.redo_of == row.number, CaseRow.merged_into == row.number)
    linked = select(CaseRow.id).where(CaseRow.agency_id == row.agency_id, text(f"({TIED})"), naming)
    query: Select[*tuple[Any, ...]] = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.request,
            CaseRow.opened_on,
            CaseRow.state,
            CaseRow.outcome,
            CaseRow.id.in_(same),
            func.coalesce(naming, false()),
            CaseRow.items,
            func.coalesce(CaseRow.redo_of == row.number, false()),
        )
        .where(
            CaseRow.agency_id == row.agency_id,
            CaseRow.id != row.id,
            CaseRow.id.in_(union(same, linked)),
        )
        .order_by(CaseRow.opened_on.desc(), CaseRow.id.desc())
    )
    return [Around(*found) for found in unit.session.execute(query)]


def redoes_of(unit: Unit, row: CaseRow) -> list[CaseRow]:
    """The cases that answer a case anew, the first one first."""
    query = select(CaseRow).where(
        CaseRow.agency_id == row.agency_id, text(f"({TIED})"), CaseRow.redo_of == row.number
    )
    return list(unit.session.scalars(query.order_by(CaseRow.id)))


_WINDOW = (
    select(WATCHED.c.agency_id, CASE.c.number, WATCHED.c.day)
    .join(CASE, CASE.c.id == WATCHED.c.case_id)
    .where(
        WATCHED.c.agency_id.in_(bindparam("bodies", expanding=True)),
        WATCHED.c.kind == bindparam("kind"),
        WATCHED.c.day.between(bindparam("first"), bindparam("last")),
    )
)


def watched_in_window(
    unit: Unit, agency_ids: list[int], kind: str, first: date, last: date
) -> list[tuple[int, str, date]]:
    """Body, number and day of the cases with a watched day of the kind from the first through the
    last. A range of the index, which alone says which cases: nothing else is read."""
    asked = {"bodies": agency_ids, "kind": kind, "first": first, "last": last}
    rows = unit.session.connection().execute(_WINDOW, asked)
    return [(body, number, day) for body, number, day in rows]


def missing_numbers(unit: Unit) -> list[tuple[str, str]]:
    """Numbers that were given and stand on no case: (code of the body, number)."""
    given = unit.session.execute(
        select(NumberRow.agency_id, NumberRow.year, NumberRow.last, AgencyRow.code)
        .join(AgencyRow, AgencyRow.id == NumberRow.agency_id)
        .order_by(NumberRow.agency_id, NumberRow.year)
    ).all()
    there = {(agency, year): bytearray(last + 1) for agency, year, last, _ in given}
    cases = select(CaseRow.agency_id, CaseRow.number).execution_options(yield_per=5000)
    for agency, number in unit.session.execute(cases):
        year, _, place = number.partition("-")
        if not (year.isdecimal() and place.isdecimal()):
            continue
        seen = there.get((agency, int(year)))
        if seen and int(place) < len(seen) and number == number_of(int(year), int(place)):
            seen[int(place)] = 1
    return [
        (code, number_of(year, place))
        for agency, year, last, code in given
        for place in range(1, last + 1)
        if not there[agency, year][place]
    ]
