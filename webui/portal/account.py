"""The requests of an account: the list, what is linked to it, the way into each, the calendar, what is taken away."""

import json

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.here import gongkai, keep_sealed
from webui.limits import not_limited, reading
from webui.numbers import whole
from webui.portal import account_session, portal
from webui.portal.account_session import behind_account
from webui.portal.querying import NOT_FOUND
from webui.sheets import MEDIA, table_file
from workflow.paper.columns import DESCRIBED, as_metadata
from workflow.paper.workbook import as_csv, as_xlsx
from workflow.reminders.morning import calendar_file
from workflow.service import Missing
from workflow.service.applicants.entry import Holder
from workflow.service.applicants.requests import RENEWED
from workflow.service.limits import TooOften

TODO = {
    "awaiting_correction": "请补正",
    "awaiting_payment": "请缴费",
    "awaiting_reasons": "请说明理由",
}


@portal.get("/account")
@behind_account
def account(holder: Holder) -> ResponseReturnValue:
    """All requests of the holder, what waits for them first."""
    return _list(holder)


def _list(
    holder: Holder, problem: str = "", number: str = "", status: int = 200
) -> ResponseReturnValue:
    found = gongkai().own_requests.page(holder, request.args.get("page", 1, type=whole))
    page = render_template(
        "portal/account/index.html", found=found, todo=TODO, problem=problem, number=number
    )
    return page, status


@portal.post("/account/link")
@behind_account
def account_link(holder: Holder) -> ResponseReturnValue:
    """An earlier request, by number and code: once, then the account keeps it."""
    number, code = (request.form.get(name, "").strip()[:64] for name in ("number", "code"))
    try:
        known = gongkai().own_requests.link(holder, number, code, account_session.place())
    except Missing:
        return _list(holder, NOT_FOUND, number, 404)
    except TooOften as error:
        return _list(holder, str(error), number, 429)
    flash(f"申请 {known} 已经加到您的账户。", "done")
    return redirect(url_for("portal.account"), 303)


@portal.post("/account/requests")
@behind_account
def account_request(holder: Holder) -> ResponseReturnValue:
    """Open one of the requests as number and code do, or take it from the list."""
    which, own = request.form.get("case", -1, type=whole), gongkai().own_requests
    if request.form.get("do") == "unlink":
        own.unlink(holder, which)
        flash("已经从列表中去掉。凭编号和查询码仍可以查询，也可以再加进来。", "done")
        return redirect(url_for("portal.account"), 303)
    opened = own.opened(holder, which)
    if opened is None:
        flash(RENEWED + "。", "info")
        return redirect(url_for("portal.account"), 303)
    keep_sealed("viewing", {"number": opened[0], "code": opened[1]})
    return redirect(url_for("portal.case"), 303)


@portal.post("/account/stale")
@behind_account
def account_drop_stale(holder: Holder) -> ResponseReturnValue:
    """Requests whose code was renewed go from the list."""
    gongkai().own_requests.drop_stale(holder)
    flash("查询码已经更换的申请，已经从列表中去掉。", "done")
    return redirect(url_for("portal.account"), 303)


@portal.get("/account/export/<ending>")
@reading.limit("20 per hour", exempt_when=not_limited)
@behind_account
def account_export(holder: Holder, ending: str) -> ResponseReturnValue:
    """Everything of one's own as a file."""
    if ending not in MEDIA:
        abort(404)
    own = gongkai().exports.of(holder)
    if ending == "json":
        content = json.dumps(own.as_dict(), ensure_ascii=False, indent=1).encode()
    elif ending == "xlsx":
        content = as_xlsx(*own.sheets(), dated=gongkai().office.today())
    elif ending == DESCRIBED:
        content = as_metadata(own.list(), "我的申请.csv")
    else:
        content = as_csv(own.list())
    return table_file(content, ending, f"我的申请.{ending}")


@portal.get("/account/feed/<token>.ics")
@reading.limit("60 per minute", exempt_when=not_limited)
def account_feed(token: str) -> ResponseReturnValue:
    """The due days of all requests of an account: numbers and days only."""
    try:
        lines = gongkai().own_requests.feed(token)
    except Missing:
        abort(404)
    content = calendar_file(lines, gongkai().office.now())
    return Response(content, content_type="text/calendar; charset=utf-8")
