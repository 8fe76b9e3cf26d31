"""Guards of consultations, rulings, extension and fees (条例17, 32 to 34, 33(2), 42)."""

from datetime import date

from workflow import events as ev
from workflow.case.guards.registry import Question, guard
from workflow.dates import in_words
from workflow.refusal import Refusal


@guard
def consultation_number_is_free(q: Question) -> Refusal | None:
    """每次征求意见有自己的序号。"""
    if isinstance(q.event, ev.Consultation):
        number = q.event.consultation
        if number in q.case.facts.consultations:
            return Refusal(
                "already_done",
                q.article,
                f"第 {number} 次征求意见已经登记",
                "请换一个序号",
                "consultation",
            )
    return None


@guard
def consultation_is_open(q: Question) -> Refusal | None:
    """须有尚未收到意见的征求意见。"""
    waiting = [n for n, c in q.case.facts.consultations.items() if c.answered_on is None]
    if isinstance(q.event, ev.RecordOpinion):
        if q.event.consultation in waiting:
            return None
        known = q.event.consultation in q.case.facts.consultations
        message = "已经登记过意见" if known else "没有登记过"
        return Refusal(
            "already_done" if known else "bad_field",
            q.article,
            f"第 {q.event.consultation} 次征求意见{message}",
            "请检查征求意见的序号",
            "consultation",
        )
    if not waiting:
        return Refusal("not_in_this_state", q.article, "没有正在等待的征求意见", "先登记征求意见")
    return None


@guard
def opinion_after_dispatch(q: Question) -> Refusal | None:
    """收到意见不早于发出征求意见。"""
    if isinstance(q.event, ev.RecordOpinion):
        sent = q.case.facts.consultations[q.event.consultation].sent_on
        if q.on < sent:
            return Refusal(
                "bad_field",
                q.article,
                f"收到意见早于发出征求意见的 {in_words(sent)}",
                "请检查日期",
                "on",
            )
    return None


@guard
def silence_only_after_deadline(q: Question) -> Refusal | None:
    """逾期未答复须等对方期限届满。"""
    if isinstance(q.event, ev.RecordOpinion) and q.event.opinion == "none":
        asked = q.case.facts.consultations[q.event.consultation]
        deadline = asked.deadline
        if asked.reached_on is None:
            return Refusal(
                "missing_evidence",
                q.article,
                "对方收到征求意见书之日未知，不能登记逾期未答复",
                "登记征求意见书的送达情况之后；被退回的，再次发出",
                "opinion",
            )
        if deadline and q.on <= deadline:
            return Refusal(
                "too_early",
                q.article,
                f"对方的期限到 {in_words(deadline)}才届满",
                f"{in_words(deadline)}的次日起",
                "on",
            )
    return None


@guard
def no_open_consultation(q: Question) -> Refusal | None:
    """没有仍在等待的征求意见。"""
    for number, consultation in q.case.facts.consultations.items():
        if consultation.is_open(q.on):
            until = consultation.deadline
            when = f"，或者对方期限 {in_words(until)}届满之后" if until else ""
            if consultation.reached_on is None:
                when = "；对方收到征求意见书之日未知，登记送达情况之后才能确定对方的期限"
            return Refusal(
                "open_consultation",
                "条例32、34",
                f"第 {number} 次征求意见尚未收到意见",
                f"登记收到的意见之后{when}",
            )
    return None


@guard
def third_party_did_not_agree(q: Question) -> Refusal | None:
    """只有第三方不同意时才需要决定公开并书面告知。"""
    asked = [c for c in q.case.facts.consultations.values() if c.kind == "consult_third_party"]
    if isinstance(q.event, ev.OverrideThirdParty):
        asked = [c for c in asked if c.number == q.event.consultation]
    if any(c.stance(q.on) in ("objects", "none") for c in asked):
        return None
    return Refusal(
        "not_in_this_state",
        "条例32",
        "没有第三方不同意公开的意见",
        "征求第三方意见，对方不同意或者逾期未答复之后",
    )


@guard
def no_open_ruling(q: Question) -> Refusal | None:
    """没有正在等待的保密确定意见。"""
    if q.case.facts.ruling_open:
        return Refusal(
            "not_in_this_state", "条例17", "正在等保密部门的确定意见", "登记收到的确定意见之后"
        )
    return None


@guard
def ruling_was_asked(q: Question) -> Refusal | None:
    """报请之后才有确定意见。"""
    if not q.case.facts.ruling_open:
        return Refusal(
            "not_in_this_state", "条例17", "没有报请过保密部门确定", "先“报请保密部门确定”"
        )
    return None


