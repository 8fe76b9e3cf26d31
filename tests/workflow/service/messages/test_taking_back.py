"""What waits and is no longer true is taken back with its reason; what is true now goes out instead.

Applications of 2024-05-06 are due on 31 May, a Friday; five working days are left on the 24th, and the
round of 08:31 puts what is told at nine into the outbox. The county of the body makes rest days.
"""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from notifications.rounds import Rounds
from tests.workflow.service.messages.street import Street
from tests.workflow.service.town import freeze
from workflow.dates import SHANGHAI
from workflow.service.messages.due_days import DueDays
from workflow.service.messages.inbox import Inbox
from workflow.service.messages.outbox import ClaimLost
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.due_changes import DueChanges
from workflow.service.rules.settings import BodySettings
from workflow.store.message_models import MessageRow
from workflow.store.models import WatchedDayRow

MOVED = "期限已经变动（放假安排变动），不再提醒"
OLD, NEW = date(2024, 5, 31), date(2024, 6, 3)


@pytest.fixture
def town(street: Callable[..., Street]) -> Street:
    """Five working days before the last, a minute after the round, with mail."""
    town = street("2024-05-06", "mail")
    town.number = town.file(email=None).number
    town.act("lifang", town.number, "assign", "2024-05-07")
    round_at(town, "2024-05-24T08:31")
    return town


def round_at(town: Street, moment: str) -> int:
    town.at(moment)
    return Rounds(town.office).run()


def rest(town: Street, day: str) -> int:
    """A rest day of the body's own; how many due days moved."""
    return BodyDays(town.office).enter(town.staff("chen"), "panlong", "rest", day, "", "州庆通知")[
        1
    ]


def waiting(town: Street, **wanted: object) -> list[MessageRow]:
    return [row for row in town.messages(kind="reminder", **wanted) if row.state == "waiting"]


def test_reminder_of_a_day_that_moved_is_taken_back_and_comes_on_the_right_day(town):
    before = waiting(town, moment="reply_5")
    assert {row.due for row in before} == {OLD}
    assert rest(town, "2024-05-29") == 1
    assert waiting(town, moment="reply_5") == []
    gone = town.messages(moment="reply_5")
    assert {(row.state, row.problem) for row in gone} == {("withdrawn", MOVED)}
    town.at("2024-05-24T09:00")
    assert town.outbox.claim("mail") is None
    assert Inbox(town.office).unread(town.staff("lifang")) == 0
    round_at(town, "2024-05-24T09:05")
    (mail,) = waiting(town, channel="mail", user_id=town.user_id("lifang"))
    assert (mail.moment, mail.due) == ("reply_5", NEW)
    assert mail.text == (f"申请 {town.number} 的答复期限是 2024 年 6 月 3 日，还有 5 个工作日")


def test_nobody_is_reminded_on_what_becomes_a_rest_day_but_on_the_next_working_day(town):
    """With Friday at rest the weekend is a long one, and the day to speak of five days left would have
    been Thursday: it is said on Monday."""
    rest(town, "2024-05-24")
    assert round_at(town, "2024-05-24T09:05") == 0
    assert town.outbox.claim("mail") is None
    town.at("2024-05-27T09:00")
    assert town.outbox.claim("mail").text == (
        f"申请 {town.number} 的答复期限是 2024 年 6 月 3 日，还有 5 个工作日"
    )


def test_day_that_moves_and_moves_back_is_told_by_the_next_round(town):
    told = len(waiting(town))
    rest(town, "2024-05-29")
    BodyDays(town.office).enter(
        town.staff("chen"), "panlong", "remove", "2024-05-29", "", "通知撤销"
    )
    assert waiting(town) == []
    assert round_at(town, "2024-05-24T09:05") == told
    assert {row.due for row in town.messages(moment="reply_5", state="sent")} == {OLD}
    assert {row.due for row in waiting(town, moment="reply_5", channel="mail")} == {OLD}
    assert round_at(town, "2024-05-24T10:05") == 0


def test_what_a_process_has_claimed_is_not_sent_after_the_day_has_moved(town):
    town.at("2024-05-24T09:00")
    message = town.outbox.claim("mail")
    rest(town, "2024-05-29")
    with pytest.raises(ClaimLost):
        town.outbox.handing(message)
    town.outbox.later(message, "服务器没有回答")
    assert [row.state for row in town.messages(channel="mail", kind="reminder")] == [
        "withdrawn",
        "withdrawn",
    ]


def test_what_was_sent_already_stays_as_it_was_sent(town):
    town.at("2024-05-24T09:00")
    town.outbox.gather()
    rest(town, "2024-05-29")
    shown = town.messages(channel="in_app", moment="reply_5")
    assert {row.state for row in shown} == {"sent"}


