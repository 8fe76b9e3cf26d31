"""What should worry an office about a case.

Those about review, court and remedies: workflow/case/dispute_alarms.py; about what was put right:
workflow/case/mended_alarms.py.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from workflow import events as ev
from workflow.case import dispute_alarms, ground_alarms, mended_alarms
from workflow.case.alarm_rules import RULES, Alarm, alarm, alarms
from workflow.case.awaited import papers_awaited
from workflow.case.facts import CaseView
from workflow.case.taken_over import is_event_taken_over, is_taken_over
from workflow.dates import in_words
from workflow.rules.linter import lint

__all__ = [
    "RULES", "Alarm", "alarms", "dispute_alarms", "ground_alarms", "mended_alarms",
]  # fmt: skip

E = TypeVar("E", bound=ev.Event)
HANDED_OVER = ("in_person", "ems", "oral")


# -- coming in ----------------------------------------------------------------------------------------


@alarm("late", "条例31", lost=1)
def signed_but_unregistered(case: CaseView, today: date) -> str | None:
    """What the body has in hand is received, whoever it was addressed to."""
    if case.state != "submitted" or not case.log:
        return None
    since = case.log[0].event.on
    if case.rules.calendar.count(since, today) < 1:
        return None
    if case.facts.channel in HANDED_OVER:
        return f"{in_words(since)}已经签收，还没有登记；期限从签收之日起算，信封写错收件人也一样"
    return f"{in_words(since)}提交，还没有与申请人确认，应当在收到当日、最迟下一工作日确认"


@alarm("check", "条例31、45", lost=2)
def registered_late(case: CaseView, today: date) -> str | None:
    """Whoever receives must hand over: the clock runs from receipt, not from registration. When it was registered somewhere
    else nobody knows here."""
    for line in case.log:
        recorded = line.recorded_at.date()
        here = not line.filled and not is_taken_over(line)
        if line.event.name == "receive" and case.received_on and here:
            days = case.rules.calendar.count(case.received_on, recorded)
            if days > 1 and case.rules.law.stage(case.state) in ("running", "waiting"):
                return f"收到之后 {days} 个工作日才登记，期限仍从收到之日起算"
    return None


@alarm("check", "条例31；国办公开办函〔2015〕207号", lost=1)
def confirmed_late(case: CaseView, today: date) -> str | None:
    due = case.deadlines
    if due.late_confirmation and case.rules.law.stage(case.state) in ("running", "waiting"):
        until = f"，请在 {in_words(due.act_by)}之前答复" if due.act_by else ""
        return f"没有在收到当日、最迟下一工作日与申请人确认，收到之日因此推迟{until}"
    return None


@alarm("check", "条例30", lost=7)
def correction_notice_was_late(case: CaseView, today: date) -> str | None:
    if case.deadlines.correction_notice_late:
        days = case.rules.period("correction_notice", case.received_on or today)
        return f"补正通知超过收到之日起 {days} 个工作日才发出，属程序瑕疵，请按原来的期限答复"
    return None


@alarm("check", "条例30", lost=7)
def second_round_of_correction(case: CaseView, today: date) -> str | None:
    if case.facts.corrections > 1 and case.rules.law.stage(case.state) != "done":
        return f"已经通知补正 {case.facts.corrections} 次，再次通知须经公开工作机构负责人决定"
    return None


# -- the period ---------------------------------------------------------------------------------------


@alarm("late", "条例33", lost=3)
def overdue(case: CaseView, today: date) -> str | None:
    """A late reply still goes out, and stays flagged."""
    due = case.deadlines.reply_due
    if case.deadlines.on_time is False:
        return "这件申请的答复已经逾期，答复仍然有效，逾期的事实保留在卷"
    running = case.rules.law.stage(case.state) == "running"
    if running and due and today > due:
        return f"已逾期 {case.rules.calendar.late(due, today)} 个工作日；仍须尽快答复"
    return None


@alarm("late", "国办公开办函〔2016〕235号", lost=5)
def signed_but_unsent(case: CaseView, today: date) -> str | None:
    """On time is the day of posting or signature, not the day on the letter. On the day of the signature
    nothing is late yet, but for a reply that is due."""
    approved, due = case.facts.approved_on, case.deadlines.reply_due
    if case.state == "ready" and approved and (today > approved or (due and today >= due)):
        return f"{in_words(approved)}已经签发，还没有送达；是否按期看交邮、签收、发送之日"
    return None


@alarm("check", "条例33(2)", lost=17)
def extension_without_served_notice(case: CaseView, today: date) -> str | None:
    extension = _last(case, ev.Extend)
    if extension and not extension.reached_on:
        return "延期通知没有登记申请人收到之日，请保存送达凭证；没有告知的延期无效"
    return None


@alarm("late", "条例17；保密法实施条例42")
def secrecy_review_takes_long(case: CaseView, today: date) -> str | None:
    """Never a consent: the reviewer is urged, the reply period runs on (law.md §8.2)."""
    sent = _last(case, ev.SendToSecrecyReview)
    if case.state != "secrecy_review" or sent is None or case.facts.ruling_open:
        return None
    days = case.rules.calendar.count(sent.on, today)
    if days <= int(case.rules["secrecy_review_days"]):
        return None
    return f"送保密审查已 {days} 个工作日，还没有意见；超过内部期限不视为同意，答复期限照常计算"


@alarm("check", "条例32、34")
def addressee_is_silent(case: CaseView, today: date) -> str | None:
    """The same silence has opposite effects: a third party's leaves the decision to the body, a
    co-maker's is consent."""
    if case.rules.law.stage(case.state) != "running":
        return None
    for number, asked in case.facts.consultations.items():
        if asked.answered_on is None and not asked.is_open(today):
            effect = {
                "consult_third_party": "既不等于同意，也不等于不同意，由本机关依照条例决定",
                "consult_joint_agency": "视为同意公开",
            }.get(asked.kind, "不再等待，由本机关决定")
            return f"第 {number} 次征求意见，对方逾期没有答复：{effect}"
    return None


