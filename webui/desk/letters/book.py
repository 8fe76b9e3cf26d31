"""The book of numbers of letters of a body: by year and series, the void ones crossed out, as a file too."""

import csv
from io import BytesIO, StringIO

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow.rules import permissions
from workflow.service import Missing
from workflow.service.letters.door import ACTION
from workflow.service.letters.views import Book

HEADS = ("文号", "文书", "申请编号", "编号人", "编号时间", "作废", "作废人", "作废时间", "作废原因")
SHARED = "-"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk.get("/letters")
def book() -> ResponseReturnValue:
    """The numbers of a body and year, of one series or all."""
    found = _asked()
    return render_template(
        "desk/book.html",
        book=found,
        series=_series(),
        bodies_of_mine=[(code, gongkai().office.listing().names[code]) for code in _mine()],
    )


@desk.get("/letters/book/<ending>")
def book_file(ending: str) -> ResponseReturnValue:
    """The same as Excel or CSV."""
    if ending not in ("xlsx", "csv"):
        abort(404)
    found = _asked()
    content = _xlsx(found) if ending == "xlsx" else _csv(found)
    return send_file(
        BytesIO(content),
        mimetype=XLSX if ending == "xlsx" else "text/csv; charset=utf-8",
        as_attachment=True,
        download_name=f"{found.name}{found.year}年文号簿.{ending}",
        etag=False,
        conditional=False,
    )


def _asked() -> Book:
    staff, mine = current_staff(), _mine()
    code = request.args.get("agency") or (staff.home if staff.home in mine else mine[0])
    if code not in mine:
        raise Missing(f"没有代码为“{code}”的机关，或者不属于您的机关")
    year = request.args.get("year", type=whole)
    return gongkai().letters.book(staff, code, year, _series())


def _series() -> str | None:
    """The series that is asked for; None for all. SHARED stands for the one that all kinds share."""
    asked = request.args.get("series") or None
    return "" if asked == SHARED else asked


def _mine() -> list[str]:
    """The bodies of which the person may read the book. Raises Denied where there is none."""
    staff, law = current_staff(), gongkai().office.law
    found = list(permissions.bodies_for(law, ACTION, staff))
    if not found:
        permissions.ask(law, ACTION, frozenset())
    return found


def _rows(book: Book) -> list[tuple[str, ...]]:
    rows = []
    for one in book.lines:
        void = ("", "", "", "")
        if one.void:
            void = ("作废", one.void[0], f"{one.void[1]:%Y-%m-%d %H:%M}", one.void[2])
        rows.append(
            (one.text, one.label, one.case, one.actor, f"{one.taken_at:%Y-%m-%d %H:%M}", *void)
        )
    return rows


def _csv(book: Book) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for row in _rows(book):
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """No formula to a program of tables."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _xlsx(book: Book) -> bytes:
    # What writes Excel is loaded with the first file.
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as made:
        sheet = made.add_worksheet(f"{book.year}年文号簿")
        bold, void = made.add_format({"bold": True}), made.add_format({"font_strikeout": True})
        rows = _rows(book)
        for column, head in enumerate(HEADS):
            sheet.write_string(0, column, head, bold)
        for place, (row, one) in enumerate(zip(rows, book.lines, strict=True), 1):
            for column, cell in enumerate(row):
                sheet.write_string(
                    place, column, cell, *([void] if one.void and column < 2 else [])
                )
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADS) - 1)
        for column, width in enumerate((32, 26, 14, 12, 18, 8, 12, 18, 40)):
            sheet.set_column(column, column, width)
    return out.getvalue()
