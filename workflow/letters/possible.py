"""Which letters a case can have now, which are to be written, which went out already.

Rule: a letter whose event has happened is drafted from the case as it stood then; one whose event is allowed
now can be drafted beside it; else the machine says why not, and what would make it possible.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from config.letters import Letters, load_letters
from config.letters.template import Head
from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.letters.letter import Choice
from workflow.letters.of_papers import was_posted
from workflow.letters.seen import last_of
from workflow.refusal import Refusal

OPEN, DUE, MADE = "open", "due", "made"
STATES = {OPEN: "可以起草", DUE: "应当出具", MADE: "已经出具"}
ANEW = {
    "first": "第一次答复", "ordered": "复议、诉讼之后的重新答复", "replace": "自行撤销后的重新答复",
    "supplement": "补充答复", "correct": "更正答复",
}  # fmt: skip


class NotPossible(Exception):
    """The case cannot have this letter now. Carries why, and what would make it possible."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Standing:
    """How a letter of a case stands. state: open (can be drafted now), due (to be written), made (its event
    happened), "" where it is not possible (refusal says why). on: the day of the event. dated: the day that
    the letter bears, None for today. made: the line of the log that made it; since: the one after which it is
    to be written, of a reply the last proposal: no older paper is that letter."""

    kind: str
    label: str
    state: str
    on: date | None = None
    dated: date | None = None
    made: Logged | None = None
    since: Logged | None = None
    refusal: Refusal | None = None


def choice_of(head: Head, about: str) -> Choice:
    """What `about` of a kept paper says, as the one that is chosen. Raises ValueError for words that say none."""
    if not about:
        return Choice()
    if head.chosen == "consultation":
        return Choice(consultation=int(about))
    if head.chosen == "paper":
        return Choice(paper=about)
    if head.chosen != "none":
        kind, _, number = about.partition(" ")
        if kind in ("review", "suit") and number:
            return Choice(dispute=(kind, int(number)))
    raise ValueError(about)


def about_of(head: Head, case: Case, choice: Choice, made: Logged | None = None) -> str:
    """Which of several a letter of the case is about, as words; empty where there is one alone. made: the line
    of its event."""
    if head.chosen == "consultation":
        number = getattr(made.event, "consultation", None) if made else choice.consultation
        found = number if number is not None else last_of(case.facts.consultations)
        return "" if found is None else str(found)
    if head.chosen == "paper":
        return choice.paper or ""
    if head.chosen != "none":
        disputes = case.facts.proceedings
        wanted = choice.dispute or last_of(
            key for key in disputes if head.chosen in ("dispute", disputes[key].kind)
        )
        return f"{wanted[0]} {wanted[1]}" if wanted else ""
    return ""


def letters_of(case: Case, today: date, *, letters: Letters | None = None) -> list[Standing]:
    """The kinds of letters that the case can have now, in the order of the handling."""
    letters = letters or load_letters()
    found = (standing(kind, case, today, letters) for kind in letters.templates)
    return [one for one in found if one.refusal is None]


def standing(
    kind: str, case: Case, today: date, letters: Letters, choice: Choice = Choice()  # noqa: B008
) -> Standing:  # fmt: skip
    """How the letter of a kind stands in a case. Raises KeyError for a kind without a template."""
    found = _standing(letters.latest(kind).head, case, today, choice)
    day = found.dated or today
    if found.refusal is None and letters.at(kind, day) is None:
        return replace(found, state="", refusal=_before_every_template(letters, kind, day))
    return found


def _before_every_template(letters: Letters, kind: str, day: date) -> Refusal:
    head, first = letters.latest(kind).head, letters.templates[kind][0].holds_from
    return Refusal(
        "too_early", head.basis, f"“{head.label}”没有 {day} 的文书模板",
        f"模板自 {first} 起适用；更早的文书请使用当时的格式",
    )  # fmt: skip


def _standing(head: Head, case: Case, today: date, choice: Choice) -> Standing:
    here = Standing(head.kind, head.label, "")
    refusal = _never(head, case)
    if refusal is not None:
        return replace(here, refusal=refusal)
    refusal = _none_of_that_number(head, case, choice)
    if refusal is not None:
        return replace(here, refusal=refusal)
    made = _made(head, case, choice)
    if made is not None:
        since = made
        if "serve" in head.made_by:
            since = last_of(line for line in case.log if line.event.name in head.follows) or made
        return replace(
            here, state=MADE, on=made.event.on, dated=_dated(made, case), made=made, since=since
        )
    line = _followed(head, case, choice)
    if line is not None:
        state = DUE if _is_due(head, case) else OPEN
        return replace(here, state=state, on=line.event.on, since=line)
    if not _needed_is_there(head, case):
        return replace(here, refusal=_nothing_posted(head))
    if head.stages:
        if case.rules.law.stage(case.state) in head.stages:
            return replace(here, state=OPEN)
        return replace(here, refusal=_not_yet(head, case))
    return _possible(here, head, case, today)


