"""The guide (公开指南) of a body, the directory of bodies, how to complain: all from settings and law tables."""

from io import BytesIO

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from config.law import load_law
from config.law.tables import Outcome
from webui.here import gongkai, site_body
from webui.limits import not_limited, reading
from webui.numbers import whole
from webui.permitted import permitted
from webui.portal import portal
from webui.site import contact_of
from workflow.docket.calculator import silence
from workflow.rules.remedy import in_general, remedy_text

PERIODS = ("reply", "extension_max", "correction_notice", "third_party_opinion", "fee_payment")
LONGEST = 60
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@portal.get("/guide")
def guide() -> ResponseReturnValue:
    """Whom to ask, how, how long it takes, what it costs, what the answers mean."""
    doors, body, law = gongkai(), site_body(), load_law()
    code, today = (body.code if body else None), doors.office.today()
    rules = doors.public.rules(code)
    staff = current_user.staff if current_user.is_authenticated else None
    sees_gaps = code is not None and permitted(staff, "change_settings", code)
    outcomes: dict[str, list[Outcome]] = {}
    for one in law.outcomes.values():
        outcomes.setdefault(one.cls, []).append(one)
    return render_template(
        "portal/guide.html",
        rules=rules,
        periods=[law.periods[name] for name in PERIODS],
        outcomes=outcomes,
        ladders=[law.ladder(mode, today) for mode in _fee_modes(str(rules["fee_policy"]))],
        gaps=doors.public.gaps(code) if code and sees_gaps else [],
    )


def _fee_modes(policy: str) -> tuple[str, ...]:
    return {"off": (), "choose": ("by_item", "by_page")}.get(policy, (policy,))


@portal.get("/guide/form.<ending>")
@reading.limit("60 per minute", exempt_when=not_limited)
def form_file(ending: str) -> ResponseReturnValue:
    """The application form to be printed and filled in by hand."""
    if ending not in FORMS:
        abort(404)
    from workflow.paper import blank_form as paper  # its libraries load with the first form

    body, words = site_body(), load_law().words
    form = paper.blank_form(
        body.name if body else "",
        words.delivery,
        words.medium,
        contact_of(body.code) if body else "",
    )
    return send_file(
        BytesIO(paper.WRITERS[ending](form)),
        mimetype=FORMS[ending],
        as_attachment=True,
        download_name=f"{form.title}.{ending}",
    )


@portal.get("/directory")
@reading.limit("120 per minute", exempt_when=not_limited)
def directory() -> ResponseReturnValue:
    """The bodies with what they do and how they are reached; `q` seeks in names and duties."""
    q = request.args.get("q", "").strip()[:LONGEST]
    page = request.args.get("page", 1, type=whole)
    found = gongkai().public.directory(q, page)
    return render_template("portal/directory.html", q=q, found=found)


@portal.get("/complaint")
def complaint() -> ResponseReturnValue:
    """To whom and how one complains, asks for review or sues, as the law stands today."""
    doors, body = gongkai(), site_body()
    today = doors.office.today()
    rules = in_general(doors.public.rules(body.code if body else None))
    return render_template(
        "portal/complaint.html",
        rules=rules,
        refused=remedy_text("state_secret", today, rules).paragraphs,
        others=remedy_text("not_existing", today, rules).paragraphs,
        silent=silence(today, rules),
    )
