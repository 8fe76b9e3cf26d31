"""The watch over the machine's clock: asked before everything that an installation writes (decision 44)."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.errors import WrongClock
from workflow import dates
from workflow.people import SYSTEM
from workflow.rules.machine_clock import standing_still, what_is_wrong
from workflow.store import newest as moments
from workflow.store.audit import audited
from workflow.store.retried import retried
from workflow.store.store import Store

LOOK_SECONDS = 60
"""So long a process goes by what it knows of the newest moment; others may have written since."""
NOTE_EVERY = timedelta(hours=1)
"""So often the moment is noted in the store, whatever is written: most writing leaves no line of a log."""
CONFIRMED = "clock_confirmed"
log = logging.getLogger("gongkai.clock")


@dataclass(frozen=True)
class Standing:
    """What the machine says, the newest moment that the store knows, and why they do not fit; None if they do."""

    now: datetime
    newest: datetime | None
    wrong: str | None


class Watch:
    """The clock of one process over a store."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = dates.now) -> None:
        self.store = store
        self._clock = clock
        self._newest: datetime | None = None
        self._noted: datetime | None = None
        self._look_at = self._say_at = -float("inf")

    def now(self) -> datetime:
        """The present moment; it stands still where the clock was put back a little."""
        return standing_still(self._clock(), self._newest)

    def ask(self) -> None:
        """Before something is written. Raises WrongClock."""
        now, looked = self._clock(), False
        if time.monotonic() >= self._look_at:
            self._look()
            looked = True
        wrong = what_is_wrong(now, self._newest)
        if wrong and not looked:
            self._look()
            wrong = what_is_wrong(now, self._newest)
        if wrong:
            self._say(wrong)
            raise WrongClock(wrong)
        if self._newest is None or now > self._newest:
            self._newest = now
        if self._noted is None or now - self._noted >= NOTE_EVERY:
            self._noted = now
            self._note(now)

    def standing(self) -> Standing:
        """Whether the clock can be right, as the store says now."""
        self._look()
        now = self._clock()
        return Standing(now, self._newest, what_is_wrong(now, self._newest))

    def tell(self) -> None:
        """Say in the log where the clock cannot be right."""
        if wrong := self.standing().wrong:
            self._say(wrong)

    @retried
    def confirm(self) -> None:
        """The operator says that the clock is right; it stands in the audit what the store knew until then."""
        now = self._clock()
        with self.store.unasked(), self.store.write() as unit:
            known = moments.newest(unit)
            said = known.isoformat() if known else ""
            audited(unit, now, SYSTEM.name, None, CONFIRMED, "clock", newest=said)
            moments.confirm(unit, now)
        self._newest = self._noted = now

    def _look(self) -> None:
        with self.store.read() as unit:
            self._newest = moments.newest(unit)
        self._look_at = time.monotonic() + LOOK_SECONDS

    @retried
    def _note(self, now: datetime) -> None:
        with self.store.write() as unit:
            moments.note(unit, now)

    def _say(self, wrong: str) -> None:
        if time.monotonic() >= self._say_at:
            log.error("the clock of this machine cannot be right, nothing is written: %s", wrong)
            self._say_at = time.monotonic() + LOOK_SECONDS