# -- the answer ---------------------------------------------------------------------------------------


@alarm("check", "条例36(4)", lost=9)
def searched_in_one_place(case: CaseView, today: date) -> str | None:
    if not _rests_on_search(case):
        return None
    sources = {source for search in case.facts.searches for source in search.sources}
    if len(sources) < 2:
        return "只检索了一处；应当至少查两处，包括纸质档案和业务、财务系统，并询问有关科室"
    if not any("档案" in source for source in sources):
        return "检索的场所中没有档案室，请核对是否查过纸质档案"
    return None


@alarm("check", "条例36(4)", lost=9)
def nobody_was_asked_in_writing(case: CaseView, today: date) -> str | None:
    """What one unit says is no search; what no unit says in writing is none of its own."""
    if not _rests_on_search(case) or any(search.asked for search in case.facts.searches):
        return None
    return "检索记录里没有询问有关科室、站所的书面答复，请询问并写明答复人、日期"


@alarm("check", "条例36(4)", lost=10)
def searched_titles_only(case: CaseView, today: date) -> str | None:
    if not _rests_on_search(case):
        return None
    cited = [name for search in case.facts.searches for name in search.mentions or ()]
    if cited:
        return f"有文件提到或者附有该信息：{'、'.join(cited[:3])}，答复不存在之前请查明下落"
    if all(search.scope == "title" for search in case.facts.searches):
        return "只检索了题名，没有检索全文；请想一想本机关自己的文件是否提到、附有该信息"
    return None


@alarm("check", "条例36(4)", lost=11)
def searched_in_the_applicants_words_only(case: CaseView, today: date) -> str | None:
    if not _rests_on_search(case):
        return None
    asked = case.header.request + " ".join(case.header.items)
    words = {word for search in case.facts.searches for word in search.words}
    if words and all(word in asked for word in words):
        return "检索词都是申请人的原话，请加上同义词和规范名称再查"
    return None


