"""Registering an application that came on paper, by post, fax, e-mail or word of mouth."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem, RegisterForm
from webui.desk import desk
from webui.here import browser_mark, gongkai, keep_sealed, kept, submission_key
from webui.permitted import permitted
from webui.security import current_staff
from workflow.case.application import OfflineForm, read_form
from workflow.case.gaps import known_gaps
from workflow.dates import parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.service import Reader


def _own_bodies(staff: Staff) -> list[Reader]:
    return [
        body
        for body in gongkai().office.listing().taking
        if body.code in staff.roles and permitted(staff, "register_case", body.code)
    ]


@desk.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """The applicant's form with the way and the day it came in."""
    staff = current_staff()
    bodies = _own_bodies(staff)
    form = RegisterForm()
    form.offer(bodies)
    browser_mark()
    if request.method != "POST":
        form.start(bodies)
        form.on.data = gongkai().office.today()
        form.kind.data = "citizen"
        # What the paper does not say is a gap, not a choice of the office.
        form.accept_other_form.data = False
        return _form(form, bodies)
    try:
        wanted = read_form(form.as_application(), OfflineForm, today=gongkai().office.today())
        key = submission_key(form.submit_key.data, wanted)
        filed = gongkai().intake.register(wanted, staff, key)
    except BadInput as error:
        return _form(form, bodies, form.show(error.errors)), 422
    except Refused as error:
        return _form(form, bodies, refusal=error.refusal), 409
    keep_sealed(
        "registered",
        {
            "number": filed.number,
            "agency": filed.agency,
            "code": None if filed.repeated else filed.query_code,
            "receipt_date": filed.receipt_date.isoformat() if filed.receipt_date else None,
            "reply_due": filed.reply_due.isoformat() if filed.reply_due else None,
            "gaps": [gap.label for gap in known_gaps(filed.gaps).values()],
        },
    )
    return redirect(url_for("desk.registered"), 303)


def _form(
    form: RegisterForm,
    bodies: list[Reader],
    problems: list[Problem] | None = None,
    refusal: Refusal | None = None,
) -> str:
    return render_template(
        "desk/register.html",
        form=form,
        bodies_open=bodies,
        problems=problems or [],
        refusal=refusal,
    )


@desk.get("/register/done")
def registered() -> ResponseReturnValue:
    """Number and query code, for the applicant's receipt."""
    slip = kept("registered")
    if slip is None:
        return redirect(url_for("desk.worklist"), 303)
    for name in ("receipt_date", "reply_due"):
        slip[name] = parse_day(slip[name]) if slip[name] else None
    return render_template("desk/registered.html", slip=slip)
