"""Service, what became of it, and other ends: what they do to the reply period (国办公开办函〔2016〕235号)."""

from datetime import date, timedelta

from workflow import events as ev
from workflow.clock.days import add_months
from workflow.clock.period import PERIOD, Period
from workflow.dates import in_words

SERVICE_ARTICLE = "国办公开办函〔2016〕235号四"
_NOT_SERVED = {
    "service_effective_date": None, "on_time": None, "review_last_day": None, "suit_last_day": None,
    "review_not_before": None, "suit_not_before": None,
}  # fmt: skip


@PERIOD.on(ev.Serve)
def serve(run: Period, event: ev.Serve) -> None:
    paper = run.paper()
    effective = paper.sent_on
    due = run.due()
    run.ended, run.served = True, event
    words = {
        "mail": "交邮之日", "electronic": "发送之日", "direct": "签收之日", "entrusted": "签收之日",
    }  # fmt: skip
    text = f"答复送达，以{words[event.method]}为准：{in_words(effective)}"
    if due is not None:
        text += "，未逾期" if effective <= due else "，已逾期"
    run.note(effective, text, SERVICE_ARTICLE)
    arrived = paper.reached_on
    review, suit = _applicants_days(run, arrived or effective)
    run.change(**_NOT_SERVED)
    run.change(service_effective_date=effective, on_time=None if due is None else effective <= due)
    if arrived is None:
        run.note(
            effective, "申请人收到之日未知，复议、起诉的期限从收到之日起算", "条例51；行政复议法20"
        )
        run.change(review_not_before=review, suit_not_before=suit)
    else:
        run.change(review_last_day=review, suit_last_day=suit)


def _applicants_days(run: Period, known_on: date) -> tuple[date, date]:
    """The last days of review and suit for one who got the reply on the day (行政复议法20; 行政诉讼法46)."""
    return (
        run.rolled(known_on + timedelta(run.rules.period("review", known_on))),
        run.rolled(add_months(known_on, run.rules.period("suit_direct", known_on))),
    )


@PERIOD.on(ev.ServiceFailed)
def service_failed(run: Period, event: ev.ServiceFailed) -> None:
    """Rule: what did not reach the applicant was not served; the period goes on (law.md §3.7)."""
    if run.served is None or event.service == 0:
        return
    _open_again(run, event.on, "送达未成，视为没有送达，答复期限继续计算")


@PERIOD.on(ev.RecordDelivery)
def record_delivery(run: Period, event: ev.RecordDelivery) -> None:
    """What is told of other papers has counted since they went out (workflow/clock/notices.py)."""
    why = run.strays.get(run.place)
    if event.of == ev.Serve.name and run.served is None:
        run.ignore("没有送达过答复")
    elif why:
        run.ignore(why)
    elif event.of != ev.Serve.name:
        return
    elif event.returned_on and run.rules["returned_mail"] == "new_service":
        _open_again(run, event.returned_on, "答复被退回，须重新送达，答复期限继续计算")
    elif event.returned_on:
        run.note(event.returned_on, "答复被退回；按设置以原交邮之日为准", "设置：答复信件被退回")


def _open_again(run: Period, on: date, text: str) -> None:
    run.ended, run.served = False, None
    run.note(on, text, SERVICE_ARTICLE)
    run.change(**_NOT_SERVED)


@PERIOD.on(ev.ConcludeReview)
def conclude_review(run: Period, event: ev.ConcludeReview) -> None:
    if run.place in run.strays:
        run.ignore(run.strays[run.place])
    elif event.reached_on:
        run.decided_on = event.reached_on
        number = run.rules.period("suit_after_review", event.reached_on)
        last = run.rolled(event.reached_on + timedelta(number))
        run.note(event.reached_on, f"收到复议决定，起诉期限至 {in_words(last)}", "行政诉讼法45")
        run.change(suit_last_day=last)


@PERIOD.on(ev.ConcludeSuit)
def conclude_suit(run: Period, event: ev.ConcludeSuit) -> None:
    if run.place in run.strays:
        run.ignore(run.strays[run.place])
        return
    run.decided_on = event.judgment_received_on or run.decided_on


@PERIOD.on(ev.OrderRedo)
def order_redo(run: Period, event: ev.OrderRedo) -> None:
    """Rule: an order to reply anew opens a period of its own: to the day in the paper, where it names
    none 20 working days (setting redo_default_days) from the receipt of the decision (行政复议法64; 行政诉讼法
    70)."""
    if not run.terms.redo_inside:
        return
    since = min(event.on, run.decided_on or event.on)
    run.ordered, run.ended, run.served = event.due, False, None
    run.begin(event.on if event.due else since, int(run.rules["redo_default_days"]))
    until = f"，期限至 {in_words(event.due)}" if event.due else "，期限从次日起重新计算"
    run.note(event.on, f"责令重新答复{until}", "行政复议法64；行政诉讼法70")
    run.change(clock_restarted_on=event.on, on_time=None, service_effective_date=None)


@PERIOD.on(ev.LapseCorrection)
def lapse_correction(run: Period, event: ev.LapseCorrection) -> None:
    """Rule: nothing lapses that was not asked for, nor before its last day is known and over (条例30)."""
    _lapse(run, event, run.correcting, run.found.get("correction_due"), "补正")


@PERIOD.on(ev.LapseFee)
def lapse_fee(run: Period, event: ev.LapseFee) -> None:
    """Rule: nothing lapses that was not charged, nor before its last day is known and over
    (国办函〔2020〕109号6)."""
    _lapse(run, event, run.charged, run.found.get("fee_due"), "缴费")


def _lapse(run: Period, event: ev.Event, asked: bool, due: date | None, what: str) -> None:
    if not asked:
        run.ignore(f"没有通知过{what}")
    elif due is None and run.terms.unchecked:
        run.ignore(f"申请人收到{what}通知之日未知，期限没有起算")
    elif due is not None and event.on <= due and run.terms.unchecked:
        run.ignore(f"{what}期限到 {in_words(due)}才届满")
    else:
        run.ended = True


@PERIOD.on(ev.Reroute)
def reroute(run: Period, event: ev.Reroute) -> None:
    """Rule: what was received is answered, not sent on (条例31, 36(5))."""
    if run.start is not None:
        run.ignore("已经收到，不能再转办")
        return
    run.ended = True


@PERIOD.on(ev.Withdraw, ev.Void)
def end(run: Period, event: ev.Event) -> None:
    run.ended = True
