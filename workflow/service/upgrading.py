"""What an upgrade of the store would do, and the upgrade itself (docs/decisions/0056). Looking writes nothing, and works on a
store of any earlier shape: it asks for nothing that the first one had not."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, column, func, inspect, select, table

from config import calendars
from config.settings import Settings
from workflow.refusal import BadInput, FieldError
from workflow.service import stamps
from workflow.service.cases.verify import Broken, verify
from workflow.service.installation import migrate_office
from workflow.service.office import Office
from workflow.service.rules.due_changes import open_states
from workflow.store.dialect import copy_file, files_of_store, size_of
from workflow.store.dialect_beside import database_beside
from workflow.store.migrate import (
    CAME_FROM,
    WHOLE,
    came_from,
    go_back,
    is_ahead,
    newest,
    revision,
    steps,
)
from workflow.store.outside import Contents
from workflow.store.retried import told_apart
from workflow.store.scratch import scratch
from workflow.store.steps import Step
from workflow.store.store import Store

BACKUP_HOURS = 24
ROOM = 2
"""So many times the size of a SQLite store may be written beside it until an upgrade is done."""
SLOWER = 3
"""So many times the measured processor time is told: an office's machine is slower, and waits for its disk."""
SEEN = timedelta(minutes=10)
"""Who has clicked within it is at work."""
PREVIOUS = "previous"

_CASE = table("case", column("id"), column("state"))
_STAMP = table("stamp", column("name"), column("value"))
_LEASE = table("lease", column("name"), column("until"))
_SESSION = table("desk_session", column("seen_at"), column("ended_at"))
_MOVED = table("due_change", column("id"), column("case_id"), column("old_next_due"), column("new_next_due"))  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """What an upgrade meets. here, wanted: the shape that is there and that of this version; ahead: a later version works with
    it; half: an upgrade to this version was cut off; steps: what is to be done, then of the one that was cut off; cases, open_cases: how many; refolds: every case is computed anew, as calendars or the law's
    tables are others; seconds: how long it takes, roughly; size, free: bytes of the store and of room beside it (None: it lies
    elsewhere); backup_at: when the last backup was made; worker: one is running; at_work: how many are signed in and have
    clicked just now."""

    here: str | None
    wanted: str
    ahead: bool
    half: bool
    steps: tuple[Step, ...]
    cases: int
    open_cases: int
    refolds: bool
    seconds: float
    size: int
    free: int | None
    backup_at: datetime | None
    worker: bool
    at_work: int

    @property
    def to_do(self) -> bool:
        return not self.ahead and (self.half or bool(self.steps) or self.refolds)

    @property
    def side_by_side(self) -> bool:
        """Whether the version of before may go on working meanwhile. With other tables it would compute by its own."""
        return not self.refolds and all(step.side_by_side for step in self.steps)

    @property
    def needed(self) -> int | None:
        """Bytes of room; None where nobody here can know."""
        return None if self.free is None else ROOM * self.size

    def in_the_way(self, now: datetime, hours: int | None = BACKUP_HOURS) -> list[str]:
        """Why it cannot be begun, in Chinese. hours: how old the backup may be; None: none is asked for."""
        if not self.to_do:
            return []
        found = []
        if self.needed is not None and self.free is not None and self.free < self.needed:
            found.append(f"磁盘空间不够：约需 {_megabytes(self.needed)}，只有 {_megabytes(self.free)}，请先腾出空间")  # fmt: skip
        if self.worker and not self.side_by_side:
            found.append("还有程序在使用本库：请先停止全部 gongkai serve 和 gongkai worker（停止之后等一分钟）")  # fmt: skip
        if lacking := self.backup_lacking(now, hours):
            found.append(lacking)
        return found

    def backup_lacking(self, now: datetime, hours: int | None) -> str | None:
        """What is said where no backup is young enough; None where one is, or none is asked for."""
        if hours is None or (self.backup_at and now - self.backup_at <= timedelta(hours=hours)):
            return None
        return (
            f"{hours} 小时之内没有做过备份：请先运行 gongkai backup 文件；"
            "用别的办法备份过的，加上 --without-backup"
        )


def _megabytes(size: int) -> str:
    return f"{max(size / 1_000_000, 0.1):.1f} MB"


def look(office: Office, settings: Settings) -> Outlook:
    """What an upgrade of the store would do; nothing is written. Raises NewerStore."""
    engine = office.store.engine
    here, ahead = revision(engine), is_ahead(engine)
    with engine.connect() as connection:
        kept = _stamps(connection)
        half = here == newest() and kept.get(WHOLE) != newest()
        pending = () if ahead else steps().after(kept.get(CAME_FROM, here) if half else here)
        states = _states(connection)
        refolds = here is not None and not ahead and not _follows(office, kept)
        worker, at_work = _running(connection, office.now())
        size = size_of(connection)
    cases = sum(states.values())
    wanted = open_states(office)
    work = {
        "shape",
        "verify",
        *(kind for step in pending for kind in step.work),
        *(("fold",) if refolds else ()),
    }
    milliseconds = SLOWER * cases * sum(steps().milliseconds[kind] for kind in work)
    files = files_of_store(settings.database_url)
    return Outlook(
        here=here, wanted=newest(), ahead=ahead, half=half, steps=pending, cases=cases,
        open_cases=sum(n for state, n in states.items() if state in wanted), refolds=refolds,
        seconds=milliseconds / 1000,
        size=size, free=shutil.disk_usage(files[0].parent).free if files else None,
        backup_at=stamps.moment_of(kept.get(stamps.BACKED_UP)), worker=worker, at_work=at_work,
    )  # fmt: skip


