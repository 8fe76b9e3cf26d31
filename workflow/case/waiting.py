"""For whom a case waits, and what came to it last that somebody should look at: what the worklist asks of its row.

Both follow from the log alone. Who stands behind a name or a role today is the service's to know.
"""

from dataclasses import dataclass
from datetime import datetime

from config.law import Law
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.case.taken_over import PLATFORM

ROLE = ":"
"""Stands before a role, where a case waits for whoever holds it; without it a name was given the case."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class News:
    """The last line that is news to somebody. event: as the worklist says it; by: the actor of the log."""

    event: str
    at: datetime
    by: str


def assigned_to(case: Case) -> str | None:
    """The person (user name) or unit that was given the case; None where nobody was."""
    name = case.facts.assigned_to
    return name[:LONGEST] if name else None


def waits_for(case: Case) -> str | None:
    """Who is to act: whoever was given the case where its next step is that of who works on it, else a role
    (`ROLE` before it). None where it is over."""
    law = case.rules.law
    if not case.log or law.stage(case.state) in ("done", "void"):
        return None
    event = next(iter(law.usual_after(case.state, last_step(case))), None)
    if event is None:
        return None
    role = law.transitions[event].by[0]
    if role == _work(law)[0] and (name := assigned_to(case)):
        return name
    return f"{ROLE}{role}"


def working_roles(law: Law) -> frozenset[str]:
    """The roles in which somebody works on a case that was given to them."""
    return frozenset(_work(law))


def _work(law: Law) -> tuple[str, ...]:
    """Who may take on what usually comes after the assignment, who usually does it first."""
    return law.transitions[law.usual[law.transitions[ev.Assign.name].to][0]].by


def last_step(case: Case) -> str | None:
    """The event that led the case to where it stands; a reply that came back leads as a service that failed
    does."""
    for line in reversed(case.log):
        if line.event is case.facts.failed:
            return ev.ServiceFailed.name
        if line.event.name in case.rules.law.steps:
            return line.event.name
    return None


def news_of(case: Case) -> News | None:
    """The last line that the table says is news; a letter that came back is told as a service that failed. What happened
    on another platform is none here."""
    for line in reversed(case.log):
        event = _told_as(line)
        if case.rules.law.transitions[event].news:
            if line.actor.startswith(PLATFORM):
                return None
            return News(event, line.recorded_at, line.actor)
    return None


def _told_as(line: Logged) -> str:
    came_back = isinstance(line.event, ev.RecordDelivery) and line.event.returned_on
    return ev.ServiceFailed.name if came_back else line.event.name
