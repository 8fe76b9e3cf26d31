"""What to do next with a case: the usual step of its state first, then the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.law import load_law
from workflow import events as ev
from workflow.case.machine import Possibility

PAGES = {
    ev.PassSecrecyReview.name: "desk.review",
    ev.PassLegalCheck.name: "desk.sign",
    ev.Approve.name: "desk.sign",
}
"""Where the papers lie beside what is decided of them."""
ENDED = ("served", "closed", "archived", "rerouted", "voided")


def way() -> tuple[str, ...]:
    """The way that most cases go, from registration to the archive: each time the usual step."""
    law, found, state = load_law(), [], "submitted"
    while state in law.usual and law.usual[state][0] not in found:
        event = law.usual[state][0]
        found.append(event)
        state = law.transitions[event].leads(state)
    return tuple(found)


@dataclass(frozen=True)
class NotNow:
    """What is not possible now: on the way or forbidden by a rule; for others to do; far from here."""

    near: list[Possibility]
    others: list[Possibility]
    far: list[Possibility]

    def __len__(self) -> int:
        return len(self.near) + len(self.others) + len(self.far)


def not_now(state: str, blocked: Iterable[Possibility]) -> NotNow:
    """Sort what is not possible by how much it matters to the reader."""
    found, usual = NotNow([], [], []), way()
    for one in blocked:
        rule = one.refusal.rule if one.refusal else ""
        if rule == "not_your_role":
            found.others.append(one)
        elif rule == "not_in_this_state" and (one.event not in usual or state in ENDED):
            found.far.append(one)
        else:
            found.near.append(one)
    found.near.sort(key=lambda one: usual.index(one.event) if one.event in usual else -1)
    return found


def doing(
    state: str, clock: str = "running", last: str | None = None
) -> tuple[str, tuple[str, ...], str]:
    """The usual next step of a state after its last step in words, the roles that may take it, and the endpoint
    of its own page, if it has one."""
    law = load_law()
    if state == "processing" and clock == "excluding":
        row = law.transitions["record_opinion"]
        return row.awaited or row.doing, row.by, ""
    event = next(iter(law.usual_after(state, last)), None)
    if event is None:
        return "", (), ""
    return law.transitions[event].doing, law.transitions[event].by, PAGES.get(event, "")


def usual_step(
    state: str,
    possible: Iterable[Possibility],
    last: str | None = None,
    *,
    waiting: bool = False,
) -> str | None:
    """The event that usually comes next in a state after its last step, whoever does it: the first one
    that some person may do now. waiting: an opinion is awaited, which then comes first."""
    by_event = {one.event: one for one in possible}
    usual = load_law().usual_after(state, last)
    if waiting and state == "processing":
        usual = ("record_opinion", *usual)
    for event in usual:
        one = by_event.get(event)
        if one and (one.refusal is None or one.refusal.rule in ("not_your_role", "same_person")):
            return event
    return next(iter(usual), None)


def in_order(state: str, allowed: list[Possibility], last: str | None = None) -> list[Possibility]:
    """What the person may do: the usual steps first, the seldom ones last."""
    law = load_law()
    usual, law_order = law.usual_after(state, last), list(law.transitions)

    def place(one: Possibility) -> tuple[int, int]:
        if one.event in usual:
            return 0, usual.index(one.event)
        return (2 if law.transitions[one.event].seldom else 1), law_order.index(one.event)

    return sorted(allowed, key=place)
