"""Many inputs in batches, by several processes, and what came of them."""

import gc
import multiprocessing
import os
import resource
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.kinds import KINDS, SHARE, Try, trying

BATCH = 250
"""Inputs of one kind over one store."""
SECONDS_MOST = 5.0
"""Processor time that one input may take."""
KILOBYTES_MOST = 500_000
"""Memory that the process may grow by at one input."""


class TooMuch(Exception):
    """An input that took longer, or more memory, than any may."""


@dataclass(frozen=True)
class Finding:
    """Something nobody should see. place: the number of the input within its batch."""

    kind: str
    batch: int
    place: int
    told: str


@dataclass
class Told:
    """What came of the inputs of a batch, in words, and what was found. longest: processor seconds of the one that
    took most; peak: kilobytes that the process had at most."""

    kind: str
    seconds: float = 0.0
    longest: float = 0.0
    peak: int = 0
    came: Counter[str] = field(default_factory=Counter)
    found: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """Inputs of one kind: which batch of it, how many, and of which seed."""

    kind: str
    number: int
    size: int
    seed: int


def batches(
    count: int, seed: int, only: str | None = None, number: int | None = None
) -> Iterator[Batch]:
    """So many inputs, shared among the kinds; or all of one kind; or one batch of it."""
    for kind in KINDS if only is None else (only,):
        size = count if only else count * SHARE[kind] // 100
        for place in range(-(-size // BATCH)):
            if number in (None, place):
                yield Batch(kind, place, min(BATCH, size - place * BATCH), seed)


def tried(batch: Batch) -> Told:
    """Make and try the inputs of a batch."""
    told, begun = Told(batch.kind), time.process_time()
    with trying(batch.kind, batch.number) as try_one:
        # The program itself is not garbage: nobody looks through it after each input.
        gc.freeze()
        for place in range(batch.size):
            random = Random(f"{batch.seed}/{batch.kind}/{batch.number}/{place}")
            try:
                came, seconds = _measured(try_one, random)
                told.came[came] += 1
                told.longest = max(told.longest, seconds)
            except Exception:  # of whatever kind: that is what is looked for
                told.came["fault"] += 1
                told.found.append(
                    Finding(batch.kind, batch.number, place, traceback.format_exc(limit=-6))
                )
    told.seconds, told.peak = time.process_time() - begun, _peak()
    return told


def _measured(try_one: Try, random: Random) -> tuple[str, float]:
    begun, before = time.process_time(), _peak()
    came = try_one(random)
    seconds, more = time.process_time() - begun, _peak() - before
    if seconds > SECONDS_MOST or more > KILOBYTES_MOST:
        raise TooMuch(f"{seconds:.1f} s, {more / 1000:.0f} MB")
    return came, seconds


def _peak() -> int:
    """Kilobytes that the process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run(wanted: list[Batch], jobs: int) -> Iterator[Told]:
    """What came of each batch, as it is done."""
    if jobs == 1:
        yield from map(tried, wanted)
        return
    # A process of its own for each: nothing of one is known in another.
    with multiprocessing.get_context("spawn").Pool(min(jobs, os.cpu_count() or 1)) as pool:
        yield from pool.imap_unordered(tried, wanted)
