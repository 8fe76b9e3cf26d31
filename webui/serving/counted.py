"""What is noted of every request: its number, how it was answered and how long that took; never who asked for what.

The number (编号) comes from a proxy that is named in `trusted_proxies` where it gives one that is well formed, else it is
made here. It stands in the answer, in every line of the log that is written meanwhile and on the page of an error. The line
of a request names the route and not the address, which has numbers of cases in it.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from webui.api.document import PREFIX
from webui.serving.figures import Figures
from webui.serving.lanes import of_health, of_the_desk
from workflow.service.log_lines import ACCESS, FIELDS, REQUEST

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NUMBER, ROUTE = "gongkai.request", "gongkai.route"
"""Under these names a request carries its number and the route that answers it."""
GIVEN, HEADER = "HTTP_X_REQUEST_ID", "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
access = logging.getLogger(ACCESS)


def count_requests(app: Flask, figures: Figures, *, addresses: bool = False) -> None:
    """Note every request of the application. addresses: the line in the log has the visitor's as well."""
    app.url_value_preprocessor(_route)
    app.wsgi_app = _counted(app.wsgi_app, figures, addresses)  # type: ignore[method-assign]  # Flask's way


def _route(endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else None


def believe_number(environ: "WSGIEnvironment", *, named: bool) -> None:
    """What a request says of its own number: a named proxy is believed, nobody else."""
    given = environ.pop(GIVEN, "")
    if named and WELL_FORMED.fullmatch(given):
        environ[NUMBER] = given
        REQUEST.set(given)


def kind_of(path: str) -> str:
    """One of `figures.KINDS`."""
    if of_health(path):
        return "health"
    if path.startswith("/static/"):
        return "static"
    if path.startswith(PREFIX):
        return "api"
    return "desk" if of_the_desk(path) else "portal"


def _counted(serve: "WSGIApplication", figures: Figures, addresses: bool) -> "WSGIApplication":
    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        environ[NUMBER] = secrets.token_hex(6)
        token = REQUEST.set(environ[NUMBER])
        told: list[tuple[int, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[..., Any]:
            size = next((value for name, value in headers if name.lower() == "content-length"), "-")
            told[:] = [(int(status[:3]), size)]
            return start_response(status, [*headers, (HEADER, environ[NUMBER])], *more)

        try:
            return serve(environ, start)
        finally:
            took = time.perf_counter() - began
            status, size = told[0] if told else (500, "-")
            kind = kind_of(environ.get("PATH_INFO", ""))
            figures.answered(kind, status, took)
            if kind != "health":
                _note(environ, kind, status, took, size, addresses)
            REQUEST.reset(token)

    return served


def _note(
    environ: "WSGIEnvironment", kind: str, status: int, took: float, size: str, addresses: bool
) -> None:
    """The line of a request; those that only look whether we live make none."""
    if not access.isEnabledFor(logging.INFO):
        return
    method = environ.get("REQUEST_METHOD", "")
    said: dict[str, Any] = {
        "method": method if method in METHODS else "OTHER",
        "route": environ.get(ROUTE) or "-",
        "status": status,
        "ms": round(took * 1000, 1),
        "bytes": size,
        "lane": kind,
    }
    if addresses:
        said["address"] = environ.get("REMOTE_ADDR", "-")
    line = " ".join(f"%({name})s" for name in said)
    access.info(line, said, extra={FIELDS: said})
