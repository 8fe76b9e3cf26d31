"""A migration that is cut off has not been: all that is pending is one transaction, on both databases."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.examples import ROOT
from tests.stores import differences, for_others
from tests.workflow.service.sampling import KEYS
from tests.workflow.store.old_stores import old_store
from tests.workflow.store.test_ladder import rows
from tests.workflow.store.test_old_stores import LATER
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.store.migrate import migrate, newest, revision

OLD = "0011"
KILLED = """
import os, signal, sys
from sqlalchemy import event
from workflow.store.migrate import migrate
from workflow.store.store import Store
store = Store(sys.argv[1])
@event.listens_for(store.engine, "after_cursor_execute")
def done(*given):
    if sys.argv[2] in given[2]:
        os.kill(os.getpid(), signal.SIGKILL)
migrate(store.engine)
"""


class CutOff(Exception):
    """A fault anywhere."""


def shape(engine: Any) -> tuple[Any, ...]:
    with engine.connect() as connection:
        return revision(engine), rows(connection), differences(connection) == []


@pytest.mark.tampering(reason="its store has an older shape when it is closed")
def test_what_is_pending_is_all_done_or_not_begun(tmp_path: Path) -> None:
    store = old_store(OLD, tmp_path / "store.db")
    before = shape(store.engine)

    def fail(*given: Any) -> None:
        if "journal_head" in given[2]:
            raise CutOff

    event.listen(store.engine, "after_cursor_execute", fail)
    with pytest.raises(CutOff):
        migrate(store.engine)
    event.remove(store.engine, "after_cursor_execute", fail)
    assert shape(store.engine) == before and before[0] == OLD
    store.close()


@pytest.mark.long(reason="starts a process for each place; every run cuts off within one")
@pytest.mark.parametrize(
    "place", ["query_hash", "letter_number", "='0030'", "name_hash", "='0053'"]
)
def test_who_is_killed_within_leaves_the_shape_of_before(place: str, tmp_path: Path) -> None:
    store = old_store(OLD, tmp_path / "store.db")
    before = shape(store.engine)
    store.engine.dispose()
    url = for_others(tmp_path / "store.db")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, place], cwd=ROOT, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert shape(store.engine) == before
    office = Office(store, KEYS, now=lambda: LATER)
    assert migrate_office(office) == (OLD, newest())
    assert verify(office) == []
    store.close()
