"""The report as a file, and the year in figures."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webui.here import gongkai
from webui.numbers import whole
from webui.reports import reports
from webui.reports.annual import YEARS
from webui.reports.plots import plot_of
from webui.reports.tables import asked_format, readable
from webui.sheets import report_file
from workflow.refusal import BadInput
from workflow.report.annual import AnnualReport
from workflow.report.writing import WRITERS


@reports.get("/<agency>/<int:year>/download/<ending>")
def download(agency: str, year: int, ending: str) -> ResponseReturnValue:
    """The tables as they stand now, in the format asked for: xlsx, docx, pdf, html or json."""
    name = readable(agency)
    if ending not in WRITERS:
        abort(404)
    fmt = asked_format()
    try:
        report = gongkai().reports.annual(agency, year, fmt)
    except BadInput:
        abort(404)
    return _written(report, agency, name, ending)


def _written(report: AnnualReport, agency: str, name: str, ending: str) -> ResponseReturnValue:
    """The report as an attachment; where a character cannot be printed, a page that says which."""
    writer = WRITERS[ending]
    try:
        return report_file(report, writer)
    except BadInput as error:
        page = render_template(
            "reports/unwritable.html",
            agency=agency, name=name, year=report.year, fmt=report.format, label=writer.label,
            errors=error.errors,
        )  # fmt: skip
        return page, 422


@reports.get("/<agency>/<int:year>/report/download/<ending>")
def download_report(agency: str, year: int, ending: str) -> ResponseReturnValue:
    """The whole report of a version, texts and all, in the format asked for."""
    name = readable(agency)
    if ending not in WRITERS or year not in YEARS:
        abort(404)
    version = request.args.get("version", type=whole)
    return _written(gongkai().annual.report(agency, year, version), agency, name, ending)


@reports.get("/<agency>/<int:year>/plots")
def plots(agency: str, year: int) -> ResponseReturnValue:
    """Months, outcomes, durations and years: each as a picture with its table beside it."""
    name, fmt = readable(agency), asked_format()
    try:
        figures = gongkai().reports.figures(agency, year, fmt)
    except BadInput:
        abort(404)
    return render_template(
        "reports/plots.html",
        agency=agency, name=name, year=year, fmt=fmt, plots=[plot_of(one) for one in figures],
    )  # fmt: skip
