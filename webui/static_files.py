"""The files that every page needs (style, scripts, pictures): fetched once, small on the way.

Their address says which content it leads to, so that a browser asks again only after an upgrade. Pages themselves are not
packed: beside what somebody typed, the length of a packed page could tell its secrets.
"""

import gzip
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request, session
from werkzeug.security import safe_join

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
PACKED = (".css", ".js", ".svg")
"""Endings of texts; a picture or a font is packed already."""


def serve_static(app: Flask) -> None:
    """Let the answers to the static files say how long they hold, and pack them for who takes it. To be called before
    anything else is hung on the application: what looks at an answer last was told of it first."""
    app.after_request(_said)


def version_of(name: str) -> str:
    """What the address of a static file says of its content; empty where there is no such file."""
    path = safe_join(str(current_app.static_folder), name)
    if path is None or not os.path.isfile(path):
        return ""
    return _read(path, Path(path).stat().st_mtime_ns)[0]


def keep_for_ever(response: Response) -> Response:
    """Let browsers keep what is the same for everybody and has another address once it changes."""
    g.for_everybody = True
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _said(response: Response) -> Response:
    if "for_everybody" in g:
        # Nothing of it depends on who asks: without this it would say that it varies with the cookie.
        session.accessed = False
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return response
    session.accessed = False
    name = (request.view_args or {})["filename"]
    if request.args.get("v") == version_of(name):
        keep_for_ever(response)
    else:
        response.headers["Cache-Control"] = ASK_AGAIN
    if name.endswith(PACKED):
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
            _pack(response, name)
    return response


def _pack(response: Response, name: str) -> None:
    path = str(safe_join(str(current_app.static_folder), name))
    packed = _read(path, Path(path).stat().st_mtime_ns)[1]
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # Weak: packed and not it is the same file, and so who has one of them is told 304.
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=200)
def _read(path: str, changed: int) -> tuple[str, bytes]:
    content = Path(path).read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.endswith(PACKED) else b""
    return hashlib.sha256(content).hexdigest()[:12], packed
