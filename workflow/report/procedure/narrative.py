"""The texts of sections 一 and 六, drafted from the figures; and live references in a clerk's own text.

A draft is made anew whenever it is shown, and a reference such as {表三：重复申请} is filled in from
the tables at that moment: a number in the text cannot disagree with the table. Each number that stands in a
cell carries its place (`marked`).
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from config.law import TableFormats, load_law
from workflow.report.annual import AnnualReport
from workflow.report.procedure.marked import marked, unmarked

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
    return {name: unmarked(value) for name, value in _referred(report, before).items()}


def _referred(report: AnnualReport, before: AnnualReport | None) -> dict[str, str]:
    """The same; numbers of this year with their place."""
    found = {"年度": str(report.year), **_named(report, "")}
    if before is not None:
        found.update(_named(before, "上年"))
    found |= {"year": str(report.year), **_cells(report, "")}
    if before is not None:
        found.update(_cells(before, "before."))
    return found


def _value(prefix: str, table: str, row: str, column: str, value: object) -> str:
    number = str(value or 0)
    return number if prefix else marked((table, row, column), number)


def _named(report: AnnualReport, prefix: str) -> dict[str, str]:
    """The numbers that a text may want, by the names of the official tables."""
    formats, found = load_law().formats, {}
    for row, label in formats.rows[report.format].items():
        value = (report.table3 or {}).get(row, {}).get("total")
        place = ("table3", row, "total")
        found[f"{prefix}表三：{_ORDER.sub('', label)}"] = _value(prefix, *place, value)
    for block, label in formats.blocks.items():
        for cell, what in formats.cells.items():
            value = (report.table4 or {}).get(block, {}).get(cell)
            found[f"{prefix}表四：{label}，{what}"] = _value(prefix, "table4", block, cell, value)
    for part in formats.table2[report.format]:
        for item, label in part.items.items():
            for name, what in part.fields.items():
                value = (report.table2 or {}).get(item, {}).get(name)
                found[f"{prefix}表二：{label}，{what}"] = _value(
                    prefix, "table2", item, name, value
                )
    return found


def _cells(report: AnnualReport, prefix: str) -> dict[str, str]:
    found = {}
    for part, table in (("", "table3"), ("t4.", "table4"), ("t2.", "table2")):
        for row, cells in (getattr(report, table) or {}).items():
            for column, value in cells.items():
                found[f"{prefix}{part}{row}.{column}"] = _value(prefix, table, row, column, value)
    return found


def unknown_references(text: str, known: dict[str, str]) -> list[str]:
    """References of a text that name no number."""
    return [name for name in _REFERENCE.findall(text) if name not in known]


def rendered(text: str, report: AnnualReport, before: AnnualReport | None) -> str:
    """A typed text with its references filled in, marked; an unknown one stands as it was typed."""
    values = _referred(report, before) if "{" in text else {}
    return _REFERENCE.sub(lambda match: values.get(match[1], match[0]), unmarked(text))


def overview(
    report: AnnualReport, before: AnnualReport | None, beside: Beside, formats: TableFormats
) -> str:
    """Section 一, marked: what the year's register says by topic, then the applications and the disputes."""
    parts = [*beside.texts, ("依申请公开情况", _applications(report, before, beside, formats))]
    parts.append(("行政复议和行政诉讼情况", _disputes(report)))
    return "\n".join(
        f"（{_numeral(place)}）{heading}。{text}" for place, (heading, text) in enumerate(parts, 1)
    )


def _applications(
    report: AnnualReport, before: AnnualReport | None, beside: Beside, formats: TableFormats
) -> str:
    new, carried_in = report.cell3("new_received"), report.cell3("carried_in")
    done = report.cell3("total")
    if not new and not carried_in:
        return f"{report.year} 年没有收到政府信息公开申请，也没有上年结转的申请。"
    said = [
        f"{report.year} 年新收政府信息公开申请 {_of3(report, 'new_received')} 件，"
        f"上年结转 {_of3(report, 'carried_in')} 件"
    ]
    if before is not None:
        said[0] += _compared(new, before.cell3("new_received"))
    people = report.cell3("new_received", "natural_person")
    if new:
        told = _of3(report, "new_received", "natural_person")
        said.append(f"新收的申请中，自然人 {told} 件，法人或其他组织 {new - people} 件")
    channels = [f"{label} {n} 件" for label, n in beside.channels.items() if n]
    if channels:
        said.append(f"按提交方式分，{'，'.join(channels)}")
    left = _of3(report, "carried_out")
    said.append(f"本年度办结 {_of3(report, 'total')} 件，结转下年度继续办理 {left} 件")
    mix = [f"{label} {n} 件" for label, n in _mix(report, formats)]
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


def _mix(report: AnnualReport, formats: TableFormats) -> list[tuple[str, str]]:
    """What was done with how many applications. The number of one row carries its place, that of several the
    place of the group that stands beside them in the table."""
    labels = {"disclosed": "予以公开", "partially_disclosed": "部分公开"}
    groups = {name: label.split(")")[-1] for name, label in formats.groups.items()}
    counted: dict[str, tuple[str, int]] = {}
    for row in formats.result_rows(report.format):
        group = formats.group_of(row) or "other"
        label = labels.get(row) or groups.get(group, "其他处理")
        _, number = counted.get(label, ("", 0))
        counted[label] = (row if row in labels else group, number + report.cell3(row))
    return [
        (label, marked(("table3", row, "total"), number))
        for label, (row, number) in counted.items()
        if number
    ]


def _of3(report: AnnualReport, row: str, column: str = "total") -> str:
    return marked(("table3", row, column), report.cell3(row, column))


def _of4(report: AnnualReport, block: str, cell: str = "total") -> str:
    return marked(("table4", block, cell), report.cell4(block, cell))


def _disputes(report: AnnualReport) -> str:
    reviews = report.cell4("review")
    suits = report.cell4("suit_direct") + report.cell4("suit_after_review")
    if not reviews and not suits:
        return "本年度没有因政府信息公开引起的行政复议和行政诉讼。"
    said = []
    if reviews:
        said.append(
            f"行政复议 {_of4(report, 'review')} 件，其中结果维持 {_of4(report, 'review', 'upheld')} 件、"
            f"结果纠正 {_of4(report, 'review', 'corrected')} 件、"
            f"其他结果 {_of4(report, 'review', 'other')} 件、"
            f"尚未审结 {_of4(report, 'review', 'pending')} 件"
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