def _never(head: Head, case: Case) -> Refusal | None:
    """Why a case of this kind never has it."""
    kinds = case.rules.law.words.kinds
    if case.header.kind not in head.cases:
        wanted = "、".join(f"“{kinds[kind]['label']}”" for kind in head.cases)
        mine = kinds[case.header.kind]["label"]
        return Refusal(
            "not_in_this_state",
            head.basis,
            f"本件是“{mine}”，没有“{head.label}”",
            f"只用于{wanted}",
        )
    how = "first" if case.header.redo_of is None else case.header.redo_mode or "ordered"
    if head.answers and how not in head.answers:
        wanted = "、".join(ANEW[one] for one in head.answers)
        return Refusal(
            "not_in_this_state",
            head.basis,
            f"本件是{ANEW[how]}，不用“{head.label}”",
            f"用于{wanted}",
        )
    return None


def _none_of_that_number(head: Head, case: Case, choice: Choice) -> Refusal | None:
    """That the consultation which was chosen is not there."""
    number = choice.consultation
    if head.chosen != "consultation" or number is None or number in case.facts.consultations:
        return None
    return Refusal(
        "not_in_this_state", head.basis, f"没有第 {number} 次征求意见，不出具“{head.label}”",
        "登记这一次征求意见之后；不写第几次的，是最后一次",
    )  # fmt: skip


def _made(head: Head, case: Case, choice: Choice) -> Logged | None:
    """The line of its event, where it went out; a reply that did not arrive is to be made again."""
    if "serve" in head.made_by and case.facts.served is None:
        return None
    found = (line for line in case.log if line.event.name in head.made_by)
    return last_of(line for line in found if _chosen(line.event, choice))


def _chosen(event: ev.Event, choice: Choice) -> bool:
    number = getattr(event, "consultation", None)
    return choice.consultation is None or number in (None, choice.consultation)


def _followed(head: Head, case: Case, choice: Choice) -> Logged | None:
    """The line of an event after which it is to be written."""
    if "propose_outcome" in head.follows and not (
        case.facts.answer or case.facts.outcome or case.facts.result
    ):
        return None  # the draft was taken back, or never told an outcome
    if head.chosen == "dispute" and not case.facts.proceedings:
        return None
    found = (line for line in case.log if line.event.name in head.follows)
    return last_of(line for line in found if _chosen(line.event, choice))


def _is_due(head: Head, case: Case) -> bool:
    """Whether it must still be written: what goes with the handling until the case has ended, what goes to a
    review or a court while that is open, and what was not told by the event itself."""
    if head.if_needed:
        return False
    if head.chosen in ("review", "suit", "dispute"):
        kinds = ("review", "suit") if head.chosen == "dispute" else (head.chosen,)
        waiting = [
            p for p in case.facts.proceedings.values() if p.kind in kinds and not p.concluded_on
        ]
        told = case.facts.revised is not None and case.facts.revised.told_on is not None
        return bool(waiting) and not (told and "revise_reply" in head.follows)
    if "transfer" in head.follows:
        return True
    return case.rules.law.stage(case.state) not in ("done", "void")


def _dated(line: Logged, case: Case) -> date:
    """The day that a paper bears: told, else that of the signature, else of its sending."""
    event = line.event
    if isinstance(event, ev.Serve):
        signed = [
            one.event.on for one in case.log if one.event.name == "approve" and one.seq < line.seq
        ]
        return event.document_date or max(signed, default=event.on)
    delivery = clock.sent(event)
    return delivery.sent_on if delivery else event.on


def as_of(case: Case, line: Logged) -> Case:
    """The case as its log stood with this line."""
    if case.log[-1].seq == line.seq:
        return case
    place = next(n for n, one in enumerate(case.log) if one.seq == line.seq)
    return Case.replayed(case.header, case.rules, case.log[: place + 1])


def _needed_is_there(head: Head, case: Case) -> bool:
    """The papers that it is about."""
    found = [paper for paper in clock.papers(case.events) if was_posted(paper)]
    if head.needs == "awaited":
        found = [paper for paper in found if paper.delivery.reached_on is None]
    return head.needs == "none" or bool(found)


def _nothing_posted(head: Head) -> Refusal:
    what = "交邮的文书" if head.needs == "posted" else "已经交邮而不知是否送达的文书"
    return Refusal(
        "not_in_this_state", head.basis, f"没有{what}，不出具“{head.label}”", "登记邮寄送达之后"
    )


def _not_yet(head: Head, case: Case) -> Refusal:
    states = case.rules.law.states
    now = states[case.state].label if case.state in states else "尚未登记"
    return Refusal(
        "not_in_this_state", head.basis, f"现在是“{now}”，不出具“{head.label}”", "登记收到申请之后"
    )


def _possible(here: Standing, head: Head, case: Case, today: date) -> Standing:
    """Open where its event is allowed now; else why not."""
    law = case.rules.law
    refusals = list(_refusals(head, case, today))
    if refusals and not all(refusals):
        return replace(here, state=OPEN)
    if refusals and refusals[0] is not None:
        return replace(here, refusal=refusals[0])
    wanted = "、".join(f"“{law.transitions[event].label}”" for event in head.follows)
    message = f"还没有登记{wanted}，不出具“{head.label}”"
    if head.chosen == "dispute":
        message = f"没有登记复议、诉讼，不出具“{head.label}”"
    return replace(
        here, refusal=Refusal("not_in_this_state", head.basis, message, f"登记{wanted}之后")
    )


def _refusals(head: Head, case: Case, today: date) -> Iterator[Refusal | None]:
    """What the machine says of the events that could be entered now."""
    events = head.follows if head.made_by and head.follows else head.made_by
    for event in events:
        yield case.machine.refusal(case, event, None, None, today)
