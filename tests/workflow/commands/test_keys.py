"""`gongkai key`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import load
from tests.workflow.service.sampling import migrated_store
from tests.workflow.service.town import Town
from workflow import dates
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
    assert "设置 cipher 是 sm，正在使用的密钥是 aes" in begun("doctor").stdout
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
    refused = run("init", "--agency", "a", "--name", "b", "--level", "township")
    assert refused.exit_code == 2 and "GONGKAI_SECRET 是空的" in refused.stderr
    assert not (data / "secret.key").exists()
    monkeypatch.delenv("GONGKAI_SECRET")
    assert run("init", "--agency", "a", "--name", "b", "--level", "township").exit_code == 0
    (data / "secret.key").unlink()
    monkeypatch.setenv("GONGKAI_SECRET", "")
    for words in (["serve"], ["key", "status"]):
        refused = run(*words)
        assert refused.exit_code == 2 and len(refused.stderr.splitlines()) == 1, refused.stderr
    assert not (data / "secret.key").exists()


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
    assert "key.words" not in {one["key"] for one in json.loads(run("doctor", "--json").stdout)}
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
    assert "是加密保存的\n    办法：gongkai key unseal-texts" in run("doctor").stdout
    assert "重新保存 5 项" in run("key", "unseal-texts").stdout
    assert "texts" not in run("doctor").stdout and run("verify").exit_code == 0
