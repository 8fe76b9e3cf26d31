"""What to do next with a case: the usual step of its state first, then the others."""

from collections.abc import Iterable

from config.law import load_law
from workflow.machine import Possibility

USUAL: dict[str, tuple[str, ...]] = {
    "submitted": ("receive", "reroute"),
    "registered": ("assign", "require_correction"),
    "awaiting_correction": ("correct", "lapse_correction"),
    "awaiting_reasons": ("give_reasons", "propose_outcome"),
    "processing": ("propose_outcome", "record_search", "record_opinion", "consult_third_party"),
    "awaiting_payment": ("pay_fee", "lapse_fee"),
    "drafted": ("send_to_secrecy_review", "pass_legal_check", "propose_outcome", "record_search"),
    "secrecy_review": ("record_ruling", "pass_secrecy_review", "return_from_secrecy_review"),
    "legal_check": ("pass_legal_check", "return_draft"),
    "approval": ("approve", "return_draft"),
    "ready": ("serve", "service_failed"),
    "served": ("archive",),
    "closed": ("archive",),
}
SELDOM = ("withdraw", "service_failed", "void")
PURPOSE = {
    "receive": "登记之后开始计算期限",
    "reroute": "只能在收到之前",
    "require_correction": "内容不明确的，一次性告知；计时停止",
    "correct": "收到之日起重新计算期限",
    "assign": "交给承办科室办理",
    "consult_third_party": "可能损害第三方合法权益时；等待的时间不计",
    "consult_joint_agency": "与其他机关共同制作的信息",
    "consult_other_agency": "需要其他机关提供意见时",
    "record_opinion": "对方答复，或者期限届满未答复",
    "record_search": "在哪里、用什么词、查到几件",
    "propose_outcome": "逐项写明答复类型、依据和理由",
    "send_to_secrecy_review": "公开之前，以及依据第十四至十六条不予公开之前",
    "extend": "以一次为限，最多 20 个工作日",
    "serve": "登记送达方式和日期，计时结束",
    "withdraw": "申请人书面撤回时",
    "void": "测试或者录入错误；须另一人复核",
    "ask_reasons": "数量、频次明显超过合理范围时",
    "archive": "复议、诉讼都已审结之后",
}


def usual_step(state: str, possible: Iterable[Possibility]) -> str | None:
    """The event that usually comes next in a state, whoever does it: the first one that some person
    may do now."""
    by_event = {one.event: one for one in possible}
    for event in USUAL.get(state, ()):
        one = by_event.get(event)
        if one and (one.refusal is None or one.refusal.rule in ("not_your_role", "same_person")):
            return event
    return next(iter(USUAL.get(state, ())), None)


def in_order(state: str, allowed: list[Possibility]) -> list[Possibility]:
    """What the person may do: the usual steps first, the seldom ones last."""
    usual, law_order = USUAL.get(state, ()), list(load_law().transitions)

    def place(one: Possibility) -> tuple[int, int]:
        if one.event in usual:
            return 0, usual.index(one.event)
        return (2 if one.event in SELDOM else 1), law_order.index(one.event)

    return sorted(allowed, key=place)
