"""What an applicant asked and sent, behind the second fact; the slip of a fee; a complaint about this application."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui import uploads
from webui.here import gongkai
from webui.limits import not_limited, reading, was_wrong, writing
from webui.numbers import whole
from webui.portal import portal, viewed
from webui.portal.querying import viewed_case
from webui.portal.viewed import Held
from webui.site import contact_of
from workflow.refusal import BadInput
from workflow.service import Missing


@portal.get("/query/case/application")
def application() -> ResponseReturnValue:
    """The whole of what was asked and sent, for who has shown the second fact; else the form that asks for it."""
    here, view, tried = viewed.held(), viewed_case(), viewed.tried()
    if here is None or view is None:
        return redirect(url_for("portal.query"), 303)
    asked, fact = None, viewed.second()
    if fact is not None:
        try:
            asked = gongkai().own_papers.application(here.number, here.code, fact)
        except BadInput:  # who is asked for was changed since
            fact = None
    page = render_template(
        "portal/application.html",
        view=view,
        asked=asked,
        second=None if asked else gongkai().own_papers.asked_for(here.number, here.code),
        errors=tried.errors,
        marks=viewed.marks(view),
    )
    return page, tried.status


@viewed.action("/query/case/known", "second", "portal.application")
@writing.limit("10 per hour", exempt_when=not_limited, deduct_when=was_wrong)
@reading.limit("60 per hour", exempt_when=not_limited)
def show_second(here: Held) -> ResponseReturnValue:
    """The second fact, asked for once a visit."""
    fact = request.form.get("second", "")
    gongkai().own_papers.check(here.number, here.code, fact)
    viewed.keep_second(fact)
    return redirect(url_for("portal.application"), 303)


@viewed.action("/query/case/own", "file", "portal.application")
@reading.limit("60 per hour", exempt_when=not_limited)
def fetch_own(here: Held) -> ResponseReturnValue:
    """A file that the applicant sent."""
    number = request.form.get("file", -1, type=whole)
    file = gongkai().own_papers.fetch(here.number, here.code, viewed.second() or "", number)
    return uploads.handed_out(file)


@viewed.action("/query/case/back", "file", "portal.application")
@writing.limit("30 per hour", exempt_when=not_limited)
def take_file_back(here: Held) -> ResponseReturnValue:
    """A file that was sent by mistake, before anybody at the office looked at it."""
    number = request.form.get("file", -1, type=whole)
    gongkai().own_papers.take_back(here.number, here.code, viewed.second() or "", number)
    flash("这份材料已经收回，内容不再保留；记录里只写有过一份。", "done")
    return redirect(url_for("portal.application"), 303)


@portal.get("/query/case/fee")
def fee_slip() -> ResponseReturnValue:
    """The slip of a fee that is to be paid, to be printed."""
    view = viewed_case()
    if view is None or view.told.fee is None:
        return redirect(url_for("portal.query" if view is None else "portal.case"), 303)
    ladder = None
    mode = view.told.fee.mode or ("by_page" if view.told.fee.pages else "")
    if mode:
        ladder = load_law().ladder(mode, view.told.fee.on)
    return render_template(
        "portal/fee.html", view=view, ladder=ladder, mode=mode, contact=contact_of(view.agency)
    )


@portal.get("/query/case/complaint")
def case_complaint() -> ResponseReturnValue:
    """A complaint about this application, written as far as it is known, and where it goes."""
    view = viewed_case()
    if view is None:
        return redirect(url_for("portal.query"), 303)
    try:
        to = gongkai().public.complaint_office(view.agency)
    except Missing:
        return redirect(url_for("portal.case"), 303)
    return render_template("portal/case_complaint.html", view=view, to=to)
