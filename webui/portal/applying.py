"""Filing: which body, form, check.

What is typed is posted and kept sealed; the page that follows is got by an address that holds nothing but the key of
the form. So back and reload work everywhere, and nobody is asked to send a form anew (decision 31).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from webui.application_form import ApplyForm, Problem, Typed, application_of, bodies_of, summary_of
from webui.here import browser_mark, gongkai, keep_sealed, kept, site_code, submission_key
from webui.limits import address, not_limited, now, reading, writing
from webui.numbers import whole
from webui.portal import account_people, account_session, portal
from webui.portal.advice import advice_on, split_lines
from webui.portal.asking import keep_question, question_of, unanswered
from webui.portal.begun import (
    FIELDS,
    comes_with_files,
    fields_sent,
    files_sent,
    forget_opened,
    is_key,
    key_sent,
    left_out,
    new_key,
    opened_draft,
    which,
)
from webui.portal.receipt import keep_slips
from webui.uploads import texts_of_too_large, too_large
from workflow.case.application import ApplicationForm, read_form
from workflow.files import ACCEPTED
from workflow.refusal import BadInput, FieldError
from workflow.rules.secrecy import bears_secret_mark
from workflow.service import Reader
from workflow.service.begun import BegunForm
from workflow.service.cases.views import Filed
from workflow.service.files import MEGABYTE, TOGETHER
from workflow.service.incoming import AT_ONCE

FEW = 12
"""So many bodies stand on the form itself; of more one is looked for."""
MOST_BODIES = 8
"""So many bodies get one application."""
LONGEST = 60
TOO_LARGE_MOST = 30
"""So many forms an hour from an address are kept whose files were too large."""
FORMS_KNOWN = 3
"""So many forms that were filed from this browser are known to it."""
GONE = "这一页上填写的内容已经不在了（两个小时没有操作，或者浏览器清除了记录），请重新填写。"


def open_bodies() -> tuple[Reader, ...]:
    """The bodies that may be asked here: below the address of a body that one alone."""
    taking, site = gongkai().office.listing().taking, site_code()
    return taking if site is None else tuple(body for body in taking if body.code == site)


def _not_keeping() -> bool:
    return not_limited() or request.method != "POST" or request.form.get("step") == "submit"


def _without_files() -> bool:
    if not_limited() or request.method != "POST":
        return True
    return not comes_with_files()


@portal.route("/apply", methods=["GET", "POST"])
@writing.limit("200 per hour", exempt_when=_not_keeping)
@writing.limit("30 per hour", exempt_when=_without_files)
def apply() -> ResponseReturnValue:
    """The form, and what is sent from it and from the page to check it."""
    browser_mark()
    if request.method == "POST":
        return _Sent().answer()
    bodies = open_bodies()
    if not bodies:
        return render_template("portal/not_taking.html")
    key, chosen, about = request.args.get("form", ""), known_bodies(), _about()
    if not is_key(key):
        new = new_key()
        person = request.args.get("applicant", type=whole)
        begun = url_for(
            "portal.apply", form=new, agency=chosen, about=about or None, applicant=person
        )
        return redirect(begun, 303)
    held = gongkai().begun.find(which(key))
    if held is None and key_was_sent(key):
        return redirect(url_for("portal.filed"), 303)
    if held is None and not chosen and len(bodies) > FEW:
        return redirect(url_for("portal.choose_bodies", form=key, about=about or None), 303)
    form = _form_of(key, held)
    if chosen:
        form.agency.data = chosen
    if held is None:
        form.items.data = about
    return _page(form, held)


def known_bodies() -> list[str]:
    """The codes of bodies that the address names, those that there are."""
    names = gongkai().office.listing().names
    return list(dict.fromkeys(code for code in request.args.getlist("agency") if code in names))[:MOST_BODIES]  # fmt: skip


def _about() -> str:
    return request.args.get("about", "").strip()[:LONGEST]


def _form_of(key: str, held: BegunForm | None) -> ApplyForm:
    """The form with what was typed, or an empty one."""
    if held is None:
        form = ApplyForm(formdata=None)
        form.start(open_bodies())
        account_people.prefill(form)
    else:
        form = ApplyForm(MultiDict(held.fields))
    form.submit_key.data = key
    return form


def _page(
    form: ApplyForm, held: BegunForm | None = None, errors: list[FieldError] | None = None
) -> ResponseReturnValue:
    """The page of the form. errors: where what was sent cannot be kept."""
    bodies = open_bodies()
    form.offer(_on_page(bodies, bodies_of(form)))
    found = errors if errors is not None else list(held.errors) if held else []
    problems: list[Problem] = form.show(found)
    files = gongkai().files
    page = render_template(
        "portal/apply.html", form=form, bodies_open=bodies, few=len(bodies) <= FEW, problems=problems,
        held=held.files if held else (), accepted=ACCEPTED, most=files.most_bytes // MEGABYTE,
        most_together=TOGETHER * files.most_bytes // MEGABYTE, most_at_once=AT_ONCE,
    )  # fmt: skip
    return (page, 422) if problems else page


def _on_page(bodies: tuple[Reader, ...], chosen: list[str]) -> list[Reader]:
    """The bodies that stand on the form: all of a few, of many those that were chosen."""
    few = list(bodies) if len(bodies) <= FEW else []
    there = {body.code for body in few}
    by_code = {body.code: body for body in gongkai().office.listing().readers if body.code in chosen}  # fmt: skip
    return few + [by_code[code] for code in chosen if code in by_code and code not in there]


# -- which body ---------------------------------------------------------------------------------------


@portal.get("/apply/bodies")
@reading.limit("120 per minute", exempt_when=not_limited)
def choose_bodies() -> ResponseReturnValue:
    """Bodies to choose from, found by their names and by what they do. Everything stands in the address, so that it
    works by keyboard, without scripts, and by the back button."""
    q, key = request.args.get("q", "").strip()[:LONGEST], request.args.get("form", "")
    chosen, bodies = known_bodies(), gongkai().office.listing().taking
    found = None
    if q or len(bodies) <= FEW:
        found = gongkai().public.directory(q, request.args.get("page", 1, type=whole), taking=True)
    names = gongkai().office.listing().names
    return render_template(
        "portal/choose_bodies.html", q=q, found=found, about=_about(), number=len(bodies),
        chosen=[(code, names[code]) for code in chosen], form_key=key if is_key(key) else "",
    )  # fmt: skip


# -- checking ------------------------------------------------------------------------------------------


@portal.get("/apply/check")
def check_form() -> ResponseReturnValue:
    """Everything that was typed once more, before it is filed."""
    browser_mark()
    key = request.args.get("form", "")
    held = gongkai().begun.find(which(key)) if is_key(key) else None
    if held is None:
        if key_was_sent(key):
            return redirect(url_for("portal.filed"), 303)
        flash(GONE, "info")
        return redirect(url_for("portal.apply"), 303)
    form = _form_of(key, held)
    wanted, errors = _read(form)
    if wanted is None or errors or held.errors:
        return redirect(url_for("portal.apply", form=key), 303)
    form.offer(_on_page(open_bodies(), bodies_of(form)))
    names = gongkai().office.listing().names
    question = question_of(key)
    page = render_template(
        "portal/review.html", form=form, files=held.files, sections=summary_of(wanted),
        agencies=[names.get(code, "") for code in bodies_of(form)], before=_cases_of(key),
        advice=advice_on(wanted, bodies_of(form), _earlier(key, bodies_of(form))), question=question,
    )  # fmt: skip
    return (page, 422) if question is not None and question.sent else page


def _read(typed: ApplyForm | Typed) -> tuple[ApplicationForm | None, list[FieldError]]:
    """What was typed as an application, and what is wrong with it."""
    errors, wanted = [], None
    chosen, names = bodies_of(typed), gongkai().office.listing().names
    if len(chosen) > MOST_BODIES:
        errors.append(FieldError("agency", f"一次最多向 {MOST_BODIES} 个机关申请"))
    elif any(code not in names for code in chosen):
        errors.append(FieldError("agency", "没有这个受理机关，请重新选择"))
    try:
        wanted = read_form(application_of(typed), today=gongkai().office.today())
    except BadInput as error:
        errors += error.errors
    return wanted, errors


# -- what is sent --------------------------------------------------------------------------------------


class _Sent:
    """A form as it was sent, from the page of the form or from the page to check it; each carries everything typed."""

    def __init__(self) -> None:
        self.step = request.form.get("step", "")
        self.typed = Typed(request.form)
        self.key = key_sent()
        self.files = files_sent()

    def answer(self) -> ResponseReturnValue:
        if self.step == "drop":
            gongkai().begun.forget(which(self.key))
            flash("已经清除，没有提交。", "done")
            return redirect(url_for("portal.start"), 303)
        errors: list[FieldError] = []
        if self.step not in ("edit", "bodies"):
            wanted, errors = _read(self.typed)
            if self.step == "submit" and wanted is not None and not errors and not self.files:
                question = unanswered()
                if question is None:
                    try:
                        return self.file(wanted)
                    except BadInput as error:
                        errors = error.errors
                else:
                    keep_question(self.key, question)
        fields = fields_sent()
        if self.step == "split":
            fields["items"] = [split_lines("\n".join(fields.get("items", ())))]
            errors = _read(Typed(MultiDict(fields)))[1]
        if any(bears_secret_mark(one) for said in fields.values() for one in said):
            form = ApplyForm()
            form.submit_key.data = self.key
            return _page(form, errors=errors or _read(form)[1])
        wrong = gongkai().begun.keep(which(self.key), fields, errors, self.files, left_out())
        return redirect(self.next_page(bool(wrong)), 303)

    def next_page(self, wrong: bool) -> str:
        if self.step == "bodies" and not wrong:
            return url_for("portal.choose_bodies", form=self.key, agency=bodies_of(self.typed), site=None)  # fmt: skip
        if self.step == "edit" or wrong:
            return url_for("portal.apply", form=self.key)
        return url_for("portal.check_form", form=self.key)

    def file(self, wanted: ApplicationForm) -> ResponseReturnValue:
        """One application for each body that was chosen, all or none. Raises BadInput."""
        said = self.typed["submit_key"].data
        bodies = [
            (code, submission_key(said, wanted.model_copy(update={"agency": code})))
            for code in bodies_of(self.typed)
        ]
        papers = request.form.get("papers", "0")
        done = gongkai().intake.file_with_several(
            wanted, bodies, begun=which(self.key), opened=opened_draft(self.key),
            papers=int(papers) if papers.isdecimal() else 0, account=account_session.signed_in(),
        )  # fmt: skip
        if opened_draft(self.key) is not None:
            forget_opened()
        _remember(self.key, done)
        keep_slips(done)
        return redirect(url_for("portal.filed"), 303)


def keep_without_files() -> ResponseReturnValue | None:
    """After a form whose files are too large to be read: keep what was typed and show it again. None where nothing can be
    kept: no form of this browser's, a classification mark, or too often."""
    sent = MultiDict(texts_of_too_large() or ())
    key = sent.get("submit_key", "")
    if not is_key(key) or any(bears_secret_mark(one) for one in sent.values()):
        return None
    try:
        validate_csrf(sent.get("csrf_token"))
    except ValidationError:
        return None
    if not not_limited():
        who = f"too large {address()}"
        if gongkai().limits.count(who, timedelta(hours=1), now()) > TOO_LARGE_MOST:
            return None
    fields = {name: said for name, said in sent.lists() if name in FIELDS}
    gongkai().begun.keep(which(key), fields, [FieldError("file_id_proof", too_large())])
    return redirect(url_for("portal.apply", form=key), 303)


