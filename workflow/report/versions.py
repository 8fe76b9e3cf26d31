"""Versions of a report: numbers put in by hand, what is frozen, and what has changed since."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Cells

TABLES = ("table2", "table3", "table4")


def with_overrides(report: AnnualReport, overrides: Iterable[Mapping[str, Any]]) -> AnnualReport:
    """The report with the numbers that were put in by hand."""
    for one in overrides:
        table = {row: dict(cells) for row, cells in (getattr(report, one["table"]) or {}).items()}
        if one["column"] in table.get(one["row"], {}):
            table[one["row"]][one["column"]] = one["value"]
            changed: dict[str, Any] = {one["table"]: table}
            report = replace(report, **changed)
    return report


def differences(frozen: AnnualReport, live: AnnualReport, formats: TableFormats) -> list[str]:
    """Where the figures that were signed are not what cases and register give now."""
    found = []
    words = {"table2": "表二", "table3": "表三", "table4": "表四"}
    for name in TABLES:
        before, now = getattr(frozen, name) or {}, getattr(live, name) or {}
        for row, cells in before.items():
            for column, value in cells.items():
                other = now.get(row, {}).get(column)
                if Decimal(str(value or 0)) != Decimal(str(other or 0)):
                    label = formats.rows[frozen.format].get(row) or formats.blocks.get(row) or row
                    head = formats.columns.get(column) or formats.cells.get(column) or column
                    found.append(
                        f"{words[name]}“{label}”“{head}”：报告 {value or 0}，现在 {other or 0}"
                    )
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
