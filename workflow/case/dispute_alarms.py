"""What should worry an office about review, court, and the remedies that its replies name.

What a court or an organ of review did is registered whenever it happened; here it is only said that it
came early, late or by another way than the law's, which is for them to judge (law.md §1.1).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from workflow import events as ev
from workflow.case.alarm_rules import alarm
from workflow.case.facts import CaseView, Proceeding
from workflow.case.remedies import (
    kinds_against,
    last_days_of_silence,
    remedy_of_case,
    reply_reached_on,
    silent_since,
)
from workflow.clock import add_months
from workflow.dates import in_words
from workflow.rules import proceedings
from workflow.rules.remedy import FIRST

WORDS = {"review": "复议", "suit": "诉讼"}


def _all(case: CaseView, kind: str | None = None) -> list[Proceeding]:
    return [p for p in case.facts.proceedings.values() if kind in (None, p.kind)]


def _first_instances(case: CaseView) -> Iterator[Proceeding]:
    """What was filed against the body by the applicant: reviews, and suits of the first instance."""
    for one in _all(case):
        if one.by == "applicant" and (one.kind == "review" or one.instance == "first"):
            yield one


# -- how it came --------------------------------------------------------------------------------------


@alarm("check", "行政复议法23(1)；法释〔2025〕8号")
def sued_without_review_first(case: CaseView, today: date) -> str | None:
    """V19 of law.md §10: a direct suit over a refusal under 条例14 to 16, whole or in part, or over silence."""
    for one in sued_past_review(case):
        what = "不予公开的答复" if _answered(case, one.filed_on) else "逾期不答复"
        return f"{what}应当先复议，申请人却直接起诉；请核对是否告知了复议前置，由法院依法处理"
    return None


def sued_past_review(case: CaseView) -> list[Proceeding]:
    """Direct suits of the applicant where review comes first (行政复议法23(1)(3)(4))."""
    return [
        one
        for one in _first_instances(case)
        if one.kind == "suit" and one.via == "direct" and FIRST in kinds_against(case, one)
    ]


@alarm("check", "行政复议法20、30；行政诉讼法46、47")
def premature(case: CaseView, today: date) -> str | None:
    """Filed within the period of reply, before there was an answer: registered all the same, and the days
    to answer run."""
    for one in _all(case):
        if one.instance != "first" or _answered(case, one.filed_on):
            continue
        if one.by == "third_party" and _third_party_was_told(case, one.filed_on):
            continue
        if silent_since(case, one.filed_on) is None:
            word = WORDS[one.kind]
            return (
                f"{in_words(one.filed_on)}的{word}提出时，答复期限还没有届满，也还没有答复；是否受理由"
                f"{'复议机关' if one.kind == 'review' else '法院'}决定，本机关仍须按期提交答复和证据"
            )
    return None


@alarm("check", "行政复议法20；行政诉讼法45、46")
def out_of_time(case: CaseView, today: date) -> str | None:
    """Filed after the last day, as far as the day of receipt is known."""
    for one in _first_instances(case):
        last = None if _replied_anew(case, one.filed_on) else _last_day(case, one)
        if last is not None and one.filed_on > last:
            return (
                f"{in_words(one.filed_on)}的{WORDS[one.kind]}超过了期限（{in_words(last)}届满）；是否有正当"
                "理由由复议机关、法院审查，答复时可以提出"
            )
    return None


def _replied_anew(case: CaseView, on: date) -> bool:
    """A new reply had been ordered or begun by the day: what is filed then may be against that one."""
    return any(isinstance(e, ev.OrderRedo | ev.ReviseReply) and e.on <= on for e in case.events)


def _last_day(case: CaseView, one: Proceeding) -> date | None:
    rules = case.rules
    if one.kind == "suit" and one.via == "after_review":
        decided = [p.decided_on for p in _all(case, "review") if p.decided_on and p.decided_on <= one.filed_on]  # fmt: skip
        if not decided:
            return None
        since = max(decided)
        end = since + timedelta(rules.period("suit_after_review", since))
        return rules.calendar.on_or_after(end)
    if not _answered(case, one.filed_on):
        silent = silent_since(case, one.filed_on)
        days = last_days_of_silence(silent, case) if silent else None
        return (days.review if one.kind == "review" else days.suit) if days else None
    reached = reply_reached_on(case)
    if reached is None or reached > one.filed_on:
        return None
    if one.kind == "review":
        end = reached + timedelta(rules.period("review", reached))
    else:
        end = add_months(reached, rules.period("suit_direct", reached))
    return rules.calendar.on_or_after(end)


def _answered(case: CaseView, on: date) -> bool:
    """There was a reply, or an end of the case, by the day."""
    served = case.deadlines.service_effective_date if case.facts.served else case.facts.closed_on
    return served is not None and served <= on


def _third_party_was_told(case: CaseView, on: date) -> bool:
    """The body had decided to release against the third party's will (条例32)."""
    told = (one.overridden_on for one in case.facts.consultations.values())
    return any(day is not None and day <= on for day in told)


