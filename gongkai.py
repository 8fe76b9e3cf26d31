"""The entry for the command line: which room has which command, and loads no other room for it."""

import copy
import gc
import os
import re
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import IO, Any

import click
from click.exceptions import NoArgsIsHelpError

from config import commands as spoken
from config.errors import BadSetting, StorageAway, TableError, Unavailable

# None is used; to look for some, pydantic reads what every installed package says of itself.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

COMMANDS = {
    "agency": "Bodies: who is below whom.",
    "backup": "Back up the whole installation while it serves: store and files, sealed, into FILE, and the keys that open it into FILE.keys, which is to be kept elsewhere.",
    "bundle": "The evidence of a case as one numbered PDF for review and court; or its whole file as a package for the archive, with list of contents, log and hashes.",
    "calendar": "Working days of the nation: holiday notices of the State Council.",
    "check": "Check annual reports: Word, Excel, OpenDocument, RTF, web pages, PDF with its text, CSV, plain text or JSON.",
    "clock": "What time this machine says it is, and the newest record of the store: exit code 1 where they do not fit and nothing is written.",
    "config": "What is in force, and where each value came from.",
    "copy": "Copy a whole installation from one store to another, such as sqlite:////srv/gongkai.db to postgresql://gongkai@host/gongkai and back, and compare: every row, the chains of the logs, the tables of every body and year.",
    "deadline": "All due days of a timeline FILE (JSON), with the steps.",
    "demo": "Demonstrations: a published table as real cases, or a store filled with believable ones.",
    "doctor": "Whether keys, files, disk, clock, calendar, messages, records and backups are as they should be, and what to do where not: exit code 1 if something is wrong, 0 where there are hints at most.",
    "export-ledger": "Write the ledger (台账) of a body and year as a table: one row for each request that stands in its tables.",
    "files": "Where contents of files lie: in the database, a folder, or a bucket of an S3-compatible server.",
    "head": "How far every chain of the store goes: a small file to be kept where nobody who looks after the store can change it.",
    "import-ledger": "Take in a ledger FILE (台账; XLSX or CSV): each row becomes a case under its own number, all rows or none.",
    "init": "Migrate, create the first body and its administrator, print the one-time password once.",
    "key": "The keys of the installation: which there are, a new one, sealing anew.",
    "law": "The points of the law's tables that a person should hold against the sources.",
    "letter": "A letter of a case: as it is kept, else drafted from it, also while a place in it is still open; or which letters the case can have now: open (can be drafted), due (is to be written), made (went out).",
    "machine": "The machine as its tables have it: states, events, conditions.",
    "migrate": "Bring the store to the shape that this version needs.",
    "replay": "Play a docket FILE through the one door; print its cases and tables.",
    "report": "The annual report of a body and year as a file: its latest version, as published or as it would be drafted today.",
    "restore": "Put a backup FILE back into an empty place: a data folder without a store, or an empty PostgreSQL database.",
    "serve": "Serve portal and desk until stopped; sends reminders as well, unless worker_in_serve is off.",
    "simulate": "Fill the store in force with a believable province, invented people and all, through the one door.",
    "sum": "Add up annual reports cell by cell and explain the differences to an entered total.",
    "tally": "Tables 3 and 4 of a body and year, counted from its cases.",
    "token": "Bearer tokens of the API.",
    "upgrade": "Bring the store to this version: look, ask for a backup, migrate, verify.",
    "user": "Members of staff.",
    "verify": "Hold every log to its hashes and every case to its log, people, roles, settings, reports, files and the audit to what was written of them: exit code 1 if one was tampered with.",
    "worker": "Send reminders and messages; of several workers one leads, the others stand by.",
}
"""Every command with its first sentence: listing them loads none (a test holds the two together)."""


def command_of(name: str) -> click.Command:
    """The command of that name, from its room."""
    commands: list[click.Command]
    if name == "serve":
        from webui.commands import commands
    elif name == "worker":
        from notifications.commands import commands
    elif name == "copy":
        from workflow.commands.copy import commands
    elif name in ("backup", "restore"):
        from workflow.commands.backups import commands
    elif name in ("user", "token"):
        from workflow.commands.staff import commands
    elif name == "check":
        from workflow.commands.check import commands
    elif name == "calendar":
        from workflow.commands.calendar import commands
    elif name == "letter":
        from workflow.commands.letters import commands
    elif name in ("import-ledger", "export-ledger"):
        from workflow.commands.ledgers import commands
    elif name == "key":
        from workflow.commands.keys import commands
    elif name == "upgrade":
        from workflow.commands.upgrade import commands
    elif name == "files":
        from workflow.commands.files import commands
    elif name in ("doctor", "law"):
        from workflow.commands.upkeep import commands
    elif name == "bundle":
        from workflow.commands.bundle import commands
    elif name == "sum":
        from workflow.commands.sums import commands
    elif name == "deadline":
        from workflow.commands.deadline import commands
    elif name in ("replay", "tally", "report", "demo", "simulate", "machine"):
        from workflow.commands.cases import commands
    else:
        from workflow.commands.office import commands
    return next(command for command in commands if command.name == name)


