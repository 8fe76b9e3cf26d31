"""The page of a case, and the door through which its events come."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from webui import uploads, wording
from webui.application_form import Problem
from webui.desk.case import (
    assigning,
    confirming,
    correct_form,
    flow_chart,
    next_step,
    outcome_form,
    touring,
)
from webui.desk.case.address import of_case
from webui.desk.case.event_form import Input, read_event
from webui.desk.case.form_html import fields_of, proof_of
from webui.desk.case.proof import item_answers
from webui.desk.case.supplied import given
from webui.here import gongkai
from webui.numbers import whole
from webui.typed import keep_refused
from webui.uploads import Card, desk_card
from workflow import clock
from workflow import events as ev
from workflow.case.checklist import shown
from workflow.case.facts import Header
from workflow.case.machine import Possibility
from workflow.case.taken_over import names_there
from workflow.case.unnamed import masked
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service import Stale
from workflow.service.cases.opinions import DEGREES
from workflow.service.cases.unnamed import masks_of_case
from workflow.service.cases.views import CaseFile, LoggedLine

KNOWN = frozenset(((ev.Serve.name, "document_date"),))
"""What the papers say already: the letter bears the day of its signature. It can still be corrected."""
PROOFS = "proofs"
"""The field of a service that a refusal names where its proof is missing."""


@dataclass
class Attempt:
    """An event that was not applied: what was posted, and why it was not. seen: how long the log was on
    the page from which it came, where it has grown since."""

    event: str
    posted: Mapping[str, str]
    refusal: Refusal | None = None
    seen: int | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Elsewhere:
    """An event that has a page of its own, where its papers lie beside it."""

    endpoint: str
    purpose: str
    link: str


ELSEWHERE = {
    ev.Approve.name: Elsewhere(
        "desk.sign", "看过答复书、清单和逐项的理由之后签发，或者退回。", "去看答复书，签发"
    ),
    ev.PassSecrecyReview.name: Elsewhere(
        "desk.review", "材料在旁边，逐项判断；不能通过的，也在那里退回。", "去逐项审查"
    ),
    ev.ReturnFromSecrecyReview.name: Elsewhere(
        "desk.review", "在审查页写明理由，退回承办科室。", "去审查页退回"
    ),
}


@dataclass(frozen=True)
class Form:
    """An event's form on the case page; elsewhere: it stands on a page of its own."""

    event: str
    label: str
    purpose: str
    button: str
    basis: str
    inputs: list[Input]
    proposal: outcome_form.Proposal | None
    correction: correct_form.Correction | None
    errors: Mapping[str, list[str]]
    once: str
    open: bool
    elsewhere: Elsewhere | None = None

    @property
    def fields(self) -> Markup | None:
        """The fields written already, where nothing is wrong with them."""
        return None if self.errors else fields_of(self.event, tuple(self.inputs))


@of_case()
def case(staff: Staff, number: str) -> ResponseReturnValue:
    """The whole matter on one page."""
    return _page(gongkai().reading.case(staff, number), staff)


@of_case("/events/<event>", "POST")
def apply_event(staff: Staff, number: str, event: str) -> ResponseReturnValue:
    """Apply an event to the case as the page showed it; one that cannot be taken back is confirmed first.
    Refused, badly filled in or overtaken by others, the page comes back with everything typed."""
    if event not in ev.MODELS or event == "submit":
        abort(404)
    attempt = Attempt(event, request.form.to_dict())
    once = request.form.get("once", "")[:64] or None
    seen = request.form.get("length", type=whole)
    if seen is None or event in ELSEWHERE:
        abort(428)  # what is judged or signed is seen first, on its own page
    if confirming.wants_back(attempt.posted):
        return _again(staff, number, attempt)
    try:
        if confirming.asks(event, attempt.posted):
            return _to_confirm(staff, number, attempt, seen)
        moved = gongkai().moving.apply(
            staff,
            number,
            event,
            lambda header: _read(attempt, header),
            once,
            seen=(seen,),
            attached=uploads.with_event(confirming.PROOF_FILE, "proof_of_service")
            if event in uploads.EVENTS_WITH_FILES
            else (),
        )
    except Stale:
        attempt.seen = seen
        return _again(staff, number, attempt), 412
    except Refused as error:
        if error.refusal.field == PROOFS:
            said = f"{error.refusal.message}。{error.refusal.allowed_when}"
            return _confirmation(staff, number, attempt, (said,)), 409
        attempt.refusal = error.refusal
        if error.refusal.field:
            _note(attempt, [FieldError(error.refusal.field, error.refusal.message)])
        return _again(staff, number, attempt), 409
    except BadInput as error:
        wrong = [one.message for one in error.errors if one.field == confirming.PROOF_FILE]
        if wrong:
            return _confirmation(staff, number, attempt, wrong), 422
        _note(attempt, error.errors)
        return _again(staff, number, attempt), 422
    label = load_law().transitions[event].label
    flash(f"已登记“{label}”。现在是“{moved.state_label}”。", "done")
    return redirect(url_for("desk.case", code=moved.agency, number=number), 303)


