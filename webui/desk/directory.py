"""Logging in with the account of the office's directory: there, back with an answer, and out there as well."""

from dataclasses import asdict

from flask import abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui import typed
from webui.desk import desk
from webui.desk.entering import go_on, login_page
from webui.here import gongkai, keep_sealed, kept
from webui.limits import not_limited, was_wrong, writing
from webui.security import local_path
from workflow.service.directory.arriving import NotIn

STATE = "directory"


@desk.post("/login/directory")
@writing.limit("400 per 10 minutes", exempt_when=not_limited)
def to_directory() -> ResponseReturnValue:
    """To the provider. By a page, not at once: a form of ours may lead to no other site (CSP)."""
    directory = gongkai().directory
    if not directory.offered:
        abort(404)
    sent, back = typed.unsealed(request.form.get("kept")), local_path(request.form.get("next"))
    try:
        address, state = directory.begin(
            _answer_at(), back or "", asdict(sent) if sent is not None else None
        )
    except NotIn as error:
        return login_page(f"{directory.label}{error}", sent, back)
    keep_sealed(STATE, {"state": state})
    page = make_response(render_template("desk/to_directory.html", address=address))
    page.headers["Refresh"] = f"0; url={address}"
    return page


@desk.get("/login/directory/back")
@writing.limit("40 per 10 minutes", exempt_when=not_limited, deduct_when=was_wrong)
def from_directory() -> ResponseReturnValue:
    """Back from the provider, with a code that is good once."""
    directory = gongkai().directory
    if not directory.offered:
        abort(404)
    held = kept(STATE) or {"state": ""}
    session.pop(STATE, None)
    told = {name: request.args.get(name, "") for name in ("state", "code")}
    try:
        arrived = directory.arrive(told["state"], held["state"], told["code"], _answer_at())
    except NotIn as error:
        return login_page(f"{directory.label}{error}", typed.again(error.kept))
    return go_on(
        arrived.staff, "directory", arrived.back, typed.again(arrived.kept), strong=arrived.strong
    )


@desk.get("/login/directory/out")
def leave_directory() -> ResponseReturnValue:
    """Out of the directory as well; ours has ended before."""
    directory = gongkai().directory
    if not directory.offered:
        abort(404)
    address = directory.address_to_leave(_outside(url_for("desk.log_in")))
    if address is None:
        return login_page(f"{directory.label}没有退出的页面，或者暂时连不上；这里已经退出")
    return redirect(address, 303)


def _answer_at() -> str:
    """The address to which the provider sends the browser back; it stands in its list of allowed ones."""
    return _outside(url_for("desk.from_directory"))


def _outside(path: str) -> str:
    """The whole address of a page, as others reach it."""
    site = str(gongkai().settings["site_url"]).rstrip("/") or request.host_url.rstrip("/")
    return site + path
