"""What goes into the outbox: who is told, through what, once, together with what caused it."""

import pytest

from tests.workflow.service.messages.street import EMAIL, ITEM, PHONE
from workflow.refusal import Refused
from workflow.service.messages.notices import enqueue


def test_reminder_goes_to_the_holders_of_the_role_through_the_channels_of_the_moment(street):
    town = street("2024-05-06", "mail", "sms")
    number = town.file().number
    town.remind(number, to=("clerk", "office_head"), channels=("in_app", "mail"))
    names = town.names()
    assert {(names[row.user_id], row.channel) for row in town.messages(kind="reminder")} == {
        ("lifang", "in_app"),
        ("lifang", "mail"),
        ("chen", "in_app"),
        ("chen", "mail"),
    }


def test_the_same_reminder_is_enqueued_once(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    assert len(town.remind(number)) == 2
    assert town.remind(number) == []
    assert len(town.messages(kind="reminder")) == 2


def test_who_holds_two_of_the_roles_is_told_once(street):
    town = street("2024-05-06")
    number = town.file().number
    assert len(town.remind(number, to=("clerk", "handler"))) == 1


def test_where_nobody_holds_the_role_the_clerk_is_told(street):
    town = street("2024-05-06")
    (row,) = town.remind(town.file().number, to=("cashier",))
    assert town.names()[row.user_id] == "lifang"


def test_supervising_office_is_told_when_the_ladder_says_so(street):
    town = street("2024-05-06")
    told = town.remind(town.file().number, to=("office_head", "above.office_head"))
    assert sorted(town.names()[row.user_id] for row in told) == ["chen", "county"]


def test_a_channel_that_the_office_does_not_have_carries_nothing(street):
    town = street("2024-05-06")
    assert [row.channel for row in town.remind(town.file().number)] == ["in_app"]


def test_who_gave_no_address_is_told_in_the_system(street):
    town = street("2024-05-06", "mail", "sms")
    town.contact("lifang", email="", phone="")
    assert [row.channel for row in town.remind(town.file().number)] == ["in_app"]


def test_person_leaves_out_a_channel_and_a_moment_but_never_what_is_overdue(street):
    town = street("2024-05-06", "mail", "sms")
    number = town.file().number
    town.contact("lifang", channels=["mail"], muted=["reply_5"])
    assert town.remind(number) == []
    told = town.remind(number, moment="draft_10", level="info")
    assert [row.channel for row in told] == ["in_app", "mail"]
    overdue = town.remind(number, level="red")
    assert [row.channel for row in overdue] == ["in_app", "mail"]


def test_stand_in_gets_what_the_absent_person_would_get(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    days = {"stand_in_from": town.now.date(), "stand_in_to": town.now.date()}
    town.contact("lifang", stand_in_id=town.user_id("wang"), **days)
    told = town.remind(number)
    names = town.names()
    assert sorted((names[row.user_id], row.channel) for row in told) == [
        ("lifang", "in_app"),
        ("wang", "in_app"),
        ("wang", "mail"),
    ]
    assert {row.why for row in told if names[row.user_id] == "wang"} == {
        "答复期限还有 5 个工作日（黄牌）（条例33(2)）；代理lifang（经办人）"
    }
    town.later(days=1)
    assert {names[row.user_id] for row in town.remind(number)} == {"lifang"}


def test_message_says_why_it_was_sent(street):
    town = street("2024-05-06")
    (row,) = town.remind(town.file().number)
    assert row.why == "答复期限还有 5 个工作日（黄牌）（条例33(2)）；您是经办人"


def test_group_of_the_body_is_told_once_however_many_people_are(street):
    town = street("2024-05-06", "wecom")
    told = town.remind(town.file().number, to=("clerk", "office_head"))
    assert [row.channel for row in told].count("wecom") == 1


def test_applicant_is_told_of_receipt_correction_extension_fee_and_reply(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.act("lifang", number, "require_correction", "2024-05-07", reached_on="2024-05-07",
             deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    town.act("lifang", number, "correct", "2024-05-08")
    told = [row.moment for row in town.messages(kind="applicant")]
    assert told == ["told_receipt", "told_correction"]
    assert [row.text for row in town.messages(moment="told_correction")] == [
        f"您的申请 {number} 需要补正，请在 2024 年 5 月 17 日之前补正；补正什么见补正通知或者网上查询。"
    ]


def test_message_to_an_applicant_is_kept_if_and_only_if_its_event_is(street, monkeypatch):
    town = street("2024-05-06", "mail")
    number = town.file().number
    before = len(town.messages())
    with pytest.raises(Refused):
        town.act("lifang", number, "extend", "2024-05-07", days=20, reached_on="2024-05-07")
    assert len(town.messages()) == before

    def broken(*args, **kwargs):
        raise OSError("no room on the disk")

    monkeypatch.setattr("workflow.service.messages.notices.message_queries.add_message", broken)
    with pytest.raises(OSError, match="no room"):
        town.act("lifang", number, "require_correction", "2024-05-07", reached_on="2024-05-07",
                 deadline_on="2024-05-17")  # fmt: skip
    monkeypatch.undo()
    assert town.reading.case(town.staff("lifang"), number).state == "registered"
    assert len(town.messages()) == before


def test_what_is_typed_in_long_afterwards_is_not_told_to_the_applicant(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.is_("2024-05-25")
    town.moving.apply(
        town.staff("lifang"),
        number,
        "require_correction",
        {"on": "2024-05-07", "reached_on": "2024-05-07", "deadline_on": "2024-05-17"},
    )
    assert [row.moment for row in town.messages(kind="applicant")] == ["told_receipt"]


def test_message_to_an_applicant_says_the_same_when_it_was_held_up(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.later(days=3)
    assert town.outbox.claim("mail").text == (
        f"您的申请 {number} 已经收到，最晚在 2024 年 5 月 31 日答复。"
    )


def test_no_telephone_of_an_applicant_rings_at_night(street):
    town = street("2024-05-06", "sms", "mail")
    town.at("2024-05-06T22:30")
    town.file()
    times = {row.channel: row.not_before for row in town.messages(kind="applicant")}
    assert times["mail"] == town.now
    assert times["sms"].isoformat() == "2024-05-07T08:00:00+08:00"


def test_case_that_ends_takes_its_waiting_reminders_back(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.remind(number)
    town.act("lifang", number, "withdraw", "2024-05-06")
    assert town.states(kind="reminder", channel="mail") == ["withdrawn"]


def test_who_has_left_is_told_nothing_more(street):
    town = street("2024-05-06", "mail")
    town.remind(town.file(email=None).number)
    with town.office.store.write() as unit:
        unit.user("lifang").active = False
    assert town.outbox.claim("mail") is None
    assert town.states(kind="reminder", channel="mail") == ["withdrawn"]


def test_outbox_holds_no_name_no_content_and_no_address(street):
    town = street("2024-05-06", "mail", "sms", "wecom")
    number = town.file().number
    town.remind(number)
    with town.office.store.read() as unit:
        raw = unit.session.connection().exec_driver_sql("SELECT * FROM message").fetchall()
    said = " ".join(str(value) for row in raw for value in row)
    assert number in said
    for secret in ("张三", ITEM, EMAIL, PHONE, "@", "11010519491231002X"):
        assert secret not in said


def test_enqueueing_is_rolled_back_with_its_cause(street):
    town = street("2024-05-06")
    notice = town.notice(town.file().number)
    with pytest.raises(ZeroDivisionError), town.office.store.write() as unit:
        enqueue(town.office, unit, [notice])
        raise ZeroDivisionError
    assert town.messages(kind="reminder") == []


# -- who is mentioned in a group --------------------------------------------------------------------


def group_message(town, **notice):
    town.remind(town.file(email=None).number, to=("clerk", "office_head"), **notice)
    return town.outbox.claim("wecom")


def test_group_mentions_whom_it_concerns_if_they_gave_their_account(street):
    town = street("2024-05-06", "wecom")
    town.contact("lifang", accounts={"wecom": "LiFang", "dingtalk": "other"})
    town.contact("wang", accounts={"wecom": "Wang"})
    assert group_message(town).mentions == ("LiFang",)


def test_who_is_away_is_not_mentioned_but_the_stand_in_is(street):
    town = street("2024-05-06", "wecom")
    today = town.now.date()
    town.contact("lifang", accounts={"wecom": "LiFang"}, stand_in_id=town.user_id("wang"),
                 stand_in_from=today, stand_in_to=today)  # fmt: skip
    town.contact("wang", accounts={"wecom": "Wang"})
    assert group_message(town).mentions == ("Wang",)


def test_people_of_the_body_above_are_not_mentioned_in_the_group_of_the_one_below(street):
    town = street("2024-05-06", "wecom")
    town.contact("county", accounts={"wecom": "County"})
    town.contact("chen", accounts={"wecom": "Chen"})
    town.remind(town.file(email=None).number, to=("office_head", "above.office_head"))
    assert town.outbox.claim("wecom").mentions == ("Chen",)


def test_account_stands_sealed_and_in_no_message(street):
    town = street("2024-05-06", "wecom", "webhook")
    town.contact("lifang", accounts={"wecom": "LiFangAccount", "webhook": "LiFangAccount"})
    group_message(town)
    assert town.outbox.claim("webhook").account == "LiFangAccount"
    stored = b"".join(path.read_bytes() for path in town.folder.glob("store.db*"))
    assert b"LiFangAccount" not in stored
