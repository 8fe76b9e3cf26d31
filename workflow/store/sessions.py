"""Sessions of the desk, and wrong passwords by account and source. Each function runs in the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, select, text, update

from workflow.store.models import Base, Moment, UserRow
from workflow.store.prepared import Prepared
from workflow.store.session_models import DeskSessionRow, WrongPasswordRow
from workflow.store.unit import Unit

# -- sessions ---------------------------------------------------------------------------------------


def begin(unit: Unit, user_id: int, mark: str, device: str, now: datetime, since: datetime) -> None:
    """A session begins; those that began before `since` are over by their length and are forgotten."""
    unit.session.execute(delete(DeskSessionRow).where(DeskSessionRow.begun_at <= since))
    unit.session.add(
        DeskSessionRow(mark=mark, user_id=user_id, device=device, begun_at=now, seen_at=now)
    )


def seen(unit: Unit, which: int, now: datetime) -> None:
    """Somebody was there."""
    query = update(DeskSessionRow).where(DeskSessionRow.id == which, DeskSessionRow.seen_at < now)
    unit.session.execute(query.values(seen_at=now))


def running(unit: Unit, user_id: int, since: datetime, seen_from: datetime) -> list[DeskSessionRow]:
    """The sessions of a person that began after `since`, in which somebody was there after `seen_from` and that were
    not ended, the latest click first."""
    query = (
        select(DeskSessionRow)
        .where(DeskSessionRow.user_id == user_id, *_runs(since, seen_from))
        .order_by(DeskSessionRow.seen_at.desc(), DeskSessionRow.id.desc())
    )
    return list(unit.session.scalars(query))


def how_many(unit: Unit, name: str, since: datetime, seen_from: datetime) -> int:
    """How many of them somebody of that user name has."""
    query = (
        select(func.count(DeskSessionRow.id))
        .join(UserRow, UserRow.id == DeskSessionRow.user_id)
        .where(UserRow.name == name, *_runs(since, seen_from))
    )
    return int(unit.session.scalar(query) or 0)


def _runs(since: datetime, seen_from: datetime) -> tuple[ColumnElement[bool], ...]:
    row = DeskSessionRow
    return row.begun_at > since, row.seen_at > seen_from, row.ended_at.is_(None)


def end(
    unit: Unit, now: datetime, *, user_id: int, only: int | None = None, but: int | None = None
) -> int:
    """Sessions of a person are over: one, or all, or all but one; how many."""
    query = update(DeskSessionRow).where(
        DeskSessionRow.user_id == user_id, DeskSessionRow.ended_at.is_(None)
    )
    if only is not None:
        query = query.where(DeskSessionRow.id == only)
    if but is not None:
        query = query.where(DeskSessionRow.id != but)
    return int(unit.session.execute(query.values(ended_at=now)).rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


# -- wrong passwords --------------------------------------------------------------------------------

_COUNT = Prepared(
    text(
        "INSERT INTO wrong_password (account, source, times, ends_at)"
        " VALUES (:account, :source, 1, :ends_at)"
        " ON CONFLICT (account, source) DO UPDATE SET"
        " times = CASE WHEN wrong_password.ends_at <= :now THEN 1"
        " ELSE wrong_password.times + 1 END,"
        " ends_at = excluded.ends_at"
        " RETURNING times"
    ).bindparams(bindparam("ends_at", type_=Moment()), bindparam("now", type_=Moment()))
)
"""One statement, so that of two processes at once neither loses a count. Each failure begins the time anew."""
_WRONG = Base.metadata.tables["wrong_password"]
_FORGET = Prepared(delete(_WRONG).where(_WRONG.c.ends_at <= bindparam("now")))


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong passwords that still count: for an account from one source, for it from everywhere, and from the source for
    whatever account."""

    here: int
    account: int
    source: int


def wrong(unit: Unit, account: str, source: str, now: datetime) -> Wrong:
    """What is counted of an account and a source, by their hashes."""
    row = WrongPasswordRow
    of_account, of_source = row.account == account, row.source == source
    counts = [
        func.coalesce(func.sum(row.times).filter(which), 0)
        for which in (of_account & of_source, of_account, of_source)
    ]
    query = select(*counts).where(row.ends_at > now, of_account | of_source)
    return Wrong(*(int(one) for one in unit.session.execute(query).one()))


def count_wrong(unit: Unit, account: str, source: str, now: datetime, until: datetime) -> int:
    """A wrong password more; how often it was for the account from the source."""
    _FORGET.run(unit.connection, {"now": now})
    given = {"account": account, "source": source, "ends_at": until, "now": now}
    return int(_COUNT.rows(unit.connection, given)[0][0])


def slowed(unit: Unit, accounts: Collection[str], most: int, now: datetime) -> dict[str, int]:
    """For each of the accounts, from how many sources so many passwords were wrong that they have to wait."""
    row = WrongPasswordRow
    query = (
        select(row.account, func.count())
        .where(row.account.in_(list(accounts)), row.times >= most, row.ends_at > now)
        .group_by(row.account)
    )
    return {account: int(times) for account, times in unit.session.execute(query)}


def forgive(unit: Unit, account: str, source: str | None = None) -> int:
    """Nothing is counted any more for an account, from one source or from all; how many sources."""
    query = delete(WrongPasswordRow).where(WrongPasswordRow.account == account)
    if source is not None:
        query = query.where(WrongPasswordRow.source == source)
    return int(unit.session.execute(query).rowcount)  # type: ignore[attr-defined]  # of a delete it is a CursorResult
