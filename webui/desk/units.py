"""Units of a body (科室): a new one, its name, its head, its members, its end."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.desk.staff import chosen_agency, list_page, wrong
from webui.here import gongkai
from webui.security import current_staff
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import MANAGE


@desk.post("/staff/units")
def add_unit() -> ResponseReturnValue:
    """A unit more; the next page asks who heads it and who works there."""
    agency = chosen_agency()
    try:
        made = gongkai().units.add(current_staff(), agency, request.form.get("unit_name", ""))
    except BadInput as error:
        return list_page(agency, error.errors), 422
    return redirect(url_for("desk.unit", which=made), 303)


@desk.get("/staff/units/<int:which>")
def unit(which: int) -> ResponseReturnValue:
    """Name, head and members of a unit."""
    return _page(which)


def _page(which: int, errors: list[FieldError] | None = None) -> str:
    by = current_staff()
    found = gongkai().units.one(by, which)
    listed = gongkai().staff.listed(by, found.agency)
    return render_template(
        "desk/unit.html",
        unit=found,
        people=[one for one in listed if one.active and one.roles],
        names={one.name: one.display_name for one in listed},
        manages=MANAGE in gongkai().staff.may(by, found.agency),
        **wrong(errors),
    )


@desk.post("/staff/units/<int:which>")
def change_unit(which: int) -> ResponseReturnValue:
    """What the unit is from now on, or its end."""
    form, by, units = request.form, current_staff(), gongkai().units
    agency = units.one(by, which).agency
    if form.get("end"):
        units.end(by, which)
        flash("科室已经撤销；交办给它的申请仍写着原来的名称。", "done")
        return redirect(url_for("desk.staff_list", at=agency, _anchor="units"), 303)
    try:
        units.change(
            by, which, form.get("unit_name", ""), form.get("head", ""), form.getlist("members")
        )
    except BadInput as error:
        return _page(which, error.errors), 422
    flash("科室已经保存。", "done")
    return redirect(url_for("desk.staff_list", at=agency, _anchor="units"), 303)
