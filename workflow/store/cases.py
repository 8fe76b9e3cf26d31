"""Questions to the store, named after what is asked."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    Table,
    bindparam,
    func,
    select,
    update,
)

from workflow.case.identity import in_normal_form, proof_of
from workflow.case.number import number_of
from workflow.store.chosen import permitted
from workflow.store.count_models import NumberRow
from workflow.store.dialect import among
from workflow.store.ledger import left_out
from workflow.store.models import AgencyRow, ApplicantRow, CaseRow, SettingRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit
from workflow.store.writing import CASE, WATCHED


def settings_of(unit: Unit, agency_ids: list[int], day: date) -> list[SettingRow]:
    """What the bodies chose until the day, the later choice after the earlier."""
    query = (
        select(SettingRow)
        .where(among(SettingRow.agency_id, agency_ids), SettingRow.holds_from <= day)
        .order_by(SettingRow.holds_from, SettingRow.id)
    )
    return permitted(unit.session.scalars(query), lambda row: row.name, lambda row: row.value)


def first_year(unit: Unit, row: CaseRow) -> int | None:
    """The first year in which a case's body gave numbers."""
    query = select(func.min(NumberRow.year)).where(NumberRow.agency_id == row.agency_id)
    return unit.session.scalar(query)


def bodies_with(unit: Unit, codes: Iterable[str], number: str) -> list[tuple[int, str, str]]:
    """Id of the case, code and name of those of the bodies that have a case of the number."""
    query = (
        select(CaseRow.id, AgencyRow.code, AgencyRow.name)
        .join(CaseRow, CaseRow.agency_id == AgencyRow.id)
        .where(AgencyRow.code.in_(list(codes)), CaseRow.number == number)
        .order_by(AgencyRow.id)
    )
    return [(case, code, name) for case, code, name in unit.session.execute(query)]


def fill_query_hashes(unit: Unit, keys: Secrets) -> int:
    """Give the cases of an older store the hash by which their applicants find them; how many got one.
    Those that have it stay."""
    lacking = select(CaseRow.id, CaseRow.number, CaseRow.code_salt, CaseRow.code_turn).where(
        CaseRow.query_hash.is_(None)
    )
    found = [
        {"case": id_, "hash": keys.query_hash(number, keys.query_code(salt, turn))}
        for id_, number, salt, turn in unit.session.execute(lacking)
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


def fill_name_hashes(unit: Unit, keys: Secrets) -> int:
    """Give the applicants of an older store the hash by which their names are found; how many got one. Those that have
    it stay; of a case whose file was destroyed no name is left."""
    table = ApplicantRow.__table__
    assert isinstance(table, Table)
    case = CaseRow.__table__.c
    lacking = (
        select(table.c.id, table.c.name)
        .join_from(table, CaseRow.__table__, case.id == table.c.case_id)
        .where(table.c.name_hash.is_(None), case.code_salt != "")
    )
    writing = (
        update(table).where(table.c.id == bindparam("person")).values(name_hash=bindparam("hash"))
    )
    found = [
        {"person": id_, "hash": keys.name_hash(name)} for id_, name in unit.session.execute(lacking)
    ]
    for first in range(0, len(found), BATCH):
        unit.connection.execute(writing, found[first : first + BATCH])
    return len(found)


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
            select(
                table.c.id,
                table.c.case_id,
                table.c.citizen,
                table.c.sealed,
                table.c.identity,
                CaseRow.code_salt,
            )
            .join(CaseRow, CaseRow.id == table.c.case_id)
            .where(table.c.id > last, table.c.sealed.is_not(None))
            .order_by(table.c.id)
            .limit(BATCH)
        )
        rows = unit.session.execute(query).all()
        if not rows:
            return changed
        last, new = rows[-1].id, []
        for row in rows:
            before = keys.open_private(row.sealed, row.code_salt, row.case_id)
            after = in_normal_form(before)
            proof = proof_of(after, citizen=row.citizen)
            hashed = keys.identity(proof) if proof else row.identity
            if (after, hashed) != (before, row.identity):
                changes = after != before
                sealed = keys.seal_private(after, row.code_salt) if changes else row.sealed
                new.append({"applicant": row.id, "now_sealed": sealed, "now_identity": hashed})
        if new:
            unit.session.connection().execute(writing, new)
        changed += len(new)


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
    """Numbers that were given and stand on no case: (code of the body, number). Those that a ledger left out
    which was taken over were never given."""
    never = left_out(unit)
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
        if not there[agency, year][place] and (agency, number_of(year, place)) not in never
    ]
