"""Guards of receipt, correction (补正) and reasons (条例30, 31, 35)."""

from workflow import events as ev
from workflow.case.guards.registry import Question, guard
from workflow.clock.days import add_months
from workflow.dates import in_words
from workflow.refusal import Refusal


@guard
def confirmed_not_before_submission(q: Question) -> Refusal | None:
    """双方确认之日不早于提交之日。"""
    if (
        isinstance(q.event, ev.Receive)
        and q.event.confirmed_on
        and q.event.confirmed_on < q.event.on
    ):
        return Refusal(
            "bad_field",
            "条例31",
            "双方确认之日早于提交之日",
            "请填写提交当日或者以后的日期",
            "confirmed_on",
        )
    return None


@guard
def not_received_yet(q: Question) -> Refusal | None:
    """收到之后不能转办，只能答复。"""
    if q.case.received_on is not None:
        return Refusal(
            "too_late",
            "条例31、36(5)",
            "申请已经收到，不能再转办",
            "请按“非本机关负责公开”答复并告知其他机关",
        )
    return None


@guard
def within_reply_period(q: Question) -> Refusal | None:
    """须在答复期限届满之前。"""
    due = q.case.deadlines.reply_due
    if due is not None and q.on > due:
        return Refusal(
            "too_late",
            q.article,
            f"答复期限已于 {in_words(due)}届满",
            f"发生日期不晚于 {in_words(due)}；逾期的请尽快答复",
            "on",
        )
    return None


@guard
def correction_round_left(q: Question) -> Refusal | None:
    """补正须一次性告知，次数不超过设置。"""
    most = int(q.case.rules["max_correction_rounds"])
    if q.case.facts.corrections >= most:
        return Refusal(
            "setting_forbids",
            "条例30",
            f"已经通知过 {q.case.facts.corrections} 次补正，应当一次性告知",
            f"设置“补正最多几次”现为 {most}；仍不明确的可按“补正后仍不明确”答复",
        )
    return None


@guard
def correction_deadline_after_notice(q: Question) -> Refusal | None:
    """补正截止日须在申请人收到通知之后。"""
    if not isinstance(q.event, ev.RequireCorrection):
        return None
    known = q.event.reached_on or q.event.sent_on or q.event.on
    if q.event.deadline_on and q.event.deadline_on <= known:
        return Refusal(
            "bad_field",
            "条例30",
            "补正截止日不在收到通知之后",
            "请给申请人留出合理的期限",
            "deadline_on",
        )
    return None


@guard
def correction_not_too_late(q: Question) -> Refusal | None:
    """逾期的补正是否接受由设置决定。"""
    due = q.case.deadlines.correction_due
    if due and q.on > due and q.case.rules["late_correction"] == "reject":
        return Refusal(
            "too_late",
            "条例30",
            f"补正期限已于 {in_words(due)}届满",
            "设置“逾期收到的补正”为接受时",
        )
    return None


@guard
def correction_deadline_passed(q: Question) -> Refusal | None:
    """申请人收到补正通知、补正期限届满后才能终止。"""
    due = q.case.deadlines.correction_due
    if due is None:
        return Refusal(
            "missing_evidence",
            "条例30",
            "申请人收到补正通知之日未知，补正期限没有起算",
            "登记补正告知书的送达情况之后",
        )
    if q.on <= due:
        return Refusal(
            "too_early",
            "条例30",
            f"补正期限到 {in_words(due)}才届满",
            f"{in_words(due)}的次日起",
            "on",
        )
    return None


@guard
def reasons_not_yet_asked(q: Question) -> Refusal | None:
    """要求说明理由以一次为限。"""
    if q.case.facts.reasons_asked:
        return Refusal("already_done", "条例35", "已经要求说明过理由", "请根据申请人的说明作出判断")
    return None


@guard
def reasons_deadline_is_later(q: Question) -> Refusal | None:
    """说明理由的截止日须在要求之日以后。"""
    if (
        isinstance(q.event, ev.AskReasons)
        and q.event.deadline_on
        and q.event.deadline_on <= q.event.on
    ):
        return Refusal(
            "bad_field",
            "条例35",
            "说明理由的截止日不在要求之日以后",
            f"请给申请人留出合理的期限；不填的，为 {q.case.rules['reasons_days']} 个工作日",
            "deadline_on",
        )
    return None


@guard
def reasons_not_rejected(q: Question) -> Refusal | None:
    """申请人说明了理由、本机关没有认为不合理的，才能延迟答复。"""
    if not q.case.facts.reasons_given or q.case.facts.reasons_accepted is False:
        return Refusal(
            "missing_evidence",
            "条例35",
            "没有申请人说明的合理理由",
            "先“要求说明理由”，收到说明并认为合理之后",
        )
    return None


@guard
def delayed_day_is_later(q: Question) -> Refusal | None:
    """延迟答复的日期须晚于现在的期限。"""
    due = q.case.deadlines.reply_due
    if isinstance(q.event, ev.DelayReply) and due and q.event.until <= due:
        return Refusal(
            "bad_field",
            "条例35",
            f"延迟的日期不晚于现在的期限 {in_words(due)}",
            "请填写更晚的日期",
            "until",
        )
    far = isinstance(q.event, ev.DelayReply) and q.event.until > add_months(q.on, 12)
    if q.event is not None and far and not q.event.note:
        return Refusal(
            "missing_evidence",
            "条例35",
            "延迟的日期在一年以后",
            "请核对日期；确需这么久的，在备注中写明理由，再提交一次",
            "note",
        )
    return None


@guard
def reasons_answered_or_overdue(q: Question) -> Refusal | None:
    """正在等申请人说明理由时不拟稿；收到说明，或者逾期不说明之后，可以作任何答复，理由合理的不按大量反复申请处理。"""
    chosen: set[str | None] = set()
    if isinstance(q.event, ev.ProposeOutcome):
        chosen = {item.outcome for item in q.event.items or ()} or {q.event.outcome}
    if "excessive" in chosen and q.case.facts.reasons_accepted:
        return Refusal(
            "bad_field",
            "条例35",
            "申请人说明的理由已经认为合理，不能再按“无正当理由大量反复申请”答复",
            "无法按期答复的，确定延迟答复的合理期限",
            "outcome",
        )
    if q.case.state != "awaiting_reasons":
        return None
    deadline = q.case.facts.reasons_deadline
    if deadline is None or q.on <= deadline:
        until = f"，期限到 {in_words(deadline)}" if deadline else ""
        return Refusal(
            "too_early",
            "条例35",
            f"正在等申请人说明理由{until}",
            "登记申请人的说明之后，或者说明理由的期限届满的次日起",
        )
    return None
