"""The page to sign, and before it to check the law of the reply: nobody signs what he has not seen (decision 25)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from config.law import load_law
from webui import wording
from webui.application_form import Problem
from webui.desk.case import confirming
from webui.desk.case.address import of_case
from webui.desk.letters.paper import Sheet, sheet_of
from webui.here import gongkai
from webui.numbers import whole
from workflow import events as ev
from workflow.case.checklist import MISSING, shown
from workflow.letters.side_by_side import Pair, changed_paragraphs
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service import Stale
from workflow.service.cases.to_sign import ToSign
from workflow.service.cases.views import CaseFile
from workflow.service.letters import Current

SHOWN_MOST = 60_000
DECISIONS = (ev.Approve.name, ev.PassLegalCheck.name, ev.ReturnDraft.name)
WHO_SAW = ("receive", "propose_outcome", "pass_secrecy_review", "return_from_secrecy_review",
           "pass_legal_check", "return_draft", "approve")  # fmt: skip


TOLD = ("ground", "citation", "reason", "assessment", "redaction", "redactions", "address")
"""What an answer rests on, as the page to sign tells it."""


@dataclass
class Tried:
    """A decision that was not taken: what was posted, and why it was not. moved: something has changed since
    the page was opened; pairs: the paragraphs of the letter that are not alike, old and new."""

    event: str
    posted: Mapping[str, str]
    refusal: Refusal | None = None
    moved: bool = False
    pairs: list[Pair] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


@of_case("/sign")
def sign(staff: Staff, number: str) -> ResponseReturnValue:
    """The reply, its checklist, who has seen it; signing, passing or returning it."""
    return _page(gongkai().signing.page(staff, number), staff)


@of_case("/sign", "POST")
def decide(staff: Staff, number: str) -> ResponseReturnValue:
    """Sign the paper that the page showed, after a further yes, pass its legal check, or return items of it. Where it has changed
    since, nothing is done and both stand side by side."""
    event, seen = request.form.get("decision", ""), request.form.get("length", type=whole)
    paper = request.form.get("paper", "")
    if event not in DECISIONS:
        abort(404)
    if seen is None or (event == ev.Approve.name and not paper):
        abort(428)
    tried = Tried(event, request.form.to_dict())
    if confirming.wants_back(tried.posted):
        return _page(gongkai().signing.page(staff, number), staff, tried)
    try:
        fields = _fields(tried)
        once = request.form.get("once", "")[:64] or None
        if confirming.asks(event, tried.posted):
            gongkai().moving.rehearse(staff, number, event, fields, seen=(seen,))
            return _to_confirm(gongkai().signing.page(staff, number), tried, fields)
        moved = gongkai().moving.apply(staff, number, event, fields, once, seen=(seen,))
    except Stale:
        page, tried.moved = gongkai().signing.page(staff, number), True
        shown_then = request.form.get("shown", "")[:SHOWN_MOST].splitlines()
        if shown_then and page.reply is not None and page.reply.hash != paper:
            tried.pairs = changed_paragraphs(shown_then, _lines(page))
        return _page(page, staff, tried), 412
    except Refused as error:
        tried.refusal = error.refusal
        return _page(gongkai().signing.page(staff, number), staff, tried), 409
    except BadInput as error:
        tried.errors = {one.field.partition(".")[0]: one.message for one in error.errors}
        return _page(gongkai().signing.page(staff, number), staff, tried), 422
    label = load_law().transitions[event].label
    flash(f"已登记“{label}”。现在是“{moved.state_label}”。", "done")
    return redirect(url_for("desk.case", code=moved.agency, number=number), 303)


def _to_confirm(page: ToSign, tried: Tried, fields: dict[str, Any]) -> str:
    """What is signed, and what follows from it."""
    file, reply = page.file, page.reply
    about = [("文书", _version(reply))] if reply else []
    for number, text, label, _, _ in _items(file, _last_proposal(file)):
        about.append((f"第 {number} 项", f"{text}：{label}"))
    action = url_for("desk.decide", code=file.agency, number=file.number)
    return confirming.page(file, tried.event, action, tried.posted, fields, about=about)


def _version(reply: Current) -> str:
    """答复书第 2 稿."""
    return f"{reply.letter.label}{f'第 {reply.kept.version} 稿' if reply.kept else '现在的稿'}"


def _last_proposal(file: CaseFile) -> Mapping[str, Any]:
    return next((line.fields for line in reversed(file.holding) if line.event == "propose_outcome"), {})  # fmt: skip


def _lines(page: ToSign) -> list[str]:
    """The letter line by line, as the page sends it along to be compared."""
    return "\n".join(page.reply.letter.texts()).splitlines() if page.reply else []


def _fields(tried: Tried) -> dict[str, Any]:
    """The fields of the event. Raises BadInput for an item that is returned without a reason."""
    posted = tried.posted
    fields: dict[str, Any] = {
        name: posted[name].strip()
        for name in ("on", "note")
        if posted.get(name, "").strip()
    }  # fmt: skip
    fields.setdefault("on", gongkai().office.today().isoformat())
    if tried.event == ev.Approve.name:
        return {**fields, "paper": posted["paper"]}
    if tried.event == ev.PassLegalCheck.name:
        return fields
    whole_reason = posted.get("reason", "").strip()
    items = []
    for key in posted:
        if key.startswith("back-") and (number := key.removeprefix("back-")).isdecimal():
            why = posted.get(f"reason-{number}", "").strip() or whole_reason
            if not why:
                raise BadInput([FieldError(f"reason-{number}", f"请写明第 {int(number)} 项退回的理由")])  # fmt: skip
            items.append({"item": int(number[:3]), "reason": why})
    if not items and not whole_reason:
        raise BadInput([FieldError("reason", "请写明退回的理由")])
    fields |= {"reason": whole_reason} if whole_reason else {}
    return {**fields, "items": items} if items else fields


def _page(page: ToSign, staff: Staff, tried: Tried | None = None) -> str:
    file = page.file
    today = gongkai().office.today()
    possible = {one.event: one for one in file.possible}
    last = _last_proposal(file)
    passed = [line for line in file.holding if line.event in WHO_SAW]
    rows = shown(page.lines)
    problems = [
        Problem(name, "", message) for name, message in (tried.errors if tried else {}).items()
    ]
    return render_template(
        "desk/sign.html",
        page=page,
        file=file,
        reply=page.reply,
        letter=page.reply.letter if page.reply else None,
        sheet=_sheet(page),
        lines=sorted(rows, key=lambda row: row.state != MISSING),
        missing=[row for row in rows if row.state == MISSING],
        mark=wording.due_mark(file.state, file.next_due, file.workdays_left),
        approve=possible["approve"],
        legal=possible["pass_legal_check"],
        back=possible["return_draft"],
        tried=tried,
        posted=tried.posted if tried else {},
        problems=problems,
        shown_lines="\n".join(_lines(page)),
        once=secrets.token_urlsafe(16),
        items=_items(file, last),
        passed=list(reversed(passed)),
        people=gongkai().office.names_of({line.actor for line in passed} - {"system", "applicant"}),
        remark=lambda line: str(line.fields.get("note") or line.fields.get("reason") or ""),
        mine={one.event for one in file.allowed},
        today_iso=today.isoformat(),
    )


def _sheet(page: ToSign) -> Sheet | None:
    """The letter; where its number is given by the signature, that is said in its place."""
    if page.reply is None:
        return None
    sheet, kept = sheet_of(page.reply.letter), page.reply.kept
    numbered = bool(kept and kept.number) or not sheet.letter.number
    return sheet if numbered else replace(sheet, number=Markup("（文号在签发时编上）"))


def _items(file: Any, last: Mapping[str, Any]) -> list[tuple[int, str, str, str, list[tuple[str, str]]]]:  # fmt: skip
    """Each item with its outcome, the article, and what it rests on."""
    evidence = {item["item"]: item for item in last.get("items") or ()}
    whole_answer = {key: value for key, value in last.items() if key not in ("items", "note")}
    found = []
    for number, text in enumerate(file.items or (file.title,), 1):
        proof = evidence.get(number) or (whole_answer if not evidence else {})
        outcome = load_law().outcomes.get(proof.get("outcome") or "")
        said = [
            (ev.field_title("propose_outcome", key), wording.said_value("propose_outcome", key, value))
            for key, value in proof.items()
            if key in TOLD
        ]  # fmt: skip
        label, article = (outcome.label, wording.basis(outcome.basis)) if outcome else ("", "")
        found.append((number, text, label, article, said))
    return found
