"""Who is told that a message did not arrive, and that a channel fails."""

import pytest

from workflow.service.messages.channels import Channels


@pytest.fixture
def town(street):
    town = street("2024-05-06", "mail", "webhook", "wecom")
    town.number = town.file(email=None).number
    return town


def fails(town, channel, how="never", problem="收件人地址被拒绝"):
    """The next message of a channel fails."""
    message = town.outbox.claim(channel)
    town.outbox.handing(message)
    getattr(town.outbox, how)(message, problem)
    return message


def told(town):
    """Who was told of what did not arrive, in which words."""
    rows, names = town.messages(moment="not_delivered"), town.names()
    assert {(row.channel, row.state, row.kind) for row in rows} <= {("in_app", "sent", "notice")}
    return [(names[row.user_id], row.text) for row in rows]


def test_clerk_is_told_when_the_applicant_could_not_be_told(town):
    town.file()
    message = town.outbox.claim("mail")
    assert message.kind == "applicant"
    town.outbox.handing(message)
    town.outbox.never(message, "收件人地址被拒绝")
    (told,) = town.messages(moment="not_delivered")
    assert town.names()[told.user_id] == "lifang"
    assert "请用其他方式告知申请人" in told.text


def test_failing_channel_alarms_the_administrators_once_a_day(town):
    for number in range(5):
        town.remind(town.number, moment=f"m{number}", to=("office_head",))
    for _ in range(5):
        message = town.outbox.claim("webhook")
        town.outbox.handing(message)
        town.outbox.later(message, "服务器没有回答")
    alarms = town.messages(moment="channel_failing")
    names = [town.names()[row.user_id] for row in alarms]
    assert sorted(names) == ["county", "guanli", "sunli"]
    assert "连续 3 次没有发出：服务器没有回答" in alarms[0].text


def test_clerk_is_told_of_an_applicants_mail_that_perhaps_arrived_too(town):
    number = town.file().number
    assert fails(town, "mail", "unclear", "没有等到回答").kind == "applicant"
    assert told(town) == [
        (
            "lifang",
            f"关于 {number} 的电子邮件可能没有送达申请人：没有等到回答。请用其他方式告知申请人。",
        )
    ]


def test_clerk_finds_the_case_of_a_failed_mail_and_the_reason_for_being_told(town):
    number = town.file().number
    fails(town, "mail")
    (row,) = town.messages(moment="not_delivered")
    (mail,) = town.messages(kind="applicant", channel="mail")
    assert (row.about, row.case_id, row.agency_id) == (number, mail.case_id, mail.agency_id)
    assert (row.why, row.level) == ("消息没有确定送达时告知经办人", "yellow")


def test_head_of_the_office_is_told_of_a_failed_mail_where_no_clerk_can_log_in(town):
    with town.office.store.write() as unit:
        unit.user("lifang").active = False
    number = town.file().number
    fails(town, "mail")
    assert told(town) == [
        (
            "chen",
            f"关于 {number} 的电子邮件没有送达申请人：收件人地址被拒绝。请用其他方式告知申请人。",
        )
    ]


def test_every_failed_mail_is_told_and_each_once(town):
    numbers = {town.file().number, town.file().number}
    fails(town, "mail")
    fails(town, "mail")
    assert {row.about for row in town.messages(moment="not_delivered")} == numbers
    assert len(told(town)) == 2


def test_mail_that_is_tried_again_is_told_to_nobody_yet(town):
    town.file()
    fails(town, "mail", "later")
    assert told(town) == []


def test_administrator_is_told_that_the_group_did_not_get_its_message(town):
    town.remind(town.number)
    fails(town, "wecom", problem="机器人地址无效")
    assert [name for name, _ in told(town)] == ["guanli"]
    ((_, text),) = told(town)
    assert text == "企业微信（政务微信）群机器人没有送达本机关的群：机器人地址无效。"
    (row,) = town.messages(moment="not_delivered")
    assert (row.about, row.case_id) == ("", None)


def test_test_message_that_fails_shows_on_its_page_and_is_told_to_nobody(town):
    Channels(town.office).test(town.staff("guanli"), "mail")
    fails(town, "mail")
    assert town.states(kind="test") == ["failed"]
    assert told(town) == []


def test_channel_that_worked_in_between_begins_to_count_anew(town):
    for number in range(6):
        town.remind(town.number, moment=f"m{number}")
    for how in ("later", "later", None, "later", "later"):
        if how:
            fails(town, "webhook", how, "服务器没有回答")
        else:
            message = town.outbox.claim("webhook")
            town.outbox.handing(message)
            town.outbox.sent(message)
    assert town.messages(moment="channel_failing") == []
    fails(town, "webhook", "later", "服务器没有回答")
    assert "连续 3 次没有发出" in town.messages(moment="channel_failing")[0].text


def test_channel_that_goes_on_failing_alarms_once_a_day(town):
    for number in range(6):
        town.remind(town.number, moment=f"m{number}")
    for _ in range(4):
        fails(town, "webhook", "later", "服务器没有回答")
    alarms = len(town.messages(moment="channel_failing"))
    town.later(hours=20)  # the next date, not yet a day
    fails(town, "webhook", "later", "服务器没有回答")
    assert len(town.messages(moment="channel_failing")) == alarms
    town.later(hours=4)
    town.outbox.gather()
    fails(town, "webhook", "later", "服务器没有回答")
    assert len(town.messages(moment="channel_failing")) == 2 * alarms > 0
