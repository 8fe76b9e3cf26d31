"""The secrecy review on a page of its own: each item with its papers, each question answered by a person.

Nobody who opens it is told who applies, whatever else they may see: the information is judged.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui import wording
from webui.application_form import Problem
from webui.desk.case.address import of_case
from webui.desk.case.proof import item_answers
from webui.desk.case.review_form import Judged, judged_items, judged_of, read_judgements
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from workflow import events as ev
from workflow.case.evidence import searches_for
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.service import Stale
from workflow.service.cases.unnamed import without_applicant
from workflow.service.cases.views import CaseFile

PASS, RETURN = ev.PassSecrecyReview.name, ev.ReturnFromSecrecyReview.name


@dataclass(frozen=True)
class Attempt:
    """A judgement that was not taken. seen: how long the log was on the page, where it has grown since."""

    event: str
    posted: dict[str, str]
    refusal: Refusal | None = None
    problems: tuple[Problem, ...] = ()
    seen: int | None = None


@dataclass(frozen=True)
class Item:
    """One item as the reviewer sees it. proof: what its answer rests on; searches: where it was looked for."""

    judged: Judged
    proof: list[tuple[str, str]]
    searches: list[str]


@of_case("/review")
def review(staff: Staff, number: str) -> ResponseReturnValue:
    """Item by item: what was judged, or the form for who may judge it now."""
    return _page(gongkai().reading.case(staff, number), staff)


@of_case("/review", "POST")
def judge(staff: Staff, number: str) -> ResponseReturnValue:
    """Pass or send back what the page showed. Refused or overtaken, it comes back with everything typed."""
    posted = request.form.to_dict()
    seen = request.form.get("length", type=whole)
    if seen is None:
        abort(428)
    event = RETURN if posted.get("decision") == "return" else PASS
    once = posted.get("once", "")[:64] or None
    try:
        moved = gongkai().moving.apply(
            staff, number, event, lambda header: _fields(event, posted), once, seen=(seen,)
        )
    except Stale:
        return _page(_again(staff, number), staff, Attempt(event, posted, seen=seen)), 412
    except Refused as error:
        refusal = error.refusal
        problem = _problem(refusal.field or "", refusal.message)
        attempt = Attempt(event, posted, refusal, (problem,) if refusal.field else ())
        return _page(_again(staff, number), staff, attempt), 409
    except BadInput as error:
        problems = tuple(_problem(one.field, one.message) for one in error.errors)
        return _page(_again(staff, number), staff, Attempt(event, posted, problems=problems)), 422
    flash(f"已登记“{load_law().transitions[event].label}”。现在是“{moved.state_label}”。", "done")
    return redirect(url_for("desk.review", code=moved.agency, number=number), 303)


def _again(staff: Staff, number: str) -> CaseFile:
    return gongkai().reading.case(staff, number)


def _fields(event: str, posted: dict[str, str]) -> dict[str, Any]:
    """The fields of the event. What was written beside items goes back with the reason."""
    said: dict[str, Any] = {name: posted[name] for name in ("on",) if posted.get(name)}
    judged = read_judgements(posted)
    if event == PASS:
        note = posted.get("note", "").strip()
        return {**said, "items": judged, **({"note": note} if note else {})}
    reason = posted.get("reason", "").strip()
    notes = [f"第 {one['item']} 项：{one['note']}" for one in judged if one.get("note")]
    return {**said, "reason": "\n".join((reason, *notes)) if reason else ""}


def _problem(field: str, message: str) -> Problem:
    """Where a finding is shown: at its item, where it names one."""
    about = re.match(r"第 (\d+) 项", message)
    if field in ("items", "checks", "note") or field.startswith("items."):
        return Problem(
            f"item-{about[1] if about else 1}", f"第 {about[1] if about else 1} 项", message
        )
    label = (
        ev.field_title(RETURN if field == "reason" else PASS, field)
        if field in ("reason", "on")
        else ""
    )
    return Problem(f"review-{field}" if label else "review-form", label, message)


def _page(file: CaseFile, staff: Staff, attempt: Attempt | None = None) -> str:
    file = without_applicant(file)
    today = gongkai().office.today()
    mine = {one.event: one for one in file.possible if one.event in (PASS, RETURN)}
    open_now = attempt is not None or any(one.allowed for one in mine.values())
    why = mine[PASS].refusal if PASS in mine and not open_now else None
    shelf = gongkai().files.beside(staff, file)
    line = next((one for one in reversed(file.holding) if one.event == PASS), None)
    passed = line if line and file.case.facts.secrecy_passed else None
    posted = attempt.posted if attempt else None
    judged = judged_items(file, posted) if open_now or passed is None else judged_of(file, passed)
    attached = tuple((one.sha256, one.name or "", one.kind) for one in shelf.files if one.name)
    proofs = {number: said for number, _, _, said in item_answers(file, attached)}
    people = gongkai().office.names_of({passed.actor} if passed else set())
    return render_template(
        "desk/review.html",
        file=file,
        items=[
            Item(one, proofs.get(one.number, []), _searches(file, one.number, today))
            for one in judged
        ],
        papers=[one for one in shelf.files if one.readable],
        closed=sum(not one.readable for one in shelf.files),
        open_now=open_now,
        passed=passed,
        people=people,
        why=why,
        attempt=attempt,
        since=[
            line
            for line in file.log
            if attempt and attempt.seen is not None and line.seq > attempt.seen
        ],
        errors={one.anchor: one.message for one in attempt.problems} if attempt else {},
        checks=load_law().words.secrecy_checks,
        questions=load_law().words.secrecy_questions,
        answers=load_law().words.secrecy_answers,
        on=posted.get("on", "") if posted else today.isoformat(),
        once=secrets.token_urlsafe(16),
        prints=permitted(staff, "print_review_form"),
        drafts=permitted(staff, "draft_letter"),
        consulted=[wording.stance(one, today) for one in file.consultations],
    )


def _searches(file: CaseFile, number: int, today: date) -> list[str]:
    """Where the item was looked for, in a line each."""
    made = [one for found in searches_for(file.case, number, today) for one in found]
    return [f"{'、'.join(one.sources)}：查到 {one.hits} 件" for one in made]
