"""The day of receipt by each channel, and what comes after hours."""

from datetime import date
from typing import Any

import pytest

from tests.workflow.clock.march import MONDAY, RULES, on, rules, said
from workflow import events as ev
from workflow.clock import compute, receipt_day

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
