"""Guards of the answer: its items, its grounds, its reviewers (条例17, 36 to 39, 45)."""

from workflow import events as ev
from workflow.case.evidence import drafting_gaps, gaps, needs_secrecy_review
from workflow.case.facts import CaseView
from workflow.case.guards.registry import Question, guard
from workflow.case.remedies import remedy_of_case
from workflow.dates import in_words
from workflow.refusal import Refusal
from workflow.rules.outcomes import OfficerMustChoose, answer_of

WITHDRAWN = "withdrawn"
"""The outcome of a withdrawal: of the whole by its event, of an item by the applicant's writing (decision 33)."""


@guard
def outcome_is_chosen(q: Question) -> Refusal | None:
    """须选定答复类型，每一项申请都有答复。"""
    event = q.event
    if not isinstance(event, ev.ProposeOutcome):
        return None
    if q.case.header.kind != "application" or event.result:
        found = _result_fits(q, event)
        if found is not None or event.result:
            return found
    known = q.case.rules.law.outcomes
    chosen = [("outcome", event.outcome)]
    chosen += [(f"items.{n}.outcome", item.outcome) for n, item in enumerate(event.items or ())]
    for field, code in chosen:
        if code is None:
            continue
        if code not in known:
            return Refusal(
                "bad_field", "条例36", f"没有名为“{code}”的答复类型", "请从列表中选择", field
            )
        if q.on < known[code].holds_from:
            first = in_words(known[code].holds_from)
            return Refusal(
                "too_early", known[code].basis, f"“{known[code].label}”自 {first}起施行",
                f"{first}以前选用其他答复类型", field,
            )  # fmt: skip
    if event.outcome is None and not event.items:
        return Refusal(
            "bad_field", "条例36", "请选择答复类型", "选择一种答复类型，或者逐项选择", "outcome"
        )
    return _items_fit(q, event)


def _result_fits(q: Question, event: ev.ProposeOutcome) -> Refusal | None:
    """The registers beside the applications (条例41, 44) have results of their own."""
    results = q.case.rules.law.words.kinds[q.case.header.kind].get("results", {})
    if event.result is None:
        return None
    if event.result not in results or event.outcome or event.items:
        return Refusal(
            "bad_field",
            q.article,
            f"这种事项没有“{event.result}”这种办理结果，或者与答复类型重复填写",
            f"只填一种：{'、'.join(results) or '答复类型'}",
            "result",
        )
    return None


def _items_fit(q: Question, event: ev.ProposeOutcome) -> Refusal | None:
    if not event.items:
        return None
    numbers = [item.item for item in event.items]
    asked = len(q.case.header.items)
    if len(set(numbers)) != len(numbers):
        return Refusal("bad_field", "条例36", "同一项有两个答复", "每项只填一个答复", "items")
    if asked and max(numbers) > asked:
        return Refusal("bad_field", "条例36", f"申请只有 {asked} 项", "请检查项的序号", "items")
    missing = [n for n in range(1, asked + 1) if n not in numbers]
    if missing:
        listed = "、".join(str(n) for n in missing)
        return Refusal(
            "bad_field", "条例36", f"第 {listed} 项还没有答复", "逐项填写答复类型", "items"
        )
    rules = q.case.rules
    try:
        derived = answer_of(
            event.model_copy(update={"outcome": None}), rules.law, rules.settings
        ).outcome
    except OfficerMustChoose as error:
        if event.outcome is None:
            return Refusal("bad_field", "条例36", str(error), "填写总的答复类型", "outcome")
        return None
    if event.outcome not in (None, derived) and not event.reason:
        return Refusal(
            "bad_field",
            "条例36",
            f"各项合起来应为“{rules.law.outcomes[derived].label}”，与所选的总的答复类型不同",
            "不填总的答复类型；或者写明另选的理由",
            "outcome",
        )
    return None


@guard
def outcome_may_be_proposed(q: Question) -> Refusal | None:
    """逾期不补正、逾期不缴费、撤回由各自的事项产生，不作为拟办意见；申请人书面撤回其中一项的，其余各项照常答复。"""
    if not isinstance(q.event, ev.ProposeOutcome):
        return None
    law, items = q.case.rules.law, q.event.items or ()
    of_items = [item.outcome for item in items]
    if WITHDRAWN in of_items and any(code != WITHDRAWN for code in of_items):
        silent = next(
            (item for item in items if item.outcome == WITHDRAWN and not item.reason), None
        )
        if silent is not None:
            return Refusal(
                "missing_evidence", "办理惯例", f"第 {silent.item} 项没有写明申请人哪天、怎样撤回的",
                "写明撤回的日期和书面材料，例如网上留言的日期", f"items.{items.index(silent)}.reason",
            )  # fmt: skip
        of_items = [code for code in of_items if code != WITHDRAWN]
    for code in [q.event.outcome, *of_items]:
        if code is not None and law.outcomes[code].set_by:
            label = law.transitions[str(law.outcomes[code].set_by)].label
            return Refusal(
                "bad_field",
                law.outcomes[code].basis,
                f"这种结果由“{label}”产生",
                f"请办理“{label}”",
                "outcome",
            )
    return None


