"""What every file of an annual report says, in order: title, note of a correction, six sections with their
tables, signature. The writers only give it a shape."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.law import TableFormats, load_law
from workflow.report.annual import AnnualReport, Number, official_title
from workflow.report.tables.layout import SECTION_OF, Cell, Grid, format_in, grid_of, value_of

EPOCH = date(2000, 1, 1)
"""The date inside a file of a report without a date: the same report is the same file, whenever written."""
SHORT = 90
"""Characters of about three lines."""
_LEAD = re.compile(r"（[一二三四五六七八九十]+）[^。；：]{1,30}[。：]?")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its lead, such as （一）主动公开。, and the rest."""

    lead: str
    text: str

    @property
    def whole(self) -> str:
        return self.lead + self.text


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections. grid: its official table, if it has one."""

    key: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    grid: Grid | None

    @property
    def leads_to_its_table(self) -> bool:
        """True if the last paragraph is short enough to stay with the table below it."""
        last = self.paragraphs[-1].whole if self.grid and self.paragraphs else ""
        return 0 < len(last) <= SHORT


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A report as it is written. title_lines: together the title. notes: that it is a corrected version, and what was corrected."""

    report: AnnualReport
    title_lines: tuple[str, ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    signature: tuple[str, ...]
    dated: date

    @property
    def title(self) -> str:
        return "".join(self.title_lines)

    def value(self, grid: Grid, cell: Cell) -> Number:
        return value_of(self.report, grid.table, cell)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text with its place in words, to be looked through before it is printed."""
        yield "标题", self.title
        for note in self.notes:
            yield "更正说明", note
        for section in self.sections:
            for number, paragraph in enumerate(section.paragraphs, 1):
                yield f"“{section.heading}”第 {number} 段", paragraph.whole
        for line in self.signature:
            yield "落款", line


def manuscript(report: AnnualReport) -> Manuscript:
    """The report in the shape of its format. Raises KeyError for a format that does not exist."""
    formats = load_law().formats
    tables = {section: table for table, section in SECTION_OF.items()}
    return Manuscript(
        report,
        _title(report),
        tuple(_notes(report)),
        tuple(
            Section(
                key,
                heading,
                tuple(_paragraph(line) for line in lines(report.sections.get(key, ""))),
                _grid(report, tables[key], formats) if key in tables else None,
            )
            for key, heading in formats.sections.items()
        ),
        tuple(_signature(report)),
        report.published_on or EPOCH,
    )


def _grid(report: AnnualReport, table: str, formats: TableFormats) -> Grid:
    return grid_of(table, format_in(report, table, formats), formats)


def _title(report: AnnualReport) -> tuple[str, ...]:
    """The title, cut after the name of the body where it is too long for one line."""
    body = plain(report.agency)
    title = plain(report.title) or official_title(body, report.year)
    if len(title) > 20 and title.startswith(body) and len(title) > len(body) > 0:
        return body, title[len(body) :]
    return (title,)


def _notes(report: AnnualReport) -> Iterator[str]:
    note = " ".join(lines(report.correction_note))
    if report.version > 1:
        yield f"本报告为更正后的第 {report.version} 版，替代此前公布的版本。"
    if note:
        yield note if note.startswith("更正") else f"更正说明：{note}"


def _signature(report: AnnualReport) -> Iterator[str]:
    signed = plain(report.signed_by)
    if signed or report.published_on:
        yield signed or plain(report.agency)
    if report.published_on:
        day = report.published_on
        yield f"{day.year}年{day.month}月{day.day}日"


def lines(text: str) -> list[str]:
    """The paragraphs of a text, without blank ones and without the indents typed in front."""
    return [found for line in text.splitlines() if (found := plain(line))]


def plain(text: str) -> str:
    """A text on one line, without characters that no document can hold (controls, halves of pairs)."""
    kept = (
        " " if char in "\t\r\n\v\f\x85\u2028\u2029" else char
        for char in text
        if char in "\t\r\n\v\f\x85" or not _unwritable(char)
    )
    return "".join(kept).strip(" \u3000")


def _unwritable(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs") or (ord(char) & 0xFFFE) == 0xFFFE


def _paragraph(line: str) -> Paragraph:
    lead = _LEAD.match(line)
    end = lead.end() if lead else 0
    return Paragraph(line[:end], line[end:])


def number_text(value: Number) -> str:
    """A number as it is printed; a blank stays blank."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
