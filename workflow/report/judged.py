"""A report made elsewhere, held to the checks: what was found, what could not be looked at, and its tables as they
were read, so that whoever handed it in sees what was understood."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from config.law import Law, ReportCheck, TableFormats
from workflow.report.annual import AnnualReport, Number
from workflow.report.checks import LEVELS, Finding, Known, findings
from workflow.report.tables.layout import TABLES, subject

NOTE = "note"
"""The level of what says what was not checked."""
BEYOND = {"cases": "没有这个机关的办件记录", "children": "没有下级机关的报告"}
"""Why some checks are made of no report from elsewhere, by what they need."""


@dataclass(frozen=True)
class Group:
    """The findings of one check."""

    check: ReportCheck
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Judged:
    """What was made of a report. before: last year's, where it was compared; unchecked: what of this report was not
    looked at and why, in sentences."""

    report: AnnualReport
    found: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    before: AnnualReport | None = None

    @property
    def sound(self) -> bool:
        """Nothing is wrong or to be explained, though something may not have been checked."""
        return all(one.level == NOTE for one in self.found)

    def of_level(self, level: str) -> int:
        """How many findings there are of a level."""
        return sum(one.level == level for one in self.found)

    def groups(self, law: Law) -> list[tuple[str, list[Group]]]:
        """What is wrong or to be explained, by level, errors first, and by check; a level without any is left out."""
        return [
            (level, [Group(law.checks[rule], tuple(ones)) for rule, ones in groupby(of_level, lambda one: one.rule)])
            for level in LEVELS
            if level != NOTE and (of_level := [one for one in self.found if one.level == level])
        ]  # fmt: skip


def judged(
    report: AnnualReport, law: Law, before: AnnualReport | None = None, *, doubtful: bool = False
) -> Judged:
    """The report held to every check that needs no more than itself and last year's.

    doubtful: there are several reports of last year that do not say the same; none of them was taken.
    """
    found = findings(report, law, Known(before=before))
    unchecked = [one.message + "。" for one in found if one.level == NOTE]
    unchecked += _unchecked(report, law, before, doubtful)
    return Judged(report, tuple(found), tuple(unchecked), before)


def _unchecked(
    report: AnnualReport, law: Law, before: AnnualReport | None, doubtful: bool
) -> Iterator[str]:
    for name, number in TABLES.items():
        if not getattr(report, name):
            yield f"没有读到{number}（{subject(name, law.formats)}），其中的数字没有核对。"
    told = any(one.kind == "text" for one in report.oddities)  # a finding says so
    absent = [title for key, title in law.formats.sections.items() if key not in report.sections]
    if len(absent) == len(law.formats.sections) and not told:
        yield "没有读到正文，正文写了什么、与表格是否一致没有核对。"
    elif absent and not told:
        yield f"没有读到正文的{'、'.join(f'“{title}”' for title in absent)}，这些部分没有核对。"
    if doubtful:
        yield f"有几份上一年的报告，数字不一样，没有与上一年比较：{_said(law, 'before')}。"
    elif before is None:
        yield f"没有上一年的报告，没有核对：{_said(law, 'before')}。"
    elif before.agency and report.agency and _plain(before.agency) != _plain(report.agency):
        yield (
            f"用来比较的是“{before.agency}”的报告，这一份是“{report.agency}”的，名称不同；"
            "不是同一个机关的，与上一年的比较不作数。"
        )
    if report.published_on is None and report.page_day is None:
        yield f"报告里没有写明公布的日期，没有核对：{_said(law, 'day')}。"


def never_checked(law: Law) -> list[str]:
    """What is not looked at of any report that was made elsewhere, and why, in sentences."""
    return [
        f"{why}，要与之对照的没有核对（规则 {'、'.join(one.id for one in law.checks.values() if one.needs == needs)}）。"
        for needs, why in BEYOND.items()
    ]


def _said(law: Law, needs: str) -> str:
    return "；".join(one.says for one in law.checks.values() if one.needs == needs)


# -- which report is last year's ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Before:
    """The place of last year's report among those at hand, None where there is none; doubtful: several that do not
    say the same."""

    place: int | None = None
    doubtful: bool = False


def last_years(reports: Sequence[AnnualReport | None]) -> list[Before]:
    """For each report which of the others its body made of the year before. The same report in two files is one;
    a report without body or year has none."""
    by_body: dict[tuple[str, int], list[int]] = {}
    for place, report in enumerate(reports):
        if report is not None and (body := _body(report)):
            by_body.setdefault((body, report.year), []).append(place)
    return [_before(report, reports, by_body) for report in reports]


def _before(
    report: AnnualReport | None,
    reports: Sequence[AnnualReport | None],
    by_body: dict[tuple[str, int], list[int]],
) -> Before:
    if report is None:
        return Before()
    places = by_body.get((_body(report), report.year - 1), [])
    if not places:
        return Before()
    told = [_numbers(reports[place]) for place in places]
    return Before(places[0]) if all(one == told[0] for one in told) else Before(doubtful=True)


def _body(report: AnnualReport) -> str:
    """Its name as it is compared; empty where body or year is not known."""
    return _plain(report.agency) if report.year else ""


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def _numbers(report: AnnualReport | None) -> tuple[object, ...]:
    return tuple(getattr(report, name) for name in TABLES)


# -- the tables as they were read --------------------------------------------------------------------


@dataclass(frozen=True)
class ReadRow:
    """A row: the heading above it if it has one, its label, its numbers; sum: it adds up the others."""

    group: str
    label: str
    numbers: tuple[Number, ...]
    sum: bool = False


@dataclass(frozen=True)
class ReadTable:
    """A table as it was read. name: table2, table3, table4; title: its number and what it is about; part: of table 二,
    which block; rows: none where it was not read."""

    name: str
    title: str
    part: str
    heads: tuple[str, ...]
    rows: tuple[ReadRow, ...]


def tables_as_read(report: AnnualReport, formats: TableFormats) -> list[ReadTable]:
    """Table 三, 四 and the blocks of 二, each with its labels; a table that was not read has no rows."""
    return [_table3(report, formats), _table4(report, formats), *_table2(report, formats)]


def _title(table: str, formats: TableFormats) -> str:
    return f"{TABLES[table]} {subject(table, formats)}"


def _table3(report: AnnualReport, formats: TableFormats) -> ReadTable:
    rows = []
    for row, label in formats.rows[report.format].items() if report.table3 else ():
        group = formats.groups.get(formats.group_of(row) or "", "")
        numbers = tuple((report.table3 or {})[row][column] for column in formats.columns)
        rows.append(ReadRow("" if group == label else group, label, numbers, sum=row == "total"))
    return ReadTable(
        "table3", _title("table3", formats), "", ("项目", *formats.columns.values()), tuple(rows)
    )


def _table4(report: AnnualReport, formats: TableFormats) -> ReadTable:
    rows = []
    for block, label in formats.blocks.items() if report.table4 else ():
        numbers = tuple((report.table4 or {})[block][cell] for cell in formats.cells)
        rows.append(ReadRow("", label.replace("/", "："), numbers))
    return ReadTable(
        "table4", _title("table4", formats), "", ("项目", *formats.cells.values()), tuple(rows)
    )


def _table2(report: AnnualReport, formats: TableFormats) -> Iterator[ReadTable]:
    read, title = report.table2 or {}, _title("table2", formats)
    blocks = [
        ReadTable("table2", title, block.title, ("信息内容", *block.fields.values()), rows)
        for block in formats.table2[formats.format_of_table2(read, report.format)]
        if (rows := tuple(
            ReadRow("", label, tuple(read[item].get(name) for name in block.fields))
            for item, label in block.items.items()
            if item in read
        ))
    ]  # fmt: skip
    yield from blocks or [ReadTable("table2", title, "", (), ())]
