"""Guards of entries that are put right (law.md §7A)."""

from workflow import events as ev
from workflow.case.correcting import right_event
from workflow.case.guards.registry import Question, guard
from workflow.refusal import BadInput, Refusal


@guard
def entry_can_be_put_right(q: Question) -> Refusal | None:
    """更正的是办理记录中的一条，写明正确的内容；不能改成另一种事项。"""
    if not isinstance(q.event, ev.CorrectEntry):
        return None
    line = next((one for one in q.case.written if one.seq == q.event.seq), None)
    if line is None:
        return _wrong(q, "seq", f"办理记录没有第 {q.event.seq} 条", "请填写要更正的那一条的序号")
    if isinstance(line.event, ev.CorrectEntry):
        return _wrong(q, "seq", "这一条本身是更正", f"请再次更正第 {line.event.seq} 条")
    fields = q.event.fields
    if "event" in fields:
        return _wrong(
            q, "fields.event", "更正不能把一条记录改成另一种事项", "撤销这一条，再登记正确的事项"
        )
    if ev.TAKEN_BACK in fields:
        if len(fields) > 1 or not isinstance(fields[ev.TAKEN_BACK], bool):
            return _wrong(
                q, f"fields.{ev.TAKEN_BACK}", "撤销一条记录时不更正它的内容", "只填写“撤销”"
            )
        return None
    now = next((one.event for one in q.case.log if one.seq == line.seq), line.event)
    try:
        right = right_event(now, fields)
    except BadInput as error:
        first = error.errors[0]
        return _wrong(q, f"fields.{first.field}", first.message, "改正这一项之后")
    if right == now:
        return _wrong(q, "fields", "与现在的记录相同，没有需要更正的", "填写正确的内容")
    if (
        isinstance(now, ev.ProposeOutcome)
        and q.case.facts.approved_on
        and _answers(right) != _answers(now)
    ):
        return Refusal(
            "already_done",
            "条例36；行政诉讼法62",
            "这份拟办意见已经签发，更正登记不能改变答复",
            "还没有送达的，收回重办；已经送达的，办理“自行更正或重新答复”",
            "fields",
        )
    return None


def _answers(event: ev.Event) -> tuple[object, ...]:
    """What a draft answers, item by item: changed, it needs its review and signature anew."""
    assert isinstance(event, ev.ProposeOutcome)
    return event.outcome, event.result, [(item.item, item.outcome) for item in event.items or ()]


@guard
def nothing_before_what_it_follows(q: Question) -> Refusal | None:
    """更正之后，这一条不能早于它所依据的事项，后面的事项也不能失去依据。"""
    if not isinstance(q.event, ev.CorrectEntry):
        return None
    return q.case.contradiction(q.event)


def _wrong(q: Question, field: str, message: str, when: str) -> Refusal:
    return Refusal("bad_field", q.article, message, when, field)
