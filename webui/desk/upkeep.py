"""Looking after the installation: everything that can be looked at, and the points of the law, for who administers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.security import current_staff
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.rules.upkeep import LOOK, RIGHT, WRONG
from workflow.rules.upkeep_machine import size_in_words
from workflow.service.upkeep.law import is_on_top

LEVELS = {WRONG: ("不对", "late"), LOOK: ("请看", "soon"), RIGHT: ("正常", "ok")}
"""Of a finding: the word, and how its mark looks."""
LABELS = {"year": "年度", "note": "说明"}


@desk.app_template_global()
def on_top(staff: Staff | None, action: str) -> bool:
    """Whether the person may do it for the whole installation: pages link by it."""
    return (
        staff is not None
        and permitted(staff, action)
        and is_on_top(gongkai().office, action, staff)
    )


@desk.get("/upkeep")
def upkeep() -> ResponseReturnValue:
    """Every finding, what is wrong first, with what to do; and the backups that there are."""
    doctor, staff = gongkai().doctor, current_staff()
    found = doctor.findings(staff)
    last, folder = doctor.backups(staff)
    return render_template(
        "desk/upkeep.html", found=found, levels=LEVELS, last=last, folder=folder, size=size_in_words
    )


@desk.get("/law-points")
def law_points() -> ResponseReturnValue:
    """The points, what each is held against, and who has looked through them."""
    return _points()


@desk.post("/law-points")
def law_checked() -> ResponseReturnValue:
    """Note that the person has looked through them for a year."""
    year = request.form.get("year", 0, type=whole)
    try:
        gongkai().law_points.note(current_staff(), year, request.form.get("note", "").strip())
    except BadInput as error:
        problems = [Problem(one.field, LABELS[one.field], one.message) for one in error.errors]
        return _points(problems), 422
    flash(f"已登记：{year} 年的法规要点核对过。", "done")
    return redirect(url_for("desk.law_points"), 303)


def _points(problems: list[Problem] | None = None) -> str:
    doors, staff = gongkai(), current_staff()
    return render_template(
        "desk/law_points.html",
        standing=doors.law_points.standing(staff),
        sees=doors.doctor.may(staff),
        problems=problems or [],
        typed=request.form.get("note", ""),
    )
