"""Situations from real disputes with their right answers (acceptance/hard_cases.json), as data."""

from typing import Any

import pytest

from tests.examples import ACCEPTANCE, read
from workflow.docket.timeline import explain

CASES = {case["name"]: case for case in read(ACCEPTANCE / "hard_cases.json")["cases"]}


def named(*kinds: str) -> list[str]:
    return [name for name, case in CASES.items() if case["kind"] in kinds]


@pytest.mark.parametrize("name", named("deadline"))
def test_timeline_has_the_right_days(name: str) -> None:
    case = CASES[name]
    found = explain(case["input"])
    wanted: dict[str, Any] = case["want"]
    assert {key: found.get(key) for key in wanted} == wanted, case["reasoning"]
