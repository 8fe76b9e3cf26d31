"""The shell's door to ledgers: a clerk's table taken in, a year written out. Exit code 0: done; 1: rows with
errors, nothing written; 2: not readable."""

import sys
from pathlib import Path

import click

from config.errors import in_chinese
from config.settings import load
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.docket.ledger import Problem, Result
from workflow.service.docket.ledgers import Ledgers
from workflow.service.files import MEGABYTE

SHOWN = 50
"""Lines of each kind that are printed; all of them are in the JSON."""


@click.command("import-ledger")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--agency", required=True, help="code of the body")
@click.option("--dry-run", is_flag=True, help="only say what would be created and what is wrong")
@as_json
def import_ledger(file: Path, agency: str, dry_run: bool, as_json: bool) -> None:
    """Take in a ledger FILE (台账; XLSX or CSV): each row becomes a case under its own number, all rows or none."""
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file}：无法读取（{in_chinese(error)}）")
    settings = load()
    ledgers = Ledgers(office_in_force(), most_bytes=settings["upload_megabytes"] * MEGABYTE * 10)
    try:
        result = ledgers.at_once(
            agency, file.name, data, dry_run=dry_run, progress=_quiet if as_json else _told
        )
    except BadInput as error:
        fail("\n".join(f"{file}：{item.message}" for item in error.errors))
    except Missing as error:
        fail(str(error), 1)
    if as_json:
        show(
            {
                "rows": result.rows,
                "created": 0 if dry_run else result.created,
                "errors": [one.as_dict() for one in (*result.errors, *result.there)],
                "warnings": [one.as_dict() for one in result.warnings],
                **({"would_create": result.created} if dry_run else {}),
            }
        )
    else:
        _in_words(result, dry_run)
    sys.exit(1 if result.errors or result.there else 0)


def _quiet(done: int, total: int) -> None:
    return None


def _told(done: int, total: int) -> None:
    if total and (done % 1000 == 0 or done == total):
        click.echo(f"已检查 {done} / {total} 行", err=True)


def _in_words(result: Result, dry_run: bool) -> None:
    for title, found in (
        ("错误", result.errors),
        ("已经登记", result.there),
        ("提示", result.warnings),
    ):
        for one in found[:SHOWN]:
            click.echo(f"{title}　{_where(one)}：{one.message}")
        if len(found) > SHOWN:
            click.echo(f"{title}　另有 {len(found) - SHOWN} 处")
    if result.errors:
        click.echo(
            f"共 {result.rows} 行，有 {len(result.errors)} 处错误，没有导入任何一行。改好之后再导入一次。"
        )
        return
    years = "、".join(f"{year} 年 {n} 件" for year, n in result.by_year.items())
    there = f"，{len(result.there)} 行的编号已经登记、没有再导入" if result.there else ""
    done = "可以导入" if dry_run else "已导入"
    click.echo(
        f"共 {result.rows} 行，{done} {result.created} 件{f'（{years}）' if years else ''}{there}。"
    )


def _where(one: Problem) -> str:
    sheet = f"“{one.sheet}”" if one.sheet else ""
    return f"{sheet}第 {one.row} 行" + (f" {one.column}" if one.column else "")


@click.command("export-ledger")
@click.option("--agency", required=True, help="code of the body")
@click.option("--year", required=True, type=click.IntRange(2000, 2050), help="year of the ledger")
@click.option("-o", "--output", required=True, help="the file to write, .xlsx or .csv")
def export_ledger(agency: str, year: int, output: str) -> None:
    """Write the ledger (台账) of a body and year as a table: one row for each request that stands in its tables. Beside a
    CSV lies what its columns are (…-metadata.json, CSV on the Web)."""
    ending = output.lower().rpartition(".")[2]
    if ending not in ("xlsx", "csv"):
        fail(f"{output}：文件名须以 .xlsx 或者 .csv 结尾")
    settings = load()
    ledgers = Ledgers(office_in_force(), most_bytes=settings["upload_megabytes"] * MEGABYTE)
    try:
        written = ledgers.write_whole(None, agency, year, ending)
        beside = ledgers.exporting.described(agency, year, Path(output).name)
    except Missing as error:
        fail(str(error), 1)
    try:
        Path(output).write_bytes(written.content)
        if ending == "csv":
            Path(output).with_name(beside.name).write_bytes(beside.content)
    except OSError as error:
        fail(f"{output}：无法写入（{in_chinese(error)}）")
    click.echo(f"已写入 {output}：{written.rows} 件")


commands: list[click.Command] = [import_ledger, export_ledger]
