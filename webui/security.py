"""What guards the pages: CSRF tokens, logins, headers, rate limits, idle time-out."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from webui import limits, typed
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
IDLE = "很久没有操作，已自动退出。请重新登录。"
QUIET = "X-Gongkai-Quiet"
"""A header of what a page asks by itself: nobody is there for it, so that it keeps no session alive."""

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
    login.unauthorized_handler(lambda: ask_to_log_in("请先登录。"))
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


class LoginForm(FlaskForm):
    """kept: what was typed before, sealed (`webui.typed`)."""

    user = StringField("用户名")
    password = PasswordField("密码")
    next = HiddenField()
    kept = HiddenField()


def ask_to_log_in(why: str, person: str | None = None) -> ResponseReturnValue:
    """The way to log in and back. A form that was just sent goes along, so that nothing typed is lost.

    person: who had been logged in: nobody else is shown what they typed.
    """
    sent = typed.typed_now(person)
    flash(why, "info")
    if sent is None:
        read = request.method != "POST"
        back = request.full_path.rstrip("?") if read else typed.page_of_form()
        return redirect(url_for("desk.log_in", next=local_path(back)), 303)
    form = LoginForm(formdata=None, next=sent.page, kept=typed.sealed(sent))
    return make_response(render_template("desk/login.html", form=form, kept=sent, problem=""), 401)


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
        return ask_to_log_in("请先登录。")
    idle = _now() - int(session.get("seen_at", 0))
    if idle > idle_seconds():
        person = current_staff().name
        end_session()
        return ask_to_log_in(IDLE, person)
    if QUIET not in request.headers:
        session["seen_at"] = _now()
    if current_staff().must_change_password and request.endpoint not in (
        "desk.password",
        "desk.log_out",
    ):
        return redirect(url_for("desk.password"), 303)
    ask_route(current_staff())
    return None


def idle_seconds() -> int:
    """After which a person who does nothing is logged out."""
    return 60 * int(gongkai().settings["session_idle_minutes"])


def _now() -> int:
    return int(gongkai().office.now().timestamp())


def local_path(target: str | None) -> str | None:
    """The target if it is a path of this site, else None: no redirect leads away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(char) < 32 or char == "\\" for char in target):
        return None
    return target
