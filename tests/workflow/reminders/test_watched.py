"""Which days of a case are watched, and which no longer: by what was done since."""

from typing import Any

import pytest

from tests.workflow.reminders.telling import case, received, rules
from workflow.case.case import Case
from workflow.reminders.watched import watched_days

RECEIVED = received("2024-09-02")
ASSIGNED = (RECEIVED, ("assign", "2024-09-02", {}))
CORRECTION = ("require_correction", "2024-09-03", {"reached_on": "2024-09-03"})
CORRECTED = ("correct", "2024-09-05", {})
REASONED = (
    ("ask_reasons", "2024-09-03", {"deadline_on": "2024-09-20"}),
    ("give_reasons", "2024-09-05", {"accepted": True}),
)


def case_under(settings: dict[str, Any], *events: Any) -> Case:
    """A case of a body with settings of its own."""
    one = case(*events)
    return Case.replayed(one.header, rules(**settings), one.log)


def kinds(one: Case) -> set[str]:
    return {watched.kind for watched in watched_days(one)}


def test_a_case_in_hand_is_watched_until_its_reply():
    assert kinds(case(*ASSIGNED)) == {"begin", "correction_question", "draft", "extension", "reply"}


@pytest.mark.parametrize("kind", ["application", "record_correction", "publication_suggestion"])
def test_a_case_without_events_and_a_trial_case_are_not_watched(kind):
    assert kinds(case(kind=kind)) == set()
    assert kinds(case(RECEIVED, kind="test")) == set()
    assert kinds(case(RECEIVED, kind=kind)) != set()


@pytest.mark.parametrize(
    "begun",
    [
        ("propose_outcome", "2024-09-03", {"outcome": "supplied"}),
        ("record_search", "2024-09-03", {"sources": ["档案室"], "keywords": ["路"], "hits": 0}),
        ("consult_third_party", "2024-09-03", {"consultation": 1}),
        ("extend", "2024-09-03", {"days": 5, "reached_on": "2024-09-03"}),
        ("ask_reasons", "2024-09-03", {"deadline_on": "2024-09-20"}),
        CORRECTION,
        ("charge_fee", "2024-09-03", {"reached_on": "2024-09-03", "pages": 57}),
    ],
    ids=lambda event: event[0],
)
def test_whoever_has_begun_is_not_asked_whether_a_correction_is_needed(begun):
    assert "correction_question" in kinds(case(*ASSIGNED))
    assert "correction_question" not in kinds(case(*ASSIGNED, begun))


@pytest.mark.parametrize(
    ("rounds", "asked"), [({}, False), ({"max_correction_rounds": 2}, True)], ids=["once", "twice"]
)
def test_after_as_many_corrections_as_may_be_nobody_is_asked_for_another(rounds, asked):
    corrected = case_under(rounds, *ASSIGNED, CORRECTION, CORRECTED)
    assert corrected.state == "registered"
    assert ("correction_question" in kinds(corrected)) == asked


def test_once_reasons_were_asked_for_a_correction_is_no_open_question():
    reasoned = case(*ASSIGNED, *REASONED)
    assert reasoned.state == "processing"
    assert {"draft", "extension", "reply"} <= kinds(reasoned)
    assert "correction_question" not in kinds(reasoned)


def test_once_a_fee_was_paid_a_correction_is_no_open_question():
    paid = case(
        *ASSIGNED,
        ("charge_fee", "2024-09-03", {"reached_on": "2024-09-03", "pages": 57}),
        ("pay_fee", "2024-09-05", {}),
    )
    assert paid.state == "processing" and "reply" in kinds(paid)
    assert "correction_question" not in kinds(paid)


def test_an_extension_is_no_choice_before_the_case_is_assigned_nor_after_it():
    extended = ("extend", "2024-09-03", {"days": 5, "reached_on": "2024-09-03"})
    assert "extension" not in kinds(case(RECEIVED))
    assert "extension" in kinds(case(*ASSIGNED))
    assert "extension" not in kinds(case(*ASSIGNED, extended))


def test_an_opinion_is_waited_for_until_it_comes():
    asked = ("consult_third_party", "2024-09-03", {"consultation": 1})
    opinion = ("record_opinion", "2024-09-05", {"consultation": 1, "opinion": "agrees"})
    assert "opinion" in kinds(case(*ASSIGNED, asked))
    assert "opinion" not in kinds(case(*ASSIGNED, asked, opinion))


def test_a_suggestion_to_publish_is_watched_until_its_day_of_publication():
    suggested = case(RECEIVED, kind="publication_suggestion")
    assert "publication" in kinds(suggested)
    assert "publication" not in kinds(case(RECEIVED))
    assert not {"extension", "correction_question"} & kinds(suggested)
