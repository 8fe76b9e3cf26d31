"""The entry for the command line: gathers the `commands` of each room."""

import click

from webui.commands import commands as web_commands
from workflow.commands import commands as workflow_commands
from workflow.report.commands import commands as report_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Gongkai (公开): requests for government information, from the application to the annual table."""


for command in (*workflow_commands, *report_commands, *web_commands):
    main.add_command(command)

if __name__ == "__main__":
    main()
