"""The facts that an answer has to name besides its words (law.md §6.5A), outcome by outcome."""

from collections.abc import Callable

from workflow import events as ev
from workflow.case.guards.grounds import first_of, lacking
from workflow.case.guards.registry import Question, guard
from workflow.refusal import Refusal
from workflow.rules import grounds

Look = Callable[[Question, ev.Evidence], Refusal | None]


@guard
def facts_of_the_ground_are_named(q: Question) -> Refusal | None:
    """写明这种答复所要求的事实：禁止公开的是什么，危及哪一项，哪里仍不明确，刊物的名称，移交到哪个档案馆，申请的数量。"""

    def judge(code: str, evidence: ev.Evidence) -> Refusal | None:
        look = LOOKS.get(code)
        return look(q, evidence) if look else None

    return first_of(q, judge)


def _said(evidence: ev.Evidence) -> list[str]:
    """What the drafter wrote of the case: the ground, the explanation, the note."""
    said = (evidence.ground, evidence.reason, getattr(evidence, "note", None))
    return [text for text in said if text]


def _told(q: Question, evidence: ev.Evidence) -> bool:
    return any(not grounds.is_bare(text, q.case.rules.law) for text in _said(evidence))


def _forbidden(q: Question, evidence: ev.Evidence) -> Refusal | None:
    if _told(q, evidence):
        return None
    return lacking("条例14", "没有写申请的信息是什么、为什么在禁止之列", "写明事实", "ground")


def _threat(q: Question, evidence: ev.Evidence) -> Refusal | None:
    law, said = q.case.rules.law, [*_said(evidence), evidence.assessment]
    if evidence.subtype or grounds.names("threat", law, *said):
        return None
    return lacking(
        "条例14",
        "没有写明会危及国家安全、公共安全、经济安全、社会稳定中的哪一项",
        "写明是哪一项，公开会造成什么危害",
        "subtype",
    )


def _unclear(q: Question, evidence: ev.Evidence) -> Refusal | None:
    if _told(q, evidence):
        return None
    return lacking("条例30", "没有写补正之后哪里仍然不明确", "写明仍不明确的内容", "reason")


def _publication(q: Question, evidence: ev.Evidence) -> Refusal | None:
    law, header = q.case.rules.law, q.case.header
    said = (evidence.channel, evidence.address, *_said(evidence), header.request, *header.items)
    if grounds.names("publication", law, *said):
        return None
    return lacking("条例39(2)", "没有写公开出版物的名称", "写明名称和获取的途径", "channel")


def _archive(q: Question, evidence: ev.Evidence) -> Refusal | None:
    law, kept = q.case.rules.law, evidence.archive
    said = [kept.name if kept else None, evidence.channel, *_said(evidence)]
    article, when = "档案法15(2)", "写明国家档案馆的名称和移交日期"
    if not grounds.names("state_archive", law, *said):
        message = "没有写明已经移交哪个国家档案馆"
        if grounds.names("own_archive_room", law, *said):
            message = "仍在本机关档案室的，不是已移交国家档案馆"
        return lacking(article, message, when, "archive")
    if kept and kept.on:
        if kept.on <= q.on:
            return None
        return Refusal("bad_field", article, "移交日期晚于拟稿日期", "填写移交的日期", "archive")
    if grounds.names("day", law, *said):
        return None
    return lacking(article, "没有写明移交日期", when, "archive")


def _right_body(q: Question, evidence: ev.Evidence) -> Refusal | None:
    body = evidence.right_body
    if body is None or not body.name or body.name != q.case.header.body_name:
        return None
    message = "负责公开的机关填的是本机关"
    return Refusal("bad_field", "条例36(5)", message, "填写另一个机关", "right_body")


def _excessive(q: Question, evidence: ev.Evidence) -> Refusal | None:
    if evidence.counts and evidence.counts.first > evidence.counts.last:
        return Refusal("bad_field", "条例35", "起算日晚于截止日", "请检查两个日期", "counts")
    return None


LOOKS: dict[str, Look] = {
    "forbidden_by_law": _forbidden,
    "security_stability": _threat,
    "unclear_after_correction": _unclear,
    "publication": _publication,
    "in_state_archive": _archive,
    "not_responsible": _right_body,
    "excessive": _excessive,
}
"""What is looked at of an answer, by its outcome."""
