"""The calls of the OpenAPI document: what each is sent beside its address, and which problems it may meet."""

import re

from tests.webui.api.test_document import CALLS, document
from tests.webui.api.test_document import _operations as operations
from workflow.service.files import SENT_BY_APPLICANTS, STAFF_KINDS
from workflow.service.incoming import AT_ONCE

__all__ = ["document"]


def test_an_upload_is_a_form_with_what_the_files_are_and_the_files(document):
    """As many as come at once, each read as bytes."""
    for (_, path), operation in operations(document).items():
        content = operation.get("requestBody", {}).get("content", {})
        if (form := content.get("multipart/form-data")) is None:
            continue
        assert path.endswith("/files") and set(content) == {"multipart/form-data"}
        schema = form["schema"]
        assert (schema["type"], schema["required"]) == ("object", ["kind", "file"])
        kind, file = schema["properties"]["kind"], schema["properties"]["file"]
        kinds = STAFF_KINDS if operation["security"] else SENT_BY_APPLICANTS
        assert (kind["type"], kind["enum"]) == ("string", list(kinds))
        assert (file["type"], file["minItems"], file["maxItems"]) == ("array", 1, AT_ONCE)


def test_headers_stand_beside_the_calls_that_read_them(document):
    for (method, path), operation in operations(document).items():
        sent = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
        assert ("X-Query-Code" in sent) == ("/applications/" in path)
        assert ("If-Match" in sent) == path.endswith("/events")
        one_case = method == "get" and path.endswith("/cases/{number}")
        assert ({"X-Look-Reason", "X-Look-Words"} & sent != set()) == one_case


def test_a_number_without_its_body_may_be_that_of_two_cases(document):
    """Where nothing is written 409 is nothing else."""
    found = {
        path
        for (method, path), operation in operations(document).items()
        if method == "get" and "409" in operation["responses"]
    }
    assert found == {
        path for (method, path) in CALLS if method == "get" and path.startswith("/api/v1/cases/")
    }


def test_several_states_are_one_argument_with_commas(document):
    (state,) = [
        one
        for one in operations(document)["get", "/api/v1/cases"]["parameters"]
        if one["name"] == "state"
    ]
    assert (state["style"], state["explode"], state["schema"]["type"]) == ("form", False, "array")


def test_a_text_that_is_sent_has_no_signs_that_are_not_seen_and_nothing_else_a_second_pattern(
    document,
):
    schemas = document["components"]["schemas"]
    note, day, method = (
        next(kind for kind in one.get("anyOf", [one]) if kind.get("type") == "string")
        for one in (schemas["Serve"]["properties"][name] for name in ("note", "on", "method"))
    )
    assert re.search(note["pattern"], "电话告知") and not re.search(note["pattern"], "电话\x07")
    assert "pattern" not in day and "pattern" not in method
