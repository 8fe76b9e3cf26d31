"""The words of the document: what each field means, an example of it, and the names of what can be chosen.

Generators make packages and types of it, so names are English; what people read is Chinese, as on the pages.
"""

from collections.abc import Mapping
from typing import Any

from config.api import load_fields
from config.law import load_law
from workflow.events import MODELS, ItemOutcome, ProposeOutcome

Schema = dict[str, Any]

TAGS = {
    "applications": "申请人：提交申请、查询办到哪里、上传材料",
    "cases": "工作人员：登记、查看、办理申请，看文书和期限",
    "dockets": "从其他平台转入：一件申请连同全部经过",
    "files": "一件申请的材料",
    "reports": "表三、表四，和每一格计了哪些申请",
}
"""What the calls are about, by the first word of their path that says it."""
OF_KIND = {"date": "on", "date-time": "at"}
"""By format, the field of which the example is taken."""


def enumerations() -> Mapping[str, Mapping[str, str]]:
    """What can be chosen by name, each with its label."""
    law = load_law()
    table3 = [rows for _, rows in sorted(law.formats.rows.items())]
    return {
        "State": {code: state.label for code, state in law.states.items()},
        "EventName": {name: law.transitions[name].label for name in MODELS},
        "Outcome": {code: outcome.label for code, outcome in law.outcomes.items()},
        "Role": law.words.roles,
        "Row": {code: label for rows in table3 for code, label in rows.items()},
        "Column": law.formats.columns,
    }


CHOSEN = {
    **dict.fromkeys(
        (f"{model}.state" for model in ("FiledAnswer", "ApplicationAnswer", "CaseAnswer", "ListedCase", "TakenOverAnswer")),
        "State",
    ),
    **dict.fromkeys((f"{model}.event" for model in ("LineAnswer", "NextAnswer", "EntryFinding", "PastEvent")), "EventName"),
    **dict.fromkeys(
        (f"{model}.outcome" for model in ("CaseAnswer", "ItemAnswered", "ItemOutcome", "ProposeOutcome", "TakenOverAnswer")),
        "Outcome",
    ),
    "CaseAnswer.row": "Row",
    "CaseAnswer.column": "Column",
    "TakenOverAnswer.row": "Row",
    "TakenOverAnswer.column": "Column",
}  # fmt: skip
"""Fields of the models whose texts are of an enumeration."""


def put_into_words(schemas: dict[str, Schema]) -> None:
    """Say of every field what it means, with an example; name what can be chosen. Of a field that may be left out nothing
    is said to stand there (`default: null` is no value of most types that programs make of it)."""
    for name, schema in schemas.items():
        _without_noise(schema)
        for field, described in schema.get("properties", {}).items():
            if (chosen := CHOSEN.get(f"{name}.{field}")) is not None:
                _choose(described, chosen)
            _describe(described, name, field)
    for name, labels in enumerations().items():
        schemas[name] = {
            "type": "string",
            "enum": list(labels),
            "x-enum-descriptions": list(labels.values()),
            "description": "；".join(f"{code} {label}" for code, label in labels.items()),
        }


def put_parameters_into_words(parameters: list[Schema]) -> None:
    """The same of what stands in an address."""
    for parameter in parameters:
        words = load_fields().get(parameter["name"])
        if parameter["in"] == "path" and words is not None:
            parameter["description"] = words.meaning
            parameter["example"] = _example(parameter["schema"], words.example)


def _without_noise(schema: Schema) -> None:
    for described in schema.get("properties", {}).values():
        described.pop("title", None)
        if described.get("default", ...) is None:
            del described["default"]


def _choose(described: Schema, name: str) -> None:
    """Refer to the enumeration where a text stood."""
    ref = {"$ref": f"#/components/schemas/{name}"}
    kinds = described.pop("anyOf", [])
    for key in ("type", "minLength", "maxLength", "pattern"):
        described.pop(key, None)
    nullable = {"type": "null"} in kinds
    described.update({"anyOf": [ref, {"type": "null"}]} if nullable else ref)


_EVENT_OF = {model.__name__: name for name, model in MODELS.items()}


def _describe(described: Schema, model: str, field: str) -> None:
    words = load_fields().get(f"{model}.{field}") or load_fields().get(field)
    event = ProposeOutcome.name if model == ItemOutcome.__name__ else _EVENT_OF.get(model)
    if "description" not in described:
        if (title := _title(event, field)) is not None:
            described["description"] = title
        elif words is not None:
            described["description"] = words.meaning
    example = _example(described, words.example if words else None)
    if example is not None:
        described["examples"] = [example]


def _title(event: str | None, field: str) -> str | None:
    """What the pages call the field of an event; None for what stands on none."""
    law = load_law()
    return (law.transitions[event].fields.get(field) or law.titles.get(field)) if event else None


def _example(described: Schema, said: str | None) -> Any:
    """A value of that schema; None where it refers to another, which has its own."""
    kinds = described.get("anyOf") or described.get("oneOf") or [described]
    plain = [one for one in kinds if one.get("type") != "null"]
    kind = next((one for one in plain if "$ref" not in one), plain[0])
    if "const" in kind or "enum" in kind:
        return kind.get("const", kind.get("enum", [None])[0])
    if (named := OF_KIND.get(kind.get("format", ""))) is not None:
        return load_fields()[named].example
    match kind.get("type"):
        case "string":
            return said
        case "integer":
            return max(1, kind.get("minimum", 1))
        case "number":
            return 12.5
        case "boolean":
            return True
        case "array":
            inner = _example(kind["items"], said)
            return None if inner is None else [inner]
    return None
