"""Guards of the secrecy review: judged item by item, each check of each (条例17; 保密法实施条例42)."""

from collections.abc import Mapping

from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.case.guards.registry import Question, guard
from workflow.refusal import Refusal
from workflow.rules.outcomes import GIVEN

ARTICLE = "条例17；保密法实施条例42"


@guard
def every_item_is_judged(q: Question) -> Refusal | None:
    """保密审查逐项进行：每一项申请、每一种核对都要有结论。"""
    if not isinstance(q.event, ev.PassSecrecyReview) or q.case.header.kind != "application":
        return None
    words = q.case.rules.law.words
    judged = judgements(q.case, q.event)
    numbers = range(1, max(1, len(q.case.header.items)) + 1)
    known = [one.item for one in q.event.items or ()]
    if len(set(known)) != len(known) or any(n not in numbers for n in known):
        return Refusal(
            "bad_field", ARTICLE, f"申请只有 {len(numbers)} 项，或者同一项审查了两次",
            "每项填写一次", "items",
        )  # fmt: skip
    for number in numbers:
        checks, note = judged.get(number, ({}, None))
        left = [label for name, label in words.secrecy_checks.items() if name not in checks]
        where = f"第 {number} 项" if len(numbers) > 1 else ""
        if left:
            return Refusal(
                "missing_evidence", ARTICLE, f"{where}还没有逐项核对：{'、'.join(left)}",
                "每一项都核对之后；没有的，选“没有”", "checks" if not known else "items",
            )  # fmt: skip
        wrong = {*checks} - {*words.secrecy_checks} or {*checks.values()} - {*words.secrecy_answers}
        if wrong:
            return Refusal(
                "bad_field", ARTICLE, f"{where}不能填写“{min(wrong)}”",
                f"核对的结论只能是：{'、'.join(words.secrecy_answers)}", "checks" if not known else "items",
            )  # fmt: skip
        found = [words.secrecy_checks[name] for name, said in checks.items() if said != "none"]
        if found and not note:
            return Refusal(
                "missing_evidence", ARTICLE, f"{where}涉及{'、'.join(found)}，没有写怎样处理",
                "写明是哪些内容、怎样处理", "note" if not known else "items",
            )  # fmt: skip
        if "withhold" in checks.values() and _given_whole(q.case, number):
            return Refusal(
                "bad_field", ARTICLE, f"{where}有不得公开的内容，拟办意见却是全部公开",
                "退回修改拟办意见", "checks" if not known else "items",
            )  # fmt: skip
    return None


def judgements(
    case: CaseView, event: ev.PassSecrecyReview
) -> dict[int, tuple[Mapping[str, str], str | None]]:
    """By item its checks and the words beside them; a case of one item may give the checks alone."""
    found: dict[int, tuple[Mapping[str, str], str | None]] = {
        one.item: (one.checks, one.note or event.note) for one in event.items or ()
    }
    if len(case.header.items) <= 1 and event.checks is not None:
        found.setdefault(1, (event.checks, event.note))
    return found


def _given_whole(case: CaseView, number: int) -> bool:
    answer = case.facts.answer
    if answer is None:
        return False
    code = next((item.outcome for item in answer.items if item.item == number), answer.outcome)
    cls = case.rules.law.outcomes[code].cls
    return cls in GIVEN and cls != "partial"
