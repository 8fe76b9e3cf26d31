"""The worklist as a calendar: what is due on which day of a month."""

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.desk.filters import VIEWS
from webui.desk.worklist import line_of
from webui.here import gongkai
from webui.security import current_staff
from workflow.dates import FIRST_DAY, LAST_DAY
from workflow.service.cases.desk_list import MINE, OFFICE

EARLIEST = FIRST_DAY.replace(month=2)
"""The first month whose working days are all known."""
A_DAY = 4
"""So many cases of a day are named; the others are behind its number."""


@desk.get("/worklist/calendar")
def list_calendar() -> ResponseReturnValue:
    """A month, the running one unless the address names another."""
    staff, today = current_staff(), gongkai().office.today()
    view = OFFICE if request.args.get("view") == OFFICE else MINE
    first = _month(request.args.get("month", ""), today)
    month = gongkai().desk_list.month(staff, view, first, A_DAY)
    before = (first - timedelta(1)).replace(day=1)
    after = (first + timedelta(31)).replace(day=1)
    return render_template(
        "desk/list_calendar.html",
        view=view,
        views={name: VIEWS[name] for name in (MINE, OFFICE)},
        first=first,
        weeks=_weeks(first, after),
        month=month,
        lines={day: [line_of(item, staff) for item in items] for day, items in month.items.items()},
        total=sum(month.counts.values()),
        before=before if before >= EARLIEST else None,
        after=after if after <= LAST_DAY else None,
    )


def _month(said: str, today: date) -> date:
    """The first day of the month that is asked for as 2026-11; of the running one where it is none."""
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        first = today
    first = first.replace(day=1)
    return first if EARLIEST <= first <= LAST_DAY else today.replace(day=1)


def _weeks(first: date, after: date) -> list[list[date | None]]:
    """The weeks of the month, from Monday on; None for days of the months beside."""
    days: list[date | None] = [None] * first.weekday()
    days += [first + timedelta(n) for n in range((after - first).days)]
    days += [None] * (-len(days) % 7)
    return [days[n : n + 7] for n in range(0, len(days), 7)]
