"""When the last backup was made, the last one failed, and the last one was tried: noted in the store itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from workflow.dates import in_words
from workflow.service.office import Office
from workflow.store.journal_models import JournalRow
from workflow.store.protected import INSTALLATION
from workflow.store.retried import retried
from workflow.store.staff_models import AuditRow

MADE, FAILED, DRILL = "backup made", "backup failed", "backup drill"
"""The stamps: JSON with the moment `at`, and what else is to be told."""
_FIRST = (
    select(AuditRow.recorded_at).where(AuditRow.id == 1),
    select(JournalRow.recorded_at).where(JournalRow.strand == INSTALLATION, JournalRow.seq == 1),
)
"""The first lines that a store has of itself."""


@dataclass(frozen=True)
class LastBackup:
    """Moments of the store's last whole backup, of the last one that failed and why, of the last drill and whether it was
    good; None where there was none. since: when the store began."""

    made_at: datetime | None
    failed_at: datetime | None
    failure: str
    drill_at: datetime | None
    drill_good: bool
    since: datetime | None


def last_backup(office: Office) -> LastBackup:
    """What is noted of backups and drills. Nothing is written."""
    with office.store.read() as unit:
        made, failed, drilled = (_said(unit.stamp(name)) for name in (MADE, FAILED, DRILL))
        first = [unit.session.scalar(query) for query in _FIRST]
        since = min((at for at in first if at is not None), default=None)
    return LastBackup(
        _moment(made), _moment(failed), str(failed.get("why", "")), _moment(drilled),
        drilled.get("good") is True, since,
    )  # fmt: skip


def lacking(last: LastBackup, now: datetime, days: int) -> str | None:
    """In Chinese, what is missing where the worker's last backup failed, or none was made for so many days (0: it does not
    matter); None where all is well. A store that is younger lacks none."""
    if last.failed_at and (last.made_at is None or last.failed_at >= last.made_at):
        return f"{_day(last.failed_at, now)}的备份没有做成：{last.failure}"
    since = last.made_at or last.since
    if not days or since is None or now - since < timedelta(days):
        return None
    if last.made_at is None:
        return "还没有做过备份"
    return f"上一次备份是 {_day(last.made_at, now)}，已经过了 {(now - last.made_at).days} 天"


def known(last: LastBackup, now: datetime) -> str:
    """In Chinese, when the last backup and the last drill were."""
    made = f"上一次备份是 {_day(last.made_at, now)}" if last.made_at else "还没有做过备份"
    if last.drill_at is None:
        return f"{made}，还没有做过恢复演练"
    return f"{made}，上一次恢复演练是 {_day(last.drill_at, now)}（{'相符' if last.drill_good else '不符'}）"


def _day(at: datetime, now: datetime) -> str:
    return in_words(at.astimezone(now.tzinfo).date())


@retried
def note(office: Office, name: str, **said: Any) -> None:
    """Note one of the stamps, with the present moment."""
    with office.store.write() as unit:
        unit.set_stamp(name, written(office.now(), **said))


def written(at: datetime, **said: Any) -> str:
    """A stamp of that moment."""
    return json.dumps({"at": at.isoformat(timespec="seconds"), **said}, ensure_ascii=False)


def moment_of(stamp: str | None) -> datetime | None:
    """When a stamp was made; None where there is none that can be read."""
    return _moment(_said(stamp))


def _said(kept: str | None) -> dict[str, Any]:
    """What was noted; nothing where that cannot be read."""
    try:
        said = json.loads(kept) if kept else {}
    except ValueError:
        said = {}
    return said if isinstance(said, dict) else {}


def _moment(said: Mapping[str, Any]) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said["at"]))
    except (KeyError, ValueError):
        return None
    return found if found.tzinfo else None
