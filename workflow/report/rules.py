"""The rules of a report's year: what the register takes, and the life of the report (config/law/year.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import config.law
from config.law import LawTableError


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry can say. unit: 件 or 元."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row of table 二 and the kinds of its entries; levels: the only bodies that can have it, () all."""

    key: str
    label: str
    kinds: tuple[str, ...]
    basis: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of text kept during the year, and the section of the report it goes into."""

    name: str
    label: str
    section: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a report stands."""

    name: str
    label: str
    editable: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What moves a report on. where: own, or parent for the supervising office."""

    name: str
    label: str
    sources: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    where: str
    basis: str


@dataclass(frozen=True)
class YearRules:
    """All of it, checked."""

    kinds: Mapping[str, Kind]
    items: Mapping[str, Item]
    topics: Mapping[str, Topic]
    states: Mapping[str, State]
    steps: Mapping[str, Step]


@cache
def year_rules() -> YearRules:
    """Read and check the table. Raises LawTableError with the row that is wrong."""
    path = Path(config.law.__file__).parent / "year.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = {}
    for row in data["step"]:
        fields = {**row, "sources": tuple(row["from"]), "by": tuple(row["by"])}
        fields.pop("from")
        steps[row["name"]] = Step(**fields)
    rules = YearRules(
        kinds={name: Kind(name, **row) for name, row in data["kinds"].items()},
        items={
            row["key"]: Item(
                row["key"], row["label"], tuple(row["kinds"]), row["basis"],
                tuple(row.get("levels", ())),
            )
            for row in data["item"]
        },
        topics={name: Topic(name, **row) for name, row in data["topics"].items()},
        states={name: State(name, **row) for name, row in data["states"].items()},
        steps=steps,
    )  # fmt: skip
    for item in rules.items.values():
        unknown = [kind for kind in item.kinds if kind not in rules.kinds]
        if unknown:
            raise LawTableError(f"year.toml: {item.key}: no kind named {unknown[0]}")
    for step in rules.steps.values():
        unknown = [name for name in (*step.sources, step.to) if name not in rules.states]
        if unknown:
            raise LawTableError(f"year.toml: {step.name}: no state named {unknown[0]}")
    return rules
