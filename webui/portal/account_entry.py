"""Signing in to an account of one's own, by a code, a password or a passkey, and opening one."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui import devices
from webui.here import gongkai, keep_sealed, kept
from webui.passkeys import challenge, new_challenge, site_of_passkeys
from webui.portal import account_session, portal
from webui.security import local_path
from workflow.people import Busy
from workflow.refusal import BadInput
from workflow.service.applicants.addresses import Address, ways_in_force
from workflow.service.applicants.entry import PROOF_LASTS
from workflow.service.limits import TooOften
from workflow.service.passkeys import to_answer

CODE, PROOF = "account_code", "account_proof"


@portal.route("/account/sign-in", methods=["GET", "POST"])
def account_sign_in() -> ResponseReturnValue:
    """The door; a password that is sent is looked at here."""
    if request.method != "POST":
        if account_session.holder() is not None:
            return redirect(_back() or url_for("portal.account"), 303)
        return _door()
    try:
        account = gongkai().entry.sign_in(
            _typed("user"), request.form.get("password", ""), account_session.place(),
            lambda account: devices.known(account_session.known_as(account)),
        )  # fmt: skip
    except BadInput as error:
        return _door({"user": error.errors[0].message}, 422)
    except TooOften as error:
        return _door({"user": str(error)}, 429)
    except Busy as error:
        return _door({"user": str(error)}, 503)
    return _in(account, "password")


def _door(errors: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "portal/account/sign_in.html", errors=errors or {}, ways=ways_in_force(gongkai().office),
        passkey=to_answer(site_of_passkeys(), new_challenge()), next=_back(),
        typed={name: _typed(name) for name in ("address", "user")},
    )  # fmt: skip
    return page, status


@portal.post("/account/code/send")
def account_send_code() -> ResponseReturnValue:
    """A code to an address, whether there is an account or not."""
    if account_session.holder() is not None:
        return redirect(url_for("portal.account"), 303)
    try:
        token, address = gongkai().entry.send_code(_typed("address"), account_session.place())
    except BadInput as error:
        return _door({"address": error.errors[0].message}, 422)
    except TooOften as error:
        asked = kept(CODE)
        if asked is not None and asked["to"] == _typed("address"):
            return _code(asked, str(error), 429)
        return _door({"address": str(error)}, 429)
    keep_sealed(
        CODE, {"token": token, "shown": address.masked, "to": address.text, "next": _back()}
    )
    return redirect(url_for("portal.account_code"), 303)


@portal.route("/account/code", methods=["GET", "POST"])
def account_code() -> ResponseReturnValue:
    """The code that was sent is typed here."""
    asked = kept(CODE)
    if asked is None:
        return redirect(url_for("portal.account_sign_in"), 303)
    if request.method != "POST":
        return _code(asked)
    try:
        proved = gongkai().entry.prove(asked["token"], _typed("code"), account_session.place())
    except BadInput as error:
        return _code(asked, error.errors[0].message, 422)
    except TooOften as error:
        return _code(asked, str(error), 429)
    session.pop(CODE, None)
    if proved.account is not None:
        return _in(proved.account, "code", asked["next"])
    said = proved.address
    at = gongkai().office.now().isoformat()
    keep_sealed(PROOF, {"kind": said.kind, "text": said.text, "at": at, "next": asked["next"]})
    return redirect(url_for("portal.account_open"), 303)


def _code(asked: dict[str, Any], problem: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "portal/account/code.html", shown=asked["shown"], to=asked["to"], problem=problem,
        action=url_for("portal.account_code"), again=url_for("portal.account_send_code"),
        back=url_for("portal.account_sign_in"),
    )  # fmt: skip
    return page, status


@portal.route("/account/open", methods=["GET", "POST"])
def account_open() -> ResponseReturnValue:
    """What an account keeps and why, and the word that it is wanted (个人信息保护法14、17)."""
    proof = kept(PROOF)
    if proof is None or not _is_fresh(proof["at"]):
        session.pop(PROOF, None)
        return redirect(url_for("portal.account_sign_in"), 303)
    address = Address(proof["kind"], proof["text"])
    if request.method != "POST":
        return render_template("portal/account/open.html", shown=address.masked, problem="")
    if request.form.get("agree") != "yes":
        problem = "请先勾选“我已看过，同意开立账户”"
        return render_template(
            "portal/account/open.html", shown=address.masked, problem=problem
        ), 422
    account = gongkai().entry.open(address)
    session.pop(PROOF, None)
    answer = _in(account, "code", proof["next"])
    flash("账户已经开立。可以在“设置”里设密码，下次不用等验证码。", "done")
    return answer


@portal.post("/account/passkey")
def account_passkey() -> ResponseReturnValue:
    """What the browser answered with a passkey."""
    try:
        account = gongkai().keeping.by_passkey(
            site_of_passkeys(), challenge(), request.form.get("credential", "")
        )
    except BadInput as error:
        return _door({"passkey": error.errors[0].message}, 422)
    return _in(account, "passkey")


@portal.post("/account/sign-out")
def account_sign_out() -> ResponseReturnValue:
    """The session ends here and on the server; what was typed and looked at is forgotten on this computer too."""
    account_session.end()
    return signed_out()


def signed_out() -> ResponseReturnValue:
    """Say so; also to who signs out in another window once more."""
    flash("已经退出账户。", "done")
    return redirect(url_for("portal.start"), 303)


account_sign_out.when_empty = signed_out  # type: ignore[attr-defined]  # read in webui/errors.py


def _in(account: int, way: str, back: str | None = None) -> ResponseReturnValue:
    account_session.begin(account, way)
    return redirect(back or _back() or url_for("portal.account"), 303)


def _is_fresh(at: str) -> bool:
    return gongkai().office.now() - datetime.fromisoformat(at) < PROOF_LASTS


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()[:254]


def _back() -> str | None:
    return local_path(request.values.get("next"))
