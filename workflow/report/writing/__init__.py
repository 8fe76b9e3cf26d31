"""Writers of the annual report: the same figures as Excel, Word, PDF, web page and JSON.

Each takes an AnnualReport and gives the bytes of a file; the same report gives the same bytes. A text that
cannot be printed raises BadInput with the character and its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflow.report.annual import AnnualReport
from workflow.report.writing import docx, html, json, pdf, xlsx


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its name for people, the ending and the media type of its files, and what writes it."""

    label: str
    ending: str
    media_type: str
    write: Callable[[AnnualReport], bytes]


_OFFICE = "application/vnd.openxmlformats-officedocument"
WRITERS: Mapping[str, Writer] = {
    "xlsx": Writer("Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", xlsx.write),
    "docx": Writer("Word", "docx", f"{_OFFICE}.wordprocessingml.document", docx.write),
    "pdf": Writer("PDF", "pdf", "application/pdf", pdf.write),
    "html": Writer("网页", "html", "text/html; charset=utf-8", html.write),
    "json": Writer("JSON", "json", "application/json", json.write),
}


def file_name(report: AnnualReport, ending: str) -> str:
    """A name that Windows takes: 盘龙彝族乡人民政府2024年政府信息公开工作年度报告.pdf."""
    name = f"{report.agency}{report.year}年政府信息公开工作年度报告"
    if report.version > 1:
        name += f"（第{report.version}版）"
    kept = "".join("-" if char in '\\/:*?"<>|' or ord(char) < 32 else char for char in name)
    return f"{kept[:120]}.{ending}"
