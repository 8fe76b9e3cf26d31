"""Limits that hold for all processes together: who came how often, counted in the store."""

from datetime import datetime, timedelta
from math import ceil

from workflow.service.office import Office
from workflow.store import limits
from workflow.store.retried import retried

GUESSED_WITHIN = timedelta(hours=24)
FREE_GUESSES = 5
"""Wrong codes to a number, from all addresses together, before who has failed has to wait."""
LONGEST_WAIT = timedelta(minutes=15)


class TooOften(Exception):
    """Wait. The message is in Chinese; it says the same whether an account exists."""


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

    # -- guessing -----------------------------------------------------------------------------------

    def seconds_to_wait(self, address: str, number: str, now: datetime) -> int:
        """How long an address has to wait before it is heard about a number, whether there is such a case or not.

        0 for an address that has not failed itself: whoever guesses keeps nobody out who has the right code.
        """
        with self.office.store.read() as unit:
            failed, _ = limits.counted(unit, self._hash(_failed(address)), now)
            times, ends = limits.counted(unit, self._hash(_waiting(number)), now)
        return max(1, ceil((ends - now).total_seconds())) if failed and times else 0

    @retried
    def guessed_wrong(self, address: str, number: str, now: datetime) -> None:
        """Count a number and code that did not fit. Each one for the same number doubles the time to wait."""
        with self.office.store.write() as unit:
            limits.count_up(unit, self._hash(_failed(address)), 1, GUESSED_WITHIN, now)
            guessed = self._hash(f"guessed {number}")
            beyond = limits.count_up(unit, guessed, 1, GUESSED_WITHIN, now) - FREE_GUESSES
            if beyond > 0:
                wait = min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_WAIT)
                limits.forget(unit, who=self._hash(_waiting(number)))
                limits.count_up(unit, self._hash(_waiting(number)), 1, wait, now)

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


def _failed(address: str) -> str:
    return f"failed {address}"


def _waiting(number: str) -> str:
    return f"waiting {number}"
