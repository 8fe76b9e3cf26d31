"""The words that a docket may leave out: neutral ones, marked as filled in, that point to the file."""

from typing import Any

from config.law import Law
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.evidence import missing_needs
from workflow.case.guards.grounds import is_bare_objection, is_label
from workflow.rules.outcomes import OfficerMustChoose, answer_of

FEWEST_PAGES = 31
"""The fewest pages that cost anything (国办函〔2020〕109号5)."""
_NEUTRAL = {
    "ground": ("ground", "事实和理由见卷内材料（随案卷补充）"),
    "citation": ("citation", "法律、行政法规的条款见卷内材料（随案卷补充）"),
    "address": ("address", "本机关门户网站（随案卷补充）"),
    "reason": ("reason", "说明见卷内材料（随案卷补充）"),
    "earlier_reply": ("earlier_reply", "此前答复（随案卷补充）"),
    "consultation_or_reason": (
        "no_consultation_reason",
        "不征求意见的理由见卷内材料（随案卷补充）",
    ),
    "redaction_log": ("redaction", "区分处理记录见卷内材料（随案卷补充）"),
}


def with_evidence(case: Case, event: ev.Event) -> tuple[ev.Event, tuple[str, ...]]:
    """The words that a proposal's outcome or a fee notice needs and the docket leaves out."""
    if isinstance(event, ev.ChargeFee) and event.pages is None and event.amount is None:
        by_page = "by_page" in (event.mode, case.rules["fee_policy"])
        if by_page and event.mode != "by_item":
            return event.model_copy(update={"pages": FEWEST_PAGES}), ("pages",)
    if not isinstance(event, ev.ProposeOutcome):
        return event, ()
    codes = [event.outcome, *(item.outcome for item in event.items or ())]
    if not any(codes) or any(code and code not in case.rules.law.outcomes for code in codes):
        return event, ()
    try:
        answer = answer_of(event, case.rules.law, case.rules.settings)
    except OfficerMustChoose:
        return event, ()
    added: dict[str, Any] = {}
    for _, need in missing_needs(case, answer, event.on):
        if need in _NEUTRAL:
            name, value = _NEUTRAL[need]
            added[name] = value
        elif need == "classification":
            added["classification"] = ev.Classification(level="秘密", body="定密机关", on=event.on)
        elif need == "subtype":
            added["subtype"] = "随案卷补充"
    if (fuller := _fuller(case.rules.law, event.ground)) != event.ground:
        added["ground"] = fuller
    items = tuple(
        item.model_copy(update={"ground": _fuller(case.rules.law, item.ground)})
        for item in event.items or ()
    )
    if items != (event.items or ()):
        added["items"] = items
    return (event.model_copy(update=added), tuple(added)) if added else (event, ())


def _fuller(law: Law, ground: str | None) -> str | None:
    """A ground that only names its kind, with a word on where the facts are."""
    if ground and (is_label(ground, law) or is_bare_objection(ground)):
        return f"{ground}；{_NEUTRAL['ground'][1]}"
    return ground
