"""Connections of one process: how many there may be, how long each may take, and how they end.

What waitress 3.0 does by itself: it stops accepting at 100 connections, closes one that was silent for
two minutes, and looks every half minute. So 100 half-sent requests keep everybody out, and one byte a
minute holds a connection for ever; SIGTERM ends the process in the midst of an answer. Here a request has
a deadline from its first byte, the connection that waits longest makes room for a new one, and a server
that is stopped answers first what it was asked.
"""

import json
import logging
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from webui.headers import OF_THE_SERVER
from webui.serving.lanes import Asked, Lanes
from webui.serving.passing import ANYWHERE, HERE, Inbox, Share, path_asked
from workflow.service.files import MEGABYTE, TOGETHER

CONNECTIONS_MOST = 1000
HEAD_SECONDS = 15
"""From the first byte of a request, or from the connection, until all its headers are there."""
BODY_SECONDS = 30
SLOWEST_BYTES = 2048
"""A body has BODY_SECONDS, and a second more for every so many bytes that came."""
IDLE_SECONDS = 75
"""A connection on which a request was answered is kept so long for the next one."""
STALLED_SECONDS = 60
"""Who takes nothing of an answer for so long does not want it."""
HELD_MOST = 512 * MEGABYTE
"""Bytes of requests that are still coming, in memory, of all connections together."""
DRAIN_SECONDS = 20
LAST_SECONDS = 0.2
"""After a stop, until the door closes: who knocked before it is still let in and heard."""
LOOK_SECONDS = 1
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

log = logging.getLogger("gongkai.serve")


def _problem(status: int) -> tuple[str, list[tuple[str, str]], bytes]:
    """A problem of the API as waitress takes it."""
    from webui.api.problems import MIMETYPE, usual_problem  # which hangs on all of the API

    said = json.dumps(usual_problem(status), ensure_ascii=False).encode()
    return f"{status} {HTTPStatus(status).phrase}", [("Content-Type", MIMETYPE)], said


class Unread(ErrorTask):
    """The answer to a request that could not be read. A program that sends too much gets a problem as with any other answer."""

    def execute(self) -> None:
        error, path = self.request.error, getattr(self.request, "path", "")
        if error.code == TOO_LARGE and path.startswith("/api/"):
            error.to_response = lambda ident=None: _problem(error.code)
        super().execute()

    def build_response_header(self) -> bytes:
        self.response_headers += OF_THE_SERVER.items()
        head: bytes = super().build_response_header()
        return head


class Connection(HTTPChannel):
    """A connection, with the moment at which the request began that is coming in now."""

    task_class = Asked
    error_task_class = Unread

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.began = self.creation_time
        self.was_asked = False
        self._line = b""

    def received(self, data: bytes) -> bool:
        share = self.server.share
        if share is not None and self.request is None and not self.under_way:
            if not self._line:
                self.began = time.time()
            data, self._line = self._line + data, b""
            path = path_asked(data)
            if path is None:
                self._line = data
                return False
            if self._passed_on(share, path, data):
                return False
        return self.take(data)

    def _passed_on(self, share: Share, path: str, data: bytes) -> bool:
        """Another process answers it: what is not its own, and of what is the portal's own what would
        have to wait."""
        mark = HERE
        if share.is_own(path):
            if share.desk or not self.server.task_dispatcher.portal_waits:
                return False
            mark = ANYWHERE
        if self.server.stopped or not share.pass_on(self.socket, self.addr, data, mark):
            return False
        self.handle_close()
        return True

    def take(self, data: bytes) -> bool:
        """What came is for this process."""
        before = self.request
        done: bool = super().received(data)
        if self.requests:
            self.was_asked = True
        if self.request is not before:
            self.began = time.time()
        return done

    @property
    def under_way(self) -> bool:
        """It asked something and has not got all of the answer."""
        return bool(self.requests or self.total_outbufs_len)

    @property
    def sends_body(self) -> bool:
        """The headers of a request are here, and its body is coming."""
        return self.request is not None and self.request.headers_finished

    @property
    def held(self) -> int:
        """Bytes of a request that is still coming."""
        return len(self._line) + (self.request.body_bytes_received if self.request else 0)

    def overdue(self, now: float) -> bool:
        """True if the other side has had its time (seconds since the epoch)."""
        if self.total_outbufs_len:
            return self.last_activity < now - STALLED_SECONDS
        if self.requests:
            return False
        if self.request is None and not self._line:
            return self.last_activity < now - (IDLE_SECONDS if self.was_asked else HEAD_SECONDS)
        patience = float(HEAD_SECONDS)
        if self.sends_body:
            patience += BODY_SECONDS + self.held / SLOWEST_BYTES
        return self.began < now - patience


