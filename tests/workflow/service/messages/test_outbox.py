"""The worker's side: claims, retries with growing pauses, one leader, one digest after a stop."""

from datetime import date, timedelta

import pytest

from workflow.service.messages.outbox import LEASE, ClaimLost, Outbox


@pytest.fixture
def town(street):
    town = street("2024-05-06", "mail", "webhook")
    town.number = town.file(email=None).number
    return town


def one_mail(town):
    """A waiting mail, claimed."""
    town.remind(town.number)
    return town.outbox.claim("mail")


def test_message_is_claimed_by_one_process_only(town):
    message = one_mail(town)
    assert message.address == "lifang@office.example"
    assert Outbox(town.office).claim("mail") is None


def test_message_waits_for_its_hour(town):
    town.at("2024-05-06T08:30")
    town.remind(town.number)
    assert town.states(kind="reminder") == ["waiting", "waiting", "waiting"]
    assert town.outbox.claim("webhook") is None
    town.at("2024-05-06T09:00")
    assert town.outbox.claim("webhook") is not None
    town.outbox.gather()
    assert town.states(kind="reminder", channel="in_app") == ["sent"]


def test_pauses_grow_and_the_last_failure_is_given_up_where_people_see_it(town):
    message, tried = one_mail(town), []
    while message is not None:
        town.outbox.handing(message)
        town.outbox.later(message, "服务器没有回答")
        (row,) = town.messages(kind="reminder", channel="mail")
        if row.state == "waiting":
            tried.append((row.not_before - town.now) / timedelta(minutes=1))
            town.now = row.not_before - timedelta(seconds=1)
            assert town.outbox.claim("mail") is None
            town.now = row.not_before
        message = town.outbox.claim("mail")
    assert tried == [1, 5, 30, 120, 720]
    assert (row.state, row.attempts) == ("failed", 6)
    (told,) = town.messages(moment="not_delivered")
    assert town.names()[told.user_id] == "lifang"
    assert told.text == f"关于 {town.number} 的电子邮件没有送达：服务器没有回答。内容见站内消息。"


def test_wrong_address_is_not_tried_again(town):
    message = one_mail(town)
    town.outbox.handing(message)
    town.outbox.never(message, "收件人地址被拒绝")
    assert town.states(kind="reminder", channel="mail") == ["failed"]


def test_process_that_lost_its_claim_must_not_send(town):
    message = one_mail(town)
    town.later(minutes=3)
    assert town.outbox.recover() == 1
    with pytest.raises(ClaimLost):
        town.outbox.handing(message)
    again = town.outbox.claim("mail")
    assert again.id == message.id
    town.outbox.handing(again)
    town.outbox.sent(message)
    assert town.states(kind="reminder", channel="mail") == ["handing"]
    town.outbox.sent(again)
    assert town.states(kind="reminder", channel="mail") == ["sent"]


def test_what_was_perhaps_mailed_is_not_mailed_again_but_told(town):
    message = one_mail(town)
    town.outbox.handing(message)
    town.later(minutes=3)
    town.outbox.recover()
    assert town.states(kind="reminder", channel="mail") == ["unclear"]
    assert town.outbox.claim("mail") is None
    assert [row.text for row in town.messages(moment="not_delivered")] == [
        f"关于 {town.number} 的电子邮件可能没有送达：发送时程序中断，不知道对方是否收到。内容见站内消息。"
    ]


def test_receiver_that_drops_doubles_gets_it_again_under_the_same_key(town):
    town.remind(town.number)
    message = town.outbox.claim("webhook")
    town.outbox.handing(message)
    town.later(minutes=3)
    town.outbox.recover()
    town.later(minutes=1)
    again = town.outbox.claim("webhook")
    assert again.key == message.key


def test_one_of_several_processes_leads_and_another_takes_over_within_a_minute(town):
    first, second = Outbox(town.office), Outbox(town.office)
    assert first.lead("a")
    assert not second.lead("b")
    town.later(seconds=20)
    assert first.lead("a")
    town.later(seconds=20)
    assert not second.lead("b")
    waited = LEASE
    town.later(seconds=11)
    assert second.lead("b")
    assert waited < timedelta(minutes=1)
    assert not first.lead("a")
    assert town.outbox.leader() == "b"


def test_process_that_stops_lets_another_lead_at_once(town):
    assert town.outbox.lead("a")
    town.outbox.resign("a")
    assert town.outbox.lead("b")


def test_new_leader_frees_what_the_dead_one_had_not_yet_handed_over(town):
    assert town.outbox.lead("a")
    message = one_mail(town)
    town.later(seconds=31)
    assert town.outbox.lead("b")
    assert town.outbox.claim("mail").id == message.id


