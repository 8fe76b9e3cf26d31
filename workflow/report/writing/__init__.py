"""Writers of the annual report: the same figures as Excel, Word, PDF, web page and JSON.

Each takes an AnnualReport and gives the bytes of a file; the same report gives the same bytes. A text that
cannot be printed raises BadInput with the character and its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from workflow.report.annual import AnnualReport, official_title


@dataclass(frozen=True, slots=True)
class Writer:
    """A format: its name for people, the ending and the media type of its files, and what writes it."""

    label: str
    ending: str
    media_type: str
    write: Callable[[AnnualReport], bytes]


def _by(module: str) -> Callable[[AnnualReport], bytes]:
    """What writes a format. Its library is loaded when the first report is written: few commands write."""

    def write(report: AnnualReport) -> bytes:
        content: bytes = import_module(f"{__name__}.{module}").write(report)
        return content

    return write


_OFFICE = "application/vnd.openxmlformats-officedocument"
WRITERS: Mapping[str, Writer] = {
    "xlsx": Writer("Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", _by("xlsx")),
    "docx": Writer("Word", "docx", f"{_OFFICE}.wordprocessingml.document", _by("docx")),
    "pdf": Writer("PDF", "pdf", "application/pdf", _by("pdf")),
    "html": Writer("网页", "html", "text/html; charset=utf-8", _by("html")),
    "json": Writer("JSON", "json", "application/json", _by("json")),
}


def file_name(report: AnnualReport, ending: str) -> str:
    """A name that Windows takes: 盘龙彝族乡人民政府2024年政府信息公开工作年度报告.pdf."""
    name = official_title(report.agency, report.year)
    if report.version > 1:
        name += f"（第{report.version}版）"
    kept = "".join("-" if char in '\\/:*?"<>|' or ord(char) < 32 else char for char in name)
    return f"{kept[:120]}.{ending}"
