"""The numbers that bodies give in a year: counted up, and sealed so that no count is set back (decision 37)."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from workflow.case.number import LARGEST_COUNT, number_of, order_of
from workflow.refusal import BadInput
from workflow.store.dialect import insert_new, insert_or_add
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.models import Base
from workflow.store.prepared import Prepared
from workflow.store.sealed import Secrets
from workflow.store.seals import COUNTER, COUNTERS, counter_said, counters_said, holds

_tables = Base.metadata.tables
NUMBER: Table = _tables["number"]
_AGENCY: Table = _tables["agency"]
_CASE: Table = _tables["case"]
_STAMP: Table = _tables["stamp"]
_LEDGER: Table = _tables[LedgerImportRow.__tablename__]

_SEAL = Prepared(
    update(NUMBER).where(
        NUMBER.c.agency_id == bindparam("of_agency"), NUMBER.c.year == bindparam("of_year")
    ),
    "seal",
)
_COUNTED = (
    select(NUMBER.c.agency_id, _AGENCY.c.code, NUMBER.c.year, NUMBER.c.last, NUMBER.c.seal)
    .join(_AGENCY, _AGENCY.c.id == NUMBER.c.agency_id)
    .order_by(_AGENCY.c.code, NUMBER.c.year)
)
_GAPS = (
    select(_AGENCY.c.code, _LEDGER.c.gaps)
    .join(_AGENCY, _AGENCY.c.id == _LEDGER.c.agency_id)
    .where(_LEDGER.c.created > 0)
)
_KEPT = select(_STAMP.c.value).where(_STAMP.c.name == COUNTERS)


@cache
def _number(dialect: str) -> Prepared:
    counted = insert_or_add(dialect, NUMBER, "last", ("agency_id", "year"))
    return Prepared(counted.returning(NUMBER.c.last), "agency_id", "year", "last")


def count_numbers(
    connection: Connection, agency_id: int, code: str, year: int, count: int, keys: Secrets
) -> int:
    """So many more numbers of a body and year are given; the last of them. In one step: whoever wants the
    next one waits until this transaction has ended."""
    values = {"agency_id": agency_id, "year": year, "last": count}
    last: int = _number(connection.dialect.name).rows(connection, values)[0][0]
    seal_counter(connection, agency_id, code, year, last, keys)
    if last == count:
        seal_counters(connection, keys)
    return last


def seal_counter(
    connection: Connection, agency_id: int, code: str, year: int, last: int, keys: Secrets
) -> None:
    """Seal how many numbers a body has given in a year; its row is there."""
    seal = keys.digest(COUNTER, counter_said(code, year, last))
    _SEAL.run(connection, {"seal": seal, "of_agency": agency_id, "of_year": year})


def seal_counters(connection: Connection, keys: Secrets) -> None:
    """Seal which bodies have counted in which years, and what ledgers left out: to be called when the first number of a
    body and year was given, or a ledger was taken over. One after the other: who comes second sees what the first did."""
    connection.execute(insert_new(connection, _STAMP, ("name",)), {"name": COUNTERS, "value": ""})
    connection.execute(_KEPT.with_for_update()).all()
    seal = keys.digest(COUNTERS, _said(connection))
    connection.execute(update(_STAMP).where(_STAMP.c.name == COUNTERS).values(value=seal))


def seal_every_counter(connection: Connection, keys: Secrets) -> None:
    """The same for all that there are: of an older store, or written in bulk."""
    for agency_id, code, year, last, _ in connection.execute(_COUNTED).all():
        seal_counter(connection, agency_id, code, year, last, keys)
    seal_counters(connection, keys)


def _said(connection: Connection) -> str:
    counters = [(code, year) for _, code, year, _, _ in connection.execute(_COUNTED)]
    gaps = [(code, *gap) for code, found in connection.execute(_GAPS) for gap in found]
    return counters_said(counters, gaps)


def broken_counters(connection: Connection, keys: Secrets) -> list[tuple[str, str, str]]:
    """What of the counts is not what the program wrote: code of the body, year, what."""
    found = []
    largest = _largest(connection.execute(select(_CASE.c.agency_id, _CASE.c.number)))
    counted = connection.execute(_COUNTED).all()
    for agency_id, code, year, last, seal in counted:
        if not holds(keys, COUNTER, counter_said(code, year, last), seal):
            found.append((code, str(year), "编号的计数与密钥校验值不符"))
        elif largest.get((agency_id, year), 0) > last:
            found.append((code, str(year), "编号的计数小于已有的编号"))
    there = {(agency_id, year) for agency_id, _, year, _, _ in counted}
    codes = {id_: code for id_, code in connection.execute(select(_AGENCY.c.id, _AGENCY.c.code))}
    found += [
        (codes.get(agency_id, "？"), str(year), "有这一年的申请，却没有编号的计数")
        for agency_id, year in sorted(largest.keys() - there)
    ]
    kept = connection.scalar(_KEPT)
    if (kept is not None or counted) and not holds(keys, COUNTERS, _said(connection), kept):
        found.append(("编号", "计数", "有机关或者年度的编号计数被删去、加入，或者台账的缺号被改动"))
    return found


def _largest(rows: Iterable[Any]) -> dict[tuple[int, int], int]:
    """The largest number of each body and year that a case has; those that are none of ours are left out."""
    found: dict[tuple[int, int], int] = {}
    for agency_id, number in rows:
        try:
            year, count = order_of(number)
        except (BadInput, ValueError, TypeError, AttributeError):
            continue
        if count <= LARGEST_COUNT and number == number_of(year, count):
            found[agency_id, year] = max(count, found.get((agency_id, year), 0))
    return found