def test_clock_that_was_put_back_stops_neither_leader_nor_retries(town):
    town.later(days=2)
    assert town.outbox.lead("ahead")
    message = one_mail(town)
    town.outbox.handing(message)
    town.outbox.later(message, "没有回答")
    town.later(days=-2)
    assert town.outbox.lead("b")
    assert town.outbox.claim("mail").id == message.id


def test_day_lived_twice_reminds_once(town):
    assert len(town.remind(town.number)) == 3
    town.later(days=1)
    town.remind(town.number)
    town.later(days=-1)
    assert town.remind(town.number) == []


def a_week_of_reminders(town):
    numbers = [town.number, *(town.file(email=None).number for _ in range(4))]
    day = date(2024, 5, 6)
    town.at("2024-05-13T09:00")
    for offset in range(5):
        for number in numbers:
            town.remind(
                number,
                day=day + timedelta(offset),
                moment=f"reply_{offset}",
                due=date(2024, 5, 17),
                channels=("in_app", "mail"),
            )
    return numbers


def test_after_a_week_stopped_there_is_one_digest_and_no_flood(town):
    numbers = a_week_of_reminders(town)
    assert town.outbox.gather() == 2
    assert town.outbox.gather() == 0
    assert town.states(kind="reminder") == ["gathered"] * 50
    shown, mailed = town.messages(kind="digest")
    assert shown.text.startswith("提醒 5 件：申请 ")
    assert mailed.text == shown.text
    for number in numbers:
        assert f"申请 {number}，期限是 2024 年 5 月 17 日，还有 4 个工作日" in shown.text
    assert shown.state == "sent"


def test_few_that_were_held_up_go_singly_with_the_days_left_of_today(town):
    town.at("2024-05-08T12:00")
    town.remind(town.number, day=date(2024, 5, 6), due=date(2024, 5, 10))
    assert town.outbox.gather() == 0
    (row,) = town.messages(kind="reminder", channel="in_app")
    assert row.text == f"申请 {town.number}：期限是 2024 年 5 月 10 日，还有 2 个工作日"


def test_who_wants_one_digest_a_day_gets_one_and_what_is_overdue_at_once(town):
    town.contact("lifang", digest_hour=16)
    town.remind(town.number, channels=("mail",))
    town.remind(town.number, channels=("mail",), moment="draft_10", level="info")
    town.remind(town.number, channels=("mail",), moment="reply_red", level="red")
    assert town.outbox.gather() == 0
    sendable = []
    while message := town.outbox.claim("mail"):
        sendable.append(message)
    assert [m.level for m in sendable] == ["red"]
    town.at("2024-05-06T16:00")
    assert town.outbox.gather() == 1
    assert [m.kind for m in [town.outbox.claim("mail")]] == ["digest"]


def test_sender_that_is_quicker_than_the_gathering_waits_for_the_digest(town):
    """Sending and gathering are two jobs: which comes first at four o'clock must not matter."""
    town.contact("lifang", digest_hour=16)
    town.remind(town.number, channels=("mail",))
    town.remind(town.number, channels=("mail",), moment="draft_10", level="info")
    town.at("2024-05-06T16:00")
    assert town.outbox.claim("mail") is None
    assert town.outbox.gather() == 1
    assert town.outbox.claim("mail").kind == "digest"
    assert town.outbox.claim("mail") is None


def test_single_message_of_the_digest_goes_by_itself_once_that_is_known(town):
    town.contact("lifang", digest_hour=16)
    town.remind(town.number, channels=("mail",))
    town.at("2024-05-06T16:00")
    assert town.outbox.claim("mail") is None
    assert town.outbox.gather() == 0
    assert town.outbox.claim("mail").kind == "reminder"


def test_sender_that_is_quicker_than_the_gathering_lets_no_flood_out_after_a_stop(town):
    a_week_of_reminders(town)
    assert town.outbox.claim("mail") is None
    town.outbox.gather()
    assert town.outbox.claim("mail").kind == "digest"
    assert town.outbox.claim("mail") is None


@pytest.mark.parametrize("moment", ["send_late", "send_today"])
def test_day_of_the_signature_is_not_called_a_last_day_in_a_digest(town, moment):
    town.contact("lifang", digest_hour=16)
    signed = {"channels": ("mail",), "moment": moment, "due": date(2024, 4, 30)}
    town.remind(town.number, **signed)
    town.remind(town.file(email=None).number, channels=("mail",))
    town.at("2024-05-06T16:00")
    town.outbox.gather()
    assert f"申请 {town.number} 的答复签发之后已经过了 1 个工作日，还没有送达" in (
        town.outbox.claim("mail").text
    )
