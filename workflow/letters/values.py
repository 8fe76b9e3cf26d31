"""What a template may ask of a case: every name of config/letters/values.toml with its value; None: not known."""

from datetime import date
from functools import partial
from typing import Any

from workflow import clock
from workflow import events as ev
from workflow.case.destroyed import years_of
from workflow.case.facts import Logged
from workflow.case.gaps import known_gaps
from workflow.letters import of_answer, of_file, of_papers
from workflow.letters.letter import day_words
from workflow.letters.of_answer import quoted
from workflow.letters.said import Asked, Values
from workflow.letters.seen import Seen
from workflow.rules.fees import fee_by_item, fee_by_page


def values_of(seen: Seen) -> Values:
    """Every value and every list of the case, by name. A day is a date, a number a number, words are text."""
    groups = [
        partial(of, seen)
        for of in (
            _who, _request, _clock, _correction, _reasons, _consulting, _extension, _fee, _ending,
            _handling, of_answer.values, of_file.values, of_papers.values, of_papers.of_dispute,
        )
    ]  # fmt: skip
    return Values(
        Asked(groups, _PLACES),
        {
            **of_file.lists(seen),
            "asked": lambda: _items(seen),
            "several_items": lambda: found if len(found := _items(seen)) > 1 else [],
            "defects": lambda: _defects(seen),
            "earlier_requests": lambda: _earlier(seen),
            "posted": lambda: of_papers.posted(seen),
        },
    )


_PLACES: dict[str, int] = {}
"""In which group each name is worked out: learned with the first letter."""


# -- who and what -------------------------------------------------------------------------------------


def _who(seen: Seen) -> dict[str, Any]:
    person, settings = seen.about.person, seen.case.rules.settings
    handled = (seen.who(line) for line in seen.lines("receive", "assign"))
    id_words = " ".join(text for text in (person.id_kind, person.id_number) if text)
    return {
        "body": seen.body,
        "applicant": tuple(one.name for one in seen.case.applicants if one.name),
        "applicant_id": id_words,
        "applicant_contact": tuple(n for n in (person.legal_representative, person.contact) if n),
        "applicant_agent": person.agent,
        "applicant_reach": tuple(text for text in (person.phone, person.email) if text),
        "applicant_address": " ".join(text for text in (person.address, person.postcode) if text),
        "assistance": person.assistance,
        "contact_unit": settings["contact_unit"],
        "contact_phone": settings["contact_phone"],
        "contact_address": settings["contact_address"],
        "contact_person": next((name for name in handled if name), None),
        "registered_by": seen.who(seen.line("receive")),
    }


def _request(seen: Seen) -> dict[str, Any]:
    case, law = seen.case, seen.case.rules.law
    items, channel = _items(seen), case.facts.channel
    submit = seen.line("submit")
    return {
        "number": case.header.number,
        "kind_of_request": _KINDS.get(case.header.kind)
        or law.words.kinds[case.header.kind]["label"],
        "only_item": items[0]["item"] if len(items) == 1 else None,
        "item_count": len(items),
        "channel": seen.letters.values.channels[channel] if channel else None,
        "channel_name": law.words.channels[channel]["label"] if channel else None,
        "submitted": submit.event.on if submit else seen.about.submitted_on,
        "received": case.received_on,
        "delivery": tuple(law.words.delivery.get(way, way) for way in case.header.delivery),
        "medium": tuple(law.words.medium.get(way, way) for way in seen.about.medium),
        "gaps_on_receipt": tuple(gap.label for gap in known_gaps(seen.about.person.gaps).values()),
        "state": law.states[case.state].label if case.state in law.states else None,
    }


_KINDS = {
    "application": "政府信息公开申请",
    "record_correction": "更正与本人有关的政府信息的申请",
    "publication_suggestion": "主动公开政府信息的建议",
    "enquiry": "咨询",
}


def _items(seen: Seen) -> list[dict[str, Any]]:
    header = seen.case.header
    names = header.items or (header.request,)
    return [{"n": n, "item": quoted(text)} for n, text in enumerate(names, 1)]


def _earlier(seen: Seen) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number, "on": one.on, "request": quoted(one.request), "items": one.items,
            "result": one.outcome or one.state,
        }
        for one in seen.about.earlier
    ]  # fmt: skip


# -- the clock ----------------------------------------------------------------------------------------


def _clock(seen: Seen) -> dict[str, Any]:
    days = seen.case.all_deadlines()
    counted = days.counted_from is not None and days.reply_due is not None
    served = days.service_effective_date
    in_time = None
    if served is not None and days.on_time is not None:
        in_time = "答复在期限以内送达" if days.on_time else "答复超过期限送达"
    return {
        "due": days.reply_due,
        "due_national": days.reply_due_national,
        "safe_due": days.safe_due,
        "counted_from": days.counted_from,
        "period_workdays": days.base_workdays + days.extra_workdays if counted else None,
        "excluded_workdays": days.excluded_workdays or None,
        "in_time": in_time,
        "correction_notice_due": days.correction_notice_due,
        "served_on": served,
        "closed_on": seen.case.facts.closed_on,
    }


