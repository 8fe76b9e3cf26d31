"""The calendar of due days in the hands of others: entries that stay the same while their day moves, and end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from tests.workflow.service.messages.street import Street
from workflow.reminders.morning import SheetLine, calendar_file
from workflow.service.accounts import Accounts
from workflow.service.messages.due_days import DueDays
from workflow.service.rules.calendar import BodyDays
from workflow.service.staff import StaffRoom

NOW = datetime(2024, 5, 6, 2, tzinfo=UTC)
LINE = SheetLine(
    "2024-0001", "盘龙彝族乡人民政府", "办理中", date(2024, 5, 31), 18, "", "panlong", 3
)


def by_icalendar(content: bytes) -> list[dict[str, Any]]:
    return [
        {
            "uid": str(one["UID"]), "sequence": int(one["SEQUENCE"]), "status": str(one["STATUS"]),
            "first": one["DTSTART"].dt, "beyond": one["DTEND"].dt, "summary": str(one["SUMMARY"]),
            "said": str(one["DESCRIPTION"]),
        }
        for one in Calendar.from_ical(content).walk("VEVENT")
    ]  # fmt: skip


def by_vobject(content: bytes) -> list[dict[str, Any]]:
    calendar = vobject.readOne(content.decode(), validate=True)
    return [
        {
            "uid": one.uid.value, "sequence": int(one.sequence.value), "status": one.status.value,
            "first": one.dtstart.value, "beyond": one.dtend.value, "summary": one.summary.value,
            "said": one.description.value,
        }
        for one in calendar.contents.get("vevent", ())
    ]  # fmt: skip


READERS = pytest.mark.parametrize("reader", [by_icalendar, by_vobject])


@READERS
def test_every_reader_finds_body_number_day_and_state(reader):
    over = replace(
        LINE, code="jiangna", agency="江那镇, 人民政府；x", ended=True, revision=7, state="已答复"
    )
    first, second = reader(calendar_file([LINE, over], NOW))
    assert first == {
        "uid": "panlong-2024-0001@gongkai", "sequence": 3, "status": "CONFIRMED",
        "first": date(2024, 5, 31), "beyond": date(2024, 6, 1),
        "summary": "盘龙彝族乡人民政府 申请 2024-0001（办理中）到期", "said": "盘龙彝族乡人民政府",
    }  # fmt: skip
    assert second["uid"] == "jiangna-2024-0001@gongkai"
    assert (second["sequence"], second["status"]) == (7, "CANCELLED")
    assert second["summary"] == f"{over.agency} 申请 2024-0001（已答复）不再到期"
    (alone,) = reader(calendar_file([LINE], NOW))
    assert alone["summary"] == "申请 2024-0001（办理中）到期"
    assert second["said"] == over.agency


@READERS
def test_a_calendar_without_a_day_is_one(reader):
    assert reader(calendar_file([], NOW)) == []


def test_lines_are_cut_between_letters_and_none_is_too_long():
    content = calendar_file([replace(LINE, agency="盘龙彝族乡人民政府" * 20)], NOW)
    assert all(len(line) <= 75 and line.decode() for line in content.split(b"\r\n") if line)


# -- of cases -------------------------------------------------------------------------------------------


@pytest.fixture
def town(street: Callable[..., Street]) -> Street:
    """A person who handles the cases of two bodies, each of which has a case of the same number."""
    town = street("2024-05-06")
    town.number, town.code = (filed := town.file(email=None)).number, filed.query_code
    assert town.file("jiangna", email=None).number == town.number
    assert StaffRoom(town.office, Accounts(town.office)).grant(None, "lifang", "jiangna", "clerk")
    town.token = DueDays(town.office).new_feed(town.staff("lifang"))
    return town


def entries(town: Street) -> dict[str, dict[str, Any]]:
    """What the calendar of the person says now, by UID."""
    found = by_vobject(calendar_file(DueDays(town.office).feed(town.token), town.now))
    assert len({one["uid"] for one in found}) == len(found)
    return {one["uid"].partition("-")[0]: one for one in found}


def test_cases_of_one_number_in_two_bodies_are_two_entries(town):
    found = entries(town)
    assert found.keys() == {"panlong", "jiangna"}
    assert {one["said"] for one in found.values()} == {"盘龙彝族乡人民政府", "江那镇人民政府"}


def test_entry_stays_the_same_when_an_event_moves_its_day(town):
    before = entries(town)
    town.act("chen", town.number, "extend", "2024-05-24", days=10, reached_on="2024-05-24")
    after = entries(town)
    assert after["jiangna"] == before["jiangna"]
    moved, was = after["panlong"], before["panlong"]
    assert moved["uid"] == was["uid"] and moved["first"] > was["first"]
    assert moved["sequence"] > was["sequence"] and moved["status"] == "CONFIRMED"


def test_entry_stays_the_same_when_a_calendar_moves_its_day_there_and_back(town):
    seen = [entries(town)["panlong"]]
    days, chen = BodyDays(town.office), town.staff("chen")
    days.enter(chen, "panlong", "rest", "2024-05-29", "", "州庆通知")
    seen.append(entries(town)["panlong"])
    days.enter(chen, "panlong", "remove", "2024-05-29", "", "通知撤销")
    seen.append(entries(town)["panlong"])
    assert [one["first"] for one in seen] == [
        date(2024, 5, 31),
        date(2024, 6, 3),
        date(2024, 5, 31),
    ]
    assert seen[0]["sequence"] < seen[1]["sequence"] < seen[2]["sequence"]
    assert len({one["uid"] for one in seen}) == 1


def test_what_ended_before_its_day_is_taken_back_until_the_day_is_over(town):
    before = entries(town)["panlong"]
    town.is_("2024-05-24")
    town.moving.apply_as_applicant(town.number, town.code, "withdraw", {"on": "2024-05-24"})
    gone = entries(town)["panlong"]
    assert (gone["uid"], gone["first"]) == (before["uid"], before["first"])
    assert gone["status"] == "CANCELLED" and gone["sequence"] > before["sequence"]
    town.is_("2024-05-31")
    assert entries(town)["panlong"]["status"] == "CANCELLED"
    town.is_("2024-06-01")
    assert entries(town).keys() == {"jiangna"}
    assert [line.agency for line in DueDays(town.office).morning(town.staff("lifang"))] == [
        "江那镇人民政府"
    ]
