"""Guards of the grounds of an answer: no label without a fact, no refusal without its law.

Each of them answers a case that a body lost (practice.md §7; its number stands in the test) or a line of
law.md §6.5A. What counts as a ground stands in config/law/grounds.toml.
"""

import re
from collections.abc import Callable, Iterator

from workflow import events as ev
from workflow.case.evidence import is_consulted, searches_for, with_whole
from workflow.case.guards.registry import Question, guard
from workflow.case.unnamed import without_numbers
from workflow.refusal import Refusal
from workflow.rules import grounds
from workflow.rules.outcomes import answer_of

Part = tuple[int | None, str, ev.Evidence]
LEVELS = ("绝密", "机密", "秘密")
UNCLEAR_ENDS = ("not_existing", "not_government_information")
CITING = ("forbidden_by_law", "administrative_query")
GIVING = ("supplied", "partial")
_BARE_OBJECTION = re.compile(r"(因|因为|由于)?第三方(书面)?(表示)?(不同意|反对)(公开)?")
WORDS_FOR = {
    "address": ("address",),
    "reason": ("reason", "ground", "note"),
    "assessment": ("assessment",),
    "redaction_log": ("redaction",),
    "window": ("window",),
    "channel": ("channel",),
}
"""The fields whose words satisfy a need; one of them has to say more than a label."""


def parts(q: Question) -> Iterator[Part]:
    """Every outcome that is proposed, with the number of its item and its own evidence."""
    if not isinstance(q.event, ev.ProposeOutcome) or not (q.event.outcome or q.event.items):
        return
    rules = q.case.rules
    answer = answer_of(q.event, rules.law, rules.settings)
    for code, evidence in answer.parts():
        number = evidence.item if isinstance(evidence, ev.ItemOutcome) else None
        yield number, code, with_whole(evidence, answer.evidence)


def first_of(q: Question, judge: Callable[[str, ev.Evidence], Refusal | None]) -> Refusal | None:
    """The first refusal among the parts, its field named in the part's item."""
    for number, code, evidence in parts(q):
        found = judge(code, evidence)
        if found is not None:
            message = f"第 {number} 项：{found.message}" if number else found.message
            return Refusal(found.rule, found.article, message, found.allowed_when, found.field)
    return None


def lacking(article: str, message: str, when: str, field: str) -> Refusal:
    return Refusal("missing_evidence", article, message, when, field)


@guard
def unclear_items_were_clarified(q: Question) -> Refusal | None:
    """内容不明确的项，未经补正或者核实，不能答复“不存在”“非政府信息”。"""
    if q.case.facts.corrections:
        return None
    for number, code, evidence in parts(q):
        unclear = q.case.facts.unclear_items
        marked = bool(unclear) if number is None else number in unclear
        if marked and code in UNCLEAR_ENDS and not evidence.clarification:
            where = f"第 {number} 项" if number else "申请内容"
            return Refusal(
                "missing_evidence",
                "条例30",
                f"{where}已标为不明确，没有通知补正，也没有与申请人核实",
                "通知补正之后；或者写明与申请人核实内容的记录",
                "clarification",
            )
    return None


@guard
def grounds_are_more_than_labels(q: Question) -> Refusal | None:
    """理由要写事实，不能只重复答复类型。"""
    law = q.case.rules.law

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        if evidence.ground and grounds.is_bare(evidence.ground, law):
            return lacking(
                "条例36(3)",
                "事实和理由只写了结论",
                "写明是什么信息、为什么符合法律规定的情形",
                "ground",
            )
        for need in law.outcomes[code].needs:
            said = {
                f: text for f in WORDS_FOR.get(need, ()) if (text := getattr(evidence, f, None))
            }
            if need == "redaction_log" and evidence.redactions:
                continue
            if said and all(grounds.is_bare(text, law) for text in said.values()):
                words, field = law.words.needs[need], next(iter(said))
                return lacking(
                    words["article"],
                    f"“{words['label']}”只写了“{said[field]}”，没有写具体内容",
                    _MORE.get(code, "写明具体的事实，不只写结论"),
                    field,
                )
        return None

    return first_of(q, judge)


@guard
def redactions_name_kinds_only(q: Question) -> Refusal | None:
    """遮盖的记录只写是什么样的内容，不写内容本身（条例37；个人信息保护法6）。"""

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        for one in evidence.redactions or ():
            for text in (one.place, one.withheld, one.given or "", one.ground):
                if without_numbers(text) != text:
                    return Refusal(
                        "bad_field", "条例37；个人信息保护法6",
                        "遮盖的记录里写了号码本身，没有保存",
                        "只写是什么内容，例如“身份证号码”“联系电话”", "redactions",
                    )  # fmt: skip
        return None

    return first_of(q, judge)


_MORE = {
    "petition": "写明申请中哪些话是要求处理事情，而不是要求提供已有的记录",
    "not_responsible": "写明信息由谁制作、保存，为什么不由本机关公开",
    "consultation": "写明提出的是怎样的询问，为什么不指向已有的记录",
    "needs_creation": "写明须由什么加工、汇总成什么",
    "excessive": "写明申请人说明的理由为什么不成立",
    "already_public": "写明栏目、标题或者网址",
}


@guard
def citation_is_a_law_or_regulation(q: Question) -> Refusal | None:
    """以法律、行政法规禁止公开或者另有规定为由的，引用法律或者行政法规的名称和条款，规章不够。"""
    law = q.case.rules.law

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        text = evidence.citation or ""
        if code not in CITING or grounds.is_later(text):
            return None
        found = grounds.cited(text, law)
        if any(one.counts for one in found):
            return None
        message, when = _why_not(found)
        return lacking("条例14" if code == CITING[0] else "条例36(7)", message, when, "citation")

    return first_of(q, judge)


