"""`gongkai upgrade`: what it says, what it refuses, what it does, and the way back."""

import json
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from tests.workflow.service.backups.installed import Installation
from tests.workflow.store.later import EXPANDED, later_version
from tests.workflow.store.old_stores import REVISIONS, old_store
from workflow.dates import SHANGHAI
from workflow.service import upgrading
from workflow.service.cases.verify import verify
from workflow.service.stamps import BACKED_UP
from workflow.service.storing import move
from workflow.service.upgrading import Outlook
from workflow.store import standing_file
from workflow.store.migrate import go_back, migrate, newest, revision, steps
from workflow.store.session_models import DeskSessionRow
from workflow.store.standing_file import FOLDER

BEFORE = steps().steps[-2].revision
Usage = namedtuple("Usage", "total used free")
LONG = pytest.mark.long(reason="every run does it with the first of them")
ON_A_FILE = pytest.mark.sqlite(reason="looks at its file, or copies it")


@pytest.fixture
def older(run: Run) -> None:
    """A store that lacks the last migration."""
    assert run(*INIT).exit_code == 0
    office = office_of_the_store()
    go_back(office.store.engine, BEFORE)
    office.store.close()


def here() -> str | None:
    office = office_of_the_store()
    found = revision(office.store.engine)
    office.store.close()
    return found


def say(*statements: tuple[str, dict[str, Any]]) -> None:
    office = office_of_the_store()
    with office.store.engine.begin() as connection:
        for statement, given in statements:
            connection.execute(text(statement), given)
    office.store.close()


def a_backup(hours_ago: float) -> None:
    at = datetime.now(SHANGHAI) - timedelta(hours=hours_ago)
    say((
        "INSERT INTO stamp (name, value) VALUES (:name, :value)",
        {"name": BACKED_UP, "value": json.dumps({"at": at.isoformat(timespec="seconds")})},
    ))  # fmt: skip


def test_what_is_up_to_date_stays(run: Run) -> None:
    run(*INIT)
    for given in (("--check",), ()):
        told = run("upgrade", *given)
        assert told.exit_code == 0 and "已是最新" in told.stdout
    assert run("upgrade", "--check", "--back", "previous").exit_code == 2


def test_where_no_store_is_none_is_made(run: Run, tmp_path: Path) -> None:
    told = run("upgrade", "--check")
    assert told.exit_code == 2 and "gongkai init" in told.stderr


def test_checking_tells_every_step_and_changes_nothing(run: Run, older: None) -> None:
    told = run("upgrade", "--check")
    assert told.exit_code == 1 and "没有做过备份" in told.stderr
    assert steps().steps[-1].says in told.stdout and "须停止" in told.stdout
    data = json.loads(run("upgrade", "--check", "--json", "--without-backup").stdout)
    assert (data["here"], data["wanted"], data["to_do"]) == (BEFORE, newest(), True)
    assert data["in_the_way"] == [] and [one["revision"] for one in data["steps"]] == [newest()]
    assert here() == BEFORE


def test_it_asks_for_a_backup_that_is_young_enough(run: Run, older: None) -> None:
    assert run("upgrade").exit_code == 1 and here() == BEFORE
    a_backup(hours_ago=30)
    assert run("upgrade").exit_code == 1 and here() == BEFORE
    done = run("upgrade", "--backup-within", "31")
    assert done.exit_code == 0 and f"{BEFORE} → {newest()}" in done.stdout
    assert here() == newest()
    office = office_of_the_store()
    assert verify(office) == []
    office.store.close()


def test_one_that_was_cut_off_after_the_shape_is_finished(run: Run, older: None) -> None:
    """The shape is there, what belongs to it is not: nothing starts, and `upgrade` does not say that all is done."""
    office = office_of_the_store()
    migrate(office.store.engine)
    office.store.close()
    assert run("verify").exit_code == 2
    told = run("upgrade", "--check")
    assert told.exit_code == 1 and "上次升级时中断了" in told.stdout and "备份" in told.stderr
    data = json.loads(run("upgrade", "--check", "--json", "--without-backup").stdout)
    assert (
        data["half"] and data["to_do"] and [one["revision"] for one in data["steps"]] == [newest()]
    )
    done = run("upgrade", "--without-backup")
    assert done.exit_code == 0 and "已升级" in done.stdout
    assert run("verify").exit_code == 0
    assert "已是最新" in run("upgrade").stdout


