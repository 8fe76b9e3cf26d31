"""The register of guards, and the question that each of them answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workflow import events as ev
from workflow.case.facts import Actor, CaseView
from workflow.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Question:
    """May this event happen to this case, by this actor, on this day?"""

    case: CaseView
    name: str
    event: ev.Event | None
    actor: Actor | None
    on: date

    @property
    def article(self) -> str:
        """The article of the event's row in the table."""
        return self.case.rules.law.transitions[self.name].basis


Answer = Callable[[Question], Refusal | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition; its sentence is what a lawyer reads beside the table."""

    name: str
    sentence: str
    ask: Answer


GUARDS: dict[str, Guard] = {}


def guard(function: Answer) -> Answer:
    """Register a guard under its function's name; its docstring is its sentence."""
    name = function.__name__
    if name in GUARDS:
        raise ValueError(f"guard {name} stands twice")
    GUARDS[name] = Guard(name, (function.__doc__ or "").strip(), function)
    return function
