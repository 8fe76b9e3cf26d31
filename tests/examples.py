"""The worked examples and published tables under tests/acceptance, as data for tests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ACCEPTANCE = ROOT / "tests" / "acceptance"
TABLES = sorted((ACCEPTANCE / "tables").glob("*.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


VERSION_1 = ROOT / "tests" / "version_1.json"
"""Rows of the contracts that the engine still follows in their first version."""


def told(name: str) -> Any:
    """contracts/<name>.json as it was handed over."""
    return read(ACCEPTANCE / "contracts" / f"{name}.json")


def contract(name: str) -> Any:
    """contracts/<name>.json: words that stay; rows named in version_1.json as they were before."""
    data, before = told(name), read(VERSION_1)
    if name == "events":
        rows = {event: before["events"].get(event, row) for event, row in data["events"].items()}
        data["events"] = {event: row for event, row in rows.items() if row is not None}
    if name == "outcomes":
        data["outcomes"] = [before["outcomes"].get(row["code"], row) for row in data["outcomes"]]
    return data


def examples(name: str) -> list[dict[str, Any]]:
    """The examples of acceptance/<name>.json."""
    found: list[dict[str, Any]] = read(ACCEPTANCE / f"{name}.json")["examples"]
    return found


def variants(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], Any]]:
    """(id, example, settings, expected) of every example and of each of its alternatives (D05/1),
    whose settings are merged over the example's own."""
    for example in examples(name):
        settings = example.get("settings") or {}
        yield example["id"], example, settings, example["expected"]
        for number, other in enumerate(example.get("alternatives", ()), start=1):
            merged = {**settings, **other["settings"]}
            yield f"{example['id']}/{number}", example, merged, other["expected"]
