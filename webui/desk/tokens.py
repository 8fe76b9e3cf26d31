"""Tokens of the API (程序令牌): one's own, made and told once; those of a body's people, for who manages rights."""

from secrets import token_urlsafe

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.desk.proving import PROVED, has_proved, keep_for, still_of
from webui.here import gongkai, kept
from webui.limits import address, not_limited, was_wrong, writing
from webui.numbers import figures
from webui.security import current_staff
from workflow.people import TOKEN_DAYS, TOKEN_ENDS_SOON, TOKEN_IDLE, TOKEN_NAME_MOST
from workflow.refusal import BadInput, FieldError
from workflow.service.limits import TooOften

NEW = "new_token"
"""The token that was just made, kept until the next page shows it."""
SCOPES = {"read": "读取", "write": "登记和办理"}
STATES = {"good": "有效", "waiting": "暂不能用", "ended": "已停用", "expired": "已到期"}
MARKS = {"good": "ok", "waiting": "soon"}
ENDINGS = {
    "own": "本人停用", "administrator": "管理员停用", "operator": "运行人员停用",
    "password": "密码修改或者重设时停用", "disabled": "账号停用时停用",
}  # fmt: skip
LABELS = {"name": "用途", "scope": "能做什么", "days": "用多少天", "proof": "您的密码"}
USUAL_DAYS = 180


@desk.get("/tokens")
def own_tokens() -> ResponseReturnValue:
    """What there is, and how to make one; the one that was just made is shown on this page alone, this once."""
    told = kept(NEW)
    session.pop(NEW, None)
    return _own(told=told if told and still_of(told, current_staff()) else None)


def _own(
    errors: list[FieldError] | None = None, status: int = 200, told: dict[str, str] | None = None
) -> ResponseReturnValue:
    staff, found = current_staff(), errors or []
    page = render_template(
        "desk/tokens.html",
        tokens=gongkai().tokens.own(staff), told=told, proved=has_proved(staff),
        has_factor=gongkai().second_factor.has(staff),
        form_key=(request.form.get("form_key", "") if found else "") or token_urlsafe(16),
        typed=request.form if found else {"days": str(USUAL_DAYS)},
        ticked=request.form.getlist("scope") if found else ["read"],
        errors={one.field: one.message for one in reversed(found)},
        problems=[Problem(one.field, LABELS.get(one.field, ""), one.message) for one in found],
        most_days=TOKEN_DAYS, name_most=TOKEN_NAME_MOST, **_words(),
    )  # fmt: skip
    return page, status


def _words() -> dict[str, object]:
    return {
        "now": gongkai().office.now(), "scopes": SCOPES, "states": STATES, "marks": MARKS, "endings": ENDINGS,
        "soon_days": TOKEN_ENDS_SOON.days, "idle_days": TOKEN_IDLE.days,
    }  # fmt: skip


@desk.post("/tokens")
@writing.limit("40 per 10 minutes", exempt_when=not_limited, deduct_when=was_wrong)
def make_token() -> ResponseReturnValue:
    """One more. Who has not just said once more who they are does so in the same form, which makes one, however often it
    is sent."""
    staff, form, tokens = current_staff(), request.form, gongkai().tokens
    asked = form.get("name", ""), form.getlist("scope"), figures(form.get("days", "").strip()) or 0
    errors, status = tokens.wrong(*asked), 422
    try:
        if not has_proved(staff):
            gongkai().second_factor.prove(staff, form.get("proof", "")[:1000], address())
            keep_for(PROVED, staff)
    except BadInput as error:
        errors += error.errors
    except TooOften as error:
        errors, status = [*errors, FieldError("proof", str(error))], 429
    if errors:
        return _own(errors, status)
    made = tokens.make(staff, *asked, form.get("form_key", "")[:64])
    if made is None:
        flash("这张表已经建过一个令牌，没有再建。没有记下来的，请停用它，另建一个。", "info")
    else:
        keep_for(NEW, staff, token=made, program=" ".join(form.get("name", "").split()))
    return redirect(url_for("desk.own_tokens"), 303)


@desk.post("/tokens/<int:which>/end")
def end_own_token(which: int) -> ResponseReturnValue:
    """It opens nothing any more."""
    gongkai().tokens.end_own(current_staff(), which)
    flash("令牌已经停用，用它的程序马上不能再调用。", "done")
    return redirect(url_for("desk.own_tokens"), 303)


@desk.get("/staff/tokens")
def body_tokens() -> ResponseReturnValue:
    """The tokens of everybody who works in a body, without the tokens themselves."""
    by, tokens = current_staff(), gongkai().tokens
    bodies = tokens.bodies(by)
    own = [body.code for body in bodies if body.code in by.roles]
    agency = request.values.get("at") or next(
        iter([*own, *(body.code for body in bodies)]), by.home
    )
    return render_template(
        "desk/tokens_of_body.html",
        agency=agency, bodies_seen=bodies, found=tokens.of_body(by, agency), **_words(),
    )  # fmt: skip


@desk.post("/staff/tokens/<int:which>/end")
def end_token(which: int) -> ResponseReturnValue:
    """Somebody's opens nothing any more."""
    agency = request.form.get("at", "")
    ended = gongkai().tokens.end(current_staff(), agency, which)
    flash(f"{ended.user} 的令牌已经停用，用它的程序马上不能再调用。", "done")
    return redirect(url_for("desk.body_tokens", at=agency), 303)