def _to_confirm(staff: Staff, number: str, attempt: Attempt, seen: int) -> str:
    """The page that asks once more, after a rehearsal. Raises what the event would."""
    try:
        gongkai().moving.rehearse(
            staff, number, attempt.event, lambda header: _read(attempt, header), seen=(seen,)
        )
    except Refused as error:
        if error.refusal.field != PROOFS:  # the proof is chosen on the page that follows
            raise
    return _confirmation(staff, number, attempt)


def _confirmation(staff: Staff, number: str, attempt: Attempt, errors: Iterable[str] = ()) -> str:
    """errors: what is wrong with the file that was chosen there."""
    file = gongkai().reading.case(staff, number)
    action = url_for("desk.apply_event", code=file.agency, number=number, event=attempt.event)
    fields = _read(attempt, file.case.header)
    return confirming.page(file, attempt.event, action, attempt.posted, fields, errors=errors)


def page_with_files(file: CaseFile, staff: Staff, files: Card) -> str:
    """The page of a case after a file could not be taken or opened."""
    return _page(file, staff, files=files)


@dataclass(frozen=True)
class NoteTried:
    """A note, or an answer to the applicant, that could not be kept, with what is wrong at its fields."""

    text: str
    called: list[str]
    errors: Mapping[str, str]


def page_with_words(file: CaseFile, staff: Staff, **words: NoteTried) -> str:
    """The page of a case after a note, or an answer to its applicant (answer), could not be kept."""
    return _page(file, staff, **words)


def page_with_draft(file: CaseFile, staff: Staff, typed: Mapping[str, str]) -> str:
    """The page of a case with a proposal that is typed in and not yet sent."""
    on = gongkai().office.today().isoformat()
    return _page(file, staff, Attempt(ev.ProposeOutcome.name, {"on": on, **typed}))


def _again(staff: Staff, number: str, attempt: Attempt) -> str:
    keep_refused(staff)
    return _page(gongkai().reading.case(staff, number), staff, attempt)


def _read(attempt: Attempt, header: Header) -> dict[str, Any]:
    if attempt.event == "propose_outcome" and header.kind == "application":
        return outcome_form.read_proposal(attempt.posted, len(header.items))
    if attempt.event == ev.CorrectEntry.name:
        return correct_form.read_correction(attempt.posted)
    mailed = attempt.event == ev.Serve.name and attempt.posted.get("method") == "mail"
    if mailed and not attempt.posted.get("carrier", "").strip():
        raise BadInput([FieldError("carrier", "邮寄送达的，请选择邮政企业")])
    return read_event(attempt.event, attempt.posted)


def _note(attempt: Attempt, errors: list[FieldError]) -> None:
    for error in errors:
        name = error.field
        if attempt.event == "propose_outcome":
            name = outcome_form.field_of(name, error.message)
        elif attempt.event == ev.CorrectEntry.name:
            name = correct_form.field_of(name)
        else:
            name = name.partition(".")[0]
        attempt.errors.setdefault(name, []).append(error.message)


