"""Values of one paper that goes out (proof of service, envelope), and of one dispute."""

from typing import Any

from workflow import clock
from workflow import events as ev
from workflow.letters.letter import day_words
from workflow.letters.seen import Seen, last_of
from workflow.rules.remedy import COURT, ORGAN

Row = dict[str, Any]
REVISED = {"supplement": "补充原答复", "correct": "更正原答复", "replace": "撤销原答复并重新答复"}
BY = {"applicant": "申请人", "third_party": "第三方"}


def papers_out(seen: Seen) -> list[clock.Paper]:
    """Every paper that went out, with its days."""
    return clock.papers(seen.case.events, unproved=True)


def _chosen(seen: Seen) -> clock.Paper | None:
    """The paper that a proof of service is about: of the chosen kind of letter, else the last one."""
    law, found = seen.case.rules.law, papers_out(seen)
    wanted = seen.choice.paper
    if wanted is not None:
        events = {e for one in seen.letters.templates[wanted] for e in one.head.made_by}
        events |= {event for event, row in law.transitions.items() if row.letter == wanted}
        found = [one for one in found if one.event.name in events]
    if seen.choice.consultation is not None:
        number = seen.choice.consultation
        found = [one for one in found if getattr(one.event, "consultation", number) == number]
    return last_of(found)


def title_of(seen: Seen, event: ev.Event) -> str:
    """What the paper of an event is called."""
    for versions in seen.letters.templates.values():
        head = versions[-1].head
        answers = not head.answers or how_answered(seen) in head.answers
        if event.name in head.made_by and seen.case.header.kind in head.cases and answers:
            return head.label
    return seen.case.rules.law.transitions[event.name].label


def how_answered(seen: Seen) -> str:
    """first, or how a case answers a request anew: ordered, replace, supplement, correct."""
    header = seen.case.header
    return "first" if header.redo_of is None else header.redo_mode or "ordered"


def _receiver(seen: Seen, event: ev.Event | None) -> tuple[str | None, str | None, str | None]:
    """Name, address and postcode of who gets the paper of an event."""
    person = seen.about.person
    if isinstance(event, ev.OverrideThirdParty):
        event = next(
            (e for e in seen.case.events
             if isinstance(e, ev.Consultation) and e.consultation == event.consultation), None,
        )  # fmt: skip
    if isinstance(event, ev.Consultation):
        return event.to, getattr(event, "address", None), None
    names = "、".join(one.name for one in seen.case.applicants if one.name)
    if person.agent:
        names = f"{names}（代理人{person.agent}）"
    return names, person.address or None, person.postcode or None


def values(seen: Seen) -> Row:
    """Of the chosen paper."""
    paper, law = _chosen(seen), seen.case.rules.law
    event = paper.event if paper else None
    name, address, postcode = _receiver(seen, event)
    serve = event if isinstance(event, ev.Serve) else None
    days = paper.delivery if paper else None
    told = _told(seen, event)
    returned = f"{day_words(days.returned_on)}退回" if days and days.returned_on else None
    if returned and told and told.reason:
        returned = f"{returned}，{told.reason}"
    title = title_of(seen, event) if event else None
    if title is None and seen.choice.paper:
        title = seen.letters.latest(seen.choice.paper).head.label
    return {
        "paper_title": title,
        "paper_to": name,
        "paper_address": address,
        "paper_postcode": postcode,
        "paper_method": law.words.methods[serve.method] if serve else None,
        "paper_sent_on": days.sent_on if days else None,
        "paper_reached_on": days.reached_on if days and not days.presumed else None,
        "paper_returned": returned,
        "paper_tracking": told.tracking if told else None,
        "paper_proof": serve.proof if serve else None,
        "carrier": _carrier(seen, serve.carrier) if serve else None,
    }


def _carrier(seen: Seen, said: str | None) -> str | None:
    """How it was posted, by the label of the way."""
    ways = seen.case.rules.law.words.carriers
    return ways[said][0] if said is not None and said in ways else said


def _told(seen: Seen, event: ev.Event | None) -> ev.RecordDelivery | None:
    """The last word on what became of a paper."""
    if event is None:
        return None
    found = (e for e in seen.case.events if isinstance(e, ev.RecordDelivery) and e.of == event.name)
    number = getattr(event, "consultation", None)
    return last_of(e for e in found if e.consultation in (None, number))


def was_posted(paper: clock.Paper) -> bool:
    """A reply by post; a notice, of which nobody tells the way, that was not handed over the same day."""
    if isinstance(paper.event, ev.Serve):
        return paper.event.method == "mail"
    return (
        isinstance(paper.event, ev.Notice) and paper.delivery.reached_on != paper.delivery.sent_on
    )


def posted(seen: Seen) -> list[Row]:
    """What was given to the post."""
    rows: list[Row] = []
    for paper in filter(was_posted, papers_out(seen)):
        name, address, postcode = _receiver(seen, paper.event)
        told = _told(seen, paper.event)
        rows.append(
            {
                "n": len(rows) + 1, "to": name,
                "address": " ".join(t for t in (address, postcode) if t) or None,
                "title": title_of(seen, paper.event), "on": paper.delivery.sent_on,
                "tracking": told.tracking if told else None,
            }
        )  # fmt: skip
    return rows


# -- disputes -----------------------------------------------------------------------------------------


def of_dispute(seen: Seen) -> Row:
    """Of the chosen review or suit."""
    found, settings = seen.dispute, seen.case.rules.settings
    revised = seen.case.facts.revised
    review = found is not None and found.kind == "review"
    by = found.by if found else None
    name = "、".join(one.name for one in seen.case.applicants if one.name)
    third = last_of(e.to for e in seen.case.events if isinstance(e, ev.ConsultThirdParty) and e.to)
    line = seen.line("revise_reply")
    return {
        "review_organ": settings[ORGAN],
        "court": settings[COURT],
        "court_case_number": None,
        "head_of_body": None,
        "agent_of_body": None,
        "dispute_by": None if by is None else (f"申请人{name}" if by == "applicant" else f"第三方{third or ''}"),
        "dispute_case_number": found.case_number if found else None,
        "dispute_filed_on": found.filed_on if found else None,
        "dispute_organ": (settings[ORGAN] if review else settings[COURT]) if found else None,
        "copy_received_on": found.copy_received_on if found else None,
        "answer_due": found.answer_due if found and not found.provisional else None,
        "points_answered": None,
        "requested": None,
        "own_letter": None,
        "revised_on": line.event.on if revised and line else None,
        "revised_for": revised.reason if revised else None,
        "revised_how": REVISED[revised.mode] if revised else None,
        "new_letter": None,
    }  # fmt: skip
