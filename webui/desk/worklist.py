"""The worklist, sorted by what is due, and the search over all cases."""

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.desk.case import next_step
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.wording import DueMark, due_mark
from workflow.people import Staff
from workflow.service.cases.views import WorkItem

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
        due_mark(item.state, item.due, item.workdays_left, clock),
        what,
        "applicant" not in by and bool(staff.roles[item.agency].intersection(by)),
        row.mark if row else None,
    )


def body_in_url(staff: Staff, agency: str) -> str | None:
    """The body's code where the number alone would not do."""
    return agency if len(staff.roles) > 1 else None


@desk.get("/")
def worklist() -> ResponseReturnValue:
    """Open cases, what is due first on top."""
    staff, found = current_staff(), gongkai().worklist
    page = _page()
    states = found.open_states()
    items, total = found.cases(staff, states=states, after=(page - 1) * PER_PAGE, limit=PER_PAGE)
    running = tuple(name for name in states if load_law().stage(name) == "running")
    tomorrow = gongkai().office.today() + timedelta(1)
    _, urgent = found.cases(staff, states=running, due_before=tomorrow, limit=1)
    return render_template(
        "desk/worklist.html",
        lines=[line_of(item, staff) for item in items],
        total=total,
        urgent=urgent,
        moved=gongkai().due_changes.unseen(staff),
        year_end=gongkai().year_end.for_staff(staff) if page == 1 else [],
        page=page,
        pages=_pages(total),
    )


@desk.get("/cases")
def all_cases() -> ResponseReturnValue:
    """Search by number, words of the request or name; filter by state and register."""
    staff = current_staff()
    text, state, page = (
        request.args.get("q", "").strip()[:100],
        request.args.get("state", ""),
        _page(),
    )
    states = (state,) if state in load_law().states else ()
    kind = request.args.get("kind", "")
    kinds = (kind,) if kind in load_law().words.kinds else ()
    items, total = gongkai().worklist.cases(
        staff,
        states=states,
        text=text or None,
        kinds=kinds,
        after=(page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    return render_template(
        "desk/cases.html",
        lines=[line_of(item, staff) for item in items],
        total=total,
        text=text,
        state=states[0] if states else "",
        kind=kinds[0] if kinds else "",
        page=page,
        pages=_pages(total),
    )


def _page() -> int:
    return min(max(request.args.get("page", 1, type=whole), 1), 100_000)


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))
