"""Connections of the server on loopback: half-sent requests, slow clients, and a stop in the midst."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from config.settings import load
from webui.api.problems import MIMETYPE
from webui.serving import connections, lanes
from webui.serving.connections import Server, listening
from webui.serving.lanes import Lanes

HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"
WHOLE = HALF + b"\r\n"


class Pages:
    """An application of which each page waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Event()
        self.go.set()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.begun.release()
        assert self.go.wait(20)
        sent = environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"busy" if environ[lanes.BUSY] else b"page " + sent]


class Running:
    """A server in a thread, and who comes to it."""

    def __init__(self, server: Server, port: int, pages: Pages) -> None:
        self.server, self.port, self.pages = server, port, pages
        self.thread = threading.Thread(target=server.run, daemon=True)
        self.thread.start()

    def opened(self, sent: bytes = b"") -> socket.socket:
        one = socket.create_connection(("127.0.0.1", self.port), 20)
        one.sendall(sent)
        return one

    def get(self, path: str = "/") -> bytes:
        return got(self.opened(WHOLE.replace(b"/ ", path.encode() + b" ", 1)))


def answer(one: socket.socket) -> HTTPResponse:
    response = HTTPResponse(one)
    response.begin()
    return response


def got(one: socket.socket) -> bytes:
    with one:
        return answer(one).read()


@contextmanager
def running(sockets: list[socket.socket] | None = None, **given: Any) -> Iterator[Running]:
    pages = Pages()
    sockets = sockets or listening("127.0.0.1", 0)
    port = sockets[0].getsockname()[1]
    there = Running(Server(pages, sockets, load({}), **given), port, pages)
    try:
        yield there
    finally:
        pages.go.set()
        there.server.stop()
        there.thread.join(30)


def closed(one: socket.socket, within: float = 10) -> bool:
    """The other side has ended it."""
    one.settimeout(within)
    try:
        return one.recv(100) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def test_three_hundred_half_sent_requests_keep_nobody_out():
    with running() as there:
        half = [there.opened(HALF) for _ in range(300)]
        assert there.get() == b"page "
        for one in half:
            one.close()


def test_where_all_places_are_taken_who_waits_longest_makes_room():
    with running(most=50) as there:
        half = [there.opened(HALF) for _ in range(60)]
        assert there.get() == b"page "
        half[-1].sendall(b"\r\n")
        assert closed(half[0])
        assert got(half[-1]) == b"page "
        for one in half[:-1]:
            one.close()


def test_who_was_asked_is_not_sent_away_to_make_room():
    with running(most=50, lanes=Lanes(portal=50, desk=1)) as there:
        there.pages.go.clear()
        asked = [there.opened(WHOLE) for _ in range(40)]
        for _ in asked:
            assert there.pages.begun.acquire(timeout=20)
        half = [there.opened(HALF) for _ in range(20)]
        there.pages.go.set()
        assert [got(one) for one in asked] == [b"page "] * 40
        for one in half:
            one.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/v1/cases", "application/problem+json"), ("/apply", "text/plain; charset=utf-8")],
)
def test_what_is_too_much_to_be_read_is_told_to_programs_as_a_problem(path: str, kind: str) -> None:
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n".encode()
    with running() as there, there.opened(sent) as one:
        found = answer(one)
        assert (found.status, found.headers["Content-Type"]) == (413, kind)
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        text = found.read()
        assert kind != MIMETYPE or json.loads(text)["status"] == 413


@pytest.mark.parametrize("begun", [b"", HALF, HALF + b"Content-Length: 9\r\n\r\nab"])
def test_a_request_that_does_not_come_to_its_end_is_dropped(begun, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1)
    monkeypatch.setattr(connections, "BODY_SECONDS", 1)
    with running() as there, there.opened(begun) as one:
        assert closed(one)
        assert there.get() == b"page "


def test_a_byte_now_and_then_does_not_prolong_the_time(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 2)
    with running() as there, there.opened(HALF) as one:
        began = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() < began + 20:
                one.sendall(b"x")
                time.sleep(0.2)
        assert time.monotonic() < began + 15


def test_a_body_that_comes_slowly_but_steadily_is_waited_for(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1)
    monkeypatch.setattr(connections, "BODY_SECONDS", 1)
    monkeypatch.setattr(connections, "SLOWEST_BYTES", 10)
    with running() as there:
        one = there.opened(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n")
        for _ in range(6):
            one.sendall(b"0123456789")
            time.sleep(0.6)
        assert got(one) == b"page " + b"0123456789" * 6


def test_who_holds_too_much_of_the_memory_is_dropped_from_the_longest_on(monkeypatch):
    monkeypatch.setattr(connections, "HELD_MOST", 150_000)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n"
    with running() as there:
        first = there.opened(head + b"1" * 100_000)
        time.sleep(0.2)
        second = there.opened(head + b"2" * 100_000)
        assert closed(first)
        second.sendall(b"2")
        assert got(second) == b"page " + b"2" * 100_001


def test_what_is_under_way_is_answered_and_nobody_else_let_in_after_a_stop():
    with running() as there:
        there.pages.go.clear()
        asked, idle, half = there.opened(WHOLE), there.opened(), there.opened(HALF)
        sends = there.opened(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
        assert there.pages.begun.acquire(timeout=20)
        there.server.stop()
        assert closed(idle) and closed(half)
        with pytest.raises(ConnectionRefusedError):
            there.opened(WHOLE)
        sends.sendall(b"b")
        assert there.pages.begun.acquire(timeout=20)
        assert there.thread.is_alive()
        there.pages.go.set()
        assert [got(asked), got(sends)] == [b"page ", b"page ab"]
        there.thread.join(10)
        assert not there.thread.is_alive()


def test_a_stop_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(connections, "DRAIN_SECONDS", 1)
    with running() as there:
        there.pages.go.clear()
        with there.opened(WHOLE) as asked:
            assert there.pages.begun.acquire(timeout=20)
            there.server.stop()
            there.thread.join(10)
            assert not there.thread.is_alive()
            assert closed(asked)


def test_a_connection_is_kept_for_the_next_page():
    with running() as there:
        one = HTTPConnection("127.0.0.1", there.port, timeout=20)
        for _ in range(3):
            one.request("GET", "/")
            first = one.sock
            assert one.getresponse().read() == b"page "
            assert one.sock is first and first is not None
        one.close()
