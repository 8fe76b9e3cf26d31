"""The register of parcels as the store asks it: by year, by what is still open, by tracking number."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from workflow.case.destroyed import without_words
from workflow.store.dialect_index import Indexed
from workflow.store.indexed import parcel_terms
from workflow.store.models import CaseRow
from workflow.store.parcel_models import ParcelRow
from workflow.store.sealed import Secrets
from workflow.store.sight import ALL, Sight, of_seen
from workflow.store.unit import Unit

FOUND_BY = {
    "sender": "寄件人", "addressed_to": "信封写给", "signed_by": "签收人", "handed_to": "移交给", "words": "说明",
}  # fmt: skip
"""What of an entry lies sealed and is searched, with what it is called."""


def said_in(keys: Secrets, row: ParcelRow) -> dict[str, str]:
    """The texts of an entry, by what each is called."""
    said = keys.open(row.sealed, f"parcel {row.id}")
    found = {label: str(said.get(name) or "") for name, label in FOUND_BY.items()}
    return {"邮件号": row.tracking or "", **found}


def terms_of(keys: Secrets, row: ParcelRow) -> list[Indexed]:
    """By what an entry is found."""
    number, *texts = said_in(keys, row).values()
    return parcel_terms(keys, row.agency_id, row.id, number, texts)


def unindex(unit: Unit, keys: Secrets, row: ParcelRow) -> None:
    """Take an entry out of the index, by whatever key it stands there."""
    for key in keys.each():
        number, *texts = said_in(keys, row).values()
        unit.unindex(*parcel_terms(key, row.agency_id, row.id, number, texts))


def destroy(keys: Secrets, row: ParcelRow) -> None:
    """Names and words of an entry go with the file of its case; days, kind and number of the parcel stay."""
    bound = f"parcel {row.id}"
    row.sealed = keys.seal(without_words("parcel", keys.open(row.sealed, bound)), bound)


def these(
    unit: Unit, ids: Collection[int], sight: Sight = ALL
) -> list[tuple[ParcelRow, str | None]]:
    """These entries, the latest first, each with the number of its case, if it became one. sight: of the cases."""
    which = [ParcelRow.id.in_(ids), *of_seen(sight, ParcelRow.case_id)]
    return _rows(unit, which, 0, None, ParcelRow.id.desc()) if ids else []


def next_entry(unit: Unit, agency_id: int, year: int) -> int:
    """The next number of the body's register. Of two at once one finds it taken and begins again."""
    last = unit.session.scalar(
        select(func.max(ParcelRow.entry)).where(
            ParcelRow.agency_id == agency_id, ParcelRow.year == year
        )
    )
    return (last or 0) + 1


def with_tracking(unit: Unit, agency_id: int, tracking: str) -> ParcelRow | None:
    """The body's parcel of that tracking number."""
    query = select(ParcelRow).where(
        ParcelRow.agency_id == agency_id, ParcelRow.tracking == tracking
    )
    return unit.session.scalar(query.with_for_update())


def at_hand(unit: Unit, number: int) -> ParcelRow | None:
    """The entry, for whoever changes it: nobody else does until this transaction has ended."""
    return unit.session.get(ParcelRow, number, with_for_update=True, populate_existing=True)


def made_by(unit: Unit, once: str) -> ParcelRow | None:
    """The entry that a form has made already."""
    return unit.session.scalar(select(ParcelRow).where(ParcelRow.once == once))


def years_of(unit: Unit, agency_id: int) -> list[int]:
    """The years in which the body has entries, the latest first."""
    query = select(ParcelRow.year).where(ParcelRow.agency_id == agency_id).distinct()
    return sorted(unit.session.scalars(query), reverse=True)


def count(unit: Unit, agency_id: int, year: int, sight: Sight = ALL) -> int:
    """How many entries the year has. sight: of the cases that they became."""
    query = select(func.count(ParcelRow.id)).where(
        ParcelRow.agency_id == agency_id,
        ParcelRow.year == year,
        *of_seen(sight, ParcelRow.case_id),
    )
    return unit.session.scalar(query) or 0


def of_year(
    unit: Unit,
    agency_id: int,
    year: int,
    *,
    offset: int = 0,
    limit: int | None = None,
    sight: Sight = ALL,
) -> list[tuple[ParcelRow, str | None]]:
    """The entries of a year, the latest first, each with the number of its case, if it became one. sight: of those."""
    which = [ParcelRow.agency_id == agency_id, ParcelRow.year == year]
    return _rows(unit, [*which, *of_seen(sight, ParcelRow.case_id)], offset, limit)


def open_of(unit: Unit, agency_id: int, limit: int) -> list[ParcelRow]:
    """What nobody has registered or put aside yet, the longest waiting first."""
    query = (
        select(ParcelRow)
        .where(ParcelRow.agency_id == agency_id, ParcelRow.settled.is_(None))
        .order_by(ParcelRow.arrived_on, ParcelRow.id)
        .limit(limit)
    )
    return list(unit.session.scalars(query))


def count_open(unit: Unit, agency_id: int) -> int:
    """How many of them there are."""
    query = select(func.count(ParcelRow.id)).where(
        ParcelRow.agency_id == agency_id, ParcelRow.settled.is_(None)
    )
    return unit.session.scalar(query) or 0


def of_case(unit: Unit, case_id: int) -> list[ParcelRow]:
    """The parcels that became the case, in their order."""
    query = select(ParcelRow).where(ParcelRow.case_id == case_id).order_by(ParcelRow.id)
    return list(unit.session.scalars(query))


def one(unit: Unit, number: int) -> tuple[ParcelRow, str | None] | None:
    """An entry with the number of its case."""
    found = _rows(unit, [ParcelRow.id == number], 0, 1)
    return found[0] if found else None


def open_everywhere(unit: Unit) -> dict[int, list[tuple[str, str, date]]]:
    """What is open in each body, by its id: how it is named, its way, the day on which it came."""
    query = (
        select(ParcelRow)
        .where(ParcelRow.settled.is_(None))
        .order_by(ParcelRow.agency_id, ParcelRow.arrived_on, ParcelRow.id)
    )
    found: dict[int, list[tuple[str, str, date]]] = {}
    for row in unit.session.scalars(query):
        found.setdefault(row.agency_id, []).append((row.label, row.way, row.arrived_on))
    return found


def _rows(
    unit: Unit,
    which: Iterable[ColumnElement[bool]],
    offset: int,
    limit: int | None,
    order: ColumnElement[Any] | None = None,
) -> list[tuple[ParcelRow, str | None]]:
    query = (
        select(ParcelRow, CaseRow.number)
        .outerjoin(CaseRow, CaseRow.id == ParcelRow.case_id)
        .where(*which)
        .order_by(ParcelRow.entry.desc() if order is None else order)
        .offset(offset)
        .limit(limit)
    )
    return [(row, number) for row, number in unit.session.execute(query)]
