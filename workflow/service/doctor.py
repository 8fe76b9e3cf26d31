"""Everything that is looked at of an installation, in one list: for `gongkai doctor` and the page of who administers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workflow.people import Staff
from workflow.refusal import Denied
from workflow.rules import permissions
from workflow.rules import upkeep as rules
from workflow.rules import upkeep_backups as of_backups
from workflow.rules import upkeep_machine as of_machine
from workflow.rules.law_points import points_of
from workflow.rules.upkeep import Finding
from workflow.rules.upkeep_backups import BackupFolder, LastBackup
from workflow.rules.upkeep_machine import Clock
from workflow.service.backups.state import last_backup
from workflow.service.installation import is_half_migrated
from workflow.service.office import Office
from workflow.service.storing import looked_at
from workflow.service.upkeep import backups, machine, stored
from workflow.service.upkeep.law import LawPoints, is_on_top
from workflow.store import upkeep as queries
from workflow.store.dialect import files_of_store, not_on_disk
from workflow.store.migrate import newest, shape_of, suits

ACTION = "see_upkeep"


def examine(office: Office, settings: Mapping[str, Any], *, counted: bool = True) -> list[Finding]:
    """Everything that was looked at, as it is in force. counted: also how much hangs on each key, which reads whole
    tables. Of a store of another shape nothing is said but that."""
    with office.store.engine.connect() as connection:
        here = shape_of(connection)
        ahead = here != newest() and suits(connection)
        half = is_half_migrated(office)
        shape = of_machine.shape(here, newest(), ahead=ahead, half=half)
    found = [*_of_machine(office, settings), shape]
    if shape.level != rules.WRONG:
        found += _of_store(office, settings, counted)
    return found


def _of_machine(office: Office, settings: Mapping[str, Any]) -> Iterator[Finding]:
    data, files = Path(settings["data_dir"]), files_of_store(office.store.url)
    place = office.keys.place
    wanted = [(path, 0o600) for path in (place.files() if place else [])]
    wanted += [(path, 0o600) for path in files]
    wanted.append((data, 0o700))
    yield from of_machine.files(machine.open_files(wanted))
    held = machine.size_of(one for one in files if one.is_relative_to(data))
    yield from of_machine.disk(machine.folder(data, held), machine.temporary())
    yield from of_machine.serving(machine.serving(settings))
    with office.store.engine.connect() as connection:
        yield of_machine.durable(not_on_disk(connection))


def _of_store(office: Office, settings: Mapping[str, Any], counted: bool) -> Iterator[Finding]:
    now, today = office.now(), office.today()
    if (found := stored.keys(office, settings["cipher"], counted=counted)) is not None:
        yield from of_machine.keys(found)
    yield from rules.years(stored.years(office), today)
    law, year = LawPoints(office), rules.asked_year(today)
    yield rules.law(len(points_of(office.law)), year, law.checked(year))
    with office.store.read() as unit:
        newest = stored.latest_entry(unit)
        yield from of_machine.clock(Clock(now, newest, machine.zone(), machine.synchronised()))
        yield rules.passwords(queries.one_time_passwords(unit), now)
        yield from rules.channels(stored.channels(office, unit))
        yield from rules.hooks(stored.hooks(unit))
        yield from rules.worker(stored.worker(office, unit, now), now)
        yield rules.verified(stored.verified(unit), now)
    days = settings["backup_reminder_days"]
    yield from of_backups.backup(last_backup(office), now, days)
    yield from of_backups.folder(backups.folder(settings, office.keys), days)
    for good, message in looked_at(office):
        yield Finding("storage", rules.RIGHT if good else rules.WRONG, message)


class Doctor:
    """The page for who administers the whole installation."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.office, self.settings = office, settings

    def may(self, staff: Staff) -> bool:
        """Whether the person administers a body that has none above it."""
        return is_on_top(self.office, ACTION, staff)

    def findings(self, staff: Staff) -> list[Finding]:
        """Everything that was looked at, what is wrong first. Raises Denied."""
        self._ask(staff)
        return rules.in_order(examine(self.office, self.settings, counted=False))

    def backups(self, staff: Staff) -> tuple[LastBackup, BackupFolder | None]:
        """What is noted of backups, and those that lie in their folder. Raises Denied."""
        self._ask(staff)
        return last_backup(self.office), backups.folder(self.settings, self.office.keys)

    def _ask(self, staff: Staff) -> None:
        if not self.may(staff):
            row = self.office.law.permissions.actions[ACTION]
            raise Denied(permissions.refusal_of(self.office.law, row))
