"""Calls that nobody would write: made from the OpenAPI document, sent to the application itself.

Whatever comes, the answer is one that the document describes; never a fault.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

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
from workflow.service.accounts import Accounts
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
EXAMPLES = [
    pytest.param(10, id="some"),
    pytest.param(80, id="many", marks=pytest.mark.long(reason="eight times the calls of each run")),
]
CASES = 12
CALLS = (
    "fileApplication", "getApplication", "registerCase", "listCases", "getCase", "applyEvent",
    "getDeadlines", "getTables", "getCell", "sendApplicationFile", "sendCaseFile", "listCaseFiles",
    "openCaseFile", "getCaseOfBody", "applyEventInBody", "getDeadlinesOfBody", "sendCaseFileInBody",
    "listCaseFilesOfBody", "openCaseFileOfBody", "getPaper", "getPaperOfBody", "takeOverCase",
    "checkDocket",
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
        yield app, Accounts(office).create_token("lifang")


def _staffed(office: Office) -> Office:
    with office.store.write() as unit:
        body = office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
        Accounts(office).add_user(unit, name="lifang", agency=body, roles=STAFF_ROLES)
    return office


@pytest.fixture(scope="module")
def document(fuzzed: tuple[Flask, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", fuzzed[0])


def test_every_call_is_tried(document: schemathesis.BaseSchema) -> None:
    found = {result.ok().definition.raw["operationId"] for result in document.get_all_operations()}
    assert found == set(CALLS)


FILING = ("fileApplication", "registerCase")
_WORD = st.text(max_size=30)
_PHONE = st.sampled_from(
    (
        "13800000000",
        "0876-3123456转801",
        "+852 6123 4567",
        "1380000",
        "１３８００００００００",
        "13800000000\n",
    )
)
_NUMBER = st.sampled_from(
    (
        "11010519491231002X",
        "110105194912310021",
        "91110000600037341L",
        "91110000600037341M",
        "E12345678",
    )
)
_EMAIL = st.sampled_from(
    ("zhang@example.com", "张@例子.中国", "zhang@", "a@b", "a\r\nBcc: b@c.com")
)
APPLICANTS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("citizen", "organisation")),
        "name": st.sampled_from(("张三", "某某律师事务所", "O'Neill <b>")) | _WORD,
        "phone": _PHONE,
    },
    optional={
        "id_type": st.sampled_from(("resident_id", "passport", "credit_code", "other")),
        "id_number": _NUMBER | _WORD,
        "credit_code": _NUMBER,
        "contact": _WORD,
        "email": _EMAIL,
        "address": _WORD,
        "postcode": st.sampled_from(("663000", "66300", "６６３０００")),
        "legal_representative": _WORD,
        "category": st.sampled_from(("business", "legal_service", "natural_person", "nobody")),
    },
)
COMPLETE = st.sampled_from(("13800000000", "0876-3123456转801", "+852 6123 4567")).flatmap(
    lambda phone: st.sampled_from(
        (
            {"kind": "citizen", "name": "O'Neill <b>", "id_type": "passport", "id_number": "E1234567"},
            {"kind": "citizen", "name": "𠮷田", "id_type": "other", "id_number": "一二三"},
            {
                "kind": "organisation", "name": "某某律师事务所", "contact": "李律师",
                "credit_code": "91110000600037341L", "category": "legal_service",
            },
        )
    ).map(lambda who: {**who, "phone": phone})
)  # fmt: skip
ANYBODY = st.none() | APPLICANTS | COMPLETE | COMPLETE
"""As the document draws them, with something wrong, and complete."""


def _make_it_likely(case: schemathesis.Case, number: int, applicant: dict[str, Any] | None) -> None:
    """Let a call get past the first checks: at a case that exists, on a day that has come."""
    known = {**KNOWN, "number": f"2024-{number:04d}"}
    case.path_parameters.update({n: known[n] for n in case.path_parameters if n in known})
    case.headers.pop("If-Match", None)
    case.query.pop("agency", None)
    if isinstance(case.body, dict):
        likely = {"on": "2024-05-06", **application()}
        likely["applicant"] = applicant or case.body.get("applicant")
        if applicant and "applicant" in case.body:
            case.body.pop("agent", None)  # whom the document draws with any identity number
            case.body |= {name: likely[name] for name in ("request", "delivery", "medium")}
        for name in ("on", "agency", "applicant"):
            if name in case.body:
                case.body[name] = likely[name]
        case.body.update({n: likely["on"] for n in case.body if n.endswith("_on")})
        case.body.pop("by", None)


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("call", CALLS)
def test_every_answer_is_one_that_the_document_describes(
    document: schemathesis.BaseSchema,
    fuzzed: tuple[Flask, str],
    call: str,
    mode: GenerationMode,
    examples: int,
) -> None:
    headers = {"Authorization": f"Bearer {fuzzed[1]}"}
    operation = document.find_operation_by_id(call)
    filed: list[bool] = []

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        number=st.integers(0, CASES),
        applicant=ANYBODY,
    )
    def tried(case: schemathesis.Case, number: int, applicant: dict[str, Any] | None) -> None:
        if number:
            _make_it_likely(case, number, applicant)
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        filed.append(answer.status_code == 201)

    tried()
    if call in FILING and mode is GenerationMode.POSITIVE:
        assert sum(filed) >= examples // 8, "applicants of every kind come in"
