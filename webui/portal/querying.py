"""Looking up an application by number and code, correcting and withdrawing it."""

import secrets
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from webui.here import gongkai, keep_sealed, kept
from webui.limits import not_limited, reading, was_not_found, writing
from webui.portal import portal
from webui.site import contact_of
from webui.uploads import portal_card
from webui.wording import MENDING, TOLD
from workflow.dates import in_words, parse_day
from workflow.refusal import BadInput, Refused
from workflow.service import Missing
from workflow.service.cases.views import ApplicantView

NOT_FOUND = "没有找到：申请编号或者查询码不正确。请对照回执检查；查询码不分大小写。"


class QueryForm(FlaskForm):
    """Number and code; they never stand in an address."""

    number = StringField("申请编号")
    code = StringField("查询码")


@portal.route("/query", methods=["GET", "POST"])
@reading.limit("20 per minute", methods=["POST"], exempt_when=not_limited)
@writing.limit(
    "20 per minute", methods=["POST"], exempt_when=not_limited, deduct_when=was_not_found
)
def query() -> ResponseReturnValue:
    form = QueryForm()
    if request.method != "POST":
        return render_template("portal/query.html", form=form, problem=None)
    number, code = (form.number.data or "").strip(), (form.code.data or "").strip()
    try:
        gongkai().for_applicant.view(number, code)
    except Missing:
        return render_template("portal/query.html", form=form, problem=NOT_FOUND), 404
    keep_sealed("viewing", {"number": number, "code": code})
    return redirect(url_for("portal.case"), 303)


@portal.get("/query/case")
def case() -> ResponseReturnValue:
    """Where the application stands, for who has shown number and code in this session."""
    view = _viewed()
    if view is None:
        return redirect(url_for("portal.query"), 303)
    return _case(view)


@dataclass(frozen=True)
class Asked:
    """The day on which the applicant says that the reply came, as typed, and what is wrong with it."""

    value: str = ""
    problem: str = ""
    day: date | None = None


def _asked() -> Asked:
    typed = request.args.get("received", "").strip()[:10]
    if not typed:
        return Asked()
    try:
        day = parse_day(typed)
    except ValueError as error:
        return Asked(typed, str(error))
    if day > gongkai().office.today():
        return Asked(typed, "这一天还没有到")
    return Asked(typed, day=day)


def _viewed() -> ApplicantView | None:
    held = kept("viewing")
    if held is None:
        return None
    try:
        return gongkai().for_applicant.view(held["number"], held["code"], _asked().day)
    except Missing:
        return None


def _asked_of(view: ApplicantView) -> Asked:
    """A reply does not come before it was sent: then its own days stand, and the word at the field."""
    answered = [one.told for one in view.redoes if one.told.answers] or [view.told]
    asked, remedy = _asked(), answered[-1].remedy
    if asked.day and remedy and remedy.received_on not in (None, asked.day):
        return Asked()
    if asked.day and view.served_on and asked.day < view.served_on:
        return Asked(asked.value, f"不能早于送出答复的 {in_words(view.served_on)}")
    return asked


def with_files(errors: dict[str, str], kind: str, status: int) -> ResponseReturnValue:
    """The page after a file could not be taken or fetched: what is wrong stands at the field."""
    view = _viewed()
    if view is None:
        return redirect(url_for("portal.query"), 303)
    field, problem = next(iter(errors.items()))
    return _case(view, problem, f"files-{field}", errors=errors, kind=kind), status


def _case(
    view: ApplicantView,
    problem: str = "",
    field: str = "",
    typed: str = "",
    errors: dict[str, str] | None = None,
    kind: str = "",
) -> str:
    held = kept("viewing") or {}
    steps = [(parse_day(step["on"]), step["text"]) for step in view.steps]
    return render_template(
        "portal/case.html",
        view=view,
        steps=steps,
        asked=_asked_of(view),
        told_labels=TOLD,
        mending=MENDING,
        once=secrets.token_urlsafe(16),
        contact=contact_of(view.agency),
        problem=problem,
        problem_field=field,
        typed=typed,
        telling=gongkai().applicant_messages.choice(view.number, held["code"]),
        files=portal_card(view.number, held["code"], errors, kind),
    )


@portal.post("/query/case/correct")
def correct() -> ResponseReturnValue:
    """The applicant's correction (补正)."""
    text = request.form.get("text", "").strip()
    if not text:
        return _again("请写明补正后的内容", "text")
    return _act("correct", {"text": text}, "补正已经提交，重新计算答复期限。", "text", text)


@portal.post("/query/case/withdraw")
def withdraw() -> ResponseReturnValue:
    """The applicant withdraws; ticking the box is the confirmation."""
    if request.form.get("confirm") != "yes":
        return _again("请先勾选“我确认撤回”", "confirm")
    return _act("withdraw", {}, "申请已经撤回。", "confirm")


def _again(problem: str, field: str, typed: str = "", status: int = 422) -> ResponseReturnValue:
    view = _viewed()
    if view is None:
        return redirect(url_for("portal.query"), 303)
    return _case(view, problem, field, typed), status


def _act(
    event: str, fields: dict[str, str], done: str, field: str, typed: str = ""
) -> ResponseReturnValue:
    held = kept("viewing")
    if held is None:
        return redirect(url_for("portal.query"), 303)
    office, once = gongkai().office, request.form.get("once", "")[:64] or None
    try:
        gongkai().moving.apply_as_applicant(
            held["number"], held["code"], event, {"on": office.today().isoformat(), **fields}, once
        )
    except Refused as error:
        refusal = error.refusal
        problem = f"{refusal.message}（{refusal.article}）。{refusal.allowed_when}。"
        return _again(problem, field, typed, 409)
    except BadInput as error:
        return _again(error.errors[0].message, field, typed)
    flash(done, "done")
    return redirect(url_for("portal.case"), 303)
