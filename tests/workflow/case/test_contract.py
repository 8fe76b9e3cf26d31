"""The events, states and refusals of the table are those of the contract."""

import re

import pytest

from config.law import Law
from tests.examples import contract
from workflow import events as ev
from workflow.refusal import RULES

EVENTS = contract("events")["events"]

BEYOND_THE_CONTRACT = {
    "submit": {"after_hours"},
    "receive": {"after_hours", "tried_on"},
    "require_correction": {"grounds"},
    "assign": {"unclear_items"},
    "override_third_party": {"reason"},
    "extend": {"approved_by"},
    "charge_fee": {"units"},
    "record_search": {"scope", "asked", "mentions", "item", "synonyms", "searched_by"},
    "propose_outcome": {
        "address", "redaction", "no_consultation_reason", "reason", "assessment", "clarification",
        "result", "redactions", "pairs", "stands",
    },
    "approve": {"paper"}, "return_draft": {"items"}, "serve": {"proof", "proofs"},
    "record_delivery": {"keep_published"}, "service_failed": {"service", "keep_published"}, "withdraw": {"keep_published"}, "void": {"keep_published"},
    "correct_entry": {"keep_published"}, "revise_reply": {"told_on"},
    "substitute_applicant": {"since"},
    "conclude_review": {"opinion_received_on"},
}  # fmt: skip
"""Optional fields that the engine knows besides those of the contract."""


def test_table_has_exactly_the_events_of_the_contract(law: Law) -> None:
    assert set(law.transitions) == set(EVENTS) == set(ev.MODELS)


ASKED_BY_A_GUARD = {"require_correction": {"defects"}}
"""Fields that logs of before may lack: required when the event is applied, not when a log is read."""


BEYOND = {"record_delivery": ["applicant"]}
"""Who may besides, and nothing else of the event is changed: an applicant says when the reply came (decision 33)."""


@pytest.mark.parametrize("name", EVENTS)
def test_event_has_the_label_and_the_actors_of_the_contract(name: str, law: Law) -> None:
    assert law.transitions[name].label == EVENTS[name]["label"]
    assert list(law.transitions[name].by) == EVENTS[name]["by"] + BEYOND.get(name, [])


@pytest.mark.parametrize("name", EVENTS)
def test_event_has_the_fields_of_the_contract(name: str) -> None:
    fields = {
        info.alias or key: info
        for key, info in ev.MODELS[name].model_fields.items()
        if key != "note"
    }
    required = {key for key, info in fields.items() if info.is_required()} - {"on"}
    required |= ASKED_BY_A_GUARD.get(name, set())
    told = EVENTS[name]["fields"]
    assert required == {key for key in told if not key.endswith("?")}
    optional = {key.rstrip("?") for key in told if key.endswith("?")}
    assert set(fields) - required - {"on"} == optional | BEYOND_THE_CONTRACT.get(name, set())


@pytest.mark.parametrize("name", EVENTS)
def test_event_takes_the_words_that_the_contract_lists(name: str) -> None:
    for key, told in EVENTS[name]["fields"].items():
        if re.fullmatch(r"\w+(\|\w+)+", told):
            field = ev.MODELS[name].model_fields[key.rstrip("?")]
            assert list(ev.literal_values(field.annotation)) == told.split("|")


def test_on_line_is_another_word_for_the_portal() -> None:
    event = ev.parse("receive", {"on": "2024-03-04", "channel": "online"})
    assert isinstance(event, ev.Receive)
    assert event.channel == "portal"


def test_states_and_their_labels_are_those_of_the_contract(law: Law) -> None:
    labels = {name: state.label for name, state in law.states.items()}
    assert labels == contract("events")["states"]


def test_kinds_of_refusal_are_those_of_the_contract() -> None:
    listed = contract("events")["refusals"].split("one of: ")[1].rstrip(".")
    assert set(listed.split(", ")) == RULES


def test_table_labels_are_those_of_the_contract(law: Law) -> None:
    told = contract("tables")
    assert dict(law.formats.columns) == told["table3"]["columns"]
    assert {fmt: dict(rows) for fmt, rows in law.formats.rows.items()} == told["table3"]["rows"]
    assert dict(law.formats.groups) == told["table3"]["groups"]
    assert dict(law.formats.blocks) == told["table4"]["blocks"]
    assert dict(law.formats.cells) == told["table4"]["cells"]
    assert [list(rows) for rows in law.formats.rows.values()] == [
        list(rows) for rows in told["table3"]["rows"].values()
    ]
