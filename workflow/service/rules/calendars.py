"""The calendars of many bodies at once: what `Office.rules` gives for one, by a few queries for all."""

from collections.abc import Collection
from datetime import date, timedelta

from config import calendars
from workflow.rules.calendar import Calendar, LocalDays, calendar_for, national
from workflow.service.office import Office
from workflow.store import supervision as queries
from workflow.store.bodies import Body
from workflow.store.unit import Unit

LOCAL = "use_local_holidays"


class Calendars:
    """The calendars by which the cases of these bodies are counted."""

    def __init__(self, office: Office, unit: Unit, agency_ids: Collection[int]) -> None:
        self._tree, self._loaded = office.tree(unit), office.national_days(unit)
        self._default = bool(office.law.settings[LOCAL].default)
        lines = {id_: self._line(id_) for id_ in agency_ids}
        above = {body.id for line in lines.values() for body in line}
        self._lines = lines
        self._choices = queries.choices_of(unit, agency_ids, LOCAL)
        self._regions = queries.regions_of(unit, agency_ids)
        self._own = queries.own_days_of(unit, above)
        self._local: dict[int, Calendar] = {}

    def of(self, agency_id: int, opened_on: date) -> Calendar:
        """That of a body for a case that was opened on the day."""
        chosen = [
            row.value for row in self._choices.get(agency_id, ()) if row.holds_from <= opened_on
        ]
        if not (chosen[-1] if chosen else self._default):
            return national(self._loaded)
        if agency_id not in self._local:
            self._local[agency_id] = calendar_for(
                self._regions.get(agency_id), self._layers(agency_id), self._loaded
            )
        return self._local[agency_id]

    def reach(self, today: date, workdays: int, most: int) -> date:
        """The last day to which at most so many working days may lie in one of the calendars; `most` calendar
        days from today at most. What rests in one of them is taken to rest in all: it may be too late, never
        too early."""
        nation, resting = national(self._loaded), set[date]()
        for region in {name for name in self._regions.values() if name}:
            resting.update(*(table.holidays for table in calendars.region(region)))
        resting.update(row.day for rows in self._own.values() for row in rows if not row.works)
        left, day = workdays, today
        for _ in range(most):
            if nation.is_workday(day + timedelta(1)) and day + timedelta(1) not in resting:
                left -= 1
            if left < 0:
                break
            day += timedelta(1)
        return day

    def _line(self, agency_id: int) -> list[Body]:
        """The bodies above, the highest first, and the body itself."""
        found = [self._tree.by_id[agency_id]]
        while found[0].parent_id is not None:
            found.insert(0, self._tree.by_id[found[0].parent_id])
        return found

    def _layers(self, agency_id: int) -> tuple[LocalDays, ...]:
        layers = []
        for body in self._lines[agency_id]:
            days = self._own.get(body.id, [])
            for source in sorted({row.source for row in days}):
                rest = frozenset(row.day for row in days if not row.works and row.source == source)
                work = frozenset(row.day for row in days if row.works and row.source == source)
                layers.append(LocalDays(source or body.name, rest, work, own=True))
        return tuple(layers)
