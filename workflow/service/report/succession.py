"""Whose cases stand in a body's report: its own, and those of bodies whose duties went to it (law.md §7A)."""

from collections.abc import Callable, Iterator
from datetime import date

from workflow.case.counted import CountedCase
from workflow.report.tables.succession import Succession, kept, taken_over
from workflow.service.office import Office, predecessors_of
from workflow.service.rules.settings import settings_of_year
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

Counted = Callable[[AgencyRow], list[CountedCase]]


class Successions:
    """The bodies that ended, as the yearly tables see them."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def reported(
        self, unit: Unit, body: AgencyRow, year: int, counted: Counted
    ) -> list[CountedCase]:
        """The cases of the report of a body. counted: those of one body alone."""
        found = counted(body)
        heirs = unit.successors_of(body) if body.until is not None else []
        if heirs and body.until is not None:
            found = kept(found, year, self._given(unit, body.code, body.until, heirs[-1], year))
        for before, given in self._taken(unit, body, year):
            found = [*found, *taken_over(counted(before), year, given)]
        return found

    def stands_alone(self, unit: Unit, body: AgencyRow, year: int) -> bool:
        """The report of the body holds all cases of this body and of no other one."""
        return body.until is None and not any(True for _ in self._taken(unit, body, year))

    def begun(
        self, unit: Unit, body: AgencyRow, year: int
    ) -> Iterator[tuple[AgencyRow, Succession]]:
        """The bodies whose cases come into the report of this one in the year for the first time."""
        for before, given in self._taken(unit, body, year):
            if given.ended == year:
                yield before, given

    def _taken(
        self, unit: Unit, body: AgencyRow, year: int
    ) -> Iterator[tuple[AgencyRow, Succession]]:
        if body.successor is not None and body.until is not None and body.until.year <= year:
            return  # what it had taken over went on with it
        for before in predecessors_of(body):
            if before.until is not None:
                yield before, self._given(unit, before.code, before.until, body, year)

    def _given(self, unit: Unit, code: str, until: date, heir: AgencyRow, year: int) -> Succession:
        setting = settings_of_year(self.office, unit, heir, year)["ended_body_report"]
        return Succession(code, until.year, setting == "successor")
