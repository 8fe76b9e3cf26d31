"""The OpenAPI document, and docs/api.md: what they say is what happens."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.api import load_api
from config.law import load_law
from tests.examples import DOCS
from tests.webui.api.program import Program, application
from webui.api.asked import Asked
from webui.api.hooks import SCHEMAS as DELIVERED
from webui.api.words import CHOSEN, OF_KIND, enumerations
from workflow.case.application import ApplicationForm, OfflineForm, PastForm
from workflow.events import MODELS, Serve
from workflow.files import MEDIA_TYPES
from workflow.people import STAFF_ROLES
from workflow.service.accounts import Accounts

API = DOCS / "api.md"
HAN = re.compile("[\u4e00-\u9fff]")
CALLS = {
    ("post", "/api/v1/applications"),
    ("get", "/api/v1/applications/{number}"),
    ("post", "/api/v1/cases"),
    ("get", "/api/v1/cases"),
    ("get", "/api/v1/cases/{number}"),
    ("get", "/api/v1/agencies/{code}/cases/{number}"),
    ("post", "/api/v1/cases/{number}/events"),
    ("post", "/api/v1/agencies/{code}/cases/{number}/events"),
    ("get", "/api/v1/cases/{number}/deadlines"),
    ("get", "/api/v1/agencies/{code}/cases/{number}/deadlines"),
    ("get", "/api/v1/cases/{number}/paper"),
    ("get", "/api/v1/agencies/{code}/cases/{number}/paper"),
    ("post", "/api/v1/applications/{number}/files"),
    ("post", "/api/v1/cases/{number}/files"),
    ("post", "/api/v1/agencies/{code}/cases/{number}/files"),
    ("get", "/api/v1/cases/{number}/files"),
    ("get", "/api/v1/agencies/{code}/cases/{number}/files"),
    ("get", "/api/v1/cases/{number}/files/{file_id}"),
    ("get", "/api/v1/agencies/{code}/cases/{number}/files/{file_id}"),
    ("post", "/api/v1/agencies/{code}/dockets"),
    ("post", "/api/v1/agencies/{code}/dockets/check"),
    ("get", "/api/v1/reports/{agency}/{year}/tables"),
    ("get", "/api/v1/reports/{agency}/{year}/cells/{row}/{column}"),
}


@pytest.fixture
def document(program):
    """As anybody gets it, without a token."""
    answer = program().get("/openapi.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    return answer.json


def _operations(document):
    return {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_call_of_the_api_is_in_it_and_nothing_else(document):
    assert set(_operations(document)) == CALLS
    for operation in _operations(document).values():
        assert operation["operationId"] and operation["summary"]


def test_it_needs_no_other_host(document):
    text = json.dumps(document)
    assert "http://" not in text and "https://" not in text
    assert document["servers"] == [{"url": "/"}]


def test_staff_calls_need_the_token_and_say_which_scope(document):
    for (method, path), operation in _operations(document).items():
        if path.startswith("/api/v1/applications"):
            assert operation["security"] == []
        else:
            assert operation["security"] == [{"bearer": []}]
            scope = "write" if method == "post" else "read"
            assert f"`{scope}`" in operation["description"]


def test_every_post_takes_a_key_and_every_get_a_mark(document):
    for (method, _), operation in _operations(document).items():
        headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        if operation["operationId"] in ("openCaseFile", "openCaseFileOfBody"):
            continue  # the content of a file is never kept by the caller's store
        assert ("Idempotency-Key" if method == "post" else "If-None-Match") in headers


def test_forms_are_described_by_the_models_that_check_them(document):
    schemas = document["components"]["schemas"]
    for model in (ApplicationForm, OfflineForm, PastForm):
        described = schemas[model.__name__]
        assert set(described["properties"]) == set(model.model_fields)
        assert described["additionalProperties"] is False
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert set(described["required"]) == required


@pytest.mark.parametrize("event", MODELS)
def test_each_event_is_described_by_its_model(document, event):
    schemas, model = document["components"]["schemas"], MODELS[event]
    union = schemas["Event"]
    assert union["discriminator"]["propertyName"] == "event"
    place = union["discriminator"]["mapping"][event]
    assert {"$ref": place} in union["oneOf"]
    described = schemas[place.rpartition("/")[2]]
    assert described["properties"]["event"].items() >= {"type": "string", "const": event}.items()
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert set(described["properties"]) == {"event", "by", *names}
    assert {"event", "on"} <= set(described["required"])


def _within(schema, place=""):
    """Every schema in a part of the document, with its place; examples are none."""
    if isinstance(schema, dict):
        yield place, schema
        for name, inner in schema.items():
            if name not in ("example", "examples", "x-changes", "mapping"):
                yield from _within(inner, f"{place}/{name}")
    elif isinstance(schema, list):
        for n, inner in enumerate(schema):
            yield from _within(inner, f"{place}/{n}")


def _fields(document):
    """Every field of every object, wherever it stands, with its place."""
    for place, schema in _within(document):
        if schema.get("type") == "object":
            for field, described in schema.get("properties", {}).items():
                yield f"{place}.{field}", described


def _fits(document, schema, example):
    return Draft202012Validator({**schema, "components": document["components"]}).is_valid(example)


def test_every_field_says_what_it_means_with_an_example_that_is_one(document):
    found = list(_fields(document))
    assert len(found) > 600
    for name, described in found:
        assert HAN.search(described["description"]), name
        kinds = described.get("anyOf") or described.get("oneOf") or [described]
        plain = [kind.get("items", kind) for kind in kinds if kind.get("type") != "null"]
        if all("$ref" in kind or "oneOf" in kind for kind in plain):
            continue  # an example stands where it refers to
        if all(kind.get("format") == "binary" for kind in plain):
            continue  # bytes are no text of a document
        assert "examples" in described, name
        (example,) = described["examples"]
        assert _fits(document, described, example), (name, example)


def test_every_model_says_what_it_is_with_an_example_that_is_one(document):
    for name, schema in document["components"]["schemas"].items():
        assert HAN.search(schema["description"]), name
        if "oneOf" not in schema:  # each of them has its own
            (example,) = schema["examples"]
            assert _fits(document, schema, example), (name, example)


def test_every_argument_and_header_says_what_it_means_with_an_example_that_is_one(document):
    found = [
        (place, one)
        for place, one in _within(document)
        if "in" in one or re.search(r"/headers/[^/]+$", place)
    ]
    assert len(found) > 100
    for place, one in found:
        if isinstance(one.get("in"), str) or "/headers/" in place:
            assert HAN.search(one["description"]), place
            example = one["example"]
            if one.get("style") == "form":
                example = example if isinstance(example, list) else [example]
            assert _fits(document, one["schema"], example), (place, example)


def test_every_call_has_its_words_its_name_and_what_it_is_about(document):
    names = [call["operationId"] for call in _operations(document).values()]
    assert len(set(names)) == len(names) and set(names) == set(load_api().calls)
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in names)
    summaries = [call["summary"] for call in _operations(document).values()]
    assert len(set(summaries)) == len(summaries)
    assert {name for name, _ in document["components"]["schemas"].items()} - set(
        load_api().models
    ) == set(enumerations()) | {model.__name__ for model in MODELS.values()} | set(DELIVERED)


OF_CODE = {"by_role", "by_who", "kind_of_file", "sent_file", *OF_KIND.values()}
"""Words that are asked for by name."""


def test_every_row_of_the_words_of_fields_is_said_somewhere(document):
    rows = set(load_api().fields)
    places = [
        *((name, field) for name, schema in document["components"]["schemas"].items() for field in schema.get("properties", {})),
        *((one.__name__, field) for one in subclasses(Asked) for field in one.model_fields),
        *(("path", name) for path in document["paths"] for name in re.findall(r"\{(\w+)\}", path)),
        *(("header", place.rpartition("/")[2]) for place, _ in _within(document) if "/headers/" in place),
        *(("header", one["name"]) for _, one in _within(document) if one.get("in") == "header"),
    ]  # fmt: skip
    said = {f"{model}.{field}" if f"{model}.{field}" in rows else field for model, field in places}
    assert rows - said == OF_CODE - said, "the rest says nothing"


def subclasses(model):
    return {model, *(inner for one in model.__subclasses__() for inner in subclasses(one))}


def test_what_people_read_is_chinese(document):
    for place, one in _within(document):
        for key in ("summary", "description"):
            if isinstance(one.get(key), str) and not place.endswith("/properties"):
                assert HAN.search(one[key]), (place, one[key])


def test_what_becomes_a_name_in_a_program_is_english(document):
    assert re.fullmatch(r"[A-Za-z ]+", document["info"]["title"])
    tags = {tag["name"] for tag in document["tags"]}
    assert all(re.fullmatch("[a-z]+", tag) for tag in tags)
    assert {tag for call in _operations(document).values() for tag in call["tags"]} == tags
    for place, one in _within(document):
        if isinstance(one.get("title"), str):
            assert re.fullmatch(r"[A-Za-z ]+", one["title"]), place
        for name in one.get("properties", {}) if one.get("type") == "object" else ():
            assert re.fullmatch(r"[a-z][a-z0-9_]*", name), (place, name)


def test_nothing_is_said_to_stand_at_null(document):
    """`default: null` made every optional field of a program's types one that cannot be left out."""
    found = [place for place, one in _within(document) if one.get("default", ...) is None]
    found += [
        place
        for place, one in _within(document)
        if isinstance(one.get("default"), dict) and None in one["default"].values()
    ]
    assert found == []


