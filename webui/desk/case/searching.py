"""Search records (检索记录) on a page of their own, bound to the items: where, by which words, who was asked."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui import wording
from webui.application_form import Problem
from webui.desk.case.address import of_case
from webui.desk.case.event_form import read_event
from webui.here import gongkai
from webui.numbers import whole
from webui.permitted import permitted
from workflow import events as ev
from workflow.case.searched import weak_points
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.service import Stale
from workflow.service.cases.views import CaseFile, LoggedLine

SEARCH = ev.RecordSearch.name
UNITS = 3
"""So many units that were asked have their row; more are told in a second record."""
PARTS = ("unit", "answer", "by", "on", "file")


@dataclass(frozen=True)
class Attempt:
    """A record that was not taken. seen: how long the log was on the page, where it has grown since."""

    posted: Mapping[str, str]
    refusal: Refusal | None = None
    problems: tuple[Problem, ...] = ()
    seen: int | None = None


@dataclass(frozen=True)
class Item:
    """One item with its records. weak: what a court would ask for; rests: its answer rests on the search."""

    number: int
    text: str
    records: list[LoggedLine]
    weak: tuple[str, ...]
    rests: bool


@of_case("/searches")
def searches(staff: Staff, number: str) -> ResponseReturnValue:
    """Every record by its item, and the form of the next one."""
    return _page(gongkai().reading.case(staff, number), staff)


@of_case("/searches", "POST")
def note_search(staff: Staff, number: str) -> ResponseReturnValue:
    """Keep a record. Refused or overtaken, the page comes back with everything typed."""
    posted = request.form.to_dict()
    seen = request.form.get("length", type=whole)
    if seen is None:
        abort(428)
    once = posted.get("once", "")[:64] or None
    status = 409
    try:
        moved = gongkai().moving.apply(
            staff, number, SEARCH, lambda header: read_search(posted), once, seen=(seen,)
        )
    except Stale:
        attempt, status = Attempt(posted, seen=seen), 412
    except Refused as error:
        refusal = error.refusal
        found = (_problem(refusal.field, refusal.message, posted),) if refusal.field else ()
        attempt = Attempt(posted, refusal, found)
    except BadInput as error:
        problems = tuple(_problem(one.field, one.message, posted) for one in error.errors)
        attempt, status = Attempt(posted, problems=problems), 422
    else:
        flash("已保存检索记录。", "done")
        return redirect(url_for("desk.searches", code=moved.agency, number=number), 303)
    return _page(gongkai().reading.case(staff, number), staff, attempt), status


def read_search(posted: Mapping[str, str]) -> dict[str, Any]:
    """The fields of record_search from a posted form. Raises BadInput for what is no number."""
    fields = read_event(SEARCH, {key: value for key, value in posted.items() if key != "asked"})
    asked = list(_asked(posted).values())
    return {**fields, "asked": asked} if asked else fields


def _asked(posted: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The rows of units that have something in them."""
    found = {}
    for row in range(UNITS):
        typed = {part: posted.get(f"asked-{row}-{part}", "").strip() for part in PARTS}
        if any(typed.values()):
            found[row] = {part: text for part, text in typed.items() if text}
    return found


def _problem(field: str, message: str, posted: Mapping[str, str]) -> Problem:
    """A finding at its input: asked.0.told.unit at the unit of the first row that was filled in."""
    inner = re.fullmatch(r"asked\.(\d+)(?:\.told)?(?:\.(\w+))?", field)
    if inner:
        part = inner[2] if inner[2] in PARTS else "unit"
        row = [*_asked(posted), 0][int(inner[1])]
        return Problem(f"search-asked-{row}-{part}", "询问的单位", message)
    name = field.partition(".")[0]
    known = name in ev.RecordSearch.model_fields
    return Problem(
        f"search-{name}", ev.field_title(SEARCH, name).split("（")[0] if known else "", message
    )


def _page(file: CaseFile, staff: Staff, attempt: Attempt | None = None) -> str:
    today, law = gongkai().office.today(), load_law()
    mine = next((one for one in file.possible if one.event == SEARCH), None)
    lines = [line for line in file.holding if line.event == SEARCH]
    names = file.items or (file.title,)
    shelf = gongkai().files.beside(staff, file)
    posted = attempt.posted if attempt else _begin(names, today)
    return render_template(
        "desk/searches.html",
        file=file,
        items=[
            Item(
                n,
                text,
                [line for line in lines if line.fields.get("item") in (n, None)],
                weak_points(file.case, n, today),
                _rests(file, n),
            )
            for n, text in enumerate(names, 1)
        ],
        said=lambda line: wording.said(SEARCH, line.fields),
        people=gongkai().office.names_of({line.actor for line in lines}),
        may=attempt is not None or bool(mine and mine.allowed),
        why=mine.refusal if mine else None,
        typed=posted,
        attempt=attempt,
        since=[
            line
            for line in file.log
            if attempt and attempt.seen is not None and line.seq > attempt.seen
        ],
        errors={one.anchor.removeprefix("search-"): one.message for one in attempt.problems}
        if attempt
        else {},
        hints=law.transitions[SEARCH].hints,
        files=[one for one in shelf.files if one.readable],
        units=range(UNITS),
        once=secrets.token_urlsafe(16),
        prints=permitted(staff, "draft_letter", file.agency),
    )


def _begin(names: Sequence[str], today: date) -> dict[str, str]:
    """What an empty form holds: the day, the item that the address names, and the words of the applicant, which
    are searched first."""
    asked = request.args.get("item", "")
    item = 1 if len(names) == 1 else whole(asked) if asked.isdecimal() and len(asked) < 4 else 0
    words = names[item - 1] if 0 < item <= len(names) else ""
    return {"on": today.isoformat(), "item": asked, "keywords": words}


def _rests(file: CaseFile, number: int) -> bool:
    """Whether the answer to an item rests on a search that found nothing (条例36(4))."""
    code = file.answer.get(number) or (file.outcome if not file.answer else None)
    return bool(code and "search_record" in load_law().outcomes[code].needs)
