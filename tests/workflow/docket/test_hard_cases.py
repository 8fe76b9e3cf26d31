"""Situations from real disputes with their right answers (acceptance/hard_cases.json), as data."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.examples import ACCEPTANCE, read
from workflow.commands.cases import replay
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


def tables_have(tables: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """The cells that are named hold these numbers, every other one of that year's table 四 holds none."""
    for year, blocks in wanted.items():
        found = {
            (block, cell): number
            for block, cells in tables[year]["table4"].items()
            for cell, number in cells.items()
            if number and cell != "total"
        }
        told = {(block, cell): n for block, cells in blocks.items() for cell, n in cells.items()}
        if found != told:
            return False
    return True


@pytest.mark.parametrize("name", named("docket", "docket_strict"))
def test_docket_is_refused_counted_and_told_as_it_should_be(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    file = tmp_path / "docket.json"
    file.write_text(json.dumps(case["input"]), encoding="utf-8")
    strict = ["--strict"] if case["kind"] == "docket_strict" else []
    played = CliRunner().invoke(replay, [str(file), *strict])
    found, wanted = json.loads(played.stdout), case["want"]
    refused = {(one["event"], one["rule"]) for each in found["cases"] for one in each["refused"]}
    for event, rules in wanted.get("refused", ()):
        assert any((event, rule) in refused for rule in rules.split("|")), case["reasoning"]
    for event in wanted.get("not_refused", ()):
        assert event not in {name for name, _ in refused}, case["reasoning"]
    assert tables_have(found["tables"], wanted.get("table4", {})), case["reasoning"]
    told = {alarm for each in found["cases"] for alarm in each["alarms"]}
    assert set(wanted.get("alarms", ())) <= told, case["reasoning"]
    if "remedy" in wanted:
        assert found["cases"][0]["remedy"] == wanted["remedy"], case["reasoning"]