def test_who_says_that_there_is_a_backup_is_believed(run: Run, older: None) -> None:
    data = json.loads(run("upgrade", "--without-backup", "--json").stdout)
    assert (data["before"], data["after"], data["broken"]) == (BEFORE, newest(), [])


def test_a_worker_that_runs_is_in_the_way(run: Run, older: None) -> None:
    until = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=1)
    moment = until.isoformat(sep=" ")
    say(("INSERT INTO lease (name, holder, until) VALUES ('worker', 'x', :until)", {"until": moment}))  # fmt: skip
    told = run("upgrade", "--without-backup")
    assert told.exit_code == 1 and "停止" in told.stderr and here() == BEFORE
    say(("UPDATE lease SET until = '2020-01-01 00:00:00'", {}))
    assert run("upgrade", "--without-backup").exit_code == 0


@ON_A_FILE
def test_too_little_room_is_in_the_way(
    run: Run, older: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    told = run("upgrade", "--without-backup")
    assert told.exit_code == 1 and "磁盘空间不够" in told.stderr and here() == BEFORE


@ON_A_FILE
def test_a_rehearsal_leaves_the_store_and_nothing_beside_it(run: Run, older: None, tmp_path: Path) -> None:  # fmt: skip
    files = {path.name for path in (tmp_path / "data").iterdir()}
    told = run("upgrade", "--rehearse")
    assert told.exit_code == 0 and "试升级" in told.stdout and here() == BEFORE
    assert {path.name for path in (tmp_path / "data").iterdir()} <= files | {
        "gongkai.db-wal", "gongkai.db-shm",
    }  # fmt: skip


@ON_A_FILE
def test_a_rehearsal_reads_contents_where_they_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    house = Installation(tmp_path, file_storage=str(tmp_path / "papers"))
    assert move(house.office).files == 1
    lying = sorted(tmp_path.glob("papers/**/*"))
    assert upgrading.rehearse(house.office).broken == ()
    assert sorted(tmp_path.glob("papers/**/*")) == lying
    house.office.store.close()


def of_before(folder: Path, shape: str) -> None:
    """A data folder with the store that an earlier version left."""
    folder.mkdir(mode=0o700)
    (folder / "secret.key").write_bytes(bytes(range(32)))
    (folder / "secret.key").chmod(0o600)
    old_store(shape, folder / "gongkai.db").engine.dispose()


@ON_A_FILE
@pytest.mark.parametrize(
    "shape", [REVISIONS[0], *(pytest.param(one, marks=LONG) for one in REVISIONS[1:])]
)
def test_what_the_new_program_backs_up_may_be_upgraded(run: Run, tmp_path: Path, shape: str) -> None:  # fmt: skip
    """The runbook's way: looked at, backed up and upgraded, all of it with the new program."""
    of_before(tmp_path / "data", shape)
    assert run("upgrade", "--check").exit_code == 1
    made = run("backup", str(tmp_path / "a.backup"))
    assert made.exit_code == 0, made.output
    drilled = run("restore", str(tmp_path / "a.backup"), "--drill")
    assert drilled.exit_code == 0, drilled.output
    assert run("upgrade", "--check").exit_code == 0
    done = run("upgrade")
    assert done.exit_code == 0 and f"{shape} → {newest()}" in done.stdout, done.output
    levels = {one["key"]: one["level"] for one in json.loads(run("doctor", "--json").stdout)}
    assert (levels["backup.age"], levels["backup.drill"]) == ("right", "right")


@ON_A_FILE
def test_a_store_of_the_first_release_is_looked_at_and_brought_up(run: Run, tmp_path: Path) -> None:
    of_before(tmp_path / "data", "0011")
    data = json.loads(run("upgrade", "--check", "--json", "--without-backup").stdout)
    assert data["here"] == "0011" and data["steps"][0]["revision"] == "0012" and data["refolds"]
    assert 0 < data["open_cases"] < data["cases"] and not data["side_by_side"]
    assert data["seconds"] == pytest.approx(
        upgrading.SLOWER * data["cases"] * sum(steps().milliseconds.values()) / 1000
    )
    told = run("upgrade", "--without-backup")
    assert told.exit_code == 0, told.output
    assert f"0011 → {newest()}" in told.stdout and "全部相符" in told.stderr


# -- back -----------------------------------------------------------------------------------------------


def test_nobody_goes_back_where_that_is_not_promised(run: Run, older: None) -> None:
    run("upgrade", "--without-backup")
    for to in ("previous", BEFORE, "0001"):
        told = run("upgrade", "--back", to, "--yes", "--without-backup")
        assert told.exit_code == 1 and "恢复升级以前的备份" in told.stderr
    for to in ("0006", newest(), "x"):
        told = run("upgrade", "--back", to, "--yes", "--without-backup")
        assert told.exit_code == 1 and "没有可以退回的" in told.stderr
    assert here() == newest()


def test_what_is_lost_is_said_first_and_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*INIT)
    monkeypatch.setattr(standing_file, "FOLDER", later_version(tmp_path / "next"))
    assert run("upgrade", "--without-backup").exit_code == 0 and here() == EXPANDED
    asked = run("upgrade", "--back", "previous", "--without-backup")
    assert asked.exit_code == 1 and "案卷的颜色" in asked.stdout and "--yes" in asked.stderr
    assert "可以直接使用现在的库" in asked.stdout
    unsaved = run("upgrade", "--back", "previous", "--yes")
    assert unsaved.exit_code == 1 and "备份" in unsaved.stderr and here() == EXPANDED
    done = run("upgrade", "--back", "previous", "--yes", "--without-backup")
    assert done.exit_code == 0, done.output
    monkeypatch.setattr(standing_file, "FOLDER", FOLDER)
    checked = run("verify")
    assert checked.exit_code == 0, f"the program of then does not go on: {checked.output}"


