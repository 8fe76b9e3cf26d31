"""When the last backup was made, the last one failed, and the last one was tried: noted in the store itself."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflow.dates import in_words
from workflow.rules.upkeep_backups import LastBackup
from workflow.service import stamps
from workflow.service.office import Office
from workflow.service.stamps import BACKED_UP, DRILL, NOT_BACKED_UP
from workflow.store.journal_models import JournalRow
from workflow.store.migrate import suits
from workflow.store.protected import INSTALLATION
from workflow.store.retried import retried
from workflow.store.staff_models import AuditRow

_FIRST = (
    select(AuditRow.recorded_at).where(AuditRow.id == 1),
    select(JournalRow.recorded_at).where(JournalRow.strand == INSTALLATION, JournalRow.seq == 1),
)
"""The first lines that a store has of itself."""


def last_backup(office: Office) -> LastBackup:
    """What is noted of backups and drills. Nothing is written."""
    with office.store.read() as unit:
        made, failed, drilled = (
            stamps.read(unit.stamp(name)) for name in (BACKED_UP, NOT_BACKED_UP, DRILL)
        )
        first = [unit.session.scalar(query) for query in _FIRST]
        since = min((at for at in first if at is not None), default=None)
    return LastBackup(
        made.get("at"), failed.get("at"), str(failed.get("why", "")), drilled.get("at"),
        drilled.get("good") is True, since, _place(made), int(made.get("size", 0)), drilled.get("own") is True,
    )  # fmt: skip


def _place(made: Mapping[str, Any]) -> str:
    folder, file = made.get("folder"), made.get("file")
    return str(Path(folder, file)) if folder and file else ""


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


def _day(at: datetime, now: datetime) -> str:
    return in_words(at.astimezone(now.tzinfo).date())


@retried
def note(office: Office, name: str, **said: Any) -> None:
    """Note one of the stamps, with the present moment; also in a store of an earlier shape, which is backed up before it is
    upgraded and has not yet what the watch over the clock asks."""
    store = office.store
    with store.engine.connect() as connection:
        ours = suits(connection)
    with nullcontext() if ours else store.unasked(), store.write() as unit:
        unit.set_stamp(name, stamps.said(office.now(), **said))
