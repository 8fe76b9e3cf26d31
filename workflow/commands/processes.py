"""Work shared out to processes of its own: what ends or holds up one of them is told as lost, and the rest goes on."""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")
READY = b"ready"


@dataclass(frozen=True, slots=True)
class Lost:
    """Work that gave nothing. why: in words, for people."""

    why: str


SLOW = Lost("处理得太久，已经停下")
ENDED = Lost("处理时程序中断")


class _Process:
    """One process with the end of its pipe. place: of what it has in hand; until: when that must be done."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far,), daemon=True)
        with _deaf():
            self.process.start()
        far.close()
        self.ready, self.place, self.until = False, -1, 0.0

    @property
    def idle(self) -> bool:
        return self.ready and self.place < 0

    def hand(self, work: Callable[[Any], Any], place: int, given: Any, seconds: float) -> bool:
        """Give it work; False where it has ended meanwhile."""
        try:
            self.pipe.send((work, given))
        except OSError:
            return False
        self.place, self.until = place, monotonic() + seconds
        return True

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Processes:
    """So many processes, begun with the first work and ended with the block. seconds: that one piece of work may
    take; a process that takes longer is ended, and another begun in its place."""

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self._all: list[_Process] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        for one in self._all:
            one.end()

    def run(
        self, work: Callable[[Given], Found], given: Sequence[Given]
    ) -> Iterator[tuple[int, Found | Lost]]:
        """The place of each and what the work gave of it, as they are done. work: a function of a module.

        Raises RuntimeError where no process can be begun at all.
        """
        waiting, left = deque(range(len(given))), len(given)
        while left:
            while len(self._all) < min(self.count, left):
                self._all.append(_Process())
            for one in [one for one in self._all if one.idle][: len(waiting)]:
                if one.hand(work, waiting[0], given[waiting[0]], self.seconds):
                    waiting.popleft()
                else:
                    self._drop(one)
            # Where all have ended while they waited, others are begun first: of none nothing would ever come.
            for place, found in self._told() if self._all else ():
                left -= 1
                yield place, found

    def _told(self) -> list[tuple[int, Any]]:
        """What came from the processes, once something did or the time of one is over."""
        busy = [one.until for one in self._all if one.place >= 0]
        longest = max(0.0, min(busy) - monotonic()) if busy else None
        came = wait([one.pipe for one in self._all], longest)
        told: list[tuple[int, Any]] = []
        for one in list(self._all):
            if one.pipe in came:
                told += self._heard(one)
            elif one.place >= 0 and monotonic() >= one.until:
                told.append((one.place, SLOW))
                self._drop(one)
        return told

    def _heard(self, one: _Process) -> list[tuple[int, Any]]:
        try:
            said = one.pipe.recv()
        except (EOFError, OSError):
            if not one.ready:
                raise RuntimeError("no process could be begun") from None
            lost = [(one.place, ENDED)] if one.place >= 0 else []
            self._drop(one)
            return lost
        if said == READY:
            one.ready = True
            return []
        place, one.place = one.place, -1
        return [(place, said)]

    def _drop(self, one: _Process) -> None:
        self._all.remove(one)
        one.end()


def _serve(pipe: Connection) -> None:
    """What a process does: work after work, until the other end is closed."""
    pipe.send(READY)
    while True:
        try:
            work, given = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            found = work(given)
        except Exception as error:  # whatever a file does to a reader: it is told in its row
            found = Lost(f"处理时程序出错（{type(error).__name__}）")
        with suppress(OSError):  # nobody is there any more: the next look at the pipe says so
            pipe.send(found)


@contextmanager
def _deaf() -> Iterator[None]:
    """What is begun here does not hear Ctrl-C: whoever began it ends it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
