"""What a member of staff has besides the password: an app that shows codes, passkeys, recovery codes."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webui.desk import desk
from webui.desk.proving import PROVED, has_proved, keep_for, still_of
from webui.here import gongkai, kept
from webui.limits import address, not_limited, was_wrong, writing
from webui.numbers import whole
from webui.passkeys import challenge, new_challenge, site_of_passkeys
from webui.security import STRONG, current_staff
from webui.typed import IN_SESSION
from workflow.refusal import BadInput
from workflow.service.limits import TooOften
from workflow.service.one_time_codes import address_of, in_groups, new_secret
from workflow.service.second_factor import ISSUER

SECRET, CODES = "totp_secret", "recovery_codes"
PROVE_FIRST = "请先输入密码，再办这一项。"


@desk.get("/factors")
def factors() -> ResponseReturnValue:
    """What there is; who has just said once more who they are can change it. Recovery codes are shown once."""
    told = kept(CODES)
    session.pop(CODES, None)
    return _page(codes=told["codes"] if told and still_of(told, current_staff()) else ())


def _page(
    errors: Mapping[str, str] | None = None, status: int = 200, codes: tuple[str, ...] = ()
) -> ResponseReturnValue:
    staff, second = current_staff(), gongkai().second_factor
    proved, found = has_proved(staff), second.of(staff)
    held = session.get(IN_SESSION)
    page = render_template(
        "desk/factors.html", found=found, proved=proved, errors=errors or {}, codes=codes,
        must=second.must(staff) and not session.get(STRONG),
        passkey=second.offer(staff, site_of_passkeys(), new_challenge()) if proved else "",
        goes_on=held["page"] if held else url_for("desk.worklist"),
    )  # fmt: skip
    return page, status


@desk.post("/factors/prove")
@writing.limit("40 per 10 minutes", exempt_when=not_limited, deduct_when=was_wrong)
def prove() -> ResponseReturnValue:
    """It is the person: by the password, or by a code."""
    staff = current_staff()
    try:
        gongkai().second_factor.prove(staff, request.form.get("proof", "")[:1000], address())
    except BadInput as error:
        return _page({"proof": error.errors[0].message}, 422)
    except TooOften as error:
        return _page({"proof": str(error)}, 429)
    keep_for(PROVED, staff)
    return redirect(url_for("desk.factors"), 303)


@desk.route("/factors/app", methods=["GET", "POST"])
def put_app() -> ResponseReturnValue:
    """The secret for the app, as a picture and for typing; its first code says that the app has it."""
    staff = current_staff()
    if not has_proved(staff):
        return _prove_first()
    held = kept(SECRET)
    if held is None or not still_of(held, staff):
        held = {"secret": new_secret().hex()}
        keep_for(SECRET, staff, **held)
    secret = bytes.fromhex(held["secret"])
    problem = ""
    if request.method == "POST":
        try:
            codes = gongkai().second_factor.put_app(
                staff, secret, request.form.get("code", "")[:64]
            )
        except BadInput as error:
            problem = error.errors[0].message
        else:
            session.pop(SECRET, None)
            return _done("验证器已经添加。", codes)
    page = render_template(
        "desk/app.html", picture=_picture(address_of(secret, ISSUER, staff.name)),
        secret=in_groups(secret), problem=problem, has=gongkai().second_factor.of(staff).app_since,
    )  # fmt: skip
    return page, 422 if problem else 200


@desk.post("/factors/<do>")
def change_factors(do: str) -> ResponseReturnValue:
    """A passkey more, another name for it, one less; no app any more; other recovery codes."""
    staff, second, form = current_staff(), gongkai().second_factor, request.form
    if not has_proved(staff):
        return _prove_first()
    which, label = form.get("which", -1, type=whole), form.get("label", "")
    if do == "add-passkey":
        try:
            codes = second.add_passkey(
                staff, site_of_passkeys(), challenge(), form.get("credential", ""), label
            )
        except BadInput as error:
            return _page({"passkey": error.errors[0].message}, 422)
        return _done("通行密钥已经添加。", codes)
    if do == "rename-passkey":
        second.rename_passkey(staff, which, label)
        return _done("名字已经保存。")
    if do == "drop-passkey":
        second.drop_passkey(staff, which)
        return _done("通行密钥已经去掉。设备上存的那一份，请在设备的设置里删除。")
    if do == "drop-app":
        second.drop_app(staff)
        return _done("验证器已经去掉。应用里的那一条，请在应用里删除。")
    if do == "codes":
        return _done("备用码已经换新，原来的不能再用。", second.new_codes(staff))
    return redirect(url_for("desk.factors"), 303)


def _done(words: str, codes: list[str] | None = None) -> ResponseReturnValue:
    flash(words, "done")
    if codes:
        keep_for(CODES, current_staff(), codes=codes)
    return redirect(url_for("desk.factors"), 303)


def _prove_first() -> ResponseReturnValue:
    flash(PROVE_FIRST, "info")
    return redirect(url_for("desk.factors"), 303)


def _picture(address: str) -> Markup:
    """A QR code as SVG within the page."""
    import segno  # loaded with the first app

    return Markup(segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True))
