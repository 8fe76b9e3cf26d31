"""The worker's side: claims, retries with growing pauses, one leader, one digest after a stop."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from workflow.service.messages.outbox import LEASE, ClaimLost, Outbox, channels_of_worker
from workflow.store.message_models import AttemptRow


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
    assert [(m.level, m.agency) for m in sendable] == [("red", "panlong")]
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


# -- what is too late, for whom, where to -------------------------------------------------------------


def test_what_has_waited_longer_than_a_day_is_gathered_before_it_goes(town):
    town.remind(town.number)
    town.at("2024-05-07T09:00")  # a day after nine o'clock, to the second
    assert town.outbox.claim("mail") is not None
    town.later(seconds=1)
    assert town.outbox.claim("webhook") is None
    town.outbox.gather()
    assert town.outbox.claim("webhook") is not None


def test_behind_a_message_to_somebody_who_has_left_the_next_one_goes(town):
    town.remind(town.number, to=("clerk",))
    town.remind(town.number, to=("office_head",))
    with town.office.store.write() as unit:
        unit.user("lifang").active = False
    assert town.outbox.claim("mail").address == "chen@office.example"
    left, _ = town.messages(kind="reminder", channel="mail")
    assert (left.state, left.problem) == ("withdrawn", "收件人已经离开")


def test_behind_a_message_to_somebody_who_has_left_no_flood_goes(town):
    town.remind(town.number, to=("clerk",), level="red")
    message = town.outbox.claim("mail")
    town.outbox.handing(message)
    town.outbox.later(message, "没有回答")  # tried once: it need not be gathered any more
    town.remind(town.number, to=("office_head",))
    town.at("2024-05-08T09:00")
    with town.office.store.write() as unit:
        unit.user("lifang").active = False
    assert town.outbox.claim("mail") is None
    assert town.states(kind="reminder", channel="mail") == ["withdrawn", "waiting"]


def test_a_retry_waits_out_the_longest_pause_but_not_a_wrong_clock(town):
    message = one_mail(town)
    for _ in range(5):
        town.outbox.handing(message)
        town.outbox.later(message, "没有回答")
        (row,) = town.messages(kind="reminder", channel="mail")
        assert town.outbox.claim("mail") is None
        if row.attempts < 5:
            town.now = row.not_before
            message = town.outbox.claim("mail")
    assert row.not_before - town.now == timedelta(hours=12)
    town.later(seconds=-1)
    assert town.outbox.claim("mail") is not None


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("+86 138-0000-1111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("0876-3123456", ""),
        ("+852 6123 4567", ""),
    ],
)
def test_an_sms_goes_to_the_eleven_digits_of_a_mobile_number_and_a_mail_to_its_address(
    street, phone, address
):
    town = street("2024-05-06", "mail", "sms", "webhook")
    number = town.file(email=None).number
    sms = town.outbox.claim("sms")  # to the applicant
    assert (sms.kind, sms.address) == ("applicant", "13800000000")
    town.contact("lifang", phone=phone, email="13900000000@office.example")
    town.remind(number)
    assert {channel: town.outbox.claim(channel).address for channel in ("mail", "sms")} == {
        "mail": "13900000000@office.example",
        "sms": address,
    }
    assert town.outbox.claim("webhook").address == ""


def test_a_worker_sends_through_every_channel_but_the_inbox(town):
    assert [kind.name for kind in channels_of_worker(town.office)] == ["mail", "webhook"]


# -- what became of it ---------------------------------------------------------------------------------


def attempts(town):
    """Result and detail of every attempt, the first first."""
    with town.office.store.read() as unit:
        rows = unit.session.scalars(select(AttemptRow).order_by(AttemptRow.id))
        return [(row.result, row.detail) for row in rows]


@pytest.mark.parametrize("handed", [True, False])
@pytest.mark.parametrize(("how", "state"), [("later", "waiting"), ("never", "failed")])
def test_every_attempt_is_kept_once_whether_it_was_handed_over_or_not(town, handed, how, state):
    message = one_mail(town)
    if handed:
        town.outbox.handing(message)
        assert [result for result, _ in attempts(town)] == [None]
    getattr(town.outbox, how)(message, "没有回答")
    (row,) = town.messages(kind="reminder", channel="mail")
    assert (row.state, row.attempts, row.problem) == (state, 1, "没有回答")
    assert (row.done_at is None) == (how == "later")
    assert attempts(town) == [(how, "没有回答")]


def test_what_was_sent_is_kept_with_what_the_receiver_said(town):
    message = one_mail(town)
    town.outbox.handing(message)
    town.outbox.sent(message, "250 queued")
    assert attempts(town) == [("sent", "250 queued")]
    (row,) = town.messages(kind="reminder", channel="mail")
    assert (row.state, row.done_at, row.claim) == ("sent", town.now, None)


def test_what_perhaps_arrived_is_unclear_and_its_channel_has_failed(town):
    for time in range(3):
        town.remind(town.number, moment=f"m{time}")
        message = town.outbox.claim("mail")
        town.outbox.handing(message)
        assert town.messages(moment="channel_failing") == []
        town.outbox.unclear(message, "没有等到回答")
    assert attempts(town) == [("unclear", "没有等到回答")] * 3
    rows = town.messages(kind="reminder", channel="mail")
    assert {(row.state, row.problem, row.claim, row.done_at) for row in rows} == {
        ("unclear", "没有等到回答", None, town.now)
    }
    assert len(town.messages(moment="not_delivered")) == 3
    assert town.messages(moment="channel_failing")


def test_what_perhaps_arrived_where_doubles_are_dropped_is_tried_again(town):
    town.remind(town.number)
    message = town.outbox.claim("webhook")
    town.outbox.handing(message)
    town.outbox.unclear(message, "没有等到回答")
    assert attempts(town) == [("later", "没有等到回答")]
    (row,) = town.messages(kind="reminder", channel="webhook")
    assert (row.state, row.not_before, row.done_at) == (
        "waiting",
        town.now + timedelta(minutes=1),
        None,
    )
    assert town.messages(moment="not_delivered") == []


def test_a_wrong_address_is_no_failure_of_the_channel(town):
    for time in range(3):
        town.remind(town.number, moment=f"m{time}")
        message = town.outbox.claim("mail")
        town.outbox.handing(message)
        town.outbox.never(message, "收件人地址被拒绝")
    assert town.messages(moment="channel_failing") == []


def test_who_leads_is_known_until_the_lease_ends(town):
    assert town.outbox.leader() == ""
    town.outbox.lead("a")
    town.now += LEASE
    assert town.outbox.leader() == "a"
    town.later(seconds=1)
    assert town.outbox.leader() == ""
    town.outbox.lead("b")
    town.outbox.resign("a")
    assert town.outbox.leader() == "b"
    town.outbox.resign("b")
    assert town.outbox.leader() == ""


def test_a_digest_has_the_gravest_level_and_says_why_it_is_one(town):
    town.contact("lifang", digest_hour=16)
    town.remind(town.number, channels=("mail",), level="info")
    town.remind(town.number, channels=("mail",), moment="draft_10", level="yellow")
    town.at("2024-05-06T16:00")
    town.outbox.gather()
    (digest,) = town.messages(kind="digest")
    assert (digest.level, digest.why) == ("yellow", "按您的选择，一天的 2 条提醒合为一条")


def test_a_digest_after_a_stop_says_that_it_was_held_up(town):
    a_week_of_reminders(town)
    town.outbox.gather()
    assert {row.why for row in town.messages(kind="digest")} == {"停止期间积下的 25 条提醒合为一条"}


@pytest.mark.parametrize(("count", "digests"), [(3, 0), (4, 1)])
def test_more_than_three_that_were_held_up_are_a_flood(town, count, digests):
    for time in range(count):
        town.remind(town.number, moment=f"m{time}", channels=("mail",), due=date(2024, 5, 20))
    town.at("2024-05-08T12:00")
    assert town.outbox.gather() == digests
