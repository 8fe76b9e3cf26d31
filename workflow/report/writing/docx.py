"""The report as a Word document that stays editable: A4, the fonts of official letters by name, plain tables.

No content control, no macro: Word, WPS and LibreOffice open it unchanged. practice.md §2.1, §5.3.
"""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as Line

from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import Cell, Grid, placed
from workflow.report.writing.manuscript import Manuscript, Paragraph, manuscript, number_text

FANG, BIAO, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SUBSTITUTES = {
    FANG: "仿宋,FangSong,STFangsong,FandolFang,Noto Serif CJK SC",
    BIAO: "华文中宋,STZhongsong,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,STKaiti,FandolKai,Noto Serif CJK SC",
    SONG: "SimSun,STSong,Noto Serif CJK SC",
}
"""Fonts that stand on the computers of offices, and what takes their place where they do not."""
TEXT_TWIPS = 8844
"""156 mm."""
SIZES = {"table2": 10.5, "table3": 8.5, "table4": 8.5}
MARGINS = {"table2": 60, "table3": 28, "table4": 60}
"""Left and right in a cell, in twips: four characters fit in a head of table 三, two in one of table 四."""


def write(report: AnnualReport) -> bytes:
    """The bytes of the document; the same report gives the same bytes."""
    written = manuscript(report)
    document = Document()
    _set_up(document, written)
    title = _line(document, "", BIAO, 22, WD_ALIGN_PARAGRAPH.CENTER, style="Title", after=14)
    for number, part in enumerate(written.title_lines):
        if number:
            title.add_run().add_break()
        _run(title, part, BIAO, 22)
    for note in written.notes:
        _framed(_line(document, note, KAI, 14))
    for section in written.sections:
        heading = _line(document, section.heading, HEI, 16, style="Heading 1", indent=True)
        heading.paragraph_format.keep_with_next = True
        for paragraph in section.paragraphs:
            last = _paragraph(document, paragraph)
        if section.leads_to_its_table:
            last.paragraph_format.keep_with_next = True
        if section.grid:
            _table(document, written, section.grid)
    for number, line in enumerate(written.signature):
        signed = _line(document, line, FANG, 16, WD_ALIGN_PARAGRAPH.RIGHT)
        signed.paragraph_format.keep_with_next = number + 1 < len(written.signature)
        signed.paragraph_format.space_before = Pt(28 if number == 0 else 0)
        _indent(signed, 16, rightChars=400)
    out = BytesIO()
    document.save(out)
    return _repacked(out.getvalue())


