"""What an outcome needs on file before its reply can be approved (contracts/outcomes.json, `needs`).

What the drafter can type or must have done before is asked for when the outcome is proposed; what others
bring when the leader signs (law.md §6.5A). Whether what was typed is enough, guards ask
(workflow/case/guards/grounds.py).
"""

from collections.abc import Callable
from datetime import date

from config.law import Law
from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.refusal import Refusal
from workflow.rules.grounds import names
from workflow.rules.outcomes import Answer

Check = Callable[[CaseView, ev.Evidence, date], bool]

FEWEST_SOURCES = 2
"""In so many places at least a thing is looked for before it is said not to exist (practice.md §7, 9)."""


def _words(*fields: str) -> Check:
    """One of the fields is filled in."""

    def check(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
        return any(getattr(evidence, field, None) for field in fields)

    return check


def _consulted(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return is_consulted(case, on) or bool(evidence.no_consultation_reason or evidence.tries)


def is_consulted(case: CaseView, on: date) -> bool:
    """A third party was asked and has answered, or got the letter and let its time pass (条例32)."""
    return any(
        c.answered_on is not None or (c.reached_on is not None and not c.is_open(on))
        for c in case.facts.consultations.values()
        if c.kind == "consult_third_party"
    )


def _corrected(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.corrections > 0


def _asked_for_reasons(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.reasons_asked


def _reviewed(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.secrecy_passed


def searches_for(case: CaseView, item: int | None, on: date) -> list[list[ev.RecordSearch]]:
    """The search records made by the day for the item; of the whole application for each of its items.

    In a case of several items a record proves the item that it names; one without an item proves an
    answer to the whole.
    """
    made = [search for search in case.facts.searches if search.on <= on]
    several = len(case.header.items) > 1
    if not several:
        return [made]
    if item is not None:
        return [[search for search in made if search.item == item]]
    numbers = range(1, len(case.header.items) + 1)
    return [[search for search in made if search.item in (None, n)] for n in numbers]


def _searched(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    item = evidence.item if isinstance(evidence, ev.ItemOutcome) else None
    return all(
        len({source for search in made for source in search.sources}) >= FEWEST_SOURCES
        for made in searches_for(case, item, on)
    )


def _supply_known(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    """As the applicant asked; else as the body determines it (条例40), in words of the draft."""
    return bool(case.header.delivery) or _words("address", "reason", "note")(case, evidence, on)


def _notice_reached(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    """The notices of correction and fee cannot be recorded without the day they reached."""
    return case.deadlines.correction_due is not None or case.deadlines.fee_due is not None


def _right_body(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    """Name and contact of the body, or that it cannot be told and why (条例36(5))."""
    body = evidence.right_body
    if body and body.name and body.contact:
        return True
    return names("cannot_be_told", case.rules.law, evidence.reason, evidence.ground)


def _channel(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return bool(evidence.channel or evidence.archive)


DRAFTED: dict[str, Check] = {
    "address": _words("address"),
    "ground": _words("ground"),
    "citation": _words("citation"),
    "subtype": _words("subtype"),
    "classification": _words("classification"),
    "reason": _words("reason", "ground", "note"),
    "earlier_reply": _words("earlier_reply"),
    "consultation_or_reason": _consulted,
    "assessment": _words("assessment"),
    "redaction_log": _words("redaction", "redactions"),
    "window": _words("window"),
    "right_body": _right_body,
    "channel": _channel,
    "counts": _words("counts"),
    "tries": _words("tries"),
    "search_record": _searched,
    "correction": _corrected,
    "reasons_asked": _asked_for_reasons,
}
ON_FILE: dict[str, Check] = {
    "secrecy_review": _reviewed,
    "supply": _supply_known,
    "proof_of_service": _notice_reached,
}


def drafting_gaps(case: CaseView, answer: Answer, on: date) -> list[Refusal]:
    """The words that the draft itself still lacks, one refusal each."""
    return _gaps(case, answer, on, DRAFTED)


def gaps(case: CaseView, on: date) -> list[Refusal]:
    """Everything that the proposed reply still lacks on file, one refusal each."""
    if case.facts.answer is None:
        return []
    return _gaps(case, case.facts.answer, on, {**DRAFTED, **ON_FILE})


def missing_needs(case: CaseView, answer: Answer, on: date) -> list[tuple[int | None, str]]:
    """The needs that an answer lacks as (number of the item or None, need)."""
    law = case.rules.law
    found = []
    for code, evidence in answer.parts():
        merged = with_whole(evidence, answer.evidence)
        number = evidence.item if isinstance(evidence, ev.ItemOutcome) else None
        for need in law.outcomes[code].needs:
            check = DRAFTED.get(need) or ON_FILE[need]
            if not check(case, merged, on):
                found.append((number, need))
    return found


def needs_secrecy_review(answer: Answer, law: Law) -> bool:
    """True when anything is released or a ground of arts 14 to 16 is used (条例17)."""
    return any("secrecy_review" in law.outcomes[code].needs for code, _ in answer.parts())


def _gaps(case: CaseView, answer: Answer, on: date, checks: dict[str, Check]) -> list[Refusal]:
    words = case.rules.law.words.needs
    found = []
    for number, need in missing_needs(case, answer, on):
        if need not in checks:
            continue
        where = f"第 {number} 项" if number else "这种答复"
        found.append(
            Refusal(
                "missing_evidence",
                words[need]["article"],
                f"{where}还缺“{words[need]['label']}”",
                _WHEN.get(need) or f"补上“{words[need]['label']}”之后",
                need if need in ev.Evidence.model_fields else _FIELDS.get(need),
            )
        )
    return found


_FIELDS = {
    "consultation_or_reason": "no_consultation_reason",
    "redaction_log": "redaction",
}
_WHEN = {
    "search_record": f"先登记这一项的检索记录，至少查 {FEWEST_SOURCES} 处（例如档案室和业务系统）",
    "right_body": "写明负责公开的机关名称和联系方式；确实无法确定的，在说明中写明为什么",
    "counts": "写明申请人在多长时间内申请了多少件、多少项",
}


def with_whole(part: ev.Evidence, whole: ev.ProposeOutcome) -> ev.Evidence:
    """An item's evidence, with what was stated for the whole application where it says nothing."""
    if part is whole:
        return part
    stated = {name: value for name in ev.Evidence.model_fields if (value := getattr(whole, name))}
    return part.model_copy(
        update={name: value for name, value in stated.items() if not getattr(part, name)}
    )
