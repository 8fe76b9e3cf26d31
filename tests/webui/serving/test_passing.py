"""Connections go to the process whose page they ask for: two servers in threads stand for two processes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.webui.serving.test_connections import WHOLE, Running, answer, got, running
from webui.serving import passing
from webui.serving.connections import listening
from webui.serving.lanes import Lanes
from webui.serving.passing import path_asked, shares

DESK = WHOLE.replace(b"/ ", b"/desk/ ", 1)


@pytest.mark.parametrize(
    ("received", "path"),
    [
        (b"GET /desk/?page=1 HTTP/1.1\r\nHost: x\r\n", "/desk/"),
        (b"\r\nGET / HTTP/1.1\r\n", "/"),
        (b"GET http://town.example/desk/cases HTTP/1.1\r\n", "/desk/cases"),
        (b"GET /%64esk/ HTTP/1.1\r\n", "/desk/"),
        (b"GET /desk/ HT", None),
        (b"", None),
        (b"nonsense\r\n", ""),
        (b"GET //[ HTTP/1.1\r\n", ""),
        (b"GET /" + b"x" * passing.LINE_MOST, "/" + "x" * passing.LINE_MOST),
    ],
)
def test_the_first_line_says_what_is_asked_once_it_is_there(received, path):
    assert path_asked(received) == path


@contextmanager
def two() -> Iterator[tuple[Running, Running]]:
    """The process of the portal and one of the desk."""
    for_portal, for_desk = shares()
    sockets = listening("127.0.0.1", 0)
    others = [one.dup() for one in sockets]
    with (
        running(sockets, share=for_portal, lanes=Lanes(portal=1, desk=1)) as portal,
        running(others, share=for_desk, lanes=Lanes(portal=1, desk=1)) as desk,
    ):
        yield portal, desk


def begun(there: Running) -> bool:
    return there.pages.begun.acquire(timeout=5)


def none_begun(there: Running) -> bool:
    return not there.pages.begun.acquire(blocking=False)


def test_each_process_answers_its_own_and_a_connection_goes_to_and_fro():
    with two() as (portal, desk), portal.opened() as one:
        for sent, there, other in ((WHOLE, portal, desk), (DESK, desk, portal)) * 3:
            one.sendall(sent)
            assert answer(one).read() == b"page "
            assert begun(there) and none_begun(other)


def test_a_first_line_that_comes_in_pieces_is_waited_for():
    with two() as (portal, desk), portal.opened(b"GET /de") as one:
        one.sendall(b"sk/ HTTP/1.1\r")
        assert none_begun(portal) and none_begun(desk)
        one.sendall(b"\nHost: x\r\n\r\n")
        assert answer(one).read() == b"page "
        assert begun(desk) and none_begun(portal)


def test_a_body_goes_along():
    with two() as (portal, desk):
        head = b"POST /desk/ HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n"
        assert got(portal.opened(head + b"1" * 50_000)) == b"page " + b"1" * 50_000
        assert begun(desk)


def test_where_nobody_takes_it_it_is_answered_where_it_is():
    with two() as (portal, desk):
        portal.server._share.to_others.close()
        assert portal.get("/desk/") == b"page "
        assert begun(portal) and none_begun(desk)


def test_what_cannot_be_taken_over_does_not_close_the_way(caplog):
    with two() as (portal, desk):
        portal.server._share.to_others.send(passing.HERE + b"127.0.0.1 1\n")
        assert portal.get("/desk/") == b"page "
        assert begun(desk) and "could not be taken over" in caplog.text


def test_the_desks_processes_help_out_where_the_portal_has_a_queue():
    with two() as (portal, desk):
        portal.pages.go.clear()
        held = [portal.opened(WHOLE)]
        assert begun(portal)
        waiting = [portal.opened(WHOLE) for _ in range(6)]
        for _ in range(4):
            assert begun(desk)
        portal.pages.go.set()
        assert [got(one) for one in held + waiting] == [b"page "] * 7


def test_who_asks_at_a_stop_is_not_lost_between_two_processes():
    with two() as (portal, desk):
        desk.pages.go.clear()
        asked = portal.opened(DESK)
        assert begun(desk)
        threads = [threading.Thread(target=there.server.stop) for there in (portal, desk)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        desk.pages.go.set()
        assert got(asked) == b"page "
