"""Versions of a report: what is frozen, and what has changed since."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Cells
from workflow.report.sums.aggregate import place_in_words
from workflow.report.tables.layout import TABLES
from workflow.report.tables.table2 import Table2
from workflow.report.tables.tally import Tables


def differences(frozen: AnnualReport, live: AnnualReport, formats: TableFormats) -> list[str]:
    """Where the figures that were signed are not what cases and register give now, in words."""
    found = []
    for name in TABLES:
        before, now = getattr(frozen, name) or {}, getattr(live, name) or {}
        for row, cells in before.items():
            for column, value in cells.items():
                other = now.get(row, {}).get(column)
                if Decimal(str(value or 0)) != Decimal(str(other or 0)):
                    where = place_in_words((name, row, column), frozen.format, formats)
                    found.append(f"{where}：报告 {value or 0}，现在 {other or 0}")
    return found


def restored(table: Mapping[str, Mapping[str, Any]]) -> Cells:
    """A table as it was kept, its decimals as numbers again."""
    return {
        row: {c: (Decimal(v) if isinstance(v, str) else v) for c, v in cells.items()}
        for row, cells in table.items()
    }


def kept(table: Cells) -> dict[str, dict[str, Any]]:
    """A table for keeping: decimals as text with their value."""
    return {
        row: {c: (str(v) if isinstance(v, Decimal) else v) for c, v in cells.items()}
        for row, cells in table.items()
    }


def sheet_kept(report: AnnualReport) -> dict[str, Any]:
    """The tables of a report in one format for keeping."""
    return {name: kept(getattr(report, name) or {}) for name in TABLES}


def behind_kept(tables: Tables, second: Table2) -> dict[str, dict[str, list[Any]]]:
    """What stands behind every cell of the tables in one format, for keeping: by table and row/column."""
    assert tables.behind3 is not None and tables.behind4 is not None
    behind: dict[str, Mapping[tuple[str, str], Iterable[Any]]] = {
        "table2": second.behind,
        "table3": tables.behind3,
        "table4": tables.behind4,
    }
    return {
        name: {"/".join(place): list(found) for place, found in cells.items()}
        for name, cells in behind.items()
    }


def tables_restored(sheet: Mapping[str, Any], year: int, fmt: str) -> Tables:
    """Tables 三 and 四 as they were kept, without what is behind."""
    return Tables(year, fmt, sheet["table3"], sheet["table4"], None, None)


def cells2_restored(sheet: Mapping[str, Any]) -> Cells:
    """Table 二 as it was kept."""
    return {row: dict(found) for row, found in restored(sheet["table2"]).items()}
