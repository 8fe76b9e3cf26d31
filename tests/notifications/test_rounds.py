"""Rounds: what the ladder says is due goes into the outbox, once, and after a stop as one digest."""

from collections import Counter

from notifications.rounds import Rounds


def test_reminder_of_five_days_left_goes_out_at_nine_to_its_people(street):
    town = street("2024-05-06", "mail")
    number = town.file(email=None).number
    due = town.reading.case(town.staff("lifang"), number).next_due
    assert due.isoformat() == "2024-05-31"
    town.at("2024-05-24T08:31")
    rounds = Rounds(town.office)
    assert rounds.run() > 0
    rows = town.messages(moment="reply_5")
    assert {(town.names()[row.user_id], row.channel) for row in rows} == {
        ("lifang", "in_app"), ("lifang", "mail"), ("chen", "in_app"), ("chen", "mail"),
    }  # fmt: skip
    assert {row.not_before.isoformat() for row in rows} == {"2024-05-24T09:00:00+08:00"}
    assert rows[0].text == f"申请 {number} 的答复期限是 2024 年 5 月 31 日，还有 5 个工作日"


def test_rounds_are_made_every_half_hour_of_a_working_day_and_say_nothing_twice(street):
    town = street("2024-05-06")
    town.file(email=None)
    rounds = Rounds(town.office)
    town.at("2024-05-24T08:29")
    assert rounds.run() == 0
    town.later(minutes=2)
    first = rounds.run()
    assert first > 0
    for minutes in (10, 21, 30, 300):
        town.later(minutes=minutes)
        assert rounds.run() == 0
    assert len(town.messages(kind="reminder")) == first
    town.at("2024-05-25T10:00")  # a Saturday
    assert rounds.run() == 0


def test_after_a_week_stopped_each_person_gets_one_digest(street):
    town = street("2024-05-06", "mail")
    for _ in range(6):
        town.file(email=None)
    town.at("2024-05-22T09:00")
    rounds = Rounds(town.office)
    rounds.run()
    town.outbox.gather()
    before = len(town.messages())
    town.at("2024-05-30T09:05")
    rounds.run()
    town.outbox.gather()
    new = town.messages()[before:]
    shown = [row for row in new if row.state != "gathered"]
    counts = Counter((town.names()[row.user_id], row.channel) for row in shown)
    assert counts and set(counts.values()) == {1}
    assert {row.kind for row in shown} == {"digest"}
    assert sum(row.state == "gathered" for row in new) > 20
    (mail,) = [
        row for row in shown if (row.user_id, row.channel) == (town.user_id("lifang"), "mail")
    ]
    assert mail.text.count("期限是 2024 年 5 月 31 日，还有 1 个工作日") == 6


def test_round_that_dies_is_made_again_whole(street, monkeypatch):
    town = street("2024-05-06")
    town.file(email=None)
    town.at("2024-05-24T09:00")
    rounds = Rounds(town.office)
    with monkeypatch.context() as broken:
        broken.setattr("workflow.store.unit.Unit.set_stamp", lambda *_: 1 / 0)
        try:
            rounds.run()
        except ZeroDivisionError:
            pass
        else:
            raise AssertionError
    assert town.messages(kind="reminder") == []
    assert rounds.run() > 0
