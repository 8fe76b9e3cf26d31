"""Answering what the applicant of a case wrote to the office."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk.case.address import of_case
from webui.desk.case.page import NoteTried, page_with_words
from webui.here import gongkai
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused


@of_case("/answer", "POST")
def answer_applicant(staff: Staff, number: str) -> ResponseReturnValue:
    """Keep the answer and tell the applicant; wrongly filled in, the page comes back with it."""
    text, once = request.form.get("message", ""), request.form.get("once", "")[:64]
    try:
        if not once:
            raise BadInput([FieldError("message", "请重新打开页面再写")])
        kept = gongkai().thread.answer(staff, number, text, once)
    except (BadInput, Refused) as error:
        said = error.refusal.message if isinstance(error, Refused) else error.errors[0].message
        file = gongkai().reading.case(staff, number)
        page = page_with_words(file, staff, answer=NoteTried(text, [], {"message": said}))
        return page, 409 if isinstance(error, Refused) else 422
    if kept:
        flash("回复已经发送，申请人会收到通知。", "done")
    return redirect(url_for("desk.case", code=staff.home, number=number, _anchor="talk"), 303)
