"""What a supervising body hastened of our cases, and our answer: what will be done by when."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.permitted import permitted
from webui.security import current_staff
from workflow.people import Staff
from workflow.refusal import BadInput
from workflow.service.supervision.hastening import words_of
from workflow.service.supervision.views import ToAnswer

LABELS = {"answer": "怎样办", "done_by": "哪天办好"}


@desk.app_template_global()
def hastenings_of_case(staff: Staff, agency: str, number: str) -> list[ToAnswer]:
    """The hastenings of a case, the last one first; none for who does not answer them."""
    if not permitted(staff, "answer_hastening", agency):
        return []
    return gongkai().hastening.of_case(staff, agency, number)


@desk.app_template_global()
def hastened_for(one: ToAnswer) -> str:
    """What it was hastened for, in words."""
    return words_of(one.hastened)


@desk.get("/hastenings")
def hastenings() -> ResponseReturnValue:
    """All hastenings of the person's bodies, what waits for an answer first."""
    return _page()


def _page(errors: dict[str, str] | None = None, which: int = 0) -> str:
    return render_template(
        "desk/hastenings.html",
        all=gongkai().hastening.mine(current_staff()),
        errors=errors or {},
        at_fault=which,
        typed=request.form,
        problems=[
            Problem(f"{name}-{which}", LABELS[name], said) for name, said in (errors or {}).items()
        ],
    )


@desk.post("/hastenings/<int:which>")
def answer_hastening(which: int) -> ResponseReturnValue:
    """Answer one, or answer it anew."""
    try:
        done = gongkai().hastening.answer(
            current_staff(), which, request.form.get("answer", ""), request.form.get("done_by", "")
        )
    except BadInput as error:
        return _page({one.field: one.message for one in error.errors}, which), 422
    flash(f"已答复 {done.number} 的催办，主管部门可以看到。", "done")
    if request.form.get("back") == "case":
        return redirect(url_for("desk.case", code=done.agency, number=done.number), 303)
    return redirect(url_for("desk.hastenings"), 303)
