"""The ladder, rung by rung: when, to whom, how many days left. Calendars are those of the nation.

2024: 1 to 7 October rest (make-up days 29 September and 12 October), 2 September is a Monday.
"""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.reminders import load_ladder
from tests.workflow.reminders.telling import between, case, day, of, received, rules, told, watched
from workflow.dates import SHANGHAI
from workflow.reminders.due import reminders_on, windows, within_office_hours
from workflow.reminders.moments import before_long_rest, due_on, fires
from workflow.reminders.watched import KINDS, WatchedBody, days_of_body, watched_days
from workflow.rules.calendar import LocalDays, calendar_for, national

# A shared machine may be slow for a moment; an example is wrong by its values, not by its time.
settings.register_profile("due", deadline=None)
settings.load_profile("due")

CALENDAR = national()
LADDER = load_ladder()
OVERDUE = ("clerk", "handler", "office_head", "leader", "above.office_head")


# -- coming in ----------------------------------------------------------------------------------------


def test_submission_not_confirmed_is_told_the_next_working_day():
    submitted = case(("submit", "2024-09-06", {"channel": "ordinary_mail"}))  # a Friday
    assert not told(submitted, "2024-09-06")
    reminder = told(submitted, "2024-09-09")["confirm"]
    assert (reminder.moment.to, reminder.moment.channels) == (
        ("clerk", "office_head"),
        ("in_app", "sms"),
    )


def test_submission_still_not_confirmed_is_told_daily():
    submitted = case(("submit", "2024-09-06", {"channel": "ordinary_mail"}))
    assert told(submitted, "2024-09-10")["confirm_again"].days_left == -1


def test_application_registered_and_not_assigned_is_told_after_one_working_day():
    assert told(case(received("2024-09-02")), "2024-09-03")["assign"].moment.to == (
        "clerk",
        "office_head",
    )
    assigned = case(received("2024-09-02"), ("assign", "2024-09-02", {}))
    assert "assign" not in told(assigned, "2024-09-03")


@pytest.mark.parametrize(
    ("on", "moment", "left"),
    [("2024-09-06", "correction_question_4", 3), ("2024-09-10", "correction_question_6", 1)],
)
def test_open_question_of_a_correction_is_told_on_the_4th_and_6th_working_day(on, moment, left):
    reminder = told(case(received("2024-09-02"), ("assign", "2024-09-02", {})), on)[moment]
    assert (reminder.days_left, reminder.due) == (left, day("2024-09-11"))


@pytest.mark.parametrize(
    "answer",
    [
        ("require_correction", "2024-09-04", {"reached_on": "2024-09-04"}),
        ("consult_third_party", "2024-09-04", {"consultation": 1}),
        ("record_search", "2024-09-04", {"sources": ["档案室"], "keywords": ["路"], "hits": 0}),
    ],
)
def test_question_of_a_correction_is_answered_once_somebody_has_begun(answer):
    begun = case(received("2024-09-02"), ("assign", "2024-09-02", {}), answer)
    assert not {m for m in told(begun, "2024-09-06") if m.startswith("correction_question")}


# -- the reply: received 2 September 2024, due 30 September -------------------------------------------


IN_HAND = case(received("2024-09-02"), ("assign", "2024-09-02", {}))
DRAFTED = case(
    received("2024-09-02"),
    ("assign", "2024-09-02", {}),
    ("propose_outcome", "2024-09-09", {"outcome": "supplied"}),
)


def test_ten_working_days_left_without_a_draft_is_told_to_the_unit_head():
    assert told(IN_HAND, "2024-09-14")["draft_10"].days_left == 10
    assert "draft_10" not in told(DRAFTED, "2024-09-14")


def test_five_working_days_left_turns_yellow():
    reminder = told(DRAFTED, "2024-09-24")["reply_5"]
    assert (reminder.moment.level, reminder.days_left, reminder.at.time()) == ("yellow", 5, time(9))
    assert reminder.moment.to == ("clerk", "handler", "office_head")
    assert reminder.moment.channels == ("in_app", "mail", "sms")