def _set_up(document: Any, written: Manuscript) -> None:
    """Page, numbers of pages, styles, properties; what the empty document brings along goes."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _page_number(footer.paragraphs[0], side)
    for name, font, size in (("Normal", FANG, 16), ("Title", BIAO, 22), ("Heading 1", HEI, 16)):
        _style(document.styles[name], font, size)
    core = document.core_properties
    moment = datetime.combine(written.dated, time(), UTC)
    core.title, core.author = written.title[:255], written.report.agency[:255]
    core.language = "zh-CN"
    core.created = core.modified = moment
    core.comments, core.last_modified_by, core.revision = "", "", 1
    for key, relation in list(document.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            relation.target_part._blob = _font_table()
        elif relation.reltype == RELATIONSHIP_TYPE.CUSTOM_XML:
            document.part.rels.pop(key)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _style(style: Any, font: str, size: int) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(_fonts(font))
    style.font.size = Pt(size)
    frame = style.element.find(qn("w:pPr"))
    if frame is not None:
        for name in ("w:pBdr", "w:spacing", "w:contextualSpacing"):
            for child in frame.findall(qn(name)):
                frame.remove(child)


def _fonts(font: str) -> Any:
    """Digits and Latin letters in Times, quotation marks with the Chinese ones."""
    return parse_xml(
        f'<w:rFonts {nsdecls("w")} w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        f'w:eastAsia="{font}" w:cs="Times New Roman" w:hint="eastAsia"/>'
    )


def _run(line: Line, text: str, font: str, size: float, bold: bool = False) -> None:
    run = line.add_run(text)
    run.font.size = Pt(size)
    if bold:
        run.font.bold = True
    run._r.get_or_add_rPr().insert(0, _fonts(font))


def _line(
    document: Any,
    text: str,
    font: str,
    size: float,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    *,
    style: str = "Normal",
    indent: bool = False,
    after: float = 0,
) -> Line:
    line: Line = document.add_paragraph(style=style)
    _shape(line, side, Pt(28 if size < 20 else 34), after)
    if indent:
        _indent(line, size, firstLineChars=200)
    if text:
        _run(line, text, font, size)
    return line


def _shape(line: Line, side: WD_ALIGN_PARAGRAPH, pitch: Length, after: float = 0) -> None:
    form = line.paragraph_format
    form.alignment = side
    form.line_spacing = pitch
    form.space_before, form.space_after = Pt(0), Pt(after)


def _paragraph(document: Any, paragraph: Paragraph) -> Line:
    line = _line(document, "", FANG, 16, indent=True)
    if paragraph.lead:
        _run(line, paragraph.lead, KAI, 16)
    if paragraph.text:
        _run(line, paragraph.text, FANG, 16)
    return line


def _indent(line: Line, size: float, **characters: int) -> None:
    """In hundredths of a character, as Word and WPS count, and in twips for who does not."""
    indent = OxmlElement("w:ind")
    for name, value in characters.items():
        indent.set(qn(f"w:{name}"), str(value))
        indent.set(qn(f"w:{name.removesuffix('Chars')}"), str(round(value * size / 5)))
    properties = line._p.get_or_add_pPr()
    for former in properties.findall(qn("w:ind")):
        properties.remove(former)
    properties._insert_ind(indent)


def _framed(line: Line) -> None:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right")
    )
    frame = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    line.paragraph_format.space_after = Pt(6)


def _page_number(line: Line, side: WD_ALIGN_PARAGRAPH) -> None:
    line.alignment = side
    _run(line, "— ", SONG, 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    line._p.append(field)
    run = OxmlElement("w:r")
    field.append(run)
    properties = OxmlElement("w:rPr")
    properties.append(_fonts(SONG))
    properties.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="28"/>'))
    run.append(properties)
    run.append(parse_xml(f"<w:t {nsdecls('w')}>1</w:t>"))
    _run(line, " —", SONG, 14)
    _indent(line, 14, **{"rightChars" if side == WD_ALIGN_PARAGRAPH.RIGHT else "leftChars": 100})


# -- tables -------------------------------------------------------------------------------------------


def _table(document: Any, written: Manuscript, grid: Grid) -> None:
    """A plain table: grid columns in twips, merged by gridSpan and vMerge."""
    widths = [share * TEXT_TWIPS // sum(grid.widths) for share in grid.widths]
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{sum(widths)}' w:type='dxa'/>"
        f"<w:jc w:val='center'/><w:tblBorders>{_borders()}</w:tblBorders>"
        f"<w:tblLayout w:type='fixed'/><w:tblCellMar><w:left w:w='{MARGINS[grid.table]}' w:type='dxa'/>"
        f"<w:right w:w='{MARGINS[grid.table]}' w:type='dxa'/></w:tblCellMar>"
        f"<w:tblCaption w:val='{grid.caption}'/></w:tblPr><w:tblGrid>"
        + "".join(f"<w:gridCol w:w='{width}'/>" for width in widths)
        + "</w:tblGrid></w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, table)
    begun = {(at.row, at.column): at.cell for at in placed(grid)}
    for block in grid.blocks():
        for row in block:
            table.append(_row(written, grid, row, widths, begun, keep=row < block[-1]))
    after = _line(document, "", FANG, 16)
    after.paragraph_format.line_spacing = Pt(14)


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(
        f"<w:{side} w:val='single' w:sz='4' w:space='0' w:color='000000'/>" for side in sides
    )


def _row(
    written: Manuscript,
    grid: Grid,
    row: int,
    widths: list[int],
    begun: dict[tuple[int, int], Cell],
    *,
    keep: bool,
) -> Any:
    found = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr></w:tr>")
    if row < grid.heads:
        found[0].append(OxmlElement("w:tblHeader"))
    column = 0
    while column < len(widths):
        above = row
        while (above, column) not in begun:
            above -= 1
        cell = begun[above, column]
        text = number_text(written.value(grid, cell)) if cell.kind == "number" else cell.text
        found.append(
            _cell(
                cell,
                sum(widths[column : column + cell.columns]),
                text if above == row else "",
                SIZES[grid.table],
                begins=above == row,
                bold=row in grid.sums,
                keep=keep,
            )
        )
        column += cell.columns
    return found


def _cell(
    cell: Cell, width: int, text: str, size: float, *, begins: bool, bold: bool, keep: bool
) -> Any:
    merged = f"<w:gridSpan w:val='{cell.columns}'/>" if cell.columns > 1 else ""
    if cell.rows > 1:
        merged += "<w:vMerge w:val='restart'/>" if begins else "<w:vMerge/>"
    found = parse_xml(
        f"<w:tc {nsdecls('w')}><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>{merged}"
        "<w:vAlign w:val='center'/></w:tcPr><w:p/></w:tc>"
    )
    line = Line(found[-1], None)  # type: ignore[arg-type]
    beside = cell.kind == "corner" or (cell.kind == "label" and cell.rows == 1)
    form = line.paragraph_format
    form.alignment = WD_ALIGN_PARAGRAPH.LEFT if beside else WD_ALIGN_PARAGRAPH.CENTER
    form.line_spacing = Pt(size + 3.5)
    form.space_before = form.space_after = Pt(1.5 if size < 10 else 4)
    form.keep_with_next = keep or None
    if text:
        _run(line, text, SONG, size, bold)
    return found


def _repacked(data: bytes) -> bytes:
    """The same parts with one fixed date in the archive."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        names = sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()
