"""Backups while eight clients file and move cases: nothing that was acknowledged before is missing, and what it costs those
who work (docs/performance.md)."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from sqlalchemy import select

from tests.chaos.killing import Client, Installation, Told, load_of
from tests.examples import ROOT
from tests.stores import POSTGRES
from workflow.dates import now
from workflow.service.backups.restoring import find_keys, restore
from workflow.service.cases.verify import verify
from workflow.service.office import Office
from workflow.store.models import CaseRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

pytestmark = [
    pytest.mark.long(reason="serves, and backs up beside eight clients; every run: test_making.py"),
    pytest.mark.skipif(POSTGRES, reason="serves a file of SQLite"),
]
CLIENTS = 8


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """When each call was answered and how long it took, in seconds."""
    found: list[tuple[float, float]] = []
    plain = Client._until_answered

    def timed(self: Client, path: str, body: Any, key: str, expected: int) -> Any:
        begun = time.monotonic()
        said = plain(self, path, body, key, expected)
        found.append((time.monotonic(), time.monotonic() - begun))
        return said

    monkeypatch.setattr(Client, "_until_answered", timed)
    return found


def command(at: Installation, *words: str) -> None:
    subprocess.run(
        [sys.executable, "gongkai.py", *words], cwd=ROOT, env={**os.environ, **at.env}, check=True,
        capture_output=True,
    )  # fmt: skip


def p95(found: list[float]) -> float:
    return quantiles(found, n=20)[-1]


def test_backups_beside_eight_clients(full, tell, tmp_path: Path, waits):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    at, told = Installation(data), Told()
    if full:
        command(at, "simulate", "--cases", "5000", "--bodies", "3", "--years", "3")
    rounds, asked = (3 if full else 1), dict[str, set[str]]()
    alone: list[float] = []
    beside: list[float] = []
    spent: list[float] = []
    at.start()
    try:
        with load_of(CLIENTS, at, told, seed=1):
            for turn in range(rounds):
                begun, backed = time.monotonic(), len(waits)
                name = f"{turn}.backup"
                asked[name] = set(told.filed.values())
                command(at, "backup", str(tmp_path / name))
                ended = time.monotonic()
                spent.append(ended - begun)
                beside += [wait for when, wait in waits[backed:] if begun <= when <= ended]
                # As long again without one.
                rest, idle = len(waits), time.monotonic() + max(1.0, ended - begun)
                while time.monotonic() < idle or len(waits) < rest + CLIENTS:
                    assert time.monotonic() < idle + 120 and not told.wrong, told.wrong
                    time.sleep(0.05)
                alone += [wait for _, wait in waits[rest:]]
    finally:
        at.end()
    assert told.wrong == []
    last = tmp_path / f"{rounds - 1}.backup"
    to = tmp_path / "new"
    url = f"sqlite:///{to / 'gongkai.db'}"
    keys = find_keys(last, None, to)
    done = restore(last, keys, url, to, now, lambda _: None, lambda *_: None)
    assert done.good, done.faults
    office = Office(Store(url), Secrets(keys.keys))
    with office.store.read() as unit:
        there = set(unit.session.scalars(select(CaseRow.number)))
    assert asked[last.name] <= there
    assert verify(office) == []
    office.store.close()
    if len(beside) > 20 and len(alone) > 20:
        tell(
            f"{rounds} backups of {median(spent):.1f} s each beside {CLIENTS} clients: a call waited {p95(beside) * 1000:.0f} ms "
            f"(95 of 100) beside them, {p95(alone) * 1000:.0f} ms without, {p95(beside) / p95(alone):.2f} ×; "
            f"the median {median(beside) / median(alone):.2f} × ({len(beside)} and {len(alone)} calls)"
        )
