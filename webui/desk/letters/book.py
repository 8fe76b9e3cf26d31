"""The book of numbers of letters of a body: by year and series, the void ones crossed out, as a file too."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.sheets import WITH_COLUMNS, sheet_file
from workflow.paper.columns import Column
from workflow.paper.workbook import Sheet, Struck
from workflow.rules import permissions
from workflow.service import Missing
from workflow.service.letters.door import ACTION
from workflow.service.letters.views import Book

COLUMNS = (
    Column("文号", "text", "文书的编号"),
    Column("文书", "words", "文书的种类"),
    Column("申请编号", "text", "为哪一件申请编的号"),
    Column("编号人", "text", "谁编的号；代理的写明代谁"),
    Column("编号时间", "moment", "编号的时间"),
    Column("作废", "words", "作废的写“作废”，有效的空着"),
    Column("作废人", "text", "谁作废的"),
    Column("作废时间", "moment", "作废的时间"),
    Column("作废原因", "text", "为什么作废"),
)
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
    if ending not in WITH_COLUMNS:
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
    return Sheet(f"{book.name}{book.year}年文号簿", COLUMNS, rows, name=f"{book.year}年文号簿")
