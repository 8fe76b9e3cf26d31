"""Reads annual reports as bodies really publish them: JSON, XLSX, DOCX, HTML and plain text.

Tolerant in reading: tables are found by their labels, slips and all. What was strange is kept with the
value (`AnnualReport.oddities`), for the checks to judge.
"""

import re
from collections.abc import Iterable

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Oddity
from workflow.report.reading.data import report_of_json
from workflow.report.reading.paper import Block, Unreadable
from workflow.report.reading.prose import read_prose
from workflow.report.reading.tables import find_tables
from workflow.report.reading.text import blocks_of_text, decoded

__all__ = ["ACCEPTED", "BYTES_MOST", "Unreadable", "read_report"]

BYTES_MOST = 20 * 1024 * 1024
ACCEPTED = "JSON、XLSX、DOCX、HTML 或者纯文本"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|div|p|span)[\s>/]", re.IGNORECASE
)


def read_report(name: str, data: bytes, formats: TableFormats) -> AnnualReport:
    """The report in a file. name is used only to find the year where the report does not say it.

    Raises Unreadable, with one line for people, for whatever cannot be read as an annual report.
    """
    if not data:
        raise Unreadable("文件是空的")
    if len(data) > BYTES_MOST:
        raise Unreadable(f"文件超过 {BYTES_MOST // (1024 * 1024)} MB，不像年度报告")
    # What reads XML is loaded with the first file that needs it: servers read one now and then.
    if data.startswith(b"PK\x03\x04"):
        from workflow.report.reading.office import blocks_of_office

        return _report(name, blocks_of_office(data), formats)
    if data.startswith(_OLE):
        raise Unreadable("这是旧版 Office 文件，或者设了密码的文件，请另存为 DOCX 或者 XLSX")
    if data.startswith(b"%PDF-"):
        raise Unreadable("PDF 里的表格无法可靠读取，请用原来的 DOCX、XLSX 或者网页")
    if _MARKUP.search(data[:20_000]):
        from workflow.report.reading.html import blocks_of_html

        return _report(name, blocks_of_html(data), formats)
    text = decoded(data)
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return report_of_json(text.lstrip("\ufeff"), formats)
    return _report(name, blocks_of_text(text), formats)


def _report(name: str, blocks: Iterable[Block], formats: TableFormats) -> AnnualReport:
    found = find_tables(blocks, formats)
    if found.table2 is None and found.table3 is None and found.table4 is None:
        raise Unreadable("没有找到年度报告的表格，无法核对")
    prose = read_prose(found.lines, name, formats)
    fmt = found.format or found.table2_format
    if fmt is None:
        fmt = formats.format_of(prose.year) if prose.year else "2021"
    oddities = [*found.oddities, *prose.oddities]
    if found.table2_format not in (None, fmt):
        oddities.append(
            Oddity(
                "layout", "表二", f"用的是 {found.table2_format} 年格式，表三用的是 {fmt} 年格式"
            )
        )
    return AnnualReport(
        agency=prose.agency,
        year=prose.year,
        format=fmt,
        table2=found.table2,
        table3=found.table3,
        table4=found.table4,
        title=prose.title,
        sections=prose.sections,
        signed_by=prose.signed_by,
        period=prose.period,
        oddities=tuple(oddities),
    )
