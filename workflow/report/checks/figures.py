"""Checks of the figures and labels of a report by themselves, and against other reports."""

import re
from collections.abc import Iterator
from datetime import date

from workflow.clock import report_last_day
from workflow.dates import in_words
from workflow.report.annual import AnnualReport, Number
from workflow.report.checks.finding import Finding
from workflow.report.checks.registry import Asked, Said, check

BELOW_CITY = ("乡", "镇", "街道", "县")
TOWNSHIP = ("乡", "镇", "街道")
RULE_MAKING_MARKS = ("自治区", "地区", "特区")
_NO_MARK = re.compile("新乡|萍乡|湘乡|桐乡|景德镇|镇江|城乡|乡村|城镇|乡镇|县级")
"""Names of cities and of departments' matters in which the marks say nothing of the level."""
_DEPARTMENT = re.compile("(?:局|委员会|委|厅|办公室|办|处|站|支队|总队|中心)$")
_OF_PLACE = re.compile("^[^国中].{0,8}?(?:省|市|自治区|州|盟|地区)")
_NO_DEPARTMENT = re.compile(
    "人民政府办公|政府办|管理委员会$|管委会$|^(?:国家|中国|国务院|中华人民共和国)"
)
_TOWNSHIP = re.compile("(?:[乡镇]|苏木)(?:(?:人民)?政府)?$|街道(?:办事处|办)?$")
_PUBLISHES_FOR_ALL = re.compile("政务公开|信息公开|政务服务|大数据|数据(?:管理|资源)?局|电子政务")
"""The office that compiles the report of its government, on whose page its own name may stand."""
_LATER_VERSION = re.compile("更正|订正|修正|修订[版稿后]|补充版|重新(?:公布|发布)")
SIGNED = ("change",)
AMOUNTS = ("amount", "amount_10k")


def _sides(asked: Asked) -> set[str]:
    return {"new_received", "carried_in", "carried_out"}


def _results(asked: Asked) -> set[str]:
    return set(asked.formats.result_rows(asked.report.format))


def _requests(asked: Asked) -> set[str]:
    return {"new_received", "carried_in"}


NEEDS = {"V01": _sides, "V02": _results, "V07": _results, "V08": _requests}
"""The rows without which a relation of table 三 says nothing, by rule."""


def _hangs(asked: Asked, one: Finding) -> bool:
    """Whether a sum hangs on a number that was not read."""
    if one.rule in NEEDS:
        return bool(asked.unread3 & NEEDS[one.rule](asked))
    return one.where in {
        *map(asked.place3, asked.unread3),
        *map(asked.place4, asked.unread4),
    }


def _of_sums(rule: str, asked: Asked) -> Iterator[Said]:
    for one in asked.wrong_sums:
        if one.rule == rule and not _hangs(asked, one):
            yield one.where, one.message


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


def _sound(name: str, value: Number) -> bool:
    """A whole number not below 0, or what else a cell of that field may hold."""
    if value is None or (value < 0 and name not in SIGNED):
        return False
    return isinstance(value, int) or not value % 1 or name in AMOUNTS


def _odd_cells(asked: Asked) -> Iterator[tuple[str, str, str, Number]]:
    """Table, place, name of the field and value of every cell that is blank or holds what it may not."""
    report, formats = asked.report, asked.formats
    # What is told of a whole row is not told again of its cells.
    unread = {one.where for one in report.oddities if one.kind in ("missing", "table")}
    for block in formats.table2[asked.format2]:
        for item in block.items:
            if unread and asked.place2(item) in unread:
                continue
            for name in block.fields:
                cells = (report.table2 or {}).get(item, {})
                if name in cells and not _sound(name, cells[name]):
                    yield "表二", asked.place2(item, name), name, cells[name]
    for row, cells in (report.table3 or {}).items():
        if row in asked.lost3:
            continue
        for column, value in cells.items():
            if not _sound(column, value):
                yield "表三", asked.place3(row, column), column, value
    # The note of a lost row of numbers names the whole table.
    if "表四" in unread:
        return
    for part, cells in (report.table4 or {}).items():
        for cell, value in cells.items():
            if not _sound(cell, value):
                yield "表四", asked.place4(part, cell), cell, value


