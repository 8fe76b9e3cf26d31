"""Cases and lines that were taken over from somewhere else: their papers lie there, and nobody did them here."""

from collections.abc import Iterable

from config.law import load_law
from workflow import events as ev
from workflow.case.facts import LEDGER, CaseView, Logged

PLATFORM = "原平台·"
"""How the actors of what another platform handed over begin, as `LEDGER` of what a ledger told: no user name has such
a sign in it, so that nobody's name stands under what they did not do here."""
MARK = "从原有平台转入："
"""How the note of the first line of a case begins that another platform handed over."""


def note_of(platform: str, number: str) -> str:
    """How the note of the first line begins: where the case was handed over from."""
    return f"{MARK}{platform}，原编号 {number}"


def was_handed_over(case: CaseView) -> bool:
    """Whether the log says that another platform handed the case over."""
    first = case.written[0].event.note if case.written else None
    return first is not None and first.startswith(MARK)


def is_taken_over(line: Logged) -> bool:
    """Whether a line was taken over, without its papers."""
    return line.actor.startswith((LEDGER, PLATFORM))


def is_event_taken_over(case: CaseView, event: ev.Event) -> bool:
    """The same of the line of an event."""
    return any(line.event is event and is_taken_over(line) for line in case.log)


def names_there(actors: Iterable[str]) -> dict[str, str]:
    """How those of the actors are called who acted on another platform: by name, or where that told none as the platform
    alone: the role stands beside it."""
    unnamed = {f"{PLATFORM}{label}" for label in load_law().words.roles.values()}
    return {
        one: PLATFORM.rstrip("·") if one in unnamed else one
        for one in actors
        if one.startswith(PLATFORM)
    }
