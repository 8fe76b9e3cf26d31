"""The OpenAPI 3.1 document: paths from the routes, schemas from the models that check each call."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, TypeVar

from apiflask import APIFlask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from config.api import Change, load_api
from config.law import load_law
from webui.api.answers import ProblemAnswer
from webui.api.asked import CODE_MOST, Asked, ByCode, CopyOfOneBody, Nothing, OfOneBody
from webui.api.base import Answer
from webui.api.calling import CODE_HEADER, CONTROLS, KEY_PATTERN, LOOK_REASON, LOOK_WORDS
from webui.api.hooks import webhooks, with_examples
from webui.api.problems import MIMETYPE, WORDS, usual_problem
from webui.api.words import (
    LABELS,
    ROLE_OR_PARTY,
    STAFF_ROLE,
    TAGS,
    chosen,
    header,
    put_call_into_words,
    put_into_words,
    said_of,
)
from workflow.case.application import ApplicationForm, OfflineForm
from workflow.dates import FIRST_DAY, LAST_DAY
from workflow.docket.whole import WholeCase
from workflow.events import MODELS, Event
from workflow.files import MEDIA_TYPES
from workflow.service.files import KINDS, SENT_BY_APPLICANTS, STAFF_KINDS
from workflow.service.incoming import AT_ONCE

PREFIX = "/api/v1"
FILE_FORM, OCTETS = "multipart/form-data", "application/octet-stream"
REF = "#/components/schemas/{model}"
Function = TypeVar("Function", bound=Callable[..., Any])

INFO = {
    "title": "Gongkai API",
    "version": "1",
    "description": "政府信息公开申请的接口：提交、查询、办理，表三和表四。字段和代码用英文，说明用中文。"
    "这里没有的方式答复 405，Allow 写明可以用的；什么时候改了什么，见 x-changes。",
}
BYTES = {"type": "string", "format": "binary", "contentMediaType": OCTETS}
"""The content of a file. 3.1 says it by contentMediaType; many generators still ask for the format."""
SENT_HEADERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {"type": "string", "pattern": KEY_PATTERN},
    CODE_HEADER: {"type": "string", "maxLength": CODE_MOST},
    "If-Match": {"type": "string"},
    "If-None-Match": {"type": "string"},
    LOOK_REASON: {"type": "string", "enum": list(load_law().words.look_reasons)},
    LOOK_WORDS: {"type": "string"},
}
"""What calls may say beside address and body."""
OF_PROBLEMS = {
    401: ("WWW-Authenticate",), 403: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",),
}  # fmt: skip
"""Headers of problems. 403 has its own where the token lacks the scope."""


@dataclass(frozen=True)
class Described:
    """What the document says of a call besides its path and its words. scope None: without a token; answer None: the
    bytes of a file; sent: the model of the JSON body, or FILE_FORM; takes_if_match, takes_reason: the headers If-Match, and
    those of a look at the whole applicant."""

    answer: type[Answer] | None
    status: int = 200
    scope: str | None = None
    asked: type[Asked] = Nothing
    sent: str | None = None
    takes_if_match: bool = False
    takes_reason: bool = False


_CALLS: dict[str, Described] = {}


def described(name: str, **said: Any) -> Callable[[Function], Function]:
    """Describe the call under its operationId; its words stand in config/api/calls.toml. said: of Described."""
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
    spec["info"] = {**INFO, "x-changes": [_change(one) for one in load_api().changes]}
    spec["servers"] = [{"url": "/"}]
    spec["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            operation["tags"] = [_tag(path)]
            _complete(operation, _CALLS[operation["operationId"]])
    spec["webhooks"] = webhooks()
    schemas = _schemas()
    spec["components"] = {
        "schemas": {**schemas, **with_examples(schemas)},
        "responses": {f"Problem{code}": _problem(code) for code in WORDS if code != 405},
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "令牌：`gongkai token create --user USER [--scope read|write] [--days N]`",
            }
        },
    }
    return spec


def _change(change: Change) -> dict[str, Any]:
    said = {name: value for name, value in asdict(change).items() if value}
    return {**said, "on": change.on.isoformat()}


def _complete(operation: dict[str, Any], call: Described) -> None:
    name = operation["operationId"]
    for parameter in operation["parameters"]:
        if parameter["name"] == "year":
            parameter["schema"] |= {"minimum": FIRST_DAY.year, "maximum": LAST_DAY.year}
    put_call_into_words(operation, name)
    operation["parameters"] += _query(name, call.asked)
    operation["parameters"] += [
        {"name": one, "in": "header", **header(one, dict(SENT_HEADERS[one]))}
        for one in _headers_sent(call)
    ]
    if any(parameter.get("deprecated") for parameter in operation["parameters"]):
        old = {"Deprecation": header("Deprecation")}
    else:
        old = {}
    operation["responses"] = {str(call.status): _done(call, old)}
    if call.sent is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {
                FILE_FORM: {"schema": _file_form(STAFF_KINDS if call.scope else SENT_BY_APPLICANTS)}
            }
            if call.sent == FILE_FORM
            else {"application/json": {"schema": _ref(call.sent)}},
        }
    elif call.answer is not None:
        operation["responses"]["304"] = {
            "description": "没有变化",
            "headers": {"ETag": header("ETag")},
        }
    for code in _problems(call, operation):
        operation["responses"][str(code)] = {"$ref": f"#/components/responses/Problem{code}"}
    operation["security"] = [{"bearer": []}] if call.scope else []
    if call.scope:
        operation["description"] += f"\n\n令牌的权限：`{call.scope}`"
    operation["description"] = operation["description"].strip()


def _headers_sent(call: Described) -> list[str]:
    named = ["Idempotency-Key"] if call.sent else ["If-None-Match"] if call.answer else []
    named += ["If-Match"] if call.takes_if_match else []
    named += [LOOK_REASON, LOOK_WORDS] if call.takes_reason else []
    return named + ([CODE_HEADER] if call.asked is ByCode else [])


def _done(call: Described, headers: dict[str, Any]) -> dict[str, Any]:
    """The answer of a call that was done."""
    headers = dict(headers)
    if (call.sent is None and call.answer) or call.takes_if_match:
        headers["ETag"] = header("ETag")
    if call.status == 201 and call.sent != FILE_FORM:
        headers["Location"] = header("Location")
    if "cursor" in call.asked.model_fields:
        headers["Link"] = header("Link")
    if call.answer is None:
        headers["Content-Disposition"] = header("Content-Disposition")
        # The type of the file is told; what none of these programs knows is bytes to it.
        content: dict[str, Any] = {kind: {"schema": BYTES} for kind in (OCTETS, *MEDIA_TYPES)}
    else:
        content = {"application/json": {"schema": _ref(call.answer.__name__)}}
    done = {"description": "收下了" if call.status == 201 else "办好了" if call.sent else "查到了"}
    return {**done, "content": content, **({"headers": headers} if headers else {})}


def _problem(code: int) -> dict[str, Any]:
    """What a problem of that status says; with an example of everything that it may say."""
    more = {
        409: {"rule": "missing_evidence", "article": "条例17", "allowed_when": "先完成保密审查"},
        412: {"errors": [{"field": "If-Match", "message": WORDS[412][1]}]},
        422: {"errors": [{"field": "on", "message": "请填写这一项"}]},
        500: {"request_id": "5f0c1b7a"},
    }.get(code, {})  # fmt: skip
    content = {"schema": _ref(ProblemAnswer.__name__), "example": {**usual_problem(code), **more}}
    said = {"description": "：".join(dict.fromkeys(WORDS[code])), "content": {MIMETYPE: content}}
    headers = {one: header(one) for one in OF_PROBLEMS.get(code, ())}
    return {**said, **({"headers": headers} if headers else {})}


def _tag(path: str) -> str:
    """What a call is about: the last of the words of its path that is a tag."""
    return next(part for part in reversed(path.split("/")) if part in TAGS)


def _file_form(kinds: Sequence[str]) -> dict[str, Any]:
    """The multipart form of an upload: what the files are, of these kinds, and the files."""
    fields = load_api().fields
    return {
        "type": "object",
        "required": ["kind", "file"],
        "additionalProperties": False,
        "properties": {
            "kind": {
                "type": "string",
                "enum": list(kinds),
                LABELS: [KINDS[kind] for kind in kinds],
                "description": fields["kind_of_file"].meaning,
                "examples": [fields["kind_of_file"].example],
            },
            "file": {
                "type": "array",
                "minItems": 1,
                "maxItems": AT_ONCE,
                "items": BYTES,
                "description": fields["sent_file"].meaning,
            },
        },
    }


def _problems(call: Described, operation: dict[str, Any]) -> list[int]:
    """The problems that a call can be answered with."""
    found = [422, 429, 500, 503]
    if call.scope:
        found += [401, 403]
    if any(parameter["in"] == "path" or parameter["name"] == "agency" for parameter in operation["parameters"]):  # fmt: skip
        found.append(404)
    if call.sent:
        found += [413, 415]
    if call.sent and call.sent != FILE_FORM:
        found.append(400)
    if call.scope == "write" or call.sent == FILE_FORM or call.asked in (OfOneBody, CopyOfOneBody):
        # A number without its body may be that of two cases.
        found.append(409)
    if call.takes_if_match:
        found.append(412)
    return sorted(set(found))


def _query(call: str, asked: type[Asked]) -> list[dict[str, Any]]:
    found = []
    for name, schema in asked.model_json_schema(ref_template=REF).get("properties", {}).items():
        model = next(
            one.__name__
            for one in reversed(asked.__mro__)
            if name in getattr(one, "model_fields", {})
        )
        schema = {key: value for key, value in schema.items() if key != "title"}
        schema.pop("default", None) if schema.get("default") in (None, [], "") else None
        # In an address there is no null: the argument is left out.
        kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
        parameter = {
            "name": name,
            "in": "query",
            "schema": kinds[0],
            **said_of(model, name, kinds[0]),
        }
        chosen(kinds[0], model, name)
        _say_text(kinds[0])
        if (old := load_api().deprecated(name, call)) is not None:
            parameter.update({"deprecated": True, "x-deprecated-on": old.on.isoformat(), "x-until-version": old.until})  # fmt: skip
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
        "description": load_api().models[Event.__name__].summary,
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
    may_say, words = (ROLE_OR_PARTY, "by_who") if field else (STAFF_ROLE, "by_role")
    schema["properties"] = {
        "event": {"type": "string", "const": name},
        **schema["properties"],
        "by": {
            "anyOf": [_ref(may_say), {"type": "null"}],
            "description": load_api().fields[words].meaning,
        },
    }
    schema["required"] = ["event", *schema.get("required", [])]