def _why_not(found: list[grounds.Cited]) -> tuple[str, str]:
    """Why none of the norms counts, the nearest one first, and what would do."""
    both = "引用法律或者行政法规的名称和条、款、项"
    if not found:
        return "没有写法律、行政法规的名称", both
    one = next((c for c in found if c.rank and c.rank.counts and not c.against), found[0])
    if one.against and one.rank:
        return f"《{one.title}》是{one.rank.label}，与所注的层级不符", both
    if one.rank is None:
        return (
            f"《{one.title}》不在已知的法律、行政法规名录里",
            "注明层级和文号，例如“国务院令第×号”“第×届全国人大常委会第×次会议通过”；或者引用其他法律、行政法规",
        )
    if not one.rank.counts:
        return f"《{one.title}》不能作为依据：{one.rank.says}", both
    return f"没有写《{one.title}》的条款", both


@guard
def classified_by_a_competent_body(q: Question) -> Refusal | None:
    """以国家秘密为由的，密级须是绝密、机密、秘密之一，由有权的机关在此之前确定。"""
    header, law = q.case.header, q.case.rules.law

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        fact = evidence.classification
        if code != "state_secret" or fact is None:
            return None
        level = fact.level.removesuffix("级")
        who = fact.derived_from.body if fact.derived_from else fact.body
        power = grounds.classifier(who, header.body_name, header.body_level, law)
        if level not in LEVELS:
            message, when = "密级只能是绝密、机密、秘密", "请填写原件上标明的密级"
        elif fact.on > q.on:
            message, when = "定密日期晚于拟稿日期", "申请之后不得补定密级作为不公开的理由"
        elif power and level == "绝密" and not power.top_secret:
            message = f"{power.label}没有确定绝密级国家秘密的权限"
            when = "填写有权确定绝密的中央、省级机关；派生定密的，写明所依据的文件和它的机关"
        elif (
            power
            and power.others == "authority"
            and not (
                fact.authority or grounds.names("authority", law, evidence.ground, evidence.reason)
            )
        ):
            message = f"{power.label}没有定密权，除非有定密授权"
            when = (
                "写明定密授权（授权的省级、设区的市级机关或者国家、省级保密行政管理部门，文号、日期、密级）；"
                "派生定密的，写明所依据的文件和它的机关"
            )
        else:
            return None
        return lacking("条例14；保密法17", message, when, "classification")

    return first_of(q, judge)


def is_bare_objection(ground: str) -> bool:
    """True for a ground that only reports that the third party objects."""
    return bool(_BARE_OBJECTION.fullmatch(ground.strip("。；， ")))


@guard
def objection_was_weighed(q: Question) -> Refusal | None:
    """第三方不同意的，机关要自己判断理由是否成立，不能只转述。"""

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        own = evidence.assessment
        if code != "third_party_rights" or not own or not is_bare_objection(own):
            return None
        return lacking(
            "条例15、32",
            "只写了第三方不同意，没有本机关自己的判断",
            "写明是否确属商业秘密、个人隐私，公开有何损害，是否涉及公共利益，能否区分处理",
            "assessment",
        )

    return first_of(q, judge)


@guard
def third_party_was_asked_or_need_not_be(q: Question) -> Refusal | None:
    """以第三方权益为由的，须征求过第三方的意见，或者有法律所容许的理由不征求。"""
    law = q.case.rules.law

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        if code != "third_party_rights" or is_consulted(q.case, q.on):
            return None
        if grounds.lawful_reason(evidence.no_consultation_reason, evidence.tries or (), law):
            return None
        kinds = "；".join(row.label for row in law.grounds.no_consultation)
        return lacking(
            "条例15、32",
            "没有征求第三方意见，所写的也不是可以不征求的理由",
            f"先征求第三方意见；或者属于：{kinds}",
            "no_consultation_reason",
        )

    return first_of(q, judge)


@guard
def hits_are_explained(q: Question) -> Refusal | None:
    """检索到结果的，答复“不存在”要写明查到的为什么不是申请的信息。"""
    law = q.case.rules.law
    for number, code, _ in parts(q):
        if code != "not_existing":
            continue
        for made in searches_for(q.case, number, q.on):
            explained = any(
                s.why_not_these and not grounds.is_bare(s.why_not_these, law) for s in made
            )
            hits = sum(search.hits for search in made)
            if hits and not explained:
                where = f"第 {number} 项检索" if number else "检索"
                return Refusal(
                    "missing_evidence",
                    "条例36(4)",
                    f"{where}查到 {hits} 件，没有写为什么都不是申请的信息",
                    "在这一项的检索记录中写明“查到的为什么不是申请的信息”；是的，应当提供",
                )
    return None


@guard
def paid_fee_is_settled(q: Question) -> Refusal | None:
    """按量收费、已经缴费而什么也没有提供的，写明费用如何处理。"""
    facts = q.case.facts
    if not (facts.fee_paid and facts.fee_by_page) or not isinstance(q.event, ev.ProposeOutcome):
        return None
    answered = [code for _, code, _ in parts(q)]
    if not answered or any(code in GIVING for code in answered):
        return None
    event = q.event
    said = [event.note, event.reason, *(item.reason for item in event.items or ())]
    if grounds.names("money", q.case.rules.law, *said):
        return None
    return lacking(
        "条例42；国办函〔2020〕109号",
        f"申请人已经按量缴费{f' {facts.fee_yuan} 元' if facts.fee_yuan else ''}，没有提供信息的，不能收取",
        "在备注或者说明中写明已收的费用怎样处理（退还，或者新的金额）",
        "reason",
    )
