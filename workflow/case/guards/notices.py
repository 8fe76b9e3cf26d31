"""Guards of papers that go out: their days, and what became of them (law.md §3.7A)."""

from workflow import events as ev
from workflow.case.guards.registry import Question, guard
from workflow.clock.notices import Paper, deliveries
from workflow.dates import in_words
from workflow.refusal import Refusal


@guard
def notice_days_in_order(q: Question) -> Refusal | None:
    """文书发出不早于决定之日，送到不早于发出。"""
    event = q.event
    if not isinstance(event, ev.Notice):
        return None
    sent = event.sent_on or event.on
    if sent < event.on:
        return Refusal("bad_field", q.article, "发出之日早于办理之日", "请检查两个日期", "sent_on")
    if event.reached_on and event.reached_on < sent:
        return Refusal(
            "bad_field", q.article, "收到通知之日早于发出之日", "请检查两个日期", "reached_on"
        )
    return None


@guard
def defects_are_told(q: Question) -> Refusal | None:
    """补正须一次性告知哪里不明确、怎样补正。"""
    if isinstance(q.event, ev.RequireCorrection) and not q.event.defects:
        return Refusal(
            "missing_evidence",
            "条例30",
            "没有写明需要补正的内容",
            "一次性写全哪里不明确、怎样补正之后",
            "defects",
        )
    return None


@guard
def fee_notice_within_period(q: Question) -> Refusal | None:
    """收费通知须在答复期限之内发出。"""
    due = q.case.deadlines.reply_due
    if not isinstance(q.event, ev.ChargeFee) or due is None:
        return None
    sent = q.event.sent_on or q.on
    if sent > due:
        return Refusal(
            "too_late",
            q.article,
            f"答复期限已于 {in_words(due)}届满",
            f"收费通知不晚于 {in_words(due)}发出；逾期的请尽快答复",
            "sent_on" if q.event.sent_on else "on",
        )
    return None


@guard
def applicant_tells_of_the_reply(q: Question) -> Refusal | None:
    """申请人自己只登记收到答复之日。"""
    told = q.event
    if not isinstance(told, ev.RecordDelivery) or q.actor is None or q.actor.roles - {"applicant"}:
        return None
    if told.of == ev.Serve.name and told.reached_on is not None and told.returned_on is None:
        return None
    return Refusal(
        "not_your_role", q.article, "申请人只能登记自己收到答复的日期", "其他送达情况由经办人登记"
    )


@guard
def paper_went_out(q: Question) -> Refusal | None:
    """登记的文书须已经发出。"""
    if not deliveries(q.case.events):
        return Refusal(
            "not_in_this_state", q.article, "还没有发出过文书", "发出通知、征求意见书或者答复之后"
        )
    if not isinstance(q.event, ev.RecordDelivery) or _paper(q, q.event) is not None:
        return None
    which = f"第 {q.event.consultation} 次征求意见的" if q.event.consultation else ""
    label = q.case.rules.law.transitions
    title = label[q.event.of].label if q.event.of in label else q.event.of
    return Refusal(
        "bad_field",
        q.article,
        f"没有发出过{which}“{title}”的文书",
        "选择已经发出的文书",
        "of",
    )


@guard
def reached_or_returned(q: Question) -> Refusal | None:
    """送到之日和退回之日只填一项。"""
    if not isinstance(q.event, ev.RecordDelivery):
        return None
    if (q.event.reached_on is None) == (q.event.returned_on is None):
        return Refusal(
            "bad_field",
            q.article,
            "请填写对方收到之日，或者退回之日，两者只填一项",
            "填写其中一项",
            "reached_on",
        )
    paper = _paper(q, q.event)
    if paper is None or not paper.delivery.reached_on or paper.delivery.presumed:
        return None
    if q.event.reached_on:
        return Refusal(
            "already_done",
            q.article,
            f"已经登记对方在 {in_words(paper.delivery.reached_on)}收到",
            "登记有误的，办理“更正登记”",
        )
    return None


@guard
def delivery_after_dispatch(q: Question) -> Refusal | None:
    """送到、退回不早于发出。"""
    paper = _paper(q, q.event) if isinstance(q.event, ev.RecordDelivery) else None
    if paper is None:
        return None
    for field in ("reached_on", "returned_on"):
        day = getattr(q.event, field)
        if day and day < paper.delivery.sent_on:
            return Refusal(
                "bad_field",
                q.article,
                f"早于发出文书的 {in_words(paper.delivery.sent_on)}",
                "请检查日期",
                field,
            )
    return None


def _paper(q: Question, told: ev.RecordDelivery) -> Paper | None:
    """The paper that is told of, with its days as known so far: the last of its name and consultation."""
    events = q.case.events
    for place, delivery in sorted(deliveries(events).items(), reverse=True):
        number = getattr(events[place], "consultation", None)
        if events[place].name == told.of and told.consultation in (None, number):
            return Paper(events[place], delivery)
    return None
