"""What the clock says of its days: every step that a person reads on the case page or in a timeline."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflow.clock.march import DUE, RECEIVED, RULES, found, on, rules, said
from workflow import events as ev
from workflow.clock import Terms, annual_report_dues, compute, day_by_day, report_last_day
from workflow.rules.calendar import LocalDays, calendar_for

CAL = RULES.calendar


def test_receipt_on_a_rest_day_says_which_day_it_counts_as() -> None:
    """设置 receipt_on_rest_day: 9 March 2024 is a Saturday."""
    event = on("receive", "03-09", channel="in_person")
    kept = compute([event], rules(receipt_on_rest_day="keep_date"))
    moved = compute([event], rules(receipt_on_rest_day="next_workday"))
    assert "视为下一工作日收到" in said(moved, date(2024, 3, 11))
    assert not said(kept, date(2024, 3, 11))
    assert (kept.counted_from, moved.counted_from) == (date(2024, 3, 9), date(2024, 3, 11))
    weekday = compute([RECEIVED], rules(receipt_on_rest_day="next_workday"))
    assert "视为" not in "".join(step.text for step in weekday.steps)


def test_redo_says_the_day_that_was_ordered() -> None:
    """行政复议法64: in the linked case the ordered day stands instead of the period."""
    ordered = found(terms=Terms(ordered_due=date(2024, 3, 29)))
    assert ordered.reply_due == date(2024, 3, 29)
    assert "责令重新答复，期限至 2024 年 3 月 29 日" in said(ordered, date(2024, 3, 29))


def test_fixed_day_that_rolled_says_from_where_and_one_that_did_not_says_nothing() -> None:
    """民法典203: 30 March 2024 is a Saturday."""
    rolled = found(terms=Terms(ordered_due=date(2024, 3, 30)))
    assert "2024 年 3 月 30 日为休息日，顺延到 2024 年 4 月 1 日（周一）" in said(rolled, DUE)
    straight = found(terms=Terms(ordered_due=date(2024, 3, 29)))
    assert "顺延" not in "".join(step.text for step in straight.steps)


def test_question_for_reasons_says_its_deadline_and_that_the_period_runs_on() -> None:
    asked = found(on("ask_reasons", "03-06"))
    assert "2024 年 3 月 20 日之前说明理由，不影响答复期限" in said(asked, date(2024, 3, 6))


def test_due_day_of_a_stopped_clock_is_for_information_only() -> None:
    stopped = found(on("require_correction", "03-06", reached_on="03-06"))
    assert "现已停止计时，此日期仅供参考" in said(stopped, DUE)
    assert "仅供参考" not in said(found(), DUE)


@pytest.mark.parametrize(("stops", "clock"), [(True, "excluding"), (False, "running")])
def test_open_ruling_excludes_days_only_where_the_setting_says_so(stops: bool, clock: str) -> None:
    """条例17、33(3), setting ruling_stops_clock."""
    asked = on("ask_ruling", "03-06")
    assert found(asked, ruling_stops_clock=stops).clock == clock
    ended = found(asked, on("record_ruling", "03-08", ruling="不属于"), ruling_stops_clock=stops)
    assert ended.clock == "running"
    assert ended.excluded_workdays == (2 if stops else 0)


def test_fee_notice_says_its_last_day_or_that_the_arrival_is_awaited() -> None:
    """国办函〔2020〕109号6."""
    known = found(on("charge_fee", "03-06", reached_on="03-07", pages=57))
    assert "缴费截止 2024 年 4 月 7 日" in said(known, date(2024, 3, 6))
    unknown = found(on("charge_fee", "03-06", pages=57))
    assert "缴费期限待登记送达后确定" in said(unknown, date(2024, 3, 6))


def test_returned_reply_says_what_the_setting_makes_of_it() -> None:
    """国办公开办函〔2016〕235号."""
    posted = on("serve", "03-13", method="mail", posted_on="03-13")
    back = on("record_delivery", "03-20", of="serve", returned_on="03-19")
    stands = found(posted, back, returned_mail="posting_day_stands")
    assert "以原交邮之日为准" in said(stands, date(2024, 3, 19))
    assert "须重新送达" in said(found(posted, back), date(2024, 3, 19))
    arrived = on("record_delivery", "03-20", of="serve", reached_on="03-19")
    assert not said(found(posted, arrived, returned_mail="posting_day_stands"), date(2024, 3, 19))


def test_returned_consultation_says_that_the_waiting_is_over() -> None:
    sent = on("consult_third_party", "03-06", consultation=1)
    back = on(
        "record_delivery", "03-13", of="consult_third_party", consultation=1, returned_on="03-13"
    )
    assert "等待到此为止" in said(found(sent, back), date(2024, 3, 13))


def test_timeline_names_unknown_arrivals_and_what_it_ignored() -> None:
    told = found(
        on("consult_third_party", "03-06", consultation=1), on("pay_fee", "03-08")
    ).as_dict()
    assert told["arrival_unknown"] == [1]
    (ignored,) = told["ignored"]
    assert (ignored["place"], ignored["event"], ignored["on"]) == (
        "events.2",
        "pay_fee",
        "2024-03-08",
    )
    assert "没有通知过缴费" in ignored["reason"]
    assert told["steps"][0] == {
        "on": "2024-03-04",
        "text": "申请人当面提交，当日为收到之日，当日不计",
        "article": "条例31(1)",
    }


def test_national_day_is_told_only_under_a_local_calendar() -> None:
    """放假办法4: two days of the prefecture move the due day; the nation's stands beside it."""
    local = replace(
        RULES,
        calendar=calendar_for(
            None,
            (LocalDays("文山州", frozenset({date(2024, 3, 28), date(2024, 3, 29)}), frozenset()),),
        ),
    )
    beside = compute([RECEIVED], local, with_national=True)
    assert (beside.reply_due, beside.reply_due_national) == (date(2024, 4, 3), DUE)
    assert "只按全国放假安排计算" in said(beside, DUE) and "答复最稳妥" in said(beside, DUE)
    assert compute([RECEIVED], local).reply_due_national is None
    assert compute([RECEIVED], RULES, with_national=True).reply_due_national is None
    assert compute([], local, with_national=True).reply_due_national is None


