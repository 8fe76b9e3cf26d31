"""The entry for the command line: which room has which command, and loads no other room for it."""

import sys
from collections.abc import Iterator, MutableMapping
from typing import Any

import click

from config.rows import TableError
from config.settings import BadSetting

NAMES = (
    "agency", "calendar", "check", "config", "copy", "deadline", "demo", "init", "letter", "machine", "migrate",
    "replay", "report", "serve", "simulate", "sum", "tally", "token", "user", "verify", "worker",
)  # fmt: skip


def command_of(name: str) -> click.Command:
    """The command of that name, from its room."""
    commands: list[click.Command]
    if name == "serve":
        from webui.commands import commands
    elif name == "worker":
        from notifications.commands import commands
    elif name == "copy":
        from workflow.commands.copy import commands
    elif name == "check":
        from workflow.commands.check import commands
    elif name == "calendar":
        from workflow.commands.calendar import commands
    elif name == "letter":
        from workflow.commands.letters import commands
    elif name == "sum":
        from workflow.commands.sums import commands
    elif name in ("deadline", "replay", "tally", "report", "demo", "simulate", "machine"):
        from workflow.commands.cases import commands
    else:
        from workflow.commands.office import commands
    return next(command for command in commands if command.name == name)


class Commands(MutableMapping[str, click.Command]):
    """All commands by name; each comes when it is asked for."""

    def __init__(self) -> None:
        self.known: dict[str, click.Command | None] = dict.fromkeys(NAMES)

    def __getitem__(self, name: str) -> click.Command:
        found = self.known[name]
        if found is None:
            found = self.known[name] = command_of(name)
        return found

    def __setitem__(self, name: str, command: click.Command) -> None:
        self.known[name] = command

    def __delitem__(self, name: str) -> None:
        del self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


class Shell(click.Group):
    """Ends with one line and exit code 2 where the installation itself is not right."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (BadSetting, TableError) as problem:
            click.echo(str(problem), err=True)
            sys.exit(2)


@click.group(
    cls=Shell,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.pass_context
def main(context: click.Context) -> None:
    """Gongkai (公开): requests for government information, from the application to the annual table."""
    if context.invoked_subcommand == "serve":
        from notifications.commands import beside_the_pages
        from webui.commands import BESIDE

        context.meta[BESIDE] = beside_the_pages


if __name__ == "__main__":
    main()
