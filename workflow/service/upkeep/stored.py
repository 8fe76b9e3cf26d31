"""Facts of the store: keys, worker, messages, people, what was verified and backed up."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from config.channels import IN_APP, load_channels
from workflow.rules.upkeep import Channel, Hook, Job, Verified, Worker, Year
from workflow.rules.upkeep_machine import Key, Keys
from workflow.service import stamps
from workflow.service.gauges import LATELY, OVERDUE
from workflow.service.messages.failures import ALARM_AFTER
from workflow.service.messages.outbox import Outbox
from workflow.service.office import Office
from workflow.service.rules.national import NationalDays
from workflow.store import hooks as hook_queries
from workflow.store import upkeep
from workflow.store.models import EventRow
from workflow.store.unit import Unit

if TYPE_CHECKING:
    from workflow.service.keys import InstallationKeys


def keys(office: Office, cipher: str, *, counted: bool) -> Keys | None:
    """The keys; None for those of a temporary store. cipher: as the setting has it; counted: with what hangs on each,
    which reads whole tables."""
    place = office.keys.place
    if place is None:
        return None
    counting = _counting(office) if counted else None
    status = counting.status() if counting else []
    return Keys(
        number=office.keys.now.number,
        cipher=office.keys.now.cipher,
        wanted=cipher,
        differs=place.differs(),
        keys=tuple(
            Key(one.number, one.in_force, one.coming, sum(one.to_seal.values())) for one in status
        ),
        words_sealed=office.keys.seals_words,
        words_left=counting.words_otherwise() if counting else None,
    )


def _counting(office: Office) -> "InstallationKeys":
    # With it comes all that verifies a store, for which nobody waits who opens a page.
    from workflow.service.keys import InstallationKeys

    return InstallationKeys(office)


def latest_entry(unit: Unit) -> datetime | None:
    """When the newest line of a log was recorded; None where there is none."""
    return unit.session.scalar(select(func.max(EventRow.recorded_at)))


def years(office: Office) -> list[Year]:
    """This year and the next one of the nation's calendar."""
    this, days = office.today().year, NationalDays(office)
    found = [days.year(year) for year in (this, this + 1)]
    return [Year(one.year, one.packaged or bool(one.notices), one.missing) for one in found]


def channels(office: Office, unit: Unit) -> list[Channel]:
    """The channels in force."""
    known, found = upkeep.channels(unit), []
    for kind in load_channels().values():
        if any(one.name == kind.name for one in office.channels):
            row = known.get(kind.name)
            failures = row.failures if row else 0
            found.append(
                Channel(
                    kind.label, failures, failures >= ALARM_AFTER, row.last_ok_at if row else None,
                    row.problem if row else "", kind.name != IN_APP,
                )
            )  # fmt: skip
    return found


def hooks(unit: Unit) -> list[Hook]:
    """The addresses of other systems that are switched on."""
    known = hook_queries.switched_on(unit)
    counted = hook_queries.counted(unit, [row.id for row in known])
    return [
        Hook(
            row.name, row.failures, row.failures >= ALARM_AFTER,
            counted.get(row.id, hook_queries.Counted()).failed, row.problem,
        )
        for row in known
    ]  # fmt: skip


def worker(office: Office, unit: Unit, now: datetime) -> Worker:
    """The worker and what waits for it."""
    waiting, overdue = upkeep.messages_waiting(unit, now - OVERDUE)
    outbox = Outbox(office)
    failed = {
        name.removeprefix(stamps.JOB): said
        for name, text in upkeep.stamps_from(unit, stamps.JOB).items()
        if (said := stamps.read(text)).get("fault")
    }
    return Worker(
        leads=bool(outbox.leader()),
        last_round=outbox.last_round(),
        waiting=waiting,
        overdue=overdue,
        failed=upkeep.messages_failed(unit, now - LATELY),
        jobs=tuple(Job(name, said["fault"], int(said["times"])) for name, said in failed.items()),
    )


def verified(unit: Unit) -> Verified | None:
    """The last whole run of `verify`, and how much came since."""
    said = stamps.read(unit.stamp(stamps.VERIFIED))
    if not said:
        return None
    since = upkeep.events_after(unit, int(said["events"]))
    return Verified(said["at"], since, int(said["broken"]))
