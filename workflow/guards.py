"""Guards: the named conditions of the transition table, one sentence each.

A guard answers a question (case, event, actor, day) with None or a refusal. Where the event's fields
are not known yet, it answers as far as the case alone allows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow import clock
from workflow import events as ev
from workflow.dates import in_words
from workflow.evidence import drafting_gaps, gaps, needs_secrecy_review
from workflow.outcomes import OfficerMustChoose, answer_of
from workflow.refusal import Refusal

if TYPE_CHECKING:
    from workflow.case import Case
    from workflow.machine import Actor


@dataclass(frozen=True, slots=True)
class Question:
    """May this event happen to this case, by this actor, on this day?"""

    case: "Case"
    name: str
    event: ev.Event | None
    actor: "Actor | None"
    on: date


Answer = Callable[[Question], Refusal | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition; its sentence is what a lawyer reads beside the table."""

    name: str
    sentence: str
    ask: Answer


GUARDS: dict[str, Guard] = {}


def guard(function: Answer) -> Answer:
    """Register a guard under its function's name; its docstring is its sentence."""
    name = function.__name__
    GUARDS[name] = Guard(name, (function.__doc__ or "").strip(), function)
    return function


# -- receipt and correction -------------------------------------------------------------------------


@guard
def confirmed_not_before_submission(q: Question) -> Refusal | None:
    """双方确认之日不早于提交之日。"""
    if isinstance(q.event, ev.Receive) and q.event.confirmed_on and q.event.confirmed_on < q.event.on:
        return Refusal(
            "bad_field", "条例31", "双方确认之日早于提交之日", "请填写提交当日或者以后的日期", "confirmed_on"
        )
    return None


@guard
def not_received_yet(q: Question) -> Refusal | None:
    """收到之后不能转办，只能答复。"""
    if q.case.received_on is not None:
        return Refusal(
            "too_late", "条例31、36(5)", "申请已经收到，不能再转办", "请按“非本机关负责公开”答复并告知其他机关"
        )
    return None


@guard
def within_reply_period(q: Question) -> Refusal | None:
    """须在答复期限届满之前。"""
    due = q.case.deadlines.reply_due
    if due is not None and q.on > due:
        return Refusal(
            "too_late",
            _article(q),
            f"答复期限已于 {in_words(due)} 届满",
            f"发生日期不晚于 {in_words(due)}；逾期的请尽快答复",
            "on",
        )
    return None


@guard
def correction_round_left(q: Question) -> Refusal | None:
    """补正须一次性告知，次数不超过设置。"""
    most = int(q.case.rules["max_correction_rounds"])
    if q.case.facts.corrections >= most:
        return Refusal(
            "setting_forbids",
            "条例30",
            f"已经通知过 {q.case.facts.corrections} 次补正，应当一次性告知",
            f"设置“补正最多几次”现为 {most}；仍不明确的可按“补正后仍不明确”答复",
        )
    return None


@guard
def correction_deadline_after_notice(q: Question) -> Refusal | None:
    """补正截止日须在申请人收到通知之后。"""
    if not isinstance(q.event, ev.RequireCorrection):
        return None
    if q.event.reached_on < q.event.on:
        return Refusal("bad_field", "条例30", "收到通知之日早于发出之日", "请检查两个日期", "reached_on")
    if q.event.deadline_on and q.event.deadline_on <= q.event.reached_on:
        return Refusal(
            "bad_field", "条例30", "补正截止日不在收到通知之后", "请给申请人留出合理的期限", "deadline_on"
        )
    return None


@guard
def correction_not_too_late(q: Question) -> Refusal | None:
    """逾期的补正是否接受由设置决定。"""
    due = q.case.deadlines.correction_due
    if due and q.on > due and q.case.rules["late_correction"] == "reject":
        return Refusal(
            "too_late", "条例30", f"补正期限已于 {in_words(due)} 届满", "设置“逾期收到的补正”为接受时"
        )
    return None


@guard
def correction_deadline_passed(q: Question) -> Refusal | None:
    """补正期限届满后才能终止。"""
    due = q.case.deadlines.correction_due
    if due is not None and q.on <= due:
        return Refusal(
            "too_early", "条例30", f"补正期限到 {in_words(due)} 才届满", f"{in_words(due)} 的次日起", "on"
        )
    return None


# -- reasons (art 35) ---------------------------------------------------------------------------------


