"""The bodies below (下级机关): how many applications run, are due, late or came back in each; lists, points and
hastening. Body, number and days, never a name."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.desk.case.address import numbers_said
from webui.here import gongkai
from webui.numbers import whole
from webui.reports.plots import Plot, plot_of
from webui.security import current_staff
from webui.sheets import WITH_COLUMNS, sheet_file
from workflow.dates import in_words
from workflow.paper.columns import Column
from workflow.paper.workbook import Sheet
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.report.tables.figures import Figure, Series
from workflow.report.tables.score import in_points
from workflow.rules import permissions
from workflow.rules.supervision import DONE_LATE, DUE, LATE, LISTS, RETURNED, soon_workdays
from workflow.service.supervision.below import PER_PAGE, Head, Overview
from workflow.service.supervision.hastening import Done, answer_workdays, words_of
from workflow.service.supervision.now import BodyNow, Matter

TITLES = {
    LATE: "已逾期，没有答复",
    DUE: "将要到期",
    RETURNED: "被退回，要重新送达",
    DONE_LATE: "今年逾期答复的",
}
CARDS = {"yellow": ("黄牌", "soon"), "red": ("红牌", "late"), "black": ("黑牌", "late")}
NAME_LENGTH = 9
"""Characters of a body's name beside its bar; the table below has it whole."""


@desk.app_template_global()
def supervises(staff: Staff | None) -> bool:
    """Whether bodies are below one for which the person supervises: pages link by it."""
    if staff is None:
        return False
    heads = permissions.heads_for(load_law(), "supervise", staff)
    return not gongkai().office.listing().parents.isdisjoint(heads)


@desk.get("/supervision")
def supervision() -> ResponseReturnValue:
    """All bodies below one of the person's own, as they stand when the page is opened."""
    return _page()


def _page(problem: str = "") -> str:
    staff, page = current_staff(), _page_number()
    q = request.args.get("q", "").strip()[:60]
    found = gongkai().supervision.overview(staff, _at(), page=page, q=q)
    return render_template(
        "desk/supervision.html",
        found=found,
        heads=gongkai().supervision.heads(staff),
        plot=_plot(found) if found and found.plotted else None,
        q=q,
        page=page,
        pages=max(1, -(-found.found // PER_PAGE)) if found else 1,
        problem=problem,
        **_words(),
    )


def _at() -> str | None:
    return request.values.get("at") or None


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=whole), 1), 10_000)


def _words() -> dict[str, Any]:
    return {
        "titles": TITLES,
        "cards": CARDS,
        "points": load_law().supervision.points,
        "in_points": in_points,
        "soon": soon_workdays(),
        "answer_workdays": answer_workdays(),
        "hastened_words": words_of,
    }


def _plot(found: Overview) -> Plot:
    """Late, due soon and the rest of the bodies that have most to do."""
    bodies = found.plotted
    return plot_of(
        Figure(
            "bodies-below",
            "在办、将到期、逾期",
            f"逾期最多的前 {len(bodies)} 个机关；全部见下表。",
            "机关",
            tuple(_short(one) for one in bodies),
            (
                Series("逾期", tuple(one.late for one in bodies)),
                Series(f"{soon_workdays()} 个工作日内到期", tuple(one.due for one in bodies)),
                Series("其余在办", tuple(one.rest for one in bodies)),
            ),
            summed=False,
        )
    )


def _short(one: BodyNow) -> str:
    return one.name if len(one.name) <= NAME_LENGTH else f"{one.name[: NAME_LENGTH - 1]}…"


# -- lists ---------------------------------------------------------------------------------------------


