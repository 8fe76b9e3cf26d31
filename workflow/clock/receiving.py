"""Receipt, correction (补正) and reasons: what they do to the reply period (条例30, 31, 35)."""

from datetime import date, timedelta

from workflow import events as ev
from workflow.clock.days import ON_THE_NET, receipt_day
from workflow.clock.period import PERIOD, Period
from workflow.dates import in_words, month_day


@PERIOD.on(ev.Submit)
def submit(run: Period, event: ev.Submit) -> None:
    if event.channel not in ON_THE_NET:
        return
    if run.submitted_on or run.received:
        run.ignore("已经提交过")
        return
    run.submitted_on = event.on
    if run.rules["online_confirmation"] == "submission":
        day = _after_hours(run, event)
        _begin_with(run, day, "提交成功即为收到之日，当日不计", "条例31(3)；指导案例26号")


def _after_hours(run: Period, event: ev.Submit | ev.Receive) -> date:
    """What came in after the office closed, by the setting, counts as of the next day."""
    if event.after_hours and run.rules["after_hours_next_day"]:
        run.note(event.on, "下班之后提交，视为次日收到", "设置：下班后提交的申请")
        return event.on + timedelta(1)
    return event.on


@PERIOD.on(ev.Receive)
def receive(run: Period, event: ev.Receive) -> None:
    if run.received:
        run.ignore("已经登记过收到，收到之日不变")
        return
    run.received = True
    if run.start is not None:
        return
    day = receipt_day(
        event,
        run.submitted_on,
        run.rules["online_confirmation"],
        run.rules["misaddressed_mail"],
    )
    if day == event.on:
        day = _after_hours(run, event)
    words = {
        "in_person": ("申请人当面提交，当日为收到之日，当日不计", "条例31(1)"),
        "oral": ("口头申请已代为填写，当日为收到之日，当日不计", "条例29、31(1)"),
        "ems": ("机关签收之日为收到之日，当日不计", "条例31(2)"),
        "ordinary_mail": ("与申请人确认之日为收到之日，当日不计", "条例31(2)"),
    }
    text, article = words.get(event.channel, ("双方确认之日为收到之日，当日不计", "条例31(3)"))
    if event.channel in ON_THE_NET and run.rules["online_confirmation"] == "submission":
        text, article = "提交成功即为收到之日，当日不计", "条例31(3)；指导案例26号"
    arrived = run.submitted_on or event.on
    latest = _last_day_to_confirm(run, event, arrived)
    if day > latest and not any(tried <= latest for tried in event.tried_on or ()):
        run.change(late_confirmation=True)
        words_ = f"{in_words(arrived)}已经到达，{in_words(day)}才确认，按到达之日起算"
        if run.reads_strictly("late_confirmation", words_):
            day = arrived
    _begin_with(run, day, text, article)


def _last_day_to_confirm(run: Period, event: ev.Receive, arrived: date) -> date:
    """Rule: ordinary mail is confirmed on the day it arrives (条例31(2)), what came over the net by the
    end of the next working day (law.md §3.2); later is the body's own lateness, unless it had tried to
    reach the applicant by then (国办公开办函〔2015〕207号)."""
    return run.calendar.add(arrived, 1) if event.channel in ON_THE_NET else arrived


def _begin_with(run: Period, day: date, text: str, article: str) -> None:
    run.begin(day)
    assert run.start is not None
    run.note(day, text, article)
    if run.start != day:
        run.note(
            run.start, f"{month_day(day)}为休息日，视为下一工作日收到", "设置：休息日收到的申请"
        )
    if run.until:
        run.note(
            run.until,
            f"复议决定或者判决责令重新答复，期限至 {in_words(run.until)}",
            "行政复议法64；行政诉讼法70",
        )
    run.notice_from = run.start
    run.change(receipt_date=day, correction_notice_due=_notice_due(run))


# -- correction ------------------------------------------------------------------------------------


def _notice_due(run: Period) -> date | None:
    if run.notice_from is None:
        return None
    return run.calendar.add(run.notice_from, _notice_days(run))


def _notice_days(run: Period) -> int:
    """Working days in which a correction must be asked for (条例30)."""
    assert run.notice_from is not None
    return run.rules.period("correction_notice", run.notice_from)


