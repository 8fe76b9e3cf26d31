"""The machine over any sequence of events, and on the last day of a period."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.case.one_of_each import ONE_OF_EACH
from tests.workflow.case.walk import (
    ASSIGNED,
    CHECKED,
    CORRECTING,
    IN_REVIEW,
    MONDAY,
    RECEIVED,
    SERVED,
    SIGNING,
    TODAY,
    Step,
    Walk,
)
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Logged
from workflow.refusal import Refusal

# -- any sequence -----------------------------------------------------------------------------------

PLAUSIBLE = st.sampled_from(
    [
        (name, {**ONE_OF_EACH.get(name, {}), **more})
        for name in ev.MODELS
        for more in (
            [{"outcome": code} for code in ("supplied", "not_existing", "petition")]
            if name == "propose_outcome"
            else [{"accepted": True}, {"accepted": False}]
            if name == "give_reasons"
            else [{}]
        )
    ]
)


@given(st.integers(0, len(SERVED)), st.lists(st.tuples(PLAUSIBLE, st.integers(0, 9)), max_size=20))
@settings(max_examples=300)
def test_any_sequence_is_either_applied_or_refused_whole(
    gone: int, steps: list[tuple[tuple[str, dict[str, Any]], int]]
) -> None:
    walk = Walk(fee_policy="choose").must(*SERVED[:gone])
    day = max([0, *(days for _, days, _ in SERVED[:gone])])
    for (name, fields), days in steps:
        day += days
        known = walk.snapshot()
        row = walk.case.rules.law.transitions[name]
        done = walk.do(name, day, **{k: day if k == "reached_on" else v for k, v in fields.items()})
        if isinstance(done, Refusal):
            assert walk.snapshot() == known
            continue
        assert known["state"] in row.sources
        assert walk.case.state == row.leads(known["state"])
        assert walk.case.written == [*known["written"], done]
    again = Walk(fee_policy="choose")
    again.case = Case.replayed(walk.case.header, walk.case.rules, walk.case.written)
    assert again.snapshot() == walk.snapshot()


@given(
    st.lists(PLAUSIBLE, max_size=6),
    st.sampled_from(["clerk", "leader", "office_head", "system_admin"]),
)
@settings(max_examples=60)
def test_what_is_offered_as_possible_is_not_refused_for_its_state_or_role(
    steps: list[tuple[str, dict[str, Any]]], role: str
) -> None:
    walk = Walk().must(*CHECKED)
    for number, (name, fields) in enumerate(steps):
        walk.do(name, 20 + number, **fields)
    person = Actor(role, frozenset((role,)))
    for possible in walk.case.machine.possibilities(walk.case, person, TODAY):
        row = walk.case.rules.law.transitions[possible.event]
        if possible.allowed:
            assert walk.case.state in row.sources
            assert role in row.by
        else:
            assert possible.refusal and possible.refusal.article


def test_served_walk_ends_served_and_may_be_archived() -> None:
    walk = Walk().must(*SERVED, ("archive", 60, {}))
    assert walk.case.state == "archived"
    assert walk.case.row == "disclosed"
    assert walk.case.facts.closed_on == MONDAY + timedelta(14)


# -- the last day -----------------------------------------------------------------------------------


def after_monday(day: date | None) -> int:
    assert day
    return (day - MONDAY).days


def test_correction_lapses_on_the_day_after_its_last_day_and_closes_then() -> None:
    walk = Walk().must(*CORRECTING)
    last = after_monday(walk.case.deadlines.correction_due)
    refusal = walk.do("lapse_correction", last)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "too_early"
    assert isinstance(walk.do("lapse_correction", last + 9), Logged)
    assert walk.case.facts.closed_on == MONDAY + timedelta(last + 1)


def test_fee_may_be_paid_on_its_last_day_and_lapses_on_the_next() -> None:
    charged: list[Step] = [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})]
    walk = Walk(fee_policy="by_page").must(*charged)
    last = after_monday(walk.case.deadlines.fee_due)
    assert isinstance(walk.do("lapse_fee", last), Refusal)
    assert isinstance(walk.do("lapse_fee", last + 1), Logged)
    assert walk.case.facts.closed_on == MONDAY + timedelta(last + 1)
    paid = Walk(fee_policy="by_page").must(*charged)
    assert isinstance(paid.do("pay_fee", last), Logged)


def test_correction_may_be_asked_for_on_the_last_day_of_the_period() -> None:
    walk = Walk().must(*RECEIVED)
    last = after_monday(walk.case.deadlines.reply_due)
    assert isinstance(walk.do("require_correction", last, reached_on=last), Logged)


def test_nothing_happens_before_the_request_was_sent() -> None:
    walk = Walk(online_confirmation="confirmation_event")
    walk.must(("submit", 5, {"channel": "portal", "by": "applicant"}))
    refusal = walk.do("receive", 2, channel="portal")
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("bad_field", "on")


@pytest.mark.parametrize("name", ["return_draft", "return_from_secrecy_review"])
def test_returned_draft_is_reviewed_again(name: str) -> None:
    before = SIGNING if name == "return_draft" else IN_REVIEW
    walk = Walk().must(*before, (name, 12, {"reason": "补充理由"}))
    assert walk.case.state == "drafted"
    refusal = walk.do("pass_legal_check", 13)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing_evidence"
