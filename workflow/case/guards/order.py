"""The order of the entries: one may be typed late, it may not contradict the log (law.md §7A).

Rule: no entry is dated before an entry that it presupposes. Which events presuppose which stands in
config/law/transitions.toml (`follows`, `free`); what happens outside the body's own steps (a paper
that arrived, a review that was filed) presupposes nothing but the receipt.
"""

from collections.abc import Iterator
from datetime import date

from workflow import clock
from workflow import events as ev
from workflow.case.facts import CaseView, Logged
from workflow.dates import in_words
from workflow.refusal import Refusal

ACTS = ("on", "sent_on", "posted_on", "signed_on")
"""The days of an event on which somebody acted; the others say when it reached or binds somebody."""


def contradiction(case: CaseView, event: ev.Event) -> Refusal | None:
    """Why the event cannot have happened on its days, naming the entry that stands against it."""
    row = case.rules.law.transitions[event.name]
    bounds = [(_counts_from(case, line), line) for line in _presupposed(case, event)]
    if not bounds:
        return None
    first, line = max(bounds, key=lambda bound: (bound[0], bound[1].seq))
    field, day = min(_acts(event), key=lambda act: act[1])
    if day >= first:
        return None
    before = case.rules.law.transitions[line.event.name].label
    return Refusal(
        "bad_field" if field == "on" else "too_early",
        row.basis,
        f"“{row.label}”不能早于已经登记的“{before}”（{in_words(first)}）",
        f"请填写 {in_words(first)}或者以后的日期；那一条登记错了的，先更正那一条",
        field,
    )


def _acts(event: ev.Event) -> list[tuple[str, date]]:
    return [(field, day) for field, day in ev.days_of(event) if field in ACTS]


def _presupposed(case: CaseView, event: ev.Event) -> Iterator[Logged]:
    """The entries of the log that the event presupposes."""
    row = case.rules.law.transitions[event.name]
    yield from case.log[:1]
    if not row.free and row.steps_from(case.state):
        yield from case.facts.steps
    number = getattr(event, "consultation", None)
    for line in case.log:
        same = number is None or getattr(line.event, "consultation", number) == number
        if line.event.name == ev.Receive.name or (line.event.name in row.follows and same):
            yield line


def _counts_from(case: CaseView, line: Logged) -> date:
    """The day from which what presupposes the entry is possible: that of the receipt in law, of the end
    of a consultation (an opinion after its deadline keeps nobody waiting), of the service's effect."""
    event = line.event
    if isinstance(event, ev.Receive) and case.received_on:
        return case.received_on
    if isinstance(event, ev.RecordOpinion):
        deadline = case.facts.consultations[event.consultation].deadline
        return min(event.on, deadline) if deadline else event.on
    if isinstance(event, ev.Serve):
        return max(event.on, clock.effective_service(event))
    return event.on
