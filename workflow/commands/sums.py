"""`gongkai sum`: the reports of the bodies below a body, or of given files, added up and compared."""

import os
import sys

import click

from config.law import load_law
from workflow.commands.cases import office_in_force
from workflow.commands.check_folder import files_of, read_file, shown
from workflow.commands.processes import Lost
from workflow.commands.terminal import as_json, fail, reading, show
from workflow.refusal import BadInput
from workflow.report.annual import AnnualReport
from workflow.report.sums.aggregate import Aggregate, add_up
from workflow.report.sums.difference import Comparison, compare
from workflow.report.sums.words import as_data, sum_text
from workflow.service import Missing
from workflow.service.report.sums import AddingUp


@click.command("sum")
@click.option("--agency", help="code of the body whose bodies below are added up")
@click.option("--year", type=click.IntRange(2000, 2050), help="year of the reports")
@click.option("--against", metavar="FILE", help="the entered total to compare with")
@click.option("--live", is_flag=True, help="count bodies without a report by their cases")
@click.option("--files", "first", metavar="FILE…", multiple=True, help="reports to add")
@click.argument("files", nargs=-1)
@as_json
def add_up_command(
    agency: str | None,
    year: int | None,
    against: str | None,
    live: bool,
    first: tuple[str, ...],
    files: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add up annual reports cell by cell and explain the differences to an entered total.

    Adds the FILES (of a folder, all below it), the reports of the bodies below --agency in the store, or both together. Exit
    code 1 if a report's own sums fail or the entered total differs.
    """
    named = (*first, *files)
    found = files_of(named, but=against)
    if named and not found:
        fail(f"{shown('、'.join(named))}：没有可以汇总的文件")
    reports = [_report(file) for file in found]
    if (agency and not year) or (not agency and not reports):
        raise click.UsageError("请给出 --agency 和 --year，或者给出报告文件")
    entered = _report(against) if against else None
    if agency:
        assert year is not None
        total, compared = _from_store(agency, year, live, reports, entered)
    else:
        total = reading(
            "汇总", lambda: add_up(reports, year or reports[0].year, load_law().formats)
        )
        compared = compare(total, entered) if entered else None
    if as_json:
        show(as_data(total, compared))
    else:
        click.echo(sum_text(total, compared))
    sys.exit(1 if total.failing or (compared and compared.differences) else 0)


def _from_store(
    agency: str,
    year: int,
    live: bool,
    outside: list[AnnualReport],
    entered: AnnualReport | None,
) -> tuple[Aggregate, Comparison | None]:
    service = AddingUp(office_in_force())
    try:
        found = service.overview(agency, year, with_live=True if live else (), outside=outside)
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    compared = compare(found.total, entered) if entered else found.compared
    return found.total, compared


def _report(file: str) -> AnnualReport:
    """A report from a file of any kind that can be read; ends with exit code 2 otherwise."""
    if os.path.isdir(file):
        fail(f"{shown(file)}：是文件夹，请给出文件")
    report = read_file(file)
    if isinstance(report, Lost):
        fail(f"{shown(file)}：{report.why}")
    if not report.agency:
        fail(f"{shown(file)}：没有写明是哪个机关的报告")
    return report


commands: list[click.Command] = [add_up_command]
