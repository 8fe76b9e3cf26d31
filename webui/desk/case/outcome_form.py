"""The form of the proposal (拟办意见): one answer with its evidence for each requested item."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import load_law
from webui.wording import OUTCOME_CLASSES, SUBTYPE_GROUPS
from workflow import events as ev
from workflow.dates import in_words
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.views import CaseFile

TEXTS = (
    "ground", "citation", "subtype", "earlier_reply", "address", "redaction",
    "no_consultation_reason", "reason", "assessment", "clarification", "channel", "window",
)  # fmt: skip
NUMBERS = ("requests", "items")
ROWS = {"redactions": ("place", "withheld", "given", "ground"), "pairs": ("original", "redacted")}
"""Fields of an item that have several rows, each of these parts."""
MOST_ROWS = 30
FIRST_PART = {field: f"{field}-{ev.parts_of(field)[0]}" for field in ev.FACTS}
"""Where a finding about a fact of several parts is shown."""


@dataclass(frozen=True)
class Row:
    """One requested item with what was typed for it: names without the prefix of the row."""

    number: int
    text: str
    values: Mapping[str, str]

    @property
    def prefix(self) -> str:
        return f"items-{self.number}-"

    @property
    def places(self) -> int:
        """How many rows of the redaction log the form has: what is there, and two more."""
        return rows_of("redactions", self.values, spare=2)


@dataclass(frozen=True)
class Proposal:
    """The form as the page shows it. known: the figures of the applicant in the store."""

    rows: list[Row]
    on: str
    outcome: str
    note: str
    reason: str
    known: str


def outcome_groups() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The outcomes to choose from by class: (code, label, what is asked for). Those that an event of their
    own brings about are not offered."""
    groups: dict[str, list[tuple[str, str, str]]] = {name: [] for name in OUTCOME_CLASSES}
    for code, outcome in load_law().outcomes.items():
        if outcome.set_by is None:
            asked = " ".join((code, *outcome.needs, *outcome.also))
            groups[outcome.cls].append((code, outcome.label, asked))
        elif outcome.set_by == ev.Withdraw.name:
            groups[outcome.cls].append((code, f"{outcome.label}（只撤回这一项）", f"{code} reason"))
    return [(OUTCOME_CLASSES[name], rows) for name, rows in groups.items()]


def subtype_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    subtypes = load_law().words.subtypes
    return [(SUBTYPE_GROUPS[name], list(rows.items())) for name, rows in subtypes.items()]


def proposal_of(file: CaseFile, today: date, posted: Mapping[str, str] | None = None) -> Proposal:
    """The form with what was posted, or else with the last proposal of the case."""
    typed = posted if posted is not None else typed_before(file)
    rows = []
    for number, text in enumerate(file.items, 1):
        prefix = f"items-{number}-"
        values = {
            key[len(prefix) :]: value for key, value in typed.items() if key.startswith(prefix)
        }
        rows.append(Row(number, text, values))
    on = typed.get("on", "") if posted is not None else today.isoformat()
    return Proposal(
        rows,
        on,
        typed.get("outcome", ""),
        typed.get("note", ""),
        typed.get("reason", ""),
        _known(file),
    )


def typed_before(file: CaseFile) -> dict[str, str]:
    """The last proposal of the case as somebody would have typed it."""
    return _flat(_last(file), len(file.items))


FOLLOWED = (
    "outcome", "subtype", "ground", "citation", "redaction", "reason", "assessment", "address", "channel",
    "window", "right_body",
)  # fmt: skip
"""What an answer may take over from an earlier one. Facts of that case alone (papers, days, counts, searches) are not
among it."""


def followed(fields: dict[str, Any], place: int, item: int) -> dict[str, str]:
    """What an earlier proposal said of one of its items, as somebody would type it for an item of this case."""
    whole = {name: value for name, value in fields.items() if name != "items"}
    said = next((one for one in fields.get("items") or () if one["item"] == item), whole)
    taken = {name: said[name] for name in FOLLOWED if said.get(name)}
    return _flat({"items": [{"item": place, **taken}]}, place) if taken else {}


def _known(file: CaseFile) -> str:
    """How much the applicant asked for, as the store knows it (条例35)."""
    first = min(file.asked.first or file.asked_on, file.asked_on)
    items = len(file.items) + file.asked.items
    return f"{in_words(first)}以来 {file.asked.cases + 1} 件，共 {items} 项"


def _last(file: CaseFile) -> dict[str, Any]:
    return next(
        (line.fields for line in reversed(file.holding) if line.event == "propose_outcome"), {}
    )


