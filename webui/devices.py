"""Devices that are known: somebody logged in at this browser before, so that others who guess do not slow them here.

The cookie is sealed: it tells nobody who logged in, and nobody can make one. It opens nothing.
"""

import binascii
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, request

from webui.here import gongkai

COOKIE = "gongkai_device"
LASTS = timedelta(days=180)
"""After the last login at it."""
PEOPLE_MOST = 8
"""Who logged in last; a computer that more people share knows those."""
SEALED_FOR = "known device"


def known(name: str) -> str | None:
    """The id of this device, if the person has logged in at it before."""
    held = _held()
    return held["id"] if held is not None and name in held["people"] else None


def remember(name: str) -> None:
    """The person has logged in at this device; the answer to this request says so to the browser."""
    held = _held() or {"id": secrets.token_urlsafe(12), "people": []}
    people = [name, *(one for one in held["people"] if one != name)][:PEOPLE_MOST]
    now = gongkai().office.now()
    data = {"id": held["id"], "people": people, "until": (now + LASTS).isoformat()}
    value = urlsafe_b64encode(gongkai().office.keys.seal(data, SEALED_FOR)).decode()

    @after_this_request
    def give(answer: Response) -> Response:
        answer.set_cookie(
            COOKIE, value, max_age=LASTS, path="/", httponly=True, samesite="Lax",
            secure=bool(gongkai().settings["https"]),
        )  # fmt: skip
        return answer


def _held() -> dict[str, Any] | None:
    from cryptography.exceptions import InvalidTag  # not loaded before something is to be opened

    try:
        sealed = urlsafe_b64decode(request.cookies.get(COOKIE, ""))
        held = gongkai().office.keys.open(sealed, SEALED_FOR)
        fresh = datetime.fromisoformat(held["until"]) > gongkai().office.now()
    except (InvalidTag, binascii.Error, json.JSONDecodeError, KeyError, ValueError):
        return None
    return held if fresh else None
