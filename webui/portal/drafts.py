"""Drafts: a form put aside on the server under a code, for thirty days; what the device keeps by itself is drafts.js."""

from contextlib import suppress
from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField

from webui.here import browser_mark, gongkai
from webui.limits import address, not_limited, now, reading, was_not_found, writing
from webui.portal import portal
from webui.portal.begun import (
    FIELDS,
    comes_with_files,
    fields_sent,
    files_sent,
    forget_opened,
    keep_opened,
    key_sent,
    left_out,
    new_key,
    opened_draft,
    which,
)
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.begun import DRAFT_KEPT_FOR, Opened

MOST, MOST_WITH_FILES, WINDOW = 60, 30, timedelta(hours=1)
"""So many drafts may be kept from one address in so long, and so many with newly chosen files."""
NO_MORE = "从您的网络暂存得太多，这一次没有存上，请过几分钟再存。填写的内容都还在，可以按“接着填”回到表格。"
ANOTHER = "原来的草稿在别处又存过，或者已经不在了：这一次存成了另一份，草稿码是新的，请重新抄下来。"


class CodeForm(FlaskForm):
    """The code of a draft; it never stands in an address."""

    code = StringField("草稿码")


@portal.get("/drafts")
def drafts() -> ResponseReturnValue:
    """What drafts are, the one that this browser has kept or opened, and the way to one by its code."""
    held = opened_draft()
    if held is None:
        return _page()
    try:
        draft = gongkai().begun.draft(held.code, which(held.form), held.version)
    except Missing as error:
        forget_opened()
        return _page(str(error))
    page = render_template("portal/draft.html", draft=draft, form=CodeForm(formdata=None))
    return (page, 422) if draft.form.errors else page


@portal.post("/drafts")
def keep_draft() -> ResponseReturnValue:
    """Put the form aside that was just sent; one that comes from a draft stays under its code."""
    if not not_limited() and _too_often():
        return _not_kept(NO_MORE)
    key = key_sent()
    before = opened_draft(key)
    try:
        opened = gongkai().begun.put_aside(
            browser_mark(), key, fields_sent(), files_sent(), left_out(), before
        )
    except BadInput as error:
        return _not_kept(error.errors[0].message)
    keep_opened(opened)
    if before is not None and before.code != opened.code:
        flash(ANOTHER, "info")
    else:
        flash("已经存成草稿。", "done")
    return redirect(url_for("portal.drafts"), 303)


@portal.post("/drafts/open")
@reading.limit("20 per minute", exempt_when=not_limited)
@writing.limit("20 per minute", exempt_when=not_limited, deduct_when=was_not_found)
def open_draft() -> ResponseReturnValue:
    """Open a draft by its code."""
    code, held = request.form.get("code", "")[:100], opened_draft()
    try:
        draft = gongkai().begun.draft(code)
    except Missing as error:
        return _page(str(error), code), 404
    if held is None or held.code != draft.code:
        keep_opened(Opened(draft.code, new_key(), draft.version))
    return redirect(url_for("portal.drafts"), 303)


def _copied_files(response: Response) -> bool:
    return bool(g.get("copied_files"))


@portal.post("/drafts/go-on")
@writing.limit("30 per hour", exempt_when=not_limited, deduct_when=_copied_files)
def go_on_with_draft() -> ResponseReturnValue:
    """Go on with the draft that is open in this browser, in a form of its own."""
    held = opened_draft()
    if held is None:
        return redirect(url_for("portal.drafts"), 303)
    try:
        opened, g.copied_files = gongkai().begun.go_on(browser_mark(), held)
    except Missing as error:
        forget_opened()
        return _page(str(error)), 404
    keep_opened(opened)
    return redirect(url_for("portal.apply", form=opened.form), 303)


@portal.post("/drafts/drop")
def drop_draft() -> ResponseReturnValue:
    """Delete the draft that is open in this browser, and what lies of it between the pages."""
    held = opened_draft()
    forget_opened()
    if held is not None:
        with suppress(Missing):  # it was deleted in another window, which is what is wanted
            gongkai().begun.drop_draft(held.code, which(held.form))
        flash("草稿已经删除。", "done")
    return redirect(url_for("portal.drafts"), 303)


def _too_often() -> bool:
    """Count this draft; True where it is one too many."""
    counts, who = gongkai().limits, address()
    if comes_with_files() and counts.count(f"draft with files {who}", WINDOW, now()) > MOST_WITH_FILES:  # fmt: skip
        return True
    return counts.count(f"draft {who}", WINDOW, now()) > MOST


def _page(problem: str = "", typed: str = "") -> str:
    form = CodeForm(formdata=None, code=typed)
    days = DRAFT_KEPT_FOR.days
    return render_template("portal/drafts.html", form=form, problem=problem, days=days)


def _not_kept(problem: str) -> ResponseReturnValue:
    """Nothing typed is lost: the form goes on from here."""
    pairs = [one for one in request.form.items(multi=True) if one[0] in FIELDS or one[0] == "submit_key"]  # fmt: skip
    page = render_template(
        "portal/draft.html", draft=None, pairs=pairs, problem=problem, files=comes_with_files()
    )
    return page, 422
