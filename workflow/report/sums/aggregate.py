"""Adding up (汇总): the reports of bodies, cell by cell, with the bodies behind each cell (law.md §7).

Only tables are added, never the narrative, and only in one format: a table 三 of the other format is
carried over row by row with a warning, a table 二 of the other format has other columns and is left out,
said aloud. What a body printed wrongly is added as printed and its failing sums are named beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from config.law import TableFormats
from workflow.refusal import BadInput, FieldError
from workflow.report import checks
from workflow.report.annual import AnnualReport, Cells, Number
from workflow.report.checks import Finding
from workflow.report.tables.layout import TABLES

Place = tuple[str, str, str]
"""A cell: table2, table3 or table4, then row (item, block), then column (field, cell)."""
UNSURE = ("cell", "table", "missing", "layout")
"""Kinds of oddities of a file after which its numbers are not sure."""


def key_of(report: AnnualReport) -> str:
    """By what a body is known among others: its code, without one its name."""
    return report.code or report.agency


@dataclass(frozen=True, slots=True)
class Share:
    """What one body brings to a cell. child: its key."""

    child: str
    value: Number


@dataclass(frozen=True)
class Aggregate:
    """The sum of reports of one year.

    behind: the shares of every cell that are not 0, by key of the body. failing: key → the printed sums
    of that report that do not hold. warnings: what was left out or carried over, in words. missing: key →
    name of bodies that were expected and are not among the children.
    """

    year: int
    format: str
    formats: TableFormats
    children: tuple[AnnualReport, ...]
    behind: Mapping[Place, tuple[Share, ...]]
    failing: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    has_table2: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Key of every child → its name."""
        return {key_of(child): child.agency for child in self.children}

    def number(self, place: Place) -> Number:
        """The sum in a cell, 0 where nobody has anything; whole ones as whole numbers."""
        found = sum((share.value or 0 for share in self.behind.get(place, ())), start=0)
        return int(found) if found == int(found) else found

    def table(self, name: str) -> dict[str, dict[str, Number]]:
        """A summed table with all its rows and columns."""
        return {
            row: {column: self.number((name, row, column)) for column in columns}
            for row, columns in shape(name, self.format, self.formats).items()
        }

    def report(self, agency: str, code: str | None = None) -> AnnualReport:
        """The sum as a report of its own, for checks and for adding up further."""
        return AnnualReport(
            agency,
            self.year,
            self.format,
            table2=self.table("table2") if self.has_table2 else None,
            table3=self.table("table3"),
            table4=self.table("table4"),
            code=code,
        )


def shape(name: str, fmt: str, formats: TableFormats) -> dict[str, list[str]]:
    """The rows of a table with their columns, in order."""
    if name == "table2":
        return {item: list(block.fields) for block in formats.table2[fmt] for item in block.items}
    if name == "table3":
        return {row: list(formats.columns) for row in formats.rows[fmt]}
    return {block: list(formats.cells) for block in formats.blocks}


def place_in_words(place: Place, fmt: str, formats: TableFormats) -> str:
    """A cell as people call it: 表三“1.属于国家秘密”“自然人”."""
    name, row, column = place
    if name == "table2":
        for block in formats.table2[fmt]:
            if row in block.items:
                return f"表二“{block.items[row]}”“{block.fields[column]}”"
    if name == "table3":
        return f"表三“{row_in_words(row, fmt, formats)}”“{formats.columns[column]}”"
    return f"表四“{formats.blocks[row].replace('/', '·')}”“{formats.cells[column]}”"


def row_in_words(row: str, fmt: str, formats: TableFormats) -> str:
    """A row of table 三 with the head above it."""
    group = formats.group_of(row)
    return f"{formats.groups[group]}·{formats.rows[fmt][row]}" if group else formats.rows[fmt][row]


def add_up(
    reports: Iterable[AnnualReport],
    year: int,
    formats: TableFormats,
    *,
    fmt: str | None = None,
    expected: Mapping[str, str] | None = None,
) -> Aggregate:
    """The sum of the reports of a year, in the format of the year unless another is asked for.

    expected: key → name of the bodies that have to report. Raises BadInput for two reports of one body
    and for a report on another year.
    """
    fmt = fmt or formats.format_of(year)
    children = tuple(sorted(reports, key=lambda one: (key_of(one), one.agency)))
    _check(children, year)
    behind: dict[Place, list[Share]] = {}
    warnings: list[Finding] = []
    failing: dict[str, tuple[Finding, ...]] = {}
    for child in children:
        found = failing_sums(child, formats)
        if found:
            failing[key_of(child)] = found
        tables, told = tables_in(child, fmt, formats)
        warnings.extend(told)
        for name, table in tables.items():
            for row, cells in table.items():
                for column, value in cells.items():
                    if value:
                        share = Share(key_of(child), value)
                        behind.setdefault((name, row, column), []).append(share)
    known = {key_of(child) for child in children}
    missing = {key: name for key, name in (expected or {}).items() if key not in known}
    with_table2 = [
        c
        for c in children
        if c.table2 is not None and formats.format_of_table2(c.table2, c.format) == fmt
    ]
    if with_table2:
        warnings.extend(
            Finding("V24", "warn", child.agency, "报告里没有表二，表二的合计不含这个机关")
            for child in children
            if child.table2 is None
        )
    warnings.extend(
        Finding("V24", "warn", name, "没有这一年的报告，合计不含这个机关")
        for name in missing.values()
    )
    return Aggregate(
        year,
        fmt,
        formats,
        children,
        {place: tuple(shares) for place, shares in behind.items()},
        failing,
        tuple(warnings),
        missing,
        bool(with_table2),
    )


