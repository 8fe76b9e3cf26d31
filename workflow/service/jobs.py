"""Jobs of the worker that fail, noted until they work again, so that who looks after the installation learns of it."""

from workflow.service import stamps
from workflow.service.office import Office
from workflow.store import upkeep
from workflow.store.retried import retried

NAME_MOST = 28
"""Characters of a job's name that a stamp has room for."""


class JobFailures:
    """What one process knows of its jobs. What an earlier one noted is looked for once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._failing: set[str] | None = None

    @retried
    def failed(self, name: str, fault: str) -> None:
        """Note that a job failed. fault: what kind, as the log has it, without what was handled."""
        with self.office.store.write() as unit:
            stamp = _stamp(name)
            before = stamps.read(unit.stamp(stamp)).get("times", 0)
            unit.set_stamp(
                stamp, stamps.said(self.office.now(), fault=fault, times=int(before) + 1)
            )
        self._known().add(_stamp(name))

    def worked(self, name: str) -> None:
        """Note that it works again; of one that did not fail nothing is written."""
        if _stamp(name) in self._known():
            self._clear(_stamp(name))
            self._known().discard(_stamp(name))

    @retried
    def _clear(self, stamp: str) -> None:
        with self.office.store.write() as unit:
            unit.set_stamp(stamp, stamps.said(self.office.now()))

    def _known(self) -> set[str]:
        if self._failing is None:
            with self.office.store.read() as unit:
                found = upkeep.stamps_from(unit, stamps.JOB)
            self._failing = {name for name, said in found.items() if stamps.read(said).get("fault")}
        return self._failing


def _stamp(name: str) -> str:
    return stamps.JOB + name[:NAME_MOST]
