"""Calls that nobody would write: made from the OpenAPI document, sent to the application itself.

Whatever comes, the answer is one that the document describes; never a fault.
"""

from collections.abc import Iterator
from datetime import date

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from config.settings import load
from tests.webui.api.program import application
from tests.webui.conftest import Today
from webui.app import create_app
from workflow.people import STAFF_ROLES
from workflow.service import Office
from workflow.service.installation import temporary_office

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
    missing_required_header,
]
EXAMPLES = 40
CASES = 12
CALLS = (
    "fileApplication", "getApplication", "registerCase", "listCases", "getCase", "applyEvent",
    "getDeadlines", "getTables", "getCell", "sendApplicationFile", "sendCaseFile", "listCaseFiles",
    "openCaseFile", "getCaseOfBody", "applyEventInBody", "getDeadlinesOfBody", "sendCaseFileInBody",
    "listCaseFilesOfBody", "openCaseFileOfBody",
)  # fmt: skip
KNOWN = {
    "agency": "panlong",
    "code": "panlong",
    "year": 2024,
    "row": "new_received",
    "column": "total",
}


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[tuple[Flask, str]]:
    """An application over a store with a body, a clerk of all roles, and open cases; and a token."""
    with temporary_office() as office:
        office.now = Today(date(2024, 5, 6))
        app = create_app(_staffed(office), load({}))
        app.config["RATELIMIT_ENABLED"] = False
        for _ in range(CASES):
            answer = app.test_client().post("/api/v1/applications", json=application())
            assert answer.status_code == 201
        yield app, office.create_token("lifang")


def _staffed(office: Office) -> Office:
    with office.store.write() as unit:
        body = office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
        office.add_user(unit, name="lifang", agency=body, roles=STAFF_ROLES)
    return office


@pytest.fixture(scope="module")
def document(fuzzed: tuple[Flask, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", fuzzed[0])


def test_every_call_is_tried(document: schemathesis.BaseSchema) -> None:
    found = {result.ok().definition.raw["operationId"] for result in document.get_all_operations()}
    assert found == set(CALLS)


def _make_it_likely(case: schemathesis.Case, number: int) -> None:
    """Let a call get past the first checks: at a case that exists, on a day that has come."""
    known = {**KNOWN, "number": f"2024-{number:04d}"}
    case.path_parameters.update({n: known[n] for n in case.path_parameters if n in known})
    case.headers.pop("If-Match", None)
    case.query.pop("agency", None)
    if isinstance(case.body, dict):
        likely = {"on": "2024-05-06", **application()}
        for name in ("on", "agency", "applicant"):
            if name in case.body:
                case.body[name] = likely[name]
        case.body.update({n: likely["on"] for n in case.body if n.endswith("_on")})
        case.body.pop("by", None)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("call", CALLS)
def test_every_answer_is_one_that_the_document_describes(
    document: schemathesis.BaseSchema, fuzzed: tuple[Flask, str], call: str, mode: GenerationMode
) -> None:
    headers = {"Authorization": f"Bearer {fuzzed[1]}"}
    operation = document.find_operation_by_id(call)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), number=st.integers(0, CASES))
    def tried(case: schemathesis.Case, number: int) -> None:
        if number:
            _make_it_likely(case, number)
        case.call_and_validate(headers=headers, checks=CHECKS)

    tried()
