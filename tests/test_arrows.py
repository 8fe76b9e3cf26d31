"""The arrows between the rooms point inward, and no committed file knows this machine."""

import ast
import logging
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import gongkai
import workflow

ROOT = Path(__file__).parents[1]
IMPURE = ("service", "store", "commands", "people")
PURE = [
    module.name
    for module in pkgutil.walk_packages(workflow.__path__, "workflow.")
    if module.name.split(".")[1] not in IMPURE
]
OUTSIDE_THE_PURE = ("flask", "apiflask", "sqlalchemy", "alembic", "apscheduler", "waitress")


def imported(file: Path) -> set[str]:
    """The modules that a file imports, as written."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def committed() -> list[Path]:
    """The files of the project that git keeps, or all files where the project is no clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    hidden = (".venv", "data", "__pycache__")
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not set(path.relative_to(ROOT).parts) & set(hidden)
    ]


@pytest.fixture
def loggers_stay() -> Iterator[None]:
    """import-linter silences every logger that there was before it (findings/import_linter_silences_loggers.sh)."""
    before = [
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    ]
    silent = [one.disabled for one in before]
    yield
    for one, was in zip(before, silent, strict=True):
        one.disabled = was


@pytest.mark.usefixtures("loggers_stay")
def test_contracts_of_the_import_linter_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == (
        EXIT_STATUS_SUCCESS
    )


def test_only_the_two_entries_import_webui() -> None:
    callers = {
        file.relative_to(ROOT).as_posix()
        for file in committed()
        if file.suffix == ".py"
        and file.relative_to(ROOT).parts[0] not in ("webui", "tests")
        and any(name.split(".")[0] == "webui" for name in imported(file))
    }
    assert callers == {"gongkai.py", "wsgi.py"}


def test_pages_reach_a_case_only_through_the_service() -> None:
    for file in (ROOT / "webui").rglob("*.py"):
        assert not any(name.startswith("workflow.store") for name in imported(file)), file


def test_rooms_that_are_not_pure_are_the_four_of_the_plan() -> None:
    """Every other folder and file of workflow/ is pure: the folder is the list."""
    rooms = {module.name for module in pkgutil.iter_modules(workflow.__path__)}
    assert set(IMPURE) <= rooms
    assert len(PURE) > 80


