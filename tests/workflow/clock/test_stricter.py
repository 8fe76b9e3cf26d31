"""The stricter day beside the due day (law.md §3.1(8)), and what the clock does not believe (§3.1(9))."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.clock.march import DAY, DUE, MONDAY, RECEIVED, RULES, found, on, rules, said
from tests.workflow.clock.test_clock import timelines
from workflow import events as ev
from workflow.clock import Deadlines, compute

CAL = RULES.calendar


def reasons(deadlines: Deadlines) -> list[str]:
    return [ignored.reason for ignored in deadlines.ignored]


# -- the body's own lateness moves what pages and reminders follow -----------------------------------------


def received(channel: str, day: str, confirmed_on: str, **chosen: Any) -> Deadlines:
    event = on("receive", day, channel=channel, confirmed_on=confirmed_on)
    return compute([event], rules(**chosen))


@pytest.mark.parametrize(
    ("channel", "confirmed", "late"),
    [
        ("ordinary_mail", "03-04", None), ("ordinary_mail", "03-05", True),
        ("portal", "03-05", None), ("portal", "03-06", True),
    ],
)  # fmt: skip
def test_late_confirmation_keeps_its_day_and_shows_the_stricter_one(
    channel: str, confirmed: str, late: bool | None
) -> None:
    """条例31(2), 国办公开办函〔2015〕207号: ordinary mail is confirmed on the day of arrival, what came over
    the net by the end of the next working day."""
    told = received(channel, "03-04", confirmed, online_confirmation="confirmation_event")
    day = date.fromisoformat(f"2024-{confirmed}")
    assert (told.receipt_date, told.late_confirmation) == (day, late)
    assert told.reply_due == CAL.add(day, 20)
    assert told.safe_due == (DUE if late else None)
    assert told.act_by == (DUE if late else told.reply_due)


def test_applicant_who_could_not_be_reached_makes_no_lateness() -> None:
    """国办公开办函〔2015〕207号: tried on the day of arrival, the clock starts when contact is there."""
    event = on("receive", "03-04", channel="ordinary_mail", confirmed_on="03-11")
    tried = event.model_copy(update={"tried_on": (date(2024, 3, 4),)})
    too_late = event.model_copy(update={"tried_on": (date(2024, 3, 5),)})
    assert compute([tried], RULES).late_confirmation is None
    assert compute([tried], RULES).reply_due == CAL.add(date(2024, 3, 11), 20)
    assert compute([too_late], RULES).late_confirmation is True


def test_submission_that_counts_as_receipt_is_never_confirmed_late() -> None:
    submitted = on("submit", "03-04", channel="portal")
    confirmed = on("receive", "03-04", channel="portal", confirmed_on="03-20")
    told = compute([submitted, confirmed], rules(online_confirmation="submission"))
    assert (told.reply_due, told.safe_due, told.late_confirmation) == (DUE, None, None)


def correction(day: str) -> ev.Event:
    return on("require_correction", day, reached_on=day, defects=["年度"])


def test_late_correction_notice_neither_stops_nor_restarts() -> None:
    """条例30, setting late_correction_notice: the original day stays."""
    asked = found(correction("03-20"))
    assert (asked.clock, asked.correction_due) == ("running", CAL.add(date(2024, 3, 20), 15))
    corrected = found(correction("03-20"), on("correct", "03-27"))
    assert (corrected.reply_due, corrected.clock_restarted_on) == (DUE, None)
    assert "不重新起算" in said(corrected, date(2024, 3, 27))


def test_late_correction_notice_that_restarts_shows_the_original_day_as_the_one_to_act_by() -> None:
    flag = {"late_correction_notice": "restart_and_flag"}
    corrected = found(correction("03-20"), on("correct", "03-27"), **flag)
    assert corrected.reply_due == CAL.add(date(2024, 3, 27), 20)
    assert (corrected.safe_due, corrected.act_by) == (DUE, DUE)


@pytest.mark.parametrize("setting", ["no_restart", "restart_and_flag"])
def test_correction_notice_after_the_last_day_does_nothing_to_the_clock(setting: str) -> None:
    events = (correction("04-02"), on("correct", "04-09"))
    told = found(*events, late_correction_notice=setting)
    assert (told.reply_due, told.safe_due, told.correction_notice_late) == (DUE, None, True)


# -- other stricter readings are shown only --------------------------------------------------------------

DELAYED = (on("ask_reasons", "03-06"), on("give_reasons", "03-12", accepted=True))


def test_delayed_reply_on_a_rest_day_rolls_and_shows_the_working_day_before() -> None:
    """民法典203; the date binds the body itself: 29 June 2024 is a Saturday."""
    told = found(*DELAYED, on("delay_reply", "03-20", until="06-29"))
    assert (told.reply_due, told.safe_due) == (date(2024, 7, 1), date(2024, 6, 28))
    assert told.act_by == told.reply_due
    works = found(*DELAYED, on("delay_reply", "03-20", until="06-28"))
    assert (works.reply_due, works.safe_due) == (date(2024, 6, 28), None)


def test_delay_that_was_told_after_the_period_shows_the_period() -> None:
    told = found(*DELAYED, on("delay_reply", "04-02", until="06-28"))
    assert (told.reply_due, told.safe_due) == (date(2024, 6, 28), DUE)


def test_several_stricter_readings_are_taken_together() -> None:
    event = on("receive", "03-04", channel="ordinary_mail", confirmed_on="03-11")
    told = compute([event, on("extend", "03-29", days=5)], RULES)
    assert told.reply_due == CAL.add(date(2024, 3, 11), 25)
    assert told.safe_due == DUE, "received on 4 March, the extension not shown to have arrived"
    assert told.act_by == CAL.add(MONDAY, 25), "received on 4 March, the extension as it is"


@given(timelines())
@settings(max_examples=150)
def test_stricter_day_is_earlier_and_explained_or_not_there(events: list[ev.Event]) -> None:
    told = compute(events, RULES)
    if told.safe_due is None:
        assert told.act_by == told.reply_due
    else:
        assert told.reply_due and told.act_by
        assert told.safe_due < told.reply_due
        assert told.safe_due <= told.act_by <= told.reply_due
        assert "稳妥" in told.steps[-1].text and told.steps[-1].article


# -- reasons (条例35) ------------------------------------------------------------------------------------


def test_reasons_are_due_on_the_day_told_or_by_the_setting() -> None:
    asked = found(on("ask_reasons", "03-06"))
    assert asked.reasons_due == CAL.add(date(2024, 3, 6), 10)
    assert found(on("ask_reasons", "03-06"), reasons_days=3).reasons_due == date(2024, 3, 11)
    rolled = found(on("ask_reasons", "03-06", deadline_on="03-16"))
    assert rolled.reasons_due == date(2024, 3, 18), "a Saturday rolls to Monday (民法典203)"


def test_delay_and_extension_do_not_contradict_each_other() -> None:
    """条例35 replaces the period of 条例33: no extension after it; an earlier one stays what it was."""
    delay = on("delay_reply", "03-20", until="06-28")
    after = found(*DELAYED, delay, on("extend", "03-22", days=10))
    assert (after.reply_due, after.extension_valid) == (date(2024, 6, 28), False)
    assert "第三十五条" in reasons(after)[0]
    before = found(*DELAYED, on("extend", "03-15", days=10, reached_on="03-15"), delay)
    assert (before.reply_due, before.extension_valid) == (date(2024, 6, 28), True)


# -- the old law -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "valid"), [(15, True), (16, False)])
def test_request_before_the_revision_is_extended_by_15_days_at_most(days: int, valid: bool) -> None:
    """旧条例24: received before 2019-05-15, also where the extension falls after it."""
    events = [
        ev.parse("receive", {"on": "2019-05-14", "channel": "in_person"}),
        ev.parse("extend", {"on": "2019-05-20", "days": days, "reached_on": "2019-05-20"}),
    ]
    told = compute(events, RULES)
    assert told.extension_valid is valid
    assert told.reply_due == CAL.add(date(2019, 5, 14), 15 + days * valid)


# -- nothing is believed -----------------------------------------------------------------------------------

STRAY: dict[str, tuple[ev.Event, ...]] = {
    "没有通知过补正": (on("correct", "03-11"),),
    "没有通知过缴费": (on("pay_fee", "03-11"),),
    "没有发出": (on("record_opinion", "03-11", consultation=1),),
    "已经登记过意见": (
        on("consult_third_party", "03-06", consultation=1, reached_on="03-06"),
        on("record_opinion", "03-08", consultation=1),
        on("record_opinion", "03-15", consultation=1),
    ),
    "没有要求说明理由": (on("give_reasons", "03-11", accepted=True),),
    "没有申请人说明的理由": (on("ask_reasons", "03-06"), on("delay_reply", "03-11", until="06-28")),
    "不予认可": (
        on("ask_reasons", "03-06"),
        on("give_reasons", "03-08", accepted=False),
        on("delay_reply", "03-11", until="06-28"),
    ),
    "不晚于现在的期限": (*DELAYED, on("delay_reply", "03-20", until="03-29")),
    "已经登记过收到": (on("receive", "03-11", channel="in_person"),),
    "早于收到申请": (on("extend", "03-01", days=5),),
    "不能再次通知": (correction("03-06"), correction("03-08")),
    "已经要求说明过理由": (on("ask_reasons", "03-06"), on("ask_reasons", "03-08")),
    "没有送达过答复": (on("record_delivery", "03-11", of="serve", reached_on="03-11"),),
}


@pytest.mark.parametrize("why", STRAY)
def test_event_without_what_it_needs_moves_no_day_and_is_named(why: str) -> None:
    told = found(*STRAY[why])
    assert len(told.ignored) == 1 and why in told.ignored[0].reason
    stray = STRAY[why][told.ignored[0].place - 1]
    without = found(*(event for event in STRAY[why] if event is not stray))
    quiet = (told.reply_due, told.party_deadlines, told.receipt_date, told.clock)
    assert quiet == (
        without.reply_due,
        without.party_deadlines,
        without.receipt_date,
        without.clock,
    )


AFTER_THE_END = (
    on("extend", "03-27", days=5), on("correct", "03-27"), correction("03-27"), on("pay_fee", "03-27"),
    on("consult_third_party", "03-27", consultation=1), on("charge_fee", "03-27", pages=57),
    on("ask_reasons", "03-27"), on("serve", "03-27", method="direct"), on("withdraw", "03-27"),
)  # fmt: skip


@pytest.mark.parametrize("event", AFTER_THE_END, ids=lambda event: event.name)
@pytest.mark.parametrize("end", ["serve", "withdraw"])
def test_nothing_moves_a_day_after_the_end(end: str, event: ev.Event) -> None:
    ended = on(end, "03-25", **({"method": "direct"} if end == "serve" else {}))
    before, after = found(ended), found(ended, event)
    assert "已经答复或者终止" in reasons(after)[0]
    assert (after.reply_due, after.service_effective_date) == (
        before.reply_due,
        before.service_effective_date,
    )


@given(timelines(), st.integers(0, 6))
def test_stray_correction_payment_or_opinion_never_moves_a_day(
    events: list[ev.Event], where: int
) -> None:
    """An opinion on a consultation that was never sent, wherever it stands."""
    day = events[min(where, len(events) - 1)].on + DAY
    stray = ev.parse("record_opinion", {"on": day, "consultation": 900})
    before, after = compute(events, RULES), compute([*events, stray], RULES)
    assert (after.reply_due, after.safe_due) == (before.reply_due, before.safe_due)
    assert len(after.ignored) == len(before.ignored) + 1


def test_receipt_is_not_needed_for_the_days_of_a_served_reply() -> None:
    served = compute([on("serve", "03-25", method="direct", signed_on="03-25")], RULES)
    assert (served.review_last_day, served.on_time, served.ignored) == (
        CAL.on_or_after(date(2024, 3, 25) + timedelta(60)),
        None,
        (),
    )
    assert reasons(compute([on("serve", "03-01", method="direct"), RECEIVED], RULES))
