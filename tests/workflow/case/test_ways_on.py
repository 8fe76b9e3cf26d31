"""No state without a lawful way on, and no event dated before what it follows from (law.md §11A, §7A).

Anybody does anything to a case; then the office, without the applicant's help, has to be able to bring
it to its end from wherever it stands, whatever day it is.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.workflow.case.plausible import plausible, spoilt
from tests.workflow.case.proved import judged
from tests.workflow.case.walk import MOMENT, PEOPLE, RULES
from tests.workflow.service.anybody import VARIANTS
from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header, Logged
from workflow.refusal import BadInput, Refusal
from workflow.rules.rulebook import Rulebook, merged_settings

LAST = date(2030, 1, 1)
ENDED = ("served", "closed", "archived", "rerouted", "voided")
GIVES_UP = (
    "withdraw",
    "void",
    "merge_duplicate",
    "archive",
    "reroute",
    "transfer",
    "correct_entry",
)
EVENTS = tuple(name for name in RULES.law.transitions if name not in GIVES_UP)
WALKS, TRIES = 40, 45
SIGNABLE = {"review_organ": "砚山县人民政府", "court": "砚山县人民法院"}


def open_case(pick: Random) -> Case:
    rules = Rulebook(settings=merged_settings(RULES.law, {**SIGNABLE, **pick.choice(VARIANTS)}))
    items = tuple(f"第 {n} 项" for n in range(1, pick.choice((1, 1, 2)) + 1))
    header = Header("2024-0001", "panlong", applicants=(Applicant("张三"),), items=items)
    case = Case(header, rules)
    done = _do(case, "receive", date(2024, 3, 4), {"channel": "in_person"})
    assert isinstance(done, Logged)
    return case


def _do(case: Case, name: str, on: date, fields: dict[str, Any]) -> Logged | Refusal:
    """The event by the last of its roles that is a person's."""
    event = ev.parse(name, {**fields, "on": on.isoformat()})
    role = [role for role in case.rules.law.transitions[name].by if role != "system"][-1]
    return case.apply(event, PEOPLE[role], today=LAST, recorded_at=MOMENT)


def anybody(case: Case, day: date, pick: Random) -> Logged | Refusal | None:
    """Some event on some day about now, now and then with a slip, or what leads on; None where it cannot
    be read."""
    if pick.random() < 0.35 and case.state not in ENDED:
        return _do(case, *next_of_the_office(case, day))
    if case.state == "secrecy_review" and pick.random() < 0.3:
        return _do(case, "pass_secrecy_review", day, judged(len(case.header.items)))
    usual = [p.event for p in case.machine.possibilities(case, None, day) if p.allowed]
    names = [name for name in usual if name in EVENTS] if pick.random() < 0.8 else list(EVENTS)
    name = pick.choice(names or list(EVENTS))
    on = day - timedelta(pick.choice((0, 0, 0, 1, 3, 8, 30)))
    fields = plausible(name, case, on, pick)
    if pick.random() < 0.1:
        fields = spoilt(fields, on, pick)
    try:
        return _do(case, name, date.fromisoformat(str(fields.pop("on", on))), fields)
    except (BadInput, ValueError):
        return None


# -- the way on ------------------------------------------------------------------------------------------


def next_of_the_office(case: Case, day: date) -> tuple[str, date, dict[str, Any]]:
    """What the office does next to bring the case to its end; the day on which it may."""
    facts, due, text = case.facts, case.deadlines, day.isoformat()
    for number, asked in facts.consultations.items():
        if asked.is_open(day):
            return "record_opinion", day, {"consultation": number, "opinion": "agrees"}
    if facts.ruling_open:
        return "record_ruling", day, {"ruling": "不属于国家秘密"}
    match case.state:
        case "registered":
            return "assign", day, {}
        case "awaiting_correction":
            if due.correction_due is None:
                return "record_delivery", day, {"of": "require_correction", "reached_on": text}
            return "lapse_correction", max(day, due.correction_due + timedelta(1)), {}
        case "awaiting_payment":
            if due.fee_due is None:
                return "record_delivery", day, {"of": "charge_fee", "reached_on": text}
            return "lapse_fee", max(day, due.fee_due + timedelta(1)), {}
        case "awaiting_reasons":
            assert facts.reasons_deadline
            after = max(day, facts.reasons_deadline + timedelta(1))
            return "propose_outcome", after, DRAFT
        case "processing":
            return "propose_outcome", day, DRAFT
        case "drafted" if facts.outcome != DRAFT["outcome"]:
            return "propose_outcome", day, DRAFT
        case "drafted":
            return "pass_legal_check", day, {"note": "已按退回的理由核对"} if facts.returned else {}
        case "secrecy_review" | "legal_check" | "approval" if facts.outcome != DRAFT["outcome"]:
            return "take_back_draft", day, {}
        case "secrecy_review":
            return "pass_secrecy_review", day, judged(len(case.header.items))
        case "legal_check":
            return "pass_legal_check", day, {}
        case "approval":
            return "approve", day, {}
        case "ready" if facts.outcome != DRAFT["outcome"]:
            return "take_back_draft", day, {}
    assert case.state == "ready", case.state
    return "serve", day, {"method": "direct", "signed_on": text}


