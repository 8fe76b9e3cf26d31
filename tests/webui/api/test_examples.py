"""What the document shows as an example is taken when it is sent: by more than schemas, by check digits and tables too."""

from datetime import date

import pytest

from tests.webui.api.held import book_of
from workflow.case.application import ApplicationForm, OfflineForm, read_form
from workflow.events import MODELS, parse


@pytest.fixture
def document(app):
    return book_of(app).document


@pytest.mark.parametrize("model", [ApplicationForm, OfflineForm])
def test_a_form_of_all_its_examples_is_one_that_is_taken(document, model):
    form = _of_examples(document, {"$ref": f"#/components/schemas/{model.__name__}"})
    assert read_form(form, model, today=date(2024, 5, 6)).applicant.credit_code


@pytest.mark.parametrize("event", MODELS)
def test_an_event_of_all_its_examples_is_one_that_is_taken(document, event):
    name = MODELS[event].__name__
    fields = _of_examples(document, {"$ref": f"#/components/schemas/{name}"})
    del fields["event"], fields["by"]  # the role of who calls is none of its fields
    assert parse(event, fields).name == event


def _of_examples(document, schema):
    """An object with an example in each field."""
    if "$ref" in schema:
        return _of_examples(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])  # fmt: skip
    if "properties" in schema:
        return {name: _of_examples(document, one) for name, one in schema["properties"].items()}
    if "examples" in schema or "const" in schema:
        return schema["const"] if "const" in schema else schema["examples"][0]
    if "items" in schema:
        return [_of_examples(document, schema["items"])]
    return _of_examples(document, schema["anyOf"][0])


def test_a_list_is_asked_for_by_the_examples_of_its_arguments(document, program):
    asked = {
        one["name"]: ",".join(one["example"])
        if isinstance(one["example"], list)
        else one["example"]
        for one in document["paths"]["/api/v1/cases"]["get"]["parameters"]
        if one["in"] == "query"
    }
    assert {"cursor", "state", "agency", "q", "due_before", "limit"} == set(asked)
    answer = program("lifang").client.get("/api/v1/cases", query_string=asked, headers=program("lifang").headers)  # fmt: skip
    assert answer.status_code == 200, answer.json


@pytest.mark.parametrize(("year", "status"), [(1999, 422), (2000, 200), (2050, 200), (2051, 422)])
def test_years_are_those_that_the_document_says(document, program, year, status):
    (said,) = [
        one["schema"]
        for one in document["paths"]["/api/v1/reports/{agency}/{year}/tables"]["get"]["parameters"]
        if one["name"] == "year"
    ]
    assert (said["minimum"] <= year <= said["maximum"]) is (status == 200)
    assert program("lifang").get(f"/reports/panlong/{year}/tables").status_code == status
