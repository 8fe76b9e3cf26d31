"""Guards of an earlier reply: when an application is a repeated one (条例36(6); law.md §6.5C)."""

import re

from workflow import events as ev
from workflow.case.guards.grounds import first_of
from workflow.case.guards.registry import Question, guard
from workflow.case.number import number_written, numbers_in, year_of
from workflow.case.others import OtherCase
from workflow.dates import in_words
from workflow.refusal import Refusal
from workflow.rules import grounds

_A_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9/._-]{1,60}")
"""A word of letters and figures: the number that another system gave."""
REPEATED = ("repeat", "reconfirmation")


@guard
def earlier_reply_is_one(q: Question) -> Refusal | None:
    """重复申请、要求重新出具的，须有对同一申请人、同一信息的此前答复。"""

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        text = evidence.earlier_reply
        if code not in REPEATED or not text or grounds.is_later(text):
            return None
        other = q.case.others.earlier.get(text)
        found = _unfit(q, code, other) if other else _unfit_words(q, text)
        if found is not None:
            message, when = found
            return Refusal("bad_field", "条例36(6)", message, when, "earlier_reply")
        if other is None or not (other.by_name or not other.alike):
            return None
        said = (evidence.reason, evidence.ground, getattr(evidence, "note", None))
        if any(text and not grounds.is_bare(text, q.case.rules.law) for text in said):
            return None
        message = (
            f"{other.number} 的申请人没有登记身份证明，只有姓名相同"
            if other.by_name
            else f"{other.number} 申请的是“{other.request[:40]}”，与本件文字不同"
        )
        when = "在说明中写一句：为什么是同一申请人、同一信息"
        return Refusal("missing_evidence", "条例36(6)", message, when, "reason")

    return first_of(q, judge)


def _unfit(q: Question, code: str, other: OtherCase) -> tuple[str, str] | None:
    """Why a case of the store is no earlier reply, and what would do; None if it is one."""
    received, another = q.case.received_on, "填写此前对同一申请人、同一信息的答复"
    if other.number == q.case.header.number:
        return "此前答复填的是本件自己的编号", another
    if not other.same_applicant:
        return f"{other.number} 的申请人与本件不同，不是重复申请", another
    if other.open:
        return (
            f"{other.number} 还没有答复，不是重复申请",
            "办理“并案”，两件一并答复；或者等那一件答复之后",
        )
    if other.answered_on is None:
        return (
            f"{other.number} 没有作出答复（作废、撤回、逾期不补正等不是答复），不是重复申请",
            another,
        )
    if received and other.answered_on > received:
        return (
            f"{other.number} 于 {in_words(other.answered_on)}才答复，晚于收到本件之日",
            "两件一并答复，不作为重复申请",
        )
    if other.overturned:
        return f"{other.number} 的答复已经被纠正或者另行答复", "填写重新答复的编号"
    given = q.case.rules.law.outcomes[str(other.outcome)].cls in ("disclose", "partial")
    if code == "reconfirmation" and not given:
        return f"{other.number} 没有提供信息，谈不上确认或者重新出具", another
    return None


def _unfit_words(q: Question, text: str) -> tuple[str, str] | None:
    """Words may only name a reply from before the store, by its number and day."""
    first = q.case.others.first_year
    for number in numbers_in(text):
        if first is not None and year_of(number) >= first:
            return f"没有编号为“{number}”的申请", "请检查编号"
    if grounds.names("reference", q.case.rules.law, text):
        return None
    if _A_CODE.fullmatch(text.strip()) or number_written(text):
        return (
            f"本系统没有编号为“{text.strip()}”的申请",
            "请检查编号；系统启用之前的，写明文号和日期",
        )
    return (
        "没有写明此前是哪一件答复",
        "填写此前答复的编号；系统启用之前的，写明文号和日期",
    )
