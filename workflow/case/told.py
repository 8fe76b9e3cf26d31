"""What an applicant is told of a case, by its state: the answers, the remedy with its days, the complaint.

Nothing of what the office weighs stands here: no third party, no opinion, nothing about the merits of a
dispute (practice.md §2.3A). The words are the page's (webui/templates/portal/case.html); here is what is
known.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.case.remedies import (
    LastDays,
    last_days_from,
    last_days_of_reply,
    last_days_of_silence,
    last_reply,
    remedy_of_case,
    reply_reached_on,
    silent_since,
)
from workflow.dates import in_words
from workflow.rules.outcomes import GIVEN, remedy_of, way_of
from workflow.rules.remedy import COURT, EITHER, FIRST, ONLINE, ORGAN, silence_remedy

E = TypeVar("E", bound=ev.Event)
UNSET = {
    "【复议机关】": "有权的行政复议机关（一般是上一级人民政府）",
    "【有管辖权的人民法院】": "有管辖权的人民法院",
}
"""What the page says where the body has not set a name: never a gap."""
_SAID = (
    "subtype", "citation", "ground", "redaction", "reason", "address", "channel", "window", "right_body",
    "archive", "earlier_reply",
)  # fmt: skip
"""The parts of an answer that its letter tells, in this order."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What was answered to an item. number None: to the application as a whole. said: what the letter
    tells of it, by the name of the field. way: review_first, either or none."""

    number: int | None
    wording: str
    outcome: str
    label: str
    article: str
    said: tuple[tuple[str, str], ...]
    way: str


@dataclass(frozen=True, slots=True)
class RemedyTold:
    """The remedy as the page tells it. silent_since: the last day of a reply that did not come. days: until
    when, None where they cannot be known. received_on: the day on which the reply arrived, or that the
    applicant told; None if nobody did. first, either: numbers of the items that go each way, of a partial one
    both. provisional: a last day lies in a year whose holidays are not known yet."""

    kinds: tuple[str, ...]
    paragraphs: tuple[str, ...]
    organ: str
    organ_address: str
    court: str
    court_address: str
    online: str
    days: LastDays
    silent_since: date | None = None
    received_on: date | None = None
    first: tuple[int, ...] = ()
    either: tuple[int, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """Only number and stage. result: its code, None while it is open."""

    kind: str
    number: int
    case_number: str | None
    instance: str
    result: str | None
    by_third_party: bool


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the page tells beside the steps. defects, grounds: what to mend; correct_within: working days for
    it from the arrival of the letter, where that is not known yet. fee_account: how to pay, where
    the body says it. extension: the reason. waiting_for: third_party or agency while an opinion is awaited. returned: the reply did not
    reach the applicant."""

    answers: tuple[ItemAnswer, ...] = ()
    remedy: RemedyTold | None = None
    complaint: str = ""
    defects: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    correct_within: int | None = None
    reasons_due: date | None = None
    fee: ev.ChargeFee | None = None
    fee_due: date | None = None
    fee_account: str = ""
    extension: ev.Extend | None = None
    waiting_for: tuple[str, ...] = ()
    confirm_by: date | None = None
    returned: bool = False
    disputes: tuple[DisputeTold, ...] = ()


def told(case: CaseView, today: date, received_on: date | None = None) -> Told:
    """What the applicant is told today. received_on: the day on which they say that the reply came."""
    answers = answers_told(case)
    remedy = remedy_told(case, today, answers, received_on)
    correction, fee = None, None
    if case.state == "awaiting_correction":
        correction = _last(case, ev.RequireCorrection)
    if case.state == "awaiting_payment":
        fee = _last(case, ev.ChargeFee)
    return Told(
        answers=answers,
        remedy=remedy,
        complaint=str(case.rules["complaint_body"]),
        defects=tuple(correction.defects or ()) if correction else (),
        grounds=tuple(correction.grounds or ()) if correction else (),
        correct_within=_correct_within(case, correction),
        reasons_due=case.facts.reasons_deadline if case.state == "awaiting_reasons" else None,
        fee=fee,
        fee_due=case.deadlines.fee_due,
        fee_account=str(case.rules["fee_account"]) if fee else "",
        extension=_extension(case),
        waiting_for=_waiting_for(case, today),
        confirm_by=_confirm_by(case),
        returned=returned(case),
        disputes=tuple(
            DisputeTold(p.kind, p.number, p.case_number, p.instance, p.result, p.by != "applicant")
            for p in case.facts.proceedings.values()
        ),
    )


