"""What a holder sets: what opens the account, reminders and the calendar, sessions, and its end."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui.here import gongkai, keep_sealed, kept
from webui.numbers import whole
from webui.passkeys import challenge, new_challenge, site_of_passkeys
from webui.portal import account_session, portal
from webui.portal.account_session import behind_account
from workflow.refusal import BadInput
from workflow.service.applicants.addresses import WAYS, ways_in_force
from workflow.service.applicants.entry import Holder
from workflow.service.limits import TooOften

ADDING = "account_adding"


@portal.get("/account/settings")
@behind_account
def account_settings(holder: Holder) -> ResponseReturnValue:
    return _settings(holder)


def _settings(
    holder: Holder, errors: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    doors = gongkai()
    reminding = doors.own_requests.reminding(holder)
    feed = reminding.feed and url_for("portal.account_feed", token=reminding.feed, _external=True)
    page = render_template(
        "portal/account/settings.html", credentials=doors.keeping.of(holder), reminding=reminding,
        sessions=doors.entry.sessions(holder), feed=feed, errors=errors or {}, kinds=WAYS,
        in_force=ways_in_force(doors.office), typed=request.form,
        passkey=doors.keeping.offer(holder, site_of_passkeys(), new_challenge()),
    )  # fmt: skip
    return page, status


@portal.post("/account/password")
@behind_account
def account_password(holder: Holder) -> ResponseReturnValue:
    """A password, the first or a new one; sessions elsewhere end."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _settings(holder, {"again": "两次输入的密码不一样"}, 422)
    try:
        gongkai().keeping.set_password(holder, request.form.get("old", ""), new)
    except BadInput as error:
        return _settings(holder, {one.field: one.message for one in error.errors}, 422)
    return _done("密码已经保存。在其他地方的登录都已经退出。")


@portal.post("/account/address")
@behind_account
def account_address(holder: Holder) -> ResponseReturnValue:
    """A code to a further or another address, or one of two less."""
    doors = gongkai()
    try:
        if request.form.get("do") == "drop":
            doors.keeping.drop_address(holder, request.form.get("kind", ""))
            return _done("已经去掉。")
        typed = request.form.get("address", "").strip()[:254]
        token, address = doors.entry.send_code(typed, account_session.place(), holder.id)
    except BadInput as error:
        return _settings(holder, {"address": error.errors[0].message}, 422)
    except TooOften as error:
        return _settings(holder, {"address": str(error)}, 429)
    keep_sealed(ADDING, {"token": token, "shown": address.masked, "to": address.text})
    return redirect(url_for("portal.account_prove"), 303)


@portal.route("/account/address/code", methods=["GET", "POST"])
@behind_account
def account_prove(holder: Holder) -> ResponseReturnValue:
    """The code that proves the address."""
    asked = kept(ADDING)
    if asked is None:
        return redirect(url_for("portal.account_settings"), 303)
    problem, status = "", 200
    if request.method == "POST":
        try:
            typed = request.form.get("code", "")[:40]
            proved = gongkai().entry.prove(
                asked["token"], typed, account_session.place(), holder.id
            )
            gongkai().keeping.put_address(holder, proved)
        except BadInput as error:
            problem, status = error.errors[0].message, 422
        except TooOften as error:
            problem, status = str(error), 429
        else:
            session.pop(ADDING, None)
            return _done("已经保存。")
    page = render_template(
        "portal/account/code.html", shown=asked["shown"], to=asked["to"], problem=problem,
        action=url_for("portal.account_prove"), again=url_for("portal.account_address"),
        back=url_for("portal.account_settings"),
    )  # fmt: skip
    return page, status


@portal.post("/account/passkeys")
@behind_account
def account_passkeys(holder: Holder) -> ResponseReturnValue:
    """A passkey more, as the browser made it, or one less."""
    keeping = gongkai().keeping
    if request.form.get("do") == "drop":
        keeping.drop_passkey(holder, request.form.get("which", -1, type=whole))
        return _done("通行密钥已经去掉。设备上存的那一份，请在设备的设置里删除。")
    try:
        keeping.add_passkey(
            holder, site_of_passkeys(), challenge(), request.form.get("credential", ""),
            request.form.get("label", "") or account_session.browser(),
        )  # fmt: skip
    except BadInput as error:
        return _settings(holder, {"passkey": error.errors[0].message}, 422)
    return _done("通行密钥已经添加，下次可以直接用它登录。")


@portal.post("/account/sessions")
@behind_account
def account_sessions(holder: Holder) -> ResponseReturnValue:
    """End one other session, or all others."""
    mark = request.form.get("mark", "")[:64]
    gongkai().entry.end(holder, mark or None)
    return _done("已经退出。" if mark else "在其他地方的登录都已经退出。")


@portal.post("/account/reminders")
@behind_account
def account_reminders(holder: Holder) -> ResponseReturnValue:
    """Through what the holder is told of all requests; none is a choice as well."""
    gongkai().own_requests.remind(holder, request.form.getlist("channels"))
    return _done("提醒方式已经保存，用于您账户里的全部申请。")


@portal.post("/account/feed")
@behind_account
def account_new_feed(holder: Holder) -> ResponseReturnValue:
    """A secret address for the calendar; the one before ends."""
    gongkai().own_requests.new_feed(holder)
    return _done("日历地址已经生成，原来的地址不再有效。", "calendar")


@portal.route("/account/delete", methods=["GET", "POST"])
@behind_account
def account_delete(holder: Holder) -> ResponseReturnValue:
    """What goes, what stays and why; then the end of the account (个人信息保护法47)."""
    if request.method != "POST":
        return render_template("portal/account/delete.html", problem="")
    if request.form.get("confirm") != "yes":
        problem = "请先勾选“我确认注销账户”"
        return render_template("portal/account/delete.html", problem=problem), 422
    gongkai().keeping.delete(holder)
    account_session.forget()
    flash("账户已经注销，账户里的资料已经删除。申请仍可以凭编号和查询码查询。", "done")
    return redirect(url_for("portal.start"), 303)


def _done(words: str, at: str | None = None) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("portal.account_settings", _anchor=at), 303)