def test_unit_that_has_not_begun_hears_of_it_on_the_next_working_day_once():
    assigned = case(received("2024-09-02"), ("assign", "2024-09-03", {}))
    reminder = told(assigned, "2024-09-04")["begin"]
    assert (reminder.moment.to, reminder.moment.channels) == (("handler", "clerk"), ("in_app",))
    assert "begin" not in told(assigned, "2024-09-05")
    begun = case(
        received("2024-09-02"), ("assign", "2024-09-03", {}),
        ("record_search", "2024-09-03", {"sources": ["档案室"], "keywords": ["养护"], "hits": 1}),
    )  # fmt: skip
    assert "begin" not in told(begun, "2024-09-04")


def test_last_useful_day_to_extend_is_told_to_the_head_while_it_can_be_extended():
    assert told(IN_HAND, "2024-09-26")["extension_3"].moment.to == ("office_head",)
    extended = case(
        received("2024-09-02"), ("assign", "2024-09-02", {}),
        ("extend", "2024-09-20", {"days": 5, "reached_on": "2024-09-20"}),
    )  # fmt: skip
    due = extended.deadlines.reply_due
    assert due == day("2024-10-12")
    told_later = [r.moment.name for r in between(extended, due - timedelta(20), due)]
    assert "extension_3" not in told_later
    assert {"reply_5", "reply_2", "reply_0"} <= set(told_later)


def test_two_days_left_and_the_last_morning_are_told_to_the_leader_as_well():
    assert "leader" in told(DRAFTED, "2024-09-27")["reply_2"].moment.to
    last = told(DRAFTED, "2024-09-30")["reply_0"]
    assert (last.days_left, "leader" in last.moment.to) == (0, True)


def test_first_working_day_after_the_last_turns_red_and_reaches_the_body_above():
    reminder = told(DRAFTED, "2024-10-08")["reply_red"]
    assert (reminder.moment.level, reminder.days_left, reminder.moment.to) == ("red", -1, OVERDUE)


def test_more_than_twenty_working_days_late_turns_black():
    twentieth = CALENDAR.add(day("2024-09-30"), 20)
    assert told(DRAFTED, twentieth.isoformat())["reply_red"].moment.level == "red"
    later = told(DRAFTED, CALENDAR.add(twentieth, 1).isoformat())
    assert later["reply_black"].moment.level == "black"
    assert "reply_red" not in later


def test_words_carry_number_and_days_and_nothing_of_the_case():
    secretive = case(received("2024-09-02"), request="张三的宅基地审批材料")
    for reminder in between(secretive, day("2024-09-02"), day("2024-12-31")):
        assert "2024-0001" in reminder.text
        assert "张三" not in reminder.text and "宅基地" not in reminder.text
    assert told(secretive, "2024-10-08")["reply_red"].text == (
        "申请 2024-0001 的答复期限是 2024 年 9 月 30 日，已经逾期 1 个工作日，请立即答复"
    )


# -- clocks that stop, move and end -------------------------------------------------------------------


def test_stopped_clock_gives_the_reminders_of_the_correction_instead():
    stopped = case(
        received("2024-09-02"), ("require_correction", "2024-09-05", {"reached_on": "2024-09-05", "deadline_on": "2024-09-20"})
    )  # fmt: skip
    seen = between(stopped, day("2024-09-05"), day("2024-10-31"))
    assert [(r.moment.name, r.on, r.days_left) for r in seen] == [
        ("correction_3", day("2024-09-14"), 3),
        ("correction_0", day("2024-09-20"), 0),
        ("correction_over", day("2024-09-23"), -1),
        ("correction_weekly", day("2024-09-29"), -6),
        ("correction_weekly", day("2024-10-11"), -11),
        ("correction_weekly", day("2024-10-17"), -16),
        ("correction_head", day("2024-10-24"), -21),
        ("correction_head", day("2024-10-31"), -26),
    ]


def test_fee_is_told_three_days_before_and_on_its_last_day():
    charged = of("fee", "2024-09-27")
    assert told(charged, "2024-09-24")["fee_3"].days_left == 3
    assert told(charged, "2024-09-27")["fee_0"].moment.to == ("clerk", "cashier")