@guard
def reasons_not_yet_asked(q: Question) -> Refusal | None:
    """要求说明理由以一次为限。"""
    if q.case.facts.reasons_asked:
        return Refusal("already_done", "条例35", "已经要求说明过理由", "请根据申请人的说明作出判断")
    return None


@guard
def reasons_accepted(q: Question) -> Refusal | None:
    """申请人的理由合理时才能延迟答复。"""
    if q.case.facts.reasons_accepted is not True:
        return Refusal(
            "missing_evidence",
            "条例35",
            "没有申请人说明的合理理由",
            "先“要求说明理由”，收到说明并认为合理之后",
        )
    return None


@guard
def delayed_day_is_later(q: Question) -> Refusal | None:
    """延迟答复的日期须晚于现在的期限。"""
    due = q.case.deadlines.reply_due
    if isinstance(q.event, ev.DelayReply) and due and q.event.until <= due:
        return Refusal(
            "bad_field", "条例35", f"延迟的日期不晚于现在的期限 {in_words(due)}", "请填写更晚的日期", "until"
        )
    return None


@guard
def reasons_answered_or_overdue(q: Question) -> Refusal | None:
    """正在等申请人说明理由时，只有逾期不说明才能按大量反复申请处理。"""
    if q.case.state != "awaiting_reasons":
        return None
    deadline = q.case.facts.reasons_deadline
    chosen = q.event.outcome if isinstance(q.event, ev.ProposeOutcome) else None
    if deadline is None or q.on <= deadline or chosen not in (None, "excessive"):
        return Refusal(
            "too_early",
            "条例35",
            "正在等申请人说明理由",
            "登记申请人的说明之后；或者说明理由的期限届满，拟按“无正当理由大量反复申请”答复",
        )
    return None


# -- consultations and rulings ------------------------------------------------------------------------


@guard
def consultation_number_is_free(q: Question) -> Refusal | None:
    """每次征求意见有自己的序号。"""
    if isinstance(q.event, ev.Consultation):
        number = q.event.consultation
        if number in q.case.facts.consultations:
            return Refusal(
                "already_done", _article(q), f"第 {number} 次征求意见已经登记", "请换一个序号", "consultation"
            )
        if q.event.reached_on and q.event.reached_on < q.event.on:
            return Refusal("bad_field", _article(q), "对方收到之日早于发出之日", "请检查两个日期", "reached_on")
    return None


@guard
def consultation_is_open(q: Question) -> Refusal | None:
    """须有尚未收到意见的征求意见。"""
    waiting = [n for n, c in q.case.facts.consultations.items() if c.answered_on is None]
    if isinstance(q.event, ev.RecordOpinion):
        if q.event.consultation in waiting:
            return None
        known = q.event.consultation in q.case.facts.consultations
        message = "已经登记过意见" if known else "没有登记过"
        return Refusal(
            "already_done" if known else "bad_field",
            _article(q),
            f"第 {q.event.consultation} 次征求意见{message}",
            "请检查征求意见的序号",
            "consultation",
        )
    if not waiting:
        return Refusal("not_in_this_state", _article(q), "没有正在等待的征求意见", "先登记征求意见")
    return None


@guard
def opinion_after_dispatch(q: Question) -> Refusal | None:
    """收到意见不早于发出征求意见。"""
    if isinstance(q.event, ev.RecordOpinion):
        sent = q.case.facts.consultations[q.event.consultation].sent_on
        if q.on < sent:
            return Refusal(
                "bad_field", _article(q), f"收到意见早于发出征求意见的 {in_words(sent)}", "请检查日期", "on"
            )
    return None


@guard
def silence_only_after_deadline(q: Question) -> Refusal | None:
    """逾期未答复须等对方期限届满。"""
    if isinstance(q.event, ev.RecordOpinion) and q.event.opinion == "none":
        deadline = q.case.facts.consultations[q.event.consultation].deadline
        if deadline and q.on < deadline:
            return Refusal(
                "too_early",
                _article(q),
                f"对方的期限到 {in_words(deadline)} 才届满",
                f"{in_words(deadline)} 届满之后",
                "on",
            )
    return None


@guard
def no_open_consultation(q: Question) -> Refusal | None:
    """没有仍在等待的征求意见。"""
    for number, consultation in q.case.facts.consultations.items():
        if consultation.is_open(q.on):
            until = consultation.deadline
            when = f"，或者对方期限 {in_words(until)} 届满之后" if until else ""
            return Refusal(
                "open_consultation",
                "条例32、34",
                f"第 {number} 次征求意见尚未收到意见",
                f"登记收到的意见之后{when}",
            )
    return None


