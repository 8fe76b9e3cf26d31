"""Consultations, rulings, extension and fees: what they do to the reply period (条例17, 32 to 34, 33, 42)."""

from datetime import date

from workflow import events as ev
from workflow.clock.days import party_deadline
from workflow.clock.notices import Delivery
from workflow.clock.period import PERIOD, Consultation, Period
from workflow.dates import in_words

FEE_ARTICLE = "国办函〔2020〕109号6"


@PERIOD.on(ev.ConsultThirdParty, ev.ConsultJointAgency, ev.ConsultOtherAgency)
def consult(run: Period, event: ev.Consultation) -> None:
    """Rule: the time of waiting for an opinion is not counted (条例33(3)); a consultation that begins
    after the last day excludes nothing."""
    paper, due = run.paper(), run.due()
    number = event.consultation or len(run.consultations) + 1
    article = {
        "consult_third_party": "条例32、33(3)", "consult_joint_agency": "条例34、33(3)",
    }.get(event.name, "条例33(3)")  # fmt: skip
    found = Consultation(
        number,
        event.name,
        paper.sent_on,
        None
        if paper.returned
        else party_deadline(event.name, paper.reached_on or paper.sent_on, run.rules),
        arrived=paper.reached_on is not None,
        returned_on=paper.returned_on if paper.returned else None,
        excludes=due is None or paper.sent_on <= due,
    )
    run.consultations.append(found)
    until = f"，对方期限至 {in_words(found.deadline)}" if found.deadline else ""
    if until and not found.arrived:
        until += "（对方收到之日未知，暂从发出之日起算）"
    if not found.excludes:
        text = f"第 {number} 次征求意见在答复期限届满之后发出，不扣除时间{until}"
    else:
        text = f"第 {number} 次征求意见，等待意见的时间不计入期限{until}"
    run.note(event.on, text, article)
    if found.returned_on:
        run.note(found.returned_on, f"第 {number} 次征求意见书被退回，等待到此为止", article)


@PERIOD.on(ev.SubstituteApplicant)
def substitute_applicant(run: Period, event: ev.SubstituteApplicant) -> None:
    """By the setting the time without an applicant is not counted (law.md §7A)."""
    if run.rules["substitution_stops_clock"] and event.since and run.start is not None:
        run.pauses.append((event.since, event.on))
        text = f"申请人变更，{in_words(event.since)}至此不计入期限"
        run.note(event.on, text, "设置：变更申请人期间不计期限")


@PERIOD.on(ev.RecordOpinion)
def record_opinion(run: Period, event: ev.RecordOpinion) -> None:
    known = [c for c in run.consultations if c.number == event.consultation]
    waiting = [c for c in known if c.answered_on is None]
    if not waiting:
        run.ignore(
            f"第 {event.consultation} 次征求意见"
            + ("已经登记过意见" if known else "没有发出，或者晚于收到意见之日")
        )
        return
    consultation = waiting[-1]
    if run.terms.unchecked and event.opinion == "none" and _still_has_time(consultation, event.on):
        run.ignore(f"第 {event.consultation} 次征求意见的期限没有届满，或者对方收到之日未知")
        return
    consultation.answered_on = event.on
    end = run.end_of(consultation)
    deadline = consultation.deadline
    text = f"第 {event.consultation} 次征求意见结束"
    if deadline is not None and end == deadline < event.on:
        text += f"；对方逾期，只扣除到 {in_words(deadline)}"
    run.note(event.on, text, "条例33(3)")


def _still_has_time(asked: Consultation, on: date) -> bool:
    """Silence is none before the addressee's own last day is known and over (条例32, 34)."""
    return not asked.arrived or (asked.deadline is not None and on <= asked.deadline)


@PERIOD.on(ev.AskRuling)
def ask_ruling(run: Period, event: ev.AskRuling) -> None:
    if run.rules["ruling_stops_clock"]:
        run.pauses.append((event.on, None))
        run.note(event.on, "报请保密部门确定，等待期间不计入期限", "条例17、33(3)")


@PERIOD.on(ev.RecordRuling)
def record_ruling(run: Period, event: ev.RecordRuling) -> None:
    if run.pauses and run.pauses[-1][1] is None:
        run.pauses[-1] = (run.pauses[-1][0], event.on)


# -- extension ---------------------------------------------------------------------------------------


