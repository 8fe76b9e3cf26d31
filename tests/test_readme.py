"""What the READMEs say is so: their examples run as written, what they name is there."""

import json
import pkgutil
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

import workflow
from config.settings import load
from gongkai import main
from tests.test_arrows import IMPURE
from tests.workflow.service.sampling import filled
from webui.app import create_app
from workflow.service.installation import temporary_office
from workflow.store.models import CaseRow

ROOT = Path(__file__).parents[1]
READMES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
}
each_readme = pytest.mark.parametrize("name", READMES)


def run(arguments: list[str], folder: Path, typed: str = "") -> Result:
    """`gongkai` with a store of its own."""
    return CliRunner(env={"GONGKAI_DATA_DIR": str(folder)}).invoke(main, arguments, input=typed)


def test_the_timeline_counts_as_the_readme_says(tmp_path):
    """Every JSON example is a timeline."""
    examples = re.findall(r"```json\n(.+?)```", READMES["README.md"], re.S)
    assert examples
    for example in examples:
        done = run(["deadline", "-"], tmp_path, example)
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["steps"]
        assert f"`{found['reply_due']}`" in READMES["README.md"]


@each_readme
def test_people_are_added_as_the_readme_says(name, tmp_path):
    variables = dict(re.findall(r"^(\w+) \?= (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.M))
    first = [
        "--agency",
        variables["AGENCY"],
        "--name",
        variables["NAME"],
        "--level",
        variables["LEVEL"],
    ]
    made = run(["init", *first], tmp_path)
    assert made.exit_code == 0 and made.stdout.count("一次性密码") == 1
    assert run(["init", "--if-new", *first], tmp_path).stdout == ""
    (line,) = re.findall(r"`.venv/bin/gongkai (user create .+?)`", READMES[name])
    line = line.replace("mytown", variables["AGENCY"])
    done = run(shlex.split(line), tmp_path)
    assert done.exit_code == 0, done.stderr


@each_readme
def test_every_command_of_the_table_is_there(name):
    cells = [
        re.split(r"(?<!\\)\|", line)[1] for line in READMES[name].splitlines() if line[:3] == "| `"
    ]
    rows = [cell for cell in cells if cell.startswith(" `gongkai")]
    assert rows
    for said in re.findall(r"`([^`]+)`", " ".join(rows)):
        words = said.removeprefix("gongkai ").split()
        command: click.Command = main
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert command is not main, said
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word.strip("[]") for word in words if "--" in word} <= options, said


@each_readme
def test_every_make_task_named_is_there(name):
    tasks = set(re.findall(r"(?:`|^    )make ([a-z]+)", READMES[name], re.M))
    assert {"run", "test", "demo"} <= tasks
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert tasks <= set(re.findall(r"^([a-z]+):", makefile, re.M))


@each_readme
def test_every_file_linked_is_there(name):
    links = [link for link in re.findall(r"\]\(([^)]+)\)", READMES[name]) if "://" not in link]
    assert links and [link for link in links if not (ROOT / link).exists()] == []


def test_the_addresses_named_answer():
    with temporary_office() as office:
        visitor = create_app(office, load({})).test_client()
        for address, answer in (("/", 200), ("/desk", 308), ("/api/v1", 401)):
            assert f"`{address}`" in READMES["README.md"]
            called = f"{address}/cases" if address == "/api/v1" else address
            assert visitor.get(called).status_code == answer


def test_the_demonstration_has_a_case_in_every_state_and_two_past_years():
    with temporary_office() as office:
        filled(office)
        with office.store.read() as unit:
            rows = list(unit.session.scalars(select(CaseRow)))
        assert {row.state for row in rows} == set(office.law.states)
        this_year = office.today().year
        assert {row.opened_on.year for row in rows} >= {this_year - 1, this_year - 2}


def test_the_rooms_of_the_domain_are_those_of_the_tree():
    """The pure ones in one breath, the others each with a line."""
    house = (
        READMES["README.md"].split("workflow/        the domain\n")[1].split("notifications/")[0]
    )
    pure, impure = house.split("pure: values in, values out")
    rooms = {module.name for module in pkgutil.iter_modules(workflow.__path__)}
    assert set(re.findall(r"[a-z]+", pure)) == rooms - set(IMPURE)
    assert {line.split()[0] for line in impure.splitlines() if line[:3].strip()} <= set(IMPURE)
    assert set(IMPURE) == {"store", "service", "commands", "people"}


DOCS_PAGES = [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in READMES)]


@pytest.mark.parametrize("page", DOCS_PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page):
    """A path with its room in front, in backticks."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:workflow|webui|notifications|config|tests)/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