def _page(
    file: CaseFile,
    staff: Staff,
    attempt: Attempt | None = None,
    files: Card | None = None,
    **words: NoteTried,
) -> str:
    last = file.last_step.event if file.last_step else None
    usual = next_step.usual_step(file.state, file.possible, last, waiting=file.excluding)
    forms = _forms(file, attempt, usual)
    file = replace(file, log=_with_moved_days(file))
    blocked = [one for one in file.blocked if one.event not in {form.event for form in forms}]
    people = _names(file)
    masks = masks_of_case(file)
    card = files or desk_card(staff, file)
    supplied = given(file, card.shelf)
    attached = tuple((one.sha256, one.name or "", one.kind) for one in card.shelf.files if one.name)
    return render_template(
        "desk/case.html",
        file=file,
        files=card,
        attached=attached,
        mark=_mark(file),
        left=file.workdays_left,
        total_days=file.deadlines.base_workdays + file.deadlines.extra_workdays,
        usual=load_law().transitions[usual] if usual else None,
        doing=_doing(usual, file),
        forms=forms,
        not_now=next_step.not_now(file.state, blocked),
        log=[(entry, masked(_said(entry, people), masks)) for entry in reversed(file.log)],
        shown=lambda text: masked(text, masks),
        notes=gongkai().notes.beside(staff, file),
        note=words.get("note"),
        talk=gongkai().thread.beside(staff, file),
        answer=words.get("answer"),
        opinion=gongkai().opinions.beside(file.id) if file.closed_on else None,
        degrees=DEGREES,
        tour=touring.tour_of(staff, file, supplied=bool(file.delivery or supplied.given)),
        note_once=secrets.token_urlsafe(16),
        letters=gongkai().letters.beside(staff, file),
        given=supplied,
        people=people,
        before=_before,
        papers=clock.papers(file.case.events),
        item_answers=item_answers(file, attached),
        missing=_missing(file),
        checklist=shown(file.checklist),
        passed=flow_chart.passed(file),
        back=_back(file),
        fallen=not (file.case.facts.answer or file.case.facts.result)
        and any(line.event == ev.ProposeOutcome.name for line in file.holding),
        attempt=attempt,
        since=[]
        if attempt is None or attempt.seen is None
        else [line for line in file.log if line.seq > attempt.seen],
        problems=_problems(attempt),
        remedy=wording.REMEDIES.get(file.remedy or ""),
        proof_of=proof_of,
        outcome_groups=outcome_form.outcome_groups(),
        subtype_groups=outcome_form.subtype_groups(),
        due_label=wording.DUE_KINDS.get(file.next_due_kind, "答复期限"),
    )


def _forms(file: CaseFile, attempt: Attempt | None, usual: str | None) -> list[Form]:
    today, law = gongkai().office.today(), load_law()
    last = file.last_step.event if file.last_step else None
    allowed = next_step.in_order(file.state, file.allowed, last)
    if attempt and attempt.event not in {one.event for one in allowed}:
        # It is not possible any more, but what was typed must not be lost.
        row = load_law().transitions[attempt.event]
        allowed.insert(0, Possibility(attempt.event, row.label, row.by, attempt.refusal))
    forms, opened = [], ev.CorrectEntry.name if request.args.get("correct") else usual
    for one in allowed:
        tried = attempt if attempt and attempt.event == one.event else None
        posted = tried.posted if tried else None
        proposing = one.event == "propose_outcome" and file.kind == "application"
        frozen = bool(tried and tried.refusal and tried.refusal.rule == "frozen_year")
        asked = request.args.get("correct") if one.event == ev.CorrectEntry.name else None
        forms.append(
            Form(
                one.event,
                one.label,
                law.filled(law.transitions[one.event].purpose or "", today),
                law.transitions[one.event].button,
                law.transitions[one.event].basis,
                []
                if proposing or one.event in ELSEWHERE
                else [
                    asked
                    for asked in assigning.inputs(one.event, file, today, posted, frozen)
                    if (one.event, asked.name) not in KNOWN
                ],
                outcome_form.proposal_of(file, today, posted) if proposing else None,
                correct_form.correction_of(file, today, asked, posted)
                if one.event == ev.CorrectEntry.name
                else None,
                tried.errors if tried else {},
                secrets.token_urlsafe(16),
                bool(tried) if attempt else one.event == opened,
                ELSEWHERE.get(one.event),
            )
        )
    return sorted(forms, key=lambda form: not form.open)


