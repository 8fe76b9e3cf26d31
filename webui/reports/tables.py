"""The pages of the annual tables."""

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.reports import reports
from webui.security import current_staff
from workflow.refusal import BadInput
from workflow.report.tables import layout
from workflow.report.writing import WRITERS
from workflow.service.report.cells import CellPlace
from workflow.service.report.tables import YearTables

YEARS_BACK = 10
"""Years that a supervising office of many bodies can choose besides those of its own."""


@reports.get("/")
def index() -> ResponseReturnValue:
    """Choose body and year; of many bodies search for one. With both chosen, go there."""
    staff, this = current_staff(), gongkai().office.today().year
    q = request.args.get("q", "").strip()[:60]
    choice = gongkai().reports.choice(staff, q)
    agency, year = request.args.get("agency"), request.args.get("year", type=whole)
    if q and choice.found == 1:
        agency, year = choice.bodies[0][0], year or this - 1
    if agency and year:
        return redirect(url_for("reports.tables", agency=agency, year=year), 303)
    # Of thousands of bodies nobody is asked when each began: a body's own page has its years.
    asked = list(staff.roles) if choice.many else [code for code, _ in choice.bodies]
    years = gongkai().reports.years(asked)
    if choice.many:
        years = sorted({*years, *range(this - YEARS_BACK, this + 1)}, reverse=True)
    return render_template(
        "reports/index.html",
        choice=choice,
        q=q,
        year=year or this - 1,
        years=years,
        supervised=gongkai().adding_up.supervised(staff),
        year_end=gongkai().year_end.for_staff(staff),
    )


def readable(agency: str) -> str:
    """The name of a body whose tables the person may read; else the page does not exist."""
    name = gongkai().reports.readable_name(current_staff(), agency)
    if name is None:
        abort(404)
    return name


def asked_format() -> str | None:
    """The format in the address; None: that of the year."""
    return request.args.get("format") or None


def _tables(agency: str, year: int) -> tuple[YearTables, str | None]:
    fmt = asked_format()
    try:
        return gongkai().reports.tables(agency, year, fmt), fmt
    except BadInput:
        abort(404)


@reports.get("/<agency>/<int:year>")
def tables(agency: str, year: int) -> ResponseReturnValue:
    """Tables 3 and 4 of a body and year, with what was checked about them."""
    readable(agency)
    found, fmt = _tables(agency, year)
    formats = load_law().formats
    return render_template(
        "reports/tables.html",
        found=found,
        fmt=fmt,
        formats=formats,
        grids={
            table: layout.grid_of(table, found.tables.format, formats)
            for table in ("table3", "table4")
        },
        years=gongkai().reports.years([agency]),
        writers=WRITERS,
        whole_area=gongkai().adding_up.has_area(agency),
        own_format=formats.format_of(year),
        running=year == gongkai().office.today().year,
    )


@reports.get("/<agency>/<int:year>/cells/<row>/<column>")
def cell(agency: str, year: int, row: str, column: str) -> ResponseReturnValue:
    """The cases that a number counts; ?after= and ?before= go on from a case."""
    name, staff, fmt = readable(agency), current_staff(), asked_format()
    back = "before" in request.args
    place = cell_place(request.args.get("before" if back else "after", ""))
    try:
        found = gongkai().cells.page(
            staff, agency, year, row, column, fmt, place, back=back and place is not None
        )
    except BadInput:
        abort(404)
    formats = load_law().formats
    columns = formats.cells if row in formats.blocks else formats.columns
    return render_template(
        "reports/cell.html",
        agency=agency,
        name=name,
        year=year,
        fmt=fmt,
        title=layout.row_title(row, found.format, formats),
        column=columns[column],
        row_key=row,
        column_key=column,
        found=found,
        own=permitted(staff, "read_cases", agency),
        before=place_text(found.cases[0].place) if found.cases and found.before else None,
        after=place_text(found.cases[-1].place) if found.cases and found.after else None,
    )


def place_text(place: CellPlace) -> str:
    """A place in a cell as an address has it."""
    return f"{place.on.isoformat()}~{place.number}"


def cell_place(text: str) -> CellPlace | None:
    """The place that an address tells; None where it tells none."""
    day, _, number = text.partition("~")
    try:
        return CellPlace(date.fromisoformat(day), number[:64]) if number else None
    except ValueError:
        return None
