"""What lies in a file that is to be a store, before anything opens it to work: looking writes nothing, whatever it is.

Nothing else is loaded for it than SQLite itself.
"""

import os
import sqlite3
from collections import Counter
from contextlib import closing
from enum import Enum
from functools import cache
from pathlib import Path

from config.errors import BadSetting, in_chinese
from workflow.store.trouble import in_words, of_sqlite

FOLDER = Path(__file__).parent / "migrations"
OLDEST = "oldest version"
"""The stamp that tells versions which do not know the shape of a store whether they may work with it: the shape that they
have to know (decision 56)."""
OURS = {"stamp", "agency", "user"}
"""Tables that every store of ours has had; beside an unknown revision they tell a later version from another program."""
PATIENCE = 15
"""Seconds for which is waited for somebody else's lock, also by who wants to write."""
HELD: Counter[str] = Counter()
"""How many connections this process has to a file, by its whole path. Such a file is never opened here but by SQLite: where a process closes any
descriptor of a file, the system takes all its locks on it away, another process that closes the file takes itself for the
last one, and what is written from then on is lost (https://www.sqlite.org/howtocorrupt.html, 2.2)."""
_BEGINS = b"SQLite format 3\0"
_HEADER = 100


class NotReady(BadSetting):
    """The store cannot be worked with as it lies there; the message says why and what to do, in Chinese."""


class State(Enum):
    """What is there. MISSING: no file; EMPTY: a file or a database with nothing in it; OLDER: a store that `migrate` has
    to bring to this version; READY; AHEAD: a later version brought it further, and this one may work with it."""

    MISSING = "missing"
    EMPTY = "empty"
    OLDER = "older"
    READY = "ready"
    AHEAD = "ahead"


NEW = (State.MISSING, State.EMPTY)


def revisions() -> tuple[str, ...]:
    """The shapes that this version knows, the newest last: each migration's file begins with its own."""
    return _revisions_in(FOLDER)


@cache
def _revisions_in(folder: Path) -> tuple[str, ...]:
    found = (folder / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in found))


def state_of_file(path: Path) -> State:
    """What lies there. Raises NotReady for what no command works with."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise NotReady(f"{path} 不是文件，不能作为数据库，没有改动：请检查 database_url")
        header = _header_of(path)
        waits = header is None or bool(_bytes_of(path, "-wal"))
    except FileNotFoundError:
        return State.MISSING
    except OSError as error:
        raise NotReady(
            f"数据库文件 {path} 不能读取（{in_chinese(error)}）：请检查 database_url，以及文件和文件夹的所有者和权限"
        ) from error
    if not size:  # what lies beside it counts for nothing then
        return State.EMPTY
    if header is not None and not header.startswith(_BEGINS[: len(header)]):
        raise NotReady(
            f"{path} 不是数据库，没有改动：请检查 database_url；文件损坏了的，请从备份恢复"
        )
    if header is not None and not waits and (whole := _whole(header)) > size:
        raise NotReady(
            f"数据库文件 {path} 不完整（应有 {whole} 字节，只有 {size} 字节），没有改动：请从备份恢复"
        )
    return state_by(f"数据库文件 {path} ", *_inside(path))


def _header_of(path: Path) -> bytes | None:
    """How the file begins; None where this process works with it, which it would not if it were no database."""
    if HELD[os.path.abspath(path)] > 0:
        return None
    with path.open("rb") as file:
        return file.read(_HEADER)


def _bytes_of(path: Path, end: str) -> int:
    beside = Path(f"{path}{end}")
    return beside.stat().st_size if beside.exists() else 0


def _whole(header: bytes) -> int:
    """How many bytes the file says that it has; more than any has where the header itself is cut off."""
    if len(header) < _HEADER:
        return _HEADER
    # The count holds where it was written with the last change (https://www.sqlite.org/fileformat2.html, 1.3.7).
    if header[24:28] != header[92:96]:
        return 0
    page = int.from_bytes(header[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def to_look_at(path: Path) -> str:
    """The address by which SQLite reads the file and writes nothing. With nothing beside it the file is all there is, and
    is read without a lock; else as its readers do, and after a creation that was cut off as SQLite mends it."""
    waits = _bytes_of(path, "-wal")
    how = "mode=rw" if _bytes_of(path, "-journal") else "mode=ro" if waits else "immutable=1"
    return f"{path.resolve().as_uri()}?{how}"


def _inside(path: Path) -> tuple[set[str], set[str], str | None]:
    """Its tables, its revisions, and which versions may work with it."""
    try:
        with closing(sqlite3.connect(to_look_at(path), uri=True, timeout=PATIENCE)) as connection:
            named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {name for (name,) in named}
            if "alembic_version" not in tables:
                return tables, set(), None
            found = {n for (n,) in connection.execute("SELECT * FROM alembic_version")}
            oldest = None
            if "stamp" in tables:
                asked = connection.execute("SELECT value FROM stamp WHERE name = ?", (OLDEST,))
                (oldest,) = asked.fetchone() or (None,)
            return tables, found, oldest
    except sqlite3.Error as error:
        raise NotReady(f"{in_words(of_sqlite(error))}（{path}）") from error


def state_by(where: str, tables: set[str], found: set[str], oldest: str | None) -> State:
    """What a database is by its tables, its revisions and the shape that versions have to know which work with it. where:
    its name with a blank behind it. Raises NotReady."""
    known = revisions()
    if not tables or (tables == {"alembic_version"} and not found):
        return State.EMPTY
    if found == {known[-1]}:
        return State.READY
    if found and found <= set(known):
        return State.OLDER
    if found and tables >= OURS and oldest in known:
        return State.AHEAD
    if found and tables >= OURS:
        raise NotReady(
            f"{where}是更新的版本写的（{'、'.join(sorted(found))}），本版本只到 {known[-1]}，没有改动："
            "请换用新版本的程序，或者恢复升级以前的备份"
        )
    raise NotReady(f"{where}是别的程序的，没有改动：请检查 database_url，换一个空库")
