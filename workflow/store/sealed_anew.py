"""Sealing anew with the key in force, piece by piece: each of these is called in a transaction of its own, while cases are
handled (docs/decisions/0039)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, not_, select, tuple_, update
from sqlalchemy.orm import selectinload

from workflow.case.identity import proof_in_case
from workflow.store.account_models import AccountCaseRow
from workflow.store.key import NAME, Key, key_of
from workflow.store.keyed import ADDRESS, SALT, TABLES, Sealed, hashed_by, sealed_by
from workflow.store.models import CaseRow
from workflow.store.records import carry_identity, kept_sealed
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

After = tuple[Any, ...]
"""The key of the last row that was looked at; empty at the beginning."""


@dataclass(frozen=True)
class Done:
    """A piece of the work. last: the key of the last row looked at, None at the end; rows: how many were sealed anew;
    spoilt: how many did not open, and stay as they are."""

    last: After | None
    rows: int = 0
    spoilt: int = 0


CASES_TOGETHER = 50


def cases_anew(unit: Unit, keys: Secrets, after: After) -> Done:
    """What is private of the applicants of the next cases, and the hashes by which case and applicants are found. Whoever
    is known by one of these is known by the new one in all of their cases at once."""
    of_next = select(CaseRow.id).where(CaseRow.id > (after or (0,))[0]).order_by(CaseRow.id)
    ids = list(unit.session.scalars(of_next.limit(CASES_TOGETHER).with_for_update()))
    query = select(CaseRow).where(CaseRow.id.in_(ids)).options(selectinload(CaseRow.applicants))
    cases = list(unit.session.scalars(query.order_by(CaseRow.id)))
    rows = spoilt = 0
    with kept_sealed(unit, keys, cases):
        for case in cases:
            changed, closed = _case_anew(unit, keys, case)
            rows, spoilt = rows + changed, spoilt + closed
    unit.session.flush()
    return Done((ids[-1],) if ids else None, rows, spoilt)


def _case_anew(unit: Unit, keys: Secrets, case: CaseRow) -> tuple[bool, int]:
    """Whether something of the case was made anew, and of how many applicants what is sealed does not open."""
    now, closed = keys.now, 0
    changed = _opens_anew(unit, keys, now, case)
    for person in case.applicants:
        named = person.name_hash
        if named and not is_made_by(named, now) and keys.proves(NAME, person.name, named):
            person.name_hash, changed = now.name_hash(person.name), True
        fresh = person.sealed is None or is_latest(person.sealed, now)
        stale = person.identity is not None and not is_made_by(person.identity, now)
        if person.sealed is None or (fresh and not stale):
            continue
        try:
            private = keys.open_private(person.sealed, case.code_salt, case.id)
        except InvalidTag:
            closed += 1
            continue
        if not fresh:
            person.sealed = keys.seal_private(private, case.code_salt)
        proof = proof_in_case(private, citizen=person.citizen, salt=case.code_salt)
        if stale and proof and keys.proves("identity", proof, person.identity or ""):
            carry_identity(unit, keys, [person.identity or ""], now.identity(proof))
        changed = changed or not fresh or stale
    return changed, closed


def _opens_anew(unit: Unit, keys: Secrets, now: Key, case: CaseRow) -> bool:
    """The hash by which number and query code find the case; accounts that saw it go on seeing it."""
    before = case.query_hash
    if before is None or is_made_by(before, now):
        return False
    case.query_hash = now.query_hash(case.number, keys.query_code(case.code_salt, case.code_turn))
    unit.session.execute(
        update(AccountCaseRow)
        .where(AccountCaseRow.case_id == case.id, AccountCaseRow.opens == before)
        .values(opens=case.query_hash)
    )
    return True


def addresses_anew(unit: Unit, keys: Secrets, after: After) -> Done:
    """The hashes by which the addresses of the next accounts are found."""
    table = TABLES["account_address"]
    rows = _next(
        unit, table, list(table.columns), after, not_(hashed_by(table.c.hash, keys.now.number))
    )
    for row in rows:
        address = keys.open(row.sealed, f"account {row.account_id}")["address"]
        said = keys.digest(ADDRESS, f"{row.kind} {address.lower()}")
        _write(unit, table, row, {"hash": said})
    return Done(_last(table, rows), len(rows))


def rows_anew(one: Sealed, unit: Unit, keys: Secrets, after: After) -> Done:
    """What is sealed in the next rows of a column."""
    table, now = one.of, keys.now
    columns: list[ColumnElement[Any]] = list(table.primary_key)
    columns += [
        column for column in table.columns if column.name in one.place and column not in columns
    ]
    if "case_id" in table.c and table.c.case_id not in columns:
        columns.append(table.c.case_id)
    rest = and_(func.length(one.sealed) > 0, not_(sealed_by(one.sealed, now.number)))
    rows = _next(unit, table, [*columns, one.sealed.label("bytes")], after, rest, one.together)
    done = 0
    for row in rows:
        told = dict(row._mapping)
        for place in _places(one, told):
            try:
                content = keys.opened(one.purpose, row.bytes, place)
            except InvalidTag:
                continue
            new = keys.sealed(one.purpose, content, _places(one, told)[0])
            _write(unit, table, row, {one.column: new})
            done += 1
            break
    return Done(_last(table, rows), done, len(rows) - done)


def _places(one: Sealed, told: Mapping[str, Any]) -> list[str]:
    """To what it belongs; what an older version sealed may belong to the id of its case."""
    older = [f"case {told['case_id']}"] if one.place == SALT else []
    return [one.place.format(**told), *older]


def _next(
    unit: Unit,
    table: Table,
    columns: Sequence[ColumnElement[Any]],
    after: After,
    rest: ColumnElement[bool],
    together: int = 100,
) -> list[Row[Any]]:
    """The next rows, locked, with the salt and the id of their case where these are not their own."""
    key = list(table.primary_key)
    query: Select[Any] = select(*columns).select_from(table)
    if table.name in ("file_content", "file_text"):
        file = TABLES["file"]
        query = query.join(file, file.c.id == table.c.file_id).add_columns(file.c.case_id)
    elif "case_id" in table.c and table.c.case_id.foreign_keys and not table.c.case_id.nullable:
        case = TABLES["case"]
        query = query.join(case, case.c.id == table.c.case_id).add_columns(
            case.c.code_salt.label("salt")
        )
    query = query.where(rest).order_by(*key).limit(together).with_for_update(of=table)
    if after:
        query = query.where(tuple_(*key) > tuple_(*after))
    return list(unit.session.execute(query).all())


def _last(table: Table, rows: Sequence[Row[Any]]) -> After | None:
    return tuple(rows[-1]._mapping[column] for column in table.primary_key) if rows else None


def _write(unit: Unit, table: Table, row: Row[Any], values: Mapping[str, Any]) -> None:
    mine = [column == row._mapping[column] for column in table.primary_key]
    unit.session.execute(update(table).where(*mine).values(**values))


def is_latest(sealed: bytes, key: Key) -> bool:
    """True if this key sealed it, as far as it says itself."""
    return sealed.startswith(key.header) if key.header else key_of(sealed) is None


def is_made_by(kept: str, key: Key) -> bool:
    """True if this key made the keyed hash, as far as it says itself."""
    before, said, _ = kept.rpartition(":")
    return before + said == key.prefix
