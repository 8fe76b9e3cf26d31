"""The files of a case at the desk: adding and opening them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from webui import uploads
from webui.desk import desk
from webui.desk.case.address import in_body, of_case
from webui.desk.case.page import page_with_files
from webui.errors import http_page
from webui.here import gongkai
from webui.limits import not_limited, writing
from webui.security import current_staff, require_staff
from workflow.people import Staff
from workflow.refusal import BadInput, Refused


@of_case("/files", "POST")
@writing.limit("300 per hour", exempt_when=not_limited)
def upload_file(staff: Staff, number: str) -> ResponseReturnValue:
    """Files of any kind; each is judged by itself, what cannot be taken is told at the field."""
    form = uploads.received()
    try:
        taken = gongkai().files.send(staff, number, form.kind, form.sent)
    except (BadInput, Refused) as error:
        return _again(staff, number, error)
    words = f"已保存{uploads.kept_words(taken)}。"
    if any(one.warnings for one in taken.files):
        words += "请核对“材料”中列出的提示。"
    flash(words, "done")
    if taken.refused:
        return _page(staff, number, uploads.refused_words(taken), form.kind, 422)
    return redirect(url_for("desk.case", code=staff.home, number=number), 303)


@of_case("/files/<int:file_id>")
def open_file(staff: Staff, number: str, file_id: int) -> ResponseReturnValue:
    """The file itself, or a copy of a photo or scan to read. Opening identity papers is noted."""
    copy = request.args.get("copy") == "1"
    try:
        return uploads.handed_out(gongkai().files.open(staff, number, file_id, copy=copy))
    except Refused as error:
        return _again(staff, number, error)


@desk.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint != "desk.upload_file":
        return http_page(error)
    # The size is found out before the login is asked for.
    return require_staff() or _too_large(**(request.view_args or {}))


def _too_large(number: str, code: str | None = None) -> ResponseReturnValue:
    staff = in_body(code) if code else current_staff()
    return _page(staff, number, {"file": uploads.too_large()}, "", 413)


def _again(staff: Staff, number: str, error: BadInput | Refused) -> ResponseReturnValue:
    status = 409 if isinstance(error, Refused) else 422
    return _page(staff, number, uploads.errors_of(error), request.form.get("kind", ""), status)


def _page(
    staff: Staff, number: str, errors: dict[str, str], kind: str, status: int
) -> ResponseReturnValue:
    file = gongkai().reading.case(staff, number)
    return page_with_files(file, staff, uploads.desk_card(staff, file, errors, kind)), status
