"""The desk's page that checks a report made elsewhere."""

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from webui import report_check
from webui.errors import http_page
from webui.limits import not_limited, reading
from webui.reports import reports
from webui.security import require_staff

TEMPLATE = "reports/check.html"


@reports.get("/check")
def check_form() -> ResponseReturnValue:
    """Choose one report, or two."""
    return report_check.form_page(TEMPLATE)


@reports.post("/check")
@reading.limit("120 per hour", exempt_when=not_limited)
def check_file() -> ResponseReturnValue:
    """Read and judge."""
    return report_check.answer(TEMPLATE)


@reports.errorhandler(RequestEntityTooLarge)
def check_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.endpoint != "reports.check_file":
        return http_page(error)
    # The size is found out before the login is asked for.
    first = require_staff()
    return first or (report_check.form_page(TEMPLATE, {"file": report_check.too_large()}), 413)
