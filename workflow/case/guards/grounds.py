"""Guards of the grounds of an answer: no label without a fact, no refusal without its law.

Each of them answers a case that a body lost (practice.md §7); its number stands in the test.
"""

import re
from collections.abc import Callable, Iterator

from config.law import Law
from workflow import events as ev
from workflow.case.evidence import with_whole
from workflow.case.guards.registry import Question, guard
from workflow.refusal import Refusal
from workflow.rules.outcomes import answer_of

Part = tuple[int | None, str, ev.Evidence]
LEVELS = ("绝密", "机密", "秘密")
NO_POWER = ("township", "county_department", "county")
UNCLEAR_ENDS = ("not_existing", "not_government_information")
_BARE_OBJECTION = re.compile(r"(因|因为|由于)?第三方(书面)?(表示)?(不同意|反对)(公开)?")
_TITLE = re.compile(r"《([^》]+)》")
_LAW_IN_TEXT = re.compile(r"[\u4e00-\u9fff]法(?=第|[（(，。；、\s\d]|$)")
_LOCAL = re.compile(
    r"^(?!城市|中华人民共和国)[\u4e00-\u9fff]{2,10}?(省|自治区|自治州|自治县|经济特区|市(?!场|政))"
)
# Words that name a ground and prove nothing.
LABELS = frozenset(
    ("个人隐私", "商业秘密", "国家秘密", "工作秘密", "内部信息", "内部管理信息", "企业档案", "内部文件",
     "过程性信息", "内部事务信息", "执法案卷", "不宜公开", "不便公开", "涉密", "影响社会稳定")
)  # fmt: skip


def parts(q: Question) -> Iterator[Part]:
    """Every outcome that is proposed, with the number of its item and its own evidence."""
    if not isinstance(q.event, ev.ProposeOutcome) or not (q.event.outcome or q.event.items):
        return
    rules = q.case.rules
    answer = answer_of(q.event, rules.law, rules.settings)
    for code, evidence in answer.parts():
        number = evidence.item if isinstance(evidence, ev.ItemOutcome) else None
        yield number, code, with_whole(evidence, answer.evidence)


def _first(q: Question, judge: Callable[[str, ev.Evidence], Refusal | None]) -> Refusal | None:
    """The first refusal among the parts, its field named in the part's item."""
    for number, code, evidence in parts(q):
        found = judge(code, evidence)
        if found is not None:
            message = f"第 {number} 项：{found.message}" if number else found.message
            return Refusal(found.rule, found.article, message, found.allowed_when, found.field)
    return None


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

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        if evidence.ground and is_label(evidence.ground, q.case.rules.law):
            return Refusal(
                "missing_evidence",
                "条例36(3)",
                "事实和理由只写了结论",
                "写明是什么信息、为什么符合法律规定的情形",
                "ground",
            )
        return None

    return _first(q, judge)


def is_label(ground: str, law: Law) -> bool:
    """True for a ground that only names the kind of answer: 属于个人隐私, 行政执法案卷."""
    plain = re.sub(r"^(该信息|申请的信息)?(属于|涉及|系)", "", ground.strip("。；， "))
    labels = {outcome.label for outcome in law.outcomes.values()}
    return plain in LABELS or plain in labels or f"属于{plain}" in labels


@guard
def citation_is_a_law_or_regulation(q: Question) -> Refusal | None:
    """以法律、行政法规禁止公开为由的，引用的须是法律或者行政法规，规章不够。"""

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        if code != "forbidden_by_law" or is_law_or_regulation(evidence.citation or ""):
            return None
        return Refusal(
            "missing_evidence",
            "条例14",
            "引用的不是法律或者行政法规，规章和地方性法规不能作为条例第十四条的依据",
            "引用法律或者行政法规的名称和条款；名称为“规定”“办法”的行政法规，请注明“行政法规”或者国务院令号",
            "citation",
        )

    return _first(q, judge)


def is_law_or_regulation(citation: str) -> bool:
    """True if the words name a law or an administrative regulation, not only a rule (规章) or a local
    regulation."""
    if "行政法规" in citation or re.search(r"国务院(令|第)", citation):
        return True
    titles = _TITLE.findall(citation)
    for title in titles:
        if title.endswith("法") and not title.endswith("办法"):
            return True
        if title.endswith("条例") and not _LOCAL.search(title):
            return True
    if titles:
        return False
    if re.search(r"条例", citation) and not _LOCAL.search(citation):
        return True
    return any(not citation[: m.end()].endswith("办法") for m in _LAW_IN_TEXT.finditer(citation))


@guard
def classified_by_a_competent_body(q: Question) -> Refusal | None:
    """以国家秘密为由的，密级须是绝密、机密、秘密之一，由有权的机关在此之前确定。"""
    header = q.case.header

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        fact = evidence.classification
        if code != "state_secret" or fact is None:
            return None
        if fact.level.removesuffix("级") not in LEVELS:
            message, when = "密级只能是绝密、机密、秘密", "请填写原件上标明的密级"
        elif fact.on > q.on:
            message, when = "定密日期晚于拟稿日期", "申请之后不得补定密级作为不公开的理由"
        elif header.body_level in NO_POWER and header.body_name and fact.body == header.body_name:
            message = "乡镇、县级机关一般没有定密权，不能以自己定的密级为由"
            when = "填写有定密权的机关；派生定密的，填写原定密机关"
        else:
            return None
        return Refusal("missing_evidence", "条例14；保密法17", message, when, "classification")

    return _first(q, judge)


def is_bare_objection(ground: str) -> bool:
    """True for a ground that only reports that the third party objects."""
    return bool(_BARE_OBJECTION.fullmatch(ground.strip("。；， ")))


@guard
def objection_was_weighed(q: Question) -> Refusal | None:
    """第三方不同意的，机关要自己判断理由是否成立，不能只转述。"""
    objected = any(
        c.kind == "consult_third_party" and c.opinion == "objects"
        for c in q.case.facts.consultations.values()
    )

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        if code != "third_party_rights" or not objected or evidence.assessment:
            return None
        if is_bare_objection(evidence.ground or ""):
            return Refusal(
                "missing_evidence",
                "条例15、32",
                "只写了第三方不同意，没有本机关自己的判断",
                "写明是否确属商业秘密、个人隐私，公开有何损害，是否涉及公共利益，能否区分处理",
                "assessment",
            )
        return None

    return _first(q, judge)
