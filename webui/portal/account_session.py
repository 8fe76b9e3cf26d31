"""Who has signed in to an account of their own. Apart from the login of staff: another field of the session, another
table; signing in to the one leaves nothing of the other."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webui import devices
from webui.browsers import browser
from webui.here import gongkai, keep_sealed, kept
from webui.limits import address
from webui.security import end_session, local_path
from webui.typed import IN_SESSION
from workflow.service.applicants.entry import Holder

ACCOUNT, SEEN = "account", "account_seen"
IDLE = timedelta(hours=2)
"""Longer than filling in a form takes: who is signed out meanwhile would file without the account."""
STAYS = ("filed", "sent", "viewing", "known", "draft", "browser")
"""What of the visit before stays when somebody signs in."""
ENDED = "账户的登录已经结束（很久没有操作，或者在别处退出了）。没有登录时提交的申请，登录以后可以凭编号和查询码加到账户里。"
OF_STAFF = ("_user_id", "_id", "_fresh", "seen_at", "csrf_token", IN_SESSION)
"""What of a session is the login of staff."""


def holder() -> Holder | None:
    """Who has signed in, unless the session ended or nobody was there for too long."""
    if "holder" not in g:
        g.holder = _holder()
    found: Holder | None = g.holder
    return found


def signed_in() -> int | None:
    """The account of whoever has signed in."""
    found = holder()
    return found.id if found else None


def _holder() -> Holder | None:
    if ACCOUNT not in session:
        return None
    held = kept(ACCOUNT)
    fresh = _now() - int(session.get(SEEN, 0)) <= IDLE.total_seconds()
    found = gongkai().entry.in_session(held["token"]) if held and fresh else None
    if found is None:
        session.pop(ACCOUNT, None)
        session.pop(SEEN, None)
        flash(ENDED, "info")
        return None
    session[SEEN] = _now()
    return found


def begin(account: int, way: str) -> None:
    """A fresh session for an account. way: how its holder came in, a word of entry.WAYS."""
    if current_user.is_authenticated:
        end_session()
    stays = {name: session[name] for name in STAYS if name in session}
    token = gongkai().entry.begin(account, way, browser())
    session.clear()
    session.update(stays)
    keep_sealed(ACCOUNT, {"token": token})
    session[SEEN] = _now()
    devices.remember(known_as(account))


def known_as(account: int) -> str:
    """The name of an account at a known device: no user name of staff has a blank in it."""
    return f"account {account}"


def end() -> None:
    """Sign out, and forget the visit: a copy of the cookie is worth nothing any more."""
    found = holder()
    if found is not None:
        gongkai().entry.end(found, found.mark)
    forget()


def forget() -> None:
    """Nothing of the visit stays in this browser: no account, nothing that was typed, filed, put aside or looked at, and
    no mark by which a form that was begun is found again. Who has logged in at the desk stays logged in."""
    stays = OF_STAFF if current_user.is_authenticated else ()
    for name in [one for one in session if one not in stays]:
        session.pop(name)
    g.holder = None


def behind_account(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A page for who has signed in: it is given the holder; others are led to sign in, and back."""

    @wraps(view)
    def asked(**parts: Any) -> ResponseReturnValue:
        found = holder()
        if found is not None:
            return view(found, **parts)
        flash("请先登录账户。", "info")
        back = "" if request.method == "POST" else request.script_root + request.full_path.rstrip("?")  # fmt: skip
        return redirect(url_for("portal.account_sign_in", next=local_path(back) or None), 303)

    return asked


def place() -> str:
    """The address on the net from which somebody comes."""
    return address()


def _now() -> int:
    return int(gongkai().office.now().timestamp())
