"""Who asks, whole: shown on demand, with a reason, beside the proof of identity; only in the answer to that form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webui.desk.case.address import of_case
from webui.here import gongkai
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.service.files import IDENTITY_KINDS


@of_case("/applicant")
def applicant(staff: Staff, number: str) -> ResponseReturnValue:
    """Why it is asked for, and who looked before."""
    return _page(staff, number)


@of_case("/applicant", "POST")
def show_applicant(staff: Staff, number: str) -> ResponseReturnValue:
    """The data, once it is noted who looks, when and why."""
    reason, words = request.form.get("reason", ""), request.form.get("words", "")
    try:
        gongkai().whole_applicant.show(staff, number, reason, words)
    except BadInput as error:
        return _page(staff, number, {one.field: one.message for one in error.errors}), 422
    return _page(staff, number, shown=True)


def _page(
    staff: Staff, number: str, errors: dict[str, str] | None = None, *, shown: bool = False
) -> str:
    looks = gongkai().whole_applicant.looks(staff, number)
    file = gongkai().reading.case(staff, number)
    files = gongkai().files.beside(staff, file).files
    return render_template(
        "desk/applicant.html",
        file=file,
        shown=shown,
        looks=looks,
        errors=errors or {},
        typed=request.form if errors else {},
        proofs=[one for one in files if one.kind in IDENTITY_KINDS],
    )
