"""The annual report on one page: its sections, what to do next, its register, its versions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law, year_rules
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from webui.reports import reports
from webui.reports.tables import readable
from webui.security import current_staff
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.report.annual import Cells
from workflow.report.procedure.marked import told
from workflow.report.procedure.overrides import columns_by_hand, rows_by_hand
from workflow.report.procedure.versions import differences
from workflow.report.sums.aggregate import place_in_words
from workflow.report.tables import layout
from workflow.report.writing import WRITERS
from workflow.service.report.annual import OWN_TEXTS
from workflow.service.report.overrides import place_of_one
from workflow.service.report.page import ReportFile
from workflow.service.report.register import Kept
from workflow.service.rules.settings import display_names

# What leads on, in the order in which it is offered.
USUAL = ("check", "sign", "submit", "accept", "publish", "return", "reopen")
YEARS = range(2000, 2051)
STEP_WORDS = {
    "draft": "起草",
    "put_in": "手工改数",
    "confirm": "复核手工改数",
    "put_back": "恢复系统的数字",
    **{name: step.label for name, step in year_rules().steps.items()},
}
"""Every kind of line of a version's history, in words."""


@reports.get("/<agency>/<int:year>/report")
def report(agency: str, year: int) -> ResponseReturnValue:
    """The report with its six sections; ?version= shows an earlier one."""
    return _page(agency, year)


@reports.post("/<agency>/<int:year>/report/draft")
def draft(agency: str, year: int) -> ResponseReturnValue:
    """Draw up the first version."""
    return _done(agency, year, lambda staff: gongkai().annual.draft(staff, agency, year), "已起草")


@reports.post("/<agency>/<int:year>/report/correct")
def correct(agency: str, year: int) -> ResponseReturnValue:
    """Open a version that corrects a published one."""
    note = request.form.get("note", "")
    return _done(
        agency,
        year,
        lambda staff: gongkai().annual.correct(staff, agency, year, note),
        "已建立更正版本",
    )


@reports.post("/<agency>/<int:year>/report/steps/<name>")
def step(agency: str, year: int, name: str) -> ResponseReturnValue:
    """Check, sign, submit, return, accept, publish."""
    steps = year_rules().steps
    if name not in steps:
        abort(404)
    note = request.form.get("note", "")
    return _done(
        agency,
        year,
        lambda staff: gongkai().annual.step(staff, agency, year, name, note),
        f"已登记“{steps[name].label}”",
        where=name,
    )


@reports.post("/<agency>/<int:year>/report/texts/<section>")
def text(agency: str, year: int, section: str) -> ResponseReturnValue:
    """Save the office's own words for a section."""
    typed = request.form.get("text", "")
    return _done(
        agency,
        year,
        lambda staff: gongkai().annual.save_text(staff, agency, year, section, typed),
        "文字已保存",
        where=section,
    )


@reports.post("/<agency>/<int:year>/report/overrides")
def override(agency: str, year: int) -> ResponseReturnValue:
    """Put a number in by hand, with a reason; a second person has to confirm it."""
    table, _, row = request.form.get("row", "").partition(".")
    given = {**request.form.to_dict(), "table": table, "row": row}
    return _done(
        agency,
        year,
        lambda staff: gongkai().overrides.put(staff, agency, year, given),
        "已填写，另一人复核之后计入表中",
        where="override",
    )


@reports.post("/<agency>/<int:year>/report/overrides/confirm")
def confirm_override(agency: str, year: int) -> ResponseReturnValue:
    """The second person confirms a number that was put in by hand."""
    place, value = request.form.get("place", ""), request.form.get("value", "")
    return _done(
        agency,
        year,
        lambda staff: gongkai().overrides.confirm(staff, agency, year, place, value),
        "已复核，数字和有关的合计已经改动",
    )


@reports.post("/<agency>/<int:year>/report/overrides/back")
def take_override_back(agency: str, year: int) -> ResponseReturnValue:
    """Let the counted number stand again."""
    place = request.form.get("place", "")
    return _done(
        agency,
        year,
        lambda staff: gongkai().overrides.put_back(staff, agency, year, place),
        "已恢复系统的数字",
    )


def _done(
    agency: str, year: int, work: Callable[[Staff], Any], said: str, where: str = ""
) -> ResponseReturnValue:
    """Do it and go back to the page; refused or wrong, the page comes back with what was typed."""
    readable(agency)
    _check(year)
    try:
        work(current_staff())
    except Refused as error:
        return _page(agency, year, refusal=error.refusal), 409
    except BadInput as error:
        errors = {one.field: one.message for one in error.errors}
        return _page(agency, year, errors=errors, where=where), 422
    flash(said + "。", "done")
    return redirect(url_for("reports.report", agency=agency, year=year), 303)