def test_reminder_that_waits_for_the_digest_of_the_day_is_taken_back(street):
    town = street("2024-05-06", "mail")
    town.contact("lifang", digest_hour=16)
    town.number = town.file(email=None).number
    town.act("lifang", town.number, "assign", "2024-05-07")
    round_at(town, "2024-05-24T09:05")
    assert [m.bundled for m in waiting(town, user_id=town.user_id("lifang"))] == [True]
    rest(town, "2024-05-29")
    town.at("2024-05-24T16:00")
    assert town.outbox.gather() == 0
    assert town.messages(kind="digest") == []


def test_digest_that_waits_loses_the_lines_that_are_no_longer_true(street):
    town = street("2024-05-06", "mail")
    town.contact("lifang", digest_hour=16)
    ours, other = town.file(email=None).number, town.file(email=None).number
    for number in (ours, other):
        town.act("lifang", number, "assign", "2024-05-07")
    round_at(town, "2024-05-24T09:05")
    town.at("2024-05-24T16:00")
    assert town.outbox.gather() == 1
    message = town.outbox.claim("mail")
    while message.kind != "digest":
        message = town.outbox.claim("mail")
    assert ours in message.text and other in message.text
    town.moving.apply(
        town.staff("chen"), ours, "extend",
        {"on": "2024-05-24", "days": 10, "reached_on": "2024-05-24"},
    )  # fmt: skip
    with pytest.raises(ClaimLost):
        town.outbox.handing(message)
    (digest,) = town.messages(kind="digest")
    assert digest.state == "waiting"
    assert digest.text == (f"提醒 1 件：申请 {other}，期限是 2024 年 5 月 31 日，还有 5 个工作日")
    rest(town, "2024-05-29")
    (digest,) = town.messages(kind="digest")
    assert (digest.state, digest.problem) == ("withdrawn", MOVED)


def test_days_left_are_counted_again_where_the_day_itself_stays(town):
    """Overdue by days: a rest day in between makes it one less, the last day stays."""
    round_at(town, "2024-06-05T08:31")
    today = {"moment": "reply_red", "day": date(2024, 6, 5)}
    assert {row.text for row in waiting(town, **today)} == {
        f"申请 {town.number} 的答复期限是 2024 年 5 月 31 日，已经逾期 3 个工作日，请立即答复"
    }
    rest(town, "2024-06-04")
    assert {row.text for row in waiting(town, **today)} == {
        f"申请 {town.number} 的答复期限是 2024 年 5 月 31 日，已经逾期 2 个工作日，请立即答复"
    }


def test_setting_that_moves_a_day_takes_back_what_waits_of_the_old_one(street):
    town = street("2024-05-06", "mail")
    number = town.file(email=None).number
    town.act(
        "lifang",
        number,
        "require_correction",
        "2024-05-08",
        reached_on="2024-05-08",
        defects=["请写明年度"],
    )
    due = town.due(number)
    round_at(town, "2024-05-23T08:31")
    assert {(m.moment, m.due) for m in waiting(town)} == {("correction_3", due)}
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "correction_period_days", "20", "2024-05-01", "县里统一"
    )
    (gone,) = town.messages(moment="correction_3")
    assert (gone.state, gone.problem) == (
        "withdrawn",
        "期限已经变动（办理规则变动），不再提醒",
    )


def test_day_that_came_so_near_that_the_moment_has_passed_is_told_at_once(street):
    """Three working days were left; now it is one, and the 21st, when there were three, is over."""
    town = street("2024-05-06")
    number = town.file(email=None).number
    town.act(
        "lifang",
        number,
        "require_correction",
        "2024-05-08",
        reached_on="2024-05-08",
        defects=["请写明年度"],
    )
    round_at(town, "2024-05-23T08:31")
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "correction_period_days", "13", "2024-05-01", "县里统一"
    )
    old, new = town.messages(moment="correction_3")
    assert (old.state, new.state) == ("withdrawn", "waiting")
    assert new.text == f"申请 {number} 的补正期限是 2024 年 5 月 24 日，还有 1 个工作日"
    assert round_at(town, "2024-05-23T09:05") == 0
    assert [one.text for one in Inbox(town.office).lines(town.staff("lifang"))] == [new.text]


def test_moment_that_the_body_does_without_is_taken_back(town):
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "reminders_off", ["reply_5"], "2024-05-24", "群里已经说了"
    )
    assert {(row.state, row.problem) for row in town.messages(moment="reply_5")} == {
        ("withdrawn", "本机关已经不发这一项提醒")
    }
    assert round_at(town, "2024-05-24T09:05") == 0


