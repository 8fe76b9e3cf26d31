"""Looking up an application by number and code, and its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from webui.here import gongkai, keep_sealed
from webui.limits import (
    guessed_wrong,
    not_limited,
    reading,
    seconds_to_wait,
    was_not_found,
    writing,
)
from webui.portal import portal, viewed
from webui.site import contact_of
from webui.typed import unsealed
from webui.uploads import portal_card
from webui.wording import MENDING, TOLD
from workflow.case.number import NOT_IN_CODES, code_given, number_given
from workflow.dates import in_words, parse_day
from workflow.service import Missing
from workflow.service.cases.opinions import DEGREES
from workflow.service.cases.views import ApplicantView

NOT_FOUND = (
    "没有找到：申请编号或者查询码不正确。请对照回执检查；查询码不分大小写，空格和横线可以不填。"
)
OF_FILES = ("kind", "file", "last_four")
"""Fields of the cards of files."""


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
    """Look up an application by number and code. `?number=` fills in the number, as the printed receipt leads here; the
    code is never part of an address."""
    form = QueryForm()
    if request.method != "POST":
        form.number.data = request.args.get("number", "")[:40]
        return render_template("portal/query.html", form=form, problem=None)
    number, code = number_given(form.number.data or ""), code_given(form.code.data or "")
    typed, wait = request.form.get("kept"), seconds_to_wait(number)
    if wait:
        problem = f"这个编号刚才多次查询都没有对上，请过 {wait} 秒再试。"
        return _asked_again(form, problem, typed), 429
    try:
        gongkai().for_applicant.view(number, code)
    except Missing:
        guessed_wrong(number)
        return _asked_again(form, NOT_FOUND + never_in(code), typed), 404
    keep_sealed("viewing", {"number": number, "code": code})
    problem = viewed.bring_back(viewed.Held(number, code), typed)
    if problem is not True:
        return _asked_again(form, problem, typed), 422
    return redirect(url_for("portal.case"), 303)


def never_in(code: str) -> str:
    """What was typed as a code and stands in none; a sentence, or nothing."""
    odd = [char for char in NOT_IN_CODES if char in code]
    return f"查询码里没有“{'”“'.join(odd)}”，请对照回执看是不是别的字符。" if odd else ""


def _asked_again(form: QueryForm, problem: str, typed: str | None) -> str:
    """typed: what was sent in vain before, sealed; it stays with the page."""
    lost = unsealed(typed)
    return render_template(
        "portal/query.html", form=form, problem=problem, lost=lost, kept=typed if lost else None
    )


@portal.get("/query/case")
def case() -> ResponseReturnValue:
    """Where the application stands, for who has shown number and code in this session."""
    tried = viewed.tried()
    page, here = case_page(tried.errors, dict(tried.sent).get("kind", "")), viewed.held()
    if page is None or here is None:
        return redirect(url_for("portal.query"), 303)
    return tried.put_back(page) if tried.errors else viewed.shown(page, here)


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


def viewed_case() -> ApplicantView | None:
    """The application that this session looks at; None if it looks at none."""
    here = viewed.held()
    if here is None:
        return None
    try:
        return gongkai().for_applicant.view(here.number, here.code, _asked().day)
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


def case_page(errors: Mapping[str, str] | None = None, kind: str = "") -> str | None:
    """The page of the application; None if none is looked at. errors: what is wrong, by field; that of files stands at
    their cards. kind: of a file that was chosen."""
    errors = errors or {}
    view, here = viewed_case(), viewed.held()
    if view is None or here is None:
        return None
    of_files = {name: text for name, text in errors.items() if name in OF_FILES}
    steps = [(parse_day(step["on"]), step["text"]) for step in view.steps]
    return render_template(
        "portal/case.html",
        view=view,
        steps=steps,
        asked=_asked_of(view),
        told_labels=TOLD,
        mended=asked_to_mend(view),
        mending_hints=[
            MENDING[one] for one in view.told.grounds if view.told.defects and one in MENDING
        ],
        marks=viewed.marks(view),
        contact=contact_of(view.agency),
        errors=errors,
        anchors=ANCHORS,
        known=viewed.second() is not None,
        degrees=DEGREES,
        telling=gongkai().applicant_messages.choice(view.number, here.code),
        files=portal_card(view.number, here.code, of_files, kind),
        about=request.args.get("about", ""),
    )


ANCHORS = {"kind": "files-kind", "file": "files-file", "last_four": "files-last_four"}
"""Ids of fields that are called otherwise than their field."""


def asked_to_mend(view: ApplicantView) -> list[tuple[str, str]]:
    """What is to be mended, item by item as the letter has it, and how; its grounds where it has no items."""
    from config.law import load_law

    grounds = load_law().words.correction_grounds
    if view.told.defects:
        return [(text, "") for text in view.told.defects]
    return [(grounds.get(one, one), MENDING.get(one, "")) for one in view.told.grounds]
