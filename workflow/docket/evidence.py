"""The words that a docket may leave out: neutral ones, marked as filled in, that point to the file.

Filled in is what an outcome always needs; never the answer to a question that the case itself raises
(law.md §6.5A): what was found and is not it, a fee already paid, an unfit earlier reply, a power to classify.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from config.law import Law
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.evidence import missing_needs, searches_for, with_whole
from workflow.case.guards import reviewing
from workflow.case.guards.grounds import WORDS_FOR
from workflow.rules.grounds import LATER, is_bare, names
from workflow.rules.outcomes import Answer, OfficerMustChoose, answer_of

FEWEST_PAGES = 31
"""The fewest pages that cost anything (国办函〔2020〕109号5)."""
_NEUTRAL = {
    "ground": ("ground", f"事实和理由见卷内材料{LATER}"),
    "citation": ("citation", f"法律、行政法规的条款见卷内材料{LATER}"),
    "address": ("address", f"本机关门户网站{LATER}"),
    "reason": ("reason", f"说明见卷内材料{LATER}"),
    "earlier_reply": ("earlier_reply", f"此前答复{LATER}"),
    "consultation_or_reason": (
        "no_consultation_reason",
        f"不征求意见的理由见卷内材料{LATER}",
    ),
    "redaction_log": ("redaction", f"区分处理记录见卷内材料{LATER}"),
    "assessment": ("assessment", f"本机关的判断见卷内材料{LATER}"),
    "window": ("window", f"查询窗口见卷内材料{LATER}"),
    "channel": ("channel", f"途径见卷内材料{LATER}"),
    "subtype": ("subtype", LATER.strip("（）")),
}
_ALSO = {
    "forbidden_by_law": "ground",
    "unclear_after_correction": "reason",
    "repeat": "reason",
    "reconfirmation": "reason",
}
"""Words that an outcome always needs beside those of its needs."""


def with_evidence(case: Case, event: ev.Event) -> tuple[ev.Event, tuple[str, ...]]:
    """The words that a proposal, a fee notice or a secrecy review needs and the docket leaves out."""
    if isinstance(event, ev.ChargeFee) and event.pages is None and event.amount is None:
        by_page = "by_page" in (event.mode, case.rules["fee_policy"])
        if by_page and event.mode != "by_item":
            return event.model_copy(update={"pages": FEWEST_PAGES}), ("pages",)
    if isinstance(event, ev.PassSecrecyReview):
        return _judged(case, event)
    if not isinstance(event, ev.ProposeOutcome):
        return event, ()
    answer = answer_in(case, event)
    return (event, ()) if answer is None else _worded(case, event, answer)


def answer_in(case: Case, event: ev.ProposeOutcome) -> Answer | None:
    """The answer that a proposal makes; None where that cannot be told yet."""
    codes = [event.outcome, *(item.outcome for item in event.items or ())]
    if not any(codes) or any(code and code not in case.rules.law.outcomes for code in codes):
        return None
    try:
        return answer_of(event, case.rules.law, case.rules.settings)
    except OfficerMustChoose:
        return None


def items_to_search(case: Case, event: ev.ProposeOutcome) -> Iterator[int | None]:
    """The items said not to exist for which the search record is missing; one that found something is
    left to the docket."""
    answer = answer_in(case, event)
    if answer is None:
        return
    for number, need in missing_needs(case, answer, event.on):
        made = [search for part in searches_for(case, number, event.on) for search in part]
        raised = any(search.hits for search in made) and not any(s.why_not_these for s in made)
        if need == "search_record" and not raised:
            yield number


def _worded(
    case: Case, event: ev.ProposeOutcome, answer: Answer
) -> tuple[ev.ProposeOutcome, tuple[str, ...]]:
    law = case.rules.law
    added: dict[str, Any] = {}
    for _, need in missing_needs(case, answer, event.on):
        if need == "consultation_or_reason" and _was_asked(case):
            continue  # a letter that did not arrive is a question of the case
        if need in _NEUTRAL:
            name, value = _NEUTRAL[need]
            added[name] = value
        elif need in _FACTS:
            added[need] = _FACTS[need](case, event.on)
    for code, evidence in answer.parts():
        also, said = _ALSO.get(code), with_whole(evidence, event)
        if also and not (said.ground or said.reason) and also not in added:
            added[also] = _NEUTRAL[also][1]
        if code == "security_stability" and not (
            said.subtype or names("threat", law, said.ground, said.reason)
        ):
            added["subtype"] = _NEUTRAL["subtype"][1]
        if code == "in_state_archive" and not said.archive:
            added["archive"] = ev.StateArchive(name=f"国家档案馆{LATER}", on=event.on)
    fuller = {
        name: full
        for name in _FULLER
        if (full := _fuller(law, getattr(event, name))) != getattr(event, name)
    }
    items = tuple(
        item.model_copy(update={name: _fuller(law, getattr(item, name)) for name in _FULLER})
        for item in event.items or ()
    )
    added |= fuller
    if items != (event.items or ()):
        added["items"] = items
    return (event.model_copy(update=added), tuple(added)) if added else (event, ())


def _was_asked(case: Case) -> bool:
    asked = case.facts.consultations.values()
    return any(one.kind == "consult_third_party" for one in asked)


_FULLER = (
    "ground",
    *sorted({f for fields in WORDS_FOR.values() for f in fields} - {"ground", "note"}),
)


def _fuller(law: Law, text: str | None) -> str | None:
    """Words that only name a kind of answer, with a word on where the facts are."""
    return f"{text}；{_NEUTRAL['ground'][1]}" if text and is_bare(text, law) else text


def _classification(case: Case, on: date) -> ev.Classification:
    return ev.Classification(level="秘密", body="定密机关", on=on)


def _right_body(case: Case, on: date) -> ev.RightBody:
    return ev.RightBody(name=f"负责公开的机关{LATER}", contact=f"联系方式见卷内材料{LATER}")


def _counts(case: Case, on: date) -> ev.Counts:
    """What the file of this case shows: one request with its items."""
    first = case.received_on or on
    items = max(1, len(case.header.items))
    return ev.Counts.model_validate(
        {"requests": 1, "items": items, "from": first, "to": max(first, on)}
    )


def _tries(case: Case, on: date) -> tuple[ev.Try, ...]:
    return (ev.Try(on=on, how=f"联系、查找的经过见卷内材料{LATER}"),)


_FACTS = {
    "classification": _classification,
    "right_body": _right_body,
    "counts": _counts,
    "tries": _tries,
}


def _judged(case: Case, event: ev.PassSecrecyReview) -> tuple[ev.Event, tuple[str, ...]]:
    """The review with each check of each item that it leaves open answered with none."""
    words = case.rules.law.words
    told = reviewing.judgements(case, event)
    items = tuple(
        ev.ItemReview(
            item=number,
            checks={**dict.fromkeys(words.secrecy_checks, "none"), **_known(case, told, number)},
            note=told[number][1] if number in told else None,
        )
        for number in range(1, max(1, len(case.header.items)) + 1)
    )
    full = event.model_copy(update={"items": items, "checks": None})
    return (full, ("items",)) if items != event.items else (event, ())


def _known(case: Case, told: dict[int, Any], number: int) -> dict[str, str]:
    """The answers that the docket gives in the words of the contract."""
    checks = told[number][0] if number in told else {}
    words = case.rules.law.words
    return {
        name: said
        for name, said in checks.items()
        if name in words.secrecy_checks and said in words.secrecy_answers
    }
