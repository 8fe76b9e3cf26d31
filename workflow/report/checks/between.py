"""Checks of a report against other reports: last year's, and those of the bodies below."""

import re
from collections.abc import Iterator
from functools import partial

from workflow.report.annual import AnnualReport, Cells
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.wording import half

COPIED = 0.9
SHORT = 120
"""Characters; what is shorter is alike every year."""


@check("V05")
def carried_in_is_last_years_carried_out(asked: Asked) -> Iterator[Said]:
    before, report = asked.known.before, asked.report
    if before is None or before.table3 is None or report.table3 is None:
        return
    if before.year and report.year and before.year != report.year - 1:
        yield (
            "上一年报告",
            f"用来比较的是 {before.year} 年的报告，不是 {report.year - 1} 年的，没有核对结转",
            "warn",
        )
        return
    for column, label in asked.formats.columns.items():
        brought = report.table3["carried_in"][column]
        left = before.table3["carried_out"][column]
        if brought is not None and left is not None and brought != left:
            yield (
                f"表三“上年结转”行“{label}”列",
                f"本年写的是 {brought}，上一年的报告“结转下年度继续办理”是 {left}",
            )


@check("V17")
def table2_goes_on_from_last_year(asked: Asked) -> Iterator[Said]:
    report, before = asked.report, asked.known.before
    if before is None or not report.year or before.year != report.year - 1:
        return
    formats = asked.formats
    then = formats.format_of_table2(before.table2, before.format)
    if asked.format2 != then:
        return
    yield from _documents_in_force(asked, before) if then == "2021" else _items(asked, before)


def _documents_in_force(asked: Asked, before: AnnualReport) -> Iterator[Said]:
    report = asked.report
    for item in ("regulations", "normative_documents"):
        had = before.cell2(item, "in_force")
        made, ended, now = (report.cell2(item, name) for name in ("made", "repealed", "in_force"))
        if had is None or made is None or ended is None or now is None:
            continue
        if had + made - ended != now:
            yield (
                asked.place2(item, "in_force"),
                f"上年现行有效 {had} 加本年制发 {made} 减本年废止 {ended} 等于 "
                f"{had + made - ended}，写的是 {now}",
            )


def _items(asked: Asked, before: AnnualReport) -> Iterator[Said]:
    """The format of 2019: 上一年项目数量 is last year's number with its change; what is open in all is at
    most what was and what was opened (what was repealed has no cell)."""
    for block in asked.formats.table2["2019"]:
        for item in block.items:
            cell, then = partial(asked.report.cell2, item), partial(before.cell2, item)
            had, change, now = then("items_before"), then("change"), cell("items_before")
            if had is not None and now is not None and now not in (had, had + (change or 0)):
                right = had + (change or 0)
                yield (
                    asked.place2(item, "items_before"),
                    f"上一年的报告是 {had}，增减 {change or 0}，应为 {right}，写的是 {now}",
                )
            had, opened, now = then("open_total"), cell("opened"), cell("open_total")
            if had is not None and opened is not None and now is not None and now > had + opened:
                yield (
                    asked.place2(item, "open_total"),
                    f"上一年的报告是 {had}，加本年新公开 {opened} 等于 {had + opened}，写的是 {now}",
                )


@check("V24")
def children_add_up_to_the_parent(asked: Asked) -> Iterator[Said]:
    report, children = asked.report, asked.known.children
    for name in asked.known.missing_children:
        yield name, "没有这个机关的报告，汇总可能漏了它"
    if not children:
        return
    if report.table3 is not None:
        for row in asked.formats.rows[report.format]:
            for column in () if row in asked.unread3 else asked.formats.columns:
                below = sum(_child3(child, row, column, report.format) for child in children)
                above = report.cell3(row, column)
                if below != above:
                    yield asked.place3(row, column), f"下级各机关相加为 {below}，本报告为 {above}"
    if report.table4 is not None:
        for block, title in asked.formats.blocks.items():
            for cell, label in () if block in asked.unread4 else asked.formats.cells.items():
                below = sum(child.cell4(block, cell) for child in children)
                above = report.cell4(block, cell)
                if below != above:
                    yield f"表四“{title}”“{label}”", f"下级各机关相加为 {below}，本报告为 {above}"


def _child3(child: AnnualReport, row: str, column: str, fmt: str) -> int:
    """A child's number in the parent's format: an old 其他处理 goes to 3.其他, the three to the one."""
    if child.format == fmt:
        return child.cell3(row, column)
    if fmt == "2021":
        return child.cell3("other" if row == "other_misc" else row, column)
    if row == "other":
        return sum(
            child.cell3(one, column)
            for one in ("other_correction_lapsed", "other_fee_unpaid", "other_misc")
        )
    return child.cell3(row, column)


def same_cells(one: Cells, other: Cells) -> bool:
    """All numbers equal, and not all of them 0 or blank: nothing was done twice is no copy."""
    values = [value for cells in one.values() for value in cells.values() if value]
    return len(values) >= 2 and one == other


@check("V25")
def not_copied_from_last_year(asked: Asked) -> Iterator[Said]:
    report, before = asked.report, asked.known.before
    if before is None:
        return
    if report.table2 and before.table2 and same_cells(report.table2, before.table2):
        yield "表二", f"全部数字与 {before.year} 年的报告相同，请核对是否照抄"
    for key, text in report.sections.items():
        share = share_of_last_year(text, before.sections.get(key, ""))
        if share >= COPIED:
            yield (
                f"“{asked.formats.sections[key]}”",
                f"约 {round(share * 100)}% 的文字与 {before.year} 年的报告相同，请核对是否照抄",
            )


def share_of_last_year(text: str, before: str) -> float:
    """0 to 1: how much of a text stood word for word in last year's, years and numbers aside. Short
    texts say nothing."""
    now, then = _plain(text), _plain(before)
    if len(now) < SHORT:
        return 0.0
    own, earlier = _strings(now), _strings(then)
    return len(own & earlier) / len(own)


def _plain(text: str) -> str:
    return re.sub(r"[\W\d]+", "", half(text))


def _strings(plain: str, size: int = 8) -> set[str]:
    return {plain[place : place + size] for place in range(len(plain) - size + 1)}