@guard
def third_party_did_not_agree(q: Question) -> Refusal | None:
    """只有第三方不同意时才需要决定公开并书面告知。"""
    if not isinstance(q.event, ev.OverrideThirdParty):
        refused = [c for c in q.case.facts.consultations.values() if c.kind == "consult_third_party"]
        if any(c.opinion in ("objects", "none") for c in refused):
            return None
    else:
        found = q.case.facts.consultations.get(q.event.consultation)
        if found and found.kind == "consult_third_party" and found.opinion in ("objects", "none"):
            return None
    return Refusal(
        "not_in_this_state", "条例32", "没有第三方不同意公开的意见", "征求第三方意见，对方不同意或者逾期未答复之后"
    )


@guard
def no_open_ruling(q: Question) -> Refusal | None:
    """没有正在等待的保密确定意见。"""
    if q.case.facts.ruling_open:
        return Refusal("not_in_this_state", "条例17", "正在等保密部门的确定意见", "登记收到的确定意见之后")
    return None


@guard
def ruling_was_asked(q: Question) -> Refusal | None:
    """报请之后才有确定意见。"""
    if not q.case.facts.ruling_open:
        return Refusal("not_in_this_state", "条例17", "没有报请过保密部门确定", "先“报请保密部门确定”")
    return None


# -- extension and fees --------------------------------------------------------------------------------


@guard
def not_yet_extended(q: Question) -> Refusal | None:
    """延期以一次为限。"""
    again = q.case.rules["extension_again_after_restart"]
    used = q.case.deadlines.extra_workdays > 0 or (q.case.facts.extensions > 0 and not again)
    if used:
        return Refusal("already_done", "条例33(2)", "已经延长过一次", "答复期限只能延长一次")
    return None


@guard
def notice_served_in_time(q: Question) -> Refusal | None:
    """延期须在答复期限届满前经负责人批准并告知申请人，最多 20 个工作日。"""
    due = q.case.deadlines.reply_due
    served = q.event.reached_on or q.on if isinstance(q.event, ev.Extend) else q.on
    if due is not None and max(q.on, served) > due:
        return Refusal(
            "too_late",
            "条例33(2)",
            f"答复期限到 {in_words(due)} 为止，此后批准或者告知的延期无效",
            f"批准并告知申请人不晚于 {in_words(due)}",
            "reached_on" if served > q.on else "on",
        )
    if isinstance(q.event, ev.Extend):
        most = q.case.rules.period("extension_max", q.on)
        if q.event.days > most:
            return Refusal(
                "bad_field", "条例33(2)", f"延长不得超过 {most} 个工作日", f"请填写 1 到 {most}", "days"
            )
        if served < q.on:
            return Refusal("bad_field", "条例33(2)", "告知申请人早于批准", "请检查两个日期", "reached_on")
    return None


@guard
def fee_policy_allows(q: Question) -> Refusal | None:
    """本机关的收费设置允许这种计费方式。"""
    policy = q.case.rules["fee_policy"]
    mode = q.event.mode if isinstance(q.event, ev.ChargeFee) else None
    if policy == "off" or (policy != "choose" and mode not in (None, policy)):
        return Refusal(
            "setting_forbids",
            "条例42；国办函〔2020〕109号",
            "本机关没有设置收取信息处理费" if policy == "off" else "本机关的设置是另一种计费方式",
            "设置“信息处理费”允许之后",
            "mode",
        )
    return None


@guard
def not_yet_charged(q: Question) -> Refusal | None:
    """一份申请只通知一次缴费。"""
    if q.case.facts.charged:
        return Refusal("already_done", "国办函〔2020〕109号3", "已经通知过缴费", "一份申请只收费一次")
    return None


@guard
def fee_not_lapsed(q: Question) -> Refusal | None:
    """缴费须在期限内。"""
    due = q.case.deadlines.fee_due
    if due and q.on > due:
        return Refusal(
            "too_late", "国办函〔2020〕109号6", f"缴费期限已于 {in_words(due)} 届满", "请办理“逾期不缴费”", "on"
        )
    return None


@guard
def fee_deadline_passed(q: Question) -> Refusal | None:
    """缴费期限届满后才能终止。"""
    due = q.case.deadlines.fee_due
    if due and q.on <= due:
        return Refusal(
            "too_early",
            "国办函〔2020〕109号6",
            f"缴费期限到 {in_words(due)} 才届满",
            f"{in_words(due)} 的次日起",
            "on",
        )
    return None


