"""Filing: notice, form, check, receipt."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import ApplyForm, Problem, Typed, application_of, summary_of
from webui.here import browser_mark, gongkai, keep_sealed, kept, site_code, submission_key
from webui.limits import not_limited, now, writing
from webui.portal import portal
from workflow.case.application import ApplicationForm, read_form
from workflow.dates import parse_day
from workflow.refusal import BadInput
from workflow.service import Reader
from workflow.service.cases.views import Filed

UNSEEN_FOR = timedelta(hours=1)
"""How long a form that is sent again may bring the query code that nobody has seen yet."""


def _open_bodies() -> tuple[Reader, ...]:
    """The bodies that may be asked here: below the address of a body that one alone."""
    taking, site = gongkai().office.listing().taking, site_code()
    return taking if site is None else tuple(body for body in taking if body.code == site)


def _not_filing() -> bool:
    return not_limited() or request.method != "POST" or request.form.get("step") != "submit"


@portal.route("/apply", methods=["GET", "POST"])
@writing.limit("20 per hour", exempt_when=_not_filing)
def apply() -> ResponseReturnValue:
    """The form, the page to check it, and the filing. Each step posts everything that was typed."""
    browser_mark()
    if request.method == "POST" and request.form.get("step") == "submit":
        return _submitted()
    bodies = _open_bodies()
    if not bodies:
        return render_template("portal/not_taking.html")
    form = ApplyForm()
    form.offer(bodies)
    if request.method != "POST":
        form.start(bodies)
        return _form(form, bodies)
    if request.form.get("step") == "edit":
        return _form(form, bodies)
    try:
        wanted = read_form(form.as_application(), today=gongkai().office.today())
    except BadInput as error:
        return _form(form, bodies, form.show(error.errors)), 422
    agency = next((body.name for body in bodies if body.code == wanted.agency), "")
    return render_template(
        "portal/review.html", form=form, agency=agency, sections=summary_of(wanted)
    )


def _submitted() -> ResponseReturnValue:
    """File what was typed; what cannot be filed comes back in the form."""
    typed = Typed(request.form)
    try:
        wanted = read_form(application_of(typed), today=gongkai().office.today())
        return _file(wanted, typed["submit_key"].data)
    except BadInput as error:
        bodies = _open_bodies()
        form = ApplyForm()
        form.offer(bodies)
        return _form(form, bodies, form.show(error.errors)), 422


def _form(
    form: ApplyForm, bodies: tuple[Reader, ...], problems: list[Problem] | None = None
) -> str:
    return render_template(
        "portal/apply.html", form=form, bodies_open=bodies, problems=problems or []
    )


def _file(wanted: ApplicationForm, key: str | None) -> ResponseReturnValue:
    filed = gongkai().intake.file(wanted, submission_key(key, wanted))
    slip = kept("filed")
    if filed.repeated and slip is not None and slip["number"] == filed.number:
        return redirect(url_for("portal.filed"), 303)
    code = None if filed.repeated and not _unseen(filed) else filed.query_code
    if code is not None:
        keep_sealed("viewing", {"number": filed.number, "code": code})
    keep_sealed(
        "filed",
        {
            "number": filed.number,
            "agency": filed.agency,
            "code": code,
            "submitted_at": filed.submitted_at.isoformat(),
            "receipt_date": filed.receipt_date.isoformat() if filed.receipt_date else None,
            "reply_due": filed.reply_due.isoformat() if filed.reply_due else None,
            "provisional": filed.provisional,
        },
    )
    return redirect(url_for("portal.filed"), 303)


def _unseen(filed: Filed) -> bool:
    """Whether the receipt of a form that was sent twice never reached anybody: the browser gave up the first
    answer (a double click), or the line was cut. A code that was shown once is not given out again."""
    fresh = filed.submitted_at + UNSEEN_FOR > gongkai().office.now()
    return (
        fresh and gongkai().limits.counted(_receipt_of(filed.agency, filed.number), now())[0] == 0
    )


def _now_seen(slip: dict[str, Any]) -> None:
    """Note that the receipt with its code was shown, once a filing."""
    if slip["code"] and not slip.get("seen"):
        gongkai().limits.count(_receipt_of(slip["agency"], slip["number"]), UNSEEN_FOR, now())
        keep_sealed("filed", {**slip, "seen": True})


def _receipt_of(agency: str, number: str) -> str:
    return f"receipt {agency} {number}"


@portal.get("/apply/done")
def filed() -> ResponseReturnValue:
    """Number and query code, to be written down or printed."""
    slip = kept("filed")
    if slip is None:
        return redirect(url_for("portal.start"), 303)
    _now_seen(slip)
    for name in ("receipt_date", "reply_due"):
        slip[name] = parse_day(slip[name]) if slip[name] else None
    telling = []
    if slip["code"]:
        choice = gongkai().applicant_messages.choice(slip["number"], slip["code"])
        telling = [label for _, label, chosen in choice if chosen]
    return render_template("portal/filed.html", slip=slip, telling=telling)


@portal.post("/leave")
def leave() -> ResponseReturnValue:
    """Forget on this computer what was filed or looked at."""
    session.pop("filed", None)
    session.pop("viewing", None)
    return redirect(url_for("portal.start"), 303)