def _before(seen: Seen, event: ev.Event | None) -> date | None:
    """The last day of reply as it stood before an event; now, where there was none."""
    events = seen.case.events
    if event is None:
        return seen.case.deadlines.reply_due
    if events[-1] is event:
        return seen.case.deadlines_before.reply_due
    place = next(n for n, one in enumerate(events) if one is event)
    return clock.compute(events[:place], seen.case.rules, terms=seen.case.terms).reply_due


# -- correction, reasons, extension, fee -----------------------------------------------------------------


def _correction(seen: Seen) -> dict[str, Any]:
    days = seen.case.deadlines
    asked, corrected = seen.last(ev.RequireCorrection), seen.last(ev.Correct)
    delivery = seen.paper(asked)
    late = days.correction_notice_late and seen.case.rules["late_correction_notice"] == "no_restart"
    due = (asked.deadline_on if asked else None) or (days.correction_due if asked else None)
    lapsed = (
        seen.case.facts.outcome == "correction_lapsed" or seen.case.state == "awaiting_correction"
    )
    return {
        "correction_sent_on": delivery.sent_on if delivery else None,
        "correction_reached_on": delivery.reached_on if delivery else None,
        "correction_due": due,
        "correction_days": (asked.period_days if asked else None)
        or int(seen.case.rules["correction_period_days"]),
        "corrected_on": corrected.on if corrected else None,
        "unmoved_due": days.reply_due if asked and late else None,
        "correction_lapsed_due": days.correction_due or due if asked and lapsed else None,
    }


def _defects(seen: Seen) -> list[dict[str, Any]]:
    """What is to be mended; a place to write it where nothing was told yet."""
    asked = seen.last(ev.RequireCorrection)
    said = (asked.defects if asked else None) or (None,)
    return [{"n": n, "defect": text} for n, text in enumerate(said, 1)]


def _reasons(seen: Seen) -> dict[str, Any]:
    asked, given, fixed = (
        seen.last(ev.AskReasons),
        seen.last(ev.GiveReasons),
        seen.last(ev.DelayReply),
    )
    beside = [one for one in seen.about.earlier if one.on <= seen.day]
    received = seen.case.received_on
    days = [one.on for one in beside] + ([received] if received else [])
    return {
        "reasons_due": seen.case.facts.reasons_deadline if asked else None,
        "reasons_given_on": given.on if given else None,
        "requests_from": min(days, default=None) if beside else None,
        "requests_to": max(days, default=None) if beside else None,
        "requests_count": len(beside) + 1,
        "requests_items": sum(one.items for one in beside) + len(_items(seen)),
        "delay_reason": fixed.note if fixed else None,
        "delayed_until": fixed.until if fixed else None,
    }


def _extension(seen: Seen) -> dict[str, Any]:
    line, fixed = seen.line("extend"), seen.last(ev.DelayReply)
    event = line.event if line else None
    assert event is None or isinstance(event, ev.Extend)
    known: dict[str, Any] = {"extension_reason": None, "approved_by": None, "extended_on": None,
             "extension_days": None, "extended_due": None}  # fmt: skip
    if event is not None:
        known = {
            "extension_reason": event.reason,
            "approved_by": event.approved_by or seen.who(line),
            "extended_on": event.on,
            "extension_days": event.days,
            "extended_due": _after(seen, event),
        }
    return {**known, "due_before": _before(seen, event or fixed)}


def _after(seen: Seen, event: ev.Event) -> date | None:
    """The last day of reply as it stood after an event."""
    events = seen.case.events
    if events[-1] is event:
        return seen.case.deadlines.reply_due
    place = next(n for n, one in enumerate(events) if one is event)
    return clock.compute(events[: place + 1], seen.case.rules, terms=seen.case.terms).reply_due


def _fee(seen: Seen) -> dict[str, Any]:
    charged, paid = seen.last(ev.ChargeFee), seen.last(ev.PayFee)
    delivery, facts, days = seen.paper(charged), seen.case.facts, seen.case.deadlines
    lapsed = facts.outcome == "fee_unpaid" or seen.case.state == "awaiting_payment"
    due = days.fee_due if charged and delivery and delivery.reached_on else None
    rules = seen.case.rules
    return {
        "charged_on": delivery.sent_on if delivery else None,
        "fee_pages": charged.pages if charged and facts.fee_by_page else None,
        "fee_steps": _fee_steps(seen, charged) if charged else None,
        "fee_yuan": facts.fee_yuan,
        "fee_workdays": seen.case.rules.period("fee_payment", seen.day),
        "fee_due": due,
        "fee_reached_on": delivery.reached_on if delivery else None,
        "fee_lapsed_due": days.fee_due if charged and lapsed else None,
        "fee_clock": "重新" if rules["fee_restart_full"] else "继续",
        "paid_on": paid.on if paid else None,
        "pay_how": rules["fee_account"] or None,
        "pages_supplied": None,
        "fee_due_yuan": None,
        "refund_yuan": None,
        "refund_how": None,
    }


