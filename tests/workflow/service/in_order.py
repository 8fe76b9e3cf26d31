"""What holds of a case and of a refusal, told once more in other words than the engine's."""

import re

from config.law import load_law
from workflow.case.case import Case
from workflow.dates import in_words
from workflow.refusal import RULES, Refusal
from workflow.store.models import CaseRow

LAW = load_law()

ENDS = {"serve", "lapse_correction", "lapse_fee", "withdraw"}
CLOCKS = {
    "before_receipt": {"not_started"},
    "running": {"running", "excluding", "overridden"},
    "waiting": {"stopped", "running"},  # a late notice stops nothing (law.md §3.3)
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


def check_case(case: Case, row: CaseRow) -> None:
    """A case is what its log says, told once more in other words than the engine's."""
    names = [line.event.name for line in case.log]
    state = "start"
    for name in names:
        assert state in LAW.transitions[name].sources
        state = LAW.transitions[name].leads(state)
    assert row.state == case.state == state

    ended = ENDS & set(names)
    assert (row.closed_on is not None) == bool(ended)
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
    assert deadlines.clock in CLOCKS[LAW.stage(state)], (state, deadlines.clock)
    if row.received_on and row.closed_on:
        assert row.received_on <= row.closed_on
    for due in (deadlines.reply_due, deadlines.correction_due, deadlines.fee_due):
        if due is not None:
            assert any(s.on == due or in_words(due) in s.text for s in deadlines.steps)
    for step in deadlines.steps:
        assert step.article
        assert is_chinese(step.text)