LANGUAGES = ("zh", "en")
CLICKS = {
    "Usage: ": "用法：", "Options": "选项", "Commands": "命令", "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...", "[COMMAND] [ARGS]...": "[命令] [参数]...", "Show this message and exit.": spoken.option("gongkai", "help"),
    "[required]": "[必填]", "[default: ": "[默认：",
}  # fmt: skip
"""What click says itself."""


class ChineseFormatter(click.HelpFormatter):
    """Help with the words of click in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _in_chinese(args), prefix or CLICKS["Usage: "])

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_in_chinese(heading)}：\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:  # fmt: skip
        super().write_dl([(name, _in_chinese(said)) for name, said in rows], col_max, col_spacing)


def _in_chinese(text: str) -> str:
    for english, chinese in CLICKS.items():
        text = text.replace(english, chinese)
    return text


MISUSE: tuple[tuple[str, str], ...] = (
    (r"\s?Did you mean (.*)\?$", r"是不是 \1？"),
    (r"\s?\(Did you mean one of: (.*)\?\)$", r"是不是其中之一：\1？"),
    (r"^No such option (\S+)\.", r"没有 \1 这个选项。"),
    (r"^No such command (.+?)\.", r"没有 \1 这个命令。"),
    (r"^Missing command\.", "请写明命令。"),
    (r"^Missing option (.+?)\.(?=\s|$)", r"缺少选项 \1。"),
    (r"^Missing argument (.+?)\.(?=\s|$)", r"缺少参数 \1。"),
    (r"^Got unexpected extra arguments? \((.*)\)", r"多写了：\1"),
    (r"^Option (\S+) does not take a value\.", r"选项 \1 后面不写值。"),
    (r"^Option (\S+) requires an argument\.", r"选项 \1 后面要写值。"),
    (r"^Option (\S+) requires (\d+) arguments\.", r"选项 \1 后面要写 \2 个值。"),
    (r"^Argument (\S+) takes (\d+) values\.", r"参数 \1 要写 \2 个值。"),
    (r"^Invalid value for (.+?): ", r"\1 不对："),
    (r"^Invalid value: ", "不对："),
    (r"(\S+) is not one of (.*)\.$", r"\1 不是其中之一：\2。"),
    (r"(\S+) is not a valid integer(?: range)?\.$", r"\1 不是整数。"),
    (r"(\S+) is not a valid float(?: range)?\.$", r"\1 不是数字。"),
    (r"(\S+) is not in the range (.*)\.$", r"\1 不在 \2 之内。"),
    (r"(\S+) does not match the formats? (.*)\.$", r"\1 不合格式 \2。"),
    (r"(?:File|Directory|Path) (.+) does not exist\.$", r"没有 \1。"),
    (r"(?:File|Directory|Path) (.+) is a file\.$", r"\1 是文件，不是目录。"),
    (r"(?:File|Directory|Path) (.+) is a directory\.$", r"\1 是目录，不是文件。"),
    (r"(?:File|Directory|Path) (.+) is not readable\.$", r"\1 不能读取。"),
    (r"(?:File|Directory|Path) (.+) is not writable\.$", r"\1 不能写入。"),
    (r"Choose from:\s*", "可以是："),
)  # fmt: skip
"""What click says of a call that it cannot read; what is not among it stays as it is."""


def misuse(said: str) -> str:
    """The same in Chinese."""
    for english, chinese in MISUSE:
        said = re.sub(english, chinese, said)
    return said


def _show_misuse(error: click.UsageError, file: IO[Any] | None = None) -> None:
    context = error.ctx
    if context is not None:
        context.formatter_class = ChineseFormatter
        click.echo(f"{context.get_usage()}\n用 {context.command_path} --help 查看说明。\n", file, err=file is None)  # fmt: skip
    click.echo(f"错误：{misuse(error.format_message())}", file, err=file is None)


@contextmanager
def misuse_told(context: click.Context | None) -> Iterator[None]:
    """Let what click says of a call that it cannot read be told in the language that is asked for."""
    try:
        yield
    except click.UsageError as error:
        known = error.ctx or context
        english = (
            os.environ.get("GONGKAI_LANG") == "en" if known is None else language(known) == "en"
        )
        if not english and not isinstance(error, NoArgsIsHelpError):
            error.show = partial(_show_misuse, error)  # type: ignore[method-assign]  # click asks it of the error
        raise


def language(context: click.Context) -> str:
    """zh or en: as `--lang` says, else GONGKAI_LANG, else Chinese."""
    asked = context.find_root().params.get("lang") or os.environ.get("GONGKAI_LANG", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def helped(command: click.Command, path: str, context: click.Context) -> str:
    """The help of a command in the language that is asked for. The docstrings of the code are English."""
    if language(context) == "en":
        return type(command).get_help(command, context)
    shown = spoken_copy(command, path)
    context.formatter_class = ChineseFormatter
    return type(shown).get_help(shown, context)


def spoken_copy(command: click.Command, path: str) -> click.Command:
    """The command with what it says in Chinese; its subcommands with their lines."""
    shown = copy.copy(command)
    shown.help = spoken.says(path)
    shown.short_help = shown.help.partition("。")[0] + "。"
    shown.params = [_spoken_option(one, path) for one in command.params]
    if isinstance(shown, click.Group) and not isinstance(shown, Shell):
        shown.commands = {
            name: spoken_copy(one, f"{path} {name}") for name, one in shown.commands.items()
        }
    return shown


def _spoken_option(one: click.Parameter, path: str) -> click.Parameter:
    shown = copy.copy(one)
    if isinstance(shown, click.Option):
        shown.help = spoken.option(path, str(shown.name))
    return shown


def _helping(command: click.Command, path: str) -> None:
    """Let the command and its subcommands answer --help in the language that is asked for."""
    command.get_help = partial(helped, command, path)  # type: ignore[method-assign]
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            _helping(one, f"{path} {name}")


class Commands(MutableMapping[str, click.Command]):
    """All commands by name; each comes when it is asked for."""

    def __init__(self) -> None:
        self.known: dict[str, click.Command | None] = dict.fromkeys(COMMANDS)

    def __getitem__(self, name: str) -> click.Command:
        found = self.known[name]
        if found is None:
            # Nothing of what is loaded can go away again: to look for it takes a tenth of the time.
            gc.disable()
            try:
                found = self.known[name] = command_of(name)
                _helping(found, name)
            finally:
                gc.enable()
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
    """Ends with one line and exit code 2 where the installation itself is not right, or its database
    cannot be reached."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, which loads none of them."""
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        if language(context) == "zh":
            lines = [(name, spoken.says(name).partition("。")[0] + "。") for name in COMMANDS]
        else:
            lines = [
                (name, click.Command(name, help=said).get_short_help_str(limit))
                for name, said in COMMANDS.items()
            ]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        with misuse_told(None):
            return super().make_context(*given, **more)

    def get_help(self, context: click.Context) -> str:
        if language(context) == "en":
            return super().get_help(context)
        shown = spoken_copy(self, "gongkai")
        context.formatter_class = ChineseFormatter
        return click.Group.get_help(shown, context)  # type: ignore[arg-type]

    def invoke(self, context: click.Context) -> Any:
        try:
            with misuse_told(context):
                return super().invoke(context)
        except (BadSetting, TableError, Unavailable) as problem:
            why = f"（{problem.why}）" if isinstance(problem, StorageAway) else ""
            click.echo(f"{problem}{why}", err=True)
            sys.exit(2)
        except (
            Exception
        ) as problem:  # a full disk or a lock is told in words, all else goes on as it came
            from workflow.service.place import of_the_place  # of no use where nothing went wrong

            if (said := of_the_place(problem)) is None:
                raise
            click.echo(said, err=True)
            sys.exit(2)


@click.group(
    cls=Shell,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    help="language of the help: zh (Chinese) or en (English); or GONGKAI_LANG",
)
@click.pass_context
def main(context: click.Context, lang: str | None) -> None:
    """Gongkai (公开): requests for government information, from the application to the annual table."""
    from workflow.service.logs import end_without_values

    end_without_values()
    if context.invoked_subcommand == "serve":
        from notifications.commands import beside_the_pages
        from webui.commands import BESIDE

        context.meta[BESIDE] = beside_the_pages
    if context.invoked_subcommand == "machine":
        from workflow.commands.documented import BESIDE_THE_LAW

        context.meta[BESIDE_THE_LAW] = _pages_of_the_api


def _pages_of_the_api() -> dict[str, str]:
    """What docs/ says of the API; asked for by `machine --docs` alone."""
    from webui.api.reference import api_pages

    return api_pages()


if __name__ == "__main__":
    main()
