"""The entry for the command line: gathers the `commands` of each room."""

from typing import Any

import click

from config.rows import TableError
from config.settings import BadSetting
from notifications.commands import beside_the_pages
from notifications.commands import commands as notification_commands
from webui.commands import BESIDE
from webui.commands import commands as web_commands
from workflow.commands.calendar import commands as calendar_commands
from workflow.commands.cases import commands as workflow_commands
from workflow.commands.cases import fail
from workflow.commands.check import commands as report_commands
from workflow.commands.office import commands as office_commands
from workflow.commands.sums import commands as sum_commands
from workflow.service.installation import WrongKey


class Shell(click.Group):
    """Ends with one line and exit code 2 where the installation itself is not right."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (BadSetting, TableError, WrongKey) as problem:
            fail(str(problem))


@click.group(
    cls=Shell, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.pass_context
def main(context: click.Context) -> None:
    """Gongkai (公开): requests for government information, from the application to the annual table."""
    context.meta[BESIDE] = beside_the_pages


for command in (
    *workflow_commands, *office_commands, *calendar_commands, *report_commands, *sum_commands, *web_commands, *notification_commands,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    main()
