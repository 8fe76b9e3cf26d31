"""A returned draft that comes again: which passes still stand, and to whom it goes back.

Rule: secrecy review and legal check are asked again only where what they judged has changed; a draft on which they
stand goes straight back to who returned it (条例17、45). What stands is written in the event itself, so that a log
says by itself where its case was; a proposal that names nothing goes the whole way, as ever.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflow import events as ev
from workflow.case.evidence import with_whole
from workflow.case.facts import CaseView, Logged

SECRECY, LEGAL = "secrecy", "legal"
JUDGED_FOR_SECRECY = (
    "outcome", "redaction", "redactions", "pairs", "classification", "address", "subtype",
)  # fmt: skip
"""What a reviewer of secrets looks at in an item, besides the documents themselves."""

_Pass = tuple[Logged, ev.ProposeOutcome]


def still_standing(
    case: CaseView, event: ev.ProposeOutcome, annexed_at: datetime | None, brought_at: datetime | None
) -> tuple[str, ...]:  # fmt: skip
    """Of a draft that was returned and comes again: secrecy, legal, as far as what they judged is the same.

    annexed_at, brought_at: when the last annex, the last version of the letter came into the file.
    """
    if not isinstance(case.facts.returned, ev.ReturnDraft) or not (event.outcome or event.items):
        return ()
    passes, found = _passes(case.log), []
    secrecy, legal = passes.get(SECRECY), passes.get(LEGAL)
    if secrecy and _same(_for_secrecy(event), _for_secrecy(secrecy[1])) and _before(annexed_at, secrecy):  # fmt: skip
        found.append(SECRECY)
    if SECRECY not in found and _needs_secrecy_review(case, event):
        return ()
    unchanged = legal and _same(_whole(event), _whole(legal[1]))
    if legal and unchanged and _before(annexed_at, legal) and _before(brought_at, legal):
        found.append(LEGAL)
    return tuple(found)


def _needs_secrecy_review(case: CaseView, event: ev.ProposeOutcome) -> bool:
    """Whether any of its outcomes does; one that nobody knows is refused by the machine."""
    codes = (event.outcome, *(item.outcome for item in event.items or ()))
    outcomes = case.rules.law.outcomes
    return any("secrecy_review" in outcomes[code].needs for code in codes if code in outcomes)


def state_after(event: ev.ProposeOutcome, state: str) -> str:
    """Where a proposal leads, from where the table leads it: back to who still has to decide."""
    stands = event.stands or ()
    if LEGAL in stands:
        return "approval"
    return "legal_check" if SECRECY in stands else state


def _passes(log: Iterable[Logged]) -> dict[str, _Pass]:
    """The passes that were given and have not fallen, with the proposal that they judged."""
    proposal: ev.ProposeOutcome | None = None
    held: dict[str, _Pass] = {}
    for line in log:
        if isinstance(line.event, ev.ProposeOutcome):
            proposal = line.event
            held = {name: one for name, one in held.items() if name in (proposal.stands or ())}
        elif isinstance(line.event, ev.ReturnFromSecrecyReview):
            held = {}
        elif proposal is not None and isinstance(line.event, ev.PassSecrecyReview):
            held[SECRECY] = line, proposal
        elif proposal is not None and isinstance(line.event, ev.PassLegalCheck):
            held[LEGAL] = line, proposal
    return held


def standing_pass(log: Iterable[Logged], name: str) -> Logged | None:
    """The line of a pass that holds for the draft as it is now; None where it has fallen with a return."""
    held: dict[str, Logged] = {}
    fallen: dict[str, Logged] = {}
    for line in log:
        if isinstance(line.event, ev.ProposeOutcome):
            stands = line.event.stands or ()
            held = {key: one for key, one in (fallen | held).items() if key in stands}
            fallen = {}
        elif isinstance(line.event, ev.ReturnDraft | ev.ReturnFromSecrecyReview):
            held, fallen = {}, fallen | held
        elif isinstance(line.event, ev.PassSecrecyReview):
            held[SECRECY] = line
        elif isinstance(line.event, ev.PassLegalCheck):
            held[LEGAL] = line
    return held.get(name)


def _before(moment: datetime | None, given: _Pass) -> bool:
    return moment is None or moment <= given[0].recorded_at


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _for_secrecy(event: ev.ProposeOutcome) -> list[tuple[int | None, dict[str, Any]]]:
    parts: list[ev.Evidence] = [with_whole(item, event) for item in event.items or ()] or [event]
    return [
        (getattr(part, "item", None), {name: getattr(part, name, None) for name in JUDGED_FOR_SECRECY})
        for part in sorted(parts, key=lambda part: getattr(part, "item", 0))
    ]  # fmt: skip


def _whole(event: ev.ProposeOutcome) -> dict[str, Any]:
    return event.model_dump(exclude={"on", "note", "stands"})
