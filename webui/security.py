"""What guards the pages: CSRF tokens, logins, headers, rate limits, idle time-out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from flask import (
    Flask,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from config.networks import networks
from webui import devices, limits, typed
from webui.browsers import browser
from webui.here import gongkai
from webui.permitted import ask_route
from webui.proxies import BehindProxies
from workflow.people import LONGEST_SESSION, Staff
from workflow.service.desk_sessions import InSession

CSP = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
SESSION_SECONDS = int(LONGEST_SESSION.total_seconds())
IDLE = "很久没有操作，已自动退出。请重新登录。"
NOBODY = "请先登录。"
OVER = "这次登录已经结束（超过 {hours} 小时，或者在别处退出、修改了密码）。请重新登录。"
QUIET = "X-Gongkai-Quiet"
"""A header of what a page asks by itself: nobody is there for it, so that it keeps no session alive."""

ENTERED_BY, STRONG = "entered_by", "strong"
"""Of a session of the desk: by which way somebody came in; whether the directory asked for a second factor itself."""
SET_UP = (
    "desk.factors", "desk.prove", "desk.put_app", "desk.change_factors", "desk.password", "desk.log_out",
)  # fmt: skip
"""What who owes a second factor can open."""

csrf = CSRFProtect()
login = LoginManager()


class DeskUser(UserMixin):
    """A member of staff as Flask-Login sees one, in one session. session_id is all that the browser holds of it."""

    def __init__(self, session_id: str, found: InSession) -> None:
        self.session_id, self.found = session_id, found

    @property
    def staff(self) -> Staff:
        return self.found.staff

    def get_id(self) -> str:
        return self.session_id


@login.user_loader
def _load_user(session_id: str) -> DeskUser | None:
    found = gongkai().sessions.found(session_id)
    if found is not None and found.over:
        g.was_here = found.staff.name
        return None
    return DeskUser(session_id, found) if found is not None else None


def protect(app: Flask, settings: Mapping[str, Any]) -> Talisman:
    """Put every guard before the pages of the application. Returns the one that asks for HTTPS."""
    https = bool(settings["https"])
    app.config.update(
        SESSION_COOKIE_NAME="gongkai",
        PERMANENT_SESSION_LIFETIME=SESSION_SECONDS,
        # The token lives as long as the session: a form may take its time.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=https,
    )
    named = networks(settings["trusted_proxies"])
    app.wsgi_app = BehindProxies(app.wsgi_app, named, https)  # type: ignore[method-assign]  # Flask's way
    csrf.init_app(app)
    login.init_app(app)
    login.unauthorized_handler(lambda: ask_to_log_in(NOBODY))
    login.session_protection = "basic"
    limits.reading.init_app(app)
    limits.writing.init_app(app)
    talisman = Talisman(
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
    return talisman


def _not_stored(response: Response) -> Response:
    """Pages with names and numbers do not stay in the cache of a shared computer; what is the same for
    everybody (`webui.static_files.keep_for_ever`) does."""
    if request.endpoint != "static" and "for_everybody" not in g:
        response.headers["Cache-Control"] = "no-store"
    return response


# -- staff ------------------------------------------------------------------------------------------


def current_session() -> InSession:
    """The session of this request; only behind `require_staff`."""
    return cast(DeskUser, current_user).found


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
    """A fresh session for the person: nothing of an earlier one is kept. They are known at this device from now on."""
    session.clear()
    session_id = gongkai().sessions.begin(staff, browser())
    found = gongkai().sessions.found(session_id)
    assert found is not None
    login_user(DeskUser(session_id, found))
    session["seen_at"] = _now()
    devices.remember(staff.name)


def end_session() -> None:
    """Sign out: a copy of the cookie is worth nothing any more."""
    if current_user.is_authenticated:
        gongkai().sessions.end(current_session())
    logout_user()
    session.clear()


def require_staff() -> ResponseReturnValue | None:
    """Before every page of the desk: logged in, not idle too long, password of one's own, and a role
    that opens it. Raises Denied."""
    if not current_user.is_authenticated:
        was = g.get("was_here")
        return ask_to_log_in(OVER.format(hours=SESSION_SECONDS // 3600) if was else NOBODY, was)
    here, sessions = current_session(), gongkai().sessions
    if sessions.is_idle(here, datetime.fromtimestamp(int(session.get("seen_at", 0)), UTC)):
        person = current_staff().name
        end_session()
        return ask_to_log_in(IDLE, person)
    if QUIET not in request.headers:
        session["seen_at"] = _now()
        sessions.seen(here)
    if current_staff().must_change_password and request.endpoint not in (
        "desk.password",
        "desk.log_out",
    ):
        return redirect(url_for("desk.password"), 303)
    owing = request.endpoint not in SET_UP and not session.get(STRONG)
    if owing and gongkai().second_factor.owes(current_staff()):
        return redirect(url_for("desk.factors"), 303)
    ask_route(current_staff())
    return None


def idle_seconds() -> int:
    """After which a person who does nothing is logged out."""
    return int(gongkai().sessions.idle.total_seconds())


def _now() -> int:
    return int(gongkai().office.now().timestamp())


def local_path(target: str | None) -> str | None:
    """The target if it is a path of this site, else None: no redirect leads away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(char) < 32 or char == "\\" for char in target):
        return None
    return target
