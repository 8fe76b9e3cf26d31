"""Writing a note beside a case, and taking one back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk.case.address import of_case
from webui.desk.case.page import NoteTried, page_with_words
from webui.here import gongkai
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused


@of_case("/notes", "POST")
def write_note(staff: Staff, number: str) -> ResponseReturnValue:
    """Keep a note and tell who is called in it; wrongly filled in, the page comes back with it."""
    text, once = request.form.get("note", ""), request.form.get("once", "")[:64]
    called = request.form.getlist("called")
    try:
        if not once:
            raise BadInput([FieldError("note", "请重新打开页面再写")])
        kept = gongkai().notes.write(staff, number, text, called, once)
    except BadInput as error:
        wrong = {one.field: one.message for one in error.errors}
        file = gongkai().reading.case(staff, number)
        return page_with_words(file, staff, note=NoteTried(text, called, wrong)), 422
    if kept:
        flash("备注已经写下" + ("，被提醒的同事会收到消息。" if called else "。"), "done")
    return _back(staff, number)


@of_case("/notes/<int:note_id>/back", "POST")
def take_note_back(staff: Staff, number: str, note_id: int) -> ResponseReturnValue:
    """Take back a note of one's own."""
    try:
        gongkai().notes.take_back(staff, number, note_id)
    except Refused as error:
        flash(f"{error.refusal.message}。{error.refusal.allowed_when}。", "info")
    else:
        flash("备注已经收回。", "done")
    return _back(staff, number)


def _back(staff: Staff, number: str) -> ResponseReturnValue:
    return redirect(url_for("desk.case", code=staff.home, number=number, _anchor="notes"), 303)
