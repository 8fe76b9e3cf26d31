"""/.well-known/security.txt (RFC 9116): to whom a weakness of this installation is told."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from config.errors import BadSetting
from webui.here import gongkai
from webui.site import display

HOLDS = timedelta(days=180)
"""The file says until when it may be believed; it is made anew for everybody who asks (RFC 9116, 2.5.5: less than a
year)."""
SETTING = "security_contact"
_URI = re.compile(r"(https://|mailto:|tel:\+)[!-~]+")
_MAIL = re.compile(r"[!-~]+@[!-~]+")


def contact_of(settings: Mapping[str, Any]) -> str:
    """The contact as a URI; empty where none is set. Raises BadSetting for what is none."""
    said = str(settings[SETTING]).strip()
    if not said or _URI.fullmatch(said):
        return said
    if _MAIL.fullmatch(said):
        return f"mailto:{said}"
    raise BadSetting(
        f"设置 {SETTING} 须为邮箱、https:// 开头的网址或者 tel:+86… 的电话，现为 {said!r}"
    )


@display.get("/.well-known/security.txt")
def security_txt() -> ResponseReturnValue:
    """Contact, until when it holds, and the language."""
    contact = contact_of(gongkai().settings)
    if not contact:
        abort(404)
    until = gongkai().office.today() + HOLDS
    lines = [f"Contact: {contact}", f"Expires: {until}T00:00:00+08:00", "Preferred-Languages: zh"]
    if own := str(gongkai().settings["site_url"]).rstrip("/"):
        lines.append(f"Canonical: {own}{url_for('display.security_txt')}")
    return Response("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@display.get("/security.txt")
def security_txt_elsewhere() -> ResponseReturnValue:
    """Where it stood before it had its place."""
    return redirect(url_for("display.security_txt"), 301)
