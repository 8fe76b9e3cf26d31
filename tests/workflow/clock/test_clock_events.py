"""What each event does to the clock, a sentence each."""

from datetime import date
from typing import Any

import pytest

from tests.workflow.clock.march import DUE, RECEIVED, RULES, found, on, said
from workflow import events as ev
from workflow.clock import Terms, compute, effective_service

# -- reasons, delay, extension -----------------------------------------------------------------------------


def test_reasons_restart_the_clock_or_leave_it_and_say_so() -> None:
    reasons = (on("ask_reasons", "03-06"), on("give_reasons", "03-11", accepted=True))
    plain, restarted = found(*reasons), found(*reasons, reasons_effect="restart")
    assert (plain.reply_due, plain.clock_restarted_on) == (DUE, None)
    assert restarted.clock_restarted_on == date(2024, 3, 11)
    assert restarted.reply_due == RULES.calendar.add(date(2024, 3, 11), 20)
    assert "不影响" in said(plain, date(2024, 3, 11))
    assert "重新计算" in said(restarted, date(2024, 3, 11))


def test_delayed_reply_is_due_on_the_day_that_was_fixed() -> None:
    asked = (on("ask_reasons", "03-06"), on("give_reasons", "03-08"))
    delayed = found(*asked, on("delay_reply", "03-11", until="06-28"))
    assert (delayed.reply_due, delayed.clock) == (date(2024, 6, 28), "overridden")
    assert "2024 年 6 月 28 日" in said(delayed, date(2024, 3, 11))


def test_extension_lengthens_and_a_void_one_tells_why() -> None:
    valid = found(on("extend", "03-11", days=1))
    assert (valid.extra_workdays, valid.extension_valid) == (1, True)
    assert "延长 1 个工作日" in said(valid, date(2024, 3, 11))
    long = found(on("extend", "03-11", days=21))
    assert (long.reply_due, long.extension_valid) == (DUE, False)
    assert "不得超过 20 个工作日" in said(long, date(2024, 3, 11))
    late = found(on("extend", "04-02", days=5))
    assert (late.reply_due, late.extension_valid) == (DUE, False)
    assert "2024 年 4 月 1 日" in said(late, date(2024, 4, 2))
    early = compute([on("extend", "03-01", days=5), RECEIVED], RULES)
    assert (early.reply_due, early.extension_valid) == (DUE, None)
    assert [i.place for i in early.ignored] == [0]


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


INSIDE = Terms(redo_inside=True)
WAITS = {
    "correction": (
        on("require_correction", "03-06", defects=["年度"], reached_on="03-06"),
        on("correct", "03-20"),
    ),
    "payment": (
        on("charge_fee", "03-06", amount="100", mode="by_item", units=11, reached_on="03-06"),
        on("pay_fee", "03-20", amount="100"),
    ),
}


@pytest.mark.parametrize("waits", WAITS)
@pytest.mark.parametrize(
    ("due", "last", "clock"),
    [("03-29", date(2024, 3, 29), "overridden"), (None, date(2024, 4, 10), "running")],
)
def test_an_order_binds_also_while_the_applicant_is_waited_for(
    waits: str, due: str | None, last: date, clock: str
) -> None:
    """行政复议法64, 行政诉讼法70: what the applicant does later starts no further period."""
    asked, came = WAITS[waits]
    order = on("order_redo", "03-12", **({"due": due} if due else {}))
    waiting = found(asked, order, terms=INSIDE)
    assert (waiting.reply_due, waiting.clock) == (last, clock)
    assert found(asked, terms=INSIDE).clock == "stopped"
    after = found(asked, order, came, terms=INSIDE)
    assert (after.reply_due, after.clock) == (last, clock)
    assert "已责令重新答复，期限不重新起算" in said(after, date(2024, 3, 20))


@pytest.mark.parametrize("waits", WAITS)
def test_the_ordered_day_stays_whatever_starts_the_period_anew(waits: str) -> None:
    order = on("order_redo", "03-05", due="03-29")
    assert found(order, *WAITS[waits], terms=INSIDE).reply_due == date(2024, 3, 29)
    open_end = on("order_redo", "03-05")
    assert found(order, open_end, *WAITS[waits], terms=INSIDE).reply_due == date(2024, 4, 18)


@pytest.mark.parametrize(
    ("name", "fields"),
    [("withdraw", {}), ("void", {"reason": "测试", "second_person": "甲"})],
)  # fmt: skip
def test_what_ends_a_case_ends_its_clock(name: str, fields: dict[str, Any]) -> None:
    assert found(on(name, "03-20", **fields)).clock == "ended"
    assert found().clock == "running"


# -- corrections -------------------------------------------------------------------------------------------


def correction(day: str) -> ev.Event:
    return on("require_correction", day, reached_on=day, deadline_on="04-10")


def test_correction_notice_stops_the_clock_and_a_late_one_is_told_to_be_late() -> None:
    in_time, late = found(correction("03-13")), found(correction("03-14"))
    assert (in_time.clock, late.clock) == ("stopped", "running")
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
