"""Registrations that were begun, as the store keeps them."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from workflow.store.parcel_models import DraftFileRow, DraftRow
from workflow.store.unit import Unit


def drafts_of(unit: Unit, user_id: int) -> list[tuple[DraftRow, int]]:
    """The person's drafts with how many files each has, the latest first."""
    query = (
        select(DraftRow, func.count(DraftFileRow.id))
        .outerjoin(DraftFileRow, DraftFileRow.draft_id == DraftRow.id)
        .where(DraftRow.user_id == user_id)
        .group_by(DraftRow.id)
        .order_by(DraftRow.updated_at.desc(), DraftRow.id.desc())
    )
    return [(row, number) for row, number in unit.session.execute(query)]


def draft_of(unit: Unit, user_id: int, number: int) -> DraftRow | None:
    """The person's draft of that id."""
    query = select(DraftRow).where(DraftRow.id == number, DraftRow.user_id == user_id)
    return unit.session.scalar(query)


def files_of(unit: Unit, draft_id: int, *, content: bool = False) -> list[DraftFileRow]:
    """The files of a draft in the order in which they came."""
    query = select(DraftFileRow).where(DraftFileRow.draft_id == draft_id).order_by(DraftFileRow.id)
    if content:
        query = query.options(undefer(DraftFileRow.content))
    return list(unit.session.scalars(query))


def drop(unit: Unit, draft_id: int) -> None:
    """The draft is no more, with its files."""
    unit.session.execute(delete(DraftFileRow).where(DraftFileRow.draft_id == draft_id))
    unit.session.execute(delete(DraftRow).where(DraftRow.id == draft_id))


def older_than(unit: Unit, moment: datetime) -> list[int]:
    """The ids of drafts that nobody has touched since."""
    return list(unit.session.scalars(select(DraftRow.id).where(DraftRow.updated_at < moment)))
