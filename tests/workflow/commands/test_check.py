"""`gongkai check`: findings, and exit codes 0 (sound), 1 (an error), 2 (not readable)."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gongkai import main
from tests.examples import ACCEPTANCE, TABLES, read
from tests.workflow.report.checks.reports import published
from tests.workflow.report.report_files import WRITERS

Run = Callable[..., Result]
FOLDER = ACCEPTANCE / "tables"
SOUND, UNSOUND = str(FOLDER / "huaian_2024.json"), str(FOLDER / "pingtan_qu_2020.json")
PANLONG = str(ACCEPTANCE / "reports" / "panlong_2019.txt")


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


def test_a_sound_report_ends_with_0_and_an_unsound_one_with_1():
    assert run(SOUND).exit_code == 0
    result = run(UNSOUND)
    assert result.exit_code == 1
    assert "错误 V02 表三“自然人”列：各项办理结果相加为 26，（七）总计为 20" in result.stdout


def test_json_is_a_list_of_findings():
    result = run("--json", UNSOUND)
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [sorted(one) for one in found] == [["level", "message", "rule", "where"]] * 2
    assert {(one["rule"], one["level"]) for one in found} == {("V02", "error")}
    assert json.loads(run("--json", SOUND).stdout) == []


def test_several_files_are_told_apart_and_the_worst_decides():
    result = run("--json", SOUND, UNSOUND)
    assert result.exit_code == 1
    assert {one["file"] for one in json.loads(result.stdout)} == {UNSOUND}
    assert run(SOUND, UNSOUND, "/nowhere/at/all.json").exit_code == 2


def test_the_code_of_every_published_table_says_whether_it_has_errors():
    codes = {path.stem: run(str(path)).exit_code for path in TABLES}
    assert codes == {path.stem: int(read(path)["published_data_has_errors"]) for path in TABLES}


def test_panlong_2019_is_no_error_and_its_21_and_8_are_pointed_out():
    result = run("--json", PANLONG)
    assert result.exit_code == 0
    said = [one["message"] for one in json.loads(result.stdout) if one["rule"] == "V12"]
    assert len(said) == 2 and "21" in said[0] and "8" in said[1]


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_file_is_checked(kind, tmp_path):
    path = tmp_path / f"pingtan_qu_2020.{kind}"
    path.write_bytes(WRITERS[kind](published("pingtan_qu_2020")))
    result = run("--json", str(path))
    assert result.exit_code == 1
    errors = [one["rule"] for one in json.loads(result.stdout) if one["level"] == "error"]
    assert errors == ["V02", "V02"]


def test_standard_input_is_read():
    assert run("-", stdin=Path(UNSOUND).read_bytes()).exit_code == 1


def test_last_years_report_is_compared():
    assert run("--before", str(FOLDER / "pingtan_qu_2021.json"), str(FOLDER / "pingtan_qu_2022.json")).exit_code == 0  # fmt: skip
    this, last = str(FOLDER / "pingtan_gaj_2022.json"), str(FOLDER / "pingtan_jtj_2021.json")
    result = run("--json", "--before", last, this)
    assert result.exit_code == 1
    assert {one["rule"] for one in json.loads(result.stdout)} == {"V05"}
    assert run("--before", SOUND, this, UNSOUND).exit_code == 2
    assert run("--before", "/nowhere", this).exit_code == 2


def made(tmp_path: Path, name: str, content: Any) -> str:
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


def bomb(tmp_path: Path) -> str:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 90_000_000)
    return str(path)


def macro(tmp_path: Path) -> str:
    path = tmp_path / "macro.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<a/>")
        package.writestr("xl/vbaProject.bin", "1")
    return str(path)


BAD: dict[str, Callable[[Path], str]] = {
    "wrong type": lambda folder: made(folder, "a.docx", b"MZ\x90\0"),
    "zip bomb": bomb,
    "macro": macro,
    "50 MB": lambda folder: made(folder, "a.txt", b"0" * (50 * 1024 * 1024)),
    "broken JSON": lambda folder: made(folder, "a.json", b"{"),
    "no report": lambda folder: made(folder, "a.txt", "会议通知".encode()),
    "no file": lambda folder: str(folder / "nothing.json"),
    "folder": str,
    "no name": lambda _: "a\0b",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_clear_line_and_code_2(name, tmp_path):
    result = run(BAD[name](tmp_path))
    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output
