"""The worklist, sorted by what is due, and the search over all cases."""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from webui.application_form import Problem
from webui.desk import desk
from webui.desk.case import next_step
from webui.desk.filters import (
    ENDS,
    LABELS,
    NOBODY,
    RANGES,
    VIEWS,
    Chosen,
    chosen,
    in_force,
    years,
)
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.places import cursor_of, place_of
from webui.security import current_staff
from webui.wording import SOON_WORKDAYS, DueMark, due_mark
from workflow import events as ev
from workflow.case.waiting import ROLE
from workflow.dates import SHANGHAI, month_day
from workflow.people import OUTSIDE, Staff
from workflow.rules.staffing import AUDIT, READ, SEE
from workflow.service import Missing
from workflow.service.cases.desk_list import ALL, OFFICE
from workflow.service.cases.list_views import Around
from workflow.service.cases.views import Place, WorkItem
from workflow.service.cases.worklist import Found

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """A case in the list, with how urgent it is and whether the reader can take it on. note: what its last
    step leaves to say, as 退回. page: the endpoint of the page where the next step is taken, "" for that of the
    case."""

    item: WorkItem
    mark: DueMark
    doing: str
    mine: bool
    note: str | None = None
    page: str = ""


def line_of(item: WorkItem, staff: Staff) -> Line:
    """How a case stands in the list of this person."""
    clock = "excluding" if item.excluding else "running"
    what, by, page = next_step.doing(item.state, clock, item.last_step)
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
        page,
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


def turning(
    items: list[WorkItem], page: int, own: frozenset[tuple[str, str]] = frozenset()
) -> dict[str, str | None]:
    """What the links to the pages before and after carry beside the number: the places of first and last
    line. The first page needs none. own: codes and numbers of the person's own, where those come first."""
    if not items:
        return {}
    first, last = (
        cursor_of(Place(one.due, one.number, one.agency, (one.agency, one.number) in own))
        for one in (items[0], items[-1])
    )
    return {"before": first if page > 2 else None, "after": last}


@desk.get("/")
def worklist() -> ResponseReturnValue:
    """What waits for the person, for their office, or all; what is due first on top. Who administers sees to
    people or to the audit instead."""
    staff = current_staff()
    if not permitted(staff, READ):
        pages = ((SEE, "desk.staff_list"), (AUDIT, "desk.audit"))
        first = next((page for action, page in pages if permitted(staff, action)), "desk.inbox")
        return redirect(url_for(first), 303)
    return list_page(chosen(request.args, gongkai().office.today().year))


def list_page(found: Chosen, errors: dict[str, str] | None = None, **typed: Any) -> str:
    """The page of the list. errors: of the forms below and beside it, by field; typed: what was typed there."""
    staff, leaf, law = current_staff(), asked_leaf(), load_law()
    wrong = {**found.errors, **(errors or {})}
    listed = gongkai().desk_list.page(
        staff, found.view, found.filters,
        limit=PER_PAGE, after=leaf.after, beyond=leaf.beyond, back=leaf.back,
    )  # fmt: skip
    return render_template(
        "desk/worklist.html",
        found=found,
        listed=listed,
        lines=[desk_line(item, listed.around, staff) for item in listed.items],
        given=listed.around.given,
        views=VIEWS,
        ranges=RANGES,
        ends=ENDS,
        years=years(gongkai().office.today().year),
        nobody=NOBODY,
        states=_states_of(found.view),
        kinds=[(name, one["label"]) for name, one in law.words.kinds.items() if name != "test"],
        outcomes=[(name, one.label) for name, one in law.outcomes.items()],
        may_assign=_may_assign(staff),
        no_new={name: value for name, value in found.address.items() if name != "new"},
        soon_workdays=SOON_WORKDAYS,
        in_force=in_force(found, listed.around.given),
        errors=wrong,
        problems=[Problem(name, LABELS.get(name, ""), said) for name, said in wrong.items()],
        typed=typed,
        now=gongkai().office.now().isoformat(),
        once=secrets.token_urlsafe(12),
        moved=gongkai().due_changes.unseen(staff),
        year_end=gongkai().year_end.for_staff(staff) if leaf.page == 1 else [],
        page=leaf.page,
        pages=_pages(listed.total),
        turning=turning(
            listed.items, leaf.page, listed.around.own if found.view == OFFICE else frozenset()
        ),
    )


