"""What the server is told of an address: it writes it into its logs, so it is not told what was asked for.

The application is given the request as it came. The server keeps the path alone, without what follows the question
mark (a query code of old programs, a name that staff look for), of an address that is itself a secret only which
page it is, and of the page before only which site it was.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, request

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

OUTER = "gongkai.told"
LINES = ("RAW_URI", "REQUEST_URI")
"""Where servers keep the whole line."""
REFERRED = "HTTP_REFERER"
SECRET = frozenset(("token",))
"""Arguments of an address that open something to whoever has them."""


def tell_no_secrets(app: Flask) -> None:
    """Keep what is asked for from the logs of the server around the application."""
    app.url_value_preprocessor(_secret_address)
    app.wsgi_app = _kept_apart(app.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask's way


def _kept_apart(serve: "WSGIApplication") -> "WSGIApplication":
    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        given: dict[str, Any] = {**environ, OUTER: environ}
        environ["QUERY_STRING"] = ""
        for name in LINES:
            if name in environ:
                environ[name] = environ[name].partition("?")[0]
        if REFERRED in environ:
            came_from = urlsplit(environ[REFERRED])
            environ[REFERRED] = f"{came_from.scheme}://{came_from.netloc.rpartition('@')[2]}/"
        return serve(given, start_response)

    return served


def _secret_address(endpoint: str | None, values: dict[str, Any] | None) -> None:
    outer = request.environ.get(OUTER)
    if outer is None or request.url_rule is None or not SECRET & {*(values or ())}:
        return
    for name in ("PATH_INFO", *LINES):
        if name in outer:
            outer[name] = request.url_rule.rule
