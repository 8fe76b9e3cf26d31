"""The OpenAPI 3.1 document: paths from the routes, schemas from the models that check each call."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from apiflask import APIFlask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webui.api.answers import Answer, ProblemAnswer
from webui.api.asked import Asked, ByCode, CopyOfOneBody, Nothing, OfOneBody
from webui.api.calling import CODE_HEADER, CODE_MOST, CONTROLS, KEY_PATTERN
from webui.api.hooks import SCHEMAS as HOOKED
from webui.api.hooks import webhooks
from webui.api.problems import MIMETYPE, WORDS, usual_problem
from webui.api.words import TAGS, put_into_words, put_parameters_into_words
from workflow.case.application import ApplicationForm, OfflineForm
from workflow.docket.whole import WholeCase
from workflow.events import MODELS, Event, literal_values
from workflow.people import STAFF_ROLES
from workflow.service.files import KINDS
from workflow.service.incoming import AT_ONCE

PREFIX = "/api/v1"
FILE_FORM = "multipart/form-data"
REF = "#/components/schemas/{model}"
Function = TypeVar("Function", bound=Callable[..., Any])

INFO = {
    "title": "Gongkai API",
    "version": "1",
    "description": "政府信息公开申请的接口：提交、查询、办理，表三和表四。字段和代码用英文，说明用中文；"
    "什么时候改了什么，见 docs/api.md。",
}
BYTES = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
"""The content of a file. 3.1 says it by contentMediaType; many generators still ask for the format."""
ETAG = {"description": "Mark of this version.", "schema": {"type": "string"}}
HEADERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "description": "A random word for one intended change: the same key with the same call is "
        "answered as the first time and changes nothing; with another call it is refused.",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
    },
    CODE_HEADER: {
        "description": "The code given with the number; blanks, hyphens and small letters do no harm.",
        "schema": {"type": "string", "maxLength": CODE_MOST},
    },
    "If-Match": {
        "description": "ETag of the case as it was read: refused (412) if it has moved on since.",
        "schema": {"type": "string"},
    },
    "If-None-Match": {
        "description": "ETag that the caller has: answered 304 if nothing changed.",
        "schema": {"type": "string"},
    },
}


@dataclass(frozen=True)
class Described:
    """What the document says of a call besides its path. scope None: without a token; answer None: the
    bytes of a file; sent: the model of the JSON body, or FILE_FORM."""

    answer: type[Answer] | None
    status: int = 200
    scope: str | None = None
    asked: type[Asked] = Nothing
    sent: str | None = None
    takes_if_match: bool = False


_CALLS: dict[str, Described] = {}


def described(name: str, **said: Any) -> Callable[[Function], Function]:
    """Describe the call under its operationId; its docstring becomes summary and description."""
    _CALLS[name] = Described(**said)

    def unchanged(function: Function) -> Function:
        function._spec = {"operation_id": name}  # type: ignore[attr-defined]  # where APIFlask looks
        return function

    return unchanged


def written(app: APIFlask) -> dict[str, Any]:
    """The document of the application; made once."""
    for blueprint in app.blueprints.values():
        # APIFlask asks every blueprint, the plain ones of the pages too.
        if not hasattr(blueprint, "enable_openapi"):
            blueprint.enable_openapi = False  # type: ignore[attr-defined]  # as it asks
    spec: dict[str, Any] = app._get_spec("json")  # type: ignore[assignment]  # no text
    return spec


def configure(app: APIFlask) -> None:
    """Let the application write its document with our models in it."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_TAGS=False,
    )
    app.spec_processor(_completed)


def _completed(spec: dict[str, Any]) -> dict[str, Any]:
    spec["info"] = INFO
    spec["servers"] = [{"url": "/"}]
    spec["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            operation["tags"] = [_tag(path)]
            _complete(operation, _CALLS[operation["operationId"]])
    spec["webhooks"] = webhooks()
    spec["components"] = {
        "schemas": {**_schemas(), **HOOKED},
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "`gongkai token create --user USER [--scope read|write] [--days N]`",
            }
        },
    }
    return spec


def _complete(operation: dict[str, Any], call: Described) -> None:
    changes = call.sent is not None
    named = ["Idempotency-Key"] if changes else ["If-None-Match"] if call.answer else []
    named += ["If-Match"] if call.takes_if_match else []
    named += [CODE_HEADER] if call.asked is ByCode else []
    put_parameters_into_words(operation["parameters"])
    operation["parameters"] += _query(call.asked)
    operation["parameters"] += [{"name": name, "in": "header", **HEADERS[name]} for name in named]
    headers: dict[str, Any] = {}
    if (not changes and call.answer) or call.takes_if_match:
        headers["ETag"] = ETAG
    if call.status == 201 and call.sent != FILE_FORM:
        headers["Location"] = {"schema": {"type": "string"}}
    if "cursor" in call.asked.model_fields:
        headers["Link"] = {"description": 'rel="next"', "schema": {"type": "string"}}
    content: dict[str, Any] = {"application/octet-stream": {"schema": BYTES}}
    if call.answer is not None:
        content = {"application/json": {"schema": _ref(call.answer.__name__)}}
    done: dict[str, Any] = {"description": "Done." if changes else "Found.", "content": content}
    if headers:
        done["headers"] = headers
    operation["responses"] = {str(call.status): done}
    if changes:
        assert call.sent is not None
        operation["requestBody"] = {
            "required": True,
            "content": {FILE_FORM: {"schema": _file_form()}}
            if call.sent == FILE_FORM
            else {"application/json": {"schema": _ref(call.sent)}},
        }
    elif call.answer is not None:
        operation["responses"]["304"] = {"description": "The caller has it already."}
    for code in _problems(call, operation):
        operation["responses"][str(code)] = {
            "description": WORDS[code][0],
            "content": {
                MIMETYPE: {"schema": _ref(ProblemAnswer.__name__), "example": usual_problem(code)}
            },
        }
    operation["security"] = [{"bearer": []}] if call.scope else []
    if call.scope:
        said = operation.get("description", "")
        operation["description"] = f"{said}\n\nScope of the token: `{call.scope}`.".strip()


