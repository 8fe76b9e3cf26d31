"""The shell's door to the nation's calendar: loading a holiday notice, and what holds."""

from typing import Any

import click

from workflow import dates
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, read_json, reading, show
from workflow.refusal import Refused
from workflow.rules.calendar import FIRST
from workflow.service.rules.national import (
    NationalDays,
    NationalYear,
    in_words,
    state_in_words,
)


@click.group("calendar")
def calendar_group() -> None:
    """Working days of the nation: holiday notices of the State Council."""


@calendar_group.command("load")
@click.argument("file")
@as_json
def calendar_load(file: str, as_json: bool) -> None:
    """Load a holiday notice FILE (JSON: year, notice, holidays, workdays), whole or in part, or a late
    change; open deadlines are computed again. `-` reads standard input."""
    data = read_json(file)
    service = NationalDays(office_in_force())
    try:
        done = reading(file, lambda: service.load(None, data))
    except Refused as error:
        refusal = error.refusal
        fail(f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}", 1)
    if as_json:
        show(
            {
                "year": done.notice.year, "notice": done.notice.name, "entered": done.entered,
                "taken_back": done.taken_back, "moved": done.moved,
                "provisional": bool(done.missing), "missing": list(done.missing),
                "forgotten": list(done.forgotten), "differs": _differs(done.differs),
            }
        )  # fmt: skip
        return
    click.echo("\n".join(in_words(done)))


@calendar_group.command("list")
@click.option(
    "--year",
    type=click.IntRange(FIRST.year, dates.LAST_DAY.year),
    help="this year alone (default: what was loaded, this year and the next)",
)
@as_json
def calendar_list(year: int | None, as_json: bool) -> None:
    """What holds: days off and make-up days, the loaded notices, what is missing."""
    service = NationalDays(office_in_force())
    found = [service.year(year)] if year else service.years()
    if as_json:
        show([_year(one) for one in found])
        return
    names = service.names(found)
    for one in found:
        state = "暂定" if one.provisional else "齐全"
        click.echo(f"{one.year} 年：{state}{'；程序自带' if one.packaged else ''}")
        for word, days in (("放假", one.holidays), ("上班", one.workdays)):
            if days:
                click.echo(f"  {word}：{dates.runs_in_words(days)}")
        for notice in one.notices:
            by = f"{names[notice.actor]} {notice.recorded_at:%Y-%m-%d %H:%M} 装入"
            count = f"放假 {len(notice.holidays)} 天、上班 {len(notice.workdays)} 天"
            click.echo(f"  依据：{notice.name}（{count}；{by}）")
        for line in state_in_words(one.year, one.missing, one.forgotten, one.differs):
            click.echo(f"  {line}")


def _year(one: NationalYear) -> dict[str, Any]:
    return {
        "year": one.year, "provisional": one.provisional, "missing": list(one.missing),
        "packaged": one.packaged, "holidays": list(one.holidays), "workdays": list(one.workdays),
        "notices": [
            {
                "notice": notice.name, "year": notice.year, "holidays": list(notice.holidays),
                "workdays": list(notice.workdays), "by": notice.actor,
                "loaded_at": notice.recorded_at.isoformat(),
            }
            for notice in one.notices
        ],
        "forgotten": list(one.forgotten), "differs": _differs(one.differs),
    }  # fmt: skip


def _differs(found: Any) -> list[dict[str, Any]]:
    return [{"day": one.day, "loaded": one.loaded, "package": one.package} for one in found]


commands: list[click.Command] = [calendar_group]
