"""The register of parcels (来件登记簿): what came, who signed for it, what is not registered yet."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.sheets import WITH_COLUMNS, sheet_file
from workflow.case.parcel import ParcelForm
from workflow.paper.columns import Column
from workflow.paper.workbook import Sheet
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.service.parcels import KEEP, Parcel, ParcelBook

FIELDS = tuple(ParcelForm.model_fields)
COLUMNS = (
    Column("序号", "number", "当年第几件来件"),
    Column("怎样送来的", "words", "送达的方式"),
    Column("邮件号", "text", "邮局、快递的单号"),
    Column("签收之日", "day", "本机关签收之日"),
    Column("由谁签收", "text", "签收的人或者部门"),
    Column("信封写给谁", "text", "信封上写的收件人"),
    Column("寄件人", "text", "信封上写的寄件人"),
    Column("邮戳日期", "day", "邮戳上的日期，看不清的空着"),
    Column("移交给谁", "text", "交给谁办"),
    Column("移交之日", "day", "移交之日"),
    Column("结果", "text", "登记成申请的写申请编号，其余写明原因"),
    Column(
        "没有登记的：如果是申请，答复期限",
        "day",
        "还没有登记的来件，如果是申请，答复期限的最后一天",
    ),
)
LABELS = {
    "way": "怎样送来的",
    "tracking": "邮件号",
    "arrived_on": "签收之日",
    "signed_by": "由谁签收",
    "addressed_to": "信封写给谁",
    "sender": "寄件人",
    "postmarked_on": "邮戳日期",
    "handed_to": "移交给谁",
    "handed_on": "移交之日",
    "words": "是什么来件",
}


def bodies_kept() -> list[str]:
    """The bodies whose register the person keeps. Raises Denied where there is none."""
    staff, law = current_staff(), gongkai().office.law
    found = [code for code in permissions.bodies_for(law, KEEP, staff) if code in staff.roles]
    if not found:
        permissions.ask(law, KEEP, frozenset())
    home = [code for code in found if code == staff.home]
    return [*home, *(code for code in found if code not in home)]


def _asked_body() -> str:
    return request.values.get("at") or bodies_kept()[0]


@desk.get("/parcels")
def parcels() -> ResponseReturnValue:
    """What is signed for and not registered, and the whole register of a year."""
    return _list()


def _list(errors: list[FieldError] | None = None) -> str:
    staff, names = current_staff(), gongkai().office.listing().names
    page = request.args.get("page", 1, type=whole)
    year = request.args.get("year", type=whole)
    return render_template(
        "desk/parcels.html",
        book=gongkai().parcels.book(staff, _asked_body(), year, page),
        mine=[(code, names[code]) for code in bodies_kept()],
        key=request.form.get("key") or secrets.token_urlsafe(16),
        **_wrong(errors),
    )


def _wrong(errors: list[FieldError] | None) -> Mapping[str, Any]:
    """The lists of a form with what was typed and what is wrong with it."""
    found, at_field = errors or [], dict[str, str]()
    for error in found:
        at_field.setdefault(error.field, error.message)
    return {
        "ways": {name: way["label"] for name, way in load_law().words.parcel_ways.items()},
        "typed": request.form if found else {},
        "errors": at_field,
        "problems": [Problem(e.field, LABELS.get(e.field, ""), e.message) for e in found],
    }


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


@desk.post("/parcels")
def add_parcel() -> ResponseReturnValue:
    """A parcel more; what is an application goes on to be registered."""
    code, form = _asked_body(), request.form
    try:
        made = gongkai().parcels.add(current_staff(), code, _typed(), form.get("key"))
    except BadInput as error:
        return _list(error.errors), 422
    if form.get("then") == "register":
        return redirect(url_for("desk.register", parcel=made.id), 303)
    flash(f"来件已经登记：{made.label}。", "done")
    return redirect(url_for("desk.parcels", at=code, year=made.year), 303)


@desk.get("/parcels/<int:which>")
def parcel(which: int) -> ResponseReturnValue:
    """One entry: what is known of it, the handing over, what it turned out to be."""
    return _page(which)


def _page(which: int, errors: list[FieldError] | None = None) -> str:
    found: Parcel = gongkai().parcels.one(current_staff(), which)
    names = gongkai().office.names_of({found.actor, found.settled_by} - {""})
    return render_template("desk/parcel.html", one=found, names=names, **_wrong(errors))


@desk.get("/parcels/book/<ending>")
def parcels_file(ending: str) -> ResponseReturnValue:
    """The register of a year as Excel or CSV."""
    if ending not in WITH_COLUMNS:
        abort(404)
    year = request.args.get("year", type=whole)
    return sheet_file(
        _sheet(gongkai().parcels.book(current_staff(), _asked_body(), year, all_=True)), ending
    )


def _sheet(book: ParcelBook) -> Sheet:
    rows = [
        (
            one.entry, one.way_label, one.tracking, one.arrived_on, one.signed_by, one.addressed_to, one.sender,
            one.postmarked_on, one.handed_to, one.handed_on,
            one.case or (f"与依申请公开无关：{one.words}" if one.settled else "还没有登记"),
            one.due.due if one.due else None,
        )
        for one in reversed(book.entries)
    ]  # fmt: skip
    title = f"{book.name}{book.year}年来件登记簿"
    return Sheet(title, COLUMNS, rows, name=f"{book.year}年来件登记簿")


@desk.post("/parcels/<int:which>")
def change_parcel(which: int) -> ResponseReturnValue:
    """What the entry says from now on."""
    try:
        gongkai().parcels.change(current_staff(), which, _typed())
    except BadInput as error:
        return _page(which, error.errors), 422
    flash("来件登记已经保存。", "done")
    return redirect(url_for("desk.parcel", which=which), 303)


@desk.post("/parcels/<int:which>/aside")
def put_parcel_aside(which: int) -> ResponseReturnValue:
    """It holds no application (与依申请公开无关)."""
    try:
        gongkai().parcels.unrelated(current_staff(), which, request.form.get("words", ""))
    except BadInput as error:
        return _page(which, error.errors), 422
    flash("已经记为与依申请公开无关。", "done")
    return redirect(url_for("desk.parcels", at=request.form.get("at")), 303)


@desk.post("/parcels/<int:which>/again")
def reopen_parcel(which: int) -> ResponseReturnValue:
    """It does hold one."""
    gongkai().parcels.reopen(current_staff(), which)
    flash("已经重新列入待登记。", "done")
    return redirect(url_for("desk.parcel", which=which), 303)