class Door(TcpWSGIServer):
    """One listening socket of the server."""

    channel_class = Connection
    active_channels: dict[int, Connection]
    share: Share | None = None
    stopped = False

    def maintenance(self, now: float) -> None:
        """Close what is overdue, and what holds too much."""
        for connection in self.active_channels.values():
            if connection.overdue(now):
                connection.will_close = True
        held = sum(connection.held for connection in self.active_channels.values())
        for connection in self._waiting():
            if held <= HELD_MOST:
                break
            held -= connection.held
            connection.will_close = True

    def handle_accept(self) -> None:
        """Let somebody in. Where all places are taken, who has waited longest without asking goes."""
        if len(self._map) >= self.adj.connection_limit - 1:
            for connection in self._waiting():
                connection.handle_close()
                break
        super().handle_accept()

    def take(
        self, one: socket.socket, address: tuple[str, int], received: bytes, here: bool
    ) -> None:
        """Go on with a connection that another process let in."""
        connection = self.channel_class(self, one, address, self.adj, map=self._map)
        (connection.take if here else connection.received)(received)

    def _waiting(self) -> Iterator[Connection]:
        """Those that are owed nothing, from the one that has been so longest."""
        waiting = [c for c in self.active_channels.values() if not c.under_way]
        return iter(sorted(waiting, key=lambda c: c.began if c.held else c.last_activity))


class Server:
    """The pages behind listening sockets, until stopped."""

    def __init__(
        self,
        app: Callable[..., Any],
        sockets: Iterable[socket.socket],
        settings: Mapping[str, Any],
        *,
        most: int = CONNECTIONS_MOST,
        lanes: Lanes | None = None,
        share: Share | None = None,
    ) -> None:
        upload = (TOGETHER * settings["upload_megabytes"] + 1) * MEGABYTE
        sockets = list(sockets)
        adjustments = Adjustments(
            sockets=sockets,
            ident=None,
            # Which proxies are believed says webui/proxies.py, alike for every server.
            trusted_proxy=None,
            clear_untrusted_proxy_headers=False,
            # Files that may come in are held in memory until they are checked, never in a temporary file.
            inbuf_overflow=upload,
            max_request_body_size=upload * 2,
            connection_limit=_files_allowed(most),
            cleanup_interval=LOOK_SECONDS,
            asyncore_loop_timeout=LOOK_SECONDS,
            # select() knows no more than 1024 of what is open.
            asyncore_use_poll=True,
        )
        self._map: dict[int, wasyncore.dispatcher] = {}
        self._lanes = lanes or Lanes()
        self._doors = [
            Door(
                app,
                self._map,
                share is None or not share.desk,
                one,
                dispatcher=self._lanes,
                adj=adjustments,
                sockinfo=(one.family, one.type, one.proto, one.getsockname()),
                bind_socket=False,
            )
            for one in sockets
        ]
        self._share = share
        if share is not None:
            Inbox(share.inbox, self._doors[0].take, self._map)
            for door in self._doors:
                door.share = share
        self._stopped = False

    def stop(self) -> None:
        """Answer what was asked, let nobody in any more, then let `run` return. May be called by a signal
        and from any thread."""
        if not self._stopped:
            self._stopped = True
            self._doors[0].pull_trigger()

    def run(self) -> int:
        """Serve until stopped. Returns how many requests were cut off after DRAIN_SECONDS."""
        while not self._stopped:
            self._turn()
        came = time.monotonic() + LAST_SECONDS
        while time.monotonic() < came:
            self._turn()
        for door in self._doors:
            door.accepting, door.stopped = False, True
            wasyncore.dispatcher.close(door)
        began = time.monotonic()
        # Another process may have passed something on just before it was stopped as well.
        least, until = began + (0.5 if self._share else 0), began + DRAIN_SECONDS
        while time.monotonic() < (until if self._connections() else least):
            for connection in self._connections():
                if not connection.under_way and not connection.sends_body:
                    connection.will_close = True
            self._turn()
        left = sum(connection.under_way for connection in self._connections())
        if left:
            log.warning("%d requests were not answered within %d s", left, DRAIN_SECONDS)
        self._lanes.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)
        return left

    def _turn(self) -> None:
        wasyncore.loop(
            timeout=0.05 if self._stopped else LOOK_SECONDS, use_poll=True, map=self._map, count=1
        )

    def _connections(self) -> list[Connection]:
        return [one for one in list(self._map.values()) if isinstance(one, Connection)]


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen there: one, or one for each kind of address that the name has.

    Raises ValueError for an address that cannot be found, OSError where address and port cannot be had.
    """
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, address in Adjustments(host=host, port=port).listen:
            one = socket.socket(family, kind, protocol)
            sockets.append(one)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if sys.platform != "win32":
                # Else the port is not to be had for a minute after a stop.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            one.listen(1024)
            one.setblocking(False)
    except OSError:
        for one in sockets:
            one.close()
        raise
    return sockets


def _files_allowed(most: int) -> int:
    """So many connections, or as many as the system lets a process open beside the store's files."""
    if sys.platform == "win32":
        # Its select() knows 512, and there is no poll().
        return min(most, 400)
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else max(min(most, soft - 200), 50)
