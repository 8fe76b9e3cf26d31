"""What is asked of the store to tell whether an installation is looked after: few rows and counts, never a content. Each
function runs in the caller's transaction."""

from datetime import datetime

from sqlalchemy import func, select

from workflow.store.message_models import ChannelRow, MessageRow
from workflow.store.models import EventRow, StampRow, UserRow
from workflow.store.unit import Unit

WAITS = ("waiting", "claimed", "handing")


def messages_waiting(unit: Unit, before: datetime) -> tuple[int, int]:
    """How many messages are on their way, and how many of them should have gone before the moment."""
    row = MessageRow
    overdue = func.count().filter(row.not_before < before, row.bundled.is_(False))
    total, late = unit.session.execute(
        select(func.count(), overdue).where(row.state.in_(WAITS))
    ).one()
    return int(total), int(late)


def messages_failed(unit: Unit, since: datetime) -> int:
    """How many messages were given up since the moment."""
    row = MessageRow
    query = select(func.count()).where(row.state == "failed", row.done_at >= since)
    return int(unit.session.scalar(query) or 0)


def channels(unit: Unit) -> dict[str, ChannelRow]:
    """What is known of each channel that was ever used, by name."""
    return {row.name: row for row in unit.session.scalars(select(ChannelRow))}


def one_time_passwords(unit: Unit) -> list[tuple[str, datetime | None]]:
    """Who can log in with a password that was given to them and never changed: user name, and since when it is there."""
    row = UserRow
    query = select(row.name, row.password_set_at).where(
        row.active, row.must_change_password, row.password_hash.is_not(None)
    )
    return [(name, at) for name, at in unit.session.execute(query.order_by(row.name))]


def last_event(unit: Unit) -> int:
    """The number of the last line of any log; 0 where there is none."""
    return int(unit.session.scalar(select(func.max(EventRow.id))) or 0)


def stamps_from(unit: Unit, prefix: str) -> dict[str, str]:
    """The stamps whose names begin so, by name."""
    query = select(StampRow.name, StampRow.value).where(StampRow.name.startswith(prefix))
    return {name: value for name, value in unit.session.execute(query)}


def events_after(unit: Unit, number: int) -> int:
    """How many lines of logs came after the one of that number."""
    query = select(func.count()).where(EventRow.id > number)
    return int(unit.session.scalar(query) or 0)
