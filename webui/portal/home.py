"""The first page: look, ask, follow; of an installation or of one body."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webui.here import gongkai, site_body
from webui.portal import portal
from webui.site import contact_of
from workflow.rules.remedy import in_general

REPORTS_SHOWN = 3
NAMES_MOST = 12
"""So many bodies are named on the first page; more stand in the directory."""


@portal.get("/")
def start() -> ResponseReturnValue:
    """What can be done here, and the way of complaint before anybody needs it."""
    doors, body = gongkai(), site_body()
    code = body.code if body else None
    return render_template(
        "portal/start.html",
        rules=in_general(doors.public.rules(code)),
        reports=doors.public.reports(code)[:REPORTS_SHOWN] if code else [],
        contact=contact_of(code) if code else "",
        taking=doors.office.listing().taking,
        names_most=NAMES_MOST,
    )