@check("V06")
def cells_hold_whole_numbers(asked: Asked) -> Iterator[Said]:
    told: set[str] = set()
    for one in asked.report.oddities:
        if one.kind in ("cell", "stroke"):
            told.update((one.where, *one.places))
            yield one.where, one.message
        elif one.kind in ("unit", "note"):
            yield one.where, one.message, "warn"
    blanks: dict[str, list[str]] = {}
    for table, place, name, value in _odd_cells(asked):
        if value is None:
            if place not in told:
                blanks.setdefault(table, []).append(place)
        elif value < 0 and name not in SIGNED:
            yield place, f"数字 {value} 小于 0"
        else:
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
    levels = {
        "label": "warn", "section": "warn", "unread": "warn", "table": "error", "missing": "error",
    }  # fmt: skip
    for one in asked.report.oddities:
        if one.kind in levels:
            whole_table = one.kind == "missing" and one.where in ("表二", "表四")
            yield one.where, one.message, "warn" if whole_table else levels[one.kind]


def below_city(report: AnnualReport) -> bool:
    """A township or county body, by its level where it is given, else by its name."""
    level = (report.level or "").lower()
    if level:
        return level.startswith(("township", "county", "district", "sub-district"))
    if any(mark in report.agency for mark in RULE_MAKING_MARKS):
        return False
    return bears(report.agency, BELOW_CITY)


def bears(name: str, marks: tuple[str, ...]) -> bool:
    """Whether the name of a body has one of the marks of a level (乡, 县) as such."""
    plain = _NO_MARK.sub("", name)
    return any(mark in plain for mark in marks)


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


def a_department(report: AnnualReport) -> bool:
    """A department of a province or a city, by its level where it is given, else by its name. Ministries of
    the State Council, and the offices that report for their government, are none."""
    if report.level:
        return report.level in ("city_department", "province_department")
    name = report.agency
    return bool(_DEPARTMENT.search(name) and _OF_PLACE.search(name)) and not _NO_DEPARTMENT.search(
        name
    )


@check("V37")
def no_rules_by_departments(asked: Asked) -> Iterator[Said]:
    report = asked.report
    if below_city(report) or not a_department(report):
        return
    for name, value in (report.table2 or {}).get("regulations", {}).items():
        if value:
            yield (
                asked.place2("regulations", name),
                f"写的是 {value}；规章由国务院部门、省级和设区的市、自治州的政府制定，部门的文件填在规范性文件一行，请核对",
            )


def last_day(report: AnnualReport) -> date:
    """The last day for its publication (条例49): by the level of the body where it is given, else by its name; a
    name that says neither department nor township may be a government's."""
    level = report.level or ("township" if _by_end_of_january(report.agency) else "county")
    return report_last_day(level, report.year, None)


def _by_end_of_january(name: str) -> bool:
    if _PUBLISHES_FOR_ALL.search(name) or _NO_DEPARTMENT.search(name):
        return False
    return bool(_DEPARTMENT.search(name) or _TOWNSHIP.search(_NO_MARK.sub("", name)))


@check("V23")
def published_in_time(asked: Asked) -> Iterator[Said]:
    report, today = asked.report, asked.known.today
    if not report.year:
        return
    last = last_day(report)
    words = in_words(last)
    if report.published_on is not None:
        if report.published_on > last:
            yield "公布日期", f"{in_words(report.published_on)}公布，晚于 {words}"
    elif today is not None and today > last:
        yield "公布日期", f"还没有公布，最迟应在 {words} 公布"
    elif today is not None and today >= date(report.year + 1, 1, 1):
        yield "公布日期", f"还没有公布，最迟 {words}，还有 {(last - today).days} 天", "warn"
    elif today is None and not _put_right(report):
        # What a later year prints may be a page that was moved.
        printed = [("落款日期", report.signed_on), ("发布日期", report.page_day)]
        for where, day in printed:
            if day and day > last and (where == "落款日期" or day.year == report.year + 1):
                yield where, f"写的是{in_words(day)}，晚于公布的最后一天 {words}，请核对", "warn"
                return


def _put_right(report: AnnualReport) -> bool:
    """The report says that it is a later version."""
    return report.version > 1 or bool(_LATER_VERSION.search(f"{report.title}\n{report.preface}"))
