"""An event and its letter on one page: what is typed, the letter that would come of it, and the days."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from config.letters import Sentence, load_letters
from webui.application_form import Problem
from webui.desk import desk
from webui.desk.case.address import of_case
from webui.desk.case.event_form import LAST, Input, inputs_of, kind_of, read_event
from webui.desk.letters.paper import Sheet, sheet_of
from webui.here import gongkai
from webui.numbers import figures
from webui.typed import no_longer_of
from workflow import events as ev
from workflow.letters import Letter, NotPossible
from workflow.letters.differing import Difference, differences
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service import Stale
from workflow.service.cases.views import CaseFile
from workflow.service.letters import Current
from workflow.service.letters.views import Composed

SIGNED_BY = frozenset(("serve",))
"""Events whose letter is signed before: it is composed with the proposal, and numbered with the signature."""
SHOWN_MOST = 60_000


@dataclass
class Attempt:
    """What was typed on the page, and what came of it. moved: the log or the letter is another one than was
    shown; changed: what the letter says otherwise than the one that was shown."""

    event: str
    posted: dict[str, str]
    refusal: Refusal | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    moved: bool = False
    shown: tuple[str, ...] = ()
    changed: tuple[Difference, ...] = ()


@of_case("/letters/<kind>")
def letter(staff: Staff, number: str, kind: str) -> ResponseReturnValue:
    """A letter as it counts now, or the form of its event beside it."""
    return _page(staff, number, kind)


@of_case("/letters/<kind>", "POST")
def compose(staff: Staff, number: str, kind: str) -> ResponseReturnValue:
    """Show the letter with what was typed; or, asked to, apply the event with the letter that was shown. What was typed
    on the page of the case, which asks for neither, is carried over."""
    posted = request.form.to_dict()
    event = posted.get("event", "")
    if kind not in load_letters().templates:
        abort(404)
    gongkai().letters.ask_may_draft(staff, staff.home, number)
    if event not in events_of(kind):
        abort(422)
    attempt = Attempt(event, posted)
    asked = posted.get("do", "")
    if not asked:
        return _page(staff, number, kind, attempt)
    if asked.startswith("sentence-"):
        _fill(attempt, asked.removeprefix("sentence-"))
    if asked != "apply":
        composed = _composed(staff, number, kind, attempt)
        status = 200 if composed else (409 if attempt.refusal else 422)
        return _page(staff, number, kind, attempt, composed), status
    return _apply(staff, number, kind, attempt)


def _apply(staff: Staff, number: str, kind: str, attempt: Attempt) -> ResponseReturnValue:
    posted = attempt.posted
    seen, paper = figures(posted.get("length", "")), posted.get("paper", "")
    if seen is None or len(paper) != 64:
        abort(428)
    once = posted.get("once", "")[:64] or None
    try:
        moved = gongkai().moving.apply(
            staff, number, attempt.event, _reader(attempt), once, seen=(seen,), paper=paper
        )
    except Stale:
        attempt.moved = True
        attempt.shown = tuple(posted.get("shown", "")[:SHOWN_MOST].splitlines())
        composed = _composed(staff, number, kind, attempt)
        if composed is not None:
            labels = load_letters().values.values
            attempt.changed = tuple(
                replace(one, old=one.new, new=one.old, filled=False)
                for one in differences(composed.letter, attempt.shown, labels)
            )
        return _page(staff, number, kind, attempt, composed), 412
    except Refused as error:
        _refused(attempt, error.refusal)
        return _page(staff, number, kind, attempt), 409
    except BadInput as error:
        _note(attempt, error.errors)
        return _page(staff, number, kind, attempt), 422
    no_longer_of(url_for("desk.apply_event", code=moved.agency, number=number, event=attempt.event))
    label = load_letters().latest(kind).head.label
    flash(f"已登记，“{label}”已经编号存档。现在是“{moved.state_label}”。", "done")
    return redirect(url_for("desk.letters", code=moved.agency, number=number), 303)


def events_of(kind: str) -> tuple[str, ...]:
    """The events by which a letter is made on its page."""
    return tuple(one for one in load_letters().latest(kind).head.made_by if one not in SIGNED_BY)


@desk.app_template_global()
def composed_with(event: str) -> tuple[str, str] | None:
    """The letter that can be written together with an event: its kind and its label."""
    kind = load_law().transitions[event].letter
    if kind is None or event not in events_of(kind):
        return None
    return kind, load_letters().latest(kind).head.label


def _composed(staff: Staff, number: str, kind: str, attempt: Attempt) -> Composed | None:
    """The letter with what was typed; None, and why, where there cannot be one."""
    try:
        return gongkai().letters.compose(
            staff, staff.home, number, kind, attempt.event, _reader(attempt)
        )
    except Refused as error:
        _refused(attempt, error.refusal)
    except NotPossible as error:
        attempt.refusal = error.refusal
    except BadInput as error:
        _note(attempt, error.errors)
    return None


def _reader(attempt: Attempt) -> Callable[[Any], dict[str, Any]]:
    return lambda header: read_event(attempt.event, attempt.posted)


def _refused(attempt: Attempt, refusal: Refusal) -> None:
    attempt.refusal = refusal
    if refusal.field:
        _note(attempt, [FieldError(refusal.field, refusal.message)])


def _note(attempt: Attempt, errors: list[FieldError]) -> None:
    for error in errors:
        attempt.errors.setdefault(error.field.partition(".")[0], []).append(error.message)


def _fill(attempt: Attempt, place: str) -> None:
    """Put a sentence behind what is typed in its field."""
    offered = sentences_for(attempt.event)
    number = figures(place)
    if number is None or number >= len(offered):
        abort(422)
    one = offered[number]
    typed = attempt.posted.get(one.field, "").rstrip()
    kind = kind_of(one.field, ev.MODELS[one.event].model_fields[one.field].annotation)
    between = "\n" if typed and kind == "lines" else ""
    attempt.posted[one.field] = f"{typed}{between}{one.text}"


def sentences_for(event: str) -> list[Sentence]:
    return [one for one in load_letters().sentences if one.event == event]


@dataclass(frozen=True)
class Form:
    """The form of the event of a letter."""

    event: str
    label: str
    purpose: str
    basis: str
    button: str
    inputs: list[Input]
    errors: Mapping[str, list[str]]
    sentences: list[Sentence]
    once: str


def _page(
    staff: Staff, number: str, kind: str, attempt: Attempt | None = None, composed: Composed | None = None
) -> str:  # fmt: skip
    if kind not in load_letters().templates:
        abort(404)
    letters, about = gongkai().letters, request.args.get("about", "")
    file = gongkai().reading.case(staff, number)
    here: Current | None = None
    refusal = None
    try:
        here = letters.paper(staff, staff.home, number, kind, about)
    except NotPossible as error:
        refusal = error.refusal
    form = _form(file, kind, attempt)
    as_it_is = here if not attempt or "do" not in attempt.posted else None
    shown = composed.letter if composed else as_it_is.letter if as_it_is else None
    head = load_letters().latest(kind).head
    return render_template(
        "desk/letter.html",
        file=file,
        kind=kind,
        about=about,
        head=head,
        current=here,
        may_issue=bool(here and not here.kept and not form)
        and "serve" not in head.made_by
        and (not head.made_by or any(line.event in head.made_by for line in file.log)),
        form=form,
        signed=bool(here and here.signed and "serve" in head.made_by),
        refusal=refusal if not form else None,
        composed=composed,
        sheet=_sheet(shown, composed, bool(form) and _has_code(file.agency)),
        gaps=composed.gaps if composed else (),
        lines="\n".join(shown.texts()) if shown else "",
        attempt=attempt,
        problems=_problems(attempt),
        others=[one for one in _possible(file, kind) if form and one != form.event],
        versions=[one for one in letters.kept(staff, staff.home, number) if one.kind == kind],
    )


def _has_code(agency: str) -> bool:
    return bool(gongkai().body_settings.texts(agency).get("letter_code"))


def _sheet(letter: Letter | None, composed: Composed | None, coded: bool) -> Sheet | None:
    """The letter; where entering it gives its number, that is said in its place. coded: the body has said its short
    name (机关代字)."""
    if letter is None:
        return None
    sheet = sheet_of(letter)
    if composed:
        coded = all(gap.name != "letter_code" for gap in composed.gaps)
    if letter.number and coded:
        return replace(sheet, number=Markup("（文号在登记时编上）"))
    return sheet


def _possible(file: CaseFile, kind: str) -> list[str]:
    allowed = {one.event for one in file.allowed}
    return [one for one in events_of(kind) if one in allowed]


def _form(file: CaseFile, kind: str, attempt: Attempt | None) -> Form | None:
    """The form of the event that makes the letter, where the person may enter it now, or has tried."""
    possible = _possible(file, kind)
    asked = attempt.event if attempt else request.args.get("event", "")
    event = asked if asked in possible or attempt else next(iter(possible), "")
    if not event:
        return None
    law, today = load_law(), gongkai().office.today()
    row = law.transitions[event]
    return Form(
        event,
        row.label,
        law.filled(row.purpose or "", today),
        row.basis,
        row.button,
        in_order(inputs_of(event, file, today, attempt.posted if attempt else None)),
        attempt.errors if attempt else {},
        sentences_for(event),
        secrets.token_urlsafe(16),
    )


def in_order(inputs: list[Input]) -> list[Input]:
    """What the letter says first; then days and numbers that may be left out, and the note."""
    later = ("date", "number")
    return sorted(
        inputs, key=lambda one: (one.name in LAST, not one.required and one.kind in later)
    )


def _problems(attempt: Attempt | None) -> list[Problem]:
    if attempt is None:
        return []
    return [
        Problem(
            f"{attempt.event}-{name}",
            ev.field_title(attempt.event, name).split("（")[0]
            if name in ev.MODELS[attempt.event].model_fields
            else "",
            message,
        )
        for name, messages in attempt.errors.items()
        for message in messages
    ]
