"""A folder to work in, for its owner alone, that goes away; what a work that was cut off left is found and removed.

A lock of SQLite says that somebody still works in one: it ends with the process, however that ends, on every system.
"""

import errno
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workflow.store.key_folder import make_folder

_NAME = ".gongkai-work-"
_LOCK = "lock"
_BEGINNING = 60
"""Seconds within which who made a folder has its lock."""


@contextmanager
def scratch(beside: Path) -> Iterator[tuple[Path, int]]:
    """A new folder in that one, which is made where it is not there; and how many were left by others that ended.

    Raises OSError.
    """
    make_folder(beside)
    left = remove_left(beside)
    folder = beside / f"{_NAME}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    lock = None
    try:
        try:
            lock = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(folder)) from error
        yield folder, left
    finally:
        if lock is not None:
            lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def remove_left(beside: Path) -> int:
    """Remove what is left of works that ended without it; how many."""
    dead = [one for one in beside.glob(f"{_NAME}*") if not _alive(one)]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def _alive(folder: Path) -> bool:
    if not (folder / _LOCK).exists():
        with suppress(OSError):
            return time.time() - folder.stat().st_mtime < _BEGINNING
        return False
    with suppress(sqlite3.Error):
        lock = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
            return False
        finally:
            lock.close()
    return True
