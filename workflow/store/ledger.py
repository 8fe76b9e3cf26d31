"""What is asked of the store for ledgers: which numbers are there, the cases of a year with their logs, and
what was taken in before."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import joinedload, selectinload

from workflow.store.count_models import NumberRow
from workflow.store.counters import seal_counter
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.letter_models import LetterNumberRow
from workflow.store.models import TIED, AgencyRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

BATCH = 500
"""Cases that are read at once."""


# -- in -----------------------------------------------------------------------------------------------


def numbers_there(unit: Unit, agency_id: int, numbers: Collection[str]) -> set[str]:
    """Which of the numbers the body has given already."""
    found: set[str] = set()
    wanted = sorted(numbers)
    for first in range(0, len(wanted), BATCH):
        query = select(CaseRow.number).where(
            CaseRow.agency_id == agency_id, CaseRow.number.in_(wanted[first : first + BATCH])
        )
        found.update(unit.session.scalars(query))
    return found


def count_up_to(unit: Unit, agency: AgencyRow, year: int, last: int, keys: Secrets) -> int:
    """The next number of the body and year comes after this one; the last one so far, 0 for none. Which counts there are
    is sealed by who calls, when all of them are written (`seal_counters`)."""
    query = select(NumberRow).where(NumberRow.agency_id == agency.id, NumberRow.year == year)
    row = unit.session.scalar(query.with_for_update())
    before = row.last if row is not None else 0
    if row is None:
        unit.session.add(NumberRow(agency_id=agency.id, year=year, last=last))
    elif last > before:
        row.last = last
    unit.session.flush()
    seal_counter(unit.connection, agency.id, agency.code, year, max(last, before), keys)
    return before


def left_out(unit: Unit) -> set[tuple[int, str]]:
    """Body and number of what no ledger that was taken in had (workflow.case.number)."""
    query = select(LedgerImportRow.agency_id, LedgerImportRow.gaps).where(
        LedgerImportRow.created > 0
    )
    return {
        (agency_id, f"{year}-{count:04d}")
        for agency_id, gaps in unit.session.execute(query)
        for year, first, last in gaps
        for count in range(first, last + 1)
    }


def platform_key(platform: str) -> str:
    """What stands in place of the hash of a ledger's heads where a platform hands its cases over one by one."""
    return hashlib.sha256(f"platform\n{platform}".encode()).hexdigest()


def of_platform(unit: Unit, agency_id: int, platform: str) -> LedgerImportRow | None:
    """The entry that counts what a platform handed over to the body."""
    query = select(LedgerImportRow).where(
        LedgerImportRow.agency_id == agency_id, LedgerImportRow.heads == platform_key(platform)
    )
    return unit.session.scalar(query.with_for_update())


def ledger_import(unit: Unit, which: int, *, lock: bool = False) -> LedgerImportRow | None:
    """One ledger that is or was taken in."""
    query = select(LedgerImportRow).where(LedgerImportRow.id == which)
    return unit.session.scalar(query.with_for_update() if lock else query)


def imports_of(unit: Unit, agency_id: int, most: int) -> list[LedgerImportRow]:
    """The last ledgers of a body, newest first."""
    query = select(LedgerImportRow).where(LedgerImportRow.agency_id == agency_id)
    return list(unit.session.scalars(query.order_by(LedgerImportRow.id.desc()).limit(most)))


def mapping_for(unit: Unit, agency_id: int, heads: str) -> dict[int, str] | None:
    """What the body last chose for a file with these heads; None for the first one."""
    query = (
        select(LedgerImportRow)
        .where(
            LedgerImportRow.agency_id == agency_id,
            LedgerImportRow.heads == heads,
            LedgerImportRow.state != "given_up",
        )
        .order_by(LedgerImportRow.id.desc())
        .limit(1)
    )
    row = unit.session.scalar(query)
    return row.columns() if row else None


def left_lying(unit: Unit, since: datetime) -> list[LedgerImportRow]:
    """The ledgers whose file is kept and with which nobody has gone on since."""
    query = select(LedgerImportRow).where(
        LedgerImportRow.content.is_not(None), LedgerImportRow.changed_at < since
    )
    return list(unit.session.scalars(query))


# -- out ----------------------------------------------------------------------------------------------


def _of_year(agency_id: int, year: int) -> Select[int]:
    """The applications that a table of the year can see: received or carried into it, or with a review or
    suit; and those that were filed in it and never received."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return select(CaseRow.id).where(
        CaseRow.agency_id == agency_id,
        CaseRow.kind == "application",
        or_(
            (CaseRow.received_on <= last)
            & (CaseRow.closed_on.is_(None) | (CaseRow.closed_on >= first)),
            text(f"({TIED})"),
            CaseRow.received_on.is_(None) & CaseRow.opened_on.between(first, last),
        ),
    )


def cases_of_year(unit: Unit, agency_id: int, year: int) -> Iterator[list[CaseRow]]:
    """The cases of a year's ledger with applicants and logs, some hundred at a time, by day and number."""
    wanted = _of_year(agency_id, year).order_by(CaseRow.opened_on, CaseRow.number)
    ids: list[int] = [one for (one,) in unit.session.execute(wanted)]
    for first in range(0, len(ids), BATCH):
        some = ids[first : first + BATCH]
        query = (
            select(CaseRow)
            .where(CaseRow.id.in_(some))
            .options(
                selectinload(CaseRow.applicants), selectinload(CaseRow.log), joinedload(CaseRow.agency),
                joinedload(CaseRow.holder),
            )
        )  # fmt: skip
        rows = {row.id: row for row in unit.session.scalars(query)}
        yield [rows[one] for one in some]
        for row in rows.values():
            unit.session.expunge(row)


def letters_of(unit: Unit, case_ids: Collection[int]) -> dict[int, str]:
    """By id of the case: the number of its reply's letter, the last one that is not void."""
    query = (
        select(LetterNumberRow.case_id, LetterNumberRow.text)
        .where(
            LetterNumberRow.case_id.in_(list(case_ids)),
            LetterNumberRow.kind.like("%reply%"),
            LetterNumberRow.voided_at.is_(None),
        )
        .order_by(LetterNumberRow.id)
    )
    return {case_id: number for case_id, number in unit.session.execute(query)}
