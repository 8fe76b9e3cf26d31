"""The worklist, sorted by what is due, and the search over all cases."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from webui.desk import desk
from webui.desk.case import next_step
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.places import cursor_of, place_of
from webui.security import current_staff
from webui.wording import DueMark, due_mark
from workflow.people import Staff
from workflow.service import Missing
from workflow.service.cases.views import Place, WorkItem
from workflow.service.cases.worklist import MOST_SEARCHED, Found

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """A case in the list, with how urgent it is and whether the reader can take it on. note: what its last
    step leaves to say, as 退回."""

    item: WorkItem
    mark: DueMark
    doing: str
    mine: bool
    note: str | None = None


def line_of(item: WorkItem, staff: Staff) -> Line:
    """How a case stands in the list of this person."""
    clock = "excluding" if item.excluding else "running"
    what, by = next_step.doing(item.state, clock, item.last_step)
    row = load_law().transitions.get(item.last_step or "")
    return Line(
        item,
        due_mark(
            item.state,
            item.due,
            item.workdays_left,
            clock,
            kind=item.due_kind,
            reply_left=item.reply_left,
        ),
        what,
        "applicant" not in by and bool(staff.roles[item.agency].intersection(by)),
        row.mark if row else None,
    )


@desk.app_template_global()
def case_row(line: Line, body: str | None, year: int) -> Markup:
    """The row of a list. A case stands in the lists of many until it moves on: its row is written once."""
    return _row(request.script_root, line, body, year)


@lru_cache(maxsize=2000)
def _row(root: str, line: Line, body: str | None, year: int) -> Markup:
    template = current_app.jinja_env.get_template("macros/cases.html")
    macros: Any = template.make_module({"law": load_law(), "words": load_law().words})
    return Markup(macros.row(line, body, year))


def body_in_url(staff: Staff, agency: str) -> str | None:
    """The body's code where the number alone would not do."""
    return agency if len(staff.roles) > 1 else None


@dataclass(frozen=True)
class Leaf:
    """A page of a list: its number, and the place from which it goes on. An address without a place passes
    over the lines before, as addresses of before do."""

    page: int
    beyond: Place | None
    back: bool

    @property
    def after(self) -> int:
        return 0 if self.beyond else (self.page - 1) * PER_PAGE


def asked_leaf() -> Leaf:
    """The page that the address names: by its number, and by the place after or before which it stands."""
    page = min(max(request.args.get("page", 1, type=whole), 1), 100_000)
    if page > 1:
        for name in ("after", "before"):
            try:
                return Leaf(page, place_of(request.args[name]), name == "before")
            except (KeyError, ValueError):
                continue
    return Leaf(page, None, False)


def turning(items: list[WorkItem], page: int) -> dict[str, str | None]:
    """What the links to the pages before and after carry beside the number: the places of first and last
    line. The first page needs none."""
    if not items:
        return {}
    first, last = (
        cursor_of(Place(one.due, one.number, one.agency)) for one in (items[0], items[-1])
    )
    return {"before": first if page > 2 else None, "after": last}


@desk.get("/")
def worklist() -> ResponseReturnValue:
    """Open cases, what is due first on top. Who administers sees to people instead."""
    if not permitted(current_staff(), "read_cases"):
        return redirect(url_for("desk.staff_list"), 303)
    staff, found = current_staff(), gongkai().worklist
    leaf, states = asked_leaf(), found.open_states()
    items, total = found.cases(
        staff, states=states, after=leaf.after, limit=PER_PAGE, beyond=leaf.beyond, back=leaf.back
    )
    running = tuple(name for name in states if load_law().stage(name) == "running")
    tomorrow = gongkai().office.today() + timedelta(1)
    return render_template(
        "desk/worklist.html",
        lines=[line_of(item, staff) for item in items],
        total=total,
        urgent=found.count(staff, running, tomorrow),
        moved=gongkai().due_changes.unseen(staff),
        year_end=gongkai().year_end.for_staff(staff) if leaf.page == 1 else [],
        page=leaf.page,
        pages=_pages(total),
        turning=turning(items, leaf.page),
    )


@desk.get("/cases")
def all_cases() -> ResponseReturnValue:
    """Search by number, words of the request or name; filter by state and register; or all of one
    applicant (of: body and number of a case)."""
    staff, leaf = current_staff(), asked_leaf()
    text, state, kind, of = (
        request.args.get("q", "").strip()[:100],
        request.args.get("state", ""),
        request.args.get("kind", ""),
        request.args.get("of", ""),
    )
    states = (state,) if state in load_law().states else ()
    kinds = (kind,) if kind in load_law().words.kinds else ()
    code, _, number = of.partition("/")
    found, turn = gongkai().worklist, {}
    if of and not (number and code in staff.roles):
        raise Missing(f"没有找到“{of[:80]}”这件申请：没有这个机关，或者您不在这个机关办理")
    if of:
        listed = found.of_applicant(staff.within(code), number, after=leaf.after, limit=PER_PAGE)
    elif text:
        listed = found.search(
            staff, text, states=states, kinds=kinds, after=leaf.after, limit=PER_PAGE
        )
    else:
        items, total = found.cases(
            staff, states=states, kinds=kinds, after=leaf.after, limit=PER_PAGE,
            beyond=leaf.beyond, back=leaf.back,
        )  # fmt: skip
        listed, turn = Found(items, total), turning(items, leaf.page)
    return render_template(
        "desk/cases.html",
        lines=[line_of(item, staff) for item in listed.items],
        total=listed.total,
        partly=MOST_SEARCHED if listed.partly else 0,
        text=text,
        of=of,
        state=states[0] if states else "",
        kind=kinds[0] if kinds else "",
        page=leaf.page,
        pages=_pages(listed.total),
        turning=turn,
    )


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))