def _correct_within(case: CaseView, asked: ev.RequireCorrection | None) -> int | None:
    if asked is None or case.deadlines.correction_due is not None:
        return None
    return asked.period_days or int(case.rules["correction_period_days"])


# -- the answer ---------------------------------------------------------------------------------------


def answers_told(case: CaseView) -> tuple[ItemAnswer, ...]:
    """The answer to each item once it went out; of a case that ended otherwise the end of the whole."""
    facts, law = case.facts, case.rules.law
    if facts.closed_on is None:
        return ()
    if facts.outcome is None:
        return _of_register(case, facts.closed_on)
    on = case.deadlines.service_effective_date or facts.closed_on
    if facts.answer is None or facts.served is None:
        return (_item(case, None, case.header.request, facts.outcome, (), on),)
    names = case.header.items or (case.header.request,)
    whole = facts.answer.evidence
    found = []
    for code, evidence in facts.answer.parts():
        number = evidence.item if isinstance(evidence, ev.ItemOutcome) else None
        wording = case.header.request
        if number is not None and 0 < number <= len(names):
            wording = names[number - 1]
        said = []
        for name in _SAID:
            text = _words(getattr(evidence, name, None) or getattr(whole, name, None))
            if name == "redaction":
                text = "；".join(evidence.places or whole.places)
            if text:
                said.append((name, _subtype(case, text) if name == "subtype" else text))
        if "search_record" in law.outcomes[code].needs and (sources := _searched(case, number)):
            said.append(("searched", sources))
        if law.outcomes[code].cls in GIVEN and code != "already_public":
            ways = [
                law.words.delivery[way] for way in case.header.delivery if way in law.words.delivery
            ]
            said.append(("delivery", "、".join(ways)))
        found.append(_item(case, number, wording, code, tuple(said), on))
    return tuple(found)


def _of_register(case: CaseView, on: date) -> tuple[ItemAnswer, ...]:
    """The result of what stands beside the applications (条例41, 44)."""
    law, kind, result = case.rules.law, case.header.kind, case.facts.result
    row = law.words.kinds[kind]
    if result is None or result not in row.get("results", {}):
        return ()
    way = "none"
    if kind == "record_correction":
        way = way_of(kind, law, case.rules.settings, on)
    label, article = str(row["results"][result]), str(row["article"])
    return (ItemAnswer(None, case.header.request, result, label, article, (), way),)


def _item(
    case: CaseView, number: int | None, wording: str, code: str, said: tuple[tuple[str, str], ...], on: date
) -> ItemAnswer:  # fmt: skip
    outcome = case.rules.law.outcomes[code]
    way = remedy_of(outcome, case.rules.settings, on)
    return ItemAnswer(number, wording, code, outcome.label, outcome.basis, said, way)


def _words(value: object) -> str:
    """A field of an answer as a line: a part with several fields joins them."""
    if value is None or isinstance(value, str):
        return value or ""
    if hasattr(value, "model_dump"):
        value = value.model_dump(exclude_none=True)
    if isinstance(value, dict):
        return "，".join(
            in_words(part) if isinstance(part, date) else str(part) for part in value.values()
        )
    return ""


def _subtype(case: CaseView, code: str) -> str:
    for group in case.rules.law.words.subtypes.values():
        if code in group:
            return str(group[code])
    return code


