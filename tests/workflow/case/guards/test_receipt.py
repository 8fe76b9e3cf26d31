"""Receipt, the period, corrections and reasons: the last day on which something is still possible and the
first on which it no longer is."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.guards.walked import DUE, accepted, refused, told
from tests.workflow.case.proved import EVIDENCE
from tests.workflow.case.walk import ASSIGNED, MONDAY, RECEIVED, Step, Walk


def test_due_day_of_the_walked_case_is_the_first_of_april() -> None:
    assert Walk().must(*RECEIVED).case.deadlines.reply_due == MONDAY + timedelta(DUE)


# -- the last day ----------------------------------------------------------------------------------------

STILL_ON_THE_LAST_DAY: dict[str, tuple[list[Step], str, dict[str, Any]]] = {
    "extension": (ASSIGNED, "extend", {"days": 20}),
    "reasons": (RECEIVED, "ask_reasons", {}),
}


@pytest.mark.parametrize("what", STILL_ON_THE_LAST_DAY)
def test_last_day_of_the_period_is_within_it_and_the_next_is_not(what: str) -> None:
    before, name, fields = STILL_ON_THE_LAST_DAY[what]
    assert told(Walk().must(*before), name, DUE) is None
    assert accepted(Walk().must(*before), name, DUE, **fields)
    assert told(Walk().must(*before), name, DUE + 1) == "too_late"
    late = {**fields, "reached_on": DUE + 1} if "reached_on" in fields else fields
    assert refused(Walk().must(*before), name, DUE + 1, **late) == ("too_late", "on")


# -- corrections, reasons, delay -------------------------------------------------------------------------


def test_correction_is_due_after_the_notice_arrived() -> None:
    walk = Walk().must(*RECEIVED)
    assert refused(walk, "require_correction", 3, reached_on=4, deadline_on=4) == (
        "bad_field",
        "deadline_on",
    )
    assert refused(walk, "require_correction", 3, reached_on=2) == ("bad_field", "reached_on")
    assert accepted(walk, "require_correction", 3, reached_on=3, deadline_on=4)


def test_correction_on_its_last_day_is_in_time_and_lapses_only_on_the_next() -> None:
    before: list[Step] = [*RECEIVED, ("require_correction", 1, {"reached_on": 1, "deadline_on": 9})]
    assert accepted(Walk(late_correction="reject").must(*before), "correct", 9)
    assert refused(Walk(late_correction="reject").must(*before), "correct", 10)[0] == "too_late"
    assert refused(Walk().must(*before), "lapse_correction", 9) == ("too_early", "on")
    assert accepted(Walk().must(*before), "lapse_correction", 10)


def test_correction_lapses_only_where_the_arrival_of_its_notice_is_known() -> None:
    """条例30; law.md §3.7A: the applicant's period runs from the arrival."""
    walk = Walk().must(*RECEIVED, ("require_correction", 2, {}))
    assert refused(walk, "lapse_correction", 90) == ("missing_evidence", None)
    walk.must(("record_delivery", 90, {"of": "require_correction", "reached_on": 4}))
    assert accepted(walk, "lapse_correction", 91)


@pytest.mark.parametrize(("most", "rounds"), [(1, 1), (2, 2)])
def test_correction_is_asked_for_as_often_as_the_setting_allows(most: int, rounds: int) -> None:
    walk = Walk(max_correction_rounds=most).must(*RECEIVED)
    for n in range(rounds):
        walk.must(
            ("require_correction", 3 * n + 1, {"reached_on": 3 * n + 1}),
            ("correct", 3 * n + 2, {}),
        )
    assert refused(walk, "require_correction", 20, reached_on=20)[0] == "setting_forbids"


REASONED: list[Step] = [*RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, {"accepted": True})]


def test_delayed_day_is_later_than_the_day_it_replaces() -> None:
    walk = Walk().must(*REASONED)
    assert refused(walk, "delay_reply", 5, until=DUE) == ("bad_field", "until")
    assert accepted(walk, "delay_reply", 5, until=DUE + 1)


def test_delay_needs_reasons_that_were_given_and_not_rejected() -> None:
    """条例35: left open, the delay itself accepts them."""
    asked: list[Step] = [*RECEIVED, ("ask_reasons", 1, {})]
    assert refused(Walk().must(*asked), "delay_reply", 2, until=90)[0] == "missing_evidence"
    rejected = Walk().must(*asked, ("give_reasons", 3, {"accepted": False}))
    assert refused(rejected, "delay_reply", 5, until=90)[0] == "missing_evidence"
    open_ = Walk().must(*asked, ("give_reasons", 3, {}))
    assert accepted(open_, "delay_reply", 5, until=90)


