"""What guards the pages: CSRF tokens, logins, headers, rate limits, idle time-out."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from webui import limits
from webui.here import gongkai
from webui.permitted import ask_route
from workflow.people import LONGEST_SESSION, Staff

CSP = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
SESSION_SECONDS = int(LONGEST_SESSION.total_seconds())

ASKED_BY_PAGES = ("desk.list_pulse",)
"""What an open page asks by itself: no sign that somebody sits there."""

csrf = CSRFProtect()
login = LoginManager()


class DeskUser(UserMixin):
    """A member of staff as Flask-Login sees one, in one session. The id changes with the password."""

    def __init__(self, staff: Staff, session_id: str) -> None:
        self.staff = staff
        self.session_id = session_id

    def get_id(self) -> str:
        return f"{self.staff.name}|{_mark(self.staff)}|{self.session_id}"


def _mark(staff: Staff) -> str:
    return hashlib.sha256(staff.session_stamp.encode()).hexdigest()[:24]


@login.user_loader
def _load_user(identity: str) -> DeskUser | None:
    parts = identity.rsplit("|", 2)
    if len(parts) < 3:
        return None
    name, mark, session_id = parts
    staff = gongkai().accounts.in_session(name, session_id)
    return DeskUser(staff, session_id) if staff is not None and _mark(staff) == mark else None


def protect(app: Flask, settings: Mapping[str, Any]) -> None:
    """Put every guard before the pages of the application."""
    https = bool(settings["https"])
    app.config.update(
        SESSION_COOKIE_NAME="gongkai",
        PERMANENT_SESSION_LIFETIME=SESSION_SECONDS,
        # The token lives as long as the session: a form may take its time.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=https,
    )
    if https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask's way
    csrf.init_app(app)
    login.init_app(app)
    login.login_view = "desk.log_in"
    login.login_message = "请先登录。"
    login.session_protection = "basic"
    limits.reading.init_app(app)
    limits.writing.init_app(app)
    Talisman(
        app,
        force_https=https,
        strict_transport_security=https,
        session_cookie_secure=https,
        session_cookie_http_only=True,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        content_security_policy=CSP,
        referrer_policy="same-origin",
    )
    app.after_request(_not_stored)


def _not_stored(response: Response) -> Response:
    """Pages with names and numbers do not stay in the cache of a shared computer."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


# -- staff ------------------------------------------------------------------------------------------


def current_staff() -> Staff:
    """The member of staff of this request; only behind `require_staff`."""
    return cast(DeskUser, current_user).staff


def begin_session(staff: Staff) -> None:
    """A fresh session for the person: nothing of an earlier one is kept."""
    session.clear()
    login_user(DeskUser(staff, secrets.token_urlsafe(16)))
    session["seen_at"] = _now()


def end_session() -> None:
    """Sign out: a copy of the cookie is worth nothing any more."""
    if current_user.is_authenticated:
        gongkai().accounts.end_session(cast(DeskUser, current_user).session_id)
    logout_user()
    session.clear()


def require_staff() -> ResponseReturnValue | None:
    """Before every page of the desk: logged in, not idle too long, password of one's own, and a role
    that opens it. Raises Denied."""
    if not current_user.is_authenticated:
        return login.unauthorized()
    idle = _now() - int(session.get("seen_at", 0))
    if idle > 60 * int(gongkai().settings["session_idle_minutes"]):
        end_session()
        flash("很久没有操作，已自动退出。请重新登录。", "info")
        return redirect(url_for("desk.log_in", next=local_path(request.path)), 303)
    if request.endpoint not in ASKED_BY_PAGES:
        session["seen_at"] = _now()
    if current_staff().must_change_password and request.endpoint not in (
        "desk.password",
        "desk.log_out",
    ):
        return redirect(url_for("desk.password"), 303)
    ask_route(current_staff())
    return None


def _now() -> int:
    return int(gongkai().office.now().timestamp())


def local_path(target: str | None) -> str | None:
    """The target if it is a path of this site, else None: no redirect leads away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(char) < 32 or char == "\\" for char in target):
        return None
    return target
