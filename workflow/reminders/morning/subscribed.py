"""The due days of a person as an iCalendar file (RFC 5545) to subscribe to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from workflow.reminders.morning.lines import SheetLine


def calendar_file(lines: Sequence[SheetLine], now: datetime) -> bytes:
    """A whole day for each due day: the number of the case and its state, nothing else."""
    from icalendar import Calendar, Event  # loaded only where somebody subscribes

    calendar = Calendar()
    calendar.add("prodid", "-//gongkai//due days//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "依申请公开期限")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for line in lines:
        event = Event()
        event.add("uid", f"{line.number}-{line.due}-{line.agency}@gongkai")
        event.add("dtstamp", now)
        event.add("dtstart", line.due)
        event.add("dtend", line.due + timedelta(1))
        event.add("summary", f"申请 {line.number}（{line.state}）到期")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