@guard
def not_yet_extended(q: Question) -> Refusal | None:
    """延期以一次为限；复议决定、判决确定的期限不能自行延长。"""
    if q.case.state == "awaiting_correction" and q.case.deadlines.clock == "stopped":
        return Refusal(
            "not_in_this_state",
            "条例30、33(2)",
            "正在等补正，答复期限已经停止计算，不必延期",
            "收到补正之后；补正通知逾期、期限没有停止的，可以延期",
        )
    ordered = q.case.terms.ordered_due
    if q.case.terms.redo_inside and q.case.deadlines.clock == "overridden":
        ordered = q.case.deadlines.reply_due
    if ordered:
        return Refusal(
            "bad_field",
            "行政复议法64；行政诉讼法70",
            f"重新答复的期限 {in_words(ordered)} 由复议决定或者判决确定",
            "不能自行延长，请在这一天之前答复",
        )
    if q.case.deadlines.clock == "overridden":
        return Refusal(
            "already_done",
            "条例35",
            "已经确定了延迟答复的期限，不再延期",
            "在确定的期限之前答复",
        )
    again = q.case.rules["extension_again_after_restart"]
    used = q.case.deadlines.extra_workdays > 0 or (q.case.facts.extensions > 0 and not again)
    if used:
        return Refusal("already_done", "条例33(2)", "已经延长过一次", "答复期限只能延长一次")
    return None


@guard
def notice_served_in_time(q: Question) -> Refusal | None:
    """延期须在答复期限届满前经负责人批准并告知申请人，不超过规定的最多天数；已确定延迟答复的不再延期。"""
    due = q.case.deadlines.reply_due
    if not isinstance(q.event, ev.Extend):
        return _too_late_to_extend(due, q.on, "on") if due and q.on > due else None
    counts = q.case.rules["extension_notice_counts"]
    told = q.event.reached_on if counts == "reached" else (q.event.sent_on or q.on)
    if told is None:
        return Refusal(
            "missing_evidence",
            "条例33(2)",
            "没有申请人收到延期告知书的日期",
            "填写收到之日；设置“延期告知以哪一天为准”现为送到",
            "reached_on",
        )
    if due is not None and max(q.on, told) > due:
        field = "reached_on" if counts == "reached" else "sent_on"
        return _too_late_to_extend(due, told, field if told > q.on else "on")
    received = q.case.received_on or q.on
    most = q.case.rules.extension_workdays(received)
    if q.event.days > most:
        return Refusal(
            "bad_field",
            "条例33(2)",
            f"延长不得超过 {most} 个工作日",
            f"请填写 1 到 {most}",
            "days",
        )
    return None


def _too_late_to_extend(due: date, told: date, field: str) -> Refusal:
    return Refusal(
        "too_late",
        "条例33(2)",
        f"答复期限到 {in_words(due)}为止，此后批准或者告知的延期无效",
        f"批准并告知申请人不晚于 {in_words(due)}",
        field,
    )


@guard
def fee_policy_allows(q: Question) -> Refusal | None:
    """本机关的收费设置允许这种计费方式。"""
    policy = q.case.rules["fee_policy"]
    mode = q.event.mode if isinstance(q.event, ev.ChargeFee) else None
    if policy == "off" or (policy != "choose" and mode not in (None, policy)):
        return Refusal(
            "setting_forbids",
            "条例42；国办函〔2020〕109号",
            "本机关没有设置收取信息处理费" if policy == "off" else "本机关的设置是另一种计费方式",
            "设置“信息处理费”允许之后",
            "mode",
        )
    return None


@guard
def not_yet_charged(q: Question) -> Refusal | None:
    """一份申请只通知一次缴费。"""
    if q.case.facts.charged:
        return Refusal(
            "already_done", "国办函〔2020〕109号3", "已经通知过缴费", "一份申请只收费一次"
        )
    return None


@guard
def fee_not_lapsed(q: Question) -> Refusal | None:
    """缴费须在期限内。"""
    due = q.case.deadlines.fee_due
    if due and q.on > due:
        return Refusal(
            "too_late",
            "国办函〔2020〕109号6",
            f"缴费期限已于 {in_words(due)}届满",
            "请办理“逾期不缴费”",
            "on",
        )
    return None


@guard
def fee_deadline_passed(q: Question) -> Refusal | None:
    """缴费期限届满后才能终止。"""
    due = q.case.deadlines.fee_due
    if due is None:
        return Refusal(
            "missing_evidence",
            "国办函〔2020〕109号6",
            "申请人收到收费通知之日未知，缴费期限没有起算",
            "登记收费通知书的送达情况之后",
        )
    if q.on <= due:
        return Refusal(
            "too_early",
            "国办函〔2020〕109号6",
            f"缴费期限到 {in_words(due)}才届满",
            f"{in_words(due)}的次日起",
            "on",
        )
    return None
