"""Checks of what a report says of charges, and of fees for information (信息处理费)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from workflow.report.checks.figures import TOWNSHIP, bears
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.wording import half
from workflow.report.tables.table2 import in_ten_thousands

ASK_ABOVE_10K = 1000
FEE = re.compile(r"信息处理费|收费通知|收取.{0,6}费用")
_FEE_AMOUNT = re.compile(r"信息处理费.{0,16}?(\d[\d,]*(?:\.\d+)?)\s*(万)?元")


_PAID = re.compile(
    r"实(?:际)?(?:收取|收到|收入|缴纳|收)(?:信息处理费|金额|费用)?(?:为|共|计)*(\d[\d,]*(?:\.\d+)?)(万)?元"
)
_UNPAID = re.compile(r"(?:未|没有)(?:收取|收到|缴纳|缴费|支付)(?!(?:任何)?(?:其他|检索|复制|邮寄))")


@check("V14")
def no_fees_before_the_law_allows(asked: Asked) -> Iterator[Said]:
    report = asked.report
    first = asked.law.fees_from.year
    if not 0 < report.year < first:
        return
    unpaid = report.cell3("other_fee_unpaid")
    if unpaid:
        yield "表三“逾期未缴费”行", f"总计为 {unpaid}，但信息处理费自 {first} 年起才可以收取"
    received = fees_received(asked)
    if received:
        yield "信息处理费", f"收取了 {received} 元，但自 {first} 年起才可以收取"


def has_fees(asked: Asked) -> bool:
    """Notices of fees were sent: somebody paid, or did not pay in time."""
    return bool(asked.report.cell3("other_fee_unpaid") or fees_received(asked))


def fees_received(asked: Asked) -> Decimal:
    """信息处理费 of the year in yuan: as our records have it, else as the text says."""
    if asked.known.fees_yuan is not None:
        return asked.known.fees_yuan
    told = (fee_told_yuan(text) for text in asked.plain.values() if "信息处理费" in text)
    return max((one for one in told if one is not None), default=Decimal(0))


@check("V15")
def fees_are_told_in_section_six(asked: Asked) -> Iterator[Said]:
    report = asked.report
    if not has_fees(asked):
        return
    told = "\n".join(asked.plain.get(key, "") for key in ("other_matters", *report.own_sections))
    if report.sections and not (FEE.search(told) and re.search(r"\d", told)):
        yield (
            f"“{asked.formats.sections['other_matters']}”",
            "有信息处理费的收费通知，应当写明发出通知的件数、总金额和实际收取的金额",
        )
    charges = report.cell2("charges", "amount_10k")
    received = fees_received(asked)
    if charges is not None and charges < in_ten_thousands(received):
        yield (
            asked.place2("charges", "amount_10k"),
            f"写的是 {charges} 万元，少于收取的信息处理费 {received} 元",
        )


def fee_told_yuan(text: str) -> Decimal | None:
    """The 信息处理费 that a text says was received, in yuan; None if it names none. What was asked for
    and not paid was not received."""
    plain = half(text)
    found = _FEE_AMOUNT.search(plain)
    if not found:
        return None
    paid = _PAID.search(plain)
    if paid:
        found = paid
    elif _UNPAID.search(plain):
        return Decimal(0)
    return Decimal(found[1].replace(",", "")) * (10_000 if found[2] else 1)


@check("V18")
def charges_are_in_10k_yuan(asked: Asked) -> Iterator[Said]:
    report = asked.report
    amount = report.cell2("charges", "amount_10k")
    township = report.level == "township" or (not report.level and bears(report.agency, TOWNSHIP))
    if township and amount is not None and amount > ASK_ABOVE_10K:
        yield asked.place2("charges", "amount_10k"), f"写的是 {amount} 万元，请核对单位是不是元"
