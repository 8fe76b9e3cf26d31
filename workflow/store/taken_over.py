"""What is asked of the store for cases that another platform handed over."""

from collections.abc import Collection

from sqlalchemy import select

from workflow.store.ledger_models import TakenOverRow
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


def handed_over(
    unit: Unit, agency_id: int, platform: str, number: str
) -> tuple[TakenOverRow, CaseRow] | None:
    """The case of the body that the platform handed over under that number of its own."""
    query = (
        select(TakenOverRow, CaseRow)
        .join(CaseRow, CaseRow.id == TakenOverRow.case_id)
        .where(
            TakenOverRow.agency_id == agency_id,
            TakenOverRow.platform == platform,
            TakenOverRow.number == number,
        )
    )
    found = unit.session.execute(query).first()
    return (found[0], found[1]) if found else None


def our_numbers(
    unit: Unit, agency_id: int, platform: str, numbers: Collection[str]
) -> dict[str, str]:
    """Of numbers of the platform those that it has handed over, with ours."""
    query = (
        select(TakenOverRow.number, CaseRow.number)
        .join(CaseRow, CaseRow.id == TakenOverRow.case_id)
        .where(
            TakenOverRow.agency_id == agency_id,
            TakenOverRow.platform == platform,
            TakenOverRow.number.in_(numbers),
        )
    )
    return {theirs: ours for theirs, ours in unit.session.execute(query)}


def of_case(unit: Unit, case_id: int) -> TakenOverRow | None:
    """Where the case was taken over from; None for one that began here."""
    return unit.session.get(TakenOverRow, case_id)
