"""The application that a visitor looks at with number and query code: its forms, and what becomes of them when the
session is lost, another window looks at another application, or the page is older than the case."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import wraps
from typing import Any, Literal

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webui.filled import filled
from webui.here import gongkai, keep_sealed, kept
from webui.numbers import whole
from webui.portal import portal
from webui.typed import Typed, sealed, typed_now, unsealed
from workflow.refusal import BadInput, Refused
from workflow.service import Missing, Stale
from workflow.service.cases.views import ApplicantView

TYPED, TRIED = "typed_for_case", "tried_for_case"
"""In the session: the key of what was typed before it was lost; that something was sent in vain."""
KNOWN = "known"
"""In the session, sealed: the second fact, for one number and code."""
LOST = (
    "为了安全，这一页已经失效，或者您在另一个窗口打开了另一件申请。刚才的内容没有提交，也没有丢。"
)
OTHER_CASE = "刚才填写的内容属于另一件申请，请填写那一件的编号和查询码。"
Errors = Mapping[str, str]


@dataclass(frozen=True)
class Held:
    """Number and code that the session holds, and a mark by which the forms of their page are known."""

    number: str
    code: str

    @property
    def mark(self) -> str:
        return gongkai().office.keys.mark("viewing", f"{self.number}\n{self.code}")[:24]


def held() -> Held | None:
    """What the session holds; None if nothing is looked at."""
    found = kept("viewing")
    return Held(str(found["number"]), str(found["code"])) if found else None


def second() -> str | None:
    """The second fact that was shown for what is looked at; None if it was not."""
    here, found = held(), kept(KNOWN)
    return str(found["second"]) if here and found and found["mark"] == here.mark else None


def keep_second(fact: str) -> None:
    """Remember the fact for this visit, so that it is asked for once."""
    here = held()
    if here is not None:
        keep_sealed(KNOWN, {"mark": here.mark, "second": fact[:64]})


# -- what is sent -------------------------------------------------------------------------------------


def action(
    rule: str, at: str, shows: str = "portal.case"
) -> Callable[[Callable[[Held], str | ResponseReturnValue]], Callable[[], ResponseReturnValue]]:
    """A form of the page of an application. The view does what is asked and says in a sentence what was done; then the
    page is read anew. What it raises stands on the page again with everything that was typed; that page is read by an
    address of its own too, so that going back never asks whether to send once more.

    at: the field where a refusal is shown that names none. shows: the page that comes back.
    """

    def again(errors: Errors, status: int) -> ResponseReturnValue:
        return show_again(errors, status, shows)

    def registered(
        view: Callable[[Held], str | ResponseReturnValue],
    ) -> Callable[[], ResponseReturnValue]:
        @wraps(view)
        def answered() -> ResponseReturnValue:
            here = held()
            if here is None or request.form.get("of", here.mark) != here.mark:
                return lost()
            try:
                done = view(here)
            except Missing:
                return lost()
            except Stale as error:
                return again({at: f"{error}。您填写的都还在，请看过现在的情况再提交"}, 412)
            except BadInput as error:
                return again({one.field: one.message for one in reversed(error.errors)}, 422)
            except Refused as error:
                said = error.refusal
                text = f"{said.message}（{said.article}）。{said.allowed_when.rstrip('。')}。"
                return again({said.field or at: text}, 409)
            if not isinstance(done, str):
                return done
            _sent(here)
            flash(done, "done")
            return redirect(url_for("portal.case"), 303)

        answered.when_lost = lost  # type: ignore[attr-defined]  # read in webui/errors.py
        return portal.post(rule)(answered)

    return registered


def length() -> int | None:
    """The length of the log that the page showed; None where it does not say."""
    return request.form.get("length", type=whole)


def once() -> str:
    """The key of the form, under which it is applied once."""
    return request.form.get("once", "")[:64] or secrets.token_urlsafe(16)


def lost() -> ResponseReturnValue:
    """Number and code are asked for again; what was typed goes along, sealed."""
    typed = typed_now()
    if typed is None:
        return redirect(url_for("portal.query"), 303)
    from webui.portal.querying import QueryForm

    page = render_template(
        "portal/query.html", form=QueryForm(formdata=None), problem=LOST, lost=typed, kept=sealed(typed)
    )  # fmt: skip
    return page, 401


def bring_back(here: Held, said: str | None) -> Literal[True] | str:
    """After number and code were shown: keep what was typed for its case. True, or what is wrong."""
    typed = unsealed(said)
    if typed is None:
        return True
    if dict(typed.sent).get("of", here.mark) != here.mark:
        return OTHER_CASE
    session[TYPED] = gongkai().kept_forms.keep_of_applicant(here.number, here.code, asdict(typed))
    return True


def _sent(here: Held) -> None:
    """What was kept is sent now."""
    if [name for name in (TYPED, TRIED) if session.pop(name, None)]:
        gongkai().kept_forms.forget_of_applicant(here.number, here.code)


def _waiting(here: Held) -> Typed | None:
    key = session.get(TYPED)
    found = gongkai().kept_forms.find_of_applicant(here.number, here.code, key) if key else None
    if found is None or "errors" in found:
        return None
    return Typed(**{**found, "sent": [(name, value) for name, value in found["sent"]]})


# -- what is shown ------------------------------------------------------------------------------------


def shown(page: str, here: Held) -> str:
    """The page, with what was typed before the session was lost standing in its form."""
    typed = _waiting(here)
    if typed is None:
        return page
    whole, anchor, left = filled(page, typed.target, typed.sent)
    notice = render_template("portal/kept_form.html", anchor=anchor, left=left, files=typed.files)
    head, tag, rest = whole.partition("<main")
    start, closing, body = rest.partition(">")
    return f"{head}{tag}{start}{closing}{notice}{body}"


_OWN = {"csrf_token", "of", "once", "length", "second", "last_four"}
"""Fields of a form that are not put back: what a page says itself, and secrets."""


@dataclass(frozen=True)
class Tried:
    """A form that could not be taken: what is wrong by field, the status of its page, and what was sent where to."""

    errors: Errors = field(default_factory=dict)
    status: int = 200
    target: str = ""
    sent: tuple[tuple[str, str], ...] = ()

    def put_back(self, page: str) -> ResponseReturnValue:
        """The page with what was sent in its form again."""
        if not self.sent:
            return page, self.status
        return filled(page, self.target, self.sent)[0], self.status


def show_again(
    errors: Errors, status: int, shows: str = "portal.case", *, unread: bool = False
) -> ResponseReturnValue:
    """Lead to a page with what is wrong. unread: the form itself was too large to be read."""
    here = held()
    if here is None:
        return lost()
    sent = [] if unread else [pair for pair in request.form.items(multi=True) if pair[0] not in _OWN]  # fmt: skip
    tried = {"errors": dict(errors), "status": status, "target": request.script_root + request.path, "sent": sent}  # fmt: skip
    key = gongkai().kept_forms.keep_of_applicant(here.number, here.code, tried)
    session[TRIED] = True
    g.was_wrong = status == 422
    return redirect(url_for(shows, again=key), 303)


def tried() -> Tried:
    """What was tried before, where the address of the page names it."""
    key, here = request.args.get("again", "")[:32], held()
    if not key or here is None:
        return Tried()
    try:
        found = gongkai().kept_forms.find_of_applicant(here.number, here.code, key)
    except Missing:
        return Tried()
    if found is None or "errors" not in found:
        return Tried()
    sent = tuple((name, value) for name, value in found["sent"])
    return Tried(found["errors"], found["status"], found["target"], sent)


def marks(view: ApplicantView) -> Callable[[str], dict[str, Any]]:
    """What the forms of a page carry: whose they are, which state of things they show, the key of each."""
    here, key = held(), secrets.token_urlsafe(16)
    mark = here.mark if here else ""
    return lambda name: {"of": mark, "length": view.length, "once": f"{key}-{name}"}
