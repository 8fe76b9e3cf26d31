"""A new query code at the counter, for who lost theirs: with a reason, noted in the audit, printed as a slip."""

from secrets import token_urlsafe

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk.case.address import of_case
from webui.here import gongkai, keep_sealed, kept
from workflow.people import Staff
from workflow.refusal import BadInput

IN_SESSION = "renewed"


@of_case("/code")
def code(staff: Staff, number: str) -> ResponseReturnValue:
    """Why it is renewed, and when it was before."""
    return _page(staff, number)


@of_case("/code", "POST")
def renew_code(staff: Staff, number: str) -> ResponseReturnValue:
    """Renew it; the same form sent twice shows the same slip."""
    once = request.form.get("once", "")[:64]
    held = kept(IN_SESSION)
    file = gongkai().reading.case(staff, number)
    if held is None or not once or held["once"] != once:
        try:
            made = gongkai().query_codes.renew(
                staff,
                number,
                request.form.get("reason", ""),
                request.form.get("words", ""),
                proved=request.form.get("proved") == "yes",
            )
        except BadInput as error:
            return _page(staff, number, {one.field: one.message for one in error.errors}), 422
        keep_sealed(
            IN_SESSION,
            {"once": once, "agency": made.agency, "number": made.number, "code": made.code},
        )
    return redirect(url_for("desk.renewed_code", code=file.agency, number=file.number), 303)


@of_case("/code/slip")
def renewed_code(staff: Staff, number: str) -> ResponseReturnValue:
    """The slip with the code that was just made in this session, to be printed."""
    file, held = gongkai().reading.case(staff, number), kept(IN_SESSION)
    if held is None or (held["agency"], held["number"]) != (file.agency, file.number):
        return redirect(url_for("desk.code", code=file.agency, number=file.number), 303)
    return render_template("desk/code_slip.html", file=file, new=held["code"])


def _page(staff: Staff, number: str, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "desk/code.html",
        file=gongkai().reading.case(staff, number),
        renewals=gongkai().query_codes.renewals(staff, number),
        errors=errors or {},
        typed=request.form if errors else {},
        once=token_urlsafe(16),
    )