@alarm("check", "条例15", lost=14)
def privacy_without_public_interest(case: CaseView, today: date) -> str | None:
    if not _drafted(case, "third_party_rights"):
        return None
    said = " ".join(
        text for code, e in _parts(case) for text in (e.ground, e.assessment, e.reason) if text
    )
    if not re.search(r"公共利益|区分处理|隐去|遮盖", said):
        return "没有写明是否涉及公共利益、能否隐去部分内容后提供；补偿、保障名单类信息尤其要写"
    return None


@alarm("check", "条例32")
def refused_although_third_party_agreed(case: CaseView, today: date) -> str | None:
    asked = [c for c in case.facts.consultations.values() if c.kind == "consult_third_party"]
    agreed = bool(asked) and all(c.stance(today) == "agrees" for c in asked)
    if agreed and _drafted(case, "third_party_rights"):
        return "第三方同意公开，仍以保护第三方为由不予公开，请核对"
    return None


@alarm("check", "现行法律", lost=19)
def outdated_words(case: CaseView, today: date) -> str | None:
    if case.rules.law.stage(case.state) != "running":
        return None
    hits = {
        hit.name: hit
        for event in case.events
        for text in _texts(event.model_dump(mode="json"))
        for hit in lint(text, case.rules.law, event.on)
    }
    return "；".join(f"“{hit.found}”：{hit.message}" for hit in hits.values()) or None


@alarm("check", "条例39(1)", lost=21)
def petition_without_channel(case: CaseView, today: date) -> str | None:
    """The letter may name the channel (条例39(1))."""
    for code, evidence in _parts(case):
        if code == "petition" and not (evidence.channel or evidence.address):
            return "按信访、投诉、举报类答复的，可以告知相应的渠道，例如信访部门的地址、电话"
    return None


@alarm("check", "条例30、32、33；国办公开办函〔2016〕235号四")
def paper_without_arrival(case: CaseView, today: date) -> str | None:
    """V32 of law.md §10: the addressee's days run from the arrival; the post can be asked."""
    for paper in papers_awaited(case):
        sent, rules = paper.delivery.sent_on, case.rules
        passed = rules.calendar.count(sent, today)
        if not paper.delivery.returned and passed >= rules.period("arrival_inquiry", sent):
            label = rules.law.transitions[paper.event.name].label
            return (
                f"“{label}”的文书 {in_words(sent)}发出，已过 {passed} 个工作日，"
                "还没有登记送达或者退回，请查询邮件"
            )
    return None


@alarm("check", "国办公开办函〔2016〕235号", lost=23)
def served_without_proof(case: CaseView, today: date) -> str | None:
    served = case.facts.served
    if served is None or case.state == "archived" or served.proof or served.proofs:
        return None
    if is_event_taken_over(case, served):
        return None
    what = {
        "mail": "交邮凭证、邮件号和签收记录",
        "electronic": "发送记录和未退回的证明",
    }.get(served.method, "送达回证")
    return f"还没有登记送达凭证：{what}"


# -- looking at the file ------------------------------------------------------------------------------


def _texts(value: Any) -> Iterator[str]:
    """Every text in the fields of an event, however deep it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _parts(case: CaseView) -> tuple[tuple[str, ev.Evidence], ...]:
    return case.facts.answer.parts() if case.facts.answer else ()


def _drafted(case: CaseView, code: str) -> bool:
    """The outcome is proposed and not yet served."""
    return case.facts.served is None and any(c == code for c, _ in _parts(case))


def _rests_on_search(case: CaseView) -> bool:
    if case.facts.served is not None or not case.facts.searches:
        return False
    needs = case.rules.law.outcomes
    return any("search_record" in needs[code].needs for code, _ in _parts(case))


def _last(case: CaseView, kind: type[E]) -> E | None:
    return next((e for e in reversed(case.events) if isinstance(e, kind)), None)