def _searched(case: CaseView, number: int | None) -> str:
    """Where it was looked for, and by which words (practice.md §2.4)."""
    ours = [s for s in case.facts.searches if number is None or s.item in (None, number)]
    sources = dict.fromkeys(source for search in ours for source in search.sources)
    keywords = dict.fromkeys(word for search in ours for word in search.words)
    if not sources:
        return ""
    return f"经在{'、'.join(sources)}以“{'”“'.join(keywords)}”检索，未查到您申请的上述信息"


# -- the remedy ---------------------------------------------------------------------------------------


def remedy_told(
    case: CaseView, today: date, answers: tuple[ItemAnswer, ...], received_on: date | None = None
) -> RemedyTold | None:
    """The remedy once there is a reply or silence; while a reply is drafted there is nothing to complain of."""
    silent = silent_since(case, today) if case.header.kind == "application" else None
    if not answers and silent is None:
        return None
    remedy = remedy_of_case(case, today)
    if silent is not None and case.facts.outcome and not case.facts.closed_on:
        # A draft stands in the file; told is the silence.
        remedy = silence_remedy(silent, case.rules, body=case.header.body_name)
    if not remedy.kinds:
        return None
    reached = reply_reached_on(case)
    if silent is not None and not answers:
        days = last_days_of_silence(silent, case)
    elif reached is None and received_on is not None and _not_before_it_went(case, received_on):
        reached, days = received_on, last_days_from(received_on, case)
    else:
        days = last_days_of_reply(case)
    settings = case.rules.settings
    partial = [a for a in answers if a.number is not None]
    calendar = case.rules.calendar
    return RemedyTold(
        kinds=remedy.kinds,
        paragraphs=tuple(_spoken(text) for text in remedy.paragraphs[: len(remedy.kinds)]),
        organ=str(settings.get(ORGAN) or ""),
        organ_address=str(settings.get("review_organ_address") or ""),
        court=str(settings.get(COURT) or ""),
        court_address=str(settings.get("court_address") or ""),
        online=str(settings.get(ONLINE) or ""),
        days=days
        if FIRST not in remedy.kinds or EITHER in remedy.kinds
        else replace(days, suit=None),
        silent_since=silent if not answers else None,
        received_on=reached,
        first=tuple(a.number or 0 for a in partial if a.way == FIRST),
        either=tuple(a.number or 0 for a in partial if a.way == EITHER or a.outcome == "partial"),
        provisional=any(calendar.is_provisional(day) for day in (days.review, days.suit) if day),
    )


def _not_before_it_went(case: CaseView, day: date) -> bool:
    went = case.deadlines.service_effective_date or case.facts.closed_on
    return went is not None and went <= day


def _spoken(text: str) -> str:
    for gap, words in UNSET.items():
        text = text.replace(gap, words)
    return text


# -- where it stands ----------------------------------------------------------------------------------


def returned(case: CaseView) -> bool:
    """The reply went out and came back, and has not been served again."""
    if case.state not in ("ready", "served") or (reply := last_reply(case)) is None:
        return False
    after = [event.name for event in case.events]
    failed = "service_failed" in after[len(after) - after[::-1].index("serve") :]
    return reply.returned or failed


def _waiting_for(case: CaseView, today: date) -> tuple[str, ...]:
    """third_party, agency: whose opinion is awaited; never who."""
    if case.rules.law.stage(case.state) != "running":
        return ()
    kinds = {
        "third_party" if asked.kind == "consult_third_party" else "agency"
        for asked in case.facts.consultations.values()
        if asked.is_open(today)
    }
    return tuple(sorted(kinds, reverse=True))


def _confirm_by(case: CaseView) -> date | None:
    """The last day on which the office must confirm what came in (条例31): the next working day."""
    if case.state != "submitted" or not case.log:
        return None
    return case.rules.calendar.add(case.log[0].event.on, 1)


def _extension(case: CaseView) -> ev.Extend | None:
    found = _last(case, ev.Extend)
    valid = case.deadlines.extension_valid is not False
    return found if found and valid else None


def _last(case: CaseView, kind: type[E]) -> E | None:
    return next((e for e in reversed(case.events) if isinstance(e, kind)), None)
