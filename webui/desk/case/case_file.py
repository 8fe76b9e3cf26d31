"""The file of a case (案卷): what lies in it and on which page, what is missing; handed out whole."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webui import uploads
from webui.desk.case import archiving
from webui.desk.case.address import of_case
from webui.here import gongkai
from workflow.letters import NotPossible
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.service.bundles import ARCHIVE, EVIDENCE, Made, Packed
from workflow.service.files import Opened


@of_case("/file")
def case_file(staff: Staff, number: str) -> ResponseReturnValue:
    """The list of contents, in the order in which it is bound."""
    file = gongkai().reading.case(staff, number)
    found = gongkai().bundles.contents(staff, number)
    names = {one.id: one for one in gongkai().files.beside(staff, file).files}
    until = found.retention["保管至"]
    return render_template(
        "desk/file.html", file=file, found=found, names=names, caution=archiving.caution(file),
        until=date.fromisoformat(until) if until and until[0].isdigit() else None,
        may_bundle=EVIDENCE in found.may, may_archive=ARCHIVE in found.may,
    )  # fmt: skip


@of_case("/file/evidence")
def evidence(staff: Staff, number: str) -> ResponseReturnValue:
    """The evidence bundle."""
    try:
        made = gongkai().bundles.evidence(staff, staff.home, number)
    except (NotPossible, BadInput) as error:
        return _back(staff, number, error)
    return _handed_out(made, "application/pdf")


@of_case("/file/archive")
def package(staff: Staff, number: str) -> ResponseReturnValue:
    """The package for the archive."""
    try:
        made = gongkai().bundles.archive(staff, staff.home, number)
    except (NotPossible, BadInput) as error:
        return _back(staff, number, error)
    return _handed_out(made, "application/zip")


def _handed_out(made: Made | Packed, media_type: str) -> ResponseReturnValue:
    return uploads.handed_out(Opened(made.name, media_type, made.content))


def _back(staff: Staff, number: str, error: NotPossible | BadInput) -> ResponseReturnValue:
    """To the list, with why it could not be made."""
    if isinstance(error, NotPossible):
        said = f"{error.refusal.message}。{error.refusal.allowed_when}"
    else:
        said = "；".join(f"{one.field}：{one.message}" for one in error.errors)
    flash(said, "info")
    return redirect(url_for("desk.case_file", code=staff.home, number=number), 303)
