"""`verify` beside the least that it can cost: every line of the log read, and its hash chained."""

import hashlib
import json
import sqlite3
from pathlib import Path

from sqlalchemy import text

from tests.bench.conftest import interleaved
from tests.bench.logged_cases import office_with
from tests.counting import work
from workflow.service.cases.verify import verify

BARE = """SELECT case_id, seq, event, "on", fields, actor, role, recorded_at, filled FROM event
 ORDER BY case_id, seq"""


def bare(path: Path) -> int:
    """The chain of every log, computed by hand; how many lines there are."""
    number, case, chain = 0, None, ""
    connection = sqlite3.connect(path)
    for case_id, seq, event, on, fields, actor, role, at, filled in connection.execute(BARE):
        chain, case = (chain if case_id == case else ""), case_id
        said = [chain, seq, event, on, json.loads(fields), actor, role, at, json.loads(filled)]
        line = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        chain = hashlib.sha256(line.encode()).hexdigest()
        number += 1
    connection.close()
    return number


def test_verifying_costs_few_bare_hash_chains(tmp_path, full, tell):
    """Aim: at most 3 times a bare hash chain from the last verified head on."""
    cases, rounds = (4_000, 3) if full else (60, 1)
    office = office_with(tmp_path, cases)
    path = tmp_path / "store.db"
    with work() as first:
        assert verify(office) == []
    assert first.folds == cases
    with office.store.engine.connect() as connection:
        lines = connection.execute(text("SELECT count(*) FROM event")).scalar_one()
    assert bare(path) == lines
    with work() as again:
        assert verify(office) == []
    assert again.folds == 0
    ways = (
        lambda: bare(path),
        lambda: verify(office, full=True),
        lambda: verify(office),
        lambda: verify(office, processes=2),
    )
    chain, anew, later, shared = interleaved(ways, rounds)
    tell(
        f"verify {cases} cases with {lines} lines: {later / (chain or 1):.1f} × a bare hash chain from the"
        f" last time on (aim 3), in two processes {shared / (chain or 1):.1f}; all folded anew"
        f" {anew / (chain or 1):.1f}   [{1e6 * later / cases:.0f} and {1e6 * anew / cases:.0f} µs a case,"
        f" chain {1e6 * chain / cases:.0f}]"
    )
    office.store.close()
