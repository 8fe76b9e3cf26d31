"""What each event does to the clock, a sentence each; the count shown day by day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from workflow import events as ev
from workflow.clock import (
    CountedDays,
    Deadlines,
    Terms,
    compute,
    day_by_day,
    effective_service,
    party_deadline,
    receipt_day,
    used_workdays,
)
from workflow.rules.calendar import LocalDays, calendar_for
from workflow.rules.rulebook import Rulebook, merged_settings

RULES = Rulebook()
MONDAY = date(2024, 3, 4)
DUE = date(2024, 4, 1)
DAY = timedelta(1)


def rules(**chosen: Any) -> Rulebook:
    return replace(RULES, settings=merged_settings(RULES.law, chosen))


def on(name: str, day: str, **fields: Any) -> ev.Event:
    """An event on a day of 2024, both written 03-04."""
    return ev.parse(
        name,
        {
            "on": f"2024-{day}",
            **{k: f"2024-{v}" if k in _DAYS else v for k, v in fields.items()},
        },
    )


_DAYS = (
    "reached_on", "confirmed_on", "deadline_on", "until", "due", "posted_on", "signed_on", "sent_on",
    "document_date",
)  # fmt: skip
RECEIVED = on("receive", "03-04", channel="in_person")


def found(*events: ev.Event, terms: Terms | None = None, **chosen: Any) -> Deadlines:
    return compute([RECEIVED, *events], rules(**chosen), terms=terms or Terms())


def said(deadlines: Deadlines, day: date) -> str:
    """What the steps of a day say."""
    return "；".join(step.text for step in deadlines.steps if step.on == day)


# -- receipt -----------------------------------------------------------------------------------------------


def receipt(channel: str, **fields: Any) -> ev.Receive:
    event = on("receive", "03-04", channel=channel, **fields)
    assert isinstance(event, ev.Receive)
    return event


@pytest.mark.parametrize("channel", ["portal", "email", "fax"])
def test_on_line_request_is_received_when_submitted_or_when_both_sides_confirm(
    channel: str,
) -> None:
    confirmed = receipt(channel, confirmed_on="03-06")
    assert receipt_day(confirmed, None, "submission") == MONDAY
    assert receipt_day(confirmed, date(2024, 3, 1), "submission") == date(2024, 3, 1)
    assert receipt_day(confirmed, date(2024, 3, 1), "confirmation_event") == date(2024, 3, 6)
    assert receipt_day(receipt(channel), None, "confirmation_event") == MONDAY


def test_ordinary_mail_is_received_when_both_sides_confirm() -> None:
    assert receipt_day(receipt("ordinary_mail", confirmed_on="03-06"), None, "submission") == date(
        2024, 3, 6
    )
    assert receipt_day(receipt("ordinary_mail"), None, "submission") == MONDAY


@pytest.mark.parametrize("channel", ["ems", "in_person", "oral"])
def test_what_is_signed_for_is_received_then_whatever_was_confirmed_later(channel: str) -> None:
    confirmed = receipt(channel, confirmed_on="03-06")
    assert receipt_day(confirmed, None, "submission", "strict") == MONDAY
    assert receipt_day(confirmed, None, "submission") == MONDAY


def test_letter_207_lets_the_confirmation_count_for_a_misaddressed_letter_alone() -> None:
    letter = receipt("ems", confirmed_on="03-06")
    assert receipt_day(letter, None, "submission", "letter_207") == date(2024, 3, 6)
    assert receipt_day(receipt("ems"), None, "submission", "letter_207") == MONDAY
    in_person = receipt("in_person", confirmed_on="03-06")
    assert receipt_day(in_person, None, "submission", "letter_207") == MONDAY


@pytest.mark.parametrize("channel", ["portal", "email", "fax"])
def test_submission_on_line_starts_the_clock_by_itself(channel: str) -> None:
    submitted = on("submit", "03-04", channel=channel)
    assert compute([submitted], RULES).receipt_date == MONDAY
    assert compute([submitted], rules(online_confirmation="confirmation_event")).clock == (
        "not_started"
    )
    received = on("receive", "03-07", channel=channel)
    assert compute([submitted, received], RULES).receipt_date == MONDAY
    late = compute([submitted, received], rules(online_confirmation="confirmation_event"))
    assert late.receipt_date == date(2024, 3, 7)


def test_letter_that_was_posted_starts_no_clock() -> None:
    assert compute([on("submit", "03-04", channel="ordinary_mail")], RULES).receipt_date is None


# -- consultations -----------------------------------------------------------------------------------------


def consulted(kind: str, **fields: Any) -> ev.Consultation:
    event = on(f"consult_{kind}", "03-05", consultation=1, **fields)
    assert isinstance(event, ev.Consultation)
    return event


def test_each_addressee_has_its_own_period() -> None:
    fifteen = RULES.calendar.add(date(2024, 3, 6), 15)
    for kind in ("third_party", "joint_agency"):
        assert party_deadline(consulted(kind, reached_on="03-06"), rules()) == fifteen
        assert (
            party_deadline(consulted(kind, reached_on="03-06"), rules(other_agency_cap_days=None))
            == fifteen
        )
    other = consulted("other_agency")
    assert party_deadline(other, rules(other_agency_cap_days=None)) is None
    assert party_deadline(other, rules(other_agency_cap_days=3)) == date(2024, 3, 8)


def test_periods_of_third_parties_and_co_makers_are_two_rows_of_the_law() -> None:
    """Either number may change without the other."""
    law = RULES.law
    shorter = replace(law.periods["joint_agency_opinion"], values=law.periods["reply"].values)
    changed = replace(
        RULES, law=replace(law, periods={**law.periods, "joint_agency_opinion": shorter})
    )
    assert party_deadline(consulted("joint_agency"), changed) == RULES.calendar.add(
        date(2024, 3, 5), 20
    )
    assert party_deadline(consulted("third_party"), changed) == RULES.calendar.add(
        date(2024, 3, 5), 15
    )


def test_awaited_opinion_without_a_deadline_counts_up_to_the_day_asked_about() -> None:
    events = [RECEIVED, consulted("other_agency")]
    free = rules(other_agency_cap_days=None)
    assert compute(events, free).reply_due == DUE
    waiting = compute(events, free, date(2024, 3, 12))
    assert waiting.excluded_workdays == 5
    assert waiting.reply_due == RULES.calendar.add(DUE, 5)
    assert waiting.clock == "excluding"


def test_unanswered_consultation_without_an_end_hides_no_other() -> None:
    events = [RECEIVED, consulted("other_agency"),
              on("consult_third_party", "03-05", consultation=2),
              on("record_opinion", "03-12", consultation=2, opinion="agrees")]  # fmt: skip
    assert compute(events, rules(other_agency_cap_days=None)).excluded_workdays == 5


# -- rulings -----------------------------------------------------------------------------------------------


def test_ruling_stops_the_clock_from_the_day_after_it_was_asked_through_its_arrival() -> None:
    asked, came = on("ask_ruling", "03-05"), on("record_ruling", "03-12", ruling="不属于")
    paused = found(asked, came, ruling_stops_clock=True)
    assert (paused.excluded_workdays, paused.reply_due) == (5, RULES.calendar.add(DUE, 5))
    assert "不计入" in said(paused, date(2024, 3, 5))
    assert found(asked, came).reply_due == DUE
    twice = found(asked, came, on("ask_ruling", "03-13"), on("record_ruling", "03-14", ruling="否"),
                  ruling_stops_clock=True)  # fmt: skip
    assert twice.excluded_workdays == 6


def test_ruling_that_is_awaited_counts_up_to_the_day_asked_about() -> None:
    events = [RECEIVED, on("ask_ruling", "03-05")]
    chosen = rules(ruling_stops_clock=True)
    assert compute(events, chosen, date(2024, 3, 8)).excluded_workdays == 3
    assert compute(events, chosen).excluded_workdays == 0


# -- reasons, delay, extension -----------------------------------------------------------------------------


def test_reasons_restart_the_clock_or_leave_it_and_say_so() -> None:
    reasons = on("give_reasons", "03-11", accepted=True)
    plain, restarted = found(reasons), found(reasons, reasons_effect="restart")
    assert (plain.reply_due, plain.clock_restarted_on) == (DUE, None)
    assert restarted.clock_restarted_on == date(2024, 3, 11)
    assert restarted.reply_due == RULES.calendar.add(date(2024, 3, 11), 20)
    assert "不影响" in said(plain, date(2024, 3, 11))
    assert "重新计算" in said(restarted, date(2024, 3, 11))


def test_delayed_reply_is_due_on_the_day_that_was_fixed() -> None:
    delayed = found(on("delay_reply", "03-11", until="06-28"))
    assert (delayed.reply_due, delayed.clock) == (date(2024, 6, 28), "overridden")
    assert "2024 年 6 月 28 日" in said(delayed, date(2024, 3, 11))


def test_extension_lengthens_and_a_void_one_tells_why() -> None:
    valid = found(on("extend", "03-11", days=1))
    assert (valid.extra_workdays, valid.extension_valid) == (1, True)
    assert "延长 1 个工作日" in said(valid, date(2024, 3, 11))
    long = found(on("extend", "03-11", days=21))
    assert (long.reply_due, long.extension_valid) == (DUE, False)
    assert "不得超过 20 个工作日" in said(long, date(2024, 3, 11))
    late = found(on("extend", "03-29", days=5, reached_on="04-02"))
    assert (late.reply_due, late.extension_valid) == (DUE, False)
    assert "2024 年 4 月 1 日" in said(late, date(2024, 3, 29))
    early = compute([on("extend", "03-01", days=5), RECEIVED], RULES)
    assert (early.reply_due, early.extension_valid) == (DUE, False)


@pytest.mark.parametrize(("again", "extra"), [(True, 7), (False, 0)])
def test_restarted_period_is_extended_again_where_the_setting_says_so(
    again: bool, extra: int
) -> None:
    events = (
        on("extend", "03-06", days=5),
        on("require_correction", "03-07", reached_on="03-07"),
        on("correct", "03-12"),
        on("extend", "03-14", days=7),
    )
    assert found(*events, extension_again_after_restart=again).extra_workdays == extra
    assert found(*events[:1], extension_again_after_restart=again).extra_workdays == 5


# -- fees --------------------------------------------------------------------------------------------------


def fee(day: str) -> ev.Event:
    return on("charge_fee", day, reached_on=day, pages=57)


def test_fee_notice_on_the_last_day_stops_the_clock_and_one_after_it_does_not() -> None:
    in_time, late = found(fee("04-01")), found(fee("04-02"))
    assert (in_time.clock, in_time.fee_notice_in_time) == ("stopped", True)
    assert (late.clock, late.fee_notice_in_time) == ("running", False)
    assert "停止计算" in said(in_time, DUE)
    assert "不产生停止计算的效力" in said(late, date(2024, 4, 2))


def test_payment_starts_a_whole_period_or_lets_the_rest_run() -> None:
    events = (fee("03-06"), on("pay_fee", "03-13"))
    whole, rest = found(*events), found(*events, fee_restart_full=False)
    assert whole.reply_due == RULES.calendar.add(date(2024, 3, 13), 20)
    assert whole.clock == rest.clock == "running"
    assert "重新计算" in said(whole, date(2024, 3, 13))
    assert (rest.excluded_workdays, rest.reply_due) == (5, RULES.calendar.add(DUE, 5))
    assert "剩余期限" in said(rest, date(2024, 3, 13))


def test_payment_after_a_void_notice_moves_nothing() -> None:
    assert found(fee("04-02"), on("pay_fee", "04-09")).reply_due == DUE


# -- service, review, redo ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "day"),
    [("mail", "03-26"), ("electronic", "03-27"), ("direct", "03-28"), ("entrusted", "03-28")],
)
def test_service_takes_effect_by_its_method(method: str, day: str) -> None:
    event = on(
        "serve", "03-25", method=method, posted_on="03-26", sent_on="03-27", signed_on="03-28"
    )
    assert isinstance(event, ev.Serve)
    assert effective_service(event) == date.fromisoformat(f"2024-{day}")
    alone = on("serve", "03-25", method=method)
    assert isinstance(alone, ev.Serve)
    assert effective_service(alone) == date(2024, 3, 25)


@pytest.mark.parametrize(("day", "in_time"), [("04-01", True), ("04-02", False)])
def test_reply_is_in_time_through_its_last_day(day: str, in_time: bool) -> None:
    served = found(on("serve", day, method="direct", signed_on=day))
    assert (served.on_time, served.clock) == (in_time, "ended")
    assert ("未逾期" if in_time else "已逾期") in "".join(step.text for step in served.steps)


def test_suit_after_a_review_has_15_days_from_its_arrival() -> None:
    served = on("serve", "03-25", method="direct", signed_on="03-25")
    decided = found(served, on("conclude_review", "06-03", result="upheld", reached_on="06-05"))
    assert decided.suit_last_day == date(2024, 6, 20)
    assert "2024 年 6 月 20 日" in said(decided, date(2024, 6, 5))
    without_day = found(served, on("conclude_review", "06-03", result="upheld"))
    assert without_day.suit_last_day == found(served).suit_last_day


REDO = (
    on("serve", "03-25", method="direct", signed_on="03-25"),
    on("order_redo", "06-03", due="06-28"),
)


def test_order_to_reply_anew_leaves_the_first_case_alone() -> None:
    assert found(*REDO) == found(*REDO[:1])


def test_order_to_reply_anew_opens_a_period_on_a_timeline_of_its_own() -> None:
    inside = found(*REDO, terms=Terms(redo_inside=True))
    assert (inside.reply_due, inside.clock) == (date(2024, 6, 28), "overridden")
    assert (inside.on_time, inside.service_effective_date) == (None, None)
    assert inside.clock_restarted_on == date(2024, 6, 3)
    assert "2024 年 6 月 28 日" in said(inside, date(2024, 6, 3))
    open_end = found(REDO[0], on("order_redo", "06-03"), terms=Terms(redo_inside=True))
    assert open_end.reply_due == RULES.calendar.add(date(2024, 6, 3), 20)
    assert "从次日起" in said(open_end, date(2024, 6, 3))


@pytest.mark.parametrize(
    ("name", "fields"),
    [("withdraw", {}), ("void", {"reason": "测试", "second_person": "甲"}), ("reroute", {"to": "县局"}),
     ("lapse_correction", {}), ("lapse_fee", {})],
)  # fmt: skip
def test_what_ends_a_case_ends_its_clock(name: str, fields: dict[str, Any]) -> None:
    assert found(on(name, "03-20", **fields)).clock == "ended"
    assert found().clock == "running"


# -- local calendars ---------------------------------------------------------------------------------------

LOCAL = LocalDays("文山州", frozenset((date(2024, 3, 29),)), frozenset())


def test_stricter_national_day_is_told_only_where_it_differs() -> None:
    local = replace(RULES, calendar=calendar_for(None, (LOCAL,)))
    both = compute([RECEIVED], local, with_national=True)
    assert (both.reply_due, both.reply_due_national) == (date(2024, 4, 2), DUE)
    assert "只按全国" in said(both, DUE)
    elsewhere = replace(LOCAL, holidays=frozenset((date(2024, 6, 3),)))
    same = compute(
        [RECEIVED], replace(RULES, calendar=calendar_for(None, (elsewhere,))), with_national=True
    )
    assert same.reply_due_national == same.reply_due == DUE
    assert not any("只按全国" in step.text for step in same.steps)
    assert compute([RECEIVED], local).reply_due_national is None


# -- the count, day by day ---------------------------------------------------------------------------------


def test_count_shows_rest_days_and_the_days_of_waiting_in_their_place() -> None:
    events = (
        consulted("third_party"),
        on("record_opinion", "03-07", consultation=1, opinion="agrees"),
    )
    rows = day_by_day(found(*events), RULES.calendar)
    assert rows[:5] == [
        CountedDays(date(2024, 3, 5), date(2024, 3, 5), "counted", "", 1, 1),
        CountedDays(date(2024, 3, 6), date(2024, 3, 7), "excluded", "等待意见，不计入"),
        CountedDays(date(2024, 3, 8), date(2024, 3, 8), "counted", "", 2, 2),
        CountedDays(date(2024, 3, 9), date(2024, 3, 10), "rest", "周末"),
        CountedDays(date(2024, 3, 11), date(2024, 3, 15), "counted", "", 3, 7),
    ]
    assert rows[-1].last == date(2024, 4, 3)
    assert rows[-1].last_number == 20


def test_made_up_working_day_is_counted_and_named() -> None:
    """2024-04-07, a Sunday, was worked for the Qingming holiday."""
    rows = day_by_day(found(on("extend", "03-11", days=10)), RULES.calendar)
    (made_up,) = [row for row in rows if row.first == date(2024, 4, 7)]
    assert (made_up.kind, made_up.text, made_up.last) == ("counted", "调休上班", date(2024, 4, 7))


def test_there_is_nothing_to_count_before_receipt_and_without_a_period() -> None:
    nothing = compute([], RULES)
    no_period = found(terms=Terms(reply_workdays=0))
    assert no_period.reply_due is None
    half = (replace(found(), counted_from=None), replace(found(), reply_due=None))
    for deadlines in (nothing, no_period, *half):
        assert day_by_day(deadlines, RULES.calendar) == []
        assert used_workdays(deadlines, RULES.calendar, DUE) == 0


def test_used_days_stop_with_the_period_and_leave_out_the_waiting() -> None:
    events = (
        consulted("third_party"),
        on("record_opinion", "03-07", consultation=1, opinion="agrees"),
    )
    used = {
        day: used_workdays(found(*events), RULES.calendar, MONDAY + day * DAY)
        for day in (-3, 0, 1, 2, 3, 4, 60)
    }
    assert used == {-3: 0, 0: 0, 1: 1, 2: 1, 3: 1, 4: 2, 60: 20}


# -- the printed form --------------------------------------------------------------------------------------


def test_nothing_is_claimed_before_anything_happened() -> None:
    nothing = Deadlines()
    assert (nothing.base_workdays, nothing.extra_workdays, nothing.excluded_workdays) == (0, 0, 0)
    assert nothing.as_dict() == {"clock": "not_started", "provisional": False, "steps": []}


def test_printed_form_names_the_clock_and_whether_its_days_may_move() -> None:
    printed = found().as_dict()
    assert (printed["clock"], printed["provisional"]) == ("running", False)
    assert printed["excluded_workdays"] == 0
    assert printed["reply_due"] == "2024-04-01"


# -- corrections -------------------------------------------------------------------------------------------


def correction(day: str) -> ev.Event:
    return on("require_correction", day, reached_on=day, deadline_on="04-10")


def test_correction_notice_stops_the_clock_and_a_late_one_is_told_to_be_late() -> None:
    in_time, late = found(correction("03-13")), found(correction("03-14"))
    assert in_time.clock == late.clock == "stopped"
    assert (in_time.correction_notice_late, late.correction_notice_late) == (False, True)
    assert "补正截止 2024 年 4 月 10 日" in said(in_time, date(2024, 3, 13))
    assert "程序瑕疵" not in said(in_time, date(2024, 3, 13))
    assert "程序瑕疵" in said(late, date(2024, 3, 13))


@pytest.mark.parametrize(
    ("notice", "setting", "restarts"),
    [
        ("03-13", "no_restart", True),
        ("03-13", "restart_and_flag", True),
        ("03-14", "restart_and_flag", True),
        ("03-14", "no_restart", False),
    ],
)
def test_correction_starts_the_period_anew_unless_it_was_asked_for_too_late(
    notice: str, setting: str, restarts: bool
) -> None:
    corrected = found(correction(notice), on("correct", "03-20"), late_correction_notice=setting)
    assert corrected.clock == "running"
    assert corrected.reply_due == (RULES.calendar.add(date(2024, 3, 20), 20) if restarts else DUE)
    words = "答复期限从次日起重新计算" if restarts else "期限不重新起算"
    assert words in said(corrected, date(2024, 3, 20))


def test_second_correction_notice_is_due_seven_working_days_after_the_first_correction() -> None:
    again = found(correction("03-06"), on("correct", "03-20"), correction("03-29"))
    assert again.correction_notice_due == date(2024, 3, 29)
    assert again.correction_notice_late is False


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        ("third_party", "条例32、33(3)"),
        ("joint_agency", "条例34、33(3)"),
        ("other_agency", "条例33(3)"),
    ],
)
def test_consultation_tells_the_addressees_day_and_its_article(kind: str, article: str) -> None:
    (step,) = [s for s in found(consulted(kind)).steps if s.on == date(2024, 3, 5)]
    assert step.article == article
    assert "对方期限至 2024 年 3 月 26 日" in step.text


@pytest.mark.parametrize(("answered", "late"), [("03-26", False), ("03-27", True)])
def test_late_opinion_tells_where_the_waiting_ended(answered: str, late: bool) -> None:
    opinion = on("record_opinion", answered, consultation=1, opinion="agrees")
    text = said(found(consulted("third_party"), opinion), date.fromisoformat(f"2024-{answered}"))
    assert "征求意见结束" in text
    assert ("只扣除到 2024 年 3 月 26 日" in text) == late


# -- after hours -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("setting", "received"), [(False, MONDAY), (True, date(2024, 3, 5))])
@pytest.mark.parametrize(("name", "channel"), [("submit", "email"), ("receive", "in_person")])
def test_what_comes_after_hours_counts_as_of_the_next_day_where_the_setting_says_so(
    name: str, channel: str, setting: bool, received: date
) -> None:
    late = on(name, "03-04", channel=channel, after_hours=True)
    deadlines = compute([late], rules(after_hours_next_day=setting))
    assert deadlines.receipt_date == received
    assert deadlines.reply_due == RULES.calendar.add(received, 20)
    assert ("视为次日收到" in said(deadlines, MONDAY)) == setting


@pytest.mark.parametrize(
    ("channel", "setting", "article", "text"),
    [
        ("in_person", "submission", "条例31(1)", "当面提交"),
        ("oral", "submission", "条例29、31(1)", "口头申请"),
        ("ems", "submission", "条例31(2)", "签收之日"),
        ("ordinary_mail", "submission", "条例31(2)", "确认之日"),
        ("portal", "submission", "条例31(3)；指导案例26号", "提交成功"),
        ("email", "submission", "条例31(3)；指导案例26号", "提交成功"),
        ("fax", "confirmation_event", "条例31(3)", "双方确认之日"),
    ],
)
def test_receipt_tells_what_made_the_day_and_its_article(
    channel: str, setting: str, article: str, text: str
) -> None:
    deadlines = compute([receipt(channel)], rules(online_confirmation=setting))
    step = deadlines.steps[0]
    assert (step.on, step.article) == (MONDAY, article)
    assert text in step.text