def test_opinion_is_told_three_days_before_on_the_day_and_when_its_time_is_over():
    assert told(of("opinion", "2024-09-27"), "2024-09-24")["opinion_3"].days_left == 3
    assert told(of("opinion", "2024-09-27"), "2024-09-27")["opinion_0"].days_left == 0
    assert told(of("opinion", "2024-09-27"), "2024-09-29")["opinion_over"].days_left == -1


def test_excluded_days_move_the_reminders_with_the_due_day():
    asked = case(
        received("2024-09-02"), ("assign", "2024-09-02", {}),
        ("consult_third_party", "2024-09-09", {"consultation": 1}),
        ("record_opinion", "2024-09-14", {"consultation": 1, "opinion": "agrees"}),
    )  # fmt: skip
    due = asked.deadlines.reply_due
    assert due is not None and due > day("2024-09-30")
    assert "reply_5" not in told(asked, "2024-09-24")
    assert told(asked, due.isoformat())["reply_0"].days_left == 0


def test_nothing_of_the_period_is_told_after_service():
    served = case(
        received("2024-09-02"), ("assign", "2024-09-02", {}),
        ("propose_outcome", "2024-09-09", {"outcome": "supplied"}),
        ("send_to_secrecy_review", "2024-09-09", {}), ("pass_secrecy_review", "2024-09-10", {}),
        ("pass_legal_check", "2024-09-10", {}), ("approve", "2024-09-11", {}),
        ("serve", "2024-09-12", {"method": "direct", "signed_on": "2024-09-12"}),
    )  # fmt: skip
    assert watched_days(served) == ()


def test_signed_but_unsent_is_told_the_same_afternoon_and_every_morning_after():
    signed = case(
        received("2024-09-02"), ("assign", "2024-09-02", {}),
        ("propose_outcome", "2024-09-09", {"outcome": "supplied"}),
        ("send_to_secrecy_review", "2024-09-09", {}), ("pass_secrecy_review", "2024-09-10", {}),
        ("pass_legal_check", "2024-09-10", {}), ("approve", "2024-09-11", {}),
    )  # fmt: skip
    today = told(signed, "2024-09-11")["send_today"]
    assert (today.at.time(), today.moment.to) == (time(15), ("clerk",))
    assert told(signed, "2024-09-12")["send_late"].at.time() == time(9)
    assert told(signed, "2024-09-13")["send_late"].days_left == -2


def test_secrecy_review_that_takes_longer_than_the_setting_is_told_to_the_reviewer():
    waiting = case(
        received("2024-09-02"), ("assign", "2024-09-02", {}),
        ("propose_outcome", "2024-09-03", {"outcome": "supplied"}),
        ("send_to_secrecy_review", "2024-09-03", {}),
    )  # fmt: skip
    assert told(waiting, "2024-09-09")["secrecy_review_late"].moment.to[0] == "secrecy_reviewer"
    assert "secrecy_review_late" not in told(waiting, "2024-09-06")


def test_review_and_suit_are_told_until_their_last_day_though_the_case_is_done():
    sued = case(
        received("2024-09-02"), ("withdraw", "2024-09-03", {}),
        ("file_review", "2024-09-04", {}), ("file_suit", "2024-09-05", {"via": "direct"}),
    )  # fmt: skip
    assert {w.kind for w in watched_days(sued)} == {"review_answer", "suit_answer"}
    last = sued.facts.proceedings[("review", 1)].answer_due
    assert told(sued, last.isoformat())["review_0"].moment.to == (
        "clerk",
        "legal_reviewer",
        "office_head",
    )


def test_suggestion_to_publish_is_watched_for_twenty_working_days():
    suggested = case(received("2024-09-02"), kind="publication_suggestion")
    assert {"assign", "publication"} == {w.kind for w in watched_days(suggested)}
    assert told(suggested, "2024-09-30")["publication_0"].days_left == 0


# -- rest days, long holidays, hours ------------------------------------------------------------------


