"""The worker's side of what goes to other systems: what is claimed, what came of it. Leading, claims and pauses are those
of the messages; what was perhaps received is sent again under the same key (docs/decisions/0061)."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.reminders import load_ladder
from workflow.service.messages.failures import ALARM_AFTER, ALARM_EVERY
from workflow.service.messages.outbox import CLAIM, PAUSES
from workflow.service.messages.to_staff import tell_staff
from workflow.service.office import Office
from workflow.store import hooks as store
from workflow.store.hook_models import HookDeliveryRow, HookRow
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

NOT_REACHED = store.NOT_REACHED
PROBE = timedelta(minutes=5)
"""While an address answers nothing, one delivery is tried so often and the others wait."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A claimed delivery, from the store to who sends it. hook: number of its address. secrets: that in force first; nothing of
    this is ever logged."""

    id: int
    hook: int
    claim: str
    key: str
    payload: str
    url: str
    secrets: tuple[str, ...]


def still_signing(said: Mapping[str, Any], now: datetime) -> list[tuple[str, datetime]]:
    """The secrets of before that sign as well, each with the end of its day, the latest first. said: what lies sealed of an
    address."""
    told = [(one, datetime.fromisoformat(until)) for one, until in said.get("earlier", ())]
    return [(one, until) for one, until in told if now < until]


class HookOutbox:
    """What a worker asks and says; every call is a transaction."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def claim(self, busy: Collection[int] = ()) -> Handed | None:
        """The next delivery, claimed for a while; None if none may go. busy: numbers of addresses that are being called."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row = store.next_waiting(unit, now, busy)
            if row is None:
                return None
            row.state, row.claim = "claimed", secrets.token_hex(16)
            row.claimed_until = now + CLAIM
            hook = unit.session.get_one(HookRow, row.hook_id)
            said = self.office.keys.open(hook.sealed, f"hook {hook.id}")
            keys = (said["secret"], *(one for one, _ in still_signing(said, now)))
            return Handed(row.id, hook.id, row.claim, row.key, row.payload, said["url"], keys)

    @retried
    def put_back(self, one: Handed) -> None:
        """Nobody waited for the answer: it goes again, as if it had not been tried."""
        with self.office.store.write() as unit:
            row = store.claimed(unit, one.id, one.claim)
            if row is not None:
                row.state, row.claim, row.claimed_until = "waiting", None, None

    @retried
    def sent(self, one: Handed, status: int) -> None:
        """The receiver has taken it; what waited because it did not answer goes on."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row = store.claimed(unit, one.id, one.claim)
            if row is None:
                return
            self._tried(row, status, "")
            row.state, row.done_at = "sent", now
            hook = self._hook(unit, row)
            if hook.failures:
                store.go_on(unit, hook.id, now)
            hook.failures, hook.last_ok_at, hook.problem, hook.alarmed_at = 0, now, "", None

    @retried
    def not_sent(
        self, one: Handed, problem: str, status: int | None = None, *, final: bool = False
    ) -> None:
        """It did not arrive, or nobody said so: it is tried again after a growing pause, and given up after the last one,
        or at once (final). status: what was answered, NOT_REACHED where nobody was there; without an answer the others wait
        for the address as well."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row = store.claimed(unit, one.id, one.claim)
            if row is None:
                return
            self._tried(row, status, problem)
            given_up = final or row.attempts > len(PAUSES)
            if given_up:
                row.state, row.done_at = "failed", now
            else:
                row.state, row.not_before = "waiting", now + PAUSES[row.attempts - 1]
            hook = self._hook(unit, row)
            unit.session.flush()
            if not status:
                store.put_off(unit, hook.id, now + PROBE, but=row.id)
            hook.failures += 1
            hook.last_failed_at, hook.problem = now, problem
            self._alarm(unit, hook, given_up=given_up)

    @retried
    def recover(self) -> int:
        """Let wait again what dead processes had claimed; how many there were."""
        now = self.office.now()
        with self.office.store.write() as unit:
            return store.release(unit, now, now + 2 * CLAIM, now + PAUSES[-1])

    def _tried(self, row: HookDeliveryRow, status: int | None, problem: str) -> None:
        row.attempts += 1
        row.tried_at, row.status, row.problem = self.office.now(), status, problem
        row.claim = row.claimed_until = None

    def _hook(self, unit: Unit, row: HookDeliveryRow) -> HookRow:
        return unit.session.get_one(HookRow, row.hook_id, with_for_update=True)

    def _alarm(self, unit: Unit, hook: HookRow, *, given_up: bool) -> None:
        """Who administers is told of the third failure in a row and of what was given up, once a day."""
        now = self.office.now()
        due = hook.alarmed_at is None or not now - ALARM_EVERY < hook.alarmed_at <= now
        if due and (given_up or hook.failures >= ALARM_AFTER):
            hook.alarmed_at = now
            tell_staff(
                self.office, unit, unit.session.get_one(AgencyRow, hook.agency_id),
                roles=load_ladder().told["channel_failing"], moment="channel_failing", level="red",
                text=f"推送地址“{hook.name}”连续 {hook.failures} 次没有收下：{hook.problem}。"
                "请到“数据推送”页面查看，修好以后重发。",
                why="推送连续失败，须有人处理", what=f"hook {hook.id}",
            )  # fmt: skip
