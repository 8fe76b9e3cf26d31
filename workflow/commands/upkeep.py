"""The operator's door to whether the installation is looked after: everything that can be looked at, and the points of the
law that a person should hold against their sources."""

import sys
from dataclasses import asdict

import click

from config.settings import load
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.refusal import BadInput
from workflow.rules.upkeep import LOOK, RIGHT, WRONG, in_order
from workflow.service.doctor import examine
from workflow.service.installation import TO_MIGRATE, open_office
from workflow.service.upkeep.law import LawPoints

LEVELS = {WRONG: "不对", LOOK: "请看", RIGHT: "正常"}


@click.command()
@click.option(
    "--quiet", is_flag=True, help="print what is wrong alone: cron sends a mail only then"
)
@as_json
def doctor(quiet: bool, as_json: bool) -> None:
    """Whether keys, files, disk, clock, calendar, messages, records and backups are as they should be, and what to do where
    not: exit code 1 if something is wrong, 0 where there are hints at most. Nothing is changed."""
    settings = load()
    found = in_order(examine(open_office(settings, wanted=TO_MIGRATE), settings))
    told = [one for one in found if one.level == WRONG] if quiet else found
    if as_json:
        show([asdict(one) for one in told])
    else:
        for one in told:
            click.echo(f"{LEVELS[one.level]}：{one.message}")
            if one.remedy:
                click.echo(f"    办法：{one.remedy}{f'（{one.source}）' if one.source else ''}")
    sys.exit(1 if any(one.level == WRONG for one in found) else 0)


@click.group()
def law() -> None:
    """The points of the law's tables that a person should hold against the sources."""


@law.command("points")
@as_json
def law_points(as_json: bool) -> None:
    """Which points there are, what each is held against, and who has looked through them."""
    found = LawPoints(office_in_force()).standing(None)
    if as_json:
        show(
            {
                "year": found.year,
                "checked": asdict(found.checked) if found.checked else None,
                "points": [asdict(one) for one in found.points],
            }
        )
        return
    for one in found.points:
        click.echo(f"{one.name}：{one.what}（{one.rows} 处，{one.where}）")
        click.echo(f"    对照：{one.against}")
    if found.checked:
        click.echo(
            f"{found.year} 年的要点，{found.checked.by} 在 {found.checked.at:%Y-%m-%d} 核对过"
        )
    else:
        click.echo(
            f"{found.year} 年的要点还没有人核对；核对以后 gongkai law checked --year {found.year}"
        )


@law.command("checked")
@click.option("--year", type=int, required=True, help="the year for which they were looked through")
@click.option("--by", help="user name of who did it (default: the operator at this computer)")
@click.option("--note", default="", help="what was found, in a sentence")
def law_checked(year: int, by: str | None, note: str) -> None:
    """Note that a person has looked through all points for a year; it stands in the audit."""
    office = office_in_force()
    staff = office.staff(by) if by else None
    if by and staff is None:
        fail(f"没有名为“{by}”的用户", 1)
    try:
        LawPoints(office).note(staff, year, note, at_the_machine=True)
    except BadInput as error:
        fail("\n".join(item.message for item in error.errors), 1)
    click.echo(f"已登记：{year} 年的法规要点核对过")


commands: list[click.Command] = [doctor, law]
