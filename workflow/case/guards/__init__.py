"""Guards: the named conditions of the transition table, one sentence each.

A guard answers a question (case, event, actor, day) with None or a refusal. Where the event's fields
are not known yet, it answers as far as the case alone allows. Importing a module registers its guards.
"""

from workflow.case.guards import (
    afterwards,
    answering,
    consulting,
    corrections,
    earlier,
    facts,
    grounds,
    linked,
    notices,
    order,
    persons,
    receipt,
    reviewing,
)
from workflow.case.guards.registry import GUARDS, Guard, Question

__all__ = [
    "GUARDS",
    "Guard",
    "Question",
    "afterwards",
    "answering",
    "consulting",
    "corrections",
    "earlier",
    "facts",
    "grounds",
    "linked",
    "notices",
    "order",
    "persons",
    "receipt",
    "reviewing",
]