def test_what_can_be_chosen_has_a_label_for_each_wherever_it_stands(document):
    chosen = [(place, one) for place, one in _within(document) if isinstance(one.get("enum"), list)]
    assert len(chosen) > 25
    for place, one in chosen:
        assert None not in one["enum"], place
        assert len(one["x-enum-descriptions"]) == len(one["enum"]), place
        assert all(
            re.fullmatch("[a-z0-9_]+", code) and HAN.search(label)
            for code, label in zip(one["enum"], one["x-enum-descriptions"], strict=True)
        ), place


def test_what_can_be_chosen_has_a_name_and_the_labels_of_the_law(document):
    schemas, law = document["components"]["schemas"], load_law()
    for name, labels in (
        ("State", {code: state.label for code, state in law.states.items()}),
        ("EventName", {event: law.transitions[event].label for event in MODELS}),
        ("Outcome", {code: outcome.label for code, outcome in law.outcomes.items()}),
        ("Role", law.words.roles),
        ("StaffRole", {role: law.words.roles[role] for role in STAFF_ROLES}),
        ("Column", law.formats.columns),
    ):
        said = schemas[name]
        assert dict(zip(said["enum"], said["x-enum-descriptions"], strict=True)) == labels
    for rows in law.formats.rows.values():
        assert set(rows) <= set(schemas["Row"]["enum"])
    for name in (*CHOSEN, "Assign.by"):
        model, field = name.split(".")
        if model in schemas:
            assert "#/components/schemas/" in json.dumps(schemas[model]["properties"][field]), name
    (state,) = [
        one
        for one in _operations(document)["get", "/api/v1/cases"]["parameters"]
        if one["name"] == "state"
    ]
    assert state["schema"]["items"] == {"$ref": "#/components/schemas/State"}


