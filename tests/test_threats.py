"""docs/threats.md: every threat has its test, and every test that it names is there."""

import ast
import re
from functools import cache

import pytest

from tests.examples import ROOT

PAGE = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| |")
]
ROOMS = (
    "The portal",
    "The desk",
    "The API",
    "The store",
    "Keys",
    "Messages",
    "Files",
    "Who operates it",
    "Supply",
)


@cache
def _tests_of(file: str) -> frozenset[str]:
    path = ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize(("file", "test"), NAMED, ids=[test for _, test in NAMED])
def test_the_test_that_is_named_is_there(file, test):
    assert test in _tests_of(file), f"tests/{file} has no {test}"


def test_every_threat_names_a_test():
    assert len(ROWS) > 55
    for row in ROWS:
        assert len(row) == 4 and set(row[0].split(", ")) <= set("STRIDE") and "::" in row[3], row


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_looked_at_in_every_letter(room):
    part = PAGE.partition(f"## {room}\n")[2].partition("\n## ")[0]
    letters = {
        letter
        for row in re.findall(r"^\| ([STRIDE, ]+) \|", part, re.M)
        for letter in row.split(", ")
    }
    assert letters == set("STRIDE")
