"""The report as a Word document that stays editable: A4, the fonts of official letters by name, plain tables.
practice.md §2.1, §5.3."""

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph as Line

from workflow.paper.docx import (
    BIAO,
    FANG,
    HEI,
    KAI,
    SONG,
    add_line,
    add_run,
    frame,
    indent,
    new_cell,
    new_document,
    new_row,
    new_table,
    saved,
)
from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import Cell, Grid, placed
from workflow.report.writing.manuscript import Manuscript, Paragraph, manuscript, number_text

TEXT_TWIPS = 8844
"""156 mm."""
SIZES = {"table2": 10.5, "table3": 8.5, "table4": 8.5}
MARGINS = {"table2": 60, "table3": 28, "table4": 60}
"""Left and right in a cell, in twips: four characters fit in a head of table 三, two in one of table 四."""


def write(report: AnnualReport) -> bytes:
    """The bytes of the document; the same report gives the same bytes."""
    written = manuscript(report)
    document = new_document(written.title, written.report.agency, written.dated)
    title = add_line(document, "", BIAO, 22, WD_ALIGN_PARAGRAPH.CENTER, style="Title", after=14)
    for number, part in enumerate(written.title_lines):
        if number:
            title.add_run().add_break()
        add_run(title, part, BIAO, 22)
    for note in written.notes:
        frame(add_line(document, note, KAI, 14))
    for section in written.sections:
        heading = add_line(document, section.heading, HEI, 16, style="Heading 1", indented=True)
        heading.paragraph_format.keep_with_next = True
        for paragraph in section.paragraphs:
            last = _paragraph(document, paragraph)
        if section.leads_to_its_table:
            last.paragraph_format.keep_with_next = True
        if section.grid:
            _table(document, written, section.grid)
    for number, line in enumerate(written.signature):
        signed = add_line(document, line, FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
        signed.paragraph_format.keep_with_next = number + 1 < len(written.signature)
        signed.paragraph_format.space_before = Pt(28 if number == 0 else 0)
        indent(signed, 16, rightChars=400)
    return saved(document)


def _paragraph(document: Any, paragraph: Paragraph) -> Line:
    line = add_line(document, "", FANG, 16, indented=True)
    if paragraph.lead:
        add_run(line, paragraph.lead, KAI, 16)
    if paragraph.text:
        add_run(line, paragraph.text, FANG, 16)
    return line


# -- tables -------------------------------------------------------------------------------------------


def _table(document: Any, written: Manuscript, grid: Grid) -> None:
    """A plain table: grid columns in twips, merged by gridSpan and vMerge."""
    widths = [share * TEXT_TWIPS // sum(grid.widths) for share in grid.widths]
    table = new_table(document, widths, MARGINS[grid.table], grid.caption)
    begun = {(at.row, at.column): at.cell for at in placed(grid)}
    for block in grid.blocks():
        for row in block:
            _row(table, written, grid, row, widths, begun, keep=row < block[-1])
    after = add_line(document, "", FANG, 16)
    after.paragraph_format.line_spacing = Pt(14)


def _row(
    table: Any,
    written: Manuscript,
    grid: Grid,
    row: int,
    widths: list[int],
    begun: dict[tuple[int, int], Cell],
    *,
    keep: bool,
) -> None:
    made = new_row(table, head=row < grid.heads)
    column = 0
    while column < len(widths):
        above = row
        while (above, column) not in begun:
            above -= 1
        cell = begun[above, column]
        text = number_text(written.value(grid, cell)) if cell.kind == "number" else cell.text
        _cell(
            made,
            cell,
            sum(widths[column : column + cell.columns]),
            text if above == row else "",
            SIZES[grid.table],
            begins=above == row,
            bold=row in grid.sums,
            keep=keep,
        )
        column += cell.columns


def _cell(
    row: Any,
    cell: Cell,
    width: int,
    text: str,
    size: float,
    *,
    begins: bool,
    bold: bool,
    keep: bool,
) -> None:
    merged = f"<w:gridSpan w:val='{cell.columns}'/>" if cell.columns > 1 else ""
    if cell.rows > 1:
        merged += "<w:vMerge w:val='restart'/>" if begins else "<w:vMerge/>"
    line = new_cell(row, width, merged)
    beside = cell.kind == "corner" or (cell.kind == "label" and cell.rows == 1)
    form = line.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.LEFT if beside else WD_ALIGN_PARAGRAPH.CENTER
    form.line_spacing = Pt(size + 3.5)
    form.space_before = form.space_after = Pt(1.5 if size < 10 else 4)
    form.keep_with_next = keep or None
    if text:
        add_run(line, text, SONG, size, bold=bold)