def test_files_are_bytes_on_the_way_in_and_out(document):
    operations = _operations(document)
    form = operations["post", "/api/v1/cases/{number}/files"]["requestBody"]["content"]
    sent = form["multipart/form-data"]["schema"]["properties"]["file"]["items"]
    got = operations["get", "/api/v1/cases/{number}/files/{file_id}"]["responses"]["200"]["content"]
    assert set(got) == {"application/octet-stream", *MEDIA_TYPES}
    for schema in (sent, *(one["schema"] for one in got.values())):
        assert (schema["type"], schema["format"]) == ("string", "binary")
        assert schema["contentMediaType"] == "application/octet-stream"


def test_every_problem_has_its_words_and_an_example_that_is_one(document):
    kept = document["components"]["responses"]
    for call in _operations(document).values():
        for status, answer in call["responses"].items():
            if int(status) >= 400:
                answer = kept[answer["$ref"].rpartition("/")[2]]
                problem = answer["content"]["application/problem+json"]
                _conforms(document, "ProblemAnswer", problem["example"])
                assert problem["example"]["status"] == int(status)
            assert HAN.search(answer["description"])


def _conforms(document, name, value):
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    error = best_match(Draft202012Validator(schema).iter_errors(value))
    assert error is None, f"{name}: {error.message} at {error.json_path}"


