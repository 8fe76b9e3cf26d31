"""The entry for the command line: gathers the `commands` of each room."""

import click

from notifications.commands import beside_the_pages
from notifications.commands import commands as notification_commands
from notifications.playing import reminders_of
from webui.commands import BESIDE
from webui.commands import commands as web_commands
from workflow.commands import commands as workflow_commands
from workflow.office_commands import commands as office_commands
from workflow.report.commands import commands as report_commands
from workflow.service.dockets import ReminderTeller
from workflow.sum_command import commands as sum_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.pass_context
def main(context: click.Context) -> None:
    """Gongkai (公开): requests for government information, from the application to the annual table."""
    context.obj = ReminderTeller(reminders_of)
    context.meta[BESIDE] = beside_the_pages


for command in (
    *workflow_commands, *office_commands, *report_commands, *sum_commands, *web_commands, *notification_commands,
):  # fmt: skip
    main.add_command(command)

if __name__ == "__main__":
    main()
