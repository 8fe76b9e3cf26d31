"""What the benches share: how often to repeat, and how to tell what was found.

Seconds depend on the machine, so nothing is asserted of them; a ratio to bare work done in the same
run carries over. Without `--benchmark` every bench runs tiny, to see that it still runs.
"""

import os
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter, process_time

import pytest

from tests.bench.readers import province, readers  # noqa: F401  (fixtures)
from tests.webui.conftest import (  # noqa: F401  (fixtures: the office of the pages and its people)
    app,
    built,
    compiled,
    furnished,
    office,
    password_hash,
    program,
    staff,
    today,
    visitor,
)


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--benchmark"))


@pytest.fixture
def tell(request: pytest.FixtureRequest, full: bool) -> Callable[[str], None]:
    """Prints a line of findings, in a measured run only."""

    def line(text: str) -> None:
        if full:
            print(f"\n  {text}", flush=True)

    return line


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The median time of one round."""
    found = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        found.append(perf_counter() - begun)
    return median(found)


def cpu_side_by_side(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median CPU time of one round of each work, in seconds, one after the other in every round, so
    that a busy machine says the same of all."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = process_time()
            work()
            found[name].append(process_time() - begun)
    return {name: median(times) for name, times in found.items()}


def interleaved(ways: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The least processor time of each way in seconds, children included, measured in turn: a busy
    machine says the same. At least one tick by which it is counted: what takes less cannot be divided by."""
    tick = 1 / os.sysconf("SC_CLK_TCK")
    found: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, found, strict=True):
            before = sum(os.times()[:4])
            way()
            times.append(sum(os.times()[:4]) - before)
    return [max(tick, min(times)) for times in found]
