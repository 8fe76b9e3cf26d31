"""The doors to the office of the running application, and what is kept in the visitor's session."""

import binascii
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, cast

from flask import current_app, g, request, session

from workflow.case.application import Application
from workflow.service import Reader
from workflow.service.doors import Gongkai


def gongkai() -> Gongkai:
    """The doors to the use cases of this application."""
    return cast(Gongkai, current_app.extensions["gongkai"])


def chosen_site() -> Reader | None:
    """The body below whose address (`/b/CODE`) the page stands; None elsewhere. What is not found below the
    address of a body is not found on its site."""
    if "site" not in g:
        first, _, rest = request.path.removeprefix("/").partition("/")
        lost = request.endpoint is None and first == "b"
        g.site = reader_of(rest.partition("/")[0]) if lost else None
    return cast(Reader | None, g.site)


def reader_of(code: str) -> Reader | None:
    """The body of that code; None if there is none."""
    return gongkai().office.listing().by_code.get(code)


def site_code() -> str | None:
    """Its code, as links carry it on."""
    body = chosen_site()
    return body.code if body else None


def site_body() -> Reader | None:
    """The body whose site this is for applicants: the chosen one, or where only one takes requests that."""
    taking = gongkai().office.listing().taking
    return chosen_site() or (taking[0] if len(taking) == 1 else None)


def browser_mark() -> str:
    """What tells this browser from others; made when a form is first shown."""
    mark: str = session.setdefault("browser", secrets.token_urlsafe(16))
    return mark


def submission_key(form_key: str | None, wanted: Application) -> str | None:
    """Under which a form is filed once: the same form with the same content from the same browser.

    Other content is another application, and a key that somebody else has opens nothing. None for a
    form without a key of its own.
    """
    if not form_key:
        return None
    content = f"{browser_mark()}\n{form_key}\n{wanted.model_dump_json()}"
    return gongkai().office.keys.mark("submission", content)


def keep_sealed(name: str, data: dict[str, Any]) -> None:
    """Keep something in the visitor's session encrypted: the cookie itself tells nobody anything."""
    sealed = gongkai().office.keys.seal(data, f"session {name}")
    session[name] = urlsafe_b64encode(sealed).decode()


def kept(name: str) -> dict[str, Any] | None:
    """What `keep_sealed` kept, None if there is nothing."""
    value = session.get(name)
    if not isinstance(value, str):
        return None
    from cryptography.exceptions import InvalidTag  # not loaded before something is to be opened

    try:
        return gongkai().office.keys.open(urlsafe_b64decode(value), f"session {name}")
    except (InvalidTag, binascii.Error, json.JSONDecodeError):
        return None
