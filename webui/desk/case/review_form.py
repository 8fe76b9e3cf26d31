"""The form of the secrecy review: every check of every item is judged (保密法实施条例42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.law import load_law
from workflow.service.cases.views import CaseFile, LoggedLine

CHECKS = tuple(load_law().words.secrecy_checks.items())


@dataclass(frozen=True)
class Judged:
    """One item with the answer that is proposed for it and what was typed: check or `note` → value."""

    number: int
    text: str
    label: str
    values: Mapping[str, str]


def judged_items(file: CaseFile, posted: Mapping[str, str] | None) -> tuple[Judged, ...]:
    """The items as the form shows them; nothing is judged before a person has judged it."""
    typed, outcomes = posted or {}, load_law().outcomes
    found = []
    for number, text in enumerate(file.items or (file.title,), 1):
        prefix = f"items-{number}-"
        values = {key[len(prefix) :]: v for key, v in typed.items() if key.startswith(prefix)}
        code = file.answer.get(number) or (file.outcome if not file.answer else None)
        found.append(Judged(number, text, outcomes[code].label if code else "", values))
    return tuple(found)


def judged_of(file: CaseFile, line: LoggedLine) -> tuple[Judged, ...]:
    """The items with the judgement that a line of the log holds."""
    typed: dict[str, str] = {}
    whole = {"item": 1, "checks": line.fields.get("checks") or {}}
    for one in line.fields.get("items") or (whole,):
        said = {**one["checks"], **({"note": one["note"]} if one.get("note") else {})}
        typed |= {f"items-{one['item']}-{name}": str(value) for name, value in said.items()}
    return judged_items(file, typed)


def read_judgements(posted: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items with what was chosen for them; what was left open is left out."""
    found: dict[int, dict[str, Any]] = {}
    names = [name for name, _ in CHECKS]
    for key, value in posted.items():
        parts = key.split("-", 2)
        if len(parts) < 3 or parts[0] != "items" or not parts[1].isdecimal() or not value.strip():
            continue
        item = found.setdefault(int(parts[1][:3]), {"checks": {}})
        if parts[2] in names:
            item["checks"][parts[2]] = value.strip()[:20]
        elif parts[2] == "note":
            item["note"] = value.strip()
    return [{"item": number, **item} for number, item in sorted(found.items())]
