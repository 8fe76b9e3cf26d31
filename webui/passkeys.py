"""What passkeys need of a page: the site to which they belong, and a challenge that is good once."""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from flask import request, session

from webui.here import gongkai, keep_sealed, kept
from workflow.service.passkeys import CHALLENGE_SECONDS, Site

PASSKEY = "passkey"


def site_of_passkeys() -> Site:
    """To what passkeys belong: the address of this site as it is set, else as it was asked for."""
    address = str(gongkai().settings["site_url"]) or request.host_url
    parts = urlsplit(address)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def new_challenge() -> bytes:
    """What the next answer of a passkey must sign; kept sealed in the session."""
    made = secrets.token_bytes(32)
    keep_sealed(PASSKEY, {"challenge": made.hex(), "at": gongkai().office.now().isoformat()})
    return made


def challenge() -> bytes:
    """The challenge that was given last, once; nobody can answer where none was given or it is too old."""
    held = kept(PASSKEY)
    session.pop(PASSKEY, None)
    if held is None:
        return secrets.token_bytes(32)
    age = gongkai().office.now() - datetime.fromisoformat(held["at"])
    fresh = age.total_seconds() <= CHALLENGE_SECONDS
    return bytes.fromhex(held["challenge"]) if fresh else secrets.token_bytes(32)
