"""Rounds: what the ladder says is due goes into the outbox, once, and after a stop as one digest."""

from collections import Counter
from datetime import timedelta

import pytest

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


# -- when a round is made, and for which days ----------------------------------------------------------


@pytest.fixture
def asked(street, monkeypatch):
    """A town in which a round asks for days, and the days that were asked for since last looked."""
    town, seen = street("2024-04-01"), []
    monkeypatch.setattr(
        "notifications.rounds.find_reminders", lambda _, day: seen.append(day) or []
    )
    rounds = Rounds(town.office)

    def run(at):
        town.at(at)
        seen.clear()
        rounds.run()
        return [f"{day:%m-%d}" for day in seen]

    return run


def test_the_first_round_of_an_office_asks_for_its_own_day(asked):
    assert asked("2024-05-20T10:00") == ["05-20"]


def test_after_a_stop_the_working_days_in_between_are_asked_for(asked):
    asked("2024-05-17T10:00")  # a Friday
    assert asked("2024-05-20T10:00") == ["05-20"]
    assert asked("2024-05-22T10:00") == ["05-21", "05-22"]


def test_after_a_long_stop_two_weeks_are_caught_up_and_no_more(asked):
    asked("2024-05-07T10:00")
    fortnight = [
        "05-08", "05-09", "05-10", "05-11", "05-13", "05-14", "05-15", "05-16", "05-17", "05-20",
        "05-21",
    ]  # fmt: skip
    assert asked("2024-05-21T10:00") == fortnight  # 11 May is a make-up day
    asked("2024-04-01T10:00")
    assert asked("2024-05-21T10:00") == ["05-07", *fortnight]


def test_a_round_noted_in_the_future_neither_stops_nor_floods_today(asked):
    asked("2024-06-20T10:00")
    assert asked("2024-05-20T10:00") == ["05-20"]
    assert asked("2024-05-20T10:10") == []


def test_what_a_stop_held_up_is_marked_and_what_is_due_today_is_not(street, monkeypatch):
    town = street("2024-05-06")
    number, marked = town.file(email=None).number, []
    monkeypatch.setattr(
        "notifications.rounds.find_reminders", lambda _, day: [town.reminder(number, day=day)]
    )
    rounds = Rounds(town.office)
    monkeypatch.setattr(
        rounds.outbox,
        "round_made",
        lambda reminders, at: marked.append([one.held_up for one in reminders]) or 0,
    )
    monkeypatch.setattr(rounds.outbox, "last_round", lambda: town.now - timedelta(days=1))
    town.at("2024-05-22T10:00")
    rounds.run()
    monkeypatch.setattr(rounds.outbox, "last_round", lambda: town.now - timedelta(days=2))
    rounds.run()
    assert marked == [[False], [True, True]]


@pytest.mark.parametrize(
    ("at", "made"),
    [
        ("2024-05-21T08:29", False),
        ("2024-05-21T08:30", True),
        ("2024-05-21T18:00", True),
        ("2024-05-21T18:01", False),
        ("2024-05-25T10:00", False),  # a Saturday
        ("2024-05-11T10:00", True),  # a Saturday on which everybody works
    ],
)
def test_rounds_are_made_in_office_hours_of_working_days(asked, at, made):
    assert bool(asked(at)) == made


def test_half_an_hour_lies_between_two_rounds_and_the_first_of_a_day_waits_for_none(asked):
    assert asked("2024-05-20T17:50")
    assert not asked("2024-05-20T17:59")
    assert asked("2024-05-21T08:30")
    assert not asked("2024-05-21T08:59")
    assert asked("2024-05-21T09:00")
