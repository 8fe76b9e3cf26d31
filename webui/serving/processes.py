"""Several processes for one port: made from one that has loaded everything, watched, made again.

The parent binds the port and loads the application; each child shares both, opens its own connections to
the store, and lets people in as it has time. The parent itself answers nobody: it makes a child anew that
died, and passes a signal on. A child that loses its parent ends as if it had been told to.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

AGAIN_SECONDS = 1.0
"""A child that died is not made anew sooner than so long after it was made."""
LONGEST_WAIT_SECONDS = 30.0
NOTHING_TO_DO = 75
"""The exit code of a child that is not to be made anew."""

_ENDING = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("gongkai.serve")


def can_share() -> bool:
    """Whether the system can make a process from another (Windows cannot)."""
    return hasattr(os, "fork")


def until_signalled(stop: Callable[[], None]) -> None:
    """Call `stop` at SIGTERM and SIGINT."""
    for name in _ENDING:
        signal.signal(name, lambda *_: stop())


class Parent:
    """The children of one server, each by what it does until it is told to end; that returns its exit
    code. sockets: what they share."""

    def __init__(
        self,
        acts: Sequence[Callable[[], int]],
        sockets: Sequence[socket.socket],
        grace_seconds: float,
    ) -> None:
        self.acts = acts
        self.sockets = sockets
        self.grace = grace_seconds
        self._children: dict[int, int] = {}
        self._made: dict[int, float] = {}
        self._failed: dict[int, int] = dict.fromkeys(range(len(acts)), 0)
        self._due: dict[int, float] = dict.fromkeys(range(len(acts)), 0.0)
        self._stopped = False

    def run(self) -> None:
        """Make the children and watch them until SIGTERM or SIGINT; then see them end, those that do not
        within the grace by force."""
        self._lifeline, self._held = os.pipe()
        wake, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        until_signalled(self._stop)
        gc.collect()
        # What is loaded stays in pages that all processes share: the collector does not touch it.
        gc.freeze()
        while not self._stopped:
            self._make_due()
            pause = min((due for due in self._due.values()), default=None)
            wait = None if pause is None else max(0.0, pause - time.monotonic())
            select.select([wake], [], [], wait)
            with suppress(BlockingIOError):
                os.read(wake, 4096)
            self._reap()
        self._end(wake)

    def _stop(self) -> None:
        self._stopped = True

    def _make_due(self) -> None:
        now = time.monotonic()
        for slot in [slot for slot, due in self._due.items() if due <= now]:
            del self._due[slot]
            self._made[slot] = now
            self._children[self._child(slot)] = slot

    def _child(self, slot: int) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal that comes between the two must find the child with handlers of its own.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        made = os.fork()
        if made:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            return made
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for name in (*_ENDING, signal.SIGCHLD):
                signal.signal(name, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            os.close(self._held)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            code = self.acts[slot]()
        except Exception:
            log.exception("a process of the server failed")
        finally:
            # What the parent registered for its own end is not this process's to do.
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _reap(self) -> None:
        while self._children:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if not ended:
                return
            slot = self._children.pop(ended)
            code = os.waitstatus_to_exitcode(status)
            if self._stopped or code == NOTHING_TO_DO:
                continue
            now = time.monotonic()
            long_lived = now - self._made[slot] > LONGEST_WAIT_SECONDS
            self._failed[slot] = 0 if long_lived else self._failed[slot] + 1
            wait = min(AGAIN_SECONDS * 2 ** max(0, self._failed[slot] - 1), LONGEST_WAIT_SECONDS)
            self._due[slot] = now if long_lived else self._made[slot] + wait
            log.warning("process %d of the server ended (%d) and is started anew", ended, code)

    def _end(self, wake: int) -> None:
        for one in self.sockets:
            one.close()
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)
        until = time.monotonic() + self.grace
        while self._children and (left := until - time.monotonic()) > 0:
            select.select([wake], [], [], min(left, 1.0))
            with suppress(BlockingIOError):
                os.read(wake, 4096)
            self._reap()
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        signal.set_wakeup_fd(-1)
