"""An answer released to everybody: in words of the office, without the applicant; and taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk.case.address import of_case
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.service import Missing
from workflow.service.cases.releasing import RELEASE

FIELDS = {"title": "标题", "text": "公开的内容", "address": "网址"}


@of_case("/release")
def release(staff: Staff, number: str) -> ResponseReturnValue:
    """What was released of the case, and the form to release more."""
    return _page(staff, number)


@of_case("/release", "POST")
def release_answer(staff: Staff, number: str) -> ResponseReturnValue:
    """Release it. What will not do comes back with everything typed."""
    try:
        gongkai().releasing.release(staff, number, request.form.to_dict())
    except Refused as error:
        return _page(staff, number, refusal=error.refusal), 409
    except BadInput as error:
        return _page(staff, number, {one.field: one.message for one in error.errors}), 422
    flash("已经公开，任何人都能在“公开的答复”里看到。", "done")
    return _back(staff, number)


@of_case("/release/back", "POST")
def take_release_back(staff: Staff, number: str) -> ResponseReturnValue:
    """Show it no more."""
    which = request.form.get("answer", 0, type=whole)
    gongkai().releasing.take_back(staff, number, which)
    flash("已经撤下，页面上不再显示。", "done")
    return _back(staff, number)


def _back(staff: Staff, number: str) -> ResponseReturnValue:
    (code,) = staff.roles
    return redirect(url_for("desk.release", code=code, number=number), 303)


def _page(
    staff: Staff,
    number: str,
    errors: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> str:
    released, why_not = gongkai().releasing.of_case(staff, number)
    codes = tuple(staff.roles)
    if len(codes) != 1:
        raise Missing(f"没有编号为“{number}”的申请")
    errors = errors or {}
    return render_template(
        "desk/release.html",
        agency=codes[0], number=number, released=released, why_not=why_not, refusal=refusal,
        may=permitted(staff, RELEASE, codes[0]), errors=errors, labels=FIELDS,
        problems=[Problem(f"release-{name}", FIELDS[name], text) for name, text in errors.items()],
        typed=request.form,
        people=gongkai().office.names_of({one.by for one in released}),
    )  # fmt: skip
