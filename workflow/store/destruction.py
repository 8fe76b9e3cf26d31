"""What is asked of the store and done in it when files are destroyed after their time."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, func, or_, select, update

from workflow.case.destroyed import GONE, without_words
from workflow.store import files, parcels
from workflow.store.destruction_models import DestroyedCaseRow, DestructionRow
from workflow.store.dialect_index import unwrite_index, write_index
from workflow.store.dialect_kept import released
from workflow.store.indexed import as_kept, opening_terms
from workflow.store.indexing import terms_of_cases
from workflow.store.models import AgencyRow, Base, CaseRow, EventRow
from workflow.store.parcel_models import ParcelRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

_tables = Base.metadata.tables
_EVENT = _tables["event"]
OF_A_CASE = (
    "case_message", "case_note", "applicant_form", "account_case", "applicant_choice", "verified_case",
)  # fmt: skip
"""Tables whose rows about a case go with its file."""


class Archived(NamedTuple):
    """An archived case as the list of what may be destroyed sees it."""

    id: int
    number: str
    opened_on: date
    received_on: date | None
    closed_on: date | None
    outcome: str | None
    result_row: str | None
    proceedings: list[dict[str, Any]]
    archived_on: date


def archived_until(
    unit: Unit, agency: AgencyRow, last: date, most: int, numbers: Collection[str] | None = None
) -> list[Archived]:
    """Cases that the body archived until the day and whose file is there, the first archived first, so many at most;
    of these numbers alone where they are given."""
    archived = (
        select(_EVENT.c.case_id, func.max(_EVENT.c.on).label("archived_on"))
        .where(_EVENT.c.event == "archive")
        .group_by(_EVENT.c.case_id)
        .subquery()
    )
    query = (
        select(
            CaseRow.id, CaseRow.number, CaseRow.opened_on, CaseRow.received_on, CaseRow.closed_on,
            CaseRow.outcome, CaseRow.result_row, CaseRow.proceedings, archived.c.archived_on,
        )
        .join(archived, archived.c.case_id == CaseRow.id)
        .where(
            CaseRow.agency_id == agency.id,
            or_(CaseRow.held_by.is_(None), CaseRow.held_by == agency.code),
            CaseRow.state == "archived",
            CaseRow.opened_on <= last,
            archived.c.archived_on <= last,
            ~select(DestroyedCaseRow.case_id).where(DestroyedCaseRow.case_id == CaseRow.id).exists(),
        )
        .order_by(archived.c.archived_on, CaseRow.number)
        .limit(most)
    )  # fmt: skip
    if numbers is not None:
        query = query.where(CaseRow.number.in_(numbers))
    return [Archived(*row) for row in unit.session.execute(query)]


def open_redoes(unit: Unit, agency_id: int, numbers: Collection[str]) -> set[str]:
    """Of these cases those that are answered anew by a case that is not archived."""
    query = select(CaseRow.redo_of).where(
        CaseRow.agency_id == agency_id, CaseRow.redo_of.in_(numbers), CaseRow.state != "archived"
    )
    return {one for one in unit.session.scalars(query) if one}


def proposals(unit: Unit, agency_ids: Collection[int], most: int) -> list[DestructionRow]:
    """The lists of these bodies, the latest first."""
    query = select(DestructionRow).where(DestructionRow.agency_id.in_(agency_ids))
    return list(unit.session.scalars(query.order_by(DestructionRow.id.desc()).limit(most)))


def proposed_numbers(unit: Unit, agency_id: int) -> set[str]:
    """Cases that stand in a list which nobody has decided."""
    query = select(DestructionRow.numbers).where(
        DestructionRow.agency_id == agency_id, DestructionRow.state == "proposed"
    )
    return {number for numbers in unit.session.scalars(query) for number in numbers}


def proposal(unit: Unit, which: int, *, lock: bool = False) -> DestructionRow | None:
    return unit.session.get(DestructionRow, which, with_for_update=lock)


class Destroyed(NamedTuple):
    """A destroyed case in its list."""

    number: str
    received_on: date | None
    closed_on: date | None
    outcome: str | None
    archived_on: date
    kept_until: date
    rule: str
    years: int
    proof: str


def destroyed_of(unit: Unit, destruction_id: int) -> list[Destroyed]:
    """The cases of a list that was done, by number."""
    kept = DestroyedCaseRow
    query = (
        select(
            CaseRow.number, CaseRow.received_on, CaseRow.closed_on, CaseRow.outcome, kept.archived_on,
            kept.kept_until, kept.rule, kept.years, kept.proof,
        )
        .join(CaseRow, CaseRow.id == kept.case_id)
        .where(kept.destruction_id == destruction_id)
        .order_by(CaseRow.number)
    )  # fmt: skip
    return [Destroyed(*row) for row in unit.session.execute(query)]


def done(unit: Unit) -> Iterator[DestructionRow]:
    """Every list that was done."""
    query = select(DestructionRow).where(DestructionRow.state == "done").order_by(DestructionRow.id)
    yield from unit.session.scalars(query)


def proofs_of(unit: Unit, first: int, last: int) -> dict[int, str]:
    """Of the destroyed cases of these ids what proves each."""
    query = select(DestroyedCaseRow.case_id, DestroyedCaseRow.proof)
    found = unit.session.execute(query.where(DestroyedCaseRow.case_id.between(first, last)))
    return {case_id: proof for case_id, proof in found}


# -- destroying ---------------------------------------------------------------------------------------


def destroy(unit: Unit, keys: Secrets, row: CaseRow) -> None:
    """Take from the store what the file of a case says: words, names, files, letters. What the tables count stays."""
    unit.flush()
    for key in keys.each():
        unwrite_index(unit.connection, terms_of_cases(unit, key, row.id, row.id))
    _files(unit, keys, row.id)
    _parcels(unit, keys, row.id)
    for name in OF_A_CASE:
        table = _tables[name]
        unit.session.execute(delete(table).where(table.c.case_id == row.id))
    for name, values in (
        ("letter", {"sealed": b""}),
        ("applicant_opinion", {"sealed": b""}),
        ("taken_over", {"told": b""}),
    ):
        table = _tables[name]
        unit.session.execute(update(table).where(table.c.case_id == row.id).values(values))
    hastened = _tables["hastening"]
    unit.session.execute(
        update(hastened)
        .where(hastened.c.case_id == row.id, hastened.c.answer.is_not(None))
        .values(answer=GONE)
    )
    _messages(unit, row.id)
    _log(unit, row.id)
    for person in row.applicants:
        person.name, person.description, person.sealed, person.identity = GONE, None, None, None
        person.filed_as = None
        person.name_hash = None
    row.request, row.items = GONE, [GONE] * len(row.items)
    row.query_hash, row.code_salt, row.submit_key = None, "", None
    unit.seal_record(row, keys)
    unit.session.flush()
    left = opening_terms(row.agency_id, row.id, row.number, "", ())
    write_index(unit.connection, as_kept(keys, [left]))


def _log(unit: Unit, case_id: int) -> None:
    """The one place that changes lines of a log: their words, not what they tell and when."""
    query = select(EventRow.id, EventRow.event, EventRow.fields).where(EventRow.case_id == case_id)
    with released(unit.connection, ("event",)):
        for line in unit.session.execute(query).all():
            said = without_words(line.event, line.fields)
            if said != line.fields:
                change = update(_EVENT).where(_EVENT.c.id == line.id).values(fields=said)
                unit.session.execute(change)


def _files(unit: Unit, keys: Secrets, case_id: int) -> None:
    for one in files.every_file_of(unit, case_id):
        files.destroy(unit, one, keys)


def _parcels(unit: Unit, keys: Secrets, case_id: int) -> None:
    for one in unit.session.scalars(select(ParcelRow).where(ParcelRow.case_id == case_id)):
        parcels.unindex(unit, keys, one)
        parcels.destroy(keys, one)
        unit.index(*parcels.terms_of(keys, one))


def _messages(unit: Unit, case_id: int) -> None:
    """Messages hold number and days; an address may stand in what a channel answered."""
    message, attempt = _tables["message"], _tables["attempt"]
    of_case = select(message.c.id).where(message.c.case_id == case_id)
    unit.session.execute(update(attempt).where(attempt.c.message_id.in_(of_case)).values(detail=""))
    unit.session.execute(update(message).where(message.c.case_id == case_id).values(problem=""))


def put_right(unit: Unit, row: CaseRow, values: Mapping[str, Any]) -> None:
    """Columns that follow from the log, where words stood in them."""
    for name, value in values.items():
        setattr(row, name, value)
    unit.session.flush()
