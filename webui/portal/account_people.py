"""Applicants whom a holder keeps to fill in the form with: themselves, or those for whom they act."""

from types import SimpleNamespace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import ApplyForm
from webui.here import gongkai
from webui.numbers import whole
from webui.portal import account_session, portal
from webui.portal.account_session import behind_account
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.applicants.entry import Holder
from workflow.service.applicants.saved import NUMBERS, PERSON, Saved


def prefill(form: ApplyForm) -> None:
    """Begin the form with the applicant whom the holder chose, else the first who is kept, else the addresses of the
    account; with nothing where nobody has signed in. The page offers the others (account/choose.html)."""
    holder = account_session.holder()
    if holder is None:
        return
    kept = gongkai().saved_applicants.all(holder)
    wanted = request.args.get("applicant", -1, type=whole)
    chosen = next((one for one in kept if one.which == wanted), kept[0] if kept else None)
    fill(form, holder, chosen)
    form.saved = SimpleNamespace(all=kept, chosen=chosen.which if chosen else None)  # type: ignore[attr-defined]  # for the page


def fill(form: ApplyForm, holder: Holder, saved: Saved | None) -> None:
    """What was kept, at the fields of the form; of nobody the addresses of the account."""
    kept = saved.fields if saved else gongkai().saved_applicants.own_contact(holder)
    for name, text in kept.items():
        if text:
            form[name].data = text


@portal.get("/account/people")
@behind_account
def account_people(holder: Holder) -> ResponseReturnValue:
    """Who is kept."""
    return render_template(
        "portal/account/people.html", kept=gongkai().saved_applicants.all(holder)
    )


@portal.route("/account/people/<int:which>", methods=["GET", "POST"])
@behind_account
def account_person(holder: Holder, which: int) -> ResponseReturnValue:
    """One of them to be changed or dropped; 0: a new one."""
    doors, form = gongkai(), _form()
    try:
        saved = doors.saved_applicants.one(holder, which) if which else None
    except Missing:
        abort(404)
    if request.method != "POST":
        fill(form, holder, saved)
        numbers = saved is not None and any(saved.fields[name] for name in NUMBERS)
        return _page(form, which, numbers, [])
    if request.form.get("do") == "drop":
        doors.saved_applicants.drop(holder, which)
        flash("已经去掉。", "done")
        return redirect(url_for("portal.account_people"), 303)
    numbers = request.form.get("numbers") == "yes"
    typed = {name: str(form[name].data or "") for name in PERSON}
    if not typed["agent_name"]:
        typed |= {name: "" for name in PERSON if name.startswith("agent_")}
    try:
        doors.saved_applicants.keep(holder, which or None, typed, numbers)
    except BadInput as error:
        return _page(form, which, numbers, form.show(error.errors)), 422
    flash("已经保存，填写申请时可以选用。", "done")
    return redirect(url_for("portal.account_people"), 303)


def _form() -> ApplyForm:
    form = ApplyForm()
    form.offer(())
    form.kind.label.text = "申请人是"
    return form


def _page(form: ApplyForm, which: int, numbers: bool, problems: list[Any]) -> str:
    return render_template(
        "portal/account/person.html", form=form, which=which, numbers=numbers, problems=problems
    )
