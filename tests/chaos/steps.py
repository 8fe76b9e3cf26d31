"""A work in a process of its own that ends, or whose disk is full, at a step that is told.

A step is whatever goes to the disk by Python (a file made, flushed, renamed), a chunk that is sealed or opened, and what
the work says of itself. The product knows of no such steps.
"""

import errno
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from workflow.service.backups import archive
from workflow.service.backups.told import CannotBackUp, CannotRestore
from workflow.store.sealed_stream import SealingWriter

Say = Callable[[str], None]
Work = Callable[[Say], object]
DONE, REFUSED, FAULT = 0, 2, 3
"""How such a process ends by itself: done, refused in words, or with an error that nobody expected."""


class Steps:
    """Counts the steps; at the one that is told it acts."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        self.at, self.act, self.passed = at, act, 0

    def step(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            self.act()

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*given: Any, **named: Any) -> Any:
            self.step()
            return work(*given, **named)

        return stepping

    @contextmanager
    def taken(self) -> Iterator[None]:
        names, plain = ("fsync", "replace", "rename", "mkdir"), os.open

        def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
            if flags & os.O_CREAT:
                self.step()
            return plain(path, flags, *given, **named)

        with (
            patch.multiple(os, **{name: self.around(getattr(os, name)) for name in names}),
            patch.object(os, "open", opened),
            patch.object(SealingWriter, "_put", self.around(SealingWriter._put)),
            patch.object(archive._Hashing, "write", self.around(archive._Hashing.write)),
        ):
            yield


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def dead() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def ended(work: Work, at: int, act: Callable[[], None], largest: int = -1) -> tuple[int, int, str]:
    """How a process ended in which the work was done: its exit code, or the signal below zero; how many steps it made, 0
    where it was killed; what it said when it refused. largest: bytes that a file may have; -1: any.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        code, said = FAULT, ""
        steps = Steps(at, act)
        try:
            if largest >= 0:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
            with steps.taken():
                work(lambda _: steps.step())
            code = DONE
        except (CannotBackUp, CannotRestore) as error:
            code, said = REFUSED, str(error)
        except BaseException as error:  # told to the test, which runs in the other process
            said = repr(error)
        os.write(write, f"{steps.passed} {said}".encode())
        os._exit(code)
    os.close(write)
    with os.fdopen(read) as told:
        passed, _, said = told.read().partition(" ")
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), int(passed or 0), said
