"""Login, logout and the password of one's own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from webui.desk import desk
from webui.here import gongkai
from webui.limits import not_limited, was_wrong, writing
from webui.security import (
    begin_session,
    current_staff,
    end_session,
    local_path,
)
from workflow.refusal import BadInput


class LoginForm(FlaskForm):
    user = StringField("用户名")
    password = PasswordField("密码")
    next = HiddenField()


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
    try:
        staff = gongkai().accounts.log_in((form.user.data or "").strip(), form.password.data or "")
    except BadInput as error:
        return render_template("desk/login.html", form=form, problem=error.errors[0].message), 422
    begin_session(staff)
    return redirect(local_path(form.next.data) or url_for("desk.worklist"), 303)


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
            begin_session(changed)
            flash("密码已经修改。", "done")
            return redirect(url_for("desk.worklist"), 303)
    return render_template("desk/password.html", form=form, forced=staff.must_change_password), 422
