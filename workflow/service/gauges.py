"""What a watch over the server reads of the store: bodies, messages, worker, backup; never a name or number of a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.channels import load_channels
from workflow.service.messages.failures import ALARM_AFTER
from workflow.service.messages.outbox import Outbox
from workflow.service.office import Office
from workflow.service.readiness import LookedAt
from workflow.service.stamps import BACKED_UP, moment_of
from workflow.service.supervision.below import Supervision
from workflow.store import upkeep

FRESH_SECONDS = 15.0
OVERDUE = timedelta(minutes=15)
"""A message that should have gone so long ago waits for somebody."""
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Gauges:
    """A look at the store. bodies: code → open applications, and how many of them are late. failing: name of each channel
    of staff or applicants → it fails again and again. last_round, last_backup: None where there was none."""

    bodies: dict[str, tuple[int, int]]
    waiting: int
    overdue: int
    failed: int
    failing: dict[str, bool]
    leads: bool
    last_round: datetime | None
    last_backup: datetime | None


class StoreGauges:
    """The gauges of an office, looked at by one thread at a time."""

    def __init__(self, office: Office, *, fresh: float = FRESH_SECONDS) -> None:
        self.office = office
        self._looked = LookedAt(self._look, fresh)

    def now(self) -> Gauges | None:
        """As the store stands, or stood some seconds ago; None where it does not answer in time. Raises Unavailable."""
        return self._looked.now()

    def _look(self) -> Gauges:
        office, now = self.office, self.office.now()
        worker = Outbox(office)
        with office.store.read() as unit:
            bodies = Supervision(office).of_all(unit).bodies.values()
            waiting, overdue = upkeep.messages_waiting(unit, now - OVERDUE)
            known = upkeep.channels(unit)
            return Gauges(
                bodies={one.code: (one.open, one.late) for one in bodies},
                waiting=waiting,
                overdue=overdue,
                failed=upkeep.messages_failed(unit, now - LATELY),
                failing={
                    name: name in known and known[name].failures >= ALARM_AFTER
                    for name in load_channels()
                    if any(kind.name == name for kind in office.channels)
                },
                leads=bool(worker.leader()),
                last_round=worker.last_round(),
                last_backup=moment_of(unit.stamp(BACKED_UP)),
            )
