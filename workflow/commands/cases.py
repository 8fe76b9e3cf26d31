"""The shell's door to the use cases. Exit code 0: done; 1: refused or not sound; 2: not readable."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click

from config.errors import in_chinese
from config.law import load_law
from config.settings import load
from workflow.commands.documented import BESIDE_THE_LAW, commands_text
from workflow.commands.terminal import as_json, fail, json_of, read_file, read_json, reading, show
from workflow.diagram import Way, documents, mermaid_text, svg_text, transitions_text
from workflow.people import (
    one_time_password,
)
from workflow.refusal import BadInput
from workflow.report.reading import Unreadable, read_report
from workflow.report.writing import WRITERS
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.docket.from_report import UnsoundTable, play_report
from workflow.service.docket.player import Player
from workflow.service.docket.sample import fill_sample
from workflow.service.docket.simulate import simulate as run_simulation
from workflow.service.installation import (
    READY,
    TO_FILL,
    filling,
    migrate_office,
    new_office,
    open_office,
    temporary_office,
    undo_filling,
)
from workflow.service.notices import national_entries
from workflow.service.report.annual import AnnualReports
from workflow.service.report.tables import Reports


def office_in_force() -> Office:
    """The office over the store in force, which is there and of this version."""
    office = open_office(load(), wanted=READY)
    migrate_office(office)
    if not office.agencies():
        fail("本库还没有初始化，请先运行 gongkai init", 1)
    return office


def office_to_fill() -> Office:
    """The same; where there is no store one is made."""
    return new_office(load(), wanted=TO_FILL)


@click.command()
@click.argument("file")
@click.option("--strict", is_flag=True, help="fill in no routine step: what is missing is refused")
@click.option("--until", type=click.IntRange(2000, 2050), help="tables up to this year")
@click.option("--into", metavar="DATABASE_URL", help="keep the cases in this store")
@click.option("--reminders", is_flag=True, help="add every reminder that would have gone out")
@as_json
def replay(
    file: str,
    strict: bool,
    until: int | None,
    into: str | None,
    reminders: bool,
    as_json: bool,
) -> None:
    """Play a docket FILE through the one door; print its cases and tables."""
    data = read_json(file)

    def play() -> dict[str, Any]:
        with temporary_office(into, national_entries(load())) as office:
            return Player(office, strict=strict).play(data, until, reminders=reminders)

    result = reading(file, play)
    show(result)
    sys.exit(1 if any(case["refused"] for case in result["cases"]) else 0)


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--year", required=True, type=int, help="year of the report")
@click.option(
    "--format", "fmt", type=click.Choice(["2019", "2021"]), help="default: the year's own"
)
@as_json
def tally(agency: str, year: int, fmt: str | None, as_json: bool) -> None:
    """Tables 3 and 4 of a body and year, counted from its cases."""
    office = office_in_force()
    try:
        show(Reports(office).tables(agency, year, fmt).as_dict())
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail(str(error))


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--year", required=True, type=click.IntRange(2000, 2050), help="year of the report")
@click.option(
    "--format", "ending", required=True, type=click.Choice(list(WRITERS)), help="what kind of file"
)
@click.option("-o", "--output", required=True, help="the file to write; `-` for standard output")
@click.option(
    "--tables",
    "fmt",
    type=click.Choice(["2019", "2021"]),
    help="only the body's own tables, in this format",
)
def report(agency: str, year: int, ending: str, output: str, fmt: str | None) -> None:
    """The annual report of a body and year as a file: its latest version, as published or as it would
    be drafted today."""
    office = office_in_force()
    try:
        made = (
            Reports(office).annual(agency, year, fmt)
            if fmt
            else AnnualReports(office).report(agency, year)
        )
        written = WRITERS[ending].write(made)
    except Missing as error:
        fail(str(error), 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    try:
        with click.open_file(output, "wb") as file:
            file.write(written)
    except OSError as error:
        fail(f"{output}：无法写入（{in_chinese(error)}）")
    click.echo(f"已写入 {output}（{len(written)} 字节）", err=True)


@click.command()
@click.option(
    "--from-report",
    "file",
    metavar="FILE",
    help="play the tables of a published report, in any form that `check` takes",
)
@click.option("--keep", is_flag=True, help="leave the cases in the store in force")
@click.option(
    "--fill", is_flag=True, help="fill a new store with a township and a county department"
)
@as_json
def demo(file: str | None, keep: bool, fill: bool, as_json: bool) -> None:
    """Demonstrations: a published table as real cases, or a store filled with believable ones."""
    if bool(file) == fill:
        raise click.UsageError("请给出 --from-report FILE 或者 --fill")
    if fill:
        _fill()
        return
    assert file is not None
    data = _tables(file)
    try:
        if keep:
            played = reading(file, lambda: play_report(office_to_fill(), data))
        else:
            with temporary_office() as office:
                played = reading(file, lambda: play_report(office, data))
    except UnsoundTable as error:
        for finding in error.findings:
            click.echo(f"{finding.rule} {finding.where}：{finding.message}", err=True)
        fail(f"{file}：表格的勾稽关系不成立（{len(error.findings)} 处），无法还原为申请", 1)
    show(
        {
            "agency": played.agency,
            "year": played.year,
            "format": played.format,
            "table3": played.table3,
            "table4": played.table4,
            "cases": played.cases,
            "differences": played.differences,
        }
    )
    word = "逐格一致" if not played.differences else f"有 {len(played.differences)} 处不一致"
    click.echo(f"{played.cases} 件申请逐件办理后重新统计，与印出的表{word}", err=True)
    sys.exit(1 if played.differences else 0)


def _tables(file: str) -> Any:
    """The tables of a report in any form, as JSON has them; what was not read for sure is told."""
    content = read_file(file)
    begins = content.lstrip(_SPACE)
    if not begins or (begins.startswith((b"{", b"[")) and not begins.startswith(b"{\\rtf")):
        return json_of(file, content)
    try:
        report = read_report(Path(file).name, content, load_law().formats)
    except Unreadable as error:
        fail(f"{file}：{error}")
    for name, table in (("表三", report.table3), ("表四", report.table4)):
        if table is None:
            fail(f"{file}：没有读到{name}，无法还原为申请")
    for one in report.oddities:
        click.echo(f"{file}：{one.where}：{one.message}", err=True)
    told = ("agency", "year", "format", "table3", "table4")
    return {name: getattr(report, name) for name in told}


_SPACE = b"\xef\xbb\xbf \r\n\t"


def _fill() -> None:
    """Fill a new store. One whose filling was cut off is made anew: the store itself tells it until the end."""
    settings = load()
    password_file = settings.data_dir / "demo-password.txt"
    if undo_filling(settings):
        click.echo("上次生成演示数据时中断了：已清除没有生成完的数据，现在从头生成", err=True)
    office = office_to_fill()
    if not office.agencies():
        click.echo("正在生成演示数据……", err=True)
        password = one_time_password()
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="utf-8")
        with filling(office):
            fill_sample(office, password)
    if password_file.exists():
        password = password_file.read_text(encoding="utf-8")
        click.echo(f"演示账号的密码都是 {password}，用户名：")
        for agency in office.agencies():
            for name, words in Accounts(office).people_of(agency.code):
                click.echo(f"  {name:<12}{agency.name}：{words}")


@click.command()
@click.option("--cases", required=True, type=click.IntRange(1, 5_000_000), help="how many cases")
@click.option(
    "--bodies",
    type=click.IntRange(1, 20_000),
    help="how many bodies the store has then, those that are there among them; default: those, or 20",
)
@click.option(
    "--years",
    type=click.IntRange(1, 6),
    default=3,
    show_default=True,
    help="over how many years, the current one the last",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="the same seed, the same cases"
)
@as_json
def simulate(cases: int, bodies: int | None, years: int, seed: int, as_json: bool) -> None:
    """Fill the store in force with a believable province, invented people and all, through the one door.
    The store may hold bodies and staff, but no case yet. Nobody who is made can log in."""
    office = office_to_fill()
    try:
        made = run_simulation(office, cases, bodies, years, seed)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors))
    told = {**asdict(made), "years": years, "seed": seed}
    if as_json:
        show(told)
    left = f"，{made.refused} 个步骤按本机关的规则不能办理，已停在前一步" if made.refused else ""
    click.echo(
        f"{made.bodies} 个机关，{made.first} 至 {made.last} 的 {made.cases} 件申请、"
        f"{made.events} 个事项已写入{left}",
        err=as_json,
    )


@click.command()
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["mermaid", "svg", "table"]),
    default="mermaid",
    show_default=True,
    help="a diagram, a picture, or every row in words",
)
@click.option("--present", type=click.Choice(list(load_law().states)), help="mark this state")
@click.option(
    "--docs",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="write the files of docs/ into this folder instead",
)
@click.pass_context
def machine(context: click.Context, fmt: str, present: str | None, folder: Path | None) -> None:
    """The machine as its tables have it: states, events, conditions."""
    law = load_law()
    if folder is not None:
        everything = cast(click.Group, context.find_root().command)
        of_api: Callable[[], dict[str, str]] = context.meta.get(BESIDE_THE_LAW, dict)
        pages = {**documents(law), "commands.md": commands_text(everything), **of_api()}
        for name, text in pages.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return
    if present and fmt == "table":
        raise click.UsageError("--present 只用于图")
    if fmt == "mermaid":
        text = mermaid_text(law, present)
    elif fmt == "svg":
        text = svg_text(law, Way(present))
    else:
        text = transitions_text(law) + "\n"
    click.echo(text, nl=False)


commands: list[click.Command] = [replay, tally, report, demo, simulate, machine]
