"""What stands on the desks of the demonstration store besides its cases: parcels, and what everybody was told."""

from datetime import date, datetime, time, timedelta

from workflow.dates import SHANGHAI
from workflow.reminders.moments import before_long_rest
from workflow.rules.calendar import Calendar
from workflow.service.messages.due_today import find_reminders
from workflow.service.messages.outbox import Outbox
from workflow.service.office import Office
from workflow.service.parcels import Parcels

PARCELS = (
    (0, "ems", "1099001234567", "门卫", "某村民", ""),
    (3, "registered", "XA20264455", "收发室", "", ""),
    (23, "courier", "SF1390012345", "财政所", "", ""),
    (5, "ordinary", "", "", "", "下级的请示，已交办公室"),
    (8, "ems", "1099007654321", "门卫", "", "信访件，已转信访办"),
)
"""Working days ago, way, number on the label, who signed, sender, why it holds no application."""


def some_parcels(office: Office, clerk: str, code: str, calendar: Calendar) -> None:
    """What came to the body by post, some of it signed for and not registered."""
    keeper, last = office.staff(clerk), shown_day(office.now(), calendar)
    assert keeper is not None
    parcels = Parcels(office)
    for back, way, tracking, signed_by, sender, words in PARCELS[::-1]:
        came = {
            "way": way, "tracking": tracking, "arrived_on": f"{calendar.add(last, -back)}", "signed_by": signed_by,
            "sender": sender, "addressed_to": "政府信息公开申请" if not words else "",
        }  # fmt: skip
        made = parcels.add(keeper, code, came)
        if words:
            parcels.unrelated(keeper, made.id, words)


def tell_of_last_morning(office: Office, calendar: Calendar) -> None:
    """Everybody has been told what was due on the last working day, also where today is none, and before a long rest:
    as the worker would have told them then."""
    now, on = office.now(), shown_day(office.now(), calendar)
    for day in sorted({before_long_rest(on, calendar), on}):
        then = now if day == now.date() else datetime.combine(day, AFTERNOON, SHANGHAI)
        at_work = _office_at(office, then)
        Outbox(at_work).round_made(find_reminders(at_work, day), then)


def _office_at(office: Office, moment: datetime) -> Office:
    """The office as it was at the moment."""
    return Office(
        office.store, office.keys, law=office.law, now=lambda: moment, channels=office.channels
    )


def shown_day(now: datetime, calendar: Calendar) -> date:
    """The last working day whose morning is over: to it the cases are made, so that its reminders are there."""
    on = calendar.on_or_before(now.date())
    if on == now.date() and now.time() < MORNING:
        return calendar.on_or_before(on - timedelta(1))
    return on


MORNING, AFTERNOON = time(9, 30), time(17)
"""When the morning's reminders are out, and the last ones of a day."""
