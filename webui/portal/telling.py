"""Through what an applicant is told, the link by which they refuse, and calendars by secret address."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.here import gongkai, kept
from webui.limits import not_limited, reading
from webui.portal import portal
from workflow.reminders.morning import calendar_file
from workflow.service import Missing


@portal.post("/query/case/telling")
def choose_telling() -> ResponseReturnValue:
    """The applicant's choice, with number and code shown before."""
    held = kept("viewing")
    if held is None:
        return redirect(url_for("portal.query"), 303)
    try:
        gongkai().applicant_messages.choose(
            held["number"], held["code"], request.form.getlist("channels")
        )
    except Missing:
        return redirect(url_for("portal.query"), 303)
    flash("通知方式已经保存。", "done")
    return redirect(url_for("portal.case"), 303)


@portal.route("/refuse/<token>", methods=["GET", "POST"])
@reading.limit("30 per minute", exempt_when=not_limited)
def refuse(token: str) -> ResponseReturnValue:
    """Looking changes nothing, as mail servers follow links; the button refuses."""
    try:
        if request.method == "POST":
            number = gongkai().applicant_messages.refuse(token)
            return render_template("portal/refused.html", number=number, done=True)
        number = gongkai().applicant_messages.refusable(token)
    except Missing:
        abort(404)
    return render_template("portal/refused.html", number=number, done=False, token=token)


@portal.get("/feed/<token>.ics")
@reading.limit("60 per minute", exempt_when=not_limited)
def feed(token: str) -> ResponseReturnValue:
    """The due days of a member of staff: numbers and days only."""
    try:
        lines = gongkai().due_days.feed(token)
    except Missing:
        abort(404)
    content = calendar_file(lines, gongkai().office.now())
    return Response(content, content_type="text/calendar; charset=utf-8")