def test_a_store_that_is_too_new_is_told_and_left(run: Run) -> None:
    run(*INIT)
    say(
        ("UPDATE alembic_version SET version_num = '9997'", {}),
        ("UPDATE stamp SET value = '9997' WHERE name = 'oldest version'", {}),
    )
    for command in (("upgrade", "--check"), ("upgrade", "--back", "previous"), ("migrate",)):
        told = run(*command)
        assert told.exit_code == 2 and "备份" in told.stderr, told.output


# -- what stands in the way ---------------------------------------------------------------------------------

NOW = datetime(2026, 6, 15, 9, tzinfo=SHANGHAI)


def outlook(**given: Any) -> Outlook:
    known: dict[str, Any] = {
        "here": "0052", "wanted": "0053", "ahead": False, "half": False, "steps": steps().steps[-1:], "cases": 10, "open_cases": 2,
        "refolds": False, "seconds": 3.0, "size": 1000, "free": 2000, "backup_at": NOW, "worker": False, "at_work": 0,
    }  # fmt: skip
    return Outlook(**(known | given))


@pytest.mark.parametrize(
    ("given", "stopped"),
    [
        ({}, 0), ({"free": 1999}, 1), ({"free": None}, 0), ({"worker": True}, 1), ({"backup_at": None}, 1),
        ({"backup_at": NOW - timedelta(hours=24)}, 0), ({"backup_at": NOW - timedelta(hours=24, seconds=1)}, 1),
        ({"steps": (), "backup_at": None, "worker": True, "free": 0}, 0),
        ({"ahead": True, "backup_at": None, "worker": True, "free": 0}, 0),
        ({"steps": (), "refolds": True, "worker": True}, 1),
        ({"steps": (), "half": True, "backup_at": None}, 1),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(given: dict[str, Any], stopped: int) -> None:
    assert len(outlook(**given).in_the_way(NOW)) == stopped


def test_one_step_that_wants_all_stopped_stops_all() -> None:
    beside, alone = (replace(steps().steps[-1], side_by_side=one) for one in (True, False))
    assert outlook(steps=(beside, beside)).side_by_side
    assert not outlook(steps=(beside, alone)).side_by_side
    assert not outlook(steps=(beside,), refolds=True).side_by_side


def test_who_has_clicked_just_now_is_at_work(run: Run) -> None:
    run(*INIT)
    now = datetime.now(UTC)
    office = office_of_the_store()
    with office.store.write() as unit:
        for number, minutes, ended in ((1, 9, None), (2, 11, None), (3, 1, now), (4, 600, None)):
            at = now - timedelta(minutes=minutes)
            unit.session.add(DeskSessionRow(mark=f"{number}" * 64, user_id=1, device="", begun_at=at, seen_at=at, ended_at=ended))  # fmt: skip
    office.store.close()
    assert json.loads(run("upgrade", "--check", "--json").stdout)["at_work"] == 1