def _remember(key: str, done: list[Filed]) -> None:
    """Note in this browser's session which form became which cases: going back from the receipt leads to it again."""
    cases = [[one.agency, one.number, one.submitted_at.date().isoformat()] for one in done]
    forms = [one for one in _sent_forms() if one["form"] != key[:8]]
    keep_sealed("sent", {"forms": [{"form": key[:8], "cases": cases}, *forms][:FORMS_KNOWN]})


def _sent_forms() -> list[dict[str, Any]]:
    """The forms that were filed in this session, the last one first; none once the records here were put away."""
    held = kept("sent") if kept("filed") is not None else None
    return list((held or {}).get("forms", ()))


def _cases_of(key: str) -> list[tuple[str, str, str]]:
    """Which cases (body, number, day) a form became."""
    found = [one["cases"] for one in _sent_forms() if one["form"] == key[:8]]
    return [(agency, number, day) for agency, number, day in found[0]] if found else []


def _earlier(key: str, bodies: Sequence[str]) -> list[tuple[str, str]]:
    """The cases that other forms became in this session, and the latest of the account of whoever has signed in, with
    these bodies, as body and number; none of this form."""
    forms, account = _sent_forms(), account_session.signed_in()
    found = [(one["form"], (agency, number)) for one in forms for agency, number, _ in one["cases"]]
    own = {case for form, case in found if form == key[:8]}
    latest = gongkai().own_requests.latest(account, bodies) if account is not None else []
    return [case for case in dict.fromkeys([*(case for _, case in found), *latest]) if case not in own]  # fmt: skip


def key_was_sent(key: str) -> bool:
    """Whether the form of this key was filed in this session."""
    return bool(_cases_of(key))
