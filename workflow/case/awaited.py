"""Papers that went out and of which the case waits to hear that they arrived (law.md §3.7A). Of a reply that
was taken over from a ledger or another platform nobody asks here: its papers lie elsewhere."""

from workflow import clock
from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.case.taken_over import is_event_taken_over


def papers_awaited(case: CaseView) -> list[clock.Paper]:
    """The last paper of each kind whose arrival matters to the case and is not known, or that came back
    and has not gone out again."""
    last = {
        (paper.event.name, getattr(paper.event, "consultation", None)): paper
        for paper in clock.papers(case.events)
    }
    return [
        paper
        for paper in last.values()
        if paper.delivery.reached_on is None and _matters(case, paper.event)
    ]


def _matters(case: CaseView, event: ev.Event) -> bool:
    """Who goes to review or to court over a reply has it; who answers a letter got it."""
    stage = case.rules.law.stage(case.state)
    if isinstance(event, ev.Serve):
        if is_event_taken_over(case, event):
            return False
        open_ = case.facts.served is not None and case.state != "archived" and stage != "void"
        return open_ and not case.facts.proceedings
    if isinstance(event, ev.RequireCorrection):
        return case.state == "awaiting_correction"
    if isinstance(event, ev.ChargeFee):
        return case.state == "awaiting_payment"
    if isinstance(event, ev.Consultation):
        asked = case.facts.consultations.get(event.consultation or 0)
        waits = asked is not None and asked.answered_on is None and asked.overridden_on is None
        return waits and stage not in ("done", "void")
    return stage not in ("done", "void")
