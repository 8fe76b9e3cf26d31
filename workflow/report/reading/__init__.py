"""Reads annual reports as bodies really publish them: files of Word, Excel and WPS, OpenDocument, RTF, web pages,
PDF with its text, tables saved as text, and JSON. What a file is, its bytes say and not its name.

Tolerant in reading: tables are found by their labels, slips and all. What was strange is kept with the
value (`AnnualReport.oddities`), for the checks to judge.
"""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import replace

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Oddity, mixed_layout
from workflow.report.reading.data import report_of_json
from workflow.report.reading.labels import LabelBook
from workflow.report.reading.lines import with_rows
from workflow.report.reading.paper import Block, TooLong, Unreadable
from workflow.report.reading.parted import with_whole_rows
from workflow.report.reading.prose import day_of_page, read_prose
from workflow.report.reading.refused import ACCEPTED, why_not
from workflow.report.reading.separated import blocks_of_separated, mark_of
from workflow.report.reading.tables import find_tables
from workflow.report.reading.text import blocks_of_text, text_of_page

__all__ = ["ACCEPTED", "BYTES_MOST", "TRIED", "Unreadable", "read_report"]

BYTES_MOST = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|meta|div|p|span)[\s>/]", re.IGNORECASE
)
_FLAT_ODF = re.compile(r"<office:document[\s>]")
_OLD_XML = re.compile(r"<\?mso-application|<pkg:package[\s>]")
_SNIFFED = 20_000
TRIED = 6
"""Files of an archive that are opened to see which of them is the report."""
NO_TABLES = "没有找到年度报告的表格，无法核对"


def read_report(name: str, data: bytes, formats: TableFormats) -> AnnualReport:
    """The report in a file. name is used only to find the year where the report does not say it.

    Raises Unreadable, with one line for people, for whatever cannot be read as an annual report.
    """
    return _read(name, data, formats, packed=False)


def _read(name: str, data: bytes, formats: TableFormats, *, packed: bool) -> AnnualReport:
    if not data:
        raise Unreadable("文件是空的")
    if len(data) > BYTES_MOST:
        raise Unreadable(f"文件超过 {BYTES_MOST // (1024 * 1024)} MB，不像年度报告")
    # What reads a kind of file is loaded with the first of that kind: servers read one now and then.
    if data.startswith(b"PK\x03\x04"):
        return _of_package(name, data, formats, packed=packed)
    if data.startswith(_OLE):
        raise Unreadable(why_not(data))
    if b"%PDF-" in data[:1024]:
        from workflow.report.reading.pdf import blocks_of_pdf

        return _report(name, blocks_of_pdf(data), formats)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        from workflow.report.reading.rtf import blocks_of_rtf

        return _report(name, blocks_of_rtf(data), formats)
    from workflow.report.reading.mht import looks_like_mht, page_of_mht

    if looks_like_mht(data):
        return _of_page(name, page_of_mht(data), formats)
    return _of_text(name, data, formats)


def _of_package(name: str, data: bytes, formats: TableFormats, *, packed: bool) -> AnnualReport:
    from workflow.report.reading.packed import kind_of, names_of, readable, reports_in, several

    kind = kind_of(names_of(data))
    if kind == "odf":
        from workflow.report.reading.odf import blocks_of_odf

        return _report(name, blocks_of_odf(data), formats)
    if kind == "office":
        from workflow.report.reading.office import blocks_of_office

        return _report(name, blocks_of_office(data), formats)
    if packed:
        raise Unreadable("压缩包里还是压缩包，请解压之后再核对")
    inside = reports_in(data)
    if len(inside) == 1:
        ((inner, content),) = inside.items()
        return _read(f"{readable(inner)} {name}", content, formats, packed=True)
    found: list[AnnualReport] = []
    # Beside a report lies a letter or an explanation; among more files nobody looks for it.
    for inner, content in inside.items() if len(inside) <= TRIED else ():
        with contextlib.suppress(Unreadable):
            found.append(_read(f"{readable(inner)} {name}", content, formats, packed=True))
    if not found or any(_said(one) != _said(found[0]) for one in found):
        raise several(inside)
    return min(found, key=lambda one: len(one.oddities))


def _said(report: AnnualReport) -> tuple[object, ...]:
    """What two files say alike that are the same report (its DOCX and its PDF)."""
    return report.agency, report.year, report.table2, report.table3, report.table4


def _of_text(name: str, data: bytes, formats: TableFormats) -> AnnualReport:
    try:
        text = text_of_page(data).lstrip("\ufeff")
    except TooLong:
        raise
    except Unreadable as error:
        raise Unreadable(why_not(data)) from error
    head = text[:_SNIFFED]
    if _FLAT_ODF.search(head):
        from workflow.report.reading.odf import blocks_of_flat

        return _report(name, blocks_of_flat(data), formats)
    if _OLD_XML.search(head):
        raise Unreadable(why_not(data))
    if _MARKUP.search(head):
        return _of_page(name, text, formats)
    if text.lstrip(" \t\r\n").startswith(("{", "[")):
        return report_of_json(text, formats)
    mark = mark_of(text)
    blocks = blocks_of_separated(text, mark) if mark else blocks_of_text(text)
    return _report(name, blocks, formats)


def _of_page(name: str, source: str, formats: TableFormats) -> AnnualReport:
    from workflow.report.reading.html import attached, blocks_of_page, day_told, tree_of_page

    root = tree_of_page(source)
    try:
        report = _report(name, blocks_of_page(root), formats)
        day = day_of_page(day_told(root)) if report.page_day is None else report.page_day
        return replace(report, page_day=day)
    except _NoTables as error:
        files = attached(root)
        if not files:
            raise
        raise Unreadable(
            f"网页里没有年度报告的表格，报告是附件{'、'.join(files)}，请下载附件再核对"
        ) from error


class _NoTables(Unreadable):
    """A file in which no table of an annual report was found."""


def _report(name: str, blocks: Iterable[Block], formats: TableFormats) -> AnnualReport:
    book = LabelBook.of(formats)
    found = find_tables(with_rows(with_whole_rows(blocks, book), book), formats)
    if found.table2 is None and found.table3 is None and found.table4 is None:
        unread = [f"；{one.where}：{one.message}" for one in found.oddities if one.kind == "unread"]
        raise _NoTables(NO_TABLES + "".join(unread[:1]))
    prose = read_prose(found.lines, name, formats)
    fmt = found.format or found.table2_format
    if fmt is None:
        fmt = formats.format_of(prose.year) if prose.year else "2021"
    oddities = [*found.oddities, *prose.oddities]
    if not prose.sections:
        oddities.append(Oddity("text", "正文", "没有找到各部分的标题"))
    if found.table2_format not in (None, fmt):
        oddities.append(Oddity("layout", "表二", mixed_layout(str(found.table2_format), fmt)))
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
        signed_on=prose.signed_on,
        page_day=prose.page_day,
        period=prose.period,
        oddities=tuple(oddities),
        own_sections=prose.own,
        preface=prose.preface,
        units=found.units,
    )
