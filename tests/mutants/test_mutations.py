"""The mutator itself: what it changes, what it leaves alone, and that it tells good tests from bad ones."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.__main__ import files_of, mirror_of, sample
from tests.mutants.mutations import Mutant, changes, mutants, mutated, shown
from tests.mutants.running import MARK, MOST_TESTS, SHARED, Known, with_marks

ROOT = Path(__file__).parents[2]


def changed(source: str) -> set[str]:
    return {
        f"{shown(one.node)} → {shown(one.after)}"
        for one in changes(ast.parse(source))
        if not isinstance(one.after, ast.Constant) or one.after.value is not None
    }


def returning(expression: str) -> set[str]:
    return changed(f"def f(a, b):\n    return {expression}")


@pytest.mark.parametrize(
    ("expression", "after"),
    [
        ("a < b", "a <= b"),
        ("a <= b", "a < b"),
        ("a > b", "a >= b"),
        ("a >= b", "a > b"),
        ("a == b", "a != b"),
        ("a != b", "a == b"),
        ("a is b", "a is not b"),
        ("a is not b", "a is b"),
        ("a in b", "a not in b"),
        ("a not in b", "a in b"),
        ("a and b", "a or b"),
        ("a or b", "a and b"),
        ("not a", "a"),
        ("a + b", "a - b"),
        ("a - b", "a + b"),
        ("20", "21"),
        ("0.5", "1.5"),
        ("True", "False"),
        ("False", "True"),
        ("min(a, b)", "max(a, b)"),
        ("max(a, b)", "min(a, b)"),
        ("any(a)", "all(a)"),
        ("all(a)", "any(a)"),
        ("'reply_due'", "'reply_duex'"),
    ],
)
def test_what_can_be_written_differently_is(expression: str, after: str) -> None:
    assert returning(expression) == {f"{expression} → {after}"}


def test_each_comparison_of_a_chain_is_exchanged() -> None:
    assert returning("a < b <= a") == {
        "a < b <= a → a <= b <= a",
        "a < b <= a → a < b < a",
    }


@pytest.mark.parametrize(
    ("statement", "turned"),
    [
        ("if a:\n  b()", "a → not a"),
        ("while a:\n  b()", "a → not a"),
        ("b(x for x in a if x)", "x → not x"),
        ("b(1) if a else b(2)", "a → not a"),
    ],
)
def test_conditions_are_turned(statement: str, turned: str) -> None:
    assert turned in changed(statement)


@pytest.mark.parametrize("statement", ["note(a)", "a += b", "raise a", "del a"])
def test_statements_are_left_out(statement: str) -> None:
    assert f"{statement} → pass" in changed(statement)


def test_loops_end_early_and_sums_go_down() -> None:
    loop = "for x in a:\n  n += x\n  if x:\n    continue\n  break"
    assert {"continue → break", "break → continue", "n += x → n -= x"} <= changed(loop)


def test_a_value_of_a_function_becomes_none() -> None:
    tree = ast.parse("def f():\n    a = b()\n    c = None\n    return a\nA = b()")
    nones = [shown(one.node) for one in changes(tree) if shown(one.after) == "None"]
    assert nones == ["b()", "a"]


@pytest.mark.parametrize(
    "source",
    [
        '"""What a module says."""',
        'def f():\n    """What f says."""',
        'A = "答复期限"',
        'A = f"{a < b} days"',
        'A = "%Y-%m-%d"',
        "def f(a: 'Case') -> 'Due': ...",
        "a: Literal['open']",
        "A = Literal['open', 'closed']",
        "@rule('fees', 3)\ndef f(): ...",
        "from a import b",
        "assert a < b",
        "__all__ = ['fees']",
        "if TYPE_CHECKING:\n    a(3)",
        "A = zip(a, b, strict=True)",
        "A = cast('Case', a)",
    ],
)
def test_left_alone(source: str) -> None:
    assert changed(source) == set()


def test_a_mutant_is_made_alone() -> None:
    source = "def f(a):\n    return a < 3 and a > 1"
    made = [ast.unparse(mutated(source, n)) for n in range(len(changes(ast.parse(source))))]
    assert len(set(made)) == len(made) == 6
    assert ast.unparse(ast.parse(source)) not in made
    assert "def f(a):\n    return a <= 3 and a > 1" in made


def test_every_mutant_of_the_house_can_be_compiled() -> None:
    file = ROOT / "workflow" / "rules" / "fees.py"
    for mutant in mutants(file, ROOT):
        compile(mutated(file.read_text("utf-8"), mutant.number), mutant.path, "exec")


def test_a_mutant_says_where_it_is_and_what_must_be_reached(tmp_path: Path) -> None:
    file = tmp_path / "law.py"
    file.write_text("DAYS = 20\ndef f(a):\n    if a(\n        DAYS\n    ):\n        a(7)\n")
    found = {str(one): one for one in mutants(file, tmp_path)}
    assert found["law.py:1  20 → 21"].at_import
    turned = found["law.py:3  a(DAYS) → not a(DAYS)"]
    assert (turned.statement, turned.at_import) == (3, False)
    assert found["law.py:6  7 → 8"].statement == 6


def test_a_mutant_is_shown_to_tests_that_reach_it_the_fastest_first() -> None:
    known = Known(seconds={"slow": 2.0, "fast": 1.0, "other": 0.5})
    known.reached["law.py", 3] = {"slow", "fast"}
    known.reached["law.py", 7] = {SHARED, "slow"}
    known.reached["law.py", 9] = {"other"}
    at = {line: Mutant("law.py", 0, line, line, "", "", False) for line in (3, 7, 8)}
    assert known.tests_for(at[3]) == ["fast", "slow"]
    assert known.tests_for(at[7]) == ["slow", "other", "fast"]
    assert known.tests_for(at[8]) == []


def test_not_more_tests_than_somebody_waits_for() -> None:
    known = Known(seconds={f"test{n}": 0.001 for n in range(MOST_TESTS + 9)})
    known.reached["law.py", 3] = set(known.seconds)
    mutant = Mutant("law.py", 0, 3, 3, "", "", False)
    assert len(known.tests_for(mutant)) == MOST_TESTS
    known.seconds = dict.fromkeys(known.seconds, 50.0)
    assert len(known.tests_for(mutant)) == 1


def test_the_sample_is_the_same_for_a_seed() -> None:
    found = mutants(ROOT / "workflow" / "rules" / "fees.py", ROOT)
    assert sample(found, 9, 1) == sample(found, 9, 1) != sample(found, 9, 2)
    assert sample(found, len(found) + 9, 1) == found


def test_a_room_has_the_mirror_of_its_folder() -> None:
    assert mirror_of(ROOT / "workflow" / "clock", ROOT) == ROOT / "tests" / "workflow" / "clock"
    fees = ROOT / "workflow" / "rules" / "fees.py"
    assert mirror_of(fees, ROOT) == ROOT / "tests" / "workflow" / "rules"
    assert files_of(fees) == [fees]
    with pytest.raises(SystemExit, match="nowhere"):
        files_of(ROOT / "nowhere")


MARKED = '''\
"""What a module says."""
from __future__ import annotations

def f(a):
    """What f says."""
    if a:
        return 1
    elif a is None:
        return 2
    return [b for b in "ab"]
'''


def test_marks_tell_the_lines_and_change_nothing_else() -> None:
    told: set[int] = set()
    names: dict[str, Any] = {MARK: told.add}
    exec(compile(with_marks(MARKED), "law", "exec"), names)
    assert (names["__doc__"], names["f"].__doc__) == ("What a module says.", "What f says.")
    assert told == {4}
    for value, result, lines in ((3, 1, {6, 7}), (None, 2, {6, 8, 9}), (0, ["a", "b"], {6, 8, 10})):
        told.clear()
        assert (names["f"](value), told) == (result, lines)


LAW = """\
from functools import cache
from dataclasses import dataclass

