"""What should worry an office about a reply that it mends itself, a log that was put right, and an
applicant who is gone (law.md §1.1, §7A)."""

from datetime import date

from workflow import events as ev
from workflow.case.alarm_rules import alarm
from workflow.case.facts import CaseView


@alarm("late", "行政诉讼法62；行诉解释81")
def organ_not_told_of_revision(case: CaseView, today: date) -> str | None:
    """Who mends a reply while a review or suit runs tells the organ or court in writing."""
    revised = case.facts.revised
    waiting = any(p.concluded_on is None for p in case.facts.proceedings.values())
    if revised is None or not waiting or revised.told_on is not None:
        return None
    for event in case.events:
        told = isinstance(event, ev.RecordDelivery) and event.of == revised.name
        if told and event.on >= revised.on:
            return None
    return "复议、诉讼期间自行更正、重新答复的，须书面告知复议机关、法院；告知之后请登记"


@alarm("check", "民法典1122；办理惯例")
def successors_were_waited_for(case: CaseView, today: date) -> str | None:
    """An application is not ended before heirs or successors had time to come forward (law.md §7A)."""
    answer = case.facts.answer
    if answer is None or case.facts.served or answer.outcome != "applicant_gone":
        return None
    days = case.rules["successor_wait_days"]
    return f"申请人死亡、终止的，须等继承人、承继者 {days} 日；有人继续申请的，先变更申请人"


@alarm("check", "条例45")
def entries_not_allowed_any_more(case: CaseView, today: date) -> str | None:
    """What a wrong entry had allowed and would not be allowed now: to be looked at, not undone."""
    found = [f"第 {one.seq} 条" for one in case.findings()]
    if not found:
        return None
    return f"登记更正之后，{'、'.join(found)}原本不能这样办理，请核对"
