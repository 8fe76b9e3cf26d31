"""Every command is documented, and every command that the docs name is there."""

import re

import click
import pytest
from click.testing import CliRunner

from config.commands import chinese, option, says
from config.settings import load
from gongkai import main
from tests.examples import DOCS, ROOT
from workflow.commands.documented import commands_text, leaves

PAGES = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "README.zh-CN.md"]
COMMANDS = dict(leaves(main))
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_the_page_says_what_the_commands_say() -> None:
    there = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert there == commands_text(main), "docs/commands.md is out of date: run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    assert COMMANDS[name].help
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


def everything(command: click.Command, path: str):
    yield path, command
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from everything(one, f"{path} {name}" if command is not main else name)


SPOKEN = dict(everything(main, "gongkai"))


def test_every_command_and_option_says_itself_in_chinese():
    table = {name: row for name, row in chinese().items() if name != "options"}
    assert set(table) == set(SPOKEN)
    for path, command in SPOKEN.items():
        assert HAN.search(says(path)) and says(path).endswith("。"), path
        names = {one.name for one in command.params if isinstance(one, click.Option)}
        assert all(HAN.search(option(path, name)) for name in names), path
        assert set(table[path]) - {"says"} <= names, path
    used = {one.name for command in SPOKEN.values() for one in command.params}
    assert set(chinese()["options"]) - used <= {"help"}


@pytest.mark.parametrize("path", sorted(SPOKEN))
def test_help_is_chinese_and_english_where_that_is_asked_for(path):
    words = [] if path == "gongkai" else path.split()
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0 and shown.stdout.startswith("用法：")
    assert says(path).partition("。")[0][:12] in shown.stdout.replace("\n", "")
    assert "[ARGS]" not in shown.stdout, "what click says itself"
    assert not any(line.endswith("...") for line in shown.stdout.splitlines()[1:]), "cut off"
    english = CliRunner().invoke(main, ["--lang", "en", *words, "--help"])
    assert english.exit_code == 0 and english.stdout.startswith("Usage:")
    assert "。" not in english.stdout and "选项" not in english.stdout


def test_the_environment_may_choose_english_and_the_option_holds_over_it():
    asked = CliRunner().invoke(main, ["user", "--help"], env={"GONGKAI_LANG": "en"})
    assert asked.stdout.startswith("Usage:") and "Members of staff" in asked.stdout
    both = CliRunner().invoke(main, ["--lang", "zh", "user", "--help"], env={"GONGKAI_LANG": "en"})
    assert both.stdout.startswith("用法：")
    wrong = CliRunner().invoke(main, ["user", "--help"], env={"GONGKAI_LANG": "xx"})
    assert wrong.stdout.startswith("用法：")
    assert CliRunner().invoke(main, ["--lang", "xx", "user", "--help"]).exit_code == 2
    assert load({"GONGKAI_LANG": "en"}), "it is no unknown setting"


@pytest.mark.parametrize(
    ("words", "usage", "said"),
    [
        ("nothing", "", "没有 'nothing' 这个命令。"),
        ("usr", "", "没有 'usr' 这个命令。是不是 'user'？"),
        ("--nothing", "", "没有 '--nothing' 这个选项。"),
        ("user --hepl", " user", "没有 '--hepl' 这个选项。是不是 '--help'？"),
        ("user nothing", " user", "没有 'nothing' 这个命令。"),
        ("tally", " tally", "缺少选项 '--agency'。"),
        ("deadline", " deadline", "缺少参数 'FILE'。"),
        ("clock a b", " clock", "多写了：a b"),
        ("report --year x", " report", "'--year' 不对：'x' 不是整数。"),
        ("--lang xx", "", "'--lang' 不对：'xx' 不是其中之一：'zh', 'en'。"),
    ],
)
def test_a_call_that_cannot_be_read_is_told_in_the_language_that_is_asked_for(words, usage, said):
    shown = CliRunner().invoke(main, words.split(), prog_name="gongkai")
    assert shown.exit_code == 2 and shown.stderr.startswith(f"用法：gongkai{usage} [选项]")
    assert f"用 gongkai{usage} --help 查看说明。" in shown.stderr
    assert shown.stderr.endswith(f"错误：{said}\n") and shown.stdout == ""
    english = CliRunner().invoke(main, words.split(), env={"GONGKAI_LANG": "en"})
    assert english.exit_code == 2 and not HAN.search(english.stderr)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_that_a_page_names_is_there(path) -> None:
    for said in re.findall(r"`(?:\.venv/bin/)?gongkai ([a-z][^`]*)`", path.read_text("utf-8")):
        for alternative in re.split(r"\s*\|\s*|, ", said.split(" --")[0]):
            words = alternative.split()
            command: click.Command = main
            while isinstance(command, click.Group) and words and words[0] in command.commands:
                command = command.commands[words.pop(0)]
            assert command is not main or alternative != said.split(" --")[0], (path.name, said)
