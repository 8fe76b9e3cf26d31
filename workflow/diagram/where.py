"""Which rule stands in which file: a page for newcomers, made from the tables and the docstrings.

Every table of config/ is named by the first sentence of its file. A docstring or a template says a rule in a line that begins with "Rule:"; a public function whose first
sentence names its article is a rule as well; every guard is one, and every number of periods.toml.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.law import Law
from workflow.case.guards import GUARDS

ROOMS = ("config", "workflow", "notifications", "webui")
UNITS = {"workdays": "working days", "days": "days", "months": "months", "hours": "hours"}
_SOURCE = re.compile(
    r"条例\s?\d|复议法\s?\d|诉讼法\s?\d|保密法|档案法|国办|law\.md §|practice\.md §|contracts/\w+"
)
_RULE = re.compile(r"Rule: (.+?)(?=\n\s*\n|\n\s*Rule: |#}|\Z)", re.S)


@dataclass(frozen=True, slots=True)
class Place:
    """A rule in one sentence, and where it stands: file, and the name in it (empty for the whole)."""

    rule: str
    file: str
    name: str = ""


def places(law: Law, root: Path) -> list[Place]:
    """Every rule that a docstring, a template, a guard or a number of the law states, in order of file.

    root: the folder of the project's rooms.
    """
    files = sorted(
        path
        for room in ROOMS
        for path in (root / room).rglob("*")
        if path.suffix in (".py", ".html")
    )
    found = [*_tables(root), *_numbers(law, root, [path for path in files if path.suffix == ".py"])]
    for path in files:
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            found += [Place(_line(rule), name) for rule in _RULE.findall(text)]
        else:
            found += _of_module(name, ast.parse(text))
    return found


def where_text(law: Law, root: Path) -> str:
    """The page in Markdown: a table for each folder."""
    rooms: dict[str, list[Place]] = {}
    for place in places(law, root):
        rooms.setdefault(place.file.rpartition("/")[0], []).append(place)
    return "\n\n".join(_room(folder, held) for folder, held in sorted(rooms.items()))


def _room(folder: str, held: list[Place]) -> str:
    lines = [f"## {folder}", "", "| rule | file |", "|---|---|"]
    for place in held:
        file = place.file.rpartition("/")[2]
        named = f"[{file}](../{place.file})" + (f" `{place.name}`" if place.name else "")
        rule = place.rule.replace("|", "\\|")
        lines.append(f"| {rule} | {named} |")
    return "\n".join(lines)


def _tables(root: Path) -> Iterator[Place]:
    """A line for each table: its first comment, to the end of the sentence."""
    for path in sorted((root / "config").rglob("*.toml")):
        lines = [line[1:].strip() for line in path.read_text(encoding="utf-8").splitlines()[:6]]
        said = " ".join(lines)
        yield Place(re.split(r"(?<=[.:])\s", said)[0], path.relative_to(root).as_posix())


def _numbers(law: Law, root: Path, files: list[Path]) -> Iterator[Place]:
    texts = {path: path.read_text(encoding="utf-8") for path in files if "config" not in path.parts}
    for name, period in law.periods.items():
        asking = sorted(
            path.relative_to(root).as_posix()
            for path, text in texts.items()
            if f'"{name}"' in text and re.search(r"\bperiods?[(\[]", text)
        )
        values = "; ".join(
            f"{value} {UNITS[period.unit]} from {day}" for day, value in period.values.versions
        )
        asked = f", asked by {', '.join(asking)}" if asking else ""
        yield Place(
            f"{period.label}（{period.basis}）: {values}{asked}", "config/law/periods.toml", name
        )


def _of_module(file: str, tree: ast.Module) -> Iterator[Place]:
    yield from _of_docstring(file, "", ast.get_docstring(tree))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from _of_definition(file, node.name, node)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield from _of_definition(file, f"{node.name}.{inner.name}", inner)


def _of_definition(file: str, name: str, node: ast.FunctionDef | ast.ClassDef) -> Iterator[Place]:
    said = ast.get_docstring(node) or ""
    if node.name in GUARDS and "/guards/" in file:
        yield Place(_line(said), file, name)
        return
    rules = list(_of_docstring(file, name, said))
    yield from rules
    first = said.split("\n\n")[0]
    if not rules and not node.name.startswith("_") and _SOURCE.search(first):
        yield Place(_line(first), file, name)


def _of_docstring(file: str, name: str, said: str | None) -> Iterator[Place]:
    for rule in _RULE.findall(said or ""):
        yield Place(_line(rule), file, name)


def _line(text: str) -> str:
    return " ".join(text.split())