def _states(connection: Connection) -> dict[str, int]:
    if not inspect(connection).has_table("case"):
        return {}
    counted = select(_CASE.c.state, func.count()).group_by(_CASE.c.state)
    return {state: n for state, n in connection.execute(counted)}


def _stamps(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table("stamp"):
        return {}
    return {
        name: value for name, value in connection.execute(select(_STAMP.c.name, _STAMP.c.value))
    }


def _follows(office: Office, kept: dict[str, str]) -> bool:
    """Whether the rows follow the calendars and the law's tables that are installed. kept: the stamps."""
    try:
        known = json.loads(kept.get("calendars", "null"))
    except ValueError:
        known = None
    return bool(known == calendars.fingerprints() and kept.get("law") == office.law.fingerprint)


def _running(connection: Connection, now: datetime) -> tuple[bool, int]:
    """Whether a worker holds the lease, and how many have clicked just now."""
    known = set(inspect(connection).get_table_names())
    worker, at_work = False, 0
    if "lease" in known:
        worker = any(
            _moment(until, now) > now for until in connection.scalars(select(_LEASE.c.until))
        )
    if "desk_session" in known:
        seen = connection.scalars(select(_SESSION.c.seen_at).where(_SESSION.c.ended_at.is_(None)))
        at_work = sum(_moment(at, now) > now - SEEN for at in seen)
    return worker, at_work


def _moment(kept: object, now: datetime) -> datetime:
    """A moment as the driver gives it: UTC, without saying so."""
    found = kept if isinstance(kept, datetime) else datetime.fromisoformat(str(kept))
    return found.replace(tzinfo=UTC).astimezone(now.tzinfo)


@dataclass(frozen=True)
class Done:
    """An upgrade that was made. moved: so many open cases have another due day; broken: what `verify` found after it."""

    before: str | None
    after: str | None
    seconds: float
    moved: int
    broken: tuple[Broken, ...]


def upgrade(office: Office) -> Done:
    """Bring the store to this version, with what belongs to it, and hold it to its logs."""
    begun, had = time.monotonic(), _last_moved(office)
    with told_apart():
        before, after = migrate_office(office)
    moved = _moved_since(office, had)
    return Done(before, after, time.monotonic() - begun, moved, tuple(verify(office)))


def _last_moved(office: Office) -> int:
    with office.store.engine.connect() as connection:
        if not inspect(connection).has_table("due_change"):
            return 0
        return int(connection.scalar(select(func.max(_MOVED.c.id))) or 0)


def _moved_since(office: Office, last: int) -> int:
    """Of how many open cases the due day is another than it was."""
    with office.store.engine.connect() as connection:
        query = (
            select(func.count(_MOVED.c.case_id.distinct()))
            .join_from(_MOVED, _CASE, _CASE.c.id == _MOVED.c.case_id)
            .where(
                _MOVED.c.id > last,
                _MOVED.c.old_next_due.is_distinct_from(_MOVED.c.new_next_due),
                _CASE.c.state.in_(open_states(office)),
            )
        )
        return int(connection.scalar(query) or 0)


def rehearse(office: Office) -> Done:
    """The upgrade of a copy, which goes away again; the store stays as it is. On PostgreSQL the copy is another database on its
    server. Raises MayNotMake where nobody may make one, NewerStore."""
    with _copied(office) as store:
        store.contents = Contents(None, office.store.contents.places)
        return upgrade(Office(store, office.keys, law=office.law, now=office.now))


@contextmanager
def _copied(office: Office) -> Iterator[Store]:
    """The store as it is at this moment, with contents that lie outside still there."""
    engine = office.store.engine
    if engine.dialect.name != "sqlite":
        with database_beside(engine, revision(engine) or newest()) as store:
            yield store
        return
    with scratch(Path(engine.url.database or "").absolute().parent) as (folder, _):
        copy = folder / "store.db"
        copy_file(engine, copy)
        store = Store(f"sqlite:///{copy}")
        try:
            yield store
        finally:
            store.close()


@dataclass(frozen=True)
class WayBack:
    """Going back to an earlier shape. needless: the version of then may work with the store as it is; steps: what is taken
    back, the newest first."""

    to: str
    needless: bool
    steps: tuple[Step, ...]

    @property
    def promised(self) -> bool:
        return all(step.back for step in self.steps)

    @property
    def lost(self) -> tuple[str, ...]:
        return tuple(step.lost for step in self.steps if step.lost)


def way_back(office: Office, to: str) -> WayBack:
    """to: a revision, or PREVIOUS for the one before the last upgrade. Raises BadInput where there is none such, NewerStore."""
    engine = office.store.engine
    here = revision(engine)
    if is_ahead(engine) or here is None:
        raise BadInput([FieldError("back", "这个版本的程序不认识库现在的样子，不能退回：请用升级它的那个版本")])  # fmt: skip
    wanted = came_from(engine) if to == PREVIOUS else to
    known = [step.revision for step in steps().after(None, here)]
    if wanted is None or wanted not in known[:-1]:
        raise BadInput([FieldError("back", f"没有可以退回的“{to}”：库现在是 {here}")])
    needless = known.index(steps().oldest_beside(here)) <= known.index(wanted)
    return WayBack(wanted, needless, steps().after(wanted, here)[::-1])


def take_back(office: Office, way: WayBack) -> None:
    """Raises BadInput where it is not promised."""
    if not way.promised:
        raise BadInput([FieldError("back", NOT_PROMISED)])
    with told_apart():
        go_back(office.store.engine, way.to)


NOT_PROMISED = "不能这样退回：那样会丢失核对记录所需要的内容。请恢复升级以前的备份（gongkai restore），再用以前的程序"  # fmt: skip
