"""The texts of sections 一 and 六, drafted from the figures; and live references in a clerk's own text.

A draft is made anew whenever it is shown, and a reference such as {表三：重复申请} is filled in from
the tables at that moment: a number in the text cannot disagree with the table.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from config.law import TableFormats, load_law
from workflow.report.annual import AnnualReport

_REFERENCE = re.compile(r"\{([^{}\n]+)\}")
_ORDER = re.compile(r"^(\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d+\.)|\(.*\)$")
"""The number before a row of table 三, and a remark behind it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the texts tell besides the tables. channels: label → applications received by it. fees in
    yuan. answered_late: applications answered after their due day in the year. open_late: those that were past
    it and open at its end, in a running year today."""

    channels: dict[str, int] = field(default_factory=dict)
    fee_notices: int = 0
    fee_notified_yuan: Decimal = Decimal(0)
    fee_paid_yuan: Decimal = Decimal(0)
    answered_late: int = 0
    open_late: int = 0
    texts: tuple[tuple[str, str], ...] = ()
    """Texts of the register for the section: (heading, text)."""


def references(report: AnnualReport, before: AnnualReport | None) -> dict[str, str]:
    """Every reference that a text may hold, with its present value: the totals of table 三, the numbers of
    tables 四 and 二 and those of last year by their names on paper; and by keys as texts of before have them:
    row.column of table 三, block.cell of table 四 under t4., item.field of table 二 under t2., and the same of
    last year under before."""
    found = {"年度": str(report.year), **_named(report, "")}
    if before is not None:
        found.update(_named(before, "上年"))
    found |= {"year": str(report.year), **_cells(report, "")}
    if before is not None:
        found.update(_cells(before, "before."))
    return found


def _named(report: AnnualReport, prefix: str) -> dict[str, str]:
    """The numbers that a text may want, by the names of the official tables."""
    formats, found = load_law().formats, {}
    for row, label in formats.rows[report.format].items():
        value = (report.table3 or {}).get(row, {}).get("total")
        found[f"{prefix}表三：{_ORDER.sub('', label)}"] = str(value or 0)
    for block, label in formats.blocks.items():
        for cell, what in formats.cells.items():
            value = (report.table4 or {}).get(block, {}).get(cell)
            found[f"{prefix}表四：{label}，{what}"] = str(value or 0)
    for part in formats.table2[report.format]:
        for item, label in part.items.items():
            for name, what in part.fields.items():
                value = (report.table2 or {}).get(item, {}).get(name)
                found[f"{prefix}表二：{label}，{what}"] = str(value or 0)
    return found


def _cells(report: AnnualReport, prefix: str) -> dict[str, str]:
    found = {}
    for part, table in (("", report.table3), ("t4.", report.table4), ("t2.", report.table2)):
        for row, cells in (table or {}).items():
            for column, value in cells.items():
                found[f"{prefix}{part}{row}.{column}"] = str(value or 0)
    return found


def unknown_references(text: str, known: dict[str, str]) -> list[str]:
    """References of a text that name no number."""
    return [name for name in _REFERENCE.findall(text) if name not in known]


def rendered(text: str, values: dict[str, str]) -> str:
    """The text with its references filled in; an unknown one stands as it was typed."""
    return _REFERENCE.sub(lambda match: values.get(match[1], match[0]), text)


def overview(
    report: AnnualReport, before: AnnualReport | None, beside: Beside, formats: TableFormats
) -> str:
    """Section 一: what the year's register says by topic, then the applications and the disputes."""
    parts = [*beside.texts, ("依申请公开情况", _applications(report, before, beside, formats))]
    parts.append(("行政复议和行政诉讼情况", _disputes(report)))
    return "\n".join(
        f"（{_numeral(place)}）{heading}。{text}" for place, (heading, text) in enumerate(parts, 1)
    )


