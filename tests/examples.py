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


def contract(name: str) -> Any:
    """contracts/<name>.json: words that stay."""
    return read(ACCEPTANCE / "contracts" / f"{name}.json")


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
