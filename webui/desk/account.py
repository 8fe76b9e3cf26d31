"""Login, logout, the password of one's own, and where one is logged in."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField

from webui import devices, typed
from webui.desk import desk
from webui.desk.entering import go_on
from webui.here import gongkai
from webui.limits import address
from webui.security import (
    ENTERED_BY,
    SESSION_SECONDS,
    STRONG,
    LoginForm,
    begin_session,
    current_session,
    current_staff,
    end_session,
    idle_seconds,
    local_path,
)
from workflow.people import Busy
from workflow.refusal import BadInput
from workflow.service.limits import TooOften
from workflow.service.wrong_passwords import Source

STAYS = (typed.IN_SESSION, ENTERED_BY, STRONG)
"""What of a session goes on in the one that a new password begins."""


class PasswordForm(FlaskForm):
    old = PasswordField("原密码")
    new = PasswordField("新密码")
    again = PasswordField("再输入一次新密码")


@desk.route("/login", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """The door. Every failure gets one and the same message; who fails too often waits (`wrong_passwords`)."""
    form = LoginForm()
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(url_for("desk.worklist"), 303)
        form.next.data = local_path(request.args.get("next")) or ""
        return render_template("desk/login.html", form=form, problem="")
    sent, name = typed.unsealed(form.kept.data), (form.user.data or "").strip()
    try:
        source = Source(address(), devices.known(name))
        staff = gongkai().accounts.log_in(name, form.password.data or "", source)
    except BadInput as error:
        return _not_in(form, sent, error.errors[0].message, 422)
    except TooOften as error:
        return _not_in(form, sent, str(error), 429)
    except Busy as error:
        return _not_in(form, sent, str(error), 503)
    return go_on(staff, "password", form.next.data, sent)


def _not_in(
    form: LoginForm, sent: typed.Typed | None, problem: str, status: int
) -> ResponseReturnValue:
    return render_template("desk/login.html", form=form, kept=sent, problem=problem), status


@desk.post("/stay")
def stay() -> ResponseReturnValue:
    """Somebody is there: the session goes on (`require_staff` has noted it)."""
    return "", 204


@desk.post("/kept-form")
def drop_kept_form() -> ResponseReturnValue:
    """What was typed before the login is not wanted."""
    page = typed.no_longer()
    flash("登录之前填写的内容已经清除。", "done")
    return redirect(local_path(page) or url_for("desk.worklist"), 303)


@desk.post("/logout")
def log_out() -> ResponseReturnValue:
    by_directory = session.get(ENTERED_BY) == "directory"
    end_session()
    flash("已经退出。", "done")
    return redirect(url_for("desk.log_in", left="directory" if by_directory else None), 303)


@desk.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """A new password; demanded at the first login, and when the one of today is too old. Other sessions of the person
    end, and their tokens."""
    form, staff = PasswordForm(), current_staff()
    if request.method != "POST":
        return _password(form)
    if form.new.data != form.again.data:
        form.again.errors = ["两次输入的新密码不一样"]
    else:
        try:
            changed = gongkai().accounts.change_password(
                staff.name, form.old.data or "", form.new.data or ""
            )
        except BadInput as error:
            for problem in error.errors:
                form[problem.field].errors = [problem.message]
        except Busy as error:
            form.old.errors = [str(error)]
            return _password(form), 503
        else:
            stays = {name: session[name] for name in STAYS if name in session}
            held = session.get(typed.IN_SESSION)
            begin_session(changed)
            session.update(stays)
            flash("密码已经修改。", "done")
            return redirect(held["page"] if held else url_for("desk.worklist"), 303)
    return _password(form), 422


def _password(form: PasswordForm) -> str:
    return render_template(
        "desk/password.html", form=form, forced=current_staff().must_change_password,
        old=current_session().password_old, days=gongkai().settings["password_days"],
    )  # fmt: skip


@desk.get("/sessions")
def own_sessions() -> ResponseReturnValue:
    """Where one is logged in: since when, when last seen, on what kind of device."""
    return render_template(
        "desk/sessions.html", logins=gongkai().sessions.own(current_session()),
        idle_minutes=idle_seconds() // 60, hours=SESSION_SECONDS // 3600,
    )  # fmt: skip


@desk.post("/sessions/end")
def end_sessions() -> ResponseReturnValue:
    """End one of them, or all but this one. Ending this one is signing out."""
    here, sessions = current_session(), gongkai().sessions
    which = request.form.get("which", "")
    if which == "others":
        ended = sessions.end_others(here)
        flash(f"已退出其他 {ended} 处登录。" if ended else "没有其他登录。", "done")
    elif not which.isascii() or not which.isdecimal() or len(which) > 9:
        abort(404)
    elif int(which) == here.id:
        return log_out()
    else:
        sessions.end_one(here, int(which))
        flash("已退出那一处登录。", "done")
    return redirect(url_for("desk.own_sessions"), 303)
