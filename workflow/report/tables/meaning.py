"""What a number of a published report means, for anybody: row and column in a sentence, what is added up to it,
which replies are counted in it, and the same number of other years. Never a case: docs/decisions/0052."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.law import Law, TableFormats
from workflow.report.annual import AnnualReport, Number
from workflow.report.sums.aggregate import Place
from workflow.report.tables.layout import TABLES, printed, row_title

UNITS = {
    "amount_10k": "万元",
    "amount": "元",
    "items_before": "项",
    "change": "项",
    "projects": "个",
}
"""Of the columns of table 二 that count no 件."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the numbers that are added up to another."""

    label: str
    place: Place
    value: Number


@dataclass(frozen=True, slots=True)
class Meaning:
    """row, column: as they are printed; says: what both mean. replies: the kinds of reply that stand in the row.
    parts: what the number is the sum of, without what is 0."""

    place: Place
    table: str
    row: str
    column: str
    number: Number
    unit: str
    says: tuple[str, ...]
    replies: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def value_at(report: AnnualReport, place: Place) -> Number:
    """The number of a cell; None for a blank and for a cell that the report does not have."""
    table, row, column = place
    cells: Mapping[str, Mapping[str, Number]] = getattr(report, table) or {}
    return cells.get(row, {}).get(column)


def meaning_of(report: AnnualReport, place: Place, law: Law) -> Meaning | None:
    """What stands behind a number; None where the format of the report has no such cell."""
    table, row, column = place
    if table not in TABLES or getattr(report, table) is None:
        return None
    formats, fmt = law.formats, report.format
    said, number = formats.meanings, value_at(report, place)
    if table == "table2":
        for block in formats.table2[fmt]:
            if row in block.items and column in block.fields:
                return Meaning(
                    place, TABLES[table], printed(block.items[row]), printed(block.fields[column]),
                    number, UNITS.get(column, "件"), (said["items"][row], said["fields"][column]),
                )  # fmt: skip
        return None
    if table == "table3" and row in formats.rows[fmt] and column in formats.columns:
        return Meaning(
            place, TABLES[table], row_title(row, fmt, formats), formats.columns[column], number,
            "件", (said["rows"][row], said["columns"][column]),
            tuple(one.label for one in law.outcomes.values() if formats.row_in(one.row, fmt) == row),
            tuple(_parts3(report, row, column, formats)),
        )  # fmt: skip
    if table == "table4" and row in formats.blocks and column in formats.cells:
        return Meaning(
            place, TABLES[table], row_title(row, fmt, formats), formats.cells[column], number,
            "件", (said["blocks"][row], said["cells"][column]), (),
            tuple(_parts4(report, row, column, formats)),
        )  # fmt: skip
    return None


def _parts3(report: AnnualReport, row: str, column: str, formats: TableFormats) -> Iterator[Part]:
    """Of (七)总计 the results, of the last column the six before it."""
    if row == "total":
        for one in formats.result_rows(report.format):
            place = ("table3", one, column)
            yield from _part(report, row_title(one, report.format, formats), place)
    elif column == "total":
        for one in formats.applicant_columns():
            yield from _part(report, formats.columns[one], ("table3", row, one))


def _parts4(report: AnnualReport, block: str, cell: str, formats: TableFormats) -> Iterator[Part]:
    if cell == "total":
        for one, label in formats.cells.items():
            if one != "total":
                yield from _part(report, label, ("table4", block, one))


def _part(report: AnnualReport, label: str, place: Place) -> Iterator[Part]:
    value = value_at(report, place)
    if value:
        yield Part(label, place, value)


def over_the_years(
    reports: Iterable[AnnualReport], place: Place
) -> list[tuple[AnnualReport, Number]]:
    """The number of the same cell in reports, the oldest first. Reports that have no such cell are left out: the
    one row 其他处理 of 2019 is three in 2021."""
    table, row, column = place
    return [
        (report, (getattr(report, table) or {})[row][column])
        for report in sorted(reports, key=lambda one: one.year)
        if column in (getattr(report, table) or {}).get(row, {})
    ]
