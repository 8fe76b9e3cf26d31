"""Reports as files for tests: the official tables with their merged cells, in every format that is read."""

import html as markup
import io
import json
from decimal import Decimal
from typing import Any

import docx
import xlsxwriter

from config.law import load_law
from workflow.report.annual import AnnualReport, Cells

FORMATS = load_law().formats
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
OUTSIDE = ("new_received", "carried_in", "carried_out")
Grid = list[list[tuple[str, int, int]]]
"""Rows of the cells that begin in them: text, columns, rows."""


def words(value: Any) -> str:
    return "" if value is None else str(value)


def grid2(table: Cells, fmt: str) -> Grid:
    width = 1 + max(len(block.fields) for block in FORMATS.table2[fmt])
    rows: Grid = []
    for block in FORMATS.table2[fmt]:
        rest = width - len(block.fields)
        rows.append([(block.title, width, 1)])
        heads = list(block.fields.values())
        rows.append(
            [("信息内容", 1, 1), *((head, 1, 1) for head in heads[:-1]), (heads[-1], rest, 1)]
        )
        for item, label in block.items.items():
            values = [words(table[item][name]) for name in block.fields]
            rows.append(
                [(label, 1, 1), *((value, 1, 1) for value in values[:-1]), (values[-1], rest, 1)]
            )
    return rows


def grid3(table: Cells, fmt: str) -> Grid:
    columns = FORMATS.columns
    rows: Grid = [
        [(CORNER, 3, 3), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(columns[key], 1, 1) for key in list(columns)[1:-1]],
    ]
    keys = list(FORMATS.rows[fmt])
    inside = [key for key in keys if key not in OUTSIDE]
    for key in keys:
        label, group = FORMATS.rows[fmt][key], FORMATS.group_of(key)
        row: list[tuple[str, int, int]] = []
        if key in OUTSIDE:
            row.append((label, 3, 1))
        else:
            if key == inside[0]:
                row.append(("三、本年度办理结果", 1, len(inside)))
            mates = [other for other in keys if group and FORMATS.group_of(other) == group]
            if mates and mates[0] == key:
                row.append((FORMATS.groups[str(group)], 1, len(mates)))
            row.append((label, 1 if mates else 2, 1))
        rows.append([*row, *((words(table[key][column]), 1, 1) for column in columns)])
    return rows


def grid4(table: Cells) -> Grid:
    labels = [(label, 1, 1) for label in FORMATS.cells.values()]
    return [
        [("行政复议", 5, 2), ("行政诉讼", 10, 1)],
        [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        labels * 3,
        [(words(table[b][cell]), 1, 1) for b in FORMATS.blocks for cell in FORMATS.cells],
    ]


def content(report: AnnualReport) -> list[str | Grid]:
    """Title, period, sections with their tables."""
    title = report.title or f"{report.agency}{report.year}年政府信息公开工作年度报告"
    parts: list[str | Grid] = [title]
    if report.period:
        start, end = report.period
        parts.append(
            f"本报告所列数据的统计期限自{start.year}年{start.month}月{start.day}日起"
            f"至{end.year}年{end.month}月{end.day}日止。"
        )
    grids: dict[str, Grid] = {}
    if report.table2:
        grids["proactive"] = grid2(report.table2, report.format)
    if report.table3:
        grids["applications"] = grid3(report.table3, report.format)
    if report.table4:
        grids["disputes"] = grid4(report.table4)
    for key, heading in FORMATS.sections.items():
        if key in report.sections or key in grids:
            parts.append(heading)
            parts.extend(report.sections.get(key, "").splitlines())
            if key in grids:
                parts.append(grids[key])
    return parts


def placed(grid: Grid) -> list[tuple[int, int, str, int, int]]:
    taken: set[tuple[int, int]] = set()
    found = []
    for line, cells in enumerate(grid):
        column = 0
        for text, columns, rows in cells:
            while (line, column) in taken:
                column += 1
            taken |= {(line + d, column + r) for d in range(rows) for r in range(columns)}
            found.append((line, column, text, columns, rows))
    return found


def as_xlsx(report: AnnualReport) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("年报")
    line = 0
    for part in content(report):
        if isinstance(part, str):
            sheet.write_string(line, 0, part)
            line += 1
            continue
        for row, column, text, columns, rows in placed(part):
            value: Any = text
            if text and all(char in "0123456789." for char in text):
                value = float(text)
            if columns * rows > 1:
                sheet.merge_range(
                    line + row, column, line + row + rows - 1, column + columns - 1, value
                )
            else:
                sheet.write(line + row, column, value)
        line += len(part)
    book.close()
    return buffer.getvalue()


def as_docx(report: AnnualReport) -> bytes:
    document = docx.Document()
    for part in content(report):
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        spots = placed(part)
        width = max(column + columns for _, column, _, columns, _ in spots)
        table = document.add_table(len(part), width)
        grid = [row.cells for row in table.rows]
        for row, column, text, columns, rows in spots:
            cell = grid[row][column]
            if columns * rows > 1:
                cell = cell.merge(grid[row + rows - 1][column + columns - 1])
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_html(report: AnnualReport, encoding: str = "utf-8", *, inside_table: bool = False) -> bytes:
    parts = []
    for part in content(report):
        if isinstance(part, str):
            parts.append(f"<p>{markup.escape(part)}</p>")
            continue
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td colspan={columns} rowspan='{rows}'><p><span>{markup.escape(text)}</span></p></td>"
                for text, columns, rows in row
            )
            + "</tr>"
            for row in part
        )
        parts.append(f"<table border=1><tbody>{rows}</tbody></table>")
    body = "\n".join(parts)
    if inside_table:
        body = f"<table><tr><td>导航</td><td>{body}</td></tr></table>"
    page = (
        f"<!DOCTYPE html><html><head><meta charset='{encoding}'><title>公开</title>"
        f"<script>var a = '<table>';</script></head><body>{body}</body></html>"
    )
    return page.encode(encoding)


def as_text(report: AnnualReport, stroke: str = " | ") -> bytes:
    lines = []
    for part in content(report):
        if isinstance(part, str):
            lines.append(part)
        else:
            lines.extend(stroke.join(text for text, _, _ in row) for row in part)
    return "\n".join(lines).encode()


def as_tabs(report: AnnualReport) -> bytes:
    """As Excel copies: every cell in its own column, blanks under merged ones."""
    lines = []
    for part in content(report):
        if isinstance(part, str):
            lines.append(part)
            continue
        spots = placed(part)
        width = max(column + columns for _, column, _, columns, _ in spots)
        cells = [[""] * width for _ in part]
        for row, column, text, _, _ in spots:
            cells[row][column] = text
        lines.extend("\t".join(row) for row in cells)
    return "\n".join(lines).encode()


def as_json(report: AnnualReport) -> bytes:
    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        raise TypeError(value)

    return json.dumps(
        {
            "agency": report.agency,
            "year": report.year,
            "format": report.format,
            "title": report.title,
            "period": [day.isoformat() for day in report.period] if report.period else None,
            "sections": dict(report.sections),
            "table2": report.table2,
            "table3": report.table3,
            "table4": report.table4,
        },
        default=plain,
        ensure_ascii=False,
    ).encode()


WRITERS = {
    "json": as_json,
    "xlsx": as_xlsx,
    "docx": as_docx,
    "html": as_html,
    "gb18030.html": lambda report: as_html(report, "gb18030"),
    "nested.html": lambda report: as_html(report, inside_table=True),
    "txt": as_text,
    "tsv": as_tabs,
}
