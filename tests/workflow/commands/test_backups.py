"""`gongkai backup` and `gongkai restore`: what an operator types and reads."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gongkai import main
from tests.tampering import tampering
from tests.workflow.service.backups.conftest import house
from tests.workflow.service.backups.installed import Installation, left_in
from workflow import dates
from workflow.commands import backups
from workflow.service.backups import key_file, making
from workflow.service.backups.state import last_backup
from workflow.service.installation import open_office
from workflow.store.models import CaseRow

__all__ = ["house"]

PHRASE = "三只青蛙跳过了七座石桥"


@pytest.fixture
def run(house: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(dates, "now", lambda: house.now)
    monkeypatch.setattr(
        backups,
        "open_office",
        lambda settings, **how: open_office(settings, lambda: house.now, **how),
    )

    def typed(*words: Any, data: Path = house.data, answers: str | None = None) -> Any:
        monkeypatch.setenv("GONGKAI_DATA_DIR", str(data))
        return CliRunner().invoke(main, [str(word) for word in words], input=answers)

    return typed


def test_a_backup_and_back_with_the_two_commands_alone(run, house: Installation) -> None:
    """Neither asks for anything; the keys lie beside."""
    file, to = house.folder / "a.backup", house.folder / "new"
    done = run("backup", file)
    assert done.exit_code == 0, done.output
    assert "已备份并读回核对" in done.stdout and "6 件申请，1 份材料" in done.stdout
    assert f"密钥在 {file}.keys" in done.stdout and "另存到别处" in done.stdout
    assert last_backup(house.office).made_at is not None
    back = run("restore", file, data=to)
    assert back.exit_code == 0, back.output
    assert "结果：全部相符" in back.stdout and f"已恢复到 {to}" in back.stdout
    assert "本机的密钥" not in back.stdout
    again = run("restore", file, data=to)
    assert again.exit_code == 2 and "已经存在" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1


def test_a_drill_prints_a_protocol_and_is_noted(run, house: Installation) -> None:
    file = house.kept()
    file.with_name("a.backup.keys").unlink()
    done = run("restore", file, "--drill")
    assert done.exit_code == 0, done.output
    said = dict(re.findall(r"^  (\S+?)：(.+)$", done.stdout, re.M))
    assert done.stdout.startswith("恢复演练记录")
    assert set(said) == {
        "备份文件", "备份时间", "备份的版本", "开始时间", "用时", "所用密钥", "内容", "比较", "结果",
    }  # fmt: skip
    assert said["备份时间"] == "2026 年 3 月 4 日 09:30" and said["结果"] == "全部相符"
    assert re.fullmatch(r"\d+ 秒|\d+ 分 \d+ 秒", said["用时"])
    assert "请加 --keys 再演练一次" in done.stdout
    last = last_backup(house.office)
    assert last.drill_good and last.drill_at == house.now
    file.write_bytes(file.read_bytes()[:-1])
    failed = run("restore", file, "--drill", "--keys", house.data)
    assert failed.exit_code == 2 and not last_backup(house.office).drill_good
    assert left_in(house.data) == []


@pytest.mark.tampering(reason="a case is changed without its log")
def test_what_does_not_hold_ends_with_one(run, house: Installation) -> None:
    from sqlalchemy import update

    with tampering(house.office.store) as connection:
        connection.execute(update(CaseRow).values(state="archived"))
    file = house.folder / "a.backup"
    assert run("backup", file).exit_code == 0
    done = run("restore", file, "--drill", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1 and told["good"] is False and told["faults"]
    assert not last_backup(house.office).drill_good


def test_a_passphrase_is_asked_for_twice_and_seals_the_keys(
    run, house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "_COST", (1 << 10, 8, 1))
    file, to = house.folder / "a.backup", house.folder / "new"
    for answers, said in (("kurz\n", "至少 12"), (f"{PHRASE}x\n{PHRASE}y\n", "不同")):
        refused = run("backup", file, "--passphrase", answers=answers)
        assert refused.exit_code == 2 and said in refused.stderr
        assert not file.exists()
    answers = f"{PHRASE}！\n"
    done = run("backup", file, "--passphrase", answers=answers * 2)
    assert done.exit_code == 0, done.output
    assert PHRASE not in done.output and "须用密码打开" in done.stdout
    kept = file.with_name("a.backup.keys").read_text()
    assert "secret" not in kept and bytes(range(32)).hex() not in kept
    refused = run("restore", file, data=to)
    assert refused.exit_code == 2 and "--passphrase" in refused.stderr
    wrong = run("restore", file, "--passphrase", data=to, answers="另一个密码\n")
    assert wrong.exit_code == 2 and "密码不对" in wrong.stderr
    back = run("restore", file, "--passphrase", data=to, answers=answers)
    assert back.exit_code == 0, back.output


def test_where_nothing_can_be_backed_up_nothing_is_made(run, house: Installation) -> None:
    empty = house.folder / "empty"
    done = run("backup", house.folder / "a.backup", data=empty)
    assert done.exit_code == 2 and "没有找到库" in done.stderr
    assert not empty.exists() and not (house.folder / "a.backup").exists()
    done = run("backup", house.folder / "none" / "a.backup")
    assert done.exit_code == 2 and len(done.stderr.strip().splitlines()) == 1
    assert last_backup(house.office).made_at is None


def test_data_for_programs(run, house: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    file = house.folder / "a.backup"
    told = json.loads(run("backup", file, "--json").stdout)
    assert told["cases"] == 6 and told["lacking"] == 0 and told["keys"] == f"{file}.keys"
    assert told["size"] == file.stat().st_size and told["rows"]["file_content"] == 1
    monkeypatch.setattr(making.Made, "lacks", lambda _: "有 1 份材料的内容不在库中")
    lacking = run("backup", file, "--replace", "--json")
    assert lacking.exit_code == 1 and "1 份材料" in lacking.stderr
    told = json.loads(run("restore", file, "--json", data=house.folder / "new").stdout)
    assert told["good"] and not told["older"] and not told["own_keys"]


def test_a_backup_is_made_whatever_the_clock_says(run, house: Installation) -> None:
    """A clock that cannot be right writes nothing into the store; the backup is made all the same."""
    from datetime import timedelta

    house.now -= timedelta(days=900)
    done = run("backup", house.folder / "a.backup")
    assert done.exit_code == 0 and "没有记下" in done.stderr
