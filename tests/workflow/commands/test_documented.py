"""Every command is documented, and every command that the docs name is there."""

import re

import click
import pytest

from gongkai import main
from tests.examples import DOCS, ROOT
from workflow.commands.documented import commands_text, leaves

PAGES = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md"]
COMMANDS = dict(leaves(main))


def test_the_page_says_what_the_commands_say() -> None:
    there = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert there == commands_text(main), "docs/commands.md is out of date: run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    assert COMMANDS[name].help
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_that_a_page_names_is_there(path) -> None:
    for said in re.findall(r"`(?:\.venv/bin/)?gongkai ([a-z][^`]*)`", path.read_text("utf-8")):
        for alternative in re.split(r"\s*\|\s*|, ", said.split(" --")[0]):
            words = alternative.split()
            command: click.Command = main
            while isinstance(command, click.Group) and words and words[0] in command.commands:
                command = command.commands[words.pop(0)]
            assert command is not main or alternative != said.split(" --")[0], (path.name, said)
