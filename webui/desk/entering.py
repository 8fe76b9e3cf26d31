"""What comes between who somebody is and their session: the second step of the login, where they have one."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui import typed
from webui.desk import desk
from webui.here import gongkai, keep_sealed, kept
from webui.limits import address, not_limited, was_wrong, writing
from webui.passkeys import challenge, new_challenge, site_of_passkeys
from webui.security import ENTERED_BY, STRONG, LoginForm, begin_session, local_path
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.service.limits import TooOften

PENDING = "second_step"
LASTS = timedelta(minutes=5)
OVER = "登录停留太久，请重新登录"


def go_on(
    staff: Staff, way: str, back: str | None, sent: typed.Typed | None, *, strong: bool = False
) -> ResponseReturnValue:
    """Somebody has said who they are. way: how, a word of `login_ways`; back: the page that was asked for; sent: what had
    been typed before; strong: no second step is asked for."""
    if strong or not gongkai().second_factor.has(staff):
        return _enter(staff, (way,), back, sent, strong=strong)
    at = gongkai().office.now().isoformat()
    keep_sealed(
        PENDING,
        {"user": staff.name, "mark": stamp_of(staff), "at": at, "way": way, "back": back or ""},
    )
    if sent is None:
        return redirect(url_for("desk.second_step"), 303)
    return _asked(staff, sent)


def _enter(
    staff: Staff,
    ways: Collection[str],
    back: str | None,
    sent: typed.Typed | None,
    *,
    strong: bool = False,
) -> ResponseReturnValue:
    begin_session(staff)
    session[ENTERED_BY] = next(iter(ways))
    session[STRONG] = strong
    gongkai().second_factor.entered(staff, ways)
    page = typed.keep_for(staff, sent) or local_path(back)
    return redirect(page or url_for("desk.worklist"), 303)


@desk.route("/login/second", methods=["GET", "POST"])
@writing.limit(
    "40 per 10 minutes", methods=["POST"], exempt_when=not_limited, deduct_when=was_wrong
)
def second_step() -> ResponseReturnValue:
    """The second step: a code, or a passkey. Every failure gets one and the same message, and is counted."""
    found = _pending()
    sent = typed.unsealed(request.form.get("kept"))
    if found is None:
        session.pop(PENDING, None)
        return login_page(OVER if request.method == "POST" else "", sent)
    staff, held = found
    if request.method != "POST":
        return _asked(staff, None)
    second, answer = gongkai().second_factor, request.form.get("credential", "")
    try:
        if answer:
            second.by_passkey(staff, site_of_passkeys(), challenge(), answer)
            way = "passkey"
        else:
            way = second.by_code(staff, request.form.get("code", "")[:64], address())
    except BadInput as error:
        return _asked(staff, sent, {one.field: one.message for one in error.errors}, 422)
    except TooOften as error:
        return _asked(staff, sent, {"code": str(error)}, 429)
    return _enter(staff, (held["way"], way), held["back"], sent)


def stamp_of(staff: Staff) -> str:
    """What is kept for a while holds of the person: it ends with all of their sessions."""
    return gongkai().office.keys.mark("stamp of a session", f"{staff.id} {staff.session_stamp}")


def _pending() -> tuple[Staff, Mapping[str, Any]] | None:
    """Who has passed the first step a short while ago, and is still who they were; None if nobody."""
    held = kept(PENDING)
    if held is None:
        return None
    staff = gongkai().office.staff(held["user"])
    age = gongkai().office.now() - datetime.fromisoformat(held["at"])
    fits = staff is not None and stamp_of(staff) == held["mark"] and age <= LASTS
    return (staff, held) if staff is not None and fits else None


def _asked(
    staff: Staff,
    sent: typed.Typed | None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    second = gongkai().second_factor
    passkey = second.to_answer(staff, site_of_passkeys(), new_challenge())
    page = render_template(
        "desk/second_step.html", passkey=passkey, has_app=second.of(staff).app_since is not None,
        errors=errors or {}, kept=sent, sealed=typed.sealed(sent),
    )  # fmt: skip
    return page, status


def login_page(
    problem: str, sent: typed.Typed | None = None, back: str | None = None
) -> ResponseReturnValue:
    """The page to log in, once more."""
    form = LoginForm(formdata=None, next=local_path(back) or "", kept=typed.sealed(sent))
    page = render_template("desk/login.html", form=form, kept=sent, problem=problem)
    return page, 422 if problem else 200
