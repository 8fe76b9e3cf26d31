"""How far a supervising body has to look: no day that is soon due lies beyond, and not much is read for nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.workflow.service.supervision.county import County
from workflow.rules.supervision import soon_workdays
from workflow.service.rules.calendars import Calendars
from workflow.store.models import CalendarDayRow

MOST = 45


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def _looked(county: County, today: date, most: int = MOST) -> tuple[date, date]:
    """How far is looked, and the last day that is soon due in one of the bodies."""
    with county.office.store.read() as unit:
        ids = {body.id for body in county.office.tree(unit).by_code.values()}
        calendars = Calendars(county.office, unit, ids)
        each = [calendars.of(id_, today) for id_ in ids]
        days = [today + timedelta(n) for n in range(MOST)]
        soon = [day for day in days if any(c.left(today, day) <= soon_workdays() for c in each)]
        return calendars.reach(today, soon_workdays(), most), max(soon)


def _add(county: County, *days: str, works: bool = False) -> None:
    with county.office.store.write() as unit:
        body = county.office.found_agency(unit, "panlong")
        for day in days:
            unit.session.add(
                CalendarDayRow(
                    agency_id=body.id, day=date.fromisoformat(day), works=works, source="通知"
                )
            )
        unit.rules_changed()


@pytest.mark.parametrize(
    "today", ["2024-06-12", "2024-02-05", "2024-09-27", "2024-04-26", "2024-06-15"]
)
def test_the_last_day_that_is_soon_due_is_looked_at_and_none_beyond(
    county: County, today: str
) -> None:
    reach, last = _looked(county, date.fromisoformat(today))
    assert reach == last


@pytest.mark.tampering(reason="days off without their notice: only how far is looked counts")
def test_days_off_of_one_body_alone_reach_further(county: County) -> None:
    today = date(2024, 6, 12)
    before, _ = _looked(county, today)
    _add(county, "2024-06-13", "2024-06-18")
    reach, last = _looked(county, today)
    assert reach == last and last > before
    _add(county, "2024-06-15", works=True)
    reach, last = _looked(county, today)
    assert reach >= last


def test_it_ends_where_it_must(county: County) -> None:
    today = date(2024, 6, 12)
    reach, last = _looked(county, today, 3)
    assert reach == today + timedelta(3) < last
