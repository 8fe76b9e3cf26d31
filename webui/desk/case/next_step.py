"""What to do next with a case: the usual step of its state first, then the others."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.law import load_law
from workflow.case.machine import Possibility

USUAL: dict[str, tuple[str, ...]] = {
    "submitted": ("receive", "reroute"),
    "registered": ("assign", "require_correction"),
    "awaiting_correction": ("correct", "lapse_correction"),
    "awaiting_reasons": ("give_reasons", "propose_outcome"),
    "processing": ("propose_outcome", "record_search", "record_opinion", "consult_third_party"),
    "awaiting_payment": ("pay_fee", "lapse_fee"),
    "drafted": ("send_to_secrecy_review", "pass_legal_check", "propose_outcome", "record_search"),
    "secrecy_review": ("pass_secrecy_review", "record_ruling", "return_from_secrecy_review"),
    "legal_check": ("pass_legal_check", "return_draft"),
    "approval": ("approve", "return_draft"),
    "ready": ("serve", "service_failed"),
    "served": ("archive",),
    "closed": ("archive",),
}
ENDED = ("served", "closed", "archived", "rerouted", "voided")
SELDOM = ("withdraw", "service_failed", "merge_duplicate", "void")
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
    "merge_duplicate": "同一申请人就相同内容又提出的",
    "charge_fee": "超过合理的数量、频次时；须在答复期限之内",
    "delay_reply": "理由合理、但无法按期答复的",
    "override_third_party": "公共利益需要公开，第三方不同意的",
    "ask_ruling": "是否涉密、属于何种密级不明确的",
    "order_redo": "复议决定或者判决责令重新答复的；另立一件办理",
}

# What the person does, as the worklist and the case page say it.
DOING = {
    "receive": "与申请人确认，登记收到",
    "assign": "交办；内容不明确的通知补正",
    "correct": "补正",
    "give_reasons": "说明理由",
    "propose_outcome": "查找信息，提出拟办意见",
    "record_opinion": "登记收到的意见",
    "pay_fee": "缴费",
    "send_to_secrecy_review": "送保密审查",
    "pass_secrecy_review": "保密审查",
    "record_ruling": "登记保密部门的确定意见",
    "pass_legal_check": "合法性审核",
    "approve": "签发",
    "serve": "送达答复并登记",
    "archive": "归档",
    "lapse_correction": "终止办理（逾期不补正）",
    "lapse_fee": "终止办理（逾期不缴费）",
}
WAITING = "等对方答复意见，收到后登记"
# Where the label of the event is no verb.
BUTTONS = {
    "propose_outcome": "提交拟办意见",
    "record_search": "保存检索记录",
    "give_reasons": "登记申请人的说明",
    "pay_fee": "登记缴费",
    "correct": "登记收到补正",
    "lapse_correction": "终止办理",
    "lapse_fee": "终止办理",
    "service_failed": "登记送达未成",
    "record_opinion": "登记收到的意见",
    "record_ruling": "登记确定意见",
    "file_review": "登记复议",
    "conclude_review": "登记复议结案",
    "file_suit": "登记起诉",
    "conclude_suit": "登记诉讼结案",
    "order_redo": "登记责令重新答复",
    "withdraw": "登记撤回",
}
# The way that most cases go from here: shown among what is not possible yet.
WAY = (
    "receive", "assign", "propose_outcome", "send_to_secrecy_review", "pass_secrecy_review",
    "pass_legal_check", "approve", "serve", "archive",
)  # fmt: skip


@dataclass(frozen=True)
class NotNow:
    """What is not possible now: on the way or forbidden by a rule; for others to do; far from here."""

    near: list[Possibility]
    others: list[Possibility]
    far: list[Possibility]

    def __len__(self) -> int:
        return len(self.near) + len(self.others) + len(self.far)


def not_now(state: str, blocked: Iterable[Possibility]) -> NotNow:
    """Sort what is not possible by how much it matters to the reader."""
    found = NotNow([], [], [])
    for one in blocked:
        rule = one.refusal.rule if one.refusal else ""
        if rule == "not_your_role":
            found.others.append(one)
        elif rule == "not_in_this_state" and (one.event not in WAY or state in ENDED):
            found.far.append(one)
        else:
            found.near.append(one)
    found.near.sort(key=lambda one: WAY.index(one.event) if one.event in WAY else -1)
    return found


def doing(state: str, clock: str = "running") -> tuple[str, tuple[str, ...]]:
    """The usual next step of a state in words, and the roles that may take it."""
    if state == "processing" and clock == "excluding":
        return WAITING, load_law().transitions["record_opinion"].by
    event = next(iter(USUAL.get(state, ())), None)
    if event is None:
        return "", ()
    row = load_law().transitions[event]
    return DOING.get(event, row.label), row.by


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
