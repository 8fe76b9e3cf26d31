"""The shell's door to the checks of annual reports. Exit code 0: nothing is wrong; 1: an error was found;
2: a file cannot be read."""

import json
import os
import sys
from collections.abc import Sequence

import click

from config.errors import in_chinese
from config.law import load_law
from workflow.commands.check_folder import (
    checked_side_by_side,
    files_of,
    in_words,
    read_file,
    shown,
    write_table,
)
from workflow.commands.processes import Lost
from workflow.report.annual import AnnualReport
from workflow.report.checks import LEVELS
from workflow.report.findings_table import Checked
from workflow.report.judged import Judged, judged


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--before", metavar="FILE", help="last year's report, to compare with (one FILE only)"
)
@click.option("--table", metavar="FILE", help="also write what was found into this workbook (XLSX)")
@click.option("--json", "as_json", is_flag=True, help="print data as JSON")
def check(files: tuple[str, ...], before: str | None, table: str | None, as_json: bool) -> None:
    """Check annual reports: Word, Excel, OpenDocument, RTF, web pages, PDF with its text, CSV, plain text or JSON.
    `-` reads standard input.

    Of a folder every file is checked, those in folders below it too; reports of one body and of two years in
    succession are compared with each other. With --table the same is done with all FILES.

    Exit code 1 if anything is an error, 2 if a file cannot be read.
    """
    whole = table is not None or any(map(os.path.isdir, files))
    if before and (len(files) > 1 or whole):
        raise click.UsageError("--before 只能与一份报告一起使用")
    if whole:
        sys.exit(_check_all(files, table, as_json))
    earlier = _report(before) if before else None
    if before and earlier is None:
        sys.exit(2)
    checked = []
    for file in files:
        report = _report(file)
        found = None if report is None else judged(report, load_law(), earlier)
        checked.append(Checked(file, found))
        if found and not as_json:
            _tell(file, found)
    if as_json:
        _show(checked, named=len(files) > 1)
    sys.exit(max(map(_code, checked)))


def _check_all(files: Sequence[str], table: str | None, as_json: bool) -> int:
    """Check every file of folders and files; the exit code."""
    if table is not None and not table.lower().endswith(".xlsx"):
        raise click.UsageError("--table 写成 Excel 文件，文件名请以 .xlsx 结尾")
    if "-" in files:
        raise click.UsageError("“-”（标准输入）只能单独核对，不能与文件夹或者 --table 一起使用")
    paths = files_of(files, but=table)
    if not paths:
        click.echo(f"{shown('、'.join(files))}：没有可以核对的文件", err=True)
        return 2
    try:
        checked = checked_side_by_side(paths)
    except KeyboardInterrupt:
        click.echo("已经中断" + ("，没有写出表格" if table else ""), err=True)
        return 2
    for one in checked:
        if one.judged is None:
            click.echo(f"{one.name}：{one.why}", err=True)
        elif table is None and not as_json:
            _tell(one.name, one.judged)
    if as_json:
        _show(checked, named=True)
    if table is not None:
        try:
            write_table(table, checked, files[0] if len(files) == 1 else "")
        except OSError as error:
            click.echo(f"{shown(table)}：无法写入（{in_chinese(error)}）", err=True)
            return 2
    click.echo(in_words(checked, table), err=as_json)
    return max(map(_code, checked))


def _code(one: Checked) -> int:
    """The exit code of one file."""
    if one.judged is None:
        return 2
    return 1 if one.judged.of_level("error") else 0


def _show(checked: Sequence[Checked], named: bool) -> None:
    """Every finding as JSON; named: with the file that it stands in."""
    printed = [
        {**({"file": one.name} if named else {}), **said.as_dict()}
        for one in checked
        for said in (one.judged.found if one.judged else ())
    ]
    click.echo(json.dumps(printed, ensure_ascii=False, indent=1))


def _tell(file: str, one: Judged) -> None:
    report, errors, hints = one.report, one.of_level("error"), one.of_level("warn")
    told = "没有发现问题" if one.sound else f"错误 {errors} 处，提示 {hints} 处"
    year = f"{report.year} 年报告，" if report.year else ""
    click.echo(f"{file}：{report.agency} {year}{report.format} 年格式，{told}")
    for said in one.found:
        click.echo(f"  {LEVELS[said.level]} {said.rule} {said.where}：{said.message}")


def _report(file: str) -> AnnualReport | None:
    """The report in a file; None, with one line on standard error, if it cannot be read."""
    read = read_file(file)
    if isinstance(read, Lost):
        click.echo(f"{shown(file)}：{read.why}", err=True)
        return None
    return read


commands: list[click.Command] = [check]
