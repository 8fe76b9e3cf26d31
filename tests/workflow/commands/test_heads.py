"""`gongkai head` and `gongkai verify --against`: what is kept elsewhere, and the store held to it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from config.settings import load
from gongkai import main
from tests.tampering import journal_anew, tampering
from tests.workflow.service.sampling import quick_hashes
from workflow.service.installation import open_office

pytestmark = pytest.mark.tampering(reason="who has the key rewrites what was before")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG", "GONGKAI_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def run(*arguments: str) -> Any:
    with quick_hashes():
        return CliRunner().invoke(main, list(arguments))


def test_the_store_is_held_to_a_head_that_lies_elsewhere(folder: Path) -> None:
    assert run("head").exit_code == 2  # no store yet
    assert (
        run("init", "--agency", "yanshan", "--name", "砚山县", "--level", "county").exit_code == 0
    )
    file = folder / "head.json"
    made = run("head", "-o", str(file))
    assert made.exit_code == 0 and made.stdout == ""
    mark = made.stderr.removeprefix("校验码：").strip()
    assert json.loads(file.read_text())["bodies"][0]["name"] == "砚山县"
    run(
        "agency",
        "add",
        "--code",
        "panlong",
        "--name",
        "盘龙乡",
        "--level",
        "township",
        "--parent",
        "yanshan",
    )
    clean = run("verify", "--against", str(file))
    assert (clean.exit_code, clean.stdout) == (0, "") and mark in clean.stderr

    office = open_office(load())
    with tampering(office.store) as connection:
        connection.execute(text("UPDATE \"user\" SET display_name = '欧阳某某'"))
    told = run("verify")
    assert told.exit_code == 1 and "全系统 人员 1 号：与留痕簿不符" in told.stdout
    journal_anew(office)
    office.store.close()
    assert run("verify").exit_code == 0
    told = run("verify", "--against", str(file), "--json")
    assert told.exit_code == 1 and "欧阳" not in told.output
    assert {(one["agency"], one["number"]) for one in json.loads(told.stdout)} == {
        ("全系统", "留痕簿")
    }


def test_what_is_no_head_is_not_readable(folder: Path) -> None:
    run("init", "--agency", "yanshan", "--name", "砚山县", "--level", "county")
    other = folder / "other.json"
    other.write_text("{}")
    told = run("verify", "--against", str(other))
    assert told.exit_code == 2 and "不是链头文件" in told.stderr
    assert run("verify", "--against", str(folder / "none")).exit_code == 2
    assert run("head", "-o", str(folder / "none" / "head.json")).exit_code == 2


def test_a_store_that_is_not_up_to_date_is_neither_verified_nor_changed(folder: Path) -> None:
    run("init", "--agency", "yanshan", "--name", "砚山县", "--level", "county")
    office = open_office(load())
    with office.store.engine.begin() as connection:
        connection.execute(text("UPDATE stamp SET value = 'of before' WHERE name = 'law'"))
    for words in (("verify",), ("head",)):
        told = run(*words)
        assert told.exit_code == 2 and "请先运行 gongkai migrate" in told.stderr
    with office.store.read() as unit:
        assert unit.stamp("law") == "of before"
    office.store.close()
    assert run("migrate").exit_code == 0 and run("verify").exit_code == 0