@desk.get("/supervision/lists/<which>")
def supervision_list(which: str) -> ResponseReturnValue:
    """One list: late, due, returned, or answered late; of one body where one is named."""
    head, matters = _listed(which)
    page = _page_number()
    return render_template(
        "desk/supervision_list.html",
        head=head,
        which=which,
        lists=LISTS,
        matters=matters[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(matters),
        body=request.args.get("body", ""),
        page=page,
        pages=max(1, -(-len(matters) // PER_PAGE)),
        **_words(),
    )


@desk.get("/supervision/lists/<which>/<ending>")
def supervision_file(which: str, ending: str) -> ResponseReturnValue:
    """The whole list as Excel or CSV."""
    if ending not in WITH_COLUMNS:
        abort(404)
    head, matters = _listed(which)
    today = gongkai().office.today()
    sheet = Sheet(
        f"{head.name}下级机关：{TITLES[which]}",
        (
            Column("机关", "text", "受理申请的下级机关"),
            Column("申请编号", "text", "在受理机关之内不重复"),
            *_OF_LIST[which],
            Column("牌", "words", "逾期的黄牌、红牌、黑牌"),
            Column("最近催办", "day", "最近一次催办的日子，没有催办的空着"),
            Column("答复", "text", "受理机关对催办的答复"),
            Column("哪天办好", "day", "受理机关答应哪天办好"),
        ),
        [_row(one) for one in matters],
        note=f"{in_words(today)}打开时算出，{len(matters)} 件；只有机关、编号和日子",
        name=TITLES[which],
    )
    return sheet_file(sheet, ending, f"{TITLES[which]}{today:%Y%m%d}")


_DUE = Column("答复期限", "day", "答复期限的最后一天")
_OF_LIST = {
    LATE: (_DUE, Column("逾期（工作日）", "number", "已经逾期几个工作日")),
    DUE: (_DUE, Column("还有（工作日）", "number", "到答复期限还有几个工作日")),
    RETURNED: (
        Column("退回之日", "day", "文书退回之日"),
        Column("退回以后（工作日）", "number", "退回以后过了几个工作日"),
    ),
    DONE_LATE: (_DUE, Column("逾期（工作日）", "number", "答复时逾期几个工作日")),
}
"""Of each list its day, and the working days since or until then."""


def _listed(which: str) -> tuple[Head, list[Matter]]:
    return gongkai().supervision.listed(
        current_staff(), _at(), which, body=request.args.get("body", "")
    )


def _row(one: Matter) -> tuple[Any, ...]:
    said = one.hastened
    return (
        one.name, one.number, one.standing.day, one.standing.days,
        CARDS[one.standing.card][0] if one.standing.card else "",
        said.made_on if said else None,
        (said.answer or ("没有答复" if said.silent else "还没有答复")) if said else "",
        said.done_by if said else None,
    )  # fmt: skip


# -- points --------------------------------------------------------------------------------------------


@desk.get("/supervision/score/<body>")
def supervision_score(body: str) -> ResponseReturnValue:
    """The points of a body in a year, each with its ground."""
    this = gongkai().office.today().year
    year = min(max(request.args.get("year", this, type=whole), 2000), this)
    found = gongkai().supervision.score(current_staff(), _at(), body, year)
    return render_template(
        "desk/supervision_score.html",
        found=found,
        years=range(this, this - 5, -1),
        at=_at(),
        **_words(),
    )


# -- hastening -------------------------------------------------------------------------------------------


@desk.post("/supervision/hasten")
def hasten() -> ResponseReturnValue:
    """Hasten cases of bodies below: each is `code/number`."""
    staff = current_staff()
    agency = _at() or next((code for code, _ in gongkai().supervision.heads(staff)), staff.home)
    wanted = [_case(text) for text in dict.fromkeys(request.form.getlist("case"))]
    try:
        done = gongkai().hastening.hasten(staff, agency, wanted)
    except BadInput as error:
        return _page(error.errors[0].message), 422
    flash(_said(done), "done" if done.done else "info")
    which = request.form.get("list", "")
    if which in LISTS:
        body = request.form.get("body") or None
        return redirect(url_for("desk.supervision_list", which=which, at=agency, body=body), 303)
    return redirect(url_for("desk.supervision", at=agency), 303)


def _case(text: str) -> tuple[str, str]:
    code, _, number = text[:200].partition("/")
    return code, number


def _said(done: Done) -> str:
    parts = (
        (done.done, "已催办 {} 件：{}，对方的经办人和负责人会收到消息"),
        (done.again, "{} 件今天已经催办过：{}"),
        (done.over, "{} 件已经不在清单里，没有催办：{}"),
    )
    said = [words.format(len(some), _named(some)) for some, words in parts if some]
    return "；".join(said) + "。"


def _named(cases: Sequence[tuple[str, str]]) -> str:
    return "、".join(numbers_said(cases[:5])) + (f"等 {len(cases)} 件" if len(cases) > 5 else "")
