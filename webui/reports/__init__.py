"""Reports: the annual tables in their official shape, and the cases behind every number."""

from flask import Blueprint

from webui.security import require_staff

reports = Blueprint("reports", __name__, url_prefix="/desk/reports")
reports.before_request(require_staff)

from webui.reports import annual, checks, files, sums, tables  # noqa: E402, F401  (they hang on it)
