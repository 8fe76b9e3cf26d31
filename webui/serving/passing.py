"""Connections that go from one process to another: the portal has a process of its own.

Threads of one process compute in turns, so that in the same process every page of the desk slows the
portal's down, also from another lane. Of several processes the first one lets everybody in and answers the
portal; a connection on which the desk is asked goes, with what has been read of it, to the processes of the
desk, and comes back when it asks for a page of the portal. What cannot be passed on is answered where it is.
"""

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from waitress import wasyncore

from webui.serving.lanes import of_the_desk

LINE_MOST = 8192
"""Bytes of a first line; what is longer is not looked at here."""
log = logging.getLogger("gongkai.serve")
HERE, ANYWHERE = b"=", b"+"


def path_asked(received: bytes) -> str | None:
    """The path in the first line of a request; None while the line has not all come, "" for no request."""
    line, end, _ = received.lstrip(b"\r\n").partition(b"\n")
    if not end and len(line) < LINE_MOST:
        return None
    words = line.split()
    if len(words) < 2:
        return ""
    try:
        return unquote(urlsplit(words[1].decode("latin-1")).path)
    except ValueError:
        return ""


@dataclass(frozen=True)
class Share:
    """One process's part. desk: it answers the desk, else the portal. inbox: where connections come to it
    from the others, to_others: where they go from it."""

    desk: bool
    inbox: socket.socket
    to_others: socket.socket

    def is_own(self, path: str) -> bool:
        return of_the_desk(path) is self.desk

    def pass_on(self, one: socket.socket, address: tuple, received: bytes, mark: bytes) -> bool:
        """Give the connection away, with what was read of it; False if nobody takes it now.

        mark: HERE where those of its lane are to answer it, ANYWHERE where they help out.
        """
        said = mark + f"{address[0]} {address[1]}\n".encode() + received
        try:
            socket.send_fds(self.to_others, [said], [one.fileno()])
        except OSError:
            return False
        return True


def shares() -> tuple[Share, Share]:
    """The part of the process of the portal and the part of all processes of the desk."""
    to_portal, at_portal = _pair()
    to_desk, at_desk = _pair()
    return Share(False, at_portal, to_desk), Share(True, at_desk, to_portal)


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two ends that keep messages apart. They never wait."""
    try:
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    except OSError:  # macOS has none
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for one in pair:
        one.setblocking(False)
    return pair


class Inbox(wasyncore.dispatcher):
    """Takes in the connections that other processes pass on. take: gets each with its address, what was
    read of it, and whether it is to be answered here whatever it asks."""

    def __init__(
        self,
        inbox: socket.socket,
        take: Callable[[socket.socket, tuple[str, int], bytes, bool], None],
        map: dict[int, wasyncore.dispatcher],
    ) -> None:
        super().__init__(inbox, map=map)
        self._take = take

    def writable(self) -> bool:
        return False

    def handle_read(self) -> None:
        # Another process of the desk may have been quicker.
        with suppress(BlockingIOError):
            said, numbers, _, _ = socket.recv_fds(self.socket, 4 * LINE_MOST, 1)
            if not numbers:  # the process has all files open that it may have
                log.warning("a connection could not be taken over")
                return
            place, _, received = said[1:].partition(b"\n")
            host, _, port = place.decode().rpartition(" ")
            one = socket.socket(fileno=numbers[0])
            self._take(one, (host, int(port)), received, said[:1] == ANYWHERE)

    def handle_error(self) -> None:
        """One connection that ends oddly ends alone: the inbox stays open."""
        log.exception("a connection that was passed on failed")
