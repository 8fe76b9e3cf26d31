"""The days of a case that somebody must be reminded of, as they follow from its log.

Each kind carries its condition: the days of a kind are there only as long as it is met. What is said
on them, to whom and how long before, stands in config/reminders.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from workflow import clock
from workflow import events as ev
from workflow.case.awaited import papers_awaited
from workflow.case.case import Case
from workflow.case.parcel import due_already
from workflow.case.serving import SCAN_LATER, is_proved_by_us
from workflow.case.taken_over import is_event_taken_over
from workflow.rules.rulebook import Rulebook

KINDS = (
    "confirm", "assign", "begin", "correction_question", "draft", "extension", "reply", "correction",
    "reasons", "fee", "opinion", "secrecy_review", "send", "service_failed", "arrival",
    "reply_arrival", "returned", "scan", "release", "review_answer", "suit_answer", "appeal",
    "opinion_report", "publication",
)  # fmt: skip
"""confirm: day of submission, not yet confirmed. assign: day 0 of the period, not yet assigned.
begin: day on which it was assigned, nothing done since. correction_question: day 0 of the period,
nobody has begun, so whether to ask for a correction is open.
draft: last day to reply, no draft yet. extension: last day to reply, it may still be extended.
reply: last day to reply while the period runs. correction, reasons, fee, opinion: last day of the one
who is waited for. secrecy_review: the day by which the reviewer should be done. send: day of the
signature, not yet served. service_failed: day on which the reply came back, not served again.
arrival, reply_arrival: day on which a paper, the reply was sent whose arrival matters and is not known.
returned: day on which such a paper came back. scan: last day to bring the proof of a service that was
entered without one (setting scan_days). release: first day on which what a third party objects
to may be given.
review_answer, suit_answer: last day to answer. appeal: last day to appeal against a judgment.
opinion_report: last day to report on a 行政复议意见书. publication: last day to publish what was
suggested (条例26, 44)."""


class WatchedDay(NamedTuple):
    """A day of a case, or of a body itself, of which somebody must be reminded: from the case through
    the store to the ladder.

    agency: code of the body. number: of the case, or the year (for documents the entry) concerned.
    kind: of config/reminders, for cases of KINDS.
    """

    agency: str
    number: str
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class WatchedBody:
    """A body, as far as it must be reminded of what concerns no single case: from the store to
    `days_of_body`.

    since_year: the first year of which it keeps its cases here, None for none. published: years whose
    report it has published. below: codes of the bodies directly under it. missing_below: the last day
    of each of them that has not published the past year's report. refused: it has refused information
    at some time. unpublished: the documents of its register that are not published, with the day on
    which each was made. parcels: those that nobody has registered, with way and day of arrival.
    """

    code: str
    level: str
    since_year: int | None
    published: frozenset[int] = frozenset()
    below: tuple[str, ...] = ()
    missing_below: tuple[date, ...] = ()
    refused: bool = False
    unpublished: tuple[tuple[int, date], ...] = ()
    parcels: tuple[tuple[str, str, date], ...] = ()


def watched_days(case: Case) -> tuple[WatchedDay, ...]:
    """The days of a case that matter as it stands, in order. None for a case that needs nothing."""
    about = case.header
    found = {
        WatchedDay(about.agency, about.number, kind, day)
        for kind, day in _days(case)
        if day is not None
    }
    return tuple(sorted(found))


def own_days(case: Case) -> tuple[WatchedDay, ...]:
    """The days of a case of which its applicant is reminded: by which they must act, and the last day to reply, of
    which an earlier one that the body set itself is none of theirs."""
    about, found = case.header, []
    for one in watched_days(case):
        if one.kind == "reply" and case.deadlines.reply_due is not None:
            day = case.deadlines.reply_due
            found.append(WatchedDay(about.agency, about.number, one.kind, day))
        elif one.kind in ("correction", "reasons", "fee"):
            found.append(one)
    return tuple(found)


def _days(case: Case) -> Iterator[tuple[str, date | None]]:
    stage = case.rules.law.stage(case.state)
    if not case.log or stage == "void" or case.header.kind == "test":
        return
    yield from _proceedings(case)
    yield from _papers(case)
    yield "scan", _proof_day(case)
    if stage == "done":
        return
    facts, due = case.facts, case.deadlines
    if case.state == "submitted":
        yield "confirm", case.log[0].event.on
    if case.state == "registered":
        yield "assign", due.counted_from or due.receipt_date
    if case.state == "processing" and case.log[-1].event.name == "assign":
        yield "begin", case.log[-1].event.on
    if due.clock in ("running", "excluding", "overridden"):
        yield "reply", due.act_by
        if facts.answer is None and facts.result is None:
            yield "draft", due.act_by
        if case.header.kind == "application":
            yield from _open_choices(case)
    if case.state == "awaiting_correction":
        yield "correction", due.correction_due
    if case.state == "awaiting_reasons":
        yield "reasons", facts.reasons_deadline
    if case.state == "awaiting_payment":
        yield "fee", due.fee_due
    for consultation in facts.consultations.values():
        if consultation.answered_on is None and consultation.overridden_on is None:
            yield "opinion", consultation.deadline
    if case.state == "secrecy_review":
        sent = _last(case, "send_to_secrecy_review")
        yield (
            "secrecy_review",
            case.rules.calendar.add(sent, int(case.rules["secrecy_review_days"])),
        )
    if case.state == "ready" and facts.failed is not None:
        yield "service_failed", getattr(facts.failed, "returned_on", None) or facts.failed.on
    elif case.state == "ready":
        yield "send", facts.approved_on
    if case.state == "ready":
        yield "release", _release_day(case)
    if case.header.kind == "publication_suggestion" and case.received_on:
        yield "publication", clock.publication_due(case.received_on, case.rules)


def _open_choices(case: Case) -> Iterator[tuple[str, date | None]]:
    """What may still be decided about an application while its period runs."""
    facts, due = case.facts, case.deadlines
    begun = (
        facts.answer or facts.searches or facts.consultations or facts.extensions or facts.charged
    )
    rounds: Any = case.rules["max_correction_rounds"]
    if (
        case.state in ("registered", "processing")
        and not begun
        and facts.corrections < rounds
        and not facts.reasons_asked
    ):
        yield "correction_question", due.counted_from
    extended = due.extra_workdays > 0 or due.clock == "overridden"
    if facts.extensions and not case.rules["extension_again_after_restart"]:
        extended = True
    if case.state not in ("registered", "ready") and not extended:
        yield "extension", due.act_by


def _proceedings(case: Case) -> Iterator[tuple[str, date | None]]:
    found = case.facts.proceedings.values()
    for one in found:
        if one.concluded_on is None:
            yield f"{one.kind}_answer", one.answer_due
        elif case.state != "archived":
            yield "opinion_report", one.report_due
            if not any(p.instance == "appeal" and p.filed_on >= one.concluded_on for p in found):
                yield "appeal", one.appeal_due


def _papers(case: Case) -> Iterator[tuple[str, date | None]]:
    """That the reply came back is a kind of its own."""
    for paper in papers_awaited(case):
        reply = isinstance(paper.event, ev.Serve)
        if not paper.delivery.returned:
            yield "reply_arrival" if reply else "arrival", paper.delivery.sent_on
        elif not reply:
            yield "returned", paper.delivery.returned_on


def _proof_day(case: Case) -> date | None:
    """The last day to bring the proof of a service that was entered without one, by the setting scan_later;
    None for a service that names its proof, and for one that our own record proves."""
    served, rules = case.facts.served, case.rules
    if served is None or case.state == "archived" or rules["service_proof"] != SCAN_LATER:
        return None
    if served.proofs or is_proved_by_us(case, served) or is_event_taken_over(case, served):
        return None
    return rules.calendar.add(served.on, int(rules["scan_days"]))


def _release_day(case: Case) -> date | None:
    """The first day on which a signed reply may give what a third party objects to: the notice has
    reached it and `third_party_wait_days` are over (条例32); None where nobody is waited for."""
    wait = int(case.rules["third_party_wait_days"])
    reached = [
        asked.notice_reached_on
        for asked in case.facts.consultations.values()
        if asked.opinion == "objects" and asked.notice_reached_on is not None
    ]
    return case.rules.calendar.add(max(reached), wait) if reached else None


def _last(case: Case, event: str) -> date:
    return next(line.event.on for line in reversed(case.log) if line.event.name == event)


# -- of a body --------------------------------------------------------------------------------------


def days_of_body(body: WatchedBody, rules: Rulebook, day: date) -> list[WatchedDay]:
    """What a body must be reminded of on the day, with the year concerned: last year's reports, the
    holidays of next year and of this one, what it refused (条例18, 49); documents that it made and parcels
    that came, with their entry (条例26, 31)."""
    found: list[tuple[int, str, date]] = []
    year = day.year - 1
    if _owes(body, year):
        found.append((year, "annual_report", report_due(body.level, year, rules)))
    found += [(year, "reports_below", last) for last in body.missing_below]
    new_year = date(day.year + 1, 1, 1)
    if rules.calendar.is_provisional(new_year):
        found.append((new_year.year, "calendar_missing", new_year))
    if rules.calendar.is_provisional(day):
        found.append((day.year, "calendar_now", date(day.year, 1, 1)))
    if body.refused:
        found.append((day.year, "re_evaluation", date(day.year, 12, 31)))
    for entry, made_on in body.unpublished:
        found.append((entry, "document", clock.publication_due(made_on, rules)))
    return [
        *(WatchedDay(body.code, str(about), kind, last) for about, kind, last in sorted(set(found))),
        *(WatchedDay(body.code, entry, "parcel", _start(way, came, rules)) for entry, way, came in body.parcels),
    ]  # fmt: skip


def _start(way: str, arrived_on: date, rules: Rulebook) -> date:
    """The day from which the period of a parcel is counted: the ladder counts the same working days from it as the
    clock does, also where it came on a rest day."""
    due = due_already(way, arrived_on, arrived_on, rules).due
    return rules.calendar.add(due, -rules.period("reply", arrived_on))


def with_those_below(
    body: WatchedBody,
    bodies: Mapping[str, WatchedBody],
    rules: Callable[[str], Rulebook],
    year: int,
) -> WatchedBody:
    """The body with the last day of each body directly under it that owes the report on the year.
    bodies: all, by code. rules: of a body, by its code."""
    return replace(
        body,
        missing_below=tuple(
            report_due(bodies[code].level, year, rules(code))
            for code in body.below
            if _owes(bodies[code], year)
        ),
    )


def _owes(body: WatchedBody, year: int) -> bool:
    """It kept cases in the year and has not published the report on it."""
    return body.since_year is not None and body.since_year <= year not in body.published


def report_due(level: str, year: int, rules: Rulebook) -> date:
    """The last day to publish the report on the year, by the body's level (条例49), or the earlier one
    of the place (setting report_dates)."""
    return clock.report_last_day(level, year, rules["report_dates"])