def _check(children: tuple[AnnualReport, ...], year: int) -> None:
    errors = [
        FieldError(child.agency, f"这是 {child.year} 年的报告，不能计入 {year} 年的汇总")
        for child in children
        if child.year != year
    ]
    seen: set[str] = set()
    for child in children:
        if key_of(child) in seen:
            errors.append(FieldError(child.agency, "同一个机关有两份报告"))
        seen.add(key_of(child))
    if errors:
        raise BadInput(errors)


def failing_sums(report: AnnualReport, formats: TableFormats) -> tuple[Finding, ...]:
    """The printed sums of tables 三 and 四 that do not hold, in the report's own format."""
    return tuple(
        checks.sums(
            _whole(report.table3, shape("table3", report.format, formats)),
            _whole(report.table4, shape("table4", report.format, formats)),
            report.format,
            formats,
        )
    )


def _whole(table: Cells | None, rows: Mapping[str, list[str]]) -> dict[str, dict[str, int | None]]:
    """A table with every row and column, blank where the report has none."""
    given = table or {}
    whole: dict[str, dict[str, int | None]] = {}
    for row, columns in rows.items():
        cells = given.get(row, {})
        values = {column: cells.get(column) for column in columns}
        whole[row] = {c: None if value is None else int(value) for c, value in values.items()}
    return whole


def tables_in(
    report: AnnualReport, fmt: str, formats: TableFormats
) -> tuple[dict[str, Cells], list[Finding]]:
    """The tables of a report that can be added in a format, and what had to be said about that."""
    tables: dict[str, Cells] = {}
    told: list[Finding] = []
    unsure = [one for one in report.oddities if one.kind in UNSURE]
    if unsure:
        told.append(
            Finding(
                "V24", "warn", report.agency,
                f"文件里有 {len(unsure)} 处没有读准：{unsure[0].where}，{unsure[0].message}",
            )
        )  # fmt: skip
    for name, table in (("table3", report.table3), ("table4", report.table4)):
        if table is None:
            told.append(
                Finding("V24", "warn", report.agency, f"报告里没有{TABLES[name]}，合计不含这个机关的这张表")
            )  # fmt: skip
        else:
            tables[name] = table
    if report.format != fmt and "table3" in tables:
        tables["table3"] = _carried_over(tables["table3"], fmt, formats)
        into = "“(六)其他处理·3.其他”" if fmt == "2021" else "“(六)其他处理”"
        told.append(
            Finding(
                "V10", "warn", report.agency,
                f"报告用的是 {report.format} 年格式，其他处理计入{into}",
            )
        )  # fmt: skip
    if report.table2 is not None:
        format2 = formats.format_of_table2(report.table2, report.format)
        if format2 == fmt:
            tables["table2"] = report.table2
        else:
            told.append(
                Finding(
                    "V24", "warn", report.agency,
                    f"表二用的是 {format2} 年格式，栏目不同，没有计入表二的合计",
                )
            )  # fmt: skip
    return tables, told


def _carried_over(table: Cells, fmt: str, formats: TableFormats) -> dict[str, dict[str, Number]]:
    """Table 三 in the rows of another format: 其他处理 is one row in 2019 and three in 2021."""
    found: dict[str, dict[str, Number]] = {}
    for row, cells in table.items():
        to = "other_misc" if row == "other" else formats.row_in(row, fmt)
        into = found.setdefault(to, {})
        for column, value in cells.items():
            before = into.get(column)
            into[column] = value if before is None else before + (value or 0)
    return found


def in_format(report: AnnualReport, fmt: str, formats: TableFormats) -> AnnualReport:
    """The report with its table 三 in the rows of a format; without table 二 when that has others."""
    tables, _ = tables_in(report, fmt, formats)
    return replace(
        report,
        format=fmt,
        table2=tables.get("table2"),
        table3=tables.get("table3"),
        table4=tables.get("table4"),
    )
