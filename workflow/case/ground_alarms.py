"""What rests on a word alone or is left open: the alarms of grounds, classification, money and withdrawal."""

import re
from datetime import date

from workflow import events as ev
from workflow.case.alarm_rules import alarm
from workflow.case.facts import CaseView
from workflow.case.guards.grounds import GIVING
from workflow.rules import grounds

GROUND_ARTICLE = re.compile(
    r"第\s*(?:十[四五六]|1[456])\s*[条、和及至或]|条例》?\s*1[456]"
    r"|(?:三十六|36)\s*(?:条\s*(?:第\s*)?|(?=[（(]))(?:[（(]?[一二三四五六1-6][）)]?\s*[、和及]\s*)*[（(]?[七7]"
)
"""A ground by its article: 条例14, 15, 16, or 36(7)."""


def parts_of(case: CaseView) -> tuple[tuple[str, ev.Evidence], ...]:
    """Every outcome that is proposed, with its own evidence."""
    return case.facts.answer.parts() if case.facts.answer else ()


def _may_still_say(case: CaseView) -> bool:
    """Whether the reply can still be written otherwise: it did not go out, and the case goes on."""
    return case.facts.served is None and case.rules.law.stage(case.state) not in ("done", "void")


@alarm("check", "条例14、36(7)")
def citation_rank_as_told(case: CaseView, today: date) -> str | None:
    """A title that the table does not know counts as the clerk tells its rank."""
    for _, evidence in parts_of(case):
        for one in grounds.cited(evidence.citation or "", case.rules.law):
            if one.counts and one.told and one.rank and _may_still_say(case):
                return (
                    f"《{one.title}》不在已知的名录里，其层级（{one.rank.label}）按填报，请核对原文"
                )
    return None


@alarm("check", "条例14至16、36(3)")
def part_withheld_without_article(case: CaseView, today: date) -> str | None:
    """What is withheld of a part needs its own ground: 条例36(3) alone names none (law.md §6.5A)."""
    for code, evidence in parts_of(case):
        if code != "partial" or not _may_still_say(case):
            continue
        places = [one.ground for one in evidence.redactions or ()]
        said = (evidence.ground, evidence.citation, evidence.redaction, *places)
        if not any(GROUND_ARTICLE.search(text) for text in said if text):
            return "部分公开没有写明不予公开的部分依据条例第十四、十五、十六条中的哪一条、哪一款"
    return None


@alarm("check", "保密法17")
def classified_by_authority(case: CaseView, today: date) -> str | None:
    """A county or township classifies only with an authority, or takes a level over (保密法17, 18)."""
    header, law = case.header, case.rules.law
    for code, evidence in parts_of(case):
        fact = evidence.classification
        if code != "state_secret" or fact is None or fact.derived_from or case.facts.served:
            continue
        power = grounds.classifier(fact.body, header.body_name, header.body_level, law)
        if power and power.others == "authority":
            return f"{power.label}以自己的定密为由，请核对定密授权的文件、范围和密级"
    return None


@alarm("check", "条例42；国办函〔2020〕109号")
def fee_to_settle(case: CaseView, today: date) -> str | None:
    """By pages what is supplied is charged: money paid for nothing is given back (law.md §2)."""
    facts = case.facts
    if not (facts.fee_paid and facts.fee_by_page and facts.outcome):
        return None
    if any(code in GIVING for code, _ in parts_of(case)) and facts.outcome != "withdrawn":
        return None
    paid = max(n for n, event in enumerate(case.events) if isinstance(event, ev.PayFee))
    later = [text for event in case.events[paid + 1 :] for text in _told(event)]
    if grounds.names("money", case.rules.law, *later):
        return None
    return f"申请人已经按量缴费 {facts.fee_yuan} 元，没有提供信息，还没有写明费用怎样处理"


def _told(event: ev.Event) -> list[str]:
    """The note and the reasons of an event."""
    parts = (event, *(getattr(event, "items", None) or ()))
    found = [getattr(part, name, None) for part in parts for name in ("note", "reason")]
    return [text for text in found if text]


@alarm("check", "办理惯例")
def withdrawn_without_writing(case: CaseView, today: date) -> str | None:
    """A withdrawal that the office typed in rests on the applicant's writing, or on a call confirmed."""
    for line in case.log:
        typed = line.event.name == "withdraw" and line.role != "applicant"
        if typed and not line.event.note and case.state == "closed":
            return "撤回申请由工作人员登记，还没有写明申请人的书面材料，或者电话之后的书面确认"
    return None
