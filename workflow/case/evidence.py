"""What an outcome needs on file before its reply can be approved (contracts/outcomes.json, `needs`).

Some needs are words of the draft (a ground, a citation): they are asked for when the outcome is
proposed. The others are acts (a search, a review): they are asked for when the leader signs.
"""

from collections.abc import Callable
from datetime import date

from config.law import Law
from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.refusal import Refusal
from workflow.rules.outcomes import Answer

Check = Callable[[CaseView, ev.Evidence, date], bool]


def _words(*fields: str) -> Check:
    """One of the fields is filled in."""

    def check(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
        return any(getattr(evidence, field, None) for field in fields)

    return check


def _consulted(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    finished = [
        c for c in case.facts.consultations.values()
        if c.kind == "consult_third_party" and not c.is_open(on)
    ]  # fmt: skip
    return bool(finished) or bool(evidence.no_consultation_reason)


def _redacted(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return bool(evidence.redaction or getattr(evidence, "note", None))


def _corrected(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.corrections > 0


def _asked_for_reasons(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.reasons_asked


def _reviewed(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return case.facts.secrecy_passed


def _searched(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    return bool(case.facts.searches)


def _supply_known(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    """As the applicant asked; else as the body determines it (条例40), in words of the draft."""
    return bool(case.header.delivery) or _words("address", "reason", "note")(case, evidence, on)


def _notice_reached(case: CaseView, evidence: ev.Evidence, on: date) -> bool:
    """The notices of correction and fee cannot be recorded without the day they reached."""
    return case.deadlines.correction_due is not None or case.deadlines.fee_due is not None


DRAFTED: dict[str, Check] = {
    "address": _words("address", "reason", "ground", "note"),
    "ground": _words("ground"),
    "citation": _words("citation"),
    "subtype": _words("subtype"),
    "classification": _words("classification"),
    "reason": _words("reason", "ground", "note"),
    "earlier_reply": _words("earlier_reply"),
    "consultation_or_reason": _consulted,
    "correction": _corrected,
    "reasons_asked": _asked_for_reasons,
}
ON_FILE: dict[str, Check] = {
    "secrecy_review": _reviewed,
    "search_record": _searched,
    "supply": _supply_known,
    "redaction_log": _redacted,
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
                f"补上“{words[need]['label']}”之后",
                _FIELDS.get(need),
            )
        )
    return found


_FIELDS = {
    "address": "address",
    "ground": "ground",
    "citation": "citation",
    "subtype": "subtype",
    "classification": "classification",
    "reason": "reason",
    "earlier_reply": "earlier_reply",
    "consultation_or_reason": "no_consultation_reason",
    "redaction_log": "redaction",
}


def with_whole(part: ev.Evidence, whole: ev.ProposeOutcome) -> ev.Evidence:
    """An item's evidence, with what was stated for the whole application where it says nothing."""
    if part is whole:
        return part
    stated = {name: value for name in ev.Evidence.model_fields if (value := getattr(whole, name))}
    return part.model_copy(
        update={name: value for name, value in stated.items() if not getattr(part, name)}
    )
