"""When `gongkai verify` last went through the whole store, and up to where."""

from contextlib import suppress

from config.errors import WrongClock
from workflow.service import stamps
from workflow.service.office import Office
from workflow.store import upkeep
from workflow.store.retried import retried


def last_line(office: Office) -> int:
    """The last line of any log: to be asked before a run begins, so that what comes meanwhile counts as new."""
    with office.store.read() as unit:
        return upkeep.last_event(unit)


def note_verified(office: Office, events: int, broken: int) -> None:
    """Note that the whole store was gone through up to that line, and how many faults were found. With a clock that cannot
    be right nothing is noted."""
    with suppress(WrongClock):
        _note(office, events, broken)


@retried
def _note(office: Office, events: int, broken: int) -> None:
    with office.store.write() as unit:
        said = stamps.said(office.now(), events=events, broken=broken)
        unit.set_stamp(stamps.VERIFIED, said)
