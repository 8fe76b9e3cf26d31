"""Whether this process can serve now: the store answers and has this version's shape, the key is its key, the clock can
be right. Asked every few seconds by a watch over the server, so it costs little and never two threads at a time."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.exc import DatabaseError

from config.errors import BadSetting, Unavailable
from workflow.rules.machine_clock import what_is_wrong
from workflow.service.office import Office
from workflow.store import newest as moments
from workflow.store.keyed import checks
from workflow.store.migrate import suits
from workflow.store.unit import Unit

FRESH_SECONDS = 2.0
STALE_SECONDS = 30.0
"""So old may be what is told while another thread looks; then the store is one that does not answer."""
STORE, SHAPE, KEY, CLOCK = "store", "migration", "key", "clock"
"""What may be wrong."""

Found = TypeVar("Found")


class LookedAt(Generic[Found]):
    """Something that is looked at by one thread at a time and told to all who ask meanwhile. fresh: seconds for which it
    is not looked at again."""

    def __init__(self, look: Callable[[], Found], fresh: float) -> None:
        self._look, self._fresh = look, fresh
        self._lock = threading.Lock()
        self._known: tuple[float, Found] | None = None

    def now(self) -> Found | None:
        """What was found; None where another thread has been looking for long."""
        known = self._known
        if known is not None and time.monotonic() - known[0] < self._fresh:
            return known[1]
        if not self._lock.acquire(blocking=False):
            old = known is None or time.monotonic() - known[0] > STALE_SECONDS
            return None if known is None or old else known[1]
        try:
            found = self._look()
            self._known = time.monotonic(), found
            return found
        finally:
            self._lock.release()


class Readiness:
    """Whether an office can be served."""

    def __init__(self, office: Office, *, fresh: float = FRESH_SECONDS) -> None:
        self.office = office
        self._looked = LookedAt(self._look, fresh)

    def wanting(self) -> tuple[str, ...]:
        """What is wrong, of STORE, SHAPE, KEY and CLOCK; empty where all is right."""
        found = self._looked.now()
        return (STORE,) if found is None else found

    def _look(self) -> tuple[str, ...]:
        try:
            with self.office.store.read() as unit:
                if not suits(unit.session.connection()):
                    return (SHAPE,)
                wrong = [] if self._fits(unit) else [KEY]
                if what_is_wrong(self.office.now(), moments.newest(unit)):
                    wrong.append(CLOCK)
                return tuple(wrong)
        except (Unavailable, DatabaseError):
            return (STORE,)

    def _fits(self, unit: Unit) -> bool:
        """Whether each key at hand is the one that the store knows by its number, and the one in force lies where it is
        read at the next start."""
        keys = self.office.keys
        try:
            if keys.place is not None and not keys.place.there():
                return False
            there = {number: keys.numbered(number) for number in keys.numbers}
        except BadSetting:
            return False
        return all(
            key is None or key.check_value() == check
            for number, check in checks(unit).items()
            if (key := there.get(number)) is not None
        )
