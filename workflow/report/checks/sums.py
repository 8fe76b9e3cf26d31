"""What must hold in any table 3 and 4, ours or one made elsewhere (law.md §10, the sums).

A blank is read as 0; a 总计 that was left blank is then not held against the figures beside it: it is
taken for what they add up to.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from config.law import TableFormats
from workflow.refusal import BadInput, FieldError
from workflow.report.annual import Cells, Number
from workflow.report.checks.finding import Finding

Sheet = Mapping[str, Mapping[str, int | None]]


def read_tables(data: Any, formats: TableFormats) -> tuple[int, str, Sheet, Sheet]:
    """Year, format, table 3 and table 4 of a report as JSON.

    Raises BadInput for a missing row or column and for what is neither a whole number nor blank.
    """
    if not isinstance(data, dict):
        raise BadInput([FieldError("文件", "须为一个对象，含 year、table3、table4")])
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2050:
        raise BadInput([FieldError("year", "请填写四位年份")])
    fmt = str(data.get("format") or formats.format_of(year))
    if fmt not in formats.rows:
        raise BadInput([FieldError("format", "只能是 2019 或者 2021")])
    errors: list[FieldError] = []
    table3 = _sheet(data.get("table3"), "table3", formats.rows[fmt], formats.columns, errors)
    table4 = _sheet(data.get("table4"), "table4", formats.blocks, formats.cells, errors)
    if errors:
        raise BadInput(errors)
    return year, fmt, table3, table4


def _sheet(
    data: Any,
    name: str,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    errors: list[FieldError],
) -> dict[str, dict[str, int | None]]:
    given = data if isinstance(data, dict) else {}
    sheet: dict[str, dict[str, int | None]] = {}
    errors.extend(FieldError(f"{name}.{row}", "没有这一行") for row in given if row not in rows)
    for row in rows:
        cells = given.get(row)
        if not isinstance(cells, dict):
            errors.append(FieldError(f"{name}.{row}", "缺少这一行"))
            continue
        sheet[row] = {}
        for column in columns:
            value = cells.get(column)
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int) or value < 0
            ):
                errors.append(
                    FieldError(f"{name}.{row}.{column}", f"须为不小于 0 的整数，现为 {value!r}")
                )
                continue
            sheet[row][column] = value
    return sheet


def sums(table3: Cells, table4: Cells, fmt: str, formats: TableFormats) -> list[Finding]:
    """Every printed relation that does not hold: V01, V02, V03, V04, V07, V08."""
    return [*sums_of_table3(table3, fmt, formats), *sums_of_table4(table4, formats)]


def sums_of_table3(table: Cells, fmt: str, formats: TableFormats) -> list[Finding]:
    """V01, V02, V03, V07, V08."""
    return [*_columns_of_table3(table, fmt, formats), *_rows_of_table3(table, fmt, formats)]


def _blank(values: Iterable[Number]) -> bool:
    return all(value is None for value in values)


def _sum(values: Iterable[Number]) -> Any:
    return sum(value or 0 for value in values)


def _columns_of_table3(table: Cells, fmt: str, formats: TableFormats) -> list[Finding]:
    found: list[Finding] = []
    all_totals_zero = not any(table["total"].values())
    six, rows = formats.applicant_columns(), formats.result_rows(fmt)
    for column, label in formats.columns.items():
        if column == "total" and _blank(cells["total"] for cells in table.values()):
            continue

        def cell(row: str, column: str = column) -> Any:
            """The number, for a blank 总计 what stands beside it."""
            value = table[row][column]
            if value is None and column == "total":
                return _sum(table[row][one] for one in six)
            return value or 0

        new, carried_in, carried_out = (
            cell(row) for row in ("new_received", "carried_in", "carried_out")
        )
        results = _sum(cell(row) for row in rows)
        total = results if table["total"][column] is None else cell("total")
        where = f"表三“{label}”列"
        if new + carried_in != total + carried_out:
            found.append(
                Finding(
                    "V01", "error", where,
                    f"本年新收 {new} 加上年结转 {carried_in} 等于 {new + carried_in}，"
                    f"总计 {total} 加结转下年度 {carried_out} 等于 {total + carried_out}，两边不相等",
                )
            )  # fmt: skip
        if total != results:
            rule = "V07" if all_totals_zero else "V02"
            found.append(
                Finding(rule, "error", where, f"各项办理结果相加为 {results}，（七）总计为 {total}")
            )
        if results and new + carried_in == 0:
            found.append(
                Finding("V08", "error", where, f"没有新收和结转的申请，却有办理结果 {results} 件")
            )
    return found


def _rows_of_table3(table: Cells, fmt: str, formats: TableFormats) -> list[Finding]:
    found = []
    columns = formats.applicant_columns()
    for row, label in formats.rows[fmt].items():
        six = _sum(table[row][column] for column in columns)
        total = table[row]["total"]
        if total is not None and total != six:
            found.append(
                Finding("V03", "error", f"表三“{label}”行", f"六列相加为 {six}，总计为 {total}")
            )
    return found


def sums_of_table4(table: Cells, formats: TableFormats) -> list[Finding]:
    """V04."""
    found = []
    for block, label in formats.blocks.items():
        four = _sum(table[block][cell] for cell in formats.cells if cell != "total")
        total = table[block]["total"]
        if total is not None and total != four:
            found.append(
                Finding("V04", "error", f"表四“{label}”", f"四格相加为 {four}，总计为 {total}")
            )
    return found