def test_what_is_sent_and_answered_is_as_described(document, program, today):
    number, code = program().file()
    _conforms(document, "ApplicationForm", application())
    lifang, leader = program("lifang"), program("chen")
    today.is_("2024-05-09")
    steps = [
        ("lifang", "require_correction", {"reached_on": "2024-05-08", "defects": ["请写明年份"]}),
        ("lifang", "correct", {"text": "2023年度"}),
        ("lifang", "assign", {"to": "农业中心"}),
        ("lifang", "consult_third_party", {"consultation": 1, "reached_on": "2024-05-09"}),
        ("lifang", "record_opinion", {"consultation": 1, "opinion": "agrees"}),
        ("chen", "extend", {"days": 5, "reached_on": "2024-05-09", "reason": "情况复杂"}),
        ("zhaoming", "propose_outcome", {"outcome": "supplied", "ground": "属于可以公开的信息"}),
    ]
    for who, event, fields in steps:
        on = "2024-05-08" if event == "require_correction" else "2024-05-09"
        body = {"event": event, "on": on, **fields}
        _conforms(document, "Event", body)
        answer = program(who).post(f"/cases/{number}/events", body)
        if answer.status_code != 200:
            _conforms(document, "ProblemAnswer", answer.json)
            raise AssertionError((event, answer.json))
        _conforms(document, "CaseAnswer", answer.json)
    assert lifang.get(f"/cases/{number}").json["state"] == "drafted"
    for path, name in (
        (f"/applications/{number}?query_code={code}", "ApplicationAnswer"),
        ("/cases", "CasesAnswer"),
        (f"/cases/{number}/deadlines", "DeadlinesAnswer"),
        ("/reports/panlong/2024/tables", "TablesAnswer"),
        ("/reports/panlong/2019/tables?format=2019", "TablesAnswer"),
        ("/reports/panlong/2024/cells/new_received/total", "CellAnswer"),
    ):
        _conforms(document, name, lifang.get(path).json)
    _conforms(document, "ProblemAnswer", leader.happen(number, "archive", "2024-05-09").json)


# -- docs/api.md ------------------------------------------------------------------------------------


def _examples():
    """Requests with the answers that stand below them."""
    blocks = re.findall(r"```http\n(.*?)```", API.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) % 2 == 0 and len(blocks) >= 20
    return list(zip(blocks[::2], blocks[1::2], strict=True))


def _parts(block):
    head, _, body = block.partition("\n\n")
    first, *lines = head.strip().splitlines()
    return first, dict(line.split(": ", 1) for line in lines), body.strip()


def _says(answer, example, where="answer"):
    """The answer says at least what the example says."""
    if example == "…":
        assert isinstance(answer, str) and answer, where
    elif isinstance(example, dict):
        assert isinstance(answer, dict), where
        for key, value in example.items():
            assert key in answer, f"{where}.{key}"
            _says(answer[key], value, f"{where}.{key}")
    elif isinstance(example, list):
        assert isinstance(answer, list) and len(answer) == len(example), where
        for n, value in enumerate(example):
            _says(answer[n], value, f"{where}.{n}")
    else:
        assert answer == example, where


def test_the_examples_for_integrators_happen_as_written(app, office):
    client = app.test_client()
    known = {"token": Accounts(office).create_token("lifang")}
    for request, expected in _examples():
        for name, value in known.items():
            request = request.replace(f"{{{name}}}", value)
        first, headers, body = _parts(request)
        method, path = first.split(" ", 1)
        answer = client.open(path, method=method, headers=headers, data=body.encode() or None)
        status, named, said = _parts(expected)
        assert f"HTTP {answer.status_code}" == status, (first, answer.json)
        for name, value in named.items():
            assert answer.headers[name] == value, (first, name)
        _says(answer.json, json.loads(said), first)
        if "query_code" in answer.json:
            known.setdefault("query_code", answer.json["query_code"])
        if method == "GET" and "/cases/" in path:
            known["etag"] = answer.headers["ETag"]


def test_the_page_names_every_status_that_the_document_names(document):
    text = API.read_text(encoding="utf-8")
    for operation in _operations(document).values():
        for status in operation["responses"]:
            assert status in text


def test_a_program_needs_no_session(app, office):
    program = Program(app, Accounts(office).create_token("lifang"))
    assert "Set-Cookie" not in program.get("/cases").headers


def test_what_the_machine_takes_by_name_has_such_names_for_examples(document):
    schemas, law = document["components"]["schemas"], load_law()
    for name in ("ItemReview", "PassSecrecyReview"):
        (checks,) = schemas[name]["properties"]["checks"]["examples"]
        assert set(checks) == set(law.words.secrecy_checks)
        assert set(checks.values()) <= set(law.words.secrecy_answers)
    assert schemas["RecordDelivery"]["properties"]["of"]["examples"] == [Serve.name]
    (carrier,) = schemas["Serve"]["properties"]["carrier"]["examples"]
    assert any(carrier in (code, *words) for code, words in law.words.carriers.items())


def test_a_cell_of_table_4_is_one_of_the_document(program):
    """Its columns are none of table 3's."""
    answer = program("lifang").get("/reports/panlong/2024/cells/review/upheld")
    assert answer.status_code == 200 and answer.json["column"] == "upheld"
