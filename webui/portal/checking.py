"""The check of an annual report for anybody, where the body lets anybody in."""

from flask import abort, make_response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from webui import report_check
from webui.errors import http_page
from webui.here import site_body
from webui.limits import not_limited, reading
from webui.portal import portal
from webui.site import look_of
from workflow.people import Busy, Lane

TEMPLATE = "portal/report_check.html"
WAIT_SECONDS = 10
BUSY = "同时核对的人太多，这份文件没有读取，请等几秒钟再核对一次"
LANE = Lane(waiting_most=3)
"""One report at a time in each process: visitors keep nobody from the other pages."""


@portal.get("/annual-reports/check")
@reading.limit("120 per minute", exempt_when=not_limited)
def report_check_form() -> ResponseReturnValue:
    """Choose one report, or two."""
    _ask_open()
    return report_check.form_page(TEMPLATE)


@portal.post("/annual-reports/check")
@reading.limit("10 per minute; 60 per hour", exempt_when=not_limited)
def check_report() -> ResponseReturnValue:
    """Read and judge; who comes while too many do is told so at the field."""
    _ask_open()
    try:
        return report_check.answer(TEMPLATE, LANE.run)
    except Busy:
        page = make_response(report_check.form_page(TEMPLATE, {"file": BUSY}), 503)
        page.headers["Retry-After"] = str(WAIT_SECONDS)
        return page


def too_large() -> ResponseReturnValue:
    """The page of who sent more than is read."""
    if not _is_open():
        return http_page(NotFound())
    return report_check.form_page(TEMPLATE, {"file": report_check.too_large()}), 413


def _ask_open() -> None:
    """Where the body has not opened it there is no such page."""
    if not _is_open():
        abort(404)


def _is_open() -> bool:
    body = site_body()
    return body is not None and look_of(body.code).checks