def test_rest_days_have_no_number_in_the_daily_count() -> None:
    rows = day_by_day(found(), CAL)
    assert {row.first_number for row in rows if row.kind == "rest"} == {0}
    assert {row.last_number for row in rows if row.kind == "rest"} == {0}


@pytest.mark.parametrize(
    ("level", "last"),
    [
        ("township", "2025-01-31"), ("county_department", "2025-01-31"),
        ("county", "2025-03-31"), ("city", "2025-03-31"), ("province", "2025-03-31"),
    ],
)  # fmt: skip
def test_report_is_due_by_the_level_of_the_body(level: str, last: str) -> None:
    """条例49: departments and townships by 31 January, governments by 31 March."""
    assert report_last_day(level, 2024, None).isoformat() == last
    assert report_last_day(level, 2024, "01-20") == date(2025, 1, 20)


def test_days_of_the_annual_report_and_the_working_days_to_aim_at() -> None:
    """条例49: the days do not roll; 31 January 2026 is a Saturday."""
    assert annual_report_dues(2025, CAL) == {
        "statutory_department": date(2026, 1, 31),
        "last_working_day_on_or_before": date(2026, 1, 30),
        "statutory_government": date(2026, 3, 31),
        "last_working_day_government": date(2026, 3, 31),
    }


def test_extension_before_any_receipt_is_void_and_says_why() -> None:
    """条例33(2): there is no period that it could lengthen."""
    alone = compute([ev.parse("extend", {"on": "2024-03-11", "days": 5})], RULES)
    assert (alone.extension_valid, alone.reply_due) == (False, None)
    assert "尚未收到申请" in alone.ignored[0].reason