@pytest.mark.parametrize("module", PURE)
def test_pure_module_imports_no_framework(module: str) -> None:
    path = ROOT.joinpath(*module.split("."))
    for name in imported(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")):
        assert name.split(".")[0] not in OUTSIDE_THE_PURE, name
        assert name.split(".")[0] not in ("webui", "notifications"), name
        assert not name.startswith(tuple(f"workflow.{room}" for room in IMPURE)), name


def test_law_can_be_asked_without_any_framework_being_loaded() -> None:
    """Directly or through others: a fresh interpreter that has the pure parts has nothing else."""
    said = f"import sys, {', '.join(PURE)}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "workflow" in loaded
    assert not loaded & set(OUTSIDE_THE_PURE)


@pytest.mark.parametrize(
    ("name", "none_of"),
    [
        ("check", ("flask", "sqlalchemy", "alembic", "apscheduler", "docx", "xlsxwriter")),
        (
            "deadline",
            (
                "flask",
                "sqlalchemy",
                "apscheduler",
                "alembic",
                "transitions",
                "icalendar",
                "lxml",
                "cryptography",
            ),
        ),
        ("worker", ("flask", "apiflask", "alembic", "docx", "xlsxwriter")),
        (
            "serve",
            (
                "alembic",
                "apscheduler",
                "docx",
                "xlsxwriter",
                "typst",
                "pypdf",
                "lxml",
                "cryptography",
                "phonenumbers",
                "email_validator",
                "stdnum",
                "psycopg",
            ),
        ),
    ],
)
def test_a_command_loads_no_library_of_another(name: str, none_of: tuple[str, ...]) -> None:
    """Somebody waits for it: `gongkai check` needs neither the pages nor the store."""
    said = f"import sys, gongkai\ngongkai.main.commands[{name!r}]\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {name.split(".")[0] for name in done.stdout.split()} & set(none_of)


def test_every_command_of_the_rooms_is_in_the_list_of_the_entry() -> None:
    from notifications.commands import commands as of_messages
    from webui.commands import commands as of_pages
    from workflow.commands import (
        backups,
        bundle,
        calendar,
        cases,
        check,
        copy,
        deadline,
        files,
        keys,
        ledgers,
        letters,
        office,
        staff,
        sums,
        upgrade,
        upkeep,
    )

    there = [
        backups.commands,
        bundle.commands,
        cases.commands,
        calendar.commands,
        check.commands,
        files.commands,
        copy.commands,
        deadline.commands,
        keys.commands,
        ledgers.commands,
        letters.commands,
        office.commands,
        staff.commands,
        sums.commands,
        upgrade.commands,
        upkeep.commands,
        of_pages,
        of_messages,
    ]
    assert tuple(sorted(one.name for room in there for one in room)) == tuple(gongkai.COMMANDS)
    assert all(command.name == name for name, command in gongkai.main.commands.items())


def test_the_list_of_commands_says_what_each_says_of_itself_and_loads_none() -> None:
    said = {
        name: command.get_short_help_str(1000) for name, command in gongkai.main.commands.items()
    }
    assert said == gongkai.COMMANDS
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "gongkai.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(f"  {name} " in done.stdout for name in gongkai.COMMANDS)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in loaded
    assert not {name.split(".")[0] for name in loaded} & {"workflow", "webui", "pydantic"}


def test_only_the_case_is_asked_to_apply_and_only_append_writes_its_row() -> None:
    """One door: the log is written in one place of the store."""
    writers = [
        file.relative_to(ROOT).as_posix()
        for room in ("workflow", "webui", "notifications")
        for file in (ROOT / room).rglob("*.py")
        if re.search(
            r"\bEventRow\(\s*\w+=|\binsert\((EVENT|EventRow)\b", file.read_text(encoding="utf-8")
        )
    ]
    assert writers == ["workflow/store/writing.py"]


def private_names_of_others(text: str) -> set[str]:
    """The private names (`_x`) that a module asks of another one: imported, or taken from something that
    is not its own. A name is its own if the module defines it, as a function, in a class or in itself. `_replace` is what
    named tuples offer to everybody."""
    tree, own, asked = ast.parse(text), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            own.add(node.attr)
        elif isinstance(node, ast.Attribute):
            asked.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            asked |= {alias.name for alias in node.names}
    return {name for name in asked - own - {"_replace"} if re.match("_[^_]", name)}


@pytest.mark.parametrize(
    "file", sorted((ROOT / "workflow" / "service").rglob("*.py")), ids=lambda file: file.stem
)
def test_what_a_use_case_shares_is_public(file: Path) -> None:
    """No use case calls a private method of another one, nor a private function of another module."""
    assert private_names_of_others(file.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(self):\n    return self.cases._load(1)", {"_load"}),
        ("from workflow.service.cases.moving import _do", {"_do"}),
        ("import a\na._b()", {"_b"}),
        ("class A:\n    def f(self):\n        return self._g()\n    def _g(self): ...", set()),
        ("class A:\n    def f(self):\n        self._x = 1\n        return self._x", set()),
    ],
)
def test_private_names_of_others_would_be_seen(text: str, found: set[str]) -> None:
    assert private_names_of_others(text) == found


MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:" + "|".join(("home", "root", "Users", "tmp", "work", "mnt")) + r")/\w"
)
INDEX = re.compile(
    r"https?://[^\s\"')]*(?:" + "|".join(("py" + "pi", "/sim" + "ple", "regis" + "try")) + ")"
    r"|--(?:extra-)?index" + r"-url[= ]\S"
)


def test_no_committed_file_knows_a_path_of_a_machine_or_a_package_index() -> None:
    found = []
    for file in committed():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in (MACHINE_PATH, INDEX):
            found += [f"{file.relative_to(ROOT)}: {hit.group()}" for hit in pattern.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "cd /" + "home/x/project"),
        (MACHINE_PATH, '"/' + 'tmp/store.db"'),
        (INDEX, "https://" + "pypi.org/simple"),
        (INDEX, "--index" + "-url https://x"),
    ],
)
def test_what_must_not_stand_there_would_be_seen(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


MOST_LINES = 450
"""Of a module, so that it can be read in one go. Migrations that ran stay as they are."""


def too_long(path: str, text: str) -> bool:
    """Whether a module of the house has more lines than somebody reads."""
    migration = path.startswith("workflow/store/migrations/versions/")
    return path.endswith(".py") and not migration and len(text.splitlines()) > MOST_LINES


def test_no_module_is_longer_than_somebody_reads() -> None:
    found = [file for file in committed() if file.suffix == ".py"]
    assert len(found) > 400
    read = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in found}
    assert [path for path, text in read.items() if too_long(path, text)] == []


@pytest.mark.parametrize(
    ("path", "lines", "long"),
    [
        ("workflow/case/case.py", 450, False),
        ("workflow/case/case.py", 451, True),
        ("tests/test_arrows.py", 451, True),
        ("workflow/store/migrations/versions/0001.py", 451, False),
        ("docs/development.md", 451, False),
    ],
)
def test_a_module_that_is_too_long_would_be_seen(path: str, lines: int, long: bool) -> None:
    assert too_long(path, "\n" * lines) is long


def test_decisions_are_numbered_without_gaps() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        assert file.read_text(encoding="utf-8").startswith(f"# {int(file.name[:4])}. "), file
