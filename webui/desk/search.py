"""Searching everything that one may see. What is typed is posted: names stand in no address."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow.case.terms import words_of
from workflow.service.cases.search import EVERYWHERE, PER_PAGE, TABS, TYPED_MOST, Results

NOTHING_TYPED = "请填写要找的字，例如编号、姓名、事由或者文号"
GONE = "这个查找地址不是您的，或者不完整，请重新填写要找的字"


@desk.get("/search")
def search() -> ResponseReturnValue:
    """The form, and what was found by the words that an address stands for."""
    address = request.args.get("s", "")
    typed = gongkai().search.typed_at(current_staff(), address) if address else ""
    if typed is None:
        return _page("", error=GONE), 404
    tab = request.args.get("tab", EVERYWHERE)
    tab = tab if tab in TABS else EVERYWHERE
    page = min(max(request.args.get("page", 1, type=whole), 1), 100_000)
    if not typed:
        return _page("")
    found = gongkai().search.find(
        current_staff(), typed, tab, after=(page - 1) * PER_PAGE, limit=PER_PAGE
    )
    return _page(typed, address, found, tab, page)


@desk.post("/search")
def look_for() -> ResponseReturnValue:
    """What was typed, as an address that nobody else can read: of the search, or of the list of cases with what it
    is narrowed by."""
    typed = request.form.get("q", "").strip()[:TYPED_MOST]
    address = gongkai().search.address_of(current_staff(), typed) if words_of(typed) else None
    if request.form.get("list"):
        narrowed = {name: request.form.get(name) or None for name in ("state", "kind")}
        return redirect(url_for("desk.all_cases", s=address, **narrowed), 303)
    if address is None:
        return _page(typed, error=NOTHING_TYPED), 422
    return redirect(url_for("desk.search", s=address), 303)


def _page(
    typed: str, address: str = "", found: Results | None = None, tab: str = EVERYWHERE,
    page: int = 1, error: str = "",
) -> str:  # fmt: skip
    return render_template(
        "desk/search.html",
        typed=typed,
        most=TYPED_MOST,
        address=address,
        found=found,
        tab=tab,
        tabs=[(EVERYWHERE, "全部"), *((name, label) for name, (label, _) in TABS.items())],
        page=page,
        pages=max(1, -(-found.total // PER_PAGE)) if found else 1,
        error=error,
    )
