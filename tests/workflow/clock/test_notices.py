"""Notices have days: sent, reached, returned (law.md §3.7A), told with the paper or later."""

from datetime import date, timedelta

import pytest

from tests.workflow.clock.march import DUE, RULES, found, on, said
from workflow import events as ev
from workflow.clock import Deadlines

CAL = RULES.calendar


def told(of: str, day: str, **fields: object) -> ev.Event:
    """The delivery, or return, of a paper as it is registered on a later day."""
    return on("record_delivery", day, of=of, **fields)


def last(number: int, day: date) -> date:
    return CAL.add(day, number)


# -- correction (条例30) -----------------------------------------------------------------------------


def test_correction_posted_today_is_in_time_and_open_until_its_arrival_is_told() -> None:
    """条例30: in time is the day of sending; the applicant's own period runs from arrival."""
    asked = on("require_correction", "03-13", defects=["年度"])
    posted, late = found(asked), found(on("require_correction", "03-14", defects=["年度"]))
    assert (posted.correction_notice_late, late.correction_notice_late) == (False, True)
    assert posted.correction_due is None and posted.clock == "stopped"
    arrived = found(asked, told("require_correction", "03-18", reached_on="03-15"))
    assert arrived.correction_due == last(15, date(2024, 3, 15))
    assert arrived == found(on("require_correction", "03-13", reached_on="03-15", defects=["年度"]))


def test_correction_decided_in_time_but_sent_late_is_late() -> None:
    asked = on("require_correction", "03-13", sent_on="03-14", defects=["年度"])
    assert found(asked).correction_notice_late is True


def test_fixed_day_of_a_correction_on_a_rest_day_rolls_to_the_next_working_day() -> None:
    """民法典203: 4 to 6 April 2024 are holidays, Sunday 7 April works."""
    asked = on("require_correction", "03-13", reached_on="03-13", deadline_on="04-04")
    assert found(asked).correction_due == date(2024, 4, 7)
    assert "顺延" in said(found(asked), date(2024, 4, 7))
    works = on("require_correction", "03-13", reached_on="03-13", deadline_on="04-07")
    assert found(works).correction_due == date(2024, 4, 7)
    assert "顺延" not in said(found(works), date(2024, 4, 7))


# -- extension (条例33(2)) ---------------------------------------------------------------------------


def test_extension_posted_in_time_is_valid_and_shows_the_stricter_day_until_it_arrived() -> None:
    posted = on("extend", "03-29", days=5)
    longer = last(25, date(2024, 3, 4))
    for later in ((), (told("extend", "04-10", reached_on="04-02"),)):
        late = found(posted, *later)
        assert (late.extension_valid, late.reply_due, late.safe_due) == (True, longer, DUE)
        assert late.act_by == longer
    in_time = found(posted, told("extend", "04-10", reached_on="04-01"))
    assert (in_time.reply_due, in_time.safe_due, in_time.act_by) == (longer, None, longer)


def test_extension_by_the_strict_setting_has_to_arrive_in_time() -> None:
    strict = {"extension_notice_counts": "reached"}
    posted = on("extend", "03-29", days=5)
    assert found(posted, **strict).extension_valid is False
    assert found(posted, told("extend", "04-01", reached_on="04-01"), **strict).extension_valid
    late = found(posted, told("extend", "04-03", reached_on="04-02"), **strict)
    assert (late.extension_valid, late.reply_due) == (False, DUE)


def test_extension_that_came_back_is_as_not_told_unless_it_arrived_in_time_after_all() -> None:
    posted = on("extend", "03-20", days=5)
    back = told("extend", "03-25", returned_on="03-25")
    returned = found(posted, back)
    assert (returned.extension_valid, returned.reply_due) == (False, DUE)
    again = found(posted, back, told("extend", "03-29", reached_on="03-29"))
    assert (again.extension_valid, again.safe_due) == (True, None)
    too_late = found(posted, back, told("extend", "04-02", reached_on="04-02"))
    assert too_late.extension_valid is False


# -- consultations (条例32 to 34) --------------------------------------------------------------------


def test_addressees_period_follows_the_arrival_that_is_told_later() -> None:
    sent = on("consult_third_party", "03-06", consultation=1)
    unknown = found(sent)
    assert unknown.party_deadlines == (last(15, date(2024, 3, 6)),)
    assert unknown.awaited_arrivals == (1,)
    assert "暂从发出之日起算" in said(unknown, date(2024, 3, 6))
    arrived = found(sent, told("consult_third_party", "03-20", consultation=1, reached_on="03-12"))
    assert (arrived.party_deadlines, arrived.awaited_arrivals) == (
        (last(15, date(2024, 3, 12)),),
        (),
    )
    assert arrived.reply_due and unknown.reply_due and arrived.reply_due > unknown.reply_due


def test_waiting_does_not_count_from_the_day_of_sending_not_of_the_decision() -> None:
    later = on("consult_third_party", "03-06", consultation=1, sent_on="03-08", reached_on="03-11")
    answered = on("record_opinion", "03-13", consultation=1)
    assert found(later, answered).excluded_workdays == 3


def test_delivery_belongs_to_the_consultation_that_it_names() -> None:
    sent = [on("consult_joint_agency", "03-06", consultation=n) for n in (1, 2)]
    one = told("consult_joint_agency", "03-12", consultation=1, reached_on="03-11")
    assert found(*sent, one).party_deadlines == (
        last(15, date(2024, 3, 11)),
        last(15, date(2024, 3, 6)),
    )
    assert found(*sent, one).awaited_arrivals == (2,)
    unnamed = told("consult_joint_agency", "03-12", reached_on="03-11")
    assert found(*sent, unnamed).awaited_arrivals == (1,)


