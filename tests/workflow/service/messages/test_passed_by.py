"""No reminder is lost when a loaded notice moves a last day past its hour (law.md §3.1(5), §11A).

Applications of 2024-05-06 are due on 31 May, a Friday; five working days are left on the 24th.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

import pytest

from config.reminders import load_ladder
from notifications.rounds import Rounds
from tests.workflow.service.messages.street import Street
from workflow.rules.calendar import national
from workflow.service.rules.national import NationalDays

TWO_MORE = ["2024-05-12", "2024-05-18"]
"""Days of weekends that become working days: 31 May becomes 29 May, five days are left on the 22nd."""


@pytest.fixture
def town(street: Callable[..., Street]) -> Street:
    town = street("2024-05-06", "mail")
    town.number = town.file(email=None).number
    town.act("lifang", town.number, "assign", "2024-05-07")
    return town


def round_at(town: Street, moment: str) -> int:
    town.at(moment)
    return Rounds(town.office).run()


def load(town: Street, rest: Sequence[str] = (), work: Sequence[str] = ()) -> int:
    notice = {"year": 2024, "notice": "变动", "holidays": [*rest], "workdays": [*work]}
    return NationalDays(town.office).load(None, notice).moved


def said(town: Street, moment: str) -> set[tuple[date, date | None]]:
    """On which days a moment was put into the outbox, and of which last day."""
    return {(m.day, m.due) for m in town.messages(moment=moment) if m.state != "withdrawn"}


def test_a_rung_that_the_new_day_passed_by_is_said_at_once(town):
    round_at(town, "2024-05-23T09:05")
    town.at("2024-05-23T10:00")
    assert load(town, work=TWO_MORE) == 1
    assert said(town, "reply_5") == {(date(2024, 5, 23), date(2024, 5, 29))}
    (mail,) = town.messages(
        moment="reply_5", channel="mail", user_id=town.user_id("lifang"), state="waiting"
    )
    assert mail.text == f"申请 {town.number} 的答复期限是 2024 年 5 月 29 日，还有 4 个工作日"
    before = len(town.messages())
    assert load(town, work=TWO_MORE) == 0 and len(town.messages()) == before


def test_what_was_said_already_of_the_old_day_is_not_said_twice(town):
    for day in ("2024-05-23", "2024-05-24"):
        round_at(town, f"{day}T09:05")
    town.at("2024-05-24T10:00")
    town.outbox.gather()
    mails = len(town.messages(moment="reply_5", channel="in_app"))
    assert mails
    load(town, work=TWO_MORE)
    assert len(town.messages(moment="reply_5", channel="in_app")) == mails


def test_on_a_rest_day_it_is_said_on_the_next_working_day(town):
    round_at(town, "2024-05-23T09:05")
    town.at("2024-05-25T10:00")
    load(town, rest=["2024-05-24"], work=TWO_MORE)
    assert said(town, "reply_5") == {(date(2024, 5, 27), date(2024, 5, 30))}


def test_in_the_evening_what_fell_on_this_day_is_said_the_next_morning(town):
    round_at(town, "2024-05-23T17:40")
    town.at("2024-05-23T19:00")
    load(town, work=TWO_MORE[:1])
    assert said(town, "reply_5") == {(date(2024, 5, 24), date(2024, 5, 30))}


def test_where_another_rung_speaks_of_it_on_the_same_day_that_one_is_enough(town):
    round_at(town, "2024-05-23T09:05")
    town.at("2024-05-24T08:00")
    load(town, work=[*TWO_MORE, "2024-05-19"])
    assert said(town, "reply_5") == set()
    round_at(town, "2024-05-24T09:05")
    assert said(town, "reply_2") == {(date(2024, 5, 24), date(2024, 5, 28))}


def test_a_store_whose_rounds_nobody_makes_is_not_filled(town):
    town.at("2024-05-23T10:00")
    load(town, work=TWO_MORE)
    assert town.messages(kind="reminder") == []


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_loaded_and_when_somebody_hears_of_the_day_in_force(street, seed):
    """Any days turned round by a notice at any hour: by the last day the reply's own rungs have told of
    the day in force, and the day after it is overdue, so that nothing is silent."""
    random = Random(seed)
    days = [date(2024, 5, 8) + timedelta(n) for n in range(30)]
    turned = sorted(random.sample(days, random.randrange(1, 9)))
    loaded = random.choice(days[6:20])
    town = street("2024-05-06", "mail")
    number = town.file(email=None).number
    town.act("lifang", number, "assign", "2024-05-07")
    day = date(2024, 5, 8)
    while day <= max(loaded, town.due(number)):
        round_at(town, f"{day}T09:05")
        if day == loaded:
            town.at(f"{day}T{random.randrange(10, 20)}:30")
            load(
                town,
                [str(one) for one in turned if national().is_workday(one)],
                [str(one) for one in turned if not national().is_workday(one)],
            )
        day += timedelta(1)
    due = town.due(number)
    of_reply = {moment.name for moment in load_ladder().by_kind["reply"]}
    told = [m for m in town.messages(kind="reminder") if m.moment in of_reply]
    if due > loaded:
        assert any(m.due == due and m.state != "withdrawn" for m in told)
    round_at(town, "2024-07-05T09:05")
    assert {m.due for m in town.messages(moment="reply_red")} == {due}
