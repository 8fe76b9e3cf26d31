"""What goes into the outbox: who is told, through what, once, together with what caused it."""

import pytest

from tests.workflow.service.messages.street import EMAIL, ITEM, PHONE
from workflow.service.messages.contacts import contact_row
from workflow.service.messages.to_staff import enqueue, tell_staff


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


def only_who_administers(town):
    with town.office.store.write() as unit:
        for name in ("lifang", "chen"):
            unit.user(name).active = False


def test_who_administers_hears_that_nobody_handles_and_of_no_case(street):
    """Once a day for the body, whatever is due there: no number, no day."""
    town = street("2024-05-06")
    only_who_administers(town)
    first, second = town.file().number, town.file().number
    (row,) = town.remind(first)
    assert town.names()[row.user_id] == "guanli" and "本机关没有能办理的人" in row.text
    assert (row.about, row.case_id, row.due) == ("", None, None)
    assert first not in row.text + row.why
    assert town.remind(second, moment="draft_5") == []


def test_who_administers_is_told_in_full_of_what_is_no_case(street):
    town = street("2024-05-06")
    only_who_administers(town)
    (row,) = town.remind("2024", moment="calendar_missing", text="2024 年的放假安排还没有装入")
    assert (row.about, row.text) == ("2024", "2024 年的放假安排还没有装入")


def test_who_administers_is_told_the_same_of_what_happens_at_once(street):
    town = street("2024-05-06")
    number = town.file().number
    only_who_administers(town)
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        row = next(one for one in unit.cases_numbered(["panlong"], number))
        tell_staff(
            town.office, unit, body, roles=("clerk",), moment="not_delivered", what="x", why="y",
            text=f"关于 {number} 的电子邮件没有送达申请人", about=number, case_id=row.id,
        )  # fmt: skip
    (told,) = town.messages(moment="not_delivered")
    assert number not in told.text and (told.about, told.case_id) == ("", None)


def test_who_came_to_administer_no_longer_stands_in_for_messages_of_cases(street):
    town = street("2024-05-06")
    number = town.file().number
    with town.office.store.write() as unit:
        contact = contact_row(unit, unit.user("lifang").id)
        contact.stand_in_id = unit.user("guanli").id
        contact.stand_in_from = contact.stand_in_to = town.now.date()
    assert {town.names()[row.user_id] for row in town.remind(number)} == {"lifang"}


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
    reminder = town.reminder(town.file().number)
    with pytest.raises(ZeroDivisionError), town.office.store.write() as unit:
        enqueue(town.office, unit, [reminder])
        raise ZeroDivisionError
    assert town.messages(kind="reminder") == []