def test_reminder_that_would_come_first_thing_after_a_long_holiday_goes_out_before_it():
    due_10_october = of("reply", "2024-10-10")  # 2 left is 8 October, the first working day
    assert not told(due_10_october, "2024-10-08")
    assert told(due_10_october, "2024-09-30")["reply_2"].days_left == 3


def test_last_day_after_a_long_holiday_is_told_before_it_and_on_the_day():
    due_8_october = of("reply", "2024-10-08")
    assert told(due_8_october, "2024-09-30")["reply_0"].days_left == 1
    assert told(due_8_october, "2024-10-08")["reply_0"].days_left == 0


def test_weekend_of_two_days_moves_nothing():
    assert "reply_0" in told(of("reply", "2024-09-09"), "2024-09-09")
    assert "reply_0" not in told(of("reply", "2024-09-09"), "2024-09-06")


def test_last_day_that_rests_is_told_on_the_working_day_before():
    assert told(of("correction", "2024-09-08"), "2024-09-06")["correction_0"].days_left == 0


def test_what_has_not_been_done_since_a_day_is_not_told_before_that_day_is_over():
    submitted = of("confirm", "2024-09-30")  # the next working day comes after the long holiday
    assert not told(submitted, "2024-09-30")
    assert "confirm" in told(submitted, "2024-10-08")


def test_local_holiday_moves_a_reminder_too():
    town = rules().with_calendar(
        calendar_for(None, (LocalDays("州庆", frozenset(day(f"2024-04-0{n}") for n in (1, 2, 3)), frozenset()),))
    )  # fmt: skip
    # Sunday 31 March to Saturday 6 April rest there; 7 April is a make-up day.
    due = of("reply", "2024-04-09")
    assert {r.moment.name for r in reminders_on(day("2024-03-29"), due, town)} == {"reply_2"}


@pytest.mark.parametrize(
    ("moment", "goes_out"),
    [
        ("2024-09-06T09:00", "2024-09-06T09:00"),
        ("2024-09-06T17:30", "2024-09-06T17:30"),
        ("2024-09-06T17:31", "2024-09-09T09:00"),
        ("2024-09-06T07:00", "2024-09-06T09:00"),
        ("2024-09-07T12:00", "2024-09-09T09:00"),
        ("2024-09-30T20:00", "2024-10-08T09:00"),
    ],
)
def test_mail_and_sms_wait_for_office_hours(moment, goes_out):
    at = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    assert within_office_hours(at, rules()).isoformat()[:16] == goes_out


def test_body_that_is_reminded_early_still_keeps_its_quiet_hours():
    reminder = told(DRAFTED, "2024-09-24", reminder_hour="07:30", office_opens="08:30")["reply_5"]
    assert reminder.at.time() == time(7, 30)
    assert reminder.others_at.isoformat()[:16] == "2024-09-24T08:30"


def test_body_may_put_off_a_moment():
    assert "reply_5" not in told(DRAFTED, "2024-09-24", reminders_off=["reply_5"])
    assert "reply_2" in told(DRAFTED, "2024-09-27", reminders_off=["reply_5"])


# -- whatever the days --------------------------------------------------------------------------------


DAYS = st.dates(date(2019, 6, 1), date(2026, 9, 30))
KIND = st.sampled_from(KINDS)


@given(
    st.lists(st.builds(watched, KIND, st.dates(date(2024, 1, 1), date(2024, 12, 31))), max_size=4)
)
def test_nothing_goes_out_on_a_rest_day_and_nothing_twice(days):
    seen = between(days, date(2023, 11, 1), date(2025, 2, 28))
    assert all(CALENDAR.is_workday(r.on) for r in seen)
    assert len({r.key for r in seen}) == len(seen)
    assert all(CALENDAR.is_workday(r.others_at.date()) for r in seen)


@given(DAYS)
def test_every_working_day_after_the_last_has_its_red_or_black_one(due):
    seen = between([watched("reply", due)], due + timedelta(1), due + timedelta(60))
    late = [r.on for r in seen if r.moment.level in ("red", "black")]
    days = [due + timedelta(n) for n in range(1, 61)]
    assert late == [d for d in days if CALENDAR.is_workday(d)]
    assert all((r.moment.level == "black") == (-r.days_left > 20) for r in seen)


