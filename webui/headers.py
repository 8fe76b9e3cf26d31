"""The headers that every answer has, whoever makes it: a view, an error, a static file, the server itself.

Source: OWASP Secure Headers; RFC 9116 for security.txt. What a page itself may load says `webui.security.CSP`.
"""

import re
from unicodedata import normalize
from urllib.parse import quote

from flask import Flask, Response
from werkzeug.http import dump_options_header, parse_options_header

CLOSED = (
    "accelerometer", "autoplay", "browsing-topics",
    "camera", "compute-pressure", "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb", "window-management",
    "xr-spatial-tracking",
)  # fmt: skip
"""What of a browser no page of ours asks for, and no frame within one may: of what a browser knows, for it complains of
other words at every page."""
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in CLOSED),
    "X-Content-Type-Options": "nosniff",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "same-origin",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""The policy of what is kept as a file, or is no page: it loads nothing, runs nothing, is framed nowhere."""
OF_THE_SERVER = {
    **ALWAYS,
    "Cache-Control": "no-store",
    "Content-Security-Policy": NOTHING,
    "X-Frame-Options": "DENY",
}
"""Of an answer that no view has seen: a request that the server could not read."""
SHOWN = ("text/html", "application/pdf")
"""What a browser shows as it is, under the policy of the pages: a viewer of PDF does not open within a sandbox."""


def complete(app: Flask) -> None:
    """Put them on every answer. To be called before all else that looks at answers: what is registered first is done
    last."""
    app.after_request(_complete)


def named(said: str) -> str:
    """A Content-Disposition (RFC 6266) whose plain name is one: whoever does not read the other (RFC 8187), as `curl -OJ`,
    would keep what is left of a Chinese one, a hidden file or one that begins with a stroke."""
    kind, about = parse_options_header(said)
    name = about.get("filename") or ""
    if not name or name.isascii():
        return said
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    left = normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    plain = "-".join(["gongkai", *re.findall("[0-9A-Za-z]+", left)])
    ending = "".join(re.findall("[0-9A-Za-z]+", ending))
    whole = f"UTF-8''{quote(name, safe='!#$&+-.^_`|~')}"
    return dump_options_header(
        kind, {"filename": f"{plain}{dot if ending else ''}{ending}", "filename*": whole}
    )


def _complete(response: Response) -> Response:
    response.headers.update(ALWAYS)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.pop("Server", None)
    if said := response.headers.get("Content-Disposition"):
        response.headers["Content-Disposition"] = named(said)
    attached = response.headers.get("Content-Disposition", "").startswith("attachment")
    if attached or response.mimetype not in SHOWN:
        response.headers["Content-Security-Policy"] = NOTHING
        response.headers["X-Frame-Options"] = "DENY"
    elif "X-Frame-Options" not in response.headers:
        # A page that another site may embed, which may itself ask every part of it to allow that.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
