"""Guards of who asks, who answers, and of a reply that the body mends itself (law.md §7A, §1.1)."""

from workflow import events as ev
from workflow.case.guards.registry import Question, guard
from workflow.dates import in_words
from workflow.refusal import Refusal

NOT_OURS = "申请的信息不由本机关负责公开的，答复“非本机关负责公开”并告知负责的机关（条例36(5)）"


@guard
def somebody_else_goes_on(q: Question) -> Refusal | None:
    """变更后的申请人是另一个人，变更的事由不晚于变更之日。"""
    if not isinstance(q.event, ev.SubstituteApplicant):
        return None
    first = q.case.header.applicants[0].name if q.case.header.applicants else ""
    if q.event.successor == (q.case.facts.successor or first):
        message = "变更后的申请人与现在的申请人相同"
        return Refusal("bad_field", q.article, message, "填写继续申请的人", "name")
    if q.event.since and q.event.since > q.event.on:
        message = "死亡、终止之日晚于变更之日"
        return Refusal("bad_field", q.article, message, "请检查两个日期", "since")
    return None


@guard
def another_body_goes_on(q: Question) -> Refusal | None:
    """只有本机关被合并、撤销或者职责划转的，才移交给登记的承继机关；仅因事项属于其他机关的，应当答复。"""
    if not isinstance(q.event, ev.Transfer):
        return None
    to = q.case.others.receiver
    if to is None:
        message = f"没有代码为“{q.event.to}”的机关"
        return Refusal("bad_field", q.article, message, "请检查机关代码", "to")
    if not to.succeeds:
        message = f"{to.name}不是登记的承继机关。{NOT_OURS}"
        when = "本机关被合并、撤销或者职责划转，登记承继机关之后"
        return Refusal("missing_evidence", "条例36(5)", message, when, "to")
    if to.ended_on and q.event.on < to.ended_on:
        message = f"本机关到 {in_words(to.ended_on)}才终止"
        return Refusal("too_early", q.article, message, f"{in_words(to.ended_on)}起", "on")
    return None


@guard
def there_is_a_reply_to_revise(q: Question) -> Refusal | None:
    """已经作出答复或者终止办理的决定，才谈得上自行更正；申请人撤回的没有答复。"""
    if q.case.facts.outcome != "withdrawn":
        return None
    return Refusal(
        "missing_evidence", q.article, "申请人已经撤回申请，没有答复可以更正", "有答复之后"
    )


@guard
def no_open_redo(q: Question) -> Refusal | None:
    """正在重新办理的，不再另立一件。"""
    number = q.case.others.open_redo
    if number is None:
        return None
    message = f"{number} 正在重新办理，还没有答复"
    return Refusal("already_done", q.article, message, f"请在 {number} 中一并更正")