def test_change_that_moves_nothing_takes_nothing_back(town):
    told = len(waiting(town))
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "secrecy_review_days", "5", "2024-05-01", "县里统一"
    )
    assert rest(town, "2024-07-01") == 0
    assert told == len(waiting(town)) > 0


def test_change_of_the_law_takes_back_as_a_setting_does(town, monkeypatch):
    """A store that was written under other tables, of which the days do not follow."""
    with town.office.store.write() as unit:
        for row in unit.session.query(MessageRow).filter_by(moment="reply_5"):
            row.due = date(2024, 5, 30)
        unit.set_stamp("law", "older tables")
    DueChanges(town.office).follow_law()
    assert {row.problem for row in town.messages(moment="reply_5")} == {
        "期限已经变动（法律规定变动），不再提醒"
    }


def test_refused_change_takes_nothing_back(town):
    freeze(town.office, "panlong", 2024)
    told = len(waiting(town))
    with pytest.raises(Exception, match="已经公布"):
        rest(town, "2024-05-29")
    assert len(waiting(town)) == told


# -- what else waits --------------------------------------------------------------------------------


def test_applicant_is_told_the_day_in_force_when_the_message_goes(street):
    """Filed at night: the mobile is left in peace until eight, and the day moves in between."""
    town = street("2024-05-06", "sms")
    town.at("2024-05-06T22:00")
    number = town.file().number
    rest(town, "2024-05-29")
    old, new = town.messages(kind="applicant")
    assert (old.state, old.problem) == ("withdrawn", "所说的期限已经变动，改发新的日期")
    assert (new.state, new.not_before) == ("waiting", old.not_before)
    assert new.text == f"您的申请 {number} 已经收到，最晚在 2024 年 6 月 3 日答复。"


def test_what_a_person_wants_to_hear_again_never_comes_after_the_day(town):
    town.at("2024-05-24T09:00")
    town.outbox.gather()
    lifang = town.staff("lifang")
    (line,) = [one for one in Inbox(town.office).lines(lifang) if one.about == town.number][:1]
    assert Inbox(town.office).again(lifang, line.id, "due") == date(2024, 5, 30)
    BodyDays(town.office).enter(
        town.staff("chen"), "panlong", "work", "2024-05-25", "2024-05-26", "调休通知"
    )
    assert town.due(town.number) == date(2024, 5, 29)
    (again,) = town.messages(kind="again")
    assert (again.state, again.not_before.date()) == ("waiting", date(2024, 5, 28))


def asked_again(town: Street, when: str) -> date:
    """The clerk has read a reminder and asks to hear it again; the day on which it will be."""
    town.at("2024-05-24T09:00")
    town.outbox.gather()
    (line,) = [
        one
        for one in Inbox(town.office).lines(town.staff("lifang"))
        if one.about == town.number and one.kind == "reminder"
    ]
    return Inbox(town.office).again(town.staff("lifang"), line.id, when)


@pytest.mark.parametrize("when", ["tomorrow", "three", "due"])
def test_what_a_person_wants_to_hear_again_is_taken_back_when_the_case_ends(town, when):
    day = asked_again(town, when)
    town.act("lifang", town.number, "withdraw", "2024-05-24")
    (again,) = town.messages(kind="again")
    assert (again.state, again.problem) == ("withdrawn", "申请已经办结，不再提醒")
    read = Inbox(town.office).unread(town.staff("lifang"))
    town.now = datetime.combine(day, time(9), SHANGHAI)
    town.outbox.gather()
    assert Inbox(town.office).unread(town.staff("lifang")) == read
    assert "again" not in {one.kind for one in Inbox(town.office).lines(town.staff("lifang"))}


def test_what_a_person_wants_to_hear_again_is_said_with_the_new_day_after_an_extension(town):
    day = asked_again(town, "three")
    town.act("chen", town.number, "extend", "2024-05-24", days=10, reached_on="2024-05-24")
    (again,) = town.messages(kind="again")
    assert (again.state, again.due) == ("waiting", date(2024, 6, 17))
    town.now = datetime.combine(day, time(9), SHANGHAI)
    town.outbox.gather()
    (again,) = town.messages(kind="again")
    assert again.state == "sent"
    assert again.text == f"申请 {town.number}：期限是 2024 年 6 月 17 日，还有 12 个工作日"


def test_case_that_goes_on_keeps_what_a_person_wants_to_hear_again(town):
    asked_again(town, "three")
    town.act(
        "lifang", town.number, "record_search", "2024-05-24",
        sources=["档案室"], keywords=["养护"], hits=1,
    )  # fmt: skip
    assert town.states(kind="again") == ["waiting"]


