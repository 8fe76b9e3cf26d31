"""Eight committed events of one case through the office, beside the bare statements that they are made of
and, where they are installed (`make bench-peers`), beside two real workflow libraries with their stores.

CPU time of one run, taken in turns; the peers run in an environment of their own, as processes.
"""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from sqlalchemy import text

from tests.workflow.case.proved import judged
from tests.workflow.service.township import HOME, Town
from workflow.service.installation import temporary_office

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv/peers/bin/python"
WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("assign", "2024-03-21", {"to": "农业中心"}),
    ("record_search", "2024-03-25", {"sources": ["档案室"], "keywords": ["合同"], "hits": 2}),
    ("extend", "2024-03-26", {"days": 10, "reason": "需查阅历年纸质档案"}),
    ("propose_outcome", "2024-03-27", {"outcome": "supplied"}),
    ("send_to_secrecy_review", "2024-03-28", {}),
    ("pass_secrecy_review", "2024-03-29", judged()),
    ("pass_legal_check", "2024-04-01", {}),
    ("approve", "2024-04-02", {}),
)  # fmt: skip
"""From the registry to the signature."""


class Bare:
    """The same number of transactions with nothing in them but one read, one insert and one update."""

    def __init__(self, town: Town) -> None:
        self.engine = town.office.store.engine
        with self.engine.begin() as at:
            at.execute(
                text("CREATE TABLE bare_case (id INTEGER PRIMARY KEY, state TEXT, length INTEGER)")
            )
            at.execute(
                text("CREATE TABLE bare_event (id INTEGER PRIMARY KEY, of INTEGER, name TEXT)")
            )

    def walk(self, number: int) -> None:
        with self.engine.begin() as at:
            at.exec_driver_sql("INSERT INTO bare_case VALUES (?, 'registered', 0)", (number,))
        for name, _, _ in WAY:
            with self.engine.begin() as at:
                found = at.exec_driver_sql("SELECT * FROM bare_case WHERE id = ?", (number,)).one()
                at.exec_driver_sql(
                    "INSERT INTO bare_event (of, name) VALUES (?, ?)", (number, name)
                )
                at.exec_driver_sql(
                    "UPDATE bare_case SET state = ?, length = ? WHERE id = ?",
                    (name, found.length + 1, number),
                )


def peer(script: str, cases: int) -> list[float]:
    """The CPU seconds of each case of a peer."""
    done = subprocess.run(
        [PEERS, ROOT / "tests/bench/peers" / script, str(cases)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    found: list[float] = json.loads(done.stdout)
    return found


def test_eight_committed_events_beside_bare_statements_and_peers(
    full: bool, tell: Callable[[str], None]
) -> None:
    """Aim: not dearer than django-fsm-2 with django-fsm-log."""
    rounds, each = (4, 20) if full else (1, 1)
    spent: dict[str, list[float]] = {"ours": [], "bare": []}
    with temporary_office() as office:
        town = Town(office)
        town.clock(date(2024, 5, 6))
        bare = Bare(town)
        for turn in range(rounds):
            for one in range(each):
                number = town.register("2024-03-20", proof=f"E{turn:04d}{one:04d}")
                people = [town.drafter.within(HOME), town.reviewer.within(HOME)]
                begun = process_time()
                for name, on, fields in WAY:
                    by = people[name in ("pass_secrecy_review", "pass_legal_check", "approve")]
                    done = town.moving.apply(by, number, name, {"on": on, **fields})
                spent["ours"].append(process_time() - begun)
                assert done.state == "ready"
                begun = process_time()
                bare.walk(turn * each + one + 1)
                spent["bare"].append(process_time() - begun)
            if full and PEERS.exists():
                for script in ("fsm_log", "spiff"):
                    spent.setdefault(script, []).extend(peer(f"{script}.py", each))
    ours = median(spent.pop("ours"))
    for other, seconds in spent.items():
        tell(
            f"eight committed events: {ours / median(seconds):.2f} × {other}"
            f"   [{1e3 * ours:.2f} ms, {other} {1e3 * median(seconds):.2f} ms]"
        )
    if not PEERS.exists():
        tell("the peers are not installed: make bench-peers")
