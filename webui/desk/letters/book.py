"""The book of numbers of letters of a body: by year and series, the void ones crossed out, as a file too."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.sheets import ENDINGS, sheet_file
from workflow.paper.workbook import Sheet, Struck
from workflow.rules import permissions
from workflow.service import Missing
from workflow.service.letters.door import ACTION
from workflow.service.letters.views import Book

HEADS = ("文号", "文书", "申请编号", "编号人", "编号时间", "作废", "作废人", "作废时间", "作废原因")
SHARED = "-"


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
    if ending not in ENDINGS:
        abort(404)
    found = _asked()
    return sheet_file(_sheet(found), ending)


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


def _sheet(book: Book) -> Sheet:
    rows = []
    for one in book.lines:
        written, void = (one.text, one.label), ("", "", None, "")
        if one.void:
            written = (Struck(one.text), Struck(one.label))
            void = ("作废", one.void[0], one.void[1], one.void[2])
        actor = one.actor + (f"（代{one.stands_for}）" if one.stands_for else "")
        rows.append((*written, one.case, actor, one.taken_at, *void))
    return Sheet(f"{book.name}{book.year}年文号簿", HEADS, rows, name=f"{book.year}年文号簿")
