"""The site of a body: every page of the portal also stands below `/b/CODE`, where that body stays chosen; the
sites that the body names may embed those of its pages on which nobody types who they are."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from webui.here import chosen_site, reader_of, site_code
from webui.security import CSP
from webui.site import look_of

HARMLESS = frozenset(
    f"portal.{page}"
    for page in (
        "start", "guide", "directory", "calculator", "complaint", "answers", "answer", "annual_reports",
        "annual_report", "easy_read", "english",
    )
)  # fmt: skip
"""Pages that may stand within a page of another site: nothing is typed there but words to look for and days,
nothing is sent, and no cookie is set or needed."""


class Portal(Blueprint):
    """A blueprint whose pages stand at their own address and below the address of each body, under one
    name: links of a page below `/b/CODE` lead to pages below it (DESIGN.md, addresses of pages)."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.url_value_preprocessor(_take_site)
        self.url_defaults(_keep_site)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        below = "/b/<site>" + ("" if rule == "/" else rule)
        for address in (rule, below):
            super().add_url_rule(address, endpoint, view_func, provide_automatic_options, **options)


def _take_site(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Note which body's site is asked for; 404 where there is no such body."""
    code = (values or {}).pop("site", None)
    if code is not None:
        g.site = reader_of(code)
        if g.site is None:
            abort(404)


def _keep_site(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("site", site_code())


def without_stroke(app: Flask) -> None:
    """Send who writes a stroke behind an address of the portal to the page that is meant."""
    app.before_request(_without_stroke)


def _without_stroke() -> ResponseReturnValue | None:
    path = request.path.rstrip("/")
    if request.endpoint is None and request.method in ("GET", "HEAD") and path != request.path:
        with suppress(HTTPException):
            endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
            if endpoint.startswith("portal."):
                asked = request.query_string.decode("ascii", "ignore")
                return redirect(request.script_root + path + (f"?{asked}" if asked else ""), 301)
    return None


def let_embed(app: Flask) -> None:
    """Name the sites that may embed the harmless pages of a body; every other page none. To be called before
    the headers of all pages are put on: what is registered first is done last."""
    app.after_request(_framed)


def _framed(response: Response) -> Response:
    body = chosen_site() if request.endpoint in HARMLESS else None
    origins = look_of(body.code).embed if body and response.status_code == 200 else ()
    if origins:
        said = response.headers.get("Content-Security-Policy", "")
        none = f"frame-ancestors {CSP['frame-ancestors']}"
        named = f"frame-ancestors {' '.join(origins)}"
        response.headers["Content-Security-Policy"] = said.replace(none, named)
        response.headers.pop("X-Frame-Options", None)
        response.vary.add("Sec-Fetch-Dest")
    return response
