"""What of a store's files is on the disk after a power cut, by what a program asked of the system (strace).

A file keeps what was written to it before it was last synced. What was written later may be there, whole or in part, or
not: the system writes it when it likes. Names come and go in their order, as on file systems with a journal.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STRACE = shutil.which("strace")
_CALLS = "trace=openat,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink"
_LINE = re.compile(r"^(?:\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class Disk:
    """The files below a folder. synced: what a power cut leaves of each; later: what was written since, in order;
    syncs: how often the program waited for the disk."""

    folder: Path
    synced: dict[str, bytearray] = field(default_factory=dict)
    later: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    syncs: int = 0

    def cut(self, to: Path, rng: random.Random | None = None) -> None:
        """Lay the files there as a power cut leaves them; rng: with some of what was written later."""
        to.mkdir()
        for path, synced in self.synced.items():
            content = bytearray(synced)
            for offset, written in self.later.get(path, ()):
                if rng is not None and rng.random() < 0.5:
                    _put(content, offset, written[: rng.randint(0, len(written))])
            (to / Path(path).name).write_bytes(content)


def _put(content: bytearray, offset: int, written: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(written)] = written


def watched(program: str, folder: Path, log: Path, **environ: str) -> Iterator[tuple[str, Disk]]:
    """Run a program (Python) under strace; at each line that it prints the line, and the disk as it is then. folder: of
    the files that are looked at, empty before."""
    assert STRACE is not None
    subprocess.run(
        [STRACE, "-f", "-qq", "-xx", "-s", "100000000", "-e", _CALLS, "-o", str(log), sys.executable, "-c", program],
        check=True, timeout=300, env={**os.environ, **environ},
    )  # fmt: skip
    disk, open_ = Disk(folder), dict[int, str]()
    with log.open(encoding="ascii") as lines:
        for line in lines:
            said = _LINE.match(line)
            if said is None:
                continue
            call, given, result = said[1], said[2], int(said[3])
            if result < 0:
                continue
            if call == "openat":
                path = _bytes(given).decode()
                if path.startswith(str(folder)) and not path.endswith("-shm"):
                    open_[result] = path
                    disk.synced.setdefault(path, bytearray())
                continue
            if call == "unlink":
                disk.synced.pop(_bytes(given).decode(), None)
                continue
            fd = int(given.split(",")[0])
            if call == "close":
                open_.pop(fd, None)
            elif call == "write" and fd == 1:
                yield _bytes(given).decode(), disk
            elif path := open_.get(fd, ""):
                _done(disk, call, path, given)


def _done(disk: Disk, call: str, path: str, given: str) -> None:
    if call == "pwrite64":
        offset = int(given.rsplit(",", 1)[1])
        disk.later.setdefault(path, []).append((offset, _bytes(given)))
    elif call in ("fsync", "fdatasync"):
        disk.syncs += 1
        for offset, written in disk.later.pop(path, ()):
            _put(disk.synced[path], offset, written)
    elif call == "ftruncate":
        length = int(given.rsplit(",", 1)[1])
        del disk.synced[path][length:]


def _bytes(given: str) -> bytes:
    text = _TEXT.search(given)
    assert text is not None, given[:200]
    return bytes.fromhex(text[1].replace("\\x", ""))