def test_watched_days_and_the_calendar_of_a_person_follow(town):
    due_days, lifang = DueDays(town.office), town.staff("lifang")
    token = due_days.new_feed(lifang)
    rest(town, "2024-05-29")
    assert [line.due for line in due_days.feed(token)] == [NEW]
    with town.office.store.read() as unit:
        days = {row.day for row in unit.session.query(WatchedDayRow).filter_by(kind="reply")}
    assert days == {NEW}


def test_review_of_a_case_that_has_ended_follows_the_calendar_too(town):
    """Ten working days from 27 May; the case itself ended before the rest day and stays as it was."""
    town.act("lifang", town.number, "withdraw", "2024-05-24")
    town.act("lifang", town.number, "file_review", "2024-05-27", case_number="砚府复〔2024〕1号")
    round_at(town, "2024-06-03T08:31")
    assert {(row.moment, row.due) for row in waiting(town)} == {("review_5", date(2024, 6, 11))}
    rest(town, "2024-06-07")
    assert {(row.state, row.problem) for row in town.messages(moment="review_5")} == {
        ("withdrawn", MOVED)
    }
    round_at(town, "2024-06-03T09:05")
    assert {row.due for row in waiting(town, channel="mail")} == {date(2024, 6, 12)}


# -- the body's own days ----------------------------------------------------------------------------


def test_earlier_day_for_the_annual_report_takes_back_what_was_said_of_the_old_one(street):
    town = street("2023-05-06", "mail")
    town.file(email=None)
    town.is_("2024-01-17")
    round_at(town, "2024-01-17T08:31")
    said = {(row.moment, row.due) for row in waiting(town) if row.about == "2023"}
    assert ("annual_report_10", date(2024, 1, 31)) in said
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "report_dates", "01-24", "2024-01-01", "县里统一"
    )
    assert "annual_report_10" not in {row.moment for row in waiting(town)}
    round_at(town, "2024-01-17T09:05")
    assert ("annual_report_5", date(2024, 1, 24)) in {
        (row.moment, row.due) for row in town.messages(state="sent")
    }


def test_published_report_is_not_asked_for_any_more_neither_here_nor_above(street):
    town = street("2023-05-06", "mail")
    town.file(email=None)
    round_at(town, "2024-01-24T08:31")
    moments = {row.moment for row in waiting(town)}
    assert {"annual_report_5", "reports_below_5"} <= moments
    freeze(town.office, "panlong", 2023)
    assert {row.problem for row in town.messages(about="2023")} == {"年度报告已经公布，不再提醒"}
    assert round_at(town, "2024-01-24T09:05") == 0


def test_who_no_longer_supervises_a_body_is_not_asked_for_its_report(street):
    town = street("2023-05-06", "mail")
    town.file(email=None)
    round_at(town, "2024-01-24T08:31")
    assert waiting(town, moment="reports_below_5")
    Bodies(town.office).move("panlong", None)
    assert not waiting(town, moment="reports_below_5")
    assert waiting(town, moment="annual_report_5")


# -- whatever cures it ------------------------------------------------------------------------------


def test_extension_takes_back_what_waits_and_leaves_what_is_still_true(town):
    """A search changes nothing of the day, an extension does."""
    told = len(waiting(town, moment="reply_5"))
    town.moving.apply(
        town.staff("lifang"), town.number, "record_search",
        {"on": "2024-05-24", "sources": ["档案室"], "keywords": ["养护"], "hits": 1},
    )  # fmt: skip
    assert len(waiting(town, moment="reply_5")) == told > 0
    town.moving.apply(
        town.staff("chen"), town.number, "extend",
        {"on": "2024-05-24", "days": 10, "reached_on": "2024-05-24"},
    )  # fmt: skip
    assert waiting(town) == []


def test_what_is_done_in_the_morning_is_not_reminded_of_at_nine(street):
    """Whatever event cures it: here the confirmation of a submission."""
    town = street("2024-05-06", "sms")
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        unit.set_setting(
            body, "online_confirmation", "confirmation_event", date(2024, 1, 1), "-", "chen",
            town.now,
        )  # fmt: skip
    number = town.file(email=None).number
    round_at(town, "2024-05-07T08:31")
    assert {row.moment for row in waiting(town)} == {"confirm"}
    town.at("2024-05-07T08:45")
    town.moving.apply(
        town.staff("lifang"), number, "receive", {"on": "2024-05-07", "channel": "portal"}
    )
    assert {row.problem for row in town.messages(moment="confirm")} == {
        "事项已经办理或者期限已经变动，不再提醒"
    }
