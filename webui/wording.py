"""Machine words in Chinese, from the law's tables; the few that no table has stand here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import load_law
from workflow import clock
from workflow import events as ev
from workflow.case.facts import Consultation
from workflow.dates import in_words, month_day
from workflow.diagram.written import article as in_full

YES_NO = {True: "是", False: "否"}
LITERALS: dict[str, dict[str, str]] = {
    "mode": {
        "by_item": "按件",
        "by_page": "按量（页）",
        "supplement": "补充",
        "correct": "更正",
        "replace": "重新答复",
    },
    "via": {"direct": "未经复议，直接起诉", "after_review": "复议之后起诉"},
    "instance": {"first": "一审", "appeal": "二审"},
    "role": {"respondent": "被告", "co_defendant": "与复议机关为共同被告"},
    "by": {"applicant": "申请人", "third_party": "第三方"},
    "scope": {"title": "只查题名", "full_text": "全文"},
}
TOLD = {
    "subtype": "类别", "citation": "依据", "ground": "理由", "redaction": "区分处理", "reason": "说明",
    "address": "在哪里看", "channel": "怎样取得", "window": "查询窗口", "right_body": "负责公开的机关",
    "delivery": "提供方式", "archive": "档案馆", "earlier_reply": "此前的答复", "searched": "检索情况",
}  # fmt: skip
"""What the parts of an answer are called on the applicant's page."""
MENDING = {
    "content": "写明文件的名称、文号或者年份，例如“某村某条公路的养护合同”",
    "identity": "交身份证件或者统一社会信用代码证的复印件、照片",
    "contact": "写明能联系到您的电话、地址或者电子邮箱",
    "form": "写明要纸质还是电子版，怎样领取，例如“邮寄”“电子邮箱”",
    "authority": "交写明委托事项、权限和期限并由委托人签名的授权委托书",
}
"""How each thing that a correction may ask for is mended, with an example."""
FACTS_OF_PARTS: dict[str, type[ev.Asked] | type[ev.Redaction] | type[ev.FilePair]] = {
    "asked": ev.Asked, "redactions": ev.Redaction, "pairs": ev.FilePair,
}  # fmt: skip
"""Fields that hold several facts, each of which says itself in a line."""
OUTCOME_CLASSES = load_law().words.outcome_classes
SUBTYPE_GROUPS = {code: load_law().outcomes[code].label for code in load_law().words.subtypes}
REMEDIES = load_law().words.remedies


def literal_label(field: str, value: str) -> str:
    """The word for a value of a field that takes only certain words."""
    words = load_law().words
    if field == "channel":
        # In a proposal it is the place to which the applicant is sent, in free words.
        return words.channels[value]["label"] if value in words.channels else value
    tables = {
        "method": words.methods,
        "opinion": words.opinions,
        "grounds": words.correction_grounds,
        **LITERALS,
    }
    return tables.get(field, {}).get(value, value)


def paper(one: clock.Paper) -> str:
    """征求第三方意见（第 1 次，3月6日发出，未登记送到）: a paper that went out, and what became of it."""
    number = getattr(one.event, "consultation", None)
    which = f"第 {number} 次，" if number else ""
    label = load_law().transitions[one.event.name].label
    return f"{label}（{which}{month_day(one.delivery.sent_on)}发出，{arrival(one.delivery)}）"


def arrival(delivery: clock.Delivery) -> str:
    """What became of a paper, in words."""
    if delivery.reached_on is not None:
        return f"{month_day(delivery.reached_on)}收到"
    if delivery.returned_on is not None:
        return f"{month_day(delivery.returned_on)}退回"
    return "还没有登记收到"


def stance(consultation: Consultation, on: date) -> str:
    """What the addressee of a consultation stands for, silence in its two meanings (条例32, 34)."""
    words = load_law().words.opinions
    if consultation.returned_on is not None and consultation.answered_on is None:
        return "被退回，须再次发出或者写明不再征求的理由"
    if consultation.is_open(on):
        return "还在等"
    if consultation.opinion in (None, "none"):
        if consultation.answered_on is not None and consultation.opinion is None:
            return "已经收到，没有记录是否同意"
        if consultation.kind == "consult_joint_agency":
            return f"{words['none']}，视为同意（条例34）"
        if consultation.kind == "consult_third_party":
            return f"{words['none']}，由本机关自行决定（条例32）"
        return words["none"]
    return words[str(consultation.opinion)]


def actors(roles: Iterable[str]) -> str:
    """经办人、承办科室. The system is nobody to ask."""
    words = load_law().words
    return "、".join(words.roles[role] for role in roles if role != "system")


def basis(article: str) -> str:
    """The article of an outcome's table, as it is written out."""
    return in_full(article)


def subtype_label(code: str) -> str:
    for group in load_law().words.subtypes.values():
        if code in group:
            return group[code]
    return code


# -- what a line of the log says ----------------------------------------------------------------------


SAID_ELSEWHERE = ("paper", "proofs")
"""Hashes of papers: the file shows which ones they are."""


