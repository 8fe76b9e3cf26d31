"""What other systems are told, in the store: the addresses, what waits for them, what was delivered. Each function runs in
the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from workflow.store.hook_models import HookDeliveryRow, HookRow
from workflow.store.unit import Unit

ON_ITS_WAY = ("waiting", "claimed")
NOT_REACHED = 0
"""In place of what was answered: nobody was there to answer."""


class Hook(NamedTuple):
    """An address in force: of which body, whether of those below it as well, and for which events (None: all)."""

    id: int
    agency_id: int
    below: bool
    events: frozenset[str] | None


class KnownHooks:
    """The addresses in force, kept as the rules are: under the mark that every transaction of a case knows anyway, so that
    an event asks the store for nothing more."""

    def __init__(self) -> None:
        self._kept: tuple[str | None, tuple[Hook, ...]] = None, ()

    def of(self, unit: Unit) -> tuple[Hook, ...]:
        mark, known = self._kept
        if mark != unit.rules_mark:
            query = select(HookRow.id, HookRow.agency_id, HookRow.below, HookRow.events)
            found = unit.connection.execute(query.where(HookRow.active).order_by(HookRow.id))
            known = tuple(
                Hook(id_, agency, below, None if events is None else frozenset(events))
                for id_, agency, below, events in found
            )
            self._kept = unit.rules_mark, known
        return known


def add(unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
    """Deliveries of one event, each with the same columns."""
    unit.connection.execute(insert(HookDeliveryRow), list(rows))


def hooks_of(unit: Unit, agency_ids: Collection[int]) -> list[HookRow]:
    """The addresses of these bodies, in the order in which they were set up."""
    query = select(HookRow).where(HookRow.agency_id.in_(agency_ids)).order_by(HookRow.id)
    return list(unit.session.scalars(query))


def switched_on(unit: Unit) -> list[HookRow]:
    """The addresses in force, of all bodies."""
    return list(unit.session.scalars(select(HookRow).where(HookRow.active).order_by(HookRow.id)))


class Counted(NamedTuple):
    """Deliveries of an address: how many are on their way, how many were given up, and when the earliest of those was made."""

    waiting: int = 0
    failed: int = 0
    failed_since: datetime | None = None


def counted(unit: Unit, hook_ids: Collection[int]) -> dict[int, Counted]:
    """Of each address of which there are deliveries."""
    row = HookDeliveryRow
    waiting = func.count().filter(row.state.in_(ON_ITS_WAY))
    failed = row.state == "failed"
    query = select(
        row.hook_id, waiting, func.count().filter(failed), func.min(row.created_at).filter(failed)
    )
    found = unit.session.execute(query.where(row.hook_id.in_(hook_ids)).group_by(row.hook_id))
    return {hook: Counted(on_way, given_up, since) for hook, on_way, given_up, since in found}


def record(
    unit: Unit, hook_id: int, states: Collection[str], *, after: int, limit: int
) -> tuple[list[tuple[HookDeliveryRow, bool]], int]:
    """Deliveries of an address in these states, the latest first, each with whether it waits for an earlier one of its
    case; and how many in all."""
    row = HookDeliveryRow
    where = row.hook_id == hook_id, row.state.in_(states)
    total = unit.session.scalar(select(func.count(row.id)).where(*where)) or 0
    behind = and_(row.state == "waiting", _earlier())
    query = select(row, behind).where(*where).order_by(row.id.desc()).offset(after).limit(limit)
    return [(one, bool(waits)) for one, waits in unit.session.execute(query)], total


def again(unit: Unit, hook_id: int, since: datetime, now: datetime) -> int:
    """Let everything that was given up since a moment wait again; how many."""
    done = unit.session.execute(
        update(HookDeliveryRow)
        .where(
            HookDeliveryRow.hook_id == hook_id,
            HookDeliveryRow.state == "failed",
            HookDeliveryRow.created_at >= since,
        )
        .values(state="waiting", attempts=0, problem="", done_at=None, not_before=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


def remove(unit: Unit, row: HookRow) -> None:
    """An address with all that was delivered to it."""
    unit.session.execute(delete(HookDeliveryRow).where(HookDeliveryRow.hook_id == row.id))
    unit.session.delete(row)
    unit.session.flush()


# -- sending ------------------------------------------------------------------------------------------


def _earlier() -> ColumnElement[bool]:
    """Whether an earlier delivery of the same case to the same address is on its way.

    The numbers are subtracted, not compared: SQLite before 3.42, once it knows how full the table is, leaves out `id <` where
    the last column of the index is asked with IN, and each would wait for itself.
    """
    row, before = HookDeliveryRow, aliased(HookDeliveryRow)
    return (
        select(before.id)
        .where(
            before.case_id == row.case_id,
            before.hook_id == row.hook_id,
            before.state.in_(ON_ITS_WAY),
            before.id - row.id < 0,
        )
        .exists()
    )


def next_waiting(unit: Unit, now: datetime, busy: Collection[int]) -> HookDeliveryRow | None:
    """The delivery that has waited longest and may go now: to an address in force and not busy, and of a case only the first
    of those that are on their way, so that a receiver hears of a case in order."""
    row = HookDeliveryRow
    query = (
        select(row)
        .join(HookRow, HookRow.id == row.hook_id)
        .where(
            HookRow.active,
            HookRow.id.not_in(busy),
            row.state == "waiting",
            row.not_before <= now,
            ~_earlier(),
        )
        .order_by(row.not_before, row.id)
        .limit(1)
        .with_for_update(of=row, skip_locked=True)
    )
    return unit.session.scalar(query)


def claimed(unit: Unit, delivery: int, claim: str) -> HookDeliveryRow | None:
    """A delivery that is still under the claim; None if it is not, or is gone."""
    row = unit.session.get(HookDeliveryRow, delivery, with_for_update=True)
    return row if row is not None and (row.state, row.claim) == ("claimed", claim) else None


def release(unit: Unit, now: datetime, last: datetime, hook_longest: datetime) -> int:
    """Let wait again what processes claimed that never came back. What lies further off than anything could (a claim beyond
    `last`, a retry beyond `hook_longest`) was planned by a clock that has been put back since. Returns how many there were."""
    row = HookDeliveryRow
    left = or_(row.claimed_until < now, row.claimed_until > last)
    done = unit.session.execute(
        update(row)
        .where(row.state == "claimed", left)
        .values(state="waiting", claim=None, claimed_until=None)
    )
    unit.session.execute(
        update(row)
        .where(row.state == "waiting", row.not_before > hook_longest)
        .values(not_before=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # of an update it is a CursorResult


def put_off(unit: Unit, hook_id: int, until: datetime, *, but: int) -> None:
    """Let everything else that waits for an address wait until a moment at least."""
    row = HookDeliveryRow
    unit.session.execute(
        update(row)
        .where(
            row.hook_id == hook_id,
            row.state == "waiting",
            row.not_before < until,
            row.id != but,
        )
        .values(not_before=until)
    )


def go_on(unit: Unit, hook_id: int, now: datetime) -> None:
    """What waits because the address could not be reached may go now: it answers again. What it answered with a refusal,
    or with nothing, keeps its own pause."""
    row = HookDeliveryRow
    held_up = or_(row.attempts == 0, row.status == NOT_REACHED)
    unit.session.execute(
        update(row)
        .where(row.hook_id == hook_id, row.state == "waiting", row.not_before > now, held_up)
        .values(not_before=now)
    )
