"""Acknowledged means on disk: what somebody was told is kept, a power cut does not take away."""

import os
import random
import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import event, text

import workflow
from tests.stores import on_sqlite
from tests.workflow.store.on_disk import STRACE, watched
from workflow.service.installation import temporary_office
from workflow.store.dialect import not_on_disk
from workflow.store.store import Store

ROOMS = [
    Path(workflow.__file__).parents[1] / name
    for name in ("workflow", "webui", "notifications", "config")
]


@pytest.mark.sqlite(reason="PostgreSQL's settings are its server's")
def test_every_connection_waits_for_the_disk(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    for engine in (store.engine, store._reading):
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert not_on_disk(connection) == []
    store.close()
    event.listen(
        store.engine, "connect", lambda made, _: made.execute("PRAGMA synchronous = NORMAL")
    )
    with store.engine.connect() as connection:
        assert not_on_disk(connection) == ["synchronous = 1"]
    store.close()
    with temporary_office() as office, office.store.engine.connect() as connection:
        assert not_on_disk(connection) == []


def test_there_is_one_door_to_the_database() -> None:
    """Engines are made in one place, so that no connection has settings of its own; others only look or copy."""
    opens = re.compile(
        r"\bcreate_engine\(|sqlite3\.connect(?!.*mode=ro)|psycopg\.connect|PRAGMA synchronous"
    )
    found = [
        path.name
        for room in ROOMS
        for path in room.rglob("*.py")
        if opens.search(path.read_text(encoding="utf-8"))
    ]
    assert sorted(found) == [
        "dialect_snapshot.py", "engine.py", "notices.py", "scratch.py", "standing_file.py",
    ]  # fmt: skip


FILING = """
import os, sys
from pathlib import Path
from workflow.store import dialect
from webui.app import create_app
from config.settings import load
from workflow.service.accounts import Accounts
from workflow.service.installation import migrate_office, open_office

settings = load()
office = open_office(settings)
migrate_office(office)
Accounts(office).initialise(code="panlong", name="盘龙彝族乡人民政府", level="township")
if os.environ["SYNC"] == "NORMAL":
    from sqlalchemy import event
    office.store.engine.dispose()
    event.listen(office.store.engine, "connect", lambda c, r: c.execute("PRAGMA synchronous = NORMAL"))
client = create_app(office, settings).test_client()
client.get("/healthz")
os.write(1, b"begin")
answer = client.post("/api/v1/applications", json={
    "agency": "panlong",
    "applicant": {"kind": "citizen", "name": "张三丰", "id_type": "resident_id",
                  "id_number": "11010519491231002X", "phone": "13800000000"},
    "items": ["2023年度农村公路养护合同"], "delivery": ["pickup"], "medium": ["paper"],
})
os.write(1, f"{answer.status_code} {answer.json['number']}".encode())
os._exit(0)
"""


@pytest.mark.sqlite(reason="PostgreSQL writes its files itself")
@pytest.mark.long(reason="two programs under strace")
@pytest.mark.parametrize("how", ["FULL", "NORMAL"])
def test_an_application_that_was_answered_outlives_a_power_cut(tmp_path: Path, how: str) -> None:
    """NORMAL, as it was, shows that the model takes away what is not on the disk."""
    if STRACE is None and not os.environ.get("CI"):
        pytest.skip("strace is not installed")
    data = tmp_path / "data"
    data.mkdir()
    environ = {
        "GONGKAI_DATA_DIR": str(data), "GONGKAI_DATABASE_URL": on_sqlite(data / "gongkai.db"), "SYNC": how,
        "PYTHONPATH": str(ROOMS[0].parent),
    }  # fmt: skip
    before = 0
    for said, disk in watched(FILING, data, tmp_path / "log", **environ):
        if said == "begin":
            before = disk.syncs
            continue
        status, number = said.split()
        assert status == "201"
        syncs = disk.syncs - before
        for cut in range(6):
            there = tmp_path / f"cut{cut}"
            disk.cut(there, random.Random(cut) if cut else None)
            found = numbers(there / "gongkai.db")
            if how == "FULL":
                assert found == [number]
            elif not cut:
                assert found == [] and syncs == 0
        assert how == "NORMAL" or 1 <= syncs <= 4, syncs
        return
    raise AssertionError("nothing was answered")


def numbers(path: Path) -> list[str]:
    """The cases in a store as it was left, after SQLite put it in order."""
    done = subprocess.run(
        ["python3", "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
         "print(*[n for (n,) in c.execute('SELECT number FROM \"case\"')], c.execute('PRAGMA integrity_check').fetchone()[0])",
         str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    *found, whole = done.stdout.split()
    assert whole == "ok"
    return found