def said(event: str, fields: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a logged event as (label, text), both in Chinese."""
    found: list[tuple[str, str]] = []
    for name, value in fields.items():
        if name == "items" and event == "propose_outcome":
            found.extend(_said_item(item) for item in value)
        elif name == "items" and event == "pass_secrecy_review":
            found.extend((f"第 {item['item']} 项", _said_review(item)) for item in value)
        elif name == "items" and event == "return_draft":
            found.extend((f"第 {item['item']} 项", item["reason"]) for item in value)
        elif name in SAID_ELSEWHERE:
            continue
        elif name == "fields" and event == ev.CorrectEntry.name:
            continue  # the line that was corrected says it
        elif (field := ev.field_called(event, name)) is not None:
            label = ev.field_title(event, field).split("（一行")[0]
            found.append((label, said_value(event, name, value)))
    return found


def said_day(day: date | None) -> str:
    return in_words(day) if day else ""


def _said_item(item: dict[str, Any]) -> tuple[str, str]:
    text = load_law().outcomes[item["outcome"]].label
    proof = [
        f"{ev.field_title('propose_outcome', name)}：{said_value('propose_outcome', name, value)}"
        for name, value in item.items()
        if name not in ("item", "outcome")
    ]
    return f"第 {item['item']} 项", "；".join([text, *proof])


def _said_review(item: dict[str, Any]) -> str:
    """What the reviewer found in an item, the checks with the same answer together."""
    words, by_answer = load_law().words, dict[str, list[str]]()
    for check, answer in item["checks"].items():
        label = words.secrecy_checks.get(check, check)
        by_answer.setdefault(words.secrecy_answers.get(answer, answer), []).append(label)
    said = [f"{'、'.join(checks)}：{answer}" for answer, checks in by_answer.items()]
    return "；".join([*said, *([item["note"]] if item.get("note") else [])])


def said_value(event: str, name: str, value: Any) -> str:
    """One value of an event in words."""
    law = load_law()
    if isinstance(value, bool):
        return YES_NO[value]
    if name == "outcome":
        return law.outcomes[value].label
    if name == "stands":
        return "、".join(law.words.needs["secrecy_review"]["label"] if one == "secrecy" else law.transitions["pass_legal_check"].label for one in value)  # fmt: skip
    if name == "of":
        return law.transitions[value].label if value in law.transitions else str(value)
    if name == "subtype":
        return subtype_label(value)
    if name == "result" and event == "propose_outcome":
        kinds = law.words.kinds.values()
        return next((k["results"][value] for k in kinds if value in k.get("results", {})), value)
    if name == "result":
        return law.results[(event.removeprefix("conclude_"), value)].label
    if isinstance(value, dict):
        titles, answers = law.titles, {**law.words.secrecy_checks, **law.words.secrecy_answers}
        return "，".join(
            f"{titles.get(f'{name}_{key}', answers.get(key, key))}：{_part(part, answers)}"
            for key, part in value.items()
        )
    if name == "grounds":
        return "、".join(literal_label(name, part) for part in value)
    if name in FACTS_OF_PARTS and isinstance(value, list | tuple):
        fact = FACTS_OF_PARTS[name]
        return "；".join(one if isinstance(one, str) else fact(**one).told for one in value)
    if isinstance(value, list | tuple):
        return "；".join(_part(part, {}) for part in value)
    if name == "carrier":
        return law.words.carriers.get(value, [value])[0]
    if isinstance(value, str) and (name in LITERALS or name in ("channel", "method", "opinion")):
        return literal_label(name, value)
    return _plain(value)


def _part(value: Any, words: Mapping[str, str]) -> str:
    """A part of a fact: a nested one by its parts, a word of a table by its label."""
    if isinstance(value, dict):
        return " ".join(_plain(part) for part in value.values())
    return words.get(value, _plain(value)) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return in_words(date.fromisoformat(value))
        except ValueError:
            return value
    return str(value)


# -- how urgent it is ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class DueMark:
    """The urgency of a case: never by colour alone, always in words. level: late, today, soon, ok,
    still or done."""

    level: str
    text: str


SOON_WORKDAYS = 5
_STILL = {
    "submitted": "待确认，尚未计时",
    "awaiting_correction": "待补正，计时已停",
    "awaiting_payment": "待缴费，计时已停",
}


def due_mark(
    state: str,
    due: date | None,
    left: int | None,
    clock: str = "running",
    *,
    kind: str = "",
    reply_left: int | None = None,
) -> DueMark:
    """How urgent a case is. left: working days to the due day, negative when it is past. kind: of DUE_KINDS, of
    which the day is. reply_left: to the last day to reply itself, which may be a later one: only past it is a
    reply late, as in file and report (law.md §3.1(8))."""
    law = load_law()
    if law.stage(state) in ("done", "void"):
        return DueMark("done", law.states[state].label)
    if state in _STILL and kind != "reply":
        late = left is not None and left < 0
        if state != "submitted" and late:
            return DueMark(
                "late", f"{law.states[state].label}，申请人已逾期 {-(left or 0)} 个工作日"
            )
        return DueMark("still", _STILL[state])
    if due is None or left is None:
        return DueMark("still", law.states[state].label)
    if left < 0 and kind == "reply" and reply_left is not None and reply_left >= 0:
        return DueMark("late", f"本机关迟延，请立即答复；法定期限还有 {reply_left} 个工作日")
    if left < 0:
        return DueMark("late", f"逾期 {-left} 个工作日")
    if clock == "excluding":
        return DueMark("still", "征求意见中，不计时")
    if left == 0:
        return DueMark("today", "今天到期")
    return DueMark("soon" if left <= SOON_WORKDAYS else "ok", f"剩 {left} 个工作日")


DUE_KINDS = {"reply": "答复期限", "correction": "补正期限", "fee": "缴费期限"}
