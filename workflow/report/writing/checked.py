"""What was found in a report that somebody else made, as a PDF to be kept or handed on: file, moment and digest, every
finding with its rule and article, what was not looked at, the tables as they were read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from config import fonts
from config.law import Law
from workflow.dates import SHANGHAI, in_words
from workflow.paper.pdf import set_in_type
from workflow.report.annual import Number
from workflow.report.checks import LEVELS
from workflow.report.judged import Judged, ReadTable, never_checked, tables_as_read

TEMPLATE = Path(__file__).with_name("checked.typ")
BLANK = "空白"


def checked_pdf(
    judged: Judged, law: Law, files: Sequence[tuple[str, str, str]], at: datetime
) -> bytes:
    """The bytes of the PDF; the same findings and moment give the same bytes.

    files: label, name and SHA-256 of each file that was read, the report first. at: the moment.
    """
    local = at.astimezone(SHANGHAI)
    data: dict[str, Any] = _printable(
        {
            "files": [list(one) for one in files],
            "at": f"{in_words(local.date())} {local:%H:%M}",
            "about": about(judged),
            "groups": [
                {
                    "title": f"{LEVELS[level]}（{judged.of_level(level)} 处）",
                    "checks": [
                        {
                            "says": group.check.says,
                            "basis": f"依据：{group.check.basis}（规则 {group.check.id}）",
                            "findings": [[one.where, one.message] for one in group.findings],
                        }
                        for group in groups
                    ],
                }
                for level, groups in judged.groups(law)
            ],
            "unchecked": [*judged.unchecked, *never_checked(law)],
            "tables": [_table(one) for one in tables_as_read(judged.report, law.formats)],
            "sections": [
                f"{title}：{len(judged.report.sections[key])} 字"
                for key, title in law.formats.sections.items()
                if key in judged.report.sections
            ],
        }
    )
    return set_in_type(TEMPLATE, "checked", data, local.date())


def about(judged: Judged) -> str:
    """Whose report of which year it is, and what it was compared with."""
    report, before = judged.report, judged.before
    told = report.agency + (f" {report.year} 年" if report.year else "")
    told += f"，{report.format} 年格式"
    if before is not None:
        year = f" {before.year} 年" if before.year else "上一年"
        told += f"；与{year}的报告作了比较"
    return told


def _table(table: ReadTable) -> dict[str, Any]:
    return {
        "title": table.title + (f" {table.part}" if table.part else ""),
        "heads": list(table.heads),
        "rows": [
            [f"{row.group} {row.label}".strip(), *(_number(one) for one in row.numbers)]
            for row in table.rows
        ],
    }


def _number(value: Number) -> str:
    return BLANK if value is None else str(value)


def _printable(value: Any) -> Any:
    """Every text of it with a sign in the place of what no font can print."""
    if isinstance(value, str):
        return fonts.printed(value)
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