@PERIOD.on(ev.RequireCorrection)
def require_correction(run: Period, event: ev.RequireCorrection) -> None:
    """Rule: asked for in time, a correction stops the period; a late notice stops nothing, or by the
    setting late_correction_notice restarts with a flaw; after the last day it does nothing (条例30)."""
    if run.correcting:
        run.ignore("正在等补正，不能再次通知")
        return
    paper = run.paper()
    sent_on = paper.told_by() or paper.sent_on
    notice_due, due = _notice_due(run), run.due()
    late = notice_due is not None and sent_on > notice_due
    too_late = due is not None and sent_on > due
    run.correcting = True
    last = _correction_due(run, event)
    run.change(correction_notice_due=notice_due, correction_notice_late=late, correction_due=last)
    until = f"；补正截止 {in_words(last)}" if last else ""
    if not late:
        run.stopped, run.stopped_on = True, event.on
        run.note(event.on, f"通知补正，答复期限停止计算{until}", "条例30")
        return
    assert notice_due is not None
    run.note(
        notice_due,
        f"补正通知应在这一天之前发出，现已超过 {_notice_days(run)} 个工作日，属程序瑕疵",
        "条例30",
    )
    restarts = run.rules["late_correction_notice"] == "restart_and_flag" and not too_late
    if restarts and not run.reads_strictly(
        "late_correction_notice", "补正通知逾期，按原来的期限答复最稳妥"
    ):
        run.stopped, run.stopped_on = True, event.on
        run.note(event.on, f"通知补正，答复期限停止计算{until}", "条例30")
        return
    run.note(event.on, f"通知补正；因通知逾期，答复期限不停止{until}", "条例30")


def _correction_due(run: Period, event: ev.RequireCorrection) -> date | None:
    """The applicant's last day: the fixed one, moved off a rest day, or so many working days after
    arrival; None while the arrival is not known."""
    reached = run.paper().reached_on
    if reached is None:
        run.note(event.on, "申请人收到补正通知之日未知，补正期限待登记送达后确定", "条例30")
        return None
    if event.deadline_on and event.deadline_on <= reached:
        run.note(
            reached,
            f"补正截止日 {in_words(event.deadline_on)}不在收到补正通知之后，改按设置的补正期限",
            "条例30",
        )
    elif event.deadline_on:
        last = run.rolled(event.deadline_on)
        if last != event.deadline_on:
            run.note(
                last,
                f"补正截止日 {in_words(event.deadline_on)}为休息日，顺延到 {in_words(last)}",
                "民法典203；行诉解释48",
            )
        return last
    number = event.period_days or int(run.rules["correction_period_days"])
    return run.calendar.add(reached, number)


@PERIOD.on(ev.Correct)
def correct(run: Period, event: ev.Correct) -> None:
    """Rule: a correction that came in starts the period of reply anew (条例30)."""
    if not run.correcting:
        run.ignore("没有通知过补正，期限不变")
        return
    run.correcting = False
    if not run.stopped:
        late = run.found.get("correction_notice_late")
        why = "因补正通知逾期" if late else "等待补正时已责令重新答复"
        run.note(event.on, f"收到补正；{why}，期限不重新起算", "条例30")
        return
    run.begin(event.on)
    run.notice_from = run.start
    run.note(event.on, "收到补正后的申请，答复期限从次日起重新计算", "条例30")
    run.change(clock_restarted_on=event.on)


# -- reasons (条例35) ---------------------------------------------------------------------------------


@PERIOD.on(ev.AskReasons)
def ask_reasons(run: Period, event: ev.AskReasons) -> None:
    if run.reasons:
        run.ignore("已经要求说明过理由")
        return
    run.reasons = "asked"
    if event.deadline_on:
        last = run.rolled(event.deadline_on)
    else:
        last = run.calendar.add(event.on, int(run.rules["reasons_days"]))
    run.note(event.on, f"要求申请人在 {in_words(last)}之前说明理由，不影响答复期限", "条例35")
    run.change(reasons_due=last)


@PERIOD.on(ev.GiveReasons)
def give_reasons(run: Period, event: ev.GiveReasons) -> None:
    if run.reasons != "asked":
        run.ignore("没有要求说明理由，或者已经说明过")
        return
    run.reasons = "rejected" if event.accepted is False else "given"
    if run.rules["reasons_effect"] == "restart":
        run.begin(event.on)
        run.note(event.on, "收到说明的理由，答复期限从次日起重新计算", "条例35；地方规定")
        run.change(clock_restarted_on=event.on)
    else:
        run.note(event.on, "收到说明的理由，不影响答复期限", "条例35")


@PERIOD.on(ev.DelayReply)
def delay_reply(run: Period, event: ev.DelayReply) -> None:
    """Rule: the reasonable day fixed under 条例35 replaces the period of reply; it needs reasons that were
    given and not rejected."""
    if run.reasons != "given":
        why = "理由不予认可" if run.reasons == "rejected" else "没有申请人说明的理由"
        run.ignore(f"{why}，不能确定延迟答复的期限")
        return
    due = run.due()
    if due is not None and event.until <= due:
        run.ignore(f"延迟的日期不晚于现在的期限 {in_words(due)}")
        return
    if due is not None and event.on > due:
        words = f"原期限 {in_words(due)}届满之后才告知延迟答复，按原期限答复最稳妥"
        if run.reads_strictly("late_delay", words):
            return
    run.until, run.delayed = event.until, True
    run.note(
        event.on,
        f"理由合理但无法按期答复，确定延迟至 {in_words(event.until)}答复并告知申请人",
        "条例35",
    )
