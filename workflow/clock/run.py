"""The clock of one case while its events pass by: what each event does to the reply period."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from workflow import events as ev
from workflow.clock.days import (
    ON_THE_NET,
    add_months,
    effective_service,
    party_deadline,
    receipt_day,
)
from workflow.clock.deadlines import NO_TERMS, Deadlines, Step, Terms
from workflow.clock.period import Consultation, Extension, Period
from workflow.dates import in_words, month_day
from workflow.effects import Effects
from workflow.rules.calendar import national
from workflow.rules.rulebook import Rulebook


def compute(
    events: Iterable[ev.Event],
    rules: Rulebook,
    as_of: date | None = None,
    *,
    with_national: bool = False,
    terms: Terms = NO_TERMS,
) -> Deadlines:
    """All due days of a case from its events, in the order of their days.

    as_of: the day up to which an opinion without any deadline counts as awaited.
    with_national: under a local calendar also the stricter due day by national days only.
    terms: what the case brings along besides its events.
    """
    ordered = sorted(events, key=lambda event: event.on)
    run = _Run(rules, as_of, terms)
    for event in ordered:
        run.apply(event)
    found = run.result()
    if with_national and rules.calendar.locals and found.reply_due:
        twin = compute(ordered, rules.with_calendar(national()), as_of, terms=terms)
        found = replace(found, reply_due_national=twin.reply_due)
        if twin.reply_due and found.reply_due and twin.reply_due != found.reply_due:
            stricter = "；在这一天之前答复最稳妥" if twin.reply_due < found.reply_due else ""
            step = Step(
                twin.reply_due,
                f"只按全国放假安排计算，期限为 {in_words(twin.reply_due)}{stricter}",
                "放假办法4",
            )
            found = replace(found, steps=(*found.steps, step))
    return found


_PERIOD: "Effects[_Run]" = Effects("the reply period")
_PERIOD.nothing(
    ev.Assign,
    ev.AskReasons,
    ev.OverrideThirdParty,
    ev.RecordSearch,
    ev.ProposeOutcome,
    ev.SendToSecrecyReview,
    ev.PassSecrecyReview,
    ev.ReturnFromSecrecyReview,
    ev.PassLegalCheck,
    ev.Approve,
    ev.ReturnDraft,
    ev.ServiceFailed,
    ev.MergeDuplicate,
    ev.Archive,
    ev.FileReview,
    ev.FileSuit,
    ev.ConcludeSuit,
    ev.ReviseReply,
    ev.CorrectEntry,
    ev.Transfer,
)


class _Run(Period):
    """A period to which the events of a case happen."""

    def apply(self, event: ev.Event) -> None:
        effect = _EFFECTS.get(event.name)
        if effect is not None:
            effect(self, event)

    @_PERIOD.on(ev.Submit)
    def submit(self, event: ev.Submit) -> None:
        if event.channel not in ON_THE_NET:
            return
        self.submitted_on = event.on
        if self.rules["online_confirmation"] == "submission":
            day = self._after_hours(event)
            self._received(day, "提交成功即为收到之日，当日不计", "条例31(3)；指导案例26号")

    def _after_hours(self, event: ev.Submit | ev.Receive) -> date:
        """What came in after the office closed, by the setting, counts as of the next day."""
        if event.after_hours and self.rules["after_hours_next_day"]:
            self.note(event.on, "下班之后提交，视为次日收到", "设置：下班后提交的申请")
            return event.on + timedelta(1)
        return event.on

    @_PERIOD.on(ev.Receive)
    def receive(self, event: ev.Receive) -> None:
        if self.start is not None:
            return
        day = receipt_day(
            event,
            self.submitted_on,
            self.rules["online_confirmation"],
            self.rules["misaddressed_mail"],
        )
        if day == event.on:
            day = self._after_hours(event)
        words = {
            "in_person": ("申请人当面提交，当日为收到之日，当日不计", "条例31(1)"),
            "oral": ("口头申请已代为填写，当日为收到之日，当日不计", "条例29、31(1)"),
            "ems": ("机关签收之日为收到之日，当日不计", "条例31(2)"),
            "ordinary_mail": ("与申请人确认之日为收到之日，当日不计", "条例31(2)"),
        }
        text, article = words.get(event.channel, ("双方确认之日为收到之日，当日不计", "条例31(3)"))
        if event.channel in ON_THE_NET and self.rules["online_confirmation"] == "submission":
            text, article = "提交成功即为收到之日，当日不计", "条例31(3)；指导案例26号"
        self._received(day, text, article)

    def _received(self, day: date, text: str, article: str) -> None:
        self.begin(day)
        assert self.start is not None
        self.note(day, text, article)
        if self.start != day:
            self.note(
                self.start,
                f"{month_day(day)}为休息日，视为下一工作日收到",
                "设置：休息日收到的申请",
            )
        if self.until:
            self.note(
                self.until,
                f"复议决定或者判决责令重新答复，期限至 {in_words(self.until)}",
                "行政复议法64；行政诉讼法70",
            )
        self.notice_from = self.start
        self.change(receipt_date=day, correction_notice_due=self._notice_due())

    def _notice_due(self) -> date | None:
        if self.notice_from is None:
            return None
        return self.calendar.add(self.notice_from, self._notice_days())

    def _notice_days(self) -> int:
        """Working days in which a correction must be asked for (条例30)."""
        assert self.notice_from is not None
        return self.rules.period("correction_notice", self.notice_from)

    @_PERIOD.on(ev.RequireCorrection)
    def require_correction(self, event: ev.RequireCorrection) -> None:
        notice_due = self._notice_due()
        late = notice_due is not None and event.on > notice_due
        number = event.period_days or int(self.rules["correction_period_days"])
        due = event.deadline_on or self.calendar.add(event.reached_on, number)
        self.stopped, self.stopped_on, self.notice_sent = True, event.on, True
        self.note(event.on, f"通知补正，答复期限停止计算；补正截止 {in_words(due)}", "条例30")
        if late and notice_due:
            self.note(
                notice_due,
                f"补正通知应在这一天之前发出，现已超过 {self._notice_days()} 个工作日，属程序瑕疵",
                "条例30",
            )
        self.change(
            correction_notice_due=notice_due, correction_notice_late=late, correction_due=due
        )

    @_PERIOD.on(ev.Correct)
    def correct(self, event: ev.Correct) -> None:
        """Rule: a correction that came in starts the period of reply anew (条例30)."""
        if (
            self.found.correction_notice_late
            and self.rules["late_correction_notice"] == "no_restart"
        ):
            self.stopped = False
            self.note(event.on, "收到补正；因补正通知逾期，期限不重新起算", "条例30")
            return
        self.begin(event.on)
        self.notice_from = self.start
        self.note(event.on, "收到补正后的申请，答复期限从次日起重新计算", "条例30")
        self.change(clock_restarted_on=event.on)

    @_PERIOD.on(ev.GiveReasons)
    def give_reasons(self, event: ev.GiveReasons) -> None:
        if self.rules["reasons_effect"] == "restart":
            self.begin(event.on)
            self.note(event.on, "收到说明的理由，答复期限从次日起重新计算", "条例35；地方规定")
            self.change(clock_restarted_on=event.on)
        else:
            self.note(event.on, "收到说明的理由，不影响答复期限", "条例35")

    @_PERIOD.on(ev.DelayReply)
    def delay_reply(self, event: ev.DelayReply) -> None:
        self.until = event.until
        self.note(
            event.on,
            f"理由合理但无法按期答复，确定延迟至 {in_words(event.until)}答复并告知申请人",
            "条例35",
        )

    @_PERIOD.on(ev.ConsultThirdParty, ev.ConsultJointAgency, ev.ConsultOtherAgency)
    def consult(self, event: ev.Consultation) -> None:
        reached = event.reached_on or event.on
        deadline = party_deadline(event, self.rules)
        article = {
            "consult_third_party": "条例32、33(3)", "consult_joint_agency": "条例34、33(3)",
        }.get(event.name, "条例33(3)")  # fmt: skip
        self.consultations[event.consultation] = Consultation(
            event.consultation, event.name, event.on, reached, deadline
        )
        until = f"，对方期限至 {in_words(deadline)}" if deadline else ""
        self.note(
            event.on,
            f"第 {event.consultation} 次征求意见，等待意见的时间不计入期限{until}",
            article,
        )

    @_PERIOD.on(ev.RecordOpinion)
    def record_opinion(self, event: ev.RecordOpinion) -> None:
        consultation = self.consultations.get(event.consultation)
        if consultation is None:
            return
        consultation.answered_on = event.on
        end = self._end_of(consultation)
        deadline = consultation.deadline
        text = f"第 {event.consultation} 次征求意见结束"
        if deadline is not None and end == deadline < event.on:
            text += f"；对方逾期，只扣除到 {in_words(deadline)}"
        self.note(event.on, text, "条例33(3)")

    @_PERIOD.on(ev.AskRuling)
    def ask_ruling(self, event: ev.AskRuling) -> None:
        if self.rules["ruling_stops_clock"]:
            self.pauses.append((event.on, None))
            self.note(event.on, "报请保密部门确定，等待期间不计入期限", "条例17、33(3)")

    @_PERIOD.on(ev.RecordRuling)
    def record_ruling(self, event: ev.RecordRuling) -> None:
        if self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1] = (self.pauses[-1][0], event.on)

    @_PERIOD.on(ev.Extend)
    def extend(self, event: ev.Extend) -> None:
        """Rule: one extension lengthens the period; a later, longer or unserved one is void (条例33(2))."""
        due = self.due()
        served = event.reached_on or event.on
        latest = self.rules.period("extension_max", event.on)
        used = self.extension is not None or (
            self.extended_before and not self.rules["extension_again_after_restart"]
        )
        if due is None:
            why = "尚未收到申请"
        elif max(event.on, served) > due:
            why = f"批准并告知须不晚于 {in_words(due)}"
        elif not 1 <= event.days <= latest:
            why = f"延长不得超过 {latest} 个工作日"
        elif used:
            why = "只能延长一次"
        else:
            why = ""
        judged = Extension(event.on, event.days, not why, why)
        if judged.valid:
            self.extension = judged
            self.note(
                event.on,
                f"经公开工作机构负责人同意，延长 {event.days} 个工作日并已告知申请人",
                "条例33(2)",
            )
        else:
            self.note(event.on, f"延期无效：{why}", "条例33(2)")
        self.change(extension_valid=judged.valid)

    @_PERIOD.on(ev.ChargeFee)
    def charge_fee(self, event: ev.ChargeFee) -> None:
        due = self.due()
        in_time = due is not None and event.on <= due
        number = self.rules.period("fee_payment", event.reached_on)
        fee_due = self.calendar.add(event.reached_on, number)
        if in_time:
            self.stopped, self.stopped_on = True, event.on
            self.note(
                event.on,
                f"通知缴费，答复期限停止计算；缴费截止 {in_words(fee_due)}",
                "国办函〔2020〕109号6",
            )
        else:
            self.note(
                event.on, "收费通知超过答复期限，不产生停止计算的效力", "国办函〔2020〕109号6"
            )
        self.change(fee_notice_in_time=in_time, fee_due=fee_due)

    @_PERIOD.on(ev.PayFee)
    def pay_fee(self, event: ev.PayFee) -> None:
        if not self.found.fee_notice_in_time:
            return
        if self.rules["fee_restart_full"]:
            self.begin(event.on)
            self.note(event.on, "已缴费，答复期限从缴费次日起重新计算", "国办函〔2020〕109号6")
            self.change(clock_restarted_on=event.on)
        else:
            assert self.stopped_on is not None
            self.stopped = False
            self.pauses.append((self.stopped_on, event.on))
            self.note(event.on, "已缴费，继续计算剩余期限", "国办函〔2020〕109号6")

    @_PERIOD.on(ev.SubstituteApplicant)
    def substitute_applicant(self, event: ev.SubstituteApplicant) -> None:
        if self.rules["substitution_stops_clock"] and event.since and self.start is not None:
            self.pauses.append((event.since, event.on))
            text = f"申请人变更，{in_words(event.since)}至此不计入期限"
            self.note(event.on, text, "设置：变更申请人期间不计期限")

    @_PERIOD.on(ev.Serve)
    def serve(self, event: ev.Serve) -> None:
        effective = effective_service(event)
        due = self.due()
        self.ended = True
        words = {
            "mail": "交邮之日", "electronic": "发送之日", "direct": "签收之日", "entrusted": "签收之日",
        }  # fmt: skip
        text = f"答复送达，以{words[event.method]}为准：{in_words(effective)}"
        if due is not None:
            text += "，未逾期" if effective <= due else "，已逾期"
        self.note(effective, text, "国办公开办函〔2016〕235号四")
        known_from = event.signed_on if event.method == "mail" and event.signed_on else effective
        self.change(
            service_effective_date=effective,
            on_time=None if due is None else effective <= due,
            review_last_day=self._rolled(
                known_from + timedelta(self.rules.period("review", known_from))
            ),
            suit_last_day=self._rolled(
                add_months(known_from, self.rules.period("suit_direct", known_from))
            ),
        )

    @_PERIOD.on(ev.ConcludeReview)
    def conclude_review(self, event: ev.ConcludeReview) -> None:
        if event.reached_on:
            number = self.rules.period("suit_after_review", event.reached_on)
            last = self._rolled(event.reached_on + timedelta(number))
            self.note(
                event.reached_on, f"收到复议决定，起诉期限至 {in_words(last)}", "行政诉讼法45"
            )
            self.change(suit_last_day=last)

    @_PERIOD.on(ev.OrderRedo)
    def order_redo(self, event: ev.OrderRedo) -> None:
        if not self.terms.redo_inside:
            return
        self.begin(event.on)
        self.until, self.ended = event.due, False
        until = f"，期限至 {in_words(event.due)}" if event.due else "，期限从次日起重新计算"
        self.note(event.on, f"责令重新答复{until}", "行政复议法64；行政诉讼法70")
        self.change(clock_restarted_on=event.on, on_time=None, service_effective_date=None)

    @_PERIOD.on(ev.Reroute, ev.LapseCorrection, ev.LapseFee, ev.Withdraw, ev.Void)
    def end(self, event: ev.Event) -> None:
        self.ended = True

    def _rolled(self, day: date) -> date:
        """A calendar period that ends on a rest day ends on the first day after it."""
        return self.calendar.on_or_after(day)


_EFFECTS = _PERIOD.complete()
CLOCK_EVENTS = frozenset(_EFFECTS)
"""The events that do something to the reply period, or to another due day that the clock gives."""
