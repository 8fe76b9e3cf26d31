"""Reports to judge: a township's report of zeros, one with other numbers or texts, a published one."""

from dataclasses import replace
from datetime import date
from typing import Any

from config.law import load_law
from tests.examples import ACCEPTANCE
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding, Known, findings
from workflow.report.reading import read_report

LAW = load_law()
FORMATS = LAW.formats


def published(name: str) -> AnnualReport:
    path = ACCEPTANCE / "tables" / f"{name}.json"
    return read_report(path.name, path.read_bytes(), FORMATS)


def told(report: AnnualReport, rule: str, known: Known | None = None) -> list[Finding]:
    return [one for one in findings(report, LAW, known) if one.rule == rule]


def report(year: int = 2024, **more: Any) -> AnnualReport:
    """A township's report of zeros, with every section."""
    fmt = FORMATS.format_of(year)
    given: dict[str, Any] = {
        "agency": "盘龙彝族乡人民政府",
        "level": "township",
        "year": year,
        "format": fmt,
        "title": f"盘龙彝族乡人民政府{year}年政府信息公开工作年度报告",
        "period": (date(year, 1, 1), date(year, 12, 31)),
        "table2": {
            item: dict.fromkeys(block.fields, 0)
            for block in FORMATS.table2[fmt]
            for item in block.items
        },
        "table3": {row: dict.fromkeys(FORMATS.columns, 0) for row in FORMATS.rows[fmt]},
        "table4": {block: dict.fromkeys(FORMATS.cells, 0) for block in FORMATS.blocks},
        "sections": {
            "overview": "2024年，本机关主动公开政府信息30条。",
            "proactive": "",
            "applications": "",
            "disputes": "",
            "problems": "一是人手不足。二是更新不够及时。",
            "other_matters": "无其他需要报告的事项。",
        },
    }
    return AnnualReport(**{**given, **more})


def with3(base: AnnualReport, column: str = "natural_person", **rows: int | None) -> AnnualReport:
    """Numbers of one applicant's column in table 三, the 总计 column with them."""
    table3 = {row: dict(cells) for row, cells in (base.table3 or {}).items()}
    for row, value in rows.items():
        table3[row][column] = table3[row]["total"] = value
    return replace(base, table3=table3)


def with2(base: AnnualReport, item: str, **cells: Any) -> AnnualReport:
    table2 = {key: dict(values) for key, values in (base.table2 or {}).items()}
    table2[item].update(cells)
    return replace(base, table2=table2)


def with4(base: AnnualReport, block: str, **cells: int) -> AnnualReport:
    table4 = {key: dict(values) for key, values in (base.table4 or {}).items()}
    table4[block].update(cells)
    return replace(base, table4=table4)


def saying(base: AnnualReport, **sections: str) -> AnnualReport:
    return replace(base, sections={**base.sections, **sections})