# -- the answer ----------------------------------------------------------------------------------------


@guard
def outcome_is_chosen(q: Question) -> Refusal | None:
    """须选定答复类型，每一项申请都有答复。"""
    event = q.event
    if not isinstance(event, ev.ProposeOutcome):
        return None
    known = q.case.rules.law.outcomes
    for index, code in enumerate([event.outcome, *(item.outcome for item in event.items or ())]):
        if code is not None and code not in known:
            field = "outcome" if index == 0 else f"items.{index - 1}.outcome"
            return Refusal("bad_field", "条例36", f"没有名为“{code}”的答复类型", "请从列表中选择", field)
    if event.outcome is None and not event.items:
        return Refusal("bad_field", "条例36", "请选择答复类型", "选择一种答复类型，或者逐项选择", "outcome")
    return _items_fit(q, event)


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
        return Refusal("bad_field", "条例36", f"第 {listed} 项还没有答复", "逐项填写答复类型", "items")
    rules = q.case.rules
    try:
        derived = answer_of(event.model_copy(update={"outcome": None}), rules.law, rules.settings).outcome
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
    """逾期不补正、逾期不缴费、撤回由各自的事项产生，不作为拟办意见。"""
    if not isinstance(q.event, ev.ProposeOutcome):
        return None
    law = q.case.rules.law
    for code in [q.event.outcome, *(item.outcome for item in q.event.items or ())]:
        if code is not None and law.outcomes[code].set_by:
            label = law.transitions[str(law.outcomes[code].set_by)].label
            return Refusal(
                "bad_field", law.outcomes[code].basis, f"这种结果由“{label}”产生", f"请办理“{label}”", "outcome"
            )
    return None


@guard
def grounds_are_stated(q: Question) -> Refusal | None:
    """拟稿时写明事实、依据和理由，不能只贴标签。"""
    if not isinstance(q.event, ev.ProposeOutcome):
        return None
    rules = q.case.rules
    found = drafting_gaps(q.case, answer_of(q.event, rules.law, rules.settings), q.on)
    return found[0] if found else None


@guard
def secrecy_review_is_done(q: Question) -> Refusal | None:
    """公开以及依据第十四至十六条不予公开的，须先经保密审查。"""
    facts = q.case.facts
    if facts.answer and not facts.secrecy_passed and needs_secrecy_review(facts.answer, q.case.rules.law):
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
def evidence_is_complete(q: Question) -> Refusal | None:
    """签发之前，答复所需的证据都已在卷。"""
    found = gaps(q.case, q.on)
    return found[0] if found else None


# -- service and afterwards ----------------------------------------------------------------------------


@guard
def postal_enterprise_only(q: Question) -> Refusal | None:
    """公文只能交邮政企业寄递。"""
    if not isinstance(q.event, ev.Serve) or q.event.method != "mail" or not q.event.carrier:
        return None
    postal = q.case.rules.law.words.carriers["postal"]
    if any(name in q.event.carrier.lower() for name in postal):
        return None
    return Refusal(
        "bad_field",
        "邮政法55；国办公开办函〔2016〕235号",
        f"“{q.event.carrier}”不是邮政企业，不得寄递国家机关公文",
        "交中国邮政寄送",
        "carrier",
    )


@guard
def served_after_approval(q: Question) -> Refusal | None:
    """送达不早于签发。"""
    approved = q.case.facts.approved_on
    if isinstance(q.event, ev.Serve) and approved:
        effective = clock.effective_service(q.event)
        if effective < approved:
            return Refusal(
                "too_early",
                "条例45",
                f"送达日期早于签发的 {in_words(approved)}",
                f"{in_words(approved)} 或者以后",
                "on",
            )
    return None


@guard
def third_party_was_told(q: Question) -> Refusal | None:
    """第三方不同意而仍然公开的，须先书面告知第三方。"""
    answer = q.case.facts.answer
    if answer is None or q.case.rules.law.outcomes[answer.outcome].cls != "disclose":
        return None
    for number, found in q.case.facts.consultations.items():
        if found.kind == "consult_third_party" and found.opinion == "objects" and not found.overridden_on:
            return Refusal(
                "missing_evidence",
                "条例32",
                f"第 {number} 次征求意见中第三方不同意公开，还没有书面告知决定公开的内容和理由",
                "“决定公开并告知第三方”之后",
            )
    return None


