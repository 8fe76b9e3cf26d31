"""What applicants are reminded of who have an account: through the ladder, the outbox and what they chose."""

import pytest

from config.reminders import load_ladder
from tests.workflow.service.messages.street import EMAIL
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.entry import Entry, Holder
from workflow.service.applicants.requests import OwnRequests
from workflow.service.messages.due_today import find_reminders


def holder_of(town, number, code, address="own@applicant.example"):
    """Somebody with an account that sees the case and is reminded by mail."""
    entry, own = Entry(town.office), OwnRequests(town.office)
    account = entry.open(Address("email", address))
    found = entry.in_session(entry.begin(account, "code", ""))
    assert isinstance(found, Holder)
    own.link(found, number, code, "10.0.0.1")
    own.remind(found, ["mail"])
    return found


@pytest.fixture
def corrected(street):
    """A request that waits for its correction until 17 May, and the holder of an account that sees it."""
    town = street("2024-05-06", "mail", "sms")
    filed = town.file()
    holder = holder_of(town, filed.number, filed.query_code)
    town.act("lifang", filed.number, "require_correction", "2024-05-07", reached_on="2024-05-07",
             deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    return town, filed, holder


def round_on(town, text):
    """The round of a morning, and what it put there for accounts."""
    town.at(f"{text}T09:30")
    known = {row.id for row in town.messages()}
    town.outbox.round_made(find_reminders(town.office, town.now.date()), town.now)
    own = load_ladder().own
    return [row for row in town.messages() if row.id not in known and row.moment in own]


def sent(town, channel="mail"):
    town.outbox.gather()
    found = []
    while (message := town.outbox.claim(channel)) is not None:
        town.outbox.handing(message)
        town.outbox.sent(message)
        found.append(message)
    return found


def test_what_waits_is_said_three_days_before_and_on_the_last_day(corrected):
    town, filed, _ = corrected
    said = {day: round_on(town, f"2024-05-{day}") for day in (13, 14, 15, 16, 17)}
    assert {day: [row.moment for row in rows] for day, rows in said.items() if rows} == {
        14: ["own_correction_3"], 17: ["own_correction_0"],
    }  # fmt: skip
    assert "等您补正，期限是 2024 年 5 月 17 日，还有 3 个工作日" in said[14][0].text
    assert {row.channel for rows in said.values() for row in rows} == {"mail"}
    assert filed.number in said[17][0].text


def test_it_goes_to_the_address_of_the_account_and_not_to_that_of_the_request(corrected):
    town, *_ = corrected
    sent(town)
    round_on(town, "2024-05-14")
    (message,) = [one for one in sent(town) if "等您补正" in one.text]
    assert message.address == "own@applicant.example" != EMAIL
    assert message.of_account and not message.refusal


def test_a_round_that_is_made_again_says_it_once(corrected):
    town, *_ = corrected
    assert len(round_on(town, "2024-05-14")) == 1 and round_on(town, "2024-05-14") == []


def test_what_was_done_meanwhile_is_not_said(corrected):
    town, filed, _ = corrected
    (row,) = round_on(town, "2024-05-14")
    town.act("lifang", filed.number, "correct", "2024-05-14")
    assert town.states(id=row.id) == ["withdrawn"]


def test_who_chose_nothing_or_none_hears_nothing(corrected):
    town, _, holder = corrected
    OwnRequests(town.office).remind(holder, [])
    assert round_on(town, "2024-05-14") == [] and round_on(town, "2024-05-17") == []


def test_what_waits_to_be_said_is_taken_back_when_the_holder_wants_none(corrected):
    town, _, holder = corrected
    (row,) = round_on(town, "2024-05-14")
    OwnRequests(town.office).remind(holder, [])
    assert town.states(id=row.id) == ["withdrawn"]


def test_once_the_code_was_renewed_nothing_is_said(corrected):
    town, filed, _ = corrected
    with town.office.store.write() as unit:
        hashed = town.office.keys.query_hash(filed.number, filed.query_code)
        unit.by_query_hash([hashed]).query_hash = "another"
    assert round_on(town, "2024-05-14") == []


def test_several_of_a_day_are_one_message_to_the_account(street):
    town = street("2024-05-06", "mail")
    first, second = town.file(), town.file()
    holder = holder_of(town, first.number, first.query_code)
    OwnRequests(town.office).link(holder, second.number, second.query_code, "10.0.0.1")
    for one in (first, second):
        town.act("lifang", one.number, "require_correction", "2024-05-07", reached_on="2024-05-07",
                 deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    sent(town)
    assert len(round_on(town, "2024-05-14")) == 2
    town.later(hours=1)
    (digest,) = [one for one in sent(town) if one.address == "own@applicant.example"]
    assert digest.kind == "digest" and first.number in digest.text and second.number in digest.text


def test_a_reply_that_did_not_come_is_told_the_day_after_the_last_day_of_the_law(street):
    town = street("2024-05-06", "mail")
    filed = town.file()
    holder_of(town, filed.number, filed.query_code)
    due = filed.reply_due
    assert due is not None and due.isoformat() == "2024-05-31"
    assert round_on(town, "2024-05-31") == []
    (row,) = round_on(town, "2024-06-03")
    assert row.moment == "own_reply_over" and "2024 年 5 月 31 日已过" in row.text
    assert round_on(town, "2024-06-04") == []


def test_staff_are_not_told_what_applicants_are_and_no_failure_of_it(corrected):
    town, *_ = corrected
    round_on(town, "2024-05-14")
    assert town.messages(moment="own_correction_3", channel="in_app") == []
    town.outbox.gather()
    while (message := town.outbox.claim("mail")) is not None:
        town.outbox.handing(message)
        town.outbox.never(message, "收件人地址被拒绝")
    about = [row.text for row in town.messages(moment="not_delivered")]
    assert not any("本机关的群" in text for text in about)