def _applications(
    report: AnnualReport, before: AnnualReport | None, beside: Beside, formats: TableFormats
) -> str:
    new, carried_in = report.cell3("new_received"), report.cell3("carried_in")
    done, left = report.cell3("total"), report.cell3("carried_out")
    if not new and not carried_in:
        return f"{report.year} 年没有收到政府信息公开申请，也没有上年结转的申请。"
    said = [f"{report.year} 年新收政府信息公开申请 {new} 件，上年结转 {carried_in} 件"]
    if before is not None:
        said[0] += _compared(new, before.cell3("new_received"))
    people = report.cell3("new_received", "natural_person")
    if new:
        said.append(f"新收的申请中，自然人 {people} 件，法人或其他组织 {new - people} 件")
    channels = [f"{label} {n} 件" for label, n in beside.channels.items() if n]
    if channels:
        said.append(f"按提交方式分，{'，'.join(channels)}")
    said.append(f"本年度办结 {done} 件，结转下年度继续办理 {left} 件")
    mix = [f"{label} {n} 件" for label, n in _mix(report, formats) if n]
    if mix:
        said.append(f"办理结果为：{'，'.join(mix)}")
    if beside.answered_late:
        said.append(f"办结的申请中，超过法定期限的 {beside.answered_late} 件")
    elif done:
        said.append("办结的申请都在法定期限之内答复")
    if beside.open_late:
        said.append(f"没有办结的申请中，已经超过法定期限的 {beside.open_late} 件")
    return "。".join(said) + "。"


def _compared(now: int, then: int) -> str:
    if now == then:
        return f"，新收件数与上年（{then} 件）持平"
    word = "增加" if now > then else "减少"
    return f"，新收件数比上年（{then} 件）{word} {abs(now - then)} 件"


def _mix(report: AnnualReport, formats: TableFormats) -> list[tuple[str, int]]:
    labels = {"disclosed": "予以公开", "partially_disclosed": "部分公开"}
    groups = {name: label.split(")")[-1] for name, label in formats.groups.items()}
    counted: dict[str, int] = {}
    for row in formats.result_rows(report.format):
        label = labels.get(row) or groups.get(formats.group_of(row) or "other", "其他处理")
        counted[label] = counted.get(label, 0) + report.cell3(row)
    return list(counted.items())


def _disputes(report: AnnualReport) -> str:
    reviews = report.cell4("review")
    suits = report.cell4("suit_direct") + report.cell4("suit_after_review")
    if not reviews and not suits:
        return "本年度没有因政府信息公开引起的行政复议和行政诉讼。"
    said = []
    if reviews:
        said.append(
            f"行政复议 {reviews} 件，其中结果维持 {report.cell4('review', 'upheld')} 件、"
            f"结果纠正 {report.cell4('review', 'corrected')} 件、"
            f"其他结果 {report.cell4('review', 'other')} 件、"
            f"尚未审结 {report.cell4('review', 'pending')} 件"
        )
    if suits:
        corrected = sum(
            report.cell4(block, "corrected") for block in ("suit_direct", "suit_after_review")
        )
        said.append(f"行政诉讼 {suits} 件，其中结果纠正 {corrected} 件")
    return "；".join(said) + "。"


def other_matters(report: AnnualReport, beside: Beside) -> str:
    """Section 六: fees as 国办函〔2020〕109号 asks where they exist, and the clerk's texts."""
    said = [text for _, text in beside.texts]
    if report.year >= load_law().fees_from.year:
        if beside.fee_notices or beside.fee_paid_yuan:
            said.append(
                f"收取信息处理费情况：发出收费通知 {beside.fee_notices} 件，通知金额 "
                f"{beside.fee_notified_yuan} 元，实际收取 {beside.fee_paid_yuan} 元。"
            )
        else:
            said.append("本年度没有收取政府信息公开信息处理费。")
    return "\n".join(said) or "没有其他需要报告的事项。"


def _numeral(number: int) -> str:
    return "一二三四五六七八九十"[number - 1] if number <= 10 else str(number)
