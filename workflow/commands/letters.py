"""The shell's door to letters: which a case can have, and one of them drafted into a file."""

from typing import Any

import click

from config.errors import in_chinese
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.letters import Choice, NotPossible
from workflow.letters.formats import FORMATS
from workflow.letters.possible import STATES
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.letters import CaseLetters


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--case", "number", required=True, metavar="NUMBER", help="number of the case")
@click.option("--list", "listed", is_flag=True, help="the letters that the case can have now")
@as_json
@click.option("--kind", help="the letter to draft, by its name in the list")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(list(FORMATS)),
    default="docx",
    show_default=True,
    help="what kind of file",
)
@click.option("-o", "--output", metavar="FILE", help="the file to write; `-` for standard output")
@click.option(
    "--consultation",
    type=click.IntRange(1, 999),
    help="about which consultation (default: the last)",
)
@click.option(
    "--paper",
    metavar="KIND",
    help="which letter a proof of service or an envelope is for (default: the last)",
)
def letter(
    agency: str, number: str, listed: bool, as_json: bool, kind: str | None, fmt: str, output: str | None,
    consultation: int | None, paper: str | None,
) -> None:  # fmt: skip
    """A letter of a case: as it is kept, else drafted from it, also while a place in it is still open; or which
    letters the case can have now: open (can be drafted), due (is to be written), made (went out)."""
    if listed == bool(kind) or bool(kind) != bool(output):
        raise click.UsageError("请给出 --list，或者 --kind KIND -o FILE")
    letters = CaseLetters(office_in_force())
    if listed:
        _list(letters, agency, number, as_json)
        return
    assert kind is not None and output is not None
    try:
        choice = Choice(consultation, None, paper)
        content, drafted = letters.printed(None, agency, number, kind, choice, fmt)
    except Missing as error:
        fail(str(error), 1)
    except KeyError as error:
        fail(f"没有名为“{error.args[0]}”的文书；本件可以有的，用 --list 查看")
    except NotPossible as error:
        refusal = error.refusal
        fail(f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}", 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    try:
        with click.open_file(output, "wb") as file:
            file.write(content)
    except OSError as error:
        fail(f"{output}：无法写入（{in_chinese(error)}）")
    click.echo(f"已写入 {output}（{len(content)} 字节）", err=True)
    if drafted.open:
        places = "、".join(f"“{gap.label}”" for gap in drafted.open)
        click.echo(f"还有 {len(drafted.open)} 处没有填写：{places}", err=True)


def _list(letters: CaseLetters, agency: str, number: str, as_json: bool) -> None:
    try:
        found = letters.possible(None, agency, number)
    except Missing as error:
        fail(str(error), 1)
    if as_json:
        rows: list[dict[str, Any]] = [
            {"kind": one.kind, "label": one.label, "state": one.state} for one in found
        ]
        show({"letters": rows})
        return
    for one in found:
        on = f"（{one.on}）" if one.on else ""
        click.echo(f"{one.kind:<26}{one.label}：{STATES[one.state]}{on}")


commands: list[click.Command] = [letter]
