"""The page of docs/ on the commands, made from what each says of itself (`gongkai machine --docs`)."""

from collections.abc import Iterator

import click

BESIDE_THE_LAW = "gongkai.docs"
"""Under which the entry of the command line hands over what makes the pages of docs/ on the API: name → text. Nothing of
`workflow` knows pages."""


def commands_text(root: click.Group) -> str:
    """Every command with its arguments and options, as Markdown."""
    parts = ["<!-- Made from the commands by `make docs`. -->", "# The commands", click_help(root)]
    for name, command in leaves(root):
        context = click.Context(command, info_name=f"gongkai {name}")
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"## gongkai {name}\n\n{click_help(command)}\n\n    gongkai {name} {usage}")
        if rows := list(_parameters(command, context)):
            parts.append("\n".join(("| option | |", "|---|---|", *rows)))
    return "\n\n".join(parts) + "\n"


def leaves(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group under its whole name, in order of name."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{before}{name}", command
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def click_help(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _parameters(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.params:
        said = parameter.get_help_record(context)
        if said is not None:
            names, text = (part.replace("|", "\\|") for part in said)
            yield f"| `{names}` | {text} |"