def _flat(fields: dict[str, Any], count: int) -> dict[str, str]:
    whole = {key: value for key, value in fields.items() if key not in ("items", "note")}
    items = fields.get("items") or [{"item": n, **whole} for n in range(1, count + 1)]
    found: dict[str, str] = {}
    if fields.get("items") and fields.keys() - {"items"}:
        found["outcome"], found["reason"] = fields.get("outcome", ""), fields.get("reason", "")
    for item in items:
        prefix = f"items-{item['item']}-"
        for name, value in item.items():
            if name in ev.FACTS:
                found.update({f"{prefix}{name}-{key}": _typed(v) for key, v in value.items()})
            elif name == "tries":
                lines = [f"{one['on']} {one['how']}" for one in value]
                found[f"{prefix}{name}"] = "\n".join(lines)
            elif name in ROWS:
                for n, row in enumerate(value):
                    found.update({f"{prefix}{name}-{n}-{part}": text for part, text in row.items()})
            elif name != "item":
                found[f"{prefix}{name}"] = str(value)
    return found


def _typed(part: Any) -> str:
    """A part of a fact as somebody would type it: the paper of a derived level by its body and number."""
    return " ".join(map(str, part.values())) if isinstance(part, dict) else str(part)


def read_proposal(posted: Mapping[str, str], count: int) -> dict[str, Any]:
    """The fields of propose_outcome from the posted form. Raises BadInput for an item without an
    answer."""
    fields = _filled(posted, "", ("on", "outcome", "reason", "note"))
    items, errors = [], []
    for number in range(1, count + 1):
        prefix = f"items-{number}-"
        item: dict[str, Any] = _filled(posted, prefix, ("outcome", *TEXTS))
        for field in ev.FACTS:
            typed = _filled(posted, f"{prefix}{field}-", ev.parts_of(field))
            if typed:
                item[field] = {name: _number(name, text) for name, text in typed.items()}
        tries = posted.get(f"{prefix}tries", "")
        if tries.strip():
            item["tries"] = [_try(line) for line in tries.splitlines() if line.strip()]
        for field, parts in ROWS.items():
            rows = [
                _filled(posted, f"{prefix}{field}-{n}-", parts)
                for n in range(rows_of(field, posted, prefix))
            ]
            if any(rows):
                item[field] = [row for row in rows if row]
        if "outcome" not in item:
            errors.append(FieldError(f"{prefix}outcome", f"请选择第 {number} 项的答复类型"))
        items.append({"item": number, **item})
    if errors:
        raise BadInput(errors)
    return {**fields, "items": items}


def rows_of(field: str, typed: Mapping[str, str], prefix: str = "", spare: int = 0) -> int:
    """How many rows of a field have a name in what was typed; with `spare` empty ones after what is filled."""
    names = [
        n
        for n in range(MOST_ROWS)
        if any(typed.get(f"{prefix}{field}-{n}-{part}") for part in ROWS[field])
    ]
    return min(MOST_ROWS, max(names, default=-1) + 1 + spare)


def _number(name: str, text: str) -> Any:
    """A count as a number; what is none is told by the model."""
    return int(text) if name in NUMBERS and re.fullmatch(r"\d{1,7}", text) else text


def _try(line: str) -> dict[str, str]:
    """One line of the attempts: the day, then how."""
    day, _, how = line.strip().partition(" ")
    return {"on": day, "how": how.strip()}


def _filled(posted: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    typed = {name: posted.get(prefix + name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def field_of(field: str, message: str) -> str:
    """The input at which a finding about a proposal is shown."""
    inner = re.fullmatch(r"items\.(\d+)\.(.+)", field)
    if inner:
        name = "tries" if inner[2].startswith("tries") else inner[2]
        return f"items-{int(inner[1]) + 1}-{FIRST_PART.get(name, name).replace('.', '-')}"
    about = re.match(r"第 (\d+) 项", message)
    field = FIRST_PART.get(field, field)
    if about and field not in ("on", "outcome", "note"):
        return f"items-{about[1]}-{field}"
    if field in ("items", "outcome"):
        return "items-1-outcome" if field == "items" else "outcome"
    if field in (*TEXTS, "tries", *ROWS, *FIRST_PART.values()):
        return f"items-1-{field}"
    return field


def label_of(field: str) -> str:
    """The label of an input of the proposal, for the error summary."""
    inner = re.fullmatch(r"items-(\d+)-(.+)", field)
    if not inner:
        return ev.field_title("propose_outcome", field)
    name = inner[2].partition("-")[0] if inner[2].partition("-")[0] in ROWS else inner[2]
    title = ev.field_title("propose_outcome", name.replace("-", "_"))
    return f"第 {inner[1]} 项 {title}"
