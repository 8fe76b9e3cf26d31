"""Checks of the figures and labels of a report by themselves, and against other reports."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from workflow.clock import report_last_day
from workflow.dates import in_words
from workflow.report.annual import AnnualReport, Number
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sums import sums_of_table3, sums_of_table4

BELOW_CITY = ("乡", "镇", "街道", "县")
RULE_MAKING_MARKS = ("自治区", "地区", "特区")
SIGNED = ("change",)
AMOUNTS = ("amount", "amount_10k")


def _of_sums(rule: str, asked: Asked) -> Iterator[Said]:
    report, found = asked.report, []
    if report.table3 is not None:
        found += sums_of_table3(report.table3, report.format, asked.formats)
    if report.table4 is not None:
        found += sums_of_table4(report.table4, asked.formats)
    yield from ((one.where, one.message) for one in found if one.rule == rule)


@check("V01")
def both_sides_are_equal(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V01", asked)


@check("V02")
def total_is_sum_of_results(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V02", asked)


@check("V03")
def total_is_sum_of_columns(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V03", asked)


@check("V04")
def blocks_of_table4_add_up(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V04", asked)


@check("V07")
def total_is_not_zero_beside_results(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V07", asked)


@check("V08")
def no_results_without_requests(asked: Asked) -> Iterator[Said]:
    yield from _of_sums("V08", asked)


def _cells(asked: Asked) -> Iterator[tuple[str, str, str, Number]]:
    """Table, place, name of the field and value of every cell that the format has."""
    report, formats = asked.report, asked.formats
    for block in formats.table2[report.format]:
        for item in block.items:
            for name in block.fields:
                if report.table2 and name in report.table2.get(item, {}):
                    yield "表二", asked.place2(item, name), name, report.table2[item][name]
    for row, cells in (report.table3 or {}).items():
        for column, value in cells.items():
            yield "表三", asked.place3(row, column), column, value
    for part, cells in (report.table4 or {}).items():
        for cell, value in cells.items():
            place = f"表四“{formats.blocks[part]}”“{formats.cells[cell]}”"
            yield "表四", place, cell, value


@check("V06")
def cells_hold_whole_numbers(asked: Asked) -> Iterator[Said]:
    told = {one.where for one in asked.report.oddities if one.kind == "cell"}
    for one in asked.report.oddities:
        if one.kind == "cell":
            yield one.where, one.message
    blanks: dict[str, list[str]] = {}
    for table, place, name, value in _cells(asked):
        if value is None:
            if place not in told:
                blanks.setdefault(table, []).append(place)
        elif value < 0 and name not in SIGNED:
            yield place, f"数字 {value} 小于 0"
        elif isinstance(value, Decimal) and value % 1 and name not in AMOUNTS:
            yield place, f"数字 {value} 不是整数"
    for table, places in blanks.items():
        first = places[0].removeprefix(table)
        yield table, f"{len(places)} 格是空白，第一处是{first}；已按 0 计，没有的应填 0", "warn"


@check("V09")
def one_request_stands_in_one_row(asked: Asked) -> Iterator[Said]:
    table = asked.report.table3 or {}
    unclear = table.get("unable_unclear_after_correction")
    lapsed = table.get("other_correction_lapsed")
    if unclear and lapsed and any(unclear.values()):
        one = {key: value or 0 for key, value in unclear.items()}
        if one == {key: value or 0 for key, value in lapsed.items()}:
            yield (
                asked.place3("unable_unclear_after_correction"),
                f"与“申请人无正当理由逾期不补正”行的数字完全相同（总计 {one.get('total', 0)}），"
                "请核对是否把同一件申请计了两次",
            )


@check("V10")
def format_is_that_of_the_year(asked: Asked) -> Iterator[Said]:
    report = asked.report
    for one in report.oddities:
        if one.kind == "layout":
            yield one.where, one.message
    if 2000 <= report.year <= 2050 and report.table3 is not None:
        own = asked.formats.format_of(report.year)
        if own != report.format:
            differs = (
                "“(六)其他处理”还是旧格式的一行，新格式分为三行"
                if report.format == "2019" else "“(六)其他处理”分成了三行，当时的格式只有一行"
            )  # fmt: skip
            yield (
                "表三",
                f"{report.year} 年的报告应当用{asked.formats.sources[own]}的格式，{differs}",
            )


@check("V11")
def labels_are_official(asked: Asked) -> Iterator[Said]:
    levels = {"label": "warn", "section": "warn", "table": "error", "missing": "error"}
    for one in asked.report.oddities:
        if one.kind in levels:
            whole_table = one.kind == "missing" and one.where in ("表二", "表四")
            yield one.where, one.message, "warn" if whole_table else levels[one.kind]


def below_city(report: AnnualReport) -> bool:
    """A township or county body, by its level where it is given, else by its name."""
    level = (report.level or "").lower()
    if level:
        return level.startswith(("township", "county", "district", "sub-district"))
    name = report.agency
    if any(mark in name for mark in RULE_MAKING_MARKS):
        return False
    return any(mark in name for mark in BELOW_CITY)


@check("V16")
def no_rules_below_the_city(asked: Asked) -> Iterator[Said]:
    if not below_city(asked.report):
        return
    for name, value in (asked.report.table2 or {}).get("regulations", {}).items():
        if value:
            yield (
                asked.place2("regulations", name),
                f"写的是 {value}；乡镇和县级机关不能制定规章，应为 0（规范性文件填在下一行）",
            )


@check("V23")
def published_in_time(asked: Asked) -> Iterator[Said]:
    report, today = asked.report, asked.known.today
    if not report.year:
        return
    last = report_last_day(report.level or "", report.year, None)
    words = in_words(last)
    if report.published_on is not None:
        day = report.published_on
        if day > last:
            yield "公布日期", f"{in_words(day)}公布，晚于 {words}"
    elif today is not None and today > last:
        yield "公布日期", f"还没有公布，最迟应在 {words} 公布"
    elif today is not None and today >= date(report.year + 1, 1, 1):
        yield "公布日期", f"还没有公布，最迟 {words}，还有 {(last - today).days} 天", "warn"
