"""How often somebody came within a window. Each function runs in the caller's transaction."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, text

from workflow.store.call_models import RateRow
from workflow.store.models import Base, Moment
from workflow.store.prepared import Prepared
from workflow.store.unit import Unit

_COUNT = Prepared(
    text(
        "INSERT INTO rate (who, times, ends_at) VALUES (:who, :times, :ends_at)"
        " ON CONFLICT (who) DO UPDATE SET"
        " times = CASE WHEN rate.ends_at <= :now THEN excluded.times"
        " ELSE rate.times + excluded.times END,"
        " ends_at = CASE WHEN rate.ends_at <= :now THEN excluded.ends_at ELSE rate.ends_at END"
        " RETURNING times"
    ).bindparams(bindparam("ends_at", type_=Moment()), bindparam("now", type_=Moment()))
)
"""One statement, so that of two processes at once neither loses a count; both databases know it."""
_RATE = Base.metadata.tables["rate"]
_FORGET_ENDED = Prepared(delete(_RATE).where(_RATE.c.ends_at <= bindparam("now")))


def count_up(unit: Unit, who: str, times: int, window: timedelta, now: datetime) -> int:
    """Count somebody's coming; how often it was in the window that runs, or begins now."""
    _FORGET_ENDED.run(unit.connection, {"now": now})
    given = {"who": who, "times": times, "ends_at": now + window, "now": now}
    return int(_COUNT.rows(unit.connection, given)[0][0])


def counted(unit: Unit, who: str, now: datetime) -> tuple[int, datetime]:
    """How often somebody came in the window that runs, and when it ends; (0, now) if none runs."""
    query = select(RateRow.times, RateRow.ends_at).where(RateRow.who == who, RateRow.ends_at > now)
    row = unit.session.execute(query).one_or_none()
    return (row.times, row.ends_at) if row else (0, now)


def some_ended(unit: Unit, now: datetime) -> bool:
    """Whether a window has ended that is still kept."""
    query = select(RateRow.who).where(RateRow.ends_at <= now).limit(1)
    return unit.session.scalar(query) is not None


def forget(unit: Unit, *, until: datetime | None = None, who: str | None = None) -> int:
    """Delete the windows that ended by a moment, those of somebody, or all; how many."""
    query = delete(RateRow)
    if until is not None:
        query = query.where(RateRow.ends_at <= until)
    if who is not None:
        query = query.where(RateRow.who == who)
    return int(unit.session.execute(query).rowcount)  # type: ignore[attr-defined]  # of a delete it is a CursorResult
