"""The words of the document: what each call and field means, an example of it, and the names of what can be chosen.

Generators make packages and types of it, so names are English; what people read is Chinese, as on the pages.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from config.api import load_api
from config.law import load_law
from webui.wording import DUE_KINDS, LITERALS
from workflow import clock
from workflow.events import MODELS, ItemOutcome, ProposeOutcome
from workflow.people import STAFF_ROLES
from workflow.service.files import KINDS

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
LABELS = "x-enum-descriptions"
STAFF_ROLE, ROLE_OR_PARTY = "StaffRole", "RoleOrParty"


@cache
def enumerations() -> Mapping[str, Mapping[str, str]]:
    """What can be chosen by name, each with its label."""
    law = load_law()
    table3 = [rows for _, rows in sorted(law.formats.rows.items())]
    staff = {role: law.words.roles[role] for role in STAFF_ROLES}
    return {
        "State": {code: state.label for code, state in law.states.items()},
        "EventName": {name: law.transitions[name].label for name in MODELS},
        "Outcome": {code: outcome.label for code, outcome in law.outcomes.items()},
        "Role": law.words.roles,
        STAFF_ROLE: staff,
        ROLE_OR_PARTY: {**staff, **LITERALS["by"]},
        "ReviewResult": _results("review"),
        "SuitResult": _results("suit"),
        "RegisterResult": {
            code: label
            for kind in law.words.kinds.values()
            for code, label in kind.get("results", {}).items()
        },
        "PaperEvent": {name: law.transitions[name].label for name in clock.PAPER_EVENTS},
        "SecrecyAnswer": law.words.secrecy_answers,
        "Row": {code: label for rows in table3 for code, label in rows.items()},
        "Column": law.formats.columns,
        "Category": {code: label for code, label in law.formats.columns.items() if code != "total"},
        "CaseKind": {code: row["label"] for code, row in law.words.kinds.items()},
        "Channel": {code: row["label"] for code, row in law.words.channels.items()},
        "Delivery": law.words.delivery,
        "Medium": law.words.medium,
        "FileKind": KINDS,
        "ParcelWay": {code: row["label"] for code, row in law.words.parcel_ways.items()},
        "Gap": {code: gap.label for code, gap in law.applicants.gaps.items()},
        "CorrectionGround": law.words.correction_grounds,
        "Need": {code: row["label"] for code, row in law.words.needs.items()},
        "Remedy": {way: law.words.remedies[way] for way in ("either", "review_first", "none")},
        "DueKind": DUE_KINDS,
        "Clock": load_api().choices["clock"],
        "Rule": load_api().choices["rule"],
    }


def _results(kind: str) -> dict[str, str]:
    return {code: row.label for (of, code), row in load_law().results.items() if of == kind}


CHOSEN = {
    **dict.fromkeys(
        (f"{model}.state" for model in ("FiledAnswer", "ApplicationAnswer", "CaseAnswer", "ListedCase", "TakenOverAnswer")),
        "State",
    ),
    **dict.fromkeys((f"{model}.event" for model in ("LineAnswer", "NextAnswer", "EntryFinding", "IgnoredEvent", "PastEvent")), "EventName"),
    **dict.fromkeys(
        (f"{model}.outcome" for model in ("CaseAnswer", "ItemAnswered", "ItemOutcome", "ProposeOutcome", "TakenOverAnswer")),
        "Outcome",
    ),
    "CaseAnswer.row": "Row",
    "CaseAnswer.column": "Column",
    "TakenOverAnswer.row": "Row",
    "TakenOverAnswer.column": "Column",
    "ConcludeReview.result": "ReviewResult",
    "ConcludeSuit.result": "SuitResult",
    "ProposeOutcome.result": "RegisterResult",
    "RecordDelivery.of": "PaperEvent",
    "PassSecrecyReview.checks": "SecrecyAnswer",
    "ItemReview.checks": "SecrecyAnswer",
    **dict.fromkeys(("CaseAnswer.remedy", "CaseAnswer.remedies", "ItemAnswered.remedy", "RemedyAnswer.kinds"), "Remedy"),
    **dict.fromkeys((f"{model}.rule" for model in ("ProblemAnswer", "RefusalAnswer", "WrongStepAnswer")), "Rule"),
    "ApplicantAnswer.category": "Category",
    "CaseAnswer.kind": "CaseKind",
    "CaseAnswer.channel": "Channel",
    "CaseAnswer.delivery": "Delivery",
    "CaseAnswer.medium": "Medium",
    "CaseFileAnswer.kind": "FileKind",
    "Arrival.way": "ParcelWay",
    "NeedAnswer.need": "Need",
    "GapAnswer.gap": "Gap",
    "GapAnswer.ground": "CorrectionGround",
    "ListedCase.due_kind": "DueKind",
    "DeadlinesAnswer.clock": "Clock",
    "TakenOverAnswer.filled": "EventName",
    "NextAnswer.by": "Role",
    "ListedCase.next_by": "Role",
    "CaseList.state": "State",
}  # fmt: skip
"""Fields of the models whose texts are of an enumeration."""


@cache
def codes_or_words() -> Mapping[str, Mapping[str, str]]:
    """Fields of events that take a code or free words (contracts/events.json), with the labels of the codes."""
    words = load_law().words
    return {
        "carrier": {code: names[0] for code, names in words.carriers.items()},
        "subtype": {
            code: label for group in words.subtypes.values() for code, label in group.items()
        },
    }


@cache
def _tables() -> tuple[Mapping[str, str], ...]:
    """Machine words with their labels, those that are asked first on top."""
    words = load_law().words
    return (
        *enumerations().values(),
        words.id_types, words.delivery, words.medium, words.methods, words.opinions, words.correction_grounds,
        {code: row["label"] for code, row in words.channels.items()},
        {code: row["label"] for code, row in words.kinds.items()},
        KINDS, words.look_reasons, *LITERALS.values(), *load_api().choices.values(),
    )  # fmt: skip


def labels_of(values: Iterable[Any]) -> list[str]:
    """What people call the words, by the table that has all of them. Raises LookupError where none has."""
    wanted = [value for value in values if value is not None]
    for table in _tables():
        if set(wanted) <= set(table):
            return [table[value] for value in wanted]
    raise LookupError(f"no table has labels of {wanted}: config/api/calls.toml, [choices]")


def put_into_words(schemas: dict[str, Schema]) -> None:
    """Say of every model and field what it means, with an example; name what can be chosen. Of a field that may be left
    out nothing is said to stand there (`default: null` is no value of most types that programs make of it)."""
    for name, schema in schemas.items():
        schema["description"] = _model(name)
        for field, described in schema.get("properties", {}).items():
            _without_noise(described)
            _choose(described, CHOSEN.get(f"{name}.{field}"))
            _describe(described, name, field)
    for name, labels in enumerations().items():
        schemas[name] = {
            "type": "string",
            "enum": list(labels),
            LABELS: list(labels.values()),
            "description": "；".join(f"{code} {label}" for code, label in labels.items()),
            "examples": [next(iter(labels))],
        }
    for schema in schemas.values():
        for choice in _choices(schema):
            choice.setdefault(LABELS, labels_of(choice["enum"]))
        if "properties" in schema:
            schema["examples"] = [whole_example(schema, schemas)]


def whole_example(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """An object with an example in each field that has to be there."""
    if "$ref" in schema:
        return whole_example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "properties" in schema:
        fields, needed = schema["properties"], schema.get("required", [])
        return {name: whole_example(fields[name], schemas) for name in fields if name in needed}
    if "examples" in schema:
        return schema["examples"][0]
    if kinds := schema.get("anyOf"):
        return None if {"type": "null"} in kinds else whole_example(kinds[0], schemas)
    if schema.get("type") == "array":
        return [whole_example(schema["items"], schemas)]
    return {}


def put_call_into_words(operation: Schema, name: str) -> None:
    """Say what a call is, and of what stands in its address what it means. Models and headers say themselves."""
    words = load_api().calls[name]
    operation["summary"] = words.summary
    operation["description"] = words.more
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter.update(said_of("path", parameter["name"], parameter["schema"]))


def said_of(model: str, field: str, schema: Schema) -> Schema:
    """Description and example of an argument or header."""
    words = load_api().fields.get(f"{model}.{field}") or load_api().fields[field]
    example = _example(schema, words.example)
    return {"description": words.meaning, "example": schema.get("default", example)}


def header(name: str, schema: Schema | None = None) -> Schema:
    """A header as the document describes it."""
    schema = schema or {"type": "string"}
    chosen(schema, "header", name)
    return {**said_of("header", name, schema), "schema": schema}


def chosen(described: Schema, model: str, field: str) -> None:
    """Refer to the enumeration, or label what can be chosen, in a schema that stands by itself."""
    _choose(described, CHOSEN.get(f"{model}.{field}"))
    for choice in _choices(described):
        choice.setdefault(LABELS, labels_of(choice["enum"]))


def _choices(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            yield schema
        for inner in schema.values():
            yield from _choices(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _choices(inner)


def _model(name: str) -> str:
    """What a model is; an event is called as on the pages, with its article."""
    if (event := _EVENT_OF.get(name)) is not None:
        row = load_law().transitions[event]
        return f"{row.label}（{row.basis}）"
    words = load_api().models[name]
    return f"{words.summary}。{words.more}" if words.more else words.summary


def _without_noise(described: Schema) -> None:
    described.pop("title", None)
    default = described.get("default", ...)
    if default is None or isinstance(default, dict):
        del described["default"]


def _choose(described: Schema, name: str | None) -> None:
    """Refer to the enumeration where a text stood."""
    if name is None:
        return
    ref = {"$ref": f"#/components/schemas/{name}"}
    if described.get("type") == "array":
        described["items"] = ref
        return
    for kind in described.get("anyOf", [described]):
        if kind.get("type") == "object":
            kind["additionalProperties"] = ref
            return
    kinds = described.pop("anyOf", [])
    for key in ("type", "minLength", "maxLength", "pattern"):
        described.pop(key, None)
    nullable = {"type": "null"} in kinds
    described.update({"anyOf": [ref, {"type": "null"}]} if nullable else ref)


_MODELS_OF_EVENTS = {*(model.__name__ for model in MODELS.values()), ItemOutcome.__name__}
_EVENT_OF = {model.__name__: name for name, model in MODELS.items()}


def _describe(described: Schema, model: str, field: str) -> None:
    fields = load_api().fields
    event = ProposeOutcome.name if model == ItemOutcome.__name__ else _EVENT_OF.get(model)
    words = fields.get(f"{model}.{field}")
    said = words.meaning if words else _title(event, field) or described.get("description")
    words = words or fields.get(field)
    described["description"] = said or (words.meaning if words else "")
    if model in _MODELS_OF_EVENTS and field in codes_or_words():
        codes = "；".join(f"{code} {label}" for code, label in codes_or_words()[field].items())
        described["description"] += f"，写代码或者文字：{codes}"
    example = _example(described, words.example if words else None)
    if example is not None:
        described["examples"] = [example]


def _title(event: str | None, field: str) -> str | None:
    """What the pages call the field of an event; None for what stands on none, and for who does it."""
    law = load_law()
    if field == "by":
        return None
    return (law.transitions[event].fields.get(field) or law.titles.get(field)) if event else None


def _example(described: Schema, said: str | None) -> Any:
    """A value of that schema; None where it refers to another, which has its own."""
    kinds = described.get("anyOf") or described.get("oneOf") or [described]
    plain = [one for one in kinds if one.get("type") != "null"]
    kind = next((one for one in plain if "$ref" not in one), plain[0])
    if "const" in kind or "enum" in kind:
        return kind.get("const", kind.get("enum", [None])[0])
    if "$ref" in kind:
        labels = enumerations().get(kind["$ref"].rpartition("/")[2], {})
        return said if said in labels else next(iter(labels), None)
    if (named := OF_KIND.get(kind.get("format", ""))) is not None:
        return load_api().fields[named].example
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
        case "object":
            return json.loads(said) if said else None
    return None
