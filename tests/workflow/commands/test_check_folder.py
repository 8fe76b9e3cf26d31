"""`gongkai check` of folders: every file below them, last year's report found among them, a workbook of what was found."""

import io
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from gongkai import main
from tests.examples import ACCEPTANCE
from tests.workflow.commands.victims import read_or_end
from tests.workflow.report.checks.reports import published
from tests.workflow.report.report_files import WRITERS
from workflow.commands import check_folder
from workflow.commands.check_folder import Progress, files_of, read_file, shown
from workflow.commands.processes import Lost

TABLES = ACCEPTANCE / "tables"
Run = Callable[..., Result]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def rows_of(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    """The rows below the heads of a sheet; empty cells are None."""
    page = openpyxl.load_workbook(path)[sheet]
    rows = page.iter_rows(min_row=4, values_only=True)
    return [tuple(None if cell == "" else cell for cell in row) for row in rows if any(row)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two years of one body, an unsound report in a folder below, what is no report, what nobody wants read."""
    place = tmp_path / "reports"
    (place / "county").mkdir(parents=True)
    (place / ".git").mkdir()
    shutil.copy(TABLES / "pingtan_gaj_2022.json", place)
    last = published("pingtan_gaj_2021")
    (place / "gaj.docx").write_bytes(WRITERS["docx"](last))
    shutil.copy(TABLES / "pingtan_qu_2020.json", place / "county" / "qu.json")
    (place / "notice.txt").write_text("会议通知", encoding="utf-8")
    for name in ("~$gaj.docx", ".hidden.json", "Thumbs.db", ".git/config"):
        (place / name).write_bytes(b"x")
    return place


def test_a_folder_is_checked_whole_and_told_in_a_workbook(folder, monkeypatch):
    (folder / "ends.json").write_bytes(b"{}")
    monkeypatch.setattr(check_folder, "read_file", read_or_end)
    table = folder / "found.xlsx"
    result = run(folder, "--table", table)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"{folder}/ends.json：处理时程序中断",
        f"{folder}/notice.txt：没有找到年度报告的表格，无法核对",
    ]
    assert result.stdout.startswith("共 5 份，读出 3 份，2 份没有读出；错误 ")
    assert result.stdout.endswith(f"；已写入 {table}\n") and len(result.stdout.splitlines()) == 1
    files = rows_of(table, "文件")
    assert [row[:3] for row in files] == [
        ("ends.json", "否", "处理时程序中断"),
        ("gaj.docx", "是", None),
        ("notice.txt", "否", "没有找到年度报告的表格，无法核对"),
        ("pingtan_gaj_2022.json", "是", None),
        ("county/qu.json", "是", None),
    ]
    assert [row[8] for row in files] == [None, None, None, "gaj.docx", None]
    found = rows_of(table, "问题")
    assert {row[2] for row in found if row[4] == "错误"} >= {"gaj.docx", "county/qu.json"}
    assert sum(row[6] for row in files if row[6]) == len([r for r in found if r[4] == "错误"])
    counted = Counter(row[3] for row in found)
    assert {row[0]: row[3] + row[4] for row in rows_of(table, "规则")} == counted
    assert sorted(one.name for one in folder.glob("*.xlsx*")) == ["found.xlsx"]
    # Once more: the workbook itself is none of the reports.
    monkeypatch.undo()
    (folder / "ends.json").unlink()
    assert run(folder, "--table", table).stdout.startswith("共 4 份")


class Here:
    """Does in this process what `Processes` does in others."""

    def __init__(self, count: int, seconds: float) -> None:
        pass

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, work: Callable[[Any], Any], given: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        return ((place, work(one)) for place, one in enumerate(given))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_folder, "Processes", Here)


@pytest.mark.usefixtures("here")
def test_without_a_table_it_is_told_as_of_single_files_and_counted_at_the_end(folder):
    (folder / "notice.txt").unlink()
    result = run(folder)
    assert result.exit_code == 1 and result.stderr == ""
    lines = result.stdout.splitlines()
    assert f"{folder}/county/qu.json：平潭综合实验区(全区汇总) 2020 年报告，2019 年格式，错误 2 处，提示 0 处" in lines  # fmt: skip
    assert lines[-1].startswith("共 3 份，读出 3 份；错误 ")


@pytest.mark.usefixtures("here")
def test_json_names_every_file_and_is_what_single_files_give(folder):
    qu = folder / "county" / "qu.json"
    result = run("--json", folder / "county")
    assert result.exit_code == 1
    single = json.loads(run("--json", qu).stdout)
    assert json.loads(result.stdout) == [{"file": str(qu), **one} for one in single]
    assert result.stderr == "共 1 份，读出 1 份；错误 2 处，提示 0 处\n"


@pytest.mark.usefixtures("here")
def test_a_sound_folder_ends_with_0(tmp_path):
    shutil.copy(TABLES / "huaian_2024.json", tmp_path)
    result = run(tmp_path)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (
        0, "共 1 份，读出 1 份；错误 0 处，提示 0 处",
    )  # fmt: skip


@pytest.mark.usefixtures("here")
def test_two_that_differ_of_last_year_are_compared_with_neither(folder):
    shutil.copy(TABLES / "pingtan_gaj_2021.json", folder / "b.json")
    changed = json.loads((TABLES / "pingtan_gaj_2021.json").read_bytes())
    changed["table3"]["new_received"]["natural_person"] += 1
    (folder / "c.json").write_text(json.dumps(changed), encoding="utf-8")
    table = folder.parent / "found.xlsx"
    run(folder, "--table", table)
    (row,) = (one for one in rows_of(table, "文件") if one[0] == "pingtan_gaj_2022.json")
    assert row[8] is None and "有几份上一年的报告" in str(row[9])


# -- what is asked for wrongly, or cannot be done ------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--before", "x.json"], "--before 只能与一份报告一起使用"),
        (["--table", "found.csv"], "请以 .xlsx 结尾"),
        (["-"], "只能单独核对"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path, more, told):
    result = run(tmp_path, *more)
    assert result.exit_code == 2 and told in result.stderr


def test_before_and_a_table_do_not_go_together(tmp_path):
    one = TABLES / "huaian_2024.json"
    assert run(one, "--before", one, "--table", tmp_path / "a.xlsx").exit_code == 2


def test_an_empty_folder_is_said_and_writes_nothing(tmp_path):
    result = run(tmp_path, "--table", tmp_path / "a.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path}：没有可以核对的文件\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_a_table_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "a.xlsx").mkdir()
    result = run(TABLES / "huaian_2024.json", "--table", tmp_path / "a.xlsx")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{tmp_path}/a.xlsx：无法写入（")
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.usefixtures("here")
def test_ctrl_c_leaves_no_table(folder, monkeypatch):
    def pressed(self: Progress) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "step", pressed)
    result = run(folder, "--table", folder.parent / "a.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "已经中断，没有写出表格\n"
    assert not (folder.parent / "a.xlsx").exists()


# -- which files -----------------------------------------------------------------------------------------


def test_files_are_found_below_folders_in_order_and_no_pipe_is_opened(folder):
    os.mkfifo(folder / "pipe")
    (folder / "gone.json").symlink_to(folder / "nowhere")
    names = [os.path.relpath(one, folder) for one in files_of([str(folder)])]
    assert names == ["gaj.docx", "gone.json", "notice.txt", "pingtan_gaj_2022.json", "county/qu.json"]  # fmt: skip
    assert files_of(["a.json", str(folder / "county")]) == ["a.json", str(folder / "county/qu.json")]  # fmt: skip


def test_a_name_is_shown_without_what_a_terminal_would_obey():
    assert shown("a\x1b[2J\nb\udcff.json") == "a�[2J�b�.json"
    assert shown("镇/报告.json") == "镇/报告.json"


@pytest.mark.parametrize(
    ("name", "why"),
    [("nothing.json", "无法读取（没有这个文件或者文件夹）"), ("a\0b", "不是文件名")],
)
def test_why_a_file_is_not_read(tmp_path, name, why):
    assert read_file(str(tmp_path / name)) == Lost(why)


# -- how far it is ---------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_told_on_a_terminal_and_wiped_at_the_end(monkeypatch):
    for stream, told in (
        (Terminal(), ["", "正在读取：0/2", "正在读取：1/2", "正在读取：2/2", ""]),
        (io.StringIO(), [""]),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        with Progress("正在读取", 2) as progress:
            progress.step()
            progress.step()
        assert stream.getvalue().split("\r\x1b[K") == told


@pytest.mark.parametrize(("files", "processors", "count"), [(1, 8, 1), (19, 8, 1), (20, 8, 2), (500, 2, 2)])  # fmt: skip
def test_as_many_processes_as_are_worth_it(monkeypatch, files, processors, count):
    asked = []

    class Noted(Here):
        def __init__(self, many: int, seconds: float) -> None:
            asked.append((many, seconds))

        def run(self, work, given):
            return iter(())

    monkeypatch.setattr(check_folder, "Processes", Noted)
    monkeypatch.setattr(check_folder, "_processors", lambda: processors)
    told = check_folder.checked_side_by_side(["x"] * files)
    assert asked == [(count, check_folder.SECONDS_MOST)] and len(told) == files
