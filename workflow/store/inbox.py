"""What a person was told in the system, and what of it they have read."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from workflow.store.message_models import MessageRow
from workflow.store.messages import AS_SHOWN
from workflow.store.sight import ALL, Sight, of_seen
from workflow.store.unit import Unit

_OF_NO_CASE = (MessageRow.case_id.is_(None), MessageRow.kind != "digest")
"""A digest names the cases that it gathers."""


def inbox(
    unit: Unit,
    user_id: int,
    *,
    unread: bool | None = None,
    limit: int = 100,
    cases: bool = True,
    sight: Sight = ALL,
) -> list[MessageRow]:
    """What a person was told in the system, the latest first; cases: also of cases, sight: of which."""
    query = (
        select(MessageRow)
        .where(
            MessageRow.user_id == user_id,
            MessageRow.channel == "in_app",
            MessageRow.state == "sent",
        )
        .options(*AS_SHOWN)
    )
    if not cases:
        query = query.where(*_OF_NO_CASE)
    query = query.where(*of_seen(sight, MessageRow.case_id))
    if unread is not None:
        query = query.where(
            MessageRow.read_at.is_(None) if unread else MessageRow.read_at.is_not(None)
        )
    return list(
        unit.session.scalars(
            query.order_by(MessageRow.done_at.desc(), MessageRow.id.desc()).limit(limit)
        )
    )


_message = MessageRow.__table__.c
_UNREAD = select(func.count()).where(
    _message.user_id == bindparam("user"),
    _message.channel == "in_app",
    _message.state == "sent",
    _message.read_at.is_(None),
)


_UNREAD_OF_NO_CASE = _UNREAD.where(_message.case_id.is_(None), _message.kind != "digest")


def count_unread(unit: Unit, user_id: int, *, cases: bool = True, sight: Sight = ALL) -> int:
    """How many a person has not read; cases: also of cases, sight: of which."""
    query = _UNREAD if cases else _UNREAD_OF_NO_CASE
    return unit.ask(query.where(*of_seen(sight, _message.case_id)), user=user_id).scalar() or 0


def mark_read(unit: Unit, user_id: int, last: int, now: datetime, only: int | None = None) -> None:
    """One message, or every one up to the last that the person has seen."""
    query = update(MessageRow).where(
        MessageRow.user_id == user_id, MessageRow.channel == "in_app", MessageRow.read_at.is_(None)
    )
    query = query.where(MessageRow.id == only) if only else query.where(MessageRow.id <= last)
    unit.session.execute(query.values(read_at=now))
