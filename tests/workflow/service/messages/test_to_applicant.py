"""What applicants are told, and that it is kept with its event or not at all."""

import pytest

from workflow.refusal import Refused


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

    monkeypatch.setattr(
        "workflow.service.messages.to_applicant.message_queries.add_message", broken
    )
    with pytest.raises(OSError, match="no room"):
        town.act("lifang", number, "require_correction", "2024-05-07", reached_on="2024-05-07",
                 deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    monkeypatch.undo()
    assert town.reading.case(town.staff("lifang"), number).state == "processing"
    assert len(town.messages()) == before


def test_what_is_typed_in_long_afterwards_is_not_told_to_the_applicant(street):
    town = street("2024-05-06", "mail")
    number = town.file().number
    town.is_("2024-05-25")
    town.moving.apply(
        town.staff("lifang"),
        number,
        "require_correction",
        {
            "on": "2024-05-07",
            "reached_on": "2024-05-07",
            "deadline_on": "2024-05-17",
            "defects": ["写明年度"],
        },
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
