"""Files of which the time is over (到期档案): proposed by the archivist, decided by another, the list to be kept."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.permitted import permitted
from webui.security import current_staff
from webui.uploads import handed_out
from workflow.letters.formats import FORMATS
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service import Missing
from workflow.service.files import Opened
from workflow.service.retention import MOST, PROPOSE, STATES, Shown

LABELS = {"case": "案卷", "words": "意见"}


@desk.get("/expired")
def expired() -> ResponseReturnValue:
    """What may be destroyed, and the lists."""
    return _page(_chosen())


@desk.post("/expired")
def propose_destruction() -> ResponseReturnValue:
    """Propose the chosen files."""
    form, at = request.form, _chosen()
    try:
        which = gongkai().retention.propose(
            current_staff(), at, form.getlist("case"), form.get("words", "")
        )
    except BadInput as error:
        return _page(at, error.errors), 422
    flash("已经提出，请公开工作机构负责人或者分管领导批准。", "done")
    return redirect(url_for("desk.destruction", which=which), 303)


@desk.get("/expired/<int:which>")
def destruction(which: int) -> ResponseReturnValue:
    """A list: what stands on it, who proposed it, what was decided."""
    return _list(gongkai().retention.one(current_staff(), which))


@desk.post("/expired/<int:which>")
def decide_destruction(which: int) -> ResponseReturnValue:
    """Destroy the files of a list, or do not."""
    form, doors, staff = request.form, gongkai(), current_staff()
    words, no = form.get("words", ""), form.get("decision") == "refuse"
    try:
        if not no and form.get("sure") != "yes":
            raise BadInput([FieldError("sure", "请勾选确认：销毁以后不能恢复")])
        if no:
            doors.retention.refuse(staff, which, words)
        else:
            doors.retention.approve(staff, which, words)
    except BadInput as error:
        return _list(doors.retention.one(staff, which), error.errors), 422
    except Refused as error:
        return _list(doors.retention.one(staff, which), refusal=error.refusal), 409
    flash(
        "这份清册没有同意，案卷都还在。" if no else "清册上的案卷已经销毁，请下载清册留存。", "done"
    )
    return redirect(url_for("desk.destruction", which=which), 303)


@desk.get("/expired/<int:which>/list.<ending>")
def destruction_file(which: int, ending: str) -> ResponseReturnValue:
    """The list as a paper."""
    way = FORMATS.get(ending)
    if way is None:
        raise Missing("没有这种格式")
    letter = gongkai().retention.certificate(current_staff(), which)
    name = f"{letter.label}-{which}.{way.ending}"
    return handed_out(Opened(name, way.media_type, way.write(letter)))


def _chosen() -> str:
    mine = gongkai().retention.bodies(current_staff())
    return request.values.get("at") or mine[0]


def _page(at: str, errors: list[FieldError] | None = None) -> str:
    doors, staff = gongkai(), current_staff()
    files = doors.retention.expired(staff, at)
    names = doors.office.listing().names
    return render_template(
        "desk/expired.html",
        at=at,
        files=files,
        free=sum(not one.why_not for one in files),
        most=MOST,
        lists=doors.retention.lists(staff, at),
        states=STATES,
        bodies_of_mine=[(code, names[code]) for code in doors.retention.bodies(staff)],
        may_propose=permitted(staff, PROPOSE, at),
        chosen=request.form.getlist("case"),
        **_wrong(errors),
    )


def _list(one: Shown, errors: list[FieldError] | None = None, refusal: Refusal | None = None) -> str:  # fmt: skip
    return render_template(
        "desk/destruction.html", one=one, states=STATES, refusal=refusal, **_wrong(errors)
    )


def _wrong(errors: list[FieldError] | None) -> dict[str, object]:
    return {
        "errors": {one.field: one.message for one in errors or ()},
        "problems": [
            Problem(one.field, LABELS.get(one.field, ""), one.message) for one in errors or ()
        ],
        "words_typed": request.form.get("words", ""),
    }
