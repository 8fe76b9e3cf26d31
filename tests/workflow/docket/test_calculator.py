"""The calculator for anyone counts as the engine does, minds what may move the day, and says what is open then."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from workflow.dates import SHANGHAI
from workflow.docket.calculator import (
    AHEAD,
    EARLIEST,
    FIELDS,
    WAYS,
    Calculated,
    calculate,
    calendar_file,
    read_told,
    silence,
)
from workflow.docket.timeline import explain
from workflow.refusal import BadInput
from workflow.rules.calendar import LocalDays, calendar_for
from workflow.rules.remedy import IN_GENERAL
from workflow.rules.rulebook import Rulebook, merged_settings

TODAY = date(2024, 5, 6)


def found(rules: Rulebook | None = None, today: date = TODAY, **typed: str) -> Calculated:
    given_ = {"way": "window", "received_on": "2024-03-20", **typed}
    return calculate(read_told(given_, today), rules or Rulebook(), today)


def points(one: Calculated) -> str:
    return "\n".join(note.point + note.text for note in one.notes)


@given(
    way=st.sampled_from(sorted(WAYS)),
    on=st.dates(date(2019, 5, 15), date(2026, 6, 30)),
    days=st.integers(0, 20),
)
def test_it_counts_as_the_engine_counts_a_timeline(way: str, on: date, days: int) -> None:
    typed = {"way": way, "received_on": on.isoformat()}
    confirmed = {"confirmed_on": on.isoformat()} if way in ("letter", "net") else {}
    events: list[dict[str, Any]] = [
        {"event": "receive", "on": on.isoformat(), "channel": WAYS[way], **confirmed}
    ]
    if days:
        typed |= {"extended_by": str(days), "extension_sent_on": on.isoformat()}
        events.append({"event": "extend", "on": on.isoformat(), "days": days})
    settings = {"online_confirmation": "confirmation_event"}
    due = calculate(read_told(typed, on), Rulebook(), on).due
    assert due == date.fromisoformat(explain({"events": events, "settings": settings})["reply_due"])


def test_every_day_from_receipt_to_the_last_is_told_once() -> None:
    one = found()
    assert one.due == date(2024, 4, 18)
    days = [d.first + timedelta(n) for d in one.days for n in range((d.last - d.first).days + 1)]
    assert days == [date(2024, 3, 21) + timedelta(n) for n in range(29)]
    assert one.days[-1].last_number == 20


def test_the_notes_say_how_the_day_may_still_move() -> None:
    said = points(found())
    assert "4 月 18 日之前还可能延期一次。最多再加 20 个工作日，最晚到 2024 年 5 月 17 日" in said
    assert "最迟 3 月 29 日要您补正。这是收到后的第 7 个工作日" in said
    assert "4 月 18 日交邮就算按期" in said
    extended = found(extended_by="5", extension_sent_on="2024-04-18")
    assert extended.due == date(2024, 4, 25)
    assert "您是在 2024 年 4 月 18 日之前收到延期告知的吗？" in points(extended)
    assert "可能延期" not in points(extended)
    told = found(extended_by="5", extension_sent_on="2024-04-17", extension_reached_on="2024-04-18")
    assert told.due == extended.due and "收到延期告知的吗" not in points(told)


def test_a_late_extension_moves_nothing_and_says_so() -> None:
    late = found(extended_by="5", extension_sent_on="2024-04-19")
    assert late.due == date(2024, 4, 18)
    assert "延期没有计入" in points(late) and "延期不能改变期限" in points(late)


def test_a_correction_asked_in_time_stops_and_restarts() -> None:
    stopped = found(correction_sent_on="2024-03-29", correction_reached_on="2024-04-01")
    assert stopped.due is None and stopped.days == () and stopped.silence is None
    assert "等您补正" in stopped.stopped and "请在 2024 年 4 月 23 日之前补正" in points(stopped)
    fixed = found(
        correction_sent_on="2024-03-29",
        correction_reached_on="2024-04-01",
        correction_until="2024-04-10",
    )
    assert "请在 2024 年 4 月 10 日之前补正" in points(fixed)
    assert found(correction_sent_on="2024-03-29", corrected_on="2024-04-08").due == date(2024, 5, 8)


def test_a_correction_asked_late_keeps_the_day() -> None:
    late = found(correction_sent_on="2024-04-01", corrected_on="2024-04-08")
    assert late.due == date(2024, 4, 18)
    assert "应当在收到后 7 个工作日内发出；晚发的不改变原来的答复期限" in points(late)
    lenient = Rulebook(
        settings=merged_settings(Rulebook().law, {"late_correction_notice": "restart_and_flag"})
    )
    flagged = found(lenient, correction_sent_on="2024-04-01", corrected_on="2024-04-08")
    assert flagged.due == date(2024, 5, 8) and "程序瑕疵" in points(flagged)
    assert "按更严格的理解，期限是 2024 年 4 月 18 日" in points(flagged)


def test_a_consultation_is_left_out_of_the_count() -> None:
    over = found(consulted_on="2024-03-25", opinion_on="2024-03-29")
    assert over.due == date(2024, 4, 24)
    assert "还在征求意见" not in points(over)
    waiting = found(consulted_on="2024-04-15", today=date(2024, 4, 16))
    assert "还在征求意见" in points(waiting)


def test_a_fee_stops_until_it_is_paid() -> None:
    unpaid = found(charged_on="2024-03-25")
    assert unpaid.due is None and "等您缴费" in unpaid.stopped
    assert "次日起 20 个工作日内缴费" in points(unpaid)
    assert found(charged_on="2024-03-25", paid_on="2024-03-27").due == date(2024, 4, 25)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("window", "当面提交"),
        ("registered", "签收"),
        ("letter", "与申请人确认"),
        ("net", "双方确认"),
    ],
)
def test_each_way_says_what_its_day_of_receipt_is(way: str, words: str) -> None:
    first = found(way=way).steps[0]
    assert words in first.text and first.article.startswith("条例31")


def test_a_late_confirmation_is_the_bodys_fault() -> None:
    one = found(way="net", arrived_on="2024-03-11")
    assert one.due == date(2024, 4, 18)
    assert "机关确认得晚了" in points(one) and "期限是 2024 年 4 月 9 日" in points(one)
    assert "晚了" not in points(found(way="net", arrived_on="2024-03-19"))


def test_local_days_are_counted_and_named() -> None:
    local = LocalDays("州庆", frozenset({date(2024, 4, 1)}), frozenset())
    one = found(Rulebook(calendar=calendar_for(None, (local,))))
    assert one.due == date(2024, 4, 19)
    assert "只按全国放假安排是 2024 年 4 月 18 日" in points(one)
    assert "州庆放假" in {d.text for d in one.days}


def test_a_year_without_a_notice_is_provisional() -> None:
    one = found(received_on="2026-12-14", today=date(2026, 11, 30))
    assert one.deadlines.provisional and "2027 年的放假安排还没有公布" in points(one)
    assert not any("节假日安排" in step.article for step in one.steps)


@pytest.mark.parametrize(
    ("due", "first", "basis"),
    [
        (date(2023, 12, 30), False, "23(1)(3)"),
        (date(2023, 12, 31), True, "23(1)(3)"),
        (date(2026, 7, 1), True, "30"),
    ],
)
def test_silence_goes_to_review_first_since_the_law_of_2024(
    due: date, first: bool, basis: str
) -> None:
    way = silence(due, Rulebook())
    assert (way.review_first, way.since) == (first, due + timedelta(1)) and basis in way.basis
    assert (way.review_days, way.suit_months, way.after_review_days) == (60, 6, 15)
    assert way.organ == IN_GENERAL["review_organ"] and way.court == IN_GENERAL["court"]


def test_a_body_names_its_own_offices() -> None:
    own = {"review_organ": "某县人民政府", "court": "某县人民法院", "complaint_body": "某县政府办"}
    way = silence(TODAY, Rulebook(settings=merged_settings(Rulebook().law, own)))
    assert (way.organ, way.court, way.complaint_body) == tuple(own.values())


def said(**typed: str) -> dict[str, str]:
    with pytest.raises(BadInput) as raised:
        read_told(typed, TODAY)
    order = [error.field for error in raised.value.errors]
    assert order == sorted(order, key=FIELDS.index)
    return {error.field: error.message for error in raised.value.errors}


def test_what_will_not_do_is_told_for_each_field() -> None:
    assert said() == {"way": "请选择怎样提交的", "received_on": "请填写收到之日"}
    window = {"way": "window", "received_on": "2024-03-20"}
    assert set(said(**{**window, "received_on": (EARLIEST - timedelta(1)).isoformat()})) == {
        "received_on"
    }
    assert read_told({**window, "received_on": EARLIEST.isoformat()}, TODAY)
    assert read_told({**window, "received_on": (TODAY + AHEAD).isoformat()}, TODAY)
    assert (
        "一年"
        in said(**{**window, "received_on": (TODAY + AHEAD + timedelta(1)).isoformat()})[
            "received_on"
        ]
    )
    for wrong in ("0", "21", "x", "１０", "-1", "1.5"):
        errors = said(**window, extended_by=wrong, extension_sent_on="2024-04-01")
        assert errors == {"extended_by": "请填写 1 到 20 之间的整数"}
    for name in ("correction_reached_on", "correction_until", "corrected_on"):
        assert set(said(**window, **{name: "2024-04-01"})) == {"correction_sent_on"}
    assert set(said(**window, opinion_on="2024-04-01")) == {"consulted_on"}
    assert set(said(**window, paid_on="2024-04-01")) == {"charged_on"}
    assert set(said(**window, extension_sent_on="2024-04-01")) == {"extended_by"}
    for name in ("correction_sent_on", "consulted_on", "charged_on"):
        assert said(**window, **{name: "2024-03-19"}) == {name: "不能早于收到之日"}
        assert read_told({**window, name: "2024-03-20"}, TODAY)
    assert said(**window, consulted_on="2024-04-02", opinion_on="2024-04-01") == {
        "opinion_on": "不能早于发出征求意见之日"
    }
    for later, earlier, called in (
        ("correction_reached_on", "correction_sent_on", "补正告知寄出之日"),
        ("correction_until", "correction_sent_on", "补正告知寄出之日"),
        ("corrected_on", "correction_sent_on", "补正告知寄出之日"),
        ("paid_on", "charged_on", "收费通知寄出之日"),
    ):
        typed = {**window, earlier: "2024-04-02", later: "2024-04-01"}
        assert said(**typed) == {later: f"不能早于{called}"}
    extended = {**window, "extended_by": "5", "extension_sent_on": "2024-04-02"}
    assert said(**extended, extension_reached_on="2024-04-01") == {
        "extension_reached_on": "不能早于延期告知寄出之日"
    }
    assert set(said(**window, extension_reached_on="2024-04-01")) == {"extension_sent_on"}
    assert said(way="letter", received_on="2024-03-20", arrived_on="2024-03-21") == {
        "arrived_on": "不能晚于收到之日"
    }


def test_the_day_of_receipt_is_the_one_that_is_told_whatever_the_body_takes_for_it() -> None:
    law = Rulebook().law
    for chosen in ({"online_confirmation": "submission"}, {"receipt_on_rest_day": "next_workday"}):
        body = Rulebook(law, merged_settings(law, chosen))
        typed = {"way": "net", "received_on": "2024-03-23", "arrived_on": "2024-03-22"}
        assert found(body, **typed).due == found(**typed).due == date(2024, 4, 22)


def test_a_calendar_gets_the_last_day_as_a_whole_one() -> None:
    at = datetime(2024, 5, 6, 9, tzinfo=SHANGHAI)
    event = Calendar.from_ical(calendar_file(found(), "盘龙乡", at)).walk("VEVENT")[0]
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 4, 18), date(2024, 4, 19))
    assert event["summary"] == "盘龙乡最迟答复日" and event["dtstamp"].dt == at