def test_delay_of_more_than_a_year_is_asked_twice() -> None:
    """条例35: a reasonable day."""
    walk = Walk().must(*REASONED)
    assert refused(walk, "delay_reply", 5, until=371) == ("missing_evidence", "note")
    assert accepted(Walk().must(*REASONED), "delay_reply", 5, until=370)
    assert accepted(walk, "delay_reply", 5, until=371, note="须翻译三千页外文资料")


@pytest.mark.parametrize("day", [0, 2])
def test_reasons_are_due_after_the_day_on_which_they_are_asked_for(day: int) -> None:
    """条例35."""
    found = refused(Walk().must(*RECEIVED), "ask_reasons", 2, deadline_on=day)
    assert found == ("bad_field", "deadline_on")
    assert accepted(Walk().must(*RECEIVED), "ask_reasons", 2, deadline_on=3)


def test_without_a_day_reasons_are_due_after_the_settings_days() -> None:
    """条例35: ten working days by default, and then the case goes on."""
    walk = Walk().must(*RECEIVED, ("ask_reasons", 1, {}))
    assert walk.case.facts.reasons_deadline == MONDAY + timedelta(15)
    assert refused(walk, "propose_outcome", 15, outcome="excessive")[0] == "too_early"
    assert accepted(walk, "propose_outcome", 16, outcome="supplied")


def test_reasons_are_asked_for_once() -> None:
    """条例35."""
    walk = Walk().must(*RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, {}))
    assert refused(walk, "ask_reasons", 4) == ("already_done", None)


def test_after_reasons_were_given_any_outcome_may_be_drafted() -> None:
    """条例35 says “may”."""
    for given in ({}, {"accepted": True}, {"accepted": False}):
        walk = Walk().must(*RECEIVED, ("ask_reasons", 1, {}), ("give_reasons", 3, given))
        assert accepted(walk, "propose_outcome", 4, outcome="supplied")


def test_request_with_accepted_reasons_is_not_excessive_as_a_whole_or_in_an_item() -> None:
    """条例35."""
    said = {"outcome": "excessive", **EVIDENCE["excessive"]}
    walk = Walk(items=("甲", "乙")).must(*REASONED)
    assert refused(walk, "propose_outcome", 4, **said) == ("bad_field", "outcome")
    items = [{"item": 1, "outcome": "supplied"}, {"item": 2, **said}]
    assert refused(walk, "propose_outcome", 4, items=items) == ("bad_field", "outcome")


def test_reply_waits_for_the_reasons_through_their_last_day() -> None:
    before: list[Step] = [*RECEIVED, ("ask_reasons", 1, {"deadline_on": 8})]
    last = refused(Walk().must(*before), "propose_outcome", 8, outcome="excessive")
    assert last == ("too_early", None)
    told = {"outcome": "excessive", **EVIDENCE["excessive"]}
    assert accepted(Walk().must(*before), "propose_outcome", 9, **told)
    assert accepted(Walk().must(*before), "propose_outcome", 9, outcome="supplied")


# -- receipt ---------------------------------------------------------------------------------------------


def test_both_sides_confirm_on_the_day_of_submission_or_later() -> None:
    assert accepted(Walk(), "receive", 0, channel="email", confirmed_on=0)
    found = refused(Walk(), "receive", 3, channel="email", confirmed_on=2)
    assert found == ("bad_field", "confirmed_on")


def test_what_is_not_received_yet_may_be_rerouted() -> None:
    waiting = Walk(online_confirmation="confirmation_event")
    waiting.must(("submit", 0, {"channel": "portal", "by": "applicant"}))
    assert accepted(waiting, "reroute", 1, to="县局")


def test_what_arrived_on_the_net_is_received_and_no_longer_rerouted() -> None:
    """条例31, 36(5): the day of submission is that of the receipt where the setting says so."""
    arrived = Walk(online_confirmation="submission")
    arrived.must(("submit", 0, {"channel": "portal", "by": "applicant"}))
    assert refused(arrived, "reroute", 1, to="县局") == ("too_late", None)
