"""A command in a process of its own that is cut off at its N-th step: killed, or from there on without room on the disk.

A step is what can outlive the process: a commit, or a file of the data folder that is made, named, moved or taken away.
The product knows of no such point: commits are heard by SQLAlchemy's events, files by Python's audit hooks. The processes
are forks of one that has loaded the house and done nothing else.
"""

import os
import resource
import signal
import sys
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from gongkai import COMMANDS, command_of, main
from tests.workflow.service.sampling import quick_hashes
from workflow.store import standing_file

FILES = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod")
MIGRATIONS = "TESTS_MIGRATIONS"
"""The variable that names the folder of another version's migrations."""
NO_ROOM_AT_ALL = 1
"""Bytes that a file may have then."""
for _name in COMMANDS:
    if _name not in ("serve", "worker"):
        command_of(_name)


class Steps:
    """Counts the steps, and does something at the one that is named."""

    def __init__(self, folder: str, at: int, how: str) -> None:
        self.folder, self.at, self.how = folder, at, how
        self.number = 0

    def step(self) -> None:
        self.number += 1
        if self.number == self.at:
            if self.how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (NO_ROOM_AT_ALL, most))

    def heard(self, name: str, given: tuple[Any, ...]) -> None:
        if name == "open":
            writes = isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and isinstance(given[0], str) and given[0].startswith(self.folder):
                self.step()
        elif name in FILES and str(given[0]).startswith(self.folder):
            self.step()


FORKS = get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def run(folder: Path, command: str, at: int, how: str = "kill", **env: str) -> tuple[int, int, str]:
    """Run a command over the data folder, cut off at that step (0: never). Its exit code (negative: the signal), how many
    steps it took, what it said."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    counted = folder.parent / "counted"
    counted.write_text("0")
    here, there = FORKS.Pipe()
    process = FORKS.Process(
        target=_work, args=(str(folder), command, at, how, there, str(counted), env)
    )
    process.start()
    there.close()
    said = b"".join(iter(partial(os.read, here.fileno(), 65536), b""))  # a file would have no room
    process.join(120)
    assert process.exitcode is not None, "it did not end"
    return process.exitcode, int(counted.read_text() or 0), said.decode()


def _work(
    folder: str,
    command: str,
    at: int,
    how: str,
    said: Connection,
    counted: str,
    env: dict[str, str],
) -> None:
    for name in [name for name in os.environ if name.startswith("GONGKAI_")]:
        del os.environ[name]
    os.environ.update({"GONGKAI_DATA_DIR": folder, **env})
    if MIGRATIONS in env:
        standing_file.FOLDER = Path(env[MIGRATIONS])
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    said.close()
    steps = Steps(folder, at, how)
    event.listen(Engine, "commit", lambda _: steps.step())
    sys.addaudithook(steps.heard)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    code = 1
    try:
        with quick_hashes():
            main(command.split(), standalone_mode=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        sys.stdout.flush()
        sys.stderr.flush()
        Path(counted).write_text(str(steps.number))
    sys.exit(code)
