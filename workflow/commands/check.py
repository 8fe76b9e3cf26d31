"""The shell's door to the checks of annual reports. Exit code 0: nothing is wrong; 1: an error was found;
2: a file cannot be read."""

import json
import sys
from pathlib import Path

import click

from config.law import load_law
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding, Known, findings
from workflow.report.reading import BYTES_MOST, Unreadable, read_report


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--before", metavar="FILE", help="last year's report, to compare with (one FILE only)"
)
@click.option("--json", "as_json", is_flag=True, help="print data as JSON")
def check(files: tuple[str, ...], before: str | None, as_json: bool) -> None:
    """Check annual reports: JSON, XLSX, DOCX, HTML or plain text. `-` reads standard input.

    Exit code 1 if anything is an error, 2 if a file cannot be read.
    """
    if before and len(files) > 1:
        raise click.UsageError("--before 只能与一份报告一起使用")
    earlier = _report(before) if before else None
    if before and earlier is None:
        sys.exit(2)
    printed: list[dict[str, str]] = []
    codes = {0}
    for file in files:
        report = _report(file)
        if report is None:
            codes.add(2)
            continue
        found = findings(report, load_law(), Known(before=earlier))
        if any(one.level == "error" for one in found):
            codes.add(1)
        if as_json:
            name = {"file": file} if len(files) > 1 else {}
            printed.extend({**name, **one.as_dict()} for one in found)
        else:
            _tell(file, report, found)
    if as_json:
        click.echo(json.dumps(printed, ensure_ascii=False, indent=1))
    sys.exit(max(codes))


def _tell(file: str, report: AnnualReport, found: list[Finding]) -> None:
    errors = sum(one.level == "error" for one in found)
    told = f"错误 {errors} 处，提示 {len(found) - errors} 处" if found else "没有发现问题"
    year = f"{report.year} 年报告，" if report.year else ""
    click.echo(f"{file}：{report.agency} {year}{report.format} 年格式，{told}")
    for one in found:
        word = "错误" if one.level == "error" else "提示"
        click.echo(f"  {word} {one.rule} {one.where}：{one.message}")


def _report(file: str) -> AnnualReport | None:
    """The report in a file; None, with one line on standard error, if it cannot be read."""
    try:
        if file == "-":
            data = sys.stdin.buffer.read(BYTES_MOST + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(BYTES_MOST + 1)
        return read_report(Path(file).name, data, load_law().formats)
    except Unreadable as error:
        click.echo(f"{file}：{error}", err=True)
    except OSError as error:
        click.echo(f"{file}：无法读取（{error.strerror}）", err=True)
    except ValueError:
        click.echo(f"{file!r}：不是文件名", err=True)
    return None


commands: list[click.Command] = [check]
