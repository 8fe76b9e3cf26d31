"""What holds of a case and of a refusal, told once more in other words than the engine's."""

import re

from config.law import load_law
from workflow import events as ev
from workflow.case.case import Case
from workflow.clock.days import ON_THE_NET
from workflow.dates import in_words
from workflow.refusal import RULES, Refusal
from workflow.store.models import CaseRow

LAW = load_law()

ENDS = {"serve", "lapse_correction", "lapse_fee", "withdraw"}
CLOCKS = {
    "before_receipt": {"not_started"},
    "running": {"running", "excluding", "overridden"},
    "waiting": {"stopped"},
    "done": {"ended"},
    "void": {"ended"},
}
"""The clock that fits each stage of a case."""


def is_chinese(text: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text))


def check_refusal(refusal: Refusal) -> None:
    assert refusal.rule in RULES
    assert refusal.article
    assert is_chinese(refusal.message)
    assert is_chinese(refusal.allowed_when)


def came_back(case: Case, event: ev.Event) -> bool:
    """The reply was returned, and the setting asks for another service."""
    return (
        isinstance(event, ev.RecordDelivery)
        and event.of == "serve"
        and event.returned_on is not None
        and case.rules["returned_mail"] == "new_service"
    )


def ordered_meanwhile(case: Case) -> bool:
    """A reply was ordered since the applicant is waited for: it binds all the same."""
    told = [line.event.name for line in case.log]
    told = [name for name in told if name in ("order_redo", "require_correction", "charge_fee")]
    return told[-1:] == ["order_redo"]


def received_by_submission(case: Case) -> bool:
    """A submission on the net is the receipt itself (setting): taking the entry of the registry back changes no day."""
    return (
        case.rules["online_confirmation"] == "submission"
        and case.log[0].event.name == "submit"
        and case.facts.channel in ON_THE_NET
    )


def check_case(case: Case, row: CaseRow) -> None:
    """A case is what its log says, told once more in other words than the engine's."""
    state, ended = "start", False
    for line in case.log:
        name, answered = line.event.name, ended and state in ("served", "archived")
        assert state in LAW.transitions[name].sources
        state = LAW.transitions[name].leads(state)
        ended = ended or name in ENDS
        if answered and (name == "service_failed" or came_back(case, line.event)):
            state, ended = "ready", False
    assert row.state == case.state == state

    assert (row.closed_on is not None) == ended
    assert row.result_row is None or ended
    assert row.outcome is None or ended

    drafter = None
    for line in case.log:
        if line.event.name == "propose_outcome":
            drafter = line.actor
        if line.event.name in ("pass_secrecy_review", "return_from_secrecy_review", "approve"):
            assert drafter is not None
            assert line.actor != drafter

    deadlines = case.deadlines
    stage = LAW.stage(state)
    late = deadlines.correction_notice_late or deadlines.fee_notice_in_time is False
    runs_on = stage == "waiting" and (late or ordered_meanwhile(case))
    fits = CLOCKS["running" if runs_on else stage]  # a late notice stops nothing (law.md §3.3)
    fits = fits | (CLOCKS["waiting"] if late else set())
    if stage == "before_receipt" and received_by_submission(case):
        fits = fits | {"running"}
    assert deadlines.clock in fits, (state, deadlines.clock)
    if row.received_on and row.closed_on:
        assert row.received_on <= row.closed_on
    for due in (deadlines.reply_due, deadlines.correction_due, deadlines.fee_due):
        if due is not None:
            assert any(s.on == due or in_words(due) in s.text for s in deadlines.steps)
    for step in deadlines.steps:
        assert step.article
        assert is_chinese(step.text)
