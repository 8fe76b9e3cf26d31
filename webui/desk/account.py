"""Login, logout and the password of one's own."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField

from webui import typed
from webui.desk import desk
from webui.here import gongkai
from webui.limits import not_limited, was_wrong, writing
from webui.security import (
    LoginForm,
    begin_session,
    current_staff,
    end_session,
    local_path,
)
from workflow.refusal import BadInput


class PasswordForm(FlaskForm):
    old = PasswordField("原密码")
    new = PasswordField("新密码")
    again = PasswordField("再输入一次新密码")


@desk.route("/login", methods=["GET", "POST"])
@writing.limit(
    "40 per 10 minutes", methods=["POST"], exempt_when=not_limited, deduct_when=was_wrong
)
def log_in() -> ResponseReturnValue:
    """The door. Every failure gets one and the same message. Failures are counted: for an account, which is
    locked (workflow.people), and for an address, behind which a whole office may log in at half past eight."""
    form = LoginForm()
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(url_for("desk.worklist"), 303)
        form.next.data = local_path(request.args.get("next")) or ""
        return render_template("desk/login.html", form=form, problem="")
    sent = typed.unsealed(form.kept.data)
    try:
        staff = gongkai().accounts.log_in((form.user.data or "").strip(), form.password.data or "")
    except BadInput as error:
        problem = error.errors[0].message
        return render_template("desk/login.html", form=form, kept=sent, problem=problem), 422
    begin_session(staff)
    page = typed.keep_for(staff, sent) or local_path(form.next.data)
    return redirect(page or url_for("desk.worklist"), 303)


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
    end_session()
    flash("已经退出。", "done")
    return redirect(url_for("desk.log_in"), 303)


@desk.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """A new password; demanded at the first login. Other sessions of the person end."""
    form, staff = PasswordForm(), current_staff()
    if request.method != "POST":
        return render_template("desk/password.html", form=form, forced=staff.must_change_password)
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
        else:
            held = session.get(typed.IN_SESSION)
            begin_session(changed)
            flash("密码已经修改。", "done")
            if held:
                session[typed.IN_SESSION] = held
            return redirect(held["page"] if held else url_for("desk.worklist"), 303)
    return render_template("desk/password.html", form=form, forced=staff.must_change_password), 422
