"""What the office holds about somebody who asks for it (个人信息保护法44–47). What is typed is posted: names and numbers
stand in no address."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.security import current_staff
from webui.uploads import handed_out
from workflow.refusal import BadInput, FieldError
from workflow.service.applicants.held import CONTACTS, RIGHT_NAME, Asked, Held
from workflow.service.files import Opened

LABELS = {
    "number": "证件号码", "contact": "电话或者邮箱", "reason": "为什么要查", "words": "说明", **CONTACTS,
    RIGHT_NAME: "正确的姓名",
}  # fmt: skip
ZIP = "application/zip"


@desk.get("/personal")
def person_data() -> ResponseReturnValue:
    """Whom it is about."""
    gongkai().held.bodies(current_staff())
    return _page()


@desk.post("/personal")
def find_person_data() -> ResponseReturnValue:
    """What is held about them."""
    try:
        return _page(held=_found())
    except BadInput as error:
        return _page(error.errors), 422


@desk.post("/personal/file")
def person_data_file() -> ResponseReturnValue:
    """The same to be handed out."""
    try:
        content = gongkai().held.package(_found())
    except BadInput as error:
        return _page(error.errors), 422
    return handed_out(Opened("个人信息.zip", ZIP, content))


@desk.post("/personal/contacts")
def put_person_right() -> ResponseReturnValue:
    """Name and contacts in one of their cases."""
    form = request.form
    try:
        changed = gongkai().held.put_right(
            current_staff(), _at(), _asked(), form.get("case", ""), form, form.get("ground", "")
        )
    except BadInput as error:
        return _page(error.errors), 422
    told = f"已经更正：{'、'.join(changed)}。" if changed else "没有不同，什么也没有更正。"
    flash(told, "done" if changed else "info")
    return _page()


def _found() -> Held:
    form = request.form
    return gongkai().held.find(
        current_staff(), _at(), _asked(), form.get("reason", ""), form.get("words", "")
    )


def _asked() -> Asked:
    return Asked(*(request.form.get(name, "").strip() for name in ("number", "name", "contact")))


def _at() -> str:
    return request.form.get("at") or gongkai().held.bodies(current_staff())[0]


def _page(errors: list[FieldError] | None = None, held: Held | None = None) -> str:
    doors = gongkai()
    names = doors.office.listing().names
    return render_template(
        "desk/person_data.html",
        held=held,
        contacts=CONTACTS,
        bodies_of_mine=[(code, names[code]) for code in doors.held.bodies(current_staff())],
        at=_at(),
        typed=request.form,
        errors={one.field: one.message for one in errors or ()},
        problems=[
            Problem(one.field, LABELS.get(one.field, ""), one.message) for one in errors or ()
        ],
    )