def _page(
    agency: str,
    year: int,
    refusal: Refusal | None = None,
    errors: dict[str, str] | None = None,
    where: str = "",
) -> str:
    name, staff = readable(agency), current_staff()
    _check(year)
    version = request.args.get("version", type=whole)
    found = gongkai().annual.file(staff, agency, year, version)
    formats = load_law().formats
    possible = {one.step.name: one for one in found.possible}
    latest = found.version == max(found.versions, 1)
    return render_template(
        "reports/report.html",
        agency=agency,
        name=name,
        year=year,
        file=found,
        formats=formats,
        grids={
            table: layout.grid_of(table, layout.format_in(found.report, table, formats), formats)
            for table in layout.TABLES
        },
        told=told(found.report.sections, found.report.marks),
        checks=load_law().checks,
        writers=WRITERS,
        reads_cases=permitted(staff, "read_cases", agency),
        running=year == gongkai().office.today().year,
        next_steps=[possible[s] for s in USUAL if possible[s].refusal is None] if latest else [],
        waiting=_waiting(found),
        blocked=[possible[s] for s in USUAL if possible[s].refusal is not None],
        earlier_differences=differences(found.earlier, found.report, formats)
        if found.earlier
        else [],
        latest=latest,
        steps=[(one, date.fromisoformat(one["at"][:10])) for one in found.steps],
        nothing_in_two=latest and found.state != "published" and _all_zero(found.report.table2),
        may_edit=latest
        and found.editable
        and found.versions > 0
        and permitted(staff, "edit_report", agency),
        own_texts=OWN_TEXTS,
        names=display_names(
            gongkai().office,
            (
                name
                for one in (*found.steps, *found.overrides)
                for name in (one["by"], one.get("confirmed_by"), one.get("stands_for"))
                if name
            ),
        ),
        refusal=refusal,
        errors=errors or {},
        where=where,
        typed=request.form,
        step_words=STEP_WORDS,
        hand_rows=rows_by_hand(found.report.format, formats),
        hand_columns=columns_by_hand(found.report.format, formats),
        by_hand={place_of_one(one): one for one in found.overrides},
        place_in_words=lambda place: place_in_words(place, found.report.format, formats),
        may_confirm={
            place_of_one(one)
            for one in found.overrides
            if latest
            and found.editable
            and not one.get("confirmed_by")
            and one["by"] != staff.name
            and permitted(staff, "confirm_number", agency)
        },
    )


def _all_zero(table: Cells | None) -> bool:
    return table is not None and not any(n for row in table.values() for n in row.values())


def _waiting(found: ReportFile) -> str:
    """Who takes the report on when the reader cannot."""
    for name in USUAL[:5]:
        one = next(p for p in found.possible if p.step.name == name)
        if one.refusal is not None and one.refusal.rule in ("not_your_role", "same_person"):
            return one.refusal.allowed_when
    return ""


def _check(year: int) -> None:
    if year not in YEARS:
        abort(404)


# -- the register of the year -------------------------------------------------------------------------


@reports.route("/<agency>/<int:year>/register", methods=["GET", "POST"])
def register(agency: str, year: int) -> ResponseReturnValue:
    """What the body made, decided and did in the year; ?item= and ?field= show what stands behind a
    cell of table 二, ?edit= an entry to be put right in its form."""
    readable(agency)
    _check(year)
    if request.method != "POST":
        return _register(agency, year)
    replaces = request.form.get("replaces", type=whole)
    try:
        gongkai().register.add(current_staff(), agency, year, request.form.to_dict(), replaces)
    except Refused as error:
        return _register(agency, year, refusal=error.refusal), 409
    except BadInput as error:
        return _register(agency, year, {one.field: one.message for one in error.errors}), 422
    flash("已更正，原来的一条留作记录。" if replaces else "已登记。", "done")
    return redirect(url_for("reports.register", agency=agency, year=year), 303)


@reports.post("/<agency>/<int:year>/register/<int:entry>/back")
def take_entry_back(agency: str, year: int, entry: int) -> ResponseReturnValue:
    """Take an entry back; it stays in the list of what was."""
    readable(agency)
    try:
        gongkai().register.take_back(current_staff(), agency, year, entry)
    except Refused as error:
        return _register(agency, year, refusal=error.refusal), 409
    flash("已撤销这一条。", "done")
    return redirect(url_for("reports.register", agency=agency, year=year), 303)


def _register(
    agency: str,
    year: int,
    errors: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> str:
    staff = current_staff()
    body = next(one for one in gongkai().office.agencies() if one.code == agency)
    entries = gongkai().register.entries(agency, year)
    editing = request.values.get("replaces", request.args.get("edit", type=whole), type=whole)
    edited = next((one for one in entries if one.id == editing and not one.replaced), None)
    if request.method != "POST" and request.args.get("edit") and edited is None:
        abort(404)
    item, field = request.args.get("item", ""), request.args.get("field", "")
    shown = [one for one in entries if not item or one.item == item]
    cell: dict[str, Any] = {}
    if item and field:
        behind, carried = gongkai().reports.behind2(agency, year, item, field)
        fees = [one for one in behind if isinstance(one, str)]
        place = place_in_words(
            ("table2", item, field), load_law().formats.format_of(year), load_law().formats
        )
        cell = {"title": place, "carried": carried, "fees": fees}
        shown = [one for one in entries if one.id in behind]
    return render_template(
        "reports/register.html",
        agency=agency,
        name=body.name,
        year=year,
        items=gongkai().register.items_for(body.level),
        kinds=dict(year_rules().kinds),
        entries=shown,
        cell=cell,
        names=display_names(gongkai().office, (one.actor for one in entries)),
        item=item,
        edited=edited,
        own=agency in staff.roles,
        errors=errors or {},
        refusal=refusal,
        typed=request.form if request.method == "POST" else _typed(edited),
    )


def _typed(entry: Kept | None) -> dict[str, str]:
    """An entry as its form has it."""
    if entry is None:
        return {}
    yuan = entry.amount_yuan
    return {
        "item": entry.item,
        "kind": entry.kind,
        "on": entry.on.isoformat(),
        "title": entry.title,
        "number": str(entry.number),
        "amount_yuan": "" if yuan is None else str(yuan),
        "published_on": entry.published_on.isoformat() if entry.published_on else "",
    }