@guard
def second_person_is_another(q: Question) -> Refusal | None:
    """作废须由另一人复核。"""
    if isinstance(q.event, ev.Void) and q.actor and q.event.second_person == q.actor.name:
        return Refusal(
            "same_person", "条例45", "复核人不能是自己", "填写另一位工作人员的用户名", "second_person"
        )
    return None


@guard
def answered_or_overdue(q: Question) -> Refusal | None:
    """已经答复，或者逾期不答复，才有复议和诉讼。"""
    if q.case.rules.law.stage(q.case.state) == "done":
        return None
    due = q.case.deadlines.reply_due
    if due is not None and q.on > due:
        return None
    when = f"答复之后；或者答复期限 {in_words(due)} 届满之后" if due else "答复之后"
    return Refusal("too_early", _article(q), "申请还在办理期限之内", when, "on")


@guard
def proceeding_number_is_free(q: Question) -> Refusal | None:
    """每个复议、诉讼案件有自己的序号。"""
    kind = _proceeding_kind(q.name)
    number = getattr(q.event, "proceeding", None)
    if number is not None and (kind, number) in q.case.facts.proceedings:
        return Refusal(
            "already_done", _article(q), f"第 {number} 个案件已经登记", "请换一个序号", "proceeding"
        )
    return None


@guard
def appeal_follows_a_judgment(q: Question) -> Refusal | None:
    """二审之前须有一审结果。"""
    if isinstance(q.event, ev.FileSuit) and q.event.instance == "appeal":
        judged = [p for (k, _), p in q.case.facts.proceedings.items() if k == "suit" and p.concluded_on]
        if not judged:
            return Refusal(
                "missing_evidence", "行政诉讼法85", "没有一审的结果", "先登记一审结案", "instance"
            )
    return None


@guard
def review_is_open(q: Question) -> Refusal | None:
    """须有尚未审结的复议，结果须是规定的一种。"""
    return _proceeding_is_open(q, "review", "复议")


@guard
def suit_is_open(q: Question) -> Refusal | None:
    """须有尚未审结的诉讼，结果须是规定的一种。"""
    return _proceeding_is_open(q, "suit", "诉讼")


def _proceeding_is_open(q: Question, kind: str, word: str) -> Refusal | None:
    if q.event is None:
        if any(k == kind and p.concluded_on is None for (k, _), p in q.case.facts.proceedings.items()):
            return None
        return Refusal("not_in_this_state", _article(q), f"没有尚未审结的{word}", f"先登记{word}")
    assert isinstance(q.event, ev.ConcludeReview | ev.ConcludeSuit)
    if (kind, q.event.result) not in q.case.rules.law.results:
        return Refusal("bad_field", _article(q), f"没有名为“{q.event.result}”的结果", "请从列表中选择", "result")
    found = q.case.open_proceeding(kind, q.event.proceeding)
    if found is None:
        return Refusal(
            "not_in_this_state",
            _article(q),
            f"没有这样一个尚未审结的{word}",
            f"先登记{word}；有几个未审结的，请填写序号",
            "proceeding",
        )
    if q.on < found.filed_on:
        return Refusal("bad_field", _article(q), "结案早于立案", "请检查日期", "on")
    return None


@guard
def a_proceeding_corrected_the_reply(q: Question) -> Refusal | None:
    """有纠正结果的复议或者诉讼，才有责令重新答复。"""
    results = q.case.rules.law.results
    for (kind, _), found in q.case.facts.proceedings.items():
        if found.result and results[(kind, found.result)].cell == "corrected":
            return None
    return Refusal(
        "missing_evidence", "行政复议法64；行政诉讼法70", "没有纠正原答复的复议决定或者判决", "登记纠正的结果之后"
    )


@guard
def no_open_proceeding(q: Question) -> Refusal | None:
    """复议、诉讼审结之后才能归档。"""
    for (kind, number), found in q.case.facts.proceedings.items():
        if found.concluded_on is None:
            word = "复议" if kind == "review" else "诉讼"
            return Refusal("too_early", "条例45", f"第 {number} 个{word}尚未审结", "结案之后")
    return None


def _proceeding_kind(event: str) -> str:
    return "review" if event.endswith("review") else "suit"


def _article(q: Question) -> str:
    return q.case.rules.law.transitions[q.name].basis