def test_letter_that_came_back_starts_no_period_and_ends_the_waiting() -> None:
    sent = on("consult_third_party", "03-06", consultation=1)
    back = found(sent, told("consult_third_party", "03-13", consultation=1, returned_on="03-13"))
    assert (back.party_deadlines, back.excluded_workdays, back.clock) == ((), 5, "running")


def test_consultation_after_the_last_day_excludes_nothing() -> None:
    """条例32 has no last stage: the late body asks all the same and stays overdue."""
    on_time = found(on("consult_third_party", "03-29", consultation=1, reached_on="03-29"))
    late = found(on("consult_third_party", "04-02", consultation=1, reached_on="04-02"))
    assert on_time.reply_due and on_time.reply_due > DUE
    assert (late.reply_due, late.excluded_workdays, late.clock) == (DUE, 0, "running")
    assert late.party_deadlines == (last(15, date(2024, 4, 2)),)
    assert "不扣除时间" in said(late, date(2024, 4, 2))


def test_number_used_again_after_its_consultation_ended_is_a_new_one() -> None:
    once = (
        on("consult_third_party", "03-06", consultation=1, reached_on="03-06"),
        on("record_opinion", "03-08", consultation=1),
    )
    again = (
        on("consult_third_party", "03-12", consultation=1, reached_on="03-12"),
        on("record_opinion", "03-15", consultation=1),
    )
    assert found(*once).excluded_workdays == 2
    assert found(*once, *again).excluded_workdays == 5


def test_opinion_of_the_same_day_may_stand_before_its_consultation() -> None:
    events = (
        on("record_opinion", "03-06", consultation=1),
        on("consult_third_party", "03-06", consultation=1, reached_on="03-06"),
    )
    assert found(*events) == found(*reversed(events))
    assert found(*events).reply_due == DUE


# -- fees (国办函〔2020〕109号) ----------------------------------------------------------------------


def test_fee_notice_sent_on_the_last_day_is_in_time_and_payable_from_arrival() -> None:
    sent = on("charge_fee", "04-01", pages=57)
    assert (found(sent).fee_notice_in_time, found(sent).fee_due) == (True, None)
    arrived = found(sent, told("charge_fee", "04-09", reached_on="04-08"))
    assert arrived.fee_due == last(20, date(2024, 4, 8))
    late = on("charge_fee", "04-01", sent_on="04-02", pages=57)
    assert found(late).fee_notice_in_time is False


# -- the reply (国办公开办函〔2016〕235号) ------------------------------------------------------------


def applicants_days(found_: Deadlines) -> tuple[date | None, ...]:
    return (
        found_.review_last_day,
        found_.suit_last_day,
        found_.review_not_before,
        found_.suit_not_before,
    )


def test_posted_reply_whose_arrival_is_unknown_has_no_last_day_but_an_earliest_one() -> None:
    """行政复议法20: the applicant's days run from receipt."""
    posted = on("serve", "03-13", method="mail", posted_on="03-13")
    sixty = CAL.on_or_after(date(2024, 3, 13) + timedelta(60))
    assert applicants_days(found(posted)) == (None, None, sixty, date(2024, 9, 13))
    reached = told("serve", "03-20", reached_on="03-18")
    arrived = found(posted, reached)
    assert applicants_days(arrived) == (date(2024, 5, 17), date(2024, 9, 18), None, None)
    assert (arrived.on_time, arrived.service_effective_date) == (True, date(2024, 3, 13))
    signed = on("serve", "03-13", method="mail", posted_on="03-13", signed_on="03-18")
    assert applicants_days(found(signed)) == applicants_days(arrived)


@pytest.mark.parametrize("method", ["direct", "entrusted", "electronic"])
def test_reply_that_was_not_posted_arrives_on_the_day_that_takes_effect(method: str) -> None:
    served = found(on("serve", "03-13", method=method, signed_on="03-13", sent_on="03-13"))
    assert served.review_last_day and served.review_not_before is None


def test_service_that_failed_opens_the_period_again_and_a_second_one_counts() -> None:
    """law.md §3.7: a bounced mail was never served."""
    first = on("serve", "03-29", method="electronic", sent_on="03-29")
    failed = on("service_failed", "04-01", reason="邮箱不存在")
    opened = found(first, failed)
    assert (opened.clock, opened.on_time, opened.service_effective_date) == ("running", None, None)
    assert applicants_days(opened) == (None, None, None, None)
    second = on("serve", "04-08", method="direct", signed_on="04-08")
    again = found(first, failed, second)
    assert (again.on_time, again.service_effective_date) == (False, date(2024, 4, 8))
    assert found(first, second).on_time is True, "without a failure a second service is none"


@pytest.mark.parametrize(
    ("setting", "clock", "on_time"),
    [("new_service", "running", None), ("posting_day_stands", "ended", True)],
)
def test_returned_reply_counts_by_the_setting(
    setting: str, clock: str, on_time: bool | None
) -> None:
    posted = on("serve", "03-29", method="mail", posted_on="03-29")
    back = found(posted, told("serve", "04-10", returned_on="04-09"), returned_mail=setting)
    assert (back.clock, back.on_time) == (clock, on_time)
