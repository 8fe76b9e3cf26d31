"""What the pages offer as a choice, the document offers to programs."""

from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

from tests.webui.api.held import book_of
from webui.api.words import codes_or_words, enumerations
from webui.desk.case import event_form, outcome_form
from workflow.events import MODELS
from workflow.refusal import RULES
from workflow.service.files import KINDS, SENT_BY_APPLICANTS, STAFF_KINDS


@pytest.fixture
def document(app):
    return book_of(app).document


ANY_FILE = SimpleNamespace(items=("甲", "乙"), kind="record_correction", gaps={}, holding=[])
"""A case whose own papers, items and gaps are no words of a table."""
OF_THE_CASE = {("record_delivery", "of")}


def _offered():
    """Fields of events of which the pages offer a choice of words, with the words and labels."""
    for event, model in MODELS.items():
        for field in set(model.model_fields) - {"on"}:
            if (event, field) not in OF_THE_CASE:
                options = dict(event_form.options_of(event, field, ANY_FILE))
                if options and not all(value.isdigit() for value in options):
                    yield event, field, options
    yield (
        "propose_outcome",
        "subtype",
        {code: label for _, rows in outcome_form.subtype_groups() for code, label in rows},
    )


def _choice(document, schema):
    """The enumeration that a field refers to or holds; None where it is free."""
    if "$ref" in schema:
        return _choice(
            document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        )
    if "enum" in schema:
        return dict(zip(schema["enum"], schema["x-enum-descriptions"], strict=True))
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next(filter(None, (_choice(document, one) for one in inner)), None)


def test_what_the_pages_offer_as_a_choice_is_one_in_the_document(document):
    """A program needs no table of its own for what a person chooses from a list; words that may stand instead of a
    code are no enumeration, and the codes are told."""
    offered = list(_offered())
    assert len(offered) > 12
    for event, field, options in offered:
        name = MODELS[event].__name__
        described = document["components"]["schemas"][name]["properties"][field]
        if field in codes_or_words():
            assert all(
                f"{code} {label}" in described["description"] for code, label in options.items()
            )
            continue
        found = _choice(document, described)
        assert found is not None, (event, field)
        if field == "by" or (event, field) == ("propose_outcome", "result"):
            assert found.items() > options.items()  # roles too; of every register
        else:
            assert found == options, (event, field)


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("conclude_review", {"result": "won"}),
        ("conclude_suit", {"result": "upheld"}),
        ("propose_outcome", {"result": "won"}),
        ("propose_outcome", {"outcome": "won"}),
        ("record_delivery", {"of": "archive"}),
        ("pass_secrecy_review", {"checks": {"state_secret": "clear"}}),
    ],
)
def test_a_word_that_is_on_no_list_is_told_before_it_is_sent(document, event, fields):
    body = {"event": event, "on": "2024-05-09", **fields}
    ref = {"$ref": f"#/components/schemas/{MODELS[event].__name__}"}
    (error,) = Draft202012Validator({**ref, "components": document["components"]}).iter_errors(body)
    assert next(iter(fields)) in error.json_path


def test_every_rule_that_can_refuse_has_its_label():
    assert set(enumerations()["Rule"]) == RULES


def test_files_are_of_the_kinds_that_are_taken(document):
    for path, kinds in (
        ("/api/v1/applications/{number}/files", SENT_BY_APPLICANTS),
        ("/api/v1/cases/{number}/files", STAFF_KINDS),
    ):
        form = document["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]
        kind = form["schema"]["properties"]["kind"]
        assert kind["enum"] == list(kinds)
        assert kind["x-enum-descriptions"] == [KINDS[one] for one in kinds]
