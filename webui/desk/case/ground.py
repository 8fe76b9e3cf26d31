"""The ground wizard of an item: plain questions one after the other, to an outcome with its ground.

Nothing is kept: the answers stand in the address, and what was typed into the proposal goes along in the
form, never in the address.
"""

from collections.abc import Mapping

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from config.law import Outcome, load_law
from config.law.wizard import Explained
from webui.desk.case.address import of_case
from webui.desk.case.outcome_form import typed_before
from webui.desk.case.page import page_with_draft
from webui.here import gongkai
from webui.numbers import whole
from workflow import events as ev
from workflow.people import Staff
from workflow.rules.wizard import typed_by, walk
from workflow.service import Missing
from workflow.service.cases.views import CaseFile

CARRIED = ("on", "outcome", "reason", "note")
MOST_ANSWERS, MOST_CARRIED, MOST_TEXT = 40, 2000, 4000
PROPOSE = ev.ProposeOutcome.name


@of_case("/ground")
def ground(staff: Staff, number: str) -> ResponseReturnValue:
    """The next question, or where the answers lead."""
    return _page(gongkai().reading.case(staff, number), {})


@of_case("/ground", "POST")
def carry_ground(staff: Staff, number: str) -> ResponseReturnValue:
    """The same with what was typed into the proposal; at the end the proposal, with the item filled in where
    nothing was typed."""
    file, typed = gongkai().reading.case(staff, number), _typed(request.form)
    if not request.form.get("use"):
        return _page(file, typed)
    item, end = _item(file), walk(load_law(), _path()).end
    if end is None:
        return _page(file, typed)
    found, prefix = {**typed_before(file), **typed}, f"items-{item}-"
    said = typed_by(load_law(), end)
    for name in ("outcome", "subtype"):
        found.pop(prefix + name, None)
    for name, text in said.items():
        found[prefix + name] = found.get(prefix + name) or text
    flash(f"第 {item} 项已按逐步判断的结果填写；您已经写的没有改动。【】里的内容请补上。", "done")
    return page_with_draft(file, staff, found)


def _page(file: CaseFile, typed: Mapping[str, str]) -> str:
    law, item, path = load_law(), _item(file), _path()
    stand = walk(law, path)
    outcome = law.outcomes[stand.end.outcome] if stand.end and stand.end.outcome else None
    said = typed_by(law, stand.end) if stand.end else {}
    may = any(one.event == PROPOSE for one in file.allowed)
    return render_template(
        "desk/ground.html",
        file=file,
        item=item,
        text=(file.items or (file.title,))[item - 1],
        stand=stand,
        path=path,
        dotted=lambda *numbers: ".".join(map(str, numbers)),
        outcome=outcome,
        said=[
            (ev.field_title(PROPOSE, name), text)
            for name, text in said.items()
            if name not in ("outcome", "subtype")
        ],
        first=law.transitions[stand.end.event] if stand.end and stand.end.event else None,
        by=law.transitions[outcome.set_by] if outcome and outcome.set_by else None,
        subtype=law.words.subtypes[stand.end.outcome][stand.end.subtype]
        if stand.end and stand.end.outcome and stand.end.subtype
        else "",
        typed=typed,
        may=may,
        reachable=_reachable(stand.question.name if stand.question else None),
    )


def _reachable(name: str | None) -> list[tuple[Outcome, Explained]]:
    """Every outcome that the questions from here on may lead to, in the order of the table, explained."""
    law = load_law()
    ends = {last.outcome for _, last in law.wizard.paths(name)} if name else set()
    return [(one, law.wizard.outcomes[code]) for code, one in law.outcomes.items() if code in ends]


def _item(file: CaseFile) -> int:
    """The item that is asked about. Raises Missing for one that the case does not have."""
    item = request.args.get("item", 1, type=whole)
    if not 1 <= (item or 0) <= max(1, len(file.items)):
        raise Missing("没有这一项")
    return int(item or 1)


def _path() -> tuple[int, ...]:
    parts = request.args.get("path", "").split(".")[:MOST_ANSWERS]
    return tuple(
        int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 3
    )


def _typed(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the proposal, without what the form itself has."""
    names = [name for name in posted if name in CARRIED or name.startswith("items-")]
    return {name[:100]: posted[name][:MOST_TEXT] for name in names[:MOST_CARRIED] if posted[name]}
