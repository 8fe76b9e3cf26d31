"""The routine steps that the machine demands before an event, which whole cases told from outside leave out:
a docket names what happened, a ledger has a row (contracts/docket.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow import events as ev
from workflow.case.case import Case
from workflow.docket.evidence import items_to_search, with_evidence
from workflow.refusal import Refusal

ALL = ("*",)
"""Of a step that nobody told: all of it was filled in."""
NEUTRAL_DEFECTS = ("请补充、明确申请的内容",)
"""What a correction asks for where nobody says what (contracts/docket.md)."""
BY_APPLICANT = ("correct", "withdraw", "give_reasons")
"""Events that are the applicant's, where nobody says whose they are."""
Apply = Callable[[ev.Event], Refusal | None]


@dataclass(frozen=True, slots=True)
class Routine:
    """The routine steps of one case. apply: applies a step that is filled in, by a person of the right
    role."""

    case: Case
    apply: Apply

    def lead_up(self, event: ev.Event) -> None:
        """The routine steps that the machine demands before a named event, on its day."""
        case, law = self.case, self.case.rules.law
        if isinstance(event, ev.ProposeOutcome):
            self.procedure_before(event, event.on)
        if event.name == "serve" and case.header.kind != "application":
            self._result_of_register(event.on)
        for _ in range(12):
            if case.state in law.transitions[event.name].sources:
                if isinstance(event, ev.ProposeOutcome):
                    self._search(event)
                return
            way = self._way(event)
            if not way:
                return
            if self.filled(way[0], event.on):
                return

    def filled(self, name: str, on: date, **fields: Any) -> Refusal | None:
        """Apply a step that nobody told."""
        event, _ = with_evidence(self.case, ev.parse(name, {"on": on, **fields}))
        return self.apply(event)

    def procedure_before(self, event: ev.ProposeOutcome, on: date) -> None:
        """A correction round or a question for reasons on the day, where the outcome needs one."""
        case, outcomes = self.case, self.case.rules.law.outcomes
        needs = {
            need
            for code in (event.outcome, *(item.outcome for item in event.items or ()))
            if code in outcomes
            for need in outcomes[code].needs
        }
        if (
            "correction" in needs
            and not case.facts.corrections
            and case.state in ("registered", "processing")
        ):
            self.filled("require_correction", on, reached_on=on, defects=NEUTRAL_DEFECTS)
            self.filled("correct", on)
        if "reasons_asked" in needs and not case.facts.reasons_asked:
            self.filled("ask_reasons", on)
            self.filled("give_reasons", on, accepted=False)

    def _way(self, event: ev.Event) -> list[str] | None:
        """The routine steps to the event, the first of them one that the case allows now."""
        case = self.case
        first = frozenset(
            row.event
            for row in case.rules.law.transitions.values()
            if row.routine and row.event != "receive" and case.state in row.sources
        )
        way = case.machine.route(case.state, event.name, first)
        if not way or _allowed(case, way[0], event.on):
            return way
        allowed = frozenset(step for step in first if _allowed(case, step, event.on))
        return case.machine.route(case.state, event.name, allowed)

    def _search(self, event: ev.ProposeOutcome) -> None:
        """The search record of each item that is said not to exist, before the draft (条例36(4))."""
        header = self.case.header
        for number in list(items_to_search(self.case, event)):
            known = number and number <= len(header.items)
            words = header.items[number - 1] if number and known else header.request
            self.filled(
                "record_search", event.on, item=number,
                sources=["档案室", "办公系统"], keywords=[words[:100]], hits=0,
            )  # fmt: skip

    def _result_of_register(self, on: date) -> None:
        """The usual result of what stands in a register beside the applications (条例41, 44)."""
        case = self.case
        results = case.rules.law.words.kinds[case.header.kind].get("results", {})
        if results and case.state in ("registered", "processing"):
            if case.state == "registered":
                self.filled("assign", on)
            self.filled("propose_outcome", on, result=next(iter(results)))


def _allowed(case: Case, step: str, on: date) -> bool:
    """What has come so far is approved: what is still missing the event itself will say."""
    approval = (case.state, step) == ("approval", "approve")
    return approval or case.machine.refusal(case, step, None, None, on) is None
