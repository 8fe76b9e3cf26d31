"""Facts of the machine on which the program runs: disks, permissions, clock, limits."""

import ctypes
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workflow.rules.upkeep_machine import Folder, OpenFile, Serving
from workflow.store.key_folder import too_open

LOCAL = ("127.0.0.1", "::1", "localhost")
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of timex.h."""
_TIMEX, _STATUS = 256, 40
"""Bytes that hold `struct timex` of every Linux, and where its `status` begins on one of 64 bits."""


def folder(path: Path, held: int = 0) -> Folder:
    """A folder and its disk. held: bytes of the store that lies there. One that cannot be looked at cannot be written
    either."""
    try:
        return _folder(path, held)
    except OSError:
        return Folder(str(path), 0, held, None, False)


def _folder(path: Path, held: int) -> Folder:
    if not hasattr(os, "statvfs"):  # Windows
        return Folder(str(path), shutil.disk_usage(path).free, held, None, os.access(path, os.W_OK))
    found = os.statvfs(path)
    read_only = bool(found.f_flag & os.ST_RDONLY)
    return Folder(
        str(path),
        found.f_bavail * found.f_frsize,
        held,
        found.f_favail / found.f_files if found.f_files else None,
        os.access(path, os.W_OK) and not read_only,
    )


def temporary() -> Folder:
    """The folder for temporary files."""
    return folder(Path(tempfile.gettempdir()))


def size_of(files: Iterable[Path]) -> int:
    """Bytes of files, without those that are gone."""
    return sum(one.stat().st_size for one in files if one.exists())


def open_files(wanted: Iterable[tuple[Path, int]]) -> list[OpenFile]:
    """Of these files with the permissions that they should have those that others may read."""
    return [
        OpenFile(str(path), stat.S_IMODE(path.stat().st_mode), mode)
        for path, mode in wanted
        if path.exists() and too_open(path)
    ]


def zone() -> timedelta:
    """How far the machine's own time is from UTC now."""
    return datetime.now().astimezone().utcoffset() or timedelta(0)


def synchronised() -> bool | None:
    """Whether the kernel says that a time server keeps its clock right, whichever program does that; None where it
    does not say. Nobody on the net is asked."""
    if not sys.platform.startswith("linux") or ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    asked = ctypes.create_string_buffer(_TIMEX)  # modes = 0: only read
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(asked)
    except (OSError, AttributeError):
        return None
    if answer < 0:
        return None
    status = int.from_bytes(asked.raw[_STATUS : _STATUS + 4], sys.byteorder)
    return not status & _UNSYNCHRONISED


def serving(settings: Mapping[str, Any]) -> Serving:
    """How `serve` would run here with these settings."""
    return Serving(
        host_is_local=settings["host"] in LOCAL,
        https=settings["https"],
        proxies=bool(settings["trusted_proxies"]),
        workers=settings["workers"],
        cores=os.cpu_count() or 1,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        most_files=_most_files(),
    )


def _most_files() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard
