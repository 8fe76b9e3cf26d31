"""The inbox of a member of staff: what they were told, marked as read, or to be said again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow.dates import in_words
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.messages.inbox import AGAIN


@desk.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Messages, the latest first; each says why it came."""
    return _page()


def _page(problem: str = "", at: int = 0) -> str:
    staff = current_staff()
    return render_template(
        "desk/inbox.html",
        lines=gongkai().inbox.lines(staff),
        again=AGAIN,
        failing=gongkai().channels.failing(staff),
        problem=problem,
        problem_at=at,
    )


@desk.post("/inbox/read")
def read() -> ResponseReturnValue:
    """Mark one message, or all that were shown, as read."""
    last = request.form.get("last", 0, type=whole)
    gongkai().inbox.read(current_staff(), last, request.form.get("only", type=whole))
    return redirect(url_for("desk.inbox"), 303)


@desk.post("/inbox/<int:message>/again")
def again(message: int) -> ResponseReturnValue:
    """Have a message said again on another day."""
    try:
        day = gongkai().inbox.again(current_staff(), message, request.form.get("when", ""))
    except Missing:
        abort(404)
    except BadInput as error:
        return _page(error.errors[0].message, message), 422
    flash(f"{in_words(day)}再提醒您。", "done")
    return redirect(url_for("desk.inbox"), 303)
