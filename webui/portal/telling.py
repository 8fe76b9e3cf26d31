"""Through what an applicant is told, the link by which they refuse, and calendars by secret address."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from webui.here import gongkai
from webui.limits import not_limited, reading
from webui.portal import portal, viewed
from webui.portal.viewed import Held
from webui.security import csrf
from workflow.reminders.morning import calendar_file
from workflow.service import Missing


@viewed.action("/query/case/telling", "channels")
def choose_telling(here: Held) -> str:
    """The applicant's choice, with number and code shown before."""
    gongkai().applicant_messages.choose(here.number, here.code, request.form.getlist("channels"))
    return "通知方式已经保存。"


@portal.route("/refuse/<token>", methods=["GET", "POST"])
@csrf.exempt
@reading.limit("120 per minute", exempt_when=not_limited)
def refuse(token: str) -> ResponseReturnValue:
    """Looking changes nothing, as mail servers follow links; the button refuses, and so does the provider of a mailbox
    for its reader (RFC 8058), who has neither cookie nor form: who knows the address may."""
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
