"""Two lanes of threads in one process: whoever works at the desk never takes the portal's threads.

A request goes into its lane by its address when all of it has come. The desk's lane is a queue with an
end: who comes when it is full is told so at once, by a page that asks them to come again.
"""

import logging

from flask import Flask, request
from waitress.channel import HTTPChannel
from waitress.task import ThreadedTaskDispatcher, WSGITask
from werkzeug.exceptions import ServiceUnavailable

from webui.api.document import PREFIX

PORTAL_THREADS = 4
DESK_THREADS = 2
"""Few: a page of the desk mostly computes, and every thread that computes slows the portal's down."""
WAITING_MOST = 100
"""Requests of the desk that wait for a thread; more are refused."""
HEALTH_THREADS = 3
"""One looks into the store for whether we are ready, one for figures (no more than one of each at a time), so that one
is always free to say that we live."""
HEALTH = ("/healthz", "/readyz", "/metrics")
COME_AGAIN_SECONDS = 5
BUSY = "gongkai.busy"
"""Under this name a request carries that its lane is full."""

# Requests that wait are how the lanes work, and no reason for a line in the log each time.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def of_the_desk(path: str) -> bool:
    """True for pages of staff and for calls of their programs; what applicants ask for is the portal's,
    also by API."""
    path = "/" + path.lstrip("/")
    if path.startswith(PREFIX):
        return not path.startswith(f"{PREFIX}/applications")
    return path == "/desk" or path.startswith("/desk/")


def of_health(path: str) -> bool:
    """True for what a watch over the server asks: it has a lane of its own."""
    return path in HEALTH


class Lanes:
    """What waitress calls a dispatcher: it gets each connection that has a whole request."""

    def __init__(self, portal: int = PORTAL_THREADS, desk: int = DESK_THREADS) -> None:
        self.portal, self.desk = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self.health = ThreadedTaskDispatcher()
        self.portal.set_thread_count(portal)
        self.desk.set_thread_count(desk)
        self.health.set_thread_count(HEALTH_THREADS)

    def add_task(self, task: HTTPChannel) -> None:
        asked = task.requests[0]
        lane = self.portal
        if not asked.error and of_health(asked.path):
            lane = self.health
        elif not asked.error and of_the_desk(asked.path):
            asked.refused = len(self.desk.queue) >= WAITING_MOST
            lane = self.portal if asked.refused else self.desk
        lane.add_task(task)

    @property
    def portal_waits(self) -> bool:
        """More requests of the portal wait than it has threads."""
        return len(self.portal.queue) > len(self.portal.threads)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads; who still computes after the time (seconds) is left behind."""
        ended = [
            lane.shutdown(cancel_pending, timeout=timeout)
            for lane in (self.portal, self.desk, self.health)
        ]
        return all(ended)


class Asked(WSGITask):
    """A request on its way into the application."""

    def get_environment(self) -> dict[str, object]:
        environ: dict[str, object] = super().get_environment()
        environ[BUSY] = getattr(self.request, "refused", False)
        return environ


def refuse_when_full(app: Flask) -> None:
    """Answer who finds the lane full with 503, before anything is asked of the store."""

    @app.before_request
    def full() -> None:
        if request.environ.get(BUSY):
            raise ServiceUnavailable(retry_after=COME_AGAIN_SECONDS)
