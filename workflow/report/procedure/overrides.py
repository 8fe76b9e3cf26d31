"""Numbers put in by hand in the place of counted ones (V26): which cells take one, and what follows it.

Only a number that another person has confirmed counts. Sums are never put in: they follow, in tables 三
and 四 and in what table 二 carries over, so that a hand cannot make a table that does not add up.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from config.law import TableFormats
from workflow.report.annual import MONEY, AnnualReport, Cells, Number
from workflow.report.sums.aggregate import row_in_words
from workflow.report.tables.table2 import CARRIED

Place = tuple[str, str, str]
"""table2, table3 or table4, then row, then column."""
Table = dict[str, dict[str, Number]]
MAY_FALL = ("change",)


@dataclass(frozen=True, slots=True)
class Choice:
    """A row or column that takes a number by hand: its table, key and official label."""

    table: str
    key: str
    label: str


def rows_by_hand(fmt: str, formats: TableFormats) -> list[Choice]:
    """The rows that take a number by hand, in the order of the report."""
    second = [
        Choice("table2", item, label)
        for block in formats.table2[fmt]
        for item, label in block.items.items()
    ]
    third = [
        Choice("table3", row, row_in_words(row, fmt, formats))
        for row in formats.rows[fmt]
        if row != "total"
    ]
    fourth = [
        Choice("table4", block, label.replace("/", "·")) for block, label in formats.blocks.items()
    ]
    return [*second, *third, *fourth]


def columns_by_hand(fmt: str, formats: TableFormats) -> list[Choice]:
    """The columns that take a number by hand; every key stands in one table only."""
    second = {key: label for block in formats.table2[fmt] for key, label in block.fields.items()}
    named = {"table2": second, "table3": formats.columns, "table4": formats.cells}
    return [
        Choice(table, key, label)
        for table, found in named.items()
        for key, label in found.items()
        if key != "total"
    ]


def place_of(table: str, row: str, column: str, fmt: str, formats: TableFormats) -> Place | None:
    """The cell, None where there is none or where it is a sum."""
    if table == "table2":
        fits = any(row in block.items and column in block.fields for block in formats.table2[fmt])
        return (table, row, column) if fits else None
    rows = {(one.table, one.key) for one in rows_by_hand(fmt, formats)}
    columns = {(one.table, one.key) for one in columns_by_hand(fmt, formats)}
    fits = (table, row) in rows and (table, column) in columns
    return (table, row, column) if fits else None


def number_of(column: str, text: str) -> Number:
    """The number that was typed for a column: 件, or 万元 and 元 with up to two decimals.

    Raises ValueError, in Chinese, for anything else.
    """
    plain = text.strip()
    if column in MONEY:
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", plain):
            raise ValueError(f"请填写金额（{MONEY[column]}），最多两位小数")
        return Decimal(plain)
    sign = "-?" if column in MAY_FALL else ""
    if not re.fullmatch(rf"{sign}[0-9]{{1,9}}", plain):
        raise ValueError("请填写整数" if sign else "请填写不小于 0 的整数")
    return int(plain)


def with_overrides(
    report: AnnualReport,
    overrides: Iterable[Mapping[str, Any]],
    formats: TableFormats,
    counted: AnnualReport | None = None,
) -> AnnualReport:
    """The report with the confirmed numbers, and the sums that follow them.

    counted: the report in the format for which the numbers were put in, where `report` is the same
    year in the other format; what they change there changes as much here.
    """
    counted = counted or report
    changed: dict[str, Table] = {}
    for one in overrides:
        if not one.get("confirmed_by"):
            continue
        table, row, column = one["table"], one["row"], one["column"]
        was = (getattr(counted, table) or {}).get(row, {}).get(column)
        here = _row_here(table, row, report.format, formats)
        sheet = changed.setdefault(table, _copy(getattr(report, table) or {}))
        if was is None or column not in sheet.get(here, {}):
            continue
        value = one["value"]
        number = Decimal(value) if isinstance(value, str) else value
        sheet[here][column] = (sheet[here][column] or 0) + number - was
    for table, sheet in changed.items():
        _follow(table, sheet, report, formats)
    done: dict[str, Any] = dict(changed)
    return replace(report, **done) if done else report


def _row_here(table: str, row: str, fmt: str, formats: TableFormats) -> str:
    """A row in the words of a format: 其他处理 is one row in that of 2019 and three in that of 2021."""
    if table != "table3":
        return row
    return "other_misc" if row == "other" and fmt == "2021" else formats.row_in(row, fmt)


def _follow(table: str, sheet: Table, report: AnnualReport, formats: TableFormats) -> None:
    if table == "table3":
        columns = formats.applicant_columns()
        for column in columns:
            results = formats.result_rows(report.format)
            sheet["total"][column] = sum((sheet[row][column] or 0 for row in results), start=0)
        for cells in sheet.values():
            cells["total"] = sum((cells[column] or 0 for column in columns), start=0)
    elif table == "table4":
        for cells in sheet.values():
            cells["total"] = sum((n or 0 for key, n in cells.items() if key != "total"), start=0)
    else:
        _carry(sheet, report.table2 or {})


def _carry(sheet: Table, counted: Cells) -> None:
    """What table 二 carries over (现行有效 = 上年 + 制发 − 废止), where no hand has changed it itself."""
    for item, cells in sheet.items():
        for field, (_, adds, takes) in CARRIED.items():
            was = counted[item].get(field)
            if was is None or cells[field] != was:
                continue
            more = sum((_risen(item, key, sheet, counted) for key in adds), start=0)
            less = sum((_risen(item, key, sheet, counted) for key in takes), start=0)
            cells[field] = was + more - less


def _risen(item: str, key: str, sheet: Table, counted: Cells) -> int:
    return int(sheet[item].get(key) or 0) - int(counted[item].get(key) or 0)


def _copy(table: Cells) -> Table:
    return {row: dict(cells) for row, cells in table.items()}
