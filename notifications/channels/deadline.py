"""An end to every conversation: a server that answers late, or a byte at a time, is hung up on."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer

Calls = set[Callable[[], None]]
"""How to hang up on each conversation that is under way."""
CONNECT_SECONDS = 10.0
WHOLE_SECONDS = 40.0
"""Longest conversation; well below the claim that a process has on a message."""


@contextmanager
def hang_up_after(
    seconds: float, open_socket: Callable[[], socket.socket | None], calls: Calls | None = None
) -> Iterator[Event]:
    """Close the socket under a conversation that lasts longer: whoever reads from it hears an end or
    fails. The event tells that it was hung up. calls: where others find how to hang up before."""
    hung_up = Event()

    def hang_up() -> None:
        hung_up.set()
        found = open_socket()
        if found is not None:
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    calls = set() if calls is None else calls
    calls.add(hang_up)
    try:
        yield hung_up
    finally:
        calls.discard(hang_up)
        timer.cancel()
