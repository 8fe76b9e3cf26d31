"""What a server counts of its requests: figures in memory that all its processes share.

The parent makes the memory before it makes its children; each writes in a slot of its own, so that nobody waits for
anybody, and whoever is asked adds up all slots. A process that is made anew goes on in the slot of the one that died, so
that no figure ever falls while the server runs. Programs that make processes without us (gunicorn) have one slot each.
"""

import mmap
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = ("portal", "desk", "api", "static", "health")
"""What was asked for, by its address."""
STATUSES = (
    200, 201, 202, 204, 206, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429,
    500, 503, 0,
)  # fmt: skip
"""Of an answer; 0: any other."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds until an answer is computed; a further bucket takes what is longer."""
PID, STARTED, WRITES = range(3)
_REQUESTS = 3
_TIMES = _REQUESTS + len(KINDS) * len(STATUSES)
_OF_A_KIND = len(BUCKETS) + 2  # and the longer ones, and the sum in microseconds
CELLS = _TIMES + len(KINDS) * _OF_A_KIND
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers of a kind took. within: how many took no longer than each of BUCKETS; seconds: of all."""

    within: tuple[int, ...]
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Process:
    """A process that counts. started: seconds since the epoch."""

    slot: int
    pid: int
    started: int


class Figures:
    """The figures of a server of so many processes. shared: they are those of all of them."""

    def __init__(self, processes: int = 1, *, shared: bool = False) -> None:
        self.processes, self.shared = processes, shared
        self._memory = memoryview(mmap.mmap(-1, processes * CELLS * 8)).cast("Q")
        self._lock = threading.Lock()
        self.here(0)

    def here(self, slot: int) -> None:
        """This process writes in that slot from now on."""
        self._lock = threading.Lock()  # one that a thread of the parent held would be held for ever
        self._from = slot * CELLS
        self._memory[self._from + PID] = os.getpid()
        self._memory[self._from + STARTED] = int(time.time())

    def answered(self, kind: str, status: int, seconds: float) -> None:
        """An answer was computed. Raises ValueError for a kind that is none of KINDS."""
        place = KINDS.index(kind)
        code = STATUSES.index(status) if status in STATUSES else len(STATUSES) - 1
        bucket = next((n for n, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))
        times = _TIMES + place * _OF_A_KIND
        with self._lock:
            self._add(_REQUESTS + place * len(STATUSES) + code)
            self._add(times + bucket)
            self._add(times + len(BUCKETS) + 1, max(0, round(seconds * _MICRO)))

    def wrote(self) -> None:
        """A transaction was written."""
        with self._lock:
            self._add(WRITES)

    def _add(self, cell: int, by: int = 1) -> None:
        self._memory[self._from + cell] += by

    def _sum(self, cell: int) -> int:
        return sum(self._memory[slot * CELLS + cell] for slot in range(self.processes))

    @property
    def writes(self) -> int:
        return self._sum(WRITES)

    def requests(self) -> Iterator[tuple[str, int, int]]:
        """Kind, status and how many, of what there was."""
        for place, kind in enumerate(KINDS):
            for code, status in enumerate(STATUSES):
                if found := self._sum(_REQUESTS + place * len(STATUSES) + code):
                    yield kind, status, found

    def times(self, kind: str) -> Times:
        """How long the answers of a kind took."""
        begin = _TIMES + KINDS.index(kind) * _OF_A_KIND
        within, count = [], 0
        for bucket in range(len(BUCKETS) + 1):
            count += self._sum(begin + bucket)
            within.append(count)
        return Times(tuple(within[:-1]), count, self._sum(begin + len(BUCKETS) + 1) / _MICRO)

    def running(self) -> list[Process]:
        """The processes that count, each with its slot."""
        found = []
        for slot in range(self.processes):
            pid, started = (self._memory[slot * CELLS + cell] for cell in (PID, STARTED))
            if pid:
                found.append(Process(slot, pid, started))
        return found
