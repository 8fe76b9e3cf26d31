"""The statutory clock: properties over any timeline, and the law's sentences."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workflow.case.one_of_each import ONE_OF_EACH
from workflow import clock
from workflow import events as ev
from workflow.clock import Deadlines, compute, day_by_day, used_workdays
from workflow.rules.calendar import LocalDays, calendar_for, national
from workflow.rules.rulebook import Rulebook, merged_settings

RULES = Rulebook()
DAY = timedelta(1)
WORDS = {
    "receive": {"channel": "in_person"},
    "record_delivery": {"of": "extend", "reached_on": date(2024, 3, 5)},
    "serve": {"method": "direct"},
    "record_search": {"sources": ["档案室"], "keywords": ["合同"], "hits": 0},
    "reroute": {"to": "县自然资源局"},
    "file_suit": {"via": "direct"},
    "conclude_suit": {"result": "claim_dismissed"},
    "conclude_review": {"result": "upheld"},
    "service_failed": {"reason": "无人签收"},
}
TOUCHES: dict[str, set[str]] = {
    # A second round has a last day of its own, counted from the corrected request.
    "require_correction": {"correction_due", "correction_notice_due"},
    "correct": {"reply_due", "counted_from", "clock_restarted_on"},
    "extend": {"reply_due"},
    "consult_third_party": {"reply_due", "party_deadlines"},
    "consult_joint_agency": {"reply_due", "party_deadlines"},
    "consult_other_agency": {"reply_due", "party_deadlines"},
    "record_opinion": {"reply_due"},
    "delay_reply": {"reply_due"},
    "charge_fee": {"fee_due"},
    "pay_fee": {"reply_due", "counted_from", "clock_restarted_on"},
    "serve": {"service_effective_date", "review_last_day", "suit_last_day"},
    "conclude_review": {"suit_last_day"},
    "service_failed": {"service_effective_date", "review_last_day", "suit_last_day"},
}
"""The dates that an event of each kind is about; every other date it must leave alone."""

DATES = (
    "receipt_date", "counted_from", "reply_due", "correction_notice_due", "correction_due",
    "clock_restarted_on", "party_deadlines", "fee_due", "service_effective_date",
    "review_last_day", "suit_last_day",
)  # fmt: skip
KINDS = (
    *TOUCHES, "assign", "record_search", "ask_reasons", "give_reasons", "ask_ruling", "withdraw",
    "archive", "file_review", "file_suit", "service_failed",
)  # fmt: skip


def happen(name: str, on: date, **fields: Any) -> ev.Event:
    return ev.parse(name, {**WORDS.get(name, {}), "on": on, **fields})


def rules(**given_: Any) -> Rulebook:
    return replace(RULES, settings=merged_settings(RULES.law, given_))


@st.composite
def timelines(draw: st.DrawFn, most: int = 7, gap: int = 0) -> list[ev.Event]:
    """A receipt and what may follow it, in the order of the days; gap: least days between two."""
    day = draw(st.dates(date(2019, 6, 1), date(2025, 6, 1)))
    events = [happen("receive", day)]
    open_: list[int] = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        day += draw(st.integers(gap, 25)) * DAY
        kind = draw(st.sampled_from(KINDS))
        fields: dict[str, Any] = {}
        if kind in ("require_correction", "charge_fee"):
            fields["reached_on"] = day + draw(st.integers(0, 3)) * DAY
        if kind.startswith("consult_"):
            fields["consultation"] = number
            open_.append(number)
        if kind == "record_opinion":
            if not open_:
                continue
            fields["consultation"] = open_.pop(draw(st.integers(0, len(open_) - 1)))
        if kind == "extend":
            fields["days"] = draw(st.integers(1, 20))
        if kind == "delay_reply":
            fields["until"] = day + 90 * DAY
        if kind == "conclude_review":
            fields["reached_on"] = day
        if kind == "pay_fee" and not any(e.name == "charge_fee" for e in events):
            continue
        if kind == "correct" and not any(e.name == "require_correction" for e in events):
            continue
        events.append(happen(kind, day, **fields))
    return events


def dates(found: Deadlines) -> dict[str, Any]:
    return {key: getattr(found, key) for key in DATES}


# -- properties -----------------------------------------------------------------------------------


@given(timelines())
@settings(max_examples=300)
def test_a_later_event_never_moves_a_date_that_it_does_not_touch(events: list[ev.Event]) -> None:
    before = dates(compute(events[:1], RULES))
    for number, event in enumerate(events[1:], start=2):
        after = dates(compute(events[:number], RULES))
        moved = {key for key in DATES if after[key] != before[key]}
        assert moved <= TOUCHES.get(event.name, set())
        before = after


@given(timelines(), st.integers(0, 200))
def test_service_never_moves_the_day_by_which_it_was_due(
    events: list[ev.Event], later: int
) -> None:
    served = happen("serve", events[-1].on + later * DAY)
    before, after = compute(events, RULES), compute([*events, served], RULES)
    assert after.reply_due == before.reply_due
    if before.clock != "ended":
        assert after.on_time == (served.on <= before.reply_due if before.reply_due else None)


@given(timelines(gap=1), st.randoms(use_true_random=False))
def test_events_typed_in_late_in_any_order_give_the_same_dates(
    events: list[ev.Event], random: Any
) -> None:
    typed = list(events)
    random.shuffle(typed)
    late, in_turn = compute(typed, RULES), compute(events, RULES)
    assert replace(late, ignored=()).as_dict() == replace(in_turn, ignored=()).as_dict()
    assert [i.reason for i in late.ignored] == [i.reason for i in in_turn.ignored]


@given(timelines())
def test_the_period_holds_exactly_its_working_days(events: list[ev.Event]) -> None:
    found = compute(events, RULES)
    assume(found.clock != "overridden")
    assume(not any(event.name == "delay_reply" for event in events))
    assert found.counted_from and found.reply_due
    number, day = 0, found.counted_from
    while number < found.base_workdays + found.extra_workdays:
        day += DAY
        excluded = any(after < day <= through for after, through in found.excluded)
        number += RULES.calendar.is_workday(day) and not excluded
    assert day == found.reply_due
    rows = day_by_day(found, RULES.calendar)
    assert max(row.last_number for row in rows) == number
    assert used_workdays(found, RULES.calendar, found.reply_due) == number
    assert used_workdays(found, RULES.calendar, found.counted_from) == 0


@given(
    st.dates(date(2019, 6, 1), date(2025, 6, 1)),
    st.integers(0, 19),
    st.integers(0, 90),
    st.integers(0, 40),
    st.sampled_from(["consult_third_party", "consult_joint_agency", "consult_other_agency"]),
    st.sampled_from(list(RULES.law.settings["suspension_model"].values)),
    st.sampled_from(list(RULES.law.settings["late_opinion"].values)),
)
def test_an_opinion_that_comes_later_never_makes_the_reply_due_earlier(
    received: date, sent: int, wait: int, longer: int, kind: str, model: str, late: str
) -> None:
    chosen = rules(suspension_model=model, late_opinion=late)
    start = [
        happen("receive", received),
        happen(kind, received + sent * DAY, consultation=1),
    ]
    plain = compute(start[:1], chosen).reply_due
    due = []
    for answered in (received + (sent + wait) * DAY, received + (sent + wait + longer) * DAY):
        opinion = happen("record_opinion", answered, consultation=1)
        due.append(compute([*start, opinion], chosen).reply_due)
    assert plain and due[0] and due[1]
    assert plain <= due[0] <= due[1]


@given(timelines(), st.integers(1, 20))
def test_a_valid_extension_only_lengthens(events: list[ev.Event], workdays: int) -> None:
    before = compute(events, RULES)
    after = compute([*events, happen("extend", events[-1].on, days=workdays)], RULES)
    assert before.reply_due and after.reply_due
    assert (after.reply_due > before.reply_due) <= bool(after.extension_valid)
    assert after.reply_due >= before.reply_due


@given(timelines())
def test_every_step_has_its_day_its_words_and_its_article(events: list[ev.Event]) -> None:
    steps = compute(events, RULES).steps
    assert steps
    for step in steps:
        assert step.on and step.text and step.article


# -- sentences of law -----------------------------------------------------------------------------


def due(*events: ev.Event, by: Rulebook = RULES) -> Deadlines:
    return compute(events, by)


MONDAY = date(2024, 3, 4)


def test_day_of_receipt_is_not_counted() -> None:
    found = due(happen("receive", MONDAY))
    assert found.reply_due == national().add(MONDAY, 20)
    first = day_by_day(found, national())[0]
    assert first.first == MONDAY + DAY
    assert first.first_number == 1


def test_correction_starts_a_whole_new_period() -> None:
    corrected = date(2024, 4, 10)
    found = due(
        happen("receive", MONDAY),
        happen("require_correction", date(2024, 3, 8), reached_on=date(2024, 3, 8)),
        happen("correct", corrected),
    )
    assert found.counted_from == corrected
    assert found.reply_due == national().add(corrected, 20)


def test_clock_stands_while_a_correction_is_awaited() -> None:
    asked = happen("require_correction", date(2024, 3, 8), reached_on=date(2024, 3, 8))
    assert due(happen("receive", MONDAY), asked).clock == "stopped"


def test_days_that_two_consultations_share_are_excluded_once() -> None:
    one = happen("consult_third_party", date(2024, 3, 6), consultation=1)
    two = happen("consult_joint_agency", date(2024, 3, 8), consultation=2)
    answers = [happen("record_opinion", date(2024, 3, 15), consultation=n) for n in (1, 2)]
    only_first = due(happen("receive", MONDAY), one, answers[0])
    both = due(happen("receive", MONDAY), one, two, *answers)
    assert both.reply_due == only_first.reply_due
    assert both.excluded_workdays == 7


def test_a_third_party_that_is_silent_holds_the_clock_for_fifteen_working_days_at_most() -> None:
    sent = date(2024, 3, 6)
    consulted = happen("consult_third_party", sent, consultation=1)
    late = happen("record_opinion", date(2024, 5, 20), consultation=1)
    silent, answered = (
        due(happen("receive", MONDAY), consulted),
        due(happen("receive", MONDAY), consulted, late),
    )
    assert silent.excluded_workdays == answered.excluded_workdays == 15
    assert answered.party_deadlines == (national().add(sent, 15),)


def test_extension_told_after_the_period_is_void() -> None:
    plain = due(happen("receive", MONDAY)).reply_due
    assert plain
    late = happen("extend", plain + DAY, days=10)
    found = due(happen("receive", MONDAY), late)
    assert found.extension_valid is False
    assert found.reply_due == plain


def test_extension_may_be_told_on_the_last_day() -> None:
    plain = due(happen("receive", MONDAY)).reply_due
    assert plain
    found = due(happen("receive", MONDAY), happen("extend", plain, days=20))
    assert found.extension_valid is True
    assert found.reply_due == national().add(MONDAY, 40)


def test_second_extension_changes_nothing() -> None:
    first = happen("extend", date(2024, 3, 20), days=5)
    again = happen("extend", date(2024, 3, 25), days=15)
    found = due(happen("receive", MONDAY), first, again)
    assert found.reply_due == due(happen("receive", MONDAY), first).reply_due
    assert found.extension_valid is True
    assert [(i.place, i.reason) for i in found.ignored] == [(2, "延期无效：只能延长一次")]


def test_posting_in_time_is_in_time_although_the_letter_arrives_later() -> None:
    plain = due(happen("receive", MONDAY)).reply_due
    assert plain
    posted = happen("serve", plain, method="mail", posted_on=plain, signed_on=plain + 3 * DAY)
    found = due(happen("receive", MONDAY), posted)
    assert found.on_time is True
    assert found.service_effective_date == plain


def test_review_period_that_ends_on_a_rest_day_ends_on_the_next_working_day() -> None:
    served = date(2024, 3, 13)
    sixtieth = served + 60 * DAY
    assert not national().is_workday(sixtieth)
    found = due(happen("receive", MONDAY), happen("serve", served))
    assert found.review_last_day == national().on_or_after(sixtieth)


def test_suit_ends_on_the_last_day_of_a_shorter_month() -> None:
    assert clock.add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert clock.add_months(date(2024, 7, 15), 6) == date(2025, 1, 15)


def test_due_day_in_a_year_without_a_notice_is_provisional_and_says_so() -> None:
    found = due(happen("receive", date(2026, 12, 21)))
    assert found.reply_due and found.reply_due.year == 2027
    if not national().is_provisional(found.reply_due):
        pytest.skip("the notice for 2027 is known by now")
    assert found.provisional
    assert any("暂定" in step.text for step in found.steps)


def test_due_day_in_a_known_year_is_final() -> None:
    assert not due(happen("receive", MONDAY)).provisional


def test_local_holidays_lengthen_and_the_stricter_national_day_is_shown_too() -> None:
    own = LocalDays("文山州", frozenset([date(2024, 3, 11)]), frozenset())
    local = RULES.with_calendar(calendar_for(None, (own,)))
    found = compute([happen("receive", MONDAY)], local, with_national=True)
    assert found.reply_due == national().add(MONDAY, 21)
    assert found.reply_due_national == national().add(MONDAY, 20)


def test_on_line_request_counts_from_submission_or_from_confirmation_as_set() -> None:
    events = (
        happen("submit", MONDAY, channel="portal"),
        happen("receive", MONDAY + 2 * DAY, channel="portal", confirmed_on=MONDAY + 2 * DAY),
    )
    strict = due(*events, by=rules(online_confirmation="submission"))
    loose = due(*events, by=rules(online_confirmation="confirmation_event"))
    assert strict.receipt_date == MONDAY
    assert loose.receipt_date == MONDAY + 2 * DAY


def test_nothing_is_due_before_receipt() -> None:
    found = due(
        happen("submit", MONDAY, channel="ordinary_mail"),
        by=rules(online_confirmation="confirmation_event"),
    )
    assert found.clock == "not_started"
    assert found.reply_due is None


@pytest.mark.parametrize("name", sorted(ev.MODELS))
def test_every_event_can_stand_alone_before_receipt_without_a_crash(name: str) -> None:
    fields = {**ONE_OF_EACH.get(name, {}), **({"channel": "ems"} if name == "submit" else {})}
    event = ev.parse(name, {"on": MONDAY, **fields})
    found = compute([event], RULES)
    assert (found.receipt_date is not None) == (name == "receive")


def fee(on: date) -> ev.Event:
    return happen("charge_fee", on, reached_on=on)


def test_payment_starts_a_whole_new_period_without_the_old_extension() -> None:
    paid = date(2024, 4, 10)
    found = due(
        happen("receive", MONDAY),
        happen("extend", date(2024, 3, 12), days=10),
        fee(date(2024, 3, 20)),
        happen("pay_fee", paid),
    )
    assert found.extra_workdays == 0
    assert found.reply_due == national().add(paid, 20)


def test_payment_leaves_the_rest_of_the_period_where_the_setting_says_so() -> None:
    """Notified on the 8th working day: twelve are left after the day of payment."""
    notified, paid = national().add(MONDAY, 8), date(2024, 4, 10)
    found = due(
        happen("receive", MONDAY),
        fee(notified),
        happen("pay_fee", paid),
        by=rules(fee_restart_full=False),
    )
    assert found.reply_due == national().add(paid, 12)


def test_fee_notice_is_in_time_on_the_last_day_and_not_after_it() -> None:
    last = due(happen("receive", MONDAY)).reply_due
    assert last
    assert due(happen("receive", MONDAY), fee(last)).fee_notice_in_time is True
    late = due(happen("receive", MONDAY), fee(last + DAY))
    assert late.fee_notice_in_time is False
    assert late.clock == "running"
