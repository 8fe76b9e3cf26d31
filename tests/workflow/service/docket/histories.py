"""Histories of cases as another platform hands them over, and the body that takes them."""

from datetime import date, datetime
from typing import Any

from workflow.docket.file import highest_item
from workflow.docket.timeline import local_days
from workflow.docket.whole import Whole, read_whole
from workflow.people import Staff
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.docket.handed_over import HandedOver, TakenOver

PLATFORM = "某省依申请公开平台"
APPLICATION: dict[str, Any] = {
    "applicant": {
        "kind": "citizen", "name": "张三", "id_type": "resident_id",
        "id_number": "11010519491231002X", "phone": "13800000000",
    },
    "request": "2023年度农村公路养护合同",
    "items": ["合同正文", "竣工验收单"],
    "delivery": ["pickup"],
    "medium": ["paper"],
}  # fmt: skip
ANSWERED: list[dict[str, Any]] = [
    {
        "event": "receive", "on": "2024-03-04", "channel": "in_person",
        "recorded_at": "2024-03-04T10:11:00+08:00", "recorded_by": "王五",
    },
    {"event": "assign", "on": "2024-03-05", "to": "农业中心"},
    {
        "event": "propose_outcome", "on": "2024-03-13", "by": "李芳",
        "items": [{"item": 1, "outcome": "supplied"}, {"item": 2, "outcome": "not_existing"}],
    },
    {"event": "serve", "on": "2024-03-20", "method": "direct", "signed_on": "2024-03-20"},
]  # fmt: skip
"""A case that was answered in time."""
OPEN = ANSWERED[:2]
"""One that nobody has answered yet."""


def history(
    number: str = "YN-000123", events: list[dict[str, Any]] | None = None, **changed: Any
) -> dict[str, Any]:
    """What a platform sends."""
    return {
        "source": {"platform": PLATFORM, "number": number},
        "application": APPLICATION,
        "events": ANSWERED if events is None else events,
        **changed,
    }


def read(office: Office, sent: dict[str, Any], code: str = "panlong") -> Whole:
    return read_whole(sent, code, today=office.today(), now=office.now())


def handed_over(
    office: Office, sent: dict[str, Any], staff: Staff, code: str = "panlong"
) -> TakenOver:
    return HandedOver(office).take(staff, code, read(office, sent, code))


def body_by(office: Office, code: str, about: dict[str, Any], settings: dict[str, Any]) -> Staff:
    """A new body that works by the settings and the calendar of a worked example; its clerk."""
    now: datetime = office.now()
    with office.store.write_rules() as unit:
        row = office.add_agency(unit, code=code, name=f"{code}乡人民政府", level="township")
        for name, value in settings.items():
            unit.set_setting(row, name, value, date(2000, 1, 1), "试", recorded_at=now)
        own = local_days(about.get("local_calendar"))
        for days, works in ((own.holidays, False), (own.workdays, True)) if own else ():
            for day in sorted(days):
                unit.add_day(row, day, works, own.name if own else "", recorded_at=now)
        Accounts(office).add_user(unit, name=f"{code}-clerk", agency=row, roles=("clerk",))
    staff = office.staff(f"{code}-clerk")
    assert staff is not None
    return staff


def whole_history(example: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a timeline as a history that a machine can go through: a timeline may have a reply that nobody
    drafted."""
    events: list[dict[str, Any]] = []
    for event in example["events"]:
        drafted = any(one["event"] == "propose_outcome" for one in events)
        if event["event"] == "serve" and not drafted:
            draft = {"event": "propose_outcome", "on": event["on"], "outcome": "supplied"}
            events.append({**draft, "on": min(event["on"], event.get("posted_on") or event["on"])})
        events.append(event)
    return events


def items_for(events: list[dict[str, Any]]) -> list[str]:
    return [f"第 {n} 项" for n in range(1, max(1, highest_item({"events": events})) + 1)]
