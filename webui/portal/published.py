"""What bodies have published: annual reports as pages and files, feeds of what is new, a map of the site."""

from collections.abc import Iterator

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.here import gongkai, site_body, site_code
from webui.limits import not_limited, reading
from webui.numbers import whole
from webui.portal import portal
from webui.reports.plots import plot_of
from webui.sheets import report_file
from workflow.refusal import BadInput
from workflow.report.procedure.marked import told
from workflow.report.tables import layout
from workflow.report.tables.figures import of_reports
from workflow.report.tables.meaning import meaning_of, over_the_years
from workflow.report.writing import WRITERS
from workflow.service.public import Published

LONGEST = 60
BODIES_NAMED = 50
"""Of more bodies one searches for the one that is meant."""
PAGES = (
    "start", "apply", "query", "guide", "directory", "answers", "annual_reports", "calculator", "complaint",
)  # fmt: skip
"""The pages for everybody, in the order of the map of the site."""
PRIVATE = ("query", "refuse", "feed", "account", "drafts")
"""Below these parts of an address stands what belongs to one person."""


@portal.get("/annual-reports")
@reading.limit("120 per minute", exempt_when=not_limited)
def annual_reports() -> ResponseReturnValue:
    """The published reports of a body; without one the bodies that have published some."""
    body = site_body()
    if body is not None:
        return render_template(
            "portal/annual_reports.html",
            reports=gongkai().public.reports(body.code), writers=WRITERS,
        )  # fmt: skip
    q = request.args.get("q", "").strip()[:LONGEST]
    found = gongkai().public.reports_there(q, request.args.get("page", 1, type=whole) or 1)
    bodies = gongkai().public.directory(q)
    return render_template(
        "portal/reports_of_bodies.html",
        q=q, found=found, bodies=bodies, many=bodies.found > BODIES_NAMED, writers=WRITERS,
    )  # fmt: skip


def _published(year: int) -> Published:
    body = site_body()
    if body is None:
        abort(404)
    return gongkai().public.report(body.code, year)


@portal.get("/annual-reports/<int:year>")
@reading.limit("120 per minute", exempt_when=not_limited)
def annual_report(year: int) -> ResponseReturnValue:
    """A published report, as it was signed."""
    found = _published(year)
    report, formats = found.report, load_law().formats
    tables = {
        section: (layout.grid_of(table, report.format, formats), getattr(report, table))
        for section, table in (
            ("proactive", "table2"),
            ("applications", "table3"),
            ("disputes", "table4"),
        )
        if getattr(report, table)
    }
    return render_template(
        "portal/annual_report.html",
        report=report, on=found.on, sections=formats.sections, tables=tables, writers=WRITERS,
        told=told(report.sections, report.marks),
        plots=[plot_of(one) for one in of_reports(found.years, formats)],
    )  # fmt: skip


@portal.get("/annual-reports/<int:year>/figures/<table>/<row>/<column>")
@reading.limit("120 per minute", exempt_when=not_limited)
def annual_report_figure(year: int, table: str, row: str, column: str) -> ResponseReturnValue:
    """What a number of a published report means, and the same number of the years before. No case is told."""
    found, place = _published(year), (table, row, column)
    meaning = meaning_of(found.report, place, load_law()) if table in layout.TABLES else None
    if meaning is None:
        abort(404)
    return render_template(
        "portal/annual_report_figure.html",
        report=found.report, meaning=meaning, years=over_the_years(found.years, place),
        source=load_law().formats.sources[found.report.format],
    )  # fmt: skip


@portal.get("/annual-reports/<int:year>/file/<ending>")
@reading.limit("60 per minute", exempt_when=not_limited)
def annual_report_file(year: int, ending: str) -> ResponseReturnValue:
    """The same as a file."""
    writer = WRITERS.get(ending)
    if writer is None:
        abort(404)
    report = _published(year).report
    try:
        return report_file(report, writer)
    except BadInput:
        abort(404)


@portal.get("/annual-reports/feed")
@reading.limit("60 per minute", exempt_when=not_limited)
def annual_reports_feed() -> ResponseReturnValue:
    """The published reports of a body for feed readers (Atom)."""
    body = site_body()
    if body is None:
        abort(404)
    entries = [
        {
            "title": one.report.title,
            "link": outside("annual_report", year=one.report.year),
            "on": one.on,
            "text": one.report.correction_note,
        }
        for one in gongkai().public.reports(body.code)
        if one.on
    ]
    return feed_of(f"{body.name}政府信息公开工作年度报告", "annual_reports", entries)


def feed_of(title: str, page: str, entries: list[dict[str, object]]) -> Response:
    """A feed in Atom; entries: title, link, on (day) and text of each, the newest first."""
    content = render_template(
        "portal/feed.xml",
        title=title, address=outside(page), own=request.base_url, entries=entries,
        now=gongkai().office.now(),
    )  # fmt: skip
    return Response(content, content_type="application/atom+xml; charset=utf-8")


def outside(page: str, **values: object) -> str:
    """The whole address of a page of the portal, as others reach it."""
    own = str(gongkai().settings["site_url"]).rstrip("/")
    path = url_for(f"portal.{page}", **values)  # type: ignore[arg-type]  # words and numbers
    return (own or request.host_url.rstrip("/")) + path


@portal.get("/sitemap.xml")
@reading.limit("30 per minute", exempt_when=not_limited)
def sitemap() -> ResponseReturnValue:
    """The pages that may stand in search engines; of the whole installation also the site of each body."""
    content = render_template("portal/sitemap.xml", addresses=_addresses())
    return Response(content, content_type="application/xml; charset=utf-8")


def _addresses() -> Iterator[str]:
    yield from (outside(page) for page in PAGES)
    body = site_body()
    if body is not None:
        for one in gongkai().public.reports(body.code):
            yield outside("annual_report", year=one.report.year)
    if site_code() is None:
        first = outside("start").rstrip("/")
        for one in gongkai().office.listing().readers:
            yield f"{first}/b/{one.code}"


@portal.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What search engines leave alone: the desk, the API, what somebody has asked for, below each body and in each
    script (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /desk/", "Disallow: /api/", "Disallow: /display"]
    for part in PRIVATE:
        lines += [f"Disallow: /{part}/", f"Disallow: /*/{part}/"]
    lines += [f"Sitemap: {outside('sitemap')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")
