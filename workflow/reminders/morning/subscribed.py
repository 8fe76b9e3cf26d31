"""The due days of a person as an iCalendar file (RFC 5545) to subscribe to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from workflow.reminders.morning.lines import SheetLine

EVERY = timedelta(hours=6)
"""How often a calendar may ask again."""


def calendar_file(lines: Sequence[SheetLine], now: datetime) -> bytes:
    """A whole day for each due day: the number of the case, its state and its body, which is also in the title where
    there are several; nothing else.

    A case keeps its entry (UID: body and number) when its day moves: the higher SEQUENCE tells a calendar that took the
    entry over to move it. What ended before its day is CANCELLED as long as the day is to come.
    """
    from icalendar import Calendar, Event  # loaded only where somebody subscribes

    calendar = Calendar()
    calendar.add("prodid", "-//gongkai//due days//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "依申请公开期限")
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    several = len({line.code for line in lines}) > 1
    for line in lines:
        event = Event()
        event.add("uid", f"{line.code}-{line.number}@gongkai")
        event.add("sequence", line.revision)
        event.add("status", "CANCELLED" if line.ended else "CONFIRMED")
        event.add("dtstamp", now)
        event.add("dtstart", line.due)
        event.add("dtend", line.due + timedelta(1))
        said = "不再到期" if line.ended else "到期"
        whose = f"{line.agency} " if several else ""
        event.add("summary", f"{whose}申请 {line.number}（{line.state}）{said}")
        event.add("description", line.agency)
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
