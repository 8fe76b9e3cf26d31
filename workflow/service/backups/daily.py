"""The backup of the day: made by the worker that leads, kept by rules, and told of where it is missing.

Rule: an old backup goes only when a new one is whole and was read again; keys are not written beside unless that is set.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from config.reminders import load_ladder
from config.settings import time_of_day
from workflow.rules.keeping import due, kept
from workflow.service import stamps
from workflow.service.backups import state
from workflow.service.backups.archive import ENDING, header_of
from workflow.service.backups.key_file import beside
from workflow.service.backups.making import Made, every_key, make_backup
from workflow.service.backups.told import CannotBackUp, CannotRestore
from workflow.service.messages.recipients import holders_of
from workflow.service.messages.to_staff import tell_beside_mail
from workflow.service.office import Office
from workflow.store.retried import retried

TRIED, OF_DAY = "backup tried", "backup of the day"
"""The stamps of the worker: when its last try began, made or not, and when its last backup was made."""
MOMENT = "no_backup"
BEGINS = "gongkai-"
log = logging.getLogger("gongkai.backup")


class DailyBackup:
    """The backups of an office into a folder. settings: those in force."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.office = office
        self.data_dir = Path(settings["data_dir"])
        self.folder = Path(settings["backup_folder"]) if settings["backup_folder"] else None
        self.at = time_of_day(settings["backup_time"])
        self.spans = {
            "daily": int(settings["backup_daily"]),
            "weekly": int(settings["backup_weekly"]),
            "monthly": int(settings["backup_monthly"]),
        }
        self.keys = bool(settings["backup_keys"])
        self.days = int(settings["backup_reminder_days"])

    def run(self) -> Made | None:
        """Make the backup of the day where it is due; None where none was made. What fails is noted, logged, and told to
        who administers the system once a day."""
        if self.folder is None or not self._claimed():
            return None
        try:
            made = make_backup(self.office, self.data_dir, self._file(self.folder), keys=self.keys)
        except CannotBackUp as error:
            self._failed(str(error))
            return None
        for name in (OF_DAY, stamps.BACKED_UP):
            state.note(self.office, name, **made.noted())
        if lacks := made.lacks():
            self._failed(lacks)
        else:
            self._clear(made)
        log.info("backup of %d bytes made", made.size)
        return made

    def _failed(self, why: str) -> None:
        log.error("no backup, or none that is whole: %s", why)
        state.note(self.office, stamps.NOT_BACKED_UP, why=why)
        self.remind()

    def remind(self) -> bool:
        """Tell who administers the system that a backup failed, or that none was made for too long, once a day; whether
        there was something to tell."""
        missing = state.lacking(state.last_backup(self.office), self.office.now(), self.days)
        if missing is not None:
            self._tell(
                f"{missing}。请检查备份的文件夹和磁盘，运行 gongkai backup 备份，再运行 gongkai doctor 查看。"
            )
        return missing is not None

    # -- when -----------------------------------------------------------------------------------------

    @retried
    def _claimed(self) -> bool:
        """Whether it is to be made now, and by this process: the try is noted in the same transaction."""
        with self.office.store.read() as unit:
            if not self._due(unit.stamp(OF_DAY), unit.stamp(TRIED)):
                return False
        with self.office.store.write() as unit:
            if not self._due(unit.stamp(OF_DAY), unit.stamp(TRIED)):
                return False
            unit.set_stamp(TRIED, stamps.said(self.office.now()))
            return True

    def _due(self, made: str | None, tried: str | None) -> bool:
        return due(self.office.now(), self.at, stamps.moment_of(made), stamps.moment_of(tried))

    # -- which are kept -------------------------------------------------------------------------------

    def _file(self, folder: Path) -> Path:
        return folder / f"{BEGINS}{self.office.now():%Y%m%d-%H%M%S}{ENDING}"

    def _clear(self, made: Made) -> None:
        """Remove what the rules keep no longer; the new one is whole and was read again. Only what opens with a key of this
        installation: another one may use the same folder."""
        own = {(key.number, key.check_value()) for key in every_key(self.office.keys)}
        found: dict[datetime, Path] = {}
        for place in sorted(made.file.parent.glob(f"{BEGINS}*{ENDING}")):
            try:
                header = header_of(place)
            except CannotRestore as error:
                log.warning("a backup cannot be read and stays: %s", error)
                continue
            if (header.key, header.check) in own:
                found[header.made_at.astimezone(self.office.now().tzinfo)] = place
        for at in found.keys() - kept(found, **self.spans):
            for old in (found[at], beside(found[at])):
                try:
                    old.unlink(missing_ok=True)
                except OSError as error:
                    log.warning("an old backup could not be removed: %s", error.strerror)

    # -- telling --------------------------------------------------------------------------------------

    @retried
    def _tell(self, text: str) -> None:
        told = set[int]()
        with self.office.store.write() as unit:
            for agency in unit.agencies():
                for user, _ in holders_of(unit, agency, load_ladder().told[MOMENT]):
                    if user.id not in told:
                        told.add(user.id)
                        tell_beside_mail(
                            self.office, unit, user, agency.id, moment=MOMENT, text=text,
                            why="没有备份时，库坏了不能恢复", level="red",
                        )  # fmt: skip
