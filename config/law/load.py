"""Reads the law's tables and checks them once: a slip in a table stops the start, with its file."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.law.tables import (
    Applicants,
    Ladder,
    Outcome,
    OutdatedPhrase,
    Period,
    Permissions,
    ProceedingResult,
    ReportCheck,
    SettingRule,
    State,
    Table2Block,
    TableFormats,
    Transition,
    Versioned,
    Words,
)

FOLDER = Path(__file__).parent
START = "start"
CLOCK_WORDS = frozenset(
    ("none", "start", "stop", "restart", "lengthen", "exclude", "override", "end")
)

CHECK_NEEDS = frozenset(("report", "before", "cases", "children", "day"))


class LawTableError(Exception):
    """A table of config/law contradicts itself or another table. Names the file and the row."""


@dataclass(frozen=True)
class Law:
    """All tables of the law, checked."""

    states: dict[str, State]
    transitions: dict[str, Transition]
    outcomes: dict[str, Outcome]
    results: dict[tuple[str, str], ProceedingResult]
    periods: dict[str, Period]
    settings: dict[str, SettingRule]
    fees: dict[str, Ladder]
    setting_groups: dict[str, str]
    formats: TableFormats
    words: Words
    applicants: Applicants
    outdated: dict[str, OutdatedPhrase]
    fingerprint: str
    checks: dict[str, ReportCheck]
    permissions: Permissions

    def defaults(self) -> dict[str, Any]:
        """The settings of law.md §11 at their stricter defaults."""
        return {name: rule.parse(rule.default) for name, rule in self.settings.items()}

    def stage(self, state: str) -> str:
        """The stage of a state; a case without any event stands before receipt."""
        return "before_receipt" if state == START else self.states[state].stage


@cache
def load_law(folder: Path = FOLDER) -> Law:
    """Read and check all tables. Raises LawTableError with the file and the row that is wrong."""
    states = {row["name"]: State(**row) for row in _rows(folder, "states.toml", "state", "name")}
    law = Law(
        states=states,
        transitions=_transitions(folder, states),
        outcomes={
            row["code"]: _outcome(row) for row in _rows(folder, "outcomes.toml", "outcome", "code")
        },
        results={
            (row["proceeding"], row["code"]): ProceedingResult(**row)
            for row in _read(folder, "outcomes.toml")["result"]
        },
        periods={
            row["name"]: _period(row) for row in _rows(folder, "periods.toml", "period", "name")
        },
        settings={
            row["name"]: SettingRule(**{"values": {}, **row})
            for row in _rows(folder, "settings.toml", "setting", "name")
        },
        fees={row["mode"]: _ladder(row) for row in _rows(folder, "fees.toml", "ladder", "mode")},
        setting_groups=_read(folder, "settings.toml")["groups"],
        formats=_formats(_read(folder, "tables.toml")),
        words=Words(**_read(folder, "words.toml")),
        applicants=_applicants(_read(folder, "applicants.toml")),
        fingerprint=_fingerprint(folder),
        outdated={
            row["name"]: OutdatedPhrase(**row)
            for row in _rows(folder, "outdated.toml", "outdated", "name")
        },
        checks={
            row["id"]: ReportCheck(**row) for row in _rows(folder, "checks.toml", "check", "id")
        },
        permissions=_permissions(_read(folder, "permissions.toml")),
    )
    _check(law)
    return law


def _fingerprint(folder: Path) -> str:
    """A short hash of the tables from which the row of a case follows."""
    tables = ("applicants", "outcomes", "periods", "settings", "states", "transitions")
    said = b"".join((folder / f"{name}.toml").read_bytes() for name in tables)
    return hashlib.sha256(said).hexdigest()[:16]


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LawTableError(f"{name}: {error}") from error


def _rows(folder: Path, name: str, key: str, identity: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(folder, name)[key]
    seen: set[str] = set()
    for row in rows:
        if row[identity] in seen:
            raise LawTableError(f"{name}: {key} {row[identity]} stands twice")
        seen.add(row[identity])
    return rows


def _versions(entries: list[dict[str, Any]]) -> Versioned:
    return Versioned(tuple(sorted((entry["from"], entry["value"]) for entry in entries)))


def _period(row: dict[str, Any]) -> Period:
    return Period(**{**row, "values": _versions(row["values"])})


def _ladder(row: dict[str, Any]) -> Ladder:
    fields = dict(row)
    steps = tuple((step["from"], step["each"]) for step in fields.pop("steps"))
    firsts = [first for first, _ in steps]
    if firsts[:1] != [1] or firsts != sorted(set(firsts)):
        raise LawTableError(f"fees.toml: {row['mode']}: the steps must begin at 1 and rise")
    return Ladder(steps=steps, **fields.pop("then", {}), **fields)


def _outcome(row: dict[str, Any]) -> Outcome:
    fields = dict(row)
    return Outcome(
        cls=fields.pop("class"),
        needs=tuple(fields.pop("needs")),
        remedy=_versions(fields.pop("remedy")),
        **fields,
    )


def _transitions(folder: Path, states: dict[str, State]) -> dict[str, Transition]:
    name = "transitions.toml"
    groups: dict[str, list[str]] = _read(folder, name)["groups"]
    table: dict[str, Transition] = {}
    for row in _rows(folder, name, "transition", "event"):
        fields = dict(row)
        sources = fields.pop("from")
        if isinstance(sources, str):
            if sources not in groups:
                raise LawTableError(f"{name}: {row['event']}: no group named {sources}")
            sources = groups[sources]
        for state in (*sources, row["to"]):
            if state not in states and state not in (START, "same"):
                raise LawTableError(f"{name}: {row['event']}: no state named {state}")
        if row["clock"] not in CLOCK_WORDS:
            raise LawTableError(f"{name}: {row['event']}: no clock effect named {row['clock']}")
        if not row["basis"] or not isinstance(row["holds_from"], date):
            raise LawTableError(f"{name}: {row['event']}: basis and holds_from are missing")
        table[row["event"]] = Transition(
            sources=tuple(sources),
            by=tuple(fields.pop("by")),
            guards=tuple(fields.pop("guards")),
            **fields,
        )
    reached = {START} | {row.to for row in table.values()}
    unreachable = set(states) - reached
    if unreachable:
        raise LawTableError(f"{name}: no transition leads to {', '.join(sorted(unreachable))}")
    return table


def _formats(data: dict[str, Any]) -> TableFormats:
    return TableFormats(
        columns=data["table3"]["columns"],
        rows=data["table3"]["rows"],
        groups=data["table3"]["groups"],
        blocks=data["table4"]["blocks"],
        cells=data["table4"]["cells"],
        years={name: (row["from"], row["to"]) for name, row in data["format_of_year"].items()},
        sources={name: row["source"] for name, row in data["format_of_year"].items()},
        table2={
            name: tuple(
                Table2Block(
                    row["title"],
                    {one["key"]: one["label"] for one in row["fields"]},
                    {one["key"]: one["label"] for one in row["items"]},
                )
                for row in data["table2"]
                if row["format"] == name
            )
            for name in data["format_of_year"]
        },
        sections=data["sections"],
    )


def _applicants(data: dict[str, Any]) -> Applicants:
    return Applicants(
        own_name=tuple(data["own_name"]),
        rules=tuple((row["column"], tuple(row["words"])) for row in data["rule"]),
    )


def _permissions(data: dict[str, Any]) -> Permissions:
    try:
        return Permissions.model_validate(data)
    except (ValidationError, KeyError) as error:
        raise LawTableError(f"permissions.toml: {error}") from error


def _check(law: Law) -> None:
    """Everything that one table says of another."""
    known = {*law.words.roles, *law.permissions.others}
    for role in sorted(law.permissions.roles() - known):
        raise LawTableError(f"permissions.toml: no label for the role {role}")
    for action in law.permissions.actions.values():
        for role in law.permissions.groups["staff"]:
            if action.may.get(role) == "anywhere":
                raise LawTableError(
                    f"permissions.toml: {action.name}: {role}: staff never anywhere"
                )
    for event, row in law.transitions.items():
        unknown = [role for role in row.by if role not in law.words.roles]
        if unknown:
            raise LawTableError(f"transitions.toml: {event}: no label for the role {unknown[0]}")
    for code, outcome in law.outcomes.items():
        if outcome.row not in law.formats.rows["2021"]:
            raise LawTableError(f"outcomes.toml: {code}: no row named {outcome.row}")
        for need in outcome.needs:
            if need not in law.words.needs:
                raise LawTableError(f"outcomes.toml: {code}: no words for the need {need}")
        if outcome.setting and outcome.setting not in law.settings:
            raise LawTableError(f"outcomes.toml: {code}: no setting named {outcome.setting}")
        if outcome.set_by and outcome.set_by not in law.transitions:
            raise LawTableError(f"outcomes.toml: {code}: no event named {outcome.set_by}")
    for rule in law.settings.values():
        rule.parse(rule.default)
        if rule.group not in law.setting_groups:
            raise LawTableError(f"settings.toml: {rule.name}: no group named {rule.group}")
    for check in law.checks.values():
        if check.level not in ("error", "warn") or check.needs not in CHECK_NEEDS:
            raise LawTableError(f"checks.toml: {check.id}: no such level or need")
    for column, _ in law.applicants.rules:
        if column not in law.formats.columns and column != "sole_trader":
            raise LawTableError(f"applicants.toml: no column named {column}")