@PERIOD.on(ev.Extend)
def extend(run: Period, event: ev.Extend) -> None:
    """Rule: one extension lengthens the period if it was approved and told by the last day; a second, a
    longer or a late one is void, and so is one beside a delayed reply (条例33(2), 35)."""
    due, paper = run.due(), run.paper()
    why = _why_void(run, event, due, paper)
    if why:
        run.note(event.on, f"延期无效：{why}", "条例33(2)")
        run.ignore(f"延期无效：{why}")
        run.change(extension_valid=run.extended)
        return
    run.extended = True
    run.change(extension_valid=True)
    assert due is not None
    if paper.reached_on is None or paper.reached_on > due:
        words = f"延期告知书不能证明在 {in_words(due)}之前送到申请人，按原期限答复最稳妥"
        if run.reads_strictly("extension_arrival", words):
            return
    run.extra = event.days
    run.note(
        event.on,
        f"经公开工作机构负责人同意，延长 {event.days} 个工作日并已告知申请人",
        "条例33(2)",
    )


def _why_void(run: Period, event: ev.Extend, due: date | None, paper: Delivery) -> str:
    """Why an extension lengthens nothing; empty where it does."""
    if due is None or run.start is None:
        return "尚未收到申请"
    if run.delayed:
        return "已经按条例第三十五条确定了延迟答复的期限"
    if run.until is not None:
        return f"重新答复的期限 {in_words(run.until)}由复议决定或者判决确定"
    if run.extended or (run.extended_before and not run.rules["extension_again_after_restart"]):
        return "只能延长一次"
    most = longest_extension(run)
    if not 1 <= event.days <= most:
        return f"延长不得超过 {most} 个工作日"
    if paper.returned:
        return "告知书被退回，视为没有告知"
    counts = run.rules["extension_notice_counts"]
    told = paper.told_by() if counts == "sent" else paper.reached_on
    if told is None or max(event.on, told) > due:
        return f"批准并告知须不晚于 {in_words(due)}"
    return ""


def longest_extension(run: Period) -> int:
    """Working days by which a reply period may be lengthened: 条例33(2), or for what was received before the
    revised Regulations the setting pre_20190515_extension_days (旧条例24)."""
    assert run.start is not None
    return run.rules.extension_workdays(run.start)


# -- fees --------------------------------------------------------------------------------------------


@PERIOD.on(ev.ChargeFee)
def charge_fee(run: Period, event: ev.ChargeFee) -> None:
    """Rule: a notice sent within the period stops it; the payer's 20 working days run from arrival
    (国办函〔2020〕109号6)."""
    if run.terms.unchecked and run.found.get("fee_notice_in_time") is not None:
        run.ignore("已经通知过缴费，一份申请只收费一次")
        return
    due, paper = run.due(), run.paper()
    in_time = due is not None and (paper.told_by() or paper.sent_on) <= due
    fee_due = None
    if paper.reached_on is not None:
        number = run.rules.period("fee_payment", paper.reached_on)
        fee_due = run.calendar.add(paper.reached_on, number)
    run.charged = True
    until = (
        f"；缴费截止 {in_words(fee_due)}" if fee_due else "；收到之日未知，缴费期限待登记送达后确定"
    )
    if in_time:
        run.stopped, run.stopped_on = True, event.on
        run.note(event.on, f"通知缴费，答复期限停止计算{until}", FEE_ARTICLE)
    else:
        run.note(event.on, f"收费通知超过答复期限，不产生停止计算的效力{until}", FEE_ARTICLE)
    run.change(fee_notice_in_time=in_time, fee_due=fee_due)


@PERIOD.on(ev.PayFee)
def pay_fee(run: Period, event: ev.PayFee) -> None:
    if not run.charged:
        run.ignore("没有通知过缴费，期限不变")
        return
    fee_due = run.found.get("fee_due")
    if run.terms.unchecked and fee_due and event.on > fee_due:
        run.ignore(f"缴费期限已于 {in_words(fee_due)}届满")
        return
    run.charged = False
    if not run.found.get("fee_notice_in_time"):
        return
    if not run.stopped:
        run.note(event.on, "已缴费；等待缴费时已责令重新答复，期限不重新起算", FEE_ARTICLE)
        return
    if run.rules["fee_restart_full"]:
        run.begin(event.on)
        run.note(event.on, "已缴费，答复期限从缴费次日起重新计算", FEE_ARTICLE)
        run.change(clock_restarted_on=event.on)
    else:
        assert run.stopped_on is not None
        run.stopped = False
        run.pauses.append((run.stopped_on, event.on))
        run.note(event.on, "已缴费，继续计算剩余期限", FEE_ARTICLE)