def _fee_steps(seen: Seen, charged: ev.ChargeFee) -> str | None:
    """How the sum adds up, where it is known and does."""
    law = seen.case.rules.law
    if seen.case.facts.fee_by_page and charged.pages is not None:
        fee = fee_by_page(charged.pages, law, charged.on)
    elif seen.about.units_before is not None and not seen.case.facts.fee_by_page:
        fee = fee_by_item(seen.about.units_before, charged.units or 1, law, charged.on)
    else:
        return None
    return fee.in_words().replace(" ", "") if fee.yuan == charged.amount else None


# -- other parties ------------------------------------------------------------------------------------


def _consulting(seen: Seen) -> dict[str, Any]:
    """The chosen consultation; and that others were asked, never who."""
    rules, asked, event = seen.case.rules, seen.consultation, seen.consulting
    third = asked is not None and asked.kind == "consult_third_party"
    joint = asked is not None and asked.kind == "consult_joint_agency"
    other = asked is not None and asked.kind == "consult_other_agency"
    released = seen.last(ev.OverrideThirdParty)
    all_ = seen.case.facts.consultations.values()
    return {
        "party": event.to if event else None,
        "subject": quoted(event.subject) if event and event.subject else None,
        "consulted_on": asked.sent_on if asked else None,
        "third_party_asked_on": asked.sent_on if asked and third else None,
        "opinion_days": rules.period("third_party_opinion", seen.day),
        "joint_opinion_days": rules.period("joint_agency_opinion", seen.day) if joint else None,
        "other_opinion_days": rules["other_agency_cap_days"] if other else None,
        "opinion_due": asked.deadline if asked and asked.reached_on else None,
        "objected_on": asked.answered_on if asked and asked.opinion == "objects" else None,
        "release_reason": released.reason if released else None,
        "release_wait": int(rules["third_party_wait_days"]) or None,
        "third_party_was_asked": tuple(c.sent_on for c in all_ if c.kind == "consult_third_party"),
        "agency_was_asked": tuple(c.sent_on for c in all_ if c.kind != "consult_third_party"),
        "consulted": _consulted(seen, named=True),
        "consulted_unnamed": _consulted(seen, named=False),
    }


def _consulted(seen: Seen, *, named: bool) -> str | None:
    """For the file: when, and what came of it; whom, where that may be known."""
    law, found = seen.case.rules.law, []
    to = {e.consultation: e.to for e in seen.case.events if isinstance(e, ev.Consultation)}
    for one in seen.case.facts.consultations.values():
        opinion = law.words.opinions[one.opinion] if one.opinion else "尚未收到意见"
        whom = f"（{to.get(one.number) or '未写名称'}）" if named else ""
        label = law.transitions[one.kind].label
        found.append(f"{label}{whom}，{day_words(one.sent_on)}发出，{opinion}")
    return "；".join(found) or None


# -- ends and hand-overs ------------------------------------------------------------------------------


def _ending(seen: Seen) -> dict[str, Any]:
    withdrawn, rerouted, moved = (
        seen.last(ev.Withdraw),
        seen.last(ev.Reroute),
        seen.last(ev.Transfer),
    )
    return {
        "withdrawn_on": withdrawn.on if withdrawn else None,
        "forwarded_to": rerouted.to if rerouted else None,
        "successor": seen.about.bodies.get(moved.to, moved.to) if moved else None,
        "successor_contact": None,
        "transfer_reason": moved.reason if moved else None,
        "moved_on": moved.on if moved else None,
    }


def _handling(seen: Seen) -> dict[str, Any]:
    """Who handled it inside the office."""
    assigned, ruling = seen.last(ev.Assign), seen.last(ev.RecordRuling)
    sent, passed = seen.line("send_to_secrecy_review"), seen.line("pass_secrecy_review")
    passed = passed if seen.case.facts.secrecy_passed else None
    to = seen.case.facts.assigned_to
    return {
        "unit": seen.about.people.get(to, to) if to else None,
        "internal_due": assigned.due if assigned else None,
        "review_asked_on": sent.event.on if sent else None,
        "proposed_by": seen.who(seen.line("propose_outcome")),
        "review_opinion": _opinion(seen, passed),
        "opinion_of_unit": _opinion(seen, seen.line("propose_outcome")),
        "legal_opinion": _opinion(seen, seen.line("pass_legal_check")),
        "signed_by": _opinion(seen, seen.line("approve")) if seen.case.facts.approved_on else None,
        "ruling": ruling.ruling if ruling else None,
        "retention": f"{years}年" if (years := years_of(seen.case)) else "永久",
    }


def _opinion(seen: Seen, line: Logged | None) -> str | None:
    """What was said, by whom, on which day."""
    if line is None:
        return None
    said = seen.case.rules.law.transitions[line.event.name].label
    outcome = seen.case.facts.outcome
    if isinstance(line.event, ev.ProposeOutcome) and outcome:
        said = f"拟{seen.case.rules.law.outcomes[outcome].label}"
    return "　".join(text for text in (said, seen.who(line), day_words(line.event.on)) if text)