def _states_of(view: str) -> list[tuple[str, str]]:
    """The states in which a case of the view can be, with their labels."""
    open_ = gongkai().worklist.open_states()
    states = load_law().states.items()
    return [(name, one.label) for name, one in states if view == ALL or name in open_]


def _may_assign(staff: Staff) -> bool:
    held = {role for roles in staff.roles.values() for role in roles}
    return bool(held & set(load_law().transitions[ev.Assign.name].by))


@dataclass(frozen=True)
class DeskLine:
    """A line of somebody's own list. given: to whom it was given, "" for nobody; own: it waits for the reader; who:
    for whom else it waits; fresh: what is new in it."""

    line: Line
    own: bool
    given: str
    who: str
    fresh: str


def desk_line(item: WorkItem, around: Around, staff: Staff) -> DeskLine:
    """A line with what it says to this person."""
    given = item.given or (around.alone.get(item.agency, "") if item.waits else "")
    return DeskLine(
        line_of(item, staff),
        (item.agency, item.number) in around.own,
        "您" if given == staff.name else around.names.get(given, given),
        _who(item, around),
        _fresh(item, around, staff),
    )


def _who(item: WorkItem, around: Around) -> str:
    """For whom a case waits: one person by name, several by their role."""
    if item.waits is None:
        return ""
    people = around.behind.get((item.agency, item.waits), ())
    role = item.waits.removeprefix(ROLE)
    if role == "applicant":
        return load_law().words.roles[role]
    if item.waits.startswith(ROLE):
        return people[0] if len(people) == 1 else load_law().words.roles[role]
    return people[0] if people else item.waits


def _fresh(item: WorkItem, around: Around, staff: Staff) -> str:
    """What is new in a line, with who and when: 孙立 9:40 签发."""
    fresh = around.is_new(item, staff.name)
    if fresh is None:
        return ""
    at = fresh.at.astimezone(SHANGHAI)
    here = gongkai().office.today()
    when = f"今天 {at.hour}:{at.minute:02d} " if at.date() == here else f"{month_day(at.date())}"
    what = load_law().transitions[fresh.event].news if fresh.event else "申请人补交了材料"
    if fresh.event == ev.Assign.name and item.given:
        what = (
            "交给您"
            if item.given == staff.name
            else f"交给{around.names.get(item.given, item.given)}"
        )
    by = "" if fresh.by in OUTSIDE else around.names.get(fresh.by, fresh.by)
    return f"{by} {when}{what}".strip()


@desk.app_template_global()
def desk_row(one: DeskLine, body: str | None, year: int, ticked: bool) -> Markup:
    """The row of somebody's own list, written once as `case_row` is."""
    return _desk_row(request.script_root, one, body, year, ticked)


@lru_cache(maxsize=2000)
def _desk_row(root: str, one: DeskLine, body: str | None, year: int, ticked: bool) -> Markup:
    template = current_app.jinja_env.get_template("macros/worklist.html")
    macros: Any = template.make_module({"law": load_law(), "words": load_law().words})
    return Markup(macros.row(one, body, year, ticked))


@desk.get("/worklist/pulse")
def list_pulse() -> ResponseReturnValue:
    """A word that changes when something in the view has moved: an open page asks from time to time. It is no
    sign that somebody sits there."""
    found = chosen(request.args, gongkai().office.today().year)
    return {"pulse": gongkai().desk_list.pulse(current_staff(), found.view)}


@desk.get("/cases")
def all_cases() -> ResponseReturnValue:
    """Search by words (s: where `look_for` keeps them; q: as addresses of before have them); filter by state and
    register; or all of one applicant (of: body and number of a case)."""
    staff, leaf = current_staff(), asked_leaf()
    kept = request.args.get("s", "")
    text, state, kind, of = (
        (gongkai().search.typed_at(staff, kept) or "")
        if kept
        else request.args.get("q", "").strip()[:100],
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
        partly=listed.partly,
        text=text,
        kept=kept,
        of=of,
        state=states[0] if states else "",
        kind=kinds[0] if kinds else "",
        page=leaf.page,
        pages=_pages(listed.total),
        turning=turn,
    )


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))
