"""A backup is put back into an empty place, or that is tried (恢复演练): held to what it said of itself when it was made.

Rule: nothing is put in place before all of a backup was opened, compared and verified; a place that is not empty is left alone.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from config.errors import in_chinese
from workflow.service.backups.archive import STORE, Header, Manifest, header_of, read_archive
from workflow.service.backups.key_file import Asked, beside, lay_keys, read_keys
from workflow.service.backups.making import Say, what_it_says
from workflow.service.backups.told import CannotRestore
from workflow.service.cases.verify import verify
from workflow.service.copying import CannotCopy, NotTheSame, copy_installation, takes_a_copy
from workflow.service.heads import broken_since, read_head
from workflow.service.installation import migrate_office
from workflow.service.office import Office
from workflow.store import copying
from workflow.store.dialect import is_sqlite
from workflow.store.dialect_snapshot import file_url, whole_in_one_file
from workflow.store.key import Key
from workflow.store.key_folder import KEY_FILE, KeyFolder, WrongKey, sync_folder
from workflow.store.migrate import knows, newest
from workflow.store.scratch import scratch
from workflow.store.sealed import Secrets
from workflow.store.sealed_stream import Spoilt
from workflow.store.store import Store


@dataclass(frozen=True)
class Keys:
    """By which a backup is opened. own: they are those of this installation, not what is kept elsewhere."""

    keys: tuple[Key, ...]
    place: str
    own: bool

    def for_(self, header: Header) -> Key:
        """The one that opens it. Raises CannotRestore."""
        for key in self.keys:
            if key.number == header.key and key.check_value() == header.check:
                return key
        raise CannotRestore(
            f"{self.place} 里没有打开这个备份的密钥（第 {header.key} 个）：请用与它同时保存的密钥文件"
        )


@dataclass(frozen=True)
class Restored:
    """What was put back, or tried. faults: what is not as the backup said, or does not hold by itself, in Chinese; older:
    the backup was of an earlier version, and was brought to the shape of this one; seconds: how long it took."""

    file: Path
    header: Header
    manifest: Manifest
    keys: Keys
    faults: tuple[str, ...]
    notices: tuple[str, ...]
    older: bool
    begun_at: datetime
    seconds: float

    @property
    def good(self) -> bool:
        return not self.faults


def find_keys(file: Path, named: Path | None, data_dir: Path, ask: Asked | None = None) -> Keys:
    """The keys that were named, else those beside the backup, else those of the installation. Of a folder that was named those
    that were written with this backup, where they lie in it. Raises CannotRestore."""
    place = named or beside(file)
    if named is not None and (within := named / beside(file).name).is_file():
        place = within
    if named is not None or place.exists():
        return Keys(read_keys(place, ask), f"密钥文件 {place}", own=False)
    own = KeyFolder(data_dir, weak=True)
    if own.there():
        try:
            return Keys(own.read(), f"本机的密钥（{own.path}）", own=True)
        except WrongKey as error:
            raise CannotRestore(str(error).replace("没有启动", "没有恢复")) from error
    raise CannotRestore(
        f"没有找到密钥文件 {place}：请把它放到备份旁边，或者用 --keys 写明密钥文件或 {KEY_FILE} 所在的文件夹"
    )


def restore(
    file: Path,
    keys: Keys,
    url: str,
    data_dir: Path,
    now: Callable[[], datetime],
    say: Say,
    told: copying.Told,
) -> Restored:
    """Put a backup back where there is no store, and its keys into the folder of the installation.

    Nothing lies there before the whole backup was read, opened and held to what it said. Cut off, the same call begins
    anew, or goes on where rows were being copied into PostgreSQL. Raises CannotRestore, Unavailable, NotReady where
    another program's data lie there.
    """
    with _said(), scratch(_place_for(url, data_dir)) as (folder, left):
        if _empty(url):
            say("上一次恢复没有做完：核对备份之后，接着放回剩下的内容")
        elif left:
            say("上一次恢复没有做完，它留下的临时文件已经清除，现在从头做")
        done = _opened(file, keys, folder, now, say, full=is_sqlite(url))
        say("放回密钥")
        lay_keys(data_dir, keys.keys)
        say("放回库")
        if is_sqlite(url):
            _put(folder / STORE, Path(make_url(url).database or ""))
        else:
            copy_installation(file_url(folder / STORE), url, data_dir, told, say)
    return done


def drill(
    file: Path, keys: Keys, data_dir: Path, now: Callable[[], datetime], say: Say
) -> Restored:
    """Put a backup back into a folder that goes away, and hold it to what it said. Raises CannotRestore."""
    place = data_dir if data_dir.is_dir() else Path(gettempdir())
    with _said(), scratch(place) as (folder, left):
        if left:
            say("上一次演练没有做完，它留下的临时文件已经清除，现在从头做")
        return _opened(file, keys, folder, now, say, full=True)


def _opened(
    file: Path, keys: Keys, folder: Path, now: Callable[[], datetime], say: Say, *, full: bool
) -> Restored:
    """The store of a backup in a file `store.db` of the folder, in the shape of this version and compared.

    full: every log is held to its hashes as well.
    """
    begun, at = monotonic(), now()
    header = header_of(file)
    if not knows(header.revision) or header.format != 1:
        raise CannotRestore(
            f"这个备份是更新的版本（{header.version}）做的，本机是以前的版本，没有恢复：请先安装那个版本或者更新的版本"
        )
    key = keys.for_(header)
    say("打开备份，逐段核对")
    place = folder / STORE
    manifest = read_archive(file, key, place)
    place.chmod(0o600)
    say("与备份时的记录比较")
    rows = whole_in_one_file(place)
    if rows != manifest.rows:
        names = [
            name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name)
        ]
        raise CannotRestore(f"备份里的库与备份时的记录不符（{'、'.join(sorted(names))}），没有恢复")
    older = header.revision != newest()
    if older:
        say("备份是以前的版本做的，升级到本版本")
    store = Store(file_url(place))
    try:
        office = Office(store, Secrets(keys.keys), now=now)
        if older or not manifest.indexed:
            migrate_office(office, search=not manifest.indexed)
        faults, notices = _compared(office, manifest)
        if full:
            say("核对日志、密文和各项记录")
            faults += [
                f"{one.agency} {one.number}：{one.message}" for one in verify(office, full=True)
            ]
    finally:
        store.close()
    whole_in_one_file(place)
    taken = monotonic() - begun
    return Restored(file, header, manifest, keys, tuple(faults), tuple(notices), older, at, taken)


def _compared(office: Office, manifest: Manifest) -> tuple[list[str], list[str]]:
    """What is not as the backup said, and what may be otherwise."""
    if manifest.head is None or manifest.tables is None:
        return [], ["备份时库还是以前版本的形状，没有链头和表可以比较，只比较了各表的行数"]
    faults = [
        f"{body} {of}：{what}"
        for body, of, what in broken_since(office, read_head(manifest.head.encode()))
    ]
    head, tables = what_it_says(office)
    if not faults and read_head(head.encode()).bodies != read_head(manifest.head.encode()).bodies:
        faults.append("链头与备份时不同")
    other = sorted(
        name
        for name in {*tables, *manifest.tables}
        if tables.get(name) != manifest.tables.get(name)
    )
    said = [f"{name} 年的表三、表四与备份时不同" for name in other]
    return ([*faults, *said], []) if manifest.version == _version() else (faults, said)


def _version() -> str:
    from importlib.metadata import version

    return version("gongkai")


# -- the place --------------------------------------------------------------------------------------


def _place_for(url: str, data_dir: Path) -> Path:
    """Where to work: beside the file that is to be the store, so that it can get its name there in one step."""
    return Path(make_url(url).database or "").absolute().parent if is_sqlite(url) else data_dir


def _empty(url: str) -> bool:
    """False where nothing is there, True where rows were being copied into PostgreSQL and go on. Raises CannotRestore,
    CannotCopy where a store lies, or something of one: a log left without its file would be played into the new one."""
    if not is_sqlite(url):
        return takes_a_copy(url)
    place = make_url(url).database or ""
    if not place:
        raise CannotRestore("database_url 没有写明数据库文件")
    for end in ("", "-wal", "-shm", "-journal"):
        if os.path.lexists(f"{place}{end}"):
            raise CannotRestore(
                f"{place}{end} 已经存在，没有恢复：恢复只放进空的地方，请另设 GONGKAI_DATA_DIR，或者先把它移走"
            )
    return False


def _put(made: Path, place: Path) -> None:
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    _empty(file_url(place))
    os.rename(made, place)
    with suppress(OSError):  # it lies there whole, under its name
        sync_folder(place.parent)


@contextmanager
def _said() -> Iterator[None]:
    """Faults of disk and file as sentences."""
    try:
        yield
    except (CannotCopy, NotTheSame) as error:
        raise CannotRestore(
            str(error).replace("目标库", "恢复到的库").replace("原库", "备份")
        ) from error
    except Spoilt as error:
        raise CannotRestore(f"{error}。没有恢复：请换一份备份") from error
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        raise CannotRestore(
            f"没有恢复：文件{where} 写不进去或者读不出来（{in_chinese(error)}）。没有留下不完整的库"
        ) from error
    except (sqlite3.Error, DBAPIError) as error:
        found = getattr(error, "orig", error)
        said = getattr(found, "sqlite_errorname", None) or type(found).__name__
        raise CannotRestore(
            f"没有恢复：库写不进去或者读不出来（{said}），请检查磁盘空间。没有留下不完整的库"
        ) from error
