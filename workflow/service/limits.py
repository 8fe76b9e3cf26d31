"""Limits that hold for all processes together: who came how often, counted in the store."""

from datetime import datetime, timedelta

from workflow.service.office import Office
from workflow.store import limits
from workflow.store.retried import retried


class Limits:
    """Counts of what is limited. Of an address only a keyed hash is kept, until its window ends."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def count(self, who: str, window: timedelta, now: datetime, times: int = 1) -> int:
        """Count it in the window that runs, or begins now; how often it was in all."""
        with self.office.store.write() as unit:
            return limits.count_up(unit, self._hash(who), times, window, now)

    def counted(self, who: str, now: datetime) -> tuple[int, datetime]:
        """How often it was in the window that runs, and when that ends; (0, now) if none runs."""
        with self.office.store.read() as unit:
            return limits.counted(unit, self._hash(who), now)

    @retried
    def forget(self, who: str | None = None) -> int:
        """Begin anew for somebody, or for all; how many windows were forgotten."""
        with self.office.store.write() as unit:
            return limits.forget(unit, who=None if who is None else self._hash(who))

    @retried
    def forget_ended(self, now: datetime) -> int:
        """Nobody who came is kept longer than the window: what has ended is deleted; how many.
        Where nothing has ended nothing is written."""
        with self.office.store.read() as unit:
            if not limits.some_ended(unit, now):
                return 0
        with self.office.store.write() as unit:
            return limits.forget(unit, until=now)

    def _hash(self, who: str) -> str:
        return self.office.keys.digest("rate", who)