DRAFT = {
    "outcome": "petition", "reason": "来信要求处理施工扰民，没有申请公开的记录", "note": "已收的费用全额退还申请人",
    "channel": "县信访局接待室，电话 0876-0000000",
}  # fmt: skip
DRAFT = {key: value for key, value in DRAFT.items() if key in ev.ProposeOutcome.model_fields}


def bring_to_its_end(case: Case, day: date) -> None:
    """The office goes on until the case is answered or closed; fails with the refusal that stops it."""
    for _ in range(30):
        if case.state in ENDED:
            return
        name, day, fields = next_of_the_office(case, day)
        done = _do(case, name, day, fields)
        log = [(str(line.event.on), line.event.name) for line in case.log]
        assert isinstance(done, Logged), f"{case.state}: {name} on {day}: {done}\n{log}"
    raise AssertionError(f"no end: {[line.event.name for line in case.log]}")


def situation(case: Case, day: date) -> tuple[Any, ...]:
    """What of a case may stand in the way."""
    facts = case.facts
    waiting = [asked.is_open(day) for asked in facts.consultations.values()]
    return (
        case.state, any(waiting), facts.ruling_open, facts.returned is not None, facts.outcome is None,
        facts.failed is not None, facts.charged, facts.corrections, facts.reasons_given, facts.extensions,
        any(asked.opinion == "objects" for asked in facts.consultations.values()),
        case.deadlines.clock, case.deadlines.correction_due is None, case.deadlines.fee_due is None,
        case.deadlines.reply_due is not None and day > case.deadlines.reply_due,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_from_every_reachable_state_and_any_day_the_office_can_end_the_case(seed: int) -> None:
    pick, seen, states = Random(seed), set[tuple[Any, ...]](), Counter[str]()
    for _ in range(WALKS):
        case, day = open_case(pick), date(2024, 3, 4)
        for _ in range(TRIES):
            day += timedelta(pick.choice((0, 0, 1, 2, 5, 12)))
            anybody(case, day, pick)
            if case.state in ENDED and case.state != "served":
                break
            where = situation(case, day)
            if where in seen or case.state in ENDED:
                continue
            seen.add(where)
            states[case.state] += 1
            now = max(
                [day, *(d for line in case.log for _, d in ev.days_of(line.event) if d < LAST)]
            )
            last = max([day, *(line.event.on for line in case.log)])
            for on in {last, max(now, day + timedelta(pick.choice((3, 60, 400))))}:
                bring_to_its_end(Case.replayed(case.header, case.rules, case.log), on)
    assert set(states) >= set(RULES.law.states) - {
        *ENDED,
        "submitted",
        "secrecy_review",
        "legal_check",
    }, states


# -- the order -------------------------------------------------------------------------------------------

PRESUPPOSES: dict[str, tuple[str, ...]] = {
    "correct": ("require_correction",), "give_reasons": ("ask_reasons",), "pay_fee": ("charge_fee",),
    "record_ruling": ("ask_ruling",), "propose_outcome": ("record_search", "record_ruling"),
    "send_to_secrecy_review": ("propose_outcome",), "pass_secrecy_review": ("send_to_secrecy_review",),
    "pass_legal_check": ("propose_outcome", "pass_secrecy_review"),
    "approve": ("propose_outcome", "pass_secrecy_review", "pass_legal_check", "record_search"),
    "take_back_draft": ("propose_outcome",), "service_failed": ("approve", "serve"),
    "serve": ("approve", "extend", "delay_reply", "propose_outcome"), "delay_reply": ("give_reasons",),
    "archive": ("serve",),
}  # fmt: skip
"""law.md §7A, told once more in other words than the table's."""


def in_order(case: Case) -> None:
    """Every entry against those that were logged before it."""
    for place, line in enumerate(case.log):
        event, before = line.event, [other.event for other in case.log[:place]]
        day = (
            min(event.on, clock.effective_service(event))
            if isinstance(event, ev.Serve)
            else event.on
        )
        known = [e.on for e in before if e.name in PRESUPPOSES.get(event.name, ())]
        if isinstance(event, ev.RecordOpinion | ev.OverrideThirdParty):
            known += [e.on for e in before
                      if isinstance(e, ev.Consultation) and e.consultation == event.consultation]  # fmt: skip
        if isinstance(event, ev.ProposeOutcome):
            known += [_end(case, e) for e in before if isinstance(e, ev.RecordOpinion)]
        if case.received_on and event.name != "receive":
            known.append(case.received_on)
        log = [(str(one.event.on), one.event.name) for one in case.log[: place + 1]]
        assert all(other <= day for other in known), log


def _end(case: Case, opinion: ev.RecordOpinion) -> date:
    deadline = case.facts.consultations[opinion.consultation].deadline
    return min(opinion.on, deadline) if deadline else opinion.on


@pytest.mark.parametrize("seed", range(4, 8))
def test_no_event_is_ever_dated_before_what_it_follows_from(seed: int) -> None:
    pick, refused = Random(seed), 0
    for _ in range(WALKS):
        case, day = open_case(pick), date(2024, 3, 4)
        for _ in range(TRIES):
            day += timedelta(pick.choice((0, 0, 1, 2, 5)))
            done = anybody(case, day, pick)
            refused += isinstance(done, Refusal) and "不能早于已经登记的" in done.message
        in_order(case)
    assert refused, "nobody ever tried"
