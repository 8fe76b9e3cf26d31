"""Looking at a file takes nothing away from who works with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.service.sampling import migrated_store
from workflow.store.standing_file import State, state_of_file

pytestmark = pytest.mark.sqlite(reason="about locks on a file")
ANOTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM stamp").fetchone()
connection.close()
"""
"""Another process that reads and goes: it clears away behind itself, if it is the last one."""


def test_what_is_written_after_somebody_looked_is_seen_by_others(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    store = migrated_store(path)

    def note(value: str) -> None:
        with store.write() as unit:
            unit.set_stamp("note", value)

    note("before")
    assert state_of_file(path) is State.READY
    subprocess.run([sys.executable, "-c", ANOTHER, str(path)], check=True, timeout=60)
    assert Path(f"{path}-wal").exists(), "the other one took itself for the last"
    note("after")
    asked = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(\"SELECT value FROM stamp WHERE name = 'note'\").fetchone()[0])"
    seen = subprocess.run(
        [sys.executable, "-c", asked, str(path)], check=True, timeout=60, capture_output=True, text=True
    )  # fmt: skip
    assert seen.stdout.strip() == "after"
    store.close()


def test_a_file_that_nobody_here_works_with_is_held_to_its_header(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    migrated_store(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Exception, match="不完整"):
        state_of_file(path)


def test_what_a_killed_process_left_in_its_log_counts(tmp_path: Path) -> None:
    """The file itself still says what it was before."""
    path = tmp_path / "gongkai.db"
    migrated_store(path).close()
    left = (
        "import os, sqlite3, sys; one = sqlite3.connect(sys.argv[1]); one.execute('PRAGMA journal_mode = wal');"
        "one.execute(\"UPDATE alembic_version SET version_num = '0053'\"); one.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", left, str(path)], check=True, timeout=60)
    assert Path(f"{path}-wal").stat().st_size and state_of_file(path) is State.OLDER
