"""Which cases a body still has to see to before its report on a year: the first few, and how many."""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import exists, func, select

from workflow.report.tables.kept import UNCLEAR, Kept, kept_of
from workflow.store.file_models import FileRow
from workflow.store.kept import in_words
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.unit import Unit


def applications_of_year(unit: Unit, agency_id: int, year: int) -> dict[str, int]:
    """The words of the applications that stand in table 三 of the year, and how many have each."""
    return {
        word: times
        for word, times in unit.words([agency_id], year)[agency_id].items()
        if _in_table3(kept_of(word), year)
    }


def _in_table3(kept: Kept, year: int) -> bool:
    one = kept.case
    if one.kind != "application" or one.void or one.received_on is None:
        return False
    return one.received_on.year <= year and (one.closed_on is None or one.closed_on.year >= year)


def open_at_the_end(
    unit: Unit, agency_id: int, year: int, limit: int
) -> tuple[list[tuple[str, str, date | None, str]], int]:
    """Number, state, next due day and its kind of the first applications that were received and not closed
    by the last day of the year, what is due first on top; and how many there are."""
    found = applications_of_year(unit, agency_id, year)
    words = [word for word in found if not _ended(kept_of(word), year)]
    if not words:
        return [], 0
    shown = select(CaseRow.number, CaseRow.state, CaseRow.next_due, CaseRow.next_due_kind).where(
        CaseRow.agency_id == agency_id
    )
    # First a walk along the due days; those without any, and those that were closed since, come last.
    word = CaseRow.__table__.c.counted_as
    due = shown.where(CaseRow.next_due.is_not(None), word.concat("").in_(words))
    rows = unit.session.execute(due.order_by(CaseRow.next_due, CaseRow.number).limit(limit)).all()
    if len(rows) < limit:
        others = shown.where(CaseRow.next_due.is_(None), word.in_(words))
        rest = others.order_by(CaseRow.number).limit(limit - len(rows))
        rows = [*rows, *unit.session.execute(rest)]
    shown_first = [(number, state, due, kind) for number, state, due, kind in rows]
    return shown_first, sum(found[word] for word in words)


def _ended(kept: Kept, year: int) -> bool:
    return kept.case.closed_on is not None and kept.case.closed_on.year <= year


def overdue_now(
    unit: Unit, agency_id: int, year: int, today: date, void: Collection[str]
) -> list[tuple[str, str]]:
    """Number and kind of the due day of the open applications of the year that are past it."""
    query = (
        select(CaseRow.number, CaseRow.next_due_kind)
        .where(
            CaseRow.agency_id == agency_id,
            CaseRow.next_due < today,
            CaseRow.kind == "application",
            CaseRow.state.not_in(void),
            CaseRow.received_on <= date(year, 12, 31),
            CaseRow.closed_on.is_(None),
        )
        .order_by(CaseRow.next_due, CaseRow.number)
    )
    return [(number, kind) for number, kind in unit.session.execute(query)]


def served_without_proof(
    unit: Unit, agency_id: int, year: int, limit: int
) -> tuple[list[str], int]:
    """The first numbers of the applications of the year whose reply was served with neither a proof in the
    log nor a file of it, and how many there are."""
    words = _words(unit, agency_id, year, lambda kept: kept.marks.unproven)
    if not words:
        return [], 0
    filed = exists().where(FileRow.case_id == CaseRow.id, FileRow.kind == "proof_of_service")
    lacking = (*in_words(agency_id, words), ~filed)
    number = unit.session.scalar(select(func.count()).select_from(CaseRow).where(*lacking)) or 0
    if not number or not limit:
        return [], number
    first = select(CaseRow.number).where(*lacking).order_by(CaseRow.number).limit(limit)
    return list(unit.session.scalars(first)), number


def unclear_applicants(unit: Unit, agency_id: int, year: int) -> list[tuple[str, str | None, str]]:
    """Number, description and name of those applicants of the year's applications that are no citizens and
    were given no column."""
    words = _words(unit, agency_id, year, lambda kept: UNCLEAR in kept.marks.look)
    if not words:
        return []
    query = (
        select(CaseRow.number, ApplicantRow.description, ApplicantRow.name)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(
            *in_words(agency_id, words),
            ApplicantRow.citizen.is_(False),
            ApplicantRow.category.is_(None),
        )
        .order_by(CaseRow.number, ApplicantRow.position)
    )
    return [(number, told, name) for number, told, name in unit.session.execute(query)]


def _words(unit: Unit, agency_id: int, year: int, wanted: Callable[[Kept], bool]) -> list[str]:
    return [word for word in applications_of_year(unit, agency_id, year) if wanted(kept_of(word))]
