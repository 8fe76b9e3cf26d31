"""Applications that somebody is filling in or has put aside, as the store keeps them."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from workflow.store.begun_models import BegunFileRow, BegunRow
from workflow.store.unit import Unit


def begun(unit: Unit, id_: str, now: datetime, *, lock: bool = False) -> BegunRow | None:
    """The form or draft of that id. None also for one whose time is over and that nobody has deleted yet."""
    query = select(BegunRow).where(BegunRow.id == id_, BegunRow.ends_at > now)
    return unit.session.scalar(query.with_for_update() if lock else query)


def files_of(unit: Unit, id_: str, *, content: bool = False) -> list[BegunFileRow]:
    """Its files in the order in which they came."""
    query = select(BegunFileRow).where(BegunFileRow.begun_id == id_).order_by(BegunFileRow.id)
    if content:
        query = query.options(undefer(BegunFileRow.content))
    return list(unit.session.scalars(query))


def size_of_all(unit: Unit, *, drafts: bool = False) -> int:
    """How many bytes the files of all forms and drafts have, or those of the drafts alone."""
    query = select(func.coalesce(func.sum(BegunFileRow.size), 0))
    if drafts:
        query = query.join(BegunRow, BegunRow.id == BegunFileRow.begun_id)
        query = query.where(BegunRow.kept_by.is_not(None))
    return unit.session.scalar(query) or 0


def drop(unit: Unit, id_: str) -> None:
    """The form is no more, with its files."""
    unit.session.execute(delete(BegunFileRow).where(BegunFileRow.begun_id == id_))
    unit.session.execute(delete(BegunRow).where(BegunRow.id == id_))


def kept_by(unit: Unit, id_: str) -> list[str]:
    """The ids of the drafts that this form put aside last."""
    return list(unit.session.scalars(select(BegunRow.id).where(BegunRow.kept_by == id_)))


def ended(unit: Unit, now: datetime) -> list[str]:
    """The ids of forms and drafts whose time is over."""
    return list(unit.session.scalars(select(BegunRow.id).where(BegunRow.ends_at <= now)))
