"""`gongkai doctor` and `gongkai law`."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from tests.workflow.service.town import Town
from workflow.rules.upkeep import LOOK, RIGHT, WRONG
from workflow.service import stamps
from workflow.service.doctor import examine
from workflow.service.installation import open_office
from workflow.service.upkeep import machine
from workflow.service.upkeep.verifying import last_line, note_verified
from workflow.store.key import Key
from workflow.store.sealed_stream import SealingWriter

LONG = pytest.mark.long(reason="starts an installation each; the others do as well")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def begun(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """An installation on a machine of which everything is as it should be."""
    monkeypatch.setattr("workflow.service.doctor.not_on_disk", lambda _: [])
    monkeypatch.setattr(machine, "zone", lambda: timedelta(hours=8))
    monkeypatch.setattr(machine, "synchronised", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    done = run("init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township")
    assert done.exit_code == 0
    return run


def levels(run: Callable[..., Any]) -> dict[str, str]:
    found = json.loads(run("doctor", "--json").stdout)
    assert all(set(one) == {"key", "level", "message", "remedy", "page", "source"} for one in found)
    assert all(one["remedy"] for one in found if one["level"] != RIGHT)
    return {one["key"]: one["level"] for one in found}


def test_a_new_installation_has_hints_and_nothing_that_is_wrong(begun):
    done = begun("doctor")
    assert done.exit_code == 0, done.stdout
    assert "不对：" not in done.stdout and "正在使用第 0 个密钥（aes）" in done.stdout
    assert "请看：办理记录还没有整体核验过\n    办法：gongkai verify\n" in done.stdout
    found = levels(begun)
    assert {name for name, level in found.items() if level == LOOK} >= {
        "channels.mail", "worker.runs", "log.verified", "backup.age", "law.points",
    }  # fmt: skip
    assert {name for name, level in found.items() if level == RIGHT} >= {
        "files.modes", "disk.durable", "store.shape", "key.force", "calendar.this_year", "time.behind",
        "time.synchronised", "people.passwords",
    }  # fmt: skip
    quiet = begun("doctor", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert begun("verify").exit_code == 0
    assert levels(begun)["log.verified"] == RIGHT


def test_where_the_backups_go_is_looked_at(begun, tmp_path, monkeypatch):
    folder = tmp_path / "nas"
    monkeypatch.setenv("GONGKAI_BACKUP_FOLDER", str(folder))
    done = begun("doctor", "--quiet")
    assert done.exit_code == 1 and done.stdout.count("不对：") == 1
    assert f"{folder} 不存在" in done.stdout and "请看：" not in done.stdout
    folder.mkdir()
    assert begun("backup", str(folder / "a.backup")).exit_code == 0
    (folder / "notes.backup").write_text("no backup")
    with (folder / "theirs.backup").open("xb") as to:
        about = {
            "gongkai backup": 1,
            "made_at": "2020-01-01T00:00:00+08:00",
            "version": "0",
            "revision": "0",
        }
        SealingWriter(to, Key(0, os.urandom(32)), about).finish()
    found = levels(begun)
    assert found["backup.folder"] == RIGHT
    assert (found["backup.disk"], found["backup.keys"]) == (LOOK, LOOK)
    said = begun("doctor").stdout
    assert "现有 1 份" in said and str(folder / "a.backup") in said
    assert begun("restore", str(folder / "a.backup"), "--drill").exit_code == 0
    assert levels(begun)["backup.drill"] == RIGHT
    (folder / "a.backup.keys").unlink()
    assert begun("restore", str(folder / "a.backup"), "--drill").exit_code == 0
    found = levels(begun)
    assert found["backup.drill"] == LOOK and "backup.keys" not in found


@LONG
def test_what_may_be_lost_is_wrong(begun, monkeypatch):
    off = ["synchronous_commit = off"]
    monkeypatch.setattr("workflow.service.doctor.not_on_disk", lambda _: off)
    done = begun("doctor")
    assert done.exit_code == 1 and "不对：" in done.stdout.splitlines()[0]
    assert "（synchronous_commit = off）" in done.stdout


def test_of_a_store_that_is_not_there_nothing_else_is_said_and_nothing_is_made(run, data):
    done = run("doctor")
    assert done.exit_code == 2 and "gongkai init" in done.stderr and done.stdout == ""
    assert not data.exists()


def test_a_store_of_which_the_upgrade_was_cut_off_is_told(begun):
    office = open_office(load())
    with office.store.write() as unit:
        unit.drop_stamp("whole")
    office.store.close()
    done = begun("doctor")
    assert (
        done.exit_code == 1 and "还没有升级完" in done.stdout and "gongkai migrate" in done.stdout
    )


@LONG
@pytest.mark.sqlite(reason="about the files of SQLite")
def test_files_that_others_may_read_are_named_with_what_to_do(run, data):
    before = os.umask(0)
    try:
        run("init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township")
        run("key", "rotate")
    finally:
        os.umask(before)
    wanted = {"secret.key": 0o600, "secret.key.0": 0o600, "gongkai.db": 0o600}
    assert {
        one.name: one.stat().st_mode & 0o777 for one in data.iterdir() if one.name in wanted
    } == wanted
    assert data.stat().st_mode & 0o777 == 0o700
    assert "只有本用户能读写" in run("doctor").stdout
    (data / "gongkai.db").chmod(0o644)
    (data / "secret.key.0").chmod(0o604)
    data.chmod(0o755)
    done = run("doctor")
    assert done.exit_code == 1
    told = re.findall(r"chmod (\d+) '(.+)'", done.stdout)
    assert ("600", str(data / "secret.key.0")) in told and ("700", str(data)) in told
    assert ("600", str(data / "gongkai.db")) in told
    assert f"{data / 'gongkai.db'} 的权限是 0644" in done.stdout
    for mode, path in told:
        Path(path).chmod(int(mode, 8))
    assert "只有本用户能读写" in run("doctor").stdout


@LONG
@pytest.mark.sqlite(reason="about the files of SQLite")
def test_what_sqlite_lays_beside_its_file_is_for_its_owner_too(begun, data):
    office = open_office(load())
    with office.store.write() as unit:
        unit.set_stamp("x", "y")
        beside = {one.name: one.stat().st_mode & 0o777 for one in data.glob("gongkai.db*")}
    office.store.close()
    assert beside == {"gongkai.db": 0o600, "gongkai.db-wal": 0o600, "gongkai.db-shm": 0o600}


@LONG
def test_a_coming_key_and_what_is_not_sealed_anew_are_said(begun):
    begun("key", "rotate", "--prepare")
    assert "第 1 个密钥已经放好，还没有使用\n    办法：gongkai key rotate" in begun("doctor").stdout
    begun("key", "rotate", "--later")
    assert "用第 0 个密钥保存的\n    办法：gongkai key reseal" in begun("doctor").stdout
    begun("key", "reseal")
    assert "reseal" not in begun("doctor").stdout


@LONG
def test_two_keys_are_said(begun, data, monkeypatch):
    monkeypatch.setenv("GONGKAI_SECRET", (data / "secret.key").read_bytes().hex())
    refused = begun("doctor")
    assert refused.exit_code == 2 and "不是本库的密钥" in refused.stderr


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    one = Town(tmp_path, "2024-05-06")
    yield one
    one.office.store.close()


def found_in(town: Town, tmp_path: Path, key: str) -> Any:
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path)})
    (found,) = [one for one in examine(town.office, settings) if one.key == key]
    return found


@pytest.mark.parametrize(("behind", "level"), [(1, RIGHT), (3, WRONG)])
def test_a_clock_that_is_behind_the_newest_entry_is_said(town, tmp_path, behind, level):
    assert "2024-05-06 10:00 不早于" in found_in(town, tmp_path, "time.behind").message
    town.file()
    town.now -= timedelta(minutes=behind)
    told = found_in(town, tmp_path, "time.behind")
    assert told.level == level
    assert ("早于最近一条办理记录 2024-05-06 10:00" in told.message) is (level == WRONG)


def test_what_came_since_the_last_verification_is_counted(town, tmp_path):
    town.file()
    seen = last_line(town.office)
    assert seen > 0
    town.file()
    note_verified(town.office, seen, 0)
    new = last_line(town.office) - seen
    assert f"之后新增 {new} 条" in found_in(town, tmp_path, "log.verified").message
    note_verified(town.office, last_line(town.office), 2)
    told = found_in(town, tmp_path, "log.verified")
    assert told.level == WRONG and "新增 0 条；那一次有 2 处不符" in told.message


def test_stamps_of_backups_are_read(town, tmp_path):
    with town.office.store.write() as unit:
        unit.set_stamp(stamps.BACKED_UP, stamps.said(town.now - timedelta(days=1), file="x"))
        unit.set_stamp(stamps.DRILL, stamps.said(town.now - timedelta(days=9), good=True))
    assert found_in(town, tmp_path, "backup.age").level == RIGHT
    assert "2024-04-27" in found_in(town, tmp_path, "backup.drill").message
    town.now += timedelta(days=7)
    assert found_in(town, tmp_path, "backup.age").level == WRONG


# -- law ----------------------------------------------------------------------------------------------


@LONG
def test_the_points_of_the_law_are_listed_and_noted_once_a_person_has_looked(begun):
    listed = begun("law", "points")
    assert "notice_numbers：" in listed.stdout and "对照：" in listed.stdout
    found = json.loads(begun("law", "points", "--json").stdout)
    assert found["checked"] is None and len(found["points"]) > 3
    year = found["year"]
    assert f"{year} 年的要点还没有人核对" in listed.stdout
    assert begun("law", "checked", "--year", "2019").exit_code == 1
    assert begun("law", "checked", "--year", str(year), "--by", "nobody").exit_code == 1
    done = begun("law", "checked", "--year", str(year), "--by", "admin", "--note", "与通知一致")
    assert done.exit_code == 0, done.output
    assert f"{year} 年的要点，管理员 在" in begun("law", "points").stdout
    assert levels(begun)["law.points"] == RIGHT
    assert begun("verify").exit_code == 0
