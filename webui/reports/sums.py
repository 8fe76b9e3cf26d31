"""The sum of the bodies below a body: who has submitted, what fails, what differs, who is behind a cell."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.here import gongkai
from webui.numbers import whole
from webui.report_check import read_sent
from webui.reports import reports
from webui.security import current_staff
from workflow.refusal import BadInput, Refused
from workflow.report.annual import MONEY
from workflow.report.reading import ACCEPTED
from workflow.report.sums.aggregate import TABLES, Aggregate, failing_sums, shape
from workflow.report.tables import layout
from workflow.service.report.sums import PER_PAGE, Line, Overview, Shown

STATES = {
    "missing": ("未报送", "soon"),
    "draft": ("草稿，未报送", "soon"),
    "checked": ("已核对，未报送", "soon"),
    "signed": ("已签发，未报送", "soon"),
    "submitted": ("已报送", "ok"),
    "returned": ("已退回，待重新报送", "late"),
    "accepted": ("已接收", "ok"),
    "published": ("已公布", "ok"),
}
"""State of a report as a supervising body sees it: words and colour."""


def supervised(agency: str) -> str:
    """The name of a body with bodies below, if it is the person's own or below the own; else the page
    does not exist."""
    name = gongkai().adding_up.supervised_name(current_staff(), agency)
    if name is None:
        abort(404)
    return name


def _overview(agency: str, year: int, shown: Shown) -> Overview:
    supervised(agency)
    try:
        return gongkai().adding_up.overview(
            agency,
            year,
            with_live=frozenset(request.args.getlist("live")),
            fmt=_format(),
            shown=shown,
        )
    except BadInput:
        abort(404)


def _format() -> str | None:
    fmt = request.args.get("format") or None
    if fmt is not None and fmt not in load_law().formats.rows:
        abort(404)
    return fmt


def mark(line: Line) -> tuple[str, str]:
    """How a body stands, in words and colour."""
    words, colour = STATES[line.state]
    if line.way == "covered":
        return "由上级机关一并报送", "still"
    if line.late:
        return f"{words}，已逾期", "late"
    return words, colour


@reports.get("/<agency>/below")
def below_of(agency: str) -> ResponseReturnValue:
    """To the year that was chosen, else to last year, which is reported on this year."""
    supervised(agency)
    year = request.args.get("year", type=whole) or gongkai().office.today().year - 1
    return redirect(url_for("reports.below", agency=agency, year=year), 303)


@reports.get("/<agency>/<int:year>/below")
def below(agency: str, year: int) -> ResponseReturnValue:
    """A year of a body and all bodies below it."""
    return _page(agency, year)


@reports.post("/<agency>/<int:year>/below/file")
def take_in(agency: str, year: int) -> ResponseReturnValue:
    """Take in the report of a body below as a file, where it does not work in this system."""
    supervised(agency)
    staff, law = current_staff(), load_law()
    child = request.form.get("child", "")
    try:
        name, report = read_sent("file")
        surely = bool(request.form.get("surely_its"))
        gongkai().from_files.take_in(staff, child, year, report, name, surely_its=surely)
    except BadInput as error:
        return _page(agency, year, {e.field: e.message for e in error.errors}), 422
    except ValueError as error:
        return _page(agency, year, {"file": str(error)}), 422
    except Refused as error:
        said = f"{error.refusal.message}。{error.refusal.allowed_when}"
        return _page(agency, year, {"file": said}), 409
    wrong = len(failing_sums(report, law.formats))
    flash("已收。" + (f"有 {wrong} 处勾稽不成立，见下。" if wrong else "勾稽关系成立。"), "done")
    return redirect(url_for("reports.below", agency=agency, year=year), 303)


def _page(agency: str, year: int, errors: dict[str, str] | None = None) -> str:
    """The year of a body and those below; errors: why a file was not taken in."""
    page = min(max(request.args.get("page", 1, type=whole), 1), 1_000)
    q = request.args.get("q", "").strip()[:60]
    found = _overview(agency, year, Shown((page - 1) * PER_PAGE, PER_PAGE, q))
    ticked, here = request.args.getlist("live"), {line.code for line in found.lines}
    this = gongkai().office.today().year
    return render_template(
        "reports/below.html",
        found=found,
        mark=mark,
        states=STATES,
        grids=_grids(found.total),
        ticked=ticked,
        elsewhere=[code for code in ticked if code not in here],
        q=q,
        page=page,
        pages=max(1, -(-found.found // PER_PAGE)),
        search=found.below > PER_PAGE,
        fmt=_format(),
        years=sorted({year, *range(this - 5, this + 1)}, reverse=True),
        formats=load_law().formats,
        accepted=ACCEPTED,
        child=request.form.get("child", ""),
        child_name=gongkai().office.listing().names.get(request.form.get("child", ""), ""),
        errors=errors or {},
    )


def _grids(total: Aggregate) -> dict[str, Any]:
    return {
        name: layout.grid_of(name, total.format, total.formats)
        for name in TABLES
        if name != "table2" or total.has_table2
    }


@reports.get("/<agency>/<int:year>/below/<table>/<row>/<column>")
def below_cell(agency: str, year: int, table: str, row: str, column: str) -> ResponseReturnValue:
    """The bodies behind a number of the sum."""
    found = _overview(agency, year, Shown(most=0))
    total = found.total
    if table not in TABLES or column not in shape(table, total.format, total.formats).get(row, ()):
        abort(404)
    grid = layout.grid_of(table, total.format, total.formats)
    title = next(cell.name for cell in grid.numbers() if cell.key == (row, column))
    return render_template(
        "reports/below_cell.html",
        found=found,
        title=title,
        shares=sorted(
            total.behind.get((table, row, column), ()), key=lambda one: -(one.value or 0)
        ),
        number=total.number((table, row, column)),
        unit=MONEY.get(column, "") if table == "table2" else "",
        ticked=request.args.getlist("live"),
        fmt=_format(),
        differences=[
            one
            for one in (found.compared.differences if found.compared else ())
            if one.place == (table, row, column)
        ],
    )
