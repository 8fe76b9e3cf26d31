"""The letters of a case: the list, their files, what comes back, numbers that are void."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.letters import load_letters
from webui import uploads
from webui.desk.case.address import of_case
from webui.desk.letters.composing import events_of
from webui.here import gongkai
from webui.limits import not_limited, writing
from workflow.letters import NotPossible
from workflow.letters.formats import FORMATS
from workflow.letters.possible import DUE, MADE, STATES
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service.files import Opened
from workflow.service.letters.door import VOIDS
from workflow.service.letters.views import Kept


@of_case("/letters")
def letters(staff: Staff, number: str) -> ResponseReturnValue:
    """The letters that the case can have, that are due, that went out; every version with its number."""
    return _page(staff, number)


def _page(
    staff: Staff, number: str, errors: dict[str, str] | None = None, at: str = "", typed: str = ""
) -> str:
    """at: where something was wrong."""
    service = gongkai().letters
    kept = service.kept(staff, staff.home, number)
    found = [
        one for one in service.possible(staff, staff.home, number)
        if one.state != DUE or not _signed(staff, number, one.kind, kept)
    ]  # fmt: skip
    file = gongkai().reading.case(staff, number)
    allowed = {one.event for one in file.allowed}
    return render_template(
        "desk/letters.html",
        file=file,
        due=[one for one in found if one.state == DUE],
        composed=[
            one for one in found
            if one.state not in (DUE, MADE) and allowed & set(events_of(one.kind))
        ],
        others=[
            one for one in found
            if one.state not in (DUE, MADE) and not allowed & set(events_of(one.kind))
        ],
        made=[one for one in found if one.state == MADE],
        kept=kept,
        states=STATES,
        people=gongkai().office.names_of(
            {name for one in kept for name in (one.actor, one.stands_for) if name}
        ),
        may_void=permissions.role_for(
            gongkai().office.law, VOIDS, staff.roles[staff.home]
        ) is not None,
        errors=errors or {},
        at=at,
        at_label=load_letters().latest(at).head.label if at in load_letters().templates else "",
        typed=typed,
    )  # fmt: skip


def _signed(staff: Staff, number: str, kind: str, kept: list[Kept]) -> bool:
    """Whether a letter that is due was signed already and waits to be served: it is not written again."""
    if not any(one.kind == kind and one.seq is not None for one in kept):
        return False
    return gongkai().letters.paper(staff, staff.home, number, kind, "").signed


@of_case("/letters/<kind>/<ending>")
def letter_file(staff: Staff, number: str, kind: str, ending: str) -> ResponseReturnValue:
    """The letter that counts now, as a file."""
    if ending not in FORMATS:
        abort(404)
    about = request.args.get("about", "")
    return _handed(
        staff, number,
        lambda: gongkai().letters.paper_file(staff, staff.home, number, kind, about, ending),
    )  # fmt: skip


@of_case("/letters/versions/<int:version>/<ending>")
def letter_version(staff: Staff, number: str, version: int, ending: str) -> ResponseReturnValue:
    """A version that is kept, as a file."""
    if ending not in FORMATS:
        abort(404)
    return _handed(
        staff, number,
        lambda: gongkai().letters.opened(staff, staff.home, number, version, ending),
    )  # fmt: skip


def _handed(staff: Staff, number: str, opened: Callable[[], Opened]) -> ResponseReturnValue:
    try:
        return uploads.handed_out(opened())
    except NotPossible as error:
        return _page(staff, number, {"letter": _said(error.refusal)}, "letter"), 409
    except BadInput as error:
        told = "；".join(f"{one.field}：{one.message}" for one in error.errors)
        return _page(staff, number, {"letter": told}, "letter"), 422


@of_case("/letters/<kind>/back", "POST")
@writing.limit("300 per hour", exempt_when=not_limited)
def bring_back(staff: Staff, number: str, kind: str) -> ResponseReturnValue:
    """A letter that was edited outside, or the scan of the signed one; what differs is said after it."""
    about, scan = request.form.get("about", ""), bool(request.form.get("scan"))
    service = gongkai().letters
    service.ask_may_draft(staff, staff.home, number)
    if kind not in load_letters().templates:
        abort(404)
    try:
        files = uploads.received().sent
        if len(files) != 1:
            raise BadInput([FieldError("file", "请一次上传一个文件")])
        found = service.bring_back(
            staff, staff.home, number, kind, about, files[0].name, files[0].content, scan
        )
    except NotPossible as error:
        return _page(staff, number, {"file": _said(error.refusal)}, kind), 409
    except (BadInput, Refused) as error:
        status = 409 if isinstance(error, Refused) else 422
        return _page(staff, number, uploads.errors_of(error), kind), status
    told = f"已保存第 {found.version} 稿"
    if not found.compared:
        told += "。"
    elif found.differences or found.findings:
        told += f"，与起草的内容有 {len(found.differences)} 处不同，检查提到 {len(found.findings)} 处，请核对。"
    else:
        told += "，与起草的内容一致。"
    flash(told, "done")
    return redirect(url_for("desk.letters", code=staff.home, number=number), 303)


@of_case("/letters/<kind>/issue", "POST")
def issue_letter(staff: Staff, number: str, kind: str) -> ResponseReturnValue:
    """Keep a letter that no event makes, with its number."""
    service = gongkai().letters
    service.ask_may_draft(staff, staff.home, number)
    if kind not in load_letters().templates:
        abort(404)
    try:
        service.issue(staff, staff.home, number, kind, request.form.get("about", ""))
    except (NotPossible, Refused) as error:
        return _page(staff, number, {"letter": _said(error.refusal)}, "letter"), 409
    flash(f"“{load_letters().latest(kind).head.label}”已经编号存档。", "done")
    return redirect(url_for("desk.letters", code=staff.home, number=number), 303)


@of_case("/letters/numbers/<int:number_id>/void", "POST")
def void_number(staff: Staff, number: str, number_id: int) -> ResponseReturnValue:
    """A number is void; why must be said."""
    reason = request.form.get("reason", "")
    at = f"void-{number_id}"
    try:
        gongkai().letters.void(staff, staff.home, number, number_id, reason)
    except BadInput as error:
        said = {one.field: one.message for one in error.errors}
        return _page(staff, number, said, at, reason), 422
    except Refused as error:
        return _page(staff, number, {"letter": _said(error.refusal)}, "letter"), 409
    flash("文号已经作废，保留在文号簿中。", "done")
    return redirect(url_for("desk.letters", code=staff.home, number=number), 303)


def _said(refusal: Refusal) -> str:
    return f"{refusal.message}。{refusal.allowed_when}"