@given(DAYS, st.sampled_from([m for m in LADDER.moments.values() if m.left is not None]))
def test_moved_reminder_lies_before_the_holiday_and_none_after_the_due_day(due, moment):
    first = due - timedelta(45)
    on = [d for n in range(60) if CALENDAR.is_workday(d := first + timedelta(n)) and fires(moment, due, d, CALENDAR)]  # fmt: skip
    assert on and max(on) <= due
    nominal = CALENDAR.add(CALENDAR.on_or_before(due), -moment.left)
    rest = (nominal - CALENDAR.on_or_before(nominal - timedelta(1))).days - 1
    if rest >= 3:
        assert on[0] == CALENDAR.on_or_before(nominal - timedelta(1))
        assert on[1:] == ([nominal] if moment.left == 0 else [])
    else:
        assert on == [nominal]


@given(DAYS)
def test_only_a_long_rest_moves(on):
    moved = before_long_rest(on, CALENDAR)
    assert moved == on or ((on - moved).days > 3 and CALENDAR.is_workday(moved))


@given(KIND, DAYS, st.integers(-60, 60))
def test_windows_hold_exactly_the_days_that_give_a_reminder(kind, watched_day, off):
    on = watched_day + timedelta(off)
    inside = any(a <= watched_day <= b for a, b in windows(rules(), on).get(kind, []))
    said = bool(reminders_on(on, [watched(kind, watched_day)], rules()))
    weekly = any(m.every > 1 and m.after[0] <= CALENDAR.count(watched_day, on) for m in LADDER.by_kind[kind])  # fmt: skip
    assert inside == said or (inside and weekly)


@given(st.lists(st.builds(watched, KIND, DAYS), min_size=1, max_size=4), st.integers(-60, 60))
def test_what_is_checked_of_a_waiting_reminder_is_what_the_ladder_sends(days, off):
    """A reminder is taken back by due_on, and made by reminders_on: they never disagree."""
    on = days[0].day + timedelta(off)
    made = {r.moment.name: r.due for r in reminders_on(on, days, rules())}
    for moment in LADDER.moments.values():
        of_kind = [seen.day for seen in days if seen.kind == moment.of]
        assert due_on(moment, of_kind, on, rules()) == made.get(moment.name)


# -- none falls silent (law.md §11A) ------------------------------------------------------------------

TIMERS = sorted({*KINDS, "document", "annual_report", "reports_below", "calendar_now"} - {
    "assign", "begin", "correction_question", "draft", "extension", "appeal",
})  # fmt: skip
"""Days of which a timer runs. Of the others the reply's own day speaks in the end; who has not appealed
in time cannot any more."""
BEGINS = {"arrival": 15, "reply_arrival": 15}
"""Working days after which the first word of a kind is said: the post is asked about (law.md §3.7A)."""
WEEK, MONTH = 5, 21


@given(st.sampled_from(TIMERS), DAYS, st.integers(1, 200))
def test_no_timer_falls_silent_while_its_state_lasts(kind, over, passed):
    """In every week after the last day somebody is told again, after four weeks the head as well."""
    begins = BEGINS.get(kind, 0)
    start = CALENDAR.add(over, begins + passed)
    week = [CALENDAR.add(start, n) for n in range(WEEK)]
    seen = [one for on in week for one in reminders_on(on, [watched(kind, over)], rules())]
    assert seen
    if passed >= MONTH:
        assert any("office_head" in one.moment.to for one in seen)


def test_the_calendar_of_the_running_year_is_asked_for_weekly_until_it_is_whole():
    body = WatchedBody("panlong", "township", 2020, frozenset(range(2020, 2028)))
    days = [day("2027-01-01") + timedelta(n) for n in range(60)]
    told_ = [
        on
        for on in days
        for one in reminders_on(on, days_of_body(body, rules(), on), rules())
        if one.moment.name == "calendar_now"
    ]
    assert told_[:3] == [day("2027-01-04"), day("2027-01-11"), day("2027-01-18")]
    gaps = [CALENDAR.count(a, b) for a, b in pairwise(told_)]
    assert set(gaps) == {WEEK}