def _back(file: CaseFile) -> tuple[str, LoggedLine, str] | None:
    """What stands on top of the page: that a draft was returned or taken back, or a service failed; the line,
    and its reason."""
    line, failed = file.last_step, file.case.facts.failed
    event = ev.ServiceFailed.name if failed is not None else line.event if line else None
    mark = load_law().transitions[event].mark if event else None
    if line is None or mark is None:
        return None
    return mark, line, str(line.fields.get("reason") or line.fields.get("note") or "")


def _mark(file: CaseFile) -> wording.DueMark:
    clock = "excluding" if file.excluding else "running"
    last, today = file.deadlines.reply_due, gongkai().office.today()
    return wording.due_mark(
        file.state, file.next_due, file.workdays_left, clock, kind=file.next_due_kind,
        reply_left=file.case.rules.calendar.left(today, last) if last else None,
    )  # fmt: skip


def _doing(usual: str | None, file: CaseFile) -> str:
    if file.state == "processing" and file.excluding:
        return next_step.doing(file.state, "excluding")[0]
    return load_law().transitions[usual].doing if usual else ""


def _with_moved_days(file: CaseFile) -> list[LoggedLine]:
    """The log with the due days that moved among its lines, where they were recorded. They are no
    events: the log in the store does not hold them."""
    lines = list(file.log)
    for change in gongkai().due_changes.of_case(file):
        role = load_law().words.roles["system"] if change.actor == "system" else "重新计算"
        before = sum(line.recorded_at <= change.recorded_at for line in lines)
        lines.insert(
            before,
            LoggedLine(
                seq=0,
                on=change.recorded_at.date(),
                event="due_change",
                label=change.text,
                actor=change.actor,
                role=role,
                recorded_at=change.recorded_at,
                fields={},
                filled=(),
            ),
        )
    return lines


def _names(file: CaseFile) -> dict[str, str]:
    """The names of those who stand in the log, and of whom a case was assigned to, by user name."""
    assigned = {
        line.fields["to"] for line in file.log if line.event == "assign" and "to" in line.fields
    }
    actors = {line.actor for line in file.log} - {"applicant", "system"}
    actors |= {line.stands_for for line in file.log if line.stands_for}
    actors |= {file.handed_over.by} if file.handed_over else set()
    return gongkai().office.names_of(actors | assigned) | names_there(actors)


def _said(entry: LoggedLine, people: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a line of the log says; somebody it was assigned to by their name and user name."""
    fields = dict(entry.fields)
    named = people.get(fields.get("to", "")) if entry.event == "assign" else None
    if named and named != fields["to"]:
        fields["to"] = f"{named}（{fields['to']}）"
    return wording.said(entry.event, fields)


def _before(entry: LoggedLine) -> str:
    """What stood in a corrected line before, as far as it was another."""
    assert entry.typed is not None
    said = [wording.said_day(entry.typed_on)] if entry.typed_on != entry.on else []
    old = {key: value for key, value in entry.typed.items() if entry.fields.get(key) != value}
    said += [f"{label} {text}" for label, text in wording.said(entry.event, old)]
    added = [
        ev.field_title(entry.event, ev.field_called(entry.event, key) or key)
        for key in entry.fields
        if key not in entry.typed
    ]
    return "；".join([*said, *(f"{label}没有填写" for label in added)])


def _missing(file: CaseFile) -> list[tuple[str, str, str]]:
    """What the answer still lacks on file: where, what, by which article."""
    needs = load_law().words.needs
    return [
        (f"第 {number} 项" if number else "", needs[need]["label"], needs[need]["article"])
        for number, need in file.missing
    ]


def _problems(attempt: Attempt | None) -> list[Problem]:
    if attempt is None:
        return []
    found: list[Problem] = []
    for name, messages in attempt.errors.items():
        if attempt.event == "propose_outcome":
            label = outcome_form.label_of(name)
        elif attempt.event == ev.CorrectEntry.name:
            label = correct_form.label_of(name, attempt.posted.get("of", ""))
        else:
            known = name in ev.MODELS[attempt.event].model_fields
            label = ev.field_title(attempt.event, name).split("（")[0] if known else ""
        found.extend(Problem(f"{attempt.event}-{name}", label, message) for message in messages)
    return found
