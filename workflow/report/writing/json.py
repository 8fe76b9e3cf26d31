"""The report as data: the keys of the tables of the law, the form that `gongkai check` reads."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from workflow.report.annual import AnnualReport, Cells, Number
from workflow.report.writing.manuscript import manuscript


def write(report: AnnualReport) -> bytes:
    """UTF-8, blanks as null, a table that is not there as null, amounts as numbers in 万元."""
    return (json.dumps(as_data(report), ensure_ascii=False, indent=1) + "\n").encode()


def as_data(report: AnnualReport) -> dict[str, Any]:
    """The same, before it is text. Every cell of the format stands in it."""
    written = manuscript(report)
    grids = {section.grid.table: section.grid for section in written.sections if section.grid}
    tables: dict[str, Any] = {}
    for table, given in (
        ("table2", report.table2), ("table3", report.table3), ("table4", report.table4),
    ):  # fmt: skip
        tables[table] = None if given is None else _sheet(given, grids[table].numbers())
    period = report.period
    return {
        "agency": report.agency,
        "code": report.code,
        "level": report.level,
        "year": report.year,
        "format": report.format,
        "title": written.title,
        "version": report.version,
        "correction_note": report.correction_note,
        "signed_by": report.signed_by,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "period": [day.isoformat() for day in period] if period else None,
        "sections": {
            section.key: "\n".join(paragraph.whole for paragraph in section.paragraphs)
            for section in written.sections
        },
        **tables,
        "oddities": [asdict(oddity) for oddity in report.oddities],
    }


def _sheet(given: Cells, cells: list[Any]) -> dict[str, dict[str, int | float | None]]:
    sheet: dict[str, dict[str, int | float | None]] = {}
    for cell in cells:
        row, column = cell.key
        sheet.setdefault(row, {})[column] = _number(given.get(row, {}).get(column))
    return sheet


def _number(value: Number) -> int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
