"""People and roles (人员): who works here and may do what, stand-ins, and what an installation still lacks."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai, keep_sealed, kept
from webui.security import current_staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.staffing import AUDIT, GRANT, MANAGE, administering, mind, staff_roles
from workflow.service.staff import Colleague

LABELS = {
    "display_name": "姓名",
    "account": "统一身份认证的账号",
    "name": "用户名",
    "roles": "做什么",
    "away": "谁不在",
    "deputy": "由谁代理",
    "stand_in_roles": "代理哪些角色",
    "first": "从哪一天",
    "last": "到哪一天",
    "unit_name": "科室名称",
    "head": "负责人",
    "members": "成员",
}
ONE_TIME = "one_time_password"
FACTORS_RESET = "两步验证已经重设，登录即时失效。请本人用密码登录，再设置一次。"
STATES = {"running": "正在代理", "coming": "还没有开始", "over": "已经到期", "ended": "提前结束"}


def chosen_agency() -> str:
    """The body that the address names, else the first whose people the person sees. What is not within
    reach the service refuses."""
    mine = [body.code for body in gongkai().staff.bodies(current_staff())]
    asked = request.values.get("at", "")
    if asked:
        return asked
    own = [code for code in mine if code in current_staff().roles]
    return next(iter([*own, *mine]))


@desk.get("/staff")
def staff_list() -> ResponseReturnValue:
    """Everybody of the body, who stands in for whom, what the installation lacks, and what was changed."""
    return list_page(chosen_agency())


@desk.post("/staff")
def create_person() -> ResponseReturnValue:
    """A new member of staff; the one-time password is shown once."""
    agency, form = chosen_agency(), request.form
    try:
        password = gongkai().staff.create(
            current_staff(), agency, form.get("name", ""), form.get("display_name", ""),
            form.getlist("roles"),
        )  # fmt: skip
    except BadInput as error:
        return list_page(agency, error.errors), 422
    name = form["name"].strip()
    keep_sealed(ONE_TIME, {"user": name, "password": password})
    return redirect(url_for("desk.person", user=name, at=agency), 303)


def list_page(
    agency: str, errors: list[FieldError] | None = None, refusal: Refusal | None = None
) -> str:
    by, doors = current_staff(), gongkai()
    people, may = doors.staff.listed(by, agency), doors.staff.may(by, agency)
    return render_template(
        "desk/staff.html",
        agency=agency,
        bodies_seen=doors.staff.bodies(by),
        people=people,
        stand_ins=doors.stand_ins.of_body(by, agency),
        stand_in_states=STATES,
        units=doors.units.of_body(by, agency),
        names={one.name: one.display_name for one in people},
        steps=doors.first_steps.of_body(by, agency) if MANAGE in may else [],
        changes=doors.audit.latest(by, agency) if AUDIT in may else None,
        unfilled=doors.staff.unfilled(agency),
        manages=MANAGE in may,
        grants=GRANT in may,
        texts=doors.body_settings.texts(agency),
        today=doors.office.today(),
        **_about(people, agency),
        **wrong(errors),
        refusal=refusal,
    )


def _about(people: list[Colleague], agency: str) -> dict[str, Any]:
    """Roles with their sentences; who could stand in for whom; what each must leave to others."""
    law = load_law()
    handling = [role for role in staff_roles(law) if role not in administering(law)]
    return {
        "roles": {role: law.words.duties[role] for role in staff_roles(law)},
        "lendable": [
            role
            for role in handling
            if any(role in one.roles.get(agency, ()) for one in people if one.active)
        ],
        "mind": {one.name: mind(law, one.roles.get(agency, ())) for one in people},
    }


def wrong(errors: list[FieldError] | None) -> Mapping[str, Any]:
    """What a form shows again after it was refused: what was typed, each error at its field, and the list."""
    found = errors or []
    at_field: dict[str, str] = {}
    for error in found:
        at_field.setdefault(error.field, error.message)
    return {
        "typed": request.form if found else {},
        "ticked": request.form.getlist if found else (lambda name: []),
        "errors": at_field,
        "problems": [Problem(e.field, LABELS.get(e.field, ""), e.message) for e in found],
    }


# -- one person --------------------------------------------------------------------------------------


@desk.get("/staff/<user>")
def person(user: str) -> ResponseReturnValue:
    """One person: the roles in each body, the account, and the cases that wait for them."""
    return _person(user)


def _person(
    user: str, errors: list[FieldError] | None = None, refusal: Refusal | None = None
) -> str:
    by, doors = current_staff(), gongkai()
    found = doors.staff.one(by, user)
    bodies = doors.staff.bodies(by)
    told = kept(ONE_TIME)
    if told is not None and told.get("user") == user:
        session.pop(ONE_TIME, None)
    else:
        told = None
    law = load_law()
    return render_template(
        "desk/person.html",
        one=found,
        ways_in=doors.staff_entry.ways_in(found),
        directory=doors.directory,
        whole=doors.staff.whole(by, found),
        unlocks=doors.staff.whole(by, found, GRANT),
        bodies_seen=[
            body
            for body in bodies
            if body.code in found.bodies or body.code == request.values.get("at")
        ],
        granted_in=[body.code for body in doors.staff.bodies(by, GRANT)],
        assigned=doors.staff.burden(by, user),
        roles={role: law.words.duties[role] for role in staff_roles(law)},
        mind={code: mind(law, held) for code, held in found.roles.items()},
        logins=doors.sessions.how_many(user),
        told=told,
        **wrong(errors),
        refusal=refusal,
    )


@desk.post("/staff/<user>/roles")
def set_roles(user: str) -> ResponseReturnValue:
    """The roles that the person holds in one body from now on."""
    agency = request.form.get("at", "")
    try:
        changed = gongkai().staff.set_roles(
            current_staff(), user, agency, request.form.getlist("roles")
        )
    except BadInput as error:
        return _person(user, error.errors), 422
    except Refused as error:
        return _person(user, refusal=error.refusal), 409
    flash("角色已经保存。" if changed else "没有变动。", "done")
    if not request.form.getlist("roles"):
        return redirect(url_for("desk.staff_list", at=agency), 303)
    return redirect(url_for("desk.person", user=user, at=agency), 303)


@desk.post("/staff/<user>/account/<do>")
def change_account(user: str, do: str) -> ResponseReturnValue:
    """Disable, enable, log out everywhere, another password, another name, no second factor, an account of
    the directory."""
    staff, by = gongkai().staff, current_staff()
    entry = gongkai().staff_entry
    said = {"disable": "已停用，登录和令牌即时失效。", "enable": "已启用。"}
    try:
        if do == "password":
            keep_sealed(ONE_TIME, {"user": user, "password": staff.reset_password(by, user)})
        elif do == "factors":
            changed = entry.reset_factors(by, user)
            flash(FACTORS_RESET if changed else "没有变动。", "done")
        elif do == "directory":
            entry.link(by, user, request.form.get("account", ""))
            flash("统一身份认证的账号已经保存。", "done")
        elif do == "name":
            staff.rename(by, user, request.form.get("display_name", ""))
            flash("姓名已经保存。", "done")
        elif do == "sessions":
            ended = staff.end_sessions(by, user)
            flash(f"已让他在 {ended} 处退出登录。" if ended else "他现在没有登录。", "done")
        elif do in said:
            {"disable": staff.disable, "enable": staff.enable}[do](by, user)
            flash(said[do], "done")
        else:
            abort(404)
    except BadInput as error:
        return _person(user, error.errors), 422
    except Refused as error:
        return _person(user, refusal=error.refusal), 409
    return redirect(url_for("desk.person", user=user), 303)


@desk.post("/staff/<user>/account/unlock")
def unlock(user: str) -> ResponseReturnValue:
    """Somebody who mistyped too often may try again before the time is over."""
    try:
        gongkai().staff.unlock(current_staff(), user)
    except Refused as error:
        return _person(user, refusal=error.refusal), 409
    flash("已解除，可以再试。", "done")
    return redirect(url_for("desk.person", user=user), 303)


# -- stand-ins ----------------------------------------------------------------------------------------


@desk.post("/staff/stand-ins")
def make_stand_in() -> ResponseReturnValue:
    """Somebody acts for somebody else, with these roles, for these days."""
    agency, form = chosen_agency(), request.form
    try:
        gongkai().stand_ins.make(
            current_staff(), agency, form.get("away", ""), form.get("deputy", ""),
            form.getlist("stand_in_roles"), form.get("first", ""), form.get("last", ""),
        )  # fmt: skip
    except BadInput as error:
        return list_page(agency, error.errors), 422
    flash("代理已经保存，到期自行结束。", "done")
    return redirect(url_for("desk.staff_list", at=agency, _anchor="stand-ins"), 303)


@desk.post("/staff/stand-ins/<int:which>/end")
def end_stand_in(which: int) -> ResponseReturnValue:
    """It ends now."""
    gongkai().stand_ins.end(current_staff(), which)
    flash("代理已经结束。", "done")
    return redirect(url_for("desk.staff_list", at=chosen_agency(), _anchor="stand-ins"), 303)