def _tag(path: str) -> str:
    """What a call is about: the last of the words of its path that is a tag."""
    return next(part for part in reversed(path.split("/")) if part in TAGS)


def _file_form() -> dict[str, Any]:
    """The multipart form of an upload: what the files are, and the files."""
    return {
        "type": "object",
        "required": ["kind", "file"],
        "properties": {
            "kind": {"type": "string", "enum": list(KINDS), "description": "材料的种类"},
            "file": {
                "type": "array",
                "minItems": 1,
                "maxItems": AT_ONCE,
                "items": BYTES,
                "description": "文件",
            },
        },
    }


def _problems(call: Described, operation: dict[str, Any]) -> list[int]:
    """The problems that a call can be answered with."""
    found = [422, 429, 500, 503]
    if call.scope:
        found += [401, 403, 404]
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        found.append(404)
    if call.sent:
        found += [400, 413, 415]
    if call.scope == "write" or call.sent == FILE_FORM or call.asked in (OfOneBody, CopyOfOneBody):
        # A number without its body may be that of two cases.
        found.append(409)
    if call.takes_if_match:
        found.append(412)
    return sorted(set(found))


def _query(asked: type[Asked]) -> list[dict[str, Any]]:
    found = []
    for name, schema in asked.model_json_schema(ref_template=REF).get("properties", {}).items():
        schema = {key: value for key, value in schema.items() if key != "title"}
        described_as, old = schema.pop("description", ""), schema.pop("deprecated", False)
        schema.pop("default", None) if schema.get("default") in (None, [], "") else None
        # In an address there is no null: the argument is left out.
        kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
        parameter: dict[str, Any] = {"name": name, "in": "query", "schema": kinds[0]}
        if described_as:
            parameter["description"] = described_as
        if old:
            parameter["deprecated"] = True
        if kinds[0].get("type") == "array":
            parameter.update(style="form", explode=False)
        found.append(parameter)
    return found


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REF.format(model=name)}


@cache
def _schemas() -> dict[str, Any]:
    """Every model that a call is checked by or answered with."""
    asked: list[type[BaseModel]] = [ApplicationForm, OfflineForm, WholeCase, *MODELS.values()]
    _, found = models_json_schema([(model, "validation") for model in asked], ref_template=REF)
    schemas: dict[str, Any] = found["$defs"]
    _say_text(schemas)
    answers = {call.answer for call in _CALLS.values() if call.answer} | {ProblemAnswer}
    _, said = models_json_schema(
        [(answer, "validation") for answer in sorted(answers, key=lambda one: one.__name__)],
        ref_template=REF,
    )
    assert not set(schemas) & set(said["$defs"])
    schemas.update(said["$defs"])
    for name, model in MODELS.items():
        _say_event(schemas[model.__name__], name)
    put_into_words(schemas)
    schemas[Event.__name__] = {
        "description": "What happened to a case on a day, by the words of the law's table.",
        "oneOf": [_ref(model.__name__) for model in MODELS.values()],
        "discriminator": {
            "propertyName": "event",
            "mapping": {name: REF.format(model=model.__name__) for name, model in MODELS.items()},
        },
    }
    return schemas


def _say_text(schema: Any) -> None:
    """Every text that is sent is free of control characters (`calling.body` looks at all of them)."""
    if isinstance(schema, dict):
        if schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(
            schema
        ):
            schema["pattern"] = f"^[^{CONTROLS}]*$"
        for inner in list(schema.values()):
            _say_text(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _say_text(inner)


def _say_event(schema: dict[str, Any], name: str) -> None:
    """Beside the fields of an event its name, and the role in which the caller applies it. Of a review or a
    suit the same field may say instead who filed it."""
    field = MODELS[name].model_fields.get("by")
    filed_by = literal_values(field.annotation) if field else ()
    also = " Or who filed it." if filed_by else ""
    schema["properties"] = {
        "event": {"type": "string", "const": name},
        **schema["properties"],
        "by": {
            "description": "The one of the caller's roles in which it is done; else the usual one."
            + also,
            "enum": [*STAFF_ROLES, *filed_by, None],
        },
    }
    schema["required"] = ["event", *schema.get("required", [])]