ASKED = {}

def asked(function):
    ASKED[function.__name__] = function
    return function

@dataclass(frozen=True)
class Period:
    days: int = 20

@cache
def longest():
    return Period().days

@asked
def late(day):
    return day > longest()

def waits(day):
    while day < 3:
        day += 1
    return day
"""
GOOD = """\
from law import ASKED, late, waits
from hypothesis import given, strategies as st
import pytest

@pytest.mark.parametrize(("day", "is_late"), [(20, False), (21, True)])
def test_late(day, is_late):
    assert ASKED["late"](day) is late(day) is is_late

@given(st.integers(0, 9))
def test_waits(day):
    assert waits(day) == max(day, 3)
"""
BAD = """\
from law import ASKED, waits

def test_late():
    assert ASKED["late"](40)
"""


def tried(project: Path, tests: str, *words: str) -> tuple[int, str, dict[str, str]]:
    """Exit code, output, and what became of each mutant."""
    (project / "law.py").write_text(LAW)
    (project / "test_law.py").write_text(tests)
    command = [sys.executable, "-m", "tests.mutants", "law.py", "--root", str(project), *words]
    told = project / "told.json"
    ran = subprocess.run(
        [*command, "--tests", "test_law.py", "--all", "--json", str(told)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    rows = json.loads(told.read_text("utf-8")) if told.exists() else []
    return ran.returncode, ran.stdout, {f"{r['before']} → {r['after']}": r["how"] for r in rows}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, dict[str, str]]:
    return tried(tmp_path_factory.mktemp("good"), GOOD, "--jobs", "2", "--patience", "3")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, dict[str, str]]:
    return tried(tmp_path_factory.mktemp("bad"), BAD)


@pytest.mark.long(reason="runs a whole sample of mutants")
def test_good_tests_kill(good: tuple[int, str, dict[str, str]]) -> None:
    code, output, how = good
    assert [mutant for mutant, end in how.items() if end not in {"killed", "timeout"}] == []
    assert how["day += 1 → pass"] == "timeout"
    assert code == 0
    assert "law.py\n" in output and "100.0%" in output


@pytest.mark.long(reason="runs a whole sample of mutants")
def test_bad_tests_let_live(bad: tuple[int, str, dict[str, str]]) -> None:
    code, output, how = bad
    assert code == 1
    assert how["day > longest() → day >= longest()"] == how["20 → 21"] == "survived"
    assert how["day > longest() → None"] == how["Period().days → None"] == "killed"
    assert how["day < 3 → day <= 3"] == "unreached"
    assert "law.py:12  20 → 21\n" in output
    assert "law.py:23  day < 3 → day <= 3  (no test runs it)" in output


@pytest.mark.long(reason="runs a whole sample of mutants")
def test_tests_that_fail_by_themselves_tell_nothing(tmp_path: Path) -> None:
    code, output, how = tried(tmp_path, "def test_law():\n    assert False\n")
    assert (code, how) == (2, {})
    assert "test_law.py::test_law" in output
