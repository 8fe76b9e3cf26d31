"""What people read: no codes and keys of the program in it, and one word for one thing (docs/words.zh.md)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
HAN = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"\bV\d\d\b|(?<![-/.@])\b[a-z]+(?:_[a-z0-9]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b")
"""The name of a check, of a setting or a field, of a variable of the environment."""
FILLED = re.compile(r"\{[^{}]*\}|\[[^\]]*\]")
"""A place that is filled in before somebody reads it."""
TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.S)
OF_PLACES = ("workflow/docket/province", "workflow/service/docket/sample.py")
"""Invented requests: they speak as applicants do."""
FOR_OPERATORS = (
    "workflow/commands", "workflow/service/backups", "workflow/service/installation.py",
    "workflow/service/cases/verify.py",
    "notifications/channels", "webui/commands.py", "webui/proxies.py", "webui/health.py", "webui/api", "config/",
    "workflow/rules/upkeep",
    "workflow/service/storing.py", "workflow/store/outside.py",
    "workflow/store/standing", "workflow/store/trouble.py", "workflow/service/place.py",
)  # fmt: skip
"""What stands at the command line, in the log of the machine or in an answer to a program."""
PATTERNS = re.compile(
    r"pattern|only|within|right|shape|ending|titles|also|word|source|bodies|own_name"
)
"""Parts of tables that are looked for in what others wrote."""
OF_OTHERS = (
    "workflow/report/reading", "workflow/report/checks", "workflow/docket/ledger", "config/ledger",
)  # fmt: skip
"""Reports and ledgers as offices write them: their heads and words are theirs."""
TOLD_BY_OTHERS = {"open_id"}
"""What a receiver calls it himself."""


def _python(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in said and HAN.search(text):
            yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def _table(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _table(one, f"{path}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _table(one, f"{path}.{place}")
    elif isinstance(value, str) and HAN.search(value):
        yield path, value


def _without_tag(tag: re.Match[str]) -> str:
    """The texts that a tag of a template may write, on its lines."""
    quoted = " ".join(re.findall(r'"([^"]*[\u4e00-\u9fff][^"]*)"', tag[0]))
    return f"{quoted if tag[0][:2] in ('{{', '{%') else ''}" + "\n" * tag[0].count("\n")


@cache
def texts() -> list[tuple[str, str]]:
    """Every text with Chinese words in the code, the tables and the templates: where, what."""
    found = []
    for room in ("workflow", "webui", "notifications", "config"):
        for path in sorted((ROOT / room).rglob("*.py")):
            found += _python(path)
    for path in sorted((ROOT / "config").rglob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found += _table(table, str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "webui/templates").rglob("*.html")):
        plain = TAGS.sub(_without_tag, path.read_text(encoding="utf-8"))
        for number, line in enumerate(plain.splitlines(), 1):
            if HAN.search(line):
                found.append((f"{path.relative_to(ROOT)}:{number}", line))
    return [one for one in found if not one[0].startswith(OF_PLACES)]


def _read_by_people(where: str) -> bool:
    if where.startswith("config/api"):
        return False  # by who writes programs, for whom it names fields and values
    return not where.startswith(FOR_OPERATORS) or ".toml" in where


def test_no_code_of_the_program_stands_before_people() -> None:
    wrong = {
        f"{where}: {code}"
        for where, text in texts()
        if _read_by_people(where) and not PATTERNS.search(where.rpartition(".toml")[2])
        for code in CODE.findall(FILLED.sub("", text))
        if code not in TOLD_BY_OTHERS
    }
    assert wrong == set()


def test_refusals_alarms_and_settings_name_no_code() -> None:
    """What is put together while it runs: the sentences of the guards, of the settings and the channels."""
    from config.channels import load_channels
    from config.law import load_law

    law = load_law()
    said = [rule.label + rule.why for rule in law.settings.values()]
    said += [
        row.label + (row.purpose or "") + (row.confirm or "") for row in law.transitions.values()
    ]
    said += [kind.label + kind.lacks for kind in load_channels().values()]
    said += [text for table in law.words.needs.values() for text in table.values()]
    assert [text for text in said if CODE.search(FILLED.sub("", text))] == []


def forbidden() -> dict[str, str]:
    """Word that is not used → the one that is."""
    found = {}
    for line in (ROOT / "docs/words.zh.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and HAN.search(cells[0]) and cells[0] != "用":
            found |= {word: cells[0] for word in cells[1].split("、")}
    return found


def test_one_word_for_one_thing() -> None:
    words = forbidden()
    assert len(words) > 30 and words["卷宗"] == "案卷"
    assert not set(words) & set(words.values())
    wrong = [
        f"{where}: {word} → {words[word]}"
        for where, text in texts()
        if not PATTERNS.search(where.rpartition(".toml")[2]) and not where.startswith(OF_OTHERS)
        for word in words
        if word in text
    ]
    assert wrong == []
