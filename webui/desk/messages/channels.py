"""What was sent to whom (送达记录), and the channels with their health and a test of each."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.channels import load_channels
from webui.desk import desk
from webui.desk.worklist import PER_PAGE
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow.service import Missing
from workflow.service.messages.lines import STATES

SHOWN_STATES = ("waiting", "sent", "unclear", "failed", "withdrawn", "gathered")


@desk.get("/record")
def record() -> ResponseReturnValue:
    """Every message of the person's bodies: to whom, through what, when, whether it arrived, why."""
    about = request.args.get("about", "").strip()[:32]
    channel, state = request.args.get("channel", ""), request.args.get("state", "")
    channel = channel if channel in load_channels() else ""
    state = state if state in STATES else ""
    page = min(max(request.args.get("page", 1, type=whole), 1), 100_000)
    lines, total = gongkai().record.lines(
        current_staff(), about=about, channel=channel, state=state, page=page, per_page=PER_PAGE
    )
    return render_template(
        "desk/record.html",
        lines=lines,
        total=total,
        about=about,
        channel=channel,
        state=state,
        channels=load_channels(),
        states={name: STATES[name] for name in SHOWN_STATES},
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
    )


@desk.post("/record/<int:message>/send-again")
def send_again(message: int) -> ResponseReturnValue:
    """Send once more what did not arrive for sure."""
    try:
        gongkai().record.send_again(current_staff(), message)
    except Missing:
        abort(404)
    flash("已经重新放入待发，稍后可以看到结果。", "done")
    return redirect(url_for("desk.record"), 303)


@desk.get("/channels")
def channels() -> ResponseReturnValue:
    """Each channel with its health; administrators can test it."""
    staff = current_staff()
    return render_template(
        "desk/channels.html",
        channels=gongkai().channels.health(staff, gongkai().settings),
        worker=gongkai().channels.worker(),
    )


@desk.post("/channels/<name>/test")
def test_channel(name: str) -> ResponseReturnValue:
    """A test message through the outbox, the way every message goes."""
    try:
        gongkai().channels.test(current_staff(), name)
    except Missing:
        abort(404)
    flash("测试消息已经放入待发，几秒之后刷新本页可以看到结果。", "done")
    return redirect(url_for("desk.channels"), 303)
