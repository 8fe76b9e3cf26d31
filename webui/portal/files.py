"""The applicant's files: sending papers, fetching the reply."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from webui import uploads
from webui.errors import http_page
from webui.here import gongkai, kept
from webui.limits import not_limited, reading, was_wrong, writing
from webui.portal import portal, querying
from workflow.refusal import BadInput, Refused
from workflow.service import Missing

GONE = "没有这份材料，可能已经更换。请刷新之后再试"


@portal.post("/query/case/files")
@writing.limit("30 per hour", exempt_when=not_limited)
def upload_file() -> ResponseReturnValue:
    """Proofs of identity, powers of attorney or supplements; each is judged by itself."""
    held = kept("viewing")
    if held is None:
        return redirect(url_for("portal.query"), 303)
    kind = request.form.get("kind", "")
    try:
        form = uploads.received()
        taken = gongkai().files.send_as_applicant(
            held["number"], held["code"], form.kind, form.sent
        )
    except Missing:
        return redirect(url_for("portal.query"), 303)
    except (BadInput, Refused) as error:
        return querying.with_files(uploads.errors_of(error), kind, _status(error))
    flash(f"已收到{uploads.kept_words(taken)}。", "done")
    if taken.refused:
        return querying.with_files(uploads.refused_words(taken), kind, 422)
    return redirect(url_for("portal.case"), 303)


@portal.post("/query/case/reply")
@writing.limit("10 per hour", exempt_when=not_limited, deduct_when=was_wrong)
@reading.limit("60 per hour", exempt_when=not_limited)
def fetch_reply() -> ResponseReturnValue:
    """The letter or an annex of the reply, or a copy of one to read, for who knows the second fact as well. Wrong
    facts are counted for all processes together."""
    held = kept("viewing")
    if held is None:
        return redirect(url_for("portal.query"), 303)
    copied = request.form.get("copy", "")
    wanted = copied or request.form.get("reply", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else -1
    try:
        file = gongkai().fetching.fetch(
            held["number"],
            held["code"],
            request.form.get("last_four", ""),
            number,
            copy=bool(copied),
        )
    except BadInput as error:
        return querying.with_files(uploads.errors_of(error), "", 422)
    except Missing:
        return querying.with_files({"last_four": GONE}, "", 404)
    return uploads.handed_out(file)


@portal.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint != "portal.upload_file":
        return http_page(error)
    return querying.with_files({"file": uploads.too_large()}, "", 413)


def _status(error: BadInput | Refused) -> int:
    return 409 if isinstance(error, Refused) else 422
