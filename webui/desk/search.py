"""Searching everything that one may see. What is typed is posted: names stand in no address."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.security import current_staff
from workflow.case.terms import WORDS_MOST, words_of
from workflow.service.cases.search import EVERYWHERE, PER_PAGE, TABS, TYPED_MOST, Results
from workflow.service.parcel_search import ParcelsFound
from workflow.service.parcels import KEEP

NOTHING_TYPED = "请填写要找的字，例如编号、姓名、事由或者文号"
TOO_LONG = f"最多填写 {TYPED_MOST} 个字，请只写其中的几个词"
PARCELS = "parcels"
GONE = "这个查找地址不是您的，或者不完整，请重新填写要找的字"


@desk.get("/search")
def search() -> ResponseReturnValue:
    """The form, and what was found by the words that an address stands for."""
    address = request.args.get("s", "")
    typed = gongkai().search.typed_at(current_staff(), address) if address else ""
    if typed is None:
        return _page("", error=GONE), 404
    tab = request.args.get("tab", EVERYWHERE)
    tab = tab if tab in TABS or tab == PARCELS else EVERYWHERE
    page = min(max(request.args.get("page", 1, type=whole), 1), 100_000)
    if not typed:
        return _page("")
    found = gongkai().search.find(
        current_staff(), typed, tab, after=(page - 1) * PER_PAGE, limit=PER_PAGE
    )
    parcels = gongkai().parcel_search.find(current_staff(), typed)
    return _page(typed, address, found, tab, page, parcels=parcels)


@desk.post("/search")
def look_for() -> ResponseReturnValue:
    """What was typed, as an address that nobody else can read: of the search, or of the list of cases with what it
    is narrowed by."""
    typed = request.form.get("q", "").strip()
    if len(typed) > TYPED_MOST:
        return _page(typed, error=TOO_LONG), 422
    address = gongkai().search.address_of(current_staff(), typed) if words_of(typed) else None
    if request.form.get("list"):
        narrowed = {name: request.form.get(name) or None for name in ("state", "kind")}
        return redirect(url_for("desk.all_cases", s=address, **narrowed), 303)
    if address is None:
        return _page(typed, error=NOTHING_TYPED), 422
    return redirect(url_for("desk.search", s=address), 303)


def _page(
    typed: str, address: str = "", found: Results | None = None, tab: str = EVERYWHERE,
    page: int = 1, error: str = "", parcels: ParcelsFound | None = None,
) -> str:  # fmt: skip
    tabs = [(EVERYWHERE, "全部"), *((name, label) for name, (label, _) in TABS.items())]
    counts = dict(found.places) if found else {}
    if parcels is not None:
        tabs.append((PARCELS, "来件"))
        counts[PARCELS] = parcels.total
    return render_template(
        "desk/search.html",
        typed=typed,
        most=TYPED_MOST,
        address=address,
        found=found,
        tab=tab,
        tabs=tabs,
        counts=counts,
        parcels=parcels,
        keeps_parcels=permitted(current_staff(), KEEP),
        page=page,
        pages=max(1, -(-found.total // PER_PAGE)) if found else 1,
        error=error,
        said=_said(typed, gongkai().search.texts_are_sealed) if found else [],
        sealed=gongkai().search.texts_are_sealed,
    )


def _said(typed: str, sealed: bool) -> list[str]:
    """What of the words was not looked for, or not everywhere. sealed: requests, names and logs are."""
    words, found = words_of(typed, TYPED_MOST), list[str]()
    if len(words) > WORDS_MOST:
        left = "、".join(word.typed for word in words[WORDS_MOST:])
        found.append(f"一次最多查 {WORDS_MOST} 个词，没有按后面的词查：{left}。")
    if single := [word.typed for word in words[:WORDS_MOST] if word.single]:
        where = (
            "编号和文号里查；要查申请内容、姓名、办理记录、文书、附件和备注，请写两个字以上。"
            if sealed
            else ("编号、申请内容、姓名和办理记录里查；要在文书、附件和备注里查，请写两个字以上。")
        )
        found.append(f"“{'、'.join(single)}”只有一个字，只在{where}")
    return found
