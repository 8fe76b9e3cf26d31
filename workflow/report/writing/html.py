"""The report as a web page that stands alone: for a site, a screen reader, a phone and paper."""

from typing import Any

from lxml import html
from lxml.builder import ElementMaker

from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import Cell, Grid
from workflow.report.writing.manuscript import Manuscript, Section, manuscript, number_text

E = ElementMaker(makeelement=html.html_parser.makeelement)

STYLE = """
:root { color-scheme: light; }
body { margin: 0; color: #1b2530; background: #fff; line-height: 1.8; overflow-wrap: anywhere;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.4; text-align: center; margin: 0 0 1.5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; }
p { margin: 0 0 .5rem; text-indent: 2em; }
.note { border: 1px solid #8a5a00; border-left-width: 6px; background: #fdf4df; padding: .6rem 1rem; }
.note p, .sign p { text-indent: 0; }
.sign { text-align: right; margin-top: 2rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid #e9a400; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: .9rem; line-height: 1.45; margin: .5rem 0; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid #6b7580; padding: .35rem .45rem; font-weight: 400; vertical-align: middle; }
td, thead th, th.title, th.head { text-align: center; }
td { font-variant-numeric: tabular-nums; }
thead th, th.title, th.head { background: #f2f4f6; text-wrap: balance; }
td.corner { text-align: left; }
tbody th { text-align: left; }
th.over { text-align: center; }
.sum > * { font-weight: 600; }
.table2 { min-width: 34rem; } .table3 { min-width: 48rem; } .table4 { min-width: 46rem; }
@page { size: A4; margin: 18mm 15mm; }
@media print {
  main { max-width: none; padding: 0; }
  .table2, .table3, .table4 { min-width: 0; }
  .table3, .table4 { font-size: 8pt; line-height: 1.25; }
  .scroll { overflow: visible; }
  th, td { border-color: #000; padding: 1pt 2pt; }
  table { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def write(report: AnnualReport) -> bytes:
    """UTF-8; no script, nothing from elsewhere; every number has its heads by scope, every table a caption."""
    written = manuscript(report)
    page = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.title(written.title),
            E.style(STYLE + _widths(written)),
        ),
        E.body(_for_libreoffice(), E.main(*_parts(written))),
        lang="zh-CN",
    )
    return bytes(html.tostring(page, encoding="utf-8", doctype="<!DOCTYPE html>")) + b"\n"


def _for_libreoffice() -> Any:
    """A table of nothing that no browser shows or tells: LibreOffice (7.4.7) prints an empty first sheet, and leaves out
    the title, where a page does not begin with a table of one cell at least."""
    return E.table(E.tbody(E.tr(E.td())), hidden="")


def _widths(written: Manuscript) -> str:
    """The share of each column, as rules of the style sheet: no cell carries a style of its own."""
    rules = [
        f".{section.grid.table} col:nth-child({place}) {{ width: {share / 10:g}%; }}"
        for section in written.sections
        if section.grid
        for place, share in enumerate(section.grid.widths, 1)
    ]
    return "\n".join(rules) + "\n"


def _parts(written: Manuscript) -> list[Any]:
    parts = [E.h1(written.title)]
    if written.notes:
        parts.append(
            E.section(
                *(E.p(note) for note in written.notes),
                **{"class": "note", "aria-label": "更正说明"},
            )
        )
    parts += [_section(written, section) for section in written.sections]
    if written.signature:
        parts.append(E.div(*(E.p(line) for line in written.signature), **{"class": "sign"}))
    return parts


def _section(written: Manuscript, section: Section) -> Any:
    found = E.section(E.h2(section.heading, id=section.key), **{"aria-labelledby": section.key})
    for paragraph in section.paragraphs:
        lead = [E.strong(paragraph.lead)] if paragraph.lead else []
        found.append(E.p(*lead, paragraph.text))
    if section.grid:
        found.append(
            E.div(
                _table(written, section.grid),
                **{
                    "class": "scroll",
                    "tabindex": "0",
                    "role": "region",
                    "aria-label": f"{section.grid.caption[:2]}，可以左右滚动",
                },
            )
        )
    return found


def _table(written: Manuscript, grid: Grid) -> Any:
    rows = [
        E.tr(
            *(_cell(written, grid, cell) for cell in row),
            **({"class": "sum"} if place in grid.sums else {}),
        )
        for place, row in enumerate(grid.rows)
    ]
    parts = [E.caption(grid.caption), E.colgroup(*(E.col() for _ in grid.widths))]
    if grid.heads:
        parts.append(E.thead(*rows[: grid.heads]))
    return E.table(*parts, E.tbody(*rows[grid.heads :]), **{"class": grid.table})


def _cell(written: Manuscript, grid: Grid, cell: Cell) -> Any:
    about: dict[str, str] = {}
    if cell.columns > 1:
        about["colspan"] = str(cell.columns)
    if cell.rows > 1:
        about["rowspan"] = str(cell.rows)
    if cell.kind == "number":
        return E.td(number_text(written.value(grid, cell)), **about)
    if cell.kind == "corner":
        return E.td(cell.text, **about, **{"class": "corner"})
    if cell.scope:
        about["scope"] = cell.scope
    if cell.kind in ("title", "head"):
        about["class"] = cell.kind
    elif cell.rows > 1:
        about["class"] = "over"
    return E.th(cell.text, **about)