# -- what the body must do in it ----------------------------------------------------------------------


@alarm("late", "行政复议法48、54；行政诉讼法67", lost=24)
def answer_to_review_or_court(case: CaseView, today: date) -> str | None:
    """Evidence that comes late counts as none."""
    waiting = [p for p in _all(case) if p.concluded_on is None and p.answer_due]
    if not waiting:
        return None
    first = min(waiting, key=lambda p: p.answer_due or date.max)
    assert first.answer_due is not None
    word = "复议答复" if first.kind == "review" else "诉讼答辩"
    state = "已经届满" if today > first.answer_due else "届满"
    more = ""
    if first.summary and proceedings.before_working_days(first.copy_on, case.rules):
        more = "（当时的行政复议法没有简易程序，按一般程序计算）"
    if first.provisional:
        more += "（没有登记收到副本之日，暂从提出之日起算）"
    return (
        f"{word}和全部证据的提交期限于 {in_words(first.answer_due)}{state}{more}；逾期视为没有证据"
    )


@alarm("check", "行政复议法48；行政诉讼法67")
def copy_day_unknown(case: CaseView, today: date) -> str | None:
    """V33 of law.md §10: the days to answer run from the day on which the copy reached the body."""
    for one in _all(case):
        if one.concluded_on is None and one.provisional:
            paper = "复议申请书副本" if one.kind == "review" else "起诉状副本"
            return f"还没有登记收到{paper}的日子，答复期限从那一天起算，请核对收文登记，用“更正登记”补记"
    return None


@alarm("check", "行政复议法46；行政诉讼法35", lost=24)
def evidence_after_the_copy(case: CaseView, today: date) -> str | None:
    """V33 of law.md §10: what is gathered after the copy came proves nothing for the reply at issue."""
    if case.state == "archived" or not (late := searches_after_the_copy(case)):
        return None
    days = "、".join(in_words(line) for line in sorted(set(late.values())))
    return f"{days}的检索记录形成于收到副本之后，不能用来证明被复议、被起诉的行为合法"


def searches_after_the_copy(case: CaseView) -> dict[int, date]:
    """Number of the log line → day of each search that was made while a review or suit ran whose copy had
    come (行政复议法46): it is not for that reply."""
    found = {}
    for line in case.log:
        if not isinstance(line.event, ev.RecordSearch):
            continue
        for one in _all(case):
            came, ended = one.copy_received_on, one.concluded_on
            if came and came < line.event.on and (ended is None or line.event.on <= ended):
                found[line.seq] = line.event.on
    return found


@alarm("late", "行政诉讼法85")
def appeal_runs(case: CaseView, today: date) -> str | None:
    """Whether to appeal is to be decided within the days."""
    for one in _all(case, "suit"):
        appealed = any(
            p.instance == "appeal" and one.concluded_on and p.filed_on >= one.concluded_on
            for p in _all(case, "suit")
        )
        if one.appeal_due and today <= one.appeal_due and not appealed:
            return f"上诉期限至 {in_words(one.appeal_due)}；不上诉的，裁判生效后按其履行"
    return None


@alarm("late", "行政复议法76")
def report_on_the_opinion(case: CaseView, today: date) -> str | None:
    """A 行政复议意见书 asks for a report on what was mended."""
    due = [p.report_due for p in _all(case, "review") if p.report_due]
    if not due or case.state == "archived":
        return None
    return f"收到行政复议意见书，须在 {in_words(min(due))}之前向复议机关报送办理情况"


@alarm("check", "行政复议法64、73、77；行政诉讼法70")
def redo_without_correction(case: CaseView, today: date) -> str | None:
    """A new reply follows a corrected result, a mediation or a settlement; else look again."""
    if not any(line.event.name == "order_redo" for line in case.log):
        return None
    results = case.rules.law.results
    ended = [results[(p.kind, p.result)] for p in _all(case) if p.result]
    if any(result.cell == "corrected" or result.agreed for result in ended):
        return None
    return "登记了责令重新答复，但登记的复议、诉讼结果都没有纠正原答复，请核对文书"


# -- what replies tell --------------------------------------------------------------------------------


@alarm("check", "行政复议法22(2)、23(2)", lost=18)
def remedy_text_is_incomplete(case: CaseView, today: date) -> str | None:
    """A reply that leaves organ or court open tells nothing: its applicant has a year (行诉解释64)."""
    if not case.facts.outcome or case.state == "archived":
        return None
    missing = remedy_of_case(case, today).missing
    if not missing:
        return None
    labels = "、".join(case.rules.law.settings[name].label for name in missing)
    return f"本机关还没有设置{labels}，答复书中的救济途径不完整"
