"""A hastening as pages show it to the body that was hastened and to the one that did it."""

from dataclasses import dataclass
from datetime import date, datetime

from workflow.service.office import Office
from workflow.service.rules.calendars import Calendars
from workflow.store.supervision_models import HasteningRow
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Hastened:
    """A hastening. matter: due, late or returned. day, days: as they were told. answer: what the body will do;
    done_by: by when. waited: working days since without an answer; silent: more than it should be."""

    id: int
    made_on: date
    matter: str
    day: date
    days: int
    answer: str = ""
    done_by: date | None = None
    answered_at: datetime | None = None
    waited: int = 0
    silent: bool = False

    @property
    def answered(self) -> bool:
        return self.answered_at is not None


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A hastening with its case and the bodies, for the body that was hastened. open: the case still is what
    it was hastened for, so that an answer is of use."""

    hastened: Hastened
    agency: str
    number: str
    by: str
    open: bool


class Views:
    """Rows of hastenings as values, as they stand today."""

    def __init__(self, office: Office, unit: Unit, calendars: Calendars) -> None:
        self._today = office.today()
        self._within = office.law.supervision.answer_workdays
        self._calendars = calendars

    def view(self, row: HasteningRow) -> Hastened:
        calendar = self._calendars.of(row.agency_id, row.made_on)
        waited = calendar.count(row.made_on, self._today) if row.answered_at is None else 0
        return Hastened(
            row.id, row.made_on, row.matter, row.day, row.days, row.answer or "", row.done_by,
            row.answered_at, waited, waited > self._within,
        )  # fmt: skip