@guard
def grounds_are_stated(q: Question) -> Refusal | None:
    """拟稿时写明事实、依据和理由，不能只贴标签。"""
    if not isinstance(q.event, ev.ProposeOutcome) or not (q.event.outcome or q.event.items):
        return None
    rules = q.case.rules
    found = drafting_gaps(q.case, answer_of(q.event, rules.law, rules.settings), q.on)
    return found[0] if found else None


@guard
def secrecy_review_is_done(q: Question) -> Refusal | None:
    """公开以及依据第十四至十六条不予公开的，须先经保密审查。"""
    facts = q.case.facts
    if (
        facts.answer
        and not facts.secrecy_passed
        and needs_secrecy_review(facts.answer, q.case.rules.law)
    ):
        return Refusal(
            "missing_evidence",
            "条例17；保密法实施条例42",
            "这种答复须先经保密审查",
            "“送保密审查”并由另一人通过之后",
        )
    return None


@guard
def reviewer_is_not_drafter(q: Question) -> Refusal | None:
    """保密审查人不能是拟稿人。"""
    return _another_person(q, "条例17；保密法实施条例42", "保密审查")


@guard
def signer_is_not_drafter(q: Question) -> Refusal | None:
    """签发人不能是拟稿人。"""
    return _another_person(q, "条例45", "签发")


def _another_person(q: Question, article: str, what: str) -> Refusal | None:
    if q.actor is not None and q.actor.name == q.case.facts.drafter:
        return Refusal(
            "same_person", article, f"您是这份答复的拟稿人，不能自己{what}", "由拟稿人以外的人办理"
        )
    return None


@guard
def returned_draft_was_changed(q: Question) -> Refusal | None:
    """退回的稿件，修改之后才能再送；不修改的，写明理由。"""
    returned = q.case.facts.returned
    if returned is None or q.event is None or q.event.note:
        return None
    if isinstance(q.event, ev.ProposeOutcome) and not _says_the_same(q.case, q.event):
        return None
    law = q.case.rules.law
    return Refusal(
        "missing_evidence",
        q.article,
        f"{in_words(returned.on)}“{law.transitions[returned.name].label}”之后，稿件没有改动",
        f"按退回的理由修改，重新“{law.transitions['propose_outcome'].label}”；"
        "不修改的，在备注中写明为什么",
        "note",
    )


_BESIDE = {"on", "note", "stands"}


def _says_the_same(case: CaseView, event: ev.ProposeOutcome) -> bool:
    last = next(e for e in reversed(case.events) if isinstance(e, ev.ProposeOutcome))
    return event.model_dump(exclude=_BESIDE) == last.model_dump(exclude=_BESIDE)


@guard
def returned_items_are_there(q: Question) -> Refusal | None:
    """退回的项须是申请的项，每项只写一次。"""
    items = q.event.items if isinstance(q.event, ev.ReturnDraft) else None
    numbers = [one.item for one in items or ()]
    asked = max(1, len(q.case.header.items))
    if len(set(numbers)) == len(numbers) and all(number <= asked for number in numbers):
        return None
    return Refusal(
        "bad_field", q.article, f"申请只有 {asked} 项，或者同一项退回了两次", "每项写一次", "items"
    )


@guard
def evidence_is_complete(q: Question) -> Refusal | None:
    """签发之前，答复所需的证据都已在卷。"""
    found = gaps(q.case, q.on)
    return found[0] if found else None


@guard
def remedy_is_complete(q: Question) -> Refusal | None:
    """签发之前，答复书中的复议机关、法院和网上申请复议的网址都不留空白。"""
    if q.case.papers_taken_as_there:
        return None
    missing = remedy_of_case(q.case, q.on).missing
    if not missing:
        return None
    settings = q.case.rules.law.settings
    named = "、".join(f"“{settings[name].label}”" for name in missing)
    return Refusal(
        "missing_evidence",
        "行政复议法22(2)、23(2)",
        f"还没有设置{named}，答复书中的救济途径不完整",
        f"在“设置”中填写{named}之后",
    )
