"""Guards of what ties a case to others: fees of a month, duplicates (条例36(6), 42)."""

from workflow import events as ev
from workflow.case.guards.registry import Question, guard
from workflow.case.number import order_of
from workflow.refusal import Refusal
from workflow.rules.fees import Fee, fee_by_item, fee_by_page, pages_of

FEE_ARTICLE = "条例42；国办函〔2020〕109号"


def mode_of(q: Question) -> str | None:
    """The way of charging: the one named, or the one that the body has chosen."""
    policy = str(q.case.rules["fee_policy"])
    mode = q.event.mode if isinstance(q.event, ev.ChargeFee) else None
    return mode or (policy if policy in ("by_item", "by_page") else None)


def fee_of(q: Question) -> Fee | None:
    """The fee that the ladder gives for the notice; None while pages or earlier requests are unknown."""
    if not isinstance(q.event, ev.ChargeFee):
        return None
    law = q.case.rules.law
    if mode_of(q) == "by_page":
        pages = q.event.pages
        if pages is None and q.event.amount is not None:
            pages = pages_of(q.event.amount, law, q.on)
        return None if pages is None else fee_by_page(pages, law, q.on)
    before = q.case.others.units_in_month
    return None if before is None else fee_by_item(before, q.event.units or 1, law, q.on)


@guard
def fee_follows_the_ladder(q: Question) -> Refusal | None:
    """收费金额按规定的标准逐级计算，收费通知写明金额。"""
    if not isinstance(q.event, ev.ChargeFee):
        return None
    if mode_of(q) is None:
        return Refusal(
            "bad_field", FEE_ARTICLE, "请选择按件或者按量，不能同时采用", "选择一种计费方式", "mode"
        )
    items = max(1, len(q.case.header.items))
    if q.event.units and q.event.units > items:
        return Refusal(
            "bad_field",
            FEE_ARTICLE,
            f"申请只有 {items} 项，不能拆分为 {q.event.units} 件",
            f"请填写 1 到 {items}",
            "units",
        )
    fee = fee_of(q)
    if fee is None:
        if mode_of(q) == "by_item":
            return None
        if q.event.amount is not None:
            return Refusal(
                "bad_field",
                FEE_ARTICLE,
                f"按量计费的标准算不出 {q.event.amount} 元",
                "填写页数，金额由系统算出",
                "amount",
            )
        return Refusal(
            "missing_evidence",
            FEE_ARTICLE,
            "收费通知须写明金额，按量计费的请填写页数",
            "填写页数之后，金额由系统算出",
            "pages",
        )
    if fee.yuan == 0:
        return Refusal(
            "bad_field",
            FEE_ARTICLE,
            f"{fee.in_words()}，不得通知缴费",
            "数量、频次超过合理范围之后",
            "pages" if fee.mode == "by_page" else "mode",
        )
    if q.event.amount is not None and q.event.amount != fee.yuan:
        return Refusal(
            "bad_field",
            FEE_ARTICLE,
            f"金额与标准不符。{fee.in_words()}",
            "不填金额，由系统算出；或者改正金额",
            "amount",
        )
    return None


@guard
def paid_what_was_charged(q: Question) -> Refusal | None:
    """缴费金额与通知的金额一致。"""
    charged = q.case.facts.fee_yuan
    paid = q.event.amount if isinstance(q.event, ev.PayFee) else None
    if paid is not None and charged is not None and paid != charged:
        return Refusal(
            "bad_field",
            FEE_ARTICLE,
            f"应缴 {charged} 元，与登记的 {paid} 元不符",
            "全额缴清之后登记；不填金额则按通知的金额",
            "amount",
        )
    return None


@guard
def not_merged_yet(q: Question) -> Refusal | None:
    """一件申请只并入一次。"""
    if q.case.facts.merged_into:
        return Refusal(
            "already_done",
            q.article,
            f"已经并入 {q.case.facts.merged_into}",
            "请在同一份答复中一并答复",
        )
    return None


@guard
def merged_into_an_earlier_open_one(q: Question) -> Refusal | None:
    """只能并入同一申请人此前提出、尚未答复的申请；两件都要答复。"""
    if not isinstance(q.event, ev.MergeDuplicate):
        return None
    other = q.case.others.named
    if other is None or q.event.into == q.case.header.number:
        message, when = f"没有另一件编号为“{q.event.into}”的申请", "请检查编号"
    elif not other.same_applicant:
        message, when = "两件申请的申请人不同，须分别答复", "只有同一申请人的申请才能并入"
    elif not other.open:
        message, when = f"{other.number} 已经答复", "请按“重复申请”答复，写明此前答复的编号"
    elif other.merged:
        message, when = f"{other.number} 自己已经并入别的申请", "请并入最早的那一件"
    elif order_of(other.number) > order_of(q.case.header.number):
        message, when = f"{other.number} 晚于本件", "请把晚的一件并入早的一件"
    else:
        return None
    return Refusal("bad_field", q.article, message, when, "into")
