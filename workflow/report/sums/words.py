"""A sum in words: a page of plain Markdown for the shell, for docs and for printing."""

from typing import Any

from workflow.report.sums.aggregate import Aggregate, place_in_words
from workflow.report.sums.difference import Comparison, Difference
from workflow.report.tables.layout import TABLES


def sum_text(total: Aggregate, compared: Comparison | None = None) -> str:
    """The sum with the bodies behind it, what fails, and the differences to an entered total."""
    lines = [
        f"# {total.year} 年汇总：{len(total.children)} 个机关，{total.format} 年格式",
        "",
        "| | 件数 |",
        "|---|---|",
    ]
    for row in ("new_received", "carried_in", "total", "carried_out"):
        label = total.formats.rows[total.format][row]
        lines.append(f"| {label} | {total.number(('table3', row, 'total'))} |")
    if total.warnings:
        lines += ["", "## 需要说明", ""]
        lines += [f"- {one.where}：{one.message}（{one.rule}）" for one in total.warnings]
    if total.failing:
        lines += ["", "## 自身勾稽不成立的报告", ""]
        for key, findings in total.failing.items():
            lines += [f"- {total.names[key]}"]
            lines += [f"  - {one.where}：{one.message}（{one.rule}）" for one in findings]
    if compared is not None:
        lines += ["", "## 与填报的汇总数的差异", "", *_differences(compared)]
    return "\n".join(lines)


def _differences(compared: Comparison) -> list[str]:
    lines = []
    if compared.not_compared:
        lines += [f"没有比较：{'、'.join(compared.not_compared)}（一方没有，或者格式不同）。", ""]
    if not compared.differences:
        return [*lines, "逐格一致。"]
    if compared.causes:
        lines += ["查明的原因：", ""]
        lines += [f"{n}. {cause.message}。" for n, cause in enumerate(compared.causes, 1)]
        lines.append("")
    lines += ["| 格 | 填报 | 相加 | 差 | 原因 |", "|---|---|---|---|---|"]
    for one in compared.differences:
        entered, summed = (f"{_number(value)}{one.unit}" for value in (one.entered, one.summed))
        lines.append(
            f"| {one.where} | {entered} | {summed} | {one.difference:+} | {why(compared, one)} |"
        )
    for note in compared.notes:
        lines += ["", note]
    return lines


def why(compared: Comparison, one: Difference) -> str:
    """The numbers of the causes of a cell, and what of it is open."""
    numbers = "、".join(f"原因 {n}" for n in compared.numbers(one))
    if not one.open:
        return numbers
    return f"{numbers}；其余 {one.open:+} 没有查明" if numbers else "没有查明"


def as_data(total: Aggregate, compared: Comparison | None = None) -> dict[str, Any]:
    """The same as data, for `--json`: tables, the bodies behind every cell that is not 0, findings,
    differences with their causes."""
    found: dict[str, Any] = {
        "year": total.year,
        "format": total.format,
        "children": total.names,
        "missing": dict(total.missing),
        "table2": _plain(total.table("table2")) if total.has_table2 else None,
        **{name: _plain(total.table(name)) for name in TABLES if name != "table2"},
        "behind": {
            "/".join(place): {share.child: _number(share.value) for share in shares}
            for place, shares in total.behind.items()
        },
        "warnings": [one.as_dict() for one in total.warnings],
        "failing": {key: [f.as_dict() for f in found] for key, found in total.failing.items()},
    }
    if compared is not None:
        found["not_compared"] = list(compared.not_compared)
        found["differences"] = [
            {
                "cell": "/".join(one.place),
                "where": place_in_words(one.place, total.format, total.formats),
                "entered": _number(one.entered),
                "summed": _number(one.summed),
                "difference": _number(one.difference),
                "open": _number(one.open),
                "because": [
                    {"kind": cause.kind, "child": cause.child, "message": cause.message}
                    for cause in one.because
                ],
            }
            for one in compared.differences
        ]
        found["notes"] = list(compared.notes)
    return found


def _plain(table: Any) -> dict[str, dict[str, Any]]:
    return {row: {c: _number(value) for c, value in cells.items()} for row, cells in table.items()}


def _number(value: Any) -> int | str | None:
    """Whole numbers as they are, amounts as text: no digit is lost."""
    return value if value is None or isinstance(value, int) else str(value)
