"""How a person wants to be reminded, who stands in for them, and the address of their calendar."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.security import current_staff
from workflow.refusal import BadInput, FieldError
from workflow.service import Missing

LABELS = {
    "email": "电子邮箱",
    "phone": "手机",
    "digest_hour": "每天一次",
    "test": "测试",
    "stand_in": "代理人",
    "stand_in_from": "从哪一天",
    "stand_in_to": "到哪一天",
}


@desk.get("/preferences")
def preferences() -> ResponseReturnValue:
    return _page()


def _page(errors: list[FieldError] | None = None) -> str:
    staff, service = current_staff(), gongkai().preferences
    wants = service.wants(staff)
    colleagues = {
        name: label
        for code in staff.roles
        for name, label in gongkai().accounts.people_of(code)
        if name != staff.name
    }
    typed = request.form if errors else {}
    return render_template(
        "desk/preferences.html",
        wants=wants,
        typed=typed,
        channels=service.person_channels(),
        accounts=service.account_channels(),
        tests=service.own_tests(staff),
        moments=service.may_mute(),
        always=service.always_said(),
        colleagues=colleagues,
        stand_ins=gongkai().stand_ins.own(staff),
        hours=range(7, 21),
        errors={error.field: error.message for error in errors or ()},
        problems=[Problem(e.field, _label(e.field), e.message) for e in errors or ()],
        feed=_address(wants.feed),
    )


def _label(field: str) -> str:
    """The label of a field; an account's is that of its channel."""
    of = {f"account_{kind.name}": kind.label for kind in gongkai().preferences.account_channels()}
    return LABELS.get(field) or of[field]


def _address(token: str) -> str:
    return url_for("portal.feed", token=token, _external=True) if token else ""


@desk.post("/preferences")
def change_preferences() -> ResponseReturnValue:
    """Addresses, channels, digest, and reminders that the person does without."""
    form = request.form
    moments = gongkai().preferences.may_mute()
    wanted = set(form.getlist("moments"))
    try:
        gongkai().preferences.change(
            current_staff(),
            {
                "email": form.get("email", ""),
                "phone": form.get("phone", ""),
                "accounts": {
                    kind.name: form.get(f"account_{kind.name}", "")[:200]
                    for kind in gongkai().preferences.account_channels()
                },
                "channels": form.getlist("channels"),
                "digest_hour": form.get("digest_hour", ""),
                "muted": [name for name in moments if name not in wanted],
            },
        )
    except BadInput as error:
        return _page(error.errors), 422
    flash("提醒方式已经保存。", "done")
    return redirect(url_for("desk.preferences"), 303)


@desk.post("/preferences/test/<channel>")
def test_own(channel: str) -> ResponseReturnValue:
    """A test message to oneself through the outbox, the way every message goes."""
    try:
        gongkai().preferences.test_own(current_staff(), channel)
    except Missing:
        abort(404)
    except BadInput as error:
        return _page(error.errors), 422
    flash("测试消息已经放入待发，几秒之后刷新本页可以看到结果。", "done")
    return redirect(url_for("desk.preferences"), 303)


@desk.post("/preferences/stand-in")
def stand_in() -> ResponseReturnValue:
    """Somebody who gets the person's messages for some days (代理人)."""
    form = request.form
    try:
        gongkai().preferences.stand_in(
            current_staff(),
            "" if form.get("end") else form.get("stand_in", "") or "?",
            form.get("stand_in_from", ""),
            form.get("stand_in_to", ""),
        )
    except BadInput as error:
        return _page(error.errors), 422
    flash("代理人已经取消。" if form.get("end") else "代理人已经保存。", "done")
    return redirect(url_for("desk.preferences"), 303)


@desk.post("/preferences/stand-ins/<int:which>/end")
def end_own_stand_in(which: int) -> ResponseReturnValue:
    """Who is away, or who acts for them, ends it before its day."""
    try:
        gongkai().stand_ins.end(current_staff(), which)
    except Missing:
        abort(404)
    flash("代理已经结束。", "done")
    return redirect(url_for("desk.preferences"), 303)


@desk.post("/preferences/feed")
def new_feed() -> ResponseReturnValue:
    """A new secret address of the calendar; the old one ends."""
    gongkai().due_days.new_feed(current_staff())
    flash("日历地址已经生成，原来的地址不再有效。", "done")
    return redirect(url_for("desk.preferences"), 303)
