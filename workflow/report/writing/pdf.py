"""The report as a PDF that a screen reader can read (PDF/UA-1), set by typst in the fonts that are shipped."""

from pathlib import Path
from typing import Any

from workflow.paper.pdf import ask_for_glyphs, set_in_type
from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import Cell, Grid
from workflow.report.writing.manuscript import Manuscript, manuscript, number_text

TEMPLATE = Path(__file__).with_name("report.typ")
SIZES = {"table2": 11.0, "table3": 8.5, "table4": 8.5}
INSETS = {"table2": 3.0, "table3": 1.4, "table4": 3.0}
"""Left and right in a cell, in points: four characters fit in a head of table 三, two in one of table 四."""


def write(report: AnnualReport) -> bytes:
    """The bytes of the PDF; the same report gives the same bytes.

    Raises BadInput for a character that no shipped font can print, with its place.
    """
    written = manuscript(report)
    ask_for_glyphs(written.texts())
    return set_in_type(TEMPLATE, "report", _data(written), written.dated)


def _data(written: Manuscript) -> dict[str, Any]:
    """What the template reads."""
    dated = written.dated
    return {
        "title": written.title,
        "title_lines": written.title_lines,
        "author": written.report.agency,
        "dated": [dated.year, dated.month, dated.day],
        "notes": written.notes,
        "sections": [
            {
                "heading": section.heading,
                "paragraphs": [[part.lead, part.text] for part in section.paragraphs],
                "sticky": section.leads_to_its_table,
                "grid": _grid(written, section.grid) if section.grid else None,
            }
            for section in written.sections
        ],
        "signature": written.signature,
    }


def _grid(written: Manuscript, grid: Grid) -> dict[str, Any]:
    def cell(cell: Cell, row: int) -> dict[str, Any]:
        number = cell.kind == "number"
        return {
            "text": number_text(written.value(grid, cell)) if number else cell.text,
            "columns": cell.columns,
            "rows": cell.rows,
            "left": cell.kind == "corner" or (cell.kind == "label" and cell.rows == 1),
            "bold": row in grid.sums,
        }

    return {
        "size": SIZES[grid.table],
        "inset": INSETS[grid.table],
        "widths": grid.widths,
        "parts": [
            {
                "heads": grid.heads or 2,
                "rows": [[cell(one, place) for one in grid.rows[place]] for place in block],
            }
            for block in grid.blocks()
        ],
    }
