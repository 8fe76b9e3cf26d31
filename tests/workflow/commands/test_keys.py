"""`gongkai key` and `gongkai doctor`."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import load
from tests.workflow.service.sampling import migrated_store
from tests.workflow.service.town import Town
from workflow import dates
from workflow.service.doctor import examine
from workflow.service.installation import open_office
from workflow.store.key_folder import KeyFolder
from workflow.store.sealed import Secrets

LONG = pytest.mark.long(
    reason="starts an installation each; every run has a new key and a weak one"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def begun(run, data: Path):
    assert (
        run("init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township").exit_code == 0
    )
    return run


def test_a_new_key_takes_over_and_the_status_says_so(begun, data):
    done = begun("key", "rotate")
    assert done.exit_code == 0, done.output
    assert f"正在使用第 1 个密钥 {data / 'secret.key'}" in done.stdout
    assert f"以前的密钥在 {data / 'secret.key.0'}" in done.stdout
    assert "已用现在的密钥重新保存" in done.stdout and "GONGKAI_SECRET" not in done.stdout
    told = begun("key", "status").stdout
    assert "第 0 个密钥（aes）：以前的" in told and "第 1 个密钥（aes）：正在使用" in told
    found = json.loads(begun("key", "status", "--json").stdout)
    assert [(one["number"], one["in_force"], one["here"]) for one in found] == [
        (0, False, True),
        (1, True, True),
    ]
    assert found[1]["needed"]


@LONG
def test_sealing_anew_may_wait(begun):
    done = begun("key", "rotate", "--later")
    assert "请运行 gongkai key reseal" in done.stdout and "重新保存 0" not in done.stdout
    assert begun("key", "reseal", "--without-search").exit_code == 0
    assert json.loads(begun("key", "status", "--json").stdout)[0]["to_seal"] == {"search": 1}
    assert begun("key", "reseal").exit_code == 0
    found = json.loads(begun("key", "status", "--json").stdout)
    assert found[0]["to_seal"] == {}
    told = begun("key", "status").stdout
    assert ("不再需要" in told) is not found[0]["needed"]


@LONG
def test_a_key_for_several_machines_is_laid_ready_first(begun, data):
    done = begun("key", "rotate", "--prepare")
    assert f"新的密钥在 {data / 'secret.key.1'}，还没有使用" in done.stdout
    assert "第 1 个密钥（aes）：已放好，还没有使用" in begun("key", "status").stdout
    laid = (data / "secret.key.1").read_bytes()
    assert begun("key", "rotate").exit_code == 0
    assert (data / "secret.key").read_bytes() == laid


@LONG
def test_the_next_key_is_of_the_kind_that_is_set(begun, data, monkeypatch):
    monkeypatch.setenv("GONGKAI_CIPHER", "sm")
    told = begun("doctor")
    assert told.exit_code == 1 and "设置 cipher 是 sm，正在使用的密钥是 aes" in told.stdout
    begun("key", "rotate")
    assert "第 1 个密钥（sm）：正在使用" in begun("key", "status").stdout
    assert "设置 cipher" not in begun("doctor").stdout
    monkeypatch.setenv("GONGKAI_CIPHER", "des")
    wrong = begun("doctor")
    assert wrong.exit_code == 2 and "cipher 须为 aes、sm 之一" in wrong.stderr


def test_a_weak_secret_of_the_environment_starts_nothing_and_can_be_replaced(
    run, data, monkeypatch
):
    monkeypatch.setenv("GONGKAI_SECRET", "change-me")
    with monkeypatch.context() as before:  # an older version took it
        before.setattr("workflow.store.key_folder.weak", lambda _: False)
        run("init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township")
    for words in (
        ["verify"],
        ["doctor"],
        ["migrate"],
        ["worker", "--once"],
        ["user", "list"],
        ["serve"],
    ):
        refused = run(*words)
        assert refused.exit_code == 2, words
        assert "太弱" in refused.stderr and len(refused.stderr.splitlines()) == 1
    done = run("key", "rotate")
    assert done.exit_code == 0, done.output
    assert "请删去这个变量" in done.stdout
    assert sorted(one.name for one in KeyFolder(data).files()) == ["secret.key", "secret.key.0"]
    still = run("verify")
    assert still.exit_code == 2 and "太弱" in still.stderr
    monkeypatch.delenv("GONGKAI_SECRET")
    assert run("verify").exit_code == 0


@LONG
def test_an_empty_variable_is_said_by_every_way_in(run, data, monkeypatch):
    monkeypatch.setenv("GONGKAI_SECRET", "")
    for words in (
        ["init", "--agency", "a", "--name", "b", "--level", "township"],
        ["serve"],
        ["key", "status"],
    ):
        refused = run(*words)
        assert refused.exit_code == 2 and "GONGKAI_SECRET 是空的" in refused.stderr
    assert not (data / "secret.key").exists()


# -- doctor -----------------------------------------------------------------------------------------


def test_a_new_installation_is_as_it_should_be(begun, monkeypatch):
    monkeypatch.setattr("workflow.service.doctor.not_on_disk", lambda _: [])
    done = begun("doctor")
    assert done.exit_code == 0, done.stdout
    assert len(done.stdout.splitlines()) == 5 and "注意" not in done.stdout
    assert "正在使用第 0 个密钥（aes）" in done.stdout
    assert [one["of"] for one in json.loads(begun("doctor", "--json").stdout)] == [
        "key",
        "files",
        "disk",
        "clock",
        "backup",
    ]


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
    assert (
        "600",
        str(data / "gongkai.db"),
    ) in told and f"{data / 'gongkai.db'} 的权限是 0644" in done.stdout
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
@pytest.mark.parametrize(("behind", "good"), [(1, True), (3, False)])
def test_a_clock_that_is_behind_the_newest_entry_is_said(tmp_path, behind, good):
    town = Town(tmp_path, "2024-05-06")
    settings = load({"GONGKAI_DATA_DIR": str(tmp_path)})

    def told():
        (found,) = [one for one in examine(town.office, settings) if one.of == "clock"]
        return found

    assert told().good and "2024-05-06 10:00 不早于" in told().message
    town.file()
    town.now -= timedelta(minutes=behind)
    assert told().good is good
    assert ("早于最近一条办理记录 2024-05-06 10:00：请校准机器的时间" in told().message) is not good
    town.office.store.close()


@LONG
def test_what_may_be_lost_is_said(begun, monkeypatch):
    monkeypatch.setattr(
        "workflow.service.doctor.not_on_disk", lambda _: ["synchronous_commit = off"]
    )
    done = begun("doctor")
    assert done.exit_code == 1 and "（synchronous_commit = off）" in done.stdout


@LONG
def test_a_coming_key_and_what_is_not_sealed_anew_are_said(begun):
    begun("key", "rotate", "--prepare")
    assert "第 1 个密钥已经放好，还没有使用" in begun("doctor").stdout
    begun("key", "rotate", "--later")
    assert "用第 0 个密钥保存的：请运行 gongkai key reseal" in begun("doctor").stdout
    begun("key", "reseal")
    assert "reseal" not in begun("doctor").stdout


@LONG
def test_two_keys_are_said(begun, data, monkeypatch):
    monkeypatch.setenv("GONGKAI_SECRET", (data / "secret.key").read_bytes().hex())
    refused = begun("doctor")
    assert refused.exit_code == 2 and "不是本库的密钥" in refused.stderr


# -- names and requests at rest ----------------------------------------------------------------------


def test_words_are_sealed_and_lie_plain_again_as_the_setting_says(run, tmp_path, monkeypatch):
    """Where the setting says otherwise, the command says what to do and changes nothing."""
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    data = Path(load()["data_dir"])
    keys = Secrets.of_folder(data)
    data.mkdir(exist_ok=True)
    migrated_store(data / "gongkai.db").close()
    yesterday = (dates.now() - timedelta(days=1)).date().isoformat()
    town = Town(tmp_path, yesterday, f"sqlite:///{data / 'gongkai.db'}", keys)
    with town.office.store.write() as unit:
        unit.set_stamp("key", keys.check_value())
    town.file()
    town.office.store.close()
    refused = run("key", "seal-texts")
    assert (
        refused.exit_code == 2
        and "请先改成加密保存，重新启动服务，再运行这个命令（seal_texts = true）" in refused.stderr
    )
    assert "words" not in {one["of"] for one in json.loads(run("doctor", "--json").stdout)}
    monkeypatch.setenv("GONGKAI_SEAL_TEXTS", "true")
    told = run("doctor")
    assert "设置是加密保存姓名、申请内容和办理记录，还有 6 项是明文保存的" in told.stdout
    done = run("key", "seal-texts", "--later")
    assert done.exit_code == 0 and "重新保存 5 项" in done.stdout and "不加 --later" in done.stdout
    assert "姓名、申请内容和办理记录都是加密保存的" in run("doctor").stdout
    again = run("key", "seal-texts")
    assert (
        again.exit_code == 0 and "重新保存 0 项" in again.stdout and "--later" not in again.stdout
    )
    assert run("verify").exit_code == 0
    monkeypatch.setenv("GONGKAI_SEAL_TEXTS", "false")
    assert "是加密保存的：请运行 gongkai key unseal-texts" in run("doctor").stdout
    assert "重新保存 5 项" in run("key", "unseal-texts").stdout
    assert "texts" not in run("doctor").stdout and run("verify").exit_code == 0
