"""The steps of another platform's history in the words of this installation: who did them, which of our cases and people
they name."""

from collections.abc import Mapping
from typing import Any

from config.law import Law
from workflow import events as ev
from workflow.docket.whole import Step
from workflow.refusal import Refusal


def by_of(step: Step) -> tuple[str | None, str | None]:
    """Who did it. What came by the portal was sent in by the applicant."""
    unsaid = step.by is None and step.name is None
    if unsaid and isinstance(step.event, ev.Submit) and step.event.channel == "portal":
        return "applicant", None
    return step.by, step.name


def numbered_here(known: Mapping[str, str], event: ev.Event) -> ev.Event:
    """The event with our numbers where it names other cases of the platform."""
    if not known:
        return event
    changed: dict[str, Any] = {}
    for name in ("earlier_reply", "into"):
        text = getattr(event, name, None)
        if isinstance(text, str) and text in known:
            changed[name] = known[text]
    items = getattr(event, "items", None)
    if isinstance(event, ev.ProposeOutcome) and items:
        changed["items"] = tuple(
            one.model_copy(
                update={"earlier_reply": known.get(one.earlier_reply or "", one.earlier_reply)}
            )
            for one in items
        )
    return event.model_copy(update=changed) if changed else event


def named_here(given: Mapping[str, str] | None, event: ev.Event) -> ev.Event:
    """Whom a case was given to, as a user name or unit of the body: it goes on with them. A name that nobody here bears
    is noted; else the case would wait for nobody."""
    if given is None or not isinstance(event, ev.Assign) or not event.to:
        return event
    here = given.get(event.to)
    if here == event.to:
        return event
    noted = with_note(event, f"原平台交给：{event.to}")
    return noted.model_copy(update={"to": here})


def with_note(event: ev.Event, said: str, *, before: bool = False) -> ev.Event:
    """The event with a further line of its note: the last one, or before it all."""
    lines = (said, event.note) if before else (event.note, said)
    return event.model_copy(update={"note": "\n".join(filter(None, lines))})


def too_long(step: Step, event: ev.Event, law: Law) -> Refusal | None:
    """Why the step cannot be taken over with all that its note says here; None where it can."""
    note, told = event.note or "", step.event.note or ""
    if len(note) <= ev.LONGEST_TEXT:
        return None
    left = ev.LONGEST_TEXT - (len(note) - len(told))
    why = f"备注最多 {left} 字，其余的用来写明来源"
    basis = law.transitions[event.name].basis
    return Refusal("bad_field", basis, why, "缩短备注之后", "note")
