"""Situations from real disputes with their right answers (acceptance/hard_cases.json), as data."""

from typing import Any

import pytest

from tests.examples import ACCEPTANCE, read
from workflow.docket.timeline import explain
from workflow.service import Office
from workflow.service.docket.player import Player

CASES = {case["name"]: case for case in read(ACCEPTANCE / "hard_cases.json")["cases"]}


def named(*kinds: str) -> list[str]:
    return [name for name, case in CASES.items() if case["kind"] in kinds]


@pytest.mark.parametrize("name", named("deadline"))
def test_timeline_has_the_right_days(name: str) -> None:
    case = CASES[name]
    found = explain(case["input"])
    wanted: dict[str, Any] = case["want"]
    assert {key: found.get(key) for key in wanted} == wanted, case["reasoning"]


REMEDIES = ("lc31", "lc41", "lc43", "lc49", "lc51")


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(REMEDIES)])
def test_docket_ends_as_the_law_says(name: str, office: Office) -> None:
    """Reviews and suits are facts; alarms and remedies are told beside them (contracts/docket.md)."""
    case = CASES[name]
    played, wanted = Player(office).play(case["input"]), case["want"]
    refused = {one["event"] for told in played["cases"] for one in told["refused"]}
    assert not refused & set(wanted.get("not_refused", ())), case["reasoning"]
    first = played["cases"][0]
    assert set(wanted.get("alarms", ())) <= set(first["alarms"])
    assert first["remedy"] == wanted.get("remedy", first["remedy"])
    for year, blocks in wanted.get("table4", {}).items():
        for block, cells in blocks.items():
            counted = played["tables"][year]["table4"][block]
            assert {cell: n for cell, n in counted.items() if n and cell != "total"} == cells
