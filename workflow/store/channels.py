"""What is known of the channels and of those who are told through them: who leads, who has which address,
what an applicant chose, how a channel does. Each function runs in the caller's transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, func, select

from workflow.store.message_models import (
    ApplicantChoiceRow,
    ChannelRow,
    ContactRow,
    LeaseRow,
    MessageRow,
)
from workflow.store.unit import Unit


def lease_row(unit: Unit, name: str, *, lock: bool = True) -> LeaseRow | None:
    query = select(LeaseRow).where(LeaseRow.name == name)
    return unit.session.scalar(query.with_for_update() if lock else query)


def contact(unit: Unit, user_id: int) -> ContactRow | None:
    return unit.session.get(ContactRow, user_id)


def contacts(unit: Unit, user_ids: Collection[int]) -> dict[int, ContactRow]:
    """What is known of each of them who gave anything, by the id of the person."""
    query = select(ContactRow).where(ContactRow.user_id.in_(list(user_ids)))
    return {row.user_id: row for row in unit.session.scalars(query)}


def choice(unit: Unit, case_id: int) -> ApplicantChoiceRow | None:
    return unit.session.get(ApplicantChoiceRow, case_id)


def channel_health(unit: Unit, name: str) -> ChannelRow | None:
    """What is known of a channel, for reading."""
    return unit.session.get(ChannelRow, name)


def last_test(unit: Unit, user_id: int, channel: str) -> MessageRow | None:
    """The latest test of a channel by a person."""
    query = select(MessageRow).where(
        MessageRow.kind == "test", MessageRow.user_id == user_id, MessageRow.channel == channel
    )
    return unit.session.scalar(query.order_by(MessageRow.id.desc()).limit(1))


def waiting(unit: Unit, before: datetime) -> dict[str, tuple[int, int]]:
    """How many messages wait, by channel, and how many of them could have gone before a moment and were never tried."""
    left = and_(MessageRow.not_before < before, MessageRow.attempts == 0)
    query = (
        select(MessageRow.channel, func.count(), func.sum(case((left, 1), else_=0)))
        .where(MessageRow.state == "waiting")
        .group_by(MessageRow.channel)
    )
    return {name: (all_, int(lying)) for name, all_, lying in unit.session.execute(query)}


def channel_row(unit: Unit, name: str) -> ChannelRow:
    """The health of a channel; healthy when nothing is known."""
    row = unit.session.get(ChannelRow, name)
    if row is None:
        row = ChannelRow(name=name, failures=0, problem="")
        unit.session.add(row)
    return row
