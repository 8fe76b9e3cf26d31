"""A form that is being filled in, as its pages and those of the drafts take it from what was sent, and what the browser
knows of the draft from which it came."""

import re
import secrets
from dataclasses import asdict

from flask import request, session
from wtforms.fields.core import UnboundField

from webui.application_form import ApplyForm
from webui.here import browser_mark, gongkai, keep_sealed, kept
from workflow.service.begun import PAPERS, Opened
from workflow.service.incoming import Sent

FIELDS = frozenset(
    name
    for name, field in vars(ApplyForm).items()
    if isinstance(field, UnboundField) and name != "submit_key"
)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_IN_SESSION = "draft"


def new_key() -> str:
    """Of a form that begins."""
    return secrets.token_urlsafe(16)


def is_key(said: str | None) -> bool:
    """True for what can be the key of a form."""
    return bool(said and _KEY.fullmatch(said))


def which(key: str) -> str:
    """Under which the form of that key is kept for this browser."""
    return gongkai().begun.id_of(browser_mark(), key)


def key_sent() -> str:
    """The key of the form that was sent, or a new one."""
    said = request.form.get("submit_key")
    return said if said and is_key(said) else new_key()


def fields_sent() -> dict[str, list[str]]:
    """What was typed."""
    return {name: said for name, said in request.form.lists() if name in FIELDS}


def files_sent() -> list[tuple[str, Sent]]:
    """The files that were chosen, each with its kind. They can be read once."""
    return [
        (kind, Sent(file.filename or "", file.read()))
        for kind in PAPERS
        for file in request.files.getlist(f"file_{kind}")
        if file.filename
    ]


def comes_with_files() -> bool:
    """True where a file was chosen."""
    return any(file.filename for _, file in request.files.items(multi=True))


def left_out() -> list[int]:
    """Files of the form that are not wanted any more."""
    return [int(one) for one in request.form.getlist("without") if one.isdecimal() and len(one) < 10]  # fmt: skip


def opened_draft(key: str | None = None) -> Opened | None:
    """The draft that this browser has put aside or opened; with a key, only where that form came from it."""
    held = kept(_IN_SESSION)
    if held is None or (key is not None and held["form"] != key):
        return None
    return Opened(**held)


def keep_opened(opened: Opened) -> None:
    """Remember it, sealed: the code stands in no address."""
    keep_sealed(_IN_SESSION, asdict(opened))


def forget_opened() -> None:
    """This browser has none any more."""
    session.pop(_IN_SESSION, None)
