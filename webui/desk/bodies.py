"""Bodies (机关): those that a person sees to, their contact data and remedies, new ones, names, and ends."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow.dates import parse_day
from workflow.refusal import BadInput, FieldError, Refusal, Refused

A_PAGE = 50
"""Bodies on a page."""
TEXTS = {
    "文号和联系方式": (
        "letter_code", "contact_unit", "contact_address", "contact_phone", "contact_hours", "contact_email",
        "contact_fax",
    ),
    "复议和诉讼": (
        "review_organ", "review_organ_address", "online_review_url", "court", "court_address",
        "complaint_body",
    ),
}  # fmt: skip
LABELS = {
    "agency.code": "代码",
    "agency.name": "名称",
    "agency.level": "级别",
    "agency.parent": "上级机关",
    "name": "新名称",
    "on": "最后一天",
    "successor": "由谁承继",
    "holds_from": "自哪一天起",
    "reason": "理由",
}


@desk.get("/bodies")
def bodies_list() -> ResponseReturnValue:
    """The bodies that the person sees to, each below the one that supervises it, and a form for one more."""
    return _list()


def _list(errors: list[FieldError] | None = None) -> str:
    mine = {body.code for body in gongkai().staff.bodies(current_staff())}
    lines = [(body, depth) for body, depth in gongkai().bodies.listed() if body.code in mine]
    top = min((depth for _, depth in lines), default=0)
    sought = request.args.get("q", "").strip()[:60]
    found = [(one, depth - top) for one, depth in lines if sought in one.name or sought == one.code]
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=whole)), pages)
    return render_template(
        "desk/bodies.html",
        lines=found[(page - 1) * A_PAGE : page * A_PAGE],
        all=len(lines),
        found=len(found),
        page=page,
        pages=pages,
        q=sought,
        levels=load_law().words.levels,
        **_wrong(errors),
    )


@desk.post("/bodies")
def add_body() -> ResponseReturnValue:
    """A further body below one that the person sees to."""
    form = request.form
    try:
        day = _day(form.get("since", ""), "since")
        parent = form.get("parent", "").strip()
        if not parent:
            raise BadInput([FieldError("parent", "请选择上级机关")])
        if all(body.code != parent for body in gongkai().staff.bodies(current_staff())):
            raise BadInput([FieldError("parent", "归您管理的机关中没有这个代码")])
        gongkai().bodies.add(
            form.get("code", "").strip(), form.get("name", ""), form.get("level", ""),
            parent=parent, takes_requests="takes_requests" in form, since=day,
            by=current_staff(),
        )  # fmt: skip
    except BadInput as error:
        named = [FieldError(e.field.removeprefix("agency."), e.message) for e in error.errors]
        return _list(named), 422
    flash(
        f"已建立{form['name'].strip()}。下一步：给它新建一位系统管理员，或者直接新建人员。", "done"
    )
    return redirect(url_for("desk.staff_list", at=form["code"].strip()), 303)


@desk.get("/bodies/<code>")
def body(code: str) -> ResponseReturnValue:
    """What the body is, how people reach it, and what its letters say of remedies."""
    return _body(code)


def _body(code: str, errors: list[FieldError] | None = None, refusal: Refusal | None = None) -> str:
    doors = gongkai()
    seen = {one.code: one for one in doors.staff.bodies(current_staff())}
    reader = next((one for one in doors.office.agencies() if one.code == code), None)
    if reader is None or code not in seen:
        doors.staff.listed(current_staff(), code)  # refuses, with its own words
    assert reader is not None
    standings = {
        one.rule.name: one for group in doors.body_settings.in_force(code) for one in group.settings
    }
    return render_template(
        "desk/body.html",
        body=reader,
        blocks={title: [standings[name] for name in names] for title, names in TEXTS.items()},
        levels=load_law().words.levels,
        from_above=reader.parent in seen,
        heirs=[one for one in seen.values() if one.code != code and one.until is None],
        today=doors.office.today(),
        **_wrong(errors),
        refusal=refusal,
    )


@desk.post("/bodies/<code>/texts")
def set_body_texts(code: str) -> ResponseReturnValue:
    """Contact data and what is said of remedies, from a day on."""
    form = request.form
    values = {
        name: form[name].strip() for names in TEXTS.values() for name in names if name in form
    }
    try:
        changed = gongkai().body_settings.set_texts(
            current_staff(), code, values, form.get("holds_from", ""), form.get("reason", "")
        )
    except BadInput as error:
        return _body(code, error.errors), 422
    except Refused as error:
        return _body(code, refusal=error.refusal), 409
    flash(f"已经保存，变动 {changed} 处。" if changed else "没有变动。", "done")
    return redirect(url_for("desk.body", code=code), 303)


@desk.post("/bodies/<code>/name")
def rename_body(code: str) -> ResponseReturnValue:
    """Another name from a day on; papers of before keep the old one."""
    form = request.form
    try:
        day = _day(form.get("on", ""), "on", needed=True)
        assert day is not None
        gongkai().bodies.rename(code, form.get("name", ""), day, by=current_staff())
    except BadInput as error:
        return _body(code, error.errors), 422
    flash("名称已经变更，以前的文书仍用旧名。", "done")
    return redirect(url_for("desk.body", code=code), 303)


@desk.post("/bodies/<code>/end")
def end_body(code: str) -> ResponseReturnValue:
    """The body ends, or its duties move; another one goes on with them."""
    form = request.form
    duties_only = form.get("how") == "duties"
    try:
        if form.get("how") not in ("duties", "ends"):
            raise BadInput([FieldError("how", "请选择怎样移交")])
        day = _day(form.get("last_day", ""), "last_day", needed=not duties_only)
        waiting = gongkai().bodies.end(
            code, form.get("successor", ""), day, duties_only=duties_only, by=current_staff()
        )
    except BadInput as error:
        return _body(code, [_at_end(one) for one in error.errors]), 422
    flash(f"已登记。{waiting} 件未办结的申请须逐件移交。", "done")
    return redirect(url_for("desk.body", code=code), 303)


def _at_end(error: FieldError) -> FieldError:
    return FieldError("last_day", error.message) if error.field == "on" else error


def _day(text: str, field: str, *, needed: bool = False) -> Any:
    if not text.strip() and not needed:
        return None
    try:
        return parse_day(text.strip())
    except ValueError as error:
        raise BadInput([FieldError(field, str(error))]) from error


def _wrong(errors: list[FieldError] | None) -> dict[str, Any]:
    found = errors or []
    rules = load_law().settings
    labels = {**{name: rule.label for name, rule in rules.items()}, **LABELS}
    return {
        "typed": request.form if found else {},
        "errors": {error.field: error.message for error in reversed(found)},
        "problems": [Problem(e.field, labels.get(e.field, ""), e.message) for e in found],
    }
