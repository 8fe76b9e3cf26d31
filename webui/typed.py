"""What somebody typed into a page and could not send: the session had ended, the page was too old, or it was refused.

It goes with the page to log in, sealed, so that nothing is kept of who is nobody; after the login it is kept
for that person and put back into its form, at its page. Passwords are never taken along.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from webui.filled import filled, texts
from webui.here import gongkai
from workflow.people import Staff
from workflow.rules.secrecy import bears_secret_mark

MOST_BYTES = 300_000
"""Of what was typed, as it goes with the page to log in; more is not taken along."""
SECRET = {
    "desk.log_in", "desk.second_step", "desk.to_directory", "desk.from_directory", "desk.password", "desk.prove",
    "desk.put_app", "desk.change_factors", "desk.log_out", "desk.stay", "portal.show_second", "portal.fetch_reply",
}  # fmt: skip
OWN = {"csrf_token", "kept"}
IN_SESSION = "kept_form"


@dataclass(frozen=True)
class Typed:
    """A form as it was sent. page: the address of the page on which it stood; target: where it was sent to, as its page
    says it, with the prefix of the script; person: who had been logged in, None if nobody is known; files: names of
    files, which are not taken along."""

    page: str
    target: str
    sent: list[tuple[str, str]]
    person: str | None = None
    files: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return texts(self.sent)


def typed_now(person: str | None = None) -> Typed | None:
    """What this request sends; None where it is no form of a page of ours, or too much."""
    if request.method != "POST" or request.endpoint in SECRET or not _of_our_page():
        return None
    told = [pair for pair in request.form.items(multi=True) if pair[0] not in OWN]
    # What is a state secret by its mark is kept nowhere.
    sent = [pair for pair in told if not bears_secret_mark(pair[1])]
    if not sent or sum(len(value.encode()) for _, value in sent) > MOST_BYTES:
        return None
    files = [file.filename for _, file in request.files.items(multi=True) if file.filename]
    return Typed(page_of_form(), _form_of_event() or _target(), sent, person, files)


def _form_of_event() -> str | None:
    """Where the form of an event is sent to, of which what was typed is carried over to the page of its letter."""
    event = request.form.get("event")
    if request.endpoint != "desk.compose" or "do" in request.form or not event:
        return None
    case = {name: value for name, value in (request.view_args or {}).items() if name != "kind"}
    return url_for("desk.apply_event", **case, event=event)


def _target() -> str:
    """Where this request was sent to, as its page says it."""
    return request.script_root + request.full_path.rstrip("?")


def page_of_form() -> str:
    """The address of the page on which the form of this request stood, without the prefix of the script; the nearest one
    above where that is not known, so that nobody is led to an address that is no page."""
    origin = urlsplit(request.referrer or "")
    came = origin.path.removeprefix(request.script_root)
    if origin.netloc == request.host and _is_page(came):
        return came + (f"?{origin.query}" if origin.query else "")
    path = request.path.rstrip("/")
    while path and not _is_page(path):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(path: str) -> bool:
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]  # within a request there is one
    except HTTPException:
        return False
    return endpoint not in SECRET


def _of_our_page() -> bool:
    """True if a page of this site sent it: what another site sends is not kept for anybody."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    source = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(source).netloc == request.host


# -- along with the page to log in -------------------------------------------------------------------


def sealed(typed: Typed | None) -> str:
    """It for a field of the page to log in; empty if there is nothing."""
    if typed is None:
        return ""
    return urlsafe_b64encode(gongkai().office.keys.seal(asdict(typed), "typed")).decode()


def unsealed(text: str | None) -> Typed | None:
    """What `sealed` made; None if it is anything else."""
    if not text:
        return None
    from cryptography.exceptions import InvalidTag  # not loaded before something is to be opened

    try:
        return _typed(gongkai().office.keys.open(urlsafe_b64decode(text), "typed"))
    except (InvalidTag, binascii.Error, json.JSONDecodeError, ValueError):
        return None


def again(data: Mapping[str, Any] | None) -> Typed | None:
    """What was kept in pieces (`asdict`) while somebody logged in elsewhere."""
    return None if data is None else _typed(data)


def _typed(data: Mapping[str, Any]) -> Typed:
    return Typed(**{**data, "sent": [(name, value) for name, value in data["sent"]]})


# -- kept for somebody, and put back ------------------------------------------------------------------


def keep_for(staff: Staff, typed: Typed | None) -> str | None:
    """Keep it for the person, in their new session; the page to go on at. What somebody else had typed at
    this browser is not shown to them."""
    if typed is None or typed.person not in (None, staff.name):
        return None
    key = gongkai().kept_forms.keep(staff, asdict(typed))
    session[IN_SESSION] = {"key": key, "page": typed.page, "target": typed.target}
    g.kept_now = True
    return typed.page


def keep_refused(staff: Staff) -> None:
    """Keep what this request sends, where somebody wrote anything: who leaves the page for what the refusal asks finds
    it in its form again."""
    typed = typed_now(staff.name)
    if typed is not None and typed.texts:
        no_longer()
        keep_for(staff, typed)
        session[IN_SESSION]["refused"] = True


def no_longer() -> str | None:
    """Forget what was kept in this session; the page at which it stood."""
    held = session.pop(IN_SESSION, None)
    if held is None:
        return None
    gongkai().kept_forms.forget(held["key"])
    return str(held["page"])


def no_longer_of(target: str) -> None:
    """Forget what was kept of the form that is sent there: it went through from another page."""
    held = _held()
    if held and held["target"] == target:
        no_longer()


def put_back(app: Flask) -> None:
    """On the way to the page of a kept form it is fetched, on the way from there put into its form; once it
    is sent it is forgotten."""
    app.before_request(_fetch)
    app.after_request(_fill)


def _held() -> dict[str, Any] | None:
    held = session.get(IN_SESSION)
    return held if held and current_user.is_authenticated else None


def _fetch() -> None:
    held = _held() if request.method != "POST" and request.endpoint != "static" else None
    if held and urlsplit(held["page"]).path == request.path:
        found = gongkai().kept_forms.find(current_user.staff, held["key"])
        if found is None:
            session.pop(IN_SESSION)
        else:
            g.kept_form = _typed(found)


def _fill(response: Response) -> Response:
    typed: Typed | None = g.get("kept_form")
    if typed is not None and response.status_code == 200 and response.mimetype == "text/html":
        page, anchor, left = filled(response.get_data(as_text=True), typed.target, typed.sent)
        notice = current_app.jinja_env.get_template("desk/kept_form.html")
        refused = bool((_held() or {}).get("refused"))
        said = notice.render(anchor=anchor, left=left, files=typed.files, refused=refused)
        response.set_data(re.sub(r"<main\b[^>]*>", lambda found: found[0] + said, page, count=1))
    elif request.method == "POST" and response.status_code < 500 and "kept_now" not in g:
        held = _held()
        if held and held["target"] == _target():
            no_longer()
    return response
