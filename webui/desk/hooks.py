"""What other systems are told (数据推送): their addresses, the secret of each, a trial, and what was delivered."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.application_form import Problem
from webui.desk import desk
from webui.desk.proving import keep_for, still_of
from webui.desk.worklist import PER_PAGE
from webui.here import gongkai, kept
from webui.numbers import whole
from webui.security import current_staff
from workflow.dates import parse_day
from workflow.refusal import BadInput, FieldError
from workflow.service.hooks.happened import TEST
from workflow.service.hooks.receivers import STATES, Wanted

TOLD = "new_hook"
"""The secret that was just made, kept until the next page of its address shows it."""
LABELS = {
    "hook_name": "名称",
    "url": "地址",
    "at": "机关",
    "events": "推送哪些事项",
    "since": "从哪一天起",
    "deliveries": "送达情况",
    "active": "启用",
}
SWITCHED_ON = "已经保存。等待推送的按这里的地址发出；推送哪些事项，从下一个事项起生效。"
SWITCHED_OFF = (
    "已经保存，停用了。已经在等待的留着，启用以后发到这里的地址；停用期间的新事项不推送。"
)
SHOWN_STATES = ("waiting", "sent", "failed")


@desk.get("/hooks")
def hooks() -> ResponseReturnValue:
    """Every address that the person sees to, and a form for one more."""
    return _list()


@desk.post("/hooks")
def add_hook() -> ResponseReturnValue:
    """A further address; its secret is shown once."""
    try:
        agency = request.form.get("at", "").strip()
        if all(body.code != agency for body in gongkai().hooks.bodies(current_staff())):
            raise BadInput([FieldError("at", "请选择归您管理的机关")])
        which, secret = gongkai().hooks.add(current_staff(), agency, _wanted())
    except BadInput as error:
        return _list(error.errors), 422
    keep_for(TOLD, current_staff(), hook=which, secret=secret)
    return redirect(url_for("desk.hook", which=which), 303)


@desk.get("/hooks/<int:which>")
def hook(which: int) -> ResponseReturnValue:
    """One address: what it is told, and what was delivered."""
    return _one(which)


@desk.post("/hooks/<int:which>/change")
def change_hook(which: int) -> ResponseReturnValue:
    """What the address is from now on."""
    try:
        changed = gongkai().hooks.change(current_staff(), which, _wanted())
    except BadInput as error:
        return _one(which, error.errors), 422
    told = SWITCHED_ON if "active" in request.form else SWITCHED_OFF
    flash(told if changed else "没有变动。", "done")
    return redirect(url_for("desk.hook", which=which), 303)


@desk.post("/hooks/<int:which>/secret")
def renew_hook_secret(which: int) -> ResponseReturnValue:
    """Another secret, shown once; for a day both sign."""
    secret = gongkai().hooks.renew_secret(current_staff(), which)
    keep_for(TOLD, current_staff(), hook=which, secret=secret)
    return redirect(url_for("desk.hook", which=which), 303)


@desk.post("/hooks/<int:which>/remove")
def remove_hook(which: int) -> ResponseReturnValue:
    """The address is no more, once that was said twice."""
    if "sure" not in request.form:
        return _one(which, [FieldError("sure", "请先勾选确认")]), 422
    name = gongkai().hooks.remove(current_staff(), which)
    flash(f"推送地址“{name}”已经删除。", "done")
    return redirect(url_for("desk.hooks"), 303)


@desk.post("/hooks/<int:which>/test")
def try_hook(which: int) -> ResponseReturnValue:
    """A trial delivery, the way every delivery goes."""
    return _again(which, lambda: gongkai().hooks.try_out(current_staff(), which), "测试")


@desk.post("/hooks/<int:which>/deliveries/<int:delivery>/again")
def send_hook_again(which: int, delivery: int) -> ResponseReturnValue:
    """Deliver one once more."""
    return _again(
        which, lambda: gongkai().hooks.send_again(current_staff(), which, delivery), "这一条"
    )


@desk.post("/hooks/<int:which>/failed")
def send_failed_again(which: int) -> ResponseReturnValue:
    """Deliver once more all that was given up since a day."""
    try:
        try:
            since = parse_day(request.form.get("since", "").strip())
        except ValueError as error:
            raise BadInput([FieldError("since", str(error))]) from error
        found = gongkai().hooks.send_failed_again(current_staff(), which, since)
    except BadInput as error:
        return _one(which, error.errors), 422
    said = (
        f"{found} 条已经重新放入待发，稍后可以看到结果。" if found else "这一天以来没有未送达的。"
    )
    flash(said, "done")
    return redirect(url_for("desk.hook", which=which), 303)


def _again(which: int, act: Callable[[], None], what: str) -> ResponseReturnValue:
    try:
        act()
    except BadInput as error:
        return _one(which, error.errors), 422
    flash(f"{what}已经放入待发，几秒之后刷新本页可以看到结果。", "done")
    return redirect(url_for("desk.hook", which=which, _anchor="deliveries"), 303)


def _wanted() -> Wanted:
    form = request.form
    return Wanted(
        form.get("hook_name", ""),
        form.get("url", ""),
        "below" in form,
        None if form.get("which_events") == "all" else form.getlist("events"),
        "active" in form,
    )


def _list(errors: list[FieldError] | None = None) -> str:
    doors, by = gongkai(), current_staff()
    return render_template(
        "desk/hooks.html",
        hooks=doors.hooks.listed(by),
        bodies_seen=doors.hooks.bodies(by),
        **_form(errors),
    )


def _one(which: int, errors: list[FieldError] | None = None) -> str:
    doors, by = gongkai(), current_staff()
    state = request.args.get("state", "")
    state = state if state in SHOWN_STATES else ""
    page = min(max(request.args.get("page", 1, type=whole), 1), 100_000)
    found = doors.hooks.one(by, which)
    lines, total = doors.hooks.deliveries(by, which, state=state, page=page, per_page=PER_PAGE)
    return render_template(
        "desk/hook.html",
        one=found,
        secret=_secret_of(which),
        lines=lines,
        total=total,
        state=state,
        states={name: STATES[name] for name in SHOWN_STATES},
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
        labels={TEST: "测试"} | {e: row.label for e, row in load_law().transitions.items()},
        **_form(errors),
    )


def _secret_of(which: int) -> str | None:
    """The secret of the address, if the person has just made it; this once."""
    told = kept(TOLD)
    if told is None or told["hook"] != which:
        return None
    session.pop(TOLD, None)
    return str(told["secret"]) if still_of(told, current_staff()) else None


def _form(errors: list[FieldError] | None) -> dict[str, Any]:
    """What the form shows: the events that can be chosen, what was typed, and each error at its field."""
    found = errors or []
    return {
        "allowed": [str(one) for one in gongkai().hooks.allowed],
        "events": {name: row.label for name, row in load_law().transitions.items()},
        "typed": request.form if found else {},
        "ticked": request.form.getlist if found else (lambda name: []),
        "errors": {error.field: error.message for error in reversed(found)},
        "problems": [Problem(e.field, LABELS.get(e.field, ""), e.message) for e in found],
    }
