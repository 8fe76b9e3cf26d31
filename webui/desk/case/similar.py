"""Earlier answers to requests that are alike, side by side; and a proposal begun from one of them."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from webui import wording
from webui.desk.case.address import of_case
from webui.desk.case.outcome_form import followed, typed_before
from webui.desk.case.page import page_with_draft
from webui.desk.case.proof import answers_of
from webui.here import gongkai
from workflow import events as ev
from workflow.people import Staff
from workflow.refusal import Refusal, Refused
from workflow.service.cases.similar import Earlier, nearest

PROPOSE = ev.ProposeOutcome.name


@of_case("/similar")
def similar(staff: Staff, number: str) -> ResponseReturnValue:
    """The case beside the answers to the requests that are most alike."""
    return _page(staff, number)


def _page(staff: Staff, number: str, refusal: Refusal | None = None) -> str:
    file, near = gongkai().similar.to(staff, number)
    last = next((line.fields for line in reversed(file.holding) if line.event == PROPOSE), {})
    return render_template(
        "desk/similar.html",
        file=file,
        near=near,
        refusal=refusal,
        mine=answers_of(last, file.items),
        remedy=wording.REMEDIES.get(file.remedy or ""),
        answers=lambda one: answers_of(one.proposal, one.items),
        then=_then,
        may=file.kind == "application" and any(one.event == PROPOSE for one in file.allowed),
    )


@of_case("/similar", "POST")
def follow(staff: Staff, number: str) -> ResponseReturnValue:
    """The page of the case with its proposal filled in from an earlier answer, and nothing written. What was typed
    before stays where the earlier one says nothing."""
    other = request.form.get("number", "")[:32]
    try:
        file, earlier = gongkai().similar.answer_of(staff, number, other)
    except Refused as error:
        return _page(staff, number, error.refusal), 409
    typed = typed_before(file)
    for place, text in enumerate(file.items, 1):
        typed |= followed(dict(earlier.proposal), place, nearest(text, earlier.items))
    flash(
        f"已按 {earlier.number} 号答复的类型和理由填写，还没有登记。事实、依据和日期请按这件申请逐项核对，再提交拟办。",
        "done",
    )
    return page_with_draft(file, staff, typed)


def _then(one: Earlier) -> list[tuple[str, bool]]:
    """What became of an answer, in words, each with whether it fell by it."""
    kinds = {"review": "行政复议", "suit": "行政诉讼"}
    found = []
    for said in one.disputes:
        day = f"（{wording.said_day(said.on)}）" if said.on else ""
        found.append((f"{kinds[said.kind]}：{said.result or '还在审理'}{day}", said.corrected))
    return found
