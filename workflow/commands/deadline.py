"""`gongkai deadline`: somebody waits for it, so that nothing is loaded but what counts days."""

import click

from config.settings import load
from workflow.commands.terminal import as_json, read_json, reading, show
from workflow.docket import timeline
from workflow.rules.national import loaded_days
from workflow.service.notices import national_entries


@click.command()
@click.argument("file")
@as_json
def deadline(file: str, as_json: bool) -> None:
    """All due days of a timeline FILE (JSON), with the steps. `-` reads standard input. Holiday notices
    that were loaded here count."""
    data = read_json(file)
    nation = loaded_days(national_entries(load()))
    show(reading(file, lambda: timeline.explain(data, nation)))


commands: list[click.Command] = [deadline]
