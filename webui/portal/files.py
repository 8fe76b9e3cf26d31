"""The applicant's files: sending papers, fetching the reply."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from webui import uploads
from webui.errors import http_page
from webui.here import gongkai
from webui.limits import not_limited, reading, was_wrong, writing
from webui.portal import checking, portal, viewed
from webui.portal.applying import keep_without_files
from webui.portal.viewed import Held
from workflow.refusal import BadInput, FieldError
from workflow.service import Missing

GONE = "没有这份材料，可能已经更换。请刷新之后再试"


@viewed.action("/query/case/files", "file")
@writing.limit("30 per hour", exempt_when=not_limited)
def upload_file(here: Held) -> str | ResponseReturnValue:
    """Proofs of identity, powers of attorney, proofs of payment or supplements; each is judged by itself."""
    form = uploads.received()
    taken = gongkai().files.send_as_applicant(here.number, here.code, form.kind, form.sent)
    if taken.refused:
        flash(f"已收到{uploads.kept_words(taken)}。", "done")
        return viewed.show_again(uploads.refused_words(taken), 422)
    return f"已收到{uploads.kept_words(taken)}。"


@viewed.action("/query/case/reply", "last_four")
@writing.limit("10 per hour", exempt_when=not_limited, deduct_when=was_wrong)
@reading.limit("60 per hour", exempt_when=not_limited)
def fetch_reply(here: Held) -> ResponseReturnValue:
    """The letter or an annex of the reply, or a copy of one to read, for who knows the second fact as well. Wrong
    facts are counted for all processes together; one that fits is asked for once a visit."""
    copied = request.form.get("copy", "")
    redo, _, wanted = (copied or request.form.get("reply", "")).rpartition("/")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else -1
    typed = request.form.get("last_four", "")
    fact = typed or viewed.second() or ""
    try:
        file = gongkai().fetching.fetch(
            here.number, here.code, fact, number, copy=bool(copied), redo=redo or None
        )
    except BadInput as error:
        raise BadInput([FieldError("last_four", error.errors[0].message)]) from error
    except Missing:
        return viewed.show_again({"last_four": GONE}, 404)
    if typed:
        viewed.keep_second(typed)
    return uploads.handed_out(file)


@portal.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint in ("portal.apply", "portal.keep_draft"):
        return keep_without_files() or http_page(error)
    if request.endpoint == "portal.check_report":
        return checking.too_large()
    if request.endpoint != "portal.upload_file":
        return http_page(error)
    return viewed.show_again({"file": uploads.too_large()}, 413, unread=True)
