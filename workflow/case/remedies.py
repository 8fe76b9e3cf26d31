"""The remedies of one case: which way its applicant has today, and until when (law.md §1.1)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow import events as ev
from workflow.case.facts import CaseView, Proceeding
from workflow.clock import Deadlines, Delivery, add_months, compute, papers
from workflow.rules.remedy import (
    FIRST,
    Remedy,
    kinds_of,
    record_correction_remedy,
    remedy_text,
    silence_kind,
    silence_remedy,
)

ON_THE_NET = (("email",), ("portal",))


def remedy_of_case(case: CaseView, today: date) -> Remedy:
    """The remedy beside the reply of a case, drafted or served; that against silence where the last day
    of reply has passed without one; none before that.

    Rule: a drafted reply is judged by the day on which it would be served, a served one by its own.
    """
    facts, body = case.facts, case.header.body_name
    on = case.deadlines.service_effective_date or facts.closed_on or today
    if facts.outcome:
        return remedy_text(
            facts.outcome, on, case.rules, answer=facts.answer, electronic=on_the_net(case), body=body
        )  # fmt: skip
    if case.header.kind == "record_correction" and facts.result:
        return record_correction_remedy(on, case.rules, electronic=on_the_net(case), body=body)
    silent = silent_since(case, today)
    return silence_remedy(silent, case.rules, body=body) if silent else Remedy()


def silent_since(case: CaseView, on: date) -> date | None:
    """The last day of reply, where it had passed on the day and nothing was served until then."""
    then, served = _before_an_order(case, on), case.deadlines.service_effective_date
    due = then.reply_due
    if due is None or due >= on or case.rules.law.stage(case.state) in ("void", "before_receipt"):
        return None
    asked = case.facts.consultations.values()
    if then.clock == "stopped" or any(c.sent_on <= due and c.is_open(on) for c in asked):
        return None
    answered = served if case.facts.served else case.facts.closed_on
    return due if answered is None or answered > on else None


def _before_an_order(case: CaseView, on: date) -> Deadlines:
    """The due days as they stood on the day: an order to reply anew that came later, to a case that had
    not been answered, opened a period of its own and undoes no silence."""
    orders = [event.on for event in case.events if isinstance(event, ev.OrderRedo)]
    if not case.terms.redo_inside or not orders or min(orders) <= on:
        return case.deadlines
    before = [event for event in case.events if event.on < min(orders)]
    return compute(before, case.rules, terms=replace(case.terms, redo_inside=False))


def on_the_net(case: CaseView) -> bool:
    """The reply goes, or is asked to go, through the internet (行政复议法22(2))."""
    if case.facts.served is not None:
        return case.facts.served.method == "electronic"
    return case.header.delivery[:1] in ON_THE_NET


# -- how long -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastDays:
    """Until when an applicant may go to review and to the court. not_before: the arrival of a posted reply
    is not known, and these are the earliest days on which the periods can end."""

    review: date | None = None
    suit: date | None = None
    not_before: bool = False


def still_open(case: CaseView, today: date) -> LastDays:
    """Until when the applicant may still go to review and to the court over a case that has ended: the last days
    that are not over, None for a way that is; of a reply whose arrival is not known nothing is over for sure.

    Rule: archiving asks whether remedies still run (practice.md §2.5).
    """
    due, kinds = case.deadlines, remedy_of_case(case, today).kinds
    reviewed = any(kind == "review" for kind, _ in case.facts.proceedings)
    if not kinds and not reviewed:
        return LastDays()  # nothing was decided
    days = LastDays(due.review_last_day, due.suit_last_day)
    if due.review_not_before or due.suit_not_before:
        days = LastDays(due.review_not_before, due.suit_not_before, not_before=True)
    elif days == LastDays():
        days = last_days_of_reply(case)
    direct = reviewed or any(kind != FIRST for kind in kinds)
    if days.not_before:
        return days if direct else replace(days, suit=None)
    review = days.review if days.review and days.review >= today and not reviewed else None
    suit = days.suit if direct and days.suit and days.suit >= today else None
    return LastDays(review, suit)


def last_days_of_silence(reply_due: date, case: CaseView) -> LastDays:
    """60 days from the day after the last day of reply, six months from its end (行政复议法20; 行诉解释66)."""
    rules, since = case.rules, reply_due + timedelta(1)
    review = reply_due + timedelta(rules.period("review", since))
    suit = None
    if silence_kind(reply_due, rules) != FIRST:
        suit = rules.calendar.on_or_after(add_months(reply_due, rules.period("suit_direct", since)))
    return LastDays(rules.calendar.on_or_after(review), suit)


def last_days_from(received_on: date, case: CaseView) -> LastDays:
    """Of a reply that its applicant got on the day (行政复议法20; 行政诉讼法46)."""
    rules = case.rules
    review = received_on + timedelta(rules.period("review", received_on))
    suit = add_months(received_on, rules.period("suit_direct", received_on))
    return LastDays(rules.calendar.on_or_after(review), rules.calendar.on_or_after(suit))


def last_days_of_reply(case: CaseView) -> LastDays:
    """From the receipt of the reply; where that is not known, the earliest days, from its sending or, of a
    case that ended without a reply, from that end."""
    reached = reply_reached_on(case)
    if reached is not None:
        return last_days_from(reached, case)
    since = case.deadlines.service_effective_date or case.facts.closed_on
    return replace(last_days_from(since, case), not_before=True) if since else LastDays()


def reply_reached_on(case: CaseView) -> date | None:
    """The day on which the applicant got the reply, as far as it is told: the signature, also on the slip of
    the post; electronic: the sending day (law.md §1.1)."""
    reply = last_reply(case) if case.facts.served else None
    return reply.reached_on if reply else None


def last_reply(case: CaseView) -> Delivery | None:
    """The days of the reply that went out last."""
    served = [p.delivery for p in papers(case.events) if isinstance(p.event, ev.Serve)]
    return served[-1] if served else None


# -- what a proceeding was filed against ---------------------------------------------------------------


def kinds_against(case: CaseView, proceeding: Proceeding) -> tuple[str, ...]:
    """The ways that were open to who filed it, on that day: against the reply, or against silence. A third
    party's way is its own. None where it was filed before there was anything to complain of."""
    if proceeding.by == "third_party":
        return ()
    served = case.deadlines.service_effective_date
    if case.facts.outcome and served is not None and served <= proceeding.filed_on:
        return kinds_of(case.facts.outcome, served, case.rules, case.facts.answer)
    silent = silent_since(case, proceeding.filed_on)
    return (silence_kind(silent, case.rules),) if silent else ()
