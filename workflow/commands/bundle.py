"""The shell's door to the file of a case: the evidence bundle, the archive package."""

import click

from config.errors import in_chinese
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import fail
from workflow.letters import NotPossible
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.bundles import Bundles, Made, Packed


@click.command()
@click.option("--agency", required=True, help="code of the body")
@click.option("--case", "number", required=True, metavar="NUMBER", help="number of the case")
@click.option("--archive", is_flag=True, help="the package for the archive (ZIP) instead")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="the file to write; `-` for standard output",
)
def bundle(agency: str, number: str, archive: bool, output: str) -> None:
    """The evidence of a case as one numbered PDF for review and court; or its whole file as a package for the
    archive, with list of contents, log and hashes."""
    bundles = Bundles(office_in_force())
    make = bundles.archive if archive else bundles.evidence
    try:
        made: Made | Packed = make(None, agency, number)
    except Missing as error:
        fail(str(error), 1)
    except NotPossible as error:
        refusal = error.refusal
        fail(f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}", 1)
    except BadInput as error:
        fail("\n".join(f"{item.field}：{item.message}" for item in error.errors))
    try:
        with click.open_file(output, "wb") as file:
            file.write(made.content)
    except OSError as error:
        fail(f"{output}：无法写入（{in_chinese(error)}）")
    click.echo(f"已写入 {output}（{len(made.content)} 字节）", err=True)
    for told in made.told():
        click.echo(told, err=True)


commands: list[click.Command] = [bundle]
